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

from pipeline.stages.read.recognise.drawing import find_drawing

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
