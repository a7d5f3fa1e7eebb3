"""Draws the pages that a site may show: reads the PDF and the edition's report, gives pictures by page number.

Pictures are drawn by guarded worker processes (`pipeline.render.images`). What a reader of the page can't see is
painted over, so that no picture shows what the edition conceals.
"""

import io
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from pipeline.models.edition import Report
from pipeline.models.geometry import Box
from pipeline.render.images import PagePicture, draw_pages, encode
from pipeline.run.options import Options

OPEN_LICENCES: Final = re.compile(r"(CC0|CC-BY|CC-BY-SA|CC-PDDC|PDDL|ODC-By|ODbL|OGL-UK|OGL-Canada|etalab)(-\d+\.\d+)?")
"""SPDX ids that let anybody show parts of the work. Anything else, and any sentence, leaves it to a maintainer."""
COVER: Final = (150, 150, 150)
MARGIN_POINTS: Final = 1.0
"""Letters reach beyond the box that their font claims."""


def allows_pictures(rights: str | None) -> bool:
    """Return whether an edition's rights allow pictures of its pages."""
    return rights is not None and OPEN_LICENCES.fullmatch(rights.strip()) is not None


def draw_shown(path: Path, report: Report, options: Options | None = None) -> dict[int, PagePicture]:
    """Draw the pages of an edition, with concealed text painted over.

    Args:
        path: The PDF.
        report: The edition's report.
        options: As for `draw_pages`.

    Returns:
        The pictures by page; a page that can't be drawn has none.

    Raises:
        InputError: The file is missing, locked or no PDF, or is not the one that the output was made from.
        LimitError: It can't be opened within the limits.
    """
    concealed: dict[int, list[Box]] = {}
    for left in report.residue:
        if left.reason == "concealed":
            concealed.setdefault(left.box.page, []).append(left.box)
    pictures = draw_pages(path, report.edition.sha256, options)
    return {
        picture.number: cover(picture, concealed.get(picture.number, ()))
        for picture in pictures
        if picture.failure is None
    }


def cover(picture: PagePicture, boxes: Iterable[Box]) -> PagePicture:
    """Paint boxes of a picture over."""
    from PIL import Image, ImageDraw

    boxes = list(boxes)
    if not boxes:
        return picture
    image = Image.open(io.BytesIO(picture.webp)).convert("RGB")
    scale = image.width / picture.width
    draw = ImageDraw.Draw(image)
    for box in boxes:
        edges = (box.x0 - MARGIN_POINTS, box.top - MARGIN_POINTS, box.x1 + MARGIN_POINTS, box.bottom + MARGIN_POINTS)
        draw.rectangle([edge * scale for edge in edges], fill=COVER)
    return picture.model_copy(update={"webp": encode(image, "WEBP", lossless=True, method=4)})
