"""Ask a summariser about the articles of a page, several at a time, and wait for its answers only so long."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from syndicate.core.chatter import without_lead_in
from syndicate.core.faithful import trouble_with
from syndicate.flows.judging import SUMMARY_WORDS, Judged, has_own_summary
from syndicate.model import ArticleKey, Cleaned
from syndicate.ports import Summariser
from syndicate.storage.collected import Prepared

log = structlog.get_logger(__name__)

AT_ONCE = 6
STILL_NEWS = timedelta(days=3)


@dataclass(slots=True, kw_only=True)
class Asking:
    """Asks one summariser. `patience`: how long a page waits for all its answers together.

    The pool bounds the questions under way over all pages: one that nobody waits for any more keeps its thread until the summariser gives up.
    """

    summariser: Summariser
    patience: timedelta
    _pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(AT_ONCE, thread_name_prefix="summary"))

    async def ask(self, judged: Judged, *, now: datetime) -> None:
        """Put the summariser's summaries in the place of ours, where one holds good and comes in time; the newest articles are asked first."""
        wanted = [one for one in (*judged.added, *judged.revised) if _is_asked(one, now)]
        if not wanted:
            return
        wanted.sort(key=lambda one: one.cleaned.published, reverse=True)
        found = await self._answers({one.key: one.cleaned for one in wanted})
        for articles in (judged.added, judged.revised):
            articles[:] = [
                replace(one, summary=replace(one.summary, summary=found[one.key])) if one.key in found else one
                for one in articles
            ]

    async def _answers(self, wanted: Mapping[ArticleKey, Cleaned]) -> dict[ArticleKey, str]:
        """Return the summaries that came in time. When that is over, or when we are cancelled, what was not begun is not asked."""
        asked = {key: self._pool.submit(written, cleaned, self.summariser) for key, cleaned in wanted.items()}
        try:
            await asyncio.wait(map(asyncio.wrap_future, asked.values()), timeout=self.patience.total_seconds())
        finally:
            begun = {key: answer for key, answer in asked.items() if not answer.cancel()}
        came = {key: answer.result() for key, answer in begun.items() if answer.done()}
        if len(came) < len(asked):
            late = len(asked) - len(came)
            log.warning("summaries_late", summariser=self.summariser.name, late=late, of=len(asked))
        return {key: summary for key, summary in came.items() if summary is not None}


def _is_asked(one: Prepared, now: datetime) -> bool:
    """Tell whether an article is asked about: not what is old, so that an archive does not use the budget up, and not what says nothing."""
    recent = one.cleaned.published > now - STILL_NEWS
    return recent and one.summary.summary != "" and not has_own_summary(one.cleaned)


def written(cleaned: Cleaned, summariser: Summariser) -> str | None:
    """Return a summariser's summary if there is one and it says nothing that the article does not."""
    facts = {"title": cleaned.title, "text": cleaned.text, "language": cleaned.language}
    try:
        summary = summariser.summarise(**facts, words=SUMMARY_WORDS)
        if summary is None:
            return None
        summary = without_lead_in(summary, f"{cleaned.title}\n{cleaned.text}", cleaned.language)
        trouble = trouble_with(summary, **facts, words=SUMMARY_WORDS)
    except Exception:  # a plug-in of another's making: it may not cost the article its place
        log.exception("summariser_failed", summariser=summariser.name)
        return None
    if trouble is None:
        return summary
    log.warning("summary_refused", summariser=summariser.name, article=cleaned.guid, trouble=trouble)
    return None
