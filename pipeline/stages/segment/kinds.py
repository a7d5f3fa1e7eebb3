"""Kinds of tables: those of one document may be set differently, and what parts one's rows says nothing of another.

A grid and a table of white space can stand on one page. How rows are set is measured of each kind by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.stages.segment.leaf import Leaf
from pipeline.stages.segment.sheet import SAME_COLUMN, Kind, Part


def tell_kinds(sheets: Sequence[Leaf]) -> dict[Kind, list[tuple[Leaf, Part]]]:
    """Return for each table by what its rows are set.

    What stands at a gutter, in the columns that coloured cells show elsewhere, is such a table's unfilled row. Where a
    grid is drawn, each cell has its edges, and text in its columns without them is none of its rows.

    Args:
        sheets: The pages, whose tables take their kinds.

    Returns:
        The parts of each kind, each with its page.
    """
    parts = [(sheet, part) for sheet in sheets for part in sheet.parts]
    gridded = [part.boundary for _, part in parts if part.evidence == "grid"]
    shown = [part.boundary for _, part in parts if not part.at_gutter and not _is_near(part.boundary, gridded)]
    ruled = [part.boundary for _, part in parts if part.at_gutter and part.evidence != "gutter"]
    kinds: dict[Kind, list[tuple[Leaf, Part]]] = {"edges": [], "ruled": [], "bare": []}
    for sheet, part in parts:
        if part.at_gutter and not _holds_boundary(sheet, part, shown):
            part.kind = "ruled" if _is_near(part.boundary, ruled) else "bare"
        kinds[part.kind].append((sheet, part))
    return kinds


def _is_near(at: float, others: Sequence[float]) -> bool:
    return any(abs(at - other) <= SAME_COLUMN for other in others)


def _holds_boundary(sheet: Leaf, part: Part, boundaries: Sequence[float]) -> bool:
    """Return whether one of other tables' boundaries stands between a part's labels and its values."""
    left = max([line.x1 for line in part.label_lines(sheet.page)], default=part.x0)
    right = min([line.x0 for line in part.value_lines(sheet.page)], default=part.x1)
    return any(left - 1 <= at <= right + 1 for at in boundaries)
