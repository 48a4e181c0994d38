"""Recognise lines that are printed around a story and are not the story: credits, notices, invitations to read on."""

import re

_FLAGS = re.IGNORECASE
# Whole lines and sentences. Matched from the start, so that a sentence that merely mentions such a thing is kept.
_FURNITURE = re.compile(
    r"""[\W_]*(?:
    (?:written\s+|reported\s+|reporting\s+)?by\s*[.:]?\s*$ | by\.?\s+(?:[A-Z][\w.'’-]+\s*){1,4}[.,]?$
    | (?:last\s+)?(?:updated|published|posted|created|modified)\s*(?:at|on)?\s*[:.]
    | \d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?|[A-Z]{2,4})?\b[\s,|]*(?:\w+\s+){0,2}\d{0,4}\.?$
    | (?:scroll|swipe)\s+down\s+(?:for|to)\b | media\s+playback\s+is | (?:click|tap)\s+(?:here|on|the|to)\b
    | (?:please\s+)?(?:read|see|watch|listen|find\s+out)\s+(?:more|also|next|now|the\s+full|the\s+rest|related)\b | more\s+(?:from|on|about)\s+[^.]{1,60}[.:]?\s*$
    | (?:related|see\s+also|read\s+also|also\s+read|recommended|most\s+read|share\s+this|advertisement|sponsored)\b\s*[^.]{0,60}(?:[:.]|$)
    | (?:photo|image|picture|video|gallery|watch|listen|opinion|live|photos|pictures|images)s?\s*(?:credit|caption|source|by|copyright)?\s*:
    | (?:image|photo)\s+(?:copyright|caption|source|credit)\b | get(?:ty|\s+the)\s+(?:images|latest|app)\b
    | (?:follow|like|join|find)\s+(?:us|me|him|her|@\S+|\w+\s+on\s+(?:twitter|facebook|instagram))\b
    | (?:sign\s+up|subscribe|download|register|log\s+in|e-?mail\s+(?:us|your|me|the)|contact\s+(?:us|the\s+author)|have\s+your\s+say|send\s+your)\b
    | (?:all\s+rights\s+reserved|this\s+(?:material|story|article|report|post|transcript)\s+(?:may\s+not|has\s+been|was|is\s+(?:not|from|based)|originally))
    | ©|\(c\)\s*\d{4}|copyright\b | the\s+opinions?\s+expressed\b | editor['’]?s?\s+note\b | transcript\s*\.?\s*$ | roll\s+call\s*\.?\s*$
    | (?:an?\s+|the\s+)?(?:earlier|previous|prior)\s+version\s+(?:of\s+(?:this|the\s+(?:story|article|report|headline))\b|(?:had\s+)?(?:said|stated|mis\w+)\b|incorrectly|wrongly|gave\s+the\s+wrong)
    | in\s+einer\s+(?:früheren|vorigen|ersten)\s+(?:version|fassung)\s+(?:dieses|des|der|hieß|stand|war|wurde)\b | une\s+(?:précédente\s+version|version\s+précédente)\s+de\s+(?:cet|l['’]article)
    | una\s+versión\s+anterior\s+de\s+est | una\s+versione\s+precedente\s+di\s+quest | uma\s+versão\s+anterior\s+dest | in\s+een\s+eerdere\s+versie\s+van\s+dit\b
    | (?:(?:if|do)\s+you\s+have\s+(?:a|an|any)\s+(?:story|tip|comment|news|information)) | contact\s+(?:our|the\s+(?:newsroom|newsdesk|editor))\b | to\s+(?:read|see|watch|comment|view)\s+(?:more|the|this|on)\b | for\s+(?:more|the\s+latest)\s+(?:information|news|on|stories|from)\b
    | (?:lesen\s+sie\s+(?:auch|hier|mehr)|mehr\s+zum\s+thema|foto\s*:|bild\s*:|zum\s+thema|quelle\s*:)
    | (?:lire\s+aussi|à\s+lire|voir\s+aussi|photo\s*:|crédit|source\s*:|publié\s+le|mis\s+à\s+jour)
    | (?:lea?\s+también|leer\s+más|ver\s+también|te\s+puede\s+interesar|foto\s*:|fuente\s*:)
    | (?:leggi\s+(?:anche|tutto)|guarda\s+(?:il|anche)|fonte\s*:) | (?:leia\s+(?:também|mais)|veja\s+(?:também|mais)|saiba\s+mais)
    | (?:lees\s+(?:ook|meer)|bekijk\s+ook) | (?:czytaj\s+(?:też|także|więcej)|zobacz\s+(?:też|także|również)|fot\.)
    | (?:читайте\s+(?:также|також|ещё|еще)|фото\s*:|источник\s*:|джерело\s*:|смотрите\s+также|дивіться\s+також)
    | (?:اقرأ\s+(?:أيضا|ايضا|المزيد)|المصدر\s*:|شاهد\s+(?:أيضا|ايضا)) | (?:ayrıca\s+(?:okuyun|bakınız)|haberin\s+devamı|kaynak\s*:|devamı\s+için)
    | (?:相关阅读|延伸阅读|责任编辑|编辑[:：]|来源[:：]|関連記事|続きを読む|写真[:：]|관련\s*기사|사진\s*[=:]|기자\s*=)
    )""",
    _FLAGS | re.VERBOSE,
)
_CONTRIBUTED = re.compile(
    r"\b(?:contributed\s+(?:to\s+this\s+(?:report|story|article|piece)|reporting)|^\W*(?:additional\s+)?(?:reporting|editing|writing)\s+by|\b(?:newsletter|briefing|stories|news|deliver\w*|sign\s+up|every\s+(?:morning|day|week\w*))\b.*\byour\s+inbox\b|\byour\s+inbox\b.*\bevery\s+(?:morning|day|week\w*)\b|all\s+rights\s+reserved|©|[\w.]+@[\w-]+\.\w+)",
    _FLAGS,
)
_MARKS = (
    "contributed",
    "eporting by",
    "diting by",
    "riting by",
    "ights reserved",
    "RIGHTS RESERVED",
    "your inbox",
    "©",
    "@",
)
_URL_ONLY = re.compile(r"\W*(?:https?://|www\.)\S+\W*$", _FLAGS)


def is_furniture(sentence: str) -> bool:
    """Say whether a sentence is a credit, a caption's label, an invitation or a notice."""
    return (
        _FURNITURE.match(sentence[:300]) is not None
        or (
            len(sentence) < 300
            and any(mark in sentence for mark in _MARKS)
            and _CONTRIBUTED.search(sentence) is not None
        )
        or _URL_ONLY.match(sentence[:300]) is not None
    )
