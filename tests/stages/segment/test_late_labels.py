"""Values at a page's end whose labels did not fit there: the next page begins with them."""

from __future__ import annotations

import pytest

from pipeline.models.page import Picture
from tests.stages.segment.building import LEADING, Drawing
from tests.stages.segment.test_frames import read_rows

ROWS = (
    ("Village", ("Upper Saltings",)),
    ("Who lives there", ("Fishers, and those who mend nets for", "them")),
    ("Church", ("Of wood",)),
    ("Road", ("None; boats call twice a week, more often", "in summer")),
    ("School", ("Closed",)),
    ("Light", ("From the mill",)),
)
PAUSE = 8.0


def draw(*, head: tuple[str, ...], foot: tuple[str, ...], edges: bool) -> list[Drawing]:
    """Draw a table over two pages; `foot` ends the first, `head` is next to the label that begins the second."""
    pages = [Drawing(number=1), Drawing(number=2)]
    for page, rows in zip(pages, (ROWS, ROWS[::-1]), strict=True):
        at = 100.0
        if page.number == 2:
            at = max(
                page.write_cell(54, at, "What the council", "wants to build", "there"), page.write_cell(200, at, *head)
            )
        for label, value in rows:
            at += PAUSE
            if edges:
                page.rule(50, at - LEADING, 450, at - LEADING)
            page.write(label, 54, at)
            at = page.write_cell(200, at, *value)
        if page.number == 1:
            if edges:
                page.rule(50, at + PAUSE - LEADING, 450, at + PAUSE - LEADING)
            page.write_cell(200, at + PAUSE, *foot)
    return pages


@pytest.mark.parametrize("edges", [True, False])
@pytest.mark.parametrize(
    ("foot", "head"), [(("A harbour",), ()), (("A harbour that larger boats can also", "use, and"), ("a road to it",))]
)
def test_a_value_goes_with_the_label_that_begins_the_next_page(
    foot: tuple[str, ...], head: tuple[str, ...], *, edges: bool
) -> None:
    found = [(label, value.replace("\n", " ")) for label, value in read_rows(*draw(head=head, foot=foot, edges=edges))]
    rows = [(label, " ".join(value)) for label, value in ROWS]
    assert found == [*rows, ("What the council wants to build there", " ".join((*foot, *head))), *rows[::-1]]


def test_a_second_paragraph_at_a_pages_end_stays_with_its_label() -> None:
    found = read_rows(*draw(head=("A harbour",), foot=("It had oil lamps before.",), edges=False))
    assert found[5:7] == [
        ("Light", "From the mill\nIt had oil lamps before."),
        ("What the council wants to build there", "A harbour"),
    ]


@pytest.mark.parametrize("label", ["Light", "Light (more)"])
def test_a_value_below_a_picture_stays_with_its_label_where_that_is_printed_again(label: str) -> None:
    pages = draw(head=(), foot=(), edges=False)
    pages[1] = Drawing(number=2)
    # A picture is there instead of the last value.
    pages[0].glyphs = [glyph for glyph in pages[0].glyphs if glyph.x0 < 150 or glyph.top != 224]
    pages[0].pictures.append(Picture(200, 224, 260, 262))
    pages[0].write("From the mill and from the tower, that", 200, 276)
    pages[0].write("is, where it stood before, from all the", 200, 288)
    pages[1].write(label, 54, 100)
    pages[1].write("lamps in it.", 200, 100)
    pages[1].write("Inns", 54, 120)
    pages[1].write("Two", 200, 120)
    found = read_rows(*pages)
    assert found[5][0] == "Light"
    assert found[5][1].endswith("from all the lamps in it.")
