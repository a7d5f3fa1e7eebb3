"""Rules and fills → edges: dashes, thick rules, white areas, the page's background."""

from __future__ import annotations

from pipeline.models.page import Fill
from pipeline.stages.segment.edges import Edge, find_visible_edges, merge_edges, run_along
from pipeline.stages.segment.page_analysis import PageBody, analyse_page
from pipeline.stages.segment.region import LabelledRegion, RegionColumn
from tests.stages.segment.building import Drawing


def test_dashes_are_one_edge() -> None:
    drawing = Drawing()
    for x in range(50, 450, 8):
        drawing.rule(x, 100, x + 4, 100)
    (edge,) = find_visible_edges(drawing.finish()).horizontal
    assert (edge.at, edge.start, edge.end, edge.kind) == (100, 50, 446, "rule")


def test_a_gap_wider_than_a_dashs_parts_edges() -> None:
    assert len(merge_edges([Edge(100, 50, 100, "rule"), Edge(100, 110, 160, "rule")])) == 2
    assert len(merge_edges([Edge(100, 50, 100, "rule"), Edge(100, 106, 160, "rule")])) == 1


def test_long_rules_end_where_two_tables_meet() -> None:
    upper, lower = Edge(100, 50, 250, "rule"), Edge(100, 256, 500, "rule")
    assert len(merge_edges([upper, lower])) == 2
    # A rule drawn in two pieces that touch is one, and so is a long rule with a dash behind it.
    assert len(merge_edges([upper, Edge(100, 251, 500, "rule")])) == 1
    assert len(merge_edges([upper, Edge(100, 256, 262, "rule"), Edge(100, 268, 500, "rule")])) == 1
    # Coloured cells of one table may leave gaps.
    assert len(merge_edges([upper._replace(kind="fill"), lower._replace(kind="fill")])) == 1


def test_both_sides_of_a_thick_rule_are_one_edge() -> None:
    (edge,) = merge_edges([Edge(100, 50, 450, "fill"), Edge(101.5, 50, 450, "fill")])
    assert edge.at == 100.75


def test_a_rule_on_a_fills_side_counts_as_a_rule_and_says_where() -> None:
    (edge,) = merge_edges([Edge(100, 50, 450, "fill"), Edge(101, 50, 450, "rule")])
    assert (edge.kind, edge.at) == ("rule", 101)


def test_short_marks_are_no_edges() -> None:
    assert merge_edges([Edge(100, 50, 54, "rule")]) == ()


def test_a_fill_has_four_edges() -> None:
    drawing = Drawing()
    drawing.fill(50, 100, 150, 200)
    edges = find_visible_edges(drawing.finish())
    assert [(edge.at, edge.start, edge.end) for edge in edges.vertical] == [(50, 100, 200), (150, 100, 200)]
    assert [(edge.at, edge.start, edge.end) for edge in edges.horizontal] == [(100, 50, 150), (200, 50, 150)]


def test_a_white_area_shows_no_edge() -> None:
    drawing = Drawing()
    drawing.fills.append(Fill(50, 100, 150, 200, (1, 1, 1)))
    edges = find_visible_edges(drawing.finish())
    assert edges == ((), (), ())


def test_edges_run_along_a_stretch_by_what_they_cover_together_overlaps_once() -> None:
    edges = [Edge(1, 0, 40, "rule"), Edge(1, 20, 70, "rule"), Edge(1, 90, 200, "rule")]
    assert run_along(edges, 0, 100)
    assert not run_along(edges, 0, 99)
    assert not run_along(edges, 100, 100)
    assert not run_along([], 0, 100)


def test_every_visible_side_of_areas_all_over_the_page_is_found() -> None:
    """Areas are looked up by place: each touches its neighbours, of other colours, above, below and at its sides."""
    drawing = Drawing()
    colours = ((0.2, 0.4, 0.6), (0.9, 0.8, 0.7))
    for column in range(5):
        for row in range(8):
            x, y = 20 + 110 * column, 30 + 95 * row
            drawing.fills.append(Fill(x, y, x + 110, y + 95, colours[(column + row) % 2]))
    edges = find_visible_edges(drawing.finish())
    assert [(edge.at, edge.start, edge.end) for edge in edges.vertical] == [(20 + 110 * n, 30, 790) for n in range(6)]
    assert [(edge.at, edge.start, edge.end) for edge in edges.horizontal] == [(30 + 95 * n, 20, 570) for n in range(9)]


def test_the_dots_of_a_line_in_a_column_are_one_thing_at_its_height() -> None:
    drawing = Drawing()
    for x in range(210, 400, 3):
        drawing.fill(x, 150, x + 1, 151)
    drawing.fill(300, 160, 340, 190)
    body = PageBody.of(analyse_page(drawing.finish()), furniture=set())
    left, right = RegionColumn(50, 200, (), ()), RegionColumn(200, 450, (), ())
    region = LabelledRegion(
        body=body, evidence="grid", left=left, right=right, top=100, bottom=300, label=left, value=right
    )
    assert region.list_pictures() == [(150, 151), (160, 190)]
