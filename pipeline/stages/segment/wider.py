"""Tables of three or more columns that white space alone shows: they are no label and text tables."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import NamedTuple

from pipeline.models.page import Page
from pipeline.stages.segment.division import PAUSE
from pipeline.stages.segment.lines import GlyphLine
from pipeline.stages.segment.numbering import split_column_runs
from pipeline.stages.segment.region import SAME_COLUMN, TypeScale
from pipeline.text.weights import WEIGHTS as W

WIDER_COLUMNS = 3
"""Least number of columns of a table that is no label and text table."""
WIDER_ROWS = 3
"""Least number of lines with text in three columns for them to be such a table."""
COLUMN_SHARE = 0.6
"""Least share of the lines of a table with three or more columns whose text begins, ends or has its middle at one x."""
LEAST_COLUMN_GAP = 0.5
"""Least white space, as a share of the font size, that all lines of a table with three or more columns leave between
two of them."""
SAME_TABLE = 1.3
"""Ratio of a base line distance to the largest inside a table up to which the next line may be the table's."""
ROW_GAP = 3.2
"""Largest base line distance, as a multiple of the leading, inside a table that white space alone shows."""


class Pair(NamedTuple):
    """A line with two texts: where the first begins and ends, and where the second begins, points."""

    x0: float
    x1: float
    second: float


def list_pairs(pages: Sequence[tuple[Page, Sequence[GlyphLine]]]) -> list[Pair]:
    """List the lines with two texts.

    Args:
        pages: The pages, each with its lines.

    Returns:
        The places of the texts of each such line.
    """
    found = [split_column_runs(page, line) for page, lines in pages for line in lines]
    return [Pair(*runs[0], runs[1][0]) for runs in found if len(runs) == WIDER_COLUMNS - 1]


def find_wider_tables(
    page: Page, lines: Sequence[GlyphLine], pairs: Callable[[], Sequence[Pair]], scale: TypeScale
) -> list[tuple[int, range]]:
    """Find the tables of three or more columns that white space shows.

    Several lines of such a table have text in three columns, and share the gaps between them: running text has a wide
    gap by chance, but not at the same place on line after line. A numbering column counts with the column behind it.

    Args:
        page: The page.
        lines: Its lines in no other table, top to bottom.
        pairs: Gives the lines with two texts on all pages; few documents need them.
        scale: What all pages show.

    Returns:
        For each table the number of its columns, and the numbers of its lines.
    """
    tables: list[tuple[int, range]] = []
    done = 0
    while done < len(lines):
        found = _find_wider_table(page, lines[done:], pairs, scale)
        if found is None:
            break
        start, end, columns = found
        tables.append((columns, range(done + start, done + end)))
        done += end
    return tables


def _find_wider_table(
    page: Page, lines: Sequence[GlyphLine], pairs: Callable[[], Sequence[Pair]], scale: TypeScale
) -> tuple[int, int, int] | None:
    """Find the first table of three or more columns: its first line, the line behind it, its columns."""
    extents = [split_column_runs(page, line) for line in lines]

    def narrow(gaps: tuple[tuple[float, float], ...], number: int) -> tuple[tuple[float, float], ...] | None:
        line = lines[number]
        fits = W["smaller_type"] * scale.smallest <= line.size <= W["larger_type"] * scale.size
        return _keep_gaps(gaps, extents[number], line) if fits else None

    def is_near(gap: float, number: int, widest: float) -> bool:
        """Return whether a line is as near as a table's: one with text in one column only, as a cell's next line."""
        return gap <= PAUSE * scale.leading or (gap <= SAME_TABLE * widest and len(extents[number]) > 1)

    for first, own in enumerate(extents):
        if len(own) < WIDER_COLUMNS:
            continue
        start, end, rows = first, first + 1, 1
        gaps = narrow(_gaps(own), first)
        for number in range(first + 1, len(lines)):
            gap = lines[number].baseline - lines[number - 1].baseline
            narrowed = narrow(gaps, number) if gaps and gap <= ROW_GAP * scale.leading else None
            if narrowed is None:
                break
            gaps = narrowed
            if len(extents[number]) >= WIDER_COLUMNS:
                rows += 1
                end = number + 1
        if gaps is None or rows < WIDER_ROWS or not _are_columns(gaps, extents[start:end]):
            continue
        if _are_stretched_labels(gaps, [row for row in extents[start:end] if len(row) >= WIDER_COLUMNS], pairs):
            continue
        widest = max(lower.baseline - upper.baseline for upper, lower in itertools.pairwise(lines[start:end]))
        while end < len(lines) and is_near(lines[end].baseline - lines[end - 1].baseline, end, widest):
            narrowed = narrow(gaps, end)
            if narrowed is None:
                break
            gaps, end = narrowed, end + 1
        while start and is_near(lines[start].baseline - lines[start - 1].baseline, start - 1, widest):
            narrowed = narrow(gaps, start - 1)
            if narrowed is None:
                break
            gaps, start = narrowed, start - 1
        return start, end, len(gaps) + 1
    return None


def _are_columns(gaps: Sequence[tuple[float, float]], extents: Sequence[Sequence[tuple[float, float]]]) -> bool:
    """Return whether texts begin, end or have their middle at one x behind each gap: stretched word spaces do not."""
    for _, right in gaps:
        behind = [
            next((extent for extent in own if extent[0] >= right - SAME_COLUMN), None)
            for own in extents
            if len(own) >= WIDER_COLUMNS
        ]
        places = [extent for extent in behind if extent is not None]
        alike = max(
            (
                sum(1 for other in ats if abs(other - at) <= SAME_COLUMN)
                for ats in (
                    [x0 for x0, _ in places],
                    [x1 for _, x1 in places],
                    [(x0 + x1) / 2 for x0, x1 in places],
                )
                for at in ats
            ),
            default=0,
        )
        if alike < COLUMN_SHARE * len(places):
            return False
    return True


def _are_stretched_labels(
    gaps: Sequence[tuple[float, float]],
    rows: Sequence[Sequence[tuple[float, float]]],
    pairs: Callable[[], Sequence[Pair]],
) -> bool:
    """Return whether the columns before the last gap are justified labels, whose few words stand at both sides of one.

    Where they are, they end at one x, and as many other lines of the pages have one text from where they begin to
    beyond the gap, and the next where the last column begins.
    """
    left, start = min(row[0][0] for row in rows), min(row[-1][0] for row in rows)
    # A row may have text in the last column only.
    ends = [max(own) for row in rows if (own := [x1 for x0, x1 in row if x0 < gaps[-1][0]])]
    if not ends or sum(1 for end in ends if abs(end - max(ends)) <= SAME_COLUMN) < COLUMN_SHARE * len(ends):
        return False
    across = sum(
        abs(pair.x0 - left) <= SAME_COLUMN and pair.x1 > gaps[-2][1] and abs(pair.second - start) <= SAME_COLUMN
        for pair in pairs()
    )
    return across >= len(rows)


def _gaps(extents: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    return tuple((left[1], right[0]) for left, right in itertools.pairwise(extents))


def _keep_gaps(
    gaps: Sequence[tuple[float, float]], extents: Sequence[tuple[float, float]], line: GlyphLine
) -> tuple[tuple[float, float], ...] | None:
    """Narrow the gaps between columns by a line's text; None where it closes one of them."""
    kept: list[tuple[float, float]] = []
    for x0, x1 in gaps:
        inside = [extent for extent in extents if extent[0] < x1 and extent[1] > x0]
        left = max([x0, *(extent[1] for extent in inside if extent[0] <= x0)])
        right = min([x1, *(extent[0] for extent in inside if extent[0] > x0)])
        if right - left < LEAST_COLUMN_GAP * line.size:
            return None
        kept.append((left, right))
    return tuple(kept)
