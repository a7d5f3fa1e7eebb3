"""The leading of a text, from the distances of its base lines: for segment, and for stitch, which knows its rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

LEAST_LEADING = 0.95
"""Least base line distance of two lines, as a multiple of the font size: less is a raised mark's."""
USUAL_SHARE = 0.08
"""Least share that makes a size or distance usual: of all glyphs, and of the most frequent base line distance's number.
Notes have fewer glyphs."""
SAME_LEADING = 1.1
"""Ratio up to which two base line distances are one, rounded: Chromium's steps of 0.75 points are 1.09 at 8 points,
and a gap between paragraphs may be as small as 1.14."""


def choose_leading(distances: Counter[float], inside: Collection[float] = ()) -> float | None:
    """Choose the usual base line distance inside paragraphs.

    Of lists and short paragraphs most base lines are a paragraph's gap apart, so the usual distance within paragraphs
    is the least that is no exception; of two nearly equal ones (rounding) the larger is the safer measure of a gap.

    Args:
        distances: Base line distances, points, rounded, with their numbers.
        inside: Those among them that are known to be within paragraphs; empty where none is.

    Returns:
        The distance, points; None where there is none.
    """
    if not distances:
        return None
    enough = max(2, USUAL_SHARE * max(distances.values()))
    common = list(inside) or [distance for distance, count in distances.items() if count >= enough] or list(distances)
    return max(distance for distance in common if distance <= SAME_LEADING * min(common))
