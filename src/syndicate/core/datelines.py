"""Recognise what is printed before a story's first sentence: place, date and agency, or a label."""

import re

_LONGEST = 200  # characters in which a dateline has ended

_NAMES = """adnkronos|aa|afp|agi|anadolu|anp|ansa|antara|ap|apa|askanews|associated press|ats|belga|bernama|bloomberg|bns|bta|business wire|cna|cnn|cnw
    |dapd|dpa|efe|epd|europa press|globenewswire|hina|ians|interfax|irna|itar-tass|jiji|kcna|keystone-sda|kna|kyodo|lapresse|lusa|mti|notimex|ntb|pa|pap
    |prnewswire|pti|reuters|ria|ritzau|sda|sid|sputnik|stt|tanjug|tass|télam|the canadian press|tt|uni|unian|upi|xinhua|yonhap|čtk|ap photo"""
_AGENCIES = frozenset("".join(_NAMES.split("\n    ")).split("|"))
_SURE = re.compile(  # agencies after which the dash may be missing
    r"(?:CNN|AP|AFP|Reuters|REUTERS|UPI|Xinhua|dpa|DPA|EFE|ANSA|Lusa|ANP|TASS|PTI|IANS|Bloomberg|[A-Z][\w.]{2,20}\.com)"
)
_PRESS = re.compile(
    r"\b(?:news\w*|\w*wire|times|\w*press|post|presse|zeitung|daily|mail|herald|tribune|journal|gazette|guardian|telegraph|independent|standard|chronicle"
    r"|observer|star|sun|mirror|echo|radio|tv|agency|agentur|agence|agencia|agenzia|agência|media|magazine|today|online|forbes|\w+\.\w{2,4})\b",
    re.IGNORECASE,
)
_PARTY_NAMES = """afd bsw bq cda cdu con csu d66 dem democrat dup fdi fdp fpö green greens grüne ind lab labour lega lfi lib linke lr m5s ndp neos pd pp ps
    psoe pvv republican rn snp spd spö svp tory ukip vox vvd övp"""
_PARTIES = frozenset(_PARTY_NAMES.split())
_OF_A_STATE = re.compile(r"[RDI]-[A-Z][\w.]*")  # (R-Ohio)

_DASH = r"(?:---?|[—–]|-(?=\s))"
_BRACKETED = re.compile(rf"([^\W\d_][^()!?:;—–]{{0,60}}?)?\s*\(([^()]{{2,40}})\)\s*(?:({_DASH})|[-:])?\s*")
_PLAIN = re.compile(rf"([^\W\d_][^()!?:;—–]{{1,80}}?)\s*{_DASH}\s*")
_DATE = re.compile(
    r"(?:[^\W\d_]{3,10}\.?\s*\d{1,2}|\d{1,2}\.?\s*(?:de\s)?[^\W\d_]{3,10}\.?)(?:,?\s*(?:de\s)?(?:19|20)\d\d)?"
)
_YEAR = re.compile(r",\s*(?=(?:19|20)\d\d)")
_REGION = re.compile(r"[^\W\d_][\w.’'-]{0,20}(?:\s[^\W\d_][\w.’'-]{0,20}){0,2}")
_SECOND_DASH = re.compile(r"\s(?:--?|[—–])\s")
_LETTERS = 40  # in which a sentence that is not printed in capitals has a small one
_OPENING = "\"'“‘«„¿¡("

# Glued in front of a real sentence where the paragraphs were lost.
_PREFIX = re.compile(
    r"(?:scroll\s+down\s+for\s+(?:video|more|audio)s?|media\s+playback\s+is\s+\w+\s+supported\s+on\s+this\s+device)[.\s]+(?=\S)",
    re.IGNORECASE,
)
# Before a sentence, and not before an hour or a day.
_LABEL = re.compile(
    r"(?:live|(?:last\s+)?updated?|breaking(?:\s+news)?)\s*:\s+(?!(?:mon|tues|wednes|thurs|fri|satur|sun)day\b)(?=(?:[^\W\d_][^\s]*\s+){5})",
    re.IGNORECASE,
)


def without_dateline(sentence: str) -> str:
    """Return a sentence without the place and agency, or the label, before it."""
    if (glued := _PREFIX.match(sentence) or _LABEL.match(sentence[:_LONGEST])) is not None:
        return sentence[glued.end() :]
    beginning = sentence[:_LONGEST]
    end = _bracketed(beginning) or _plain(beginning)
    return sentence[end:]


def _bracketed(text: str) -> int:
    """Return where "LONDON (Reuters) - ", "Beirut, Lebanon (CNN) -- " or "(CNN)" ends, or 0."""
    found = _BRACKETED.match(text)
    rest = "" if found is None else text[found.end() :]
    if found is None or not rest or not _begins(rest):
        return 0
    place, agency, dash = found.group(1) or "", found.group(2), found.group(3)
    if _SURE.fullmatch(agency) is not None:
        told = _begins(place) and ("." not in place or _is_place(place))
    elif _is_party(agency):
        told = False
    elif not place:
        told = (agency.isalpha() and agency.isupper() and len(agency) < 10) or (dash is not None and _is_press(agency))
    elif dash is None:
        told = False
    else:
        told = _is_place(place) or (
            "." not in place and _begins(place) and _is_press(agency) and _SECOND_DASH.search(rest) is None
        )
    return found.end() if told else 0


def _plain(text: str) -> int:
    """Return where "WASHINGTON — " or "PORT LOW, New Harwick, May 3 -- " ends, or 0."""
    found = _PLAIN.match(text)
    rest = "" if found is None else text[found.end() :]
    if found is None or not rest or not _begins(rest) or not _is_place(found.group(1)):
        return 0
    return 0 if rest[:_LETTERS].isupper() else found.end()


def _is_place(text: str) -> bool:
    """Say whether this is a place in capitals, perhaps with its country or state and the date, or any place with a date."""
    first, *others = (part.strip() for part in _YEAR.sub(" ", text).split(","))
    dated = any(_DATE.fullmatch(part) is not None for part in others)
    if len(first) < 3 or len(first) > 40 or not first.isupper() or any(c.isdigit() for c in first):
        return dated and _REGION.fullmatch(first) is not None and first[0].isupper()
    return all(
        part.isupper() or _DATE.fullmatch(part) is not None or (_REGION.fullmatch(part) is not None and _begins(part))
        for part in others
    )


def _is_press(agency: str) -> bool:
    names = {agency.casefold(), *re.split(r"[/,&\s]+", agency.casefold())}
    return not names.isdisjoint(_AGENCIES) or _PRESS.search(agency) is not None


def _is_party(bracketed: str) -> bool:
    return _OF_A_STATE.fullmatch(bracketed) is not None or not _PARTIES.isdisjoint(
        re.split(r"[/,\s]+", bracketed.casefold())
    )


def _begins(text: str) -> bool:
    """Say whether a text begins as a sentence does: with a capital or a number, or in a script that has none."""
    first = text.lstrip(_OPENING)[:1]
    return not first or first.isdigit() or (first.isalpha() and not first.islower())
