"""Spell the scripts of India in Latin letters, by what Unicode calls theirs: "DEVANAGARI LETTER KA", "TAMIL VOWEL SIGN I"."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

_WORD = re.compile(
    "[\u0900-\u0963\u0966-\u096f\u0971-\u0d7f\u200c\u200d]+"
)  # Devanagari to Malayalam, but for the dandas
_NAME = re.compile(r"([A-Z]+)(?: (LETTER|VOWEL SIGN|DIGIT))? (.+)")
_VOWELS = {"II": "i", "UU": "u", "EE": "e", "OO": "o", "R": "ri", "RR": "ri", "L": "li", "LL": "li"}
_CONSONANTS = {"C": "ch", "CH": "chh", "SS": "sh", "LLL": "zh"}
_WITH_DOT = {"j": "z", "ph": "f"}  # the nukta, which Hindi writes for sounds from Persian
_DOUBLED = re.compile(r"^(.)\1+")  # how the names tell sounds apart that Latin letters do not
_ENDS_SILENTLY = frozenset(("DEVANAGARI", "BENGALI", "GUJARATI", "GURMUKHI"))
_NASALS = ("SIGN ANUSVARA", "SIGN CANDRABINDU", "SIGN BINDI", "TIPPI")
_DIGITS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")
_LIPS = ("p", "b", "m")


class _Sound(NamedTuple):
    """What a letter stands for; `vowel` is "a" in a consonant that nothing was written to, and "aa" for a written one."""

    script: str
    consonant: str = ""
    vowel: str = ""
    nasal: bool = False


def spell_indic(text: str) -> str:
    """Return text with its words in scripts of India spelled by sound, about as they are in papers: हिन्दी is hindi."""
    return _WORD.sub(lambda word: _spelled(_sounds(word.group())), text)


def _spelled(sounds: Sequence[_Sound]) -> str:
    pieces = []
    for one, following in zip_longest(sounds, sounds[1:]):
        pieces.append(_nasal(one, following) if one.nasal else one.consonant + one.vowel.replace("aa", "a"))
    if len(sounds) > 1 and _is_silent(sounds[-1], after=sounds[-2]):
        pieces[-1] = sounds[-1].consonant
    return "".join(pieces)


def _nasal(sound: _Sound, following: _Sound | None) -> str:
    if following is None:
        return "n" if sound.script in _ENDS_SILENTLY else "m"
    return "m" if following.consonant.startswith(_LIPS) else "n"


def _is_silent(last: _Sound, *, after: _Sound) -> bool:
    """Tell whether the vowel that nobody wrote is not said: at the end of a word, but for one in two consonants."""
    return last.script in _ENDS_SILENTLY and bool(last.consonant) and last.vowel == "a" and bool(after.vowel)


def _sounds(word: str) -> list[_Sound]:
    sounds: list[_Sound] = []
    for script, kind, name in _names(word):
        last = name.rpartition(" ")[2]
        if kind == "VOWEL SIGN":
            _write_vowel(sounds, _VOWELS.get(last, last.lower()))
        elif name == "SIGN VIRAMA":
            _write_vowel(sounds, "")
        elif kind == "DIGIT":
            sounds.append(_Sound(script, vowel=str(_DIGITS.index(name))))
        elif kind == "LETTER":
            sounds.append(_letter(script, name))
        elif name in _NASALS:
            sounds.append(_Sound(script, nasal=True))
        elif name == "SIGN NUKTA" and sounds:
            sounds[-1] = sounds[-1]._replace(consonant=_WITH_DOT.get(sounds[-1].consonant, sounds[-1].consonant))
        elif name == "SIGN VISARGA":
            sounds.append(_Sound(script, consonant="h"))
    return sounds


def _names(word: str) -> Iterator[tuple[str, str, str]]:
    for character in word:
        if (found := _NAME.fullmatch(unicodedata.name(character, ""))) is not None:
            yield found[1], found[2] or "", found[3]


def _letter(script: str, name: str) -> _Sound:
    named = name.partition(" WITH ")[0].split()
    sound = named[-1]
    if sound[0] in "AEIOU" or "VOCALIC" in named:
        return _Sound(script, vowel=_VOWELS.get(sound, sound.lower()))
    bare = sound.removesuffix("A")
    consonant = _CONSONANTS.get(bare) or _DOUBLED.sub(r"\1", bare).lower()
    return _Sound(script, consonant=consonant, vowel="" if {"CHILLU", "KHANDA"} & set(named) else "a")


def _write_vowel(sounds: list[_Sound], vowel: str) -> None:
    """Give the letter before it another vowel than "a", or none."""
    if sounds:
        sounds[-1] = sounds[-1]._replace(vowel=vowel)
