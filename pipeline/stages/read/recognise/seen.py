"""`SeenPage`: what the engine saw on a page, in pixels; the worker writes it, and the recognition reads it back."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from pipeline.models.geometry import Frozen
from pipeline.stages.read.recognise.drawing import Area, Box
from pipeline.stages.read.recognise.hocr import SeenLine

FOLDER_VARIABLE: Final = "PIPELINE_RECOGNITION_FOLDER"
"""Environment variable by which the worker's plugin knows where to write."""


Turn = Literal[0, 90, 180, 270]
"""A quarter turn, in degrees clockwise."""


class SeenPage(Frozen):
    """What was seen on a page.

    Attributes:
        width: Width of the picture in pixels, as read upright.
        height: Height of the picture in pixels.
        turn: Clockwise degrees by which the page stood turned.
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
    rules: tuple[Box, ...]
    fills: tuple[Area, ...]


class Request(Frozen):
    """What the worker is asked to do: `request.json` in its folder.

    Attributes:
        packs: The engine's language packs.
        seconds: Most seconds for one page.
    """

    packs: tuple[str, ...]
    seconds: float


def seen_path(folder: Path, page: int) -> Path:
    """Give the path of a page's findings; pages count from 0."""
    return folder / f"seen-{page:05d}.json"
