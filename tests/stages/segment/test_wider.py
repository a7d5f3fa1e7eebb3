"""Tables of more columns than two: their columns are told by the text alone."""

from __future__ import annotations

import pytest

from pipeline.stages.segment.wider import _are_stretched_labels

GAPS = ((100.0, 110.0), (200.0, 230.0))


@pytest.mark.parametrize(
    "rows",
    [
        [[(50.0, 100.0), (110.0, 200.0), (230.0, 300.0)], [(230.0, 300.0)]],
        [[(230.0, 300.0)], [(240.0, 310.0)]],
    ],
)
def test_row_with_text_in_the_last_column_only_has_no_labels(rows: list[list[tuple[float, float]]]) -> None:
    assert not _are_stretched_labels(GAPS, rows, lambda: ())
