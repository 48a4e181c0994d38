"""Find what a summary may have made up in scripts without capitals, where nothing marks a name.

Strict where a name may stand: beside a title, with a surname, before the word for a place, or in a run of characters that is longer than an ordinary word.
Elsewhere some words of another's choice are let through, up to a share of all.
"""

import re

from syndicate.core.inflection import bare
from syndicate.core.language_tags import primary
from syndicate.core.stopwords import stop_words

_HAN = "\u3400-\u9fff\u3005"
_KATAKANA = "\u30a1-\u30fa\u30fc"
_RUNS = {"zh": f"[{_HAN}]+", "ja": f"[{_HAN}]+|[{_KATAKANA}]+", "th": "[\u0e00-\u0e4f]+"}
_COVERS = {"zh": 2, "ja": 2, "th": 4}  # so many characters in a row are the article's if it has them anywhere
_LONGEST = {"zh": 2, "ja": 2, "th": 9}  # characters of an ordinary word that the article has not
_NEW = 1 / 4  # of a summary that may be in other words, in scripts without spaces …
_NEW_WORDS = 1 / 2  # … and in those with spaces, whose words change their forms
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱郭罗梁宋郑谢韩唐冯董萧曹袁邓傅沈彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田姜范谭廖邹熊郝孔邵"
)
# Words of saying, of time and of joining, which any summary is made of.
_PLAIN_WORDS = {
    "zh": """表示 指出 宣布 认为 强调 介绍 透露 称 报道 据 由于 随后 因此 此外 同时 目前 预计 将 已 仍 再 约 近 超过 至少 许多 曾经 曾 任何 并且 其余
        期间 之后 之前 以来 导致 造成 进行 需要 可能 必须 开始 继续 计划 决定 当地 方面 相关 其他 所有 全部 分别 共 每 只 才 又 较 年 月 日 周""",
    "ja": """発表 発言 明 述 語 指摘 予定 見込 必要 可能 開始 継続 計画 決定 現在 今後 以上 以下 以降 以前 同 約 各 全 新 数 他 年 月 日 週 間 人 者 行 出 入 来 見 言""",
    "th": """และ ที่ ใน ของ เป็น มี ได้ จะ ให้ ไม่ การ ว่า กับ จาก โดย แต่ หรือ เพื่อ ต่อ แล้ว ยัง ถูก ซึ่ง ความ กล่าว ระบุ เมื่อ หลัง ก่อน นี้ นั้น ทั้ง ทุก ต้อง""",
}  # fmt: skip
_PLAIN = {language: frozenset(words.split()) for language, words in _PLAIN_WORDS.items()}
_TITLE_WORDS = {
    "zh": "长 总统 总理 主席 书记 先生 女士 教授 经理 总裁 记者 议员 法官 律师 警官 教练 发言人",
    "ja": "氏 さん 君 市長 知事 首相 大統領 議員 大臣 社長 教授 監督 選手 容疑者 被告 会長 弁護士 記者",
    "ko": "시장 대통령 총리 장관 의원 씨 교수 대표 회장 사장 총장 감독 선수 기자 대변인 위원장 지사 후보",
    "ar": "الرئيس رئيس الوزير وزير السيد السيدة العمدة عمدة النائب المتحدث الدكتور الأستاذ المدير مدينة",
    "fa": "آقای خانم رئیس رئیس‌جمهور وزیر شهردار دکتر استاد سخنگو نماینده مدیر شهر",
    "he": "ראש שר שרת נשיא נשיאת העיר מר גברת גב' דובר דוברת פרופסור פרופ' ד\"ר מנכ\"ל",
    "th": "นาย นาง นางสาว ดร. ศ. พล.อ.",
}
_TITLES = {language: tuple(words.split()) for language, words in _TITLE_WORDS.items()}
_PLACES = {"zh": tuple("市省县区国镇村州岛"), "ja": tuple("県市区町村島駅国")}  # what follows the name of a place
_AFTER = frozenset(("zh", "ja", "ko"))  # the languages where a title follows the name …
_BEFORE = frozenset(("zh", "ar", "fa", "he", "th"))  # … and where it stands before it
_SPACED = re.compile("[^\\W\\d_]+(?:[\"'׳״\u200c][^\\W\\d_]+)*")
_PREFIXES = {
    "ar": re.compile("(?:[وفبلك]?ال|لل|[وفبلكس])(?=..)"),
    "he": re.compile("(?:[ושכ]{0,2}[הבלמשכו])(?=..)"),
}
_ENDINGS = {
    "ko": re.compile("(?<=..)(?:에서는|에서|으로|에게|까지|부터|께서|이라|은|는|이|가|을|를|의|에|로|와|과|도|만)$")
}
_SPACED_LANGUAGES = ("ar", "fa", "he", "ko")


def made_up(summary: str, source: str, language: str) -> str | None:
    """Return what may be invented, or None; None too in other languages than those we know something of."""
    language = primary(language)
    if language in _RUNS:
        return _strange_run(summary, source, language)
    return _strange_word(summary, source, language) if language in _SPACED_LANGUAGES else None


def _strange_run(summary: str, source: str, language: str) -> str | None:
    width, longest = _COVERS[language], _LONGEST[language]
    plain = stop_words(language) | _PLAIN[language]
    total = new = 0
    for run in re.finditer(_RUNS[language], summary):
        total += len(run.group())
        for start, end in _uncovered(run.group(), source, plain, width):
            piece = str(run.group()[start:end])
            before, after = summary[: run.start() + start], summary[run.start() + end :]
            if len(piece) > longest or (len(piece) > 1 and _may_be_name(piece, before, after, language)):
                return piece
            new += len(piece)
    return "too much in other words" if new > total * _NEW else None


def _uncovered(run: str, source: str, plain: frozenset[str], width: int) -> list[tuple[int, int]]:
    """Return the stretches (start, end) of a run that are neither the article's nor plain words."""
    free = [True] * len(run)
    for start in range(len(run)):
        for size in range(1, 7):
            if (size >= width and run[start : start + size] in source) or run[start : start + size] in plain:
                free[start : start + size] = [False] * len(free[start : start + size])
    if len(run) < width and run in source:
        return []
    return [found.span() for found in re.finditer("1+", "".join("1" if one else "0" for one in free))]


def _may_be_name(piece: str, before: str, after: str, language: str) -> bool:
    titles = _TITLES[language]
    return (
        (language in _AFTER and after.startswith(titles))
        or (language in _BEFORE and before.endswith(titles))
        or after.startswith(_PLACES.get(language, ()))
        or (language == "zh" and piece[0] in _SURNAMES)
        or (language == "ja" and piece[0] >= "\u30a1" and piece[0] <= "\u30fc")
    )


def _strange_word(summary: str, source: str, language: str) -> str | None:
    known = {form for word in _SPACED.findall(source) for form in _forms(word, language)}
    known |= stop_words(language)
    titles = _TITLES[language]
    words: list[str] = _SPACED.findall(summary)
    new = [place for place, word in enumerate(words) if not known.intersection(_forms(word, language))]
    for place in new:
        beside = words[place + 1 : place + 2] if language in _AFTER else words[max(0, place - 1) : place]
        if any(not _forms(word, language).isdisjoint(titles) for word in beside):
            return words[place]
    return "too much in other words" if len(new) > len(words) * _NEW_WORDS else None


def _forms(word: str, language: str) -> set[str]:
    """Return a word, and what it is without the small words that are written together with it."""
    forms = {bare(word)}
    if language in _PREFIXES:
        forms.add(_PREFIXES[language].sub("", bare(word), count=1))
    if language in _ENDINGS:
        forms.add(_ENDINGS[language].sub("", bare(word)))
    return forms
