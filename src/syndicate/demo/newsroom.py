"""Load the demo's newsroom: what the invented Harbour Courier publishes, in the order in which it does.

Each file `articles/NNN-slug.md` is YAML front matter between two lines of `---`, then the body as HTML. Its keys:

- `id`: the article's slug, unique; its address is `/news/{id}`, and that is how bodies link to it;
- `title`; `section`, `author` and `tags`: several are separated by `|`; `language`: `en`, `ar` or `ja`;
- `summary`: the editor's own, or absent;
- `image`: a file name in `images/`, with `image_alt`, `image_caption` and `image_credit`, or none of the four;
- `minutes_ago`: how long before the demo's start it was published, or else
- `arrives`: its number among those that appear while the demo runs.

The tag `breaking` marks breaking news. `revises: id`, in place of `id`, is a later version of that article and has
`arrives`. `withdraws: id` takes that article back; such a file has only `arrives` beside it, and no body.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml

from syndicate.errors import MalformedArticleError

NEWSROOM = files("syndicate.demo")
LANGUAGES = frozenset({"en", "ar", "ja"})
PICTURE_KEYS = ("image", "image_alt", "image_caption", "image_credit")
TEXT_KEYS = frozenset(
    {"id", "revises", "withdraws", "title", "section", "author", "language", "tags", "summary", *PICTURE_KEYS}
)
NUMBER_KEYS = frozenset({"minutes_ago", "arrives"})
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Change(StrEnum):
    """What a file of the newsroom does to the article it names."""

    NEW = "new"
    REVISION = "revision"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoImage:
    """A picture of the newsroom with the words that belong to it."""

    file: str
    alt: str
    caption: str
    credit: str

    @property
    def path(self) -> str:
        """Return the picture's address, from the root of the demo's site."""
        return f"/images/{self.file}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoArticle:
    """One article as the newsroom's store holds it after one change; `withdraws` keeps the text taken back.

    `minutes_ago` is the first version's: a revision does not change when its article was published.
    """

    id: str
    change: Change
    title: str
    sections: tuple[str, ...]
    authors: tuple[str, ...]
    language: str
    tags: tuple[str, ...]
    summary: str | None
    image: DemoImage | None
    body: str
    minutes_ago: int | None
    arrives: int | None

    @property
    def breaking(self) -> bool:
        """Tell whether the newsroom calls this breaking news."""
        return "breaking" in self.tags

    @property
    def path(self) -> str:
        """Return the article's address, from the root of the demo's site."""
        return f"/news/{self.id}"

    @property
    def content(self) -> str:
        """Return the body below its picture, so that alternative text, caption and credit travel with it."""
        if self.image is None:
            return self.body
        picture = self.image
        caption = html.escape(f"{picture.caption} ({picture.credit})", quote=False)
        return (
            f'<figure><img src="{picture.path}" width="1200" height="675" alt="{html.escape(picture.alt)}">'
            f"<figcaption>{caption}</figcaption></figure>\n{self.body}"
        )


def load(newsroom: Traversable = NEWSROOM) -> tuple[DemoArticle, ...]:
    """Read a whole newsroom: what stands at the start, oldest first, then the changes in order of arrival.

    `newsroom` is the folder that holds `articles/` and `images/`.
    """
    sheets = [_read(entry.name, entry.read_text("utf-8")) for entry in (newsroom / "articles").iterdir()]
    originals: dict[str, DemoArticle] = {}
    for sheet in sheets:
        if "id" in sheet.fields:
            article = _article(sheet, id=sheet.text("id"), change=Change.NEW, first=None)
            if article.id in originals:
                raise sheet.trouble(f"id {article.id} is taken; choose another")
            originals[article.id] = article
    changes = [_change(sheet, originals) for sheet in sheets if "id" not in sheet.fields]
    everything = (*originals.values(), *changes)
    _check_together(everything, images=newsroom / "images")
    return tuple(sorted(everything, key=_order))


def read_image(file: str) -> bytes:
    """Return the bytes of one of the newsroom's pictures."""
    return (NEWSROOM / "images" / file).read_bytes()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """One file, read but not yet understood."""

    name: str
    fields: Mapping[str, str | int]
    body: str

    def text(self, key: str) -> str:
        """Return a field that must be there and hold text."""
        value = self.fields.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.trouble(f"`{key}` is missing or empty; give it a text")
        return value

    def number(self, key: str) -> int | None:
        """Return a field that holds a number that is not negative, if it is there."""
        value = self.fields.get(key)
        return value if isinstance(value, int) else None

    def values(self, key: str) -> tuple[str, ...]:
        """Return the values of a field, which are separated by `|`."""
        values = tuple(value.strip() for value in self.text(key).split("|"))
        if not all(values):
            raise self.trouble(f"`{key}` has an empty value between its `|`; remove it")
        return values

    def trouble(self, reason: str) -> MalformedArticleError:
        """Return the error that names this file."""
        return MalformedArticleError(f"{self.name}: {reason}")


def _read(name: str, text: str) -> _Sheet:
    if not text.startswith("---\n") or "\n---\n" not in text:
        raise MalformedArticleError(f"{name}: no front matter; start with lines between two lines of ---")
    head, _, body = text.removeprefix("---\n").partition("\n---\n")
    try:
        fields: object = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise MalformedArticleError(f"{name}: the front matter is not YAML: {error}") from error
    if not isinstance(fields, dict):
        raise MalformedArticleError(f"{name}: the front matter is no list of keys; write `key: value` lines")
    for key, value in fields.items():
        if key in NUMBER_KEYS:
            fits = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        elif key in TEXT_KEYS:
            fits = isinstance(value, str)
        else:
            raise MalformedArticleError(f"{name}: `{key}` is no key of an article; remove or correct it")
        if not fits:
            raise MalformedArticleError(f"{name}: `{key}` cannot be {value!r}; see the format in this module")
    if len({"id", "revises", "withdraws"} & fields.keys()) != 1:
        raise MalformedArticleError(f"{name}: give exactly one of `id`, `revises` and `withdraws`")
    return _Sheet(name=name, fields=fields, body=body.strip())


def _change(sheet: _Sheet, originals: Mapping[str, DemoArticle]) -> DemoArticle:
    """Return the article that a revision or a withdrawal names, as it is afterwards."""
    key = "revises" if "revises" in sheet.fields else "withdraws"
    first = originals.get(sheet.text(key))
    if first is None:
        raise sheet.trouble(f"`{key}` names {sheet.text(key)}, which is no article's id")
    if first.minutes_ago is None:
        raise sheet.trouble(f"`{key}` names {first.id}, which itself arrives; name one that stands at the start")
    if sheet.number("arrives") is None or "minutes_ago" in sheet.fields:
        raise sheet.trouble(f"a file with `{key}` needs `arrives` and has no `minutes_ago`")
    if key == "revises":
        return _article(sheet, id=first.id, change=Change.REVISION, first=first)
    if sheet.body or len(sheet.fields) > 2:
        raise sheet.trouble("a withdrawal has only `withdraws` and `arrives`, and no body")
    return replace(first, change=Change.WITHDRAWAL, arrives=sheet.number("arrives"))


def _article(sheet: _Sheet, *, id: str, change: Change, first: DemoArticle | None) -> DemoArticle:
    if SLUG.fullmatch(id) is None:
        raise sheet.trouble(f"id {id!r} is not made of a-z, 0-9 and single hyphens")
    if ("minutes_ago" in sheet.fields) == ("arrives" in sheet.fields):
        raise sheet.trouble("give either `minutes_ago` or `arrives`")
    if sheet.text("language") not in LANGUAGES:
        raise sheet.trouble(f"`language` must be one of {', '.join(sorted(LANGUAGES))}")
    if not sheet.body:
        raise sheet.trouble("the body is empty; write it below the second ---")
    return DemoArticle(
        id=id,
        change=change,
        title=sheet.text("title"),
        sections=sheet.values("section"),
        authors=sheet.values("author"),
        language=sheet.text("language"),
        tags=sheet.values("tags"),
        summary=sheet.text("summary") if "summary" in sheet.fields else None,
        image=_image(sheet),
        body=sheet.body,
        minutes_ago=sheet.number("minutes_ago") if first is None else first.minutes_ago,
        arrives=sheet.number("arrives"),
    )


def _image(sheet: _Sheet) -> DemoImage | None:
    if not any(key in sheet.fields for key in PICTURE_KEYS):
        return None
    file, alt, caption, credit = (sheet.text(key) for key in PICTURE_KEYS)
    return DemoImage(file=file, alt=alt, caption=caption, credit=credit)


def _check_together(articles: Sequence[DemoArticle], *, images: Traversable) -> None:
    """Raise an error if the articles do not fit each other or their pictures."""
    numbers = sorted(article.arrives for article in articles if article.arrives is not None)
    if numbers != list(range(1, len(numbers) + 1)):
        raise MalformedArticleError(f"the numbers in `arrives` must run from 1, each once; they are {numbers}")
    for article in articles:
        if article.image is not None and not (images / article.image.file).is_file():
            raise MalformedArticleError(f"{article.id}: `image` names {article.image.file}, which is not in images/")


def _order(article: DemoArticle) -> tuple[int, int, str]:
    """Sort what stands at the start by age, before what arrives by number."""
    if article.arrives is None:
        return (0, -(article.minutes_ago or 0), article.id)
    return (1, article.arrives, article.id)
