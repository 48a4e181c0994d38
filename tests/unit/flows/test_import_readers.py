"""Readers from spreadsheets, and back into one; on both databases."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from syndicate.core.links import Signer
from syndicate.core.readers import Change
from syndicate.errors import UsageError
from syndicate.flows.choosing import Choosing
from syndicate.flows.export_readers import ExportReaders
from syndicate.flows.import_readers import ImportReaders, ImportReport
from syndicate.flows.reader_records import Record
from syndicate.flows.readers import ReaderDesk
from syndicate.flows.readership import Readership
from syndicate.flows.subscribe import Subscribing
from syndicate.flows.unsubscribe import Unsubscribing
from syndicate.storage.tables import outbox

SIGNER = Signer(["a secret that is long enough"])
HEADER = "email,section,digest,timezone,language,name,status,consented_at,consent_source\n"
ANN = "ann@readers.example"


class Office:
    """Imports texts and answers questions about what became of them."""

    def __init__(self, readership: Readership, folder: Path) -> None:
        self.readership, self.folder = readership, folder
        self.desk = ReaderDesk(readership=readership, subscribing=Subscribing(readership=readership, signer=SIGNER))

    async def take(self, lines: str | bytes, *, header: str = HEADER) -> ImportReport:
        """Import a file of these lines."""
        path = self.folder / "people.csv"
        path.write_bytes(header.encode() + lines if isinstance(lines, bytes) else (header + lines).encode())
        return await ImportReaders(readership=self.readership).run(path)

    async def show(self, email: str = ANN) -> Record:
        """Return what is kept."""
        return await self.desk.show(email)

    async def letters(self) -> list[str]:
        """Return the kinds of the letters in the outbox."""
        async with self.readership.database.read() as connection:
            return list((await connection.execute(select(outbox.c.kind).order_by(outbox.c.id))).scalars())

    async def export(self) -> str:
        """Return the exported file."""
        file = io.StringIO(newline="")
        await ExportReaders(readership=self.readership).run(file)
        return file.getvalue()


@pytest.fixture
def office(readership: Readership, tmp_path: Path) -> Office:
    """Return an office with an empty readership."""
    return Office(readership, tmp_path)


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    """Return how many lines were added, updated, unchanged and rejected."""
    return report.added, report.updated, report.unchanged, len(report.rejected)


async def test_a_confirmed_reader_is_there_at_once(office: Office) -> None:
    """With sections by slug, title or old slug, each with each of the digests, and the proof that came along."""
    report = await office.take(
        f"{ANN},World News|games,weekly|daily,asia/tokyo,de,Ann,Confirmed,2024-02-03T04:05:06+01:00,fair 2024\n"
    )

    shown = await office.show()
    assert counts(report) == (1, 0, 0, 0)
    assert (shown["state"], shown["timezone"], shown["language"], shown["name"]) == (
        "confirmed",
        "Asia/Tokyo",
        "de",
        "Ann",
    )
    assert shown["sections"] == [{"section": slug, "digests": ["daily", "weekly"]} for slug in ("world", "sport")]
    assert [one["state"] for one in shown["digests"]] == ["active", "active"]
    assert shown["consent"][0]["source"] == "fair 2024"
    assert shown["confirmed_at"].isoformat() == "2024-02-03T03:05:06+00:00"
    assert await office.letters() == []


async def test_a_subscription_begins_with_the_consent(office: Office) -> None:
    """A slot between consent and import is owed; without a date, and for who is still to confirm, it begins now."""
    await office.take(
        f"{ANN},world,daily,,,,confirmed,2026-05-04T05:00:00Z,\n"
        "bob@readers.example,world,daily,,,,confirmed,,\n"
        "cat@readers.example,world,daily,,,,,2026-05-04T05:00:00Z,\n"
        "dan@readers.example,world,daily,,,,confirmed,2026-05-05,\n"
    )

    shown = [await office.show(f"{name}@readers.example") for name in ("ann", "bob", "cat", "dan")]
    assert [one["digests"][0]["since"].hour for one in shown] == [5, 6, 6, 6]


async def test_importing_again_changes_nothing(office: Office) -> None:
    """Also for those who are still to confirm, and those who have gone."""
    lines = "".join(
        f"r{n}@readers.example,world,daily,,,,{status},,\n"
        for n, status in enumerate(["confirmed", "unsubscribed", "bounced", "suppressed", ""])
    )
    await office.take(lines)
    before = await office.export()

    report = await office.take(lines)

    assert counts(report) == (0, 0, 5, 0)
    assert await office.export() == before
    assert await office.letters() == ["confirmation"]
    states = [(await office.show(f"r{n}@readers.example"))["state"] for n in range(5)]
    assert states == ["confirmed", "unsubscribed", "bounced", "suppressed", "pending"]


async def test_a_changed_line_updates(office: Office) -> None:
    """What is left blank stays as it is."""
    await office.take(f"{ANN},world,daily,Asia/Tokyo,de,Ann,confirmed,,\n")

    report = await office.take(f"{ANN.upper()},sport,daily|weekly,,,,confirmed,,\n")

    shown = await office.show()
    assert counts(report) == (0, 1, 0, 0)
    assert (shown["timezone"], shown["name"]) == ("Asia/Tokyo", "Ann")
    assert shown["sections"] == [{"section": "sport", "digests": ["daily", "weekly"]}]


async def test_bad_lines_are_told_and_the_rest_is_imported(office: Office) -> None:
    """Each with its number and a reason that says what to do."""
    report = await office.take(
        b"ann@readers.example,world,daily,,,,confirmed,,\n"
        b"no address,world,daily,,,,confirmed,,\n"
        b",world,daily,,,,confirmed,,\n"
        b"a1@readers.example,moon,daily,,,,confirmed,,\n"
        b"a2@readers.example,world,hourly,,,,confirmed,,\n"
        b"a3@readers.example,,daily,,,,confirmed,,\n"
        b"a4@readers.example,world,daily,Mars/Olympus,,,confirmed,,\n"
        b"a5@readers.example,world,daily,,x!,,confirmed,,\n"
        b"a6@readers.example,world,daily,,,,active,,\n"
        b"a7@readers.example,world,daily,,,,confirmed,yesterday,\n"
        b"a8@readers.example,world,daily,,,,confirmed,,,,more\n"
        b"c1@readers.example,world,daily,,,,confirmed,2999-01-01,\n"
        b"a9@readers.example,world,daily,,,\0,confirmed,,\n"
        b'"b1@readers.example,world,daily,,,,confirmed,,\n'
        b"b2@readers.example,world,daily,,,,confirmed,,\n"
    )

    assert counts(report) == (2, 0, 0, 13)
    assert [one.line for one in report.rejected] == list(range(3, 16))
    assert "world, sport" in report.rejected[2].reason
    assert "alerts, daily, weekly" in report.rejected[3].reason
    assert (await office.show("b2@readers.example"))["state"] == "confirmed"


async def test_addresses_that_differ_in_case_are_one_reader(office: Office) -> None:
    """Wherever in the file they stand; every line is counted."""
    report = await office.take(
        f"{ANN},world,daily,,,,confirmed,,\n"
        "bob@readers.example,world,daily,,,,confirmed,,\n"
        "Ann@Readers.Example,sport,daily,,,,confirmed,,\n"
    )

    assert counts(report) == (2, 1, 0, 0)
    assert (await office.show())["sections"] == [{"section": "sport", "digests": ["daily"]}]


async def test_lines_that_follow_one_another_are_one_reader(office: Office) -> None:
    """Systems that write a line for each section mean all of them; the gravest status counts."""
    lines = (
        f"{ANN},world,daily,,,,confirmed,,\n{ANN},sport,weekly,,,Ann,confirmed,,\n"
        "bob@readers.example,world,daily,,,,confirmed,,\nbob@readers.example,sport,daily,,,,unsubscribed,,\n"
    )

    assert counts(await office.take(lines)) == (2, 0, 2, 0)
    assert counts(await office.take(lines)) == (0, 0, 4, 0)
    shown = await office.show()
    assert (shown["name"], [one["section"] for one in shown["sections"]]) == ("Ann", ["world", "sport"])
    assert (await office.show("bob@readers.example"))["state"] == "unsubscribed"


async def _leave(office: Office) -> None:
    public_id = (await office.show())["public_id"]
    unsubscribing = Unsubscribing(readership=office.readership, signer=SIGNER)
    await unsubscribing.unsubscribe(SIGNER.unsubscribe(public_id, "daily"))


async def _choose(office: Office) -> None:
    public_id = (await office.show())["public_id"]
    choosing = Choosing(readership=office.readership, signer=SIGNER)
    await choosing.change(SIGNER.preferences(public_id), Change(sections=(("sport", ("weekly",)),)))


@pytest.mark.parametrize("act", [_leave, _choose], ids=["left", "chose"])
async def test_what_a_reader_did_here_stands(office: Office, act: Callable[[Office], Awaitable[None]]) -> None:
    """Neither is he brought back, nor are his own choices undone."""
    line = f"{ANN},world,daily|alerts,,,,confirmed,,\n"
    await office.take(line)
    await act(office)
    before = await office.show()

    report = await office.take(line)

    assert counts(report) == (0, 0, 1, 0)
    assert await office.show() == before


async def test_who_was_erased_or_suppressed_stays_away(office: Office) -> None:
    """Their addresses do not come in again."""
    await office.take(f"{ANN},world,daily,,,,confirmed,,\n")
    await office.desk.erase(ANN)
    await office.desk.suppress("bob@readers.example")

    report = await office.take(
        f"{ANN},world,daily,,,,confirmed,,\nBob@readers.example,world,daily,,,,,,\n{ANN},,,,,,bounced,,\n"
    )

    assert counts(report) == (0, 0, 3, 0)
    assert "readers.example" not in await office.export()
    assert await office.letters() == []


async def test_a_file_may_end_what_is_open(office: Office) -> None:
    """Confirmed there, confirmed here; gone there, gone here."""
    await office.take(f"{ANN},world,daily,,,,,,\n")

    confirmed = await office.take(f"{ANN},world,daily,,,,confirmed,,\n")
    assert (await office.show())["digests"][0]["state"] == "active"
    bounced = await office.take(f"{ANN},,,,,,bounced,,\n")
    left = await office.take(f"{ANN},,,,,,unsubscribed,,\n")

    assert [counts(one)[1:3] for one in (confirmed, bounced, left)] == [(1, 0), (1, 0), (0, 1)]
    shown = await office.show()
    assert (shown["state"], shown["suppressed"]) == ("bounced", "imported as bounced")


async def test_what_is_exported_can_be_imported_elsewhere(office: Office) -> None:
    """The same readers with the same choices, one whose sections come at different paces too, and no formula for a spreadsheet."""
    await office.take(
        f'{ANN},world|sport,daily,Asia/Tokyo,de,"O\'Ann, ""A""",confirmed,2024-02-03T04:05:06Z,fair\n'
        "bob@readers.example,world,daily,,,=cmd(),confirmed,,\n"
        "cat@readers.example,world,daily,,,,unsubscribed,,\ndan@readers.example,world,weekly,,,,,,\n"
    )
    public_id = (await office.show())["public_id"]
    choosing = Choosing(readership=office.readership, signer=SIGNER)
    await choosing.change(
        SIGNER.preferences(public_id), Change(sections=(("world", ("daily",)), ("sport", ("weekly",))))
    )
    exported = await office.export()
    for name in ("ann", "bob", "dan"):
        await office.desk.erase(f"{name}@readers.example")
        await office.desk.unsuppress(f"{name}@readers.example")

    report = await office.take(exported, header="")

    assert counts(report) == (3, 0, 2, 0)
    assert sorted((await office.export()).splitlines()) == sorted(exported.splitlines())
    assert (await office.show())["name"] == 'O\'Ann, "A"'
    assert "=cmd" not in {line.split(",")[5] for line in exported.splitlines()}


async def test_a_file_of_utf_16_with_tabs_is_read(office: Office, tmp_path: Path) -> None:
    """That is what a spreadsheet calls Unicode text."""
    path = tmp_path / "unicode.txt"
    path.write_bytes(
        "E-Mail\tSection\tDigest\tStatus\r\nzoë@readers.example\tWorld\tdaily\tconfirmed\r\n".encode("utf-16")
    )

    report = await ImportReaders(readership=office.readership).run(path)

    assert counts(report) == (1, 0, 0, 0)
    assert (await office.show("zoë@readers.example"))["state"] == "confirmed"


@pytest.mark.parametrize("header", ["", "name,section\n", f"{ANN},world,daily\n"])
async def test_a_file_without_addresses_is_refused(office: Office, header: str) -> None:
    """The error says what is missing."""
    with pytest.raises(UsageError, match="email"):
        await office.take("a,b,c\n", header=header) if header else await office.take("", header="")


async def test_a_missing_file_is_refused(office: Office, tmp_path: Path) -> None:
    """With its name."""
    with pytest.raises(UsageError, match="nowhere"):
        await ImportReaders(readership=office.readership).run(tmp_path / "nowhere.csv")


async def test_many_readers_come_in_chunks(office: Office, tmp_path: Path) -> None:
    """Progress is told in lines and bytes, and the report counts all."""
    path = tmp_path / "many.csv"
    path.write_text(HEADER + "".join(f"r{n}@readers.example,world,daily,,,,confirmed,,\n" for n in range(1201)))
    told: list[tuple[int, int]] = []

    report = await ImportReaders(readership=office.readership).run(path, progress=lambda *at: told.append(at))

    assert counts(report) == (1201, 0, 0, 0)
    assert [line for line, _ in told] == [501, 1001, 1202]
    assert told[-1][1] == path.stat().st_size
    assert len([one async for one in office.desk.walk()]) == 1201


async def test_an_import_and_sign_ups_at_the_same_time_lose_nobody(office: Office, tmp_path: Path) -> None:
    """Each address is one reader, whoever was first."""
    path = tmp_path / "race.csv"
    path.write_text(HEADER + "".join(f"r{n}@readers.example,world,daily,,,,confirmed,,\n" for n in range(600)))
    imports = [ImportReaders(readership=office.readership).run(path) for _ in range(2)]
    asked = [
        office.desk.subscribing.sign_up(email=f"R{n}@readers.example", sections=["sport"], digests=["daily"])
        for n in range(0, 600, 40)
    ]

    reports = (await asyncio.gather(*imports, *asked))[:2]

    assert sum(one.added + one.updated + one.unchanged for one in reports if isinstance(one, ImportReport)) == 1200
    assert len([one async for one in office.desk.walk()]) == 600
    assert {one.subscriber.state async for one in office.desk.walk()} == {"confirmed"}
