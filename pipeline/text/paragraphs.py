"""Where paragraphs and list items begin, and which words go on over a line's end.

Whether a line's end is a paragraph's end is decided by evidence functions, the strongest first: the first that says
anything decides. The last measures whether the next word would have fitted behind the line. Geometry and characters
only, no words of any language.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from pipeline.models.layout import TextLine, Word
from pipeline.models.row import Column
from pipeline.text.lines import HYPHENS, INDENT, LEAST, SENTENCE_ENDED, SOFT_HYPHEN, ends_sentence, room_behind
from pipeline.text.markers import BULLET, BULLETS, DASHES, Marker, parse_number
from pipeline.text.paragraph_style import NUMBERISH, is_apart, is_parted_by_tags, measure_space
from pipeline.text.urls import URL_OPENING, URL_START, advance, goes_on_in_url

CLEARLY_SHORT: Final = 0.14
"""Unused share of the column's width, behind a line, from which punctuation no longer matters."""
CLOSE: Final = 0.03
"""Room behind a line, as a share of the column's width, up to which a small letter at the next line's start means more
than the punctuation at this one's end; and largest difference of word spaces that are one, as a share of the font
size."""
SLACK: Final = 1.0
"""Largest difference, in points, of edges that are one, and least room left by which a word would have fitted: below
it lie the rounding of glyph widths and half the thickness of a cell's rule."""
ABBREVIATION: Final = re.compile(r"^[^\W\d_]{1,6}\.$")
"""A short abbreviation, glued to a number behind it."""
QUOTES: Final = "\"'”“’‘»«›‹"
OPENING: Final = "([{„‚"


class Placed(NamedTuple):
    """A line with its column, and the number of the part of the cell that it is in."""

    line: TextLine
    column: Column
    part: int

    @property
    def room(self) -> float:
        """Room behind the line, points."""
        return self.column.right - self.line.box.x1


class PlacedWord(NamedTuple):
    """A word of the joined text: what it says, its line, the link over it and its extent; `glued` to the one before."""

    text: str
    line: int
    url: str | None
    glued: bool
    start: int = 0
    end: int = 0


class LineEnd(NamedTuple):
    """The end of a line inside a cell.

    Attributes:
        lines: All lines of the cell.
        number: Number of the line below.
        marker: The marker that the line below begins with.
        item: The marker of the list item that the line above belongs to.
        forms: Forms of the cell's markers so far.
        tokens: The paragraph so far.
    """

    lines: Sequence[Placed]
    number: int
    marker: Marker | None
    item: Marker | None
    forms: set[str]
    tokens: Sequence[PlacedWord]

    @property
    def above(self) -> Placed:
        """The line that ends."""
        return self.lines[self.number - 1]

    @property
    def below(self) -> Placed:
        """The next line."""
        return self.lines[self.number]

    @property
    def same_part(self) -> bool:
        """Whether both are in one part of the cell."""
        return self.above.part == self.below.part

    @property
    def tail(self) -> str:
        """The last word so far, whole if it ran over line ends."""
        first = next(n for n in range(len(self.tokens) - 1, -1, -1) if not self.tokens[n].glued or n == 0)
        return "".join(token.text for token in self.tokens[first:])


# --- where paragraphs begin ------------------------------------------------------------------------------------------
# Each evidence says True where the line below begins a paragraph, False where it goes on, None where it shows neither.


def weigh_structure(end: LineEnd) -> bool | None:
    """A cell inside the cell begins with the line, or the file's tags begin a paragraph."""
    line, above = end.below.line, end.above
    return bool(line.opens) or (above.column.setting.tagged and is_parted_by_tags(above.line, line)) or None


def weigh_gap(end: LineEnd) -> bool | None:
    """White space parts the lines."""
    column = end.above.column
    return (end.same_part and is_apart(end.above.line, end.below.line, column.leading, column.setting)) or None


def weigh_bullet(end: LineEnd) -> bool | None:
    """The line begins with a bullet."""
    return (end.marker is not None and end.marker.form == BULLET) or None


def weigh_broken_word(end: LineEnd) -> bool | None:
    """A word is broken, or a marker stands alone whose first word was too long for its line."""
    broken = end.above.line.words[-1].text.endswith(SOFT_HYPHEN)
    return False if broken or (end.item is not None and len(end.tokens) == 1) else None


def weigh_url(end: LineEnd) -> bool | None:
    """A URL goes on over the line's end, or ends there."""
    goes_on = goes_on_in_url(end.tail, end.above.line, end.below.line, end.above.column.right)
    return None if goes_on is None else not goes_on


def weigh_url_list(end: LineEnd) -> bool | None:
    """A URL is by itself: another one follows, or it ends the cell behind a sentence."""
    lines = end.lines
    words = end.below.line.words
    if len(words) > 1 or URL_START.match(words[0].text) is None:
        return None
    url = words[0].text
    for upper, (lower, *_) in zip(lines[end.number :], lines[end.number + 1 :], strict=False):
        if not goes_on_in_url(url, upper.line, lower, upper.column.right):
            return URL_START.match(lower.words[0].text) is not None or None
        url += lower.words[0].text
    return SENTENCE_ENDED.search(end.above.line.text) is not None or None


def weigh_list(end: LineEnd) -> bool | None:
    """A marker goes on with a list of the cell, or begins one behind a colon or a sentence's end.

    Only arabic numbers count: a roman numeral or a letter at a line's start is often the sentence's (`XX. gadsimts`).
    """
    marker, last = end.marker, end.above.line.words[-1].text
    if marker is None:
        return None
    if not marker.is_number:
        return marker.form in end.forms or None
    if marker.number != 1:
        return (marker.number is not None and end.item == marker._replace(number=marker.number - 1)) or None
    # Where the next number is inside a line, the sentence counts, and no list.
    following = marker._replace(number=2)
    words = ((n, word) for line, *_ in end.lines[end.number :] for n, word in enumerate(line.words))
    counted = next((n for n, word in words if parse_number(word.text) == following), 0) > 0
    ended = SENTENCE_ENDED.search(last) is not None and end.below.line.words[1].text[0].isupper()
    return ((last.endswith(":") or ended) and not counted) or None


def weigh_siblings(end: LineEnd) -> bool | None:
    """The line begins with the name and comma that its paragraph and others of the cell begin with.

    So do the entries of a list of sources that name one author after the other.
    """
    own = end.below.line.words[0].text
    if own != end.tokens[0].text or own[-1] not in ",:" or not own[0].isupper():
        return None
    return sum(line.words[0].text == own for line, *_ in end.lines) >= LEAST or None


def weigh_stretching(end: LineEnd) -> bool | None:
    """A line of justified text is not stretched to the edge.

    Items may be set ragged in text that else is justified, so of those the lines above must be stretched.
    """
    if not end.above.column.justified or _has_own_spaces(end.above) is not True:
        return None
    before = end.lines[end.tokens[0].line : end.number - 1]
    stretched = [_has_own_spaces(placed) is False for placed in before]
    return (any(stretched) if before or end.item is not None else True) or None


def weigh_dash(end: LineEnd) -> bool | None:
    """A typed dash begins the line: a hyphen, or another dash behind a sentence's end."""
    form = end.marker.form if end.marker is not None else ""
    return form == "-" or (form != "" and form in DASHES and end.above.line.text[-1] in ":;.") or None


def weigh_indent(end: LineEnd) -> bool | None:
    """The left edge shows a paragraph: a first line's indent, or the end of an item's hanging one."""
    above, below, lines = end.above, end.below, end.lines
    same = above.column == below.column
    shift, step = below.line.box.x0 - above.line.box.x0, INDENT * below.line.size
    if end.item is not None:
        # Behind an item with a hanging indent, a line without marker at the marker's edge is no part of the item.
        return (same and shift < -step and above.line.words[0].text[0] not in BULLETS + DASHES) or None
    if _is_indented_as_first(end):
        return True
    begins = end.number == 1 or lines[end.number - 2].line.box.x0 > above.line.box.x0 + step
    # Words that are below the second of a line hang behind its first, a number or mark.
    hangs = len(above.line.words) > 1 and abs(above.line.words[1].x0 - below.line.box.x0) <= SLACK
    return (same and shift > step and not begins and not hangs and above.room > above.line.size) or None


def weigh_room(end: LineEnd) -> bool | None:
    """The next word would have fitted behind the line."""
    (line, column, _), (below, *_) = end.above, end.below
    if end.same_part and column.setting.set_apart and below.text[0].islower():
        return None
    whole = _group_width(below.words, column.setting.whole_numbers)
    if column.justified and end.above.room > line.size / 2:
        return room_behind(line, below, column.right, whole) >= 0
    single = room_behind(line, below, column.right)
    url = URL_OPENING.match(below.words[0].text)
    if url is not None and not column.setting.whole_urls:
        # Lines are broken behind the openings of URLs, so a URL that goes on with the line would have begun on it.
        word = below.words[0]
        opening = (word.x1 - word.x0) * advance(url.group()) / advance(word.text)
        return room_behind(line, below, column.right, opening) > SLACK
    last, small = line.words[-1].text, below.text[0].islower()
    ended = ends_sentence(last)
    marked = end.marker is not None and end.marker.form in end.forms
    if single < SLACK or (room_behind(line, below, column.right, whole) < SLACK and not marked):
        return False
    width = column.right - column.left
    if single > CLEARLY_SHORT * width:
        return True
    if column.setting.tagged and is_parted_by_tags(line, below) is False:
        return False
    return not small or (ended and single >= CLOSE * width)


EVIDENCE: Final[tuple[Callable[[LineEnd], bool | None], ...]] = (
    weigh_structure,
    weigh_gap,
    weigh_bullet,
    weigh_broken_word,
    weigh_url,
    weigh_url_list,
    weigh_list,
    weigh_siblings,
    weigh_stretching,
    weigh_dash,
    weigh_indent,
    weigh_room,
)
"""What shows whether a paragraph begins, the strongest first."""


def begins_paragraph(end: LineEnd) -> bool:
    """Decide whether a paragraph begins below a line's end."""
    return next((found for says in EVIDENCE if (found := says(end)) is not None), False)


def is_in_brackets(tokens: Sequence[PlacedWord]) -> bool:
    """Return whether a bracket is open where a text ends: a dash that follows is the sentence's."""
    text = "".join(token.text for token in tokens)
    return text.count("(") > text.count(")") or text.count("[") > text.count("]")


def _is_indented_as_first(end: LineEnd) -> bool:
    """Return whether a line is indented as the cell's first one is, whose second is at the edge again."""
    first, second = end.lines[:2]
    indents = [placed.line.box.x0 - placed.column.left for placed in (first, second, end.below)]
    return indents[0] >= INDENT * first.line.size and indents[1] <= SLACK and abs(indents[2] - indents[0]) <= SLACK


def _has_own_spaces(placed: Placed) -> bool | None:
    """Return whether a justified line's words are as far apart as unstretched, and it ends before the edge.

    Returns:
        True where both is so, False where neither, None where the line shows one alone.
    """
    space, usual = measure_space(placed.line), placed.column.setting.space
    own = space is not None and usual is not None and abs(space - usual) <= CLOSE
    return own if own == (placed.room > SLACK) else None


def _group_width(words: Sequence[Word], whole_numbers: bool) -> float:
    """Return the width of the words at a line's beginning that are set without a break between them, points.

    A number keeps its unit on its line, an abbreviation its number (where the edition does so), a word the dash behind
    it, and a closing quotation mark the bracket or quotation that opens behind it (UAX #14, rule LB15).
    """
    texts = [word.text for word in words]
    last = 0
    if len(texts) > 1 and whole_numbers:
        last = int(bool(NUMBERISH.match(texts[0]) or (ABBREVIATION.match(texts[0]) and texts[1][0].isdigit())))
    while len(texts) > last + 1 and texts[last][-1] in QUOTES and texts[last + 1][0] in OPENING:
        last += 1
    if len(texts) > last + 1 and texts[last + 1] in "—–":
        last += 1
    return words[last].x1 - words[0].x0


def glues(end: LineEnd) -> bool:
    """Return whether the next line's first word goes on without a space: a broken URL, hyphen, slash or range."""
    last, first = end.tail, end.below.line.words[0].text
    if last.endswith(SOFT_HYPHEN):
        return True
    if len(last) > 1 and last[-1] in HYPHENS and (first[0].isalnum() or first[0] in '„“"('):
        return first not in end.above.column.setting.conjunctions
    ranges = last[-1] in "–—" and last[-2:-1].isdigit() and first[0].isdigit()
    if len(last) > 1 and first[0].isalnum() and (last[-1] == "/" or ranges):
        return True
    return URL_START.search(last) is not None and weigh_url(end) is False
