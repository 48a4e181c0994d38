"""Run one command: open what it needs, turn errors into exit codes, and keep log lines off standard output."""

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Annotated, TextIO, TypeVar, cast

import structlog
import typer
import uvloop
from sqlalchemy import exc

from syndicate.app import App, opened
from syndicate.config import load
from syndicate.errors import SyndicateError
from syndicate.options import Config
from syndicate.storage.database import is_deadlock

T = TypeVar("T")
MOST = 2**31 - 1  # an edition's number has four bytes
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]


@dataclass(slots=True, kw_only=True)
class Options:
    """What was said before the command."""

    config: str | None = None
    verbose: bool = False


def options_of(context: typer.Context) -> Options:
    """Return the options that stand before the command."""
    found = context.find_object(Options)
    return found if found is not None else Options()


def configuration(context: typer.Context) -> Config:
    """Load the configuration and set the log up by it; ends the program with one line when it is unusable."""
    options = options_of(context)
    try:
        config = load(options.config)
    except SyndicateError as error:
        raise stopped(error) from error
    set_up_log(verbose=options.verbose, form=config.document.log.format)
    return config


def with_app(context: typer.Context, work: Callable[[App], Awaitable[T]]) -> T:
    """Run a command's work on an opened application."""
    config = configuration(context)
    return run(lambda: _on_app(config, work))


def with_daemon(context: typer.Context, work: Callable[[App], Awaitable[None]]) -> None:
    """Run the daemon's work on an opened application. SIGTERM ends it in good order, also before it hears signals itself."""
    config = configuration(context)

    async def body() -> None:
        task = asyncio.current_task()
        if task is not None:
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await _on_app(config, work)

    try:
        run(body)
    except asyncio.CancelledError as error:
        raise typer.Exit(0) from error


async def _on_app(config: Config, work: Callable[[App], Awaitable[T]]) -> T:
    async with opened(config) as app:
        gc.freeze()  # what lives as long as the process is not looked through again and again
        return await work(app)


def run(body: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine to its end; errors that were raised on purpose end the program with their exit code and one line."""

    async def whole() -> T:
        return await body()

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(whole())
    except SyndicateError as error:
        raise stopped(error) from error
    except BrokenPipeError as error:  # before the other ConnectionErrors: who read our output has enough
        _discard_output()
        raise typer.Exit(0) from error
    except (exc.OperationalError, exc.InterfaceError, ConnectionError) as error:
        cause = error.orig if isinstance(error, exc.DBAPIError) and error.orig is not None else error
        print(
            f"syndicate: the database or a service cannot be reached: {' '.join(str(cause).split())}", file=sys.stderr
        )
        raise typer.Exit(69) from error
    except exc.DBAPIError as error:
        if not is_deadlock(error):
            raise
        print("syndicate: others wrote the same at the same time; run it again", file=sys.stderr)
        raise typer.Exit(69) from error
    except KeyboardInterrupt as error:
        raise typer.Exit(130) from error
    except OSError as error:
        raise stopped_by(error) from error


def _discard_output() -> None:
    """Let what still waits to be written go nowhere, so that the end of the program does not stumble over it."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def stopped(error: SyndicateError) -> typer.Exit:
    """Print an error in one line and return the exit that goes with it."""
    print(f"syndicate: {' '.join(str(error).split())}", file=sys.stderr)
    return typer.Exit(error.exit_code)


def stopped_by(error: OSError) -> typer.Exit:
    """Print in one line which file could not be read or written, and why; any other trouble is raised again."""
    if error.filename is None:
        raise error
    print(f"syndicate: {error.filename}: {error.strerror}", file=sys.stderr)
    return typer.Exit(1)


@dataclass(slots=True)
class Stop:
    """Whether SIGINT or SIGTERM asked a command to stop in good order. The second one ends the process as it always would."""

    signal: int | None = None

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Hear the signals within the block."""
        loop, numbers = asyncio.get_running_loop(), (signal.SIGINT, signal.SIGTERM)

        def hear(number: int) -> None:
            self.signal = number
            for one in numbers:
                loop.remove_signal_handler(one)

        for number in numbers:
            loop.add_signal_handler(number, hear, number)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)


class LogStream:
    """Standard error, for the log. What cannot be written there, on a full disk, can be told nowhere; the work goes on.

    Nothing is kept in a buffer, where it would wait for the end of the process and make that a failure.
    """

    def write(self, text: str) -> None:
        """Write what can be written."""
        raw = getattr(getattr(sys.stderr, "buffer", None), "raw", None)
        with suppress(OSError):
            if raw is None:
                sys.stderr.write(text)
            else:
                raw.write(text.encode(errors="backslashreplace"))

    def flush(self) -> None:
        """Hand on what waits."""
        with suppress(OSError):
            sys.stderr.flush()


def set_up_log(*, verbose: bool, form: str) -> None:
    """Write the log to standard error: for people on a terminal, as JSON lines elsewhere, unless the configuration says which."""
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    renderer = structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer()
    common: list[structlog.typing.Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info if as_json else structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, *common, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if verbose else logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=cast(TextIO, LogStream())),
        cache_logger_on_first_use=False,
    )
    foreign = logging.StreamHandler(cast(TextIO, LogStream()))  # what libraries log looks like our own
    foreign.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *common],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[foreign], level=logging.WARNING)  # below that they tell of readers: SQL, addresses
