"""Run the demo: a sample newsroom on this machine, with feeds, pages and an inbox, where news comes in while one looks on."""

import asyncio
import os
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from starlette.routing import BaseRoute

from syndicate.app import App, opened
from syndicate.config import load as load_config
from syndicate.core.readers import Change
from syndicate.crew import Role
from syndicate.daemon import Daemon
from syndicate.demo.newsroom import DemoArticle
from syndicate.demo.newsroom import load as load_newsroom
from syndicate.demo.pages import newsroom_routes
from syndicate.demo.store import NewsroomStore
from syndicate.errors import ServiceUnavailableError, UsageError
from syndicate.flows.choosing import Choosing
from syndicate.storage.subscribers import find_by_key
from syndicate.web.inbox import build_inbox

HOST = "127.0.0.1"
TITLE = "The Harbour Courier"
SECTIONS = ("world", "politics", "business", "science", "sport")
FIRST_ARRIVAL, ARRIVES_EVERY = 8.0, 6.0  # seconds
GRACE = timedelta(seconds=5)
MINUTE = timedelta(minutes=1)

CONFIG = """\
# Made by `syndicate demo`.
[site]
title = "{title}"
description = "News from Aldermouth and the rest of an invented world"
url = "http://{host}:{port}/"
public-url = "http://{host}:{port}/"
postal-address = "1 Quay Street, Aldermouth"
secret-file = "secret.key"

[database]
url = "sqlite:///syndicate.db"

[[source]]
name = "newsroom"
kind = "sql"
url = "sqlite:///newsroom.db"
every = "2s"

{sections}
[[digest]]
name = "daily"
title = "The Courier in the Morning"
cadence = "daily"
at = "07:00"

[[digest]]
name = "weekly"
title = "The Courier's Week"
cadence = "weekly"
day = "saturday"
at = "09:00"

[[digest]]
name = "breaking"
title = "Courier Alerts"
cadence = "instant"
coalesce = "5s"

[mail]
from = "The Harbour Courier <digest@courier.example>"

[[transport]]
name = "inbox"
kind = "maildir"
path = "mail/"

[web]
host = "{host}"
port = {port}
"""
BANNER = """\

  The Harbour Courier is out: a sample newsroom, with news every few seconds.

    pages and sign-up   {root}
    one of the feeds    {root}world.xml   (also world.atom, world.json, all.xml)
    what readers get    {root}inbox/
    its files           {folder}

  Press Ctrl-C to stop.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReader:
    """A reader of the demo newsroom."""

    email: str
    name: str
    sections: tuple[str, ...]
    digests: tuple[str, ...]
    language: str = "en"
    zone: str = "UTC"


READERS = (
    DemoReader(email="nora@readers.example", name="Nora", sections=SECTIONS, digests=("daily", "weekly")),
    DemoReader(
        email="lea@readers.example",
        name="Léa",
        sections=("science", "world"),
        digests=("daily",),
        language="fr",
        zone="Europe/Paris",
    ),
    DemoReader(email="tomas@readers.example", name="Tomas", sections=("world", "politics"), digests=("breaking",)),
)


async def run_demo(*, port: int, directory: Path | None, say: Callable[[str], None]) -> None:
    """Run the demo until SIGINT or SIGTERM; its files go with it unless a directory is named.

    Raises ServiceUnavailableError when the port is taken, and UsageError when the directory is not empty.
    """
    port = _free_port(port)
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    with _folder(directory) as folder:
        await _run(folder, port=port, stopping=stopping, say=say)
    say("The demo has stopped.")


async def _run(folder: Path, *, port: int, stopping: asyncio.Event, say: Callable[[str], None]) -> None:
    config = load_config(str(_write_config(folder, port=port)), env={})
    newsroom = load_newsroom()
    store = NewsroomStore(path=folder / "newsroom.db")
    async with opened(config) as app:
        store.fill([one for one in newsroom if one.arrives is None], now=app.clock.now())
        await app.collect()
        for reader in READERS:
            await _subscribe(app, reader)
        # the slot a minute ago lies before the readers came; only a replay sends what a new reader missed
        await app.planning.plan(digest="daily", at=app.clock.now())
        mail = folder / "mail"
        routes: list[BaseRoute] = [*build_inbox(mail), *newsroom_routes(store, title=TITLE)]
        daemon = Daemon(app=app, roles=frozenset([Role.ALL]), grace=GRACE, extra=routes, stopping=stopping)
        banner = BANNER.format(root=app.public_url, folder=folder)
        arriving = [one for one in newsroom if one.arrives is not None]
        async with _beside(_go_on(app, store, arriving, daemon=daemon, opening=lambda: say(banner))):
            await daemon.run()


@contextmanager
def _folder(directory: Path | None) -> Iterator[Path]:
    if directory is None:
        with TemporaryDirectory(prefix="syndicate-demo-") as temporary:
            yield Path(temporary).resolve()
        return
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise UsageError(f"--dir {directory}: is not an empty folder; name one that is empty or new")
    directory.mkdir(parents=True, exist_ok=True)
    yield directory.resolve()


def _free_port(port: int) -> int:
    """Return the port, or for 0 one that is free. Raises ServiceUnavailableError when it is taken."""
    try:
        with socket.create_server((HOST, port)) as found:
            return int(found.getsockname()[1])
    except OSError as error:
        raise ServiceUnavailableError(
            f"demo {HOST}:{port}: cannot listen there ({os.strerror(error.errno or 0)}); choose another with --port"
        ) from error


def _write_config(folder: Path, *, port: int) -> Path:
    sections = "".join(
        f'[[section]]\nslug = "{slug}"\ntitle = "{slug.title()}"\nmatch = ["{slug.title()}"]\n\n' for slug in SECTIONS
    )
    key = folder / "secret.key"
    key.touch(mode=0o600)
    key.write_text(secrets.token_urlsafe(48) + "\n", encoding="utf-8")
    path = folder / "syndicate.toml"
    path.write_text(CONFIG.format(title=TITLE, host=HOST, port=port, sections=sections), encoding="utf-8")
    return path


async def _subscribe(app: App, reader: DemoReader) -> None:
    """Subscribe a reader whose daily digest is due since the last minute, by the clocks where he lives."""
    await (await app.desk()).add(
        email=reader.email,
        name=reader.name,
        sections=reader.sections,
        digests=reader.digests,
        timezone=reader.zone,
        language=reader.language,
        confirmed=True,
    )
    if "daily" not in reader.digests:
        return
    readership = await app.readership()
    async with app.database.read() as connection:
        kept = await find_by_key(connection, readership.key.email(reader.email))
    assert kept is not None
    local = (app.clock.now() - MINUTE).astimezone(ZoneInfo(reader.zone))
    token = app.signer.preferences(kept.subscriber.public_id)
    choosing = Choosing(readership=readership, signer=app.signer)
    await choosing.change(token, Change(minutes={"daily": local.hour * 60 + local.minute}))


async def _go_on(
    app: App, store: NewsroomStore, arriving: Sequence[DemoArticle], *, daemon: Daemon, opening: Callable[[], None]
) -> None:
    """Open the doors, then let one change after the other happen in the newsroom."""
    await daemon.ready.wait()
    opening()
    await asyncio.sleep(FIRST_ARRIVAL)
    for article in arriving:
        await asyncio.to_thread(store.put, article, now=app.clock.now())
        await asyncio.sleep(ARRIVES_EVERY)


@asynccontextmanager
async def _beside(work: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Do some work beside the block, and end it with the block."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
