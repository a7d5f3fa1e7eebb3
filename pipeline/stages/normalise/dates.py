"""Finds the dates of a text.

Words come from the lexicon, dates are recognised by their shape: spaCy's Matcher tags month names, year words and the
like, and patterns over the tags find the dates. The numbers of projects, calls and laws are no dates.
"""

from __future__ import annotations

import calendar
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.lexicon import Lexicon
from pipeline.lexicon.matching import PhraseMatch, finder_of, load_vocab, sentence_end, span_tokens

if TYPE_CHECKING:
    from spacy.matcher import Matcher
    from spacy.tokens import Doc

EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2199
"""A number of four digits outside these years is taken for a quantity, not a year."""

_DASHES: Final = frozenset({"-", "\u2013", "\u2014"})
_MONTH_DIGITS: Final = 2
"""Most digits of a day, a month, or the end of a range of years (`2016/17`)."""

_CONNECTING: Final = frozenset({"POINT", "COMMA", "UNIT", "FILLER"})
"""What may be between two dates besides the sign or word that joins them into a range."""

_SHAPES: Final[dict[str, list[str]]] = {
    "numbers": [
        *(f"NUMBER {sign} NUMBER {sign} YEAR POINT? UNIT?" for sign in ("POINT", "SLASH", "DASH")),
        *(f"YEAR {sign} NUMBER {sign} NUMBER" for sign in ("POINT", "SLASH", "DASH")),
    ],
    "month_number": [f"NUMBER {sign} YEAR POINT? UNIT?" for sign in ("POINT", "SLASH")],
    "iso_month": ["YEAR DASH NUMBER"],
    "words": [
        "YEAR POINT? UNIT? POINT? FILLER? NUMBER POINT? SUFFIX? FILLER? MONTH POINT?",
        "YEAR POINT? UNIT? POINT? FILLER? MONTH POINT? NUMBER SUFFIX?",
        "NUMBER POINT? SUFFIX? FILLER? MONTH POINT? COMMA? FILLER? YEAR POINT? UNIT? POINT?",
        "MONTH POINT? NUMBER SUFFIX? COMMA? FILLER? YEAR POINT? UNIT? POINT?",
        "YEAR POINT? UNIT? POINT? FILLER? MONTH POINT?",
        "MONTH POINT? COMMA? FILLER? UNIT? FILLER? YEAR POINT? UNIT? POINT?",
    ],
    "year": ["YEAR POINT? UNIT? POINT?", "UNIT YEAR"],
    "no_year": ["NUMBER POINT? SUFFIX? FILLER? MONTH POINT?", "MONTH POINT? NUMBER SUFFIX?", "MONTH POINT?"],
}
"""The shapes of dates over the tags, the same in every language, whose words make the tags; a question mark is behind
what may be missing."""


class Date(NamedTuple):
    """A date found: year, month and day as far as stated (year 0 where not), and its tokens.

    A date that no calendar has (31 February) has neither year nor month: it is left out, and nothing of it is read as
    another date.
    """

    year: int
    month: int | None
    day: int | None
    start: int
    end: int

    @property
    def edtf(self) -> str:
        """The date in EDTF level 0."""
        return "-".join([f"{self.year:04d}", *(f"{part:02d}" for part in (self.month, self.day) if part is not None)])

    def precedes(self, second: Date) -> bool:
        """Whether another date is the next month (of the same year, where only one names it) or the next year."""
        if self.day or second.day:
            return False
        if self.month is None or second.month is None:
            return self.month == second.month and self.year + 1 == second.year
        same = self.year == second.year or not (self.year and second.year)
        return same and self.month + 1 == second.month

    @property
    def last_day(self) -> tuple[int, int, int]:
        """The last day that the date may mean, to find which of two ends is the later."""
        month = self.month or 12
        return self.year, month, self.day or calendar.monthrange(self.year, month)[1]

    @property
    def first_day(self) -> tuple[int, int, int]:
        """The first day that the date may mean."""
        return self.year, self.month or 1, self.day or 1


class _Words:
    """The words of dates of a lexicon, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile the lexicon's and CLDR's words."""
        words, find = lexicon.dates, finder_of(lexicon)
        months = {f"month:{number}": forms for number, forms in words.months.items()}
        names = {
            f"month:{number}": [form for form in forms if " " not in form]
            for number, forms in lexicon.cldr.months.items()
        }
        tags = {**months, "UNIT": words.year_words, "SUFFIX": words.day_suffixes, "FILLER": words.fillers}
        self.tags = find(tags, names=names)
        beside = {
            "part": words.parts,
            "number": words.number_words,
            "until": words.until_words,
            "between": words.between_words,
        }
        self.beside = find(beside, names={"and": lexicon.cldr.and_words})
        self.shapes = _compile_shapes(lexicon.language)
        self.order = words.order or lexicon.cldr.date_order


_load_words = lru_cache(maxsize=8)(_Words)


def _describe_token(tag: str) -> dict[str, str]:
    """Describe a token of a shape as spaCy's Matcher has it."""
    return {"TAG": tag[:-1], "OP": "?"} if tag.endswith("?") else {"TAG": tag}


def _compile_shapes(language: str) -> Matcher:
    """Compile the shapes of dates."""
    vocab = load_vocab(language)
    from spacy.matcher import Matcher

    matcher = Matcher(vocab)
    for name, shapes in _SHAPES.items():
        matcher.add(name, [[_describe_token(tag) for tag in shape.split()] for shape in shapes])
    return matcher


class Dates(NamedTuple):
    """A text's dates, from left to right, and what joins them.

    Attributes:
        doc: The text; its tokens are tagged.
        dates: The dates.
        until: The tokens of every word for "until".
        joints: The tokens of every word for "and".
        impossible: What has the shape of a date that no calendar has, as printed.
    """

    doc: Doc
    dates: list[Date]
    until: frozenset[int]
    joints: frozenset[int]
    impossible: tuple[str, ...] = ()

    def joins(self, first: Date, second: Date) -> bool:
        """Return whether what is between two dates makes them a range.

        Two months or years that follow on one another are one too where "and" is between them.
        """
        joined = False
        for token in self.doc[first.end : second.start]:
            if (
                token.tag_ in {"DASH", "SLASH"}
                or token.i in self.until
                or ((token.i in self.joints or token.tag_ == "COMMA") and first.precedes(second))
            ):
                joined = True
            elif token.tag_ not in _CONNECTING and token.text != "\n":
                return False
        return joined


def find_dates(doc: Doc, lexicon: Lexicon) -> Dates:
    """Find the dates of a text: from left to right, at each place the longest.

    Args:
        doc: The text, read by `read_text`; its tokens are tagged in place.
        lexicon: The words of its language.

    Returns:
        The dates that have a year of their own, or that of the date that they form a range with.
    """
    words = _load_words(lexicon)
    beside = words.beside.find_all(doc)
    months, years = _tag(doc, words)
    for index in _find_references(doc, [item for item in beside if item.label == "number"]):
        doc[index].tag_ = "WORD"
        years.pop(index, None)
    by_start: dict[int, list[Date]] = {}
    for key, start, end in words.shapes(doc):
        date = _read_date(doc, doc.vocab.strings[key], start, end, months, years, words)
        if date is not None:
            by_start.setdefault(start, []).append(date)
    dates = _choose_dates(doc, by_start)
    parts = [item for item in beside if item.label == "part"]
    whole = [_with_part(doc, date, parts) for date in dates]
    found = Dates(doc, whole, span_tokens(beside, "until"), span_tokens(beside, "and"))
    impossible = tuple(doc[date.start : date.end].text for date in dates if not date.year and date.month is None)
    closed = _find_closing(found, span_tokens(beside, "between"))
    found = found._replace(until=found.until | closed, impossible=impossible)
    return found._replace(dates=_lend_years(found._replace(dates=_add_first_days(found))))


def _find_closing(found: Dates, between: frozenset[int]) -> set[int]:
    """Find each "and" that closes a range which "between" opens: it means "until"."""
    joints = {
        date: [index for index in found.joints if index >= date.end]
        for date in found.dates
        if between & {date.start - 1, date.start - 2}
    }
    return {min(behind) for behind in joints.values() if behind}


def _choose_dates(doc: Doc, by_start: dict[int, list[Date]]) -> list[Date]:
    """Choose from left to right the longest date at each place; none reaches into another."""
    dates: list[Date] = []
    position = 0
    for start in sorted(by_start):
        if start >= position:
            date = max(by_start[start], key=lambda item: item.end)
            # A full stop that ends the sentence is no part of its last date.
            while date.end - 1 > start and doc[date.end - 1].text == "." and sentence_end(doc, date.end - 1):
                date = date._replace(end=date.end - 1)
            dates.append(date)
            position = date.end
    return dates


def _with_part(doc: Doc, date: Date, parts: list[PhraseMatch]) -> Date:
    """Take in what names a part of the date's year or month: next to it, or reaching into it (`gada beigas`)."""
    for item in parts:
        if date.start <= item.start <= date.end < item.end:
            date = date._replace(end=item.end)
        elif item.start < date.start and all(token.tag_ == "FILLER" for token in doc[item.end : date.start]):
            date = date._replace(start=item.start)
    return date


def _add_first_days(found: Dates) -> list[Date]:
    """Add the first days of ranges that name the month once (`5-20 May 2018`)."""
    dates: list[Date] = []
    for date in found.dates:
        index = date.start - 1
        while index >= 0 and (found.doc[index].tag_ in {"DASH", "POINT"} or index in found.until):
            index -= 1
        between = range(index + 1, date.start)
        joined = any(found.doc[place].tag_ == "DASH" or place in found.until for place in between)
        first = found.doc[index] if index >= 0 and joined else None
        free = not dates or index >= dates[-1].end
        if first is not None and first.tag_ == "NUMBER" and free and date.day and 0 < int(first.text) < date.day:
            # `2018. gada 5.-20. maijs`: the year is in front of both.
            lends = not date.year and dates and dates[-1].month is None and dates[-1].end == index
            year = dates.pop().year if lends else date.year
            pair = (date._replace(year=year, day=int(first.text), start=index, end=index + 1), date._replace(year=year))
            dates.extend(pair)
        else:
            dates.append(date)
    return dates


def _find_references(doc: Doc, number_words: list[PhraseMatch]) -> set[int]:
    """Find the tokens of numbers of projects, calls and laws: they hold years and are no dates.

    Such a number is without a space behind a word for "number", or shows by itself that it is none of a calendar's:
    capitals or a longer number joined to its figures (`JUST/2014/AG`, `516/2014`), or years joined by two kinds of sign
    to a number that is no year's end (`2016-2017/4`, `2007/2013-99`).
    """
    found: set[int] = set()
    named = {item.end for item in number_words}
    start = 0
    for token in doc:
        if token.i in named or (token.i - 1 in named and doc[token.i - 1].text in ".:"):
            start = token.i
            named.add(start)
        if token.whitespace_ or token.i + 1 == len(doc) or doc[token.i + 1].text == "\n" or token.text == "\n":
            chunk = [piece for piece in doc[start : token.i + 1] if piece.text not in "()[],;:\n"]
            if start in named or _is_reference(chunk):
                found.update(piece.i for piece in chunk)
            # Capitals that a space parts from the figures belong to the number (`No KM 2015/33`).
            if start in named and chunk and all(piece.text.isupper() for piece in chunk):
                named.add(token.i + 1)
            start = token.i + 1
    return found


def _is_reference(chunk: list[Any]) -> bool:
    """Return whether tokens without a space between them are a number of something, by what they hold."""
    while chunk and chunk[-1].text in ".\u2013\u2014":
        chunk = chunk[:-1]
    signs = [piece.text for piece in chunk if piece.text in {"-", "/", "_"}]
    figures = [piece for piece in chunk if piece.text.isdecimal()]
    if not signs or not figures:
        return False
    capitals = any(piece.text.isupper() and piece.tag_ == "WORD" for piece in chunk)
    longer = any(piece.tag_ == "WORD" and len(piece.text) > _MONTH_DIGITS for piece in figures)
    tags = [piece.tag_ for piece in chunk]
    mixed = tags[:1] == ["YEAR"] and tags[2:3] == ["YEAR"] and len(chunk) == 5 and len(set(signs)) == 2
    if capitals or longer or not mixed or len(figures[-1].text) < _MONTH_DIGITS:
        return capitals or longer or mixed
    # Behind a slash and a dash a number of two digits that is neither a month nor the next year's ends no period.
    return signs == ["/", "-"] and int(figures[-1].text) not in {*range(1, 13), int(figures[1].text) % 100 + 1}


def _tag(doc: Doc, words: _Words) -> tuple[dict[int, int], dict[int, int]]:
    """Tag the tokens in place; give the months' numbers and the years by token."""
    months: dict[int, int] = {}
    signs = {".": "POINT", ",": "COMMA", "/": "SLASH"}
    for token in doc:
        text = token.text
        token.tag_ = "WORD"
        if text.isascii() and text.isdigit():
            number = int(text)
            glued = token.i > 0 and doc[token.i - 1].text.isalpha() and not doc[token.i - 1].whitespace_
            if len(text) == len(str(LATEST_YEAR)) and EARLIEST_YEAR <= number <= LATEST_YEAR:
                token.tag_ = "YEAR"
            elif len(text) <= 2 and not glued:
                token.tag_ = "NUMBER"
        elif text in _DASHES:
            # At the beginning of a line it is a list item's mark and joins nothing.
            token.tag_ = "WORD" if token.i == 0 or doc[token.i - 1].text == "\n" else "DASH"
        else:
            token.tag_ = signs.get(text, "WORD")
    for item in words.tags.find_all(doc):
        kind, _, number_text = item.label.partition(":")
        for index in range(item.start, item.end):
            if kind == "month":
                months[index] = int(number_text)
                doc[index].tag_ = "MONTH"
            elif doc[index].tag_ != "MONTH":
                doc[index].tag_ = kind
    years = {token.i: int(token.text) for token in doc if token.tag_ == "YEAR"}
    years.update(_short_years(doc))
    for index in years:
        doc[index].tag_ = "YEAR"
    return months, years


def _short_years(doc: Doc) -> dict[int, int]:
    """Find the years of two digits that end a range of years (`2016/17`, `2016-18`).

    A number that may be a month is one behind a dash (`2016-08` is ISO 8601), but none behind a slash.
    """
    found: dict[int, int] = {}
    for token in doc[2:]:
        first, sign = doc[token.i - 2], doc[token.i - 1]
        if first.tag_ == "POINT" and token.i >= 3:
            first = doc[token.i - 3]
        if token.tag_ != "NUMBER" or len(token.text) != 2 or first.tag_ != "YEAR":
            continue
        follows = doc[token.i + 1].tag_ if token.i + 1 < len(doc) else ""
        number, year = int(token.text), int(first.text)
        later = number > year % 100
        behind = doc[token.i + 2].tag_ if token.i + 2 < len(doc) else ""
        pointed = follows == "POINT" and behind in {"NUMBER", "YEAR", "MONTH"}
        date_goes_on = follows in {"SLASH", "DASH", "MONTH"} or pointed or sign.whitespace_
        if later and not date_goes_on and (sign.tag_ == "SLASH" or (sign.tag_ == "DASH" and number > 12)):
            found[token.i] = year - year % 100 + number
    return found


def _read_date(
    doc: Doc, shape: str, start: int, end: int, months: dict[int, int], years: dict[int, int], words: _Words
) -> Date | None:
    """Read the year, month and day of a match; None where they are no date."""
    tokens = doc[start:end]
    numbers = [int(token.text) for token in tokens if token.tag_ == "NUMBER"]
    year = next((years[index] for index in range(start, end) if index in years), 0)
    month: int | None = next((months[index] for index in range(start, end) if index in months), None)
    day: int | None = None
    if shape == "numbers":
        first, second = numbers
        slashes = any(token.tag_ == "SLASH" for token in tokens)
        month_first = tokens[0].tag_ == "YEAR" or (slashes and words.order == "mdy")
        month, day = (first, second) if month_first else (second, first)
        if month > 12 >= day and tokens[0].tag_ != "YEAR":
            month, day = day, month
    elif shape == "month_number":
        month = numbers[0]
    elif shape == "iso_month":
        if doc[start].whitespace_ or doc[start + 1].whitespace_ or len(doc[start + 2].text) != 2:
            return None
        month = numbers[0]
        if month > 12:
            return None
    elif numbers:
        day = numbers[0]
    if month is not None and not 1 <= month <= 12:
        return Date(0, None, None, start, end)
    if day is not None and month is not None:
        longest = calendar.monthrange(year, month)[1] if year else 31
        if not 1 <= day <= longest:
            return Date(0, None, None, start, end)
    return Date(year, month, day, start, end)


def _lend_years(found: Dates) -> list[Date]:
    """Return a date without a year the year of the date it forms a range with; leave out the others without one."""
    full = list(found.dates)
    pairs = [(index, index + 1) for index in reversed(range(len(full) - 1))]
    for index, lender in pairs + [(other, index) for index, other in reversed(pairs)]:
        if not full[index].year and full[index].month and full[lender].year:
            first, second = sorted((index, lender))
            if found.joins(full[first], full[second]):
                full[index] = full[index]._replace(year=full[lender].year)
    return [date for date in full if date.year]
