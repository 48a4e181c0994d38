"""Summaries from an endpoint that speaks OpenAI's chat protocol; a real server of ours answers."""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from time import process_time

import httpx2
import pytest
from structlog.testing import capture_logs

from syndicate.clock import Clock, StoppedClock, SystemClock
from syndicate.errors import SummariserError
from syndicate.summarisers.openai import OpenAiSummariser

SUMMARY = "The harbour bridge in Leith will shut for six weeks while engineers replace cracked bearings."


@dataclass
class Endpoint:
    """A server that answers with what it is told to, and remembers what it was asked."""

    status: int = 200
    body: bytes = b""
    asked: list[dict[str, object]] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)
    url: str = ""
    hangs: bool = False
    trickles: bool = False
    dawdles: bool = False
    go_on: Event = field(default_factory=Event)

    def says(self, text: str | None) -> None:
        """Answer with a text from now on."""
        self.status = 200
        self.body = json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}], "usage": {}}).encode()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    """Yield a running endpoint."""
    state = Endpoint()
    state.says(SUMMARY)

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Answer a question."""
            state.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            state.keys.append(self.headers["Authorization"])
            if state.hangs:
                state.go_on.wait(10)
            if state.dawdles:
                self._dawdle()
            self.send_response(state.status if self.path == "/v1/chat/completions" else 404)
            self.send_header("Content-Length", str(len(state.body)))
            self.end_headers()
            if state.trickles:
                self._trickle()
            else:
                self.wfile.write(state.body)

        def _dawdle(self) -> None:
            """Send a header now and then, before any body."""
            with suppress(OSError):
                self.wfile.write(b"HTTP/1.0 200 OK\r\n")
                for number in range(200):
                    self.wfile.write(f"X-{number}: slow\r\n".encode())
                    state.go_on.wait(0.05)

        def _trickle(self) -> None:
            """Send a byte now and then, so that no single wait is long."""
            with suppress(OSError):
                for byte in state.body:
                    self.wfile.write(bytes((byte,)))
                    state.go_on.wait(0.05)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    state.url = f"http://127.0.0.1:{server.server_port}/v1"
    Thread(target=server.serve_forever, daemon=True).start()
    yield state
    state.go_on.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder for answers that is not there yet."""
    return tmp_path / "summaries"


def summariser(endpoint: Endpoint, folder: Path, clock: Clock, **settings: object) -> OpenAiSummariser:
    """Return a summariser that asks the endpoint."""
    own = {"url": endpoint.url, "model": "small", "key": "sesame", "cache": folder, "clock": clock, "timeout": 5.0}
    return OpenAiSummariser(name="openai", settings=own | settings)


def ask(one: OpenAiSummariser, text: str = "The bridge is shut.") -> str | None:
    """Ask for a summary of an article."""
    return one.summarise(title="Bridge shut", text=text, language="en", words=65)


def test_it_asks_with_key_model_and_article(endpoint: Endpoint, folder: Path, clock: StoppedClock) -> None:
    """And returns the answer on one line."""
    endpoint.says(f"  {SUMMARY}\n\nMore.\n")

    assert ask(summariser(endpoint, folder, clock)) == f"{SUMMARY} More."
    assert endpoint.keys == ["Bearer sesame"]
    (asked,) = endpoint.asked
    assert asked["model"] == "small"
    assert "The bridge is shut." in json.dumps(asked["messages"])
    assert "about 65 words" in json.dumps(asked["messages"])


def test_nothing_is_asked_twice(endpoint: Endpoint, folder: Path, clock: StoppedClock) -> None:
    """Not even by another process; another text is another question."""
    ask(summariser(endpoint, folder, clock))
    again = summariser(endpoint, folder, clock)

    assert ask(again) == SUMMARY
    assert len(endpoint.asked) == 1
    ask(again, "The bridge is open.")
    assert len(endpoint.asked) == 2


def test_a_day_has_its_budget(endpoint: Endpoint, folder: Path, clock: StoppedClock) -> None:
    """Over all processes; the next day has another, and what is known is free."""
    first = summariser(endpoint, folder, clock, **{"budget-per-day": 2})

    assert [ask(first, text) for text in ("one", "two", "three")] == [SUMMARY, SUMMARY, None]
    second = summariser(endpoint, folder, clock, **{"budget-per-day": 2})
    assert ask(second, "four") is None
    assert ask(second, "one") == SUMMARY
    clock.advance(timedelta(days=1))
    assert ask(second, "three") == SUMMARY
    assert len(endpoint.asked) == 3


@pytest.mark.parametrize("reason", ["null", '""', '"stop"', '"eos_token"'])
def test_a_whole_answer_is_used(endpoint: Endpoint, folder: Path, clock: StoppedClock, reason: str) -> None:
    """However its end is told."""
    endpoint.body = f'{{"choices": [{{"message": {{"content": "{SUMMARY}"}}, "finish_reason": {reason}}}]}}'.encode()

    assert ask(summariser(endpoint, folder, clock)) == SUMMARY


def test_a_budget_that_is_used_up_is_told_once_a_day(endpoint: Endpoint, folder: Path, clock: StoppedClock) -> None:
    """And not for each article that ours is taken for."""
    one = summariser(endpoint, folder, clock, **{"budget-per-day": 1})

    with capture_logs() as lines:
        for number in range(4):
            ask(one, f"text {number}")
        assert [(line["event"], line["budget"]) for line in lines] == [("summariser_budget_used_up", 1)]
        clock.advance(timedelta(days=1))
        for number in range(4, 8):
            ask(one, f"text {number}")
    assert [line["event"] for line in lines] == ["summariser_budget_used_up"] * 2


def test_a_question_costs_less_than_reading_the_authorities(
    endpoint: Endpoint, folder: Path, clock: StoppedClock
) -> None:
    """They are read once for all questions, else a page of articles waits for that and not for the endpoint."""
    one = summariser(endpoint, folder, clock)
    started = process_time()
    for _ in range(6):
        httpx2.create_ssl_context(trust_env=False)
    reading = process_time() - started
    started = process_time()

    for number in range(6):
        assert ask(one, f"text {number}") == SUMMARY
    assert process_time() - started < reading


def test_a_budget_holds_for_many_threads(endpoint: Endpoint, folder: Path, clock: StoppedClock) -> None:
    """Nothing is lost of the count, and none of the answers."""
    one = summariser(endpoint, folder, clock, **{"budget-per-day": 20})

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: ask(one, f"text {number}"), range(30)))

    assert answers.count(SUMMARY) == len(endpoint.asked) == 20


def test_a_budget_holds_over_processes(endpoint: Endpoint, folder: Path, clock: StoppedClock) -> None:
    """Those that share a folder share the day's count."""
    several = [summariser(endpoint, folder, clock, **{"budget-per-day": 20}) for _ in range(3)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda number: ask(several[number % 3], f"Article {number}."), range(90)))

    assert len(endpoint.asked) == 20
    assert answers.count(SUMMARY) == 20


def test_an_answer_that_cannot_be_kept_is_good_all_the_same(
    endpoint: Endpoint, folder: Path, clock: StoppedClock
) -> None:
    """It was paid for, and the endpoint did nothing wrong."""
    one = summariser(endpoint, folder, clock)
    ask(one)
    (kept,) = folder.glob("*.txt")
    kept.unlink()
    kept.with_suffix(f".{os.getpid()}.new").mkdir()

    with capture_logs() as lines:
        answers = [ask(one) for _ in range(4)]

    assert answers == [SUMMARY] * 4
    assert {line["event"] for line in lines} == {"summary_not_kept"}


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"oops"),
        (429, b"{}"),
        (302, b""),
        (200, b"not json"),
        (200, b"{}"),
        (200, b'{"choices": []}'),
        (200, b'{"choices": [{"message": {"content": null}}]}'),
        (200, b'{"choices": [{"message": {"content": "The bridge is"}, "finish_reason": "length"}]}'),
        (200, b'{"choices": [{"message": {"content": "The bridge is"}, "finish_reason": "content_filter"}]}'),
        (200, b'{"choices": [{"message": {"content": "' + b"x" * 300_000 + b'"}}]}'),
    ],
)
def test_a_bad_answer_leaves_it_to_ours(
    endpoint: Endpoint, folder: Path, clock: StoppedClock, status: int, body: bytes
) -> None:
    """And is not kept."""
    endpoint.status, endpoint.body = status, body
    one = summariser(endpoint, folder, clock)

    assert ask(one) is None
    endpoint.says(SUMMARY)
    assert ask(one) == SUMMARY


def test_a_silent_endpoint_is_not_waited_for(endpoint: Endpoint, folder: Path, clock: StoppedClock) -> None:
    """Longer than the time-out."""
    endpoint.hangs = True

    assert ask(summariser(endpoint, folder, clock, timeout=0.2)) is None


def test_an_answer_that_trickles_in_is_not_waited_for(endpoint: Endpoint, folder: Path) -> None:
    """The time-out is for the whole answer, not for each of its bytes."""
    endpoint.trickles = True
    clock = SystemClock()
    started = clock.monotonic()

    assert ask(summariser(endpoint, folder, clock, timeout=0.3)) is None
    assert clock.monotonic() - started < 0.05 * len(endpoint.body)


def test_headers_that_trickle_in_are_not_waited_for(endpoint: Endpoint, folder: Path) -> None:
    """The time-out is for all of it."""
    endpoint.dawdles = True
    clock = SystemClock()
    started = clock.monotonic()

    assert ask(summariser(endpoint, folder, clock, timeout=0.3)) is None
    assert clock.monotonic() - started < 5


def test_an_endpoint_that_fails_rests(endpoint: Endpoint, folder: Path, clock: StoppedClock) -> None:
    """After three failures nobody asks for five minutes, so that a page of articles does not wait for each."""
    endpoint.status = 503
    one = summariser(endpoint, folder, clock)

    with capture_logs() as lines:
        for number in range(6):
            assert ask(one, f"text {number}") is None
    assert len(endpoint.asked) == 3
    assert [line["event"] for line in lines] == ["summariser_failed"] * 3 + ["summariser_rests"]
    assert lines[-1]["until"] == (clock.now() + timedelta(minutes=5)).isoformat()
    clock.advance(timedelta(minutes=5))
    endpoint.says(SUMMARY)
    assert ask(one, "text 6") == SUMMARY


@pytest.mark.parametrize("settings", [{"url": ""}, {"model": ""}, {"url": "ftp://example"}])
def test_what_is_missing_is_said(
    endpoint: Endpoint, folder: Path, clock: StoppedClock, settings: dict[str, object]
) -> None:
    """At the start, not at the first article."""
    with pytest.raises(SummariserError, match="url and model"):
        summariser(endpoint, folder, clock, **settings)
