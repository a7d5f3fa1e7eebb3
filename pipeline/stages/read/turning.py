"""Turns a page so that its text is upright."""

from typing import Any, Final, Literal

from pipeline.models.page import Glyphs, Page
from pipeline.stages.read.drawn import round_place

ASLANT: Final = 0.05
"""Least slope of base lines (3 degrees) that is no slip of a page: a line of text as steep would run into the next."""


def turn_page(page: Page, degrees: Literal[90, 180, 270], directions: tuple[int, ...]) -> Page:
    """Turn a page clockwise, so that text that runs upwards (90), head down (180) or downwards (270) is upright.

    Args:
        page: The page as displayed.
        degrees: Clockwise turn.
        directions: The reading direction of each glyph, in degrees anticlockwise from left to right; -1 for none.

    Returns:
        The turned page: coordinates count from the top left of the page as it is read.
    """
    width, height = page.width, page.height
    turned = (turn(glyph, degrees, width, height) for glyph in page.glyphs)
    # The base line is not kept for glyphs that were across: the descender line takes its place.
    glyphs = (
        glyph._replace(baseline=glyph.bottom, upright=direction == degrees)
        for glyph, direction in zip(turned, directions, strict=True)
    )
    parts = {
        name: tuple(turn(part, degrees, width, height) for part in getattr(page, name))
        for name in ("rules", "fills", "links", "pictures", "drawn", "concealed")
    }
    size = (width, height) if degrees == 180 else (height, width)
    return page.model_copy(
        update={"width": size[0], "height": size[1], "glyphs": Glyphs(glyphs), "turned": degrees, **parts}
    )


def turn(part: Any, degrees: int, width: float, height: float) -> Any:  # noqa: ANN401 - a tuple of any kind with edges
    """Turn a part of a page clockwise with its page.

    Args:
        part: A named tuple with the edges `x0`, `top`, `x1` and `bottom`, points.
        degrees: Clockwise turn, a multiple of 90.
        width: The page's width before it is turned, points.
        height: Its height, likewise.
    """
    x0, top, x1, bottom = part.x0, part.top, part.x1, part.bottom
    left, right = round_place(width - x1), round_place(width - x0)
    upper, lower = round_place(height - bottom), round_place(height - top)
    edges = {90: (upper, x0, lower, x1), 180: (left, upper, right, lower), 270: (top, left, bottom, right)}
    x0, top, x1, bottom = edges.get(degrees, (x0, top, x1, bottom))
    return part._replace(x0=x0, top=top, x1=x1, bottom=bottom)


def read_direction(matrix: tuple[float, float, float, float]) -> int:
    """Return the reading direction of glyphs in degrees anticlockwise; -1 where they are aslant (a watermark)."""
    a, b, _, d = matrix
    if a > 0:
        return -1 if abs(b) > ASLANT * a else 180 if d < 0 else 0  # mirrored text is head down
    return 90 if b > 0 and abs(b) > abs(a) else 270 if b < 0 else 180
