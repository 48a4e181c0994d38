"""Describe every configuration key: its type, default and meaning."""

from pathlib import Path
from typing import Literal

import msgspec

from syndicate.model import Cadence

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Table(msgspec.Struct, frozen=True, kw_only=True, rename="kebab", forbid_unknown_fields=True):
    """A table of the configuration file; keys are written with hyphens."""


class Secret(str):
    """A text that must not show in logs or errors."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('…')"


class Site(Table, frozen=True, kw_only=True):
    """Who publishes, and where."""

    title: str
    url: str
    public_url: str
    language: str = "en"
    timezone: str = "UTC"
    postal_address: str = ""
    description: str = ""
    logo: str = ""
    secret: str = ""
    secret_file: str = ""
    old_secrets: list[str] = []

    def __repr__(self) -> str:
        return f"Site(title={self.title!r}, url={self.url!r})"


class DatabaseOptions(Table, frozen=True, kw_only=True):
    """Where syndicate keeps its own records."""

    url: str

    def __repr__(self) -> str:
        return "DatabaseOptions(url=…)"


class SourceOptions(Table, frozen=True, kw_only=True):
    """A content store. Which of the keys apply depends on `kind`."""

    name: str
    kind: str
    title: str = ""
    every: str = "1m"
    url: str = ""
    table: str = ""
    query: str = ""
    columns: dict[str, str] = {}
    path: str = ""
    base_url: str = ""
    timezone: str = ""
    options: dict[str, str | int | float | bool | list[str]] = {}

    def __repr__(self) -> str:
        return f"SourceOptions(name={self.name!r}, kind={self.kind!r})"


class SectionOptions(Table, frozen=True, kw_only=True):
    """A section with feeds of its own."""

    slug: str
    title: str = ""
    match: list[str] = []
    was: list[str] = []


class SectionsOptions(Table, frozen=True, kw_only=True):
    """What happens to sections that are not configured."""

    auto: bool = True


class FeedsOptions(Table, frozen=True, kw_only=True):
    """How feeds are made and where they are written."""

    items: int = 50
    keep: str = "72h"
    content: Literal["full", "summary"] = "full"
    directory: str = "public/"
    hubs: list[str] = []
    archive_items: int = 100


class DigestOptions(Table, frozen=True, kw_only=True):
    """A standing digest that readers can choose."""

    name: str
    title: str = ""
    cadence: Cadence = Cadence.DAILY
    at: str = "07:00"
    day: Weekday = "monday"
    days: list[Weekday] = []
    max_items: int = 20
    min_items: int = 1
    subject: str = ""
    best_of: bool | None = None
    quiet: str = ""
    coalesce: str = "60s"
    max_per_day: int = 0
    tags: list[str] = []
    max_per_section: int = 0
    max_per_author: int = 0
    max_per_story: int = 0
    pins: list[str] = []
    approval: bool = False
    deadline: str = "30m"
    otherwise: Literal["send", "skip"] = "send"


class SummariserOptions(Table, frozen=True, kw_only=True):
    """Who writes summaries in place of ours; an empty kind is nobody."""

    kind: str = ""
    url: str = ""
    model: str = ""
    key: str = ""
    key_file: str = ""
    timeout: str = "20s"
    budget_per_day: int = 500
    cache: str = "summaries/"
    options: dict[str, str | int | float | bool | list[str]] = {}

    def __repr__(self) -> str:
        return f"SummariserOptions(kind={self.kind!r})"


class EditionsOptions(Table, frozen=True, kw_only=True):
    """What all digests have in common."""

    max_age: str = "3d"
    grace: str = "6h"
    keep: str = "90d"
    uncertain: Literal["retry", "hold", "accept"] = "retry"
    batch: int = 1_000


class MailOptions(Table, frozen=True, kw_only=True):
    """Who the mail is from."""

    from_: str = msgspec.field(default="", name="from")
    reply_to: str = ""
    owner: str = ""
    bounce_domain: str = ""
    templates: str = "templates/email/"
    dkim_selector: str = ""
    dkim_key_file: str = ""


class TransportOptions(Table, frozen=True, kw_only=True):
    """A way out for mail. Which of the keys apply depends on `kind`."""

    name: str
    kind: str
    host: str = "127.0.0.1"
    port: int = 25
    tls: Literal["none", "starttls", "tls"] = "none"
    username: str = ""
    password: str = ""
    password_file: str = ""
    connections: int = 10
    rate: str = "0/s"
    warm_up: str = "0/d"
    timeout: str = "60s"
    ca_file: str = ""
    path: str = "mail/"
    weight: int = 1
    options: dict[str, str | int | float | bool | list[str]] = {}

    def __repr__(self) -> str:
        return f"TransportOptions(name={self.name!r}, kind={self.kind!r})"


class BouncesOptions(Table, frozen=True, kw_only=True):
    """Where reports come in while the daemon runs; the web role does it."""

    listen: str = ""
    imap: str = ""
    imap_password: str = ""
    imap_password_file: str = ""
    every: str = "5m"

    def __repr__(self) -> str:
        return f"BouncesOptions(listen={self.listen!r})"


class HookOptions(Table, frozen=True, kw_only=True):
    """A mail provider that posts bounces and complaints to /hooks/{name}; what the secret is depends on `kind`."""

    name: str
    kind: Literal["ses", "postmark", "sendgrid", "mailgun"]
    secret: str = ""
    secret_file: str = ""

    def __repr__(self) -> str:
        return f"HookOptions(name={self.name!r}, kind={self.kind!r})"


class QueueOptions(Table, frozen=True, kw_only=True):
    """How workers find work."""

    kind: Literal["embedded", "postgres"] = "embedded"


class WebOptions(Table, frozen=True, kw_only=True):
    """Where the web pages and feeds are served."""

    host: str = "127.0.0.1"
    port: int = 8000
    trusted_proxies: list[str] = []
    metrics: bool = True


class LogOptions(Table, frozen=True, kw_only=True):
    """How the log is written."""

    format: Literal["auto", "text", "json"] = "auto"


class Document(Table, frozen=True, kw_only=True):
    """The whole configuration file."""

    site: Site
    database: DatabaseOptions
    source: list[SourceOptions] = []
    section: list[SectionOptions] = []
    sections: SectionsOptions = SectionsOptions()
    feeds: FeedsOptions = FeedsOptions()
    digest: list[DigestOptions] = []
    editions: EditionsOptions = EditionsOptions()
    summariser: SummariserOptions = SummariserOptions()
    mail: MailOptions = MailOptions()
    transport: list[TransportOptions] = []
    hook: list[HookOptions] = []
    bounces: BouncesOptions = BouncesOptions()
    queue: QueueOptions = QueueOptions()
    web: WebOptions = WebOptions()
    log: LogOptions = LogOptions()


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """The checked configuration, frozen. `folder` is where its relative paths start; `secrets` newest first."""

    file: Path
    folder: Path
    document: Document
    secrets: tuple[Secret, ...]

    def __repr__(self) -> str:
        return f"Config(file={str(self.file)!r})"

    def path(self, relative: str) -> Path:
        """Return a path of the configuration as an absolute one."""
        return (self.folder / relative).resolve()

    def digest(self, name: str) -> DigestOptions | None:
        """Return the digest of that name, if there is one."""
        return next((one for one in self.document.digest if one.name == name), None)

    def hook(self, name: str) -> HookOptions | None:
        """Return the hook of that name, if there is one."""
        return next((one for one in self.document.hook if one.name == name), None)
