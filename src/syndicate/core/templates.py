"""Render the mail templates: an operator's where there is one, else ours."""

import tomllib
from collections.abc import Mapping
from types import TracebackType

from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from syndicate.core.characters import one_line
from syndicate.core.slots import only_if_given
from syndicate.core.theme import read_theme
from syndicate.core.wording import Words, read_words
from syndicate.core.wrapping import underline, wrap
from syndicate.errors import TemplateError

_OURS = "ours/"


class TemplateSet:
    """The templates, the theme and the phrases of a newspaper's mail.

    `ours` and `theirs` map a file's name below the templates' folder to its text. A template of theirs takes the place of ours with the same
    name, which it may still reach as `ours/NAME`; of theme.toml and words/*.toml theirs is laid over ours, key by key.
    """

    def __init__(self, ours: Mapping[str, str], theirs: Mapping[str, str] | None = None) -> None:
        self._ours = dict(ours)
        self._theirs = dict(theirs or {})
        self._environment = _environment(_Sources(self._ours, self._theirs))
        self._subjects: dict[str, Template] = {}
        self._words: dict[str, Words] = {}
        self.theme: Mapping[str, object] = read_theme(
            _table(self._ours, "theme.toml"),
            _table(self._theirs, "theme.toml"),
            templates=[text for name, text in self._theirs.items() if not name.endswith(".toml")],
        )

    def render(self, name: str, context: Mapping[str, object]) -> str:
        """Return a template's text with the values of `context` in it. Raises TemplateError."""
        try:
            return self._environment.get_template(name).render(theme=self.theme, **context)
        except Exception as error:  # a template is a program of the operator's: whatever it raises is his to see
            raise _explained(name, error) from error

    def render_subject(self, source: str, context: Mapping[str, object]) -> str:
        """Return an operator's subject template, rendered on one line. Raises TemplateError."""
        try:
            template = self._subjects.get(source)
            if template is None:
                template = self._subjects.setdefault(source, self._environment.from_string(source))
            return one_line(template.render(context))
        except Exception as error:  # as in render
            raise _explained("subject", error) from error

    def words(self, language: str) -> Words:
        """Return the phrases of a language, where it lacks one the English."""
        found = self._words.get(language)
        if found is None:
            table = self._phrases("words/en.toml")
            name = f"words/{language.lower().partition('-')[0]}.toml"
            known = name in self._ours or name in self._theirs
            if known:
                table |= self._phrases(name)
            found = self._words.setdefault(language, read_words(table, language=language if known else "en"))
        return found

    @property
    def languages(self) -> tuple[str, ...]:
        """Return the languages that have phrases."""
        names = {name for name in (*self._ours, *self._theirs) if name.startswith("words/") and name.endswith(".toml")}
        return tuple(sorted(name.removeprefix("words/").removesuffix(".toml") for name in names))

    def _phrases(self, name: str) -> dict[str, object]:
        return _table(self._ours, name) | _table(self._theirs, name)


class _Sources(BaseLoader):
    """Find a template among theirs, then among ours."""

    def __init__(self, ours: Mapping[str, str], theirs: Mapping[str, str]) -> None:
        self._ours, self._theirs = ours, theirs

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, None]:
        """Return (text, name for messages, None); Jinja2 calls it."""
        source = self._theirs.get(template)
        if source is None:
            source = self._ours.get(template.removeprefix(_OURS))
        if source is None:
            raise TemplateNotFound(template)
        return source, template, None


def _table(sources: Mapping[str, str], name: str) -> dict[str, object]:
    try:
        return tomllib.loads(sources.get(name, ""))
    except tomllib.TOMLDecodeError as error:
        raise TemplateError(f"template {name}: {error}; mend it or remove it to use ours") from error


def _environment(sources: BaseLoader) -> Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=sources,
        autoescape=lambda name: name is not None and name.endswith(".html"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        cache_size=-1,
    )
    environment.filters["wrap"] = wrap
    environment.filters["underline"] = underline
    environment.filters["if_given"] = _if_given
    return environment


def _if_given(text: str) -> str:
    guarded = only_if_given(text)
    return Markup(guarded) if isinstance(text, Markup) else guarded  # noqa: S704 - only marks are added to what was safe


def _explained(name: str, error: Exception) -> TemplateError:
    place, line = _place(error.__traceback__)
    if isinstance(error, TemplateSyntaxError):
        place, line = error.name, error.lineno
    where = f"template {place or name}" + (f", line {line}" if line else "")
    return TemplateError(f"{where}: {error or type(error).__name__}; mend it or remove it to use ours")


def _place(trace: TracebackType | None) -> tuple[str | None, int | None]:
    """Return the template and the line where an error arose; Jinja2 rewrites tracebacks to name them."""
    place: tuple[str | None, int | None] = (None, None)
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith((".html", ".txt", ".css", "<template>")):
            place = (None if file == "<template>" else file, trace.tb_lineno)
        trace = trace.tb_next
    return place
