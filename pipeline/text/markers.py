"""Markers of list items (bullets, dashes, printed numbers at a line's beginning), and numbers of numbering columns."""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline.models.layout import TextLine
from pipeline.text.lines import NEARLY_ALL

BULLETS: Final = "•·●○◦▪▫■□‣⁃∙➢➔►▶✓✔❖◆◇\uf0b7\uf0a7\uf0d8\uf076"
"""Characters that mark a list item wherever they begin a line; the last four are the usual bullets of symbol fonts."""
DASHES: Final = "-–—‐‑−"
"""Characters that mark a list item at a line's beginning, but may also be a dash of the sentence."""
NUMBER: Final = re.compile(r"^(\(?)(?:(\d{1,3})|([ivxlcIVXLC]{1,6}|[^\W\d_]))([.)])$")
"""A printed number that can begin a list item: `1.`, `1)`, `(1)`, `IV.`, `a)`."""

_ROMAN: Final = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


class Marker(NamedTuple):
    """A list item's marker: its form, and its number where it is an arabic one."""

    form: str
    number: int | None = None

    @property
    def is_number(self) -> bool:
        """True where it is printed as it is; bullets and dashes become a hyphen."""
        return self.form[-1] in ".)"


BULLET: Final = "bullet"
DRAWN_BULLET: Final = "drawn"


def find_marker(line: TextLine) -> Marker | None:
    """Find the marker that a line begins with; None without one."""
    first = line.words[0].text
    if line.drawn_bullet:
        return Marker(DRAWN_BULLET)
    # Two of them are stars, or ticks; two kinds of them in one line are boxes, ticked and not.
    if (
        first[0] in BULLETS
        and first[1:2] != first[0]
        and {word.text[0] for word in line.words} & set(BULLETS) == {first[0]}
    ):
        return Marker(BULLET)
    if first in DASHES and (len(line.words) > 1 or first == "-"):
        return Marker(first)
    return parse_number(first) if len(line.words) > 1 else None


def parse_number(text: str) -> Marker | None:
    """Parse a printed number; None where a text is none."""
    match = NUMBER.match(text)
    opening, number, letter, closing = match.groups() if match else ("", "", "", "")
    if not closing or (opening and closing != ")"):
        return None
    kind = "1" if number else "A" if letter.isupper() else "a"
    return Marker(f"{opening}{kind}{closing}", int(number) if number else None)


def value_of(numeral: str) -> int:
    """The value of an arabic number, or of a roman one up to 399."""
    if numeral.isdecimal():
        return int(numeral)
    digits = [_ROMAN[sign] for sign in numeral.casefold()]
    return sum(-one if one < following else one for one, following in pairwise([*digits, 0]))


BULLET_GAP: Final = 2.5
"""Widest gap behind a list item's bullet, as a multiple of the font size: office tabs are 0.5 to 0.75 cm."""
NUMBERING: Final = re.compile(r"^\(?(\d{1,3}(\.\d{1,3})*|[ivxIVX]{1,5}|[A-Za-z])[.)]?$")
"""A cell of a numbering column (`1.`, `1.1.`, `a)`): part of the label."""

BRACKETED: Final = re.compile(r"^[\[({<⟨【〔](.+)[\])}>⟩】〕][.:]?$")
"""What is in brackets, as the key of an entry (`[1]`, `[Smi20]`) is."""
SIGNED: Final = re.compile(r"^(\D|[^\W\d_]+\.) ?\d{1,3}[.:)]?$")
"""A number behind one letter or sign, or an abbreviation (`§ 1`, `Q1`, `Fig. 2`); a word and a number are a label."""


def is_number(text: str) -> bool:
    """Return whether a text is a number of a numbering column.

    Args:
        text: The text, without white space around it.

    Returns:
        True where it is.
    """
    return NUMBERING.match(text) is not None


def is_key(text: str) -> bool:
    """Return whether a text is a list's number, with a sign before it or not, its bullet, or a number in brackets.

    Args:
        text: The text, without white space around it.

    Returns:
        True where it is; words alone are a label in brackets, too.
    """
    found = BRACKETED.match(text)
    bracketed = found is not None and (is_number(found[1]) or any(map(str.isdecimal, found[1])))
    numbered = is_number(text) or SIGNED.match(text) is not None
    return bracketed or numbered or not any(map(str.isalnum, text))


def are_labels(texts: Sequence[str]) -> bool:
    """Return whether texts are labels, and not the numbers, bullets and keys of lists."""
    return 2 * sum(map(is_key, texts)) < len(texts)


def are_numbers(texts: Sequence[str]) -> bool:
    """Return whether the texts of a column make it a numbering column.

    Args:
        texts: The texts of its cells.

    Returns:
        True where nearly all are numbers; False without any text.
    """
    return bool(texts) and sum(1 for text in texts if is_number(text)) >= NEARLY_ALL * len(texts)
