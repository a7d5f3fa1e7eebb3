"""Pages → tables: by what evidence they are found, how rows are parted, and what is left out."""

from __future__ import annotations

import pickle

import pytest

from pipeline.models.layout import PageLayout, Table
from pipeline.models.page import Picture
from pipeline.stages.segment.lines import group_lines
from pipeline.stages.segment.page_analysis import PageBody, analyse_page, prepare_page, take_analysis
from pipeline.stages.segment.pages import segment_pages
from pipeline.stages.segment.region import LabelledRegion, RegionColumn
from pipeline.stages.segment.row_style import make_value_column
from pipeline.stages.segment.scale import measure_leadings, measure_scale
from tests.stages.segment.building import (
    BOLD,
    BOUNDARY,
    LEADING,
    LEFT,
    PADDING,
    PLAIN,
    RIGHT,
    ROWS,
    Drawing,
    draw_table,
    make_source,
)

EXPECTED = [(" ".join(label), " ".join(value)) for label, value in ROWS]


def rows_of(table: Table) -> list[tuple[str, str]]:
    return [
        (" ".join(line.text for line in row.label.lines), " ".join(line.text for line in row.value.lines))
        for row in table.rows
    ]


def segment_one(drawing: Drawing) -> PageLayout:
    (layout,) = segment_pages(make_source(drawing))
    return layout


def only_table(drawing: Drawing) -> Table:
    (table,) = segment_one(drawing).tables
    return table


def test_lines_that_a_worker_divides_are_used_where_they_are_of_the_page_itself() -> None:
    drawing, other = Drawing(), Drawing()
    draw_table(drawing, 100, grid=True)
    draw_table(other, 300, grid=True)
    source = make_source(drawing)
    (page,) = source.pages
    analysis = pickle.loads(pickle.dumps((page, prepare_page(page))))[1]
    assert segment_pages(source, prepared={1: analysis}) == segment_pages(source)
    own = source.model_copy(update={"pages": (analysis.page,)})
    assert segment_pages(own, prepared={1: analysis}) == segment_pages(source)
    assert take_analysis(analysis.page, {1: analysis}) is analysis
    assert take_analysis(page, {1: analysis}) is not analysis


# --- evidence --------------------------------------------------------------------------------------------------------


def test_a_grid_shows_a_table() -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100, grid=True)
    table = only_table(drawing)
    assert rows_of(table) == EXPECTED
    assert (table.evidence, table.confidence, table.boundary) == ("grid", 1.0, BOUNDARY)
    assert (table.box.x0, table.box.top, table.box.x1, table.box.bottom) == (LEFT, 100, RIGHT, bottom)
    assert (table.closed_top, table.closed_bottom) == (True, True)


def test_rules_between_rows_and_white_space_between_columns_show_a_table() -> None:
    drawing = Drawing()
    draw_table(drawing, 100, lines=True)
    table = only_table(drawing)
    assert rows_of(table) == EXPECTED
    assert (table.evidence, table.confidence) == ("rules", 0.9)


def test_a_coloured_label_column_shows_a_table() -> None:
    drawing = Drawing()
    draw_table(drawing, 100, label_fill=True)
    table = only_table(drawing)
    assert rows_of(table) == EXPECTED
    assert (table.evidence, table.colour) == ("fills", (0.9, 0.9, 0.9))


def test_a_tables_colour_is_its_rows_and_not_the_header_rows() -> None:
    drawing = Drawing()
    drawing.fill(LEFT, 60, RIGHT, 100, grey=0.5)
    drawing.write("Question", LEFT + 4, 94)
    drawing.write("Answer", BOUNDARY + 4, 94)
    draw_table(drawing, 100, rows=((("Name",), ("Open workshop",)),), grid=True, label_fill=True)
    drawing.rule(LEFT, 60, RIGHT, 60)
    for x in (LEFT, BOUNDARY, RIGHT):
        drawing.rule(x, 60, x, 101)
    assert only_table(drawing).colour == (0.9, 0.9, 0.9)


def test_every_other_row_coloured_shows_a_table() -> None:
    drawing = Drawing()
    draw_table(drawing, 100, zebra=True)
    table = only_table(drawing)
    assert rows_of(table) == EXPECTED
    assert table.evidence == "fills"


def test_a_raised_mark_just_below_a_separator_is_its_own_rows() -> None:
    drawing = Drawing()
    for at, label, value in ((100.0, "Name", "Open workshop"), (111.0, "Period", "Since 2016")):
        drawing.write(label, LEFT, at)
        drawing.write(value, BOUNDARY, at)
        drawing.rule(LEFT, at - 8.5, RIGHT, at - 8.5)
    drawing.rule(LEFT, 113.5, RIGHT, 113.5)
    drawing.rule(BOUNDARY, 91.5, BOUNDARY, 113.5)
    drawing.write("1", BOUNDARY + 50, 105, size=6)  # nearer to the line above than to its own
    assert rows_of(only_table(drawing)) == [("Name", "Open workshop"), ("Period", "Since 20161")]


def test_white_space_alone_shows_a_table_less_surely() -> None:
    drawing = Drawing()
    draw_table(drawing, 100)
    table = only_table(drawing)
    assert rows_of(table) == EXPECTED
    assert (table.evidence, table.confidence) == ("gutter", 0.6)


@pytest.mark.parametrize("padding", [0.0, 1.0, 3.0, 12.0])
def test_rows_are_parted_whatever_their_padding(padding: float) -> None:
    drawing = Drawing()
    draw_table(drawing, 100, padding=padding)
    assert rows_of(only_table(drawing)) == EXPECTED


def test_running_text_is_no_table() -> None:
    drawing = Drawing()
    text = "it was a fine morning when the workshop opened its doors to the people of the quarter and"
    for number in range(12):
        drawing.write(text[number * 3 :][:70], LEFT, 100 + LEADING * number)
    layout = segment_one(drawing)
    assert layout.tables == ()
    assert len(layout.free_lines) == 12


def test_text_in_two_columns_is_no_table() -> None:
    drawing = Drawing()
    for number in range(12):
        drawing.write("it was a fine morning when the", LEFT, 100 + LEADING * number)
        drawing.write("people of the quarter came by", 280, 100 + LEADING * number)
    assert segment_one(drawing).tables == ()


@pytest.mark.parametrize("answers", [True, False])
@pytest.mark.parametrize("ragged", [0, 6])
def test_running_text_in_two_columns_as_wide_as_each_other_is_no_table_but_answers_are(
    ragged: int, *, answers: bool
) -> None:
    drawing, text, start, width = Drawing(), "the people of the quarter came by early to see it", 252, 40
    for row in range(8):
        for line in range(3):
            drawing.write(text[: width - line * ragged // 2], 40, 100 + 42 * row + LEADING * line)
            value = ("Yes" if row % 3 else "No, but for those that") if answers else text[: width - line * ragged // 2]
            if line == 0 or not answers:
                drawing.write(value, start, 100 + 42 * row + LEADING * line)
    drawing.write("as far to the right as it goes", start + 5 * (width - 30), 460)
    assert bool(segment_one(drawing).tables) == answers


LABEL_X, VALUE_X = 54.0, 154.0
SHORT_ROWS = (
    ("Name", "Open workshop"),
    ("Place", "A town by a lake that no road leads to"),
    ("Period", "Since 2016"),
    ("Costs", "None"),
)
PITCH = 24.0
"""Distance of the base lines of neighbouring short rows, points."""


def write_rows(
    drawing: Drawing,
    first: float,
    rows: tuple[tuple[str, str], ...] = SHORT_ROWS,
    *,
    align: float = 0.0,
    label_size: float = 10.0,
    font: int = PLAIN,
) -> float:
    """Write rows of one line each, without edges; gives the base line that the next one would have.

    Labels are set to the left (`align` 0), centred (0.5) or set to the right (1) in a column of 90 points.
    """
    for label, value in rows:
        if label:
            x0 = LABEL_X + align * (90 - len(label) * label_size / 2)
            drawing.write(label, x0, first, size=label_size, font=font)
        if value:
            drawing.write(value, VALUE_X, first)
        first += PITCH
    return first


# --- how labels are set ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("gap", "font", "is_row", "above"),
    [
        (PITCH, BOLD, True, True),
        (PITCH, BOLD, True, False),
        (PITCH, PLAIN, False, True),
        (PITCH, PLAIN, False, False),
        (1.5 * PITCH, BOLD, False, False),
        (1.5 * PITCH, BOLD, False, True),
    ],
)
def test_a_line_without_value_at_a_tables_end_is_a_row_where_it_is_set_as_one(
    gap: float, font: int, is_row: bool, above: bool
) -> None:
    drawing = Drawing()
    end = write_rows(drawing, 200, font=BOLD)
    drawing.write("Remarks", LABEL_X, 200 - gap if above else end - PITCH + gap, font=font)
    layout = segment_one(drawing)
    (table,) = layout.tables
    remarks = [("Remarks", "")] if is_row else []
    assert rows_of(table) == [*(remarks if above else []), *SHORT_ROWS, *(remarks if not above else [])]
    assert [line.text for line in layout.free_lines] == ([] if is_row else ["Remarks"])


def test_a_last_value_that_begins_with_an_indented_bullet_is_a_row() -> None:
    drawing = Drawing()
    end = write_rows(drawing, 100)
    drawing.write("Tools", LABEL_X, end)
    drawing.write("- saws and planes", VALUE_X + 15, end)
    assert rows_of(only_table(drawing)) == [*SHORT_ROWS, ("Tools", "- saws and planes")]


@pytest.mark.parametrize("align", [0.0, 0.5, 1.0])
def test_labels_may_be_centred_or_set_to_the_right(align: float) -> None:
    labels = (
        "Period",
        "Places",
        "People",
        "Budget",
        "Saving",
        "Who takes part",
        "Law",
        "What it aims at",
        "Money spent",
    )
    rows = tuple((label, f"The answer of the row {'abcdefghi'[number]}") for number, label in enumerate(labels))
    drawing = Drawing()
    write_rows(drawing, 100, rows, align=align)
    assert rows_of(only_table(drawing)) == list(rows)


def test_labels_may_be_set_smaller_than_values() -> None:
    drawing = Drawing()
    for row in range(5):
        drawing.write("What the town", LABEL_X, 100 + 34 * row, size=8)
        drawing.write("has to give to all", LABEL_X, 109.5 + 34 * row, size=8)
        drawing.write(f"The answer of many words is {'abcde'[row]}", VALUE_X, 100 + 34 * row)
    assert rows_of(only_table(drawing)) == [
        ("What the town has to give to all", f"The answer of many words is {letter}") for letter in "abcde"
    ]


@pytest.mark.parametrize("raised", [3.0, 5.0, 6.0])
def test_small_labels_may_be_raised_above_the_base_lines_of_their_values(raised: float) -> None:
    """They are level with the tops of the values' letters: up to 0.6 of these' size above their base lines."""
    drawing, rows = (
        Drawing(),
        [(f"{name} of it", f"The answer for {name}") for name in ("Aims", "People", "Law", "Time")],
    )
    for number, (label, value) in enumerate(rows):
        drawing.write(label, LABEL_X, 100 - raised + 34 * number, size=7)
        drawing.write(value, VALUE_X, 100 + 34 * number)
    assert rows_of(only_table(drawing)) == rows


@pytest.mark.parametrize("padding", [4.0, 6.0])
@pytest.mark.parametrize("offset", [-3.0, 0.0])
@pytest.mark.parametrize("size", [7.0, 8.0])
def test_small_labels_of_two_lines_next_to_short_values_are_as_far_apart_as_their_type_has_it(
    size: float, offset: float, padding: float
) -> None:
    drawing, at, leading = Drawing(), 100.0, 1.3 * size
    rows = [("WHO ELSE|TOOK PART", 1), ("AIM", 3), ("WHEN DID|IT BEGIN", 1), ("PLACE", 1), ("COSTS", 2), ("WHY", 4)] * 2
    for label, lines in rows:
        words = label.split("|")
        for number, word in enumerate(words):
            drawing.write(word, LABEL_X, at + offset + leading * number, size=size)
        for number in range(lines):
            drawing.write(
                "The answer of many words is known" if number + 1 < lines else "to all", VALUE_X, at + 14 * number
            )
        at += max(14 * lines, leading * len(words)) + padding
    assert [label for label, _ in rows_of(only_table(drawing))] == [label.replace("|", " ") for label, _ in rows]


@pytest.mark.parametrize("size", [8, 6])
def test_a_label_alone_at_a_pages_foot_is_one_in_the_type_of_labels_but_smaller_a_note(size: float) -> None:
    first, second = Drawing(number=1), Drawing(number=2)
    for row in range(5):
        first.write(f"Row {'abcde'[row]}", LABEL_X, 100 + 24 * row, size=8)
        first.write_cell(VALUE_X, 100 + 24 * row, *["The answer of many words is known"] * (4 if row == 4 else 1))
    first.write("What it costs", LABEL_X, 256, size=size)
    second.write("Nothing, neither for children nor for others", VALUE_X, 60)
    second.write("who come late", VALUE_X, 72)
    for row in range(6):
        second.write(f"Row {'fghijk'[row]}", LABEL_X, 96 + 60 * row, size=8)
        second.write_cell(VALUE_X, 96 + 60 * row, *["The answer of many words is known"] * 4)
    (table,) = segment_pages(make_source(first, second))[0].tables
    assert (rows_of(table)[-1] == ("What it costs", "")) == (size == 8)


def test_values_have_a_leading_of_their_own() -> None:
    # The running text is set 12 apart, the values 18; labels stand at the middle of their values.
    drawing = Drawing()
    drawing.write_cell(LEFT, 40, *["The text before the first of the tables, set in the full width of it"] * 3)
    drawing.fill(LEFT, 88, BOUNDARY, 88 + 4 * 102)
    texts = ("Volunteers of all", "ages who like", "mending what is", "broken, and all", "their friends")
    for row, label in enumerate(("Name", "Place", "Period", "Costs")):
        for number, text in enumerate(texts):
            drawing.write(text, VALUE_X, 100 + 102 * row + 18 * number)
        drawing.write(label, LABEL_X, 100 + 102 * row + 36)
    assert rows_of(only_table(drawing)) == [(label, " ".join(texts)) for label in ("Name", "Place", "Period", "Costs")]


def test_full_lines_show_a_wide_leading() -> None:
    drawing = Drawing()
    text = "A town on the northern shore of a long lake that no road leads to"
    for row, label in enumerate(("Name", "Place", "Period", "Costs")):
        drawing.write(label, LABEL_X, 100 + 88 * row)
        for number in range(3):
            drawing.write(text[: 50 - number], VALUE_X, 100 + 88 * row + 22 * number)
    table = only_table(drawing)
    assert [label for label, _ in rows_of(table)] == ["Name", "Place", "Period", "Costs"]
    assert {len(row.value.lines) for row in table.rows} == {3}


def test_labels_with_stretched_word_spaces_are_no_columns() -> None:
    drawing = Drawing()
    end = write_rows(drawing, 100)
    for number, words in enumerate(
        (
            (("What", 54), ("are", 92), ("the", 125)),
            (("How", 54), ("will", 80), ("it", 130)),
            (("Who", 54), ("can", 100), ("do", 130)),
        )
    ):
        for word, x0 in words:
            drawing.write(word, x0, end + LEADING * number)
        drawing.write("and they go on repairing things", VALUE_X, end + LEADING * number)
    layout = segment_one(drawing)
    assert layout.left_out == ()
    (table,) = layout.tables
    assert rows_of(table)[:4] == list(SHORT_ROWS)
    assert " ".join(label for label, _ in rows_of(table)[4:]) == "What are the How will it Who can do"


def test_justified_labels_of_two_words_are_no_columns_where_others_cross_the_gap() -> None:
    drawing = Drawing()
    words = (("Bodies", "that"), ("carry", "them"), ("them", "out?"), ("What", "for?"))
    whole = ("Aims of these ways", "Those who may join", "Where it all is on", "When it takes part")
    for number, (label, (first, second)) in enumerate(zip(whole, words, strict=True)):
        drawing.write(label, LABEL_X, 100 + PITCH * number)
        drawing.write("and they go on repairing things", VALUE_X, 100 + PITCH * number)
        drawing.write(first, LABEL_X, 220 + LEADING * number)
        drawing.write(second, 144 - 5 * len(second), 220 + LEADING * number)
        drawing.write("all the year round for anybody", VALUE_X, 220 + LEADING * number)
    layout = segment_one(drawing)
    assert layout.left_out == ()
    assert rows_of(layout.tables[0])[0] == ("Aims of these ways", "and they go on repairing things")


def test_bullets_of_values_are_no_column() -> None:
    drawing = Drawing()
    for number, (label, value) in enumerate(SHORT_ROWS):
        drawing.write(label, LABEL_X, 100 + PITCH * number)
        drawing.write("•", VALUE_X, 100 + PITCH * number)
        drawing.write(value, VALUE_X + 20, 100 + PITCH * number)
    layout = segment_one(drawing)
    assert layout.left_out == ()
    assert rows_of(layout.tables[0]) == [(label, f"• {value}") for label, value in SHORT_ROWS]


def test_labels_of_one_line_do_not_show_the_leading_of_their_type() -> None:
    # The rows stand hardly farther apart than lines: only the values show what a line is.
    drawing = Drawing()
    values = (
        ("Open workshop",),
        ("A town by a lake that no road leads to",),
        ("Since 2016", "and before", "now and then"),
        ("None",),
    )
    top = 100.0
    for label, value in zip(("Name", "Place", "Period", "Costs"), values, strict=True):
        drawing.write(label, LABEL_X, top)
        top = drawing.write_cell(VALUE_X, top, *value) + 4
    assert rows_of(only_table(drawing)) == [
        ("Name", "Open workshop"),
        ("Place", "A town by a lake that no road leads to"),
        ("Period", "Since 2016 and before now and then"),
        ("Costs", "None"),
    ]


def test_labels_nearly_beside_the_lines_of_their_values_do_not_show_the_leading() -> None:
    # Labels of two lines at the middle of values of three: their base lines are half a leading apart.
    drawing = Drawing()
    for row in range(3):
        top = 100 + 48 * row
        drawing.fill(LEFT, top - 10, BOUNDARY, top + 30)
        drawing.fill(BOUNDARY, top - 10, RIGHT, top + 30)
        drawing.write("Place of the", LABEL_X, top + 3)
        drawing.write("exhibition", LABEL_X, top + 15)
        drawing.write("A town by a lake that no road leads to, and no ship", VALUE_X, top)
        drawing.write("Since 2016, and before", VALUE_X, top + 18)
    analysis = analyse_page(drawing.finish())
    assert measure_scale([analysis]).leading == LEADING


AIMS = (
    "The people of the town wish to mend what",
    "is broken, and to do so all the year round",
    "with their own hands",
)
FAR = 60.0
"""Distance of rows, points, from which each is found as a table of its own."""


def write_far_rows(drawing: Drawing, *, last_gap: float = FAR, last_font: int = PLAIN) -> list[tuple[str, str]]:
    """Write rows that are far apart, of values with pauses and of labels with broken words; gives their texts.

    The last row is a label without value.
    """
    drawing.write_cell(LABEL_X, 100, "Aims")
    drawing.write_cell(VALUE_X, 100, *AIMS)
    top = 100 + LEADING * (len(AIMS) - 1) + FAR
    for label in (("Name",), ("Site, exhi-", "bition"), ("Period",)):
        drawing.write_cell(LABEL_X, top, *label)
        drawing.write("A town by a lake that no road leads to.", VALUE_X, top)
        drawing.write("Since 2016.", VALUE_X, top + 15)
        top += 15 + FAR
    drawing.write("Costs", LABEL_X, top - FAR + last_gap, font=last_font)
    value = "A town by a lake that no road leads to. Since 2016."
    return [("Aims", " ".join(AIMS)), ("Name", value), ("Site, exhi- bition", value), ("Period", value)]


def test_rows_far_apart_show_that_pauses_within_them_are_none_between_rows() -> None:
    drawing = Drawing()
    rows = write_far_rows(drawing)
    assert [row for table in segment_one(drawing).tables for row in rows_of(table)][:4] == rows


@pytest.mark.parametrize(("gap", "font", "is_row"), [(FAR, PLAIN, True), (FAR + 10, PLAIN, False), (FAR, BOLD, False)])
def test_a_label_without_value_far_below_is_a_row_at_the_distance_of_rows(gap: float, font: int, is_row: bool) -> None:
    drawing = Drawing()
    rows = write_far_rows(drawing, last_gap=gap, last_font=font)
    layout = segment_one(drawing)
    assert [row for table in layout.tables for row in rows_of(table)] == [*rows, *([("Costs", "")] if is_row else [])]
    assert [line.text for line in layout.free_lines] == ([] if is_row else ["Costs"])


# --- edges that show less than a grid --------------------------------------------------------------------------------


def test_rows_of_a_frame_may_have_no_rule_between_their_columns() -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100, lines=True)
    for x in (LEFT, RIGHT):
        drawing.rule(x, 100, x, bottom)
    drawing.rule(BOUNDARY, 120, BOUNDARY, 152)  # beside the second row
    table = only_table(drawing)
    assert (rows_of(table), table.evidence) == (EXPECTED, "grid")


@pytest.mark.parametrize(("grey", "tables"), [(0.9, 1), (0.5, 2)])
def test_coloured_cells_with_gaps_are_rows_of_one_table_where_their_colours_are(grey: float, tables: int) -> None:
    drawing = Drawing()
    for row, (label, value) in enumerate(SHORT_ROWS):
        top = 100 + 28 * row
        shade = 0.9 if row < 2 else grey
        drawing.fill(LEFT, top, BOUNDARY - 2, top + 20, shade)
        drawing.fill(BOUNDARY + 2, top, RIGHT, top + 20, shade)
        drawing.write(label, LABEL_X, top + 13)
        drawing.write(value, VALUE_X, top + 13)
    found = segment_one(drawing).tables
    assert len(found) == tables
    assert [row for table in found for row in rows_of(table)] == list(SHORT_ROWS)


@pytest.mark.parametrize("grid", [False, True])
def test_a_mark_that_hangs_out_of_a_cell_is_no_column(grid: bool) -> None:
    drawing = Drawing()
    rows = ((("Name",), ("Open workshop",)), (("Place and", "country"), ("A town that goes", "to sleep.")))
    for number, (label, value) in enumerate(rows):
        top = 100 + 40 * number
        if grid:
            for x in (LEFT, BOUNDARY, 234.0):
                drawing.rule(x, top, x, top + 40)
            for y in (top, top + 40):
                drawing.rule(LEFT, y, 234, y)
        else:
            drawing.fill(LEFT, top, BOUNDARY, top + 32)
            drawing.fill(BOUNDARY, top, 234, top + 32)
        drawing.write_cell(LABEL_X, top + 13, *label)
        drawing.write_cell(VALUE_X, top + 13, *value)
    drawing.write(".", 234, 153)
    tables = segment_one(drawing).tables
    assert [row for table in tables for row in rows_of(table)] == [
        ("Name", "Open workshop"),
        ("Place and country", "A town that goes. to sleep."),
    ]


@pytest.mark.parametrize("ruled", [True, False])
def test_the_edge_of_a_coloured_row_closes_no_table_whose_rules_are_drawn(ruled: bool) -> None:
    drawing = Drawing()
    for row, (label, value) in enumerate(SHORT_ROWS[:3]):
        top = 100 + 20 * row
        if row % 2 == 0:
            drawing.fill(LEFT, top, RIGHT, top + 20)
        drawing.rule(LEFT, top, RIGHT, top)
        drawing.rule(BOUNDARY, top, BOUNDARY, top + 20)
        drawing.write(label, LABEL_X, top + 13)
        drawing.write(value, VALUE_X, top + 13)
    if ruled:
        drawing.rule(LEFT, 160, RIGHT, 160)
    table = only_table(drawing)
    assert (table.closed_top, table.closed_bottom) == (True, ruled)


def draw_stripes(drawing: Drawing, top: float, rows: tuple[tuple[bool, str, tuple[str, ...]], ...]) -> None:
    """Draw rows with padding, of which some are filled; an empty text leaves a line's height."""
    for filled, label, value in rows:
        bottom = top + 8 + LEADING * len(value)
        if filled:
            drawing.fill(LEFT, top, BOUNDARY, bottom)
            drawing.fill(BOUNDARY, top, RIGHT, bottom)
        drawing.write_cell(VALUE_X, top + 13, *value)
        drawing.write(label, LABEL_X, top + 13 + LEADING * (len(value) // 2))
        top = bottom


def test_unfilled_rows_of_two_tables_that_meet_are_two() -> None:
    drawing = Drawing()
    rows = [(label, value) for label, value in (*SHORT_ROWS, ("Tools", "Saws"), ("Aims", "Less waste"))]
    draw_stripes(
        drawing,
        100,
        tuple((number in (0, 2, 5), label, (value,)) for number, (label, value) in enumerate(rows)),
    )
    assert rows_of(only_table(drawing)) == rows


@pytest.mark.parametrize(("apart", "rows"), [(2 * LEADING, 1), (3.15 * LEADING, 2)])
def test_rows_that_meet_without_a_rule_in_a_ruled_table_are_two_where_more_than_a_blank_line_parts_them(
    apart: float, rows: int
) -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100, lines=True)
    for number, text in enumerate(("Costs", "Contact")):
        drawing.write(text, LABEL_X, bottom + 13 + apart * number)
        drawing.write(text.upper(), VALUE_X, bottom + 13 + apart * number)
    drawing.rule(LEFT, bottom + 20 + apart, RIGHT, bottom + 20 + apart)
    found = rows_of(only_table(drawing))[len(ROWS) :]
    assert found == (
        [("Costs", "COSTS"), ("Contact", "CONTACT")] if rows == 2 else [("Costs Contact", "COSTS CONTACT")]
    )


@pytest.mark.parametrize("value", ["Less waste", ""])
@pytest.mark.parametrize(("gap", "rows"), [(2, 6), (0, 5)])
def test_a_label_without_value_below_an_unfilled_row_is_one_where_two_tables_meet(
    gap: int, rows: int, value: str
) -> None:
    drawing = Drawing()
    draw_stripes(
        drawing,
        100,
        (
            (True, "Name", ("Open workshop",)),
            (False, "Aims", (value, *[""] * gap)),
            (False, "Remarks", ("",)),
            (True, "Period", ("Since 2016",)),
            (False, "Costs", ("None",)),
            (True, "Tools", ("Saws",)),
        ),
    )
    assert len(rows_of(only_table(drawing))) == rows


def test_unfilled_rows_of_two_tables_that_meet_are_two_where_labels_stand_at_the_middle() -> None:
    drawing = Drawing()
    filled = ("They mend", "what is broken", "with them")
    rows = (
        (True, "Name", filled),
        (False, "Aims", ("Less waste", "and more", "Repairing")),
        (False, "Place", ("A town by", "a lake", "that no road leads to")),
        (True, "Period", filled),
        (False, "Costs", filled),
        (True, "Tools", filled),
    )
    draw_stripes(drawing, 100, rows)
    assert rows_of(only_table(drawing)) == [(label, " ".join(value)) for _, label, value in rows]


def test_a_value_with_a_pause_and_its_label_at_the_middle_is_one_row() -> None:
    drawing = Drawing()
    draw_stripes(
        drawing,
        100,
        (
            (True, "Name", ("Open workshop",)),
            (False, "Aims", ("Less waste", "", "Repairing", "things")),
            (True, "Period", ("Since 2016",)),
            (False, "Costs", ("None",)),
            (True, "Tools", ("Saws",)),
        ),
    )
    assert rows_of(only_table(drawing))[1] == ("Aims", "Less waste Repairing things")


def test_a_gap_between_the_columns_rules_is_their_boundary() -> None:
    drawing = Drawing()
    for row, (label, value) in enumerate(SHORT_ROWS):
        at = 100 + PITCH * row
        drawing.write(label, LABEL_X, at)
        drawing.write(value, 184, at)
        drawing.rule(LEFT, at + 8, 168, at + 8)
        drawing.rule(178, at + 8, RIGHT, at + 8)
    table = only_table(drawing)
    assert (rows_of(table), table.boundary, table.evidence) == (list(SHORT_ROWS), 173, "rules")


def test_a_bar_wider_than_the_table_is_no_edge_of_it() -> None:
    drawing = Drawing()
    drawing.fill(30, 80, 480, 100, 0.3)
    bottom = draw_table(drawing, 100, grid=True)
    table = only_table(drawing)
    assert rows_of(table) == EXPECTED
    assert (table.box.x0, table.box.x1, table.box.bottom) == (LEFT, RIGHT, bottom)


def test_a_picture_between_rows_does_not_end_a_table_with_a_filled_header() -> None:
    first, second = Drawing(number=1), Drawing(number=2)
    draw_table(first, 100, zebra=True)
    draw_stripes(second, 100, ((True, "Question", ("Answer",)), (False, "Name", ("Open workshop",))))
    second.pictures.append(Picture(VALUE_X, 142, 300, 210))
    draw_stripes(second, 214, ((False, "Period", ("Since 2016",)), (False, "Costs", ("None",))))
    (table,) = segment_pages(make_source(first, second))[1].tables
    assert rows_of(table) == [
        ("Question", "Answer"),
        ("Name", "Open workshop"),
        ("Period", "Since 2016"),
        ("Costs", "None"),
    ]


# --- around tables ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["grid", "lines", "label_fill", "none"])
def test_text_before_between_and_after_tables_is_free(kind: str) -> None:
    drawing = Drawing()
    before = "This is the text before the first of the tables, set in the full width of it"
    drawing.write(before, LEFT, 60)
    drawing.write("Heading of tables", LEFT, 85, size=14)
    drawn = {} if kind == "none" else {kind: True}
    bottom = draw_table(drawing, 100, **drawn)  # type: ignore[arg-type]
    drawing.write("Second heading here", LEFT, bottom + 30, size=14)
    bottom = draw_table(drawing, bottom + 45, **drawn)  # type: ignore[arg-type]
    after = "This is the text behind the tables, which runs on in the full width again"
    drawing.write(after, LEFT, bottom + 30)
    layout = segment_one(drawing)
    assert [rows_of(table) for table in layout.tables] == [EXPECTED, EXPECTED]
    assert [line.text for line in layout.free_lines] == [before, "Heading of tables", "Second heading here", after]


def test_a_row_that_spans_both_columns_of_a_grid_is_no_row() -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100, grid=True)
    drawing.write("Second part of the table, over both columns", LEFT + 4, bottom + 12)
    for x in (LEFT, RIGHT):
        drawing.rule(x, bottom, x, bottom + 18)
    draw_table(drawing, bottom + 18, grid=True)
    layout = segment_one(drawing)
    assert [rows_of(table) for table in layout.tables] == [EXPECTED, EXPECTED]
    assert [line.text for line in layout.free_lines] == ["Second part of the table, over both columns"]


def test_two_tables_of_different_widths_on_one_page() -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100)
    drawing.write("The text between both tables runs over the whole width of the page here", LEFT, bottom + 30)
    for number, (label, value) in enumerate((("One", "First"), ("Two", "Second"), ("Three", "Third"))):
        drawing.write(label, LEFT + 4, bottom + 70 + 20 * number)
        drawing.write(value, 240, bottom + 70 + 20 * number)
    first, second = segment_one(drawing).tables
    assert rows_of(first) == EXPECTED
    assert rows_of(second) == [("One", "First"), ("Two", "Second"), ("Three", "Third")]


# --- grids and white space in one document ---------------------------------------------------------------------------


@pytest.mark.parametrize("padding", [PADDING, 0.0])
@pytest.mark.parametrize("on_one_page", [True, False])
def test_a_table_of_white_space_beside_a_grid(on_one_page: bool, padding: float) -> None:
    first = Drawing(number=1)
    second = first if on_one_page else Drawing(number=2)
    bottom = draw_table(first, 100, grid=True)
    second.write("The text between both tables runs over the whole width of the page here", LEFT, bottom + 30)
    draw_table(second, bottom + 50, padding=padding)
    layouts = segment_pages(make_source(*([first] if on_one_page else [first, second])))
    tables = [table for layout in layouts for table in layout.tables]
    assert [rows_of(table) for table in tables] == [EXPECTED, EXPECTED]
    assert [(table.evidence, table.confidence) for table in tables] == [("grid", 1.0), ("gutter", 0.6)]


def test_the_rules_of_a_grid_are_none_of_the_table_below_it() -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100, grid=True)
    draw_table(drawing, bottom + 6)
    tables = segment_one(drawing).tables
    assert [rows_of(table) for table in tables] == [EXPECTED, EXPECTED]
    assert [table.evidence for table in tables] == ["grid", "gutter"]


def test_rules_between_some_rows_of_a_table_do_not_part_those_of_another() -> None:
    drawing = Drawing()
    drawing.write("The text before the third table runs over the whole width of the page as well", LEFT, 380)
    draw_table(drawing, 400, lines=True)
    bottom = draw_table(drawing, 60, lines=True)
    drawing.write("The text between both tables runs over the whole width of the page here", LEFT, bottom + 30)
    for number, (label, value) in enumerate(SHORT_ROWS):
        drawing.write(label, LABEL_X, bottom + 80 + LEADING * number)
        drawing.write(value, 210, bottom + 80 + LEADING * number)
    assert [rows_of(table) for table in segment_one(drawing).tables] == [EXPECTED, list(SHORT_ROWS), EXPECTED]


@pytest.mark.parametrize(
    ("labels", "values", "at", "pitch"),
    [
        (("Telephone", "Fax", "Mail"), ("000 123 45", "000 123 46", "office@example.org"), VALUE_X, LEADING),
        (("For the fund", "Example, 3 May", "A. Sample"), ("For the town", "Example, 5 May", "B. Model"), 250.0, PITCH),
        (("3.1.", "3.2.", "3.3."), ("The trench is closed", "No roots are cut", "Works rest at night"), 90.0, PITCH),
        (("-", "-", "-"), ("The trench is closed", "No roots are cut", "Works rest at night"), 90.0, PITCH),
    ],
    ids=["contact lines", "signatures", "clauses", "list"],
)
def test_text_beside_a_grid_that_looks_like_columns_is_no_table(
    labels: tuple[str, ...], values: tuple[str, ...], at: float, pitch: float
) -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100, grid=True)
    drawing.write("The text behind the table runs over nearly the whole width of the page here", LEFT, bottom + 30)
    for number, (label, value) in enumerate(zip(labels, values, strict=True)):
        drawing.write(label, LEFT, bottom + 60 + pitch * number)
        drawing.write(value, at, bottom + 60 + pitch * number)
    assert [rows_of(table) for table in segment_one(drawing).tables] == [EXPECTED]


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_stretch_without_labels_beside_grids_goes_on_with_a_table_that_ends_the_page_before(goes_on: bool) -> None:
    first, second = Drawing(number=1), Drawing(number=2)
    draw_table(first, 100, grid=True)
    bottom = draw_table(first, 300)
    if not goes_on:
        first.write("The text behind the table runs over the whole width of the page here as well", LEFT, bottom + 40)
    second.write_cell(VALUE_X, 60, "and they go on repairing things for each other", "all the year round")
    second.write("The text behind the table runs over the whole width of the page here as well", LEFT, 120)
    layout = segment_pages(make_source(first, second))[1]
    tail = [("", "and they go on repairing things for each other all the year round")]
    assert [rows_of(table) for table in layout.tables] == ([tail] if goes_on else [])


def test_a_contents_list_of_chapters_and_sections_beside_a_grid_is_no_table() -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100, grid=True)
    y = bottom + 40
    for chapter in (1, 2):
        drawing.write(str(chapter), LABEL_X, y)
        drawing.write("A chapter of the book", VALUE_X, y)
        for section in (1, 2):
            drawing.write(f"{chapter}.{section} A section of it", VALUE_X, y + LEADING * section)
        y += 5 * LEADING
    other = Drawing(number=2)
    draw_table(other, 100)
    first, second = segment_pages(make_source(drawing, other))
    assert [rows_of(table) for table in first.tables] == [EXPECTED]
    assert [rows_of(table) for table in second.tables] == [EXPECTED]


@pytest.mark.parametrize("above", [True, False])
def test_a_line_of_text_with_a_word_gap_at_the_gutter_is_no_row(above: bool) -> None:
    drawing = Drawing()
    across = "workshop and lend tools to the people of the quarter and of town"
    bottom = draw_table(drawing, 100)
    start, step = (100 - 8, -LEADING) if above else (bottom + 20, LEADING)
    drawing.write("and in that part too", LABEL_X, start)
    drawing.write("of the town where nobody comes by", VALUE_X, start)
    drawing.write(across, LABEL_X, start + step)
    assert rows_of(only_table(drawing)) == EXPECTED


# --- numbering columns and tables of other shapes --------------------------------------------------------------------


@pytest.mark.parametrize("grid", [True, False])
def test_a_numbering_column_belongs_to_the_label(grid: bool) -> None:
    drawing = Drawing()
    y = 100.0
    for number, (label, value) in enumerate(zip("ABCD", ("one", "two", "three", "four"), strict=True), start=1):
        drawing.write(f"{number}.", 54, y + 13)
        drawing.write(f"Label {label}", 84, y + 13)
        drawing.write(f"The value of the row is {value}, no more", 204, y + 13)
        if grid:
            drawing.rule(50, y, 450, y)
        y += 20
    if grid:
        drawing.rule(50, y, 450, y)
        for x in (50, 80, 200, 450):
            drawing.rule(x, 100, x, y)
    assert rows_of(only_table(drawing)) == [
        ("1. Label A", "The value of the row is one, no more"),
        ("2. Label B", "The value of the row is two, no more"),
        ("3. Label C", "The value of the row is three, no more"),
        ("4. Label D", "The value of the row is four, no more"),
    ]


@pytest.mark.parametrize(
    ("first", "grid"),
    [(("Tools", "Rent", "Other"), True), (("Tools", "Rent", "Other"), False), (("1", "2", "3"), True)],
)
def test_a_table_of_three_columns_is_left_out(first: tuple[str, str, str], *, grid: bool) -> None:
    drawing = Drawing()
    y = 100.0
    others = (("piece", "40"), ("month", "250"), ("", "12"))
    for cells in (("Item", "Unit", "Price"), *((one, *rest) for one, rest in zip(first, others, strict=True))):
        for x, text in zip((54, 204, 354), cells, strict=True):
            if text:
                drawing.write(text, x, y + 13)
        if grid:
            drawing.rule(50, y, 450, y)
        y += 20
    if grid:
        drawing.rule(50, y, 450, y)
        for x in (50, 200, 350, 450):
            drawing.rule(x, 100, x, y)
    layout = segment_one(drawing)
    assert layout.tables == ()
    (left,) = layout.left_out
    assert (left.reason, left.columns) == ("other_table", 3)
    assert [line.text for line in left.lines] == [
        "Item Unit Price",
        f"{first[0]} piece 40",
        f"{first[1]} month 250",
        f"{first[2]} 12",
    ]


def test_figures_set_to_the_right_are_columns_too() -> None:
    drawing = Drawing()
    for number, (label, one, other) in enumerate(
        (("Growth", "3.1", "12.4"), ("Inflation", "12.2", "8.7"), ("Debt", "141.0", "9.2"), ("Output", "7.6", "16.9"))
    ):
        y = 100 + 20 * number
        drawing.write(label, 54, y)
        drawing.write(one, 300 - 5 * len(one), y)
        drawing.write(other, 400 - 5 * len(other), y)
    layout = segment_one(drawing)
    assert layout.tables == ()
    assert [(left.reason, left.columns) for left in layout.left_out] == [("other_table", 3)]


def test_a_wider_table_between_two_column_tables_is_left_out_alone() -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100)
    y = bottom + 40
    for cells in (("Item", "Unit", "Price"), ("Tools", "piece", "40"), ("Rent", "month", "250")):
        for x, text in zip((54, 204, 354), cells, strict=True):
            drawing.write(text, x, y)
        y += 20
    draw_table(drawing, y + 40)
    layout = segment_one(drawing)
    assert [rows_of(table) for table in layout.tables] == [EXPECTED, EXPECTED]
    assert [len(left.lines) for left in layout.left_out] == [3]


# --- what is not read ------------------------------------------------------------------------------------------------


def test_concealed_and_sideways_text_is_left_out_with_its_reason() -> None:
    drawing = Drawing()
    draw_table(drawing, 100, grid=True)
    for index in drawing.write("hidden", 200, 113):
        drawing.glyphs[index] = drawing.glyphs[index]._replace(concealed="invisible")
    drawing.write("aside", 20, 400, upright=False)
    layout = segment_one(drawing)
    (table,) = layout.tables
    assert rows_of(table) == EXPECTED
    assert {left.reason: [line.text for line in left.lines] for left in layout.left_out} == {
        "concealed": ["hidden"],
        "rotated": ["aside"],
    }


def test_every_glyph_stands_in_one_place() -> None:
    drawing = Drawing()
    drawing.write("A heading", LEFT, 60, size=14)
    bottom = draw_table(drawing, 100)
    drawing.write("7", 240, 690, size=8)
    layout = segment_one(drawing)
    lines = [line for table in layout.tables for row in table.rows for line in (*row.label.lines, *row.value.lines)]
    lines += [*layout.free_lines, *layout.margin_lines]
    placed = [glyph for line in lines for glyph in line.glyphs]
    inked = {index for index, glyph in enumerate(drawing.glyphs) if glyph.text != " "}
    assert bottom < 690
    assert len(placed) == len(set(placed))
    assert inked <= set(placed)
    assert layout.glyph_count == len(inked)


# --- over pages ------------------------------------------------------------------------------------------------------


def test_a_page_with_the_tail_of_a_value_only() -> None:
    first, second = Drawing(number=1), Drawing(number=2)
    draw_table(first, 400)
    second.write_cell(BOUNDARY + 4, 60, "and they go on repairing things for each other", "all the year round")
    layouts = segment_pages(make_source(first, second))
    (table,) = layouts[1].tables
    assert rows_of(table) == [("", "and they go on repairing things for each other all the year round")]


def test_a_tail_with_label_and_value_side_by_side_goes_on_above_the_next_table() -> None:
    first, second = Drawing(number=1), Drawing(number=2)
    draw_table(first, 400, label_fill=True)
    second.write("of the town", LABEL_X, 60)
    second.write("all the year round", VALUE_X, 60)
    draw_table(second, 70, label_fill=True)
    (table,) = segment_pages(make_source(first, second))[1].tables
    assert rows_of(table) == [("of the town", "all the year round"), *EXPECTED]


@pytest.mark.parametrize(("next_label", "is_label"), [("", True), ("Remarks", False)])
def test_a_line_alone_at_a_pages_foot_is_a_label_where_the_next_page_begins_with_a_value(
    next_label: str, is_label: bool
) -> None:
    first, second = Drawing(number=1), Drawing(number=2)
    bottom = draw_table(first, 400, label_fill=True)
    first.write("Costs", LABEL_X, bottom + 20)
    rows = (((next_label,) if next_label else (), ("None at all", "for anybody")), *ROWS)
    draw_table(second, 60, rows=rows, label_fill=True)
    layouts = segment_pages(make_source(first, second))
    (table,) = layouts[0].tables
    assert rows_of(table) == [*EXPECTED, *([("Costs", "")] if is_label else [])]
    assert [line.text for line in layouts[0].free_lines] == ([] if is_label else ["Costs"])


@pytest.mark.parametrize("is_text", [False, True])
def test_a_lone_row_in_the_columns_of_other_tables_is_a_row_but_no_running_text_is(is_text: bool) -> None:
    first, second = Drawing(number=1), Drawing(number=2)
    draw_table(first, 100, label_fill=True)
    second.write("Second heading here", LEFT, 60, size=14)
    second.write("Costs", LABEL_X, 100)
    second.write("None at all", VALUE_X, 100)
    if is_text:
        second.write("This is the text behind the tables, which runs on in the full width", LABEL_X, 112)
    layout = segment_pages(make_source(first, second))[1]
    assert [rows_of(table) for table in layout.tables] == ([] if is_text else [[("Costs", "None at all")]])


def test_a_lone_line_in_two_halves_is_no_row_of_tables_whose_values_begin_elsewhere() -> None:
    first, second = Drawing(number=1), Drawing(number=2)
    draw_table(first, 100, label_fill=True)
    second.write("Second heading here", LEFT, 60, size=14)
    second.write("For the fund", LABEL_X, 100)
    second.write("For the town", VALUE_X + 30, 100)
    assert segment_pages(make_source(first, second))[1].tables == ()


@pytest.mark.parametrize(("pause", "next_label"), [(True, "Aims"), (False, ""), (True, "")])
def test_a_values_last_paragraph_at_a_pages_foot_stays_with_its_label(pause: bool, next_label: str) -> None:
    first, second = Drawing(number=1), Drawing(number=2)
    if pause:
        first.write("Its second paragraph", VALUE_X, 84)
        first.write("First row", LABEL_X, 60)
        first.write("Its first paragraph", VALUE_X, 60)
    for number in range(13):
        first.write(f"Label {number}", LABEL_X, 108 + PITCH * number)
        first.write(f"Value {number}", VALUE_X, 108 + PITCH * number)
    first.write("They lend tools to all", VALUE_X, 108 + PITCH * 13)
    second.write(next_label, LABEL_X, 60)
    goes_on = "A value of its own" if next_label else "who come by"
    second.write(goes_on, VALUE_X, 60)
    for number in range(3):
        second.write(f"Label {number}", LABEL_X, 84 + PITCH * number)
        second.write(f"Value {number}", VALUE_X, 84 + PITCH * number)
    upper, lower = (layout.tables[0] for layout in segment_pages(make_source(first, second)))
    assert rows_of(upper)[-2:] == [("Label 11", "Value 11"), ("Label 12", "Value 12 They lend tools to all")]
    assert rows_of(lower)[0] == (next_label, goes_on)


def test_a_cell_that_no_rule_closes_goes_on() -> None:
    drawing = Drawing()
    bottom = draw_table(drawing, 100, grid=True)
    drawing.rules = [rule for rule in drawing.rules if rule.top != bottom]
    table = only_table(drawing)
    assert (table.closed_top, table.closed_bottom) == (True, False)


def test_a_page_without_glyphs_gives_an_empty_layout() -> None:
    layout = segment_one(Drawing())
    assert (layout.tables, layout.free_lines, layout.left_out, layout.glyph_count) == ((), (), (), 0)


def test_a_label_far_below_other_rows_does_not_change_how_rows_beside_a_grid_are_set() -> None:
    leading = LEADING + 5
    grid = Drawing(number=1)
    values = ("Open workshop of the people who like to mend", "what is broken")
    draw_table(grid, 30, grid=True, rows=tuple(((f"Name {n}", "of it"), values) for n in range(17)))
    bare = Drawing(number=2)
    rows = (
        (("Aims",), ("The people of the town wish to mend what is", "broken, and to do so")),
        (("Site of the", "exhibition"), ("A town by a lake that no road leads to, in a", "country far away, they say")),
        (("Period of", "it all"), ("Since 2016, with a pause in the second year", "of it")),
    )
    top = 80.0
    for label, value in rows:
        for x, texts in ((LABEL_X, label), (VALUE_X, value)):
            for number, text in enumerate(texts):
                bare.write(text, x, top + leading * number)
        top += leading * (len(value) - 1) + FAR
    bare.write("Costs", LABEL_X, top)
    found = [row for table in segment_pages(make_source(grid, bare))[1].tables for row in rows_of(table)]
    assert found == [*((" ".join(label), " ".join(value)) for label, value in rows), ("Costs", "")]


# --- labels at the middle, without rules and fills --------------------------------------------------------------------


def draw_middle_rows(
    drawing: Drawing, top: float, rows: list[tuple[list[str], list[str]]], *, gap: float, paragraph: float = LEADING
) -> float:
    """Draw rows of labels at the middle of values of one line a paragraph; gives the next row's first base line."""
    at = top
    for label, value in rows:
        height = max((len(label) - 1) * LEADING, (len(value) - 1) * paragraph, 0.0)
        for lines, leading, x0 in ((label, LEADING, LEFT), (value, paragraph, BOUNDARY)):
            first = at + (height - (len(lines) - 1) * leading) / 2
            for number, text in enumerate(lines):
                drawing.write(text, x0, first + number * leading)
        at += height + gap
    return at


MIDDLE_ROWS: list[tuple[list[str], list[str]]] = [
    (["Place"], []),
    (["Name"], ["The workshop is open to all.", "It stands by the lake."]),
    (["Period"], ["It began in spring.", "It lasts a year.", "It may go on.", "Nobody knows."]),
    (["People and", "partners"], ["Volunteers mend things."]),
    (["Means"], []),
]


def test_labels_between_the_lines_of_their_values_show_a_table_with_its_empty_rows() -> None:
    drawing = Drawing()
    drawing.write("A practice with a long heading", 60, 80, size=14)
    draw_middle_rows(drawing, 80 + LEADING + 2, MIDDLE_ROWS, gap=18)
    expected = [(" ".join(label), " ".join(value)) for label, value in MIDDLE_ROWS]
    assert rows_of(only_table(drawing)) == expected


def test_paragraphs_may_stand_farther_apart_than_rows_whose_labels_stand_at_the_middle() -> None:
    drawing = Drawing()
    draw_middle_rows(drawing, 100, MIDDLE_ROWS[1:], gap=18, paragraph=21)
    expected = [(" ".join(label), " ".join(value)) for label, value in MIDDLE_ROWS[1:]]
    assert rows_of(only_table(drawing)) == expected


def test_an_empty_value_above_a_note_is_a_row() -> None:
    drawing = Drawing()
    end = draw_middle_rows(drawing, 60, [*MIDDLE_ROWS[:4], *MIDDLE_ROWS[1:4], *MIDDLE_ROWS[1:]], gap=18)
    drawing.write("* The town pays for it all.", LEFT, end - 18 + LEADING, size=7)
    assert rows_of(only_table(drawing))[-1] == ("Means", "")


def test_a_picture_beside_a_label_goes_on_with_its_table() -> None:
    drawing = Drawing()
    drawing.write("The workshop is open.", BOUNDARY, 100)
    drawing.pictures.append(Picture(BOUNDARY, 106, BOUNDARY + 60, 140))
    drawing.write("Name", LEFT, 118)
    draw_middle_rows(drawing, 160, [*MIDDLE_ROWS[2:4], MIDDLE_ROWS[2]], gap=18)
    assert [label for label, _ in rows_of(only_table(drawing))] == ["Name", "Period", "People and partners", "Period"]


def test_a_filled_header_row_parts_no_rows() -> None:
    drawings = [Drawing(number=number) for number in (1, 2)]
    for drawing, rows in zip(drawings, (MIDDLE_ROWS[1:2], MIDDLE_ROWS[2:4]), strict=True):
        drawing.fill(LEFT, 88, RIGHT, 104)
        drawing.write("Label", LEFT, 100)
        drawing.write("Text", BOUNDARY, 100)
        draw_middle_rows(drawing, 120, rows, gap=18)
    layouts = segment_pages(make_source(*drawings))
    found = [rows_of(table)[1:] for layout in layouts for table in layout.tables]
    assert found == [
        [(" ".join(label), " ".join(value)) for label, value in rows] for rows in (MIDDLE_ROWS[1:2], MIDDLE_ROWS[2:4])
    ]


@pytest.mark.parametrize(
    ("label", "bold", "value", "found"),
    [
        ("Place", False, ("It stands by the lake.",), True),
        # Without a value, a type of its own tells a label, or that other rows have it.
        ("Place", True, (), True),
        ("Name", False, (), True),
        ("Place", False, (), False),
    ],
)
def test_a_first_row_alone_between_its_heading_and_the_pages_foot(
    label: str, bold: bool, value: tuple[str, ...], found: bool
) -> None:
    first, second = Drawing(number=1), Drawing(number=2)
    first.write("A practice with a long heading", 60, 600, size=14)
    first.write_cell(BOUNDARY, 620, *value)
    if value:
        first.pictures.append(Picture(BOUNDARY, 626, BOUNDARY + 60, 644))
    first.write(label, LEFT, 632 if value else 620, font=BOLD if bold else PLAIN)
    at = draw_middle_rows(second, 60, MIDDLE_ROWS[1:4], gap=18)
    if bold:
        second.glyphs = [
            glyph._replace(font=BOLD) if glyph.x0 < BOUNDARY else glyph
            for glyph in second.glyphs
            if glyph.baseline < at
        ]
    layouts = segment_pages(make_source(first, second))
    assert [rows_of(table) for table in layouts[0].tables] == ([[(label, " ".join(value))]] if found else [])


def test_lines_that_go_on_show_the_leading_among_paragraphs_of_one_line() -> None:
    drawing = Drawing()
    wrapped = ["The workshop stands by the lake and mends what", "is broken in the town."]
    at = 100.0
    for number in range(4):
        for line in [*wrapped[: 2 if number in (0, 2) else 1], "It lasts."]:
            drawing.write(line, BOUNDARY, at)
            at += LEADING if line == wrapped[0] and number in (0, 2) else 1.3 * LEADING
        drawing.write(f"Label {number}", LEFT, at - 2 * LEADING)
        at += 0.4 * LEADING
    analysis = analyse_page(drawing.finish())
    columns = []
    for x0, x1 in ((LEFT, BOUNDARY - 5), (BOUNDARY - 5, RIGHT)):
        ids = [index for index, x in enumerate(analysis.page.glyphs.lefts) if x0 <= x < x1]
        columns.append(RegionColumn(x0, x1, ids, group_lines(analysis.page, ids)))
    left, right = columns
    body = PageBody.of(analysis, furniture=set())
    region = LabelledRegion(
        body=body, evidence="gutter", left=left, right=right, top=90, bottom=at, label=left, value=right
    )
    assert measure_leadings([region], measure_scale([body])).value_leading == LEADING


@pytest.mark.parametrize(("x0", "off", "found"), [(240, 0, True), (290, 0, False), (240, 6, False)])
def test_margins_show_how_wide_tables_of_short_values_may_be(x0: float, off: float, found: bool) -> None:
    # The page is 500 wide and the text begins at 50, so that it may reach to 450; the values reach 55 points only.
    drawing = Drawing()
    for number in range(4):
        top = 100 + 4 * LEADING * number
        drawing.write_cell(x0, top, "short value", "or another")
        drawing.write("Label", LEFT, top + LEADING / 2 + off)
    assert bool(segment_one(drawing).tables) is found


@pytest.mark.parametrize(("places", "found"), [((6, 6, 6, 6), True), ((5, 6, 7, 7.5), False)])
def test_notes_in_the_margin_stand_anywhere_beside_running_text(places: tuple[float, ...], found: bool) -> None:
    drawing = Drawing()
    for number, place in enumerate(places):
        top = 100 + 5 * LEADING * number
        drawing.write_cell(BOUNDARY, top, "It was a fine morning when the", "workshop opened its doors for all.")
        drawing.write("A note", LEFT, top + place)
    assert bool(segment_one(drawing).tables) is found


def test_a_picture_beside_the_last_label_holds_it_in_its_table() -> None:
    drawing = Drawing()
    end = draw_middle_rows(drawing, 100, MIDDLE_ROWS[1:4], gap=18)
    drawing.write("Nothing is lost.", BOUNDARY, end)
    drawing.pictures.append(Picture(BOUNDARY, end + 8, BOUNDARY + 60, end + 52))
    drawing.write("Means", LEFT, end + 22)
    drawing.write("Sources", LEFT, end + 22 + 90)
    layout = segment_one(drawing)
    (table,) = layout.tables
    assert rows_of(table)[-1] == ("Means", "Nothing is lost.")
    assert [line.text for line in layout.free_lines] == ["Sources"]


@pytest.mark.parametrize(
    ("first", "anew"),
    [("see https://www.example.org/a", True), ("It ends.”", True), ("it goes on", False), ("www and", False)],
)
def test_a_value_begins_anew_behind_a_sentence_or_a_url(first: str, anew: bool) -> None:
    drawing = Drawing()
    drawing.write_cell(BOUNDARY, 100, first, "Volunteers.", "and more")
    analysis = analyse_page(drawing.finish())
    column = make_value_column(analysis.page, analysis.lines, measure_scale([analysis]), None)
    assert list(column.anew) == [False, anew, False]


@pytest.mark.parametrize("shift", [2.0, -1.8])
def test_a_page_scanned_a_little_to_one_side_keeps_its_rows(shift: float) -> None:
    pages = [Drawing(number=number) for number in (1, 2)]
    words = [
        "workshop",
        "garden",
        "library",
        "cinema",
        "kitchen",
        "museum",
        "harbour",
        "theatre",
        "market",
        "school",
        "bridge",
        "tower",
        "forest",
    ]
    for page, off, first, last in ((pages[0], 0.0, 0, 10), (pages[1], shift, 10, 13)):
        for number in range(first, last):
            at = 120 + 20 * number
            page.write(words[number], 50 + off, at)
            page.write(f"{words[-number]} of the town", 150 + off, at)
            page.rule(50, at - 14, 450, at - 13.5)
    assert [len(table.rows) for layout in segment_pages(make_source(*pages)) for table in layout.tables] == [10, 3]


@pytest.mark.parametrize("wide", ["Thermal conductivity at 23 °C", "Thermal conductivity of dry plaster"])
@pytest.mark.parametrize("gap", [13.0, 20.0])
def test_a_label_wider_than_its_column_begins_a_row_above_its_value(wide: str, gap: float) -> None:
    drawing = Drawing()
    rows = [
        ("Name", ("Plaster",)),
        ("Colour", ("White",)),
        (wide, ("0.068 W/mK, measured on six samples of three different", "deliveries")),
        ("Density", ("420 kg",)),
        (wide, ("8",)),
        ("Place", ("Riga",)),
    ]
    at = 100.0
    for label, values in rows:
        drawing.write(label, 50, at)
        at += gap if label == wide else 0.0
        at = drawing.write_cell(150, at, *values) - LEADING + gap
    assert rows_of(only_table(drawing)) == [(label, " ".join(values)) for label, values in rows]


@pytest.mark.parametrize(
    ("gap", "ruled", "words", "rows"),
    [
        pytest.param(8.0, False, ("workshop", "and its people"), [5], id="near"),
        pytest.param(8.0, True, ("workshop", "and its people"), [5], id="near, a rule between"),
        pytest.param(5.5, True, ("workshop", "and its people"), [5], id="nearer, a rule between"),
        pytest.param(5.5, False, ("workshop-for-people",), [5], id="wider than a space"),
        pytest.param(5.0, False, ("workshop", "and its people"), [], id="a space"),
    ],
)
def test_labels_that_end_at_one_x_need_no_gutter_before_their_values(
    gap: float, words: tuple[str, ...], rows: list[int], *, ruled: bool
) -> None:
    drawing = Drawing()
    for number, label in enumerate(["Name", "Country", "Period", "Organisation", "Place"]):
        drawing.write(label, 150 - gap - 5 * len(label), 100 + 26 * number)
        drawing.write_cell(150, 100 + 26 * number, *words)
    if ruled:
        drawing.rule(150 - gap / 2, 90, 150 - gap / 2, 222)
    assert [len(table.rows) for table in segment_one(drawing).tables] == rows
