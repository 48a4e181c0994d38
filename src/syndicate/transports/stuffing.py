"""Double the dots that begin lines, as DATA wants it (RFC 5321 4.5.2), once for parts that many messages share."""

from collections.abc import Sequence

END = b".\r\n"
WORTH_KEEPING = 2048  # a reader's own parts are smaller
MOST_KEPT = 256


class Stuffing:
    """Stuff messages; the large parts are remembered by identity, because variants are sent to many readers."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[bytes, bytes]] = {}  # the part is kept too, so that its id stays its own

    def stuff(self, parts: Sequence[bytes]) -> list[bytes]:
        """Return the parts with doubled dots and the end of the message."""
        stuffed: list[bytes] = []
        tail = b"\r\n"  # the message's first line begins a line
        for part in parts:
            if not part:
                continue
            start = tail + part[:2]
            if tail == b"\r\n" and part[:1] == b".":
                stuffed.append(b".")
            elif start[1:3] == b"\r\n" and part[1:2] == b".":  # the line end is cut by the border of two parts
                stuffed.append(b"\n..")
                tail = (tail + part)[-2:]
                stuffed.append(self._doubled(part[2:]))
                continue
            stuffed.append(self._doubled(part))
            tail = (tail + part)[-2:] if len(part) < 2 else part[-2:]
        stuffed.append(END if tail == b"\r\n" else b"\r\n" + END)
        return stuffed

    def _doubled(self, part: bytes) -> bytes:
        if len(part) < WORTH_KEEPING:
            return part.replace(b"\r\n.", b"\r\n..")
        kept = self._kept.get(id(part))
        if kept is not None:
            return kept[1]
        doubled = part.replace(b"\r\n.", b"\r\n..")
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[id(part)] = (part, doubled)
        return doubled
