"""Normalises a period: start, end, EDTF interval and whether it still runs; reads and writes no artefact.

Words come from the lexicon, dates are recognised by their shape. Three steps: spaCy's Matcher tags month names, year
words and the like; patterns over the tags find the dates; the words before (or right behind) a date tell its role.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from pipeline.lexicon import Lexicon
from pipeline.lexicon.matching import (
    Found,
    PhraseFinder,
    choose_longest,
    is_negated,
    load_pipeline,
    read_text,
    sentence_end,
)
from pipeline.lexicon.values import Phrase

if TYPE_CHECKING:
    from spacy.matcher import Matcher
    from spacy.tokens import Doc

EARLIEST_YEAR: Final = 1900
LATEST_YEAR: Final = 2199
"""A number of four digits outside these years is taken for a quantity, not a year."""

PREPOSITION_REACH: Final = 2
"""Words that may stand between "since" or "until" and its date (`until the end of 2018`)."""

BEHIND_REACH: Final = 5
"""Words behind a date among which its role may be told (`2014: launched`)."""

Role = Literal["start", "end"]

_DASHES: Final = frozenset({"-", "\u2013", "\u2014"})
_CONNECTING: Final = frozenset({"POINT", "COMMA", "UNIT", "FILLER"})
"""What may stand between two dates beside the sign or word that joins them into a range."""

_P: Final[dict[str, Any]] = {"TAG": "POINT", "OP": "?"}
_U: Final[dict[str, Any]] = {"TAG": "UNIT", "OP": "?"}
_F: Final[dict[str, Any]] = {"TAG": "FILLER", "OP": "?"}
_S: Final[dict[str, Any]] = {"TAG": "SUFFIX", "OP": "?"}
_C: Final[dict[str, Any]] = {"TAG": "COMMA", "OP": "?"}
_Y: Final[dict[str, Any]] = {"TAG": "YEAR"}
_N: Final[dict[str, Any]] = {"TAG": "NUMBER"}
_M: Final[dict[str, Any]] = {"TAG": "MONTH"}
_YEAR_END: Final[list[dict[str, Any]]] = [_Y, _P, _U, _P]


def _joined(sign: str, *parts: dict[str, Any]) -> list[dict[str, Any]]:
    """Put the same sign between all parts."""
    pattern: list[dict[str, Any]] = []
    for part in parts:
        pattern.extend([part] if not pattern else [{"TAG": sign}, part])
    return pattern


_SHAPES: Final[dict[str, list[list[dict[str, Any]]]]] = {
    "numbers": [
        *[[*_joined(sign, _N, _N, _Y), _P, _U] for sign in ("POINT", "SLASH", "DASH")],
        *[_joined(sign, _Y, _N, _N) for sign in ("POINT", "SLASH", "DASH")],
    ],
    "month_number": [[*_joined(sign, _N, _Y), _P, _U] for sign in ("POINT", "SLASH")],
    "iso_month": [_joined("DASH", _Y, _N)],
    "words": [
        [_Y, _P, _U, _P, _F, _N, _P, _S, _F, _M, _P],
        [_Y, _P, _U, _P, _F, _M, _P, _N, _S],
        [_N, _P, _S, _F, _M, _P, _C, _F, *_YEAR_END],
        [_M, _P, _N, _S, _C, _F, *_YEAR_END],
        [_Y, _P, _U, _P, _F, _M, _P],
        [_M, _P, _C, _F, {"TAG": "UNIT", "OP": "?"}, _F, *_YEAR_END],
    ],
    "year": [_YEAR_END, [{"TAG": "UNIT"}, _Y]],
    "no_year": [[_N, _P, _S, _F, _M, _P], [_M, _P, _N, _S], [_M, _P]],
}
"""The shapes of dates over the tags: the same in every language, whose words make the tags."""


class _Date(NamedTuple):
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

    @property
    def last_day(self) -> tuple[int, int, int]:
        """The last day that the date may mean, for telling which of two ends is the later."""
        month = self.month or 12
        return self.year, month, self.day or calendar.monthrange(self.year, month)[1]

    @property
    def first_day(self) -> tuple[int, int, int]:
        """The first day that the date may mean."""
        return self.year, self.month or 1, self.day or 1


class Period(NamedTuple):
    """A period's parts, as the contract names them, and what is wrong with them."""

    start: str | None
    end: str | None
    edtf: str | None
    ongoing: bool | None
    trouble: str | None


class _Claim(NamedTuple):
    """A date with its role: whether a label (`Start:`) gives it, and whether it stands in brackets."""

    role: Role
    date: _Date
    labelled: bool
    aside: bool


class _Scene(NamedTuple):
    """A text with all its words found, so that each is looked for once.

    Attributes:
        doc: The tagged text.
        roles: The words that tell roles, without overlaps.
        until: The tokens of every word for "until".
        now: First tokens of the words for today.
        depth: How many brackets are open at each token.
    """

    doc: Doc
    roles: tuple[Found, ...]
    until: frozenset[int]
    now: frozenset[int]
    depth: tuple[int, ...]


class _Words:
    """The date words of a lexicon, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile the lexicon's and CLDR's words."""
        words, language, grammar = lexicon.dates, lexicon.language, lexicon.grammar
        months: dict[str, tuple[Phrase, ...]] = {}
        for number in range(1, 13):
            forms = {form: Phrase(text=form) for form in lexicon.cldr.months.get(number, ()) if " " not in form}
            months[f"month:{number}"] = (*forms.values(), *words.months.get(number, ()))
        self.tags = PhraseFinder(
            {**months, "UNIT": words.year_words, "SUFFIX": words.day_suffixes, "FILLER": words.fillers},
            language,
            grammar,
        )
        self.roles = PhraseFinder(
            {
                "start": words.start_words,
                "end": words.end_words,
                "from": words.from_words,
                "until": words.until_words,
            },
            language,
            grammar,
        )
        self.during = PhraseFinder({"during": words.during_words}, language, grammar)
        self.now = PhraseFinder({"now": words.now}, language, grammar)
        self.states = PhraseFinder({"ongoing": words.ongoing, "ended": words.ended}, language, grammar)
        self.negations = PhraseFinder({"not": grammar.negations}, language, grammar)
        self.shapes = _compile_shapes(language)
        self.order = lexicon.cldr.date_order


@lru_cache(maxsize=8)
def _load_words(lexicon: Lexicon) -> _Words:
    """Compile a lexicon's date words, once."""
    return _Words(lexicon)


def _compile_shapes(language: str) -> Matcher:
    """Compile the shapes of dates."""
    vocab = load_pipeline(language).vocab
    from spacy.matcher import Matcher

    matcher = Matcher(vocab)
    for name, patterns in _SHAPES.items():
        matcher.add(name, patterns)
    return matcher


def find_period(text: str, lexicon: Lexicon) -> Period:
    """Find start and end of a period in a text, and whether it still runs.

    Args:
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        The parts; what the text does not say is None. A printed end stays the end where the text also says that it
        still runs; of several ends the latest counts, of several starts the first.
    """
    words = _load_words(lexicon)
    doc = read_text(text, lexicon.language)
    months, years = _tag(doc, words)
    scene = _survey(doc, words)
    dates = _find_dates(scene, months, years, words)
    negations = words.negations.find_all(doc)
    ongoing = _find_state(doc, words, negations)
    claims, runs_until_now = _find_claims(scene, dates, words, still_runs=ongoing is True)
    if runs_until_now:
        ongoing = True
    start = _choose([claim for claim in claims if claim.role == "start"])
    end = _choose([claim for claim in claims if claim.role == "end"])
    trouble = None
    edtf = None
    if start is not None and end is not None:
        if end.last_day < start.first_day:
            trouble = f"the end {end.edtf} is before the start {start.edtf}"
        else:
            edtf = f"{start.edtf}/{end.edtf}"
    elif start is not None and ongoing:
        edtf = f"{start.edtf}/.."
    if start is None and end is None and ongoing is None:
        trouble = "no start, no end and no statement that it still runs was found"
    return Period(
        start=None if start is None else start.edtf,
        end=None if end is None else end.edtf,
        edtf=edtf,
        ongoing=ongoing,
        trouble=trouble,
    )


def _find_state(doc: Doc, words: _Words, negations: Sequence[Found]) -> bool | None:
    """Tell whether the text says that it still runs (True) or has ended (False).

    Where it says both, it runs: it has ended somewhere and runs elsewhere.
    """
    found = {
        item.label for item in choose_longest(words.states.find_all(doc)) if not is_negated(doc, item.start, negations)
    }
    return True if "ongoing" in found else False if "ended" in found else None


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


def _survey(doc: Doc, words: _Words) -> _Scene:
    """Find all the words that tell roles, once."""
    roles = words.roles.find_all(doc)
    depth: list[int] = []
    for token in doc:
        change = (token.text in "([") - (token.text in ")]")
        depth.append(max(0, (depth[-1] if depth else 0) + change))
    return _Scene(
        doc=doc,
        roles=tuple(choose_longest(roles)),
        until=frozenset(index for item in roles if item.label == "until" for index in range(item.start, item.end)),
        now=frozenset(item.start for item in words.now.find_all(doc)),
        depth=tuple(depth),
    )


def _find_dates(scene: _Scene, months: dict[int, int], years: dict[int, int], words: _Words) -> list[_Date]:
    """Find the dates of a text: from left to right, at each place the longest."""
    doc = scene.doc
    by_start: dict[int, list[_Date]] = {}
    for key, start, end in words.shapes(doc):
        date = _read_date(doc, doc.vocab.strings[key], start, end, months, years, words)
        if date is not None:
            by_start.setdefault(start, []).append(date)
    dates: list[_Date] = []
    position = 0
    for start in sorted(by_start):
        if start >= position:
            date = max(by_start[start], key=lambda item: item.end)
            # A full stop that ends the sentence is no part of its last date.
            while date.end - 1 > start and doc[date.end - 1].text == "." and sentence_end(doc, date.end - 1):
                date = date._replace(end=date.end - 1)
            dates.append(date)
            position = date.end
    return _lend_years(scene, dates)


def _read_date(
    doc: Doc, shape: str, start: int, end: int, months: dict[int, int], years: dict[int, int], words: _Words
) -> _Date | None:
    """Read the year, month and day of a match; None where they are no date."""
    tokens = doc[start:end]
    numbers = [int(token.text) for token in tokens if token.tag_ == "NUMBER"]
    year = next((years[index] for index in range(start, end) if index in years), 0)
    month: int | None = next((months[index] for index in range(start, end) if index in months), None)
    day: int | None = None
    if shape == "numbers":
        first, second = numbers
        month_first = tokens[0].tag_ == "YEAR" or words.order == "mdy"
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
        return _Date(0, None, None, start, end)
    if day is not None and month is not None:
        longest = calendar.monthrange(year, month)[1] if year else 31
        if not 1 <= day <= longest:
            return _Date(0, None, None, start, end)
    return _Date(year, month, day, start, end)


def _lend_years(scene: _Scene, dates: list[_Date]) -> list[_Date]:
    """Give a date without a year the year of the date it forms a range with; leave out the others without one."""
    full = list(dates)
    for index, date in enumerate(full):
        if date.year or date.month is None:
            continue
        if index + 1 < len(full) and full[index + 1].year and _joins(scene, date, full[index + 1]):
            full[index] = date._replace(year=full[index + 1].year)
        elif index > 0 and full[index - 1].year and _joins(scene, full[index - 1], date):
            full[index] = date._replace(year=full[index - 1].year)
    return [date for date in full if date.year]


def _joins(scene: _Scene, first: _Date, second: _Date) -> bool:
    """Tell whether what stands between two dates makes them a range."""
    joined = False
    for token in scene.doc[first.end : second.start]:
        if token.tag_ in {"DASH", "SLASH"} or token.i in scene.until:
            joined = True
        elif token.tag_ not in _CONNECTING and token.text != "\n":
            return False
    return joined


def _find_claims(
    scene: _Scene, dates: Sequence[_Date], words: _Words, *, still_runs: bool
) -> tuple[list[_Claim], bool]:
    """Find each date's role; and whether a range ends with a word for today."""
    doc = scene.doc
    used: set[Found] = set()
    claims: list[_Claim] = []
    until_now = False
    bare: list[_Date] = []
    for index, date in enumerate(dates):
        aside = scene.depth[date.start] > 0
        before = dates[index - 1] if index else None
        after = dates[index + 1] if index + 1 < len(dates) else None
        floor = _sentence_floor(doc, date.start, 0 if before is None else before.end)
        marker = _marker_before(doc, date, floor, [item for item in scene.roles if item not in used])
        ranges_on = after is not None and _joins(scene, date, after)
        if before is not None and _joins(scene, before, date):
            claims.append(_Claim("end", date, _labelled(claims, before), aside))
            continue
        runs_on = _runs_until_now(scene, date)
        until_now = until_now or (runs_on and not aside)
        if marker is None and not ranges_on and not runs_on:
            marker = _marker_behind(doc, date, after, [item for item in scene.roles if item not in used])
        if marker is not None:
            used.add(marker)
            role: Role = "start" if marker.label in {"start", "from"} or ranges_on or runs_on else "end"
            labelled = any(token.text == ":" for token in doc[marker.end : date.start])
            claims.append(_Claim(role, date, labelled, aside))
        elif ranges_on or runs_on or _left_open(doc, date):
            claims.append(_Claim("start", date, labelled=False, aside=aside))
        elif not aside:
            bare.append(date)
    if not claims and len(bare) == 1 and (_stands_alone(doc, bare[0], words) or _holds_all(doc, bare[0], words)):
        claims.append(_Claim("start", bare[0], labelled=False, aside=False))
        if not still_runs:
            claims.append(_Claim("end", bare[0], labelled=False, aside=False))
    return claims, until_now


def _choose(claims: Sequence[_Claim]) -> _Date | None:
    """Choose the date of a role: labelled ones before others, those outside brackets before those inside.

    Of several starts the first counts (a later one tells of a part), of several ends the latest (it was put off).
    """
    for group in (
        [claim for claim in claims if claim.labelled and not claim.aside],
        [claim for claim in claims if not claim.aside],
        list(claims),
    ):
        if group and group[0].role == "start":
            return group[0].date
        if group:
            return max((claim.date for claim in group), key=lambda date: date.last_day)
    return None


def _labelled(claims: Sequence[_Claim], date: _Date) -> bool:
    """Tell whether the claim on a date, if there is one, is a labelled one."""
    return any(claim.labelled for claim in claims if claim.date == date)


def _sentence_floor(doc: Doc, start: int, floor: int) -> int:
    """Find the first token of the sentence that a date stands in, not before `floor`.

    A line feed behind a colon ends no sentence: the label stands on a line of its own.
    """
    for index in range(start - 1, floor - 1, -1):
        if sentence_end(doc, index) and not (doc[index].text == "\n" and index > 0 and doc[index - 1].text == ":"):
            return index + 1
    return floor


def _marker_before(doc: Doc, date: _Date, floor: int, roles: Iterable[Found]) -> Found | None:
    """Find the word before a date that tells its role: a preposition close by, else the last other one."""
    inside = [item for item in roles if floor <= item.start and item.end <= date.start]
    close = [
        item
        for item in inside
        if item.label in {"from", "until"}
        and date.start - item.end <= PREPOSITION_REACH
        and all(token.text.isalpha() for token in doc[item.end : date.start])
    ]
    others = [item for item in inside if item.label in {"start", "end"}]
    if close:
        return close[-1]
    return others[-1] if others else None


def _marker_behind(doc: Doc, date: _Date, after: _Date | None, roles: Iterable[Found]) -> Found | None:
    """Find the word right behind a date that tells its role (`in 2014 it was launched`, `2014 (start)`)."""
    limit = min(len(doc), date.end + BEHIND_REACH, len(doc) if after is None else after.start)
    for index in range(date.end, limit):
        if sentence_end(doc, index) or doc[index].text == ",":
            limit = index
            break
    inside = [item for item in roles if item.label in {"start", "end"} and date.end <= item.start and item.end <= limit]
    return inside[0] if inside else None


def _runs_until_now(scene: _Scene, date: _Date) -> bool:
    """Tell whether a dash or "until" and a word for today follow a date."""
    doc = scene.doc
    position = date.end
    joined = False
    while position < len(doc):
        if joined and position in scene.now:
            return True
        if doc[position].tag_ == "DASH" or position in scene.until:
            joined = True
        elif joined or doc[position].text not in ",(":
            return False
        position += 1
    return False


def _left_open(doc: Doc, date: _Date) -> bool:
    """Tell whether a dash behind a date leads nowhere (`2014 -`)."""
    behind = date.end
    return (
        behind < len(doc)
        and doc[behind].tag_ == "DASH"
        and (behind + 1 == len(doc) or doc[behind + 1].text in {"\n", "\u2026", ".", ";", ")"})
    )


def _holds_all(doc: Doc, date: _Date, words: _Words) -> bool:
    """Tell whether a word in a date's sentence puts the whole period into the date (`it took place in 2016`)."""
    floor = _sentence_floor(doc, date.start, 0)
    ceiling = next((index for index in range(date.end, len(doc)) if sentence_end(doc, index)), len(doc))
    return any(floor <= item.start and item.end <= ceiling for item in words.during.find_all(doc))


def _stands_alone(doc: Doc, date: _Date, words: _Words) -> bool:
    """Tell whether a date's sentence says nothing else (but, perhaps, that it still runs)."""
    floor = _sentence_floor(doc, date.start, 0)
    ceiling = next((index for index in range(date.end, len(doc)) if sentence_end(doc, index)), len(doc))
    stated = {index for item in words.states.find_all(doc) for index in range(item.start, item.end)}
    return not any(
        token.text[0].isalnum() and not date.start <= token.i < date.end and token.i not in stated
        for token in doc[floor:ceiling]
    )
