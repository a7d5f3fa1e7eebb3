"""Makes glyphs and pages without a PDF: type of 10 pt, each letter 5 pt wide."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pipeline.models.page import Glyph, Page

SIZE, BASELINE, ADVANCE = 10.0, 100.0, 5.0


def glyph(text: str, x0: float, *, width: float = ADVANCE, down: float = 0, size: float = SIZE, **more: Any) -> Glyph:
    """Make a glyph whose base line is 100 pt from the page's top, or `down` below that."""
    baseline = BASELINE + down
    return Glyph(text, x0, baseline - 0.8 * size, x0 + width, baseline + 0.2 * size, size, 0, baseline, **more)


def line(text: str, x0: float = 50, **more: Any) -> list[Glyph]:
    """Make the glyphs of a line, one right behind the other."""
    return [glyph(sign, x0 + ADVANCE * place, **more) for place, sign in enumerate(text)]


def page(glyphs: Iterable[Glyph] = (), **entries: Any) -> Page:
    """Make a page of 400 × 600 pt."""
    usual = {"number": 1, "width": 400, "height": 600, "fonts": ("F",), "glyphs": tuple(glyphs)}
    return Page(**usual | dict.fromkeys(("rules", "fills", "links", "pictures"), ()) | entries)
