"""What a process cannot do is said before it calls itself ready."""

import socket
from pathlib import Path

import pytest

from syndicate.app import opened
from syndicate.config import load
from syndicate.crew import Role
from syndicate.daemon import Daemon
from syndicate.errors import ConfigurationError, ServiceUnavailableError

CONFIG = """
[site]
title = "The Daily Example"
url = "https://news.example/"
public-url = "http://127.0.0.1:8000/"
postal-address = "1 Example Street"
secret = "0123456789abcdef0123456789abcdef"
[database]
url = "sqlite:///syndicate.db"
[web]
port = {port}
[mail]
from = "digest@news.example"
dkim-selector = "s"
dkim-key-file = "dkim.pem"
[[transport]]
name = "local"
kind = "maildir"
"""


async def test_an_address_that_is_taken_ends_the_start(tmp_path: Path) -> None:
    """Nobody is told that it is ready."""
    file = tmp_path / "syndicate.toml"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        file.write_text(CONFIG.format(port=taken.getsockname()[1]), encoding="utf-8")
        async with opened(load(str(file), env={})) as app:
            daemon = Daemon(app=app, roles=frozenset([Role.WEB]))

            with pytest.raises(ServiceUnavailableError, match="cannot listen"):
                await daemon.run()

    assert not daemon.ready.is_set()


async def test_a_key_that_is_none_ends_the_start_with_its_name(tmp_path: Path) -> None:
    """The line names the key of the configuration and the file."""
    file = tmp_path / "syndicate.toml"
    file.write_text(CONFIG.format(port=0), encoding="utf-8")
    (tmp_path / "dkim.pem").write_text("no key", encoding="utf-8")
    async with opened(load(str(file), env={})) as app:
        daemon = Daemon(app=app, roles=frozenset([Role.WORKER]))

        with pytest.raises(ConfigurationError, match=r"\[mail\]: dkim-key-file: dkim.pem: "):
            await daemon.run()

    assert not daemon.ready.is_set()
