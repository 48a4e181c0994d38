"""What is taken for a report of a failure, in many languages, and what is not."""

import pytest

from syndicate.core.bounce import read_report
from syndicate.core.bounce_class import BounceClass

ANN = "ann@readers.example"
UNKNOWN = {
    "[발송실패 안내] 메일이 전송되지 못했습니다": "받는사람: ann@readers.example\n사유: 존재하지 않는 사용자입니다.",
    "Bericht niet bezorgd": "Uw bericht kon niet worden bezorgd aan ann@readers.example: de ontvanger is onbekend.",
    "Niet te bestellen": "Uw bericht is niet bezorgd bij ann@readers.example: het adres is onbekend.",
    "Niet afgeleverd": "Uw bericht kon niet afgeleverd worden bij ann@readers.example: de ontvanger is onbekend.",
    "Kan inte levereras": "Brevet kunde inte levereras till ann@readers.example: adressen hittades inte.",
    "Kan ikke leveres": "Brevet kunne ikke leveres til ann@readers.example: modtageren er ukendt.",
    "Brevet ble returnert": "Brevet kunne ikke leveres til ann@readers.example: brukeren finnes ikke.",
    "Toimitus ei onnistunut": "Viestiä ei voitu toimittaa: ann@readers.example, vastaanottaja on tuntematon.",
    "Nie można dostarczyć": "List nie został dostarczony do ann@readers.example: taki adres nie istnieje.",
    "Nelze doručit": "Zprávu se nepodařilo doručit na ann@readers.example: uživatel neexistuje.",
    "Kézbesíthetetlen levél": "Nem sikerült kézbesíteni: ann@readers.example, a címzett ismeretlen.",
    "Mesaj nelivrat": "Mesajul nu a putut fi livrat la ann@readers.example: destinatar necunoscut.",
    "Teslim edilemedi": "İleti teslim edilemedi: ann@readers.example, kullanıcı bulunamadı.",
    "Не удается доставить: рейс задерживается": "Письмо не доставлено: ann@readers.example, получатель не найден. Попыток больше не будет.",
    "Лист не доставлено": "Не вдалося доставити на ann@readers.example: користувач не існує.",
    "Αδυναμία παράδοσης": "Το μήνυμα δεν παραδόθηκε: ann@readers.example, άγνωστος ο παραλήπτης, ο χρήστης δεν υπάρχει.",
}
FULL = {
    "Kan inte levereras": "ann@readers.example: brevlådan är full",
    "Kan ikke leveres": "ann@readers.example: postkassen er fyldt op",
    "Toimitus ei onnistunut": "ann@readers.example: postilaatikko on täynnä",
    "Nelze doručit": "ann@readers.example: schránka je plná",
    "Kézbesíthetetlen": "ann@readers.example: a postafiók megtelt",
    "Teslim edilemedi": "ann@readers.example: posta kutusu dolu",
    "Лист не доставлено": "ann@readers.example: скринька переповнена",
    "메일 발송 실패": "ann@readers.example: 메일함이 가득 찼습니다",
}


@pytest.mark.parametrize(
    ("subject", "text", "wanted"),
    [(*one, BounceClass.HARD) for one in UNKNOWN.items()] + [(*one, BounceClass.SOFT) for one in FULL.items()],
)
def test_a_failure_is_understood_in_many_languages(subject: str, text: str, wanted: BounceClass) -> None:
    """Also from an author who does not call himself a mail system."""
    for author in ("mail_noreply@readers.example", "MAILER-DAEMON@relay.example"):
        head = f"Return-Path: <>\nFrom: {author}\nTo: b-1@bounces.news.example\nSubject: {subject}\n"
        (one,) = read_report(f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode()).reported

        assert (one.recipient, one.verdict) == (ANN, wanted)


def test_a_mail_system_in_a_language_that_nobody_knows() -> None:
    """What it quotes of the server's words is enough."""
    raw = f"From: MAILER-DAEMON@relay.example\nSubject: Averto\n\n<{ANN}>: user unknown\n"

    (one,) = read_report(raw.encode()).reported

    assert (one.recipient, one.verdict) == (ANN, BounceClass.HARD)


@pytest.mark.parametrize(
    "author",
    [
        '"Mail Delivery System" <robot@relay.example>',
        "Mail Delivery Subsystem <robot@relay.example>",
        "robot@relay.example (Mail Delivery System)",
        "System Administrator <robot@relay.example>",
        "<>",
        "mailer-daemon",
        "MicrosoftExchange0123456789abcdef0123456789abcdef@relay.example",
    ],
)
def test_a_mail_system_is_known_by_its_address_or_by_its_whole_name(author: str) -> None:
    """Its own word on a reader is a report, under any subject."""
    (one,) = read_report(f"From: {author}\nSubject: Re: The Daily\n\n<{ANN}>: user unknown\n".encode()).reported

    assert (one.recipient, one.verdict) == (ANN, BounceClass.HARD)


def test_a_report_on_encryption_is_no_bounce() -> None:
    """RFC 8460: many reports have their form, and fewer their meaning."""
    head = "From: smtp-tls@relay.example\nSubject: Report Domain: news.example\nContent-Type: multipart/report; report-type=tlsrpt; boundary=b\n"
    raw = f"{head}\n--b\nContent-Type: text/plain\n\nTwo sessions failed with delivery errors.\n--b--\n"

    (one,) = read_report(raw.encode()).reported

    assert one.verdict is BounceClass.NONE


@pytest.mark.parametrize("mark", ["---------- Forwarded message ---------", "-----Original Message-----"])
def test_a_report_that_somebody_forwards_within_his_letter_is_read(mark: str) -> None:
    """What follows the mark is no message of ours then."""
    inner = f"From: Mail Delivery System <MAILER-DAEMON@relay.example>\nSubject: Undelivered\n\n<{ANN}>: mx said: 550 5.1.1 User unknown"
    own = "------ This is a copy of your message ------\n\nFrom: digest@news.example\nTo: ann@readers.example\nMessage-ID: <abc@news.example>"
    raw = f"From: Desk <desk@news.example>\nSubject: Fwd: Undelivered\n\nFYI\n\n{mark}\n{inner}\n\n{own}\n"

    report = read_report(raw.encode())

    assert [(one.recipient, one.verdict) for one in report.reported] == [(ANN, BounceClass.HARD)]
    assert report.returned["message-id"] == ["<abc@news.example>"]


@pytest.mark.parametrize("times", [1, 3_000])
def test_a_report_forwarded_any_number_of_times_is_read(times: int) -> None:
    """A hostile one may nest them as deep as it likes."""
    one = "--- Forwarded message ---\nFrom: MAILER-DAEMON@relay.example\nSubject: x\n\nhm\n"

    assert read_report(f"From: desk@news.example\nSubject: Fwd: x\n\nFYI\n{one * times}".encode()).reported


PARCEL = f"We were unable to deliver your parcel: address unknown. The recipient {ANN} knows of it."


@pytest.mark.parametrize(
    ("author", "more", "sure"),
    [
        ("Parcels <news@parcels.example>", "", False),
        ("Mail Delivery System <news@parcels.example>", "", True),
        ("Parcels <news@parcels.example>", "\n550 5.1.1 Unknown user", True),
        (
            "Parcels <news@parcels.example>",
            f"\n\n--- Original message ---\nMessage-ID: <1@news.example>\nFrom: a@news.example\nTo: {ANN}\nDate: x",
            True,
        ),
    ],
)
def test_nobody_is_given_up_for_words_that_any_letter_may_have(author: str, more: str, sure: bool) -> None:
    """It takes a mail system's name, our message, or a server's number."""
    (one,) = read_report(f"From: {author}\nSubject: Delivery failed\n\n{PARCEL}{more}\n".encode()).reported

    assert (one.recipient, one.verdict, one.sure) == (ANN, BounceClass.HARD, sure)


@pytest.mark.parametrize(
    ("author", "subject", "text"),
    [
        ("Bank <info@bank.example>", "Your payment was returned", "It was returned: account closed."),
        ("Nick <nick@x.example>", "Your mail was not delivered", "It was not delivered: my account is closed."),
        (
            "Mail System <postmaster@news.example>",
            "Your mailbox",
            "Your mailbox b-1@bounces.news.example is 95 % full: mail will be rejected.",
        ),
        (
            "Mail Delivery System <mailer-daemon@x.example>",
            "Undelivered mail",
            "Five were not delivered as your mailbox is full.",
        ),
    ],
)
def test_a_letter_that_speaks_of_nobody_is_no_report(author: str, subject: str, text: str) -> None:
    """Nor is one about the mailbox that it came to."""
    raw = f"From: {author}\nTo: b-1@bounces.news.example\nSubject: {subject}\n\n{text}\n"

    (one,) = read_report(raw.encode()).reported

    assert one.verdict is BounceClass.NONE


@pytest.mark.parametrize(
    "text",
    [
        f"Your message was delivered to:\n  bob@elsewhere.example\n  cleo@elsewhere.example\n\nbut not to:\n  {ANN} (user unknown)",
        f"It could not be delivered to {ANN}: user unknown\nA copy was sent to our man bob@elsewhere.example",
        f"The following were successfully delivered:\n* bob@elsewhere.example\n\nThese could not be delivered:\n* {ANN}: user unknown",
    ],
)
def test_who_got_it_is_not_whom_it_failed_for(text: str) -> None:
    """A report may name both."""
    found = read_report(f"From: MAILER-DAEMON@relay.example\nSubject: Delivery failed\n\n{text}\n".encode()).reported

    assert [(one.recipient, one.verdict) for one in found] == [(ANN, BounceClass.HARD)]


@pytest.mark.parametrize(
    "text",
    [
        f"1. {ANN} - 550 User unknown\n2. bob@elsewhere.example - 552 Mailbox full",
        f"* {ANN}: User unknown\n* bob@elsewhere.example: Mailbox full",
        f"It was not delivered to:\n\n{ANN}: user unknown\nbob@elsewhere.example: mailbox full\n",
    ],
)
def test_each_of_a_list_has_his_own_reason(text: str) -> None:
    """However it is numbered."""
    found = read_report(f"From: MAILER-DAEMON@relay.example\nSubject: Delivery failed\n\n{text}\n".encode()).reported

    assert {one.recipient: one.verdict for one in found} == {
        ANN: BounceClass.HARD,
        "bob@elsewhere.example": BounceClass.SOFT,
    }
