"""Cut plain text into sentences and count its words."""

import re
from bisect import bisect_right

from syndicate.core.language_tags import primary

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
_LAST_WORD = re.compile(r"[^\s()\[\"'“‘«„—–]{1,40}$")
_INITIAL = re.compile(r"[^\W\d_]\.?(?:-[^\W\d_])?")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{0,2}")
_LOWER_CASE_NEXT = re.compile(rf"[ {_OPENING}]*[^\W\d_]")
# A Japanese sentence goes on after a quotation: 「…。」と言った。
_ON_FROM_QUOTE = re.compile("[とってなはがをにへもで、，]")
_QUOTATION = 100  # characters, beyond which its other end is not looked for

_CLOCK = (
    "ET",
    "EST",
    "EDT",
    "CT",
    "CST",
    "CDT",
    "PT",
    "PST",
    "PDT",
    "GMT",
    "BST",
    "UTC",
    "Mon",
    "Tue",
    "Wed",
    "Thu",
    "Fri",
    "Sat",
    "Sun",
)

_COMMON = "no nr vs etc approx fig vol ca cf st dr prof ed"
_ABBREVIATIONS: dict[str, str] = {
    "en": """mr mrs ms messrs dr prof sr jr st mt ft gen lt col sgt capt cmdr adm maj brig rev hon gov sen rep reps sens
        pres supt det insp dept univ inc corp co ltd llc bros assn etc vs v no nos vol fig jan feb mar apr jun jul aug sep
        sept oct nov dec ave blvd rd a.m p.m e.g i.e u.s u.k u.n d.c ph.d est al approx cf ed esq pvt spc cpl atty d-n.y""",
    "de": """abs abt bzw ca d d.h dr evtl gem ggf h.c hl hr hrsg i inkl jh kap lt max mind mio mrd nr o o.ä prof s s.o sog st str
        tel u u.a usw u.u v v.a vgl vs z z.b z.t zzgl dipl ing fr jan feb mär apr aug sept okt nov dez bspw geb gest etc rd""",
    "fr": """m mm mme mmes mlle dr me pr st ste av bd cf env etc ex fig hab no p.ex tél vol janv févr avr juil sept oct nov
        déc art chap éd""",
    "es": """sr sra sres srta d dña dr dra ud uds avda av pág págs p.ej etc ee ee.uu núm no tel art gral lic ing prof sto sta
        ene feb mar abr jun jul ago sept oct nov dic depto cía""",
    "it": "sig sigg sig.ra dott dott.ssa prof ing avv on sen ecc es pag pagg art n tel s.p.a spa v cfr geom mons rag gen feb apr "
    "giu lug ago sett ott nov dic",
    "pt": "sr sra srs dr dra prof profa eng av art etc ex exmo pág págs n no núm tel vol lda s.a gen cel jan fev mar abr jun jul ago nov dez",
    "nl": "dhr mevr mw dr drs ing ir mr prof st nr blz bijv bv ca d.w.z enz etc evt i.v.m jl m.b.t max min mln mld mrt nl o.a okt resp tel "
    "t.a.v t/m vgl zgn",
    "ru": "г гг в вв д др им и.о т.е т.д т.п т.к стр ул пр просп млн млрд тыс руб коп см рис проф акад гл обл р-н св пос",
    "uk": "р рр ст д др ім і.о т.д т.п стор вул просп млн млрд тис грн коп див рис проф акад гол обл м смт св",
    "pl": "al art dr hab im inż itd itp jw m.in mgr mln mld nr np ok os par pl pt por prof proc r św tel tj tys tzw ul ur wg "
    "ww zob zł",
    "cs": "č čl dr ing mgr mj např obr odst p pí prof r resp st tj tzv",
    "fi": "esim klo ks mm n nk os s tms v vrt",
    "el": "αρ βλ δηλ δρ κ κα κκ π.χ σελ τηλ",
    "ar": "ق.م",
    "tr": "dr prof doç av sn vb vs no st cad sok mah bkz örn yrd müh tel alm ing",
    "sv": "bl.a d.v.s dr e.d etc ev f.d fr.o.m jfr kl m.fl m.m nr o.s.v prof s.k st t.ex t.o.m tel",
}
_ANY_LANGUAGE = frozenset(" ".join((_COMMON, _ABBREVIATIONS["en"])).split()) - {
    "no",
    "co",
    "est",
    "al",
    "ed",
    "in",
    "mar",
}
_BY_LANGUAGE = {language: frozenset(words.split()) | _ANY_LANGUAGE for language, words in _ABBREVIATIONS.items()}
# These end a sentence as often as not: they go on only before a number (No. 5, fig. 2).
_BEFORE_NUMBERS = frozenset(
    ["no", "nos", "nr", "fig", "vol", "art", "n", "pág", "págs", "p", "pp", "стр", "núm", "approx", "ca"]
)
# After these a capital letter is more often a new sentence than a name.
_MAY_END = frozenset(["inc", "corp", "co", "ltd", "llc", "bros", "etc", "a.m", "p.m", "u.s", "u.k", "u.n", "d.c", "e.u", "est", "usw", "ecc", "enz", "itd", "itp", "т.д", "т.п", "г", "гг", "р", "jr", "sr", "руб", "коп", "грн", "тыс", "млн", "млрд", "тис", "r", "vb", "ph.d", "ee.uu"])  # fmt: skip
# Where one letter before a stop is an initial or a title, though it has no capital form.
_CASELESS = frozenset(["ar", "fa", "ur", "he"])
# With these words a sentence begins, and no name goes on: "Plan B. Then", "in the U.S. They".
_STARTING = "The It In He She They But And This That Then There These Those When While After A I We As"
_STARTERS = ("“", '"', *(f"{word} " for word in _STARTING.split()))
# Months and numerals before which German, Nordic and Slavic ordinals keep going: "am 3. Oktober".
_ORDINALS = frozenset(["de", "da", "no", "nb", "nn", "fi", "cs", "sk", "pl", "hu", "tr", "hr", "sl", "sr", "et", "lv"])


def words(text: str) -> int:
    """Count the words of a text; in scripts without spaces, about as many as a reader would."""
    if text.isascii():
        return len(text.split())
    spaced, count = _UNSPACED.subn(" ", text)
    return len(spaced.split()) + round(count / _CHARACTERS_PER_WORD) if count else len(spaced.split())


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
    if mark[0] in "。！？｡":
        return not _within_quotation(paragraph, start, end)
    if mark[0] in "؟۔।։":
        return True
    following = paragraph[end.end() : end.end() + 12]
    first = _LOWER_CASE_NEXT.match(following)
    if first is not None and first.group()[-1].islower():
        # "Stop!" he said; the end … or not
        return False
    if mark[0] != "." or mark.startswith(".."):
        return True
    match = _LAST_WORD.search(paragraph, max(start, end.start() - 40), end.start())
    return match is None or not _keeps_going(match.group(), mark, following, language)


def _keeps_going(word: str, mark: str, following: str, language: str) -> bool:
    """Say whether the stop after a word belongs to it: an abbreviation, an initial, an ordinal."""
    lower = word.lower().rstrip(".")
    number_next = following[:1].isdigit()
    if lower.isdigit():
        if language == "ko":  # 2026. 3. 1.; a sentence ends with a verb
            return True
        return language in _ORDINALS and len(lower) <= 2 and not number_next and following[:1].isalpha()
    if len(mark) > 1:
        return False
    if _INITIAL.fullmatch(word) is not None:
        return _is_initial(word, following, language) or lower in _BY_LANGUAGE.get(language, ())
    if lower in ("a.m", "p.m"):
        return following.startswith(_CLOCK)
    if lower in _BEFORE_NUMBERS and number_next:
        return True
    known = _BY_LANGUAGE.get(language, _ANY_LANGUAGE)
    if lower in known and lower not in _BEFORE_NUMBERS:
        ends = lower in _MAY_END and not (lower == "sr" and language in ("es", "pt"))
        return not ends or number_next or _more_of_a_name(lower, following)
    return _DOTTED.fullmatch(word) is not None and lower not in _MAY_END and word[:1].isupper()


def _is_initial(letter: str, following: str, language: str) -> bool:
    if language in _CASELESS:
        return True
    return letter.isupper() and not (language == "en" and (letter == "I" or following.startswith(_STARTERS)))


def _more_of_a_name(lower: str, following: str) -> bool:
    """Say whether "U.S." or "Inc." is followed by more of its noun phrase; only clear cases."""
    return lower in ("u.s", "u.k", "u.n", "d.c") and not following.startswith(_STARTERS)


def _within_quotation(paragraph: str, start: int, end: re.Match[str]) -> bool:
    """Say whether a sentence goes on after a stop, because a quotation does, or because 「…。」 is not all of it."""
    said = paragraph[max(start, end.end() - _QUOTATION) : end.end()]
    coming = paragraph[end.end() : end.end() + _QUOTATION]
    for opening, closing in ("「」", "『』", "“”"):
        if said.count(opening) > said.count(closing):
            return closing in coming
    return said.rstrip()[-1] in "」』" and _ON_FROM_QUOTE.match(coming) is not None
