"""Page breaks: whether a page's first row goes on with the row that ended the page before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.models.layout import PageLayout, Table, TextLine
from pipeline.models.row import Fragment
from pipeline.stages.stitch.tables import TablePart, continues_table, has_free_between
from pipeline.text.lines import SENTENCE_END, SOFT_HYPHEN, would_fit
from pipeline.text.urls import URL_START

SMALL_LABELS = 0.02
"""Largest share of labels within pages that begin with a small letter for one at a page's head to go on another."""
MEASURED_LABELS = 8
"""Least number of labels within pages that show how labels begin."""
VALUED_LABELS = 20
"""Least number of labels within pages, each with a value, for one without a value at a page's head to be no row."""
BROKEN_WORD = 0.97
"""How sure it is that a label goes on whose last word hyphenation breaks."""
TAGGED = 0.98
"""How sure it is that a row goes on which the file's tags call one."""
FOOT_ROOM = 0.95
"""Most room below a label that goes on over a page break, as a multiple of the leading and beyond the cell's padding:
less than one more line."""


CONTINUED = re.compile(r"\s*[(\[][^()\[\]]*[)\]]$")
"""A bracketed word behind a label that is printed again: that it goes on, in any language."""


class Breaks(NamedTuple):
    """How tables are drawn at their ends.

    Attributes:
        open: How often they are open on both sides of a page break.
        closed: How often they are closed on both sides of one.
        frayed: How often one that ends within a page is open: then its edges tell nothing.
        capital: Whether labels within pages begin with capitals, figures or signs.
        valued: Whether each label within pages has a value beside it.
    """

    open: int
    closed: int
    frayed: int
    capital: bool
    valued: bool

    @property
    def tell(self) -> bool:
        """Whether closed edges tell whole rows."""
        return self.open > 0 and self.closed > 0 and self.frayed == 0


def measure_breaks(layouts: Sequence[PageLayout]) -> Breaks:
    """Measure how the edition's tables are drawn at their ends, and how its labels begin.

    Args:
        layouts: The pages.

    Returns:
        One answer for all pages.
    """
    opened = closed = 0
    for upper, lower in pairwise(layouts):
        if (
            upper.tables
            and lower.tables
            and continues_table(TablePart(upper, upper.tables[-1]), TablePart(lower, lower.tables[0]))
        ):
            sides = (upper.tables[-1].closed_bottom, lower.tables[0].closed_top)
            # Below a repeated header row, nothing tells whether the row that follows is whole.
            opened += sides[0] is False and sides[1] is not True
            closed += sides[0] is True and sides[1] is not False
    frayed = sum(
        1
        for layout in layouts
        for upper, lower in pairwise(layout.tables)
        if has_free_between(layout, upper, lower) and upper.closed_bottom is False
    )
    frayed += sum(
        1
        for upper, lower in pairwise(layouts)
        if upper.tables and upper.tables[-1].closed_bottom is False and lower.tables
        if any(line.box.bottom < lower.tables[0].box.top for line in lower.free_lines)
    )
    begins = [
        row.label.lines[0].text[:1]
        for layout in layouts
        for table in layout.tables
        for row in table.rows[1:]
        if row.label.lines
    ]
    small = sum(1 for letter in begins if letter.islower())
    inner = [row for layout in layouts for table in layout.tables for row in table.rows[1:-1] if row.label.lines]
    return Breaks(
        opened,
        closed,
        frayed,
        capital=len(begins) >= MEASURED_LABELS and small <= SMALL_LABELS * len(begins),
        valued=len(inner) >= VALUED_LABELS and all(row.value.lines for row in inner),
    )


def row_goes_on(
    open_row: Sequence[Fragment], fragment: Fragment, tables: tuple[Table, Table], edges: Breaks
) -> float | None:
    """Judge whether a page's first row goes on with the row that ended the page before.

    Args:
        open_row: The parts of the row that ended the page before.
        fragment: The page's first row.
        tables: The table's parts on both pages.
        edges: How the edition's tables are drawn at page breaks.

    Returns:
        How sure it is that it does (0 to 1), from geometry alone; below 0.5 where it rather does not.
    """
    last = open_row[-1]
    upper, lower = tables
    if lower.rest:
        return BROKEN_WORD
    if _tag_rows(last) & _tag_rows(fragment):
        return TAGGED
    if not fragment.label_lines:
        return 0.98 if fragment.value_lines else 0.9
    if (
        last.label_lines
        and last.label_lines[-1].text.endswith(SOFT_HYPHEN)
        and fragment.label_lines[0].text[:1].islower()
    ):
        return BROKEN_WORD
    if edges.tell and upper.closed_bottom and lower.closed_top is not False:
        # The edition leaves broken rows open. (It may leave whole ones open, too: browsers draw no edge at a break.)
        return 0.03
    if edges.capital and last.label_lines and fragment.label_lines[0].text[:1].islower():
        return 0.85
    open_end = upper.closed_bottom is False or lower.closed_top is False
    if not any(part.label_lines for part in open_row):
        # A label at the middle of its row stands on the page that holds the middle.
        return 0.9 if last.value_lines else 0.5
    if open_end and upper.closed_bottom is False and lower.closed_top is False:
        if last.value_lines and not fragment.value_lines:
            return 0.75
        return 0.8 if _label_goes_on(last, fragment) or _value_goes_on(last, fragment) else 0.4
    score = 0.0
    if not last.label_lines:
        return 0.02
    if (
        any(part.value_lines for part in open_row)
        and not fragment.value_lines
        and _reaches_foot(last)
        and not _would_reach_foot(last.value_lines, last)
        and (edges.valued or not _begins_label(last, fragment))
    ):
        # The label alone made the row as tall as the page's rest, and nothing stands beside what follows.
        return 0.8
    if _reaches_foot(last) and _value_goes_on(last, fragment):
        # A cell may hold several labels: one ends the page, the next begins the following one, and the value goes on.
        return 0.75
    if not _label_goes_on(last, fragment):
        return 0.05
    label_end = last.label_lines[-1].text
    label_start = fragment.label_lines[0].text
    score += 1.0 if label_start[:1].islower() or not label_start[:1].isalpha() else -2.0
    score += -1.5 if label_end.endswith(("?", ":", "!")) else -0.5 if label_end.endswith(".") else 0.5
    if last.value_lines and fragment.value_lines:
        value_end, value_start = last.value_lines[-1], fragment.value_lines[0]
        ends = value_end.text.rstrip("\"'”“’»)]")[-1:] in SENTENCE_END
        score += -0.7 if ends else 0.7
        score += 0.7 if value_start.text[:1].islower() and not URL_START.match(value_start.text) else -0.3
        score += 0.5 if not would_fit(value_end, value_start, last.value_right) else -0.5
    elif not fragment.value_lines:
        score += 1.0
    if open_end:
        score += 1.0
    return min(max(0.5 + 0.15 * score, 0.05), 0.97)


def _tag_rows(fragment: Fragment) -> set[int]:
    return {line.tag_row for line in (*fragment.label_lines, *fragment.value_lines)} - {0}


def repeats_label(open_row: Sequence[Fragment], fragment: Fragment) -> bool:
    """Tell whether a page's first label only says again what row goes on.

    It reads as the label that ended the page before, with or without a bracketed word behind it, above a value that
    goes on with a small letter.

    Args:
        open_row: The parts of the row that ended the page before.
        fragment: The page's first row.

    Returns:
        True where it does.
    """
    own = " ".join(line.text for line in fragment.label_lines)
    known = " ".join(line.text for part in open_row for line in part.label_lines)
    same = bool(own) and known in (own, CONTINUED.sub("", own))
    return same and bool(fragment.value_lines) and fragment.value_lines[0].text[:1].islower()


def _label_goes_on(last: Fragment, fragment: Fragment) -> bool:
    """Tell whether a label can go on over the break: it reaches the page's foot, and its last line is full."""
    if not fragment.label_lines or not _reaches_foot(last):
        return False
    return not _has_label_room(last, fragment)


def _has_label_room(last: Fragment, fragment: Fragment) -> bool:
    """Tell whether the first word of a page's label would have fitted behind the label that ended the page before."""
    upper = last.label_lines[-1]
    # A line set to the right or centred has its room before it, too.
    before = 0.0 if last.label_left is None else upper.box.x0 - last.label_left
    return would_fit(upper, fragment.label_lines[0], last.label_right + before)


def _begins_label(last: Fragment, fragment: Fragment) -> bool:
    """Tell whether a page's first label begins anew: with a capital, behind a line that had room for its first word.

    A cell of several labels may be broken between them, too; but then nothing shows it, for each cell ends so.
    """
    return fragment.label_lines[0].text[:1].isupper() and _has_label_room(last, fragment)


def _reaches_foot(last: Fragment) -> bool:
    """Tell whether a label fills its cell down to the page's foot: had it ended, the cell would have room below it."""
    return _would_reach_foot(last.label_lines, last)


def _would_reach_foot(own: Sequence[TextLine], last: Fragment) -> bool:
    if not own:
        return False
    lines = (*last.label_lines, *last.value_lines)
    # A line of the other column farther down shows the room, too: a cell that is cut may lack its lower padding.
    room = max(line.box.bottom for line in lines) - own[-1].box.bottom
    if last.evidence != "gutter":
        padding = max(min(line.box.top for line in lines) - last.label_box.top, 0.0)
        room = max(room, last.label_box.bottom - own[-1].box.bottom - padding)
    # The label's own lines show how far apart lines are here; those of all labels may be rounded otherwise.
    steps = [below.baseline - above.baseline for above, below in pairwise(last.label_lines)]
    return room <= FOOT_ROOM * min([last.label_leading, *steps])


def _value_goes_on(last: Fragment, fragment: Fragment) -> bool:
    """Tell whether a value's sentence runs over the break: a full line without an end, then a small letter."""
    if not last.value_lines or not fragment.value_lines:
        return False
    end, start = last.value_lines[-1], fragment.value_lines[0]
    if URL_START.match(start.text) is not None:
        return False
    return (
        not would_fit(end, start, last.value_right) and end.text[-1:] not in SENTENCE_END and start.text[:1].islower()
    )
