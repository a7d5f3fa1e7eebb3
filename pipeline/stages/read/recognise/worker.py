"""Recognises the pages of `scans.pdf` in a folder: `python -m pipeline.stages.read.recognise.worker FOLDER`.

Reads the folder's `request.json`; writes a `SeenPage` per page. OCRmyPDF straightens and turns the pages and calls the
engine; the PDF that it could write is not needed. A process of its own can be stopped, and keeps OCRmyPDF's settings,
log and plugins out of the pipeline's. What failed is said in one line on standard error; exit code 1.
"""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path
from typing import Final

from pipeline.stages.read.recognise.seen import FOLDER_VARIABLE, Request

LEAST_DPI: Final = 300
"""Resolution to which coarser pictures are enlarged: the engine is trained on letters of this size."""


def main(folder: Path) -> int:
    """Recognise the pages of a folder's file.

    Args:
        folder: Holds `request.json` and `scans.pdf`.

    Returns:
        0, or 1 where OCRmyPDF refused.
    """
    import ocrmypdf
    from ocrmypdf.exceptions import ExitCodeException
    from PIL import Image

    request = Request.model_validate_json((folder / "request.json").read_text(encoding="utf-8"))
    os.environ[FOLDER_VARIABLE] = str(folder)
    # Pages are recognised side by side; an engine with several threads for one page takes six times the work.
    os.environ["OMP_THREAD_LIMIT"] = "1"
    logging.disable(logging.CRITICAL)
    try:
        ocrmypdf.ocr(
            folder / "scans.pdf",
            "-",
            output_type="none",
            plugins=["pipeline.stages.read.recognise.plugin"],
            language=list(request.packs),
            mode="force",
            deskew=True,
            rotate_pages=True,
            oversample=LEAST_DPI,
            optimize=0,
            use_threads=True,
            progress_bar=False,
            tesseract_timeout=request.seconds,
            tesseract_non_ocr_timeout=request.seconds,
        )
    except (ExitCodeException, Image.DecompressionBombError, OSError, ValueError) as error:
        print(" ".join(str(error).split()) or type(error).__name__, file=sys.stderr)  # noqa: T201 - for the caller
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
