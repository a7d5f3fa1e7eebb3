"""Rows without separators: divide the lines of two columns into rows by alignment and white space.

Where neither rules nor fills part the rows, a row is where label and value begin together (or where a label stands at
the middle of its value), where both columns pause, and where neither column's line was full. The division with the
least cost over the whole part of the table is found by dynamic programming.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.stages.segment.lines import GlyphLine

PAUSE = 1.2
"""Base line distance, as a multiple of the leading, from which two lines are set apart."""
WIDE_PAUSE = 1.5
"""Base line distance, as a multiple of the least between rows, that the lines of one value hardly leave."""
IMPOSSIBLE = 1e9

# Costs, in base line distances of misalignment that they outweigh.
COST_FULL_LINE_CUT = 3.0
COST_SENTENCE_CUT = 0.3
COST_LABEL_PAUSE_KEPT = 1.5
COST_VALUE_PAUSE_KEPT = 0.25
COST_WIDE_PAUSE_KEPT = 1.5
GAIN_LABEL_PAUSE = 1.0
GAIN_LABEL_SHORT = 0.4
GAIN_VALUE_PAUSE = 0.7
GAIN_VALUE_SHORT = 0.3
CLEAR_DIFFERENCE = 0.3
"""Least difference, as a share of the leading, between a label's distances from its value's middle and top that tells
the one from the other."""
COST_OFF_MIDDLE = 1.5
"""A label that stands one leading off the middle of its value: a middle is exact but where a picture stands below."""
COST_BESIDE_PLACE = 0.75
"""A label that is off the middle of its value by more than rounding explains, or off its top by a whole line."""
COST_OFF_TOP = 2.5
"""A row whose label and value do not begin at the distance that all rows of the edition share."""
OFF_TOP = 0.12
"""Largest deviation from that distance, as a share of the leading, that rounding explains."""
BESIDE = 0.25
"""Farthest that the base lines of a label and of the value that begins its row are apart, as a share of the leading."""
NEAR_TOP = 0.6
"""Farthest that the base lines of a label and of the value line beside it are apart, as a share of the leading."""
COST_NO_PAUSE = 2.5
COST_WIDE_CUT = 0.5
"""A row farther from the one above it than rows are, where labels stand at the middle: it may be a paragraph."""
COST_NO_VALUE = 1.6
COST_NO_LABEL = 0.4
COST_NO_LABEL_IN_MIDDLE = 1.0
"""The same where labels stand at the middle: a page break seldom leaves one part of a row without its label."""
COST_NO_REST = 2.5
"""A row without label where no row goes on from the page before, or to the next one."""
ROUNDING = 0.7
"""Most, in points, that rounding takes from a base line distance."""


class Column(NamedTuple):
    """Lines of one column.

    Attributes:
        lines: Top to bottom.
        full: For each line, whether the next line's first word would not have fitted behind it.
        leading: Usual base line distance, points.
        capital: For each line, whether it begins with a capital letter.
        anew: For each line, whether by its letters it may begin anew behind a full line: in the label column with a
            capital letter, or behind a colon, in the value column also behind a line that ends a sentence, or a URL.
        ends: For each line, whether a label ends with it.
        rows: For each line, the number of the row that tags put it in; 0 where they say nothing.
    """

    lines: Sequence[GlyphLine]
    full: Sequence[bool]
    leading: float
    capital: Sequence[bool]
    anew: Sequence[bool]
    ends: Sequence[bool] = ()
    rows: Sequence[int] = ()


class Division(NamedTuple):
    """Two columns divided into rows.

    Attributes:
        rows: For each row the indices of its label lines and of its value lines; the first row may have no label (it
            goes on from the page before), the last too where labels stand in the middle, or at a page's foot.
        cost: How badly the lines fit, in base line distances of misalignment: the least of all divisions.
    """

    rows: list[tuple[range, range]]
    cost: float


def split_blocks(column: Column) -> list[Sequence[GlyphLine]]:
    """Divide a column at its pauses.

    Args:
        column: Lines of one column.

    Returns:
        Blocks of lines that follow each other at the leading, top to bottom.
    """
    blocks: list[list[GlyphLine]] = []
    for line in column.lines:
        if blocks and line.baseline - blocks[-1][-1].baseline <= PAUSE * max(column.leading, 1.0):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return list(blocks)


def label_stands_in_middle(label: Sequence[GlyphLine], value: Sequence[GlyphLine], leading: float) -> int:
    """Return whether the label of one row stands at the middle of its value or at its top.

    Args:
        label: Its lines.
        value: The value's lines.
        leading: Usual base line distance, points.

    Returns:
        1 for the middle, -1 for the top; 0 where nothing shows it.
    """
    if not label or not value:
        return 0
    off_middle = abs(label[0].baseline + label[-1].baseline - value[0].baseline - value[-1].baseline) / 2
    off_top = abs(label[0].baseline - value[0].baseline)
    if abs(off_middle - off_top) <= CLEAR_DIFFERENCE * leading or min(off_middle, off_top) > NEAR_TOP * leading:
        return 0
    return 1 if off_middle < off_top else -1


def top_offsets(label: Column, value: Column) -> list[float]:
    """Measure how labels and values that begin side by side stand to each other.

    Args:
        label: Lines of the label column.
        value: Lines of the value column.

    Returns:
        For each block of label lines with a value line beside its first, the distance of its base line below that
        one's, points.
    """
    offsets: list[float] = []
    for block in split_blocks(label):
        near = min((block[0].baseline - line.baseline for line in value.lines), key=abs, default=None)
        if near is not None and abs(near) <= NEAR_TOP * max(label.leading, 1.0):
            offsets.append(near)
    return offsets


def least_row_gap(label: Column, value: Column) -> float | None:
    """Measure how far apart rows stand at least: between two labels, the widest pause of both columns parts their rows.

    Args:
        label: Lines of the label column.
        value: Lines of the value column.

    Returns:
        The least base line distance that such a pause leaves, points; None of fewer than two labels.
    """
    heights = sorted(line.baseline for line in (*label.lines, *value.lines))
    blocks = split_blocks(label)
    return min(
        (
            max(lower - upper for upper, lower in pairwise(height for height in heights if first <= height <= last))
            for above, below in pairwise(blocks)
            for first, last in [(above[0].baseline, below[-1].baseline)]
        ),
        default=None,
    )


def list_pauses(label: Column, value: Column) -> list[float]:
    """List the pauses of both columns: where neither has a line.

    Args:
        label: Lines of the label column.
        value: Lines of the value column.

    Returns:
        The base line distances that they leave, points, top to bottom.
    """
    return [lower - upper for upper, lower in _find_pauses(label, value)]


def _find_pauses(label: Column, value: Column) -> list[tuple[float, float]]:
    """Give the base lines, points, above and below each pause of both columns, top to bottom."""
    heights = sorted(line.baseline for line in (*label.lines, *value.lines))
    least = PAUSE * max(value.leading, 1.0)
    return [(upper, lower) for upper, lower in pairwise(heights) if lower - upper > least]


def pauses_begin_rows(label: Column, value: Column, *, to_foot: bool) -> tuple[int, int]:
    """Count the pauses of the value column behind which a row begins: a label stands beside the line there.

    Args:
        label: Lines of the label column.
        value: Lines of the value column.
        to_foot: Whether the columns end a page: then its last pause shows nothing.

    Returns:
        Such pauses, and pauses in all.
    """
    pauses = [
        lower for upper, lower in pairwise(value.lines) if lower.baseline - upper.baseline > PAUSE * value.leading
    ]
    counted = pauses[:-1] if to_foot else pauses
    found = sum(
        1 for line in counted if any(abs(own.baseline - line.baseline) <= BESIDE * value.leading for own in label.lines)
    )
    return found, len(counted)


def rows_pause(label: Column, value: Column) -> tuple[int, int]:
    """Count how many of the label column's pauses hold one of both columns: neither has a line there.

    Args:
        label: Lines of the label column.
        value: Lines of the value column.

    Returns:
        Pauses with one inside, and pauses in all.
    """
    middles = [(block[0].baseline + block[-1].baseline) / 2 for block in split_blocks(label)]
    pauses = [(upper + lower) / 2 for upper, lower in _find_pauses(label, value)]
    found = sum(
        1 for upper, lower in pairwise(middles) if any(upper < pause < lower + value.leading / 2 for pause in pauses)
    )
    return found, max(len(middles) - 1, 0)
