"""Hold what the feed paths answer, ready to send: bytes in every encoding, headers made once."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime

from syndicate.formats import atom, jsonfeed, opml, rss, sitemap, stylesheet
from syndicate.storage.compression import compress

Headers = list[tuple[bytes, bytes]]
STALE = b"stale-while-revalidate=600, stale-if-error=259200"
_TYPES = {".xml": rss.CONTENT_TYPE, ".atom": atom.CONTENT_TYPE, ".json": jsonfeed.CONTENT_TYPE}
_OWN_TYPES = {
    "/feeds.opml": opml.CONTENT_TYPE,
    "/news-sitemap.xml": sitemap.CONTENT_TYPE,
    "/feed.css": stylesheet.CONTENT_TYPE,
}
PUBLIC: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Last-Modified, Link"),
]
KEPT_ARCHIVES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A document in one encoding: its body, and the headers of a 200 and of a 304."""

    body: bytes
    headers: Headers
    unmodified: Headers


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document ready to be served. `tag` is its ETag without quotes and without the encoding's suffix."""

    path: str
    tag: str
    modified: datetime
    variants: Mapping[str, Variant]


def content_type(path: str) -> str:
    """Return the exact media type of a feed path."""
    return _OWN_TYPES.get(path) or _TYPES["." + path.rpartition(".")[2]]


def prepare(
    path: str,
    content: bytes,
    *,
    last_modified: datetime,
    max_age: int,
    links: Sequence[tuple[str, str]] = (),
    encoded: Mapping[str, bytes] | None = None,
) -> Prepared:
    """Return a document ready to be served; slow (it compresses, unless that was done), so do it off the loop.

    `links` are (address, rel) pairs, the hubs and the document's own.
    """
    tag = hashlib.sha256(content).hexdigest()[:32]
    common: Headers = [
        (b"last-modified", format_datetime(last_modified, usegmt=True).encode()),
        (b"cache-control", b"public, max-age=%d, " % max_age + STALE),
        (b"vary", b"Accept-Encoding"),
        *PUBLIC,
    ]
    if links:
        common.append((b"link", ", ".join(f'<{url}>; rel="{rel}"' for url, rel in links).encode("ascii", "replace")))
    type_ = (b"content-type", content_type(path).encode())
    bodies = {"identity": content, **(compress(content) if encoded is None else encoded)}
    return Prepared(
        path=path,
        tag=tag,
        modified=last_modified.astimezone(UTC),
        variants={name: _variant(name, body, tag=tag, common=[type_, *common]) for name, body in bodies.items()},
    )


def _variant(encoding: str, body: bytes, *, tag: str, common: Headers) -> Variant:
    plain = encoding == "identity"
    etag = (b"etag", (f'"{tag}"' if plain else f'"{tag}-{encoding}"').encode())
    headers = [etag, *common, (b"content-length", b"%d" % len(body))]
    if not plain:
        headers.append((b"content-encoding", encoding.encode()))
    return Variant(body=body, headers=headers, unmodified=[etag, *common[1:]])


@dataclass(slots=True, kw_only=True)
class FeedMemory:
    """What the feed paths answer. `ready` once all feeds are loaded; `moved` maps old slugs to new ones; `gone` slugs were given up.

    Of the archive documents, which nobody counts, it keeps those that were asked for last.
    """

    ready: bool = False
    moved: Mapping[str, str] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()
    _documents: dict[str, Prepared] = field(default_factory=dict)
    _archives: OrderedDict[str, Prepared] = field(default_factory=OrderedDict)

    def find(self, path: str) -> Prepared | None:
        """Return what a path answers, if it is in memory."""
        found = self._documents.get(path)
        if found is None and (found := self._archives.get(path)) is not None:
            self._archives.move_to_end(path)
        return found

    def replace(self, prepared: Prepared) -> None:
        """Serve these bytes from now on."""
        self._documents[prepared.path] = prepared

    def keep_archive(self, prepared: Prepared) -> None:
        """Keep an archive document for those who ask for it next."""
        self._archives[prepared.path] = prepared
        if len(self._archives) > KEPT_ARCHIVES:
            self._archives.popitem(last=False)

    def remove(self, path: str) -> None:
        """Serve a path no longer."""
        self._documents.pop(path, None)
        self._archives.pop(path, None)

    def forget_archives(self) -> None:
        """Have archive documents read afresh."""
        self._archives.clear()

    def paths(self) -> tuple[str, ...]:
        """Return the paths that are served, without archives."""
        return tuple(sorted(self._documents))
