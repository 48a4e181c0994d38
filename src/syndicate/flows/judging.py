"""Judge a page of candidates: read, clean, summarise, compare. CPU work, called in a thread; no database here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

import structlog

from syndicate.core.intake import IntakeSettings, clean
from syndicate.core.legal import legal
from syndicate.core.plain import own_text
from syndicate.core.related import RelatedIndex
from syndicate.core.revision import Known, VerdictKind, content_hash, judge
from syndicate.core.summary import Summary, beyond, summarise
from syndicate.core.terms import Terms, extract
from syndicate.core.text import sentences
from syndicate.errors import MalformedArticleError
from syndicate.model import ArticleKey, ArticleState, Candidate, Cleaned
from syndicate.storage.collected import Prepared, Stored
from syndicate.storage.own_pages import own_page

log = structlog.get_logger(__name__)

SUMMARY_WORDS = 65
MOST_MATCHES = 10
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """An article that is as it was, though its source or our settings are not: it may belong to other sections now. `shown`: to readers."""

    key: ArticleKey
    fingerprint: str
    labels: tuple[str, ...]
    published: datetime
    shown: bool


@dataclass(slots=True, kw_only=True)
class Judged:
    """What is to be written of a page. `unchanged` are those where only the fingerprint moved; `rejected` maps id → (fingerprint, reason)."""

    added: list[Prepared] = field(default_factory=list)
    revised: list[Prepared] = field(default_factory=list)
    withdrawn: list[ArticleKey] = field(default_factory=list)
    unchanged: list[Still] = field(default_factory=list)
    ignored: int = 0
    rejected: dict[str, tuple[str, str]] = field(default_factory=dict)
    mended: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What judging a page needs to know. `fresh` are the keys set aside for articles not met before."""

    source: str
    settings: IntakeSettings
    public_url: str
    now: datetime
    stored: Mapping[str, Stored]
    known: Mapping[str, Known]
    fresh: list[ArticleKey]


def judge_page(candidates: list[tuple[Candidate, str]], facts: Facts, index: RelatedIndex) -> Judged:
    """Judge each (candidate, fingerprint) by itself, so that a malformed one costs no other its place; new articles enter the index.

    They are not compared yet: `relate` does that when all are in, so that the first of a page knows the last.
    """
    judged = Judged()
    for candidate, fingerprint in candidates:
        try:
            _judge_one(candidate, fingerprint, facts, index, judged)
        except MalformedArticleError as error:
            judged.rejected[candidate.source_id] = (fingerprint, legal(error.reason))
        except (
            Exception
        ) as error:  # a fault of ours or of a source plug-in: it may cost this article its place, and no other
            log.exception("article_failed", source=facts.source, source_id=candidate.source_id)
            judged.rejected[candidate.source_id] = (
                fingerprint,
                legal(f"could not be read: {type(error).__name__}: {error}"[:LONGEST_REASON]),
            )
    return judged


def _judge_one(candidate: Candidate, fingerprint: str, facts: Facts, index: RelatedIndex, judged: Judged) -> None:
    known = facts.known.get(candidate.source_id)
    incoming = candidate.read()
    cleaned = clean(incoming, source=facts.source, site=facts.settings, now=facts.now, first_seen=known)
    verdict = judge(known, cleaned)
    judged.mended.add(candidate.source_id)
    if verdict.kind is VerdictKind.ADDED:
        key = facts.fresh.pop(0)
        judged.added.append(_prepare(key, cleaned, 1, verdict.significant, fingerprint, facts, index))
        return
    if known is None:
        judged.ignored += 1
        return
    key = facts.stored[candidate.source_id].key
    if verdict.kind is VerdictKind.REVISED:
        prepared = _prepare(key, cleaned, known.revision + 1, verdict.significant, fingerprint, facts, index)
        judged.revised.append(replace(prepared, returned=known.state is not ArticleState.PUBLISHED))
    elif verdict.kind is VerdictKind.WITHDRAWN:
        index.remove(key)
        judged.withdrawn.append(key)
    else:
        judged.unchanged.append(
            Still(
                key=key,
                fingerprint=fingerprint,
                labels=cleaned.labels,
                published=cleaned.published,
                shown=known.state is cleaned.state is ArticleState.PUBLISHED,
            )
        )


def _prepare(
    key: ArticleKey,
    cleaned: Cleaned,
    revision: int,
    significant: bool,
    fingerprint: str,
    facts: Facts,
    index: RelatedIndex,
) -> Prepared:
    terms = extract(
        title=cleaned.title, text=cleaned.text, language=cleaned.language, published=cleaned.published.timestamp()
    )
    index.add(key, terms)
    return Prepared(
        key=key,
        cleaned=cleaned,
        revision=revision,
        significant=significant,
        summary=summary_of(cleaned),
        terms=terms.to_bytes(),
        matches=(),
        fingerprint=fingerprint,
        content_hash=content_hash(cleaned),
        url=cleaned.url or own_page(facts.public_url, key),
    )


def relate(judged: Judged, index: RelatedIndex) -> None:
    """Find what the articles of a judged page are related to, among themselves and all others."""
    for articles in (judged.added, judged.revised):
        articles[:] = [
            replace(one, matches=tuple(index.find(Terms.from_bytes(one.terms), exclude=one.key, limit=MOST_MATCHES)))
            for one in articles
        ]


def has_own_summary(cleaned: Cleaned) -> bool:
    """Tell whether an editor gave a summary that says more than the title does."""
    return beyond(cleaned.title, cleaned.given_summary or "") != ""


def summary_of(cleaned: Cleaned) -> Summary:
    """Return the editor's own summary where there is one, else sentences of the article.

    What says only what the title does is no summary: an article without text has none.
    """
    if cleaned.given_summary is not None and has_own_summary(cleaned):
        first = sentences(cleaned.given_summary, cleaned.language)
        return Summary(
            standfirst=beyond(cleaned.title, first[0] if first else cleaned.given_summary),
            summary=cleaned.given_summary,
        )
    text = own_text(cleaned.body, cleaned.text)
    found = summarise(title=cleaned.title, text=text, language=cleaned.language, words=SUMMARY_WORDS)
    return Summary(standfirst=beyond(cleaned.title, found.standfirst), summary=beyond(cleaned.title, found.summary))


def is_shown(prepared: Prepared) -> bool:
    """Tell whether an article is for readers now, not only at a later hour."""
    return prepared.cleaned.state is ArticleState.PUBLISHED
