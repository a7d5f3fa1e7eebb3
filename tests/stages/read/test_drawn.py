"""What shapes and colours are: each number of the rules by a case on either side of it."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any

import pytest

from pipeline.stages.read.drawn import Cover, flatten, is_rectangle, is_rounded, same_colour


@pytest.mark.parametrize(("other", "same"), [(0.055, True), (0.065, False)])
def test_colours_are_the_same_where_no_channel_differs_by_more_than_the_eye_sees(other: float, *, same: bool) -> None:
    assert same_colour((0.0, 0.5, 1.0), (other, 0.5 - other, 1.0)) is same


def rounded(off: float) -> list[tuple[Any, ...]]:
    """Draw a rectangle of 40 × 20 pt with round corners of 5 pt, whose upper side is off the rectangle around it."""
    corners = [((40, 15), (40, 20), (35, 20)), ((5, 20), (0, 20), (0, 15)), ((0, 5), (0, 0), (5, 0))]
    first, second, third = (("c", *corner) for corner in corners)
    upper = ("l", (20, 20 - off)), ("l", (5, 20 - off))
    return [("m", (40, 5)), ("l", (40, 15)), first, *upper, second, ("l", (0, 5)), third, ("l", (35, 0)),
            ("c", (40, 0), (40, 5), (40, 5)), ("h",)]  # fmt: skip


@pytest.mark.parametrize(("off", "whole"), [(0.09, True), (0.11, False)])
def test_the_sides_of_a_rounded_rectangle_are_straight(off: float, *, whole: bool) -> None:
    assert is_rounded(rounded(off)) is whole


@pytest.mark.parametrize(("again", "whole"), [(1, True), (2, False)])
def test_a_rectangle_returns_to_its_first_corner_once(again: int, *, whole: bool) -> None:
    corners = [(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0)]
    assert is_rectangle(corners + corners[:again]) is whole


def test_a_circle_of_400_points_is_a_point_from_the_lines_that_stand_for_it() -> None:
    k = 200 * 0.5523
    corners = flatten([("m", (200.0, 0.0)), ("c", (200.0, k), (k, 200.0), (0.0, 200.0))])
    middles = [(a[0] + b[0], a[1] + b[1]) for a, b in itertools.pairwise(corners)]
    assert 0.7 < 200 - min(math.hypot(x, y) / 2 for x, y in middles) < 1.2


@pytest.mark.parametrize(
    ("outline", "places"),
    [
        pytest.param([(0, 0), (10, 0), (10, 10), (6, 10), (0, 4)], 5, id="a corner is cut off"),
        pytest.param([(0, 0), (10, 0), (10, 10), (6, 10), (6, 6), (0, 6)], 4, id="half of a side"),
    ],
)
def test_over_how_much_of_a_letter_something_lies(outline: Sequence[tuple[int, int]], places: int) -> None:
    """The letter is a square of 10 pt; three places across and two down are looked at."""
    cover = Cover((0, 0, 10, 10), sure=True, path=[("m", *outline)])
    assert cover.measure_share(0, 10, 10, 10) == pytest.approx(places / 6)
