"""Reads hOCR, the engine's output: words with their boxes and confidence, line by line.

hOCR is XHTML whose `title` attributes hold the numbers (the hOCR specification 1.2): `bbox`, `baseline`, `x_size`,
`x_wconf`.
"""

import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final

from pipeline.models.geometry import Frozen

LINE_CLASSES: Final = frozenset({"ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat", "ocr_footer"})
WORD_CLASS: Final = "ocrx_word"


class SeenWord(Frozen):
    """A word in pixels.

    Attributes:
        text: The text, Unicode NFC.
        x0: Left edge.
        y0: Upper edge of its ink.
        x1: Right edge.
        y1: Lower edge of its ink.
        confidence: The engine's, 0 to 1.
    """

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    confidence: float


class SeenLine(Frozen):
    """A line in pixels.

    Attributes:
        words: Its words in reading order.
        baseline: Base line at the middle of the line, from the page's top.
        size: Height of its type, from the lowest descender to the highest ascender.
    """

    words: tuple[SeenWord, ...]
    baseline: float
    size: float


def read_hocr(text: str, scale: float = 1.0) -> tuple[SeenLine, ...]:
    """Read the lines of an hOCR page.

    Args:
        text: The hOCR file's text.
        scale: What all lengths are multiplied by.

    Returns:
        The lines in the engine's order; words without text and lines without words are left out.
    """
    root = ET.fromstring(text.encode())  # noqa: S314 - the engine's own output, not the file's
    return tuple(line for element in root.iter() if (line := _read_line(element, scale)) is not None)


def _read_line(element: ET.Element, scale: float) -> SeenLine | None:
    if element.get("class") not in LINE_CLASSES:
        return None
    words = tuple(_read_words(element, scale))
    box = _numbers(element, "bbox")
    if not words or len(box) != 4:
        return None
    slope, offset = _numbers(element, "baseline") or (0.0, 0.0)
    (size,) = _numbers(element, "x_size") or (box[3] - box[1],)
    baseline = box[3] + offset + slope * (box[2] - box[0]) / 2
    return SeenLine(words=words, baseline=baseline * scale, size=size * scale)


def _read_words(line: ET.Element, scale: float) -> Iterator[SeenWord]:
    for element in line.iter():
        text = unicodedata.normalize("NFC", "".join(element.itertext()).strip())
        box = tuple(value * scale for value in _numbers(element, "bbox"))
        if element.get("class") == WORD_CLASS and text and len(box) == 4:
            (sure,) = _numbers(element, "x_wconf") or (0.0,)
            yield SeenWord(
                text=text, x0=box[0], y0=box[1], x1=box[2], y1=box[3], confidence=min(max(sure / 100, 0.0), 1.0)
            )


def _numbers(element: ET.Element, name: str) -> tuple[float, ...]:
    """Return the numbers of a property; none where the element lacks it."""
    found = re.search(rf"(?:^|;)\s*{name}((?:\s+-?[\d.]+)+)\s*(?:;|$)", element.get("title") or "")
    return tuple(float(value) for value in found[1].split()) if found else ()
