"""What is a scan, and which concealed glyphs are one region."""

from __future__ import annotations

from typing import cast

import pytest

from pipeline.stages.read.picture import PagePicture
from pipeline.stages.read.regions import find_layer, find_regions, is_scan, share_under
from tests.stages.read.page_building import glyph, line


@pytest.mark.parametrize(
    ("share", "letters", "scanned"),
    [(0.45, 0, False), (0.55, 0, True), (0.85, 1, False), (0.95, 1, True), (1.0, 55, True), (1.0, 65, False)],
)
def test_a_scan_is_under_its_picture_and_has_few_letters_of_its_own(
    share: float, letters: int, *, scanned: bool
) -> None:
    assert is_scan([(0, 0, 400, 600 * share)], 400, 600, letters) is scanned


@pytest.mark.parametrize(("thick", "share"), [(4.9, 0.0), (5.1, 1 / 40)])
def test_the_share_under_pictures_is_counted_in_fortieths_of_each_side(thick: float, share: float) -> None:
    assert share_under([(0, 0, thick, 600)], 400, 600) == pytest.approx(share)


@pytest.mark.parametrize(("down", "regions"), [(19, 1), (21, 2)])
def test_glyphs_up_to_two_heights_apart_are_one_region(down: float, regions: int) -> None:
    glyphs = [glyph("a", 50, concealed="covered"), glyph("b", 50, down=down, concealed="covered")]
    assert len(list(find_regions(glyphs, set()))) == regions


class Blacked:
    """A picture that shows nothing left of an x."""

    def __init__(self, until: float) -> None:
        self._until = until

    def shows(self, box: tuple[float, float, float, float]) -> bool:
        return box[0] >= self._until


@pytest.mark.parametrize(("blank", "taken"), [(3, 0), (4, 4), (5, 0), (11, 20)])
def test_letters_that_a_scan_does_not_show_were_taken_out_of_it(blank: int, taken: int) -> None:
    """Of twenty: three may be beside their places, and where five are nothing says that the layer is in place."""
    glyphs = line("abcdefghijklmnopqrst")
    picture = cast("PagePicture", Blacked(glyphs[blank].x0))
    assert set(range(20)) - find_layer(glyphs, range(20), picture) == set(range(taken))
