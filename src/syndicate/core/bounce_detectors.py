"""Ask flufl.bounce whom a report in nobody's standard speaks of."""

from email import message_from_bytes
from email.policy import compat32

from flufl.bounce import all_failures

MOST_BYTES = 256 * 1024  # its detectors look at each line many times over


def detect(raw: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the addresses that mail is late for, and those that failed; none at all when the report is not understood."""
    message = message_from_bytes(raw[:MOST_BYTES], policy=compat32)
    if "@" not in str(message.get("from", "")):  # one of its detectors stumbles over a message from nobody
        del message["from"]
        message["From"] = "nobody@invalid"
    try:
        late, failed = all_failures(message)
    except (
        Exception
    ):  # what a detector of another's making stumbles over is not our report's fault; our own reading follows
        return (), ()
    return _texts(late), _texts(failed)


def _texts(found: frozenset[bytes] | set[bytes]) -> tuple[str, ...]:
    texts = (one.decode("ascii", "replace").strip("<>\"' ") for one in found)
    return tuple(sorted(one for one in texts if one.count("@") == 1 and len(one) <= 254 and not one.startswith("@")))
