"""Bands → the parts of tables that they hold, and the tables that are no label and text tables."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from pipeline.models.layout import TableEvidence
from pipeline.stages.segment.band_extent import merge_bands
from pipeline.stages.segment.bands import BAND_GAP, find_bands, have_same_boundaries, overlaps
from pipeline.stages.segment.edges import SAME_EDGE, Edges, covered_share
from pipeline.stages.segment.frames import Frame
from pipeline.stages.segment.numbering import are_numbers, is_number, text_before
from pipeline.stages.segment.separators import LEAST_ROW, SEPARATOR_SHARE, find_separators
from pipeline.stages.segment.sheet import SAME_COLUMN, Band, Division, Part, Sheet, Style, assign_glyphs


def find_banded_parts(
    sheet: Sheet, style: Style, known: Sequence[float], numberings: Sequence[tuple[float, ...]]
) -> None:
    """Find the tables that vertical edges show, and put those aside that are no label and text tables.

    Args:
        sheet: The page.
        style: What all pages show.
        known: Boundaries between label and value that pages show, points.
        numberings: Pairs of boundaries behind a numbering column and a label column that pages show, points.
    """
    bands = merge_bands(sheet, find_bands(sheet, known), style)
    bands, divisions = (bands, []) if sheet.frame is None else _unite_divided(sheet, sheet.frame, bands)
    for band in bands:
        boundaries = _label_boundaries(sheet, band, numberings)
        inside = {
            index
            for index, line in enumerate(sheet.lines)
            if index not in sheet.margin and band.top - 1 <= line.middle <= band.bottom + 1
        }
        if not inside:
            continue
        if boundaries is None:
            sheet.other.append((band, inside))
            continue
        part = _make_part(sheet, boundaries[1], band.top, band.bottom, band.ruled)
        part.numbering = boundaries[0]
        part.framed = sheet.frame is not None
        part.divisions = [one for one in divisions if band.top <= one.top and one.bottom <= band.bottom]
        _join_divided_rows(sheet, part)
        sheet.parts.append(part)


def _unite_divided(sheet: Sheet, frame: Frame, bands: list[Band]) -> tuple[list[Band], list[Division]]:
    """Unite the bands of a frame whose values some rows divide into columns of their own: they are one table's.

    At least half of the frame's rows have two cells: of a wider table, one row or two may be.
    """
    if len(bands) < 2 or not any(len(band.boundaries) == 1 for band in bands):
        return bands, []

    def count_rows(band: Band, at: float) -> int:
        """Count a band's rows: the edges that part its labels."""
        return 1 + sum(
            band.top + LEAST_ROW < edge.at < band.bottom - LEAST_ROW
            and covered_share([edge], frame.x0, at) >= SEPARATOR_SHARE
            for edge in sheet.edges.horizontal
        )

    at = max(
        (band.boundaries[0] for band in bands if len(band.boundaries) == 1),
        key=lambda at: sum(band.bottom - band.top for band in bands if have_same_boundaries(band.boundaries, (at,))),
    )
    own = [band for band in bands if abs(band.boundaries[0] - at) <= SAME_COLUMN]
    divided = [band for band in own if len(band.boundaries) > 1]
    plain = sum(count_rows(band, at) for band in own if len(band.boundaries) == 1)
    if len(own) < len(bands) or sum(count_rows(band, at) for band in divided) > plain:
        return bands, []
    united: list[Band] = []
    for band in own:
        if united and band.top - united[-1].bottom <= BAND_GAP:
            united[-1] = united[-1]._replace(bottom=band.bottom)
        else:
            united.append(Band((at,), band.top, band.bottom, True))
    return united, [Division(band.top, band.bottom, band.boundaries[1:]) for band in divided]


def _join_divided_rows(sheet: Sheet, part: Part) -> None:
    """Take out the separators inside a divided value beside whose lower rows the label cells are empty."""
    labels = part.label_lines(sheet.page)
    for division in part.divisions:
        inside = [at for at in part.separators if division.top + LEAST_ROW < at < division.bottom - LEAST_ROW]
        for at, lower in itertools.pairwise([*inside, division.bottom]):
            if not any(at < line.middle < lower for line in labels):
                part.separators.remove(at)


def take_headed_bands(sheets: Sequence[Sheet]) -> None:
    """Take the tables of which a page shows only a filled header row, where other tables have the same columns.

    Args:
        sheets: The pages.
    """
    boundaries = {part.boundary for sheet in sheets for part in sheet.parts if part.evidence == "fills"}
    for sheet in sheets:
        for band in sheet.headed:
            at = band.boundaries[0]
            if any(abs(at - other) <= SAME_COLUMN for other in boundaries):
                sheet.parts.append(_make_part(sheet, at, band.top, band.bottom, band.ruled))


def find_known_numberings(sheets: Sequence[Sheet]) -> list[tuple[float, ...]]:
    """Find the boundaries of tables with a numbering column.

    Args:
        sheets: The pages.

    Returns:
        For each such table the x behind the numbering column and the x behind the label column, points.
    """
    return [
        band.boundaries
        for sheet in sheets
        for region in sheet.regions()
        for band in find_bands(region, ())
        if len(band.boundaries) == 2 and _is_numbering(region, band)
    ]


def _is_ruled(edges: Edges, at: float, x0: float, x1: float) -> bool:
    """Tell whether a rule is drawn at a height within a table's sides."""
    return any(
        edge.kind == "rule" and abs(edge.at - at) <= SAME_EDGE and edge.start < x1 and edge.end > x0
        for edge in edges.horizontal
    )


def _label_boundaries(
    sheet: Sheet, band: Band, numberings: Sequence[tuple[float, ...]]
) -> tuple[float | None, float] | None:
    """Give the x behind a numbering column (None without one) and the x that parts label and value.

    None where the band is no two-column table.
    """
    if len(band.boundaries) == 1:
        return None, band.boundaries[0]
    if len(band.boundaries) == 2 and (
        _is_numbering(sheet, band) or any(have_same_boundaries(band.boundaries, other) for other in numberings)
    ):
        return band.boundaries[0], band.boundaries[1]
    return None


def _is_numbering(sheet: Sheet, band: Band) -> bool:
    """Tell whether a band's first column holds numbers only, but for the header row."""
    texts = []
    for line in sheet.body():
        if band.top <= line.middle <= band.bottom:
            text = text_before(sheet.page, line, band.boundaries[0])
            if text:
                texts.append(text)
    body = texts if len(texts) < 2 or is_number(texts[0]) else texts[1:]
    return are_numbers(body)


def _make_part(sheet: Sheet, boundary: float, top: float, bottom: float, ruled: bool) -> Part:
    """Make a table part of a stretch with one boundary: its extent and its separators."""
    edges = sheet.edges
    lines = [line for line in sheet.body() if top - 1 <= line.middle <= bottom + 1]
    text_x0 = min(line.x0 for line in lines)
    text_x1 = max(line.x1 for line in lines)
    lefts = [edge.at for edge in edges.vertical if overlaps(edge, top, bottom) and edge.at < boundary - SAME_COLUMN]
    lefts += [
        edge.start
        for edge in edges.horizontal
        if top - SAME_EDGE <= edge.at <= bottom + SAME_EDGE and edge.start < boundary - SAME_COLUMN < edge.end
    ]
    rights = [edge.at for edge in edges.vertical if overlaps(edge, top, bottom) and edge.at > boundary + SAME_COLUMN]
    rights += [
        edge.end
        for edge in edges.horizontal
        if top - SAME_EDGE <= edge.at <= bottom + SAME_EDGE and edge.start < boundary + SAME_COLUMN < edge.end
    ]
    # The nearest edges are the table's; farther ones are those of bars and frames around it.
    x0 = max([value for value in lefts if value <= text_x0 + SAME_EDGE] or [text_x0])
    x1 = min([value for value in rights if value >= text_x1 - SAME_EDGE] or [text_x1])
    separators, kinds = find_separators(edges, x0, boundary, x1, top, bottom)
    evidence: TableEvidence = ("grid" if "rule" in kinds else "rules") if ruled else "fills"
    part = Part(boundary, (x0, top, x1, bottom), evidence)
    part.separators = [at for at in separators if top + LEAST_ROW < at < bottom - LEAST_ROW]
    if "rule" in kinds:
        # A coloured row ends in an edge of its own, whether it goes on or not: where rules are drawn, they tell.
        closed = [at for at in separators if _is_ruled(edges, at, x0, x1)]
        part.closed_top = any(abs(at - top) <= LEAST_ROW for at in closed)
        part.closed_bottom = any(abs(at - bottom) <= LEAST_ROW for at in closed)
    assign_glyphs(sheet, part)
    return part
