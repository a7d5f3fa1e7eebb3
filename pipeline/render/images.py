"""Draws the pages of a source file for the review page; reads a PDF, gives `PagePicture`s.

The pictures stand in the coordinate system of the output's boxes: what the read stage does to a page (crop box,
`/Rotate`, the turn that sets its text upright) is done to its picture.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.errors import InputError
from pipeline.models.geometry import Frozen

if TYPE_CHECKING:
    from PIL.Image import Image
    from pypdfium2 import PdfDocument, PdfPage

POINTS_PER_INCH: Final = 72
RESOLUTIONS: Final = (144, 120, 96, 72, 48)
"""Pixels per inch, the best first; the next one is tried where the pictures together are too large."""
BUDGET_BYTES: Final = 10_000_000
"""What all pictures together may hold: a third more in the page, which writes them in base64, and under 15 MB there."""
MAX_SIDE_PIXELS: Final = 2400
"""The longest side of a picture: a page may claim to be as large as a football pitch."""
COLOURS: Final = 32
"""Colours of the palette: text, its smoothed edges, rules and some fills."""
PHOTO_QUALITY: Final = 60
"""Quality (0 to 100) of a page that a palette would make larger: it holds photographs."""
TEXT_BYTES_PER_PIXEL: Final = 0.06
"""A full page of text takes half of that by palette; nothing is gained by trying photographs' way on it."""
UPRIGHT_RADIANS: Final = 0.01


class PagePicture(Frozen):
    """One page as it looks.

    Attributes:
        number: 1-based page number.
        width: Width in points, as the boxes count.
        height: Height in points.
        pixels: Width and height of the picture; (0, 0) where there is none.
        webp: The picture (WebP); empty where the page can't be drawn.
        failure: Why the page can't be drawn; None where it can.
    """

    number: int
    width: float
    height: float
    pixels: tuple[int, int]
    webp: bytes
    failure: str | None = None


def draw_pages(
    path: Path,
    sha256: str,
    *,
    password: str | None = None,
    budget: int = BUDGET_BYTES,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[PagePicture, ...]:
    """Draw all pages of a source file.

    Args:
        path: The PDF.
        sha256: Hash of the file that the output was made from.
        password: User password, where the file needs one.
        budget: What all pictures together may hold, in bytes; the resolution is lowered until they do. At the lowest
            they may hold more.
        progress: Called with (pages drawn, pages in all) after each page.

    Returns:
        The pages in order. A page that can't be drawn says so.

    Raises:
        InputError: The file is missing, locked or no PDF, or is not the one that the output was made from.
    """
    from pipeline.stages.read.page import read_bytes

    data = read_bytes(path)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise InputError(
            "the file has changed since it was run, so that its boxes may stand elsewhere; run it again: pipeline run",
            edition=path.name,
        )
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        raise InputError(
            "its pages can't be drawn: the file is damaged, or it is locked and the password is missing or wrong; give"
            " it by --password",
            edition=path.name,
        ) from error
    try:
        for resolution in RESOLUTIONS:
            last = resolution == RESOLUTIONS[-1]
            drawn: list[PagePicture] = []
            for index in range(len(document)):
                drawn.append(_draw_page(document, index, resolution, path, password))
                if progress is not None:
                    progress(len(drawn), len(document))
                if not last and sum(len(picture.webp) for picture in drawn) > budget:
                    break
            else:
                return tuple(drawn)
    finally:
        document.close()
    raise AssertionError("the lowest resolution is always taken")


def _draw_page(document: PdfDocument, index: int, resolution: int, path: Path, password: str | None) -> PagePicture:
    import pypdfium2

    number = index + 1
    try:
        page = document[index]
        width, height = page.get_size()
        turned = 0 if _is_upright(page) else _read_turn(path, number, password)
        image = _render(page, resolution, turned)
    except (pypdfium2.PdfiumError, InputError, ValueError) as error:
        # ValueError: pypdfium2 refuses a bitmap of no size, which a page of no size asks for.
        return PagePicture(number=number, width=0, height=0, pixels=(0, 0), webp=b"", failure=str(error))
    if turned in (90, 270):
        width, height = height, width
    return PagePicture(number=number, width=width, height=height, pixels=image.size, webp=_encode(image))


def _render(page: PdfPage, resolution: int, turned: int) -> Image:
    """Draw a page, turned clockwise by so many degrees."""
    from PIL.Image import Transpose

    scale = min(resolution / POINTS_PER_INCH, MAX_SIDE_PIXELS / max(*page.get_size(), 1.0))
    image: Image = page.render(scale=scale).to_pil().convert("RGB")
    # Pillow counts anticlockwise.
    transposed = {90: Transpose.ROTATE_270, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_90}.get(turned)
    return image if transposed is None else image.transpose(transposed)


def _is_upright(page: PdfPage) -> bool:
    """Tell that all text of a page runs from left to right as displayed: then the read stage does not turn the page."""
    from pypdfium2 import raw

    if page.get_rotation() != 0:
        return False
    text = page.get_textpage()
    try:
        angles = (raw.FPDFText_GetCharAngle(text, place) for place in range(text.count_chars()))
        return all(abs(math.remainder(angle, math.tau)) <= UPRIGHT_RADIANS for angle in angles)
    finally:
        text.close()


def _read_turn(path: Path, number: int, password: str | None) -> int:
    """Ask the read stage by how many degrees it turns a page clockwise."""
    from pipeline.stages.read.page import read_source

    return read_source(path, password=password, pages=[number]).pages[0].turned


def _encode(image: Image) -> bytes:
    """Write a picture as WebP: lossless by a small palette, which suits text, or lossy where that is smaller."""
    from PIL.Image import Dither, Quantize

    few = image.quantize(COLOURS, method=Quantize.FASTOCTREE, dither=Dither.NONE).convert("RGB")
    lossless = io.BytesIO()
    few.save(lossless, "WEBP", lossless=True, method=4)
    if lossless.tell() <= TEXT_BYTES_PER_PIXEL * image.width * image.height:
        return lossless.getvalue()
    lossy = io.BytesIO()
    image.save(lossy, "WEBP", quality=PHOTO_QUALITY, method=4)
    return min(lossless.getvalue(), lossy.getvalue(), key=len)
