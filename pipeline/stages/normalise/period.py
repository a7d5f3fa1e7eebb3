"""Normalises a period: start, end, EDTF interval and whether it still runs.

The words before (or right behind) a date state its role, a range has both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pipeline.lexicon import Lexicon
from pipeline.lexicon.matching import (
    SENTENCE_SIGNS,
    PhraseMatch,
    choose_longest,
    find_negations,
    finder_of,
    is_negated,
    read_text,
    sentence_end,
    span_tokens,
)
from pipeline.stages.normalise.choices import UNANSWERED, find_answer, find_unavailable
from pipeline.stages.normalise.dates import Date, Dates, find_dates

if TYPE_CHECKING:
    from spacy.tokens import Doc

PREPOSITION_REACH: Final = 2
"""Words that may be between "since" or "until" and its date (`until the end of 2018`)."""

BEHIND_REACH: Final = 5
"""Words behind a date among which words may state its role (`2014: launched`)."""

Role = Literal["start", "end"]

QUESTION_REACH: Final = 2
"""Words that may be between a statement that it still runs and the colon that makes a question of it."""

SHORT_YEAR: Final = 2
"""Digits of a year that stands for itself only behind another (`2014/15`)."""

DOUBT_REACH: Final = 8
"""Words that may be between "not known whether" and the statement that it leaves open."""


class Period(NamedTuple):
    """A period's parts, as the contract names them, and what is wrong with them."""

    start: str | None
    end: str | None
    edtf: str | None
    ongoing: bool | None
    trouble: str | None


class _Claim(NamedTuple):
    """A date with its role.

    Attributes:
        role: Start or end.
        date: The date.
        labelled: Whether a label (`Start:`) gives it.
        aside: Whether it is in brackets.
        since: Whether the word before it leaves the end open.
        ranges: Whether a range begins with it.
        extended: Whether it is the end that another was put off to.
    """

    role: Role
    date: Date
    labelled: bool
    aside: bool
    since: bool = False
    ranges: bool = False
    extended: bool = False


class _FoundWords(NamedTuple):
    """A text with all its words found, so that each is looked for once.

    Attributes:
        found: The text and its dates.
        roles: The words that state roles, without overlaps, outside dates.
        now: First tokens of the words for today, but where it is denied that it runs today (`today inactive`).
        endless: First tokens of what, behind a dash, says that no end is stated: not known, still running.
        depth: How many brackets are open at each token.
        denied: Whether a word for today has a denial behind it.
    """

    found: Dates
    roles: tuple[PhraseMatch, ...]
    now: frozenset[int]
    endless: frozenset[int]
    depth: tuple[int, ...]
    denied: bool

    @property
    def doc(self) -> Doc:
        """The text."""
        return self.found.doc


class _Words:
    """The words that state roles and states of a lexicon, compiled."""

    def __init__(self, lexicon: Lexicon) -> None:
        """Compile the lexicon's words."""
        words, find = lexicon.dates, finder_of(lexicon)
        both = tuple(word for word in words.since_words if word in words.from_words)
        self.roles = find(
            {
                "start": words.start_words,
                "end": words.end_words,
                "from": words.from_words,
                "since": tuple(word for word in words.since_words if word not in both),
                "either": both,
                "until": words.until_words,
                "extended": words.extended_words,
            }
        )
        self.during = find({"during": words.during_words})
        self.now = find({"now": words.now})
        self.states = find({"ongoing": words.ongoing, "ended": words.ended})
        self.unsure = find({"unsure": words.unsure})


_load_words = lru_cache(maxsize=8)(_Words)


def find_period(text: str, lexicon: Lexicon) -> Period:
    """Find start and end of a period in a text, and whether it still runs.

    Args:
        text: The value's text.
        lexicon: The words of its language.

    Returns:
        The parts; what the text does not say is None. A printed end stays the end where the text also says that it
        still runs; of several ends the latest counts, of several starts the first. An end that is not stated is unknown
        (`2015/`); it is open (`2015/..`) where the text says that it still runs, or since when.
    """
    words = _load_words(lexicon)
    doc = read_text(text, lexicon.language)
    states = choose_longest(words.states.find_all(doc))
    scene = _join_double_years(_survey(find_dates(doc, lexicon), states, words, lexicon))
    ongoing, unanswered = _find_state(doc, states, words, lexicon)
    claims, runs_until_now = _find_claims(scene, words, states, still_runs=ongoing is True)
    if runs_until_now:
        ongoing = True
    first = _choose([claim for claim in claims if claim.role == "start"])
    last = _choose([claim for claim in claims if claim.role == "end"])
    start, end = first and first.date, last and last.date
    unanswered = unanswered or (ongoing is None and scene.denied)
    trouble = "it says neither yes nor no to whether it still runs" if unanswered else None
    edtf = None
    if start is not None and end is not None:
        if end.last_day < start.first_day:
            trouble = f"the end {end.edtf} is before the start {start.edtf}"
        else:
            edtf = f"{start.edtf}/{end.edtf}"
    elif first is not None:
        edtf = f"{first.date.edtf}/{'..' if ongoing or (first.since and ongoing is None) else ''}"
    if start is None and end is None and ongoing is None:
        trouble = "no start, no end and no statement that it still runs was found"
    return Period(
        start=None if start is None else start.edtf,
        end=None if end is None else end.edtf,
        edtf=edtf,
        ongoing=ongoing,
        trouble=trouble or _find_unheld(scene, claims, start, end),
    )


def _find_unheld(scene: _FoundWords, claims: Sequence[_Claim], start: Date | None, end: Date | None) -> str | None:
    """Report a date outside brackets outside the period, of one that no calendar has, or of two ranges."""
    if scene.found.impossible:
        return f"no calendar has the date {scene.found.impossible[0]!r}"
    first, last = start or end, end or start
    for date in scene.found.dates:
        outside = not (first and last) or date.last_day < first.first_day or last.last_day < date.first_day
        if outside and not scene.depth[date.start]:
            return f"the date {date.edtf} is neither the start nor the end"
    ranges = [claim for claim in claims if claim.role == "start" and claim.ranges and not claim.aside]
    if len(ranges) > 1 and not any(claim.labelled for claim in ranges):
        return "there is more than one range of dates"
    return None


def _find_state(doc: Doc, states: Sequence[PhraseMatch], words: _Words, lexicon: Lexicon) -> tuple[bool | None, bool]:
    """Return whether the text says that it still runs (True) or not (False), and whether it leaves that unanswered.

    Where it says both, it runs: it has ended somewhere and runs elsewhere. A statement with a colon or question mark
    behind it is a question: what follows answers it.
    """
    negations = find_negations(doc, lexicon.language, lexicon.grammar)
    unsure = words.unsure.find_all(doc)
    said: set[bool] = set()
    unanswered = False
    for item in states:
        if any(_leads_to(doc, doubt.end, item.start) for doubt in unsure):
            continue
        runs = item.label == "ongoing"
        if is_negated(doc, item.start, negations):
            # What has not ended may still be ahead; only the opposite of running is said.
            said.update({False} if runs else ())
            continue
        answer = _find_reply(doc, item, lexicon)
        unanswered = unanswered or answer == UNANSWERED
        if answer in {"yes", "no"}:
            said.add(runs == (answer == "yes"))
        elif answer is None:
            said.add(runs)
    return (True in said if said else None), unanswered


def _leads_to(doc: Doc, start: int, end: int) -> bool:
    """Return whether one thing follows another in the same sentence, `DOUBT_REACH` words on at most."""
    between = [token.text for token in doc[start:end]]
    return 0 <= end - start <= DOUBT_REACH and SENTENCE_SIGNS.isdisjoint(between)


def _find_reply(doc: Doc, item: PhraseMatch, lexicon: Lexicon) -> str | None:
    """Find how a question is answered: `yes`, `no`, `UNANSWERED`, `none` (nothing, a dash, not known).

    None where the statement is no question, or what is behind the colon answers it.
    """
    index = item.end
    while index < min(len(doc), item.end + QUESTION_REACH) and doc[index].text.isalpha():
        index += 1
    if index < len(doc) and doc[index].text == "(":
        # A form's choices (`yes/no`) are before the colon.
        index = next((token.i + 1 for token in doc[index:] if token.text == ")"), index)
    question = "?;" if "\u0370" <= doc[item.start].text[0] <= "\u03ff" else "?"  # Greek asks with a semicolon
    if index >= len(doc) or doc[index].text not in f":\u2013\u2014-{question}":
        return None
    end = next((token.i for token in doc[index + 1 :] if token.text in "\n;"), len(doc))
    reply = read_text(doc[index + 1 : end].text, lexicon.language)
    words = [token.i for token in reply if token.text[0].isalnum()]
    said_nothing = not words or any(item.start == words[0] for item in find_unavailable(reply, lexicon))
    return "none" if said_nothing else find_answer(reply, lexicon)


def _survey(found: Dates, states: Sequence[PhraseMatch], words: _Words, lexicon: Lexicon) -> _FoundWords:
    """Find all the words that state roles, once."""
    doc = found.doc
    dated = {index for date in found.dates for index in range(date.start, date.end)}
    depth: list[int] = []
    for token in doc:
        change = (token.text in "([") - (token.text in ")]")
        depth.append(max(0, (depth[-1] if depth else 0) + change))
    # What says that it has no end ("no end date") is no word for the end.
    endless_words = {index for item in states if item.label == "ongoing" for index in item.tokens}
    now = words.now.find_all(doc)
    ended = {index for item in states if item.label == "ended" for index in item.tokens}
    denials = ended | {item.start for item in find_negations(doc, lexicon.language, lexicon.grammar)}
    denied = {item.start for item in now if not ended.isdisjoint(item.tokens) or item.end in denials}
    endless = {item.start for item in (*states, *find_unavailable(doc, lexicon))} | denied
    # A preposition that means "from" and "since" (`din 2015`) means "of" behind a word (`proiectul din 2015`).
    roles = [
        item._replace(label="since") if item.label == "either" else item
        for item in words.roles.find_all(doc)
        if item.label != "either" or item.start == 0 or not doc[item.start - 1].text.isalnum()
    ]
    # The same preposition may mean "from" by itself and "since" with what is behind the date.
    since = {item.tokens for item in roles if item.label == "since"}
    return _FoundWords(
        found=found,
        roles=tuple(
            item
            for item in choose_longest([item for item in roles if item.label != "from" or item.tokens not in since])
            if dated.isdisjoint(item.tokens) and not (item.label == "end" and endless_words & {*item.tokens})
        ),
        now=frozenset(item.start for item in now if item.start not in denied),
        endless=frozenset(endless),
        depth=tuple(depth),
        denied=bool(denied.intersection(item.start for item in now)),
    )


def _join_double_years(scene: _FoundWords) -> _FoundWords:
    """Take the two years of a school year as one date, where words before it say that it is a start or an end.

    `Since 2014/15` begins in the first, `until 2014/15` ends in the second; a range of its own is in the one or the
    other (`start/end: 2014/15`).
    """
    doc, found = scene.doc, scene.found
    dates: list[Date] = []
    position = 0
    while position < len(found.dates):
        first, *behind = found.dates[position : position + 3]
        double = bool(behind) and first.month is None and first.precedes(behind[0])
        double = double and _is_double(doc, first, behind[0])
        ranges = double and (
            any(found.joins(date, first) for date in dates[-1:])
            or any(found.joins(behind[0], date) for date in behind[1:])
        )
        if double and not ranges:
            floor = _sentence_floor(doc, first.start, dates[-1].end if dates else 0)
            before = {item.label for item in scene.roles if floor <= item.start and item.end <= first.start}
            starts = bool(before & {"start", "from", "since"}) or (not before and _runs_until_now(scene, behind[0]))
            ends = bool(before & {"end", "until", "extended"})
            if starts != ends:
                joined = behind[0]._replace(start=first.start) if ends else first._replace(end=behind[0].end)
                dates.append(joined)
                position += 2
                continue
        dates.append(first)
        position += 1
    return scene._replace(found=found._replace(dates=dates))


def _is_double(doc: Doc, first: Date, second: Date) -> bool:
    """Return whether a slash alone is between two years, or a dash before one of two digits."""
    signs = [token.tag_ for token in doc[first.end : second.start]]
    return signs == ["SLASH"] or (signs == ["DASH"] and len(doc[second.start]) == SHORT_YEAR)


def _find_claims(
    scene: _FoundWords, words: _Words, states: Sequence[PhraseMatch], *, still_runs: bool
) -> tuple[list[_Claim], bool]:
    """Find each date's role; and whether a range ends with a word for today."""
    doc, dates = scene.doc, scene.found.dates
    used: set[PhraseMatch] = set()
    claims: list[_Claim] = []
    until_now = False
    bare: list[Date] = []
    for index, date in enumerate(dates):
        aside = scene.depth[date.start] > 0
        before = dates[index - 1] if index else None
        after = dates[index + 1] if index + 1 < len(dates) else None
        floor = _sentence_floor(doc, date.start, 0 if before is None else before.end)
        marker = _marker_before(doc, date, floor, [item for item in scene.roles if item not in used])
        ranges_on = after is not None and scene.found.joins(date, after)
        if before is not None and scene.found.joins(before, date):
            claims.append(_Claim("end", date, _labelled(claims, before), aside))
            continue
        runs_on = _runs_until_now(scene, date)
        until_now = until_now or (runs_on and not aside)
        if marker is None and not ranges_on and not runs_on:
            marker = _marker_behind(doc, date, after, [item for item in scene.roles if item not in used])
        if marker is not None:
            used.add(marker)
            role: Role = "start" if marker.label in {"start", "from", "since"} or ranges_on or runs_on else "end"
            labelled = any(token.text == ":" for token in doc[marker.end : date.start])
            claims.append(
                _Claim(role, date, labelled, aside, marker.label == "since", ranges_on, marker.label == "extended")
            )
        elif ranges_on or runs_on or _left_open(scene, date):
            claims.append(_Claim("start", date, labelled=False, aside=aside, ranges=ranges_on))
        elif not aside:
            bare.append(date)
    if (
        not claims
        and len(bare) == 1
        and (_stands_alone(scene.found, bare[0], states) or _holds_all(doc, bare[0], words))
    ):
        claims.append(_Claim("start", bare[0], labelled=False, aside=False))
        if not still_runs:
            claims.append(_Claim("end", bare[0], labelled=False, aside=False))
    return claims, until_now


def _choose(claims: Sequence[_Claim]) -> _Claim | None:
    """Choose the claim of a role: one that it was extended to, labelled ones, those outside brackets, those inside.

    Of several starts the first counts (a later one is that of a part), of several ends the latest (it was put off).
    """
    for group in (
        [claim for claim in claims if claim.extended],
        [claim for claim in claims if claim.labelled and not claim.aside],
        [claim for claim in claims if not claim.aside],
        list(claims),
    ):
        if group and group[0].role == "start":
            return group[0]
        if group:
            return max(group, key=lambda claim: claim.date.last_day)
    return None


def _labelled(claims: Sequence[_Claim], date: Date) -> bool:
    """Return whether the claim on a date, if there is one, is a labelled one."""
    return any(claim.labelled for claim in claims if claim.date == date)


def _sentence_floor(doc: Doc, start: int, floor: int) -> int:
    """Find the first token of the sentence that a date is in, not before `floor`.

    A line feed behind a colon ends no sentence: the label is on a line of its own.
    """
    for index in range(start - 1, floor - 1, -1):
        if sentence_end(doc, index) and not (doc[index].text == "\n" and index > 0 and doc[index - 1].text == ":"):
            return index + 1
    return floor


def _marker_before(doc: Doc, date: Date, floor: int, roles: Iterable[PhraseMatch]) -> PhraseMatch | None:
    """Find the word before a date that states its role: a preposition close by, else the last other one."""
    inside = [item for item in roles if floor <= item.start and item.end <= date.start]
    close = [
        item
        for item in inside
        if item.label in {"from", "since", "until"}
        and date.start - item.end <= PREPOSITION_REACH
        and all(token.text.isalpha() for token in doc[item.end : date.start])
    ]
    others = [item for item in inside if item.label in {"start", "end", "extended"}]
    if close:
        return close[-1]
    return others[-1] if others else None


def _marker_behind(doc: Doc, date: Date, after: Date | None, roles: Iterable[PhraseMatch]) -> PhraseMatch | None:
    """Find the word right behind a date that states its role (`in 2014 it was launched`, `2014 (start)`)."""
    limit = min(len(doc), date.end + BEHIND_REACH, len(doc) if after is None else after.start)
    for index in range(date.end, limit):
        if sentence_end(doc, index) or doc[index].text == ",":
            limit = index
            break
    inside = [item for item in roles if item.label in {"start", "end"} and date.end <= item.start and item.end <= limit]
    return inside[0] if inside else None


def _runs_until_now(scene: _FoundWords, date: Date) -> bool:
    """Return whether a dash or "until" and a word for today follow a date."""
    doc = scene.doc
    position = date.end
    joined = False
    while position < len(doc):
        if joined and position in scene.now:
            return True
        if doc[position].tag_ == "DASH" or position in scene.found.until:
            joined = True
        elif joined or doc[position].text not in ",(":
            return False
        position += 1
    return False


def _left_open(scene: _FoundWords, date: Date) -> bool:
    """Return whether a dash behind a date leads nowhere (`2014 -`), or to what says that no end is stated."""
    doc, behind = scene.doc, date.end
    return (
        behind < len(doc)
        and doc[behind].tag_ == "DASH"
        and (behind + 1 == len(doc) or behind + 1 in scene.endless or doc[behind + 1].text in "\n\u2026.;)")
    )


def _sentence(doc: Doc, date: Date) -> range:
    """Return the tokens of a date's sentence."""
    ceiling = next((index for index in range(date.end, len(doc)) if sentence_end(doc, index)), len(doc))
    return range(_sentence_floor(doc, date.start, 0), ceiling)


def _holds_all(doc: Doc, date: Date, words: _Words) -> bool:
    """Return whether a word in a date's sentence puts the whole period into the date (`it took place in 2016`)."""
    sentence = _sentence(doc, date)
    return any(sentence.start <= item.start and item.end <= sentence.stop for item in words.during.find_all(doc))


def _stands_alone(found: Dates, date: Date, states: Sequence[PhraseMatch]) -> bool:
    """Return whether a date's sentence says nothing else (but, perhaps, that it still runs)."""
    doc = found.doc
    sentence = _sentence(doc, date)
    stated = found.joints | span_tokens(states)
    return not any(
        token.text[0].isalnum()
        and token.tag_ != "FILLER"
        and not date.start <= token.i < date.end
        and token.i not in stated
        for token in doc[sentence.start : sentence.stop]
    )
