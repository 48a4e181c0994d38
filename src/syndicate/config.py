"""Read the configuration file and the environment, once, into a frozen Config."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import EnumType
from pathlib import Path
from typing import Any, NoReturn, get_args

import msgspec

from syndicate.checks import Checks
from syndicate.errors import ConfigurationError
from syndicate.folders import trouble_with
from syndicate.options import Config, Document, Secret
from syndicate.overrides import Overrides

PLACES = ("config/syndicate.toml", "syndicate.toml")
MINIMUM_SECRET = 16
IN_FILES = {
    "site": "secret",
    "transport": "password",
    "summariser": "key",
    "bounces": "imap-password",
    "hook": "secret",
}


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
    return _Reading(path).config(tree, env)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reading of one file."""

    path: Path

    def config(self, tree: dict[str, Any], env: Mapping[str, str]) -> Config:  # Any: TOML
        Overrides(tree=tree, fail=self.fail, read_secret=self._read_secret).lay(env)
        self._read_secrets(tree)
        document = self._convert(tree)
        secrets = self._secrets(document)
        Checks(fail=self.fail).check(document)
        if trouble := trouble_with(Path(document.feeds.directory), document=document, folder=self._folder):
            self.fail("feeds", "directory", trouble, 'name a folder of its own, such as "public/"')
        for transport in document.transport:
            if transport.ca_file and not (self._folder / transport.ca_file).is_file():
                trouble = f"{transport.ca_file} does not exist, for {transport.name!r}"
                self.fail("transport", "ca-file", trouble, "mend its name, or leave it out to trust the system's")
        return Config(file=self.path, folder=self._folder, document=document, secrets=secrets)

    @property
    def _folder(self) -> Path:
        return self.path.resolve().parent

    def fail(self, table: str, key: str, trouble: str, remedy: str) -> NoReturn:
        raise ConfigurationError(file=str(self.path), table=table, key=key, trouble=trouble, remedy=remedy)

    def _convert(self, tree: dict[str, Any]) -> Document:  # Any: TOML
        try:
            return msgspec.convert(tree, Document)
        except msgspec.ValidationError as error:
            table, key, trouble, remedy = _explain(str(error))
            self.fail(table, key, trouble + _entry(str(error), tree), remedy)

    def _read_secret(self, file: str, where: tuple[str, str]) -> str:
        try:
            return (self._folder / file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            self.fail(
                where[0], where[1], f"{file} cannot be read ({error})", "make the file readable, or mend its name"
            )

    def _read_secrets(self, tree: dict[str, Any]) -> None:  # Any: TOML
        """Put in what stands in a file of its own."""
        for table, key in IN_FILES.items():
            entries = tree.get(table)
            for entry in entries if isinstance(entries, list) else [entries]:
                if not isinstance(entry, dict) or entry.get(key):
                    continue
                file = entry.get(f"{key}-file")
                if isinstance(file, str) and file:
                    entry[key] = self._read_secret(file, (table, f"{key}-file"))

    def _secrets(self, document: Document) -> tuple[Secret, ...]:
        secret, old = document.site.secret, document.site.old_secrets
        if not secret:
            self.fail(
                "site",
                "secret",
                "is missing",
                "set a long random text, or let `syndicate init` write one to secret-file",
            )
        if len(secret) < MINIMUM_SECRET:
            self.fail("site", "secret", f"is shorter than {MINIMUM_SECRET} characters", "set a long random text")
        if any(len(one) < MINIMUM_SECRET for one in old):
            remedy = "take it out; links that it signed can be forged"
            self.fail("site", "old-secrets", f"holds one shorter than {MINIMUM_SECRET} characters", remedy)
        return tuple(Secret(text) for text in (secret, *old))


def _explain(message: str) -> tuple[str, str, str, str]:
    """Turn msgspec's message into (table, key, trouble, remedy)."""
    text, _, path = message.partition(" - at `")
    path = path.rstrip("`").removeprefix("$").lstrip(".")
    table, _, key = path.partition(".")
    table = re.sub(r"\[.*?\]", "", table)
    if found := re.match(r"Object contains unknown field `(.*)`", text):
        if not table:
            return found[1], "", "unknown table or key", "remove it, or compare with the shipped config/syndicate.toml"
        return table, found[1], "unknown key", "remove it, or compare with the shipped config/syndicate.toml"
    if found := re.match(r"Object missing required field `(.*)`", text):
        return (
            (table, found[1], "is missing", "add it")
            if table
            else (found[1], "", "the table is missing", f"add [{found[1]}]")
        )
    trouble = (
        text.replace("Expected", "expected")
        .replace("`object`", "a table")
        .replace("`array`", "a list")
        .replace("`", "")
    )
    choices = _choices(table, key) if text.startswith("Invalid enum value") else ()
    remedy = f"use one of {', '.join(choices)}" if choices else "mend the value"
    return table, key, trouble.replace("Invalid enum value", "there is no"), remedy


def _entry(message: str, tree: Mapping[str, Any]) -> str:  # Any: TOML
    """Say which of several entries of a table it is about."""
    found = re.search(r"\$\.([a-z]+)\[(\d+)\]", message)
    if found is None or len(tree[found[1]]) < 2:
        return ""
    entry = tree[found[1]][int(found[2])]
    name = next((entry[key] for key in ("name", "slug") if key in entry), None) if isinstance(entry, dict) else None
    return f", in entry {int(found[2]) + 1}" if name is None else f", in {name!r}"


def _choices(table: str, key: str) -> tuple[str, ...]:
    """Return the values that a key can have, when they are counted."""
    struct = next(field.type for field in msgspec.structs.fields(Document) if field.encode_name == table)
    struct = (*get_args(struct), struct)[0]
    name = key.partition("[")[0]
    kind = next((field.type for field in msgspec.structs.fields(struct) if field.encode_name == name), None)
    kind = get_args(kind)[0] if name != key else kind  # one of a list
    return tuple(str(one) for one in get_args(kind) or (kind if isinstance(kind, EnumType) else ()))
