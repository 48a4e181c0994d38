"""Read an article's fields from a mapping with the names that people use: front matter or a JSON document."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from syndicate.errors import MalformedArticleError
from syndicate.model import Image, Incoming
from syndicate.sources.draft import Draft

_NAMES = {
    "title": ("title", "headline", "name"),
    "published": ("published_at", "date_published", "datePublished", "published", "date", "pubdate", "pubDate", "created"),
    "updated": ("updated_at", "date_modified", "dateModified", "updated", "modified", "lastmod"),
    "url": ("url", "link", "permalink", "canonical", "external_url"),
    "labels": ("sections", "section", "categories", "category", "articleSection"),
    "summary": ("summary", "description", "standfirst", "excerpt", "abstract", "subtitle"),
    "authors": ("authors", "author", "byline", "creator"),
    "tags": ("tags", "keywords"),
    "image": ("image", "lead_image", "banner_image", "cover", "thumbnail"),
    "language": ("language", "lang", "inLanguage"),
    "status": ("status",),
    "guid": ("guid",),
}  # fmt: skip


def draft_of(fields: Mapping[str, object], *, body: str, body_is_html: bool = True, title: str | None = None) -> Draft:
    """Return the article that these fields and this body make. Raises MalformedArticleError for fields of an odd type."""
    by_case = {str(key).casefold().replace("-", "_"): value for key, value in fields.items()}

    def find(field: str) -> object:
        return next(
            (found for name in _NAMES[field] if (found := by_case.get(name.casefold())) not in (None, "", [])), None
        )

    status = _text(find("status"), "status") or "published"
    if by_case.get("draft") is True:
        status = "draft"
    url = _text(find("url"), "url")
    incoming = Incoming(
        source_id="",
        title=_text(find("title"), "title") or title or "",
        body=body,
        published=_moment(find("published")),
        updated=_moment(find("updated")),
        labels=_names(find("labels")),
        summary=_text(find("summary"), "summary"),
        authors=_names(find("authors")),
        tags=_names(find("tags"), commas=True),
        image=_image(find("image"), by_case),
        language=_text(find("language"), "language"),
        status=status,
        guid=_text(find("guid"), "guid"),
        body_is_html=body_is_html,
    )
    return Draft(incoming=incoming, url=url, states_url=url is not None)


def _text(value: object, field: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | int | float | date):
        return str(value)
    raise MalformedArticleError(f"its {field} is not a text")


def _moment(value: object) -> str | datetime | date | float | None:
    if isinstance(value, int) and len(str(value)) == 8 and str(value)[:2] in ("19", "20"):
        return str(value)  # 20241031 is a day, not a second of 1970
    if (
        value is None
        or isinstance(value, str | datetime | date | float)
        or (isinstance(value, int) and not isinstance(value, bool))
    ):
        return value
    raise MalformedArticleError(f"impossible date {str(value)[:60]!r}")


def _names(value: object, *, commas: bool = False) -> tuple[str, ...]:
    """Return names given as a list, as objects with a `name`, or in one text separated by `|` (tags also by commas)."""
    if isinstance(value, str):
        parts: Sequence[object] = value.replace(",", "|").split("|") if commas else value.split("|")
    elif isinstance(value, Mapping):
        parts = [value]
    else:
        parts = value if isinstance(value, Sequence) else [] if value is None else [value]
    named = (part.get("name") if isinstance(part, Mapping) else part for part in parts)
    return tuple(name for part in named if part is not None and (name := str(part).strip()))


def _image(value: object, fields: Mapping[str, object]) -> Image | None:
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = value[0] if value else None
    described: Mapping[str, object] = value if isinstance(value, Mapping) else {}
    url = (described.get("url") or described.get("src")) if described else value
    if not isinstance(url, str) or not url.strip():
        return None

    def words(key: str) -> str:
        found = described.get(key) or fields.get(f"image_{key}") or ""
        return found if isinstance(found, str) else ""

    def pixels(key: str) -> int | None:
        found = described.get(key)
        return int(found) if isinstance(found, int | str) and str(found).isdigit() and int(found) > 0 else None

    return Image(
        url=url.strip(),
        alt=words("alt"),
        caption=words("caption"),
        credit=words("credit"),
        width=pixels("width"),
        height=pixels("height"),
    )
