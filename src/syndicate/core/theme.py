"""Read the variables of the mail's look, and tell which of them nobody can read."""

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from syndicate.errors import TemplateError

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
_WIDEST = 552  # pixels: the column of a sheet of 600
_COLOUR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_ADDRESS = re.compile(r"https://[^\s\"'<>\\]+")
_TEXTS = ("ink", "muted", "accent")
_GROUNDS = ("paper", "tint")


def read_theme(
    ours: Mapping[str, object], theirs: Mapping[str, object], *, templates: Iterable[str]
) -> Mapping[str, object]:
    """Return our variables with theirs laid over them. Raises TemplateError for one that cannot be, or that no template asks for.

    `templates` are the texts of an operator's own, who may have variables of his own for them.
    """
    mine = "\n".join(templates)
    for name, value in theirs.items():
        if name not in ours:
            if not re.search(rf"\b{re.escape(name)}\b", mine):
                near = get_close_matches(name, ours, n=1)
                hint = f"did you mean `{near[0]}`?" if near else "remove it, or use it in a template of yours"
                raise TemplateError(f"template theme.toml: no template asks for `{name}`; {hint}")
        elif trouble := _trouble(value, ours[name]):
            raise TemplateError(f"template theme.toml: `{name}` is {value!r}; {trouble}")
    theme = {**ours, **theirs}
    if theme.get("logo_url") and not (theme.get("logo_width") and theme.get("logo_height")):
        raise TemplateError("template theme.toml: the logo has no size; give `logo_width` and `logo_height` in pixels")
    return theme


def _trouble(value: object, usual: object) -> str:
    """Return what a value should be, or nothing when it may stay."""
    if isinstance(usual, int):
        fine = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _WIDEST
        return "" if fine else f"write pixels, a whole number up to {_WIDEST}"
    if not isinstance(value, str):
        return "write a text in quotation marks"
    if isinstance(usual, str) and usual.startswith("#"):
        return "" if _COLOUR.fullmatch(value) else "write a colour as #rrggbb, which every mail program knows"
    if usual == "":
        return "" if not value or _ADDRESS.fullmatch(value) else "write an address that begins with https://"
    return (
        "" if value.strip() and not set(value) & set(";{}<>\\\n") else "write names of fonts with commas between them"
    )


def faint(theme: Mapping[str, object]) -> Iterator[str]:
    """Yield each text whose contrast with what is behind it is below 4.5:1, as a sentence."""
    for scheme in ("", "dark_"):
        pairs = [(text, ground) for text in _TEXTS for ground in _GROUNDS] + [("button_text", "accent")]
        for text, ground in pairs:
            found = contrast(str(theme[scheme + text]), str(theme[scheme + ground]))
            if found < LEAST_CONTRAST:
                yield f"`{scheme}{text}` on `{scheme}{ground}` has {found:.1f}:1"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (#rgb or #rrggbb), from 1 to 21, as WCAG 2.2 reckons it."""
    dark, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
