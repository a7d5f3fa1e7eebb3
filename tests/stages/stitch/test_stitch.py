"""Pages → rows: what goes on over a page break, header rows, hyphenation, blocks, and what is reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from pipeline.models.geometry import Box
from pipeline.models.layout import Cell, LeftOut, PageLayout, RowCells, Table, TableEvidence, TextLine
from pipeline.models.row import Document, Row, TextBlock
from pipeline.stages.segment.pages import segment_pages
from pipeline.stages.stitch.document import stitch_document
from pipeline.stages.stitch.findings import MOST_TIES
from pipeline.text.cells import compose_lines
from tests.stages.segment.building import BOUNDARY as DRAWN_BOUNDARY
from tests.stages.segment.building import LEFT as DRAWN_LEFT
from tests.stages.segment.building import Drawing, draw_table, make_source
from tests.text.paragraphs.building import LEADING, make_line

LEFT, BOUNDARY, RIGHT = 50.0, 150.0, 350.0
LABEL_X, VALUE_X = 54.0, 154.0
FOOT = 700.0
"""Lower edge of a table that fills its page, points."""
LABEL_FULL = "Aims of all the work"
"""A label line that fills its column: 20 characters of 5 points from 54 to 154 less the padding."""
VALUE_FULL = "the quick brown fox jumps over lazy dogs"[:38]


class Sheets:
    """Lays out pages by hand: rows from the top, each of its own glyphs."""

    def __init__(self) -> None:
        self.glyphs = 0

    def line(
        self, text: str, page: int, x0: float, baseline: float, *, bold: bool = False, size: float = 10.0
    ) -> TextLine:
        ids = range(self.glyphs, self.glyphs + len(text))
        self.glyphs += len(text)
        line = make_line(text, baseline, page=page, x0=x0, size=size, glyphs=list(ids))
        return replace(line, bold=bold)

    def table(
        self,
        page: int,
        rows: Sequence[tuple[Sequence[str], Sequence[str]]],
        *,
        top: float = 100.0,
        bottom: float | None = None,
        boundary: float = BOUNDARY,
        evidence: TableEvidence = "grid",
        colour: tuple[float, float, float] | None = None,
        closed_top: bool | None = None,
        closed_bottom: bool | None = None,
        bold: Sequence[int] = (),
        leading: float = LEADING,
        small: float | None = None,
    ) -> Table:
        """Make a table's part; where `bottom` is given, its last line of text just fills it.

        Labels are set in `small` points where that is given, with a leading in proportion.
        """
        start = top
        share = 1.0 if small is None else small / 10.0
        if bottom is not None:
            start = top = bottom - sum(8 + leading * max(share * len(label), len(value)) for label, value in rows)
        cells: list[RowCells] = []
        for number, (label, value) in enumerate(rows):
            low = top + 8 + leading * max(share * len(label), len(value))
            made = [
                Cell(
                    box=Box(page=page, x0=x0, top=top, x1=x1, bottom=low),
                    lines=tuple(
                        self.line(
                            text, page, x0 + 4, top + 12 + own * leading * place, bold=number in bold, size=10 * own
                        )
                        for place, text in enumerate(texts)
                    ),
                )
                for texts, x0, x1, own in ((label, LEFT, boundary, share), (value, boundary, RIGHT, 1.0))
            ]
            cells.append(RowCells(label=made[0], value=made[1]))
            top = low
        return Table(
            box=Box(page=page, x0=LEFT, top=start, x1=RIGHT, bottom=top),
            boundary=boundary,
            evidence=evidence,
            confidence=0.6 if evidence == "gutter" else 1.0,
            colour=colour,
            closed_top=closed_top,
            closed_bottom=closed_bottom,
            leadings=(share * leading, leading),
            rows=tuple(cells),
        )

    def layout(
        self,
        number: int,
        *tables: Table,
        free: Sequence[TextLine] = (),
        margin: Sequence[TextLine] = (),
        left_out: Sequence[LeftOut] = (),
    ) -> PageLayout:
        return PageLayout(
            number=number,
            width=400,
            height=800,
            glyph_count=0,
            tables=tables,
            free_lines=tuple(free),
            margin_lines=tuple(margin),
            left_out=tuple(left_out),
        )


def rows_of(document: Document) -> list[Row]:
    return [item for item in document.content if isinstance(item, Row)]


def texts_of(document: Document) -> list[tuple[str, str, tuple[int, ...]]]:
    return [(row.label.one_line, row.value.text, row.pages) for row in rows_of(document)]


def stitch_break(
    upper: tuple[Sequence[str], Sequence[str]],
    lower: tuple[Sequence[str], Sequence[str]],
    **drawn: bool,
) -> list[tuple[str, str, tuple[int, ...]]]:
    """Stitch two pages, the first ending with one row's part and the second beginning with another's."""
    sheets = Sheets()
    one = sheets.table(
        1, [(["First row"], ["Its value."]), upper], bottom=FOOT, closed_bottom=drawn.get("closed_bottom")
    )
    other = sheets.table(2, [lower, (["Last row"], ["Its value."])], closed_top=drawn.get("closed_top"))
    found = texts_of(stitch_document([sheets.layout(1, one), sheets.layout(2, other)]))
    assert found[0] == ("First row", "Its value.", (1,))
    assert found[-1] == ("Last row", "Its value.", (2,))
    return found[1:-1]


# --- rows over page breaks -------------------------------------------------------------------------------------------


def test_an_empty_label_cell_goes_on_with_the_row_above() -> None:
    assert stitch_break((["Aims"], [VALUE_FULL]), ([], ["and sleeps."])) == [
        ("Aims", f"{VALUE_FULL} and sleeps.", (1, 2))
    ]


def test_a_new_label_begins_a_new_row() -> None:
    assert stitch_break((["Aims"], ["It is done."]), (["Means"], ["By hand."])) == [
        ("Aims", "It is done.", (1,)),
        ("Means", "By hand.", (2,)),
    ]


def test_a_label_split_over_the_break_with_its_value() -> None:
    assert stitch_break((["Aims of all the wor"], [VALUE_FULL]), (["kers here"], ["and sleeps."])) == [
        ("Aims of all the wor kers here", f"{VALUE_FULL} and sleeps.", (1, 2))
    ]


@pytest.mark.parametrize(("left", "goes_on"), [(LEFT, False), (LEFT + 40, True)])
def test_a_row_goes_on_where_all_columns_are_farther_to_one_side(left: float, *, goes_on: bool) -> None:
    sheets = Sheets()
    one = sheets.table(1, [(["Aims"], ["the quick brown fox"])], bottom=FOOT, closed_bottom=False)
    two = sheets.table(2, [([], ["jumps over the dog"])], boundary=BOUNDARY + 40, closed_top=False)
    two = two.model_copy(update={"box": replace(two.box, x0=left)})
    document = stitch_document([sheets.layout(1, one), sheets.layout(2, two)])
    assert [row.pages for row in rows_of(document)] == ([(1, 2)] if goes_on else [(1,), (2,)])


def test_a_label_split_over_the_break_with_no_value_beyond_it() -> None:
    assert stitch_break((["What the association", "of neighbours wanted"], ["It is done."]), (["to reach"], [])) == [
        ("What the association of neighbours wanted to reach", "It is done.", (1, 2))
    ]


@pytest.mark.parametrize(("rows_before", "goes_on"), [(22, True), (4, False)])
def test_a_label_that_made_its_row_as_tall_as_the_page_goes_on_whatever_the_leading_elsewhere(
    rows_before: int, goes_on: bool
) -> None:
    sheets = Sheets()
    # Where each label has a value, one without at a page's head is no row.
    wide = [(["Aims of it all", "and their ends"], ["It is done."])] * rows_before
    one = sheets.table(1, wide, evidence="gutter", leading=LEADING + 1)
    rows = [(["First row"], ["Its value."]), (["What this body", "is named"], ["The town."])]
    two = sheets.table(2, rows, bottom=FOOT, evidence="gutter")
    rows = [(["Who helps with", "the works"], []), (["Last row"], ["Its value."])]
    three = sheets.table(3, rows, evidence="gutter")
    layouts = [sheets.layout(number, table) for number, table in enumerate((one, two, three), start=1)]
    whole = [("What this body is named Who helps with the works", "The town.", (2, 3))]
    parted = [("What this body is named", "The town.", (2,)), ("Who helps with the works", "", (3,))]
    assert texts_of(stitch_document(layouts))[rows_before + 1 :] == [
        *(whole if goes_on else parted),
        ("Last row", "Its value.", (3,)),
    ]


def test_a_label_that_begins_anew_beside_nothing_is_a_row_without_value() -> None:
    upper = (["What the association", "wanted"], ["It is done."])
    assert stitch_break(upper, (["Period"], [])) == [
        ("What the association wanted", "It is done.", (1,)),
        ("Period", "", (2,)),
    ]


def test_a_full_label_that_asks_its_question_is_whole() -> None:
    assert stitch_break((["Did all the work end?"], ["It is done."]), (["Which means were used"], ["By hand."])) == [
        ("Did all the work end?", "It is done.", (1,)),
        ("Which means were used", "By hand.", (2,)),
    ]


def test_a_label_with_room_for_its_next_word_is_whole() -> None:
    assert [label for label, _, _ in stitch_break((["Aims"], [VALUE_FULL]), (["of it"], ["By hand."]))] == [
        "Aims",
        "of it",
    ]


@pytest.mark.parametrize("aligned", ["left", "right", "centre"])
def test_a_label_set_to_the_right_with_room_before_it_is_whole(aligned: str) -> None:
    sheets = Sheets()
    share = {"left": 0.0, "right": 1.0, "centre": 0.5}[aligned]

    def align(table: Table) -> Table:
        rows = []
        for row in table.rows:
            lines = []
            for line in row.label.lines:
                shift = share * (LABEL_X + 100 - line.box.x1)
                box = replace(line.box, x0=line.box.x0 + shift, x1=line.box.x1 + shift)
                words = tuple(word._replace(x0=word.x0 + shift, x1=word.x1 + shift) for word in line.words)
                lines.append(replace(line, box=box, words=tuple(words)))
            rows.append(replace(row, label=replace(row.label, lines=tuple(lines))))
        return table.model_copy(update={"rows": tuple(rows)})

    whole = [([LABEL_FULL, "and so on"], ["Its value."])] * 4
    upper = (["- What the work", "is to be"], ["It is done."])
    one = sheets.table(1, [*whole, upper], bottom=FOOT)
    two = sheets.table(2, [(["- Who helps"], ["Neighbours."]), (["Last row"], ["Its value."])])
    found = texts_of(stitch_document([sheets.layout(1, align(one)), sheets.layout(2, align(two))]))
    assert found[4:] == [
        ("- What the work is to be", "It is done.", (1,)),
        ("- Who helps", "Neighbours.", (2,)),
        ("Last row", "Its value.", (2,)),
    ]


def test_a_label_that_ends_above_the_foot_of_its_cell_is_whole() -> None:
    upper = ([LABEL_FULL], [VALUE_FULL] * 4)
    assert [label for label, _, _ in stitch_break(upper, (["and of the play"], ["By hand."]))] == [
        LABEL_FULL,
        "and of the play",
    ]


def test_an_open_cell_on_both_sides_of_the_break_goes_on() -> None:
    upper, lower = ([LABEL_FULL], ["It is done."]), (["Means of the work"], ["By hand."])
    assert len(stitch_break(upper, lower, closed_bottom=True, closed_top=True)) == 2
    assert len(stitch_break(upper, lower, closed_bottom=False, closed_top=False)) == 1


def test_a_value_runs_over_three_pages() -> None:
    sheets = Sheets()
    one = sheets.table(1, [(["Aims"], [VALUE_FULL])], bottom=FOOT)
    two = sheets.table(2, [([], [VALUE_FULL] * 3)], bottom=FOOT)
    three = sheets.table(3, [([], ["and sleeps."]), (["Means"], ["By hand."])])
    document = stitch_document([sheets.layout(n, table) for n, table in ((1, one), (2, two), (3, three))])
    assert texts_of(document) == [
        ("Aims", " ".join([VALUE_FULL] * 4) + " and sleeps.", (1, 2, 3)),
        ("Means", "By hand.", (3,)),
    ]
    row = rows_of(document)[0]
    assert len(row.fragments) == 3
    assert len(row.break_confidence) == 2
    assert all(0.5 <= sure <= 1 for sure in row.break_confidence)
    assert [box.page for box in row.value.boxes] == [1, 2, 3]


def test_a_heading_between_pages_ends_the_row() -> None:
    sheets = Sheets()
    one = sheets.table(1, [(["Aims"], [VALUE_FULL])], bottom=FOOT)
    two = sheets.table(2, [([], ["and sleeps."])], top=200)
    heading = sheets.line("Second practice", 2, LEFT, 120, size=16)
    document = stitch_document([sheets.layout(1, one), sheets.layout(2, two, free=[heading])])
    assert texts_of(document) == [("Aims", VALUE_FULL, (1,)), ("", "and sleeps.", (2,))]
    assert [row.table for row in rows_of(document)] == [0, 1]


@pytest.mark.parametrize(
    ("boundary", "colour", "tables"),
    [
        (BOUNDARY, (0.9, 0.8, 0.7), [0, 0]),
        (BOUNDARY, (0.4, 0.8, 0.7), [0, 1]),
        (BOUNDARY + 30, (0.9, 0.8, 0.7), [0, 1]),
    ],
)
def test_another_colour_or_column_is_another_table(
    boundary: float, colour: tuple[float, float, float], tables: list[int]
) -> None:
    sheets = Sheets()
    one = sheets.table(1, [(["Aims"], ["It is done."])], colour=(0.9, 0.8, 0.7))
    two = sheets.table(2, [(["Means"], ["By hand."])], boundary=boundary, colour=colour)
    document = stitch_document([sheets.layout(1, one), sheets.layout(2, two)])
    assert [row.table for row in rows_of(document)] == tables


@pytest.mark.parametrize(("text", "tables"), [("A new chapter", [0, 1]), ("", [0])])
def test_a_page_with_text_ends_a_table_and_one_with_a_picture_only_does_not(text: str, tables: list[int]) -> None:
    sheets = Sheets()
    one = sheets.table(1, [(["Aims"], [VALUE_FULL])])
    three = sheets.table(3, [([], ["and sleeps."])])
    free = [sheets.line(text, 2, 50, 100)] if text else []
    document = stitch_document([sheets.layout(1, one), sheets.layout(2, free=free), sheets.layout(3, three)])
    assert [row.table for row in rows_of(document)] == tables


def test_a_label_that_is_printed_again_goes_on_with_its_row() -> None:
    sheets = Sheets()
    one = sheets.table(1, [(["Aims"], [VALUE_FULL])])
    two = sheets.table(2, [(["Aims (continued)"], ["and sleeps."])])
    document = stitch_document([sheets.layout(1, one), sheets.layout(2, two)])
    assert [row.label.text for row in rows_of(document)] == ["Aims"]
    assert [block.text for block in document.furniture] == ["Aims (continued)"]


def test_what_stands_behind_repeated_labels_shows_that_rows_go_on_whatever_their_values_begin_with() -> None:
    sheets = Sheets()
    pages = [
        sheets.layout(number, sheets.table(number, table))
        for number, table in enumerate(
            [
                [(["Name"], ["Open"]), (["Aims"], ["The fox sleeps."])],
                [(["Aims, continued"], ["The dog runs."]), (["Cost"], ["Free."])],
                [(["Cost, continued"], ["Tea is not."]), (["Period"], ["2016"])],
            ],
            1,
        )
    ]
    document = stitch_document(pages)
    assert [row.label.text for row in rows_of(document)] == ["Name", "Aims", "Cost", "Period"]
    assert [row.value.text for row in rows_of(document)][1] == "The fox sleeps.\nThe dog runs."
    once = stitch_document(pages[:2])
    assert [row.label.text for row in rows_of(once)] == ["Name", "Aims", "Aims, continued", "Cost"]


def test_a_note_under_the_table_does_not_end_the_row() -> None:
    sheets = Sheets()
    one = sheets.table(1, [(["Aims"], [VALUE_FULL])])
    note = sheets.line("* A note in small type.", 1, LEFT, FOOT + 40, size=7)
    two = sheets.table(2, [([], ["and sleeps."])])
    document = stitch_document([sheets.layout(1, one, free=[note]), sheets.layout(2, two)])
    assert texts_of(document) == [("Aims", f"{VALUE_FULL} and sleeps.", (1, 2))]
    assert [(item.kind, item.text) for item in document.content if isinstance(item, TextBlock)] == [
        ("footnote", "* A note in small type.")
    ]
    assert isinstance(document.content[0], Row)  # a row stands where it begins, before the note


def test_a_label_without_value_does_not_go_on_with_the_next() -> None:
    assert [label for label, _, _ in stitch_break((["Aims"], []), (["Means"], []))] == ["Aims", "Means"]


@pytest.mark.parametrize(("other", "count"), [("Means of the work", 5), ("Means of this work", 4)])
def test_rows_whose_labels_are_whole_ones_elsewhere_are_two(other: str, count: int) -> None:
    sheets = Sheets()
    # Of both rows one line fits on the page, so that the label is at its foot, and the value is full.
    upper = sheets.table(1, [(["First row"], ["Its value."]), ([LABEL_FULL], [VALUE_FULL])], bottom=120)
    lower = sheets.table(2, [(["Means of the work"], ["and sleeps."]), ([LABEL_FULL], ["It is done."])])
    last = sheets.table(2, [([label], ["By hand."]) for label in ("Place", other, LABEL_FULL, "Time")], top=400)
    pages = [sheets.layout(1, upper), sheets.layout(2, lower, last)]
    assert len(texts_of(stitch_document(pages))) == 3 + count


@pytest.mark.parametrize("label", ["Aims", LABEL_FULL])
def test_a_url_at_a_pages_head_is_no_sentence_that_goes_on(label: str) -> None:
    assert [
        one
        for one, _, _ in stitch_break(([label], [VALUE_FULL]), (["Means of the work"], ["https://a.example/of/it/all"]))
    ] == [label, "Means of the work"]


def test_a_sentence_in_cells_that_are_open_on_both_sides_goes_on() -> None:
    lower = (["Means"], ["and sleeps."])
    for value, count in ((VALUE_FULL, 1), ("It is done.", 2)):
        assert len(stitch_break((["Aims"], [value]), lower, closed_bottom=False, closed_top=False)) == count


@pytest.mark.parametrize("other", ["capital", "small"])
def test_a_label_that_begins_with_a_small_letter_goes_on_where_none_does_within_pages(other: str) -> None:
    sheets = Sheets()
    inner = [(["Others" if other == "capital" or n else "others"], ["It is done."]) for n in range(12)]
    one = sheets.table(1, [(["First"], ["It is done."]), *inner, (["Aims"], ["It is done."])], bottom=FOOT)
    two = sheets.table(2, [(["of it"], ["By hand."])])
    found = texts_of(stitch_document([sheets.layout(1, one), sheets.layout(2, two)]))
    joined = [("Aims of it", "It is done.\nBy hand.", (1, 2))]
    assert found[13:] == (
        joined if other == "capital" else [("Aims", "It is done.", (1,)), ("of it", "By hand.", (2,))]
    )


@pytest.mark.parametrize(("others_open", "labels"), [(False, 1), (True, 2)])
def test_closed_edges_tell_whole_rows_only_where_the_edition_leaves_broken_ones_open(
    others_open: bool, labels: int
) -> None:
    sheets = Sheets()
    upper, lower = ([LABEL_FULL], [VALUE_FULL]), (["and of the play"], ["and sleeps."])
    open_end = None if not others_open else False
    one = sheets.table(1, [(["Means"], [VALUE_FULL])], bottom=FOOT, closed_bottom=open_end)
    two = sheets.table(2, [([], ["and sleeps."]), upper], bottom=FOOT, closed_top=open_end, closed_bottom=True)
    three = sheets.table(3, [lower], closed_top=True, closed_bottom=True)
    four = sheets.table(3, [(["Means"], ["By hand."])], top=300)
    heading = sheets.line("Second practice", 3, LEFT, 250, size=16)
    document = stitch_document(
        [sheets.layout(1, one), sheets.layout(2, two), sheets.layout(3, three, four, free=[heading])]
    )
    assert [label for label, _, _ in texts_of(document)] == (
        ["Means", f"{LABEL_FULL} and of the play", "Means"]
        if labels == 1
        else ["Means", LABEL_FULL, "and of the play", "Means"]
    )


@pytest.mark.parametrize("closed", [True, False])
def test_closed_edges_tell_whole_rows_below_header_rows_too(closed: bool) -> None:
    sheets = Sheets()
    header = (["Item"], ["Description"])
    upper, lower = ([LABEL_FULL], [VALUE_FULL]), (["and of the play"], ["and sleeps."])
    one = sheets.table(1, [header, (["Means"], [VALUE_FULL])], bottom=FOOT, closed_top=True, closed_bottom=False)
    two = sheets.table(2, [header, ([], ["and sleeps."]), upper], bottom=FOOT, closed_top=True, closed_bottom=closed)
    three = sheets.table(3, [header, lower], closed_top=True, closed_bottom=True)
    document = stitch_document([sheets.layout(n, table) for n, table in ((1, one), (2, two), (3, three))])
    assert [label for label, _, _ in texts_of(document)] == (
        ["Means", LABEL_FULL, "and of the play"] if closed else ["Means", f"{LABEL_FULL} and of the play"]
    )


@pytest.mark.parametrize("tables", [False, True])
def test_text_on_many_pages_is_composed_once_or_twice(monkeypatch: pytest.MonkeyPatch, *, tables: bool) -> None:
    """Text in larger type than the tables' may be a heading that goes on; in a novel it goes on for all its pages."""
    sheets, pages = Sheets(), 40
    composed: list[int] = []

    def count(lines: Sequence[TextLine], right: float, leading: float) -> object:
        composed.append(len(lines))
        return compose_lines(lines, right, leading)

    monkeypatch.setattr("pipeline.stages.stitch.tables.compose_lines", count)
    table = [sheets.table(1, [(["Aims"], ["It is done."]), (["Means"], ["By hand."])])] if tables else []
    free = [[sheets.line(f"Chapter of page {page}", page, LEFT, 690, size=16)] for page in range(1, pages + 1)]
    layouts = [sheets.layout(page, *(table if page == 1 else []), free=free[page - 1]) for page in range(1, pages + 1)]
    blocks = [item for item in stitch_document(layouts).content if isinstance(item, TextBlock)]
    assert len(blocks) == (1 if tables else pages)
    assert sum(composed) <= 2 * pages


def test_a_heading_that_runs_over_a_page_break_is_one() -> None:
    sheets = Sheets()
    heading = sheets.line("The second practice of", 1, LEFT, 690, size=16)
    rest = sheets.line("the old town", 2, LEFT, 60, size=16)
    plain = sheets.line("Of another chapter", 3, LEFT, 60)
    tables = [sheets.table(page, [(["Aims"], ["It is done."]), (["Means"], ["By hand."])]) for page in (1, 2, 3)]
    text = sheets.line("Text at the foot", 2, LEFT, 690)
    document = stitch_document(
        [
            sheets.layout(1, tables[0], free=[heading]),
            sheets.layout(2, tables[1], free=[rest, text]),
            sheets.layout(3, tables[2], free=[plain]),
        ]
    )
    assert [item.text for item in document.content if isinstance(item, TextBlock)] == [
        "The second practice of the old town",
        "Text at the foot",
        "Of another chapter",
    ]


# --- leading and right edges -----------------------------------------------------------------------------------------


def test_labels_in_smaller_type_have_a_leading_of_their_own() -> None:
    sheets = Sheets()
    table = sheets.table(1, [(["What the association", "wanted"], [VALUE_FULL, VALUE_FULL])] * 3, small=7.5)
    fragment = rows_of(stitch_document([sheets.layout(1, table)]))[0].fragments[0]
    assert (fragment.label_column.leading, fragment.value_column.leading) == (9.0, 12.0)


def test_the_text_around_a_table_of_white_space_shows_how_far_its_values_can_reach() -> None:
    sheets = Sheets()
    values = ["the quick brown fox", "jumps over lazy dogs"]
    table = sheets.table(1, [(["Aims"], values)], evidence="gutter")
    (alone,) = rows_of(stitch_document([sheets.layout(1, table)]))
    assert alone.value.text == "the quick brown fox jumps over lazy dogs"
    free = [
        sheets.line("the text before the table is broken where its lines reach the edge", 1, LEFT, 40),
        sheets.line("of the page.", 1, LEFT, 52),
    ]
    row = rows_of(stitch_document([sheets.layout(1, table, free=free)]))[0]
    assert row.fragments[0].value_column.right == free[0].box.x1 - (LABEL_X - LEFT)
    assert row.value.text == "the quick brown fox\njumps over lazy dogs"


@pytest.mark.parametrize(("broken", "reaches"), [(4, True), (90, False)])
def test_many_broken_lines_show_how_far_values_reach_whatever_the_text_around_does(broken: int, reaches: bool) -> None:
    sheets = Sheets()
    values = ["the quick brown fox", *["jumps over lazy dogs"] * broken]
    table = sheets.table(1, [(["Aims"], values)], evidence="gutter")
    listed = [(["Means"], ["by hand", "it is"])] * 20
    free = [
        sheets.line("the text before the table is broken where its", 1, LEFT, 40),
        sheets.line("lines reach the edge.", 1, LEFT, 52),
    ]
    lists = sheets.table(2, listed, evidence="gutter")
    document = stitch_document([sheets.layout(1, table, free=free), sheets.layout(2, lists)])
    right = free[0].box.x1 - (LABEL_X - LEFT) if reaches else max(line.box.x1 for line in table.rows[0].value.lines)
    assert rows_of(document)[0].fragments[0].value_column.right == right


def test_rows_of_coloured_labels_share_the_reach_of_their_values() -> None:
    sheets = Sheets()
    wide = sheets.table(1, [(["Aims"], [VALUE_FULL, "and sleeps."])], evidence="fills")
    narrow = sheets.table(1, [(["Means"], ["By hand.", "With saws."])], evidence="fills", top=200)
    reach = narrow.rows[0].value.lines[1].box.x1
    narrow = narrow.model_copy(update={"box": replace(narrow.box, x1=reach)})
    rows = rows_of(stitch_document([sheets.layout(1, wide, narrow)]))
    assert [row.value.text for row in rows] == [f"{VALUE_FULL} and sleeps.", "By hand.\nWith saws."]


def test_a_label_beside_whose_foot_its_value_stands_a_line_lower_has_ended() -> None:
    # The cells are cut at the page's foot, without their lower padding.
    sheets = Sheets()
    rows = [(["Main target group", "(citizens, others)"], [VALUE_FULL, VALUE_FULL, "and sleeps."])]
    one = sheets.table(1, rows, bottom=FOOT, closed_bottom=False)
    box = replace(one.rows[0].label.box, bottom=one.box.bottom - 4)
    cut = replace(one.rows[0], label=replace(one.rows[0].label, box=box))
    one = one.model_copy(update={"rows": (cut,)})
    two = sheets.table(2, [(["How do people learn"], ["It is told."])], closed_top=False)
    assert len(texts_of(stitch_document([sheets.layout(1, one), sheets.layout(2, two)]))) == 2


@pytest.mark.parametrize(("room", "rows"), [(0.94, 1), (0.97, 2)])
def test_a_label_above_room_for_nearly_one_more_line_has_ended(room: float, rows: int) -> None:
    sheets = Sheets()
    one = sheets.table(1, [([LABEL_FULL, LABEL_FULL], [VALUE_FULL, "It is done."])], bottom=FOOT)
    padding = one.rows[0].label.lines[0].box.top - one.box.top
    box = replace(one.rows[0].label.box, bottom=one.rows[0].label.lines[-1].box.bottom + padding + room * LEADING)
    cut = replace(one.rows[0], label=replace(one.rows[0].label, box=box))
    one = one.model_copy(update={"rows": (cut,)})
    two = sheets.table(2, [(["and of the play"], ["By hand."])])
    assert len(texts_of(stitch_document([sheets.layout(1, one), sheets.layout(2, two)]))) == rows


@pytest.mark.parametrize("signs", ["✓", "•••", "• •"])
def test_signs_by_themselves_are_kept_as_printed(signs: str) -> None:
    sheets = Sheets()
    table = sheets.table(1, [(["Aims"], [signs]), (["Means"], ["• By hand.", "• By foot."])])
    (one, other) = rows_of(stitch_document([sheets.layout(1, table)]))
    assert (one.value.text, [part.item for part in one.value.paragraphs]) == (signs, [False])
    assert other.value.text == "- By hand.\n- By foot."


# --- header rows -----------------------------------------------------------------------------------------------------


def test_a_header_row_repeated_on_each_page_is_none_of_the_rows() -> None:
    sheets = Sheets()
    header = (["Question"], ["Answer"])
    one = sheets.table(1, [header, (["Aims"], [VALUE_FULL])])
    two = sheets.table(2, [header, ([], ["and sleeps."]), (["Means"], ["By hand."])])
    document = stitch_document([sheets.layout(1, one), sheets.layout(2, two)])
    assert texts_of(document) == [("Aims", f"{VALUE_FULL} and sleeps.", (1, 2)), ("Means", "By hand.", (2,))]
    assert [block.text for block in document.furniture] == ["Question", "Answer"] * 2


def test_a_bold_first_row_over_plain_values_is_a_header_row() -> None:
    sheets = Sheets()
    rows = [(["Question"], ["Answer"]), (["Aims"], ["It is done."]), (["Means"], ["By hand."])]
    document = stitch_document([sheets.layout(1, sheets.table(1, rows, bold=(0,)))])
    assert [label for label, _, _ in texts_of(document)] == ["Aims", "Means"]
    plain = Sheets()
    document = stitch_document([plain.layout(1, plain.table(1, rows))])
    assert [label for label, _, _ in texts_of(document)] == ["Question", "Aims", "Means"]


@pytest.mark.parametrize("last", [0, 3])
def test_the_first_row_of_a_table_all_in_bold_is_none_of_a_header(last: int) -> None:
    sheets = Sheets()
    rows = [([f"Row {number}"], [f"text {number}"]) for number in range(16)]
    layouts = [
        sheets.layout(1, sheets.table(1, rows[:4], bold=range(last + 1))),
        sheets.layout(2, sheets.table(2, rows[4:])),
    ]
    found = [part.label.text for part in stitch_document(layouts).content if isinstance(part, Row)]
    assert found == [label for (label,), _ in rows[last == 0 :]]


def test_a_bold_row_set_apart_by_its_fill_is_a_header_row_of_the_table_below() -> None:
    rows = [(["Aims"], ["It is done."]), (["Means"], ["By hand."]), (["Costs"], ["None."])]
    sheets = Sheets()
    header = sheets.table(1, [(["Question"], ["Answer"])], bold=(0,))
    found = texts_of(stitch_document([sheets.layout(1, header, sheets.table(1, rows, top=header.box.bottom + 30))]))
    assert [label for label, _, _ in found] == ["Aims", "Means", "Costs"]


def test_equal_first_rows_of_different_tables_are_rows() -> None:
    # Each practice begins with the same row; a heading stands before each table.
    sheets = Sheets()
    row = (["Country"], ["Latvia"])
    layouts = [
        sheets.layout(
            page,
            sheets.table(page, [row, (["Aims"], ["It is done."])], top=200),
            free=[sheets.line(f"Practice {page}", page, LEFT, 120, size=16)],
        )
        for page in (1, 2)
    ]
    assert [label for label, _, _ in texts_of(stitch_document(layouts))] == ["Country", "Aims"] * 2


@pytest.mark.parametrize(("apart", "elsewhere"), [(True, False), (True, True), (False, False)])
def test_a_row_set_apart_that_begins_every_table_and_stands_nowhere_else_is_a_header_row(
    apart: bool, elsewhere: bool
) -> None:
    sheets = Sheets()
    header = (["Country"], ["Latvia"])
    layouts = []
    for page in (1, 2, 3):
        rows = [(["Aims"], ["It is done."]), *([header] if elsewhere else [])]
        title = [sheets.line(f"Practice {page}", page, LEFT, 120, size=16)]
        if apart:
            # Its own fill makes it a table of its own.
            first = sheets.table(page, [header], top=200)
            tables = (first, sheets.table(page, rows, top=first.box.bottom))
        else:
            tables = (sheets.table(page, [header, *rows], top=200),)
        layouts.append(sheets.layout(page, *tables, free=title))
    labels = ["Aims"] if apart and not elsewhere else ["Country", "Aims", *(["Country"] if elsewhere else [])]
    assert [label for label, _, _ in texts_of(stitch_document(layouts))] == labels * 3


@pytest.mark.parametrize(
    "firsts", [[["Rome"], ["Oslo"]], [["Rome and the town", "of Oslo"], ["Rome and the town", "of Oslo"]]]
)
def test_first_rows_that_a_word_processor_sets_in_bold_are_data(firsts: list[list[str]]) -> None:
    sheets = Sheets()
    rest = [(["Aims"], ["It is done."]), (["Means"], ["By hand."]), (["Costs"], ["None."])]
    layouts = [
        sheets.layout(
            page,
            sheets.table(page, [(["Place"], value), *rest], top=200, bold=(0,)),
            free=[sheets.line(f"Practice {page}", page, LEFT, 120, size=16)],
        )
        for page, value in enumerate(firsts, start=1)
    ]
    found = texts_of(stitch_document(layouts))
    assert [value for label, value, _ in found if label == "Place"] == ["\n".join(value) for value in firsts]


@pytest.mark.parametrize("full", [True, False])
def test_a_heading_that_a_table_repeats_on_each_page_is_furniture(full: bool) -> None:
    sheets = Sheets()
    rows = [(["Means"], ["By hand."]), (["Aims"], [VALUE_FULL])]
    one = sheets.table(1, rows, bottom=FOOT if full else FOOT - 100)
    two = sheets.table(2, [([], ["and sleeps."]), (["Costs"], ["None."])])
    three = sheets.table(3, [(["Place"], ["Rome"])], bottom=FOOT)
    bars = [sheets.line("General data", page, LEFT, at, bold=True) for page, at in ((1, one.box.top - 20), (2, 80))]
    document = stitch_document(
        [sheets.layout(1, one, free=bars[:1]), sheets.layout(2, two, free=bars[1:]), sheets.layout(3, three)]
    )
    blocks = [item.text for item in document.content if isinstance(item, TextBlock)]
    if full:
        assert (blocks, [item.text for item in document.furniture]) == (["General data"], ["General data"])
        assert texts_of(document)[1] == ("Aims", f"{VALUE_FULL} and sleeps.", (1, 2))
    else:
        # Behind a page with room left a new table begins.
        assert (blocks, document.furniture) == (["General data"] * 2, ())


# --- hyphenation -----------------------------------------------------------------------------------------------------


def stitch_value(*lines: str) -> str:
    """Stitch a table of one row and some others without hyphens."""
    sheets = Sheets()
    filler = [(["Other"], ["the words of the other rows"]) for _ in range(40)]
    document = stitch_document([sheets.layout(1, sheets.table(1, [(["Aims"], lines), *filler]))])
    return rows_of(document)[0].value.text


def test_a_hyphen_is_undone_where_the_whole_word_occurs_elsewhere() -> None:
    first = "the quick brown fox and its neigh-"
    assert stitch_value("neighbours are the best of friends and", first, "bours run.").endswith("its neighbours run.")


@pytest.mark.parametrize(
    ("elsewhere", "kept"),
    [("neighbouring", False), ("neighbour", False), ("neighing", True), ("bourses", True), ("neighbourless", True)],
)
def test_a_hyphen_is_undone_where_another_form_of_the_word_occurs_elsewhere(elsewhere: str, kept: bool) -> None:
    first = "the quick brown fox and its neigh-"
    value = stitch_value(f"{elsewhere} is the best of all there is and", first, "bours run.")
    assert value.endswith("its neigh-bours run." if kept else "its neighbours run.")


def test_a_hyphen_in_a_heading_is_undone() -> None:
    sheets = Sheets()
    free = [
        sheets.line("a heading that says who the quick and brown neigh-", 1, LEFT, 40),
        sheets.line("bours are.", 1, LEFT, 52),
        sheets.line("another text of the neigh-", 1, LEFT, 82),
        sheets.line("bours of all.", 1, LEFT, 120),
    ]
    table = sheets.table(1, [(["Aims"], ["the neighbours run"])], top=200)
    content = stitch_document([sheets.layout(1, table, free=free)]).content
    texts = [block.text for block in content if isinstance(block, TextBlock)]
    assert texts[0] == "a heading that says who the quick and brown neighbours are."
    # The next block's words are other words.
    assert texts[1:] == ["another text of the neigh-", "bours of all."]


def test_a_hyphen_is_kept_where_the_compound_occurs_elsewhere() -> None:
    first = "the quick brown fox and its half-"
    assert stitch_value("half-brother is the best of friends and", first, "brother run.").endswith(
        "its half-brother run."
    )


def test_a_hyphen_before_a_capital_is_kept() -> None:
    assert stitch_value("the quick brown fox lives in old Cluj-", "Napoca now.").endswith("Cluj-Napoca now.")


def test_a_soft_hyphen_before_a_capital_is_the_words_own() -> None:
    assert stitch_value("the quick brown fox lives in old Cluj\u00ad", "Napoca now.").endswith("Cluj-Napoca now.")


def test_a_soft_hyphen_before_a_capital_is_undone_where_the_whole_word_occurs_elsewhere() -> None:
    first = "the quick brown fox of the old ME\u00ad"
    assert stitch_value("METAdrasi is the best of friends and", first, "TAdrasi runs.").endswith("old METAdrasi runs.")


def test_a_hyphen_beside_words_parted_by_slashes_is_undone() -> None:
    first = "the quick brown fox (its end/neigh-"
    value = stitch_value("neighbours are the best of friends and", first, "bours/friends) runs.")
    assert value.endswith("(its end/neighbours/friends) runs.")
    value = stitch_value("friends/neighbours) are the best and", "the quick brown fox and its neigh-", "bours run.")
    assert value.endswith("its neighbours run.")


def test_a_single_letter_is_never_hyphenated_off() -> None:
    assert (
        stitch_value(*["the quick brown fox sends some more e-", "mails today and then it sends some"] * 3).count(
            "e-mails"
        )
        == 3
    )


def test_hyphens_of_an_edition_that_breaks_words_often_are_undone() -> None:
    lines = [
        "the quick brown fox jumps over ele-",
        "phants and the slow brown bear over cro-",
        "codiles and other ani-",
        "mals.",
    ]
    assert stitch_value(*lines) == (
        "the quick brown fox jumps over elephants and the slow brown bear over crocodiles and other animals."
    )


HYPHENATED = [
    "the quick brown fox jumps over ele‐",
    "phants and the well-known bear over cro‐",
    "codiles of the river in the wood. See",
]


@pytest.mark.parametrize(("lost", "joined"), [(4, True), (8, False)])
def test_a_glyph_without_a_letter_is_a_hyphen_where_it_breaks_most_words_that_have_one(
    lost: int, *, joined: bool
) -> None:
    lines = [line.replace("‐", "\ufffd") for line in HYPHENATED] + ["of the of\ufffdce"] * lost
    lines.insert(2, "codiles of the ani\ufffd")
    lines.insert(3, "mals of the river")
    assert ("over elephants" in stitch_value(*lines)) is joined


def test_a_hyphen_that_hyphenation_sets_in_a_url_is_undone() -> None:
    lines = [*HYPHENATED, "http://www.example.org/app‐", "les/of/the/wood/and/the/gar‐", "den.html today."]
    assert stitch_value(*lines).endswith("See http://www.example.org/apples/of/the/wood/and/the/garden.html today.")


@pytest.mark.parametrize(
    ("word", "broken", "joined"),
    [("Nord-Pas", 3, True), ("Nord-Pas", 2, False), ("2016-2018", 2, False), ("well-known", 3, False)],
)
def test_hyphens_before_small_letters_are_undone_where_none_is_printed_inside_a_line_before_one(
    word: str, broken: int, joined: bool
) -> None:
    lines = [f"the fox of the year and {word} sees it all"] * 200
    ends = ("and runs over the ele-", "phants and the bears over the cro-", "codiles and the foxes over ani-")
    text = stitch_value(*lines, *ends[-broken:], "mals.")
    assert ("animals." in text) is joined


PRINTED = ["thirty-one of the foxes run over all of the low-", "threshold of the house of the semi-", "wild bears."]


@pytest.mark.parametrize(
    ("others", "kept"),
    [
        pytest.param((), False, id="nothing else"),
        pytest.param(
            ("they run on and on in the", "mountains and sleep in the", "evenings and play with the", "crocodiles.")
            * 2,
            True,
            id="words that could be broken are not",
        ),
        pytest.param(
            ("a well-known, part-time, half-wild, long-term and", "user-friendly bear."), True, id="compounds"
        ),
        pytest.param(
            ("semiwild, well-known, part-time, half-wild, long-term", "and user-friendly bears."),
            False,
            id="known word",
        ),
    ],
)
def test_printed_hyphens_at_lines_ends_are_kept_in_editions_that_hyphenate_nowhere(
    others: tuple[str, ...], *, kept: bool
) -> None:
    text = stitch_value(*PRINTED, *others)
    assert ("low-threshold" in text) is kept


def test_a_urls_own_hyphen_is_kept_where_words_are_broken_often() -> None:
    for sign in "-‐":
        lines = [line.replace("‐", sign) for line in HYPHENATED]
        lines += ["http://www.example.org/the-app-", "les-of-the-wood-and-the-gar-", "den.html today."]
        assert stitch_value(*lines).endswith(
            "http://www.example.org/the-app-les-of-the-wood-and-the-gar-den.html today."
        )


def test_a_single_break_by_a_sign_that_no_word_has_is_undone() -> None:
    lines = ["the well-known fox and the half-brothers", "of the slow brown bear run over ele‐", "phants."]
    assert stitch_value(*lines).endswith("over elephants.")


def test_a_words_own_hyphen_is_kept_where_words_are_broken_by_another_sign() -> None:
    assert stitch_value(*HYPHENATED, "the quick brown fox and its half-", "brother.").endswith("its half-brother.")


def test_the_hyphens_of_a_url_are_kept_in_type_that_has_but_one() -> None:
    lines = [line.replace("-", "‐") for line in HYPHENATED]
    lines += ["http://www.example.org/the‐app‐", "les.html today."]
    assert stitch_value(*lines).endswith("http://www.example.org/the‐app‐les.html today.")


def test_a_hyphen_at_a_page_break_is_undone() -> None:
    sheets = Sheets()
    one = sheets.table(
        1, [(["Aims"], ["neighbours are the best of friends and", "the quick brown fox and its neigh-"])], bottom=FOOT
    )
    two = sheets.table(2, [([], ["bours run."])])
    document = stitch_document([sheets.layout(1, one), sheets.layout(2, two)])
    assert texts_of(document)[0][1].endswith("its neighbours run.")


def test_a_hyphen_before_a_header_row_repeated_on_the_next_page_is_undone() -> None:
    sheets = Sheets()
    head = (["Item"], ["What it is"])
    lines = ["neighbours are the best of friends and", "the quick brown fox and its neigh-"]
    one = sheets.table(1, [head, (["Aims"], lines)], bottom=FOOT)
    two = sheets.table(2, [head, ([], ["bours run."])])
    document = stitch_document([sheets.layout(1, one), sheets.layout(2, two)])
    assert texts_of(document)[0][1].endswith("its neighbours run.")


@pytest.mark.parametrize(("foot", "value"), [(FOOT, ["and sleeps."]), (None, [])])
def test_a_label_whose_word_a_page_break_parts_goes_on_whatever_stands_beside_it(
    foot: float | None, value: list[str]
) -> None:
    sheets = Sheets()
    header = (["Item"], ["Description"])
    rows = [header, (["Means"], ["association"]), (["Aims of the associ-"], [VALUE_FULL, "and sleeps"])]
    one = sheets.table(1, rows, bottom=foot, closed_bottom=False)
    two = sheets.table(2, [header, (["ation"], value)], closed_top=True)
    found = texts_of(stitch_document([sheets.layout(1, one), sheets.layout(2, two)]))
    assert (found[-1][0], found[-1][2]) == ("Aims of the association", (1, 2))


@pytest.mark.parametrize("evidence", [{}, {"grid": True}, {"label_fill": True}])
def test_a_line_of_soft_hyphens_only_is_no_word(evidence: dict[str, bool]) -> None:
    drawing = Drawing()
    draw_table(drawing, 100, **evidence)
    for x0 in (DRAWN_LEFT + 4, DRAWN_BOUNDARY + 4):
        (glyph,) = drawing.write("\u00ad", x0, 124)
        drawing.glyphs[glyph] = drawing.glyphs[glyph]._replace(x1=x0)
    found = texts_of(stitch_document(segment_pages(make_source(drawing))))
    assert " ".join(label for label, _, _ in found) == "Name Place and country Period People"


# --- blocks, reports -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("full", "paragraphs"), [(12, 1), (2, 2)])
def test_a_cell_padded_more_on_the_right_ends_where_many_full_lines_do(full: int, paragraphs: int) -> None:
    sheets = Sheets()
    lines = [*["rivers and forests of old country"] * full, "rivers and forests of old town", "Abcd efgh."]
    document = stitch_document([sheets.layout(1, sheets.table(1, [(["Aims"], lines), (["Other"], ["words"])]))])
    assert len(rows_of(document)[0].value.paragraphs) == paragraphs


@pytest.mark.parametrize(("hang", "justified"), [(0.0, True), (2.0, True), (8.0, False)])
def test_a_justified_column_ends_where_its_lines_do_though_signs_hang_over_its_edge(
    hang: float, justified: bool
) -> None:
    sheets = Sheets()
    table = sheets.table(1, [(["Aims"], [VALUE_FULL] * 9)])
    (row,) = table.rows
    lines = list(row.value.lines)
    box = lines[3].box
    lines[3] = replace(lines[3], box=replace(box, x1=box.x1 + hang))
    row = replace(row, value=replace(row.value, lines=tuple(lines)))
    document = stitch_document([sheets.layout(1, table.model_copy(update={"rows": (row,)}))])
    (fragment,) = rows_of(document)[0].fragments
    assert fragment.value_column.justified is justified
    assert fragment.value_column.right == (box.x1 if justified else box.x1 + hang)


def test_lines_near_each_other_are_one_block_and_others_are_not() -> None:
    sheets = Sheets()
    free = [
        sheets.line("A heading of", 1, LEFT, 40, size=16),
        sheets.line("two lines", 1, LEFT, 58, size=16),
        sheets.line("Plain text below.", 1, LEFT, 80),
        sheets.line("Bold text below.", 1, LEFT, 92, bold=True),
        sheets.line("Far below.", 1, LEFT, 200, bold=True),
    ]
    document = stitch_document([sheets.layout(1, free=free)])
    assert [len(item.lines) for item in document.content if isinstance(item, TextBlock)] == [2, 1, 1, 1]


def test_running_lines_are_furniture_as_printed() -> None:
    sheets = Sheets()
    margin = [sheets.line("Annual report", 1, LEFT, 20), sheets.line("– 7 –", 1, LEFT, 780)]
    document = stitch_document([sheets.layout(1, margin=margin)])
    assert [block.text for block in document.furniture] == ["Annual report", "– 7 –"]
    assert document.content == ()


def test_weak_evidence_is_reported_with_its_page_and_place() -> None:
    sheets = Sheets()
    table = sheets.table(3, [(["Aims"], ["It is done."])], evidence="gutter")
    (issue,) = stitch_document([sheets.layout(3, table)]).issues
    assert (issue.code, issue.page, issue.box, issue.score) == ("weak_table_evidence", 3, table.box, 0.6)
    assert stitch_document([sheets.layout(3, sheets.table(3, [(["Aims"], ["Done."])]))]).issues == ()


@pytest.mark.parametrize(
    ("reason", "columns", "words"),
    [
        ("other_table", 4, "a table of 4 columns"),
        ("concealed", None, "cannot be seen"),
        ("rotated", None, "across the reading direction"),
    ],
)
def test_what_is_left_out_is_residue_and_reported(reason: str, columns: int | None, words: str) -> None:
    sheets = Sheets()
    line = sheets.line("left out", 2, LEFT, 300)
    left = LeftOut.model_validate({"reason": reason, "lines": (line,), "columns": columns})
    document = stitch_document([sheets.layout(2, left_out=[left])])
    assert [(residue.reason, residue.text, residue.box) for residue in document.residue] == [
        (reason, "left out", line.box)
    ]
    (issue,) = document.issues
    assert (issue.code, issue.page, issue.text) == (f"left_out_{reason}", 2, "left out")
    assert words in issue.message


def test_no_pages_give_an_empty_document() -> None:
    document = stitch_document([])
    assert (document.content, document.furniture, document.residue, document.counts) == ((), (), (), ())


def break_pages(count: int) -> list[PageLayout]:
    """Lay out pages with a row each, which begins small between open edges: each break is nearly a tie."""
    sheets = Sheets()
    return [
        sheets.layout(
            page, sheets.table(page, [(["others"], [f"Number {page}."])], closed_top=False, closed_bottom=False)
        )
        for page in range(1, count + 1)
    ]


def test_a_page_break_near_a_tie_is_a_note_with_both_ways_and_the_evidence() -> None:
    (note,) = stitch_document(break_pages(2)).issues
    assert (note.code, note.page, note.text) == ("near_tie", 2, "others")
    assert note.evidence == ("break_row -2.4", "break_open +1.5", "break_small +1.3")
    assert "going on with the row before the page break, and could nearly as well be the first row" in note.message
    assert "(margin: 0.4 log-odds)" in note.message


@pytest.mark.parametrize(("label", "goes_on"), [("Period", True), ("period", False)])
def test_a_small_letter_begins_a_row_where_most_labels_begin_with_one(label: str, goes_on: bool) -> None:
    sheets = Sheets()
    rows = [[([f"{one} of it"], [f"{one} place."]), ([label], [f"{one} year."])] for one in ("each", "others")]
    tables = [sheets.table(page, own, closed_top=False, closed_bottom=False) for page, own in enumerate(rows, 1)]
    document = stitch_document([sheets.layout(page, table) for page, table in enumerate(tables, 1)])
    assert len(rows_of(document)) == (3 if goes_on else 4)


@pytest.mark.parametrize("more", [0, 2])
def test_of_many_near_ties_the_closest_are_listed_and_the_others_counted(more: int) -> None:
    issues = stitch_document(break_pages(MOST_TIES + 1 + more)).issues
    assert [issue.code for issue in issues] == ["near_tie"] * MOST_TIES + ["more_near_ties"] * (more > 0)
    assert not more or f"{more} more decisions" in issues[-1].message


@pytest.mark.parametrize(
    ("others", "lone"),
    [
        ([], True),
        ([("Apply by 3 June.", 300, 760)], False),  # its words, at another place, and with another number
        ([("A chapter's name", 54, 762)], False),  # other words, in its size at its place: a running head
        ([("A chapter's name", 54, 763)], True),
        ([("A chapter's name", 54, 40)], True),  # the same distance, from the other edge
        ([("12", 54, 760)], True),  # a page number has no words
    ],
)
def test_furniture_that_is_like_nothing_on_another_page_is_a_note(
    others: list[tuple[str, float, float]], *, lone: bool
) -> None:
    sheets = Sheets()
    line = sheets.line("Apply by 1 June.", 2, 54, 760, size=9)
    pages = [
        sheets.layout(1, margin=[sheets.line(text, 1, x, y, size=9) for text, x, y in others]),
        sheets.layout(2, margin=[line, sheets.line("2", 2, 200, 780, size=9)]),
    ]
    found = [issue for issue in stitch_document(pages).issues if "Apply" in (issue.text or "")]
    assert [(issue.code, issue.severity, issue.page, issue.box) for issue in found] == (
        [("furniture_once", "note", 2, line.box)] if lone else []
    )


def test_a_running_head_that_names_a_heading_or_is_set_larger_is_told_apart() -> None:
    """What a heading says is not lost; another size at one place shows nothing."""
    sheets = Sheets()
    head = sheets.line("Chapter One", 2, 54, 30, size=9)
    upper = sheets.layout(1, free=[sheets.line("Chapter One", 1, 54, 100, size=16)])
    assert not stitch_document([upper, sheets.layout(2, margin=[head])]).issues
    large = sheets.layout(3, margin=[sheets.line("Another name", 3, 54, 30, size=14)])
    assert len(stitch_document([sheets.layout(2, margin=[head]), large]).issues) == 2
