"""How an edition sets its paragraphs, as its own lines show it."""

import re
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

from pipeline.models.layout import TextLine
from pipeline.models.row import ParagraphStyle
from pipeline.text.lines import HYPHENS, is_same_size, would_fit
from pipeline.text.markers import find_marker
from pipeline.text.urls import OPENED_URL, goes_on_opened

PARAGRAPH_GAP: Final = 0.28
"""Base line distance beyond the leading, as a share of the font size, that parts paragraphs."""
SMALL_GAP: Final = 0.4
"""The same share up to which the gap of paragraphs is measured from the edition's lines."""
LEAST_GAPS: Final = 2
"""Least number of such gaps, below lines with room for the next word, that show how paragraphs are parted."""
LEAST_APART: Final = 5
"""Least number of lines that end early with white space below for paragraphs to be set apart by it."""
SHOWN_SHARE: Final = 0.9
"""Least share of lines that agree for an edition to show a habit: white space below nearly all lines that end early,
or tags that divide cells where room and white space do."""
BASELINE_ROUNDING: Final = 0.8
"""Most, in points, that rounding adds to a base line distance (Chromium places lines on multiples of 0.75)."""
EARLY: Final = 2.0
"""Least room, as a multiple of the font size, behind a line that ends early."""
NUMBERISH: Final = re.compile(r"^[(\[„“\"']?[~≈+±]?\d[\d.,:/–-]*[.)%]?$")
"""A token that is glued to what follows it: `10`, `45`, `35.`, `(6)`."""


def measure_setting(cells: Sequence[tuple[Sequence[TextLine], float]], leading: float) -> ParagraphStyle:
    """Measure how an edition's values are set.

    Args:
        cells: The lines of each value cell, as they are on one page, and the right edge that they can reach, points.
        leading: Their usual base line distance, points.

    Returns:
        What they show of the setting.
    """
    lines = [(line, right) for own, right in cells for line in own if line.words]
    pairs = [
        (upper, lower, would_fit(upper, lower, right))
        for own, right in cells
        for upper, lower in pairwise(line for line in own if line.words)
    ]
    ends = [(upper.words[-1].text, lower.words[0].text, room) for upper, lower, room in pairs]
    sizes = Counter(line.size for line, _ in lines)
    size = max(sizes, key=lambda size: (sizes[size], size), default=None)
    early = [measure_space(line) for line, right in lines if right - line.box.x1 > EARLY * line.size]
    spaces = [space for space in early if space is not None]
    gaps = [is_apart(upper, lower, leading) for upper, lower, room in pairs if room and find_marker(lower) is None]
    tagged = [
        parted == (room or is_apart(upper, lower, leading))
        for upper, lower, room in pairs
        if (parted := is_parted_by_tags(upper, lower)) is not None
    ]
    return ParagraphStyle(
        size=size,
        space=statistics.median(spaces) if spaces else None,
        paragraph_gap=None if size is None else _paragraph_gap(pairs, leading, size),
        set_apart=sum(gaps) >= max(LEAST_APART, SHOWN_SHARE * len(gaps)),
        whole_urls=not any(OPENED_URL.search(last) and goes_on_opened(last, first) for last, first, _ in ends),
        whole_numbers=not any(
            len(upper.words) > 1 and NUMBERISH.match(last) and first[0].islower() and not room
            for (last, first, room), (upper, *_) in zip(ends, pairs, strict=True)
        ),
        conjunctions=list_conjunctions(line for line, _ in lines),
        tagged=bool(tagged) and sum(tagged) >= SHOWN_SHARE * len(tagged),
    )


def list_conjunctions(lines: Iterable[TextLine]) -> tuple[str, ...]:
    """List the words that are behind a hyphen and a space inside lines (`multi- und interkulturell`).

    Args:
        lines: Lines of an edition.

    Returns:
        The words: before them a hyphen that ends a line is suspended, too, and keeps its space.
    """
    found = {
        after
        for line in lines
        if "- " in line.text
        for before, after in pairwise(word.text for word in line.words)
        if len(before) > 1 and before[-1] in HYPHENS and before[-2].isalpha() and after.isalpha() and after.islower()
    }
    return tuple(sorted(found))


def _paragraph_gap(pairs: Sequence[tuple[TextLine, TextLine, bool]], leading: float, size: float) -> float | None:
    """Return the gap that parts an edition's paragraphs where it is a small one, as a share of the font size.

    Such a gap is mostly below lines that leave room for the next word; lines that a letter of another font or a
    raised mark moves away from those above them are mostly below full ones.
    """
    small = [
        (gap / size, room)
        for upper, lower, room in pairs
        if is_same_size(upper.size, size) and is_same_size(lower.size, size)
        if BASELINE_ROUNDING < (gap := lower.baseline - upper.baseline - leading) <= SMALL_GAP * size
    ]
    ended = [gap for gap, room in small if room]
    return statistics.median(ended) / 2 if len(ended) >= max(LEAST_GAPS, len(small) / 2) else None


def is_apart(upper: TextLine, lower: TextLine, leading: float, setting: ParagraphStyle | None = None) -> bool:
    """Return whether white space parts two lines of a page.

    Args:
        upper: The upper line.
        lower: The lower one.
        leading: Usual base line distance, points.
        setting: How the edition sets paragraphs, where that is known: its gaps may be small.
    """
    least = PARAGRAPH_GAP * max(upper.size, lower.size)
    size, gap = (None, None) if setting is None else (setting.size, setting.paragraph_gap)
    if size is not None and gap is not None and is_same_size(upper.size, size) and is_same_size(lower.size, size):
        least = max(gap * size, BASELINE_ROUNDING)
    return lower.baseline - upper.baseline > leading + least


def is_parted_by_tags(upper: TextLine, lower: TextLine) -> bool | None:
    """Return whether tags put two lines of a page into different paragraphs; None where they do not say."""
    if not upper.tag_block or not lower.tag_block or upper.box.page != lower.box.page:
        return None
    return upper.tag_block != lower.tag_block


def measure_space(line: TextLine) -> float | None:
    """Measure the usual distance of a line's words as a share of the font size; None of a single word."""
    gaps = [after.x0 - before.x1 for before, after in pairwise(line.words)]
    return statistics.median(gaps) / line.size if gaps else None
