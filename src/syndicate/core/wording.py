"""Say the fixed phrases and dates of our mail in a reader's language."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from syndicate.errors import TemplateError

_DOTTED = frozenset({"az", "tr"})  # where the capital of i keeps its dot
_SOUND_OF_Y = re.compile(r"h?[ií](?![aeouáéóú])", re.IGNORECASE)  # Ignacio and Hidalgo, but not Ian and Hierro
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"})


def direction(language: str) -> str:
    """Return "rtl" for a language written from right to left, else "ltr"."""
    primary, _, rest = language.lower().partition("-")
    return "rtl" if primary in _RIGHT_TO_LEFT and "latn" not in rest else "ltr"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The phrases of one language. `language` is the tag of what is written: English where we have no other."""

    language: str
    phrases: Mapping[str, str]
    weekdays: tuple[str, ...]
    months: tuple[str, ...]

    @property
    def direction(self) -> str:
        """Return the direction of writing, for HTML's dir."""
        return direction(self.language)

    def say(self, phrase: str, /, **values: object) -> str:
        """Return a phrase with values in its {places}."""
        try:
            return self.phrases[phrase].format_map(values)
        except (KeyError, ValueError, IndexError) as error:
            raise TemplateError(
                f"words of language {self.language}: phrase {phrase!r} cannot be said: {error!r}"
            ) from error

    def count(self, phrase: str, number: int) -> str:
        """Return a phrase that counts: `phrase_one` for 1, else `phrase_many` with {n}."""
        return self.say(f"{phrase}_one" if number == 1 else f"{phrase}_many", n=number)

    def day_and_month(self, day: date) -> dict[str, object]:
        """Return the day and the month of a date as this language writes them."""
        return {"day": self.say("first") if day.day == 1 else day.day, "month": self.months[day.month - 1]}

    def date(self, day: date) -> str:
        """Return a day in full, with its weekday."""
        return self.say("date", weekday=self.weekdays[day.weekday()], year=day.year, **self.day_and_month(day))

    def names(self, names: Sequence[str]) -> str:
        """Return names as a list in words."""
        if len(names) < 2:
            return "".join(names)
        return self.say("comma").join(names[:-1]) + self._and(names[-1]) + names[-1]

    def _and(self, name: str) -> str:
        """Return "and" before a name; Spanish says "e" before the sound of its "y"."""
        usual = self.say("and")
        if self.language.lower().partition("-")[0] == "es" and usual.strip() == "y" and _SOUND_OF_Y.match(name):
            return usual.replace("y", "e")
        return usual

    def upper(self, text: str) -> str:
        """Return a text in this language's capitals."""
        dotted = self.language.lower().partition("-")[0] in _DOTTED
        return (text.replace("i", "İ") if dotted else text).upper()

    def label(self, label: str) -> str:
        """Return an article's label in this language, or as it is when we have no word for it."""
        return self.phrases.get(f"label_{label.lower()}", label)


def read_words(table: Mapping[str, object], *, language: str) -> Words:
    """Return the phrases of a words/*.toml file. Raises TemplateError."""
    weekdays, months = _strings(table, "weekdays", 7), _strings(table, "months", 12)
    phrases = {key: value for key, value in table.items() if isinstance(value, str)}
    return Words(language=language, phrases=phrases, weekdays=weekdays, months=months)


def _strings(table: Mapping[str, object], key: str, number: int) -> tuple[str, ...]:
    found = table.get(key)
    if not isinstance(found, list) or len(found) != number or not all(isinstance(word, str) for word in found):
        raise TemplateError(f"words: {key} must be a list of {number} texts")
    return tuple(found)
