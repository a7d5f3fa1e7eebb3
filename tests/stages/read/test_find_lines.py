"""Which outlines are a line of letters: each number of the rule by a case on either side of it.

The outlines are 4 to 5 pt wide and 7 to 8 pt high, 1 pt apart, and curved.
"""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.models.page import Glyph
from pipeline.stages.read.outlines import Outline, find_drawn, find_lines, find_outlined, looks_written
from tests.stages.read.page_building import glyph, line


def outlines(
    number: int, *, shapes: int = 4, curved: int | None = None, x: float = 50, middle: float = 95
) -> list[Outline]:
    """Draw outlines of a number of shapes, which differ in width and height by 1 pt; some or all are curved."""
    made: list[Outline] = []
    for place in range(number):
        width, height = 4 + place % shapes % 2, 7 + place % shapes // 2
        box = x, middle - height / 2, x + width, middle + height / 2
        made.append(Outline(box, curved is None or place < curved))
        x += width + 1
    return made


def widths(*each: float) -> list[Outline]:
    """Draw outlines of one height and of some widths, each twice."""
    return [
        Outline((50 + 6 * place, 90, 50 + 6 * place + width, 97), curved=True) for place, width in enumerate(2 * each)
    ]


@pytest.mark.parametrize(
    ("drawn", "lines"),
    [
        pytest.param(outlines(4), 0, id="four letters"),
        pytest.param(outlines(5), 1, id="five letters"),
        pytest.param(outlines(8, shapes=3), 0, id="three shapes"),
        pytest.param(outlines(8, shapes=4), 1, id="four shapes"),
        pytest.param(widths(3.9, 4.15, 4.4, 4.8, 4.95), 0, id="widths within steps of 0.4"),
        pytest.param(widths(3.3, 3.7, 4.1, 4.5), 1, id="widths in steps of 0.4"),
        pytest.param(outlines(20, curved=5), 0, id="a quarter is curved"),
        pytest.param(outlines(20, curved=6), 1, id="three tenths are curved"),
        pytest.param(outlines(5) + outlines(5, x=50 + 26 + 10.5), 1, id="a gap of less than 1.5 heights"),
        pytest.param(outlines(5) + outlines(5, x=50 + 26 + 13), 2, id="a gap of more"),
        pytest.param(outlines(5) + outlines(5, x=80, middle=96.3), 1, id="off the line by a sixth of the height"),
        pytest.param(outlines(5) + outlines(5, x=80, middle=96.5), 2, id="off the line by more"),
    ],
)
def test_what_is_a_line_of_letters(drawn: Sequence[Outline], lines: int) -> None:
    assert len(list(find_lines(drawn))) == lines


@pytest.mark.parametrize(
    ("tallest", "share", "written"),
    [(19, 0.5, True), (21, 0.5, False), (5, 0.37, True), (5, 0.33, False), (5, 1.15, True), (5, 1.25, False)],
)
def test_letters_are_as_high_as_each_other_and_close_and_do_not_overlap(
    tallest: float, share: float, *, written: bool
) -> None:
    sizes = [(10.0, 5.0)] * 5 + [(10.0, tallest)]
    assert looks_written(sizes, 60 / share) is written


@pytest.mark.parametrize(
    ("number", "shapes", "size", "found"),
    [
        pytest.param(2, 2, 12, 0, id="two letters"),
        pytest.param(3, 2, 12, 1, id="three letters"),
        pytest.param(4, 1, 12, 0, id="one shape"),
        pytest.param(4, 2, 18.5, 0, id="lower than small letters"),
        pytest.param(4, 2, 16.5, 1, id="as low as small letters"),
    ],
)
def test_letters_that_are_drawn_within_a_line_of_text(number: int, shapes: int, size: float, found: int) -> None:
    """A figure of a year, say: the text goes on behind it."""
    text = [glyph("a", 40, width=9, size=size), glyph("b", 80, width=9, size=size)]
    drawn = find_drawn(outlines(number, shapes=shapes), (), (), text, (400, 600), lambda _: None)
    assert len(list(drawn)) == found


@pytest.mark.parametrize(("share", "found"), [(0.45, 1), (0.55, 0)])
def test_drawn_letters_under_their_own_text_are_no_loss(share: float, found: int) -> None:
    text = [glyph("a", 50, width=share * 54.0)]
    assert len(list(find_drawn(outlines(10), (), (), text, (400, 600), lambda _: None))) == found


def over(letters: Sequence[Glyph], *, off: float = 0, wider: float = 0) -> list[Outline]:
    """Draw an outline over each letter: aside, or wider than it."""
    return [
        Outline((each.x0 + off - wider / 2, each.top + 1, each.x1 + off + wider / 2, each.bottom - 1), curved=True)
        for each in letters
    ]


@pytest.mark.parametrize(
    ("letters", "drawn", "found"),
    [
        pytest.param(line("a"), over(line("a")), 0, id="one letter"),
        pytest.param(line("ab"), over(line("ab")), 2, id="two letters"),
        pytest.param(line("a" * 20), over(line("a" * 18)), 20, id="nine tenths are drawn"),
        pytest.param(line("a" * 20), over(line("a" * 17)), 0, id="fewer are drawn"),
        pytest.param(line("a" * 9 + " "), over(line("a" * 10)), 0, id="one of ten is beside the letters"),
        pytest.param(line("ab"), over(line("ab"), off=1.2), 2, id="off by less than a quarter of the width"),
        pytest.param(line("ab"), over(line("ab"), off=1.3), 0, id="off by more"),
        pytest.param(line("ab"), over(line("ab"), wider=2.4), 2, id="wider by less than a quarter of the size"),
        pytest.param(line("ab"), over(line("ab"), wider=2.6), 0, id="wider by more"),
    ],
)
def test_text_without_ink_whose_letters_are_drawn(
    letters: Sequence[Glyph], drawn: Sequence[Outline], found: int
) -> None:
    assert len(list(find_outlined(letters, range(len(letters)), drawn))) == found
