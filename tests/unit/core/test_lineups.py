"""Lists of players and of who made a film are told from sentences with a colon."""

import time

import pytest

from syndicate.core.furniture import is_furniture


@pytest.mark.parametrize(
    "line",
    [
        "Att: 3,870.",
        "Attendance: 3,870 (at Quay Park).",
        "Referee: T. Marsh.",
        "Harwick: Low; Gray, Holt, Reed; Stone, Bell.",
        "Harwick (4-3-3): Low – Gray, Holt, Reed, van Dal – Stone (61. Bell), Moor, Finn – Ash, Dee, Lamb.",
        "Subs: Wade, Cole.",
        "Replacements: Wade, Cole.",
        "Booked: Gray, Holt.",
        "Cert 12A, 98 min.",
        "Director: Ada Low.",
        "Cast: Ada Low, Tom Gray.",
        "Running time: 98 minutes.",
        "Zuschauer: 3.870.",
        "Schiedsrichter: Marsch (Harwick).",
        "Tore: Gray (12.), Holt (30.).",
        "Arbitre : M. Marais.",
        "Espectadores: 3.870.",
        "Arbitro: Rossi di Tirin.",
        "Судья: Марш.",
        "Hakem: Ali Deniz.",
    ],
)
def test_a_list_is_furniture(line: str) -> None:
    """Behind its label, or behind a team."""
    assert is_furniture(line)


@pytest.mark.parametrize(
    "sentence",
    [
        "The referee: a man of sixty who has never run so much.",
        "Booked: every bed in Harwick for the week of the regatta.",
        "Cast iron was made at Harwick until 1904.",
        "Director: we had no choice but to close the film theatre.",
        "Certain things cost 15 crowns at the pier.",
        "Attendance fell to 3,870 on Saturday.",
        "Three towns want the bridge: Harwick, Leith and Tirin.",
        "The council has new members: Ada Low, Tom Gray, Ines Holt and Jan Reed; nobody else stood.",
        "Harwick: the council said no; Leith, Tirin and Karesh said yes; nobody asked why.",
        "Rot: die Farbe des Hafens im Abendlicht.",
    ],
)
def test_news_is_no_list(sentence: str) -> None:
    """It has words that are no names."""
    assert not is_furniture(sentence)


@pytest.mark.parametrize("piece", ["A, ", "A: ", "A; ", "(", "( ", "Att: 1 ", "Cast: A"])
def test_long_lines_cost_little(piece: str) -> None:
    """Only a short sentence is looked at."""
    started = time.process_time()

    for _ in range(20):
        is_furniture((piece * 10_000)[:10_000])
        is_furniture((piece * 400)[:400])

    assert time.process_time() - started < 0.5
