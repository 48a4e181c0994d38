"""Say where a sentence goes on after a stop in a quotation, in scripts that have no small letters to tell it."""

import re

_FURTHEST = 100  # characters, beyond which a quotation's other end and its speaker are not looked for

# 「…。」と言った。 and, straight after the quotation or up to the next mark, who says so.
_ON = {
    "ja": re.compile("[とってなはがをにへもで、，]"),
    "zh": re.compile(
        "[^。！？，；：“”「」]{0,30}?(?:[说說问問称稱喊]道?|表示|指出|回答|[补補]充|[强強][调調]|[认認][为為]|写道|寫道|[笑答叹嘆]道)[。，：；！？]"
    ),
    "he": re.compile(r"(?:אמר|הוסיפ?|השיב|טען|סיפר|ציינ?|הסביר|שאל|קרא|הודיע|כתב|הבהיר)(?:ה|ו|ף|ן)?\s(?!כי\b)[^.:!?]{2,50}[.,]"),
    "ar": re.compile(r"(?:قال|أضاف|أكد|أوضح|صرح|تابع|سأل|هتف|كتب)ت?\s[^.:!?؟]{2,50}[.،]"),
    "fa": re.compile(r"[^.:!?؟»]{0,40}\s?(?:گفت|گفته است|افزود|پرسید|نوشت|تأکید کرد|اظهار داشت)(?:ند)?[.،]"),
}  # fmt: skip
_THAT = re.compile(r"\s(?:إن|أن|بأن|إنه|إنها|كי|כי|که)\s")
_CLOSED = re.compile('[」』”’"»]$')
_PAIRS = (("「", "」"), ("『", "』"), ("“", "”"))
WITHOUT_CAPITALS = frozenset((*_ON, "ko"))


def goes_on_from_quotation(paragraph: str, start: int, end: int, language: str) -> bool:
    """Say whether a sentence that begins at `start` goes on where it seems to end: a quotation is open, or its speaker comes."""
    said = paragraph[max(start, end - _FURTHEST) : end].rstrip()
    coming = paragraph[end : end + _FURTHEST]
    if language not in ("ar", "fa", "he"):
        for opening, closing in _PAIRS:
            if said.count(opening) > said.count(closing):
                return closing in coming
        if end - start < _FURTHEST and said.count('"') % 2:
            return '"' in coming
    if language not in _ON or _CLOSED.search(said) is None:
        return False
    speaker = _ON[language].match(coming)
    return speaker is not None and _THAT.search(speaker.group()) is None
