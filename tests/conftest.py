"""Fixtures for all tests: a small typeset booklet, and what the pipeline makes of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from pipeline.models.edition import ValidatedEdition
from pipeline.run.runner import extract
from tests.fixtures.booklets import BOOKLETS


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the results of runs that a test starts from those of other tests and of the user."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg-cache"))


@pytest.fixture(scope="session")
def short_booklet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a PDF of four short practices on four pages, without a sidecar."""
    path = tmp_path_factory.mktemp("booklet") / "short.pdf"
    path.write_bytes(BOOKLETS["short"].load_pdf())
    return path


@pytest.fixture(scope="session")
def extract_afresh() -> Callable[[Path], ValidatedEdition]:
    """Give what runs a source through the pipeline, once in all tests."""
    return cache(extract)
