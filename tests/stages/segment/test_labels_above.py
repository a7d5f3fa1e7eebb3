"""Labels above their values: rows, where these are indented and labels recur, or begin with them in a form.

Headings are none.
"""

from __future__ import annotations

import pytest

from tests.stages.segment.building import BOLD, LEADING, PLAIN, SIZE, Drawing, draw_table
from tests.stages.segment.test_frames import read_rows

ROWS = (
    ("Title", ("A walk along the old channel",)),
    ("Who may come along with us", ("Classes and their teachers",)),
    ("Length", ("Two hours and a half, of which half an", "hour is for a rest at the tower")),
    ("What is to be brought", ("Shoes and a bottle",)),
    ("Price", ("3 euros",)),
)
AGAIN = tuple((label, tuple(f"{line} of others" for line in value)) for label, value in ROWS)
PROSE = "Text that runs over the whole width of the page and on"


def draw(rows: tuple[tuple[str, tuple[str, ...]], ...], *, pause: float, after: int = 0, number: str = "") -> Drawing:
    """Draw labels with their values, each with some lines of text behind it."""
    drawing = Drawing()
    at = 100.0
    for label, value in rows:
        drawing.write(number + label, 50, at, font=BOLD)
        drawing.write_cell(68, at + LEADING, *value)
        at += LEADING * (1 + len(value))
        if after:
            drawing.write_cell(50, at, *[PROSE] * after)
        at += LEADING * after + pause
    return drawing


@pytest.mark.parametrize("pause", [0.0, 4.0, 12.0])
def test_each_label_begins_a_row_at_any_distance(pause: float) -> None:
    found = [(label, value.replace("\n", " ")) for label, value in read_rows(draw(ROWS + AGAIN, pause=pause))]
    assert found == [(label, " ".join(value)) for label, value in ROWS + AGAIN]


@pytest.mark.parametrize("pause", [0.0, 4.0, 12.0])
def test_where_no_label_recurs_they_may_be_entries_or_text_with_quotations(pause: float) -> None:
    assert read_rows(draw(ROWS, pause=pause)) == []


def test_headings_above_an_indented_first_line_are_no_labels() -> None:
    assert read_rows(draw(ROWS + AGAIN, pause=6, after=2)) == []


def test_headings_above_long_text_are_no_labels() -> None:
    assert (
        read_rows(
            draw(tuple((label, (f"{PROSE} {n}", *[PROSE] * 6)) for n, (label, _) in enumerate(ROWS + AGAIN)), pause=6)
        )
        == []
    )


@pytest.mark.parametrize(("number", "sign"), [("1 ", ""), ("", "- ")])
def test_clauses_and_lists_below_headings_are_no_rows(number: str, sign: str) -> None:
    rows = tuple(
        (label, (f"{sign}Classes and teacher {n}", sign + "Guests")) for n, (label, _) in enumerate(ROWS + AGAIN)
    )
    assert read_rows(draw(rows, pause=6, number=number)) == []


FORM = (*ROWS, ("Place", ("Tower of the old mill",)), ("Month", ("May",)), ("Guide", ("Anna Berg",)))
SENTENCES = "It is told in a sentence, and in one more."


def draw_form(
    rows: tuple[tuple[str, tuple[str, ...]], ...],
    *,
    font: int = BOLD,
    size: float = SIZE,
    first: str = "",
    indent: float = 0,
) -> list[Drawing]:
    """Draw labels with values that begin at the same x or behind it, on two pages; a value goes on over the break."""
    pages = [Drawing(number=1), Drawing(number=2)]
    pages[0].write("What we ask of you", 50, 60, size=15)
    pages[0].write_cell(50, 80, PROSE, PROSE)
    at, drawing = 140.0, pages[0]
    for number, (label, value) in enumerate(rows):
        drawing.write(first + label, 50, at, font=font, size=size)
        for line in value:
            at += LEADING
            drawing.write(line, 50 + indent, at)
            if number == len(rows) // 2 - 1 and line is value[0]:
                drawing, at = pages[1], 50.0
        at += LEADING + 6
    drawing.write("It is signed below.", 50, at + 60)
    return pages


@pytest.mark.parametrize("indent", [0, 18])
def test_bold_labels_of_a_form_begin_rows_of_the_lines_below_them(indent: float) -> None:
    rows = (*FORM[:3], ("What is to be brought", ("Shoes, or", "a bottle")), *FORM[4:])
    found = [(label, value.replace("\n", " ")) for label, value in read_rows(*draw_form(rows, indent=indent))]
    assert found == [(label, " ".join(value)) for label, value in rows]


@pytest.mark.parametrize(("size", "rows"), [(SIZE, 0), (9.5, 0), (8.5, 8)])
def test_labels_of_a_form_may_be_smaller_than_its_values(size: float, rows: int) -> None:
    assert [label for label, _ in read_rows(*draw_form(FORM, font=PLAIN, size=size))] == [label for label, _ in FORM][
        :rows
    ]


@pytest.mark.parametrize("indent", [0, 18])
def test_bold_headings_above_sentences_are_no_labels_nor_are_those_of_few_fields_or_plain_ones(indent: float) -> None:
    told = tuple((label, (SENTENCES,)) for label, _ in FORM)
    assert read_rows(*draw_form((*told[2:], *FORM[:2]), indent=indent)) == []
    assert len(read_rows(*draw_form((*told[3:], *FORM[:3]), indent=indent))) == len(FORM)
    assert read_rows(*draw_form(FORM[1:], indent=indent)) == []
    assert read_rows(*draw_form(FORM, font=PLAIN, indent=indent)) == []
    assert read_rows(*draw_form(FORM, first="1 ", indent=indent)) == []


def test_bold_lines_next_to_a_drawn_table_are_headings() -> None:
    pages = draw_form(FORM)
    draw_table(pages[1], 400, grid=True)
    assert not {label for label, _ in FORM} & {label for label, _ in read_rows(*pages)}
