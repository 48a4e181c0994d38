"""What is kept of an article is small, stable, and says which words it has."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.core.terms import MOST_TERMS, Terms, extract

TEXT = "The council rebuilds the lighthouse. Storms damaged the lighthouse in March."


def ids(terms: Terms) -> set[int]:
    """Return the hashed terms alone."""
    return {int(code) >> 10 for code in terms.codes}


def test_terms_survive_storage() -> None:
    """Bytes read back are the same terms with the same date."""
    terms = extract(title="Lighthouse", text=TEXT, language="en", published=1_700_000_000.5)

    again = Terms.from_bytes(terms.to_bytes())

    assert again == terms
    assert again.published == 1_700_000_000.5
    assert again.at(5.0).published == 5.0
    assert ids(again.at(5.0)) == ids(terms)


def test_forms_of_a_word_are_one_term_and_small_words_are_none() -> None:
    """Stems are compared, possessives fall away, stop words say nothing."""
    plural = extract(title="", text="lighthouses storms", language="en", published=0)
    singular = extract(title="", text="The lighthouse and the storm's", language="en", published=0)

    assert ids(plural) == ids(singular)
    assert len(ids(plural)) == 2


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("de", "Häuser", "Hauses"),
        ("de", "Impfstoff", "Impfstoffsuche"),
        ("ru", "мосты", "мостов"),
        ("es", "puentes", "puente"),
        ("tr", "İstanbul", "istanbul"),
    ],
)
def test_other_languages_have_their_own_stems(language: str, one: str, other: str) -> None:
    """Forms of a word meet in languages other than English, too."""
    assert ids(extract(title="", text=one, language=language, published=0)) == ids(
        extract(title="", text=other, language=language, published=0)
    )


def test_the_country_of_a_language_makes_no_difference() -> None:
    """`de-AT` has the stems and small words of German."""
    austrian = extract(title="", text="Die Häuser und der Impfstoff", language="de-AT", published=0)

    assert austrian == extract(title="", text="Die Häuser und der Impfstoff", language="de", published=0)


def test_scripts_without_spaces_are_compared_by_pairs_of_characters() -> None:
    """Two Chinese texts share the pairs they share, and the characters."""
    one = ids(extract(title="", text="重建灯塔", language="zh", published=0))
    other = ids(extract(title="", text="旧灯塔", language="zh", published=0))

    assert len(one & other) == 2  # the pair, and its first character


def test_what_is_stored_is_the_same_in_every_process() -> None:
    """Hashes do not depend on the process, unlike Python's own."""
    program = (
        "from syndicate.core.terms import extract; "
        f"print(extract(title='Lighthouse', text={TEXT!r}, language='en', published=1.0).to_bytes().hex())"
    )

    other = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert other.stdout.strip() == extract(title="Lighthouse", text=TEXT, language="en", published=1.0).to_bytes().hex()


def test_a_long_article_stays_small() -> None:
    """However long the text, less than 4 kB are kept."""
    text = " ".join(f"word{number}x" for number in range(50_000))

    terms = extract(title="A title", text=text, language="en", published=0)

    assert len(terms.codes) == MOST_TERMS
    assert len(terms.to_bytes()) < 4096


@pytest.mark.parametrize("blob", [b"", b"\x00" * 40, b"\x01\x00\xff\xff\x00\x00" + b"\x00" * 8])
def test_foreign_bytes_are_refused(blob: bytes) -> None:
    """Bytes of another version, or cut short, are an error that says what to do."""
    with pytest.raises(ValueError, match="rebuild"):
        Terms.from_bytes(blob)


@given(st.text(max_size=200), st.text(max_size=400), st.sampled_from(["en", "ar", "zh", "ko", "th", "xx"]))
def test_any_text_has_terms(title: str, text: str, language: str) -> None:
    """No text breaks it, and the terms are sorted and each is there once."""
    found = [code >> 10 for code in extract(title=title, text=text, language=language, published=0).codes.tolist()]

    assert found == sorted(set(found))
    assert np.isnan(extract(title=title, text=text, language=language, published=float("nan")).published)
