"""Page breaks: whether a page's first row goes on with the row that ended the page before.

One decision: the log-odds of the evidence are added up, each weight is in `pipeline/text/weights.yaml`.
"""

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline.models.geometry import Box
from pipeline.models.layout import PageLayout, Table, TextLine
from pipeline.models.row import Fragment
from pipeline.stages.stitch.tables import pair_parts
from pipeline.text.lines import LEAST_LEADING, MEASURED_LINES, SOFT_HYPHEN, ends_sentence, would_fit
from pipeline.text.urls import URL_START
from pipeline.text.weights import WEIGHTS as W

CONTINUED: Final = re.compile(r"(?:\s*[(\[][^()\[\]]*[)\]])?")
"""A bracketed word behind a label that is printed again, if any: that it goes on, in any language."""


class Breaks(NamedTuple):
    """How an edition's tables and labels begin and end.

    Attributes:
        closing: Whether closed edges show whole rows: some tables are open on both sides of a page break, others
            closed on both, and none that ends within a page is open.
        capital: Whether labels within pages begin with capitals, figures or signs.
        small: Whether most of them begin with small letters.
        valued: Whether each label within pages has a value next to it.
        continued: What is behind labels that are printed again at pages' heads, where that is so more than once.
        labels: The labels of rows that end within pages.
    """

    closing: bool
    capital: bool
    small: bool
    valued: bool
    continued: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()


def measure_breaks(layouts: Sequence[PageLayout]) -> Breaks:
    """Measure how the edition's tables are drawn at their ends, and how its labels begin.

    Args:
        layouts: The pages.

    Returns:
        One answer for all pages.
    """
    opened = closed = False
    added: Counter[str] = Counter()
    for (_, last), (_, first) in pair_parts(layouts):
        labels = [_join(row.label.lines) for row in (last.rows[-1:] + first.rows[:1])]
        if len(labels) == 2 and labels[0] and labels[1].startswith(labels[0]):
            added[labels[1].removeprefix(labels[0])] += 1
        # Below a repeated header row, nothing shows whether the row that follows is whole.
        opened |= last.closed_bottom is False and first.closed_top is not True
        closed |= last.closed_bottom is True and first.closed_top is not False
    # An open edge above text that is no row shows that edges say nothing.
    follows = [
        (upper.tables[-1], lower, lower.tables[0])
        for upper, lower in pairwise(layouts)
        if upper.tables and lower.tables
    ]
    frayed = any(
        upper.closed_bottom is False and any(line.box.bottom < lower.box.top for line in layout.free_lines)
        for upper, layout, lower in follows
    )
    rows = [(row, row is table.rows[-1]) for layout in layouts for table in layout.tables for row in table.rows[1:]]
    begins = [row.label.lines[0].text[:1] for row, _ in rows if row.label.lines]
    valued = [bool(row.value.lines) for row, is_last in rows if row.label.lines and not is_last]
    return Breaks(
        closing=opened and closed and not frayed,
        capital=len(begins) >= MEASURED_LINES and not any(map(str.islower, begins)),
        small=2 * sum(map(str.islower, begins)) > len(begins),
        valued=len(valued) >= 2 * MEASURED_LINES and all(valued),
        continued=frozenset(text for text, count in added.items() if text and count > 1),
        labels=frozenset(_join(row.label.lines) for row, is_last in rows if not is_last),
    )


class Break(NamedTuple):
    """A page break between a row and what may go on with it.

    Attributes:
        box: Where the first row is of the page that begins behind it.
        text: How it begins.
        odds: Log-odds of its going on.
        evidence: What they are the sum of, by the names of weights.
    """

    box: Box
    text: str
    odds: float
    evidence: tuple[tuple[str, float], ...]

    @property
    def sure(self) -> float:
        """How sure it is that the row goes on, 0 to 1; below 0.5 where it rather does not."""
        return round(1 / (1 + math.exp(-self.odds)), 3)


def judge_break(
    open_row: Sequence[Fragment], fragment: Fragment, tables: tuple[Table, Table], edition: Breaks
) -> Break:
    """Judge whether a page's first row goes on with the row that ended the page before, from geometry alone.

    Args:
        open_row: The parts of the row that ended the page before.
        fragment: The page's first row.
        tables: The table's parts on both pages.
        edition: How the edition's tables are drawn at page breaks.
    """
    found = weigh_break(open_row, fragment, tables, edition)
    evidence = (("break_row", W["break_row"]), *((name, W[name]) for name, holds in found.items() if holds))
    lines = (*fragment.label_lines, *fragment.value_lines)
    text = lines[0].text if lines else ""
    return Break(fragment.label_box, text, sum(odds for _, odds in evidence), evidence)


def weigh_break(
    open_row: Sequence[Fragment], fragment: Fragment, tables: tuple[Table, Table], edition: Breaks
) -> dict[str, bool]:
    """List the evidence at a page break by the names of its weights; the arguments are those of `judge_break`."""
    last, (upper, lower) = open_row[-1], tables
    labels = last.label_lines, fragment.label_lines
    begin = "".join(line.text[:1] for line in labels[1][:1])
    both = all(labels)
    broken = both and labels[0][-1].text.endswith(SOFT_HYPHEN) and begin.islower()
    tagged = not _tag_rows(last).isdisjoint(_tag_rows(fragment))
    unlabelled = not labels[1] or not any(part.label_lines for part in open_row)
    foot, room = _reaches_foot(labels[0], last), both and _has_label_room(last, fragment)
    # The label alone made the row as tall as the page's rest, with nothing next to what follows. A cell of several
    # labels may be broken between them: a capital behind a line with room begins anew, unless all labels have values.
    lone = any(part.value_lines for part in open_row) and not fragment.value_lines
    outgrown = lone and foot and not _reaches_foot(last.value_lines, last)
    return {
        "break_known": lower.rest or tagged or broken or unlabelled,
        "break_closed": edition.closing and bool(upper.closed_bottom) and lower.closed_top is not False,
        "break_open": upper.closed_bottom is False and lower.closed_top is False,
        "break_odd_small": edition.capital and both and begin.islower(),
        "break_small": begin != "" and not edition.small and (begin.islower() or not begin.isalpha()),
        # A label that is a whole one elsewhere, as the next one is, needs no room for it.
        "break_full_label": both and foot and not room and not edition.labels.issuperset(map(_join, labels)),
        "break_outgrown": outgrown and (edition.valued or not (begin.isupper() and room)),
        "break_sentence": _value_goes_on(last, fragment),
    }


def _join(lines: Sequence[TextLine]) -> str:
    return " ".join(line.text for line in lines)


def _tag_rows(fragment: Fragment) -> set[int]:
    return {line.tag_row for line in (*fragment.label_lines, *fragment.value_lines)} - {0}


def repeats_label(open_row: Sequence[Fragment], fragment: Fragment, edition: Breaks) -> bool:
    """Return whether a page's first label only says again what row goes on.

    It reads as the label that ended the page before, with something behind it that is there on other pages, too; or
    alone or with a bracketed word, above a value that goes on with a small letter.

    Args:
        open_row: The parts of the row that ended the page before.
        fragment: The page's first row.
        edition: What is printed behind labels that are repeated.

    Returns:
        True where it does.
    """
    own = _join(fragment.label_lines)
    known = " ".join(line.text for part in open_row for line in part.label_lines)
    if not known or not fragment.value_lines or not own.startswith(known):
        return False
    added = own.removeprefix(known)
    small = fragment.value_lines[0].text[:1].islower()
    return added in edition.continued or (small and CONTINUED.fullmatch(added) is not None)


def _has_label_room(last: Fragment, fragment: Fragment) -> bool:
    """Return whether the first word of a page's label would have fitted behind the label that ended the page before."""
    upper = last.label_lines[-1]
    # A line set to the right or centred has its room before it, too.
    left, right, *_ = last.label_column
    return would_fit(upper, fragment.label_lines[0], right + upper.box.x0 - left)


def _reaches_foot(own: Sequence[TextLine], last: Fragment) -> bool:
    """Return whether a label or value fills its cell down to the page's bottom: ended, it would have room below it."""
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
    return room <= LEAST_LEADING * min([last.label_column.leading, *steps])


def _value_goes_on(last: Fragment, fragment: Fragment) -> bool:
    """Return whether a value's sentence runs over the break: a full line without an end, then a small letter."""
    if not last.value_lines or not fragment.value_lines:
        return False
    end, start = last.value_lines[-1], fragment.value_lines[0]
    goes_on = start.text[:1].islower() and URL_START.match(start.text) is None
    return goes_on and not ends_sentence(end.text) and not would_fit(end, start, last.value_column.right)
