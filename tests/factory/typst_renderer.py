"""Typesets an edition with Typst (the `typst` wheel), from `edition.typ`.

Reads an `EditionContent` and a `Layout`; gives a `Rendered`: the PDF, and the marks that Typst's own query tells.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Final

from tests.factory.content import EditionContent
from tests.factory.layout import Layout
from tests.factory.rendering import (
    FOOT_LINES,
    HEADING_POINTS,
    Mark,
    Rendered,
    RendererMissingError,
    cut_shift,
)

TEMPLATE: Final = Path(__file__).parent / "edition.typ"
LEADING_EMS: Final = 1.31
"""Distance of base lines in `edition.typ`, in font sizes (measured: 13.1 pt at 10 pt)."""
MIDDLE_EMS: Final = 0.3
"""Distance from a base line, where Typst tells a mark's place and where a line's box ends, to the line's middle."""


def version() -> str:
    """Give the renderer's name and version.

    Raises:
        RendererMissingError: Typst is not installed.
    """
    try:
        found = metadata.version("typst")
    except metadata.PackageNotFoundError as missing:
        raise RendererMissingError("Typst is not installed; run `pip install typst`") from missing
    return f"typst {found}"


@cache
def families() -> frozenset[str]:
    """Give the names of the font families that Typst finds."""
    import typst

    return frozenset(typst.Fonts().families())


def render(content: EditionContent, layout: Layout) -> Rendered:
    """Typeset a content.

    Args:
        content: What to print.
        layout: How to print it.

    Returns:
        The PDF and its marks.

    Raises:
        RendererMissingError: Typst or the layout's font is not installed.
        UnreadableLayoutError: The row to cut at does not stand on the first page.
    """
    version()
    if layout.font not in families():
        raise RendererMissingError(
            f"the font {layout.font} is not installed; install Debian's fonts-liberation and fonts-dejavu"
        )
    push_down = 0.0
    if layout.table_at_foot:
        text_height = layout.page_size[1] - 2 * layout.margin
        lines = FOOT_LINES * LEADING_EMS * layout.font_size
        push_down = text_height - HEADING_POINTS - lines - 2 * layout.padding
    if layout.cut_row is None:
        return _compile(content, layout, push_down)
    whole = _compile(content, layout, push_down)
    shift = cut_shift(
        content,
        layout,
        whole.marks,
        line=LEADING_EMS * layout.font_size,
        below=MIDDLE_EMS * layout.font_size,
    )
    return _compile(content, layout, push_down + shift)


def _compile(content: EditionContent, layout: Layout, push_down: float) -> Rendered:
    """Typeset with the first chapter pushed down by points."""
    import typst

    edition = {
        "content": content.model_dump(),
        "layout": layout.model_dump(),
        "page_width": layout.page_size[0],
        "page_height": layout.page_size[1],
        "label_width": layout.label_width,
        "row_gap": layout.row_gap,
        "column_gap": layout.column_gap,
        "push_down": push_down,
    }
    inputs = {"edition": json.dumps(edition, ensure_ascii=False)}
    pdf_bytes = typst.compile(TEMPLATE, sys_inputs=inputs, timestamp=0)
    marks = json.loads(typst.query(TEMPLATE, "<mark>", field="value", sys_inputs=inputs))
    return Rendered(
        pdf_bytes=bytes(pdf_bytes),
        marks={mark["id"]: Mark(page=mark["page"], y=mark["y"] - MIDDLE_EMS * layout.font_size) for mark in marks},
    )
