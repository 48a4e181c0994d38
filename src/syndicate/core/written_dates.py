"""Find dates that people wrote: "31 October 2024", "Oct 31, 2024 7:45 am EST", "31.10.2024"."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo


def _bare(name: str) -> str:
    """Return a name in small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


# As Latin, Cyrillic, Greek and Arabic papers write them, in the case that stands beside a day; accents do not matter.
_MONTHS = (
    "january jan januar janvier janv enero ene gennaio gen janeiro januari ianuarie ocak stycznia ledna tammikuuta января січня ιανουαριου يناير",
    "february feb februar fevrier fevr febrero febbraio fevereiro fev februari februarie subat lutego unora helmikuuta февраля лютого φεβρουαριου فبراير",
    "march mar marz maerz mars marzo marco maart martie mart maret marts marca brezna maaliskuuta марта березня μαρτιου مارس",
    "april apr avril avr abril aprile abr aprilie nisan kwietnia dubna huhtikuuta апреля квітня απριλιου أبريل ابريل",
    "may mai mayo maggio mag maio mei maj mayıs maja kvetna toukokuuta мая травня μαιου مايو",
    "june jun juni juin junio giugno giu junho iunie haziran czerwca cervna kesakuuta июня червня ιουνιου يونيو",
    "july jul juli juillet juil julio luglio lug julho iulie temmuz lipca cervence heinakuuta июля липня ιουλιου يوليو",
    "august aug aout agosto ago augustus augusti agustus agustos sierpnia srpna elokuuta августа серпня αυγουστου أغسطس اغسطس",
    "september sep sept septembre septiembre settembre set setembro septembrie eylul wrzesnia zari syyskuuta сентября вересня σεπτεμβριου سبتمبر",
    "october oct oktober okt octobre octubre ottobre ott outubro out octombrie ekim pazdziernika rijna lokakuuta октября жовтня οκτωβριου أكتوبر اكتوبر",
    "november nov novembre noviembre novembro noiembrie kasım listopada listopadu marraskuuta ноября листопада νοεμβριου نوفمبر",
    "december dec dezember dez decembre diciembre dic dicembre dezembro decembrie desember des aralık grudnia prosince joulukuuta декабря грудня δεκεμβριου ديسمبر",
)
_MONTH = {_bare(name): number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
# America's hours whose names do not say whether it is summer.
_PLACES = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}
_OFFSETS = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180, "msk": 180, "trt": 180,
    "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "ist": 330, "jst": 540,
    "kst": 540, "wib": 420, "sgt": 480, "hkt": 480, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "gst": 240, "pkt": 300,
}  # fmt: skip
_YEAR = r"(?P<year>(?:1[6-9]|20|21)\d\d)"
# A capital begins a name though a letter stands before it ("Jane DoeOctober 31"): pages glue their lines together.
_NAME = r"(?P<month>[A-Z]?[a-zß-ɏ]{2,13}|[A-Z]{3,9}|[Ͱ-ӿ\u0600-\u06ff]{3,12})\.?"
_DAY = r"(?P<day>[0-3]?\d)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?<!\d){_YEAR}-(?P<month>[01]\d)-(?P<day>[0-3]\d)(?!\d)",
        rf"(?<!\d){_YEAR}/(?P<month>[01]?\d)/(?P<day>[0-3]?\d)(?!\d)",
        rf"{_NAME}[ \u00a0]+{_DAY}(?:st|nd|rd|th)?[ \u00a0]*[,.]?[ \u00a0]+{_YEAR}",
        rf"(?<!\d){_DAY}(?:st|nd|rd|th|º|er|\.)?(?:[ \u00a0]+of|[ \u00a0]+de)?[ \u00a0-]*{_NAME}[ \u00a0]*[,-]?(?:[ \u00a0]*del?)?[ \u00a0]*{_YEAR}",
        rf"(?<![\d.]){_DAY}\.[ ]?(?P<month>[01]?\d)\.[ ]?{_YEAR}",
        rf"(?<![\d/])(?P<one>\d?\d)/(?P<two>\d?\d)/{_YEAR}",
        rf"(?<![\d-])(?P<day>[0-3]\d)-(?P<month>[01]\d)-{_YEAR}",
        rf"(?<!\d){_YEAR}年(?P<month>[01]?\d)月(?P<day>[0-3]?\d)日",
        rf"(?<!\d){_YEAR}년[ ]?(?P<month>[01]?\d)월[ ]?(?P<day>[0-3]?\d)일",
    )
)
_TIME = re.compile(
    r"(?:[ \u00a0]*г\.?)?(?:[ \u00a0]*(?:[,|/–—\-•·@]|at|um|à|às|a las|kl|о|в|T)?\.?[ \u00a0]*)(?P<hour>[0-2]?\d)[:.h](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:[.,]\d+)?)?(?!\d)"
    r"(?:[ \u00a0]*(?P<half>[AaPp])\.?[Mm]\b\.?)?(?:[ \u00a0]*(?:\(?(?P<zone>[A-Z]{1,4})\b\)?)?(?:[ \u00a0]*(?P<offset>[+-]\d\d:?\d\d|(?<=GMT|UTC)[+-]\d\d?)\b)?)?"
)
_SHORT_TIME = re.compile(
    r"(?:[ \u00a0]*(?:[,|–—\-•·@]|at)?[ \u00a0]*)(?P<hour>[01]?\d)[ ]?(?P<half>[AaPp])\.?[Mm]\b\.?(?:[ \u00a0]*(?P<zone>[A-Z]{1,4})\b)?"
)
_TIME_BEFORE = re.compile(
    r"(?P<hour>[0-2]?\d)[:.](?P<minute>[0-5]\d)(?:[ \u00a0]*(?P<half>[AaPp])\.?[Mm]\b\.?)?(?:[ \u00a0]*(?P<zone>[A-Z]{1,4})\b)?"
    r"[ \u00a0]*(?:[,|–—\-•·]|on)?[ \u00a0]*(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?[.,]?[ ]*)?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """A written date, with its hour when there was one, and where it stood. Without a zone the moment is naive."""

    value: date | datetime
    start: int
    end: int


def find_date(text: str) -> FoundDate | None:
    """Return the first date written in a text, or None. An impossible one (31 February) is none."""
    found = (hit for form in _FORMS for match in form.finditer(text) if (hit := _dated(match)) is not None)
    first = min(found, key=lambda hit: (hit.start, -hit.end), default=None)
    return None if first is None else _timed(first, text)


def _dated(match: re.Match[str]) -> FoundDate | None:
    parts = match.groupdict()
    if (
        "one" in parts
    ):  # 10/31/2024 or 31/10/2024; where both are possible, the day stands first, as in most of the world
        one, two = int(parts["one"]), int(parts["two"])
        day, month = (two, one) if two > 12 else (one, two)
    else:
        day, name = int(parts["day"]), parts["month"]
        month = int(name) if name.isdigit() else _month(name)
    try:
        value = date(int(parts["year"]), month, day)
    except ValueError:
        return None
    start = match.start()
    if "one" not in parts and not parts["month"].isdigit():  # what was glued before the name is not the date's
        start = min(start if match.start("day") == start else match.start("month"), match.start("day"))
    return FoundDate(value=value, start=start, end=match.end())


def _month(name: str) -> int:
    return _MONTH.get(_bare(name), 0)


def _timed(found: FoundDate, text: str) -> FoundDate:
    match = _TIME.match(text, found.end) or _SHORT_TIME.match(text, found.end)
    before = None if match is not None else _TIME_BEFORE.search(text[max(0, found.start - 40) : found.start])
    match = match or before
    if match is None:
        return found
    moment = _time_of(match)
    if moment is None:
        return found
    value = datetime.combine(found.value, moment)
    if before is not None:
        return FoundDate(value=value, start=max(0, found.start - 40) + before.start(), end=found.end)
    return FoundDate(value=value, start=found.start, end=match.end())


def _time_of(match: re.Match[str]) -> time | None:
    parts = match.groupdict()
    hour = int(parts["hour"])
    if (half := parts.get("half")) is not None:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "Pp" else 0)
    if hour > 23:
        return None
    return time(hour, int(parts.get("minute") or 0), int(parts.get("second") or 0), tzinfo=_zone(parts))


def _zone(parts: dict[str, str | None]) -> tzinfo | None:
    if (offset := parts.get("offset")) is not None:
        digits = offset[1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
        return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes)) if minutes < 1440 else None
    name = (parts.get("zone") or "").lower()
    if name in _PLACES:
        return ZoneInfo(_PLACES[name])
    return timezone(timedelta(minutes=_OFFSETS[name])) if name in _OFFSETS else None
