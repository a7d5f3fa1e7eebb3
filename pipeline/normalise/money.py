"""Normalises amounts of money and percentages; reads and writes no artefact."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.lexicon import Lexicon
from pipeline.lexicon.values import Phrase
from pipeline.normalise.matching import Found, PhraseFinder, choose_longest, read_text

_NUMBER: Final = re.compile(
    r"(?<![\d.,])(?:"
    r"\d{1,3}(?:(?P<group>[ .,'\u2019])\d{3})(?:(?P=group)\d{3})*(?P<tail>[.,]\d{1,2}(?!\d))?"
    r"|\d+(?:[.,]\d+)?"
    r")(?!\d)"
)
"""A number as printed: digits in groups of three, with or without decimals; or plain digits."""

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
    found: dict[_Number, Amount] = {}
    for number in numbers:
        times = _mark_at(text, marks, number.end, "times:", step=1)
        end = number.end if times is None else times.end
        currency = _mark_at(text, marks, end, "currency:", step=1)
        if currency is None or currency in used:
            currency = _mark_at(text, marks, number.start, "currency:", step=-1)
        if currency is None or currency in used:
            continue
        used.add(currency)
        factor = 1 if times is None else int(times.label.partition(":")[2])
        code = currency.label.partition(":")[2]
        found[number] = Amount(_read_number(number.match, words.decimal, factor), code)
        first = _range_start(text, numbers, number, marks)
        if first is not None and first not in found:
            found[first] = Amount(_read_number(first.match, words.decimal, factor), code)
    return [found[number] for number in numbers if number in found]


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
    found: set[_Number] = set()
    for number in numbers:
        if _mark_at(text, marks, number.end, "percent", step=1) is not None:
            found.add(number)
            first = _range_start(text, numbers, number, marks)
            if first is not None:
                found.add(first)
    return [_read_number(number.match, words.decimal, 1) for number in numbers if number in found]


def _find_numbers(text: str) -> list[_Number]:
    """Find the numbers of a text."""
    return [_Number(match.start(), match.end(), match) for match in _NUMBER.finditer(text)]


def _find_marks(text: str, words: _Words, lexicon: Lexicon) -> list[_Mark]:
    """Find currencies, multipliers, percent signs and range words."""
    doc = read_text(text, lexicon.language)
    found = words.finder.find_all(doc)
    found.extend(
        Found(f"currency:{token.text}", token.i, token.i + 1, (token.i,)) for token in doc if token.text in words.codes
    )
    return [
        _Mark(item.label, doc[item.start].idx, doc[item.end - 1].idx + len(doc[item.end - 1].text))
        for item in choose_longest(found)
    ]


def _mark_at(text: str, marks: list[_Mark], position: int, label: str, *, step: int) -> _Mark | None:
    """Find the mark that touches a position, but for white space (and the full stop of an abbreviation)."""
    for mark in marks:
        between = text[position : mark.start] if step > 0 else text[mark.end : position]
        near = mark.start >= position if step > 0 else mark.end <= position
        if near and mark.label.startswith(label) and between in {"", " ", ". ", "."}:
            return mark
    return None


def _range_start(text: str, numbers: list[_Number], number: _Number, marks: list[_Mark]) -> _Number | None:
    """Find the number that forms a range with this one: a dash or the language's word stands between them."""
    index = numbers.index(number)
    if index == 0:
        return None
    first = numbers[index - 1]
    between = text[first.end : number.start]
    words = {text[mark.start : mark.end] for mark in marks if mark.label == "range" and mark.start >= first.end}
    return first if between.strip() in _RANGE_SIGNS | words else None


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
