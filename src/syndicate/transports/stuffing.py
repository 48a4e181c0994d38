"""Double the dots that begin lines, as DATA wants it (RFC 5321 4.5.2)."""

END = b".\r\n"


def stuffed(message: bytes) -> bytes:
    """Return a message with doubled dots and its end."""
    doubled = message.replace(b"\r\n.", b"\r\n..")
    start = b"." if message.startswith(b".") else b""
    return start + doubled + (END if message.endswith(b"\r\n") or not message else b"\r\n" + END)
