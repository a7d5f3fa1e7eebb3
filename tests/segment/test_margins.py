"""Running lines and page numbers: what recurs at the pages' edges."""

from __future__ import annotations

import pytest

from pipeline.segment import segment_pages
from tests.segment.building import Drawing, make_source

BODY = ("It was a fine morning when the", "workshop opened its doors for", "the people of the quarter and")


def draw_page(number: int, header: str | None = None, footer: str | None = None, *, body: str = "") -> Drawing:
    drawing = Drawing(number=number)
    if header:
        drawing.write(header, 50, 30, size=8)
    drawing.write_cell(50, 100, *(f"{line} {body}{number * 'x'}" for line in BODY))
    drawing.write_cell(50, 500, *(f"{line} {body}{number * 'y'}" for line in BODY))
    if footer:
        drawing.write(footer, 240, 680, size=8)
    return drawing


def margins_of(*drawings: Drawing) -> list[list[str]]:
    return [[line.text for line in layout.margin_lines] for layout in segment_pages(make_source(*drawings))]


def test_a_recurring_line_is_furniture() -> None:
    pages = [draw_page(number, header="Annual report") for number in (1, 2, 3)]
    assert margins_of(*pages) == [["Annual report"]] * 3


@pytest.mark.parametrize("form", ["{}", "{}. lpp.", "{}/55", "- {} -", "Page {} of 55"])
def test_page_numbers_in_any_form_are_furniture(form: str) -> None:
    pages = [draw_page(number, footer=form.format(number + 8)) for number in (1, 2, 3, 4)]
    assert margins_of(*pages) == [[form.format(number + 8)] for number in (1, 2, 3, 4)]


def test_furniture_of_odd_and_even_pages() -> None:
    pages = [draw_page(number, header="Left title" if number % 2 else "Right title") for number in (1, 2, 3, 4)]
    assert margins_of(*pages) == [["Left title"], ["Right title"]] * 2


def test_a_first_page_without_furniture() -> None:
    pages = [draw_page(1), *(draw_page(number, header="Annual report") for number in (2, 3, 4))]
    assert margins_of(*pages) == [[], *[["Annual report"]] * 3]


def test_a_large_line_that_recurs_is_a_heading() -> None:
    pages = [draw_page(number) for number in (1, 2, 3)]
    for page in pages:
        page.write("Good practice", 50, 30, size=16)
    assert margins_of(*pages) == [[], [], []]


def test_a_recurring_line_in_the_middle_of_pages_is_text() -> None:
    pages = [draw_page(number) for number in (1, 2, 3)]
    for page in pages:
        page.write("All rights are reserved here", 50, 300)
    assert margins_of(*pages) == [[], [], []]


def test_a_recurring_first_line_of_a_drawn_table_is_a_cells() -> None:
    pages = []
    for number in (1, 2, 3):
        page = draw_page(number)
        page.write("Label", 55, 30)
        page.write("Value", 155, 30)
        for y in (20, 35):
            page.rule(50, y, 450, y)
        for x in (50, 150, 450):
            page.rule(x, 20, x, 35)
        pages.append(page)
    assert margins_of(*pages) == [[], [], []]


def test_a_single_page_has_no_running_lines_but_a_lone_number() -> None:
    assert margins_of(draw_page(1, header="Annual report")) == [[]]
    assert margins_of(draw_page(1, footer="7")) == [["7"]]
