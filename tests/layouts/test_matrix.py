"""Golden layer: every layout of the factory's matrix gives exactly the rows that were typeset."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factory.matrix import CASES, Case
from tests.factory.rendering import RendererMissingError
from tests.layouts.judging import differences, stitch_edition
from tests.programs import require


@pytest.fixture(scope="session")
def editions(request: pytest.FixtureRequest) -> Path:
    """Give the folder that keeps typeset editions from one run to the next."""
    assert request.config.cache is not None
    return request.config.cache.mkdir("editions")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_layout_gives_the_rows_that_were_typeset(case: Case, editions: Path) -> None:
    try:
        edition = case.typeset(editions)
    except RendererMissingError as error:
        require(str(error))
    assert differences(stitch_edition(edition), edition.truth) == []
