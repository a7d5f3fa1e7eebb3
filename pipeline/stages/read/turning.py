"""Turns a page so that its text is upright."""

from __future__ import annotations

from typing import Final, Literal

from pipeline.models.page import Concealed, Drawn, Fill, Glyph, Glyphs, Link, Page, Picture, Rule
from pipeline.stages.read.drawn import Rectangle, round_place

ASLANT: Final = 0.3
"""Least slope of base lines that is no slip of a page that lies straight."""


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

    def turn(x0: float, top: float, x1: float, bottom: float) -> Rectangle:
        return turn_box((x0, top, x1, bottom), degrees, width, height)

    glyphs: list[Glyph] = []
    for glyph, direction in zip(page.glyphs, directions, strict=True):
        x0, top, x1, bottom = turn(*glyph[1:5])
        # The base line is not kept for glyphs that were across: the descender line takes its place.
        glyphs.append(
            glyph._replace(x0=x0, top=top, x1=x1, bottom=bottom, baseline=bottom, upright=direction == degrees)
        )
    return page.model_copy(
        update={
            "width": width if degrees == 180 else height,
            "height": height if degrees == 180 else width,
            "glyphs": Glyphs(glyphs),
            "rules": tuple(Rule(*turn(*rule)) for rule in page.rules),
            "fills": tuple(Fill(*turn(*fill[:4]), fill.colour) for fill in page.fills),
            "links": tuple(Link(link.url, *turn(*link[1:])) for link in page.links),
            "pictures": tuple(Picture(*turn(*picture)) for picture in page.pictures),
            "drawn": tuple(Drawn(part.kind, *turn(*part[1:])) for part in page.drawn),
            "concealed": tuple(Concealed(part.reason, *turn(*part[1:5]), part.glyphs) for part in page.concealed),
            "turned": degrees,
        }
    )


def turn_box(box: Rectangle, degrees: int, width: float, height: float) -> Rectangle:
    """Turn a rectangle clockwise with its page.

    Args:
        box: Left, upper, right and lower edge, points.
        degrees: Clockwise turn, a multiple of 90.
        width: The page's width before it is turned, points.
        height: Its height, likewise.
    """
    x0, top, x1, bottom = box
    if degrees == 90:
        return round_place(height - bottom), x0, round_place(height - top), x1
    if degrees == 180:
        return round_place(width - x1), round_place(height - bottom), round_place(width - x0), round_place(height - top)
    return (top, round_place(width - x1), bottom, round_place(width - x0)) if degrees == 270 else box


def read_direction(matrix: tuple[float, float, float, float]) -> int:
    """Return the reading direction of glyphs in degrees anticlockwise; -1 where they are aslant (a watermark)."""
    a, b, _, d = matrix
    if a > 0:
        return -1 if abs(b) > ASLANT * a else 180 if d < 0 else 0  # mirrored text is head down
    return 90 if b > 0 and abs(b) > abs(a) else 270 if b < 0 else 180
