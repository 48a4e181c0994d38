"""Tell whether a server's words are about us, who sent the message, rather than about its reader."""

import re
from collections.abc import Collection
from functools import lru_cache

OUR_ADDRESS = "OUR_ADDR"  # what stands for an address or a domain of ours; a word of the table of phrases

_BEFORE = re.compile(
    r"(?:\b(?:your|sending|sender'?s?|client|connecting|originating|source)(?: (?:ip|domain|host|mail server|server|client|e-?mail))*[ <>\"'()\[\]]*"
    r"|\b(?:from|envelope|return|return[- ]path|[eh][eh]lo|reply-?to|header|spf|url|link)(?: (?:header|address|domain|name|from))*[ :<>\"'()\[\],-]*"
    r"|\byou(?: are|'re)(?: (?:an?|not))* |\bauthenticat\w*(?: \w+)?[ :,-]*)$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[ >\"'):,]*(?:(?:in|on) (?:the |an? |our |your |its )?(?:\w+ )?(?:from|envelope|reply-?to|headers?|spf|allow(?:ed)?[ -]?list|white[ -]?list|sender|url|link)\b"
    r"|(?:for|from) (?:\w+ )?(?:sending(?! (?:and|or) receiving)|outgoing|outbound|external|outside|non-?members|relaying)\b|to send\b)",
    re.IGNORECASE,
)
_RECIPIENT = re.compile(r"(?:recipient|addressee|contact|correspondent|destination)", re.IGNORECASE)


def about_us(text: str, start: int, end: int) -> bool:
    """Tell whether what stands in a text at a place is said of the sender, by the few words around it."""
    if _AFTER.match(text, end) is not None:
        return True
    return _RECIPIENT.match(text, start) is None and _BEFORE.search(text[max(0, start - 60) : start]) is not None


def without_ours(text: str, addresses: Collection[str], domains: Collection[str]) -> str:
    """Put a mark for each address of ours, and for each domain of ours that stands for itself."""
    pattern = _pattern(frozenset(addresses), frozenset(domains))
    return text if pattern is None else pattern.sub(OUR_ADDRESS, text)


@lru_cache(maxsize=16)
def _pattern(addresses: frozenset[str], domains: frozenset[str]) -> re.Pattern[str] | None:
    ours = [rf"(?<![\w.+=-]){re.escape(one)}(?![\w-]|\.\w)" for one in sorted(addresses)]
    ours += [rf"(?<![\w.@+-])(?:[\w-]{{1,63}}\.){{0,8}}{re.escape(one)}(?![\w-]|\.\w)" for one in sorted(domains)]
    return re.compile("|".join(ours), re.IGNORECASE) if ours else None
