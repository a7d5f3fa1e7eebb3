"""Typesets the documents under `sources/` with the program that such documents come from, and keeps what it made.

A source is typeset by its suffix: `.typ` by Typst, `.html` by Chromium, `.office.html` and `.fodt` by LibreOffice.
"""

from __future__ import annotations

import hashlib
import subprocess
import tempfile
from importlib import metadata
from pathlib import Path

from tests.factory import chromium_renderer, libreoffice_renderer

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


def keep_typeset(source: Path, folder: Path) -> Path:
    """Typeset a document unless a folder holds its PDF already.

    Args:
        source: A file of `sources/`.
        folder: Where PDFs are kept, by a hash of the source and the program's version.

    Returns:
        The PDF's path.
    """
    version = metadata.version("typst")
    if source.suffix == ".html" and not source.name.endswith(".office.html"):
        version = chromium_renderer.version()
    elif source.suffix != ".typ":
        version = libreoffice_renderer.version()
    digest = hashlib.sha256(version.encode() + source.read_bytes()).hexdigest()[:16]
    path = folder / f"{source.name.split('.')[0]}-{digest}.pdf"
    if not path.exists():
        path.write_bytes(typeset_source(source))
    return path


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
