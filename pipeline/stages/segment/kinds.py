"""Kinds of tables: those of one document may be set differently, and what parts one's rows says nothing of another.

A grid and a table of white space can stand on one page. How rows are set is measured of each kind by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.stages.segment.leaf import Leaf
from pipeline.stages.segment.region import SAME_COLUMN, Kind, Region


def tell_kinds(leaves: Sequence[Leaf]) -> dict[Kind, list[tuple[Leaf, Region]]]:
    """Return for each table by what its rows are set.

    What stands at a gutter, in the columns that coloured cells show elsewhere, is such a table's unfilled row. Where a
    grid is drawn, each cell has its edges, and text in its columns without them is none of its rows.

    Args:
        leaves: The pages, whose tables take their kinds.

    Returns:
        The parts of each kind, each with its page.
    """
    regions = [(leaf, region) for leaf in leaves for region in leaf.regions]
    gridded = [own.boundary for _, own in regions if own.evidence == "grid"]
    shown = [own.boundary for _, own in regions if not own.at_gutter and not _is_near(own.boundary, gridded)]
    ruled = [own.boundary for _, own in regions if own.at_gutter and own.evidence != "gutter"]
    kinds: dict[Kind, list[tuple[Leaf, Region]]] = {"edges": [], "ruled": [], "bare": []}
    for leaf, region in regions:
        if region.at_gutter and not _holds_boundary(leaf, region, shown):
            region.kind = "ruled" if _is_near(region.boundary, ruled) else "bare"
        kinds[region.kind].append((leaf, region))
    return kinds


def _is_near(at: float, others: Sequence[float]) -> bool:
    return any(abs(at - other) <= SAME_COLUMN for other in others)


def _holds_boundary(leaf: Leaf, region: Region, boundaries: Sequence[float]) -> bool:
    """Return whether one of other tables' boundaries stands between a region's labels and its values."""
    left = max([line.x1 for line in region.label_lines(leaf.page)], default=region.x0)
    right = min([line.x0 for line in region.value_lines(leaf.page)], default=region.x1)
    return any(left - 1 <= at <= right + 1 for at in boundaries)
