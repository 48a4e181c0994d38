"""Bind the web server's address, and run uvicorn as a part of the daemon."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import uvicorn

from syndicate.errors import ServiceUnavailableError


def listen(host: str, port: int) -> socket.socket:
    """Bind the web server's address. Raises ServiceUnavailableError when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ServiceUnavailableError(
            f"web {host}:{port}: cannot listen ({error.strerror}); choose another [web] host or port"
        ) from error


class Server(uvicorn.Server):
    """uvicorn without its own signal handling: the daemon stops it."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        with nullcontext():
            yield
