"""Tell addresses that can travel from those that would break out of a command or a header."""

import re

from syndicate.model import Envelope

UNSAFE = re.compile(
    r"[\x00-\x20\x7f-\xa0\u2028\u2029\ud800-\udfff<>]"
)  # RFC 5321 4.1.2: they would end the path or the line


def is_safe(envelope: Envelope) -> bool:
    """Whether both addresses are without line ends, spaces, angle brackets and broken characters, and there is a recipient."""
    return bool(envelope.recipient) and not UNSAFE.search(envelope.recipient) and not UNSAFE.search(envelope.sender)
