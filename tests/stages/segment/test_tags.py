"""Structure tags as evidence: rows that white space alone does not show, and trees that disagree with their pages."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pytest

from pipeline.models.page import Source, TagElement, Tags, TagSpan
from pipeline.models.row import Document, Row
from pipeline.stages.segment.agreement import believe_tags
from pipeline.stages.segment.page_analysis import analyse_page
from pipeline.stages.segment.pages import segment_pages
from pipeline.stages.segment.trace import Trace
from pipeline.stages.stitch.document import stitch_document
from tests.factory.matrix import CASES, Case
from tests.layouts.judging import read_edition
from tests.stages.segment.building import BOLD, LEADING, Drawing

LABEL, VALUE = 55.0, 180.0
PROSE = "This page tells how the workshop of the people began, and how it went on in the"
LONG = "A value that runs over more than one line because the people"
ROWS = (
    (("Name",), ("Open workshop",)),
    (("Place and country of the", "workshop"), (LONG, "who wrote it had much to say")),
    (("Period",), ("Since the spring",)),
    (("Cost",), ("Free of charge",)),
    (("Contact",), ()),
)


@dataclass
class Tree:
    """A page's structure being written: elements by name, and the spans of glyphs."""

    drawing: Drawing
    elements: list[TagElement] = field(default_factory=list)
    spans: list[TagSpan] = field(default_factory=list)

    def add(self, role: str, parent: int = -1, *, key: int = 0, row_span: int = 1, column_span: int = 1) -> int:
        made = TagElement(role, parent, key or len(self.elements) + 1, row_span=row_span, column_span=column_span)
        self.elements.append(made)
        return len(self.elements) - 1

    def mark(self, ids: Sequence[int], element: int) -> None:
        if ids:
            self.spans.append(TagSpan(ids[0], ids[-1], element))

    def write(self, element: int, x0: float, baseline: float, *lines: str, font: int = 0) -> None:
        for number, text in enumerate(lines):
            self.mark(self.drawing.write(text, x0, baseline + LEADING * number, font=font), element)


def draw_rows(
    tree: Tree,
    top: float,
    rows: Iterable[tuple[Sequence[str], Sequence[str]]] = ROWS,
    *,
    gap: float = 0.0,
    value: float = VALUE,
) -> float:
    """Draw rows of white space alone, each a TR of two TDs; gives the base line below them."""
    table = tree.add("Table")
    for label, text in rows:
        row = tree.add("TR", table)
        for x0, lines in ((LABEL, label), (value, text)):
            tree.write(tree.add("P", tree.add("TD", row)), x0, top, *lines)
        top += LEADING * max(len(label), len(text)) + gap
    return top


def make_source(*trees: Tree, tagged: bool = True) -> Source:
    pages = [
        tree.drawing.finish().model_copy(
            update={"tags": Tags(tuple(tree.elements), tuple(tree.spans)) if tagged else None}
        )
        for tree in trees
    ]
    return Source(file="drawn.pdf", sha256="0" * 64, pages=tuple(pages))


def rows_of(document: Document) -> list[tuple[str, str]]:
    return [(row.label.one_line, row.value.text) for row in document.content if isinstance(row, Row)]


def read_rows(*trees: Tree, tagged: bool = True) -> list[tuple[str, str]]:
    return rows_of(stitch_document(segment_pages(make_source(*trees, tagged=tagged))))


def joined(rows: Iterable[tuple[Sequence[str], Sequence[str]]] = ROWS) -> list[tuple[str, str]]:
    return [(" ".join(label), " ".join(value)) for label, value in rows]


def test_rows_that_nothing_parts_are_those_of_the_tree() -> None:
    tree = Tree(Drawing())
    draw_rows(tree, 100)
    assert read_rows(tree) == joined()
    assert read_rows(tree, tagged=False) != joined()


def test_rows_that_white_space_parts_need_no_tags() -> None:
    tree = Tree(Drawing())
    draw_rows(tree, 100, ROWS[:-1], gap=LEADING)
    assert read_rows(tree) == read_rows(tree, tagged=False) == joined(ROWS[:-1])


def test_a_wide_label_column_that_reaches_its_values_is_no_running_text() -> None:
    rows = [(("A label of many words that reaches up to its value",), (value,)) for value in ("One", "Two", "Three")]
    tree = Tree(Drawing())
    draw_rows(tree, 100, rows, value=LABEL + 5 * len(rows[0][0][0]) + 2)
    for number in range(3):
        tree.write(tree.add("P"), LABEL, 300 + LEADING * number, PROSE)
    assert read_rows(tree) == joined(rows)
    assert read_rows(tree, tagged=False) != joined(rows)


def test_a_heading_at_the_rows_distance_is_no_label() -> None:
    tree = Tree(Drawing())
    tree.write(tree.add("H2"), LABEL, 100, "Base data")
    draw_rows(tree, 100 + 2 * LEADING, ROWS[:4], gap=LEADING)
    assert read_rows(tree) == joined(ROWS[:4])
    assert read_rows(tree, tagged=False) == [("Base data", ""), *joined(ROWS[:4])]


def test_a_cell_that_spans_rows_makes_one_row_of_them() -> None:
    tree = Tree(Drawing())
    below = draw_rows(tree, 100, ROWS[:2])
    table = tree.elements[-1].parent
    while tree.elements[table].role != "Table":
        table = tree.elements[table].parent
    steps = ["Draw the plan", "Build the thing", "Show it to the town"]
    for number, step in enumerate(steps):
        row = tree.add("TR", table)
        if number == 0:
            tree.write(tree.add("TD", row, row_span=3), LABEL, below, "Steps")
        tree.write(tree.add("TD", row), VALUE, below + LEADING * number, step)
    row = tree.add("TR", table)
    for x0, text in ((LABEL, "Cost"), (VALUE, "Free of charge")):
        tree.write(tree.add("TD", row), x0, below + 3 * LEADING, text)
    assert read_rows(tree) == [*joined(ROWS[:2]), ("Steps", "\n".join(steps)), ("Cost", "Free of charge")]


def test_one_cell_over_both_columns_is_a_heading() -> None:
    tree = Tree(Drawing())
    table = tree.add("Table")
    for number, (label, value) in enumerate(
        (("Name", "Open workshop"), ("Second part", ""), ("Cost", "Free of charge"))
    ):
        row, baseline = tree.add("TR", table), 100 + 2 * LEADING * number
        cell = tree.add("TD", row, column_span=1 if value else 2)
        tree.write(cell, LABEL, baseline, label, font=BOLD if not value else 0)
        if value:
            tree.write(tree.add("TD", row), VALUE, baseline, value)
    assert read_rows(tree) == [("Name", "Open workshop"), ("Cost", "Free of charge")]


def test_one_cell_around_everything_says_nothing() -> None:
    plain, around = Tree(Drawing()), Tree(Drawing())
    draw_rows(plain, 100)
    outer = around.add("TD", around.add("TR", around.add("Table")))
    draw_rows(around, 100)
    around.elements = [
        element._replace(parent=outer) if element.role == "Table" and place > outer else element
        for place, element in enumerate(around.elements)
    ]
    assert read_rows(around) == read_rows(plain) == joined()


def test_a_table_inside_a_tagged_value_takes_no_row_away() -> None:
    tree = Tree(Drawing())
    below = draw_rows(tree, 100, ROWS[:2], gap=LEADING)
    table = tree.elements[0]
    row = tree.add("TR", 0)
    assert table.role == "Table"
    tree.write(tree.add("TD", row), LABEL, below, "Numbers")
    inner = tree.add("Table", tree.add("TD", row))
    for number, cells in enumerate((("Year", "People", "Cost"), ("2016", "40", "1 000"), ("2017", "55", "1 200"))):
        own = tree.add("TR", inner)
        for place, text in enumerate(cells):
            tree.write(tree.add("TD", own), VALUE + 90 * place, below + LEADING * number, text)
    row, below = tree.add("TR", 0), below + 4 * LEADING
    for x0, text in ((LABEL, "Cost"), (VALUE, "Free of charge")):
        tree.write(tree.add("TD", row), x0, below, text)
    found = read_rows(tree)
    assert [label for label, _ in found] == ["Name", "Place and country of the workshop", "Numbers", "Cost"]
    assert found[2][1].replace("\t", " ") == "Year People Cost\n2016 40 1 000\n2017 55 1 200"


def test_rows_of_one_cell_each_say_nothing() -> None:
    tree = Tree(Drawing())
    table = tree.add("Table")
    for number, (label, value) in enumerate(ROWS[:4]):
        cell = tree.add("TD", tree.add("TR", table))
        for x0, lines in ((LABEL, label[:1]), (VALUE, value[:1])):
            tree.write(cell, x0, 100 + 2 * LEADING * number, *lines)
    document = stitch_document(segment_pages(make_source(tree)))
    assert document.tags is None
    assert rows_of(document) == read_rows(tree, tagged=False)


def layout_table(tree: Tree) -> None:
    """A table of one row whose two cells hold all rows of a page."""
    row = tree.add("TR", tree.add("Table"))
    cells = tree.add("TD", row), tree.add("TD", row)
    for number, (label, value) in enumerate(ROWS[:4]):
        for cell, x0, lines in zip(cells, (LABEL, VALUE), (label, value), strict=True):
            tree.write(cell, x0, 100 + 3 * LEADING * number, *lines)


def shifted_cells(tree: Tree) -> None:
    """Rows whose values belong to the row below."""
    table = tree.add("Table")
    rows = [tree.add("TR", table) for _ in range(5)]
    for number, (label, value) in enumerate(ROWS[:4]):
        tree.write(tree.add("TD", rows[number]), LABEL, 100 + 3 * LEADING * number, *label)
        tree.write(tree.add("TD", rows[number + 1]), VALUE, 100 + 3 * LEADING * number, *value)


def cells_by_letters(tree: Tree) -> None:
    """Cells that end inside words."""
    table = tree.add("Table")
    for number, (label, value) in enumerate(ROWS[:4]):
        row, baseline = tree.add("TR", table), 100 + 3 * LEADING * number
        for place, text in enumerate(label):
            ids = tree.drawing.write(text, LABEL, baseline + LEADING * place)
            tree.mark(ids[:2], tree.add("TD", row))
            tree.mark(ids[2:], tree.add("TD", row))
        tree.write(tree.add("TD", row), VALUE, baseline, *value)


def columns_as_rows(tree: Tree) -> None:
    """A tree that reads column by column: each pair of neighbouring labels is a row."""
    table = tree.add("Table")
    row = -1
    for x0, side in ((LABEL, 0), (VALUE, 1)):
        for number, cells in enumerate(ROWS[:4]):
            row = tree.add("TR", table) if number % 2 == 0 else row
            tree.write(tree.add("TD", row), x0, 100 + 3 * LEADING * number, *cells[side])


@pytest.mark.parametrize("draw", [layout_table, shifted_cells, cells_by_letters, columns_as_rows])
def test_a_tree_that_disagrees_with_its_page_is_not_used(draw: Callable[[Tree], None]) -> None:
    tree = Tree(Drawing())
    draw(tree)
    document = stitch_document(segment_pages(make_source(tree)))
    assert rows_of(document) == read_rows(tree, tagged=False) == joined(ROWS[:4])
    assert document.tags is None or not document.tags.believed


def test_a_disagreement_is_a_note_and_loses_no_glyph() -> None:
    tree = Tree(Drawing())
    shifted_cells(tree)
    layouts = segment_pages(make_source(tree))
    document = stitch_document(layouts)
    notes = [issue for issue in document.issues if issue.code == "tags_disagree"]
    assert [(note.severity, note.page) for note in notes] == [("note", 1)]
    assert "and are not used" in notes[0].message
    placed = [
        index
        for table in layouts[0].tables
        for row in table.rows
        for line in (*row.label.lines, *row.value.lines)
        for index in line.glyphs
    ]
    placed += [index for line in layouts[0].free_lines for index in line.glyphs]
    ink = tree.drawing.finish().glyphs.ink
    assert sorted(index for index in placed if ink[index]) == [index for index in range(len(ink)) if ink[index]]


def test_a_few_lines_that_disagree_are_reported_and_the_rest_is_evidence() -> None:
    tree = Tree(Drawing())
    rows = [(("Name",), (f"The workshop number {number}",)) for number in range(12)]
    draw_rows(tree, 100, rows)
    tree.spans[9] = tree.spans[9]._replace(element=tree.spans[1].element)  # a value of the first row's cell
    trace = Trace()
    document = stitch_document(segment_pages(make_source(tree), trace))
    assert document.tags is not None
    assert document.tags.believed
    assert document.tags.agreeing == document.tags.lines - 1 == 11
    assert [issue.code for issue in document.issues if issue.severity == "note"] == ["tags_disagree"]
    # The line is in the rows all the same, and its evidence says that the tags speak against it.
    odds = [part.odds for one in trace.decisions for part in one.evidence if part.name == "tags"]
    assert odds == [2.5] * 4 + [-2.5] + [2.5] * 7


def count_calls(rows: int) -> int:
    """Count the steps that believing a page's tags takes: rows that all span many others, in tables inside cells."""
    tree = Tree(Drawing(height=20.0 * rows))
    parent = -1
    for _ in range(30):
        parent = tree.add("TD", tree.add("TR", tree.add("Table", parent)), row_span=1000)
    table = tree.add("Table", parent)
    for number in range(rows):
        row = tree.add("TR", table)
        for x0 in (LABEL, VALUE):
            tree.write(tree.add("TD", row, row_span=1000), x0, 20.0 * number + 15, "Text")
    analyses = [analyse_page(page) for page in make_source(tree).pages]
    steps = 0

    def count(*_: object) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(count)
    try:
        believe_tags(analyses, LEADING)
    finally:
        sys.setprofile(None)
    return steps


def test_the_cost_of_tags_grows_with_their_number() -> None:
    assert count_calls(400) < 5 * count_calls(100)


def test_a_tree_whose_elements_lead_back_to_themselves_is_followed_as_far_as_it_goes() -> None:
    tree = Tree(Drawing())
    draw_rows(tree, 100, ROWS[:3], gap=LEADING)
    last = len(tree.elements) - 1
    tree.elements[0] = tree.elements[0]._replace(parent=last)
    assert read_rows(tree) == joined(ROWS[:3])


def test_a_row_of_the_tree_that_recurs_at_the_foot_of_pages_is_no_furniture() -> None:
    trees = []
    for number in (1, 2, 3):
        tree = Tree(Drawing(number=number))
        draw_rows(tree, 100, ROWS[:-1], gap=LEADING)
        draw_rows(tree, 640, [(("Contact",), ("Ask at the desk",))])
        trees.append(tree)
    assert read_rows(*trees) == [*joined(ROWS[:-1]), ("Contact", "Ask at the desk")] * 3


def test_an_artifact_at_a_page_s_edge_is_furniture() -> None:
    tree = Tree(Drawing())
    draw_rows(tree, 100)
    tree.mark(tree.drawing.write("Workshop of the town, harbour office", LABEL, 640), -1)
    document = stitch_document(segment_pages(make_source(tree)))
    assert [block.text for block in document.furniture] == ["Workshop of the town, harbour office"]
    assert rows_of(document) == joined()


def test_artifacts_amid_the_text_are_text() -> None:
    tree = Tree(Drawing())
    for number, (label, value) in enumerate(ROWS[:3]):
        draw_rows(tree, 100 + 60 * number, [(label, value)], gap=LEADING)
        tree.mark(tree.drawing.write(PROSE, LABEL, 140 + 60 * number, font=BOLD), -1)
    assert not stitch_document(segment_pages(make_source(tree))).furniture


def test_a_row_of_one_element_goes_on_over_the_page_break() -> None:
    upper, lower = Tree(Drawing(height=200.0)), Tree(Drawing(number=2, height=200.0))
    draw_rows(upper, 100, ROWS[:3], gap=LEADING)
    table = upper.add("Table", key=900)
    for tree, baseline, label, value in (
        (upper, 184.0, "Where the people", "The first sentence ends here."),
        (lower, 40.0, "Meet", "Then another one begins."),
    ):
        own = table if tree is upper else tree.add("Table", key=900)
        row = tree.add("TR", own, key=901)
        for x0, text, key in ((LABEL, label, 902), (VALUE, value, 903)):
            tree.write(tree.add("TD", row, key=key), x0, baseline, text)
    draw_rows(lower, 64, [(("Cost",), ("Free",)), (("Contact",), ("By post",))], gap=LEADING)
    found = dict(read_rows(upper, lower))
    assert found["Where the people Meet"] == "The first sentence ends here.\nThen another one begins."
    assert "Where the people" in dict(read_rows(upper, lower, tagged=False))


def test_the_evidence_is_named_where_it_decides() -> None:
    tree = Tree(Drawing())
    draw_rows(tree, 100)
    trace = Trace()
    segment_pages(make_source(tree), trace)
    assert any(part.name == "tags" and part.odds > 0 for one in trace.decisions for part in one.evidence)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.name in ("chromium_a5", "libreoffice_plain_grid", "typst_no_rules_padded")],
    ids=lambda case: case.name,
)
def test_editions_give_the_same_rows_without_their_tags(case: Case) -> None:
    source = read_edition(case.fixture.load())
    bare = source.model_copy(update={"pages": tuple(page.model_copy(update={"tags": None}) for page in source.pages)})
    one, other = (stitch_document(segment_pages(pages)) for pages in (source, bare))
    assert one.tags is not None
    assert one.tags.believed
    assert one.model_copy(update={"tags": None, "issues": ()}).content == other.content or rows_of(one) == rows_of(
        other
    )
