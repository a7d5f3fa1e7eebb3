"""Joins and divides rows by the label lexicon: reads and gives a chapter's rows.

Where a row ends at a page break geometry can be wrong: the near half of a split label looks like a label, and two rows
that meet at the break look like one. Half a label is no label of the lexicon, both halves together are.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline.lexicon.label_index import LabelIndex
from pipeline.models.row import Fragment, Row
from pipeline.stages.map.labelling import LabelReading, read_label
from pipeline.text.cells import compose_cell, compose_row
from pipeline.text.lines import FULL_STOPS, ends_sentence

MAX_LABEL_BREAKS: Final = 2
"""A label may be broken over so many page breaks: three pages hold even the longest in a narrow column."""

CERTAIN_BREAK_CONFIDENCE: Final = 0.9
"""Where geometry is at least so sure that a row goes on, only the far half being a label alone speaks against it."""

LIKELY_BREAK_CONFIDENCE: Final = 0.5
"""Below this geometry itself holds that another row begins more likely than not."""

ROOM_LINES: Final = 1.5
"""A cell with room for so many more lines below its label did not break that label over the page."""


class JoinedRows(NamedTuple):
    """Rows as finally joined and divided, their labels, and what was changed: `(code, row, evidence)`."""

    rows: tuple[Row, ...]
    readings: tuple[LabelReading, ...]
    changes: tuple[tuple[str, Row, str], ...]


def settle_rows(rows: Sequence[Row], index: LabelIndex) -> JoinedRows:
    """Join and divide a chapter's rows where their labels show that geometry was wrong.

    Args:
        rows: The chapter's rows in reading order.
        index: The lexicon's labels.

    Returns:
        The rows, each with what its label says; a row without any text is left out.
    """
    changes: list[tuple[str, Row, str]] = []
    divided = [part for row in rows if row.label.text or row.value.text for part in _divide_row(row, index, changes)]
    joined = _join_rows(divided, index, changes)
    return JoinedRows(tuple(joined), tuple(read_row(row, index) for row in joined), tuple(changes))


def read_row(row: Row, index: LabelIndex, *, worded: bool = True) -> LabelReading:
    """Read a row's label; a label that is printed again on the row's next page is read once.

    Args:
        row: The row.
        index: The lexicon's labels.
        worded: False to leave out labels in free words.

    Returns:
        The labels that its label cell holds.
    """
    recognised = row.label.confidence is not None
    reading = read_label(row.label.text, index, recognised=recognised, worded=worded)
    if reading.complete or len(row.fragments) == 1:
        return reading
    halves = [_label_of([part]) for part in row.fragments if part.label_lines]
    readings = [read_label(half, index, recognised=recognised, worded=worded) for half in halves]
    if len(readings) > 1 and readings[0].complete and len({half.fields for half in readings}) == 1:
        return readings[0]
    return reading


def _label_of(fragments: Sequence[Fragment]) -> str:
    """Compose the label of some of a row's fragments."""
    return compose_cell(fragments, "label").text


def _divide_row(row: Row, index: LabelIndex, changes: list[tuple[str, Row, str]]) -> list[Row]:
    """Divide a row at the first page break where its labels show that two rows were joined."""
    recognised = row.label.confidence is not None
    whole = read_label(row.label.text, index, recognised=recognised)
    if len(row.fragments) == 1 or (whole.complete and len(whole.parts) == 1):
        return [row]
    for cut in range(1, len(row.fragments)):
        near, far = row.fragments[:cut], row.fragments[cut:]
        if not near[-1].label_lines or not far[0].label_lines:
            continue
        one, other = (read_label(_label_of(part), index, recognised=recognised, worded=False) for part in (near, far))
        certainty = row.break_confidence[cut - 1] if cut <= len(row.break_confidence) else 0.0
        evidence = _evidence_for_division(near[-1], far[0], whole, one, other, certainty)
        if evidence is None:
            continue
        first = compose_row(row.table, near, row.break_confidence[: cut - 1])
        second = compose_row(row.table, far, row.break_confidence[cut:])
        changes.append(("row_divided", second, evidence))
        return [first, *_divide_row(second, index, changes)]
    return [row]


def _evidence_for_division(
    near: Fragment, far: Fragment, whole: LabelReading, one: LabelReading, other: LabelReading, certainty: float
) -> str | None:
    """Say what shows that two rows meet at a page break; None where they are one, or nothing shows it."""
    if certainty >= CERTAIN_BREAK_CONFIDENCE or not (one.complete or other.complete):
        return None
    if one.complete and other.complete and set(one.fields) & set(other.fields):
        return None
    line = ROOM_LINES * near.label_lines[-1].size
    # A label in the middle of its cell has room below it however it goes on, but then above it too.
    room = near.label_box.bottom - near.label_lines[-1].box.bottom >= line
    from_top = near.label_lines[0].box.top - near.label_box.top < line
    if one.complete and other.complete and room and from_top:
        return "the label before the break had room for another line, and the one after it is a label by itself"
    values_end = _ends_value(near) and _begins_value(far)
    if not whole.complete and (one.complete and other.complete):
        return "both halves are labels by themselves, the whole is none"
    if not whole.complete and other.complete and values_end:
        return "the label after the break is one by itself, and the text before the break is at its end"
    if one.complete and values_end and certainty < LIKELY_BREAK_CONFIDENCE and (other.complete or not whole.complete):
        return "the label before the break is one by itself, the text before the break is at its end"
    return None


def _ends_value(part: Fragment) -> bool:
    """Return whether the value before a page break is at the end of a sentence, or empty."""
    return not part.value_lines or ends_sentence(part.value_lines[-1].text, FULL_STOPS)


def _begins_value(part: Fragment) -> bool:
    """Return whether the value after a page break may begin anew: not with a small letter."""
    text = part.value_lines[0].text if part.value_lines else ""
    first = next((character for character in text if character.isalnum()), "")
    return not first.islower()


def _join_rows(rows: Sequence[Row], index: LabelIndex, changes: list[tuple[str, Row, str]]) -> list[Row]:
    """Join rows that are one: continued values, and labels that only together are a label."""
    joined: list[Row] = []
    position = 0
    while position < len(rows):
        row = rows[position]
        if joined and not row.label.text and _may_continue(joined[-1], row):
            same_page = row.pages[0] == joined[-1].pages[-1]
            joined[-1] = _unite([joined[-1], row])
            evidence = "its label cell is empty" + ("" if same_page else ", and it comes after a page break")
            changes.append(("row_without_label_joined" if same_page else "row_joined", joined[-1], evidence))
            position += 1
            continue
        count, evidence = _count_halves(rows[position:], index)
        if count > 1:
            row = _unite(rows[position : position + count])
            changes.append(("row_joined", row, evidence))
        joined.append(row)
        position += count
    return joined


def _may_continue(above: Row, below: Row) -> bool:
    """Return whether a row without a label can continue the one above: not at the head of another table on the page."""
    return above.table == below.table or below.pages[0] > above.pages[-1]


def _count_halves(rows: Sequence[Row], index: LabelIndex) -> tuple[int, str]:
    """Count the rows, from the first, that are one by their labels, and say what shows it."""
    first = rows[0]
    if not first.label.text:
        return 1, ""
    # Half a label may read as one in free words: what both halves together are in the lexicon is stronger.
    own = read_row(first, index, worded=False)
    for count in range(2, min(len(rows), 1 + MAX_LABEL_BREAKS) + 1):
        halves = rows[:count]
        last = halves[-1]
        if not last.label.text or not all(_may_continue(above, below) for above, below in pairwise(halves)):
            return 1, ""
        if count == 2 and _breaks_sentence(first, last) and _have_one_label(first, last, index):
            return 2, "the same label is printed before and after the page break, and the sentence goes on"
        if own.complete and read_row(last, index, worded=False).complete:
            return 1, ""
        united = _unite(halves)
        recognised = united.label.confidence is not None
        together = read_label(united.label.text, index, recognised=recognised, worded=False)
        if together.complete and (not own.complete or len(together.parts) <= len(own.parts)):
            return count, "the labels of both rows together are a label of the lexicon, the first alone is none"
        if own.complete:
            return 1, ""
    return 1, ""


def _have_one_label(above: Row, below: Row, index: LabelIndex) -> bool:
    """Return whether the labels of two rows are known, and name the same fields."""
    one, other = read_row(above, index), read_row(below, index)
    return one.complete and other.complete and one.fields == other.fields


def _breaks_sentence(above: Row, below: Row) -> bool:
    """Return whether a sentence clearly runs from one row into the next over a page break."""
    near, far = above.fragments[-1], below.fragments[0]
    return below.pages[0] > above.pages[-1] and not _ends_value(near) and not _begins_value(far)


def _unite(rows: Sequence[Row]) -> Row:
    """Make one row of several; geometry was not sure of these joins at all."""
    fragments = tuple(part for row in rows for part in row.fragments)
    confidence = [sure for row in rows for sure in (0.0, *row.break_confidence)]
    return compose_row(rows[0].table, fragments, tuple(confidence[1:]))
