"""How digests and articles are read on our own pages."""

import re

from syndicate.flows.send import send_digest
from syndicate.storage.articles import list_articles
from tests.unit.web.conftest import Town, moved_in


async def send(town: Town) -> None:
    """Send this morning's digest to Ann's maildir."""
    await town.confirmed()
    at = town.clock.now()
    await send_digest(town.app.planning, await town.app.delivering(), digest="daily", at=at)


def mail_of(town: Town) -> str:
    """Return the one message in the maildir, its quoted-printable soft breaks undone."""
    (file,) = (town.folder / "mail" / "new").iterdir()
    return file.read_bytes().decode().replace("=\r\n", "").replace("=3D", "=")


async def test_an_edition_is_read_in_the_browser(town: Town) -> None:
    """The mail's link shows the same articles, with no reader's name, address or links in it."""
    await send(town)
    found = re.search(r"https://feeds\.news\.example(/editions/[\w.-]+)", mail_of(town))
    assert found is not None

    answer = await town.get(found[1])

    assert answer.status_code == 200
    assert "A bridge opens" in answer.text
    kept = await town.kept()
    assert kept.subscriber.public_id not in answer.text
    assert "ann@" not in answer.text
    assert "/unsubscribe/" not in answer.text
    assert 'href=""' not in answer.text
    assert "noindex" in answer.headers["x-robots-tag"]
    assert "script-src" not in answer.headers["content-security-policy"]


async def test_what_was_over_max_items_is_a_link_away(town: Town) -> None:
    """The page that the mail leads to for more lists their headlines, but for those that were withdrawn since."""
    names = [
        f"{first}{second}ton"
        for first in ("Ash", "Birch", "Elm", "Oak")
        for second in ("by", "ham", "ley", "wick", "mere")
    ]
    for number, name in enumerate(names, 10):
        await town.publish(str(number), f"{name} elects a mayor", body=f"<p>{name} {number}.</p>")
    await send(town)
    mail = mail_of(town)
    found = re.search(r"https://feeds\.news\.example(/editions/[\w.-]+)", mail)
    assert found is not None
    left = [name for name in names if f"{name} elects" not in mail]
    assert left

    whole = (await town.get(found[1])).text
    await town.publish(str(10 + names.index(left[0])), f"{left[0]} elects a mayor", status="withdrawn")
    after = (await town.get(found[1])).text

    assert [f"{name} elects a mayor</a>" in whole for name in left] == [True] * len(left)
    assert [f"{name} elects a mayor</a>" in after for name in left] == [name != left[0] for name in left]


async def test_a_withdrawn_article_leaves_old_editions(town: Town) -> None:
    """An edition shows its articles as they are now; when nothing is left it says so."""
    await send(town)
    found = re.search(r"https://feeds\.news\.example(/editions/[\w.-]+)", mail_of(town))
    assert found is not None
    await town.publish("1", "A bridge opens", status="withdrawn")
    one_left = await town.get(found[1])
    await town.publish("2", "The cup is won", section="Sport", status="withdrawn")
    none_left = await town.get(found[1])

    assert "A bridge opens" not in one_left.text
    assert "The cup is won" in one_left.text
    assert none_left.status_code == 410


async def test_an_article_without_an_address_is_read_here(town: Town) -> None:
    """It is shown whole under its number and its id, and not found by search engines."""
    await town.publish("3", "Nowhere else", url=None, body="<p>Read <em>here</em>.</p><script>alert(1)</script>")
    page = (await town.get("/world/")).text
    found = re.search(r"https://feeds\.news\.example(/articles/\d+)", page)
    assert found is not None
    async with town.app.database.read() as connection:
        (article,) = [one for one in await list_articles(connection) if one.title == "Nowhere else"]

    by_number, by_id = await town.get(found[1]), await town.get(f"/articles/{article.id}")

    assert "tag:" in article.id
    assert by_number.status_code == by_id.status_code == 200
    assert "<em>here</em>" in by_number.text
    assert "alert(1)" not in by_number.text
    assert by_number.headers["x-robots-tag"] == "noindex"


async def test_articles_that_are_read_here_move_with_the_site(town: Town) -> None:
    """Under another public address they are found, linked and published there; the old one is nowhere."""
    story = "<p>The old harbour crane was taken down on Sunday. Its jib was lowered at noon before a large crowd.</p>"
    for number in ("3", "4"):
        await town.publish(
            number,
            f"Harbour crane taken down, part {number}",
            url=None,
            body=story.replace("noon", f"{number} o'clock"),
        )
    file = town.folder / "syndicate.toml"
    file.write_text(
        file.read_text("utf-8").replace("https://feeds.news.example/", "https://other.example/news/"), "utf-8"
    )

    async with moved_in(town.folder, town.clock) as moved:
        async with moved.app.database.read() as connection:
            urls = {one.source_id: one.url for one in await list_articles(connection)}
        await moved.app.publish()
        feed = (town.folder / "public" / "world.json").read_text("utf-8")
        page = await moved.get(urls["3"].removeprefix("https://other.example/news"))

    assert re.fullmatch(r"https://other\.example/news/articles/\d+", urls["3"])
    assert urls["1"] == "https://news.example/1"
    assert urls["3"] in feed
    assert "feeds.news.example" not in feed
    assert page.status_code == 200


async def test_other_articles_are_read_where_they_are(town: Town) -> None:
    """One with an address of its own leads there; a withdrawn one is gone; an unknown one never was."""
    await town.publish("4", "A mistake", status="published")
    await town.publish("4", "A mistake", status="withdrawn")

    answers = {number: await town.get(f"/articles/{number}") for number in ("1", "3", "99", "-1", "9" * 30)}

    assert answers["1"].status_code == 302
    assert answers["1"].headers["location"] == "https://news.example/1"
    assert answers["3"].status_code == 410
    assert [answers[number].status_code for number in ("99", "-1", "9" * 30)] == [404, 404, 404]


async def test_the_demo_inbox_shows_what_was_sent(town: Town) -> None:
    """Its list leads to each message, whose pages show the headlines; scripts and other files stay out of reach."""
    empty = await town.get("/inbox/")
    await send(town)
    listed = (await town.get("/inbox/")).text
    found = re.search(r'href="(/inbox/[^"/]+/)"', listed)
    assert found is not None

    message = await town.get(found[1])
    letter, source = await town.get(found[1] + "letter.html"), await town.get(found[1] + "source.txt")

    assert "Nothing has come yet" in empty.text
    assert f'src="{found[1]}letter.html"' in message.text
    assert all("A bridge opens" in page for page in (message.text, letter.text))
    assert "sandbox" in letter.headers["content-security-policy"]
    assert source.headers["content-type"].startswith("text/plain")
    for path in ("/inbox/nothing/", "/inbox/..%2F..%2Fsyndicate.toml/source.txt", "/inbox/../syndicate.toml"):
        assert (await town.get(path)).status_code == 404


async def test_a_text_that_opens_with_its_standfirst_says_it_once(town: Town) -> None:
    """The standfirst stands above a text only where that begins in another way."""
    await town.publish("3", "Told once", url=None, body="<p>A ship &amp; its <b>crew</b> came home. They slept.</p>")

    page = (await town.get("/articles/3")).text

    assert page.count("came home") == 1
    assert 'class="standfirst"' not in page
