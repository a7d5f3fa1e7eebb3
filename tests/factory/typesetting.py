"""Typesets a content in a layout with a renderer: `TypesetEdition`, kept on disk by the hash of all that it depends on.

Reads `EditionContent` and `Layout`; writes `<cache>/<hash>.pdf` and `<cache>/<hash>.json`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
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
from tests.factory.truth import EditionTruth, TypesetEdition

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


@cache
def _source_hash() -> str:
    """Hash the factory's own code, so that a change of it makes stored editions void."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.name not in {"matrix.py", "strategies.py", "__main__.py"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def typeset(
    renderer: Renderer, content: EditionContent, layout: Layout, *, cache_folder: Path | None = None
) -> TypesetEdition:
    """Typeset a content in a layout.

    Args:
        renderer: Name of the renderer.
        content: What to print.
        layout: How to print it.
        cache_folder: Folder of stored editions; None to typeset anew.

    Returns:
        The PDF and the truth. A paragraph whose end no reader could see has been made longer by the content's filler
        word, in both.

    Raises:
        RendererMissingError: The renderer, or a font, is not installed.
        UnreadableLayoutError: Content and layout do not go together.
    """
    version = VERSION[renderer]()
    depends_on = (_source_hash(), version, layout.model_dump_json(), content.model_dump_json())
    key = hashlib.sha256("\0".join(depends_on).encode()).hexdigest()[:32]
    if cache_folder is not None:
        pdf, truth = cache_folder / f"{key}.pdf", cache_folder / f"{key}.json"
        if pdf.exists() and truth.exists():
            return TypesetEdition(pdf.read_bytes(), EditionTruth.model_validate_json(truth.read_bytes()))
    edition = _typeset(renderer, content, layout)
    if cache_folder is not None:
        cache_folder.mkdir(parents=True, exist_ok=True)
        for path, data in ((pdf, edition.pdf_bytes), (truth, edition.truth.to_json().encode())):
            part = path.with_name(f"{path.name}.{os.getpid()}")
            part.write_bytes(data)
            part.replace(path)
    return edition


def _typeset(renderer: Renderer, content: EditionContent, layout: Layout) -> TypesetEdition:
    """Typeset anew."""
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
