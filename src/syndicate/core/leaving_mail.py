"""Read the mails by which mail programs leave a list: List-Unsubscribe with a mailto address (RFC 2369, section 3.2)."""

import re
from email import policy
from email.errors import MessageError
from email.parser import BytesHeaderParser

_HEAD = 64 * 1024  # bytes
_SUBJECT = re.compile(r"(?i)unsubscribe ([\w.=-]{1,300})")


def leaving_token(raw: bytes) -> str | None:
    """Return what stands behind "unsubscribe" in a mail's subject, as our messages ask for it; None in any other mail."""
    try:
        subject = str(BytesHeaderParser(policy=policy.default).parsebytes(raw[:_HEAD]).get("subject", ""))
    except (
        MessageError,
        ValueError,
        LookupError,
        IndexError,
        AttributeError,
    ):  # what the standard parser stumbles over
        return None
    found = _SUBJECT.fullmatch(" ".join(subject.split()))
    return None if found is None else found[1]
