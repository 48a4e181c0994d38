"""A sentence that leans on the one before it is known by its first words."""

import pytest

from syndicate.core.leaning import leans


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Yet on Friday the harbour council voted for the pier."),
        ("en", "She is one of forty skippers of Harwick."),
        ("de", "Allerdings stimmte der Hafenrat am Freitag zu."),
        ("fr", "C'était la seule passerelle du port."),
        ("es", "Además, el puerto cierra el viernes."),
        ("it", "Però venerdì il porto ha chiuso."),
        ("pt", "Porém, o porto fechou na sexta."),
        ("nl", "Toch stemde de havenraad voor de pier."),
        ("pl", "Jednak rada portu zagłosowała w piątek."),
        ("ru", "Однако в пятницу совет порта проголосовал."),
        ("uk", "Однак у п'ятницю рада порту проголосувала."),
        ("tr", "Ancak cuma günü liman meclisi oy verdi."),
    ],
)
def test_a_leaning_sentence_is_known(language: str, sentence: str) -> None:
    """By a conjunction, an adverb or a pronoun of its language."""
    assert leans(sentence, language)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "This week the harbour council voted for the pier."),
        ("en", "So-called ghost nets killed nine seals at Harwick."),
        ("de", "Das Hafenamt schließt am Freitag."),
        ("fr", "Il y a dix ans, le port de Harwick fermait."),
        ("tr", "Bu hafta liman meclisi oy verdi."),
        ("en", "To win, Harwick needs a goal."),
        ("es", "A Harwick llegan dos barcos."),
    ],
)
def test_an_opening_is_known(language: str, sentence: str) -> None:
    """What looks the same, or leans in another language only, does not lean."""
    assert not leans(sentence, language)
