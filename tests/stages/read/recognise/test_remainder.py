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


@pytest.mark.parametrize(("contrast", "marks"), [(55, 0), (65, 1)])
def test_a_mark_differs_from_what_is_around_it(contrast: int, marks: int) -> None:
    pixels = np.full((200, 200), 255, dtype=np.uint8)
    pixels[100:112, 100:108] = 255 - contrast
    assert find_remainder(pixels, [], DPI).marks == marks


@pytest.mark.parametrize(("below", "marks"), [(1, 0), (2, 1)])
def test_what_is_close_around_a_word_belongs_to_it(below: int, marks: int) -> None:
    """A mark of 3.6 pt, 1 or 2 pixels below a word: 3 pixels around this are painted over, and letters have 3 pt."""
    pixels = np.full((200, 200), 255, dtype=np.uint8)
    pixels[100 + below : 110 + below, 50:58] = 0
    word = SeenWord(text="a", x0=40, y0=80, x1=70, y1=100, confidence=0.9)
    assert find_remainder(pixels, [SeenLine(words=(word,), baseline=100, size=20)], DPI).marks == marks


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
    assert sure_lines([seen(("word", 0.55))]) == ()
    assert len(sure_lines([seen(("word", 0.65))])) == 1
    assert [len(line.words) for line in sure_lines([seen(*[("word", 0.9)] * 9, *[("stain", 0.3)] * 11)])] == [9]
    assert [len(line.words) for line in sure_lines([seen(*[("word", 0.9)] * 11, *[("stain", 0.3)] * 9)])] == [20]
    assert sure_lines([seen(("|", 0.9), ("—", 0.95)), seen(("smudge", 0.3)), seen(("i", 0.9))]) == ()
