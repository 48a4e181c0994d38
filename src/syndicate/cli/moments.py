"""Read moments as they are given to commands."""

from datetime import UTC, datetime

import typer

from syndicate.core.dates import instant


def read_moment(text: str | None, *, option: str = "--at") -> datetime | None:
    """Return what an option says, or None where it is not given. Raises BadParameter for what is no moment, or has no zone."""
    if text is None:
        return None
    try:
        moment = instant(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a moment like 2024-10-31T07:00:00Z", param_hint=option) from error
    if moment.tzinfo is None:
        raise typer.BadParameter(
            f"{text!r} has no time zone; write {text.strip()}Z for UTC, or its offset", param_hint=option
        )
    return moment.astimezone(UTC)
