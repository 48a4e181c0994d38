"""The content store in a folder: one article a file, as a page, as Markdown, as JSON or as a saved page's text."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from syndicate.core.written_dates import find_date
from syndicate.errors import MalformedArticleError, SourceError
from syndicate.model import Candidate, Incoming, Page
from syndicate.sources.draft import Draft, decode
from syndicate.sources.html_page import read_html
from syndicate.sources.json_article import read_json
from syndicate.sources.markdown import read_markdown
from syndicate.sources.saved_page import read_saved_page
from syndicate.sources.settings import text_of

PAGE_SIZE = 200
LARGEST = 5_000_000
READERS: dict[str, Callable[[str], Draft]] = {
    ".html": read_html,
    ".htm": read_html,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".json": read_json,
    ".txt": read_saved_page,
}
# What editors and copying programs leave beside a file while they write it.
_TEMPORARY_ENDINGS = ("~", ".tmp", ".part", ".partial", ".swp", ".bak", ".orig", ".crdownload")


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    """A file of the folder; `name` is its path below it, with slashes, in characters that can be stored."""

    path: Path
    name: str


class FilesSource:
    """Reads a folder and all below it; hidden and temporary files are not looked at.

    A file's id is its path below the folder with its ending, so `a.md` and `a.html` are two articles. Settings: `path`; `base-url`,
    which with that path makes the article's address when it names none; `timezone` or `zone`, where a day begins; `folder`, where a
    relative path starts.
    """

    always_full = True

    def __init__(self, *, name: str, settings: Mapping[str, object]) -> None:
        self.name = name
        self._root = Path(text_of(settings, "folder") or ".") / text_of(settings, "path")
        self._base_url = text_of(settings, "base-url")
        self._zone = text_of(settings, "timezone") or text_of(settings, "zone") or "UTC"
        self._recipe = f"{self._base_url}\n{self._zone}\n".encode()  # with others the same file is another article

    def fetch(self, bookmark: str | None, *, full: bool) -> Iterator[Page]:
        """Yield every file, in the order of their names; one that cannot be read is a candidate that says so when it is read."""
        waiting: list[Candidate] = []
        for file in self._files():
            waiting.append(self._candidate(file))
            if len(waiting) == PAGE_SIZE:
                yield Page(candidates=tuple(waiting), bookmark=None)
                waiting = []
        yield Page(candidates=tuple(waiting), bookmark=None)

    def check(self) -> str:
        """Look through the folder and return how many articles it may hold."""
        return f"{sum(1 for _ in self._files())} files"

    def close(self) -> None:
        """Hold nothing open, so there is nothing to close."""

    def _files(self) -> list[_File]:
        """Return the files there are. A folder that vanished is an error: it must not look like a newsroom that deleted all."""
        if not self._root.is_dir():
            raise SourceError(
                source=self.name, trouble=f"there is no folder {self._root}; create it or correct its path"
            )

        def fail(error: OSError) -> None:
            raise SourceError(
                source=self.name, trouble=f"cannot look into {error.filename}: {error.strerror}"
            ) from error

        found = []
        for place, folders, names in os.walk(self._root, onerror=fail):  # does not follow links to folders: no loops
            folders[:] = sorted(folder for folder in folders if not _is_passed_over(folder))
            for name in names:
                path = Path(place) / name
                if path.suffix.lower() in READERS and not _is_passed_over(name):
                    found.append(_File(path=path, name=_storable(path.relative_to(self._root).as_posix())))
        return sorted(found, key=lambda file: file.name)

    def _candidate(self, file: _File) -> Candidate:
        try:
            status = file.path.stat()
            if not stat.S_ISREG(status.st_mode):
                return _unreadable(file, "not-a-file", "it is not a file")  # reading a pipe would wait for ever
            if (size := status.st_size) > LARGEST:
                return _unreadable(file, f"too-large:{size}", f"the file has more than {LARGEST:,} bytes")
            fingerprint = hashlib.blake2b(self._recipe + file.path.read_bytes(), digest_size=16).hexdigest()
        except OSError as error:
            return _unreadable(file, f"unreadable:{error.errno}", f"the file cannot be read: {error.strerror}")
        return Candidate(source_id=file.name, fingerprint=fingerprint, read=lambda: self._read(file))

    def _read(self, file: _File) -> Incoming:
        try:
            raw = file.path.read_bytes()
        except OSError as error:
            raise MalformedArticleError(f"the file cannot be read: {error.strerror}") from error
        draft = READERS[file.path.suffix.lower()](decode(raw))
        folder = file.name.rpartition("/")[0]
        url = draft.url
        if self._base_url and not draft.states_url:
            url = f"{self._base_url.rstrip('/')}/{quote(file.name)}"
        named = find_date(file.path.name)
        return replace(
            draft.incoming,
            source_id=file.name,
            url=url,
            labels=draft.incoming.labels or ((folder,) if folder else ()),
            published=draft.incoming.published or (named.value if named is not None else None),
            zone=self._zone,
        )


def _is_passed_over(name: str) -> bool:
    return name.startswith((".", "#", "~$")) or name.lower().endswith(_TEMPORARY_ENDINGS)


def _storable(name: str) -> str:
    """Return a path as text: bytes that are not UTF-8, and controls, as %XX."""
    raw = os.fsencode(name)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return quote(raw, safe="/ !#$&'()+,;=@[]^`{}~")
    return "".join(character if character.isprintable() else quote(character) for character in text)


def _unreadable(file: _File, fingerprint: str, reason: str) -> Candidate:
    def read() -> Incoming:
        raise MalformedArticleError(reason)

    return Candidate(source_id=file.name, fingerprint=fingerprint, read=read)
