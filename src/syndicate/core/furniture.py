"""Recognise lines that are printed around a story and are not the story: credits, notices, invitations to read on."""

import re

from syndicate.core.invitations import is_invitation, without_correction_label
from syndicate.core.lineups import is_lineup

_FLAGS = re.IGNORECASE
# Whole lines and sentences. Matched from the start, so that a sentence that merely mentions such a thing is kept.
_FURNITURE = re.compile(
    r"""[\W_]*(?:
    (?:written\s+|reported\s+|reporting\s+)?by\s*[.:]?\s*$ | by\.?\s+(?-i:[A-Z][\w.'’-]+(?:\s+[A-Z][\w.'’-]+){0,3})\s*[.,]?$
    | (?:last\s+)?(?:updated|published|posted|created|modified)\s*(?:at|on)?\s*[:.]
    | \d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?|[A-Z]{2,4})?\b[\s,|]*(?:\w+\s+){0,2}\d{0,4}\.?$
    | (?:scroll|swipe)\s+down\s+(?:for|to)\b | media\s+playback\s+is | (?:click|tap)\s+(?:here|on|the|to)\b
    | (?:please\s+)?(?:read|see|watch|listen|find\s+out)\s+(?:more|also|next|now|the\s+full|the\s+rest|related)\b | more\s+(?:from|on|about)\s+[^.]{1,60}[.:]?\s*$
    | get\s+(?:the|our)\s+(?:\w+\s+){0,3}newsletters?\b | already\s+(?:a\s+(?:subscriber|member)|subscribed|registered|have\s+an?\s+(?:account|subscription))\s*\?
    | listen\s+to\s+this\b | more\s+to\s+(?:come|follow)\W*$ | (?:this\s+is\s+a\s+)?developing\s+story\b[^.]{0,60}\.?$
    | (?:story|article|text|report)\s+continues\s+(?:below|after)\b | (?:skip|continue\s+reading|view\s+comments|skip\s+advert\w*)\s*\.?$
    | this\s+(?:article|story|post|page)\s+(?:may\s+)?contains?\s+(?:affiliate|sponsored)\b
    | (?:good\s+(?:morning|afternoon|evening)|hello)\b[^.!?]{0,40}\bwelcome\s+(?:back\s+)?to\s+(?:our|the|this|today)\b | welcome\s+(?:back\s+)?to\s+(?:our|the|today['’]?s|this)\s+(?:\w+\s+){0,3}(?:live|blog|coverage|newsletter|briefing)\b
    | i['’]m\s+(?-i:[A-Z][\w.'’-]+\s+){1,3}and\s+i['’]ll\s+be\s+(?:with|here|your|bringing|taking|guiding|covering|keeping|running|steering)\b | (?-i:[A-Z][\w.'’-]+\s+){1,3}(?:here\b.{0,20}\btaking\s+over|(?:is|and\s+i)\s+(?:now\s+)?taking\s+over)\b
    | thank(?:s|\s+you)\s+for\s+(?:joining|following|reading|staying\s+with)\s+(?:us|our|this|along)\b | (?:stay|stick)\s+with\s+us\b
    | (?:that['’]s|this\s+is)\s+(?:all|it|where\s+we)\b[^.!?]{0,40}\b(?:live|blog|coverage|from\s+(?:me|us))\b | we['’]?(?:re|\s+are|ll|\s+will)\s+(?:now\s+|be\s+)?(?:pausing|closing|wrapping\s+up|bringing\s+you|ending)\s+[^.!?]{0,30}\b(?:live|blog|coverage|updates)\b
    | dieser\s+(?:artikel|text|beitrag|bericht)\s+(?:wurde\s+(?:zuletzt|zuerst|erstmals|am\b.{1,40}\b(?:aktualisiert|veröffentlicht|korrigiert|ergänzt|geändert))|ist\s+(?:zuerst|zuerst\s+in|im\s+original)|erschien\s+(?:zuerst|am)|wird\s+(?:laufend|fortlaufend))\b
    | propos\s+recueillis\s+par\b | (?:cet\s+)?article\s+(?:est\s+)?réservé\s+(?:aux|à\s+nos)\s+abonnés | la\s+suite\s+après\s+(?:la|cette)\s+publicité
    | (?:de\s+)?tekst\s+gaat\s+verder\s+onder\b | lees\s+verder\s+onder\b | weiterlesen\s+nach\s+der\s+(?:anzeige|werbung) | mit\s+material\s+(?:der|von)\s+(?:dpa|afp|reuters|epd|kna|ap|sid)\b
    | [（(【［]?(?:完|终|終|終わり|おわり|了|끝)[）)】］]?\s*$ | 무단\s*전재 | [（(]?저작권자
    | (?:see\s+also|read\s+also|also\s+read|share\s+this)\b\s*[^.]{0,60}(?:[:.]|$)
    | (?:related|recommended|most\s+read|advertisement|sponsored)(?:(?:\s*[:|]|\s+[–—-]\s).*)?\s*[.:]?\s*$
    | (?:related|recommended|most\s+read|sponsored)\s+(?:articles?|stor(?:y|ies)|content|links?|topics?|coverage|reading|videos?|posts?|roundups?|for\s+you|in\s+\w+)\s*(?:[:.]|$)
    | (?:photo|image|picture|video|gallery|watch|listen|opinion|live|photos|pictures|images)s?\s*(?:credit|caption|source|by|copyright)?\s*:
    | (?:image|photo)\s+(?:copyright|caption|source|credit)\b | get(?:ty|\s+the)\s+(?:images|latest|app)\b
    | (?:follow|join|find)\s+(?:us|me|@\S+)\b | like\s+us\s+(?:on|at)\b | (?:follow|like|join|find)\s+(?:\w+\s+){1,3}on\s+(?:twitter|facebook|instagram)\b
    | (?:download|register)\s*(?:[:.]|$|(?:here|now|it|today|our|your|the\s+(?:\w+\s+){0,3}app|for\s+(?:free|our)|to\s+(?:read|continue|comment))\b)
    | (?:sign\s+up|subscribe|log\s+in|e-?mail\s+(?:us|your|me|the)|contact\s+(?:us|the\s+author)|have\s+your\s+say|send\s+your)\b
    | (?:all\s+rights\s+reserved|this\s+(?:material|story|article|report|post|transcript)\s+(?:may\s+not|originally
        |(?:has\s+been|was)\s+(?:(?:first|originally|last|also|automatically|previously)\s+)?(?:updated|published|corrected|amended|edited|produced|written|reported|supported
            |made\s+possible|adapted|reproduced|provided|translated|compiled|changed|revised|republished|generated|modified|reviewed|posted|syndicated|clarified)\b
        |is\s+(?:from|based\s+on|part\s+of|not\s+(?:intended|for|to\s+be)|published|produced|supported|developing)\b))
    | ©|\(c\)\s*\d{4}
    | copyright\s*(?:[©:.]|\(c\)|\d{4}|$|(?:[\w&.'’-]+\s+){1,5}\d{4}\W*$|(?:by\s+|the\s+)?(?-i:[A-Z][\w&.'’-]*(?:[ ,]+[A-Z][\w&.'’-]*){0,5})$)
    | the\s+opinions?\s+expressed\b | editor['’]?s?\s+note\b | transcript\s*\.?\s*$ | roll\s+call\s*\.?\s*$
    | (?:an?\s+|the\s+)?(?:earlier|previous|prior)\s+version\s+(?:of\s+(?:this|the\s+(?:story|article|report|headline))\b|(?:had\s+)?(?:said|stated|mis\w+)\b|incorrectly|wrongly|gave\s+the\s+wrong)
    | in\s+einer\s+(?:früheren|vorigen|ersten)\s+(?:version|fassung)\s+(?:dieses|des|der|hieß|stand|war|wurde)\b | une\s+(?:précédente\s+version|version\s+précédente)\s+de\s+(?:cet|l['’]article)
    | (?:w\s+poprzedniej|we\s+wcześniejszej|w\s+pierwotnej)\s+wersji\s+(?:tego|artykułu|tekstu)\b | в\s+(?:предыдущей|более\s+ранней|первоначальной|прежней)\s+версии\s+(?:этого|этой|материала|статьи|новости|текста)\b
    | [ув]\s+(?:попередній|первісній|початковій)\s+версії\s+(?:цього|цієї|матеріалу|статті|новини|тексту)\b | bu\s+haberin\s+(?:önceki|ilk)\s+(?:sürümünde|versiyonunda|hâlinde|halinde)\b
    | (?:ورد\s+)?في\s+نسخة\s+سابقة\s+من\s+هذا | (?:本文|本报道|本報導|此文)(?:的)?(?:此前|早前|先前|较早|較早|早期)(?:的)?版本 | [【［\[(]?(?:更正|訂正|정정)[】］\])]?\s*[:：] | (?:この記事|本記事)の(?:以前|当初|旧)の?(?:版|バージョン) | (?:이\s*기사의\s*)?이전\s*(?:버전|기사)(?:에서|에는|의)
    | una\s+versión\s+anterior\s+de\s+est | una\s+versione\s+precedente\s+di\s+quest | uma\s+versão\s+anterior\s+dest | in\s+een\s+eerdere\s+versie\s+van\s+dit\b
    | (?:(?:if|do)\s+you\s+have\s+(?:a|an|any)\s+(?:story|tip|comment|news|information)) | contact\s+(?:our|the\s+(?:newsroom|newsdesk|editor))\b | to\s+(?:read|see|watch|view)\s+(?:more|(?:the|this)\s+(?:full|whole|rest|videos?|photos?|pictures|gallery|story|article|post|page|original))\b | to\s+comment\s+on\s+this\b | for\s+(?:more|the\s+latest)\s+(?:information|news|on|stories|from)\b
    | (?:lesen\s+sie\s+(?:auch|hier|mehr)|mehr\s+zum\s+thema|foto\s*:|bild\s*:|zum\s+thema\s*(?::|$)|quelle\s*:)
    | (?:lire\s+aussi|à\s+lire|voir\s+aussi|photo\s*:|crédits?\s*(?:photos?\s*)?:|source\s*:|publié\s+le|mis\s+à\s+jour)
    | (?:lea?\s+también|leer\s+más|ver\s+también|te\s+puede\s+interesar|foto\s*:|fuente\s*:)
    | (?:leggi\s+(?:anche|tutto)|guarda\s+(?:il|anche)|fonte\s*:) | (?:leia\s+(?:também|mais)|veja\s+(?:também|mais)|saiba\s+mais)
    | (?:lees\s+(?:ook|meer)|bekijk\s+ook) | (?:czytaj\s+(?:też|także|więcej)|zobacz\s+(?:też|także|również)|fot\.)
    | (?:читайте\s+(?:также|також|ещё|еще)|фото\s*:|источник\s*:|джерело\s*:|смотрите\s+также|дивіться\s+також)
    | (?:اقرأ\s+(?:أيضا|ايضا|المزيد)|المصدر\s*:|شاهد\s+(?:أيضا|ايضا)) | (?:ayrıca\s+(?:okuyun|bakınız)|haberin\s+devamı|kaynak\s*:|devamı\s+için)
    | (?:相关阅读|延伸阅读|责任编辑|编辑[:：]|来源[:：]|関連記事|続きを読む|写真[:：]|관련\s*기사|사진\s*[=:]|기자\s*=)
    )""",
    _FLAGS | re.VERBOSE,
)
# A sentence that cannot lose its label, because it begins with a small letter.
_LABELLED = re.compile(r"(?i:live|(?:last\s+)?updated?)\s*:\s+(?:[a-zà-ž]\S*\s+)(?:\S+\s+){4}.*[.!?]$")
_CONTRIBUTED = re.compile(
    r"\b(?:(?:writers?|reporters?|correspondents?|journalists?)\b.{1,120}\bcontributed(?:\s+from\s+\w+)?\W*$|contributed\s+(?:to\s+this\s+(?:report|story|article|piece)|reporting)|^\W*(?:additional\s+)?(?:reporting|editing|writing)\s+by|\b(?:newsletter|briefing|stories|news|deliver\w*|sign\s+up|every\s+(?:morning|day|week\w*))\b.*\byour\s+inbox\b|\byour\s+inbox\b.*\bevery\s+(?:morning|day|week\w*)\b|all\s+rights\s+reserved|[©ⓒ]|[\w.]+@[\w-]+\.\w+)",
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
    "ⓒ",
    "@",
)
_AUTHOR = re.compile(
    r"""(?:(?:dr|prof)\.?\s+)?(?-i:[A-Z][\w.'’-]*\s+(?:(?:de|van|von|der|al)\s+)?){2,4}
    (?: is\s+(?:an?|the)\s+ (?:[\w&'’-]+,?\s+){0,5}?
        (?: (?:columnist|contributor)\b | (?:reporter|correspondent|journalist|writer|editor|professor|lecturer|fellow|analyst|commentator|critic|author|economist|historian)\b(?!['’]|\s+wh)(?:[^.;:]*?\s)?(?:at|for|of|with|in)\s+(?:the\s+)?["'“‘]?(?-i:[A-Z]) )
    | (?:is|has\s+been)\s+(?:the\s+)?author\s+of\b | writes\s+(?:about|for|a\s+(?:weekly\s+)?column)\b
    | ist\s+(?:\w+\s+){0,2}(?:Redakteur|Kolumnist|Korrespondent|Reporter|Autor|Journalist|Professor)(?:in)?\b
    | est\s+(?:\w+\s+){0,2}(?:chroniqueu\w+|journaliste|éditorialiste|professeure?)\b | es\s+(?:\w+\s+){0,2}(?:columnista|periodista|profesora?)\b
    )[^:]*$""",
    _FLAGS | re.VERBOSE,
)
_LONGEST_NOTE = 200  # characters about an author
_URL_ONLY = re.compile(r"\W*(?:https?://|www\.)\S+\W*$", _FLAGS)


def is_furniture(sentence: str) -> bool:
    """Say whether a sentence is a credit, a caption's label, an invitation or a notice."""
    sentence = without_correction_label(sentence)
    return (
        (_FURNITURE.match(sentence[:300]) is not None and _LABELLED.match(sentence[:300]) is None)
        or (
            len(sentence) < 300
            and any(mark in sentence for mark in _MARKS)
            and _CONTRIBUTED.search(sentence) is not None
        )
        or _URL_ONLY.match(sentence[:300]) is not None
        or is_invitation(sentence)
        or is_lineup(sentence)
    )


def is_about_author(sentence: str) -> bool:
    """Say whether a sentence only tells who writes; a person of the story is told so, too, but not first or last."""
    return len(sentence) < _LONGEST_NOTE and _AUTHOR.match(sentence) is not None
