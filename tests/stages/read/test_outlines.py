"""Lines of letters that are drawn: found as outlines and in pictures; ornaments, charts and icons are none."""

from __future__ import annotations

import math
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw

from pipeline.models.page import Page
from pipeline.stages.read.picture import PagePicture
from tests.editions.building import write_mini
from tests.stages.read.building import read_twice, write_pdf
from tests.stages.read.redrawing import redraw

K = 0.5523
"""Distance of a circle's control points, as a share of its radius."""


def circle(x: float, y: float, r: float) -> str:
    k = K * r
    return (
        f"{x + r} {y} m {x + r} {y + k} {x + k} {y + r} {x} {y + r} c {x - k} {y + r} {x - r} {y + k} {x - r} {y} c "
        f"{x - r} {y - k} {x - k} {y - r} {x} {y - r} c {x + k} {y - r} {x + r} {y - k} {x + r} {y} c f"
    )


def kinds(page: Page) -> list[str]:
    return [part.kind for part in page.drawn]


def first_page(path: Path, number: int) -> Path:
    """Keep one page of a file."""
    with pikepdf.open(path, allow_overwriting_input=True) as file:
        for other in reversed(range(len(file.pages))):
            if other != number - 1:
                del file.pages[other]
        file.save(path)
    return path


@pytest.mark.parametrize(("way", "expected"), [("outlines", 3), ("picture", 4), ("nothing", 0)])
def test_lines_of_a_value_that_is_drawn(tmp_path: Path, way: str, expected: int) -> None:
    path = first_page(write_mini("mini_en", tmp_path), 2)
    assert kinds(read_twice(path)) == []
    redraw(path, 1, [(173, 133, 366, 168)], way)  # type: ignore[arg-type]
    page = read_twice(path)
    assert kinds(page).count("letters") == min(expected, 3)
    assert len(page.drawn) == expected
    assert all(part.x0 >= 173 and part.x1 <= 366 and part.top >= 132 and part.bottom <= 169 for part in page.drawn)


@pytest.mark.parametrize(
    "content",
    [
        " ".join(circle(50 + 8 * step, 300, 3) for step in range(30)),
        " ".join(circle(50 + 60 * step, 300, 2 + 2 * step) for step in range(6)),
        " ".join(circle(100 + 12 * math.cos(step), 300 + 12 * math.sin(step), 1.5) for step in range(12)),
        " ".join(f"{50 + 20 * step} 300 12 {4 + 3 * step} re f" for step in range(10)),
        " ".join(f"{50 + 4 * step} {300 + 9 * math.sin(step)} {3} {3} re f" for step in range(60)),
        "1 g " + " ".join(circle(50 + 8 * step, 300, 2 + step % 5 / 2) for step in range(30)),
    ],
    ids=["dots", "icons", "stars in a ring", "bars", "curve", "white on white"],
)
def test_what_is_no_line_of_letters(tmp_path: Path, content: str) -> None:
    assert (
        kinds(read_twice(write_pdf(tmp_path / "page.pdf", content + " 0 g BT /F 10 Tf 50 500 Td (Open) Tj ET"))) == []
    )


def test_drawn_letters_with_their_text_over_them_are_no_loss(tmp_path: Path) -> None:
    """Decorated type is drawn as text and as outlines."""
    letters = " ".join(circle(50 + 6 * step, 503, 2 + step % 4 / 2) for step in range(9))
    assert kinds(read_twice(write_pdf(tmp_path / "drawn.pdf", letters))) == ["letters"]
    text = "BT /F 10 Tf 46 500 Td (Open letters) Tj ET"
    assert kinds(read_twice(write_pdf(tmp_path / "both.pdf", f"{letters} {text}"))) == []


@pytest.mark.parametrize("tint", ["white", "#446688"])
@pytest.mark.parametrize("rule", [1, 3])
def test_a_picture_of_a_row_shows_lines_across_its_column_rule(tint: str, rule: int) -> None:
    image = Image.new("RGB", (600, 90), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 150, 90), fill=tint)
    draw.rectangle((151, 0, 151 + rule, 90), fill="black")
    for line in range(4):
        draw.text((170, 10 + 20 * line), "Somebody reads this in a picture of a row", fill="black")
        draw.text((10, 10 + 20 * line), "Main objective", fill="black" if tint == "white" else "white")
    assert len(list(PagePicture(image, 2.0).find_lines((0, 0, 300, 45)))) == (8 if tint == "white" else 4)


def letters(x: float, *sizes: tuple[float, float]) -> str:
    """Draw bows next to each other, of these widths and heights, on the base line."""
    drawn = []
    for width, height in sizes:
        right, high = x + width, 500 + height
        drawn.append(f"{x} 500 m {right} 500 l {right} {high} l {x} {high} {x} {high} {x} 500 c f")
        x += width + 0.8
    return " ".join(drawn)


YEAR = ((5, 7.2), (5, 7.2), (2.4, 7.2), (5, 7.2))


@pytest.mark.parametrize(
    ("drawn", "x", "found"),
    [
        (letters(80, *YEAR), 106, 1),
        (letters(80, *YEAR[1:]), 106, 1),
        (letters(80, *YEAR[2:]), 106, 0),
        (letters(80, *((5, 7.2),) * 4), 106, 0),
        (letters(150, *YEAR), 300, 0),
        (letters(80, *((w / 3, h / 3) for w, h in YEAR)), 106, 0),
    ],
    ids=["a year", "three figures", "an icon", "stars", "beside the text", "tiny"],
)
def test_few_letters_that_are_drawn_within_a_line_of_text(tmp_path: Path, drawn: str, x: float, found: int) -> None:
    text = f"BT /F 10 Tf 50 500 Td (Start:) Tj ET BT /F 10 Tf {x} 500 Td (and on) Tj ET"
    page = read_twice(write_pdf(tmp_path / "page.pdf", f"{text} {drawn}"))
    assert kinds(page) == ["letters"] * found
