"""Spell names in `[a-z0-9-]`: slugs that stay readable in many scripts; and the other way round, as well as can be."""

import hashlib
import re
import unicodedata

from syndicate.core.indic import spell_indic

_LONGEST = 60
_OTHERS = re.compile(r"[^a-z0-9]+")


def _table(letters: str, spelled: str) -> dict[str, str]:
    return dict(zip(letters, spelled.split(), strict=True))


_LATIN = {
    "ß": "ss",
    "ø": "o",
    "æ": "ae",
    "œ": "oe",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ı": "i",
    "ŋ": "ng",
    "ħ": "h",
    "&": " and ",
}
_CYRILLIC = _table("абвгдезийклмнопрстуфыэіїєґўјљњћђџ", "a b v g d e z i y k l m n o p r s t u f y e i i e g u j lj nj c dj dz") | {
    "ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya", "қ": "q", "ғ": "gh",
    "ә": "a", "ө": "o", "ү": "u", "ұ": "u", "ң": "ng", "һ": "h",
}  # fmt: skip
_GREEK = _table("αβγδεζηικλμνοπρσςτυφω", "a v g d e z i i k l m n o p r s s t y f o") | {
    "θ": "th", "ξ": "x", "χ": "ch", "ψ": "ps",
}  # fmt: skip
_ARABIC = _table("ابتجحدرزسصضطظعفقكلمنهويةىپچگکی", "a b t j h d r z s s d t z a f q k l m n h w y a a p ch g k y") | {
    "ث": "th", "خ": "kh", "ذ": "dh", "ش": "sh", "غ": "gh", "ء": "", "ئ": "y", "ؤ": "w", "أ": "a", "إ": "i", "آ": "a", "ژ": "zh",
}  # fmt: skip
_HEBREW = _table("אבגדהוזחטיכךלמםנןסעפףצץקרת", "a b g d h v z h t y k k l m m n n s a p p ts ts k r t") | {"ש": "sh"}
_SPELLED = _LATIN | _CYRILLIC | _GREEK | _ARABIC | _HEBREW
# Syllables whose Unicode name ends in their sound: "HANGUL SYLLABLE GUG", "KATAKANA LETTER NI".
_SOUNDED = re.compile(
    r"(?:HANGUL SYLLABLE|(?:HIRAGANA|KATAKANA|GEORGIAN|ARMENIAN)\b.* LETTER) (?:SMALL )?(?:[A-Z]+ )*([A-Z]+)"
)


def slugify(name: str) -> str:
    """Return a name as a slug of at most 60 characters; the same name, the same slug, on every machine.

    Latin, Cyrillic, Greek, Arabic, Hebrew, Hangul, kana and the scripts of India are spelled by sound. A name of which nothing can be spelled
    (Chinese: how its characters sound no table of the standard library tells) becomes `section-` and a digest of it.
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    spelled = _OTHERS.sub("-", "".join(map(_spell, spell_indic(folded)))).strip("-")
    if len(spelled) > _LONGEST:
        spelled = spelled[: _LONGEST + 1].rpartition("-")[0] or spelled[:_LONGEST]
    if spelled:
        return spelled
    return f"section-{hashlib.blake2b(folded.encode('utf-8', 'surrogatepass'), digest_size=4).hexdigest()}"


def _spell(character: str) -> str:
    if character.isascii():
        return _SPELLED.get(character, "" if character == "'" else character)
    if (known := _SPELLED.get(character)) is not None:
        return known
    if "가" <= character <= "힣" or _SOUNDED.match(unicodedata.name(character, "")) is not None:
        return unicodedata.name(character).rpartition(" ")[2].lower()
    if unicodedata.category(character)[0] == "M" or character in "’ʼー\u200c\u200d":
        return ""
    pieces = unicodedata.normalize("NFKD", character)
    if pieces != character:
        return "".join(_spell(piece) for piece in pieces if not unicodedata.combining(piece))
    return " "


def title_of(name: str) -> str:
    """Return a slug or a name from the configuration as a title, for want of one; its own capitals stay."""
    words = name.replace("-", " ").replace("_", " ")
    return words.title() if words == words.lower() else words
