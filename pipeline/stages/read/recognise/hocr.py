"""Reads hOCR, the engine's output: words with their boxes and confidence, line by line; no artefact of a stage.

hOCR is XHTML whose `title` attributes hold the numbers (the hOCR specification 1.2): `bbox`, `baseline`, `x_size`,
`x_wconf`.
"""

from __future__ import annotations

import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
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
    numbers = _numbers(element)
    words = tuple(_read_words(element, scale))
    box = numbers.get("bbox", ())
    if not words or len(box) != 4:
        return None
    slope, offset = numbers["baseline"] if len(numbers.get("baseline", ())) == 2 else (0.0, 0.0)
    size = numbers["x_size"][0] if numbers.get("x_size") else box[3] - box[1]
    baseline = box[3] + offset + slope * (box[2] - box[0]) / 2
    return SeenLine(words=words, baseline=baseline * scale, size=size * scale)


def _read_words(line: ET.Element, scale: float) -> Iterator[SeenWord]:
    for element in line.iter():
        if element.get("class") != WORD_CLASS:
            continue
        numbers = _numbers(element)
        text = unicodedata.normalize("NFC", "".join(element.itertext()).strip())
        box = numbers.get("bbox", ())
        if not text or len(box) != 4:
            continue
        confidence = numbers["x_wconf"][0] / 100 if numbers.get("x_wconf") else 0.0
        x0, y0, x1, y1 = (value * scale for value in box)
        yield SeenWord(text=text, x0=x0, y0=y0, x1=x1, y1=y1, confidence=min(max(confidence, 0.0), 1.0))


def _numbers(element: ET.Element) -> Mapping[str, tuple[float, ...]]:
    """Return the properties of an element that are numbers."""
    found: dict[str, tuple[float, ...]] = {}
    for part in (element.get("title") or "").split(";"):
        name, *values = part.split() or [""]
        try:
            found[name] = tuple(float(value) for value in values)
        except ValueError:
            continue  # a property in words: the picture's file name, a language
    return found
