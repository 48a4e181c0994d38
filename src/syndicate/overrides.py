"""Lay values from the environment over the tables of a configuration file."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, get_args, get_origin

import msgspec

from syndicate.options import Document

PREFIX = "SYNDICATE_"
KEYS = {"source": "name", "section": "slug", "digest": "name", "transport": "name", "hook": "name"}
TABLES = frozenset(field.encode_name for field in msgspec.structs.fields(Document))


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """The tables of one file, on their way to what the environment wants. `fail` takes table, key, trouble and remedy."""

    tree: dict[str, Any]  # Any: TOML
    fail: Callable[[str, str, str, str], NoReturn]
    read_secret: Callable[[str, tuple[str, str]], str]

    def lay(self, env: Mapping[str, str]) -> None:
        """Lay every variable that names a key over the tables."""
        self._refuse_stray_values()
        for name, value in sorted(env.items()):
            if not name.startswith(PREFIX):
                continue
            if "__" in name:
                self._override(name, value)
            elif name[len(PREFIX) :].lower().replace("_", "-") in TABLES:
                self.fail("", name, "names a table and no key of it", f"write {name}__KEY, or unset it")

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
        plain = key.removesuffix("-file")
        if key not in fields and plain not in fields:
            self.fail(where[0], where[1], "unknown key in the environment", f"known keys: {', '.join(sorted(fields))}")
        if len(keys) > (2 if key in fields and get_origin(fields[key].type) is dict else 1):
            self.fail(where[0], where[1], f"{key} has no keys of its own", f"end the variable's name behind {key}")
        if plain != key and plain in fields:
            target[plain] = self.read_secret(value, where)
            return
        kind = fields[key].type
        if len(keys) == 2:
            target.setdefault(key, {})[keys[1].replace("-", "_")] = value
            return
        if get_origin(kind) is list:
            target[key] = [part.strip() for part in value.split(",") if part.strip()]
            return
        try:
            target[key] = msgspec.to_builtins(msgspec.convert(value, kind, strict=False))
        except msgspec.ValidationError as error:
            self.fail(where[0], where[1], f"{value!r} is not usable ({error})", "mend the variable")
