"""Captions: lines that are alike above the tables of every practice; reads a `Document`'s content."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from pipeline.models.row import Row, TextBlock

CAPTION_LINES: Final = 2
"""Most lines of a caption."""
LEAST_CAPTIONS: Final = 3
"""Least number of tables below the same caption: two practices may say the same by chance."""
CAPTIONED_SHARE: Final = 0.8
"""Least share of all tables that have a caption; the share that makes a row a header row (`stitch.repeated`)."""
CAPTIONED_TABLES: Final = 4
"""Least number of tables, each below a line that another one has too: what two practices of two tables print."""


def find_captions(content: Sequence[Row | TextBlock]) -> frozenset[str]:
    """Find the texts of captions.

    A caption recurs above tables, and nearly every table has one: one text above all, or one for each of a practice's
    tables. What recurs in a few places is a remark on these, and no caption, unless each of the tables has such a line.

    Args:
        content: An edition's rows and blocks in reading order.

    Returns:
        The text of each of the captions' lines; none where tables have no captions.
    """
    gaps: list[list[str]] = []
    gap: list[TextBlock] = []
    table = None
    for item in content:
        if isinstance(item, TextBlock):
            gap.append(item)
            continue
        # What is below all tables of a page may be a note on these, or the caption of the next page's table.
        other = item.table != table
        lines = [line.text for block in gap if block.kind == "text" or other for line in block.lines]
        if lines or other:
            gaps.append(lines)
        gap, table = [], item.table
    counts = Counter(text for lines in gaps for text in set(lines[-CAPTION_LINES:]))
    recurring = {text for text, count in counts.items() if count >= LEAST_CAPTIONS}
    captioned = sum(bool(lines) and lines[-1] in recurring for lines in gaps)
    if captioned >= CAPTIONED_SHARE * len(gaps):
        return frozenset(recurring)
    last = Counter(lines[-1] for lines in gaps if lines)
    every = len(gaps) >= CAPTIONED_TABLES and all(lines and last[lines[-1]] > 1 for lines in gaps)
    return frozenset(last if every else ())
