"""Typesets the documents under `sources/` with the program that such documents come from, for the store.

A source is typeset by its suffix: `.typ` by Typst, `.html` by Chromium, `.office.html` and `.fodt` by LibreOffice.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import Final

from tests.factory import chromium_renderer, libreoffice_renderer
from tests.factory.store import Fixture, digest
from tests.factory.typesetting import Renderer

SOURCES = Path(__file__).with_name("sources")
OFFICE_FILTERS = {".office.html": "HTML (StarWriter)", ".fodt": "OpenDocument Text Flat XML"}


def typeset_source(source: Path) -> bytes:
    """Typeset a document.

    Args:
        source: A file of `sources/`.

    Returns:
        The PDF.

    Raises:
        RendererMissingError: The program is not installed.
        AssertionError: The program gave no PDF.
    """
    if source.suffix == ".typ":
        import typst

        return bytes(typst.compile(source, timestamp=0, ignore_system_fonts=True))
    for ending, reader in OFFICE_FILTERS.items():
        if source.name.endswith(ending):
            return _print_by_office(source, reader)
    return chromium_renderer.print_html(source.read_text(encoding="utf-8"))


def renderer_of(source: Path) -> Renderer:
    """Give the program that typesets a document."""
    if source.suffix == ".typ":
        return "typst"
    return "libreoffice" if source.name.endswith(tuple(OFFICE_FILTERS)) else "chromium"


def _print_by_office(source: Path, reader: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                libreoffice_renderer.program(),
                f"-env:UserInstallation={Path(folder).as_uri()}/profile",
                "--headless",
                "--norestore",
                f"--infilter={reader}",
                "--convert-to",
                "pdf:writer_pdf_Export",
                "--outdir",
                folder,
                str(source),
            ],
            capture_output=True,
            timeout=libreoffice_renderer.PRINT_SECONDS,
            check=True,
        )
        printed = list(Path(folder).glob("*.pdf"))
        assert printed, f"LibreOffice gave no PDF of {source.name}"
        return printed[0].read_bytes()


DOCUMENTS: Final[dict[str, Fixture]] = {
    name: Fixture(
        f"documents/{name}",
        renderer_of(source),
        digest(Path(__file__).read_bytes(), source.read_bytes()),
        lambda source=source: (typeset_source(source), None),  # type: ignore[misc]
    )
    for source in sorted(SOURCES.iterdir())
    for name in [source.name.split(".")[0]]
}
"""The stored documents by name; what a person reads in them stands under `expected/`."""
