"""The gutter: tables that white space shows, by values that begin at the same x on many lines of many pages."""

from __future__ import annotations

import itertools
import statistics
from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from pipeline.models.layout import TableEvidence
from pipeline.models.page import Fill, Picture
from pipeline.stages.segment.edges import COLUMN_BREAK, SAME_EDGE, Edges
from pipeline.stages.segment.frames import Frame
from pipeline.stages.segment.labels import (
    BEFORE_GUTTER,
    LabelSetting,
    find_label_edges,
    find_labels_between,
    measure_label_type,
    measure_labels,
)
from pipeline.stages.segment.lines import COLUMN_GAP, GlyphLine, split_runs
from pipeline.stages.segment.numbering import are_numbers, split_column_runs, text_before
from pipeline.stages.segment.partition import PAUSE
from pipeline.stages.segment.separators import find_separators
from pipeline.stages.segment.sheet import SAME_COLUMN, Part, Sheet, Style, assign_lines, find_loose_lines
from pipeline.stages.segment.sides import (
    DEEPEST_INDENT,
    GUTTER_CLEAR,
    ROW_GAP,
    find_sides,
    find_type_change,
    is_row_type,
    keeps_clear,
    picture_between,
)
from pipeline.stages.segment.wider import leave_out_wider_tables, list_pairs

MOST_GUTTERS = 12
"""Most gutters that are looked for: a document may set its tables in different widths."""
GUTTER_ROWS = 3
"""Least number of lines that begin at a gutter, over the edition, for it to count."""
GUTTER_LABELS = 2
"""Least number of lines with text on both sides of a gutter for it to count."""
WIDEST_LABEL = 0.52
"""Widest label column, as a share of the table's width: beyond it, the columns are a text set in two columns."""
WIDEST_BESIDE_GRID = 0.45
"""The same in a document that draws its tables as grids: signatures stand in two halves."""
NARROWEST_LABEL = 0.08
"""Narrowest label column, as a share of the table's width."""
LEAST_BESIDE_GRID = 0.5
"""Least white space between a label and its value, as a share of the font size, in a document that draws its tables as
grids: words of running text stand closer."""
SAME_ROW_GAP = 1.5
"""Largest difference, in points, of base line distances between rows that are one: of a label's line and a value's."""


class Extent(NamedTuple):
    """Columns of the tables at one gutter, over all pages, points."""

    x0: float
    boundary: float
    x1: float


def find_gutter_parts(sheets: Sequence[Sheet], style: Style) -> None:
    """Find tables by white space: columns that begin at the same x on many lines of many pages.

    In a document that draws its tables as grids, white space has to show more: lines of one label and one value each,
    no farther apart than those of text, are contact lines and the like.

    Args:
        sheets: The pages, which take the tables.
        style: What all pages show.
    """
    pairs = cache(lambda: list_pairs(sheets))
    for sheet in sheets:
        leave_out_wider_tables(sheet, pairs, style)
    beside_grid = any(part.evidence == "grid" for sheet in sheets for part in sheet.parts)
    widest = WIDEST_BESIDE_GRID if beside_grid else WIDEST_LABEL
    tried: list[float] = []
    for _ in range(MOST_GUTTERS):
        loose = [find_loose_lines(sheet) for sheet in sheets]
        at = _best_gutter(sheets, loose, style, tried, widest)
        if at is None:
            return
        tried.append(at)
        found = [
            (sheet, lines, run)
            for sheet, lines in zip(sheets, loose, strict=True)
            for run in _gutter_runs(sheet, lines, at, style, LEAST_BESIDE_GRID if beside_grid else 0.0)
        ]
        labels = measure_labels([(sheet, run) for sheet, _, run in found], at, style)
        runs = []
        for sheet, lines, run in found:
            trimmed = _trim_run(sheet, run, at, lines, style, labels)
            if trimmed:
                runs.append((sheet, trimmed))
        if beside_grid:
            runs = _keep_sure_runs(sheets, runs, at, style)
        if not runs or _are_lists(runs, at):
            continue
        extent = _gutter_extent(runs, at)
        for sheet, run in runs:
            _add_gutter_part(sheet, run, extent, style)


def _best_gutter(
    sheets: Sequence[Sheet], loose: Sequence[Sequence[GlyphLine]], style: Style, tried: Sequence[float], widest: float
) -> float | None:
    """Give the x at which most lines begin beside a label, but for those tried before; None where none is left."""
    starts: Counter[int] = Counter()
    both: Counter[int] = Counter()
    framed: dict[int, list[Frame]] = {}
    for sheet, lines in zip(sheets, loose, strict=True):
        for line in lines:
            if not is_row_type(line, style):
                continue
            runs = split_column_runs(sheet.page, line)
            if len(runs) > 3:
                continue
            for number, (x0, _) in enumerate(runs):
                starts[round(x0)] += 1
                frame = sheet.frame_of(line)
                if frame is not None:
                    framed.setdefault(round(x0), []).append(frame)
                if number == 1:
                    both[round(x0)] += 1
    if not starts:
        return None
    between = [(start, midway) for lines in loose for _, start, midway in find_labels_between(lines, style)]
    # Tables found before, and text around them, show the width of the page's text as well.
    body = [line for sheet in sheets for line in sheet.body()]
    left = min(line.x0 for line in body)
    right = max(line.x1 for line in body)
    # Values may all be short; where labels stand at their middle, the margins show the width, which are alike.
    margin = max(right, statistics.mode(sheet.page.width for sheet in sheets) - left)
    best: tuple[int, float] | None = None
    for x in starts:
        count = sum(starts[x + shift] for shift in (-1, 0, 1))
        if any(abs(x - other) <= SAME_COLUMN for other in tried):
            continue
        own = [midway for start, midway in between if abs(start - x) <= SAME_COLUMN]
        middle = sum(own) if 2 * sum(own) > len(own) else 0
        own_frames = framed.get(x, [])
        if 2 * len(own_frames) > starts[x]:
            # A frame shows how wide its table is, and that it is one.
            share = (x - own_frames[0].x0) / (own_frames[0].x1 - own_frames[0].x0)
            fits = NARROWEST_LABEL <= share <= WIDEST_LABEL
        else:
            fits = NARROWEST_LABEL <= (x - left) / max((margin if middle else right) - left, 1.0) <= widest
        if count < GUTTER_ROWS or not fits:
            continue
        labelled = sum(both[x + shift] for shift in (-1, 0, 1)) + middle
        if labelled < GUTTER_LABELS:
            continue
        if best is None or (labelled + count, -x) > (best[0], -best[1]):
            best = (labelled + count, float(x))
    if best is None:
        return None
    exact = [
        x0
        for sheet, lines in zip(sheets, loose, strict=True)
        for line in lines
        for x0, _ in split_runs(sheet.page, line)
        if abs(x0 - best[1]) <= 1.6
    ]
    return min(exact) if exact else best[1]


def _gutter_runs(
    sheet: Sheet, lines: Sequence[GlyphLine], at: float, style: Style, least: float
) -> list[list[GlyphLine]]:
    """Find the stretches of consecutive lines that keep clear of the gutter and have text at it.

    `least` is the least white space between label and value, as a share of the font size.
    """
    runs: list[list[GlyphLine]] = []
    current: list[GlyphLine] = []
    edge = at - BEFORE_GUTTER
    label_edges = find_label_edges(sheet, lines, edge)
    clear = [
        line.x0
        for line in lines
        for left, right in (find_sides(sheet.page, line, edge),)
        if left is not None and right is not None and abs(right - at) <= SAME_COLUMN
        if right - left >= COLUMN_GAP * line.size
    ]

    def labels_begin(line: GlyphLine) -> bool:
        """Tell whether a line begins where labels clearly beside a value do, if these begin at one x."""
        alike = bool(clear) and max(clear) - min(clear) <= SAME_COLUMN
        return not alike or abs(line.x0 - clear[0]) <= SAME_COLUMN

    def runs_over(line: GlyphLine) -> bool:
        left, right = find_sides(sheet.page, line, edge)
        over = left is not None and (left > at or (right is not None and right - left < GUTTER_CLEAR * line.size))
        return over and is_row_type(line, style)

    previous: GlyphLine | None = None
    for number, line in enumerate(lines):
        left, right = find_sides(sheet.page, line, edge)
        # Between rows, a label may be wider than its column.
        wide = bool(current) and find_type_change(sheet.page, line, edge) is not None
        fits = wide or keeps_clear(sheet, line, edge, style)
        if fits and not wide and left is not None and label_edges and not label_edges.hold(line.x0, left):
            fits = False
        if fits and left is None and right is not None and right < at - 1.5:
            fits = False
        if fits and not wide and left is not None and right is not None and right - left < least * line.size:
            fits = False
        if fits and not wide and left is not None and right is not None and right - left < COLUMN_GAP * line.size:
            # Words of running text begin at a gutter by chance: the line above or below runs over it.
            near = [*lines[max(number - 1, 0) : number], *lines[number + 1 : number + 2]]
            fits = labels_begin(line) and not any(
                abs(other.baseline - line.baseline) <= PAUSE * style.leading and runs_over(other) for other in near
            )
        if current and previous is not None:
            gap = line.baseline - previous.baseline
            if gap > ROW_GAP * style.leading and not _tied(sheet, previous, line):
                runs.append(current)
                current = []
        if fits:
            current.append(line)
        elif current:
            runs.append(current)
            current = []
        previous = line
    if current:
        runs.append(current)
    return runs


def _tied(sheet: Sheet, upper: GlyphLine, lower: GlyphLine) -> bool:
    """Tell whether a horizontal edge (tall padding) or a picture (in a cell) lies between two lines at a distance."""
    return any(
        upper.bottom - 1 <= edge.at <= lower.top + 1 and edge.end - edge.start > 0.4 * sheet.page.width
        for edge in sheet.edges.horizontal
    ) or picture_between(sheet, upper, lower)


def _trim_run(
    sheet: Sheet, run: list[GlyphLine], at: float, lines: Sequence[GlyphLine], style: Style, labels: LabelSetting
) -> list[GlyphLine]:
    """Cut lines from a stretch's ends that no value stands beside; an empty list where nothing is left."""
    edge = at - BEFORE_GUTTER

    def begins_value(line: GlyphLine) -> bool:
        left, right = find_sides(sheet.page, line, edge)
        if right is None:
            return False
        # A value that is a list begins with its bullet, beside the label.
        indented = left is not None and right - left >= COLUMN_GAP * line.size
        return abs(right - at) <= 2.0 or (indented and at <= right <= at + DEEPEST_INDENT * line.size)

    def belongs(outer: GlyphLine, inner: GlyphLine) -> bool:
        """Tell whether a line at an end is its neighbour's next one, a label with an empty value, or a list's item."""
        apart = abs(inner.baseline - outer.baseline)
        left, right = find_sides(sheet.page, outer, edge)
        if apart <= PAUSE * style.leading:
            return True
        if right is None:
            # No value stands beside it to show it: its type and its distance from the row do, or a picture near it.
            at_label = labels.begins_at(outer.x0) or sheet.frame_of(outer) is not None
            return (at_label and labels.has_type(measure_label_type(sheet, outer, edge))) and (
                any(abs(apart - gap) <= SAME_ROW_GAP for gap in labels.gaps)
                or (outer.baseline > inner.baseline and _has_picture(sheet, outer, edge, style))
            )
        return left is None and at <= right <= at + DEEPEST_INDENT * outer.size and apart <= max(labels.gaps, default=0)

    def is_text(outer: GlyphLine, line: GlyphLine) -> bool:
        """Tell whether a line at an end and the one beyond it, which has words across the gutter, are running text.

        A heading, or a note, is in other type.
        """
        (before, behind), (left, right) = (find_sides(sheet.page, one, edge) for one in (outer, line))
        return (
            is_row_type(outer, style)
            and abs(outer.baseline - line.baseline) <= PAUSE * style.leading
            and before is not None
            and behind is not None
            and behind - before < COLUMN_GAP * outer.size
            and left is not None
            and (right is None or right - left < COLUMN_GAP * line.size)
        )

    start, end = 0, len(run)
    first = next(number for number, line in enumerate(lines) if line is run[0])
    while start < end and first and is_text(lines[first - 1], lines[first]):
        start, first = start + 1, first + 1
    first = first + end - start
    while start < end and first < len(lines) and is_text(lines[first], lines[first - 1]):
        end, first = end - 1, first - 1
    rows = [number for number in range(start, end) if begins_value(run[number])]
    if not rows:
        return []
    first, last = rows[0], rows[-1]
    while first > start and belongs(run[first - 1], run[first]):
        first -= 1
    while last + 1 < end and belongs(run[last + 1], run[last]):
        last += 1
    kept = run[first : last + 1]
    gaps = [
        (right - left) / line.size
        for line in kept
        for left, right in [find_sides(sheet.page, line, at - BEFORE_GUTTER)]
        if left is not None and right is not None
    ]
    # Words of running text begin at a gutter by chance, but with a word space before them.
    if gaps and max(gaps) < COLUMN_GAP:
        return []
    # A stretch without any label is a table's only where it can go on from another page: it begins the page's body.
    if all(find_sides(sheet.page, line, at - BEFORE_GUTTER)[0] is None for line in kept) and kept[0] is not lines[0]:
        return []
    return kept


def _has_picture(sheet: Sheet, line: GlyphLine, edge: float, style: Style) -> bool:
    """Tell whether a picture stands in the value column beside a line, or right above it: a row ends with it."""
    shapes: list[Picture | Fill] = [*sheet.page.pictures, *sheet.edges.fills]
    return any(
        shape.x0 >= edge - SAME_COLUMN
        and shape.top <= line.middle <= shape.bottom + ROW_GAP * style.leading - line.size / 2
        for shape in shapes
    )


def _keep_sure_runs(
    sheets: Sequence[Sheet], runs: Sequence[tuple[Sheet, list[GlyphLine]]], at: float, style: Style
) -> list[tuple[Sheet, list[GlyphLine]]]:
    """Keep the stretches that show more than columns: rows that are set apart, or values that run on, beside labels.

    One without labels goes on with a table that ends the page before.
    """
    places = {id(sheet): place for place, sheet in enumerate(sheets)}
    kept: list[tuple[Sheet, list[GlyphLine]]] = []
    for sheet, run in runs:
        if any(find_sides(sheet.page, line, at - BEFORE_GUTTER)[0] is not None for line in run):
            contacts = sheet.frame_of(run[0]) is None and _is_single_spaced(sheet, run, at, style)
            if contacts or _are_lists([(sheet, run)], at):
                continue
        elif (
            not kept
            or places[id(kept[-1][0])] != places[id(sheet)] - 1
            or kept[-1][1][-1] is not kept[-1][0].body()[-1]
        ):
            continue
        kept.append((sheet, run))
    return kept


def _is_single_spaced(sheet: Sheet, run: Sequence[GlyphLine], at: float, style: Style) -> bool:
    """Tell whether a stretch is lines of one label and one value each, none set apart: no value runs on."""
    edge = at - BEFORE_GUTTER
    sides = [find_sides(sheet.page, line, edge) for line in run]
    return all(left is not None for left, _ in sides) and all(
        lower.baseline - upper.baseline <= PAUSE * style.leading for upper, lower in itertools.pairwise(run)
    )


def _are_lists(runs: Sequence[tuple[Sheet, Sequence[GlyphLine]]], at: float) -> bool:
    """Tell whether what stands before a gutter is numbers or bullets: list items and clauses, no labels."""
    texts = [text for sheet, run in runs for line in run if (text := text_before(sheet.page, line, at - BEFORE_GUTTER))]
    return are_numbers([text for text in texts if any(map(str.isalnum, text))]) or not any(
        character.isalnum() for text in texts for character in text
    )


def _gutter_extent(runs: Sequence[tuple[Sheet, Sequence[GlyphLine]]], at: float) -> Extent:
    edge = at - BEFORE_GUTTER
    lines = [(sheet, line) for sheet, run in runs for line in run]
    label_ends = [left for sheet, line in lines for left in [find_sides(sheet.page, line, edge)[0]] if left is not None]
    label_right = max(label_ends, default=at)
    drawn = [middle for sheet in {id(sheet): sheet for sheet, _ in runs}.values() for middle in _edge_breaks(sheet)]
    drawn = [middle for middle in drawn if label_right - 1 <= middle <= at + 1]
    boundary = (label_right + at) / 2 if label_right < at else edge
    return Extent(
        x0=min(line.x0 for _, line in lines),
        # Where the rules of the columns leave a gap, it shows how far the labels' column reaches.
        boundary=statistics.median(drawn) if len(drawn) >= GUTTER_LABELS else boundary,
        x1=max(line.x1 for _, line in lines),
    )


def _edge_breaks(sheet: Sheet) -> list[float]:
    """Give the middles, points, of the gaps between horizontal edges at one height: the columns' own rules or fills."""
    return [
        (left.end + right.start) / 2
        for left, right in itertools.pairwise(sorted(sheet.edges.horizontal, key=lambda edge: (edge.at, edge.start)))
        if abs(left.at - right.at) <= SAME_EDGE and 0 < right.start - left.end <= COLUMN_BREAK
    ]


def _add_gutter_part(sheet: Sheet, run: Sequence[GlyphLine], extent: Extent, style: Style) -> None:
    x0, boundary, x1 = extent
    top = min(line.top for line in run)
    bottom = max(line.bottom for line in run)
    near = [item for item in sheet.edges.horizontal if top - 2 * style.leading <= item.at <= bottom + 2 * style.leading]
    # The columns may have rules of their own, with a gap between them.
    x0, x1 = (
        max([item.start for item in near if item.start <= x0 + SAME_EDGE and item.end >= x0] or [x0]),
        min([item.end for item in near if item.start <= x1 and item.end >= x1 - SAME_EDGE] or [x1]),
    )
    drawn = [(other.top - SAME_EDGE, other.bottom + SAME_EDGE) for other in sheet.parts if other.evidence == "grid"]
    edges = Edges(
        sheet.edges.vertical,
        tuple(edge for edge in sheet.edges.horizontal if not any(upper <= edge.at <= lower for upper, lower in drawn)),
        sheet.edges.fills,
    )
    separators, kinds = find_separators(edges, x0, boundary, x1, top - 2 * style.leading, bottom + 2 * style.leading)
    evidence: TableEvidence = "rules" if "rule" in kinds else "fills" if kinds else "gutter"
    # An edge beyond another line is none of this table's.
    ceiling = max((line.bottom for line in sheet.body() if line.bottom <= top), default=0.0)
    floor = min((line.top for line in sheet.body() if line.top >= bottom), default=sheet.page.height)
    upper = [value for value in separators if ceiling - 1 <= value <= top + 1]
    lower = [value for value in separators if bottom - 1 <= value <= floor + 1]
    part = Part(boundary, (x0, max(upper) if upper else top, x1, min(lower) if lower else bottom), evidence)
    part.separators = [value for value in separators if top + 1 < value < bottom - 1]
    if "rule" in kinds:
        part.closed_top = bool(upper)
        part.closed_bottom = bool(lower)
    part.at_gutter = True
    part.numbering = _numbering_gutter(sheet, run, boundary)
    edge = boundary - BEFORE_GUTTER
    for line in run:
        left, right = find_sides(sheet.page, line, boundary)
        touches = left is not None and (
            left > boundary or (right is not None and right - left < GUTTER_CLEAR * line.size)
        )
        cut = find_type_change(sheet.page, line, edge) if touches else None
        assign_lines(sheet, part, [line], cut)
    sheet.parts.append(part)


def _numbering_gutter(sheet: Sheet, run: Sequence[GlyphLine], boundary: float) -> float | None:
    """Give the x behind a numbering column that white space shows; None where there is none."""
    starts: Counter[float] = Counter()
    left = min(line.x0 for line in run)
    for line in run:
        for number, (x0, _) in enumerate(split_runs(sheet.page, line)):
            if x0 < boundary and (number == 1 or (number == 0 and x0 > left + COLUMN_GAP * line.size)):
                starts[round(x0, 0)] += 1
    for at, count in starts.most_common(1):
        if count < GUTTER_LABELS or at - left < COLUMN_GAP * run[0].size:
            return None
        texts = [text for text in (text_before(sheet.page, line, at - BEFORE_GUTTER) for line in run) if text]
        if are_numbers(texts):
            return at - BEFORE_GUTTER
    return None
