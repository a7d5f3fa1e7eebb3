"""Draws pages of a source file, for the review page and for `verify`; reads a PDF by worker processes, gives pictures.

The pictures have the coordinate system of the output's boxes: what the read stage does to a page (crop box,
`/Rotate`, the turn that sets its text upright) is done to its picture.
"""

from __future__ import annotations

import hashlib
import io
import math
import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import InputError, LimitError
from pipeline.models.geometry import Box, Frozen
from pipeline.run.options import Options
from pipeline.run.reading import require_plain_file
from pipeline.run.workers import WorkerPool, call_worker

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
FRAMED_RESOLUTION: Final = 150
"""Pixels per inch of pictures with frames, at which 9 pt text is easily read."""
MARGIN_POINTS: Final = 36
"""Space shown around framed boxes: the rows above and below, so that one sees what should not be in them."""
FRAME_PIXELS: Final = 2


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
    path: Path, sha256: str, options: Options | None = None, *, budget: int = BUDGET_BYTES
) -> tuple[PagePicture, ...]:
    """Draw all pages of a source file, by a worker process within a time and a memory limit.

    Args:
        path: The PDF.
        sha256: Hash of the file that the output was made from.
        options: The password of a locked file, what the drawing may take, and the progress; as by default where None.
        budget: What all pictures together may hold, in bytes; the resolution is lowered until they do. At the lowest
            they may hold more.

    Returns:
        The pages in order. A page that can't be drawn, or not within the limits, says so.

    Raises:
        InputError: The file is missing, locked or no PDF, or is not the one that the output was made from.
        LimitError: It can't be opened within the limits.
    """
    options = options or Options()
    limits, password = options.limits, options.password
    require_plain_file(path, limits)
    with WorkerPool(1, limits.megabytes) as pool:
        pages = call_worker(pool, path.name, limits.page_seconds, count_pages, path, sha256, password)
        limits = limits.scale(pages)
        end = time.monotonic() + limits.seconds
        failed: dict[int, PagePicture] = {}

        def draw_all(resolution: int, most: float) -> tuple[PagePicture, ...] | None:
            """Draw the pages, but for those that failed before; None where they hold more than `most` bytes."""
            drawn: list[PagePicture] = []
            for number in range(1, pages + 1):
                picture = failed.get(number)
                if picture is None:
                    seconds = min(limits.page_seconds, end - time.monotonic())
                    picture = _draw_guarded(pool, seconds, path, password, number, resolution)
                if picture.failure is not None:
                    failed[number] = picture
                drawn.append(picture)
                options.progress("draw", len(drawn), pages)
                if sum(len(picture.webp) for picture in drawn) > most:
                    return None
            return tuple(drawn)

        most = dict.fromkeys(RESOLUTIONS, budget) | {RESOLUTIONS[-1]: math.inf}
        tries = (draw_all(resolution, most[resolution]) for resolution in RESOLUTIONS)
        return next(drawn for drawn in tries if drawn is not None)


def _draw_guarded(
    pool: WorkerPool, seconds: float, path: Path, password: str | None, number: int, resolution: int
) -> PagePicture:
    """Have a page drawn; one that takes too long, or too much memory, or brings its worker down, says so."""
    if seconds <= 0:
        return _fail(number, "the time for drawing the file is over; give it more by --time-limit")
    try:
        return call_worker(pool, path.name, seconds, draw_page, path, password, number, resolution)
    except LimitError as error:
        return _fail(number, error.message)


def _fail(number: int, reason: str) -> PagePicture:
    return PagePicture(number=number, width=0, height=0, pixels=(0, 0), webp=b"", failure=reason)


def count_pages(path: Path, sha256: str, password: str | None) -> int:
    """Count the pages of a file that is to be drawn; a worker's task, as are `draw_page` and `draw_framed`.

    Raises:
        InputError: The file is missing, locked or no PDF, or is not the one that the output was made from.
    """
    from pipeline.stages.read.page import read_bytes

    if hashlib.sha256(read_bytes(path)).hexdigest() != sha256:
        raise InputError(
            "the file has changed since it was run, so that its boxes may be elsewhere; run it again: pipeline run",
            edition=path.name,
        )
    return len(_open(path, password))


@lru_cache(maxsize=1)
def _open(path: Path, password: str | None) -> PdfDocument:
    """Open a file; a worker keeps the last one."""
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(path, password=password)
    except (pypdfium2.PdfiumError, OSError) as error:
        raise InputError(
            "its pages can't be drawn: the file is damaged, or it is locked and the password is missing or wrong; give"
            " it by --password",
            edition=path.name,
        ) from error


def draw_page(path: Path, password: str | None, number: int, resolution: int) -> PagePicture:
    """Draw a page as the output's boxes see it.

    Args:
        path: The PDF.
        password: User password, where the file needs one.
        number: 1-based number of the page.
        resolution: Pixels per inch.
    """
    import pypdfium2

    try:
        page = _open(path, password)[number - 1]
        width, height = page.get_size()
        turned = 0 if _is_upright(page) else _read_turn(path, number, password)
        image = _render(page, resolution, turned)
    except (pypdfium2.PdfiumError, InputError, ValueError) as error:
        # ValueError: pypdfium2 refuses a bitmap of no size, which a page of no size asks for.
        return _fail(number, str(error))
    if turned in (90, 270):
        width, height = height, width
    return PagePicture(number=number, width=width, height=height, pixels=image.size, webp=_encode(image))


def draw_framed(
    path: Path, password: str | None, number: int, frames: Sequence[tuple[Box, tuple[int, int, int]]]
) -> bytes:
    """Draw a page with frames around boxes, cut to them and some space around; or the whole page where there is none.

    Args:
        path: The PDF.
        password: User password of a locked file.
        number: 1-based number of the page.
        frames: Boxes (points) and the colours of their frames (RGB).

    Returns:
        The picture as PNG.

    Raises:
        InputError: The file can't be drawn.
    """
    from PIL import ImageDraw

    document = _open(path, password)
    if number > len(document):
        raise InputError(f"{path} has no page {number}; look whether it is the file of this edition")
    image = document[number - 1].render(scale=FRAMED_RESOLUTION / POINTS_PER_INCH).to_pil().convert("RGB")
    draw = ImageDraw.Draw(image)
    for box, colour in frames:
        draw.rectangle(_to_pixels(box, FRAME_PIXELS), outline=colour, width=FRAME_PIXELS)
    if frames:
        margin = round(MARGIN_POINTS * FRAMED_RESOLUTION / POINTS_PER_INCH)
        lefts, tops, rights, bottoms = zip(*(_to_pixels(box, FRAME_PIXELS + margin) for box, _ in frames), strict=True)
        left, top = max(0, min(lefts)), max(0, min(tops))
        image = image.crop((left, top, min(image.width, max(rights)), min(image.height, max(bottoms))))
    return encode(image, "PNG")


def _to_pixels(box: Box, margin: int) -> tuple[int, int, int, int]:
    """A box in pixels of the framed picture, larger by a margin (pixels) on each side."""
    left, top, right, bottom = (
        round(edge * FRAMED_RESOLUTION / POINTS_PER_INCH) for edge in (box.x0, box.top, box.x1, box.bottom)
    )
    return left - margin, top - margin, right + margin, bottom + margin


def _render(page: PdfPage, resolution: int, turned: int) -> Image:
    """Draw a page, turned clockwise by so many degrees."""
    from PIL.Image import Transpose

    scale = min(resolution / POINTS_PER_INCH, MAX_SIDE_PIXELS / max(*page.get_size(), 1.0))
    image: Image = page.render(scale=scale).to_pil().convert("RGB")
    # Pillow counts anticlockwise.
    transposed = {90: Transpose.ROTATE_270, 180: Transpose.ROTATE_180, 270: Transpose.ROTATE_90}.get(turned)
    return image if transposed is None else image.transpose(transposed)


def _is_upright(page: PdfPage) -> bool:
    """Return whether all text of a page runs from left to right as displayed: then the read stage does not turn it."""
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
    from pipeline.stages.read.page import open_pdf, read_page

    with open_pdf(path, password) as pdf:
        return read_page(pdf.pages[number - 1]).page.turned


def _encode(image: Image) -> bytes:
    """Write a picture as WebP: lossless by a small palette, which suits text, or lossy where that is smaller."""
    from PIL.Image import Dither, Quantize

    few = image.quantize(COLOURS, method=Quantize.FASTOCTREE, dither=Dither.NONE).convert("RGB")
    lossless = encode(few, "WEBP", lossless=True, method=4)
    if len(lossless) <= TEXT_BYTES_PER_PIXEL * image.width * image.height:
        return lossless
    return min(lossless, encode(image, "WEBP", quality=PHOTO_QUALITY, method=4), key=len)


def encode(image: Image, form: str, **settings: Any) -> bytes:
    """Write a picture in a form that Pillow knows, with that form's settings."""
    out = io.BytesIO()
    image.save(out, form, **settings)
    return out.getvalue()
