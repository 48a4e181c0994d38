"""What holds for every page of the site."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import httpx2
import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from structlog.testing import capture_logs

from syndicate.errors import ServiceUnavailableError, UsageError
from syndicate.web.site import build_site
from tests.unit.web.conftest import Town, moved_in

POLICY = re.compile(r"default-src 'none'")


async def every_link(town: Town) -> list[str]:
    """Return a path of every kind that a mail or a page of ours leads to."""
    await town.confirmed()
    await town.sign_up("bea@readers.example")
    await town.publish("3", "Nowhere else", url=None)
    return [
        "/",
        "/world/",
        "/world",
        "/foreign/",
        "/all/",
        "/nowhere/",
        await town.confirmation("bea@readers.example"),
        "/confirm/forged",
        await town.preferences(),
        await town.preferences() + "/data.json",
        "/preferences/forged.x",
        await town.unsubscribe(),
        "/unsubscribe/forged.x.y",
        "/editions/1.1.forged",
        "/articles/1",
        "/articles/3",
        "/articles/tag:news.example,2026:nothing/here",
        "/healthz",
        "/readyz",
        "/metrics",
        "/robots.txt",
        "/static/site.css",
        "/static/../site.py",
        "/inbox",
        "/inbox/",
        "/subscribe",
    ]


async def test_looking_changes_nothing(town: Town) -> None:
    """GET and HEAD of every link, twice, leave the database as it was, and HEAD has no body."""
    links = await every_link(town)
    before = town.dump()

    for path in links * 2:
        shown, asked = await town.get(path), await town.get(path, method="HEAD")
        assert asked.status_code == shown.status_code, path
        assert asked.content == b""

    assert town.dump() == before


async def test_every_answer_carries_the_headers(town: Town) -> None:
    """Whatever is answered is guarded, sets no cookie, and links start at our own address whatever the Host says."""
    for path in await every_link(town):
        answer = await town.get(path)
        assert answer.status_code < 500, path
        assert POLICY.match(answer.headers["content-security-policy"]), path
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in answer.headers
        assert "elsewhere.example" not in answer.text + answer.headers.get("location", "")


async def test_pages_of_single_readers_are_neither_kept_nor_listed(town: Town) -> None:
    """What a token opens is not stored by caches nor found by search engines."""
    await town.confirmed()
    await town.sign_up("bea@readers.example")
    links = [await town.confirmation("bea@readers.example"), await town.preferences(), await town.unsubscribe()]

    for path in [*links, links[1] + "/data.json", "/confirm/forged", "/editions/1.1.forged"]:
        answer = await town.get(path)
        assert answer.headers["cache-control"] == "no-store", path
        assert "noindex" in answer.headers["x-robots-tag"], path


async def test_every_link_of_a_page_is_good(town: Town) -> None:
    """Each link and file that our pages name on our own site can be had."""
    await town.confirmed()
    for path in ("/", "/world/", await town.preferences(), await town.unsubscribe()):
        page = (await town.get(path)).text
        links = set(re.findall(r'(?:href|src)="(/[^"]*)"', page))
        assert links, path
        for link in links:
            found = await town.get(link.replace("&amp;", "&"))
            assert found.status_code == 200, (path, link)


@pytest.mark.parametrize(("method", "path"), [("POST", "/"), ("DELETE", "/world/"), ("GET", "/subscribe"), ("PUT", "/confirm/x")])  # fmt: skip
async def test_other_methods_are_refused(town: Town, method: str, path: str) -> None:
    """A method that a path has no use for gets 405, the methods that it has, and a way out."""
    answer = await town.get(path, method=method)

    assert answer.status_code == 405
    assert "POST" in answer.headers["allow"] or "GET" in answer.headers["allow"]
    assert 'href="/"' in answer.text


async def test_large_bodies_are_refused(town: Town) -> None:
    """No form takes more than 64 kB."""
    kept = await town.confirmed()
    before = town.dump()

    for path in ("/subscribe", await town.preferences(), await town.unsubscribe()):
        answer = await town.post(path, email="x" * 70_000)
        assert answer.status_code == 413, path

    assert (town.dump(), await town.kept()) == (before, kept)


async def test_a_body_that_is_no_form_is_refused(town: Town) -> None:
    """A broken multipart body gets 400, not a traceback."""
    answer = await town.client.post(
        "/subscribe", content=b"--x\r\nrubbish", headers={"content-type": "multipart/form-data"}
    )

    assert answer.status_code == 400


async def test_old_names_lead_to_the_new_ones(town: Town) -> None:
    """A section is found without its slash, and by the name it had."""
    places = {path: (await town.get(path)).headers["location"] for path in ("/world", "/foreign", "/foreign/", "/all/")}

    assert places == {"/world": "/world/", "/foreign": "/world/", "/foreign/": "/world/", "/all/": "/"}


async def test_health(town: Town) -> None:
    """It lives before it is ready."""
    state = {"ready": False}
    site = build_site(town.app, ready=lambda: state["ready"])
    transport = httpx2.ASGITransport(app=site)
    async with httpx2.AsyncClient(transport=transport, base_url="http://x.example") as client:
        before = [(await client.get(path)).status_code for path in ("/healthz", "/readyz")]
        state["ready"] = True
        after = [(await client.get(path)).status_code for path in ("/healthz", "/readyz")]

    assert (before, after) == ([200, 503], [200, 200])


async def test_metrics_come_in_the_format_that_is_asked_for(town: Town) -> None:
    """OpenMetrics unless a client wants only the older text."""
    modern = await town.get("/metrics", accept="application/openmetrics-text;version=1.0.0,text/plain;q=0.5")
    older = await town.get("/metrics", accept="text/plain")

    assert modern.headers["content-type"].startswith("application/openmetrics-text")
    assert modern.text.endswith("# EOF\n")
    assert older.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (ValueError("secret detail"), 500, ["ValueError"]),
        (ServiceUnavailableError("secret detail"), 503, ["ServiceUnavailableError: secret detail"]),
        (UsageError("secret detail"), 400, []),
    ],
)
async def test_what_fails_tells_no_details(town: Town, error: Exception, status: int, said: list[str]) -> None:
    """A failure is a page that says sorry, guarded like the others; the log has what an error of ours says."""

    async def broken(request: Request) -> Response:
        raise error

    site = build_site(town.app, answer_after=timedelta(), extra=[Route("/broken", broken)])
    transport = httpx2.ASGITransport(app=site, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://x.example") as client:
        with capture_logs() as logs:
            answer = await client.get("/broken")

    assert answer.status_code == status
    assert [one["trouble"] for one in logs if one["event"] == "page_failed"] == said
    assert "secret detail" not in answer.text
    assert "Traceback" not in answer.text
    assert POLICY.match(answer.headers["content-security-policy"])
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_files_may_be_kept_for_ever(town: Town) -> None:
    """A page names its files by their content, so that a browser asks for each once."""
    page = (await town.get("/")).text
    link = re.search(r'href="(/static/site\.css\?v=[0-9a-f]+)"', page)
    assert link is not None

    answer = await town.get(link[1])

    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")
    assert urlsplit(link[1]).query


async def test_a_site_below_a_path_stays_below_it(town: Town) -> None:
    """Where the public address has a path, every link and form of ours begins with it; a proxy takes it off."""
    file = town.folder / "syndicate.toml"
    file.write_text(file.read_text().replace("https://feeds.news.example/", "https://news.example/mail/"))
    async with moved_in(town.folder, town.clock) as below:
        page = (await below.get("/world/")).text
        moved = (await below.get("/world")).headers["location"]

    links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page)
    assert moved == "/mail/world/"
    assert links
    assert all(link.startswith("/mail/") for link in links)
    assert "https://news.example/mail/world.xml" in page
