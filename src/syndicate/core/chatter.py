"""Tell what a model says about its task from what it says about the article."""

import re

from syndicate.core.language_tags import primary
from syndicate.core.stopwords import stop_words

_LEAD_IN = re.compile(r"[^:：\n]{1,120}(?::\s+|：\s*)")
_LONGEST_LEAD_IN = 14  # words
_OPENING_QUOTES = "\"'“‘«„‚「『"
_WORD = re.compile(r"[^\W\d_]+")
# A summary does not speak of summaries, unless its article does.
_TASK = re.compile(
    r"\bsumm(?:ar(?:y|ies|i[sz])|ing up)|\bzusammenfass|\brésum|\bresum(?:en|o|ir|indo|é)\b|\briassun|\bsamenvat|\bsammanfatt|\bsammendrag"
    r"|\bstreszcz|\bpodsumow|\bshrnut|\bsúhrn|\bsažetak|\btiivistel|\brezumat|\bösszefogl|\bözet|περίληψη|резюме|краткое содержание|краткий пересказ|обобщени"
    r"|підсум|стислий виклад|короткий виклад|ملخص|تلخيص|خلاصه|תקציר|סיכום|לסכם|要約|摘要|总结|總結|概要|요약|สรุป|सारांश|tóm tắt",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\b(?:i['’]m|i am|we['’]re) (?:sorry|unable|afraid)|\bi apologi[sz]e|\bi (?:can(?:not|['’]t)|do(?: not|n['’]t)|could(?: not|n['’]t)) "
    r"|\bas an ai\b|\b(?:language|ai) model\b|\b(?:not|n['’]t) (?:contain|provide|include|have|give) (?:enough|sufficient)|\b(?:in)?sufficient information"
    r"|\bes tut mir leid|\b(?:leider )?kann ich (?:\w+ )?(?:nicht|kein)|\bich kann (?:\w+ )?(?:nicht|kein)|\bnicht genügend informationen|\bnicht genug informationen"
    r"|\b(?:je suis )?désolée?,|\bje ne (?:peux|suis)|\bpas (?:suffisamment|assez) d['’]informations|\blo siento,|\bno puedo |\bno contiene suficiente"
    r"|\bmi dispiace,|\bnon posso |\binformazioni sufficienti|\b(?:desculpe|lamento|sinto muito),|\bnão posso |\binformações suficientes"
    r"|\bhet spijt me|\bik kan (?:\w+ )?(?:niet|geen)|\bonvoldoende informatie|\bprzykro mi|\bprzepraszam,|\bnie mogę |\bwystarczających informacji"
    r"|\bизвините|\bк сожалению, я|\bя не могу|\bнедостаточно информации|\bвибачте|\bна жаль, я|\bя не можу|\bнедостатньо інформації"
    r"|\büzgünüm|\byeterli bilgi|عذر[اً]|آسف|لا أستطيع|لا يمكنني|متأسفم|نمی‌توانم|מצטער|אינני יכול|איני יכול"
    r"|申し訳|すみません|できません|抱歉|对不起|無法|我无法|죄송|할 수 없습니다|ขออภัย",
    re.IGNORECASE,
)


def without_lead_in(summary: str, source: str, language: str) -> str:
    """Return a summary without what leads to it ("Here is a summary:"): words before a first colon that the article mostly has not."""
    found = _LEAD_IN.match(summary)
    if found is None or summary[found.end() :].strip() == "":
        return summary
    said = found.group()
    if _TASK.search(said) is not None and _TASK.search(source) is None:
        return summary[found.end() :]
    small, known = stop_words(primary(language)), {word.casefold() for word in _WORD.findall(source)}
    words = [word for one in _WORD.findall(said) if (word := one.casefold()) not in small]
    is_strange = sum(word not in known for word in words) * 2 > len(words)
    first = summary[found.end()]
    goes_on = first.islower() or first in _OPENING_QUOTES
    return summary[found.end() :] if is_strange and not goes_on and len(words) <= _LONGEST_LEAD_IN else summary


def chatter(summary: str, source: str) -> str | None:
    """Return words of a summary that are about the task and not from the article: an apology, a refusal, "this summary"."""
    known = source.casefold().replace("’", "'")
    said = [found.group() for pattern in (_REFUSAL, _TASK) for found in pattern.finditer(summary)]
    return next((words for words in said if words.casefold().replace("’", "'") not in known), None)
