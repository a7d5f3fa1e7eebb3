"""Makes scans: pages of a PDF as slightly crooked, noisy JPEG pictures in a PDF without text; always the same bytes."""

from __future__ import annotations

import importlib.util
import io
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import pikepdf
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter

from pipeline.run.options import Limits
from pipeline.run.reading import recognise_pages
from pipeline.run.workers import WorkerPool
from pipeline.stages.read.recognise import Recognised, recognise_scans
from tests.programs import require
from tests.reading import read_source

POINTS_PER_INCH: Final = 72
JPEG_QUALITY: Final = 80


def require_recognition() -> None:
    """Skip, or fail where programs are required, if scans can't be recognised here."""
    if importlib.util.find_spec("cv2") is None:
        require("the extra is not installed: pip install .[ocr]")
    if shutil.which("tesseract") is None:
        require("Tesseract is not installed: apt-get install tesseract-ocr tesseract-ocr-lav")


def recognise_file(path: Path, *, limits: Limits = Limits(), **words: Any) -> Recognised:  # noqa: B008 - it is frozen
    """Read a file, and have its scans recognised by a pool of two workers."""
    with WorkerPool(2, limits.megabytes) as pool:
        recogniser = partial(recognise_pages, pool, limits, lambda done, total: None)
        return recognise_scans(path, read_source(path), recogniser, edition=path.stem, **words)


def scan(
    pdf_bytes: bytes,
    pages: Sequence[int],
    *,
    dpi: int = 250,
    skew: float = 0.4,
    noise: float = 6.0,
    turn: Literal[0, 90, 180, 270] = 0,
    specks: int = 0,
    edge: int = 0,
    worn: bool = False,
    seed: int = 0,
) -> bytes:
    """Scan pages.

    Args:
        pdf_bytes: The PDF.
        pages: 1-based page numbers.
        dpi: Resolution.
        skew: Degrees by which every other page leans to the left, and the others to the right.
        noise: Standard deviation of the brightness, of 255.
        turn: Degrees anticlockwise by which the pages lie on the glass.
        specks: Dark specks of 0.3 to 1.5 points (0.1 to 0.5 mm) per page, strewn over paper and text alike.
        edge: Width in pixels of a dark line along the left edge of the picture, as the lid's shadow leaves.
        worn: Whether the paper is yellowish and punched, the light falls off to the left and to the foot, and the
            picture is a little blurred.
        seed: Seed of noise and specks.

    Returns:
        A PDF of pictures.
    """
    random = np.random.default_rng(seed)
    pictures: list[Image.Image] = []
    with pypdfium2.PdfDocument(pdf_bytes) as document:
        for number in pages:
            picture = document[number - 1].render(scale=dpi / POINTS_PER_INCH).to_pil().convert("RGB")
            picture = picture.rotate(
                skew if number % 2 else -skew, resample=Image.Resampling.BICUBIC, fillcolor=(255, 255, 255)
            ).rotate(turn, expand=True)
            _strew(picture, specks, dpi, random)
            if worn:
                picture = _wear(picture, dpi)
            if edge:
                ImageDraw.Draw(picture).rectangle((0, 0, edge - 1, picture.height), fill=(30, 30, 30))
            noisy = np.asarray(picture, dtype=float) + random.normal(0, noise, (picture.height, picture.width, 1))
            pictures.append(Image.fromarray(noisy.clip(0, 255).astype(np.uint8)))
    target = io.BytesIO()
    pictures[0].save(
        target,
        "PDF",
        save_all=True,
        append_images=pictures[1:],
        resolution=dpi,
        quality=JPEG_QUALITY,
        creationDate=None,
    )
    return target.getvalue()


def _wear(picture: Image.Image, dpi: int) -> Image.Image:
    pen, hole = ImageDraw.Draw(picture), 0.12 * dpi
    for middle in (0.36 * picture.height, 0.64 * picture.height):
        pen.ellipse((0.3 * dpi, middle - hole, 0.3 * dpi + 2 * hole, middle + hole), fill=(40, 40, 40))
    pixels = np.asarray(picture.filter(ImageFilter.GaussianBlur(dpi / 300)), dtype=float)
    fall = np.linspace(0.85, 1, picture.width)[None, :, None] * np.linspace(1, 0.92, picture.height)[:, None, None]
    return Image.fromarray((pixels * fall * (0.95, 0.94, 0.9)).astype(np.uint8))


def _strew(picture: Image.Image, specks: int, dpi: int, random: np.random.Generator) -> None:
    pen = ImageDraw.Draw(picture)
    for _ in range(specks):
        x, y = random.uniform(0, picture.width), random.uniform(0, picture.height)
        wide, high = random.uniform(0.3, 1.5, 2) * dpi / POINTS_PER_INCH
        pen.ellipse((x, y, x + wide, y + high), fill=(int(random.uniform(20, 110)),) * 3)


def join(*parts: tuple[bytes, Sequence[int]]) -> bytes:
    """Join pages of several PDFs into one.

    Args:
        parts: PDFs, each with the 1-based numbers of its pages to take.
    """
    target = io.BytesIO()
    with pikepdf.new() as joined:
        for pdf_bytes, numbers in parts:
            with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
                for number in numbers:
                    joined.pages.append(pdf.pages[number - 1])
        joined.save(target)
    return target.getvalue()


def stamp(pdf_bytes: bytes, text: str, *, invisible: bool = False) -> bytes:
    """Print a line of text into the upper left corner of every page, as scanners do; `text` in ASCII."""
    target = io.BytesIO()
    mode = 3 if invisible else 0
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        font = pdf.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
        )
        for page in pdf.pages:
            height = float(page.mediabox[3])
            name = page.add_resource(font, pikepdf.Name.Font, pikepdf.Name(f"/Stamp{mode}"))
            drawn = f"q BT {mode} Tr {name} 8 Tf 1 0 0 1 20 {height - 20:.1f} Tm ({text}) Tj ET Q"
            page.contents_add(drawn.encode())
        pdf.save(target)
    return target.getvalue()


def error_rate(pairs: Sequence[tuple[str, str]]) -> float:
    """Give the character error rate of (recognised, printed) texts: edits per printed character."""
    from rapidfuzz.distance import Levenshtein

    distance: Any = Levenshtein.distance
    return float(sum(distance(got, want) for got, want in pairs) / max(1, sum(len(want) for _, want in pairs)))
