"""Read the mails by which mail programs leave a list: List-Unsubscribe with a mailto address (RFC 2369, section 3.2)."""

import re
from email import policy
from email.parser import BytesHeaderParser

from syndicate.core.report_parts import decoded

_HEAD = 64 * 1024  # bytes
_LONGEST = 1_000  # characters of a subject as it is written; the standard library decodes long ones slowly
_SUBJECT = re.compile(r"(?i)unsubscribe ([\w.=-]{1,300})")


def leaving_token(raw: bytes) -> str | None:
    """Return what stands behind "unsubscribe" in a mail's subject, as our messages ask for it; None in any other mail."""
    written = str(BytesHeaderParser(policy=policy.compat32).parsebytes(raw[:_HEAD]).get("subject", ""))
    if len(written) > _LONGEST:
        return None
    found = _SUBJECT.fullmatch(" ".join(decoded(written).split()))
    return None if found is None else found[1]
