"""Write message headers: folded, encoded, and impossible to inject into."""

import re
from base64 import b64encode

from syndicate.core.characters import clusters, one_line
from syndicate.errors import AddressError

_LINE = 78  # RFC 5322, 2.1.1
_WORD_LINE = 76  # RFC 2047, 2: a line that holds an encoded word
_WORD = 75
_WRAP = len("=?utf-8?q??=")
_UNSPLIT = 40  # what fits into the first word of any header of ours
_LONGEST_PLAIN = 400  # an ASCII word that long is encoded, so that no line can reach the hard limit of 998
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_PHRASE_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_CHARACTERS = {byte: chr(byte) if byte in _PHRASE_SAFE else f"={byte:02X}" for byte in range(256)} | {0x20: "_"}
_INJECTING = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\x80-\x9f\u2028\u2029]")


def unstructured(name: str, text: str) -> bytes:
    """Return a header of free text, such as Subject, as one or more lines with their ends."""
    text = one_line(text)
    if _needs_encoding(text):
        value = _encoded_words(text, room=_WORD_LINE - len(name) - 2)
    else:
        value = _folded(text.split(" "), room=_LINE - len(name) - 2)
    return f"{name}: {value}\r\n".encode("ascii")


def structured(name: str, *pieces: str) -> bytes:
    """Return a header whose value we wrote ourselves, folded between its pieces and never encoded."""
    value = _folded([_INJECTING.sub("", piece) for piece in pieces], room=_LINE - len(name) - 2)
    return f"{name}: {value}\r\n".encode("ascii")


def mailbox(name: str, address: str, *, room: int = _LINE - len("From: ")) -> str:
    """Return `name <address>` for From, To or Reply-To, folded; `address` is a checked one (see core.addresses).

    `room` is what is left of the first line. Only an address with a non-ASCII local part makes the result non-ASCII.
    """
    if _INJECTING.search(address) or " " in address:
        raise AddressError("an address for a header holds a control character or a space")
    phrase = display(name, room=room)
    if not phrase:
        return address
    last = phrase.rsplit("\r\n", 1)[-1]
    left = (room if last == phrase else _LINE) - len(last) - (_LINE - _WORD_LINE)
    gap = " " if len(address) + 3 <= left else "\r\n "
    return f"{phrase}{gap}<{address}>"


def identified(name: str, phrase: str, identifier: str) -> bytes:
    """Return a header that names something and identifies it, as List-Id does: `phrase <identifier>`."""
    room = _LINE - len(name) - 2
    named = mailbox(phrase, identifier, room=room) if one_line(phrase) else f"<{identifier}>"
    return f"{name}: {named}\r\n".encode("ascii")


def display(name: str, *, room: int) -> str:
    """Return a display name as RFC 5322 phrase: atoms, a quoted string, or encoded words."""
    name = one_line(name)
    if not name or (_ATOMS.fullmatch(name) and len(name) <= room and "=?" not in name):
        return name
    if _needs_encoding(name) or len(name) + 2 > room or '"' in name or "\\" in name:
        return _encoded_words(name, room=room - (_LINE - _WORD_LINE))
    return f'"{name}"'


def line_safe(value: str) -> str:
    """Return a header value that was folded already, with every line end that is not a legal fold made a space."""
    return "\r\n ".join(_INJECTING.sub(" ", line) for line in re.split(r"\r\n[ \t](?=\S)", value))


def _needs_encoding(text: str) -> bool:
    return not text.isascii() or "=?" in text or any(len(word) > _LONGEST_PLAIN for word in text.split(" "))


def _folded(words: list[str], *, room: int) -> str:
    lines: list[str] = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= (room if len(lines) == 1 else _LINE):
            lines[-1] += " " + word
        else:
            lines.append(" " + word)
    return "\r\n".join(lines)


def _encoded_words(text: str, *, room: int) -> str:
    """Return encoded words joined by folds, each whole in itself: no character, and where possible no cluster, is split."""
    base64 = sum(len(_CHARACTERS[byte]) for byte in text.encode()) > len(text.encode()) * 4 / 3
    words: list[str] = []
    held = b""
    for piece in _pieces(text, base64=base64):
        limit = min(_WORD, room if not words else _WORD_LINE - 1) - _WRAP
        if held and _length(held + piece, base64=base64) > limit:
            words.append(_word(held, base64=base64))
            held = piece
        else:
            held += piece
    words.append(_word(held, base64=base64))
    return "\r\n ".join(words)


def _pieces(text: str, *, base64: bool) -> list[bytes]:
    """Return the text's clusters as bytes; one too long for the shortest word falls into its characters.

    A space stays with its neighbours: readers of names differ over one at the edge of an encoded word.
    """
    pieces: list[bytes] = []
    for cluster in clusters(text):
        raw = cluster.encode()
        if (
            pieces
            and (raw == b" " or pieces[-1].endswith(b" "))
            and _length(pieces[-1] + raw, base64=base64) <= _UNSPLIT
        ):
            pieces[-1] += raw
        elif _length(raw, base64=base64) <= _UNSPLIT:
            pieces.append(raw)
        else:
            pieces.extend(character.encode() for character in cluster)
    return pieces


def _length(raw: bytes, *, base64: bool) -> int:
    return -(-len(raw) // 3) * 4 if base64 else sum(len(_CHARACTERS[byte]) for byte in raw)


def _word(raw: bytes, *, base64: bool) -> str:
    if base64:
        return f"=?utf-8?b?{b64encode(raw).decode('ascii')}?="
    return f"=?utf-8?q?{''.join(_CHARACTERS[byte] for byte in raw)}?="
