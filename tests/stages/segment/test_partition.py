"""Rows without separators: divided by alignment, white space, and whether lines were full."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.stages.segment.division import PAUSE, ColumnLines, ColumnPair, RowStyle, divide_rows
from pipeline.stages.segment.lines import group_lines
from tests.stages.segment.building import LEADING, Drawing

Line = tuple[float, bool]
"""A line's base line in units of the leading, and whether it is full."""


def make_column(*lines: Line, capital: Sequence[bool] = ()) -> ColumnLines:
    """Make a column of lines at heights given in base line distances."""
    drawing = Drawing()
    for at, _ in lines:
        drawing.write("text", 50, 100 + at * LEADING)
    page = drawing.finish()
    begins = list(capital) or [False] * len(lines)
    none = [False] * len(lines)
    full = [own for _, own in lines]
    return ColumnLines(
        group_lines(page, range(len(page.glyphs))), full, LEADING, begins, begins, none, [0] * len(lines)
    )


def divide(
    label: ColumnLines,
    value: ColumnLines,
    *,
    middle: bool = False,
    padded: bool = False,
    offset: float = 0.0,
    row_gap: float | None = None,
    rests: bool = True,
    ahead: bool = False,
    pictures: Sequence[tuple[float, float]] = (),
) -> list[tuple[int, int]]:
    """Divide; for each row the numbers of its label lines and value lines."""
    style = RowStyle(middle, PAUSE * LEADING if padded and row_gap is None else row_gap, offset)
    divided = divide_rows(ColumnPair(label, value, rests=rests, ahead=ahead, pictures=pictures), style).rows
    return [(len(one), len(other)) for one, other in divided]


def fits_middle(label: ColumnLines, value: ColumnLines, *, padded: bool = True) -> bool:
    """Return whether lines fit labels at the middle of their values better than labels at their top."""
    row_gap = PAUSE * LEADING if padded else None
    costs = [divide_rows(ColumnPair(label, value), RowStyle(middle, row_gap)).cost for middle in (True, False)]
    return costs[0] < costs[1]


def test_labels_beside_values_begin_rows() -> None:
    label = make_column((0, False), (2, False))
    value = make_column((0, True), (1, False), (2, False))
    assert divide(label, value) == [(1, 2), (1, 1)]


def test_a_label_of_two_lines_is_one() -> None:
    label = make_column((0, True), (1, False), (3, False))
    value = make_column((0, True), (1, True), (2, False), (3, False))
    assert divide(label, value) == [(2, 3), (1, 1)]


def test_a_label_wider_than_its_column_begins_a_row_and_its_value_stands_below_it() -> None:
    drawing, values = Drawing(), Drawing()
    for at, text in ((0, "Colour"), (1, "Conductivity at a mean moisture"), (3, "Density"), (4, "Place")):
        drawing.write(text, 50, 100 + at * LEADING)
    for at in (0, 2, 3, 4):
        values.write("text", 150, 100 + at * LEADING)
    columns = [
        ColumnLines(
            group_lines(page, range(len(page.glyphs))), full, LEADING, [True] * 4, [False] * 4, [False] * 4, [0] * 4
        )
        for page, full in (
            (drawing.finish(), [False, True, False, False]),
            (values.finish(), [False, True, False, False]),
        )
    ]
    assert divide(columns[0], columns[1], offset=0.0) == [(1, 1), (1, 1), (1, 1), (1, 1)]


def test_short_lines_side_by_side_are_rows_of_their_own() -> None:
    label = make_column((0, False), (1, False), (2, False))
    value = make_column((0, False), (1, False), (2, False))
    assert divide(label, value) == [(1, 1), (1, 1), (1, 1)]


def test_a_full_label_line_goes_on_beside_short_value_lines() -> None:
    label = make_column((0, True), (1, False))
    value = make_column((0, False), (1, False))
    assert divide(label, value) == [(2, 2)]


def test_a_label_that_just_fills_its_line_ends_where_both_columns_begin_with_capitals() -> None:
    label = make_column((0, True), (1, False), capital=(True, True))
    value = make_column((0, False), (1, False), capital=(True, True))
    assert divide(label, value) == [(1, 1), (1, 1)]
    # A noun's capital in the label alone shows nothing.
    assert divide(label, make_column((0, False), (1, False))) == [(2, 2)]


@pytest.mark.parametrize(("full", "rows"), [(False, [(1, 1), (1, 1)]), (True, [(2, 2)])])
def test_a_value_that_fills_its_line_ends_next_to_a_label_with_room_where_both_begin_with_capitals(
    full: bool, rows: list[tuple[int, int]]
) -> None:
    label = make_column((0, full), (1, False), capital=(True, True))
    assert divide(label, make_column((0, True), (1, False), capital=(True, True))) == rows
    assert divide(label, make_column((0, True), (1, False), capital=(True, False))) == [(2, 2)]


def test_a_full_value_line_ends_a_row_only_behind_a_sentence() -> None:
    label = make_column((0, False), (2, False))
    running = make_column((0, True), (1, True), (2, False))
    ended = make_column((0, True), (1, True), (2, False), capital=(False, False, True))
    assert divide(label, running) == [(2, 3)]
    assert divide(label, ended) == [(1, 2), (1, 1)]


def test_white_space_parts_rows_in_a_padded_table() -> None:
    label = make_column((0, False), (2.5, False), (3.5, False))
    value = make_column((0, False), (1, False), (2.5, False), (3.5, False))
    assert divide(label, value, padded=True) == [(1, 2), (2, 2)]


def test_a_pause_inside_a_value_parts_no_row() -> None:
    label = make_column((0, False), (4.5, False))
    value = make_column((0, False), (1.5, False), (2.5, False), (4.5, False))
    assert divide(label, value, padded=True) == [(1, 3), (1, 1)]


def test_lines_before_the_first_label_go_on_from_the_page_before() -> None:
    label = make_column((2.5, False))
    value = make_column((0, False), (1, False), (2.5, False))
    assert divide(label, value, padded=True) == [(0, 2), (1, 1)]


def test_an_empty_value_keeps_its_label() -> None:
    label = make_column((0, False), (2, False), (4, False))
    value = make_column((0, False), (4, False))
    assert divide(label, value, padded=True) == [(1, 1), (1, 0), (1, 1)]


@pytest.mark.parametrize("offset", [0.0, 0.25])
def test_a_value_that_begins_above_its_label_is_none_at_the_rows_offset(offset: float) -> None:
    label = make_column((offset, False), (1.5 + offset, False), (3 + offset, False))
    value = make_column((0, False), (1, False), (3, False))
    assert divide(label, value, offset=offset * LEADING) == [(1, 2), (1, 0), (1, 1)]


def test_the_offset_that_rows_share_costs_nothing() -> None:
    label = make_column((0.6, False), (1.6, False))
    value = make_column((0, True), (1, False), capital=(True, True))
    assert divide(label, value, offset=0.6 * LEADING) == [(1, 1), (1, 1)]
    assert divide(label, value) != [(1, 1), (1, 1)]


def test_a_list_set_a_little_lower_than_its_label_begins_with_it() -> None:
    label = make_column((0, False), (1, False))
    value = make_column((0, False), (1.5, False))
    assert divide(label, value, offset=0.0) == [(1, 1), (1, 1)]


def test_labels_in_the_middle_of_their_values() -> None:
    label = make_column((1, False), (5.5, False))
    value = make_column((0, False), (1, False), (2, False), (4, False), (5, False), (6, False), (7, False))
    assert divide(label, value, middle=True, padded=True) == [(1, 3), (1, 4)]
    assert fits_middle(label, value)


def test_a_picture_below_a_value_moves_its_middle() -> None:
    label = make_column((1.75, True), (2.75, False), (7, False), (14, False))
    ends = (0, 1, 2, 3, 4.5, 6.5, 7.5, 9.5, 10.5, 11.5, 13, 14.5)
    value = make_column(*((at, False) for at in ends))
    last = value.lines[-1]
    below = (last.bottom + 2, last.bottom + 4 * LEADING)
    rows = [(2, 5), (1, 2), (1, 5)]
    assert divide(label, value, middle=True, padded=True, pictures=[below]) == rows
    assert divide(label, value, middle=True, padded=True) != rows
    above = (value.lines[0].top - 20, value.lines[0].top - 2)
    assert divide(label, value, middle=True, padded=True, pictures=[above]) != rows


def test_pauses_nearer_than_rows_stand_are_those_of_paragraphs() -> None:
    # Neither division has its labels exactly at the middle.
    label = make_column((1.1, False), (6.7, False))
    value = make_column(*((at, False) for at in (0, 1.5, 3, 6, 7.5, 9)))
    assert divide(label, value, middle=True, padded=True, rests=False) != [(1, 3), (1, 3)]
    assert divide(label, value, middle=True, padded=True, rests=False, row_gap=3 * LEADING) == [(1, 3), (1, 3)]


def test_a_label_off_the_middle_of_its_value_tells_against_more_cuts() -> None:
    # Paragraphs stand farther apart than rows do, and the last label has no value.
    label = make_column((1.3, False), (7.7, False), (12.85, False))
    ends = (0, 1.6, 2.6, 4.05, 5.65, 7.25, 8.85, 9.85, 11.4)
    value = make_column(*((at, False) for at in ends))
    assert divide(label, value, middle=True, padded=True, row_gap=1.45 * LEADING) == [(1, 3), (1, 6), (1, 0)]


def test_a_wide_pause_beside_a_label_is_an_empty_value() -> None:
    # Paragraphs stand as far apart as rows; only where labels without value stand, the values leave more room.
    label = make_column((3.75, False), (9.5, False), (14.25, False), (18.5, False), (21, False))
    value = make_column(
        *((at, False) for at in (0, 1.5, 3, 4, 5, 6, 7.5, 11.5, 13, 14, 15.5, 17, 20, 21, 22)),
    )
    rows = [(1, 7), (1, 0), (1, 5), (1, 0), (1, 3)]
    assert divide(label, value, middle=True, padded=True, rests=False, row_gap=1.5 * LEADING) == rows


@pytest.mark.parametrize(("rests", "rows"), [(True, [(0, 1), (1, 3)]), (False, [(1, 4)])])
def test_a_value_begins_without_its_label_only_where_a_row_can_go_on(rests: bool, rows: list[tuple[int, int]]) -> None:
    value = make_column((0, False), (1.5, False), (3, False), (4.5, False))
    assert divide(make_column((2.75, False)), value, middle=True, padded=True, rests=rests) == rows


def test_a_label_beside_a_part_of_a_value_does_not_show_the_top() -> None:
    # A picture stands below the second value, whose label therefore stands beside a line far from both its places.
    label = make_column((1, False), (8.75, False))
    value = make_column((0, False), (1, False), (2, False), (4.5, False), *((6 + n, False) for n in range(4)))
    assert fits_middle(label, value)


def test_labels_at_the_top_of_their_values() -> None:
    label = make_column((0, False), (4, False))
    value = make_column((0, False), (1, False), (2, False), (4, False), (5, False), (6, False))
    assert not fits_middle(label, value)


def test_labels_beside_the_first_lines_of_rows_that_nothing_parts_do_not_show_the_middle() -> None:
    label = make_column((0, False), (4, False))
    value = make_column(*((at, False) for at in range(6)), capital=(True, False, False, False, True, False))
    assert not fits_middle(label, value, padded=False)


def test_no_line_is_ever_left_out() -> None:
    # A label between two value lines at heights that no division explains.
    label = make_column((0.5, True), (0.9, True))
    value = make_column((0, True), (1, True), (2, True))
    rows = divide_rows(ColumnPair(label, value), RowStyle(middle=False)).rows
    assert [index for one, _ in rows for index in one] == [0, 1]
    assert [index for _, other in rows for index in other] == [0, 1, 2]


def test_a_value_without_labels_is_one_row() -> None:
    assert divide(make_column(), make_column((0, False), (1, False))) == [(0, 2)]


@pytest.mark.parametrize(("ahead", "rows"), [(True, [(1, 4), (1, 0)]), (False, [(1, 2), (1, 2)])])
def test_a_label_at_a_pages_end_takes_no_paragraph_above_it_where_its_value_is_on_the_next_page(
    rows: list[tuple[int, int]], *, ahead: bool
) -> None:
    label, value = make_column((0, True), (4.8, True)), make_column((0, True), (1, False), (2.4, True), (3.4, False))
    assert divide(label, value, row_gap=1.4 * LEADING, ahead=ahead) == rows
