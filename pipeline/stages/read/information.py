"""What a file says of itself: the title of its document information dictionary (ISO 32000-1, 14.3.3)."""

import contextlib
from pathlib import Path


def read_title(path: Path, password: str | None = None) -> str:
    """Return the title that a file declares, on one line; empty where it has none or can't be opened: a worker's task.

    Args:
        path: The PDF.
        password: User password, where the file needs one.
    """
    import pypdfium2

    unreadable = contextlib.suppress(pypdfium2.PdfiumError, OSError, ValueError)
    with unreadable, pypdfium2.PdfDocument(path, password=password) as document:
        return " ".join(document.get_metadata_value("Title").split())
    return ""
