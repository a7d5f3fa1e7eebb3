"""Normalises amounts of money and percentages; reads and writes no artefact."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.lexicon import Lexicon
from pipeline.lexicon.matching import Found, PhraseFinder, choose_longest, read_text
from pipeline.lexicon.values import Phrase

_NUMBER: Final = re.compile(
    r"(?<![\d.,])(?:"
    r"\d{1,3}(?:(?P<group>[ .,'\u2019])\d{3})(?:(?P=group)\d{3})*(?P<tail>[.,]\d{1,2}(?!\d))?"
    r"|\d+(?:[.,]\d+)?"
    r")(?!\d)"
)
"""A number as printed: digits in groups of three, with or without decimals; or plain digits."""

_BETWEEN: Final = ("", " ", ".", ". ")
"""What may stand between a number and its mark: nothing, a space, the full stop of an abbreviation."""

_RANGE_SIGNS: Final = frozenset({"-", "\u2013", "\u2014"})


class Amount(NamedTuple):
    """An amount of money: a whole number where it is one, and the ISO 4217 code."""

    value: int | float
    currency: str


class _Number(NamedTuple):
    """A number found: where it stands (characters), and how it is printed."""

    start: int
    end: int
    match: re.Match[str]


class _Mark(NamedTuple):
    """A word or sign found beside numbers: its label and where it stands (characters)."""

    label: str
    start: int
    end: int


class _Marks:
    """The marks of a text, by where they begin and where they end."""

    def __init__(self, text: str, marks: list[_Mark]) -> None:
        """Index the marks."""
        self._text = text
        self._starts = {mark.start: mark for mark in marks}
        self._ends = {mark.end: mark for mark in marks}
        self.range_words = frozenset(text[mark.start : mark.end] for mark in marks if mark.label == "range")

    def behind(self, position: int, label: str) -> _Mark | None:
        """Give the mark of a label that begins at a position, but for what may stand between (`_BETWEEN`)."""
        for between in _BETWEEN:
            mark = self._starts.get(position + len(between))
            if mark is not None and mark.label.startswith(label) and self._text.startswith(between, position):
                return mark
        return None

    def before(self, position: int, label: str) -> _Mark | None:
        """Give the mark of a label that ends at a position, but for what may stand between (`_BETWEEN`)."""
        for between in _BETWEEN:
            mark = self._ends.get(position - len(between))
            if mark is not None and mark.label.startswith(label) and self._text[mark.end : position] == between:
                return mark
        return None


class _Words:
    """The money words of a lexicon, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile the lexicon's and CLDR's words; a form that the lexicon gives to a currency is no other's."""
        words = lexicon.money
        own = {phrase.text.lower() for phrases in words.currencies.values() for phrase in phrases}
        phrases: dict[str, tuple[Phrase, ...]] = {
            f"currency:{code}": entries for code, entries in words.currencies.items()
        }
        phrases.update({f"times:{factor}": entries for factor, entries in words.multipliers.items()})
        phrases["percent"] = words.percent
        phrases["range"] = words.range_words
        names = {
            f"currency:{code}": [form for form in forms if form.lower() not in own]
            for code, forms in lexicon.cldr.currencies.items()
        }
        names["percent"] = ["%"]
        self.finder = PhraseFinder(phrases, lexicon.language, lexicon.grammar, names)
        self.codes = frozenset(lexicon.cldr.currencies) | frozenset(words.currencies)
        self.decimal = lexicon.cldr.decimal


@lru_cache(maxsize=8)
def _load_words(lexicon: Lexicon) -> _Words:
    """Compile a lexicon's money words, once."""
    return _Words(lexicon)


def find_amounts(text: str, lexicon: Lexicon) -> list[Amount]:
    """Find the amounts of money in a text: numbers with a currency before or behind them.

    Args:
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        The amounts in the text's order; of a range both ends.
    """
    words = _load_words(lexicon)
    marks = _find_marks(text, words, lexicon)
    numbers = _find_numbers(text)
    used: set[_Mark] = set()
    found: dict[int, Amount] = {}
    for index, number in enumerate(numbers):
        times = marks.behind(number.end, "times:")
        currency = marks.behind(number.end if times is None else times.end, "currency:")
        if currency is None or currency in used:
            currency = marks.before(number.start, "currency:")
        if currency is None or currency in used:
            continue
        used.add(currency)
        factor = 1 if times is None else int(times.label.partition(":")[2])
        code = currency.label.partition(":")[2]
        found[index] = Amount(_read_number(number.match, words.decimal, factor), code)
        if index - 1 not in found and _is_range(text, numbers, index, marks):
            found[index - 1] = Amount(_read_number(numbers[index - 1].match, words.decimal, factor), code)
    return [found[index] for index in sorted(found)]


def find_shares(text: str, lexicon: Lexicon) -> list[int | float]:
    """Find the percentages in a text.

    Args:
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        The percentages in the text's order; of a range both ends.
    """
    words = _load_words(lexicon)
    marks = _find_marks(text, words, lexicon)
    numbers = _find_numbers(text)
    found: set[int] = set()
    for index, number in enumerate(numbers):
        if marks.behind(number.end, "percent") is not None:
            found.update({index - 1, index} if _is_range(text, numbers, index, marks) else {index})
    return [_read_number(numbers[index].match, words.decimal, 1) for index in sorted(found)]


def _find_numbers(text: str) -> list[_Number]:
    """Find the numbers of a text."""
    return [_Number(match.start(), match.end(), match) for match in _NUMBER.finditer(text)]


def _find_marks(text: str, words: _Words, lexicon: Lexicon) -> _Marks:
    """Find currencies, multipliers, percent signs and range words."""
    doc = read_text(text, lexicon.language)
    found = words.finder.find_all(doc)
    found.extend(
        Found(f"currency:{token.text}", token.i, token.i + 1, (token.i,)) for token in doc if token.text in words.codes
    )
    return _Marks(
        text,
        [
            _Mark(item.label, doc[item.start].idx, doc[item.end - 1].idx + len(doc[item.end - 1].text))
            for item in choose_longest(found)
        ],
    )


def _is_range(text: str, numbers: list[_Number], index: int, marks: _Marks) -> bool:
    """Tell whether a number and the one before it are a range: a dash or the language's word stands between them."""
    if index == 0:
        return False
    between = text[numbers[index - 1].end : numbers[index].start]
    return between.strip() in _RANGE_SIGNS | marks.range_words


def _read_number(match: re.Match[str], decimal: str, factor: int) -> int | float:
    """Read a printed number.

    Three digits behind a single sign are thousands, whatever the language's own signs: `40,000 EUR` stands in a Latvian
    text. Only before a multiplier ("1.500 million") does the language's decimal sign count, and a leading zero makes
    decimals of what follows.
    """
    printed = match.group()
    group, tail = match.group("group"), match.group("tail") or ""
    if group is None:
        number = float(printed.replace(",", "."))
    else:
        whole = printed[: len(printed) - len(tail)] if tail else printed
        single = whole.count(group) == 1
        if not tail and single and group in ".," and (whole.startswith("0") or (factor > 1 and group == decimal)):
            number = float(whole.replace(",", "."))
        else:
            number = float(whole.replace(group, "") + tail.replace(",", "."))
    number = round(number * factor, 6)
    return int(number) if number.is_integer() else number
