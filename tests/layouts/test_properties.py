"""Property tests: drawn contents in drawn layouts.

Whatever is drawn, no glyph is lost or stands in two places, and every edition gives exactly the rows that were typeset.
What no reader of the pages could tell is refused when it is typeset, by the rules of `tests/factory/rendering.py`, and
is not counted.

`PIPELINE_DRAWN_LAYOUTS` sets how many are drawn (`make check` 40, `make layouts` 300). Failed ones are kept in
`.pytest_cache/failed-layouts`; one that has been fixed moves to `regressions/` under a name that says what it shows.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.internal.conjecture import providers

from tests.factory.content import EditionContent
from tests.factory.layout import Layout
from tests.factory.rendering import RendererMissingError, UnreadableLayoutError
from tests.factory.strategies import contents, layouts
from tests.factory.typesetting import Renderer, typeset
from tests.layouts.judging import differences, lost_glyphs, stitch_edition
from tests.programs import require

DRAWN = int(os.environ.get("PIPELINE_DRAWN_LAYOUTS", "40"))
MOST_REFUSED = 0.15
"""Largest share of draws that may be refused: more would hide what is not exact."""
CHANCE_REFUSED = 2
"""Refused draws beyond that share that few draws may hold by chance."""
FAILED = Path(__file__).parents[2] / ".pytest_cache" / "failed-layouts"


class Tally:
    """Counts drawn editions, and keeps those that are not exact; those that no reader could read are counted apart."""

    def __init__(self, renderer: Renderer) -> None:
        self.renderer: Renderer = renderer
        self.exact = 0
        self.refused = 0
        self.failures: list[str] = []

    def judge(self, content: EditionContent, layout: Layout) -> None:
        """Typeset, run read to stitch, and compare; what no reader could read is not counted."""
        try:
            edition = typeset(self.renderer, content, layout)
        except UnreadableLayoutError:
            self.refused += 1
            return
        except RendererMissingError as error:
            require(str(error))
        document = stitch_edition(edition)
        assert lost_glyphs(document) == []
        found = differences(document, edition.truth)
        if not found:
            self.exact += 1
            return
        FAILED.mkdir(parents=True, exist_ok=True)
        path = FAILED / f"{self.renderer}-{len(self.failures) + 1}.json"
        stored = {
            "renderer": self.renderer,
            "layout": layout.model_dump(mode="json"),
            "content": content.model_dump(mode="json"),
        }
        path.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        self.failures.append("\n".join([f"kept as {path}", *found]))


@pytest.fixture
def same_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep out of the draws the constants of the modules that happen to be imported.

    Hypothesis draws a part of its numbers from these, so that the layouts would be others with each change of the code,
    and with each choice of tests to run. No setting turns it off.
    """
    monkeypatch.setattr(providers, "_get_local_constants", providers.Constants)
    monkeypatch.setattr(providers, "CONSTANTS_CACHE", type(providers.CONSTANTS_CACHE)(1024))


@pytest.mark.check
@pytest.mark.usefixtures("same_draws")
@pytest.mark.parametrize(("renderer", "number"), [("typst", DRAWN), ("chromium", max(DRAWN // 4, 1))])
def test_drawn_layouts_lose_nothing_and_are_exact(renderer: Renderer, number: int) -> None:
    tally = Tally(renderer)

    # A typeset edition takes seconds: shrinking a failure would take many minutes, and it is kept as it failed.
    @settings(
        max_examples=number,
        deadline=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(contents(), layouts(renderer))
    def judge(content: EditionContent, layout: Layout) -> None:
        tally.judge(content, layout)

    judge()
    drawn = tally.exact + len(tally.failures)
    print(f"{renderer}: {tally.exact} of {drawn} drawn editions exact, {tally.refused} refused")
    assert drawn > 0
    assert tally.refused <= CHANCE_REFUSED + MOST_REFUSED * number
    assert tally.failures == [], "\n".join(tally.failures)
