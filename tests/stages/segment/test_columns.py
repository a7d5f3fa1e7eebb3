"""What labels have in common, and where columns that lines show begin."""

import pytest

from pipeline.stages.segment.agreement import believe_tags
from pipeline.stages.segment.columns import ColumnCandidate, find_candidates
from pipeline.stages.segment.furniture import take_out_furniture
from pipeline.stages.segment.labels import Labels
from pipeline.stages.segment.page_analysis import Piece, analyse_page
from pipeline.stages.segment.scale import measure_scale
from pipeline.stages.segment.tokens import find_tokens
from tests.stages.segment.building import BOLD, LEADING, PLAIN, Drawing


def draw_labels(*labels: tuple[str, float], fonts: tuple[int, ...] = ()) -> Labels:
    """Draw labels, each a text and its left edge; in plain type where no fonts are given."""
    drawing = Drawing()
    for number, (text, x0) in enumerate(labels):
        drawing.write(text, x0, 100 + LEADING * number, font=fonts[number] if fonts else PLAIN)
    own: list[list[Piece]] = [pieces for pieces in analyse_page(drawing.finish()).pieces if pieces]
    return Labels(own)


def test_no_labels_have_no_edge() -> None:
    labels = draw_labels()
    assert (labels.count, labels.left, labels.size, labels.bold) == (0, None, 0.0, False)
    assert not labels.is_aligned(50, 80)
    assert ColumnCandidate(start=180.0).left == 180.0


@pytest.mark.parametrize(
    ("x0", "x1", "aligned"),
    [
        (50, 200, True),  # begins with them
        (51, 200, True),  # nearly so
        (52, 200, False),
        (20, 70, False),  # one alone ends there
    ],
)
def test_a_line_is_aligned_where_two_labels_are(x0: float, x1: float, aligned: bool) -> None:
    labels = draw_labels(("Aims", 50), ("Means of it", 50), ("Place here", 90))
    assert labels.is_aligned(x0, x1) is aligned


def test_labels_set_to_the_right_are_aligned_by_their_ends() -> None:
    labels = draw_labels(("Aims", 80), ("Means", 75), ("Places", 70))
    assert labels.is_aligned(10, 100)
    assert not labels.is_aligned(10, 98)


@pytest.mark.parametrize(("others", "left"), [(11, 40), (12, 50)])
def test_one_label_far_to_the_left_is_their_edge_among_few_only(others: int, left: int) -> None:
    # One of 12 is more than a share of 0.08, one of 13 is less.
    assert draw_labels(("Out", 40), *[("Aims of it"[: 4 + n % 5], 50.0) for n in range(others)]).left == left


@pytest.mark.parametrize(("fonts", "bold"), [((BOLD, BOLD, PLAIN), True), ((BOLD, PLAIN), False)])
def test_most_labels_are_bold(fonts: tuple[int, ...], bold: bool) -> None:
    assert draw_labels(*[("Aims", 50.0)] * len(fonts), fonts=fonts).bold is bold


def find(drawing: Drawing) -> list[ColumnCandidate]:
    analyses = [analyse_page(drawing.finish())]
    scale = measure_scale(analyses)
    return find_candidates(
        find_tokens(take_out_furniture(believe_tags(analyses, scale.leading)[0], scale), scale), scale
    )


def test_columns_are_measured_from_all_lines_that_show_them() -> None:
    drawing = Drawing()
    for number, label in enumerate(("Aims", "Means", "Place", "Team")):
        drawing.write(label, 50, 200 + 3 * LEADING * number, font=BOLD)
        drawing.write("Workshop" if number else "Garden", 180, 200 + 3 * LEADING * number)
    (own,) = find(drawing)
    assert (own.start, own.boundary, own.labels.count, own.between) == (180.0, None, 4, 0)
    assert own.labels.texts == {"Aims", "Means", "Place", "Team"}
    assert own.labels.bold
    assert own.apart  # bold labels, plain values
    assert list(own.gaps) == [3 * LEADING] * 3


def test_drawn_columns_begin_where_most_values_of_one_block_do() -> None:
    drawing = Drawing()
    for y in (90, 130, 170):
        drawing.rule(50, y, 400, y)
    for x in (50, 150, 400):
        drawing.rule(x, 90, x, 170)
    for number, label in enumerate(("Aims", "Means")):
        drawing.write(label, 55, 105 + 40 * number)
        drawing.write_cell(160, 105 + 40 * number, "Workshop", "for all")
    (own,) = find(drawing)
    assert (own.start, own.ruled, own.parted, own.labels.count) == (160.0, True, True, 2)
    assert own.boundary == pytest.approx(150, abs=1)
