"""The numbers of the validate stage's rules, each by a case on either side of it.

The rows of `make_edition`: labels begin at 50 points, values at 200; a cell is 10 points high, values may reach to 550.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.models.chapter import Chapter
from pipeline.models.edition import PageInfo
from pipeline.models.layout import Word
from pipeline.models.page import Concealed, Drawn
from pipeline.models.practice import Practice
from pipeline.stages.validate.drawn import report_concealed, report_drawn, report_overlapping
from pipeline.stages.validate.edition import build_edition
from pipeline.stages.validate.gaps import report_lost_rows, report_skipped_numbers
from tests.stages.validate.test_gaps import FIELDS, page, running, with_rows
from tests.synthetic import make_edition

INFO, NORMALISED = make_edition()
CHAPTERS = tuple(each.record.chapter for each in NORMALISED.records)


@pytest.fixture(scope="module")
def practice() -> Practice:
    return build_edition(INFO, NORMALISED).practices[0]


def with_drawn(*parts: Drawn, pages: tuple[int, ...] = (2,)) -> list[PageInfo]:
    return [page.model_copy(update={"drawn": parts}) if page.number in pages else page for page in INFO.pages]


def without_value(chapter: Chapter) -> Chapter:
    """The chapter, its first row (52 to 74 points from the top) without a value."""
    first, *others = chapter.rows
    empty = first.model_copy(update={"value": replace(first.value, paragraphs=())})
    return chapter.model_copy(update={"rows": (empty, *others)})


@pytest.mark.parametrize(("pages", "reported"), [((2, 3), 2), ((2, 3, 4), 0)])
def test_what_is_at_one_place_on_three_pages_is_a_running_ornament(pages: tuple[int, ...], reported: int) -> None:
    found = report_drawn(with_drawn(Drawn("letters", 60, 70, 120, 78), pages=pages), CHAPTERS)
    assert len(list(found)) == reported


@pytest.mark.parametrize(("lines", "reported"), [(2, 0), (3, 1)])
def test_a_page_of_three_drawn_lines_between_pages_with_rows_is_no_title_page(lines: int, reported: int) -> None:
    """The second practice, without its first page."""
    cut = CHAPTERS[1].model_copy(update={"rows": CHAPTERS[1].rows[3:]})
    drawn = [Drawn("letters", 60, top, 320, top + 8) for top in (70, 90, 110)[:lines]]
    assert len(list(report_drawn(with_drawn(*drawn, pages=(4,)), (CHAPTERS[0], cut)))) == reported


@pytest.mark.parametrize(("left", "reported"), [(202.5, 1), (203.5, 0)])
def test_drawn_lines_begin_within_three_points_of_where_values_do(left: float, reported: int) -> None:
    drawn = Drawn("letters", left, 500, 320, 508)
    assert len(list(report_drawn(with_drawn(drawn), CHAPTERS))) == reported


@pytest.mark.parametrize(("reach", "reported"), [(2.5, 0), (3.5, 1)])
def test_what_reaches_less_than_three_points_into_a_cell_is_not_in_it(reach: float, reported: int) -> None:
    part = Concealed("covered", 150, 55, 190 + reach, 74, 7)
    pages = [page.model_copy(update={"concealed": (part,)}) if page.number == 2 else page for page in INFO.pages]
    chapter = without_value(CHAPTERS[0])
    # The label's cell holds a label that is seen; only the empty value can be lost.
    rows = [
        row.model_copy(
            update={
                "fragments": tuple(
                    replace(part, label_box=replace(part.label_box, x0=10, x1=20)) for part in row.fragments
                )
            }
        )
        for row in chapter.rows
    ]
    found = list(report_concealed(pages, [chapter.model_copy(update={"rows": tuple(rows)})]))
    assert len(found) == reported


@pytest.mark.parametrize(
    ("box", "reported"),
    [
        ((440, 64, 583, 74), 1),  # 110 of 143 points: 0.77 of its width
        ((440, 64, 610, 74), 0),  # 0.65
        ((440, 61, 500, 74), 1),  # 10 of 13 points: 0.77 of its height
        ((440, 59, 500, 74), 0),  # 0.67
        ((440, 66, 500, 68.2), 1),  # 0.22 of the cell's height
        ((440, 66, 500, 67.8), 0),  # 0.18: a tick box
    ],
)
def test_a_picture_that_is_all_of_a_value(box: tuple[float, float, float, float], reported: int) -> None:
    chapters = (without_value(CHAPTERS[0]), CHAPTERS[1])
    assert len(list(report_drawn(with_drawn(Drawn("picture", *box)), chapters))) == reported


@pytest.mark.parametrize(("overlap", "reported"), [(0.2, 0), (0.3, 1)])
def test_words_overlap_from_a_quarter_of_the_font_size_on(overlap: float, reported: int) -> None:
    row, *others = CHAPTERS[0].rows
    (part,) = row.fragments
    (line,) = part.value_lines
    first = line.words[0]
    after = Word("over", first.x1 - overlap * line.size, first.x1 + 40)
    changed = replace(part, value_lines=(replace(line, words=(first, after)),))
    chapter = CHAPTERS[0].model_copy(update={"rows": (row.model_copy(update={"fragments": (changed,)}), *others)})
    assert len(list(report_overlapping([chapter]))) == reported


@pytest.mark.parametrize(("skipped", "reported"), [(20, 1), (21, 0)])
def test_more_than_twenty_page_numbers_that_are_left_out_are_another_numbering(
    practice: Practice, skipped: int, reported: int
) -> None:
    numbers = ("1", "2", str(3 + skipped), str(4 + skipped))
    spread = practice.model_copy(update={"pages": (1, 4)})
    assert len(list(report_skipped_numbers(running(*numbers), 4, [spread]))) == reported


def lost(
    rows: Practice,
    others: list[Practice],
    height: float = 842,
    chapter: Chapter | None = None,
    *,
    why: str = "the other practices have",
) -> int:
    """Count the places where a practice seems to lack rows for a reason."""
    practices = [rows, *others]
    chapters = [chapter or CHAPTERS[0].model_copy(update={"rows": ()})] * len(practices)
    pages = [page(number).model_copy(update={"height": height}) for number in range(1, 9)]
    return sum(issue.page == 1 and why in issue.message for issue in report_lost_rows(chapters, practices, pages))


@pytest.mark.parametrize(("having", "lacking", "reported"), [(4, 1, 1), (3, 1, 0)])
def test_four_fifths_of_the_other_practices_have_the_rows(
    practice: Practice, having: int, lacking: int, reported: int
) -> None:
    rows = {"locations": 1, "implementers": 1, "organised_by": 2}
    whole = with_rows(practice, dict(zip(FIELDS, (4, 4, 5, 5, 5, 6), strict=True)), (4, 6))
    short = with_rows(practice, {"locations": 4, "implementers": 4, "organised_by": 4}, (4, 4))
    assert lost(with_rows(practice, rows), [whole] * having + [short] * lacking) == reported


@pytest.mark.parametrize(("share", "reported"), [(0.65, 1), (0.55, 0)])
def test_a_practice_whose_last_page_may_be_lost_ends_in_its_pages_lower_part(
    practice: Practice, share: float, reported: int
) -> None:
    """Two rows end at 550 points."""
    rows = with_rows(practice, {"locations": 1, "implementers": 1})
    whole = with_rows(practice, dict(zip(FIELDS, (4, 4, 5, 5, 5, 6), strict=True)), (4, 6))
    assert lost(rows, [whole] * 4, height=550 / share) == reported


@pytest.mark.parametrize(("share", "reported"), [(0.95, 1), (0.85, 0)])
def test_a_line_that_goes_on_takes_nine_tenths_of_its_cell(practice: Practice, share: float, reported: int) -> None:
    """The value column runs from 200 to 550 points; the row's last line ends with a comma."""
    row = CHAPTERS[0].rows[0]
    (part,) = row.fragments
    (line,) = part.value_lines
    last = replace(line, text="one thing,", box=replace(line.box, page=1, x1=200 + 350 * share))
    box = replace(part.value_box, page=1)
    changed = replace(part, value_lines=(line, last), value_box=box, label_box=replace(part.label_box, page=1))
    chapter = CHAPTERS[0].model_copy(update={"rows": (row.model_copy(update={"fragments": (changed,)}),)})
    rows = with_rows(practice, {"locations": 1, "implementers": 2}, (1, 2))
    assert lost(rows, [], chapter=chapter, why="breaks off amid a sentence") == reported
