"""Read the configuration file and the environment, once, into a frozen Config."""

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from enum import EnumType
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, NoReturn, get_args, get_origin
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from syndicate.errors import ConfigurationError
from syndicate.options import Config, Document, Secret, parse_hour, parse_pause, parse_quiet, parse_rate, parse_span

PREFIX = "SYNDICATE_"
PLACES = ("config/syndicate.toml", "syndicate.toml")
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
KEYS = {"source": "name", "section": "slug", "digest": "name", "transport": "name", "hook": "name"}
RESERVED_SLUGS = frozenset(
    [
        "all",
        "admin",
        "api",
        "articles",
        "confirm",
        "editions",
        "feed",
        "feeds",
        "healthz",
        "hooks",
        "inbox",
        "metrics",
        "news-sitemap",
        "preferences",
        "readyz",
        "static",
        "subscribe",
        "unsubscribe",
    ]
)
MINIMUM_SECRET = 16
COLUMNS = frozenset(
    [
        *("id", "url", "title", "section", "body", "summary", "author", "image", "language", "tags"),
        *("published_at", "updated_at", "status", "guid"),
    ]
)


def environment() -> dict[str, str]:
    """Return the process's environment."""
    return dict(os.environ)


def find_file(given: str | None, env: Mapping[str, str]) -> Path:
    """Return the configuration file: the given one, $SYNDICATE_CONFIG, or one of the usual places."""
    if named := given or env.get("SYNDICATE_CONFIG"):
        path = Path(named)
        if not path.is_file():
            raise ConfigurationError(
                file=str(path),
                table="",
                key="",
                trouble="no such file",
                remedy="name another with --config, or make one with `syndicate init`",
            )
        return path
    for place in PLACES:
        if Path(place).is_file():
            return Path(place)
    raise ConfigurationError(
        file=" or ".join(PLACES),
        table="",
        key="",
        trouble="no configuration found",
        remedy="make one with `syndicate init`, or name it with --config",
    )


def load(given: str | None = None, *, env: Mapping[str, str] | None = None) -> Config:
    """Read and check the configuration. Raises ConfigurationError with one line for the operator."""
    env = environment() if env is None else env
    path = find_file(given, env)
    try:
        tree = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            file=str(path), table="", key="", trouble=f"not valid TOML ({error})", remedy="mend that line"
        ) from error
    except OSError as error:
        raise ConfigurationError(
            file=str(path),
            table="",
            key="",
            trouble=f"cannot be read ({error.strerror})",
            remedy="check its permissions",
        ) from error
    return _Check(path, tree, env).config()


class _Check:
    """One reading of one file: merge, convert, then look at every value that a type cannot judge."""

    def __init__(self, path: Path, tree: dict[str, Any], env: Mapping[str, str]) -> None:  # Any: TOML
        self.path, self.tree, self.env = path, tree, env
        self.folder = path.resolve().parent

    def fail(self, table: str, key: str, trouble: str, remedy: str) -> NoReturn:
        raise ConfigurationError(file=str(self.path), table=table, key=key, trouble=trouble, remedy=remedy)

    def config(self) -> Config:
        self._refuse_stray_values()
        for name, value in sorted(self.env.items()):
            if name.startswith(PREFIX) and "__" in name:
                self._override(name, value)
        document = self._convert()
        secrets = self._secrets(document)
        self._site(document)
        self._database(document)
        self._lists(document)
        self._spans(document)
        self._transports(document)
        self._bounces(document)
        self._web(document)
        return Config(file=self.path, folder=self.folder, document=document, secrets=secrets)

    # -- the environment

    def _refuse_stray_values(self) -> None:
        for table in KEYS:
            entries = self.tree.get(table, [])
            if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
                self.fail(table, "", "must be an array of tables", f"write [[{table}]] instead of [{table}]")

    def _override(self, name: str, value: str) -> None:
        parts = [part.lower().replace("_", "-") for part in name[len(PREFIX) :].split("__")]
        target: Any = self.tree  # Any: TOML
        table = parts[0]
        struct = next((f.type for f in msgspec.structs.fields(Document) if f.encode_name == table), None)
        if struct is None:
            self.fail("", name, "unknown table in the environment", "compare with config/syndicate.toml")
        if table in KEYS:
            if len(parts) < 3:
                self.fail(table, name, "names no entry", f"write {PREFIX}{table.upper()}__NAME__KEY")
            target = self._entry(table, parts[1], name)
            struct, keys = get_args(struct)[0], parts[2:]
        else:
            target = self.tree.setdefault(table, {})
            keys = parts[1:]
        self._set(target, struct, keys, value, where=(table, name))

    def _entry(self, table: str, wanted: str, name: str) -> dict[str, Any]:  # Any: TOML
        for entry in self.tree.get(table, []):
            if re.sub(r"[^a-z0-9]", "-", str(entry.get(KEYS[table], "")).lower()) == wanted:
                return entry  # type: ignore[no-any-return]  # TOML
        trouble = f"no [[{table}]] has the {KEYS[table]} {wanted!r}"
        return self.fail(table, name, trouble, "add it to the file, or mend the variable's name")

    def _set(
        self, target: dict[str, Any], struct: Any, keys: list[str], value: str, *, where: tuple[str, str]
    ) -> None:  # Any: TOML, types
        fields = {f.encode_name: f for f in msgspec.structs.fields(struct)}
        key = keys[0]
        if key.endswith("-file") and (plain := key.removesuffix("-file")) in fields:
            target[plain] = self._read_secret(value, where)
            return
        if key not in fields:
            self.fail(where[0], where[1], "unknown key in the environment", f"known keys: {', '.join(sorted(fields))}")
        kind = fields[key].type
        if get_origin(kind) is dict and len(keys) == 2:
            target.setdefault(key, {})[keys[1].replace("-", "_")] = value
            return
        if get_origin(kind) is list:
            target[key] = [part.strip() for part in value.split(",") if part.strip()]
            return
        try:
            target[key] = msgspec.to_builtins(msgspec.convert(value, kind, strict=False))
        except msgspec.ValidationError as error:
            self.fail(where[0], where[1], f"{value!r} is not usable ({error})", "mend the variable")

    def _read_secret(self, file: str, where: tuple[str, str]) -> str:
        try:
            return (self.folder / file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.fail(
                where[0], where[1], f"{file} cannot be read ({error})", "make the file readable, or mend its name"
            )

    # -- types

    def _convert(self) -> Document:
        try:
            return msgspec.convert(self.tree, Document)
        except msgspec.ValidationError as error:
            table, key, trouble, remedy = _explain(str(error))
            self.fail(table, key, trouble, remedy)

    # -- values

    def _secrets(self, document: Document) -> tuple[Secret, ...]:
        site = document.site
        secret = site.secret
        if not secret and site.secret_file:
            secret = self._read_secret(site.secret_file, ("site", "secret-file"))
        if not secret:
            self.fail(
                "site",
                "secret",
                "is missing",
                "set a long random text, or let `syndicate init` write one to secret-file",
            )
        if len(secret) < MINIMUM_SECRET:
            self.fail("site", "secret", f"is shorter than {MINIMUM_SECRET} characters", "set a long random text")
        return tuple(Secret(text) for text in (secret, *site.old_secrets))

    def _site(self, document: Document) -> None:
        site = document.site
        if not site.title.strip():
            self.fail("site", "title", "is empty", "give the publication's name")
        self._url("site", "url", site.url)
        self._url("site", "public-url", site.public_url)
        if site.logo:
            self._url("site", "logo", site.logo)
        parts = urlsplit(site.public_url)
        if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
            self.fail(
                "site",
                "public-url",
                "is http on a host that is not loopback",
                "write https://…; links in mail must be safe",
            )
        if parts.query or parts.fragment:
            self.fail("site", "public-url", "has a query or a fragment", "leave only scheme, host and path")
        self._zone("site", site.timezone)
        if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", site.language):
            self.fail("site", "language", f"{site.language!r} is not a language tag", 'write one like "en" or "pt-BR"')

    def _database(self, document: Document) -> None:
        try:
            backend = make_url(document.database.url).get_backend_name()
        except ArgumentError:
            self.fail("database", "url", "is not a database URL", 'write one like "sqlite:///syndicate.db"')
        if backend not in ("sqlite", "postgresql"):
            self.fail(
                "database", "url", f"{backend} is not supported", "use sqlite:///file.db or postgresql://user@host/name"
            )
        if backend == "sqlite" and not make_url(document.database.url).database:
            self.fail("database", "url", "names no file", 'write one like "sqlite:///syndicate.db"')
        if document.queue.kind == "postgres" and backend != "postgresql":
            self.fail(
                "queue",
                "kind",
                "postgres needs a PostgreSQL database",
                'write kind = "embedded", or change [database] url',
            )

    def _bounces(self, document: Document) -> None:
        bounces = document.bounces
        if bounces.listen and re.fullmatch(r"[^\s/]+:\d{1,5}", bounces.listen) is None:
            self.fail("bounces", "listen", f"{bounces.listen!r} is not an address", 'write one like "127.0.0.1:2424"')
        self._parse("bounces", "every", bounces.every, parse_pause, 'write a span like "5m"')
        if not bounces.imap:
            return
        parts = urlsplit(bounces.imap)
        if parts.scheme not in ("imaps", "imap") or not parts.hostname or not parts.username or parts.password:
            self.fail("bounces", "imap", "is not the address of a mailbox", 'write one like "imaps://user@host/INBOX"')
        if parts.scheme == "imap" and not is_loopback(parts.hostname):
            self.fail("bounces", "imap", "sends its password in the clear", "write imaps://…")

    def _lists(self, document: Document) -> None:
        for table, entries in (
            ("source", document.source),
            ("digest", document.digest),
            ("transport", document.transport),
            ("hook", document.hook),
        ):
            seen: set[str] = set()
            for entry in entries:
                if not NAME.fullmatch(entry.name):
                    self.fail(table, "name", f"{entry.name!r} is not a name", "use up to 60 letters, digits, . _ -")
                if entry.name in seen:
                    self.fail(table, "name", f"{entry.name!r} stands twice", "give each a name of its own")
                seen.add(entry.name)
        self._sections(document)
        for source in document.source:
            self._source(source.kind, source)
        for hook in document.hook:
            if not hook.secret and not hook.secret_file:
                self.fail(
                    "hook", "secret", f"is missing for {hook.name!r}", "docs/bounces.md says what each provider's is"
                )

    def _sections(self, document: Document) -> None:
        slugs: set[str] = set()
        for section in document.section:
            for key, slug in (("slug", section.slug), *(("was", old) for old in section.was)):
                if not SLUG.fullmatch(slug):
                    self.fail("section", key, f"{slug!r} is not a slug", "use a-z, 0-9 and between them -, at most 60")
                if slug in RESERVED_SLUGS:
                    self.fail("section", key, f"{slug!r} is reserved", "choose another")
                if slug in slugs:
                    self.fail("section", key, f"{slug!r} stands twice", "give each section a slug of its own")
                slugs.add(slug)

    def _source(self, kind: str, source: Any) -> None:  # Any: SourceOptions, kept short
        needs: dict[str, tuple[tuple[str, ...], ...]] = {"sql": (("url",), ("table", "query")), "files": (("path",),)}
        allowed = {"sql": {"url", "table", "query", "columns"}, "files": {"path", "base-url", "timezone"}}
        if kind in needs:
            for choices in needs[kind]:
                if not any(getattr(source, choice.replace("-", "_")) for choice in choices):
                    if choices == ("table", "query"):
                        continue  # the default table is `articles`
                    self.fail(
                        "source", choices[0], f"is missing for {source.name!r}", f"a source of kind {kind} needs it"
                    )
            given = {
                f.encode_name for f in msgspec.structs.fields(source) if getattr(source, f.name) not in ("", {}, [])
            }
            if stray := given - {"name", "kind", "every"} - allowed[kind]:
                self.fail("source", sorted(stray)[0], f"does not belong to a source of kind {kind}", "remove it")
            if unknown := sorted(source.columns.keys() - COLUMNS):
                self.fail(
                    "source.columns", unknown[0], "is no column of an article", f"use {', '.join(sorted(COLUMNS))}"
                )
            if kind == "sql" and source.table and source.query:
                self.fail("source", "query", "stands beside table", "keep one of the two")
            if source.base_url:
                self._url("source", "base-url", source.base_url)
            if source.timezone:
                self._zone("source", source.timezone)
            if kind == "sql":
                try:
                    make_url(source.url)
                except ArgumentError:
                    self.fail("source", "url", "is not a database URL", 'write one like "sqlite:///newsroom.db"')

    def _spans(self, document: Document) -> None:
        for source in document.source:
            self._parse("source", "every", source.every, parse_pause, 'write a span like "1m"')
        self._parse("feeds", "keep", document.feeds.keep, parse_span, 'write a span like "72h"')
        for key in ("max_age", "grace", "keep"):
            self._parse(
                "editions", key.replace("_", "-"), getattr(document.editions, key), parse_span, 'write a span like "6h"'
            )
        if not document.feeds.directory.strip():
            self.fail("feeds", "directory", "is empty", 'name a folder, such as "public/"')
        self._positive("feeds", "items", document.feeds.items, 300)
        self._positive("feeds", "archive-items", document.feeds.archive_items, 1000)
        self._positive("editions", "batch", document.editions.batch, 10_000)
        for hub in document.feeds.hubs:
            self._url("feeds", "hubs", hub)
        self._summariser(document)
        for digest in document.digest:
            self._parse("digest", "at", digest.at, parse_hour, 'write a time like "07:00"')
            self._parse("digest", "quiet", digest.quiet, parse_quiet, 'write hours like "22:00-07:00"')
            for key in ("coalesce", "deadline"):
                self._parse("digest", key, getattr(digest, key), parse_span, 'write a span like "60s" or "30m"')
            for key in ("max_per_day", "max_per_author", "max_per_story"):
                if getattr(digest, key) < 0:
                    self.fail("digest", key.replace("_", "-"), "is below 0", "write 0 for no limit, or a number")
            self._positive("digest", "max-items", digest.max_items, 200)
            self._positive("digest", "min-items", digest.min_items, digest.max_items)

    def _summariser(self, document: Document) -> None:
        own = document.summariser
        self._parse("summariser", "timeout", own.timeout, parse_span, 'write a span like "20s"')
        if own.budget_per_day < 0:
            self.fail("summariser", "budget-per-day", "is below 0", "write how many articles a day may be sent")
        if own.kind == "openai":
            self._url("summariser", "url", own.url)
            if not own.model:
                self.fail("summariser", "model", "is missing", "name the model that the endpoint runs")

    def _transports(self, document: Document) -> None:
        for transport in document.transport:
            self._parse("transport", "rate", transport.rate, parse_rate, 'write a rate like "100/s"; "0/s" is no limit')
            self._parse("transport", "warm-up", transport.warm_up, parse_rate, 'write "1000/d"; "0/d" is no limit')
            self._parse("transport", "timeout", transport.timeout, parse_span, 'write a span like "60s"')
            self._positive("transport", "port", transport.port, 65535)
            self._positive("transport", "connections", transport.connections, 1000)
            self._positive("transport", "weight", transport.weight, 1000)
            if transport.kind == "smtp" and transport.tls == "none" and not is_loopback(transport.host):
                self.fail(
                    "transport",
                    "tls",
                    f"is none, but {transport.host!r} is not loopback",
                    'write tls = "starttls" or "tls"',
                )
            if transport.kind == "smtp" and not transport.host:
                self.fail("transport", "host", "is missing", "name the relay")

    def _web(self, document: Document) -> None:
        if not 0 <= document.web.port <= 65535:
            self.fail("web", "port", f"{document.web.port} is not a port", "write a number from 0 to 65535")
        for proxy in document.web.trusted_proxies:
            try:
                ip_network(proxy, strict=False)
            except ValueError:
                self.fail(
                    "web",
                    "trusted-proxies",
                    f"{proxy!r} is not an address or network",
                    'write addresses like "10.0.0.0/8"',
                )

    # -- small judgements

    def _parse(self, table: str, key: str, text: str, parse: Callable[[str], object], remedy: str) -> None:
        try:
            parse(text)
        except ValueError as error:
            self.fail(table, key, str(error), remedy)

    def _positive(self, table: str, key: str, number: int, most: int) -> None:
        if not 1 <= number <= most:
            self.fail(table, key, f"{number} is impossible", f"write a number from 1 to {most}")

    def _url(self, table: str, key: str, text: str) -> None:
        try:
            parts = urlsplit(text)
            fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            fine = False
        if not fine:
            self.fail(table, key, f"{text!r} is not a web address", "write one like https://news.example/")

    def _zone(self, table: str, name: str) -> None:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            self.fail(table, "timezone", f"{name!r} is not a time zone", 'write an IANA name like "Europe/London"')


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address is this machine."""
    host = host.strip("[]").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _explain(message: str) -> tuple[str, str, str, str]:
    """Turn msgspec's message into (table, key, trouble, remedy)."""
    text, _, path = message.partition(" - at `")
    path = path.rstrip("`").removeprefix("$").lstrip(".")
    table, _, key = path.partition(".")
    table = re.sub(r"\[.*?\]", "", table)
    if found := re.match(r"Object contains unknown field `(.*)`", text):
        return table, found[1], "unknown key", "remove it, or compare with the shipped config/syndicate.toml"
    if found := re.match(r"Object missing required field `(.*)`", text):
        return (
            (table, found[1], "is missing", "add it")
            if table
            else (found[1], "", "the table is missing", f"add [{found[1]}]")
        )
    trouble = text.replace("Expected", "expected").replace("`", "")
    choices = _choices(table, key) if text.startswith("Invalid enum value") else ()
    remedy = f"use one of {', '.join(choices)}" if choices else "mend the value"
    return table, key, trouble.replace("Invalid enum value", "there is no"), remedy


def _choices(table: str, key: str) -> tuple[str, ...]:
    """Return the values that a key can have, when they are counted."""
    struct = next(field.type for field in msgspec.structs.fields(Document) if field.encode_name == table)
    struct = (*get_args(struct), struct)[0]
    kind = next((field.type for field in msgspec.structs.fields(struct) if field.encode_name == key), None)
    return tuple(str(one) for one in get_args(kind) or (kind if isinstance(kind, EnumType) else ()))
