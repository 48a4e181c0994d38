"""Invitations to subscribe or to come back are told from news that begins with the same words."""

import time

import pytest

from syndicate.core.furniture import is_furniture


@pytest.mark.parametrize(
    "line",
    [
        "Refresh for the latest updates.",
        "Please refresh this page regularly for live news.",
        "This page will be updated as we learn more.",
        "We will update this story.",
        "Check back soon for results.",
        "Correction: an earlier version of this story gave the length of the pier as 90 metres.",
        "Jetzt weiterlesen mit Hafenblatt Plus.",
        "Melden Sie sich für unseren Newsletter an.",
        "Abonnieren Sie hier unseren Newsletter!",
        "Dieser Artikel wurde aktualisiert.",
        "Korrektur: In einer früheren Version dieses Artikels stand eine falsche Länge.",
        "Abonnez-vous pour lire la suite.",
        "Inscrivez-vous à notre newsletter.",
        "Cet article a été mis à jour.",
        "Rectificatif : une version précédente de cet article donnait une autre longueur.",
        "Suscríbete para seguir leyendo.",
        "Esta noticia se está actualizando.",
        "Noticia en desarrollo.",
        "Abbonati per continuare a leggere.",
        "Notizia in aggiornamento.",
        "Assine para continuar lendo.",
        "Esta reportagem está em atualização.",
        "Word nu abonnee.",
        "Dit artikel wordt nog bijgewerkt.",
        "Zapisz się do naszego newslettera.",
        "Artykuł jest na bieżąco aktualizowany.",
        "Подпишитесь на наш канал.",
        "Новость дополняется.",
        "Исправление: в предыдущей версии статьи была неверно указана длина.",
        "Підпишіться на наш канал.",
        "Матеріал оновлюється.",
        "Okumaya devam etmek için abone olun.",
        "Bu haber güncelleniyor.",
        "اشتركوا في نشرتنا البريدية.",
        "جاري تحديث الخبر.",
        "订阅后继续阅读。",
        "本文将持续更新。",
        "更正：本文此前版本所写的长度有误。",
        "この記事は随時更新されます。",
        "기사는 계속 업데이트됩니다.",
    ],
)
def test_an_invitation_is_furniture(line: str) -> None:
    """In the usual words of many languages."""
    assert is_furniture(line)


@pytest.mark.parametrize(
    "sentence",
    [
        "Refresh rates of the new screens doubled.",
        "This page of the treaty will be rewritten.",
        "This story is being told in every harbour of the county.",
        "Correction: the ferry sails at nine.",
        "Corrections officers in Tirin went on strike on Friday.",
        "Jetzt abonnierenswert findet das kaum jemand.",
        "Dieser Bericht wurde am Dienstag dem Landtag vorgelegt.",
        "Abonnez-vous, disait l'affiche, et personne ne venait.",
        "Cet article de loi a été adopté mardi.",
        "Esta noticia se conoció el martes en Tirin.",
        "Abbonati in fuga dalla rete di Tirin.",
        "Este artigo da lei foi votado na terça.",
        "Dit artikel van de wet geldt sinds mei.",
        "Статья 5 закона дополнена новой частью.",
        "Подписаться на акции банка успели трое.",
        "Bu haber piyasaları salladı.",
        "اشترك في السباق ألف عداء.",
        "更新された橋は三つだった。",
    ],
)
def test_news_is_no_invitation(sentence: str) -> None:
    """What goes on with other words is kept."""
    assert not is_furniture(sentence)


@pytest.mark.parametrize("piece", ["Abonnieren Sie ", "Correction: ", "jetzt ", "((((", "本文将", "Refresh for a "])
def test_long_lines_cost_little(piece: str) -> None:
    """Only a short sentence is looked at."""
    started = time.process_time()

    for _ in range(20):
        is_furniture((piece * 10_000)[:10_000])
        is_furniture((piece * 100)[:160])

    assert time.process_time() - started < 0.5
