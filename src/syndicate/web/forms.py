"""Read forms: small, bounded, and proved to be ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request

LARGEST = 64 * 1024
MOST_FIELDS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The text fields of a form, each with its values in order."""

    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """Tell whether a field was sent at all."""
        return name in self.fields

    def one(self, name: str) -> str:
        """Return the first value of a field, or an empty text."""
        return next(iter(self.fields.get(name, ())), "").strip()

    def all(self, name: str) -> tuple[str, ...]:
        """Return the values of a field that are not blank."""
        return tuple(value.strip() for value in self.fields.get(name, ()) if value.strip())


async def read_form(request: Request) -> Form:
    """Return the fields of a request's body, urlencoded or multipart; any other kind of body has none. Files are refused."""
    found: dict[str, list[str]] = {}
    async with request.form(max_files=0, max_fields=MOST_FIELDS, max_part_size=LARGEST) as data:
        for name, value in data.multi_items():
            if isinstance(value, str):
                found.setdefault(name, []).append(value)
    return Form(fields=found)
