"""`Page`, the artefact of the read stage: what is drawn on one page, in one coordinate system."""

from __future__ import annotations

from typing import Literal, NamedTuple

from pipeline.models.geometry import Frozen
from pipeline.models.report import Issue

Concealment = Literal["", "invisible", "background_colour", "outside_page", "covered"]
"""Why a glyph can't be seen; the empty string where it can."""


class Glyph(NamedTuple):
    """One character as drawn.

    A tuple rather than a model: a booklet has some 130,000 of them.

    Attributes:
        text: The character(s) the glyph stands for (a ligature has several), Unicode NFC.
        x0: Left edge in points.
        top: Upper edge in points from the page's top.
        x1: Right edge in points.
        bottom: Lower edge in points.
        size: Font size in points.
        font: Index into `Page.fonts`.
        baseline: Distance of the glyph's origin from the page's top, points.
        concealed: Why the glyph can't be seen, or the empty string.
        upright: False where the glyph stands across the page's reading direction.
        copies: How often the same glyph is drawn at this place (2 for a fake bold).
        confidence: Confidence of the recognition engine, 0 to 1; None for a text layer.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    font: int
    baseline: float
    concealed: Concealment = ""
    upright: bool = True
    copies: int = 1
    confidence: float | None = None


class Rule(NamedTuple):
    """A straight horizontal or vertical stroke, however it was drawn (points)."""

    x0: float
    top: float
    x1: float
    bottom: float


class Fill(NamedTuple):
    """A filled rectangle (points) and its colour in RGB, each channel 0 to 1."""

    x0: float
    top: float
    x1: float
    bottom: float
    colour: tuple[float, float, float]


class Link(NamedTuple):
    """A link annotation: the target and the rectangle that can be chosen (points)."""

    url: str
    x0: float
    top: float
    x1: float
    bottom: float


class Picture(NamedTuple):
    """An image or a drawing that is no rule and no fill (points)."""

    x0: float
    top: float
    x1: float
    bottom: float


class Page(Frozen):
    """All that is drawn on one page, after crop box and rotation are resolved.

    Attributes:
        number: 1-based page number.
        width: Width of the visible page in points.
        height: Height of the visible page in points.
        fonts: Font names without their subset prefix.
        glyphs: Glyphs in the order in which they are drawn; a glyph's id is its index here.
        rules: Horizontal and vertical strokes.
        fills: Filled rectangles, in the order in which they are drawn.
        links: Link annotations, in the file's order.
        pictures: Images and drawings.
        turned: Clockwise degrees by which the page was turned to make its text upright (beyond `/Rotate`).
        recognised: True where the text comes from character recognition.
        failure: Why the page could not be read; None where it could.
    """

    number: int
    width: float
    height: float
    fonts: tuple[str, ...]
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    fills: tuple[Fill, ...]
    links: tuple[Link, ...]
    pictures: tuple[Picture, ...]
    turned: Literal[0, 90, 180, 270] = 0
    recognised: bool = False
    failure: str | None = None


class Source(Frozen):
    """The file that was read, and all its pages: the read stage's artefact.

    Attributes:
        file: File name without its folder.
        sha256: Hash of the file's bytes, lower-case hexadecimal.
        pages: The pages in order.
        repairs: What had to be repaired to read the file, in words.
        issues: What else is amiss with the file or its pages, beside pages with a `failure`.
    """

    file: str
    sha256: str
    pages: tuple[Page, ...]
    repairs: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
