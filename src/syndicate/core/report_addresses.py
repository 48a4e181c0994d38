"""Find whom a report in plain words speaks of."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from itertools import islice

from syndicate.core.report_fields import Fields
from syndicate.core.report_parts import ReportParts

LONGEST = 254
MOST = 50
MOST_RANKED = 500  # each takes a look at what stands around it

# An address in ASCII ends where another script begins, as it does in Chinese and Japanese texts.
_ADDRESS = re.compile(
    r"(?:(?<![A-Za-z0-9_.+@/=-])(?:\"[^\"\n@]{1,64}\"|[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,100})|(?<![\w.+-])[\w.+-]{1,64})@"
    r"(?:(?:[A-Za-z0-9](?:[A-Za-z0-9_-]{0,62})\.)+[A-Za-z][A-Za-z0-9-]{1,62}|(?:\w[\w-]{0,62}\.)+\w[\w-]{1,62})"
)
_IN_FIELD = re.compile(
    r"[^\s<>;,\"@]{1,64}@[^\s<>;,\"@]{1,180}"
)  # a field that is for an address may have one of any form
_SYSTEM = re.compile(
    r"(?i)^(?:mailer-?daemon|postmaster|post-?office|mail-?daemon|mdaemon|daemon|abuse|noc|hostmaster|mail-?admin|no-?reply|helpdesk|support)@"
)
_OWN = re.compile(r"(?i)\bfrom\s+your\s+<?$")
_NOT_HIM = re.compile(
    r"(?i)(?:\bfrom[: ]|mail from|sender|message-?id|reply-?to|contact|postmaster|abuse@|assistance|help|forward (?:this|it)|please (?:send|e-?mail|mail|write|call)|questions|\bid[: =<]|support)[^@\n]{0,60}$"
)
_HIM = re.compile(
    r"(?i)(?:\bto[: ]|rcpt|recipient|address(?:es|ee)?\b|user|mailbox|account|deliver|undeliver|unknown|failed|invalid|for)[^@\n]{0,80}$"
)
_REFUSED = re.compile(
    r"(?m)^5\d\d[ -](?:5\.\d\.\d )?<([^\s<>@]{1,100}@[^\s<>@]{1,200})>\.\.\."
)  # in a transcript of Sendmail's
_DELIVERED = re.compile(
    r"(?im)^[^@\n]{0,80}\b(?:(?:was|were|(?:has|have) been) (?:successfully )?delivered|copy (?:was|has been) sent)\b[^\n]{0,300}(?:\n(?=[^\n]{0,100}@)[ \t<*•-]*\S+[ \t]*$){0,50}"
)
_FORWARDED = re.compile(
    r"(?i)\((?:ultimately )?(?:generated|expanded) from:?\s+<?([^\s<>()@]{1,100}@[\w.-]{1,200})>?\)"
)
_WRAPPED = re.compile(r"(?i)\bIMCEA[A-Z]{1,10}-([^\s@]{1,1000})@")
_ALONE = re.compile(r"^[\s<>\[\](){}*|\"'#-]*$")
_FOR = re.compile(r"(?i)\bfor\s+<?([^\s<>;]+@[^\s<>;]+)>?")


def cleaned(text: str) -> str | None:
    """Return the address in a field's value like `rfc822; <ann@example.org>`, or None."""
    value = text.rpartition(";")[2] if ";" in text else text
    value = value.strip().strip("<>").strip("' ")
    found = _ADDRESS.search(value) or _ADDRESS.search(text) or _IN_FIELD.search(value)
    if found is None:
        return None
    address = found[0].strip("'.`").removeprefix("SMTP:").removeprefix("smtp:")
    return address if "@" in address and len(address) <= LONGEST else None


def recipients_of(group: Fields, returned: Fields | None) -> list[str]:
    """Return the addresses of a block of delivery status, the one we wrote to first as far as it tells.

    Exchange names people of its own directory by what nobody wrote to, and some servers leave the coding of RFC 3461 in: then our message's
    own headers count.
    """
    names = ("original-recipient", "final-recipient", "x-actual-recipient", "x-original-recipient")
    values = [value for name in names for value in group.get(name, ())]
    found = [one for value in values if (one := _unwrapped(value)) is not None]
    found[:0] = [one for value in group.get("original-recipient", ()) if (one := _plussed(cleaned(value) or ""))]
    named = addressees(returned)[:1]
    if not found and any(_WRAPPED.search(value) for value in values):
        return list(named)
    wanted = {one.lower() for one in (*found, *named)}
    return [plain if (plain := _uncoded(one)).lower() in wanted else one for one in found]


def _plussed(address: str) -> str:
    """Return an address with plus and equals signs where RFC 3461 has them coded, "" where it has none."""
    plain = address.replace("+2B", "+").replace("+3D", "=")
    return plain if plain != address else ""


def _uncoded(address: str) -> str:
    return re.sub(r"\+([0-9A-Fa-f]{2})", lambda code: chr(int(code[1], 16)), address)


def _unwrapped(value: str) -> str | None:
    """Return the address in a field's value; of Exchange's own kind the one inside, None when that is a name of its directory."""
    if (wrapped := _WRAPPED.search(value)) is None:
        return cleaned(value)
    inner = _ADDRESS.search(_uncoded(wrapped[1]))
    return None if inner is None else inner[0]


def addresses_in(text: str) -> tuple[str, ...]:
    """Return the addresses in a list of them, each once."""
    return tuple(dict.fromkeys(address.strip("'.`") for address in _ADDRESS.findall(text[:20_000])))[:MOST]


def delivered(text: str) -> frozenset[str]:
    """Return the addresses that a text names only as those who got the message: in the line that says so, and in the list below it."""
    got = _counted("\n".join(_DELIVERED.findall(text)))
    counts = _counted(text) if got else got
    return frozenset(one for one in got if got[one] == counts[one])


def _counted(text: str) -> Counter[str]:
    return Counter(one.lower() for one in _ADDRESS.findall(text))


def forwarded_from(text: str) -> tuple[str, ...]:
    """Return the addresses that mail came by to whom it failed for, as Exim, Sendmail and Postfix name them."""
    return tuple(dict.fromkeys(_FORWARDED.findall(text)))[:MOST]


def addressees(fields: Fields | None) -> tuple[str, ...]:
    """Return whom returned headers name as the reader."""
    if fields is None:
        return ()
    for name in (
        "x-hmxmroriginalrecipient",
        "x-original-to",
        "x-envelope-to",
        "envelope-to",
        "delivered-to",
        "x-rcpt-to",
        "apparently-to",
        "to",
    ):
        found = tuple(
            address
            for value in fields.get(name, ())
            for address in addresses_in(value) or _IN_FIELD.findall(value)[:MOST]
        )
        if found:
            return found
    return tuple(match[1] for value in fields.get("received", ()) if (match := _FOR.search(value)) is not None)[:1]


def ours(parts: ReportParts) -> frozenset[str]:
    """Return the addresses that a report cannot be about: who sent it, to whom it came, and who sent our message."""
    names = (
        "from",
        "to",
        "delivered-to",
        "return-path",
        "sender",
        "reply-to",
        "errors-to",
        "message-id",
        "cc",
        "x-return-path",
    )
    found = {one.lower() for name in names for value in parts.headers.get(name, ()) for one in addresses_in(value)}
    back = (
        "from",
        "return-path",
        "sender",
        "reply-to",
        "errors-to",
        "message-id",
        "x-sender",
        "list-unsubscribe",
        "list-id",
        "references",
    )
    found |= {
        one.lower() for name in back for value in (parts.returned or {}).get(name, ()) for one in addresses_in(value)
    }
    return frozenset(found)


def our_domains(parts: ReportParts) -> frozenset[str]:
    """Return the domains that are ours, as far as a report shows them: where it came to, and whom our message was from."""
    values = [value for name in ("to", "delivered-to") for value in parts.headers.get(name, ())]
    values += [value for name in ("from", "return-path", "sender") for value in (parts.returned or {}).get(name, ())]
    found = {one.rpartition("@")[2].lower() for value in values for one in addresses_in(value)}
    return frozenset(found | ({parts.domain.lower()} if parts.domain else set()))


def spoken_of(parts: ReportParts) -> tuple[str, ...]:
    """Return whom a report in plain words is about: those set apart by its lay-out, else by its words, else by our own headers, else in its subject."""
    not_him, named = ours(parts) | delivered(parts.text), addressees(parts.returned)
    wanted = {one.lower() for one in named}
    refused = [one for one in _REFUSED.findall(parts.text) if one.lower() not in not_him or one.lower() in wanted]
    if len(refused) > 1:
        return _each_once(refused)
    marked = list(dict.fromkeys(islice(_rank(parts.text, not_him, wanted), MOST_RANKED)))
    if same := [address for _, address in marked if address.lower() in wanted]:
        return tuple(dict.fromkeys(same))[:MOST]
    for rank in (0, 1, 2):
        if best := [address for one, address in marked if one == rank]:
            return _each_once(best)
    others = [one for one in named if one.lower() not in not_him and not _SYSTEM.match(one)]
    subject = [one for one in addresses_in(parts.header("subject")) if one.lower() not in not_him]
    return _each_once(others or named or subject)[:1]


def _rank(text: str, not_him: Container[str], wanted: Container[str]) -> Iterator[tuple[int, str]]:
    """Yield addresses with how likely each is the reader: 0 set apart, 1 spoken of as one, 2 only there."""
    for found in _ADDRESS.finditer(text):
        address = found[0].strip("'.`")
        if address.lower() in not_him or len(address) > LONGEST:
            continue
        if _SYSTEM.match(address) and address.lower() not in wanted:
            continue
        start = text.rfind("\n", 0, found.start()) + 1
        end = text.find("\n", found.end())
        before, after = (
            text[max(start, found.start() - 200) : found.start()],
            text[found.end() : end if end >= 0 else None][:200],
        )
        if _OWN.search(text, max(0, found.start() - 40), found.start()) is not None:
            continue
        if _NOT_HIM.search(before) is not None and re.search(r"(?i)rcpt to|recipient", before) is None:
            continue
        if _ALONE.match(before) and (_ALONE.match(after) or re.match(r"[>)\]\"']*\s*(?:[:(\-–.…]|\.\.\.)", after)):
            yield 0, address
        elif _HIM.search(before) is not None or re.match(
            r"[>)\]\"']*[:,.]*\s+(?:unknown|does|is|was|not|user|mailbox|host|failed|\w+ not)", after
        ):
            yield 1, address
        else:
            yield 2, address


def _each_once(addresses: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for address in addresses:
        found.setdefault(address.lower(), address)
    return tuple(found.values())[:MOST]
