"""Columns of values that are below their labels: indented, at the same edge in another type, or where edges show it."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final, NamedTuple

from pipeline.stages.segment.columns import INDENT, SAME_START, ColumnCandidate
from pipeline.stages.segment.edges import Edge, run_along
from pipeline.stages.segment.labels import Labels
from pipeline.stages.segment.lines import COLUMN_GAP, group_lines, make_text_line
from pipeline.stages.segment.page_analysis import PageTokens, Piece, Strip
from pipeline.stages.segment.region import TypeScale
from pipeline.text.lines import (
    FULL_STOPS,
    LARGER_TYPE,
    LEAST,
    MEASURED_LINES,
    SMALLER_TYPE,
    ends_sentence,
    is_same_size,
)
from pipeline.text.markers import find_marker
from pipeline.text.weights import WEIGHTS as W

LONGEST_BELOW: Final = 4
"""Most lines of half of the values that are below their labels: running text below headings is longer."""
Look = tuple[int, float, bool]
"""Where a line begins, rounded to points, its font size, points, and whether it is bold."""


class _Field(NamedTuple):
    """A label, the lines of its value below it, and whether another label, or nothing, follows these."""

    label: Strip
    values: list[Strip]
    whole: bool


def find_values_below(pages: Sequence[PageTokens], scale: TypeScale, *, drawn: bool) -> list[ColumnCandidate]:
    """Propose columns of values that are below their labels, where these follow one another in one type.

    Where values are indented, most labels recur and values do not, as in the chapters of a booklet: text above
    quotations, headings, and entries of a list are not there again. Where they begin with their labels, these are bold
    or smaller, and many, as in a form, and some values are words: text below headings is in sentences.

    Args:
        pages: The pages.
        scale: The type of the document's text.
        drawn: Whether edges show columns: then other labels are headings.
    """
    lines = [strip for page in pages for strip in page.strips]
    found: dict[tuple[Look, bool], list[_Field]] = defaultdict(list)
    for number, label in enumerate(lines[:-1]):
        for level in (True, False):
            end = number + 1
            while end < len(lines) and _is_under(lines[end], label, lines[number + 1], scale, level=level):
                end += 1
            if end > number + 1:
                whole = end == len(lines) or _look(lines[end]) == _look(label)
                found[_look(label), level].append(_Field(label, lines[number + 1 : end], whole))
    candidates = []
    for (look, level), fields in found.items():
        own = [field for field in fields if _is_below(field)]
        labels, values = [field.label.pieces[0] for field in own], [field.values[0].pieces[0] for field in own]
        again = [sum(n for n in Counter(p.text for p in column).values() if n > 1) for column in (labels, values)]
        shown = not drawn and _are_fields(own) if level else again[0] > len(own) / 2 > again[1]
        if shown and median(len(field.values) if field.whole else math.inf for field in own) <= LONGEST_BELOW:
            held = lines[lines.index(own[0].label) : lines.index(own[-1].values[-1]) + 1] if level else []
            under = {line for field in fields for line in field.values}
            heads = frozenset(line for line in held if _look(line) == look)
            candidates.append(
                ColumnCandidate(
                    start=Counter(round(p.x0, 1) for p in values).most_common(1)[0][0],
                    labels=Labels([[piece] for piece in labels]),
                    between=len(own),
                    below=True,
                    lines=heads.union(line for line in held if line in under),
                    heads=heads,
                )
            )
    return candidates


def _look(strip: Strip) -> Look:
    return round(strip.x0), *strip.pieces[0].type


def _is_under(strip: Strip, label: Strip, first: Strip, scale: TypeScale, *, level: bool) -> bool:
    """Return whether a line may be of the value of a label above it, which begins where the label does, or behind it.

    Args:
        strip: The line.
        label: The label.
        first: The value's first line.
        scale: The type of the document's text.
        level: Whether it begins where the label does, or else behind it.
    """
    shift = strip.x0 - label.x0
    if not level:
        return shift > SAME_START
    alike = strip.pieces[0].type != label.pieces[0].type and is_same_size(strip.size, first.size)
    return alike and -SAME_START <= shift <= INDENT * strip.size and strip.above <= W["far_gap"] * scale.leading


def _is_below(field: _Field) -> bool:
    """Return whether a value is below a label in another type; clauses are no labels, indented items no values."""
    pieces: list[Piece] = [*field.label.pieces, *field.values[0].pieces]
    if len(pieces) != 2:
        return False
    label, value = pieces
    if label.type == value.type or label.text[:1].isdecimal() or value.x0 - label.x0 > INDENT * value.size:
        return False
    level = value.x0 <= label.x0 + SAME_START
    return level or find_marker(make_text_line(value.page, group_lines(value.page, value.ids)[0])) is None


def _are_fields(fields: Sequence[_Field]) -> bool:
    """Return whether labels above values are those of a form, and no headings: their text may have an indented line."""
    distinct = []
    for field in fields:
        label, value = field.label.pieces[0], field.values[0].pieces[0]
        smaller = label.size < SMALLER_TYPE * value.size
        distinct += [field] if smaller or (label.bold > value.bold and label.size < LARGER_TYPE * value.size) else []
    even = [field for field in distinct if len({line.x0 <= field.label.x0 + SAME_START for line in field.values}) == 1]
    words = [field for field in distinct if not ends_sentence(field.values[-1].pieces[-1].text, FULL_STOPS)]
    return len(distinct) == len(fields) >= MEASURED_LINES and 2 * len(even) > len(fields) and len(words) >= LEAST


def find_ruled_values(pages: Sequence[PageTokens], known: Sequence[ColumnCandidate]) -> list[ColumnCandidate]:
    """Propose columns of values that begin on the line below their labels, where edges show the rows.

    They are to the right of all labels, between rules along both; or below them, in a box around both.

    Args:
        pages: The pages.
        known: The candidates that are known.
    """
    beside: dict[int, list[_Field]] = defaultdict(list)
    boxes: dict[int, list[list[Strip]]] = defaultdict(list)
    for page in pages:
        for cell in _list_cells(page.strips):
            right = max(line.x1 for line in cell)
            levels = [line.x0 > cell[0].x0 + SAME_START for line in cell]
            ends = levels.index(True) if True in levels else len(cell)
            labels, values = cell[:ends], cell[ends:]
            if _is_between(page.body.edges.vertical, cell, right):
                boxes[round(cell[0].x0)].append(cell)
            elif values and all(len(line.pieces) == 1 for line in labels):
                start, end = min(line.x0 for line in values), max(line.x1 for line in labels)
                if start - end >= COLUMN_GAP * labels[0].size:
                    beside[round(start)].append(_Field(labels[0], values, whole=True))
    found = []
    for fields in beside.values():
        start = min(line.x0 for field in fields for line in field.values)
        near = any(own.boundary is None and abs(own.start - start) <= W["same_start"] for own in known)
        if len(fields) >= LEAST and not near:
            found.append(ColumnCandidate(start=start, labels=Labels([field.label.pieces for field in fields])))
    for cells in boxes.values():
        found += _make_boxes(cells)
    return found


def _list_cells(strips: Sequence[Strip]) -> list[list[Strip]]:
    """List lines of a page that are between two horizontal edges along all of them."""
    cells: list[list[Strip]] = []
    own: list[Strip] = []
    for strip in strips:
        own.append(strip)
        if run_along(strip.edges[1], strip.x0, strip.x1):
            x0, x1 = min(line.x0 for line in own), max(line.x1 for line in own)
            if all(run_along(edges, x0, x1) for edges in (own[0].edges[0], strip.edges[1])):
                cells.append(own)
            own = []
    return cells


def _is_between(edges: Sequence[Edge], cell: Sequence[Strip], right: float) -> bool:
    """Return whether vertical edges are at both sides of lines, whose right edge is given (points)."""
    left, stretch = min(line.x0 for line in cell), (cell[0].top, cell[-1].bottom)
    sides = [edge for edge in edges if edge.at < left], [edge for edge in edges if edge.at > right]
    return all(run_along(side, *stretch) for side in sides)


def _make_boxes(cells: Sequence[list[Strip]]) -> list[ColumnCandidate]:
    """Propose columns of boxes, each of a label above its value, where most values are words, and no text."""
    found = []
    filled = [cell for cell in cells if len(cell) > 1 and len(cell[0].pieces) == 1]
    for look in sorted({_look(cell[0]) for cell in filled}):
        own = [(cell, _count_label(cell)) for cell in filled if _look(cell[0]) == look]
        signs = Counter(sign for cell, count in own for sign in _list_signs(cell[0].pieces[0], cell[count].pieces[0]))
        words = [cell for cell, _ in own if not ends_sentence(cell[-1].pieces[-1].text, FULL_STOPS)]
        short = median(len(cell) - count for cell, count in own) <= LONGEST_BELOW
        if len(own) < LEAST or max(signs.values(), default=0) < len(own) or 2 * len(words) <= len(own) or not short:
            continue
        # A box that begins a page may hold the rest of a value.
        heads = [line for cell in cells if _look(cell[0]) == look for line in cell[: _count_label(cell)]]
        lines = (line for cell in cells if _look(cell[0]) == look or cell[0].before is None for line in cell)
        found.append(
            ColumnCandidate(
                start=Counter(round(cell[n].x0, 1) for cell, n in own).most_common(1)[0][0],
                labels=Labels([line.pieces for line in heads]),
                between=len(own),
                below=True,
                lines=frozenset(lines),
                heads=frozenset(heads),
            )
        )
    return found


def _count_label(cell: Sequence[Strip]) -> int:
    """Count the lines of a box's label: of those in one type at its beginning, or one where all are."""
    return next((n for n, line in enumerate(cell) if line.pieces[0].type != cell[0].pieces[0].type), 1)


def _list_signs(label: Piece, value: Piece) -> Iterator[str]:
    """List what tells the label of a box from its value."""
    if label.size < LARGER_TYPE * value.size:
        if label.size < SMALLER_TYPE * value.size:
            yield "smaller"
        if label.bold and not value.bold:
            yield "bold"
        if label.text.isupper() and not value.text.isupper():
            yield "upper case"
        if label.text.endswith(":") and not value.text.endswith(":"):
            yield "colon"
