"""Fixtures of the review page's tests."""

from __future__ import annotations

import pytest

from pipeline.models.edition import ValidatedEdition
from pipeline.render.images import PagePicture
from tests.quality.review.building import make_pictures, make_validated


@pytest.fixture(scope="session")
def edition() -> ValidatedEdition:
    """Two practices on pages 2 to 5 of five pages."""
    return make_validated()


@pytest.fixture(scope="session")
def pictures(edition: ValidatedEdition) -> tuple[PagePicture, ...]:
    return make_pictures(edition.edition.pages)
