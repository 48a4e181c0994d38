"""Ask the DNS what a sender's domain says of its mail: the only user of the resolver."""

from dataclasses import dataclass

from dns.asyncresolver import Resolver
from dns.exception import DNSException
from dns.rdatatype import TXT
from dns.resolver import NXDOMAIN, NoAnswer

PATIENCE = 2.0  # seconds for each question
MADE_UP = (".example", ".invalid", ".localhost", ".test", ".example.com", ".example.net", ".example.org")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What was found: `text` is None when there is no such record, `trouble` says why nobody knows."""

    name: str
    text: str | None = None
    trouble: str = ""


def is_made_up(domain: str) -> bool:
    """Tell whether a domain is one of those that RFC 2606 keeps for examples."""
    return f".{domain.lower()}".endswith(MADE_UP)


async def sender_policy(domain: str) -> Record:
    """Look for SPF: which servers may send (RFC 7208)."""
    return await _find(domain, "v=spf1")


async def dmarc_policy(domain: str) -> Record:
    """Look for DMARC, at the domain itself (RFC 7489)."""
    return await _find(f"_dmarc.{domain}", "v=dmarc1")


async def signing_key(selector: str, domain: str) -> Record:
    """Look for the public key of a DKIM selector (RFC 6376)."""
    return await _find(f"{selector}._domainkey.{domain}", "p=")


async def _find(name: str, wanted: str) -> Record:
    try:
        answer = await Resolver().resolve(name, TXT, lifetime=PATIENCE)
    except (NXDOMAIN, NoAnswer):
        return Record(name=name)
    except (DNSException, OSError) as error:
        return Record(name=name, trouble=f"the DNS gave no answer ({type(error).__name__})")
    texts = (b"".join(record.strings).decode("utf-8", "replace") for record in answer)
    return Record(name=name, text=next((text for text in texts if wanted in text.lower()), None))
