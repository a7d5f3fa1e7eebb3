"""Which line a link is on, and which word it is given: a letter's middle is 2.5 pt above its base line, at 97.5 pt."""

from __future__ import annotations

import pytest

from pipeline.models.page import Link
from pipeline.stages.read.links import find_bare_links, settle_links
from tests.stages.read.page_building import glyph, line, page


@pytest.mark.parametrize(
    ("top", "bottom", "held"),
    [
        (82.2, 102.2, False),  # its middle is at 92.2: more than half of the size above the letter's
        (82.8, 102.8, True),
        (92.2, 112.2, True),
        (92.8, 112.8, False),
        (96.0, 115.0, False),  # over one line, and too low for this one
        (96.0, 117.0, True),  # over more than one line
    ],
)
def test_a_link_is_on_the_line_of_its_middle_and_a_high_one_on_all_that_it_is_over(
    top: float, bottom: float, held: bool
) -> None:
    found = list(find_bare_links(page([glyph("a", 50)], links=(Link("https://a.example/", 40, top, 70, bottom),))))
    assert (found == []) is held


@pytest.mark.parametrize(("away", "gap", "covered"), [(55, 1.3, (50, 60)), (55, 1.1, (38.9, 60)), (65, 1.3, None)])
def test_a_link_without_text_is_given_the_word_that_is_near(
    away: float, gap: float, covered: tuple[float, float] | None
) -> None:
    """Up to six font sizes away; a gap of an eighth of the size parts words."""
    glyphs = [*line("in", 50 - gap - 10), *line("to", 50)]
    (link,) = settle_links(page(glyphs, links=(Link("https://a.example/", 60 + away, 92, 70 + away, 102),))).links
    assert (link.x0, link.x1) == pytest.approx(covered or (60 + away, 70 + away))
