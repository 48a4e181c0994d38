"""The demo as one sees it: feeds and pages in the browser, mail in the inbox, and Ctrl-C ends it."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin
from urllib.request import ProxyHandler, build_opener

import pytest

SYNDICATE = Path(sys.executable).with_name("syndicate")
OPENER = build_opener(ProxyHandler({}))
PATIENCE = 60.0  # seconds


def fetch(url: str) -> str:
    """Return a page of the demo."""
    with OPENER.open(url, timeout=20) as answer:
        text: str = answer.read().decode("utf-8")
        return text


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Yield a running demo and its address, once it says that it is ready."""
    command = [str(SYNDICATE), "demo", "--port", "0", "--dir", str(tmp_path / "demo")]
    with (
        (tmp_path / "log").open("w") as log,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process,
    ):
        try:
            assert process.stdout is not None
            said = ""
            while "Ctrl-C" not in said:
                line = process.stdout.readline()
                assert line, (tmp_path / "log").read_text()
                said += line
            yield process, re.findall(r"(http://127\.0\.0\.1:\d+/)$", said, re.MULTILINE)[0]
        finally:
            process.kill()


def test_the_demo_publishes_delivers_and_stops(demo: tuple[subprocess.Popen[str], str]) -> None:
    """There are feeds, the first digest carries their headlines, and SIGINT ends it with exit code 0."""
    process, root = demo
    titles = [item["title"] for item in json.loads(fetch(f"{root}all.json"))["items"]]
    assert titles
    assert titles[0] in fetch(f"{root}all.atom")

    messages: list[str] = []
    until = time.monotonic() + PATIENCE
    while not messages and time.monotonic() < until:
        messages = re.findall(r'href="([^"]+\.syndicate/)"', fetch(f"{root}inbox/"))
        time.sleep(0.2)
    assert messages
    letter = fetch(urljoin(f"{root}inbox/", messages[0]) + "source.txt")
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in letter
    assert fetch(f"{root}news/karesh-quake-strikes")

    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE) == 0


def test_a_taken_port_is_told_in_one_line() -> None:
    """The demo does not begin what it cannot serve."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = subprocess.run(
            [str(SYNDICATE), "demo", "--port", str(port)], capture_output=True, text=True, check=False
        )

    assert result.returncode == 69
    assert len(result.stderr.splitlines()) == 1
    assert str(port) in result.stderr
