"""Columns of values that are indented below their labels."""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median

from pipeline.stages.segment.columns import INDENT, SAME_START, ColumnCandidate
from pipeline.stages.segment.lines import group_lines, make_text_line
from pipeline.stages.segment.page_analysis import Piece, Strip
from pipeline.text.markers import find_marker

LONGEST_BELOW = 4
"""Most lines of half of the values that are below their labels: running text below headings is longer."""


def find_values_below(strips: Sequence[Sequence[Strip]]) -> list[ColumnCandidate]:
    """Propose columns of values that are indented below their labels, where these follow one another in one type.

    Most labels recur and values do not, as in the chapters of a booklet: text above quotations, headings, and entries
    of a list are not there again.

    Args:
        strips: The lines of each page.
    """
    found: dict[tuple[int, float, bool], list[tuple[Piece, Piece, float]]] = defaultdict(list)
    for label in (strip for page in strips for strip in page):
        lines, lower = 0, label.after
        while lower is not None and lower.x0 > label.x0 + SAME_START:
            lines, lower = lines + 1, lower.after
        kind, *others = [(round(s.x0), *s.pieces[0].type) for s in (label, lower) if s is not None]
        pieces = [*label.pieces, *(label.after.pieces if lines and label.after is not None else [])]
        if lines and len(pieces) == 2 and _is_below(*pieces):
            found[kind].append((pieces[0], pieces[1], lines if others in ([], [kind]) else math.inf))
    candidates = []
    for own in found.values():
        labels, values, runs = zip(*own, strict=True)
        again = [sum(n for n in Counter(p.text for p in column).values() if n > 1) for column in (labels, values)]
        if again[0] > len(own) / 2 > again[1] and median(runs) <= LONGEST_BELOW:
            candidates.append(ColumnCandidate(Counter(round(p.x0, 1) for p in values).most_common(1)[0][0]))
            candidates[-1].below, candidates[-1].between = True, len(own)
            for label in labels:
                candidates[-1].add([label])
    return candidates


def _is_below(label: Piece, value: Piece) -> bool:
    """Return whether a value is indented below a label in another type; list items are none, and clauses no labels."""
    if label.type == value.type or label.text[:1].isdecimal() or value.x0 - label.x0 > INDENT * value.size:
        return False
    return find_marker(make_text_line(value.page, group_lines(value.page, value.ids)[0])) is None
