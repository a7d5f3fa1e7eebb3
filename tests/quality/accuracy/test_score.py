"""Counts: a percentage is rounded, and only what is whole is 100 %, and only nothing is 0 %."""

from __future__ import annotations

import pytest

from pipeline.quality.accuracy.score import Ratio


@pytest.mark.parametrize(
    ("good", "of", "percent"),
    [
        (2, 3, "66.7"),
        (1, 3, "33.3"),
        (1, 8, "12.5"),
        (1, 16, "6.3"),
        (4438, 4440, "99.9"),
        (4439, 4440, "99.9"),
        (4440, 4440, "100.0"),
        (1, 4440, "0.1"),
        (0, 4440, "0.0"),
        (0, 0, ""),
    ],
)
def test_percentages_are_rounded_to_a_tenth(good: int, of: int, percent: str) -> None:
    assert Ratio(good=good, of=of).percent == percent


def test_counts_are_next_to_every_percentage() -> None:
    assert Ratio(good=2, of=3).describe() == "2 of 3 (66.7 %)"
    assert Ratio(good=0, of=0).describe() == "0 of 0"
