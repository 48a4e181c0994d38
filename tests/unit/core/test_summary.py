"""Summaries are the article's own sentences, about as many words as asked for, and never the credits."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.own_sentences import own_sentences
from syndicate.core.salience import measure
from syndicate.core.summary import summarise

ARTICLE = """By Ada Reed.

HARWICK (Northern Wire) -- The harbour council voted on Tuesday to rebuild the old lighthouse at Harwick Point, which a storm
damaged in March.

The work will cost 2.4 million crowns and begin in spring, Mayor Ines Holt said. "We waited long enough," she told reporters.

Scroll down for video.

The lighthouse at Harwick Point was built in 1871 and guided ships into the harbour until 1994. The March storm tore off its
lantern and flooded the keeper's house.

Residents had collected 9,000 signatures for rebuilding the lighthouse. Two members of the council voted against the plan
because the harbour also needs a new pier.

Read more: ten storms that changed the coast.

Copyright 2031 Northern Wire. All rights reserved."""


def bare(text: str) -> str:
    """Return only what matters for 'word for word'."""
    return re.sub(r"\W+", " ", text).strip()


def test_a_summary_is_verbatim_and_about_as_long_as_asked() -> None:
    """Every sentence stands in the article, in its order, and there are about 65 words."""
    text = ARTICLE.replace("\nd", " d").replace("\nl", " l").replace("\nb", " b")

    made = summarise(title="Lighthouse to be rebuilt", text=text, language="en")

    parts = re.split(r"(?<=[.!?\"]) (?=[A-Z\"])", made.summary)
    assert all(bare(part) in bare(text) for part in parts)
    assert [bare(text).index(bare(part)) for part in parts] == sorted(bare(text).index(bare(part)) for part in parts)
    assert 50 <= len(made.summary.split()) <= 80
    assert made.standfirst in text
    assert made.standfirst.endswith(".")


def test_credits_and_datelines_stay_out() -> None:
    """Bylines, invitations, notices and the place before the first sentence are not part of the story."""
    made = summarise(title="Lighthouse", text=ARTICLE, language="en", words=75)

    for unwanted in ("Ada Reed", "Northern Wire", "HARWICK", "Scroll", "Read more", "Copyright"):
        assert unwanted not in made.summary
        assert unwanted not in made.standfirst


def test_a_title_said_again_is_not_the_standfirst() -> None:
    """When the text begins with its own title, the standfirst says something else."""
    made = summarise(
        title="Bridge closes",
        text="Bridge closes.\nThe old bridge shuts on Friday for repairs to its piers.",
        language="en",
    )

    assert made.standfirst == "The old bridge shuts on Friday for repairs to its piers."


def test_nothing_makes_nothing() -> None:
    """Without text there is no summary; one sentence is both; credits alone are none."""
    assert summarise(title="A title", text="", language="en").summary == ""
    one = summarise(title="", text="The ferry did not sail today.", language="en")
    assert one.summary == one.standfirst == "The ferry did not sail today."
    assert summarise(title="", text="All rights reserved.", language="en").standfirst == ""


def test_a_text_without_stops_is_cut() -> None:
    """What has no end gets one, an ellipsis after the beginning of the text."""
    text = "the tide came in and " * 500

    made = summarise(title="", text=text, language="en")

    assert text.startswith(made.summary.removesuffix("…"))
    assert made.summary.endswith("…")
    assert made.standfirst.endswith("…")
    assert 40 <= len(made.summary.split()) <= 80
    assert len(made.standfirst.split()) <= 80


def test_nothing_is_said_twice() -> None:
    """A sentence that comes again, as captions do, is taken once."""
    text = "The mill burned down on Sunday night. Nobody was hurt. The mill burned down on Sunday night. It was built in 1902."

    made = summarise(title="", text=text, language="en")

    assert made.summary.count("The mill burned down") == 1


def test_a_title_is_no_sentence_that_comes_again() -> None:
    """Two sentences may begin with "Mr."."""
    text = "Mr. Gray opened the new ferry line to Tarn Island on Monday. Mr. Low paid for its two boats. Dr. Reed was the first passenger."

    assert summarise(title="", text=text, language="en").summary == text


def test_chinese_and_arabic_are_summed_up() -> None:
    """Languages with other stops and without spaces have summaries of bounded length."""
    chinese = summarise(title="", text="市议会决定重建旧灯塔。工程明年春天开始。" * 30, language="zh")
    arabic = summarise(
        title="", text="قرر المجلس إعادة بناء المنارة القديمة. تبدأ الأعمال في الربيع. هل يكفي المال؟", language="ar"
    )

    assert chinese.standfirst in ("市议会决定重建旧灯塔。", "工程明年春天开始。")
    assert len(chinese.summary) < 160
    assert arabic.standfirst


@given(st.text(max_size=600), st.text(max_size=30), st.sampled_from(["en", "fr", "ja", "xx"]), st.integers(20, 100))
def test_any_text_is_summed_up_verbatim(text: str, title: str, language: str, words: int) -> None:
    """The standfirst is a piece of the text, and no summary is longer than 80 words."""
    made = summarise(title=title, text=text, language=language, words=words)

    assert made.standfirst in text or made.standfirst.removesuffix("…") in text
    assert len(made.summary.split()) <= 80
    assert bool(made.summary) == bool(made.standfirst)


def test_a_standfirst_stands_alone() -> None:
    """A sentence that leans on the one before it is not chosen to stand for the article."""
    text = "The ferry line Northway orders four new electric ferries. It orders the new electric ferries for the Northway line in May."

    assert summarise(title="", text=text, language="en").standfirst.startswith("The ferry line")


@pytest.mark.parametrize(
    ("language", "leaning", "opening"),
    [
        ("ar", "لكنه", "قال الوزير"),
        ("ar", "وأضاف الوزير", "أضاف الوزير"),
        ("fa", "او در تهران", "وزیر در تهران"),
        ("he", "אבל ראש העיר", "ראש העיר"),
        ("zh", "但市长说", "市长说"),
        ("ja", "しかし市長は", "市長は"),
        ("ko", "그는 서울에서", "그림은 서울에서"),
    ],
)
def test_a_leaning_sentence_is_known_in_scripts_without_capitals(language: str, leaning: str, opening: str) -> None:
    """By its first word: but, he, this."""
    assert [bool(measure([text], [5], title="", language=language).leans[0]) for text in (leaning, opening)] == [
        True,
        False,
    ]


def test_the_country_of_a_language_makes_no_difference() -> None:
    """An article in Austrian German is cut where German is cut."""
    text = "Am 3. Oktober kam der Bürgermeister von Kiel in die Stadt. Es regnete den ganzen Tag."

    made = summarise(title="", text=text, language="de-AT")

    assert made == summarise(title="", text=text, language="de")
    assert made.standfirst == "Am 3. Oktober kam der Bürgermeister von Kiel in die Stadt."


def test_chinese_sentences_stand_together_without_spaces() -> None:
    """As they do in the article."""
    text = "港口委员会星期二投票决定重建旧灯塔。工程耗资二百四十万克朗。居民为此收集了九千个签名。"

    assert summarise(title="", text=text, language="zh-Hans").summary == text


RULES = """The council of Harwick voted on Tuesday to close the old ferry line to Tarn Island at the end of the summer season.

What it will cost

Who pays for the replacement?

The county and the harbour fund, in equal parts, for ten years.

The line carried 48,000 passengers last year and lost three million crowns, the harbour office of Harwick said in a report.

“Nobody on the island was asked. Nobody here thought of asking,” said Ada Low, the last skipper of the ferry to Tarn Island.

“They did not want to hear of it,” she told reporters.

A bus over the new causeway will take its place from October and run every hour between Harwick and Tarn Island."""


def test_an_answer_is_known_as_one() -> None:
    """It leans on its question, and what stands after the answer does not."""
    found = own_sentences(RULES, "", "en")

    assert [one.text for one in found if one.answers] == [
        "The county and the harbour fund, in equal parts, for ten years."
    ]


@pytest.mark.parametrize(
    ("language", "paragraph", "together"),
    [
        ("en", "Did the council know before Tuesday? No. That is what Ada Low told us.", "Did the council know before Tuesday? No."),
        ("en", "The jury came back at noon. Not guilty. Her family wept in court.", "The jury came back at noon. Not guilty."),
        ("en", "“It sounded like a train. Then nothing.”", "“It sounded like a train. Then nothing.”"),
        ("en", "Nobody died. The roof of the mill fell in.", "Nobody died. The roof of the mill fell in."),
        ("en", "The bridge is shut for good. Why? Its piers are hollow.", "Why? Its piers are hollow."),
        ("ko", "비가 밤새도록 많이 내렸다. 우리는 갔다. 다리는 아침까지 닫혀 있었다.", "비가 밤새도록 많이 내렸다. 우리는 갔다."),
    ],
)  # fmt: skip
def test_a_short_sentence_comes_with_its_neighbour(language: str, paragraph: str, together: str) -> None:
    """A denial that is left out turns what was said around; a short question goes with what answers it."""
    assert together in [one.text for one in own_sentences(paragraph, "", language)]


def test_short_sentences_that_never_end_make_no_endless_one() -> None:
    """They stand together as far as a summary has room."""
    found = own_sentences("Not me. Never. " * 200, "", "en")

    assert len(found) > 1
    assert all(3 <= one.words <= 80 for one in found)


def test_short_lines_that_are_no_sentences_stay_out() -> None:
    """A heading, a number, a sentence that has no neighbour in its paragraph."""
    text = "Ferries\n1. The ferry line of Harwick closes in May.\nAt last!\nIts boats go to Tarn Island."

    assert [one.text for one in own_sentences(text, "", "en")] == [
        "The ferry line of Harwick closes in May.",
        "Its boats go to Tarn Island.",
    ]


def test_headings_and_torn_quotations_stay_out() -> None:
    """A line without a stop is no sentence; half a quotation and "she told" need their speaker."""
    made = summarise(title="Ferry line to Tarn Island closes", text=RULES, language="en")

    assert "What it will cost" not in made.summary
    assert "Nobody" not in made.summary
    assert "she told" not in made.summary
    assert "The line carried 48,000 passengers" in made.summary


def test_the_standfirst_is_the_sentence_that_says_the_title() -> None:
    """Of two sentences that are as good, the one with the words of the headline tells the news."""
    closing = summarise(title="Harwick closes ferry line", text=RULES, language="en").standfirst
    causeway = summarise(title="Bus every hour over the causeway from October", text=RULES, language="en").standfirst

    assert closing.startswith("The council of Harwick voted on Tuesday")
    assert causeway.startswith("A bus over the new causeway")


def test_a_korean_standfirst_says_the_title_too() -> None:
    """Its words have particles in the text and none in a headline."""
    text = "시의회가 화요일 오래된 등대를 다시 짓기로 의결했다. 지난 3월 폭풍으로 등대 꼭대기가 무너진 지 두 달 만이다. 공사는 내년 봄에 시작된다."

    assert summarise(title="시의회, 옛 등대 재건 의결", text=text, language="ko").standfirst.startswith("시의회가")


def test_a_sentence_may_follow_the_one_it_leans_on() -> None:
    """A sentence that opens with "It" loses no more once what it stands for is there."""
    text = "The old bridge at Harwick was closed to lorries. It was built in 1871 for carts and sheep. Rain fell."

    assert "It was built in 1871" in summarise(title="", text=text, language="en").summary


def test_a_line_of_a_language_without_stops_is_no_heading_where_there_is_nothing_else() -> None:
    """Thai has no stops: its lines are all there is."""
    text = "สภาเมืองลงมติให้สร้างประภาคารเก่าขึ้นใหม่\nงานจะเริ่มในฤดูใบไม้ผลิ"

    made = summarise(title="", text=text, language="th")

    assert made.standfirst in text
    assert made.summary


@pytest.mark.parametrize(
    ("language", "opening"),
    [
        ("ja", "市議会は灯台の再建を決めた。"),
        ("zh", "市议会星期二决定重建旧灯塔。"),
        ("ko", "시의회가 등대 재건을 의결했다."),
        ("ar", "قرر المجلس بناء المنارة."),
        ("he", "המועצה החליטה לבנות את המגדלור."),
        ("en", "COUNCIL REBUILDS OLD LIGHTHOUSE."),
        ("en", "Will Harwick Lose Its Ferry?"),
    ],
)
def test_a_short_opening_is_no_byline(language: str, opening: str) -> None:
    """Only capitals tell names from a sentence: where a script has none, or has nothing else, the sentence stays."""
    found = own_sentences(f"{opening} {opening}\nHarwick waited for three years.", "", language)

    assert found[0].text == opening


@pytest.mark.parametrize(
    "byline", ["By Ada Reed.", "Ada Reed, John Smith.", "Ada Reed and Ines van Holt.", "Ada Reed, Harwick News"]
)
def test_names_that_open_an_article_stay_out(byline: str) -> None:
    """With a stop or without."""
    found = own_sentences(f"{byline}\nThe ferry did not sail today.", "", "en")

    assert [one.text for one in found] == ["The ferry did not sail today."]


def test_a_live_blog_has_entries() -> None:
    """Without their hours, the welcome and the figures in points above them."""
    text = "Turnout at 41%\n14:11 Hello and welcome to our live coverage.\n14:20 The polls of Harwick opened at eight. Rain fell."

    assert [one.text for one in own_sentences(text, "", "en")] == ["The polls of Harwick opened at eight. Rain fell."]


def test_a_death_notice_keeps_its_name() -> None:
    """It is no byline."""
    text = "BELL, John Robert. Died at home in Harwick on 3 May.\nREED, Ada May. Died on Monday in her sleep."

    assert [one.text for one in own_sentences(text, "", "en")] == text.split("\n")


def test_a_note_about_the_author_is_no_part_of_a_column() -> None:
    """First or last; in the middle somebody is told about."""
    note = "Jane Porter is a columnist."
    one, other = "The council of Harwick must not sell the old mill.", "Its wheel still turns after 200 years."

    assert [found.text for found in own_sentences(f"{note}\n{one}\n{other}", "", "en")] == [one, other]
    assert [found.text for found in own_sentences(f"{one}\n{other}\n{note}", "", "en")] == [one, other]
    assert [found.text for found in own_sentences(f"{one}\n{note}\n{other}", "", "en")] == [one, note, other]


def test_an_interview_does_not_open_with_its_question() -> None:
    """A question, or a line with its speaker before it, is the standfirst only where nothing else is."""
    text = "Q: Why did Ada Low run for mayor of Harwick?\nA: Because nobody else would run for mayor.\nShe was elected in May."

    assert (
        summarise(title="Why Ada Low ran for mayor", text=text, language="en").standfirst == "She was elected in May."
    )
    assert (
        summarise(title="", text="Why did she run for mayor?", language="en").standfirst == "Why did she run for mayor?"
    )


@pytest.mark.parametrize(
    ("question", "answer"),
    [("Q: ", "A: "), ("Frage: ", "Antwort: "), ("P: ", "R: "), ("Вопрос: ", "Ответ: "), ("", "")],
)
def test_what_an_interviewer_says_is_not_said_by_the_article(question: str, answer: str) -> None:
    """Neither his question nor what leads to it; and an answer comes without the label that it is one."""
    text = f"The harbour chief met us.\n{question}The link is late.\nWhat went wrong?\n{answer}We found rock under the bay."
    found = [one.text for one in own_sentences(text, "", "en")]

    if question:
        assert found == ["The harbour chief met us.", "We found rock under the bay."]
    else:
        assert "The link is late." in found


def test_a_text_without_a_sentence_costs_no_more_than_one_with() -> None:
    """Ten thousand numbers of a table, say, of which none may be left out for another."""
    assert len(own_sentences("1. " * 10_000, "", "en")) <= 60


def test_captions_are_not_the_news() -> None:
    """A line that ends in a picture's credit goes with it."""
    text = "Residents of Tirin wade through water. (AP Photo/Ada Reed)\nFloods killed twelve people in Tirin on Sunday."

    assert (
        summarise(title="Tirin", text=text, language="en").summary == "Floods killed twelve people in Tirin on Sunday."
    )


def test_a_standfirst_does_not_open_with_but_where_another_sentence_is_good() -> None:
    """Even if the one with "But" says the title."""
    text = (
        "Nobody in the hall of Harwick wanted to do it.\n"
        "But on Monday night the council of Harwick voted to close the swimming pool at the harbour from May.\n"
        "The pool costs the council 300,000 crowns a year, says the treasurer of Harwick."
    )

    assert summarise(title="Council votes to close Harwick swimming pool", text=text, language="en").standfirst in (
        text.split("\n")[0],
        text.split("\n")[2],
    )


def test_a_summary_does_not_open_with_a_sentence_that_leans() -> None:
    """Another choice is made where it has about as many words."""
    text = (
        "A small boy of seven wept.\n"
        "But on Monday night the council of Harwick voted to close the swimming pool at the harbour from May.\n"
        "The swimming pool costs the council of Harwick 300,000 crowns a year.\n"
        "The pool at the mill opens in June."
    )

    made = summarise(title="Council votes to close Harwick swimming pool", text=text, language="en", words=24).summary

    assert not made.startswith("But")
    assert made


@pytest.mark.parametrize(
    ("listed", "comes"), [("Turn the heating down\nBleed the radiators", False), ("Turn the heating down.", True)]
)
def test_a_colon_comes_with_what_it_announces(listed: str, comes: bool) -> None:
    """A list whose lines are no sentences is not announced."""
    text = f"Heating in Harwick costs a tenth more from January.\nHere are two ways to save:\n{listed}"

    assert ("Here are two ways to save:" in summarise(title="", text=text, language="en").summary) == comes


SPEECH = """“We will mend every boat in this harbour.

“We will not ask anyone for a crown.

“And it will be done by the spring.”

The harbour chief of Harwick, Ines Holt, spoke on Monday on the quay where the storm sank forty boats.

She promised two million crowns for the quay. “It is enough,” she said. “It has to be.”"""


def test_a_quotation_over_several_paragraphs_stays_out() -> None:
    """It has an opening mark for each, and one that closes; and what goes on in it says "it" of what is not there."""
    made = summarise(title="Harbour chief promises money", text=SPEECH, language="en").summary

    assert made == SPEECH[SPEECH.index("The harbour chief") :].replace("\n\n", " ")


@pytest.mark.parametrize(
    ("text", "quoting"),
    [
        (
            "“We waited all night. Nobody came to us. It was cold,” she said. Rain fell on Harwick.",
            [False, True, True, False],
        ),
        ("“We waited all night.\n“Nobody came to us.”\nRain fell on it.", [False, True, False]),
        ("“We waited for her.\nRain fell on it.", [False, False]),
        ("«We waited all night», she said.\n«Nobody came to us».", [False, False]),
    ],
)
def test_what_stands_within_a_quotation_is_known(text: str, quoting: list[bool]) -> None:
    """One that a paragraph leaves open goes on where the next opens it again."""
    assert [one.quoting for one in own_sentences(text, "", "en")] == quoting


def test_a_quotation_that_is_all_there_is_stays() -> None:
    """Torn or not."""
    text = "“We will mend every boat in this harbour.\n“We will not ask anyone for a crown.”"

    assert summarise(title="", text=text, language="en").summary


def test_an_interview_comes_without_questions_and_without_short_answers_to_them() -> None:
    """ "No." is no news where nobody asks."""
    text = (
        "Ada Low leaves the ferry of Harwick in May after forty years.\nQ: Why now?\nThe engine and I are tired of the fog, and the gulls are, too."
        "\nQ: Do you regret it?\nNo. Yes. One winter."
    )

    assert [one.text for one in own_sentences(text, "", "en")] == [text.split("\n")[0], text.split("\n")[2]]


def test_questions_alone_come_without_their_label() -> None:
    """Nothing is printed that the article has not."""
    assert [one.text for one in own_sentences("Q: Why did she leave the ferry?", "", "en")] == [
        "Why did she leave the ferry?"
    ]
