"""Keep the feed files of one machine: write beside, fsync, rename; equal bytes stay untouched."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from syndicate.errors import ShelfError
from syndicate.storage.compression import ENDINGS, compress

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*(?:/[a-z0-9][a-z0-9_-]*)*\.[a-z]+")
_STATE = ".built.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelved:
    """A file as it lies on the shelf. `modified` is its Last-Modified in POSIX seconds; `encoded` holds its compressed neighbours."""

    name: str
    content: bytes
    modified: int
    encoded: dict[str, bytes]


class Shelf:
    """A directory that any web server can serve: each file beside its .gz, .br and .zst. Synchronous: call it in a thread."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def put(self, name: str, content: bytes) -> Literal["written", "unchanged"]:
        """Put a file on the shelf; its whole-second mtime moves with every change of bytes. Raises ShelfError.

        The compressed neighbours are moved first and the file last, so that a put which died half-way is done again by the next.
        """
        path = self._path(name)
        try:
            old = _modified(path)
            if old is not None and path.stat().st_size == len(content) and path.read_bytes() == content:
                if any(_modified(neighbour) != old for neighbour in _neighbours(path).values()):
                    _write({**_compressed(path, content), path: content}, modified=old)
                return "unchanged"
            path.parent.mkdir(parents=True, exist_ok=True)
            _write({**_compressed(path, content), path: content}, modified=None, after=old)
        except OSError as error:
            raise ShelfError(path=str(path), trouble=f"cannot be written ({error.strerror or error})") from error
        return "written"

    def get(self, name: str) -> Shelved | None:
        """Return a file with its neighbours, or None when there is none. Raises ShelfError."""
        path = self._path(name)
        try:
            modified = _modified(path)
            if modified is None:
                return None
            content = path.read_bytes()
            whole = all(_modified(neighbour) == modified for neighbour in _neighbours(path).values())
            encoded = (
                {name: file.read_bytes() for name, file in _neighbours(path).items()} if whole else compress(content)
            )
        except OSError as error:
            raise ShelfError(path=str(path), trouble=f"cannot be read ({error.strerror or error})") from error
        return Shelved(name=name, content=content, modified=modified, encoded=encoded)

    def remove(self, name: str) -> bool:
        """Take a file and its neighbours off the shelf; tell whether it was there. Raises ShelfError."""
        path = self._path(name)
        existed = path.exists()
        try:
            for file in (path, *_neighbours(path).values()):
                file.unlink(missing_ok=True)
        except OSError as error:
            raise ShelfError(path=str(path), trouble=f"cannot be removed ({error.strerror or error})") from error
        return existed

    def modified(self, name: str) -> int | None:
        """Return a file's Last-Modified in POSIX seconds, or None when there is none."""
        return _modified(self._path(name))

    def names(self, folder: str = "") -> tuple[str, ...]:
        """Return the names of all files below a folder of the shelf, sorted, without neighbours and what is being written."""
        found = (
            path.relative_to(self.directory).as_posix()
            for path in (self.directory / folder).rglob("*")
            if path.is_file()
        )
        return tuple(
            sorted(name for name in found if _NAME.fullmatch(name) and not name.endswith(tuple(ENDINGS.values())))
        )

    def read_state(self) -> bytes:
        """Return the notes on what was built from what; empty when there are none."""
        try:
            return (self.directory / _STATE).read_bytes()
        except OSError:  # whatever is wrong with the directory, it is told when something is to be put there
            return b""

    def write_state(self, notes: bytes) -> None:
        """Keep notes on what was built from what. Raises ShelfError."""
        path = self.directory / _STATE
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            _write({path: notes}, modified=None)
        except OSError as error:
            raise ShelfError(path=str(path), trouble=f"cannot be written ({error.strerror or error})") from error

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the shelf against other processes of this machine that publish."""
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            lock = os.open(self.directory / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise ShelfError(
                path=str(self.directory), trouble=f"cannot be locked ({error.strerror or error})"
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _path(self, name: str) -> Path:
        if _NAME.fullmatch(name) is None:
            raise ShelfError(path=name, trouble="is no name of a feed file")
        return self.directory / name


def _neighbours(path: Path) -> dict[str, Path]:
    return {encoding: path.with_name(path.name + ending) for encoding, ending in ENDINGS.items()}


def _modified(path: Path) -> int | None:
    try:
        return int(path.stat().st_mtime)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _compressed(path: Path, content: bytes) -> dict[Path, bytes]:
    compressed = compress(content)
    return {neighbour: compressed[encoding] for encoding, neighbour in _neighbours(path).items()}


def _write(files: dict[Path, bytes], *, modified: int | None, after: int | None = None) -> None:
    """Write all files beside, then move them into place in order; a write that fails leaves all as they were."""
    parts = {path: path.with_name(f".{path.name}.{os.getpid()}.part") for path in files}
    try:
        for path, content in files.items():
            with parts[path].open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        if modified is None:
            # the file system tells the time: no other clock than the one that dates the files
            written = max(int(part.stat().st_mtime) for part in parts.values())
            modified = written if after is None else max(written, after + 1)
        for path, part in parts.items():
            os.utime(part, (modified, modified))
            part.replace(path)
        _sync_directory(next(iter(files)).parent)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
