"""Typesets a content in a layout with a renderer: `EditionContent` and `Layout` give a `TypesetEdition`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal

from tests.factory import chromium_renderer, libreoffice_renderer, typst_renderer
from tests.factory.content import EditionContent
from tests.factory.layout import Layout
from tests.factory.mutations import conceal_text, mutate
from tests.factory.rendering import (
    MOST_NUDGES,
    Rendered,
    UnreadableLayoutError,
    check_columns,
    check_leading,
    check_links,
    check_lone_labels,
    drop_annotations,
    hidden_ends,
    nudge,
    soften_content,
    tell_truth,
)
from tests.factory.truth import TypesetEdition

Renderer = Literal["typst", "chromium", "libreoffice"]
RENDER: Final[dict[Renderer, Callable[[EditionContent, Layout], Rendered]]] = {
    "typst": typst_renderer.render,
    "chromium": chromium_renderer.render,
    "libreoffice": libreoffice_renderer.render,
}
VERSION: Final[dict[Renderer, Callable[[], str]]] = {
    "typst": typst_renderer.version,
    "chromium": chromium_renderer.version,
    "libreoffice": libreoffice_renderer.version,
}


def typeset(renderer: Renderer, content: EditionContent, layout: Layout) -> TypesetEdition:
    """Typeset a content in a layout.

    Args:
        renderer: Name of the renderer.
        content: What to print.
        layout: How to print it.

    Returns:
        The PDF and the truth. A paragraph whose end no reader could see has been made longer by the content's filler
        word, in both.

    Raises:
        RendererMissingError: The renderer, or a font, is not installed.
        UnreadableLayoutError: Content and layout do not go together.
    """
    printed = soften_content(content) if layout.hyphenated else content
    if renderer == "libreoffice":
        printed = drop_annotations(printed)
    for _ in range(MOST_NUDGES):
        rendered = RENDER[renderer](printed, layout)
        unseen = hidden_ends(printed, layout, rendered)
        if not unseen:
            break
        # A longer paragraph moves all that follows it, so only the first is mended at a time over pages.
        printed = nudge(printed, unseen[:1] if layout.paragraph_gap else unseen)
    else:
        raise UnreadableLayoutError(f"paragraphs still end unseen after {MOST_NUDGES} attempts: {unseen}")
    check_columns(printed, layout, rendered)
    check_leading(printed, layout, rendered)
    check_lone_labels(printed, layout, rendered)
    check_links(printed, rendered)
    truth = tell_truth(printed, layout, rendered)
    concealed = conceal_text(printed, layout, truth.pages)
    return TypesetEdition(
        mutate(rendered.pdf_bytes, layout, concealed), truth.model_copy(update={"concealed": concealed})
    )
