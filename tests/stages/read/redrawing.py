"""Draws parts of a PDF's pages anew: as outlines, as a picture, or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pymupdf

Way = Literal["outlines", "picture", "nothing"]
RESOLUTION = 200


def redraw(path: Path, number: int, boxes: Sequence[Sequence[float]], way: Way) -> None:
    """Take the text out of boxes of a page, and draw it in another way.

    Args:
        path: The file; it is written over.
        number: The page's 1-based number.
        boxes: Left, top, right and bottom of each, points.
        way: How.
    """
    with pymupdf.open(stream=path.read_bytes(), filetype="pdf") as file:
        page = file[number - 1]
        areas = [pymupdf.Rect(box) for box in boxes]
        pictures = [page.get_pixmap(clip=area, dpi=RESOLUTION) for area in areas]
        outlined = pymupdf.open(stream=page.get_svg_image(text_as_path=True).encode(), filetype="svg")
        drawing = pymupdf.open(stream=outlined.convert_to_pdf(), filetype="pdf")
        for area in areas:
            page.add_redact_annot(area, fill=False)
        page.apply_redactions(graphics=pymupdf.PDF_REDACT_LINE_ART_NONE)
        for area, picture in zip(areas, pictures, strict=True):
            if way == "picture":
                page.insert_image(area, pixmap=picture)
            elif way == "outlines":
                page.show_pdf_page(area, drawing, 0, clip=area)
        data = file.tobytes()
    path.write_bytes(data)
