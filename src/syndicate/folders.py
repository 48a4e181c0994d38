"""Keep the folders of a configuration out of each other's way: what any web server may serve holds feeds and nothing else."""

from pathlib import Path

from sqlalchemy import make_url

from syndicate.options import Document


def trouble_with(directory: Path, *, document: Document, folder: Path) -> str | None:
    """Say what else lies in the directory of the feeds, or which source would read them as articles; None when all is well.

    Paths start at `folder`, which holds the configuration. Raises ArgumentError for what is no database URL.
    """
    directory = (folder / directory).resolve()
    database = make_url(document.database.url)
    if database.get_backend_name() == "sqlite" and database.database and _holds(directory, folder / database.database):
        return "holds the database"
    if _holds(directory, folder):
        return "holds the configuration"
    for source in document.source:
        if source.kind != "files" or not source.path:
            continue
        place = (folder / source.path).resolve()
        if _holds(directory, place):
            return f"holds the pages of source {source.name!r}"
        if _holds(place, directory):
            return f"lies among the pages of source {source.name!r}, which would take feeds for articles"
    for transport in document.transport:
        if transport.path and _holds(directory, folder / transport.path):
            return f"holds the mail of transport {transport.name!r}"
    return None


def _holds(directory: Path, place: Path) -> bool:
    place = place.resolve()
    return place == directory or directory in place.parents
