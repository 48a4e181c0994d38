"""Cut plain text into sentences and count its words."""

import re
from bisect import bisect_right

from syndicate.core.abbreviations import (
    ANY_LANGUAGE,
    BEFORE_NUMBERS,
    BY_LANGUAGE,
    CASELESS,
    CLOCK,
    FIRMS,
    MAY_END,
    ORDINALS,
    STARTERS,
    YEARS,
)
from syndicate.core.language_tags import primary
from syndicate.core.quotations import WITHOUT_CAPITALS, goes_on_from_quotation
from syndicate.core.stopwords import stop_words

LONGEST = 200_000  # characters that are looked at; what follows in a longer text is left alone

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNSPACED = re.compile(f"[{_CJK}\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
_PER_MINUTE = {"zh": 260, "ja": 220, "th": 220, "ar": 140, "he": 190, "fi": 160, "ru": 180, "uk": 180}
_LONGEST_WORD = 15  # in a text that is to be cut
_CHARACTERS_PER_WORD = 1.7  # of a script without spaces
_CUT_OFF = "…"
_LOOSE_ENDS = " ,;:–—-…、，；："  # stand badly before it

_OPENING = "\"'“‘«‹„‚¿¡(\\[–—-"
_CLOSING = "\"'”’»›“)\\]"
_STOPS, _FULL_STOPS = ".!?…؟۔।։", "。！？｡"
_END = re.compile(  # begins with a plain set, which is searched for much faster than alternatives are
    rf"[{_STOPS}{_FULL_STOPS}](?:"
    rf"(?<=[{_STOPS}])[{_STOPS}]*(?:[{_CLOSING}]|[ \u00a0\u202f]»)*(?=\s|$)"  # a stop, its closing quotes, a space
    rf"|(?<=[.!?])[.!?]*[”’\"](?=[A-Z“\"])"  # … or a new sentence glued to a closing quote
    rf"|(?<=[a-zß-ÿ]{{2}}[.!?])(?=[A-ZÀ-Þ][a-zß-ÿ]|[“‘][A-ZÀ-Þ])"  # … or glued to the stop itself
    rf"|(?<=[{_FULL_STOPS}])[{_FULL_STOPS}]*[」』”’）〉》\"]*)\s*"
)
_LAST_WORD = re.compile(r"[^\s()\[\"'’“‘«„—–]{1,40}$")
_INITIAL = re.compile(r"[^\W\d_]\.?(?:-[^\W\d_])?")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{0,2}")
_LOWER_CASE_NEXT = re.compile(rf"[ {_OPENING}]*[^\W\d_]")
_GOING_ON = (",", ";", "»,", "»;")
_ELISION = ("'", "’")
_SPACED_BEFORE = re.compile(r"(?<!\w)(?:[^\W\d_]{1,2}\. )+$")
_SPACED_AFTER = re.compile(r"([^\W\d_]{1,2})\.")
_ROMAN = re.compile(r"(?:[IVXL]{2,}|[VX])\b")
_DAY = re.compile(r"(?<!\S)\d{1,2}$")
_MONTH = re.compile(r"(?:0?[1-9]|1[0-2])\.")
_DAY_AND_MONTH = re.compile(r"(?<!\S)\d{1,2}\. ?\d{1,2}$")
_YEAR = re.compile(r"(?:19|20)\d\d\b")
_NUMERALS = tuple("0123456789IVXІХ")
_NO_WORD = re.compile(r"\W+")
_LOOKED_BACK = 60  # characters
_FEWEST_WORDS = 4  # before "2026 г.", where a sentence may end there; the Cyrillic year opens many


def words(text: str) -> int:
    """Count the words of a text; in scripts without spaces, about as many as a reader would."""
    if text.isascii():
        return len(text.split())
    spaced, count = _UNSPACED.subn(" ", text)
    return len(spaced.split()) + round(count / _CHARACTERS_PER_WORD) if count else len(spaced.split())


def bare_words(text: str) -> str:
    """Return the words of a text alone, in lower case, to compare what two texts say."""
    return _NO_WORD.sub(" ", text.casefold()).strip()


def reading_minutes(text: str, language: str) -> int:
    """Return how many minutes a text takes to read, at least one; 0 where there is no text."""
    if not text.strip():
        return 0
    return max(1, round(words(text) / _PER_MINUTE.get(primary(language), 230)))


def sentences(text: str, language: str) -> tuple[str, ...]:
    """Cut plain text into its sentences, verbatim; a sentence never crosses the end of a paragraph."""
    language = primary(language)
    found: list[str] = []
    for paragraph in text[:LONGEST].splitlines():
        if paragraph := paragraph.strip():
            found.extend(_sentences_of(paragraph, language))
    return tuple(found)


def cut(sentence: str, most: int) -> str:
    """Return the beginning of a sentence and an ellipsis, at most so many words, when it is longer than that."""
    beginning = sentence[: most * _LONGEST_WORD].strip()
    if words(beginning) <= most:
        return beginning if len(beginning) == len(sentence.strip()) else beginning + _CUT_OFF
    pieces = re.findall(r"\s*\S+", beginning)
    if beginning.count(" ") * 3 <= most or words(pieces[0] + _CUT_OFF) > most:
        pieces = list(beginning)
    numbers = range(1, len(pieces) + 1)
    fitting = bisect_right(numbers, most, key=lambda number: words("".join(pieces[:number]) + _CUT_OFF))
    return "".join(pieces[:fitting]).strip().rstrip(_LOOSE_ENDS) + _CUT_OFF


def _sentences_of(paragraph: str, language: str) -> list[str]:
    found: list[str] = []
    start = 0
    for end in _END.finditer(paragraph):
        if end.end() < len(paragraph) and not _ends_sentence(paragraph, start, end, language):
            continue
        if sentence := paragraph[start : end.end()].strip():
            found.append(sentence)
        start = end.end()
    if rest := paragraph[start:].strip():
        found.append(rest)
    return found


def _ends_sentence(paragraph: str, start: int, end: re.Match[str], language: str) -> bool:
    mark = end.group().strip()
    quoting = mark[0] in _FULL_STOPS or language in WITHOUT_CAPITALS
    if quoting and goes_on_from_quotation(paragraph, start, end.end(), language):
        return False
    if mark[0] in "。！？｡؟۔।։":
        return True
    following = paragraph[end.end() : end.end() + 20]
    first = _LOWER_CASE_NEXT.match(following)
    if first is not None and first.group()[-1].islower():
        # "Stop!" he said; the end … or not
        return False
    if following.startswith(_GOING_ON):
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    match = _LAST_WORD.search(paragraph, max(start, end.start() - 40), end.start())
    if match is None:
        return True
    if len(mark) > 1:
        return not _is_ordinal(match.group(), following, language)
    before = paragraph[max(start, match.start() - _LOOKED_BACK) : match.start()]
    return not _keeps_going(match.group(), before, following, language)


def _keeps_going(word: str, before: str, following: str, language: str) -> bool:
    """Say whether the stop after a word belongs to it: an abbreviation, an initial, an ordinal."""
    if word[-1].isdigit():
        return _is_ordinal(word, following, language) or (
            language in ORDINALS and _is_date(before[-5:] + word, following)
        )
    if word in YEARS and before[-2:].strip()[-1:] in _NUMERALS:
        return before.count(" ") < _FEWEST_WORDS
    known = BY_LANGUAGE.get(language, ANY_LANGUAGE)
    if len(word) < 3 and (more := _SPACED_AFTER.match(following)) and f"{word}.{more.group(1)}".lower() in known:
        return True
    lower = _looked_up(word, before, known, language)
    if _INITIAL.fullmatch(lower) is not None and _is_initial(word, following, language):
        return True
    if len(lower) == 1 and lower in known:
        return not before.endswith(_ELISION)
    if lower in ("a.m", "p.m"):
        return following.startswith(CLOCK)
    if lower == "co" and following.startswith(FIRMS):
        return True
    number_next = following[:1].isdigit()
    if lower in BEFORE_NUMBERS:
        return number_next or _ROMAN.match(following) is not None
    if lower in known:
        ends = lower in MAY_END and not (lower == "sr" and language in ("es", "pt"))
        return not ends or number_next or _more_of_a_name(lower, following, language)
    return _DOTTED.fullmatch(word) is not None and lower not in MAY_END and word[:1].isupper()


def _looked_up(word: str, before: str, known: frozenset[str], language: str) -> str:
    """Return a word as the lists of abbreviations have it: "z. B." in one, "Hauptstr." without what it is put together with."""
    lower = word.lower().rstrip(".")
    if len(lower) < 3:
        spaced = _SPACED_BEFORE.search(before[-12:])
        whole = lower if spaced is None else spaced.group().replace(" ", "").lower() + lower
        return whole if whole in known else lower
    if language == "de":
        part = lower.rpartition("-")[2]
        return "str" if part.endswith("str") else part if len(part) > 1 else lower
    return lower


def _is_ordinal(number: str, following: str, language: str) -> bool:
    if not number.isdigit():
        return False
    if language == "ko":  # 2026. 3. 1.; a sentence ends with a verb
        return True
    return language in ORDINALS and len(number) <= 2 and following[:1].isalpha()


def _is_date(written: str, following: str) -> bool:
    """Say whether a number is the day or the month of "31. 12. 2026"."""
    return (_DAY.search(written) is not None and _MONTH.match(following) is not None) or (
        _DAY_AND_MONTH.search(written) is not None and _YEAR.match(following) is not None
    )


def _is_initial(letter: str, following: str, language: str) -> bool:
    if language in CASELESS:
        return True
    return letter.isupper() and not (language == "en" and (letter == "I" or following.startswith(STARTERS)))


def _more_of_a_name(lower: str, following: str, language: str) -> bool:
    """Say whether "U.S." or "Inc." is followed by more of its noun phrase; only clear cases."""
    if lower in ("ee.uu", "e.v"):
        return following.partition(" ")[0].lower() not in stop_words(language)
    return lower in ("u.s", "u.k", "u.n", "d.c") and not following.startswith(STARTERS)
