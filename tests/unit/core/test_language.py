"""The language of a text is told from its script and its small words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.language import detect

TEXTS = {
    "en": "The council said on Monday that it would not be able to pay for the bridge, which was built in May.",
    "de": "Der Rat teilte am Montag mit, dass er die Brücke nicht bezahlen kann, die im Mai gebaut wurde.",
    "fr": "Le conseil a annoncé lundi qu'il ne pourrait pas payer le pont, qui a été construit en mai.",
    "es": "El consejo dijo el lunes que no podrá pagar el puente, que fue construido en mayo por la ciudad.",
    "it": "Il consiglio ha detto lunedì che non può pagare il ponte, che è stato costruito a maggio dalla città.",
    "pt": "O conselho disse na segunda-feira que não poderá pagar a ponte, que foi construída em maio pela cidade.",
    "nl": "De raad zei maandag dat hij de brug niet kan betalen, die in mei door de stad werd gebouwd.",
    "sv": "Rådet sade på måndagen att det inte kan betala för bron, som byggdes av staden under våren.",
    "pl": "Rada powiedziała w poniedziałek, że nie może zapłacić za most, który został zbudowany przez miasto.",
    "tr": "Meclis pazartesi günü köprü için ödeme yapamayacağını, bunun çok pahalı olduğunu ve daha sonra bakacağını söyledi.",
    "ru": "Совет сообщил в понедельник, что он не может заплатить за мост, который был построен городом.",
    "uk": "Рада повідомила в понеділок, що вона не може заплатити за міст, який був збудований містом.",
    "ar": "قال المجلس يوم الاثنين إنه لا يمكن أن يدفع ثمن الجسر الذي بني في المدينة.",
    "he": "המועצה אמרה ביום שני כי היא לא יכולה לשלם על הגשר של העיר.",
    "el": "Το συμβούλιο είπε ότι δεν μπορεί να πληρώσει για τη γέφυρα.",
    "zh": "市议会星期一表示，他们没有能力支付这座桥的费用。",
    "ja": "市議会は月曜日、橋の費用を支払うことができないと発表した。",
    "ko": "시의회는 월요일에 다리 비용을 낼 수 없다고 밝혔다.",
}


@pytest.mark.parametrize("language", sorted(TEXTS))
def test_language_is_told(language: str) -> None:
    """A sentence or two are enough."""
    assert detect(TEXTS[language], default="xx") == language


@pytest.mark.parametrize("text", ["", "12345", "Zzyzx Qwrt", "👍"])
def test_default_when_nothing_tells(text: str) -> None:
    """Names and numbers tell nothing."""
    assert detect(text, default="nl") == "nl"


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text: str) -> None:
    """No text breaks it, and the answer looks like a language."""
    assert detect(text, default="en").isalpha()
