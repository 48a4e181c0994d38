"""Recognise lines of match reports and reviews that list names and figures: line-ups, the referee, who directs."""

import re

_LONGEST = 400  # characters
_LABELLED = re.compile(
    r"""\W{0,3}(?:
    (?:att(?:endance)?|crowd|zuschauer|spectateurs|espectadores|asistencia|spettatori|público|toeschouwers|widzów|зрител(?:ей|и)|глядач(?:ів|і)|seyirci|観客(?:数)?|관중(?:\s*수)?|观众|الحضور)\.?\s*[:：]\s*\d[\d.,\s\u00a0]*(?:\([^()]{1,40}\))?\.?
    | (?:ref(?:eree)?|umpire|schiedsrichter(?:in)?|sr|arbitre|árbitr[oa]|arbitro|scheidsrechter|sędzia|судья|арбитр|суддя|арбітр|hakem(?:ler)?|主审|裁判|主審|주심|الحكم)\.?\s*[:：]\s*(?-i:[^\W\d_a-zß-ÿа-я])[^:：]{1,80}
    | (?:subs(?:titutes)?(?:\s+(?:not\s+)?used)?|replacements(?:\s+\(from\))?|booked|bookings|sent\s+off|scorers?|yellow\s+cards?|red\s+cards?|ersatz(?:bank)?|auswechs(?:e)?lungen|tore|gelb(?:e\s+karten?)?|gelb-rot|rot(?:e\s+karten?)?
        |remplaçants|avertissements?|buteurs?|suplentes|amarillas|goles|amonestados|riserve|ammonit[io]|marcatori|wissels|rezerwowi|żółte\s+kartki|запасные|предупреждения|голы|yedekler|sarı\s+kartlar?)\s*[:：]\s*(?-i:[^\W_a-zß-ÿа-я])[^:：]{1,250}
    | (?:director|directed\s+by|starring|cast|screenplay|regie|drehbuch|darsteller|besetzung|réalisation|avec|dirección|reparto|intérpretes|regia|direção|elenco|reżyseria|obsada|режисс[её]р|режисер|в\s+ролях|yönetmen|oyuncular|监督|監督|导演|出演|主演|감독|출연|إخراج|بطولة)\s*[:：]\s*(?-i:[^\W\d_a-zß-ÿа-я])[^:：]{1,150}
    | (?:cert(?:ificate)?\.?\s*[:：]?\s*(?:u|pg|12a?|15|18|r)|fsk(?:\s*[:：]|\s+ab)?\s*\d{1,2})\b[^.!?]{0,40}\.?
    | (?:running\s+time|runtime|länge|laufzeit|durée|duración|durata|duração)\s*[:：]\s*\d[^.!?]{0,30}\.?
    )$""",
    re.VERBOSE | re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\([^()]{0,60}\)")
_BETWEEN_NAMES = re.compile(r"[,;]|\s[–—-]\s")
_LONGEST_TEAM = 40
_FEWEST_NAMES, _FEWEST_IN_LINES = 8, 5  # of a line-up, and of one in which semicolons part the lines
_MOST_WORDS_OF_NAME = 4
_SMALL_IN_NAMES = frozenset(
    ("de", "da", "do", "dos", "van", "von", "der", "den", "di", "el", "al", "and", "c", "capt", "sub")
)


def is_lineup(sentence: str) -> bool:
    """Say whether a sentence only lists who plays, or says of a match or a film what stands in its table."""
    if len(sentence) > _LONGEST:
        return False
    return _LABELLED.match(sentence) is not None or _lists_a_team(sentence)


def _lists_a_team(sentence: str) -> bool:
    """Say whether names alone follow a team's: "Harwick: Hall; Dean, Moss, Pike; Reed."."""
    team, _, players = sentence.partition(":")
    if not players or len(team) > _LONGEST_TEAM:
        return False
    names = [name.strip(" .") for name in _BETWEEN_NAMES.split(_IN_BRACKETS.sub("", players))]
    fewest = _FEWEST_IN_LINES if ";" in players else _FEWEST_NAMES
    return len(names) >= fewest and all(map(_is_name, names))


def _is_name(text: str) -> bool:
    found = text.split()
    return 0 < len(found) <= _MOST_WORDS_OF_NAME and all(
        word[0].isupper() or word.lower().rstrip(".") in _SMALL_IN_NAMES or word.rstrip("'’").isdigit()
        for word in found
    )
