"""What a front matter says of its edition in words: how many countries and practices it holds; and its headings.

Model of `counts.yaml`, one per language folder.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Literal, NamedTuple

from pydantic import Field, field_validator, model_validator

from pipeline.lexicon.folding import fold_name, reject_twins
from pipeline.models.geometry import Frozen

Counted = Literal["countries", "practices"]
"""What a front matter counts."""

NOUN_DISTANCE_WORDS: Final = 4
"""A counted noun is at most so many words after its number ("fifteen of the best practices": 4)."""

_STOPS: Final = str.maketrans(":.,", "   ")
_WORD: Final = re.compile(r"\d+|[^\W\d_]+")


class Claim(NamedTuple):
    """A count that the front matter states: what is counted, how many, and the words that say so."""

    counted: Counted
    number: int
    words: str


class CountWords(Frozen):
    """`counts.yaml`: number words with their case forms, and the stems of what is counted.

    Attributes:
        numbers: Number words by number, every form that may be before a noun; amounts of money in words are read by
            them too (units, tens and a hundred, alone, in a row or as one word).
        nouns: Stems that the nouns begin with, by what they count.
        headings: Beginnings of the headings that parts of a front matter have ("introduction", "about this").
    """

    numbers: dict[int, tuple[str, ...]] = Field(default_factory=dict)
    nouns: dict[Counted, tuple[str, ...]] = Field(default_factory=dict)
    headings: tuple[str, ...] = ()

    @field_validator("numbers")
    @classmethod
    def _check_numbers(cls, numbers: dict[int, tuple[str, ...]]) -> dict[int, tuple[str, ...]]:
        """Reject a word that stands for two numbers, and words the text could never hold."""
        given = [(number, word) for number, words in numbers.items() for word in words]
        for _, word in given:
            if not _WORD.fullmatch(_fold(word)):
                raise ValueError(f"number word {word!r} is not one word; give the form that is printed in texts")
        reject_twins("number word", given, _fold)
        return numbers

    @model_validator(mode="after")
    def _check_nouns(self) -> CountWords:
        """Reject a stem that counts two things."""
        reject_twins("stem", ((counted, stem) for counted, stems in self.nouns.items() for stem in stems), _fold)
        return self

    def heads_part(self, text: str) -> bool:
        """Return whether a text is the heading of a part of the front matter, by its first words."""
        words = f"{fold_name(text)} ".translate(_STOPS)
        return any(words.startswith(f"{fold_name(heading)} ") for heading in self.headings)

    def find_claims(self, text: str) -> tuple[Claim, ...]:
        """Find the counts that a text states.

        Args:
            text: Running text.

        Returns:
            The claims in the text's order; a number with no counted noun soon after it is none.
        """
        by_word = {_fold(word): number for number, words in self.numbers.items() for word in words}
        words = list(_WORD.finditer(text))
        claims: list[Claim] = []
        for position, match in enumerate(words):
            number = _number_of(match.group(), by_word)
            if number is None:
                continue
            for follower in words[position + 1 : position + 1 + NOUN_DISTANCE_WORDS]:
                if _number_of(follower.group(), by_word) is not None:
                    break
                between = text[match.end() : follower.start()]
                if any(mark in between for mark in ".:;!?"):
                    break
                counted = self._counted(follower.group())
                if counted is not None:
                    claims.append(Claim(counted, number, " ".join(text[match.start() : follower.end()].split())))
                    break
        return tuple(claims)

    def _counted(self, word: str) -> Counted | None:
        """Say what a noun counts: the longest stem that it begins with decides."""
        folded = _fold(word)
        fitting = [
            (len(stem), counted)
            for counted, stems in self.nouns.items()
            for stem in stems
            if folded.startswith(_fold(stem))
        ]
        return max(fitting)[1] if fitting else None


def _fold(word: str) -> str:
    """Fold case and normalise."""
    return unicodedata.normalize("NFC", word).casefold()


def _number_of(word: str, by_word: dict[str, int]) -> int | None:
    """Return the number that a numeral or number word stands for; years and other long numerals count nothing."""
    if word.isdecimal():
        return int(word) if len(word) <= 3 else None
    return by_word.get(_fold(word))
