"""How far the table of a band reaches: over rows that show no vertical edge of their own."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from pipeline.stages.segment.bands import have_same_boundaries
from pipeline.stages.segment.edges import SAME_EDGE, covered_share
from pipeline.stages.segment.separators import SEPARATOR_SHARE
from pipeline.stages.segment.sheet import SAME_COLUMN, Band, Sheet, Style
from pipeline.stages.segment.sides import find_sides, keeps_clear, picture_between

TABLE_GAP = 1.5
"""Largest white space, as a multiple of the leading, between the coloured cells of neighbouring rows."""


def merge_bands(sheet: Sheet, bands: list[Band], style: Style) -> list[Band]:
    """Join and extend bands over rows that show no edge of their own.

    Such rows stand between filled ones, or, where only every other row has a rule between its columns, in the frame
    around the table. A lone filled row is a header row and is put aside (`Sheet.headed`).

    Args:
        sheet: The page.
        bands: Its bands, top to bottom.
        style: What all pages show.

    Returns:
        The bands of tables, top to bottom.
    """
    merged: list[Band] = []
    bands = [_fill_frame(sheet, band, bands, style) for band in bands]
    for band in bands:
        upper = merged[-1] if merged else None
        if upper is not None and len(band.boundaries) == 1 and have_same_boundaries(upper.boundaries, band.boundaries):
            between = [line for line in sheet.body() if upper.bottom < line.middle < band.top]
            clear = all(keeps_clear(sheet, line, band.boundaries[0], style) for line in between)
            ruled = band.ruled or upper.ruled
            framed = ruled and upper.bottom > band.top - 1
            if clear and (framed if ruled else between or _are_rows_apart(sheet, upper, band, style)):
                merged[-1] = upper._replace(bottom=max(upper.bottom, band.bottom))
                continue
        merged.append(band)
    kept: list[Band] = []
    for band in merged:
        if band.ruled or not _fills_reach_over(sheet, band):
            kept.append(band)
            continue
        extended = _extend_band(sheet, band, [other for other in merged if other is not band], style)
        # One filled row with more rows around it is a header row: it does not show how the others are parted.
        if extended == band or _filled_rows(sheet, band) > 1:
            kept.append(extended)
        else:
            sheet.headed.append(extended)
    return kept


def _fill_frame(sheet: Sheet, band: Band, bands: Sequence[Band], style: Style) -> Band:
    """Extend a ruled band to the frame around it, over rows without a rule between their columns.

    Args:
        sheet: The page.
        band: The band.
        bands: All bands of the page.
        style: What all pages show.
    """
    if not band.ruled or len(band.boundaries) != 1:
        return band
    at = band.boundaries[0]
    sides = [
        edge
        for edge in sheet.edges.vertical
        if abs(edge.at - at) > SAME_COLUMN and edge.start <= band.top + 1 and edge.end >= band.bottom - 1
    ]
    lefts, rights = [edge for edge in sides if edge.at < at], [edge for edge in sides if edge.at > at]
    if not lefts or not rights:
        return band
    top = max(min(edge.start for edge in own) for own in (lefts, rights))
    bottom = min(max(edge.end for edge in own) for own in (lefts, rights))
    others = [other for other in bands if not have_same_boundaries(other.boundaries, band.boundaries)]
    top = max([top, *(other.bottom for other in others if other.bottom <= band.top + 1)])
    bottom = min([bottom, *(other.top for other in others if other.top >= band.bottom - 1)])
    x0, x1 = min(edge.at for edge in lefts), max(edge.at for edge in rights)
    levels = [
        edge.at
        for edge in sheet.edges.horizontal
        if top - SAME_EDGE <= edge.at <= bottom + SAME_EDGE and covered_share([edge], x0, x1) >= SEPARATOR_SHARE
    ]
    levels = sorted({top, *levels, bottom})

    inside = [line for line in sheet.body() if band.top < line.middle < band.bottom]
    value_x0 = min((right for line in inside if (right := find_sides(sheet.page, line, at)[1]) is not None), default=at)

    def is_row(upper: float, lower: float) -> bool:
        """Tell whether what stands between two edges is a row: a value begins where those of the band do."""
        lines = [line for line in sheet.body() if upper < line.middle < lower]
        values = [right for line in lines if (right := find_sides(sheet.page, line, at)[1]) is not None]
        return (
            any(abs(right - value_x0) <= SAME_COLUMN for right in values)
            and all(right >= value_x0 - SAME_COLUMN for right in values)
            and all(keeps_clear(sheet, line, at, style) and x0 - 1 <= line.x0 and line.x1 <= x1 + 1 for line in lines)
        )

    start, end = band.top, band.bottom
    for upper, lower in itertools.pairwise(levels):
        if lower > end + 1 and upper <= end + 1 and is_row(max(upper, end), lower):
            end = lower
    for upper, lower in reversed(list(itertools.pairwise(levels))):
        if upper < start - 1 and lower >= start - 1 and is_row(upper, min(lower, start)):
            start = upper
    return band._replace(top=start, bottom=end)


def _are_rows_apart(sheet: Sheet, upper: Band, lower: Band, style: Style) -> bool:
    """Tell whether two bands with nothing between them are rows of one table, whose coloured cells leave a gap."""
    near = lower.top - upper.bottom <= TABLE_GAP * style.leading
    return near and _band_colours(sheet, upper) == _band_colours(sheet, lower)


def _band_colours(sheet: Sheet, band: Band) -> set[tuple[float, float, float]]:
    return {fill.colour for fill in sheet.edges.fills if fill.top >= band.top - 1 and fill.bottom <= band.bottom + 1}


def _filled_rows(sheet: Sheet, band: Band) -> int:
    return len(
        {round(fill.top) for fill in sheet.edges.fills if fill.top >= band.top - 1 and fill.bottom <= band.bottom + 1}
    )


def _fills_reach_over(sheet: Sheet, band: Band) -> bool:
    """Tell whether fills of the band lie on both sides of its boundary (rows are filled, not the label column)."""
    if len(band.boundaries) != 1:
        return False
    at = band.boundaries[0]
    inside = [fill for fill in sheet.edges.fills if fill.top >= band.top - 1 and fill.bottom <= band.bottom + 1]
    return any(fill.x1 <= at + SAME_EDGE for fill in inside) and any(fill.x0 >= at - SAME_EDGE for fill in inside)


def _extend_band(sheet: Sheet, band: Band, others: Sequence[Band], style: Style) -> Band:
    """Extend a band over unfilled rows directly above and below it, up to the other bands of the page."""
    at = band.boundaries[0]
    ceiling = max((other.bottom for other in others if other.bottom <= band.top + 1), default=0.0)
    floor = min((other.top for other in others if other.top >= band.bottom - 1), default=sheet.page.height)
    body = [line for line in sheet.body() if ceiling <= line.middle <= floor]
    inside = [line for line in body if band.top <= line.middle <= band.bottom]
    if not inside:
        return band
    x0 = min(line.x0 for line in inside)
    top, bottom = band.top, band.bottom
    inner = min(inside, key=lambda item: item.baseline)
    for line in sorted((line for line in body if line.middle < band.top), key=lambda item: -item.baseline):
        apart = top - line.bottom > 2 * style.leading and not picture_between(sheet, line, inner)
        if apart or not keeps_clear(sheet, line, at, style, x0):
            break
        top, inner = line.top - 0.5, line
    inner = max(inside, key=lambda item: item.baseline)
    for line in sorted((line for line in body if line.middle > band.bottom), key=lambda item: item.baseline):
        apart = line.top - bottom > 2 * style.leading and not picture_between(sheet, inner, line)
        if apart or not keeps_clear(sheet, line, at, style, x0):
            break
        bottom, inner = line.bottom + 0.5, line
    return band._replace(top=top, bottom=bottom)
