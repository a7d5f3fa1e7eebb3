"""Lines and coloured areas of a page picture, by pixels alone."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from tests.programs import require

try:
    import cv2
except ImportError:
    cv2 = None

from pipeline.stages.read.recognise.drawing import (
    PixelBox,
    _find_stretches,
    _is_held,
    _join_stretches,
    _rectangles,
    find_drawing,
)

DPI: Final = 200
POINT: Final = DPI / 72
WHITE: Final = (255, 255, 255)
LABEL: Final = (220, 230, 242)


@pytest.fixture(autouse=True)
def _needs_opencv() -> None:
    if cv2 is None:
        require("the extra is not installed: pip install .[ocr]")


class Sheet:
    """A page of 400 × 300 points that is drawn on in points."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (round(400 * POINT), round(300 * POINT)), WHITE)
        self.pen = ImageDraw.Draw(self.image)

    def box(self, x0: float, y0: float, x1: float, y1: float, colour: Any) -> None:
        self.pen.rectangle((x0 * POINT, y0 * POINT, x1 * POINT - 1, y1 * POINT - 1), fill=colour)

    def write(self, x: float, y: float, text: str, size: float = 10, colour: Any = (0, 0, 0)) -> None:
        self.pen.text((x * POINT, y * POINT), text, font=ImageFont.load_default(size * POINT), fill=colour)

    def find(self, noise: float = 0.0) -> tuple[list[list[float]], list[list[float]], np.ndarray[Any, Any]]:
        pixels = np.asarray(self.image, dtype=float)
        pixels = pixels + np.random.default_rng(0).normal(0, noise, (*pixels.shape[:2], 1))
        drawing, cleaned = find_drawing(pixels.clip(0, 255).astype(np.uint8), DPI)
        lines = sorted([value / POINT for value in line] for line in drawing.lines)
        areas = sorted([value / POINT for value in area[:4]] for area in drawing.areas)
        return lines, areas, cleaned


def near(boxes: list[list[float]], *expected: tuple[float, float, float, float], slack: float = 2.0) -> bool:
    return len(boxes) == len(expected) and all(
        max(abs(one - other) for one, other in zip(box, want, strict=True)) <= slack
        for box, want in zip(boxes, sorted(expected), strict=True)
    )


def fill_with_text(sheet: Sheet) -> None:
    for number in range(12):
        sheet.write(60, 40 + 14 * number, "minimum illumination millimetre")
        sheet.write(230, 40 + 14 * number, "____ ill — the text of a value")


@pytest.mark.parametrize("noise", [0.0, 6.0])
@pytest.mark.parametrize("thick", [0.5, 1.0, 3.0])
def test_a_grid_is_found_and_painted_over(noise: float, thick: float) -> None:
    sheet = Sheet()
    fill_with_text(sheet)
    for y in (30, 120, 230):
        sheet.box(50, y, 370, y + thick, (60, 60, 60))
    for x in (50, 220, 370):
        sheet.box(x, 30, x + thick, 230 + thick, (60, 60, 60))
    lines, areas, cleaned = sheet.find(noise)
    level = [(50, y, 370 + thick, y + thick) for y in (30, 120, 230)]
    upright = [(x, 30, x + thick, 230 + thick) for x in (50, 220, 370)]
    found = [line for line in lines if line[2] - line[0] > 100 or line[3] - line[1] > 100]
    assert near(found, *level, *upright)
    assert areas == []
    row, column = round((30 + thick / 2) * POINT), slice(round(60 * POINT), round(210 * POINT))
    assert cleaned[row, column].min() > 255 - 5 * noise - 10


def test_the_feet_of_bold_letters_are_no_line_and_an_underline_is_one() -> None:
    """Serifs of bold letters all but touch; blurred, they are one dark stretch."""
    sheet = Sheet()
    for x in np.arange(60.0, 110.0, 3.2):
        sheet.box(x, 40, x + 1.5, 45, (0, 0, 0))
        sheet.box(x - 0.6, 44.4, x + 2.4, 45, (0, 0, 0))
    sheet.write(60, 100, "minimum illumination gypsy")
    sheet.box(60, 112.5, 180, 113, (0, 0, 0))
    sheet.image = sheet.image.filter(ImageFilter.GaussianBlur(1.5))
    lines, _, cleaned = sheet.find()
    assert near(lines, (60, 112.5, 180, 113))
    assert (cleaned[: round(60 * POINT)] == np.asarray(sheet.image)[: round(60 * POINT)]).all()


@pytest.mark.parametrize("thick", [0.5, 1.0, 3.0])
def test_lines_at_the_edges_of_the_picture_are_lines(thick: float) -> None:
    sheet = Sheet()
    fill_with_text(sheet)
    width, height = 400.0, 300.0
    for x in (0.0, width - thick):
        sheet.box(x, 0, x + thick, height, (40, 40, 40))
    for y in (0.0, height - thick):
        sheet.box(0, y, width, y + thick, (40, 40, 40))
    lines, _, cleaned = sheet.find()
    assert near(
        [line for line in lines if line[2] - line[0] > 100 or line[3] - line[1] > 100],
        (0, 0, thick, height),
        (width - thick, 0, width, height),
        (0, 0, width, thick),
        (0, height - thick, width, height),
        slack=1.0,
    )
    assert cleaned[0].min() > 200
    assert cleaned[:, -1].min() > 200


def test_text_alone_has_neither_lines_nor_areas() -> None:
    sheet = Sheet()
    for number in range(16):
        sheet.write(40, 20 + 14 * number, "Illuminated titles fill the whole minimum of a line, all in all")
    sheet.write(40, 250, "Willful title — 2024", size=24)
    lines, areas, cleaned = sheet.find(6.0)
    assert lines == []
    assert areas == []
    untouched, _, _ = sheet.find(0.0)
    assert untouched == []
    assert cleaned.min() < 40


def test_one_line_cells_have_their_sides() -> None:
    """A side of 14 points is a line because it meets the lines above and below; the same stroke elsewhere is not."""
    sheet = Sheet()
    for y in (50, 64):
        sheet.box(50, y, 370, y + 1, (0, 0, 0))
    for x in (50, 220, 369):
        sheet.box(x, 50, x + 1, 65, (0, 0, 0))
    sheet.box(120, 150, 121, 165, (0, 0, 0))
    lines, _, _ = sheet.find()
    assert sum(1 for line in lines if line[3] - line[1] > 10) == 3
    assert not any(140 < line[1] < 170 for line in lines)


@pytest.mark.parametrize("noise", [0.0, 6.0])
def test_a_coloured_column_is_one_area_whatever_stands_on_it(noise: float) -> None:
    sheet = Sheet()
    sheet.box(50, 30, 220, 230, LABEL)
    fill_with_text(sheet)
    for y in (30, 120, 230):
        sheet.box(50, y, 370, y + 0.7, (60, 60, 60))
    _, areas, _ = sheet.find(noise)
    assert near(areas, (50, 30, 220, 230))


def test_neighbouring_areas_of_two_colours_are_two() -> None:
    sheet = Sheet()
    sheet.box(50, 30, 220, 230, LABEL)
    sheet.box(220, 30, 370, 230, (246, 249, 243))
    fill_with_text(sheet)
    _, areas, _ = sheet.find(3.0)
    assert near(areas, (50, 30, 220, 230), (220, 30, 370, 230))


def test_stripes_end_where_their_rows_do() -> None:
    sheet = Sheet()
    for y in (30, 90, 150):
        sheet.box(50, y, 370, y + 30, LABEL)
    fill_with_text(sheet)
    _, areas, _ = sheet.find(6.0)
    assert near(areas, (50, 30, 370, 60), (50, 90, 370, 120), (50, 150, 370, 180))


def test_white_text_on_a_dark_header_leaves_it_whole() -> None:
    sheet = Sheet()
    sheet.box(50, 30, 370, 50, (30, 60, 110))
    sheet.write(60, 34, "Label", colour=WHITE)
    sheet.write(230, 34, "Value of the header row", colour=WHITE)
    _, areas, _ = sheet.find(4.0)
    assert near(areas, (50, 30, 370, 50))


def test_a_hint_of_colour_is_none() -> None:
    sheet = Sheet()
    sheet.box(50, 30, 370, 230, (250, 250, 249))
    fill_with_text(sheet)
    _, areas, _ = sheet.find(6.0)
    assert areas == []


def test_a_punched_hole_does_not_divide_a_bar() -> None:
    sheet = Sheet()
    sheet.box(0, 40, 70, 280, (40, 60, 80))
    sheet.pen.ellipse([value * POINT for value in (20, 100, 37, 117)], fill=(30, 30, 30))
    _, areas, _ = sheet.find()
    assert near(areas, (0, 40, 70, 280))


# --- each number by a case on either side of it ----------------------------------------------------------------------


def stretches(strength: np.ndarray[Any, Any], point: float = 4.0) -> int:
    found, _ = _find_stretches(strength.astype(np.uint8), 22, point)
    return len(found)


def dark(rows: int, columns: int, strength: int = 200) -> np.ndarray[Any, Any]:
    """Draw a stroke of so many pixels, 40 pixels from the left and from the top; a point has four."""
    pixels = np.zeros((100, 600))
    pixels[40 : 40 + rows, 40 : 40 + columns] = strength
    return pixels


@pytest.mark.parametrize(
    ("rows", "columns", "found"),
    [(4, 46, 0), (4, 50, 1), (23, 200, 1), (25, 200, 0)],  # 11.5, 12.5, 5.75 and 6.25 pt
)
def test_a_stretch_is_long_and_thin(rows: int, columns: int, found: int) -> None:
    assert stretches(dark(rows, columns)) == found


@pytest.mark.parametrize(("columns", "strength", "found"), [(20, 85, 0), (20, 95, 1), (9, 85, 0), (7, 85, 1)])
def test_a_stretch_is_evenly_dark_but_for_a_few_pixels(columns: int, strength: int, found: int) -> None:
    pixels = dark(4, 200)
    pixels[40:44, 100 : 100 + columns] = strength
    assert stretches(pixels) == found


@pytest.mark.parametrize(
    ("points", "share", "away", "found"),
    [
        (50, 0.28, 6, 1),  # the tails of letters over an underline
        (50, 0.32, 6, 0),
        (95, 0.5, 6, 0),
        (105, 0.5, 6, 1),  # longer than any word
        (50, 0.5, 4, 1),
        (50, 0.5, 8, 1),
    ],
)
def test_a_stretch_with_letters_at_its_side_is_their_feet(points: int, share: float, away: int, found: int) -> None:
    """A point has ten pixels; the letters are dark in one row of these."""
    pixels = np.zeros((80, 1100))
    pixels[40:44, 20 : 20 + 10 * points] = 200
    for start in range(20, 20 + 10 * points, 50):
        pixels[40 - away, start : start + round(50 * share)] = 200
    assert stretches(pixels, 10.0) == found


@pytest.mark.parametrize(
    ("width", "gap", "apart", "lines"),
    [
        (20, 6.5, 0, 1),
        (20, 7.5, 0, 5),
        (8.5, 6.5, 0, 1),  # five eighths of the line are drawn
        (7.2, 6.5, 0, 0),
        (20, 5, 1.2, 1),
        (20, 5, 1.3, 5),
    ],
)
def test_stretches_on_one_line_are_joined(width: float, gap: float, apart: float, lines: int) -> None:
    boxes = [
        (
            PixelBox((width + gap) * place, apart * (place % 2), (width + gap) * place + width, apart * (place % 2)),
            place,
        )
        for place in range(5)
    ]
    joined = _join_stretches(boxes, 1.0)
    assert len(joined) == lines


@pytest.mark.parametrize(("short", "held"), [(2.3, True), (2.7, False)])
def test_a_short_line_is_held_by_those_that_it_meets(short: float, *, held: bool) -> None:
    crossing = [PixelBox(0, x, 100, x) for x in (10.0, 30.0)]
    assert _is_held(PixelBox(10, 50, 30 - short, 50), crossing, 1.0) is held


Box = tuple[float, float, float, float]


def find(*boxes: tuple[Box, int], width: int = 120, height: int = 80) -> tuple[list[Box], list[Box]]:
    """Draw grey boxes on a page of 120 × 80 pt with two pixels per point; give its lines and areas, points."""
    pixels = np.full((2 * height, 2 * width, 3), 255, dtype=np.uint8)
    for (x0, top, x1, bottom), grey in boxes:
        pixels[round(2 * top) : round(2 * bottom), round(2 * x0) : round(2 * x1)] = grey
    drawing, _ = find_drawing(pixels, 144)
    lines, areas = ([tuple(edge / 2 for edge in box[:4]) for box in found] for found in drawing)
    return lines, areas  # type: ignore[return-value]


@pytest.mark.parametrize(("length", "grey", "lines"), [(60, 255 - 20, 0), (60, 255 - 24, 1), (28, 0, 0), (32, 0, 1)])
def test_a_line_is_darker_than_the_paper_and_longer_than_a_dash(length: float, grey: int, lines: int) -> None:
    assert len(find(((20, 40, 20 + length, 41), grey))[0]) == lines


@pytest.mark.parametrize(("grey", "lines"), [(255 - 12, 0), (255 - 16, 1)])
def test_a_white_line_is_lighter_than_its_area(grey: int, lines: int) -> None:
    assert len(find(((10, 20, 110, 60), grey), ((20, 40, 100, 41), 255))[0]) == lines


WHOLE: Final = (10, 20, 110, 60)
LEFT, RIGHT = (10, 20, 60, 60), (60, 20, 110, 60)
MOST: Final = (10, 20, 80, 60)
TALL: Final = (10, 10, 110, 70)
STROKES: Final = [((x, 28, x + 1, 52), 255) for x in range(30, 91, 3)]


@pytest.mark.parametrize(
    ("boxes", "expected"),
    [
        pytest.param([(WHOLE, 255 - 8)], [], id="a hint of grey"),
        pytest.param([(WHOLE, 255 - 10)], [WHOLE], id="grey"),
        pytest.param([(WHOLE, 255 - 5), (MOST, 255 - 10)], [MOST], id="an area beside a hint of grey"),
        pytest.param([(WHOLE, 255 - 6), (MOST, 255 - 10)], [WHOLE], id="an area that is paler at a side"),
        pytest.param([(LEFT, 255 - 20), (RIGHT, 255 - 26)], [WHOLE], id="a change of colour by noise"),
        pytest.param([(LEFT, 255 - 20), (RIGHT, 255 - 28)], [LEFT, RIGHT], id="a change of colour"),
        pytest.param([((10, 20, 110, 27.5), 200)], [], id="lower than a line of text"),
        pytest.param([((10, 20, 110, 28.5), 200)], [(10, 20, 110, 28.5)], id="as high as one"),
        pytest.param([((10, 20, 44, 40), 200)], [], id="shorter than a column"),
        pytest.param([((10, 20, 48, 40), 200)], [(10, 20, 48, 40)], id="as long as one"),
        pytest.param([(WHOLE, 200), ((57, 20, 63, 60), 0)], [WHOLE], id="a thick stroke"),
        pytest.param(
            [(WHOLE, 200), ((56.5, 20, 63.5, 60), 0)], [(10, 20, 56.5, 60), (63.5, 20, 110, 60)], id="a dark area"
        ),
        pytest.param([(TALL, 130), *STROKES], [TALL], id="white strokes on a dark area"),
        pytest.param(
            [(TALL, 150), *STROKES],
            [(10, 10, 110, 28), (10, 52, 110, 70)],
            id="white strokes between light areas",
        ),
        pytest.param([(TALL, 200), ((50, 30, 71, 51), 0)], [TALL], id="a hole"),
        pytest.param(
            [(TALL, 200), ((48, 28, 72.5, 52.5), 0)],
            [(10, 10, 110, 28), (10, 52.5, 110, 70)],
            id="more than a hole",
        ),
    ],
)
def test_what_is_a_coloured_area(boxes: list[tuple[Box, int]], expected: list[Box]) -> None:
    areas = [list(box) for box in find(*boxes)[1]]
    assert near(sorted(areas), *expected, slack=1.0), areas


@pytest.mark.parametrize(("edge", "paper"), [(4, True), (5, False)])
def test_the_paper_is_what_most_of_the_pages_rim_is(edge: float, *, paper: bool) -> None:
    """The rim of a page of 300 × 300 pt is 9 pt wide; a shadow along its edges is less than half of it, or more."""
    inner = (edge, edge, 300 - edge, 300 - edge)
    areas = find(((0, 0, 300, 300), 200), (inner, 255), width=300, height=300)[1]
    assert (areas == []) is paper


@pytest.mark.parametrize(("gaps", "moved", "rectangles"), [(8, 0, 1), (12, 0, 0), (0, 4, 1), (0, 5, 2)])
def test_an_area_is_divided_where_its_sides_jump(gaps: int, moved: int, rectangles: int) -> None:
    """Two rows of 100 pixels: some are missing, or the second row begins farther right."""
    region = np.ones((2, 100), dtype=bool)
    region[:, 40 : 40 + gaps] = False
    region[1, :moved] = False
    assert len(list(_rectangles(region))) == rectangles
