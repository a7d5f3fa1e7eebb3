"""`Request` and `SeenPage`: what the worker is asked, and what the engine saw on a page, in pixels."""

from typing import Literal, NamedTuple

from pipeline.models.geometry import Frozen
from pipeline.stages.read.recognise.drawing import PixelArea, PixelBox
from pipeline.stages.read.recognise.hocr import SeenLine

Turn = Literal[0, 90, 180, 270]
"""A quarter turn, in degrees clockwise."""


class SeenPage(Frozen):
    """What was seen on a page.

    Attributes:
        width: Width of the picture in pixels, as read upright.
        height: Height of the picture in pixels.
        turn: Clockwise degrees by which the page was turned.
        skew: Degrees by which the page was straightened, anticlockwise, about its middle.
        lines: Lines of text.
        marks: Marks of a letter's size that nothing was read in.
        rules: Ruling lines.
        fills: Coloured areas.
    """

    width: int
    height: int
    turn: Turn
    skew: float
    lines: tuple[SeenLine, ...]
    marks: int
    rules: tuple[PixelBox, ...]
    fills: tuple[PixelArea, ...]


class Request(NamedTuple):
    """What a worker is asked to do.

    Attributes:
        file: Path of the PDF.
        page: 1-based number of the page.
        password: User password, where the file needs one.
        packs: The engine's language packs.
    """

    file: str
    page: int
    password: str | None
    packs: tuple[str, ...]
