"""Tell what machines answer for a reader - he is away, confirm that you are human, it was read - from reports of failures."""

import re

from syndicate.core.report_delays import BEGINNING
from syndicate.core.report_kinds import has_fields, is_coded, is_daemon, says_bounce, says_plainly, wrote_daemon
from syndicate.core.report_parts import ReportParts

# How the subject of an answering machine's letter begins, in the languages that they are sold in.
_AWAY = (
    # Germanic
    r"out[ -]of[ -](?:the )?office|auto(?:matic)?(?:ally)?[- ]?(?:generated )?(?:reply|response|responder|answer|ack)|vacation\b|(?:i am |i'm )?away (?:from|until|on)\b",
    r"(?:i am |i'm )?(?:on|annual|parental|maternity|paternity|sick) (?:holiday|vacation|leave)|(?:i am |i'm )?(?:currently )?(?:not in|out of) the office",
    r"abwesenheit|abwesend|automatische (?:r[uü]ck)?antwort|autom\. antwort|autoantwort|(?:ich bin )?(?:derzeit |zurzeit )?nicht im (?:b[uü]ro|haus)|(?:im )?urlaub\b",
    r"automatisch (?:antwoord|bericht)|afwezig|(?:niet op|buiten) kantoor|automatiskt? (?:svar|svarsmelding)|auto(?:matisk)?svar|fr[aå]nvaro|ikke til stede|frav[æa]r",
    # Romance
    r"r[ée]ponse auto|(?:message|notification|avis) d['’]absence|absen(?:ce|te?)\b|(?:je suis )?(?:hors|pas au|absente? du) bureau|en cong[ée]s?\b",
    r"respuesta auto|auto-?respuesta|fuera de (?:la )?oficina|ausen(?:te|cia)\b|resposta auto|ausênci|fora do escrit[oó]rio|de (?:vacaciones|férias)\b",
    r"risposta auto|fuori (?:sede|ufficio)|assen(?:te|za)\b|in ferie\b|autom(?:atique|ática|atica|atisch)|r[aă]spuns automat|(?:în|in) afara biroului",
    # Slavonic, Finno-Ugric, Turkish, Greek, Semitic
    r"automatyczna odpowied|odpowied[zź] automat|autoodpowied|nieobecno|poza biurem|automatick[aá] odpov|nep[rř][ií]tomn|mimo kancel",
    r"автоответ|автоматическ\w+ (?:ответ|уведомл)|отсутств|вне офиса|в отпуске|автоматична відповід|автовідповід|відсутн|у відпустці",
    r"automaattinen (?:vastaus|poissaolo)|poissa(?:olo)?\b|lomalla\b|automatikus válasz|házon kívül|otomatik yan[ıi]t|ofis d[ıi]ş[ıi]nda|αυτόματη απάντηση|εκτός γραφείου",
    r"תשובה אוטומטית|מענה אוטומטי|(?:ال)?رد (?:ال)?تلقائي|خارج المكتب",
    # East Asian
    r"自動(?:返信|応答|回覆|回復)|自动(?:回复|答复|应答)|不在|外出|休假|자동 ?(?:회신|응답|답장)|부재",
)
_OTHER_ANSWERS = (
    r"read:|gelesen:|lu ?:|leído:|not read:|delivery receipt|return receipt|disposition notification|return_receipt"
    r"|challenge|confirm your|verify your|please confirm|thank you for (?:your|contact)"
)
_BEFORE = r"(?i)^\s*(?:(?:re|auto|aw|fwd?|wg|sv|vs|antw|rif|tr|r|odp|回复|答复) ?[:：] ?|\[[^\]\d]{1,30}\] ?)*"
_ANSWER_SUBJECT = re.compile(rf"{_BEFORE}(?:{'|'.join(_AWAY)}|{_OTHER_ANSWERS})")
_PERHAPS_ANSWER = re.compile(rf"{_BEFORE}(?:自動|自动|ticket|\[#?\d+\]|received:)")
_ANSWER_TEXT = re.compile(
    r"(?i)(?:i am|i'm|i will be|is|currently) (?:currently |now )?(?:out of (?:the )?office|on (?:vacation|holiday|(?:\w+ )?leave)|away (?:from|until|on))"
    r"|ich bin (?:bis|vom|derzeit|zurzeit|zur zeit|nicht|ab|im)[^\n]{0,60}(?:büro|haus|urlaub|abwesend|erreichbar)|je suis (?:actuellement )?(?:absent|en cong)"
    r"|estoy (?:fuera|de vacaciones)|estarei (?:ausente|fora)|sono (?:assente|in ferie|fuori)|ik ben (?:afwezig|niet (?:op kantoor|aanwezig)|op vakantie)"
)
# Those who let nobody in before he has shown that he is human.
_CHALLENGE = re.compile(
    r"(?i)\btmda\b|spam ?arrest|\bboxbe\b|(?:click|follow|use) (?:on )?(?:the|this) link (?:below )?to (?:verify|confirm|release)"
    r"|(?:until|unless|if) you (?:do not |don't )?(?:confirm|verify)|to (?:release|approve) your (?:message|e-?mail)|confirm(?:ing)? that you are (?:a )?human"
)
# What only a report is called; no reader's machine calls its answer so.
_REPORT_SUBJECT = re.compile(
    r"(?i)^\s*(?:undeliver(?:ed|able)|(?:mail )?delivery (?:status|fail|notification|has failed)|returned (?:e-?)?mail|failure notice"
    r"|(?:mail|message) (?:delivery failed|could not be delivered|undeliverable)|non-?delivery|unzustellbar|non remis|no se puede entregar)"
)
_REFUSED = re.compile(r"(?i)\breject")
_SUCCESS = re.compile(
    r"(?i)\b(?:was|were|been) (?:successfully (?:delivered|relayed|sent)|relayed to the)\b|\bsuccessfully delivered"
)


def is_automatic(parts: ReportParts) -> bool:
    """Tell whether a message is an answering machine's, a receipt, a word of success or a challenge, rather than a report of a failure."""
    beginning, subject = parts.text[:BEGINNING], parts.header("subject")
    if _SUCCESS.search(beginning) is not None and not says_plainly(parts):
        return True
    if "disposition-notification" in parts.type:
        return not (_REFUSED.search(subject) and says_bounce(parts))  # Dovecot refuses in the form of a receipt
    if has_fields(parts):
        return False
    if is_coded(parts):
        return not is_daemon(parts) and _ANSWER_TEXT.search(beginning) is not None
    # Answers come from the empty return path too, and may say anything of mailboxes; only a server's code is more than words.
    if _ANSWER_SUBJECT.search(subject) is not None or _ANSWER_TEXT.search(beginning) is not None:
        return True
    if wrote_daemon(parts):
        return False
    if _REPORT_SUBJECT.search(subject) is None and (_answered(parts) or _CHALLENGE.search(beginning) is not None):
        return True
    return not is_daemon(parts) and _PERHAPS_ANSWER.search(subject) is not None


def _answered(parts: ReportParts) -> bool:
    """Tell whether a message says in its headers that it is an answer."""
    if "auto-replied" in parts.header("auto-submitted").lower() or "vacation" in parts.header("auto-submitted").lower():
        return True
    if "auto_reply" in parts.header("precedence").lower() or "reply" in parts.header("x-autogenerated").lower():
        return True
    return any(name in parts.headers for name in ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply"))
