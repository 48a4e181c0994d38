"""Read a labelled corpus: JSON lines, gzipped or not, one file a set; absent files and absent keys are no error."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from syndicate.core.language import detect
from syndicate.core.terms import Terms, extract


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One labelled article; what its set does not say is empty or None."""

    id: str
    title: str
    body: str
    section: str
    published: float  # POSIX seconds, NaN when unknown
    references: tuple[str, ...]
    summary: str
    cluster: str | None
    story: str | None

    def terms(self, *, opening: int | None = None) -> Terms:
        """Return the article's terms, or those of its title and so many words."""
        text = self.body if opening is None else " ".join(self.body.split()[:opening])
        language = detect(text, default="en")
        return extract(title=self.title, text=text, language=language, published=self.published)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two texts and how much people found them to say the same, from 1 to 4, the most."""

    a: str
    b: str
    languages: tuple[str, str]
    similarity: float


def names(folder: Path) -> list[str]:
    """Return the names of all sets in a folder, whatever they are called."""
    return sorted({path.name.partition(".jsonl")[0] for path in folder.glob("*.jsonl*")})


def articles(folder: Path, name: str) -> list[Article]:
    """Return the articles of a set; none when there is no such file."""
    return [_article(record) for record in _records(folder, name) if record.get("body")]


def pairs(folder: Path, name: str) -> list[Pair]:
    """Return the pairs of a set; none when there is no such file."""
    return [
        Pair(
            a=str(record["a"]),
            b=str(record["b"]),
            languages=_languages(record.get("lang")),
            similarity=float(str(record["similarity"])),
        )
        for record in _records(folder, name)
        if record.get("a") and record.get("b") and record.get("similarity") is not None
    ]


def _records(folder: Path, name: str) -> list[Mapping[str, object]]:
    for path in (folder / f"{name}.jsonl.gz", folder / f"{name}.jsonl"):
        if path.exists():
            content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            return [json.loads(line) for line in content.decode("utf-8").split("\n") if line.strip()]
    return []


def _article(record: Mapping[str, object]) -> Article:
    summary = str(record.get("summary") or "")
    references = record.get("refs")
    return Article(
        id=str(record["id"]),
        title=str(record.get("title") or ""),
        body=str(record["body"]),
        section=str(record.get("section") or ""),
        published=_seconds(record.get("published")),
        references=tuple(map(str, references)) if isinstance(references, list) and references else (summary,),
        summary=summary,
        cluster=None if record.get("cluster") is None else str(record["cluster"]),
        story=None if record.get("dup") is None else str(record["dup"]),
    )


def _languages(stated: object) -> tuple[str, str]:
    if isinstance(stated, list) and len(stated) == 2:
        return str(stated[0]), str(stated[1])
    return "en", "en"


def _seconds(stated: object) -> float:
    if isinstance(stated, int | float):
        return float(stated)
    try:
        moment = datetime.fromisoformat(str(stated))
    except ValueError:
        return float("nan")
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()
