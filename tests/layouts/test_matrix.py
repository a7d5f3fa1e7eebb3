"""Golden layer: every stored layout, of the matrix or one that once failed, gives the rows that were typeset."""

from __future__ import annotations

import pytest

from tests.factory.matrix import CASES, Case
from tests.factory.store import Fixture
from tests.layouts.judging import differences, stitch_edition
from tests.layouts.regressions import REGRESSIONS


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_layout_gives_the_rows_that_were_typeset(case: Case) -> None:
    edition = case.fixture.load()
    assert differences(stitch_edition(edition), edition.truth) == []


@pytest.mark.parametrize("fixture", REGRESSIONS.values(), ids=REGRESSIONS)
def test_layouts_that_once_failed(fixture: Fixture) -> None:
    edition = fixture.load()
    assert differences(stitch_edition(edition), edition.truth) == []
