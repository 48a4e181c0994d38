"""Keep the bytes of entries, so that an article is rendered once per revision and format."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from syndicate.formats.entry import Entry, EntrySettings, describe
from syndicate.model import Article

RenderEntry = Callable[[Entry], bytes]


class EntryCache:
    """The bytes of the entries that were asked for last, up to `capacity` of them."""

    def __init__(self, *, capacity: int = 5_000) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()
        self._described: tuple[Article, EntrySettings, Entry] | None = None

    def __len__(self) -> int:
        return len(self._kept)

    def entry(self, article: Article, settings: EntrySettings, *, format: str, render: RenderEntry) -> bytes:
        """Return the entry's bytes, rendered now or earlier from the same facts."""
        titles = tuple(pair for pair in settings.section_titles if pair[0] in article.sections)
        key = (
            format,
            article.id,
            article.revision,
            article.updated,
            article.url,
            article.sections,
            article.related,
            article.correction,
            titles,
            settings.content,
            settings.language,
            settings.public_url,
        )
        found = self._kept.get(key)
        if found is None:
            found = render(self._describe(article, settings))
            self._kept[key] = found
            if len(self._kept) > self._capacity:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return found

    def _describe(self, article: Article, settings: EntrySettings) -> Entry:
        """Describe an article once for all formats, which ask one after the other."""
        last = self._described
        if last is None or last[0] is not article or last[1] is not settings:
            last = self._described = (article, settings, describe(article, settings))
        return last[2]
