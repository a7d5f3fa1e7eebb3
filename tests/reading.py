"""Reads a file in the process of the tests."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from pipeline.models.page import Page, Source
from pipeline.stages.read.page import open_pdf, read_bytes, read_page


def read_source(path: Path, *, password: str | None = None, pages: Sequence[int] | None = None) -> Source:
    """Read a PDF.

    Args:
        path: The file.
        password: User password, where the file needs one.
        pages: 1-based numbers of the pages to read; all where None.

    Returns:
        The file's name, hash and pages.
    """
    data = read_bytes(path)
    with open_pdf(path, password) as pdf:
        read: list[Page] = []
        for number in range(1, len(pdf.pages) + 1) if pages is None else pages:
            read.append(read_page(pdf.pages[number - 1]).page)
            pdf.pages[number - 1].close()
    return Source(file=path.name, sha256=hashlib.sha256(data).hexdigest(), pages=tuple(read))
