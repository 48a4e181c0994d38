"""Addresses: what is taken, what is refused, what logs show."""

import pytest

from syndicate.core.addresses import check_address, mask, parse_mailbox
from syndicate.errors import AddressError


@pytest.mark.parametrize(
    ("text", "expected", "smtputf8"),
    [
        ("reader@readers.example", "reader@readers.example", False),
        (" Reader+tag@Readers.EXAMPLE ", "Reader+tag@readers.example", False),
        ("leserin@zeitung-österreich.example", "leserin@xn--zeitung-sterreich-6zb.example", False),
        ("jürgen@bücher.example", "jürgen@xn--bcher-kva.example", True),
        ("o'hara@readers.example", "o'hara@readers.example", False),
    ],
)
def test_address_is_normalised(text: str, expected: str, smtputf8: bool) -> None:
    """The domain is put into ASCII; a local part that is not ASCII asks for SMTPUTF8."""
    address = check_address(text)

    assert (address.text, address.smtputf8) == (expected, smtputf8)
    assert address.domain.isascii()


@pytest.mark.parametrize(
    "text",
    ["", "nobody", "@x.example", "a@", "a b@x.example", "a@b.example\r\nRCPT TO:<x@y.example>", "a@b.example\n", "a@b@c.example",
     "<a@b.example>", "a@b..example", "a@[127.0.0.1]", "a\x00@b.example", "a,b@c.example", "x" * 65 + "@b.example", '"a b"@c.example', "j\ufffdrg@c.example"]
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    """Nothing that a mail server could read in two ways is taken."""
    with pytest.raises(AddressError):
        check_address(text)


def test_refusal_does_not_tell_the_address() -> None:
    """The message of a refusal may go into a log, so that it is masked."""
    with pytest.raises(AddressError) as caught:
        check_address("very.private.name@bad domain.example")

    assert "private" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("The Daily Example <digest@news.example>", "The Daily Example", "digest@news.example"),
        ('"Post, Evening" <digest@news.example>', "Post, Evening", "digest@news.example"),
        ("digest@news.example", "", "digest@news.example"),
        ("<digest@news.example>", "", "digest@news.example"),
        ("Zeitung für alle <a@bücher.example>", "Zeitung für alle", "a@xn--bcher-kva.example"),
    ],
)
def test_sender_is_read_as_operators_write_it(text: str, name: str, address: str) -> None:
    """A From setting is a name and an address, or an address alone."""
    found_name, found = parse_mailbox(text)

    assert (found_name, found.text) == (name, address)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("reader@readers.example", "r***@readers.example"),
        ("nonsense", "***"),
        ("@x", "***"),
        ("a\n@b\r.example", "a***@b?.example"),
    ],
)
def test_logs_see_one_letter_and_the_domain(text: str, masked: str) -> None:
    """A masked address helps an operator and tells nobody's name."""
    assert mask(text) == masked
