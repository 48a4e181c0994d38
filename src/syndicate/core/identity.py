"""Give an article the id that it keeps for ever."""

from datetime import date
from urllib.parse import quote

_SAFE = "-._~!$&'()*+,;=:@/"


def tag_uri(*, domain: str, day: date, source: str, source_id: str) -> str:
    """Return a `tag:` URI (RFC 4151) made of what never changes: owner, first day, source, the store's own id."""
    return f"tag:{domain},{day.isoformat()}:{quote(source, safe=_SAFE)}/{quote(source_id, safe=_SAFE)}"
