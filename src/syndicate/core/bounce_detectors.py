"""Ask flufl.bounce whom a report in nobody's standard speaks of."""

from email import message_from_bytes
from email.policy import compat32

from flufl.bounce import all_failures

MOST_BYTES = 128 * 1024  # its detectors look at each line some sixty times
MOST_LINES = 2_000


def detect(raw: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the addresses that mail is late for, and those that failed; none at all when the report is not understood."""
    beginning = b"\n".join(raw[:MOST_BYTES].split(b"\n", MOST_LINES)[:MOST_LINES])
    try:
        message = message_from_bytes(beginning, policy=compat32)
        if not isinstance(message.get("from"), str) or "@" not in message["from"]:
            del message["from"]  # some of its detectors stumble over a message from nobody
            message["From"] = "nobody@invalid"
        late, failed = all_failures(message)
    except Exception:  # whatever a detector of another's making stumbles over, our own reading follows
        return (), ()
    return _texts(late), _texts(failed)


def _texts(found: frozenset[bytes] | set[bytes]) -> tuple[str, ...]:
    texts = (one.decode("ascii", "replace").strip("<>\"' ") for one in found)
    return tuple(sorted(one for one in texts if one.count("@") == 1 and len(one) <= 254 and not one.startswith("@")))
