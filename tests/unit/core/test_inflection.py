"""Forms of a word that an article has."""

import pytest

from syndicate.core.inflection import Vocabulary


@pytest.mark.parametrize(
    ("language", "known", "form"),
    [
        ("de", "Berlin", "Berliner"),
        ("en", "Norway", "Norways"),
        ("fr", "Nantes", "Nantais"),
        ("pl", "Warszawa", "Warszawy"),
        ("pl", "Kraków", "Krakowie"),
        ("pl", "Praga", "Pradze"),
        ("pl", "Marek", "Marka"),
        ("ru", "Петербург", "Петербурга"),
        ("uk", "Київ", "Києва"),
        ("uk", "Київ", "Київський"),
        ("uk", "Прага", "Празі"),
        ("tr", "İstanbul", "İSTANBUL"),
        ("fi", "Tampere", "Tampereella"),
    ],
)
def test_a_form_of_a_name_is_known(language: str, known: str, form: str) -> None:
    """By its stem and an ending of its language."""
    assert Vocabulary([known], language).has(form)


@pytest.mark.parametrize(
    ("language", "known", "other"),
    [
        ("en", "Johnson", "Johnston"),
        ("en", "Martin", "Martens"),
        ("de", "Hamburg", "Hamm"),
        ("pl", "Warszawa", "Wisła"),
        ("ru", "Иванов", "Иваненко"),
        ("uk", "Київ", "Київстар"),
    ],
)
def test_another_name_is_not(language: str, known: str, other: str) -> None:
    """Though it begins alike."""
    assert not Vocabulary([known], language).has(other)
