"""Running lines in larger type: what recurs at one place on pages, from their edges inwards."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from pipeline.stages.segment.leaf import Leaf
from pipeline.stages.segment.lines import read_line

SAME_HEIGHT = 3.0
"""Largest difference in height, in points, of the same running line on two pages."""
DEEPEST = 0.22
"""Share of the page's height, at either edge, in which running lines stand."""
LEAST_SHARE = 0.8
"""Least share of the pages on which a running line of any type stands."""
LARGER_TYPE = 1.12
"""Ratio to the body's font size from which a line is set larger."""
NUMBER = re.compile(r"\d+")


def find_recurring(leaves: Sequence[Leaf], bounded: Sequence[set[int]], body_size: float) -> list[set[int]]:
    """Find lines in larger type that read the same at one place on nearly all pages, and those beyond them.

    Args:
        leaves: The pages.
        bounded: For each page the numbers of the lines in cells, which are none.
        body_size: Font size of most text, points: in larger type, numbers must be the same, too.

    Returns:
        For each page the numbers of its running lines.
    """
    kept: list[set[int]] = [set() for _ in leaves]
    least = max(2, LEAST_SHARE * len(leaves))
    for from_top in (True, False):
        found: list[set[int]] = [set() for _ in leaves]
        open_pages = {page for page, leaf in enumerate(leaves) if leaf.lines}
        while len(open_pages) >= least:
            outer: dict[int, int] = {}
            groups: dict[str, list[tuple[float, int]]] = defaultdict(list)
            for page in open_pages:
                leaf = leaves[page]
                order = range(len(leaf.lines)) if from_top else range(len(leaf.lines) - 1, -1, -1)
                number = next((one for one in order if one not in found[page]), None)
                if number is None or number in bounded[page]:
                    continue
                line = leaf.lines[number]
                height = line.baseline if from_top else leaf.page.height - line.baseline
                if height > DEEPEST * leaf.page.height:
                    continue
                outer[page] = number
                text = read_line(leaf.page, line)
                masked = text if line.size > LARGER_TYPE * body_size else NUMBER.sub("#", text)
                groups[masked].append((height, page))
            taken: set[int] = set()
            for entries in groups.values():
                entries.sort()
                for height, page in entries:
                    near = {other for at, other in entries if abs(at - height) <= SAME_HEIGHT}
                    if len(near) >= least:
                        taken.add(page)
            if not taken:
                break
            for page in taken:
                found[page].add(outer[page])
                larger = leaves[page].lines[outer[page]].size > LARGER_TYPE * body_size
                # On two pages, chapters may share their heading: what follows it decides.
                if larger and (len(taken) > 2 or len(found[page]) > 1):
                    kept[page] |= found[page]
            open_pages = taken
        if from_top and _begin_alike(leaves, found):
            kept = [set() for _ in leaves]
    return kept


def _begin_alike(leaves: Sequence[Leaf], found: Sequence[set[int]]) -> bool:
    """Return whether what follows begins with the same text on all pages: a table begins there, below its heading."""
    begins = []
    for leaf, own in zip(leaves, found, strict=True):
        following = next((pieces for n, pieces in enumerate(leaf.pieces) if own and n > max(own) and pieces), None)
        if following is not None:
            begins.append(following[0].text)
    return len(begins) > 1 and len(set(begins)) == 1
