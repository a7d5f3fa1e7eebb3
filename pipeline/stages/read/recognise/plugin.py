"""OCRmyPDF plugin: keeps what the engine saw on each page, with its confidence, as `SeenPage`; used by the worker only.

OCRmyPDF calls the hooks of one page one after the other in one thread: orientation, skew, picture, recognition.
"""

from __future__ import annotations

import copy
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from ocrmypdf import OcrEngine, OrientationConfidence, hookimpl
from ocrmypdf.builtin_plugins.tesseract_ocr import TesseractOcrEngine
from ocrmypdf.hocrtransform import BoundingBox, OcrElement
from PIL import Image

from pipeline.stages.read.recognise.drawing import Drawing, find_drawing
from pipeline.stages.read.recognise.hocr import SeenLine, read_hocr
from pipeline.stages.read.recognise.remainder import LEAST_MARKS, find_remainder, sure_lines
from pipeline.stages.read.recognise.seen import FOLDER_VARIABLE, SeenPage, seen_path

if TYPE_CHECKING:
    from ocrmypdf import PageContext
    from ocrmypdf._options import OcrOptions

_ENGINE: Final[Any] = TesseractOcrEngine
"""Without types of its own."""
SPARSE_TEXT: Final = 11
"""Tesseract's page segmentation mode that looks for text anywhere, in no order."""
_NOTHING: Final = Drawing((), ())


class _Notes(threading.local):
    """What is known of the page that this thread works on."""

    turn = 0
    skew = 0.0
    drawing: Drawing = _NOTHING


_notes: Final = _Notes()


class NotingEngine(TesseractOcrEngine):
    """Tesseract, whose findings are kept."""

    @staticmethod
    def get_orientation(input_file: Path, options: OcrOptions) -> OrientationConfidence:
        """Tell how a page is turned, and note it."""
        found: OrientationConfidence = _ENGINE.get_orientation(input_file, options)
        sure = found.confidence >= options.rotate_pages_threshold
        _notes.turn = found.angle % 360 if sure else 0
        return found

    @staticmethod
    def get_deskew(input_file: Path, options: OcrOptions) -> float:
        """Tell how a page leans, and note it."""
        _notes.skew = float(_ENGINE.get_deskew(input_file, options))
        return _notes.skew

    @staticmethod
    def supports_generate_ocr() -> bool:
        """Take the way that tells the page's number."""
        return True

    @staticmethod
    def generate_ocr(input_file: Path, options: OcrOptions, page_number: int = 0) -> tuple[OcrElement, str]:
        """Recognise a page, and keep what was seen. The text layer that OCRmyPDF could write is not needed."""
        target = seen_path(Path(os.environ[FOLDER_VARIABLE]), page_number)
        lines = _read(input_file, target, options)
        with Image.open(input_file) as image:
            width, height = image.size
            rest = find_remainder(np.asarray(image.convert("L")), lines, float(image.info["dpi"][0]))
            if rest.marks >= LEAST_MARKS:
                picture, sparse = target.with_suffix(".png"), copy.deepcopy(options)
                Image.fromarray(rest.pixels).save(picture, dpi=image.info["dpi"])
                sparse.tesseract.pagesegmode = SPARSE_TEXT
                found = sure_lines(_read(picture, target, sparse))
                lines += found
                if found:
                    rest = find_remainder(rest.pixels, found, float(image.info["dpi"][0]))
        seen = SeenPage(
            width=width,
            height=height,
            turn=_notes.turn,
            skew=round(_notes.skew, 3),
            lines=lines,
            marks=rest.marks,
            rules=_notes.drawing.lines,
            fills=_notes.drawing.areas,
        )
        target.write_text(seen.model_dump_json(), encoding="utf-8")
        return OcrElement(ocr_class="ocr_page", bbox=BoundingBox(0, 0, width, height)), ""


def _read(picture: Path, target: Path, options: OcrOptions) -> tuple[SeenLine, ...]:
    """Let the engine read a picture."""
    hocr = target.with_suffix(".hocr")
    _ENGINE.generate_hocr(picture, hocr, target.with_suffix(".txt"), options)
    return read_hocr(hocr.read_text(encoding="utf-8"))


@hookimpl
def get_ocr_engine(options: OcrOptions) -> OcrEngine:  # noqa: ARG001 - the hook's signature
    """Give the engine."""
    return NotingEngine()


@hookimpl
def filter_ocr_image(page: PageContext, image: Image.Image) -> Image.Image:  # noqa: ARG001 - the hook's signature
    """Find the page's lines and coloured areas, and give the engine the page without the lines."""
    pixels = np.asarray(image.convert("RGB"))
    dpi = float(image.info["dpi"][0])
    _notes.drawing, cleaned = find_drawing(pixels, dpi)
    # In grey: the engine makes it grey anyhow, and writing the picture in colours takes longer than reading it.
    without = Image.fromarray(cleaned).convert("L")
    without.info["dpi"] = image.info["dpi"]
    return without
