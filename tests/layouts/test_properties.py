"""Property tests: any content in any layout that a reader can read gives exactly the rows that were typeset.

`PIPELINE_DRAWN_LAYOUTS` sets how many are drawn (`make layouts` draws 300). A drawn layout that failed is kept by name
in `regressions/`: its content, layout and renderer as JSON, written by `keep_failure` when a drawn layout fails.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from tests.factory.content import EditionContent
from tests.factory.layout import Layout
from tests.factory.rendering import RendererMissingError, UnreadableLayoutError
from tests.factory.strategies import contents, layouts
from tests.factory.typesetting import Renderer, typeset
from tests.layouts.judging import differences, stitch_edition
from tests.programs import require

DRAWN = int(os.environ.get("PIPELINE_DRAWN_LAYOUTS", "12"))
REGRESSIONS = Path(__file__).parent / "regressions"
FAILED = Path(__file__).parents[2] / ".pytest_cache" / "failed-layouts"


def keep_failure(renderer: Renderer, content: EditionContent, layout: Layout) -> Path:
    """Write a drawn layout that failed; move the file to `regressions/` under a name that says what is particular."""
    FAILED.mkdir(parents=True, exist_ok=True)
    path = FAILED / f"{renderer}.json"
    stored = {
        "renderer": renderer,
        "layout": layout.model_dump(mode="json"),
        "content": content.model_dump(mode="json"),
    }
    path.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def assert_rows(renderer: Renderer, content: EditionContent, layout: Layout) -> None:
    """Typeset, run read to stitch, and require the rows that were typeset."""
    try:
        edition = typeset(renderer, content, layout)
    except UnreadableLayoutError:
        assume(False)
        return
    except RendererMissingError as error:
        require(str(error))
    found = differences(stitch_edition(edition), edition.truth)
    if found:
        kept = keep_failure(renderer, content, layout)
        pytest.fail("\n".join([f"kept as {kept}", *found]))


@settings(max_examples=DRAWN, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
@given(contents(), layouts("typst"))
def test_drawn_layouts_of_typst(content: EditionContent, layout: Layout) -> None:
    assert_rows("typst", content, layout)


@settings(
    max_examples=max(DRAWN // 4, 1),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    database=None,
)
@given(contents(), layouts("chromium"))
def test_drawn_layouts_of_chromium(content: EditionContent, layout: Layout) -> None:
    assert_rows("chromium", content, layout)


@pytest.mark.parametrize("path", sorted(REGRESSIONS.glob("*.json")), ids=lambda path: path.stem)
def test_layouts_that_once_failed(path: Path) -> None:
    stored = json.loads(path.read_text(encoding="utf-8"))
    content = EditionContent.model_validate(stored["content"])
    layout = Layout.model_validate(stored["layout"])
    try:
        edition = typeset(stored["renderer"], content, layout)
    except RendererMissingError as error:
        require(str(error))
    assert differences(stitch_edition(edition), edition.truth) == []
