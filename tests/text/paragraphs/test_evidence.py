"""The evidence of paragraphs, each by itself: it begins one, it goes on, or it shows neither."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from pipeline.models.layout import TextLine
from pipeline.models.row import Column, ParagraphStyle
from pipeline.text import paragraphs
from pipeline.text.cells import compose_cell
from pipeline.text.markers import find_marker
from pipeline.text.paragraphs import LineEnd, Placed, PlacedWord
from tests.text.paragraphs.building import COLUMN, LEADING, LEFT, compose, make_lines, setting_of

FULL = "The quick brown fox jumps over the lazy"
SHORT = "The quick brown fox"


def end_of(lines: Sequence[TextLine], *, setting: ParagraphStyle | None = None, justified: bool = False) -> LineEnd:
    """Make the end of a cell's last but one line."""
    column = Column(LEFT, LEFT + COLUMN, LEADING, justified, setting or ParagraphStyle())
    tokens = [PlacedWord(word, 0, None, glued=False) for word in lines[-2].text.split()]
    placed = [Placed(line, column, 0) for line in lines]
    return LineEnd(placed, len(lines) - 1, find_marker(lines[-1]), None, set(), tokens)


@pytest.mark.parametrize(
    ("evidence", "upper", "lower", "expected"),
    [
        (paragraphs.weigh_bullet, FULL, "• dogs", True),
        (paragraphs.weigh_bullet, FULL, "dogs", None),
        (paragraphs.weigh_bullet, FULL, "✔✔ dogs", None),
        (paragraphs.weigh_bullet, FULL, "✔ dogs", True),
        (paragraphs.weigh_broken_word, "The quick brown fox jumps over the la\u00ad", "zy dogs", False),
        (paragraphs.weigh_broken_word, FULL, "dogs", None),
        (paragraphs.weigh_url, "See https://www.example.org/documents/", "reports_2019.pdf", False),
        (paragraphs.weigh_url, "See https://www.example.org/documents", "Reports", True),
        (paragraphs.weigh_url, FULL, "dogs", None),
        (paragraphs.weigh_url_list, "The report:", "https://www.example.org", True),
        (paragraphs.weigh_url_list, FULL, "https://www.example.org", None),
        (paragraphs.weigh_list, "There are three of them:", "1. dogs", True),
        (paragraphs.weigh_list, FULL, "1. dogs", None),
        (paragraphs.weigh_dash, FULL, "- dogs", True),
        (paragraphs.weigh_dash, "There are three of them:", "– dogs", True),
        (paragraphs.weigh_dash, FULL, "– dogs", None),
        (paragraphs.weigh_room, SHORT, "Dogs", True),
        (paragraphs.weigh_room, FULL, "Dogs", False),
    ],
)
def test_what_each_evidence_says(
    evidence: Callable[[LineEnd], bool | None], upper: str, lower: str, expected: bool | None
) -> None:
    assert evidence(end_of(make_lines(upper, lower))) is expected


def test_white_space_is_evidence_on_one_page_only() -> None:
    lines = make_lines(FULL, "dogs", gaps=(0, 5))
    assert paragraphs.weigh_gap(end_of(lines)) is True
    end = end_of(lines)
    apart = [end.lines[0], end.lines[1]._replace(part=1)]
    assert paragraphs.weigh_gap(end._replace(lines=apart)) is None


def tagged(lines: Sequence[TextLine], blocks: Sequence[int]) -> list[TextLine]:
    return [replace(line, tag_block=block) for line, block in zip(lines, blocks, strict=True)]


def test_a_tagged_paragraph_begins_behind_a_full_line_where_the_tags_agree_elsewhere() -> None:
    lines = tagged(make_lines(FULL, "dogs and cats.", FULL, "Dogs and cats", SHORT), (1, 1, 2, 3, 4))
    setting = setting_of(lines)
    assert not setting.tagged  # one of four line ends disagrees
    sound = tagged(make_lines(*([FULL, "dogs."] * 6)), [n // 2 + 1 for n in range(12)])
    setting = setting_of(lines[2:4], sound)
    assert setting.tagged
    assert [part.text for part in compose(lines[2:4], setting=setting).paragraphs] == [FULL, "Dogs and cats"]
    assert len(compose(lines[2:4]).paragraphs) == 1


def test_one_tagged_paragraph_goes_on_in_close_cases_alone() -> None:
    setting = ParagraphStyle(tagged=True)
    close = tagged(make_lines("The quick brown fox jumps over the", "Dogs and cats"), (1, 1))
    assert len(compose(close).paragraphs) == 2
    assert len(compose(close, setting=setting).paragraphs) == 1
    clear = tagged(make_lines("The quick brown fox", "Dogs and cats"), (1, 1))
    assert len(compose(clear, setting=setting).paragraphs) == 2


def test_tags_say_nothing_over_a_page_break() -> None:
    upper = tagged(make_lines(FULL), (1,))
    lower = tagged(make_lines("dogs and cats", page=2), (2,))
    assert len(compose(upper, lower, setting=ParagraphStyle(tagged=True)).paragraphs) == 1


def test_no_lines_are_an_empty_cell() -> None:
    assert compose_cell([], "value").text == ""
