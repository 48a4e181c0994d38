"""Tell by its first words that a sentence leans on the one before it: but, so, she, this."""

import re
from functools import cache

# Words of several languages; of one alone where another has the same word for something else.
_LEANS = re.compile(
    r"""["'“‘«„「『]?(?:(?:he|she|it|they|his|her|its|their|this(?!\s(?:morning|afternoon|evening|week|weekend|month|summer|autumn|fall|winter|spring|season|year)\b)
    |that|these|those|but|and|so(?!-)|or|however|meanwhile|also|then|both|instead
    |er|sie|es|aber|und|doch|dies|diese|dieser|dort|damit|il(?!\sy\sa\b)|elle|ils|elles|mais|et|cette|celui|cela|pero|esto|esta|este|ella
    |ellos|ma|questo|questa|egli|lui|lei|mas|ele|ela|eles|isso|hij|zij|maar|dit|deze|он|она|оно|они|но|это|его|він|вона|але|це)\b
    |the\s(?:firm|company|group|club|pair|couple|duo|man|woman|deal|move|latter|former|incident|report|study|three|two)\b)""",
    re.IGNORECASE | re.VERBOSE,
)
_BY_LANGUAGE = {
    "en": "yet|nor|nevertheless|nonetheless|moreover|furthermore|therefore|thus|hence|otherwise|indeed|besides|even so|that said|as a result|in addition|by contrast|for example|for instance|him",
    "de": "dieses|diesen|diesem|jedoch|dennoch|trotzdem|deshalb|deswegen|daher|darum|außerdem|zudem|allerdings|sein|seine|ihr|ihre|denn|also|dagegen|hingegen|sondern|oder|dabei|dazu|dafür|daraufhin"
    "|davon|danach|dann|auch|das (?:ist|war|sei|wäre|sind|waren|hat|hatte|wird|würde|soll|sollte|kann|könnte|heißt|bedeutet|zeigt|gilt|sagte|teilte)",
    "fr": "or|car|donc|ainsi|pourtant|cependant|toutefois|puis|alors(?! que)|ce|cet|ces|ceux|celle|celles|celui-ci|c['’](?:est|était)|ça|ceci|leur|leurs|son|sa|ses|en revanche|de plus|par ailleurs",
    "es": "y|e|sin embargo|no obstante|además|así|por eso|por ello|también|ese|esa|eso|esos|esas|estos|estas|él|ellas|su|sus|pues|entonces",
    "it": "e|ed|però|tuttavia|quindi|così|inoltre|invece|anche|suo|sua|suoi|sue|quello|quella|quelli|quelle|questi|queste|essi|loro|ciò|poi|eppure",
    "pt": "e|porém|contudo|entretanto|no entanto|todavia|além disso|também|seu|sua|seus|suas|isto|esse|essa|esses|essas|elas|então|assim|por isso",
    "nl": "en|ook|toch|echter|daarom|daarnaast|bovendien|dus|zijn|haar|hun|ze|die|dat|daarmee|daarna|want|of",
    "pl": "ale|jednak|i|a|więc|lecz|oraz|natomiast|on|ona|ono|oni|one|to|ten|ta|te|ci|jego|jej|ich|dlatego|ponadto|jednocześnie|mimo to|także|również|zatem",
    "ru": "и|а|однако|поэтому|также|зато|так|кроме того|при этом|тем не менее|её|ее|их|этот|эта|эти|этому|впрочем|затем",
    "uk": "і|й|а|та|однак|проте|тому|також|зате|крім того|при цьому|його|її|їх|цей|ця|ці|вони|воно|втім|потім",
    "tr": "ancak|fakat|ama|lakin|oysa|ve|bu(?! (?:sabah|akşam|hafta|ay|yıl|sezon|yaz|kış)\\b)|bunun|bunu|buna|bununla|o|onun|onlar|ayrıca|üstelik|böylece|öte yandan|yine de",
}  # fmt: skip
_LEANS_WITHOUT_CAPITALS = re.compile(
    r"""["'“‘«„「『]?(?:(?:و?لكن(?:ه|ها|هم|نا)?|غير\sأن|إلا\sأن|و?هو|و?هي|و?هم|و?هذا|و?هذه|و?ذلك|كما|وأضافت?|وتابعت?|اما|ولی|او|وی|آن|این|آنها|آنان|همچنین
    |אבל|אולם|אך|הוא|היא|הם|הן|זה|זו|זאת|לכן|עם\sזאת|그|그는|그가|그의|그녀는?|그들은|그것은|이|이는|이를|이에|또|또한|그러나|하지만|그리고|한편)\b
    |(?:但|不过|不過|然而|他|她|它|这|這|那|该|該|其|此外|因此|所以|而且|同时|同時|しかし|だが|ただ|でも|また|そして|それ|これ|その|この|彼|同氏|同社|一方|さらに|なお))""",
    re.VERBOSE,
)
# … and so does one that says only "he said" of who speaks.
_SPOKEN = re.compile(
    r"""[”"»],?\s(?:(?:he|she|they|er|sie|il|elle|он|она|він|вона)\s\w|\w+\s(?:he|she|they|er|sie)\b|\w+-(?:t-)?(?:il|elle)\b)""",
    re.IGNORECASE,
)


def leans(sentence: str, language: str) -> bool:
    """Say whether a sentence opens with a conjunction or with a pronoun for what was named before, or hides who speaks in it."""
    opening = (
        _LEANS.match(sentence)
        or ((own := _own_words(language)) is not None and own.match(sentence))
        or (not sentence[:2].isascii() and _LEANS_WITHOUT_CAPITALS.match(sentence))
    )
    return bool(opening) or _SPOKEN.search(sentence) is not None


@cache
def _own_words(language: str) -> re.Pattern[str] | None:
    words = _BY_LANGUAGE.get(language)
    return None if words is None else re.compile(rf"[\"'“‘«„]?\s?(?:{words})\b(?!-)", re.IGNORECASE)
