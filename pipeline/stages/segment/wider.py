"""What white space alone shows to be no label and text tables: those of three or more columns, and text in two."""

import itertools
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final

from pipeline.stages.segment.columns import FULL_LINES, SAME_START
from pipeline.stages.segment.division import PAUSE
from pipeline.stages.segment.lines import COLUMN_GAP
from pipeline.stages.segment.page_analysis import PageBody, Strip, WideTable
from pipeline.stages.segment.region import SAME_COLUMN, TypeScale
from pipeline.text.lines import LEAST, MEASURED_LINES, NEARLY_ALL
from pipeline.text.markers import BULLET_GAP, is_number
from pipeline.text.weights import WEIGHTS as W

COLUMN_SHARE: Final = 0.6
"""Least share of these lines whose text begins, ends or has its middle at one x."""
LEAST_COLUMN_GAP: Final = 0.5
"""Least white space, as a share of the font size, that all its lines leave between two columns."""
SAME_TABLE: Final = 1.3
"""Ratio of a base line distance to the largest inside a table up to which the next line may be the table's."""
ROW_GAP: Final = 3.2
"""Largest base line distance, as a multiple of the leading, inside a table that white space alone shows."""
NARROWEST_TEXT: Final = 10.0
"""Least width of a column of running text, as a multiple of the font size: some twenty letters."""

Extents = tuple[tuple[float, float], ...]
"""Left and right edges, points, of what is next to each other."""


def take_out_wider_tables(
    bodies: Sequence[PageBody], strips: Sequence[Sequence[Strip]], scale: TypeScale
) -> Iterator[tuple[list[Strip], list[WideTable]]]:
    """Take out running text in two columns, and tables of three or more, but for lines that tags put into rows.

    Several lines of such a table have text in three columns, and share the gaps between them: running text has a wide
    gap by chance, but not at the same place on line after line.

    Args:
        bodies: The pages.
        strips: For each page its lines outside the blocks.
        scale: What all pages show.

    Yields:
        For each page its other lines, and the tables.
    """
    loose = [[s for s in own if not any(at.row > 0 for p in s.pieces for at in p.places)] for own in strips]
    texts = [_find_running_text(own, W["near_gap"] * scale.leading) for own in loose]
    loose = [[strip for strip in own if strip not in text] for own, text in zip(loose, texts, strict=True)]
    rows = [[_split(strip) for strip in own] for own in loose]
    pairs = [row for own in rows for row in own if len(row) == 2]
    for page, body in enumerate(bodies):
        inside = set(texts[page])
        wide: list[WideTable] = []
        for columns, table in _find_tables(loose[page], rows[page], pairs, scale):
            ids = {index for strip in table for index in strip.ids}
            wide.append(WideTable(columns, [line for line in body.lines if not ids.isdisjoint(line.ids)]))
            inside.update(table)
        yield [strip for strip in strips[page] if strip not in inside], wide


def _find_running_text(strips: Sequence[Strip], near: float) -> set[Strip]:
    """Find text in two columns of one width and one type, most of whose lines are full, without edges or colours.

    Lines that are at most `near` above it or below, points, are of it, too.
    """
    starts = Counter(round(piece.x0) for strip in strips for piece in strip.pieces[1:])
    x = max(starts, key=starts.__getitem__, default=0)
    own = [strip for strip in strips if any(abs(piece.x0 - x) <= SAME_START for piece in strip.pieces[1:])]
    if len(own) < MEASURED_LINES or any(strip.area is not None or strip.edges[0] for strip in own[1:]):
        return set()
    left = [max([p.x1 for p in strip.pieces if p.x0 < x - SAME_START], default=x) - strip.x0 for strip in own]
    widths = left, [strip.x1 - x for strip in own]
    types = Counter(piece.type for strip in own for piece in strip.pieces)
    if (
        max(left) < NARROWEST_TEXT * own[0].size
        or abs(max(widths[0]) - max(widths[1])) > 2 * SAME_COLUMN
        or any(median(side) < FULL_LINES * max(side) for side in widths)
        or max(types.values()) < NEARLY_ALL * types.total()
    ):
        return set()
    crossing = [any(p.x0 < x - SAME_START and p.x1 > x for p in strip.pieces) for strip in strips]
    first, last = strips.index(own[0]), strips.index(own[-1])
    while first and not crossing[first - 1] and strips[first].above <= near:
        first -= 1
    while last + 1 < len(strips) and not crossing[last + 1] and strips[last].below <= near:
        last += 1
    return {strips[number] for number in range(first, last + 1) if not crossing[number]}


def _find_tables(
    strips: Sequence[Strip], rows: Sequence[Extents], pairs: Sequence[Extents], scale: TypeScale
) -> Iterator[tuple[int, Sequence[Strip]]]:
    """Find such tables on a page, by what is next to each other: how many columns, and the lines."""
    done = 0

    def narrow(gaps: Extents, number: int) -> Extents:
        line = strips[number]
        fits = W["smaller_type"] * scale.smallest <= line.size <= W["larger_type"] * scale.size
        return _keep_gaps(gaps, rows[number], LEAST_COLUMN_GAP * line.size) if fits else ()

    for first, own in enumerate(rows):
        if first < done or len(own) <= 2:
            continue
        gaps = narrow(tuple((left[1], right[0]) for left, right in itertools.pairwise(own)), first)
        wide, number = [first], first + 1
        while number < len(rows) and strips[number].above <= ROW_GAP * scale.leading:
            narrowed = narrow(gaps, number)
            if not narrowed:
                break
            gaps = narrowed
            wide += [number] if len(rows[number]) > 2 else []
            number += 1
        table = [rows[n] for n in wide]
        if not gaps or len(wide) < LEAST or not _are_columns(gaps, table) or _are_stretched(gaps, table, pairs):
            continue
        end = wide[-1] + 1
        widest = max(strip.above for strip in strips[first + 1 : end])

        def is_near(gap: float, number: int, widest: float = widest) -> bool:
            """Return whether a line is as near as a table's: with text in one column, as a cell's next line."""
            return gap <= PAUSE * scale.leading or (gap <= SAME_TABLE * widest and len(rows[number]) > 1)

        while end < len(rows) and is_near(strips[end].above, end) and (narrowed := narrow(gaps, end)):
            gaps, end = narrowed, end + 1
        done = end
        yield len(gaps) + 1, strips[first:end]


def _split(strip: Strip) -> Extents:
    """Divide a line at wide gaps, but keep a row's number, and a bullet, with what is behind it."""
    found: list[tuple[float, float]] = []
    text = ""
    for piece in strip.pieces:
        if piece.text == ":" and len(strip.pieces) > 1:
            continue
        gap = piece.x0 - found[-1][1] if found else 0.0
        bullet = len(text) == 1 and not text.isalnum() and gap <= BULLET_GAP * strip.size
        if found and (gap <= COLUMN_GAP * strip.size or bullet or (len(found) == 1 and is_number(text))):
            found[-1] = found[-1][0], max(found[-1][1], piece.x1)
        else:
            found.append((piece.x0, piece.x1))
        text = piece.text
    return tuple(found)


def _are_columns(gaps: Extents, rows: Sequence[Extents]) -> bool:
    """Return whether texts begin, end or have their middle at one x behind each gap: stretched word spaces do not."""
    for _, right in gaps:
        behind = [next((e for e in own if e[0] >= right - SAME_COLUMN), None) for own in rows]
        places = [(x0, x1, (x0 + x1) / 2) for x0, x1 in filter(None, behind)]
        alike = (sum(abs(x - at) <= SAME_COLUMN for x in edge) for edge in zip(*places, strict=True) for at in edge)
        if max(alike, default=0) < COLUMN_SHARE * len(places):
            return False
    return True


def _are_stretched(gaps: Extents, rows: Sequence[Extents], pairs: Sequence[Extents]) -> bool:
    """Return whether as many labels on all pages cross a gap: labels of few words are justified over their column."""
    label, value = min(row[0][0] for row in rows), min(row[-1][0] for row in rows)
    across = (
        abs(one[0] - label) <= SAME_COLUMN and one[1] > gaps[-2][1] and abs(other[0] - value) <= SAME_COLUMN
        for one, other in pairs
    )
    return sum(across) >= len(rows)


def _keep_gaps(gaps: Extents, extents: Extents, least: float) -> Extents:
    """Narrow the gaps between columns by a line's text; none where it closes one of them."""
    kept = []
    for x0, x1 in gaps:
        inside = [extent for extent in extents if extent[0] < x1 and extent[1] > x0]
        left = max([x0, *(extent[1] for extent in inside if extent[0] <= x0)])
        right = min([x1, *(extent[0] for extent in inside if extent[0] > x0)])
        if right - left < least:
            return ()
        kept.append((left, right))
    return tuple(kept)
