"""Credits, notices and invitations are told from news that begins with the same words."""

import time

import pytest

from syndicate.core.furniture import is_about_author, is_furniture


@pytest.mark.parametrize(
    "line",
    [
        "Read more: the whole story",
        "To read the full story, click here.",
        "Lesen Sie auch: Der Sturm",
        "An earlier version said that the bridge would cost four million.",
        "In einer früheren Version dieses Artikels stand eine falsche Zahl.",
        "Do you have a story for us?",
        "The best of our stories reach your inbox every morning.",
        "© 2031 Northern Wire",
        "Copyright 2031 Northern Wire",
        "Copyright Northern Wire 2031.",
        "Copyright The Northern Wire.",
        "Ida Low contributed to this report.",
        "By Ada Reed",
        "By ADA REED,",
        "Advertisement",
        "Related: the ferry",
        "Related stories",
        "Sponsored content",
        "Follow us on Instagram.",
        "Like Harwick News on Facebook.",
        "Download our app.",
        "Register to continue reading.",
        "Updated: 3 May 2031, 12:30",
        "Live: the storm, hour by hour",
        "This story has been updated.",
        "This report was first published in May.",
        "This article is part of a series on ferries.",
        "Crédit photo : Ada Reed",
        "Associated Press writer Ida Low in Harwick contributed.",
        "Already a subscriber?",
        "Get the newsletter.",
        "Story continues below advertisement.",
        "This article contains affiliate links.",
        "Good morning and welcome to our live coverage of the storm.",
        "Welcome to our live blog.",
        "Listen to this article.",
        "I’m Ada Reed and I’ll be with you until noon.",
        "Ada Reed here, taking over from Ida Low.",
        "Thanks for joining us.",
        "Stay with us for the count.",
        "That's all from our live coverage.",
        "We are closing our live blog now.",
        "More to come.",
        "This is a developing story, check back for updates.",
        "Dieser Artikel wurde am 3. Mai aktualisiert.",
        "Mit Material der dpa",
        "Propos recueillis par Ada Reed.",
        "Cet article est réservé aux abonnés.",
        "La suite après la publicité",
        "Tekst gaat verder onder de foto.",
        "（完）",
        "（終わり）",
        "무단 전재 및 재배포 금지",
    ],
)
def test_furniture_is_known(line: str) -> None:
    """In all the forms that we know."""
    assert is_furniture(line)


@pytest.mark.parametrize(
    "sentence",
    [
        "A previous version of the bill was rejected in March.",
        "The earlier version had four engines.",
        "More than forty people read the letter.",
        "The fog contributed to the crash.",
        "By noon the harbour was full.",
        "By noon it was full.",
        "Download speeds doubled in the Tirin valley last year.",
        "Register offices in the county will close in June.",
        "Copyright law will change next year, the minister said.",
        "Copyright rules of 2019 will change.",
        "Like him, thousands left the valley.",
        "Like us, they waited.",
        "This report was the third to warn of cracks in the dam.",
        "This story is not over.",
        "Advertisement revenue fell by a fifth last year.",
        "Advertisement-free papers lost readers.",
        "Related costs rose to 3 million.",
        "Sponsored runners start at nine.",
        "To see the damage, the mayor flew to Tirin.",
        "Zum Thema Hafen sagte sie nichts.",
        "Two writers contributed ten pages each.",
        "Updated: the council closed the bridge for six weeks.",
        "Hello and welcome, said the sign.",
        "I’m tired and I’ll be gone by noon, the mayor said.",
        "Thanks for reading the bill, said the mayor.",
        "We are closing our ranks, said the mayor.",
        "Hello Harwick is a new radio station.",
        "Dieser Artikel der Verfassung gilt seit 1949.",
        "完了した工事は三件だった。",
        "Crédit Harwick ferme douze agences.",
    ],
)
def test_news_is_kept(sentence: str) -> None:
    """One word in front does not make a sentence a notice."""
    assert not is_furniture(sentence)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Jane Porter is a columnist.", True),
        ("Dr. Ada Low is a senior research fellow at the Northern Institute and the author of two books.", True),
        ("Jana Porter ist Redakteurin im Ressort Politik.", True),
        ("Jeanne Porte est journaliste.", True),
        ("Ada Low is the editor who resigned on Monday in Harwick.", False),
        ("Ada Low is a professor and found the cracks.", False),
        ("The New Bridge is a critic's choice in Leith.", False),
        ("Ada Low is in hospital in Leith.", False),
    ],
)
def test_a_note_about_the_author_is_known(sentence: str, told: bool) -> None:
    """By name, office and house; who did something is news."""
    assert is_about_author(sentence) == told


@pytest.mark.parametrize(
    "piece", ["A ", "a,", "((((", "A.", "by A", "copyright A ", "copyright a ", "live: ", "follow a on ", "@", "©."]
)
def test_long_lines_cost_little(piece: str) -> None:
    """Only the beginning of a line is looked at."""
    started = time.process_time()

    for _ in range(20):
        is_furniture((piece * 10_000)[:10_000])
        is_furniture(piece + "a" * 10_000)
        is_about_author((piece * 200)[:190])
        is_furniture(piece + "A-" * 140)

    assert time.process_time() - started < 0.5
