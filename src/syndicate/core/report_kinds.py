"""Tell bounces and complaints in plain words from other letters."""

import re

from syndicate.core.bounce_phrases import Saying, sayings
from syndicate.core.report_delays import BEGINNING, is_delay
from syndicate.core.report_parts import ReportParts, decoded

_FATES = {Saying.UNKNOWN, Saying.FULL, Saying.DISABLED, Saying.NOWHERE}
REPLY = re.compile(r"(?i)\s*(?:re|aw|sv|vs|antw|rif|res|odp)\s*(?:\[\d+\])?\s*:")
_DAEMON = re.compile(
    r"(?i)mailer-?daemon|postmaster|mail ?delivery|mail-?daemon|\bdaemon|mdaemon|<>|bounce|mail (?:administrator|system|sub-?system|router)|system admin|mail ?er|returned|undeliver|mta\b|smtp|mail server|exchange|groupwise|internet mail|gateway|amavis|antivirus|\bscan|scan(?:ner|mail)?\b"
)
# How a mail system calls itself, as the whole of its name; a person or a firm may have any of the words above in theirs.
_SYSTEM_ADDRESS = re.compile(
    r"(?i)(?:mailer-?daemon|mail-?daemon|mdaemon|daemon|postmaster|post-?office|microsoftexchange[0-9a-f]{20,40}|)"
)
_SYSTEM_NAME = re.compile(
    r"(?i)(?:the )?(?:internet )?(?:(?:e-?)?mail|message) delivery(?: (?:sub-?)?system| service| agent| software)?"
    r"|(?:the )?(?:(?:e-?)?mail|mailer) (?:sub-?)?system|mail(?:er)?[ -]?daemon|mdaemon|post ?master|(?:system|(?:e-?)?mail) administrator|(?:e-?)?mail (?:router|server)"
)
_OTHER_REPORT = re.compile(r"multipart/report (?!delivery-status|disposition-notification|feedback-report)\S")
_BOUNCE_SUBJECT = re.compile(
    r"(?i)undeliver|un(?:able|successful)|fail|return|reject|bounc|delivery (?:status|report|problem|error|notification|has)|mail (?:system )?error|not (?:be )?deliver|non-?deliver|could ?n[o']t|problem|error|unknown|refus|deliver|nicht|non remis|échec|unzustell|no entreg|devuel|devolv|impossib|mancat|не доставлен|недостав|退信|系统退信|無法|失敗|エラー|配信|配達|不能|rückläufer|rebot|falha|entrega|consegna|errore|mailbox|block|denied|warning|loop (?:alert|back|detect)|(?:mail|from) loop"
    # Dutch, the Nordic languages, Polish, Czech, Hungarian, Romanian, Turkish, Russian, Ukrainian, Greek, Korean, Chinese
    r"|niet (?:be|af|te be)|onbestelbaar|retour|kan (?:ikke|inte)|olevere|returner|toimitus|palautu|nie można|niedor|zwrot|nelze|nedoru|kézbesít|nelivr|livrare|teslim|iletilem"
    r"|не уда|недоставл|возвра|не вда|поверн|αδυναμία|μη παραδ|실패|반송|되지|未送达|投递|送达"
)
_BOUNCE_TEXT = re.compile(
    r"(?i)(?:could|can) ?n[o']t (?:be )?(?:deliver|sent|send)|undeliver|was not delivered|not (?:be )?delivered|unable to (?:deliver|send|be delivered)|fail(?:ed|ure)|(?<!\d)5\d\d[ -]|5\.\d\.\d|permanent|rejected|returned|user unknown|unknown user|no such user|not a (?:valid|known) (?:user|recipient|address|mailbox)|bounce|mailbox (?:is )?full|quota|does not exist|loop alert|(?:mail|from) loop|unzustellbar|nicht zugestellt|n'a pas pu|no pudo|no se pudo|не удалось|n[aã]o p[oô]de|n[aã]o foi|inexist|no entregad|non [eè] stat|sconosciut|退回|退信|无法|不能|できません"
    r"|ni?et (?:worden )?(?:be|af)(?:ge)?(?:zorg|lever)|kon niet|kunde inte|kunne ikke|ei voitu|nie (?:mogł|moż|został)|nepodařil|nebyl[ao]? doruč|nem (?:sikerült|lehet|kézbes)|nu a putut|edilemedi|iletilemedi"
    r"|не доставл|недоставл|не може бути|не вдалося|δεν (?:ήταν|παραδ|μπορ)|(?:전송|배달|발송|전달|배송)(?:되지|하지|에 실패|이 실패| 실패)|존재하지 않|送信でき|配信でき"
)

_CODED = re.compile(
    r"(?i)(?<![\d.])(?:5[0-7]\d[ -]+(?:#?5\.\d{1,3}\.\d|[^\n]{0,40}(?:unknown|not taken|no such|invalid|reject|full|quota|denied))|4[2-5]\d[ -]+#?4\.\d{1,3}\.\d)"
)
_PLAIN_TEXT = re.compile(
    r"(?i)(?:could|can) ?n[o']t be delivered|was not delivered|undeliverable|unable to deliver|(?<![\d.])5[0-7]\d[ -]+(?:#?5\.\d{1,3}\.\d|[^\n]{0,40}(?:unknown|not taken|no such|invalid|reject|full|quota|denied))"
)
_OUR_MAILBOX = re.compile(
    r"(?i)\b(?:your|ihr|votre|su|vostra|uw) (?:e-?mail )?(?:mail ?box|in-?box|postfach|bo[iî]te|buz[oó]n|casella|quota|storage)\b[^\n]{0,100}(?:full\b|quota|limit|\d ?%|voll|pleine|lleno|piena|vol\b)"
)
_SPOKEN = re.compile(r"(?im)^[ \t>]{0,8}RCPT TO:")


def is_bounce(parts: ReportParts) -> bool:
    """Tell whether a message says that one of ours was not delivered: by who sends it, by its subject and by its words, two of the three,
    or by plain words with what they are about."""
    if _OTHER_REPORT.match(parts.type):
        return False  # such as that of RFC 8460, on encryption
    subject = parts.header("subject")
    # In a reply the subject is that of our message: it is the news that failed.
    replies = REPLY.match(subject) is not None
    named = not replies and _BOUNCE_SUBJECT.search(subject) is not None
    sent = wrote_daemon(parts) if replies else is_daemon(parts)
    # A mail system's own letter may be in words that only say what became of the reader.
    told = (
        says_bounce(parts)
        or is_delay(parts)
        or (wrote_daemon(parts) and not _FATES.isdisjoint(sayings(parts.text[:BEGINNING])))
    )
    signs = (sent, named, told)
    return sum(signs) >= 2 or (
        says_plainly(parts) and (parts.returned is not None or _SPOKEN.search(parts.text[:BEGINNING]) is not None)
    )


def is_complaint_without_fields(parts: ReportParts) -> bool:
    """Tell whether a message is a complaint from before RFC 5965, which names its kind in its subject or in a returned header."""
    returned = parts.returned or {}
    if "x-hmxmroriginalrecipient" in returned:
        return re.search(r"(?i)complaint about message", parts.header("subject")) is not None
    return (
        "feedback-report" in parts.type
        or re.search(r"(?i)this is an (?:e-?mail )?abuse report for an? (?:e-?mail )?message", parts.text[:500])
        is not None
    )


def is_daemon(parts: ReportParts) -> bool:
    """Tell whether a machine sent a message: by who wrote it, by where he is, or by a return path that takes no answer."""
    names = ("from", "return-path", "sender")
    return _DAEMON.search(_joined(parts, *names)) is not None or "delivery-status" in parts.type


def wrote_daemon(parts: ReportParts) -> bool:
    """Tell whether a mail system wrote a message itself, and not only a machine for one of its users."""
    authors = [decoded(value) for name in ("from", "sender") for value in parts.headers.get(name, ())]
    return has_fields(parts) or any(_is_system(author) for author in authors)


def is_evident(parts: ReportParts) -> bool:
    """Tell whether more than words says that a message is a report: a mail system wrote it, it returns ours, or quotes a server."""
    quotes = is_coded(parts) or _SPOKEN.search(parts.text[:BEGINNING]) is not None
    return quotes or parts.returned is not None or wrote_daemon(parts)


def is_about_our_mailbox(parts: ReportParts) -> bool:
    """Tell whether a letter is about the mailbox that it came to, such as a warning that it is nearly full."""
    return parts.returned is None and _OUR_MAILBOX.search(parts.text[:BEGINNING]) is not None


def has_fields(parts: ReportParts) -> bool:
    """Tell whether a message has what only reports have: a delivery status for machines, or whom it failed for in a header."""
    return bool(parts.groups) or "delivery-status" in parts.type or "x-failed-recipients" in parts.headers


def _is_system(author: str) -> bool:
    """Tell whether an author like `"Mail System" <mailer-daemon@x.example>` is a mail system, by his address or by his name."""
    found = re.fullmatch(
        r"(?P<name>[^<>]*)<(?P<at>[^<>]*)>.*|(?P<only>\S*)\s*(?:\((?P<comment>[^()]*)\))?", author.strip()
    )
    if found is None:
        return _SYSTEM_NAME.fullmatch(author.strip(" \"'")) is not None
    local = (found["at"] or found["only"] or "").strip().partition("@")[0]
    name = (found["name"] or found["comment"] or "").strip(" \"'")
    return _SYSTEM_ADDRESS.fullmatch(local) is not None or (bool(name) and _SYSTEM_NAME.fullmatch(name) is not None)


def says_bounce(parts: ReportParts) -> bool:
    """Tell whether a message has a word that reports have, and letters too."""
    return _BOUNCE_TEXT.search(parts.text[:BEGINNING]) is not None


def says_plainly(parts: ReportParts) -> bool:
    """Tell whether a message says in so many words that something was not delivered."""
    return _PLAIN_TEXT.search(parts.text[:BEGINNING]) is not None


def is_coded(parts: ReportParts) -> bool:
    """Tell whether a message quotes the code of a server's refusal, which nobody writes to a friend."""
    return _CODED.search(parts.text[:BEGINNING]) is not None


def _joined(parts: ReportParts, *names: str) -> str:
    return " ".join(decoded(value) for name in names for value in parts.headers.get(name, ()))
