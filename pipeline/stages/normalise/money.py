"""Normalises amounts of money and percentages."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.lexicon import Lexicon
from pipeline.lexicon.matching import PhraseMatch, choose_longest, finder_of, read_text
from pipeline.lexicon.values import AMBIGUOUS, Phrase

_NUMBER: Final = re.compile(
    r"(?<![\d.,])(?:"
    r"\d{1,3}(?:(?P<group>[ .,'\u2019])\d{3})(?:(?P=group)\d{3})*(?P<tail>[.,]\d{1,2}(?!\d))?"
    r"|\d+(?:[.,]\d+)?"
    r")(?!\d)"
)
"""A number as printed: digits in groups of three, with or without decimals; or plain digits."""

_BETWEEN: Final = ("", " ", ".", ". ")
"""What may be between a number and its mark: nothing, a space, the full stop of an abbreviation."""

_NO_CENTS: Final = re.compile(r" ?[.,](?:[-\u2013\u2014]{1,2}|=)(?!\d)")
"""What stands for no cents behind an amount (`15 000,-`)."""

_BRACKET: Final = re.compile(r" ?\([^()]*\)")
"""A bracket behind a number, which may say it again in words."""

_SIGNS: Final = {1_000: ("k",), 1_000_000: ("m",)}
"""Signs of multipliers that no language has to itself."""

_POWERS: Final = frozenset({10**3, 10**6, 10**9})
"""Multipliers that multiply a number; any other ("half a million") is a number by itself."""

_HUNDRED: Final = 100
_THOUSAND: Final = 1000

UNREAD_REACH: Final = 16
"""Most characters between a figure and a currency that it is likely to be an amount in (`thousands of euros`: 4)."""

_RANGE_SIGNS: Final = frozenset({"-", "\u2013", "\u2014", "/"})


class MoneyAmount(NamedTuple):
    """An amount of money: a whole number where it is one, and the ISO 4217 code."""

    value: int | float
    currency: str


class Money(NamedTuple):
    """What a text says of money: the amounts, and the words that name a currency next to a figure that was not read."""

    amounts: list[MoneyAmount]
    unread: list[str]


class _Quantity(NamedTuple):
    """A number with its multipliers: where it is (characters), its value, and the last multiplier (1: none).

    `unscaled` is the value before the multiplier, where there is a single number: what decides a range's other end.
    """

    start: int
    end: int
    value: int | float
    scale: int = 1
    unscaled: int | float = 0


class _Mark(NamedTuple):
    """A word or sign found next to numbers: its label and where it is (characters)."""

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
        self.range_words, self.joints = (
            frozenset(text[mark.start : mark.end] for mark in marks if mark.label == label)
            for label in ("range", "and")
        )

    def listed(self, label: str) -> list[_Mark]:
        """Return the marks of a label, in the text's order."""
        return sorted(mark for mark in self._starts.values() if mark.label.startswith(label))

    def behind(self, position: int, label: str) -> _Mark | None:
        """Return the mark of a label that begins at a position, but for what may be between (`_BETWEEN`)."""
        for between in _BETWEEN:
            mark = self._starts.get(position + len(between))
            if mark is not None and mark.label.startswith(label) and self._text.startswith(between, position):
                return mark
        return None

    def before(self, position: int, label: str) -> _Mark | None:
        """Return the mark of a label that ends at a position, but for what may be between (`_BETWEEN`)."""
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
        phrases["vague"] = words.vague
        phrases["between"] = lexicon.dates.between_words
        names = {
            f"currency:{code}": [form for form in forms if form.lower() not in own]
            for code, forms in lexicon.cldr.currencies.items()
        }
        names |= {"percent": ["%"], "and": list(lexicon.cldr.and_words)}
        names.update({f"times:{factor}": list(signs) for factor, signs in _SIGNS.items()})
        self.finder = finder_of(lexicon)(phrases, names=names)
        self.codes = frozenset(lexicon.cldr.currencies) | frozenset(words.currencies)
        self.decimal = lexicon.cldr.decimal
        self.numerals = {word.lower(): number for number, forms in lexicon.counts.numbers.items() for word in forms}
        factors = {
            form.rstrip("~").lower(): factor
            for factor, entries in words.multipliers.items()
            for phrase in entries
            for form in phrase.text.split("|")
            if form.rstrip("~").isalpha()
        }
        self.compound = {**factors, **self.numerals, **dict.fromkeys(lexicon.cldr.and_words, 0)}
        longest_first = sorted(self.compound, key=len, reverse=True)
        self.piece = re.compile("|".join(map(re.escape, longest_first)) or "(?!)")


_load_words = lru_cache(maxsize=8)(_Words)


def find_amounts(text: str, lexicon: Lexicon) -> list[MoneyAmount]:
    """Find the amounts of money in a text: numbers with a currency before or behind them.

    Args:
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        The amounts in the text's order; of a range both ends.
    """
    return find_money(text, lexicon).amounts


def find_money(text: str, lexicon: Lexicon) -> Money:
    """Find the amounts of money in a text, and what names a currency next to a figure without being one.

    Args:
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        The amounts in the text's order, of a range both ends; and the unread words.
    """
    words = _load_words(lexicon)
    marks = _find_marks(text, words, lexicon)
    quantities, brackets = _find_quantities(text, words, marks, lexicon)
    currencies, used = _find_currencies(text, quantities, marks)
    found = _price_quantities(text, quantities, currencies, marks)
    figures = [(mark.start, mark.end) for label in ("times:", "vague") for mark in marks.listed(label)]
    figures += [(quantity.start, quantity.end) for index, quantity in enumerate(quantities) if index not in found]
    said = brackets + [(quantity.start, quantity.end) for quantity in quantities]
    unread = [
        text[mark.start : mark.end]
        for mark in marks.listed("currency:")
        if mark not in used
        and any(0 <= mark.start - end <= UNREAD_REACH or 0 <= start - mark.end <= 1 for start, end in figures)
        and not any(start <= mark.start <= end for start, end in said)
    ]
    return Money([found[index] for index in sorted(found)], unread)


def _find_currencies(
    text: str, quantities: Sequence[_Quantity], marks: _Marks
) -> tuple[list[_Mark | None], set[_Mark]]:
    """Find each quantity's currency, behind it or before it (None: it has none); and the currencies that are used up.

    One that may mean several currencies is never used up.
    """
    used: set[_Mark] = set()
    currencies: list[_Mark | None] = []
    for quantity in quantities:
        bracket = _BRACKET.match(text, quantity.end)
        places = [quantity.end] if bracket is None else [quantity.end, bracket.end()]
        sought = [*(marks.behind(place, "currency:") for place in places), marks.before(quantity.start, "currency:")]
        currency = next((mark for mark in sought if mark is not None and mark not in used), None)
        if currency is not None and text[max(quantity.end, currency.end) :].lstrip().startswith("?"):
            currency = None  # a sum that is asked about is not stated
        currencies.append(currency)
        if currency is not None and not currency.label.endswith(AMBIGUOUS):
            used.add(currency)
    return currencies, used


def _price_quantities(
    text: str, quantities: Sequence[_Quantity], currencies: Sequence[_Mark | None], marks: _Marks
) -> dict[int, MoneyAmount]:
    """Find the quantities that are amounts, by their places; an end of a range may have its currency from the other.

    The first end may have its multiplier from the second, too (`2-3 million euros`).
    """
    found: dict[int, MoneyAmount] = {}
    for index, quantity in enumerate(quantities):
        value, currency = quantity.value, currencies[index]
        for other in (index - 1, index + 1):
            pair = quantities[max(0, min(index, other)) : max(index, other) + 1]
            if len(pair) == 2 and _is_range(text, pair[0], pair[1], marks):
                currency = currency or currencies[other]
                if other > index and quantity.scale == 1 and value <= pair[1].unscaled:
                    value = _whole(value * pair[1].scale)
        if currency is not None and (code := currency.label.partition(":")[2]) != AMBIGUOUS:
            found[index] = MoneyAmount(value, code)
    return found


def _find_quantities(
    text: str, words: _Words, marks: _Marks, lexicon: Lexicon
) -> tuple[list[_Quantity], list[tuple[int, int]]]:
    """Find the numbers of a text in figures and in words, and the brackets in which a number's words only repeat it.

    A number that says how many of a smaller unit there are adds to the one before it (`2 million 500 thousand`).
    """
    parts: list[_Quantity] = []
    for number in _NUMBER.finditer(text):
        end = number.end()
        factor, last = 1, 1
        while (mark := marks.behind(end, "times:")) is not None:
            last = int(mark.label.partition(":")[2])
            factor, end = factor * last, mark.end
        if factor == 1 and (cents := _NO_CENTS.match(text, end)):
            end = cents.end()
        value = _read_number(number, words.decimal, factor)
        parts.append(_Quantity(number.start(), end, value, factor, _whole(value / factor)))
    numerals = list(_find_numerals(text, words, marks, lexicon))
    repeated = [
        bracket.span()
        for these, others in ((parts, numerals), (numerals, parts))
        for part in these
        if (bracket := _BRACKET.match(text, (marks.behind(part.end, "currency:") or part).end))
        and any(bracket.start() < other.start < bracket.end() and int(part.value) == other.value for other in others)
    ]
    quantities: list[_Quantity] = []
    for part in sorted([*parts, *numerals]):
        before = quantities[-1] if quantities else None
        if any(start < part.start < end for start, end in repeated):
            continue
        joined = before is not None and before.scale > max(1, part.value)
        if before is not None and joined and text[before.end : part.start] in _BETWEEN[1:]:
            quantities[-1] = _Quantity(before.start, part.end, _whole(before.value + part.value), part.scale)
        else:
            quantities.append(part)
    return quantities, repeated


def _find_numerals(text: str, words: _Words, marks: _Marks, lexicon: Lexicon) -> Iterator[_Quantity]:
    """Find the numbers in words: words for units, tens, a hundred and multipliers, in a row or as one word."""
    doc = read_text(text, lexicon.language)
    factors = {mark.start: mark for mark in marks.listed("times:")}
    vague = {mark.end for mark in marks.listed("vague")}
    run: list[tuple[int, int, list[int]]] = []
    for token in [*doc, None]:
        if token is not None:
            if run and token.idx < run[-1][1]:
                continue
            if (mark := factors.get(token.idx)) is not None:
                factor = int(mark.label.partition(":")[2])
                if run or factor not in _POWERS:
                    run.append((mark.start, mark.end, [factor]))
                    continue
            values = _read_numeral(token.lower_, words)
            joint = bool(run) and (token.text == "-" or token.lower_ in lexicon.cldr.and_words)
            if values or joint:
                run.append((token.idx, token.idx + len(token.text), values))
                continue
        while run and not run[-1][2]:
            run.pop()
        if run and not vague & {run[0][0], run[0][0] - 1}:
            values = [value for _, _, some in run for value in some]
            last = max((value for value in values if value >= _THOUSAND), default=1)
            total = _add_up(values)
            yield _Quantity(run[0][0], run[-1][1], total, last, _whole(total / last))
        run = []


def _read_numeral(word: str, words: _Words) -> list[int]:
    """Read a word that is a number, or several written as one (`twentyfive`); empty where it is none."""
    if word in words.numerals:
        return [words.numerals[word]]
    pieces = words.piece.findall(word)
    if "".join(pieces) != word or len(pieces) < 2 or pieces[0] not in words.numerals:
        return []
    return [words.compound[piece] for piece in pieces]


def _add_up(values: Iterable[int]) -> int:
    """Add up the numbers of a numeral: a hundred multiplies what is before it, a multiplier closes its group."""
    total = group = 0
    for value in values:
        if value >= _THOUSAND:
            total, group = total + max(group, 1) * value, 0
        elif value == _HUNDRED:
            group = max(group, 1) * value
        else:
            group += value
    return total + group


def _whole(value: float) -> int | float:
    """Return a whole number as one."""
    value = round(value, 6)
    return int(value) if float(value).is_integer() else value


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
    numbers = [_Quantity(*match.span(), _read_number(match, words.decimal, 1)) for match in _NUMBER.finditer(text)]
    found: set[int] = set()
    for index, number in enumerate(numbers):
        if marks.behind(number.end, "percent") is not None:
            ranges = index > 0 and _is_range(text, numbers[index - 1], number, marks)
            found.update({index - 1, index} if ranges else {index})
    return [numbers[index].value for index in sorted(found)]


def _find_marks(text: str, words: _Words, lexicon: Lexicon) -> _Marks:
    """Find currencies, multipliers, percent signs and range words."""
    doc = read_text(text, lexicon.language)
    found = words.finder.find_all(doc)
    found.extend(
        PhraseMatch(f"currency:{token.text}", token.i, token.i + 1, (token.i,))
        for token in doc
        if token.text in words.codes
    )
    return _Marks(
        text,
        [
            _Mark(item.label, doc[item.start].idx, doc[item.end - 1].idx + len(doc[item.end - 1].text))
            for item in choose_longest(found)
        ],
    )


def _is_range(text: str, first: _Quantity, second: _Quantity, marks: _Marks) -> bool:
    """Return whether two numbers are a range: a dash or the language's word is between them, or "between" before."""
    if text[: first.start].endswith("/"):
        return False
    between = text[first.end : second.start].strip(" .")
    if between in marks.joints and marks.before(first.start, "between"):
        return True
    return between in _RANGE_SIGNS | marks.range_words


def _read_number(match: re.Match[str], decimal: str, factor: int) -> int | float:
    """Read a printed number.

    Three digits behind a single sign are thousands, whatever the language's own signs: a Latvian text has `40,000 EUR`.
    Only before a multiplier ("1.500 million") does the language's decimal sign count, and a leading zero makes
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
    return _whole(number * factor)
