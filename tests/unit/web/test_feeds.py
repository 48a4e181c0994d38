"""How feed paths answer."""

import gzip
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest
import zstandard

from syndicate.clock import StoppedClock
from syndicate.web.feeds import FeedApp
from syndicate.web.memory import FeedMemory, Prepared, prepare

CHANGED = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOW = CHANGED + timedelta(hours=1)
CONTENT = b"<rss>" + b"All the news. " * 200 + b"</rss>"
LINKS = [("https://hub.example/", "hub"), ("https://feeds.news.example/world.xml", "self")]


class Answer:
    """What an application sent."""

    def __init__(self, status: int, headers: Sequence[tuple[bytes, bytes]], body: bytes) -> None:
        self.status, self.body = status, body
        self.names = [name.decode() for name, _ in headers]
        self.headers = {name.decode(): value.decode() for name, value in headers}


async def ask(app: FeedApp, path: str, *, method: str = "GET", **headers: str) -> Answer:
    """Ask an application as a server would."""
    sent: list[Any] = []  # Any: ASGI messages

    async def send(message: Any) -> None:  # Any: an ASGI message
        sent.append(message)

    async def receive() -> Any:  # Any: an ASGI message
        return {"type": "http.request", "body": b"", "more_body": False}

    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    path, _, query = path.partition("?")
    await app(
        {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": raw}, receive, send
    )
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Answer(sent[0]["status"], sent[0]["headers"], body)


async def site(scope: Any, receive: Any, send: Any) -> None:  # Any: ASGI
    """Stand for the rest of the site."""
    await send({"type": "http.response.start", "status": 299, "headers": []})
    await send({"type": "http.response.body", "body": b"the site"})


def document(path: str = "/world.xml", content: bytes = CONTENT) -> Prepared:
    """Return a document ready to be served."""
    return prepare(path, content, last_modified=CHANGED, max_age=300, links=LINKS)


@pytest.fixture
def memory() -> FeedMemory:
    """Return a memory that holds section World."""
    found = FeedMemory(ready=True, moved={"foreign": "world"}, gone=frozenset({"gossip", "foreign"}))
    for path in ("/world.xml", "/world.atom", "/world.json", "/feeds.opml", "/news-sitemap.xml", "/feed.css"):
        found.replace(document(path))
    return found


@pytest.fixture
def app(memory: FeedMemory) -> FeedApp:
    """Return the application over that memory; one archive document can be read."""

    async def read(path: str) -> Prepared | None:
        return document(path, b"<archived/>") if path == "/world/archive/1.xml" else None

    return FeedApp(memory, site, clock=StoppedClock(NOW), read_archive=read)


async def test_an_answer_has_all_its_headers(app: FeedApp) -> None:
    """Exact type, validators, caching, links, and no cookie; the Date is the server's."""
    answer = await ask(app, "/world.xml")

    assert answer.status == 200
    assert answer.body == CONTENT
    assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["cache-control"] == "public, max-age=300, stale-while-revalidate=600, stale-if-error=259200"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["last-modified"] == "Sun, 01 Mar 2026 12:00:00 GMT"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (
        answer.headers["link"]
        == '<https://hub.example/>; rel="hub", <https://feeds.news.example/world.xml>; rel="self"'
    )
    assert not {"set-cookie", "date", "content-encoding"} & set(answer.names)
    assert len(answer.names) == len(set(answer.names))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/world.atom", "application/atom+xml; charset=utf-8"),
        ("/world.json", "application/feed+json; charset=utf-8"),
        ("/feeds.opml", "text/x-opml; charset=utf-8"),
        ("/news-sitemap.xml", "application/xml; charset=utf-8"),
        ("/feed.css", "text/css; charset=utf-8"),
    ],
)
async def test_media_types(app: FeedApp, path: str, expected: str) -> None:
    """Every path has its own type."""
    assert (await ask(app, path)).headers["content-type"] == expected


async def test_head_is_get_without_the_body(app: FeedApp) -> None:
    """The headers are equal to the byte."""
    get, head = await ask(app, "/world.xml"), await ask(app, "/world.xml", method="HEAD")

    assert (head.status, head.body) == (200, b"")
    assert head.headers == get.headers


@pytest.mark.parametrize("asked", ["", "gzip", "br", "zstd"])
@pytest.mark.parametrize("given", ["identity", "gzip", "br", "zstd"])
async def test_a_tag_of_any_encoding_validates_any(app: FeedApp, asked: str, given: str) -> None:
    """Tags differ by encoding, as they must, and each of them says that the reader has these bytes."""
    tag = (await ask(app, "/world.xml", accept_encoding=given)).headers["etag"]
    full = await ask(app, "/world.xml", accept_encoding=asked)

    answer = await ask(app, "/world.xml", accept_encoding=asked, if_none_match=tag)

    assert (answer.status, answer.body) == (304, b"")
    for name in ("etag", "cache-control", "vary", "last-modified"):
        assert answer.headers[name] == full.headers[name]
    assert not {"content-length", "content-type", "content-encoding"} & set(answer.names)


@pytest.mark.parametrize(
    "shape", ['"{}"', 'W/"{}"', '"zzz", "{}"', '"zzz",W/"{}"', "*", '"{}-gzip"', 'W/"{};gzip"', '"{}-x-gzip"', "{}"]
)
async def test_if_none_match_matches(app: FeedApp, shape: str) -> None:
    """Lists, weak tags, `*`, and what proxies make of tags."""
    tag = (await ask(app, "/world.xml")).headers["etag"].strip('"')

    assert (await ask(app, "/world.xml", if_none_match=shape.format(tag))).status == 304


@pytest.mark.parametrize("tags", ['"nope"', "", '"', 'W/"x", "y"', "garbage"])
async def test_if_none_match_beats_if_modified_since(app: FeedApp, tags: str) -> None:
    """Where there is an If-None-Match, the date is not looked at."""
    last = "Sun, 01 Mar 2026 12:00:00 GMT"

    assert (await ask(app, "/world.xml", if_none_match=tags, if_modified_since=last)).status == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        (format_datetime(CHANGED, usegmt=True), 304),
        (format_datetime(CHANGED + timedelta(minutes=5), usegmt=True), 304),
        (format_datetime(CHANGED - timedelta(seconds=1), usegmt=True), 200),
        (format_datetime(NOW + timedelta(seconds=1), usegmt=True), 200),
        ("Wed, 01 Jan 2098 00:00:00 GMT", 200),
        ("Sunday, 01-Mar-26 12:00:00 GMT", 304),
        ("Sun Mar  1 12:00:00 2026", 304),
        ("garbage", 200),
        ("", 200),
        ("2026-03-01T12:00:00Z", 200),
        ("Sun, 99 Mar 2026 12:00:00 GMT", 200),
    ],
)
async def test_if_modified_since(app: FeedApp, since: str, status: int) -> None:
    """Equal or later is unmodified; the future and garbage count as absent."""
    assert (await ask(app, "/world.xml", if_modified_since=since)).status == status


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("gzip", "gzip"),
        ("x-gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=0.1, br;q=1.0", "br"),
        ("gzip;q=1.0, br;q=0.5, zstd;q=0.1", "gzip"),
        ("gzip;q=0, identity", None),
        ("identity", None),
        ("identity;q=1, gzip;q=0.5", None),
        ("*", "br"),
        ("*;q=0", None),
        ("br;q=0, *;q=0.5", "zstd"),
        ("gzip;q=broken", None),
        ("GZIP", "gzip"),
        ("", None),
    ],
)
async def test_the_reader_chooses_the_encoding(app: FeedApp, accepted: str, expected: str | None) -> None:
    """Weights are honoured, and what is sent is what it says."""
    answer = await ask(app, "/world.xml", accept_encoding=accepted)
    unpack = {
        None: bytes,
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": zstandard.ZstdDecompressor().decompress,
    }

    assert answer.headers.get("content-encoding") == expected
    assert unpack[expected](answer.body) == CONTENT
    assert answer.headers["content-length"] == str(len(answer.body))


def test_tags_come_from_the_bytes() -> None:
    """The same bytes have the same tag on every node and after every restart; other bytes have another."""
    later = prepare("/world.xml", CONTENT, last_modified=NOW, max_age=60)

    assert later.tag == document().tag
    assert document(content=b"<rss/>").tag != document().tag


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/world.xml?utm_source=x&utm_medium=y", 200),
        ("GET", "/nope.xml", 404),
        ("GET", "/nope/archive/1.json", 404),
        ("GET", "/world/archive/9.xml", 404),
        ("GET", "/world/archive/1.xml", 200),
        ("GET", "/foreign.atom", 301),
        ("GET", "/foreign/archive/1.xml", 301),
        ("GET", "/gossip.xml", 410),
        ("POST", "/world.xml", 405),
        ("DELETE", "/feeds.opml", 405),
        ("OPTIONS", "/world.xml", 204),
        ("GET", "/", 299),
        ("GET", "/world/", 299),
        ("POST", "/subscribe", 299),
        ("GET", "/world.pdf", 299),
    ],
)
async def test_paths_and_methods(app: FeedApp, method: str, path: str, status: int) -> None:
    """What is shaped like a feed is answered here, the rest by the site."""
    assert (await ask(app, path, method=method)).status == status


async def test_what_else_an_answer_tells(app: FeedApp) -> None:
    """Where a feed went, and which methods there are."""
    assert (await ask(app, "/foreign.atom")).headers["location"] == "/world.atom"
    assert (await ask(app, "/world.xml", method="POST")).headers["allow"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in (await ask(app, "/world.xml", method="OPTIONS")).headers["access-control-allow-headers"]


async def test_the_next_archive_leads_to_the_subscription_document(app: FeedApp) -> None:
    """The newest archive names its successor from its first day on; until that is complete, its articles stand in the feed."""
    answer = await ask(app, "/world/archive/2.xml")

    assert (answer.status, answer.headers["location"]) == (307, "/world.xml")


async def test_nothing_is_denied_before_all_is_loaded(memory: FeedMemory, app: FeedApp) -> None:
    """A feed that may be there in a second is not missing; what is loaded is served."""
    memory.ready = False

    answer = await ask(app, "/sport.xml")

    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert (await ask(app, "/world.xml")).status == 200


async def test_repeated_headers_are_one_list(app: FeedApp) -> None:
    """Two If-None-Match lines mean what one with a comma means."""
    tag = (await ask(app, "/world.xml")).headers["etag"]
    sent: list[Any] = []  # Any: ASGI messages

    async def send(message: Any) -> None:  # Any: an ASGI message
        sent.append(message)

    headers = [(b"if-none-match", b'"other"'), (b"if-none-match", tag.encode())]
    await app({"type": "http", "method": "GET", "path": "/world.xml", "headers": headers}, None, send)  # type: ignore[arg-type]  # nothing is received

    assert sent[0]["status"] == 304
