"""Running lines and page numbers: what recurs at the pages' edges."""

from __future__ import annotations

import pytest

from pipeline.stages.segment.pages import segment_pages
from tests.stages.segment.building import Drawing, make_source

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


def test_a_large_line_that_recurs_at_one_place_above_text_that_differs_is_a_running_line() -> None:
    pages = [draw_page(number) for number in (1, 2, 3)]
    for page in pages:
        page.write("Good practice", 50, 30, size=16)
    assert margins_of(*pages) == [["Good practice"]] * 3


@pytest.mark.parametrize(("title", "furniture"), [("Good practice", True), ("Good morning", False)])
def test_a_line_at_a_pages_edge_that_repeats_a_heading_is_furniture(title: str, furniture: bool) -> None:
    # The running lines of odd and even pages stand at one height, and one of them begins where rows do.
    first, second = draw_page(1), draw_page(2)
    first.write("A book", 400, 30)
    first.write("Good practice", 50, 60, size=16)
    second.write(title, 50, 30)
    assert margins_of(first, second)[1] == ([title] if furniture else [])


def test_an_entry_of_the_contents_is_no_running_title_of_the_heading_that_follows() -> None:
    first = Drawing(number=1)
    first.write("Contents", 50, 70, size=16)
    first.write("First practice", 50, 640)
    first.write("Second practice", 50, 662)
    pages = [draw_page(2), draw_page(3)]
    for page, heading in zip(pages, ("First practice", "Second practice"), strict=True):
        page.write(heading, 50, 70, size=16)
    assert margins_of(first, *pages) == [[], [], []]


def test_a_larger_page_number_is_furniture() -> None:
    pages = [draw_page(number) for number in (1, 2, 3)]
    for page in pages:
        page.write(str(page.number + 6), 240, 670, size=16)
    assert margins_of(*pages) == [["7"], ["8"], ["9"]]


def draw_columns(number: int, first: tuple[str, str], *, last: str | None = None) -> Drawing:
    """Draw a page that is full of rows, with `first` at its head and a label without a value at its foot."""
    drawing = Drawing(number=number)
    for place, text in enumerate(first):
        drawing.write(text, 54 + 100 * place, 50)
    for row in range(12):
        drawing.write(("Period", "Place", "Aims")[row % 3], 54, 74 + 48 * row)
        drawing.write(f"Answer {chr(96 + number)}{chr(97 + row)} of many", 154, 74 + 48 * row)
    if last:
        drawing.write(last, 54, 650)
    return drawing


@pytest.mark.parametrize(("recurs", "is_furniture"), [(2, False), (4, True)])
def test_a_line_set_in_the_tables_columns_is_furniture_only_where_it_recurs_on_many_pages(
    recurs: int, is_furniture: bool
) -> None:
    pages = [
        draw_columns(number, ("Country", "Latvia" if number <= recurs else f"Land {'x' * number}"))
        for number in range(1, 7)
    ]
    found = [["Country Latvia"] if is_furniture and number <= recurs else [] for number in range(1, 7)]
    assert margins_of(*pages) == found


@pytest.mark.parametrize(("again", "is_furniture"), [(2, True), (3, False)])
def test_a_lone_line_at_the_foot_of_two_pages_is_no_running_line_where_it_has_values_on_more(
    again: int, is_furniture: bool
) -> None:
    pages = [draw_columns(number, (f"Land {'x' * number}", "y" * number)) for number in range(1, 6)]
    for page in pages:
        page.write("Owners" if page.number < 3 else "", 54, 650)
    for page in pages[-again:]:
        page.write("Owners" if page.number > 2 or again > 3 else "", 54, 650)
        page.write(f"The town and {'z' * page.number}", 154, 650)
    found = [any("Owners" in line for line in margin) for margin in margins_of(*pages)]
    assert found == [is_furniture, is_furniture, False, False, False]


@pytest.mark.parametrize("step", [1, 17])
def test_a_line_in_the_tables_columns_whose_numbers_differ_is_furniture_on_two_pages_where_they_count_pages(
    step: int,
) -> None:
    pages = [draw_columns(number, ("Item", f"No. {300 + step * number}")) for number in (1, 2)]
    assert margins_of(*pages) == [[f"Item No. {300 + step * number}"] if step == 1 else [] for number in (1, 2)]


def test_a_label_at_the_foot_of_two_pages_is_no_running_line() -> None:
    pages = [
        draw_columns(number, ("Land " + "x" * number, "y" * number), last="Period" if number < 3 else None)
        for number in (1, 2, 3, 4)
    ]
    assert margins_of(*pages) == [[], [], [], []]


@pytest.mark.parametrize(("gap", "is_furniture"), [(26, False), (34, True)])
def test_a_line_in_body_type_at_one_pages_foot_is_furniture_only_well_below_the_text(
    gap: float, is_furniture: bool
) -> None:
    pages = [draw_page(number) for number in (1, 2, 3)]
    pages[1].write_cell(50, 664 - gap, "The text runs farther down here")
    pages[1].write("Mending", 50, 664)
    assert margins_of(*pages) == [[], ["Mending"] if is_furniture else [], []]


@pytest.mark.parametrize(
    ("x0", "height", "is_furniture"), [(300, 40, True), (300, 70, True), (50, 40, False), (50, 70, False)]
)
def test_lines_in_body_type_at_one_height_are_furniture_only_outside_the_columns(
    x0: float, height: float, is_furniture: bool
) -> None:
    pages = [draw_page(1), draw_page(2)]
    pages[0].write("Annual report", 320, height)
    pages[1].write("Friends of it", x0, height)
    assert margins_of(*pages) == ([["Annual report"], ["Friends of it"]] if is_furniture else [[], []])


@pytest.mark.parametrize(("x0", "is_furniture"), [(50, True), (54, False)])
def test_a_line_that_begins_with_the_text_but_not_with_the_rows_is_outside_the_columns(
    x0: float, is_furniture: bool
) -> None:
    pages = [Drawing(number=1), Drawing(number=2)]
    for page in pages:
        page.write_cell(50, 120, "The text before the table begins at the left")
        for row in range(4):
            page.write("Name", 54, 160 + 24 * row)
            page.write("Open workshop of the town by a lake", 154, 160 + 24 * row)
    pages[0].write("Annual report", 320, 70)
    pages[1].write("Friends of it", x0, 70)
    assert margins_of(*pages) == ([["Annual report"], ["Friends of it"]] if is_furniture else [[], []])


def test_small_running_lines_that_differ_on_small_paper() -> None:
    pages = []
    for number, text in enumerate(("Tools and how to keep them", "Friends of the workshop", "Costs"), start=1):
        page = Drawing(number=number, width=300, height=420)
        page.write_cell(50, 60, *(f"{line} {number * 'x'}" for line in BODY))
        page.write_cell(50, 300, *(f"{line} {number * 'y'}" for line in BODY))
        page.write(text, 130 + 10 * number, 374, size=7)
        pages.append(page)
    assert margins_of(*pages) == [["Tools and how to keep them"], ["Friends of the workshop"], ["Costs"]]


def test_a_recurring_line_in_the_middle_of_pages_is_text() -> None:
    pages = [draw_page(number) for number in (1, 2, 3)]
    for page in pages:
        page.write("All rights are reserved here", 50, 300)
    assert margins_of(*pages) == [[], [], []]


@pytest.mark.parametrize("text", ["- {} -", "It was a fine morning {}"])
def test_only_a_page_number_by_itself_may_stand_far_from_the_edge(text: str) -> None:
    pages = [draw_page(number) for number in (1, 2, 3)]
    for page in pages:
        page.height = 760
        page.write(text.format(page.number), 240, 570)
    assert margins_of(*pages) == [[text.format(number)] if "-" in text else [] for number in (1, 2, 3)]


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


@pytest.mark.parametrize(("foot", "sides", "furniture"), [(85, True, 0), (650, True, 1), (85, False, 1)])
@pytest.mark.parametrize("at_foot", [False, True])
def test_a_small_line_in_a_box_with_the_next_one_is_no_running_line_but_one_in_the_border_of_its_page_may_be(
    foot: float, furniture: int, *, sides: bool, at_foot: bool
) -> None:
    pages = [draw_page(1), draw_page(2)]
    page = pages[1]
    lines = ((40, "What comes next", 7), (60, "A workshop for the other quarter", 10))
    for y, text, size in lines:
        page.write(text, 50, page.height - y if at_foot else y, size=size)
    ends = [page.height - y if at_foot else y for y in (28.0, float(foot))]
    for y in ends:
        page.rule(40, y, 460, y)
    for x in (40, 460) if sides else ():
        page.rule(x, min(ends), x, max(ends))
    assert margins_of(*pages) == [[], [lines[0][1]] * furniture]


@pytest.mark.parametrize("again", [True, False])
def test_a_line_clear_of_all_text_is_a_label_where_it_is_one_elsewhere(*, again: bool) -> None:
    label = "How it is done"
    pages = [Drawing(number=number) for number in (1, 2)]
    for page in pages:
        for number, own in enumerate(("Place", "Who leads it", label if again else "Fee", "Price", "Dates")):
            page.write(own, 140 - 5 * len(own), 100 + 100 * number)
            page.write_cell(154, 100 + 100 * number, *BODY)
    pages[0].write(label, 140 - 5 * len(label), 640)
    assert margins_of(*pages) == [[] if again else [label], []]
