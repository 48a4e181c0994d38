"""Commands about what is published: collect, publish, articles, feeds."""

import sys
from typing import Annotated, Literal

import typer

from syndicate.app import App
from syndicate.cli.output import plain, print_facts, print_json, print_line, print_table
from syndicate.cli.running import AsJson, with_app
from syndicate.core.feed import EXTENSIONS
from syndicate.errors import NotFoundError, ServiceUnavailableError
from syndicate.flows.collect import Collected
from syndicate.flows.publish import Published
from syndicate.flows.reindex import reindex
from syndicate.model import Article
from syndicate.storage.articles import find_article, list_articles
from syndicate.storage.sections import list_sections
from syndicate.storage.shelf import Shelved

articles = typer.Typer(help="List, show, withdraw and correct articles.", no_args_is_help=True)
feeds = typer.Typer(help="List and show feeds.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command()(collect)
    app.command()(publish)
    app.add_typer(articles, name="articles")
    app.add_typer(feeds, name="feeds")


def collect(
    context: typer.Context,
    source: Annotated[list[str] | None, typer.Argument(help="Only these sources.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Read every article again, and notice deleted ones.")] = False,
    as_json: AsJson = False,
) -> None:
    """Collect what is new or changed in the content stores, once."""

    async def work(app: App) -> Collected:
        return await app.collect(source or (), full=full)

    result = with_app(context, work)
    for trouble in result.troubles:
        print(f"syndicate: {trouble}", file=sys.stderr)
    if as_json:
        print_json(result)
    else:
        print_facts(
            {kind: getattr(result, kind) for kind in ("added", "revised", "unchanged", "withdrawn")}
            | {"rejected": len(result.rejected), "seconds": result.seconds}
        )
        for one in result.rejected:
            print_line(f"rejected: {one.source}: {one.id}: {one.reason}")
    if result.unread and not (result.changed() or result.unchanged or result.rejected):
        raise typer.Exit(ServiceUnavailableError.exit_code)


def publish(
    context: typer.Context,
    section: Annotated[list[str] | None, typer.Argument(help="Only these sections, by slug.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the feeds of the sections that changed, once."""

    async def work(app: App) -> tuple[Published, float]:
        started = app.clock.monotonic()
        await app.collecting.release()
        published = await app.publish(section)
        return published, round(app.clock.monotonic() - started, 3)

    result, seconds = with_app(context, work)
    if as_json:
        print_json(
            {"written": result.written, "unchanged": result.unchanged, "removed": result.removed, "seconds": seconds}
        )
    else:
        for path in result.written:
            print_line(f"written: {path}")
        print_facts(
            {
                "written": len(result.written),
                "unchanged": result.unchanged,
                "removed": result.removed,
                "seconds": seconds,
            }
        )
    _end_with(result)


def _end_with(published: Published) -> None:
    """Say what could not be published; then the command has failed, whatever else it did."""
    for trouble in published.troubles:
        print(f"syndicate: {trouble}", file=sys.stderr)
    if published.troubles:
        raise typer.Exit(1)


def article_facts(article: Article) -> dict[str, object]:
    """Return an article as the contract's JSON has it."""
    return {
        "id": article.id,
        "source": article.source,
        "source_id": article.source_id,
        "url": article.url,
        "title": article.title,
        "sections": article.sections,
        "authors": article.authors,
        "published": article.published,
        "updated": article.updated,
        "status": article.state.value,
        "minutes": article.minutes,
        "standfirst": article.standfirst,
        "summary": article.summary,
        "language": article.language,
        "tags": article.tags,
        "revision": article.revision,
        "related": article.related,
        "also_at": [{"url": one.url, "title": one.title, "source": one.source} for one in article.also_at],
    }


@articles.command("list")
def list_command(
    context: typer.Context,
    section: Annotated[str | None, typer.Option(help="Only this section, by slug.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="At most so many.")] = None,
    as_json: AsJson = False,
) -> None:
    """List articles, newest first."""

    async def work(app: App) -> list[Article]:
        async with app.database.read() as connection:
            if section is not None and section not in {one.slug for one in await list_sections(connection)}:
                raise NotFoundError(f"section {section}: there is none; `syndicate feeds list` shows them")
            return await list_articles(connection, section=section, limit=limit)

    found = with_app(context, work)
    if as_json:
        print_json([article_facts(one) for one in found])
    else:
        rows = [(one.key, one.published, ", ".join(one.sections), one.state.value, one.title) for one in found]
        print_table(("number", "published", "sections", "status", "title"), rows)


@articles.command("show")
def show_command(
    context: typer.Context, article_id: Annotated[str, typer.Argument(metavar="ID")], as_json: AsJson = False
) -> None:
    """Show one article, by its id or its number."""
    found = with_app(context, lambda app: _find(app, article_id))
    facts = article_facts(found) | {"body": found.body, "image": found.image, "correction": found.correction}
    if as_json:
        print_json(facts)
    else:
        related = [f"{link.score:.2f} {link.title} <{link.url}>" for link in found.related]
        print_facts(
            {
                **{key: value for key, value in plain(facts).items() if key not in ("related", "also_at", "image")},
                "related": "; ".join(related),
            }
        )


@articles.command("withdraw")
def withdraw_command(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ID")],
    note: Annotated[str, typer.Option(help="What else readers who got it are told.")] = "",
    quietly: Annotated[bool, typer.Option("--quietly", help="Tell nobody.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take an article back from feeds and digests. Its store cannot bring it back, and readers who got it are told with their next digest."""
    if note.strip() and quietly:
        raise typer.BadParameter("nobody would read it; leave out --quietly or the note", param_hint="--note")

    async def work(app: App) -> tuple[Article, Published]:
        found = await _find(app, article_id)
        await app.correcting.withdraw(found.key, note=note.strip(), tell=not quietly)
        published = await app.publish()
        return await _find(app, article_id), published

    found, published = with_app(context, work)
    if as_json:
        print_json(article_facts(found))
    else:
        print_line(f"withdrawn: {found.title} ({'nobody' if quietly else 'who received it'} will be told)")
    _end_with(published)


@articles.command("correct")
def correct_command(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ID")],
    note: Annotated[str, typer.Option(help="What was wrong, and what is right.")],
    revision: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="The last revision that was wrong. Else: the one before the newest, if that came within a day; or the newest.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Correct an article in feeds and digests. Readers who received the wrong version are told with their next one."""
    if not note.strip():
        raise typer.BadParameter("say what was wrong", param_hint="--note")

    async def work(app: App) -> tuple[Article, int, Published]:
        found = await _find(app, article_id)
        wrong_to = await app.correcting.correct(found.key, note=note.strip(), wrong_to=revision)
        published = await app.publish()
        return await _find(app, article_id), wrong_to, published

    found, wrong_to, published = with_app(context, work)
    if as_json:
        print_json(article_facts(found) | {"correction": found.correction, "wrong_to_revision": wrong_to})
    else:
        print_line(f"corrected: {found.title} (who received revision 1 to {wrong_to} of {found.revision} will be told)")
    _end_with(published)


@articles.command("reindex")
def reindex_command(context: typer.Context, as_json: AsJson = False) -> None:
    """Rebuild what articles are compared by. For upgrades that ask for it; links that stand are kept."""
    count = with_app(context, lambda app: reindex(app.database))
    if as_json:
        print_json({"reindexed": count})
    else:
        print_line(f"reindexed: {count} articles; restart the running processes to use it")


async def _find(app: App, name: str) -> Article:
    async with app.database.read() as connection:
        found = await find_article(connection, name)
    if found is None:
        raise NotFoundError(f"article {name}: there is none of that id; `syndicate articles list` shows them")
    return found


@feeds.command("list")
def feeds_list(context: typer.Context, as_json: AsJson = False) -> None:
    """List the feeds with their addresses."""

    async def work(app: App) -> list[dict[str, str]]:
        async with app.database.read() as connection:
            found = await list_sections(connection)
        slugs = [("all", app.document.site.title), *((one.slug, one.title) for one in found)]
        return [
            {"section": slug, "title": title}
            | {form: f"{app.public_url}{slug}.{ending}" for form, ending in EXTENSIONS.items()}
            for slug, title in slugs
        ]

    found = with_app(context, work)
    if as_json:
        print_json(found)
    else:
        print_table(("section", "title", "rss", "atom", "json"), [tuple(row.values()) for row in found])


@feeds.command("show")
def feeds_show(
    context: typer.Context,
    section: str,
    form: Annotated[Literal["rss", "atom", "json"], typer.Option("--format", help="Which format.")] = "rss",
) -> None:
    """Print the exact bytes of a feed that are served."""

    name = f"{section}.{EXTENSIONS[form]}"

    async def work(app: App) -> tuple[Shelved | None, Published | None]:
        shelved = app.shelf.get(name)
        if shelved is not None:
            return shelved, None
        published = await app.publish([section])
        return app.shelf.get(name), published

    shelved, published = with_app(context, work)
    if shelved is not None:
        sys.stdout.buffer.write(shelved.content)
        sys.stdout.flush()
    if published is not None:
        _end_with(published)
