"""Double the dots that begin lines, as DATA wants it (RFC 5321 4.5.2)."""

from functools import lru_cache

from syndicate.model import Envelope

END = b".\r\n"


def stuffed(message: bytes, envelope: Envelope) -> tuple[bytes, bytes]:
    """Return a message with doubled dots, and its end. It is what the parts of the envelope are when joined."""
    parts, head = envelope.parts, envelope.head
    if not (_is_plain(b"".join(parts[:head])) and all(map(_is_plain, parts[head:]))):
        message = (b"." if message.startswith(b".") else b"") + message.replace(b"\r\n.", b"\r\n..")
    return message, END if message.endswith(b"\r\n") or not message else b"\r\n" + END


@lru_cache(maxsize=256)  # most parts are the same in thousands of messages
def _is_plain(part: bytes) -> bool:
    """Tell whether a part is of whole lines and none begins with a dot."""
    return (part[-2:] == b"\r\n" or not part) and part[:1] != b"." and b"\r\n." not in part
