"""Recognise what is printed before a story's first sentence: place, date and agency, or a label."""

import re

_LONGEST = 200  # characters in which a dateline has ended

_NAMES = """adnkronos|aa|afp|agi|anadolu|anp|ansa|antara|ap|apa|askanews|associated press|ats|belga|bernama|bloomberg|bns|bta|business wire|cna|cnn|cnw
    |dapd|dpa|efe|epd|europa press|globenewswire|hina|ians|interfax|irna|itar-tass|jiji|kcna|keystone-sda|kna|kyodo|lapresse|lusa|mti|notimex|ntb|pa|pap
    |prnewswire|pti|reuters|ria|ritzau|sda|sid|sputnik|stt|tanjug|tass|télam|the canadian press|tt|unian|upi|xinhua|yonhap|čtk
    |белта|интерфакс|риа новости|тасс|укринформ|укрінформ|уніан|унн|أ ف ب|أ.ف.ب|الأناضول|بنا|د ب أ|رويترز|سانا|شينخوا|قنا|واس|وام"""
_AGENCIES = frozenset("".join(_NAMES.split("\n    ")).split("|"))
_SURE = re.compile(  # agencies after which the dash may be missing
    r"(?:CNN|AP|AFP|Reuters|REUTERS|UPI|Xinhua|dpa|DPA|EFE|ANSA|Lusa|ANP|TASS|PTI|IANS|Bloomberg|[A-Z][\w.]{2,20}\.com)"
)
_PRESS = re.compile(
    r"\b(?:news\w*|\w*wire|times|\w*press|post|presse|zeitung|daily|mail|herald|tribune|journal|gazette|guardian|telegraph|the\s+independent|standard|chronicle"
    r"|observer|star|sun|mirror|echo|radio|tv|agency|agentur|agence|agencia|agenzia|agência|media|magazine|today|online|forbes|\w+\.\w{2,4})\b",
    re.IGNORECASE,
)
_PARTY_NAMES = """afd bsw bq cda cdu con csu d66 dem democrat dup fdi fdp fpö green greens grüne ind lab labour lega lfi lib linke lr m5s ndp neos pd pp ps
    psoe pvv republican rn snp spd spö svp tory ukip vox vvd övp"""
_PARTIES = frozenset(_PARTY_NAMES.split())
_OF_A_STATE = re.compile(r"[RDI]-[A-Z][\w.]*")  # (R-Ohio)

_COUNTRY_NAMES = """Afghanistan|Albania|Algeria|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahrain|Bangladesh|Belarus|Belgium|Bolivia|Bosnia
    |Botswana|Brazil|Bulgaria|Burkina Faso|Burundi|Cambodia|Cameroon|Canada|Chad|Chile|China|Colombia|Costa Rica|Croatia|Cuba|Cyprus|Czech Republic|DC
    |DR Congo|Denmark|Ecuador|Egypt|El Salvador|England|Eritrea|Estonia|Ethiopia|Fiji|Finland|France|Gabon|Gambia|Gaza|Georgia|Germany|Ghana|Greece
    |Guatemala|Guinea|Haiti|Honduras|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|Israel|Italy|Ivory Coast|Jamaica|Japan|Jordan|Kazakhstan|Kenya
    |Kosovo|Kuwait|Kyrgyzstan|Laos|Latvia|Lebanon|Liberia|Libya|Lithuania|Madagascar|Malawi|Malaysia|Mali|Malta|Mauritania|Mexico|Moldova|Mongolia
    |Montenegro|Morocco|Mozambique|Myanmar|Namibia|Nepal|Netherlands|New Zealand|Nicaragua|Niger|Nigeria|North Korea|North Macedonia|Northern Ireland
    |Norway|Oman|Pakistan|Panama|Paraguay|Peru|Philippines|Poland|Portugal|Puerto Rico|Qatar|Romania|Russia|Rwanda|Saudi Arabia|Scotland|Senegal|Serbia
    |Sierra Leone|Singapore|Slovakia|Slovenia|Somalia|South Africa|South Korea|South Sudan|Spain|Sri Lanka|Sudan|Sweden|Switzerland|Syria|Taiwan
    |Tajikistan|Tanzania|Thailand|Tunisia|Turkey|Turkiye|Uganda|UK|Ukraine|United Arab Emirates|United Kingdom|United States|Uruguay|US|USA|Uzbekistan
    |Venezuela|Vietnam|Wales|West Bank|Yemen|Zambia|Zimbabwe"""
_COUNTRIES = frozenset("".join(_COUNTRY_NAMES.split("\n    ")).split("|"))

_DASH = r"(?:---?|[—–]|-(?=\s))"
_BRACKETED = re.compile(rf"([^\W\d_][^()!?:;—–]{{0,60}}?)?\s*\(([^()]{{2,40}})\)(?:\.?\s*({_DASH})|\s*[-:])?\s*")
_SLASHED = re.compile(rf"([^\W\d_][^()!?:;—–/]{{0,60}})/([^\s()/][^()/]{{0,30}}?)(?:/\s*\.?\s*{_DASH}?|\s*{_DASH})\s*")
_PLAIN = re.compile(rf"([^\W\d_][^()!?:;—–]{{1,80}}?)\s*{_DASH}\s*")
_DATE = re.compile(
    r"(?:[^\W\d_]{3,10}\.?\s*\d{1,2}|(?:le\s)?\d{1,2}\.?\s*(?:de\s)?[^\W\d_]{3,10}\.?)(?:,?\s*(?:de\s)?(?:19|20)\d\d)?"
)
_YEAR = re.compile(r",\s*(?=(?:19|20)\d\d)")
_REGION = re.compile(r"[^\W\d_][\w.’'-]{0,20}(?:\s[^\W\d_][\w.’'-]{0,20}){0,2}")
_ARABIC_PLACE = re.compile(r"[\u0620-\u064a]{3,}(?:\s[\u0620-\u064a]{3,})?")
_EASTERN = re.compile(  # 【…电】, …5月3日电（…）; 【…＝…】, （… 共同）; (…=…) … 기자 =
    r"""(?: 【[^【】]{2,30}[电電讯訊]】 | [\u4e00-\u9fff]{2,14}?\d{1,2}月\d{1,2}日[电電讯訊]
    | [（(［\[【][^（）()［］\[\]【】]{1,30}?(?:[＝=][^（）()［］\[\]【】]{1,20}|ロイター|共同|時事|ＡＰ|ＡＦＰ)[）)］\]】]
    )\s*(?:[（(][^（）()]{1,30}[）)]\s*)?(?:[\w·,\x20]{1,20}기자\s*[=＝]\s*)?(?:[-–—―－＝=]\s*)?""",
    re.VERBOSE,
)
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
# The hour of an entry of a live blog, before a sentence of five words: "19:00 Concert" is of a programme.
_HOUR = re.compile(
    r"""\d{1,2}(?:[:h]|\.(?=\d\d\s?(?:[ap]\.?m\b|GMT|BST|CES?T|Uhr)))\d\d(?!\s?(?:Minut|Min\b|Stunden|Uhr\s+[^\W\d_]))
    (?:\s?[ap]\.?m\b\.?)?+(?:\s(?:GMT|BST|CES?T|E[SD]?T|P[SD]?T|Uhr)\b)?+\s?(?:[-–—:|]\s?)?
    (?=(?:\S+\s+){4}\S | [\u3040-\u9fff]{8} | [\uac00-\ud7af])""",
    re.VERBOSE,
)


def without_hour(sentence: str) -> str:
    """Return a line's first sentence without the hour that an entry of a live blog has before it."""
    hour = _HOUR.match(sentence) if sentence[:1].isdigit() else None
    return sentence if hour is None or not _begins(sentence[hour.end() :]) else sentence[hour.end() :]


def without_dateline(sentence: str) -> str:
    """Return a sentence without the place and agency, or the label, before it."""
    if (glued := _PREFIX.match(sentence)) is not None:
        return sentence[glued.end() :]
    if (label := _LABEL.match(sentence[:_LONGEST])) is not None and _begins(sentence[label.end() :]):
        return sentence[label.end() :]
    beginning = sentence[:_LONGEST]
    end = _eastern(beginning) or _bracketed(beginning) or _slashed(beginning) or _plain(beginning)
    if end and beginning.startswith("("):
        end += _plain(beginning[end:])
    return sentence[end:]


def is_dateline(sentence: str) -> bool:
    """Say whether a sentence is nothing but a place with a date, as where an agency's name stands in the next."""
    return len(sentence) < _LONGEST and "," in sentence and _is_dated(sentence.rstrip("."))


def _eastern(text: str) -> int:
    """Return where a dateline in Chinese, Japanese or Korean ends, or 0."""
    found = None if text.isascii() else _EASTERN.match(text)
    return 0 if found is None or found.group().isascii() or found.end() == len(text) else found.end()


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


def _slashed(text: str) -> int:
    """Return where "München/dpa - " or "WASHINGTON, May 3 /PRNewswire/ -- " ends, or 0."""
    found = _SLASHED.match(text)
    rest = "" if found is None else text[found.end() :]
    told = found is not None and rest and _begins(rest) and _begins(found.group(1)) and _is_agency(found.group(2))
    return found.end() if found is not None and told else 0


def _plain(text: str) -> int:
    """Return where "WASHINGTON — ", "Paris, France – " or "PORT LOW, New Harwick, May 3 -- " ends, or 0."""
    found = _PLAIN.match(text)
    rest = "" if found is None else text[found.end() :]
    if found is None or not rest or not _begins(rest):
        return 0
    if _ARABIC_PLACE.fullmatch(found.group(1)) is not None:
        return found.end() if _SECOND_DASH.search(rest) is None else 0
    told = _is_place(found.group(1)) or _is_with_country(found.group(1))
    return found.end() if told and not rest[:_LETTERS].isupper() else 0


def _is_place(text: str) -> bool:
    """Say whether this is a place in capitals, perhaps with its country or state and the date, or any place with a date."""
    first, *others = _parts(text)
    if len(first) < 3 or len(first) > 40 or not first.isupper() or any(c.isdigit() for c in first):
        return _is_dated(text)
    named = [part for part in others if not (part.isupper() or _is_date(part))]
    return len(named) < 2 and all(map(_is_region, named))


def _is_dated(text: str) -> bool:
    first, *others = _parts(text)
    return (
        _is_region(first)
        and any(_is_date(part) for part in others)
        and all(_is_date(part) or _is_region(part) for part in others)
    )


def _is_date(text: str) -> bool:
    """Say whether this is "May 3" or "3 may", and not "then 16"."""
    return _DATE.fullmatch(text) is not None and _begins(text.removeprefix("le "))


def _is_region(text: str) -> bool:
    return _REGION.fullmatch(text) is not None and _begins(text)


def _is_with_country(text: str) -> bool:
    first, *others = _parts(text)
    return len(others) == 1 and others[0] in _COUNTRIES and _is_region(first)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in _YEAR.sub(" ", text).split(",")]


def _is_press(bracketed: str) -> bool:
    return any(map(_is_agency, bracketed.split())) or _is_agency(bracketed) or _PRESS.search(bracketed) is not None


def _is_agency(text: str) -> bool:
    name = text.casefold()
    return name in _AGENCIES or not _AGENCIES.isdisjoint(re.split(r"[/,&-]+", name))


def _is_party(bracketed: str) -> bool:
    return _OF_A_STATE.fullmatch(bracketed) is not None or not _PARTIES.isdisjoint(
        re.split(r"[/,\s]+", bracketed.casefold())
    )


def _begins(text: str) -> bool:
    """Say whether a text begins as a sentence does: with a capital or a number, or in a script that has none."""
    first = text.lstrip(_OPENING)[:1]
    return not first or first.isdigit() or (first.isalpha() and not first.islower())
