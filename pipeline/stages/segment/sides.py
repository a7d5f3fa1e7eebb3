"""Lines beside the boundary of two columns: what stands at either side, and whether a line is set like a row's."""

from __future__ import annotations

from pipeline.models.page import Fill, Page, Picture
from pipeline.stages.segment.lines import GlyphLine
from pipeline.stages.segment.margins import LARGER_TYPE
from pipeline.stages.segment.sheet import SAME_COLUMN, Sheet, Style
from pipeline.text.fonts import is_bold

SMALLER_TYPE = 0.9
"""Ratio to the body's font size below which a line is set smaller: a note, no row."""
OVERHANG = 0.15
"""Most, as a share of the font size, that a label reaches over the x where values begin: a word as wide as its column,
beside a list that is set in."""
GUTTER_CLEAR = 0.12
"""Least white space before the value column, as a share of the font size."""
ROW_GAP = 3.2
"""Largest base line distance, as a multiple of the leading, inside a table that white space alone shows."""
NEAR_BOUNDARY = 2.0
"""Farthest, as a multiple of the font size, before the x of the values that a label wider than its column ends."""
DEEPEST_INDENT = 4.0
"""Deepest indent of a list's items, as a multiple of the font size."""


def find_sides(page: Page, line: GlyphLine, at: float) -> tuple[float | None, float | None]:
    """Find how far a line's text reaches to a boundary from both sides.

    Args:
        page: The page.
        line: A line on it.
        at: x of the boundary, points.

    Returns:
        Right edge of the text left of the boundary and left edge of the text right of it, points; None for a side
        without text.
    """
    ink, lefts, rights = page.glyphs.ink, page.glyphs.lefts, page.glyphs.rights
    left: float | None = None
    right: float | None = None
    for index in line.ids:
        if not ink[index]:
            continue
        x0, x1 = lefts[index], rights[index]
        if (x0 + x1) / 2 < at:
            left = x1 if left is None or x1 > left else left
        else:
            right = x0 if right is None or x0 < right else right
    return left, right


def is_row_type(line: GlyphLine, style: Style) -> bool:
    """Tell whether a line is set in a size that rows are set in: a note is smaller, a heading larger.

    Args:
        line: The line.
        style: What all pages show.

    Returns:
        True where it is.
    """
    return SMALLER_TYPE * style.smallest <= line.size <= LARGER_TYPE * style.size


def is_small(line: GlyphLine, style: Style) -> bool:
    """Tell whether a line is set smaller than any row: a note.

    Args:
        line: The line.
        style: What all pages show.

    Returns:
        True where it is.
    """
    return line.size < SMALLER_TYPE * style.smallest


def keeps_clear(sheet: Sheet, line: GlyphLine, at: float, style: Style, x0: float | None = None) -> bool:
    """Tell whether a line is set like a table's row: in body type, and with no word across the boundary.

    Args:
        sheet: The page.
        line: A line on it.
        at: x of the boundary between label and value, points.
        style: What all pages show.
        x0: x at which labels begin, points; None where the line may begin anywhere.

    Returns:
        True where it is.
    """
    if not is_row_type(line, style):
        return False
    left, right = find_sides(sheet.page, line, at)
    if left is not None and right is not None and right - left < GUTTER_CLEAR * line.size:
        return False
    if x0 is not None and left is not None and abs(line.x0 - x0) > SAME_COLUMN:
        return False
    return not (left is not None and left > at + OVERHANG * line.size)


def picture_between(sheet: Sheet, upper: GlyphLine, lower: GlyphLine) -> bool:
    """Tell whether a picture, or a coloured area, fills the distance between two lines.

    The upper line may stand beside the picture: a label at the middle of a value that ends with one.

    Args:
        sheet: The page.
        upper: The upper line.
        lower: The lower line.

    Returns:
        True where one does.
    """
    shapes: list[Picture | Fill] = [*sheet.page.pictures, *sheet.edges.fills]
    return any(upper.baseline - 1 <= shape.top and shape.bottom <= lower.baseline + 1 for shape in shapes) or any(
        upper.x1 <= shape.x0 and upper.baseline < shape.bottom <= lower.baseline + 1 for shape in sheet.page.pictures
    )


def find_type_change(page: Page, line: GlyphLine, at: float) -> float | None:
    """Find where a bold label that is wider than its column ends, and its value begins in plain type.

    Args:
        page: The page.
        line: A line with words across the boundary.
        at: x of the boundary, points.

    Returns:
        x between the two, points; None where the line is no such row.
    """
    glyphs = page.glyphs
    bold = [(index, is_bold(page.fonts[glyphs.settings[glyphs.setting_ids[index]].font])) for index in line.ids]
    inked = [(index, own) for index, own in bold if glyphs.ink[index]]
    if inked and not glyphs.texts[inked[0][0]].isalnum():
        inked = inked[1:]  # a bullet is in any type
    count = sum(own for _, own in inked)
    if not 0 < count < len(inked) or not all(own for _, own in inked[:count]):
        return None
    end, start = glyphs.rights[inked[count - 1][0]], glyphs.lefts[inked[count][0]]
    return (end + start) / 2 if end > at - NEAR_BOUNDARY * line.size and start >= end else None
