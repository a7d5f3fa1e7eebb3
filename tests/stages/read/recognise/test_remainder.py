"""What is left of a page once the words that were read are painted over."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.programs import require

try:
    import cv2
except ImportError:
    cv2 = None

from pipeline.stages.read.recognise.hocr import SeenLine, SeenWord
from pipeline.stages.read.recognise.remainder import LEAST_MARKS, find_remainder, sure_lines

DPI = 200


@pytest.fixture(autouse=True)
def _needs_opencv() -> None:
    if cv2 is None:
        require("the extra is not installed: pip install .[ocr]")


def draw(*texts: tuple[str, int]) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint8]], list[SeenLine]]:
    """Draw lines at heights in pixels; give the picture and what a reader would see."""
    image = Image.new("L", (1000, 400), 255)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(30)
    lines = []
    for text, top in texts:
        pen.text((50, top), text, font=font, fill=0)
        x0, y0, x1, y1 = pen.textbbox((50, top), text, font=font)
        word = SeenWord(text=text, x0=x0, y0=y0, x1=x1, y1=y1, confidence=0.9)
        lines.append(SeenLine(words=(word,), baseline=y1, size=30))
    return np.asarray(image), lines


def test_nothing_is_left_where_all_was_read() -> None:
    pixels, lines = draw(("one line", 50), ("another line", 150))
    rest = find_remainder(pixels, lines, DPI)
    assert rest.marks == 0
    assert rest.pixels.min() > 200


def test_a_skipped_line_is_left_whole() -> None:
    pixels, lines = draw(("one line", 50), ("another line", 150))
    rest = find_remainder(pixels, lines[:1], DPI)
    assert rest.marks >= LEAST_MARKS
    assert (rest.pixels[140:200] == pixels[140:200]).all()
    assert rest.pixels[40:100].min() > 200


def test_specks_are_no_letters() -> None:
    pixels, _ = draw()
    spotted = pixels.copy()
    spotted[100:103, 200:203] = 0
    spotted[200:201, 100:900] = 0
    assert find_remainder(spotted, [], DPI).marks == 0


def seen(*words: tuple[str, float]) -> SeenLine:
    return SeenLine(
        words=tuple(SeenWord(text=text, x0=0, y0=0, x1=10, y1=10, confidence=confidence) for text, confidence in words),
        baseline=10,
        size=10,
    )


def test_only_sure_words_count_at_the_second_look_unless_their_line_is_text() -> None:
    (kept,) = sure_lines([seen(("word", 0.9), ("smudge", 0.3), ("stain", 0.4))])
    assert [word.text for word in kept.words] == ["word"]
    (whole,) = sure_lines([seen(("word", 0.9), ("w0rd", 0.3), ("word", 0.95))])
    assert [word.text for word in whole.words] == ["word", "w0rd", "word"]
    assert sure_lines([seen(("|", 0.9), ("—", 0.95)), seen(("smudge", 0.3)), seen(("i", 0.9))]) == ()
