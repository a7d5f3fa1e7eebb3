"""The leading of a text, from the distances of its base lines: for segment, and for stitch, which knows its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

LEAST_LEADING = 0.95
"""Least base line distance of two lines, as a multiple of the font size: less is a raised mark's."""
USUAL_SHARE = 0.08
"""Least share that makes a size or distance usual: of all glyphs, and of the most frequent base line distance's number.
Notes have fewer glyphs."""
SAME_LEADING = 1.1
"""Ratio up to which two base line distances are one, rounded: Chromium's steps of 0.75 points are 1.09 at 8 points,
and a gap between paragraphs may be as small as 1.14."""


def choose_leading(distances: Iterable[tuple[float, bool]]) -> float | None:
    """Choose the usual base line distance inside paragraphs.

    Of lists and short paragraphs most base lines are a paragraph's gap apart, so the usual distance within paragraphs
    is the least that is no exception; of two nearly equal ones (rounding) the larger is the safer measure of a gap.

    Args:
        distances: Base line distances, points, each with whether it is known to be within a paragraph; where some are,
            the others do not count.

    Returns:
        The distance, points, rounded; None where there is none.
    """
    rounded = [(round(2 * distance) / 2, within) for distance, within in distances]
    counts = Counter(distance for distance, within in rounded if within) or Counter(own for own, _ in rounded)
    enough = max(2, USUAL_SHARE * max(counts.values(), default=0))
    common = [distance for distance, count in counts.items() if count >= enough] or list(counts)
    return max((distance for distance in common if distance <= SAME_LEADING * min(common)), default=None)
