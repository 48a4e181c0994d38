"""Read an article from Markdown with front matter."""

import json
import re
import tomllib

import yaml
from markdown_it import MarkdownIt

from syndicate.core.legal import legal
from syndicate.errors import MalformedArticleError
from syndicate.sources.draft import Draft
from syndicate.sources.fields import draft_of

_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML_FRONT = re.compile(r"\A\s*\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"\A\s*#[ \t]+(.+?)[ \t]*#*[ \t]*\n|\A\s*(\S.*)\n=+[ \t]*\n")
_UNENDED = re.compile(
    r"(?i)\A\s*(---[ \t]*\n(?:title|date|published|author|section|tags|slug|url|draft)\w*:|\+\+\+[ \t]*\n\s*[a-z][\w-]*[ \t]*=)[ \t]"
)
_UNQUOTED = re.compile(
    r"^([A-Za-z][\w-]*):[ \t]+([^\s\"'\[{|>&*!%@`].*?:[ \t].*?|[@`%*&!].*?)(?<![\[{])[ \t]*$", re.MULTILINE
)
_LONGEST_FRONT = 20_000
# HTML is allowed: intake cleans what comes out.
_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def read_markdown(text: str) -> Draft:
    """Return the article, or raise MalformedArticleError. Without a `title`, the first heading is it."""
    fields: dict[object, object] = {}
    if (front := _FRONT.match(text)) is not None:
        fields = _front_matter(legal(front.group(1)))
        text = text[front.end() :]
    elif (front := _TOML_FRONT.match(text)) is not None:
        fields = _toml_front_matter(legal(front.group(1)))
        text = text[front.end() :]
    elif (begun := _UNENDED.match(text)) is not None:
        raise MalformedArticleError(f"its front matter has no end: a line {begun.group(1)[:3]} is missing")
    heading = _HEADING.match(text)
    title = None
    if heading is not None:
        title = heading.group(1) or heading.group(2)
        stated = fields.get("title")
        if stated is None or str(stated).strip() == title.strip():
            text = text[heading.end() :]  # the headline is not part of the body
    return draft_of({str(key): value for key, value in fields.items()}, body=_MARKDOWN.render(text), title=title)


def _front_matter(text: str) -> dict[object, object]:
    if len(text) > _LONGEST_FRONT:
        raise MalformedArticleError("its front matter is too long")
    try:
        if "&" in text and "*" in text and any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text)):
            raise MalformedArticleError("its front matter uses aliases")  # a few lines of them can fill the memory
        found = _loaded(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise MalformedArticleError(f"its front matter cannot be read: {_trouble(error)}") from error
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise MalformedArticleError("its front matter is not a list of names and values")
    return found


def _trouble(error: Exception) -> str:
    """Say what is broken, and in which line of the file's front matter where that is known; `---` is its first."""
    reason = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
    if isinstance(error, yaml.MarkedYAMLError) and error.problem and error.problem_mark is not None:
        return f"{error.problem[:100]}, in line {error.problem_mark.line + 2}"
    return reason


def _toml_front_matter(text: str) -> dict[object, object]:
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise MalformedArticleError(f"its front matter cannot be read: {str(error)[:100]}") from error
    taxonomies = found.pop("taxonomies", None)
    return {**found, **(taxonomies if isinstance(taxonomies, dict) else {})}


def _loaded(text: str) -> object:
    """Load YAML; a colon in a headline that was not quoted is taken as part of it."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        quoted = _UNQUOTED.sub(lambda line: f"{line.group(1)}: {json.dumps(line.group(2), ensure_ascii=False)}", text)
        if quoted == text:
            raise
        return yaml.safe_load(quoted)
