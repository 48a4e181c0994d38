"""Reports in files: one message, many in an mbox, a maildir."""

import io
import sys
from pathlib import Path

import pytest

from syndicate.storage import report_files


def unreadable(name: str, error: OSError) -> None:
    """Fail: the test expects that all can be read."""
    raise AssertionError(name) from error


def read_reports(name: str) -> list[bytes]:
    """Return the reports of what can be read to its end."""
    return list(report_files.read_reports(name, unreadable=unreadable))


ONE = b"From: a@x.example\nSubject: one\n\nFrom here on.\n"
MBOX = (
    b"From MAILER-DAEMON Mon May  4 06:00:00 2026\nSubject: one\n\n>From the start\nFrom nobody at all\n\n"
    b"From - Mon May  4 06:00:01 2026\r\nSubject: two\r\n\r\nbody\r\n\r\n"
    b"From b@x.example Mon May  4 06:00:02 2026 +0000\nSubject: three\n\nend"
)


def test_a_raw_message_is_one(tmp_path: Path) -> None:
    """Whatever its lines begin with."""
    path = tmp_path / "one.eml"
    path.write_bytes(ONE)

    assert read_reports(str(path)) == [ONE]


def test_an_mbox_is_split_where_messages_begin(tmp_path: Path) -> None:
    """At a From line with a date after an empty line; quoted ones are unquoted."""
    path = tmp_path / "box"
    path.write_bytes(MBOX)

    first, second, third = read_reports(str(path))

    assert first == b"Subject: one\n\nFrom the start\nFrom nobody at all\n\n"
    assert second.startswith(b"Subject: two")
    assert third == b"Subject: three\n\nend"


def test_an_mbox_without_empty_lines_between_messages_is_split(tmp_path: Path) -> None:
    """Where a whole date and a header say that one begins; words in a text are no beginning."""
    path = tmp_path / "box"
    path.write_bytes(
        b"From a Mon May  4 06:00:00 2026\nSubject: one\n\nbody\n"
        b"From b@x.example Mon May  4 06:00:01 CEST 2026\nReturn-Path: <>\n\nIt said:\n"
        b"From them Mon May  4 06:00 2026\nwe heard nothing\n"
    )

    assert read_reports(str(path)) == [
        b"Subject: one\n\nbody\n",
        b"Return-Path: <>\n\nIt said:\nFrom them Mon May  4 06:00 2026\nwe heard nothing\n",
    ]


def test_a_big_mbox_is_streamed(tmp_path: Path) -> None:
    """Messages come while the rest is still unread."""
    path = tmp_path / "big"
    with path.open("wb") as file:
        for number in range(5_000):
            file.write(b"From x Mon May  4 06:00:00 2026\nSubject: %d\n\nbody\n\n" % number)

    reports = report_files.read_reports(str(path), unreadable=unreadable)

    assert next(reports).startswith(b"Subject: 0")
    assert sum(1 for _ in reports) == 4_999


def test_a_maildir_has_its_messages_in_new_and_cur(tmp_path: Path) -> None:
    """And what is being written in tmp is left alone."""
    for folder in ("new", "cur", "tmp"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "1.x").write_bytes(f"Subject: {folder}\n\n".encode())

    assert sorted(read_reports(str(tmp_path))) == [b"Subject: cur\n\n", b"Subject: new\n\n"]


def test_a_folder_is_read_with_the_folders_in_it(tmp_path: Path) -> None:
    """Files, maildirs and folders of either; what is hidden, and what a link leads to, is passed over."""
    for place in ("top.eml", "deep/er/one.eml", "box/new/1.x", "box/tmp/2.x", "box/.Sent/cur/3.x", ".hidden/4.eml"):
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_bytes(place.encode())
    (tmp_path / "deep" / "again").symlink_to(tmp_path)

    assert read_reports(str(tmp_path)) == [b"box/new/1.x", b"deep/er/one.eml", b"top.eml"]


def test_another_folder_has_a_message_in_each_file(tmp_path: Path) -> None:
    """Hidden files are not messages."""
    (tmp_path / "b.eml").write_bytes(b"b")
    (tmp_path / "a.eml").write_bytes(b"a")
    (tmp_path / ".hidden").write_bytes(b"c")

    assert read_reports(str(tmp_path)) == [b"a", b"b"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mail server's pipe ends here."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ONE)))

    assert read_reports("-") == [ONE]


def test_an_empty_file_is_an_empty_report_and_a_missing_one_an_error(tmp_path: Path) -> None:
    """None is lost."""
    (tmp_path / "empty").touch()

    assert read_reports(str(tmp_path / "empty")) == [b""]
    with pytest.raises(AssertionError, match="missing"):
        read_reports(str(tmp_path / "missing"))


def test_what_cannot_be_read_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    """A file that has gone, within a folder: here one that the system opens and does not read."""
    for name in ("a", "c"):
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / "b").symlink_to("/proc/self/mem")
    named: list[str] = []

    found = list(report_files.read_reports(str(tmp_path), unreadable=lambda name, _: named.append(name)))

    assert (found, named) == ([b"a", b"c"], [str(tmp_path / "b")])
