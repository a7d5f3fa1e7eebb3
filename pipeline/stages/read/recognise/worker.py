"""Recognises one page, as a task of a worker process: `Request` → `SeenPage`, or why there is none.

pdfium draws the page; it is turned upright and straightened as Tesseract says, its lines are found and painted over,
and Tesseract reads the rest.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from typing import TYPE_CHECKING, Final, cast

from pipeline.stages.read.recognise.drawing import POINTS_PER_INCH, find_drawing
from pipeline.stages.read.recognise.hocr import SeenLine, read_hocr
from pipeline.stages.read.recognise.light import level_light
from pipeline.stages.read.recognise.remainder import LEAST_MARKS, find_remainder, sure_lines
from pipeline.stages.read.recognise.seen import Request, SeenPage, Turn
from pipeline.stages.read.recognise.specks import clean_lines, drop_specks, remove_specks
from pipeline.stages.read.recognise.votes import find_disputed, settle_words
from pipeline.stages.read.tasks import kept

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.stages.read.recognise.drawing import Pixels

DPI: Final = 300
"""Resolution at which pages are drawn: the engine is trained on letters of this size."""
MOST_PIXELS: Final = 18_000_000
"""Most pixels of a drawn page: A3 at 300 dpi. A larger page, often one whose file gives a pixel a point, is drawn at a
lower resolution and taken for one of that size."""
MOST_PICTURE_PIXELS: Final = 80_000_000
"""Most pixels of a page's pictures: A3 at 600 dpi has 70 million, which take 280 MB in pdfium. One that is too large
for the memory would be left out of the drawing without a word."""
SURE_TURN: Final = 14.0
"""Least confidence of the engine in how a page is turned; a page of text has 20 and more."""
LEAST_SKEW_DEGREES: Final = 0.03
"""Lean that is left alone: two pixels over the width of A4."""
PREVIEW_SHARE: Final = 0.5
"""Scale of the picture by which turn and lean are found: at 150 dpi they are the same, in half the time."""
SECOND_SCALE: Final = 0.8
"""Scale of the picture that is read again: at 240 dpi the engine is as often right, and wrong in other words."""
THIRD_SCALE: Final = 1.25
"""Scale of the lines that are read once more, as the first two readings differ."""
SPARSE_TEXT: Final = "11"
"""Tesseract's page segmentation mode that looks for text anywhere, in no order."""


class RecognitionError(Exception):
    """The page can't be recognised; the message says why, in words for the report."""


def recognise_page(request: Request) -> SeenPage | str:
    """Recognise a page, or say in words for the report why it can't be: whatever it is, it is this page's trouble.

    Args:
        request: What to read, and how.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a page that is given up ends its run of the engine
    kept.clear()  # the file that was read is open no longer: its memory is the page's
    try:
        return recognise(request)
    except MemoryError:
        raise
    except Exception as error:
        if "Insufficient memory" in str(error) or "failed to map" in str(error):  # OpenCV's words, and the loader's
            raise MemoryError from error
        own = isinstance(error, RecognitionError)
        said = "" if own else f"recognising it failed by an error of the program, {type(error).__name__}: "
        return said + " ".join(str(error).split())


def recognise(request: Request) -> SeenPage:
    """Recognise a page.

    Args:
        request: What to read, and how.

    Raises:
        RecognitionError: The page can't be drawn, or the engine fails.
    """
    import cv2

    cv2.setNumThreads(1)
    pixels = level_light(_draw(request))
    preview = _scale(cast("Pixels", cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)), PREVIEW_SHARE)
    preview_dpi = round(DPI * PREVIEW_SHARE)
    turn = _find_turn(_ask(preview, "-l", "osd", "--psm", "0", dpi=preview_dpi)[1])
    pixels, preview = _turn(pixels, turn), _turn(preview, turn)
    packs = ("-l", "+".join(request.packs))
    skew = _find_skew(_ask(preview, *packs, "--psm", "2", dpi=preview_dpi)[2])
    pixels = _straighten(pixels, skew)
    drawing, cleaned = find_drawing(pixels, DPI)
    height, width = cleaned.shape[:2]
    del pixels
    grey = remove_specks(cast("Pixels", cv2.cvtColor(cleaned, cv2.COLOR_RGB2GRAY)), DPI)
    del cleaned
    lines = _read(grey, *packs)
    grey = clean_lines(lines, grey, DPI)
    # Several packs are a first look, for the language alone.
    second = _read(grey, *packs, scale=SECOND_SCALE) if len(request.packs) == 1 else ()
    disputed = find_disputed(lines, second)
    if disputed:
        third = _read(_keep_lines(grey, disputed), *packs, scale=THIRD_SCALE)
        lines = settle_words(lines, (second, third))
    lines = drop_specks(lines, grey, DPI)
    rest = find_remainder(grey, lines, DPI)
    if rest.marks >= LEAST_MARKS:
        found = sure_lines(_read(rest.pixels, *packs, "--psm", SPARSE_TEXT))
        if found:
            found = settle_words(found, (_read(_keep_lines(rest.pixels, found), *packs, scale=THIRD_SCALE),))
        found = drop_specks(found, rest.pixels, DPI)
        lines += found
        if found:
            rest = find_remainder(rest.pixels, found, DPI)
    return SeenPage(
        width=width,
        height=height,
        turn=turn,
        skew=skew,
        lines=lines,
        marks=rest.marks,
        rules=drawing.lines,
        fills=drawing.areas,
    )


def _draw(request: Request) -> Pixels:
    """Draw what is visible of the page, as a viewer turns it: height × width × 3 (RGB)."""
    import pypdfium2
    from pypdfium2 import raw

    trouble = "the page can't be drawn ({})"
    try:
        with pypdfium2.PdfDocument(request.file, password=request.password) as document:
            page = document[request.page - 1]
            # Annotations and fields become a part of it: they are read, and may hide words of the picture.
            raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
            page.close()
            page = document[request.page - 1]
            for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
                across, down = picture.get_px_size()
                if across * down > MOST_PICTURE_PIXELS:
                    raise RecognitionError(
                        f"a picture of {across} × {down} pixels is larger than {MOST_PICTURE_PIXELS // 10**6} million,"
                        " the most that is read; save the page with a lower resolution"
                    )
            width, height = page.get_size()
            scale = min(DPI / POINTS_PER_INCH, (MOST_PIXELS / (width * height)) ** 0.5)
            drawn = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False)
            pixels: Pixels = drawn.to_numpy()[:, :, :3].copy()
            if pixels.min() == pixels.max():  # pdfium leaves out a picture that it can't decode
                trouble = "its picture is damaged and can't be decoded"
                for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
                    picture.get_bitmap()
    except pypdfium2.PdfiumError as error:
        raise RecognitionError(f"{trouble.format(error)}; fetch the file again") from error
    return pixels


def _ask(picture: Pixels, *options: str, dpi: int = DPI) -> tuple[int, str, str]:
    """Have Tesseract look at a grey picture; give its exit code and both of its outputs."""
    import cv2

    engine = shutil.which("tesseract")
    if engine is None:
        raise RecognitionError("the engine Tesseract is not installed")
    _, data = cv2.imencode(".pgm", picture)
    # A file without a name, so that none is left behind; the engine reads only a file when it detects the lean.
    with tempfile.TemporaryFile() as file:
        file.write(data.tobytes())
        file.seek(0)
        done = subprocess.run(  # noqa: S603 - the engine, with options of this module
            [engine, "/dev/stdin", "stdout", "--dpi", str(dpi), *options],
            stdin=file,
            capture_output=True,
            check=False,
            # An engine with several threads for one page takes six times the work.
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    # It reports a page's lean on standard error.
    return done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")


def _read(picture: Pixels, *options: str, scale: float = 1.0) -> tuple[SeenLine, ...]:
    """Have the engine read a picture, drawn larger or smaller; what it sees is in the picture's own pixels."""
    code, text, complaint = _ask(_scale(picture, scale), *options, "hocr", dpi=round(DPI * scale))
    if code:
        lines = [line for line in complaint.splitlines() if line.strip()]
        ended = f"signal {-code}" if code < 0 else f"exit code {code}"
        raise RecognitionError(f"the engine ended with {ended} ({lines[-1] if lines else 'it says nothing'})")
    return read_hocr(text, 1 / scale)


def _scale(picture: Pixels, scale: float) -> Pixels:
    import cv2

    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return picture if scale == 1 else cast("Pixels", cv2.resize(picture, None, fx=scale, fy=scale, interpolation=way))


def _keep_lines(picture: Pixels, lines: Iterable[SeenLine]) -> Pixels:
    """Return a picture of nothing but certain lines."""
    import numpy as np

    kept = np.full_like(picture, 255)
    for line in lines:
        rim = line.size / 2
        top, bottom = max(0, int(line.baseline - line.size - rim)), int(line.baseline + rim)
        left, right = max(0, int(line.words[0].x0 - rim)), int(line.words[-1].x1 + rim)
        kept[top:bottom, left:right] = picture[top:bottom, left:right]
    return kept


def _find_turn(text: str) -> Turn:
    """Read from the engine's answer how the page is turned; it has none for a page of few letters."""
    angle = re.search(r"^Orientation in degrees: (\d+)", text, re.MULTILINE)
    sure = re.search(r"^Orientation confidence: ([\d.]+)", text, re.MULTILINE)
    if angle is None or sure is None or float(sure[1]) < SURE_TURN:
        return 0
    return cast("Turn", int(angle[1]) % 360)


def _find_skew(text: str) -> float:
    """Read from the engine's answer how the page leans, in degrees to turn it back anticlockwise."""
    import math

    radians = re.search(r"^Deskew angle: (-?[\d.]+)", text, re.MULTILINE)
    degrees = 0.0 if radians is None else math.degrees(float(radians[1]))
    return round(degrees, 3) if abs(degrees) >= LEAST_SKEW_DEGREES else 0.0


def _turn(pixels: Pixels, turn: Turn) -> Pixels:
    import numpy as np

    return np.ascontiguousarray(np.rot90(pixels, turn // 90))


def _straighten(pixels: Pixels, degrees: float) -> Pixels:
    """Turn a page about its middle; what comes in at its edges is white."""
    import cv2

    if not degrees:
        return pixels
    height, width = pixels.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    white = (255, 255, 255)
    turned = cv2.warpAffine(pixels, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=white)
    return cast("Pixels", turned)
