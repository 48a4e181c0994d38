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
    "Mail delivery problem": "<ann@readers.example>: user unknown. The system continues to attempt delivery.",
    "Your message is held": "Your mail to ann@readers.example is queued (user unknown). Another attempt will be made at six.",
    "Warnung": "Die Nachricht an <ann@readers.example> konnte bisher nicht ausgeliefert werden: 450 4.1.1 User unknown",
    "Vertraging": "Uw bericht aan ann@readers.example is nog niet bezorgd: gebruiker onbekend. Wij blijven het proberen.",
    "Varning: fördröjd leverans": "Brevet till ann@readers.example har ännu inte levererats: user unknown. Nya försök görs.",
    "Levering forsinket": "Brevet til ann@readers.example er endnu ikke leveret: user unknown. Nye forsøg følger.",
    "Leveringen er forsinket": "Brevet til ann@readers.example er ikke levert ennå: user unknown. Nye forsøk kommer.",
    "Toimitus viivästyy": "Viestiä ei ole vielä toimitettu: ann@readers.example, user unknown. Yrityksiä jatketaan.",
    "Opóźnienie dostarczenia": "List do ann@readers.example nie został jeszcze dostarczony: 450 4.1.1 User unknown.",
    "Upozornění: zpoždění": "Zprávu pro ann@readers.example se zatím nepodařilo doručit: 450 4.1.1 unknown user.",
    "Késleltetett kézbesítés": "ann@readers.example: user unknown. Még nem sikerült, további kísérletek lesznek.",
    "Livrare întârziată": "Mesajul nu a fost încă livrat la ann@readers.example: user unknown.",
    "Entrega atrasada": "A mensagem para ann@readers.example ainda não foi entregue: usuário desconhecido.",
    "Entrega demorada": "El mensaje para ann@readers.example aún no se ha entregado: usuario desconocido.",
    "Recapito ritardato": "Il messaggio per ann@readers.example non è ancora stato recapitato: utente sconosciuto.",
    "Remise retardée": "Le message pour ann@readers.example n'a pas encore été remis: utilisateur inconnu.",
    "Teslimat gecikti": "ann@readers.example: user unknown. Henüz teslim edilemedi, yeniden denenecek.",
    "Задержка доставки": "Письмо для ann@readers.example пока не доставлено: user unknown. Повторная попытка будет сегодня.",
    "Затримка доставки": "Лист для ann@readers.example ще не доставлено: user unknown. Спроби тривають.",
    "Καθυστέρηση παράδοσης": "ann@readers.example: user unknown. Δεν έχει ακόμη παραδοθεί, το σύστημα θα συνεχίσει.",
    "배달 지연": "ann@readers.example: user unknown. 아직 배달되지 않았으며 계속 시도합니다.",
    "Status of your mail": "ann@readers.example: user unknown. This is a transient, non-fatal error.",
    "Returned mail: warning: cannot send": "The addresses had transient non-fatal errors\n<ann@readers.example>\n550 User unknown",
    "Delivery incomplete": "ann@readers.example: 550 5.1.1 User unknown. We will retry for 46 hours; you hear of it if it fails permanently.",
    "Queue report": "ann@readers.example: 550 no such user. It is still queued, and will be returned to you after 5 days if nobody takes it.",
    "Mail waits": "ann@readers.example: user unknown. Es wird weiter versucht. Wir schreiben Ihnen, wenn die Zustellung endgültig scheitert.",
    "Delivery warning": "ann@readers.example, user unknown, will be re-tried every hour.",
    "Delivery news": "ann@readers.example, user unknown: delivery will be reattempted.",
    "Delivery notice": "ann@readers.example has not received the message yet (user unknown).",
    "Delivery report": "ann@readers.example: no such user; more attempts will be made.",
    "Mail delivery": "To ann@readers.example, user unknown, it has not yet been\nfully delivered.",
    "Mail delivery, a problem": "We are temporarily unable to deliver to ann@readers.example: no such user",
    "Mail delivery, slow": "We keep retrying ann@readers.example: no such user",
    "Thư bị chậm trễ": "ann@readers.example: user unknown. Hệ thống sẽ tiếp tục thử gửi lại.",
    "تأخر التسليم": "ann@readers.example: user unknown",
    "Pengiriman tertunda": "ann@readers.example: user unknown. Server akan mencoba lagi.",
    "Undelivered, a warning": "ann@readers.example: 550 5.1.1 (first host). The relay will attempt delivery until Friday.",
    "Undeliverable so far": "ann@readers.example: no such user; 3 attempts made, 12 attempts left",
    "Delivery is pending": "ann@readers.example: 550 user unknown. It stays in the queue.",
    "Delivery, pending": "ann@readers.example: 550 user unknown. It will be held in queue for two days.",
    "Poruka": "Poruka za ann@readers.example još nije isporučena: user unknown.",
    "Ändrat läge": "Brevet till ann@readers.example har ännu inte levererats: user unknown.",
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
        ("Unzustellbar: Züge verspätet", "Der Empfänger ist unbekannt: 550 5.1.1"),
        ("Non remis : les trains en retard", "Le destinataire est inconnu."),
        ("No se puede entregar: trenes con retraso", "El usuario no existe."),
        ("Undeliverable: flights delayed", "The recipient was not found."),
        ("Undeliverable: flights (delay)", "The recipient was not found."),
        ("Undeliverable", "User unknown; 0 attempts left."),
        ("Mail returned", "It was held in the queue for five days, and is returned to you: user unknown."),
        ("Mail returned", "It was tried again until today, and is returned to you. If you need help, ask us."),
        ("Mail returned", "We kept it as it was deferred. This is a permanent error. If you need help, ask us."),
        ("Entrega", "El sistema no ha podido, todavía. No se realizarán más intentos."),
        ("Mail System Error", "宛先が見つかりませんでした。ご確認の上、再送信してください。"),
    ],
)
def test_a_failure_that_speaks_of_trying_is_one(subject: str, text: str) -> None:
    """To ask the sender to try again is not to try again."""
    raw = f"From: MAILER-DAEMON@relay.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n<ann@readers.example>\n{text}\n"

    (one,) = read_report(raw.encode()).reported

    assert one.recipient == "ann@readers.example"
    assert one.verdict not in (BounceClass.DELAYED, BounceClass.NONE)


def test_a_notice_of_delay_that_names_whom_it_failed_for_is_one() -> None:
    """Gmail's do, in the header of its failures; the subject is of its own making."""
    head = "From: mailer-daemon@relay.example\nX-Failed-Recipients: ann@readers.example\n"
    text = "There was a problem.\n\nThe response was:\n\n550 5.1.1 user unknown"
    more = "We will retry for 46 more hours. You are told if the delivery fails permanently."

    verdicts = [
        read_report(f"{head}Subject: {subject}\n\n{body}\n".encode()).reported[0].verdict
        for subject, body in (
            ("Delivery Status Notification (Delay)", text),
            ("News of your mail", f"{more} {text}"),
            ("Delivery Status Notification (Failure)", text),
        )
    ]

    assert verdicts == [BounceClass.DELAYED, BounceClass.DELAYED, BounceClass.HARD]


def test_a_notice_of_delay_in_a_language_that_nobody_knows_suppresses_nobody() -> None:
    """The server's number says that it may pass."""
    text = "<ann@readers.example>: 450 4.1.1 User unknown in local recipient table. Ĝi estos reprovata."
    raw = f"From: MAILER-DAEMON@relay.example\nSubject: Averto: malfruo\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"

    (one,) = read_report(raw.encode()).reported

    assert one.verdict is BounceClass.SOFT
