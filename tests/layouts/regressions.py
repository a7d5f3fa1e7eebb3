"""Layouts that once failed: contents and layouts as they were drawn, under names that say what they show."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from tests.factory.content import EditionContent
from tests.factory.layout import Layout
from tests.factory.store import Fixture, edition_fixture

FOLDER: Final = Path(__file__).with_name("regressions")


def read_regression(path: Path) -> Fixture:
    """Read a stored draw."""
    drawn = json.loads(path.read_text(encoding="utf-8"))
    content = EditionContent.model_validate(drawn["content"])
    return edition_fixture(
        f"regressions/{path.stem}", drawn["renderer"], content, Layout.model_validate(drawn["layout"])
    )


REGRESSIONS: Final = {path.stem: read_regression(path) for path in sorted(FOLDER.glob("*.json"))}
