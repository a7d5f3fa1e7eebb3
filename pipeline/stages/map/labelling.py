"""Which labels a label cell holds: divides its text into labels of the lexicon.

A cell may hold several labels: a label per line, each with a marker, or run together in one paragraph, in any order.
The division that covers the whole text decides; a part of a text is only taken for a label where the rest is one too.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from functools import cache, lru_cache, partial
from typing import Final, NamedTuple

from pipeline.lexicon.label_index import LabelIndex, LabelMatch
from pipeline.text.lines import ends_sentence

SPARE_WORDS: Final = 3
"""A printed label may have so many words more than the longest of the lexicon: markers, or words divided by a typo."""

WHOLE_LABEL_WORDS: Final = 3
"""A known label of so many words does not begin another one by chance."""

_Find = Callable[[str], LabelMatch | None]

_MARKER_CATEGORIES: Final = frozenset({"Pd", "So", "Sm", "Co", "Po", "Zs", "Cc"})
"""Unicode categories of what is before a label without being part of it: dashes, bullets, symbol fonts."""

_BRACKET: Final = re.compile(r"[(\[](?!\w{1,3}[)\]])")
"""The beginning of a bracket, but for a number in one (`(1)`)."""


class Part(NamedTuple):
    """A label within a label cell.

    Attributes:
        start: Offset of its first character in the cell's text, marker included.
        end: Offset after its last character.
        label: As printed, on one line, without marker and trailing colon.
        found: The lexicon's label.
    """

    start: int
    end: int
    label: str
    found: LabelMatch

    @property
    def field(self) -> str:
        """The field that it names."""
        return self.found.known.field


class LabelReading(NamedTuple):
    """What a label cell's text says: the labels in it, and spans (start, end) that are none."""

    parts: tuple[Part, ...]
    rest: tuple[tuple[int, int], ...] = ()

    @property
    def complete(self) -> bool:
        """True where labels of the lexicon cover the whole text."""
        return bool(self.parts) and not self.rest

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that the labels name, as printed."""
        return tuple(part.field for part in self.parts)

    @property
    def slips(self) -> int:
        """Typos in all labels together."""
        return sum(part.found.slips for part in self.parts)


def clean_label(text: str) -> str:
    """Put a printed label on one line, without marker and trailing colon (contract: `label`).

    Args:
        text: The label, or a part of a label cell's text.

    Returns:
        The label; a question mark or a full stop at its end stays.
    """
    label = " ".join(text.split())
    start = 0
    while start < len(label) and (
        unicodedata.category(label[start]) in _MARKER_CATEGORIES and label[start] not in "\"'\u00bf\u00a1"
    ):
        start += 1
    return label[start:].rstrip(" :\uff1a")


@lru_cache(maxsize=4096)  # the practices of a booklet have the same labels: a twentieth is new
def read_label(text: str, index: LabelIndex, *, recognised: bool = False, worded: bool = True) -> LabelReading:
    """Divide a label cell's text into labels of the lexicon.

    One label is tried before several, an exact division before one with typos, free words last.

    Args:
        text: The cell's text, paragraphs separated by line feeds.
        index: The lexicon's labels.
        recognised: True where the text comes from character recognition.
        worded: False to leave out labels in free words: two labels together may read as a third.

    Returns:
        The labels; where they don't cover the text, those that are clearly by themselves (own paragraph or sentence),
        and the rest. No label at all where nothing is known.
    """
    if not text.strip():
        return LabelReading(())
    steps: list[tuple[_Find, _Find]]
    slip, known = partial(index.find_slip, recognised=recognised), partial(index.find, recognised=recognised)
    steps = [(index.find_exact, index.find_exact), (slip, known)]
    steps += [(index.find_worded, lambda span: index.find_exact(span) or index.find_worded(span))] if worded else []
    for find_whole, find_label in steps:
        whole = find_whole(text)
        limit, sentences = index.most_words + SPARE_WORDS, find_whole == index.find_worded
        twice = sentences and _asks_twice(text)
        if whole is None or twice:
            # Two questions that free words name as one field may be those of two.
            find_part = partial(_find_question, find_label) if twice else find_label
            divided = _divide(text, limit, find_part, sentences=sentences)
            if divided is not None:
                return LabelReading(divided)
        if whole is not None:
            return LabelReading((_make_part(text, 0, len(text), whole),))
    reading = _read_in_part(text, index)
    return _read_rest(text, reading, index) if worded and reading.parts else reading


def _find_question(find_label: _Find, span: str) -> LabelMatch | None:
    """Find a label that asks one question."""
    return None if _asks_twice(span) else find_label(span)


def _asks_twice(text: str) -> bool:
    """Return whether a label is two sentences, of which the first is a question."""
    _, question, behind = text.partition("?")
    return bool(question and behind.strip(" ?)"))


def _read_rest(text: str, reading: LabelReading, index: LabelIndex) -> LabelReading:
    """Read what is besides known labels in a cell, where it is a label in free words, and those are whole."""
    parts = list(reading.parts)
    whole = all(is_whole(text, part) for part in parts)
    rest = []
    for start, end in reading.rest:
        found = index.find_worded(text[start:end]) if whole else None
        if found is None or found.known.field in {part.field for part in parts}:
            rest.append((start, end))
        else:
            parts.append(_make_part(text, start, end, found))
    return LabelReading(tuple(sorted(parts)), tuple(rest))


def is_whole(text: str, part: Part) -> bool:
    """Return whether a known label in a cell begins no other one by chance: by its words, or a sign at its end."""
    return len(part.found.known.words) >= WHOLE_LABEL_WORDS or text[part.start : part.end][-1] in "?:."


def _make_part(text: str, start: int, end: int, found: LabelMatch) -> Part:
    """Make a part of a label cell's text."""
    label = clean_label(text[start:end])
    asked = label[-1:] == ";" and "\u0370" <= label[-2:-1] <= "\u03ff"  # Greek asks with a semicolon
    if end < len(text) and label[-1:] in ",;/" and found.known.text[-1:] != label[-1:] and not asked:
        # What is between two labels of one cell belongs to neither.
        label = label[:-1].rstrip()
    return Part(start, end, label, found)


def _divide(text: str, limit: int, find_label: _Find, *, sentences: bool = False) -> tuple[Part, ...] | None:
    """Divide a text wholly into labels of different fields: with the fewest typos, then into the fewest labels.

    A label has at most `limit` words; with `sentences` each begins a paragraph or a sentence.
    """
    tokens = [match.span() for match in re.finditer(r"\S+", text)]

    @cache
    def find(first: int, last: int) -> LabelMatch | None:
        return find_label(text[tokens[first][0] : tokens[last][1]])

    @cache
    def cover(first: int, used: frozenset[str]) -> tuple[int, tuple[Part, ...]] | None:
        while first < len(tokens) and not any(character.isalnum() for character in text[slice(*tokens[first])]):
            first += 1
        if first == len(tokens):
            return 0, ()
        before = text[: tokens[first][0]].rstrip(" ")
        if sentences and before and not before.endswith("\n") and not ends_sentence(before):
            return None
        if _goes_on(text, tokens[first][0]):
            return None
        best: tuple[int, tuple[Part, ...]] | None = None
        for last in range(first, min(len(tokens), first + limit)):
            found = find(first, last)
            if found is None or found.known.field in used:
                continue
            after = cover(last + 1, used | {found.known.field})
            if after is None:
                continue
            part = _make_part(text, tokens[first][0], tokens[last][1], found)
            candidate = (found.slips + after[0], (part, *after[1]))
            if best is None or (candidate[0], len(candidate[1])) < (best[0], len(best[1])):
                best = candidate
        return best

    covered = cover(0, frozenset())
    return covered[1] if covered is not None and covered[1] else None


def _goes_on(text: str, start: int) -> bool:
    """Return whether a label goes on at a place: a small letter behind a word, in a cell that begins with a capital."""
    before, word = text[:start].rstrip(" "), text[start:].split(maxsplit=1)[0]
    return before[-1:].isalnum() and not _is_capital(word) and _is_capital(before.split(maxsplit=1)[0])


def _read_in_part(text: str, index: LabelIndex) -> LabelReading:
    """Find the exact labels that are by themselves in a text of which another part is unknown."""
    # A label that follows another without a mark between them still begins with a capital, and none with a bracket.
    words = (match for match in re.finditer(r"\S+", text) if _is_capital(match.group()))
    begins = (match.start() for match in words if not _BRACKET.match(match.group()))
    cuts = sorted({0, len(text), *begins})
    parts: list[Part] = []
    rest: list[tuple[int, int]] = []
    position = 0
    while position < len(cuts) - 1:
        for following in range(len(cuts) - 1, position, -1):
            start, end = cuts[position], cuts[following]
            found = index.find_exact(text[start:end])
            if found is not None and found.known.field not in {part.field for part in parts}:
                parts.append(_make_part(text, start, len(text[:end].rstrip()), found))
                position = following
                break
        else:
            rest.append((cuts[position], cuts[position + 1]))
            position += 1
    return LabelReading(tuple(parts), _join_spans(text, rest)) if parts else LabelReading((), ((0, len(text)),))


def _is_capital(token: str) -> bool:
    """Return whether a token's first letter is a capital (or, in a script without capitals, a letter), or a marker."""
    first = next((character for character in token if character.isalnum()), None)
    return first is None or not first.islower()


def begins_label(text: str, start: int, line_starts: Collection[int] = ()) -> bool:
    """Return whether a label may well begin at a place in a label cell.

    Args:
        text: The cell's text.
        start: Offset of the place.
        line_starts: Offsets at which the cell's printed lines begin, where these count: a column's width may wrap a
            label before a capital too.

    Returns:
        True for a capital at the start of a paragraph or such a line, or after a sentence's end.
    """
    if not _is_capital(text[start:].split(maxsplit=1)[0]):
        return False
    before = text[:start].rstrip(" ")
    return not before or before.endswith("\n") or start in line_starts or ends_sentence(before)


def split_label(text: str, start: int, end: int, line_starts: Collection[int] = ()) -> tuple[tuple[int, int], ...]:
    """Divide a span of a label cell wherever another label may well begin.

    Args:
        text: The cell's text.
        start: Offset of the span's first character.
        end: Offset after its last one.
        line_starts: As for `begins_label`.

    Returns:
        The spans between these places; one where there are none.
    """
    cuts = [start]
    for match in re.finditer(r"\S+", text[start:end]):
        at = start + match.start()
        if at > start and begins_label(text, at, line_starts) and any(map(str.isalnum, text[cuts[-1] : at])):
            cuts.append(at)
    return tuple((first, len(text[:last].rstrip())) for first, last in zip(cuts, [*cuts[1:], end], strict=True))


def _join_spans(text: str, spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Unite spans that follow one another, and drop those without a letter."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and joined[-1][1] == start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(
        (start, len(text[:end].rstrip()))
        for start, end in joined
        if any(character.isalnum() for character in text[start:end])
    )
