"""Notices that a message is late, in many words and languages: whatever reason they give, it may still arrive."""

import pytest

from syndicate.core.bounce import read_report
from syndicate.core.bounce_class import BounceClass

LATE = {
    "Warning: could not send message for past 4 hours": "ann@readers.example: user unknown",
    "Undeliverable mail: first notice": "ann@readers.example: user unknown\nIt has not yet been delivered; we will try again for 3 days.",
    "[Notice] mail waits": "<ann@readers.example> is still in our queue: user unknown. It is not necessary to send it again.",
    "Delivery late": "ann@readers.example: no such user. Our server will continue to try for two days.",
    "Zustellung verzögert": "ann@readers.example: Benutzer unbekannt. Das ist noch nicht zugestellt.",
    "Zustellfehler: Nachricht nicht zugestellt": "ann@readers.example: Benutzer unbekannt. Weitere Versuche folgen.",
    "Entrega pendiente": "ann@readers.example: usuario desconocido. El envío se seguirá intentando; no fue entregado todavía.",
    "延迟通知": "ann@readers.example: 用户不存在, 系统将继续尝试",
    "配送遅延": "ann@readers.example: ユーザ不明 無法。引き続き再送を試みます。",
}


@pytest.mark.parametrize("subject", LATE)
def test_a_late_message_is_no_failure(subject: str) -> None:
    """Nor is its subject lost when it was written in bytes, as the standard forbids."""
    raw = f"From: MAILER-DAEMON@relay.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{LATE[subject]}\n"

    kinds = {one.verdict for one in read_report(raw.encode()).reported}

    assert kinds == {BounceClass.DELAYED}


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Undeliverable mail", "It was not delivered within the time that is allowed; we are giving up."),
        ("failure notice", "It could not be delivered: user unknown. Check the address, then try again."),
        ("Mail System Error", "宛先が見つかりませんでした。ご確認の上、再送信してください。"),
    ],
)
def test_a_failure_that_speaks_of_trying_is_one(subject: str, text: str) -> None:
    """To ask the sender to try again is not to try again."""
    raw = f"From: MAILER-DAEMON@relay.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n<ann@readers.example>\n{text}\n"

    (one,) = read_report(raw.encode()).reported

    assert one.recipient == "ann@readers.example"
    assert one.verdict not in (BounceClass.DELAYED, BounceClass.NONE)
