"""Quoted-printable in pieces."""

import quopri

from hypothesis import example, given
from hypothesis import strategies as st

from syndicate.core.quoted import encode, encode_plain

TEXT = st.lists(
    st.sampled_from(
        [
            "a",
            "é",
            "東",
            "=",
            ".",
            " ",
            "  ",
            "\n",
            "\t",
            "From ",
            "x" * 20,
            "👩‍🚀",
            "\n.",
            "-",
            "https://x.example/?a=b&c=d",
            "\r\n",
        ]
    ),
    max_size=60,
).map("".join)


def decoded(raw: bytes) -> str:
    """Return what a stranger's decoder makes of it."""
    return quopri.decodestring(raw).decode().replace("\r\n", "\n")


def assert_piece(raw: bytes) -> None:
    """Check what lets any piece follow any other."""
    assert raw.endswith(b"\r\n")
    for line in raw.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith((b".", b"From "))
        assert not line.endswith((b" ", b"\t"))
        assert b"  " not in line


@given(st.one_of(TEXT, st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"))))
@example("x" * 75 + ".")
@example("x" * 74 + " \n")
@example("x" * 74 + "\t\n")
@example(".From x\n...From x")
def test_a_piece_comes_back_whole(text: str) -> None:
    """Decoding gives the text, its line ends aside."""
    raw = encode(text)

    assert decoded(raw) == text.replace("\r\n", "\n")
    if text:
        assert_piece(raw)


@given(st.lists(TEXT, max_size=6))
def test_pieces_may_follow_each_other(texts: list[str]) -> None:
    """Encoded pieces put together are the encoded whole: a slot between two of them breaks neither."""
    assert decoded(b"".join(encode(text) for text in texts)) == "".join(texts).replace("\r\n", "\n")


@given(st.text("abc:/._?-~ F.", min_size=1, max_size=200))
def test_short_way_agrees_with_the_long(text: str) -> None:
    """What is plain enough to be only cut into lines decodes to itself."""
    raw = encode_plain(text)

    if raw is not None:
        assert_piece(raw)
        assert decoded(raw) == text


def test_a_link_in_a_slot_keeps_its_equals_signs() -> None:
    """A link with = and & and no place to break is whole after decoding (four of six ways to splice break it)."""
    url = "https://feeds.news.example/x?token=" + "Ab=3D&" * 40

    assert encode_plain(url) is None
    assert decoded(encode("before ") + encode(url) + encode(" after")) == f"before {url} after"
