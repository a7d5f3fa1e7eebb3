"""Specks are painted over and make no words; letters, stops and bullets stay."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.programs import require

try:
    import cv2
except ImportError:
    cv2 = None

from pipeline.stages.read.recognise.hocr import SeenLine, SeenWord
from pipeline.stages.read.recognise.specks import clean_lines, drop_specks, remove_specks

DPI = 300
POINT = DPI / 72


@pytest.fixture(autouse=True)
def _needs_opencv() -> None:
    if cv2 is None:
        require("the extra is not installed: pip install .[ocr]")


def draw(noise: float = 0.0) -> tuple[np.ndarray[Any, Any], tuple[float, float, float, float]]:
    """Draw a line of text of 10 points, with accents, a stop and a bullet; give it with the box of its ink."""
    image = Image.new("L", (1600, 800), 255)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(10 * POINT)
    pen.text((100, 100), "• „ilga” līnija: i, j. „1”.", font=font, fill=20)
    pixels = np.asarray(image, dtype=float) + np.random.default_rng(1).normal(0, noise, (800, 1600))
    return pixels.clip(0, 255).astype(np.uint8), pen.textbbox((100, 100), "• „ilga” līnija: i, j. „1”.", font=font)


def speck(pixels: np.ndarray[Any, Any], x: int, y: int, points: float) -> None:
    size = round(points * POINT)
    pixels[y : y + size, x : x + size] = 30


@pytest.mark.parametrize("noise", [0.0, 8.0])
def test_specks_away_from_letters_go_and_every_mark_of_the_text_stays(noise: float) -> None:
    pixels, (x0, y0, x1, y1) = draw(noise)
    spotted = pixels.copy()
    for x, y, points in ((50, 400, 0.8), (700, 500, 1.5), (708, 512, 2.2), (1500, 110, 1.0)):
        speck(spotted, x, y, points)
    cleaned = remove_specks(spotted, DPI)
    assert cleaned[300:].min() > 255 - 8 * noise - 60
    assert cleaned[:, 1400:].min() > 255 - 8 * noise - 60
    text = slice(int(y0), int(y1)), slice(int(x0), int(x1))
    letters = pixels[text] < 120
    assert (cleaned[text][letters] == pixels[text][letters]).all()


def word(text: str, x0: float, y0: float, x1: float, y1: float, confidence: float = 0.9) -> SeenWord:
    return SeenWord(text=text, x0=x0, y0=y0, x1=x1, y1=y1, confidence=confidence)


def line(*words: SeenWord) -> SeenLine:
    return SeenLine(words=words, baseline=words[0].y1, size=42)


def read(pixels: np.ndarray[Any, Any], *lines: SeenLine) -> list[str]:
    return [word.text for line in drop_specks(lines, pixels, DPI) for word in line.words]


def blank() -> np.ndarray[Any, Any]:
    return np.full((400, 800), 255, dtype=np.uint8)


@pytest.mark.parametrize(("points", "gone"), [(2.4, True), (2.9, False)])
def test_what_is_smaller_than_letters_is_a_speck(points: float, *, gone: bool) -> None:
    pixels = blank()
    speck(pixels, 200, 200, points)
    assert bool(remove_specks(pixels, DPI).min() == 255) is gone


@pytest.mark.parametrize(
    ("wide", "high", "contrast", "words"),
    [
        (20, 60, 45, 0),  # a shade of the paper
        (20, 60, 55, 1),
        (20, 36, 200, 0),  # lower than small letters; the words are 100 pixels high
        (20, 45, 200, 1),
        (40, 60, 200, 1),
        (46, 60, 200, 0),  # wider than any stroke: an area
    ],
)
def test_a_word_has_ink_of_a_letters_size(wide: int, high: int, contrast: int, words: int) -> None:
    pixels = blank()
    pixels[120 : 120 + high, 120 : 120 + wide] = 255 - contrast
    assert len(read(pixels, line(word("a", 100, 100, 200, 200), word("b", 100, 100, 200, 200)))) == 2 * words


@pytest.mark.parametrize(
    ("text", "confidence", "lone", "kept"),
    [
        ("abc", 0.45, True, False),
        ("abc", 0.55, True, True),
        ("abcd", 0.45, True, True),
        ("abc", 0.09, False, False),
        ("abc", 0.11, False, True),
        ("abcd", 0.09, False, True),
    ],
)
def test_a_short_word_needs_some_confidence_and_more_where_it_stands_alone(
    text: str, confidence: float, *, lone: bool, kept: bool
) -> None:
    pixels = blank()
    pixels[120:180, 120:140] = 30
    box = 100, 100, 200, 200
    found = read(pixels, line(*[word(text, *box, confidence)], *[word("ilga", *box)] * (not lone)))
    assert (text in found) is kept


@pytest.mark.parametrize(("off", "confidence", "kept"), [(22, 0.92, True), (28, 0.92, False), (22, 0.85, False)])
def test_the_ink_of_a_sure_word_may_be_a_quarter_of_its_height_off(off: int, confidence: float, *, kept: bool) -> None:
    pixels = blank()
    pixels[120:180, 200 + off : 220 + off] = 30
    assert bool(read(pixels, line(word("5", 100, 100, 200, 200, confidence)))) is kept


@pytest.mark.parametrize(("gap", "text"), [(22, "ilga-"), (28, "ilga")])
def test_a_sign_is_within_a_quarter_of_a_words_height(gap: int, text: str) -> None:
    pixels = blank()
    pixels[110:190, 110:130] = 30
    pixels[140:150, 132 + gap : 150 + gap] = 30
    assert read(pixels, line(word("ilga-", 100, 100, 160 + gap, 200))) == [text]


def test_words_of_specks_and_of_nothing_are_dropped() -> None:
    pixels, box = draw()
    text = line(word("ilga", *box), word("līnija", *box))
    for x in (700, 712, 724):
        speck(pixels, x, 500, 1.6)
    assert read(pixels, text, line(word("ra", 695, 490, 735, 515)), line(word("La", 300, 600, 340, 640))) == [
        "ilga",
        "līnija",
    ]
    assert read(pixels, line(*text.words, word("ra", 695, 490, 735, 515))) == ["ilga", "līnija"]


def test_bullets_and_dashes_stay_and_doubtful_lone_letters_go() -> None:
    pixels, box = draw()
    text = line(word("ilga", *box))
    bullet = word("•", box[0], box[1], box[0] + 5 * POINT, box[3])
    assert read(pixels, line(bullet, *text.words)) == ["•", "ilga"]
    assert read(pixels, text, line(word("ļ", *box, confidence=0.3))) == ["ilga"]
    assert read(pixels, text, line(word("Nē", *box, confidence=0.8))) == ["ilga", "Nē"]
    assert read(pixels, line(word("ilga", *box, confidence=0.02))) == []
    # A speck in a word takes its confidence away, and not the word.
    assert read(pixels, line(*text.words, word("iekšēji,", *box, confidence=0.08))) == ["ilga", "iekšēji,"]
    assert read(pixels, line(*text.words, word("iek", *box, confidence=0.08))) == ["ilga"]
    assert read(pixels, line(*text.words, word(",", *box), word("-", *box), word("j.", *box))) == ["ilga", "-", "j."]


def test_a_speck_behind_or_between_words_is_no_sign() -> None:
    """A dash of the same height is one, a list's mark at the start may be small, and a middle dot is a sign."""
    pixels, (x0, y0, x1, y1) = draw()
    text = word("ilga", x0, y0, x1, y1)
    speck(pixels, int(x1) + 30, int(y0) + 20, 1.4)
    pixels[int(y0) + 20 : int(y0) + 23, int(x1) + 60 : int(x1) + 71] = 30
    spot, dash = (x1 + 26, y0, x1 + 44, y1), (x1 + 55, y0, x1 + 75, y1)
    for sign in ("*", ":", "-"):
        assert read(pixels, line(text, word(sign, *spot), text)) == ["ilga", "ilga"]
        assert read(pixels, line(text, word(sign, *spot))) == ["ilga"]
        assert read(pixels, line(word(sign, *spot), text)) == [sign, "ilga"]
    assert read(pixels, line(text, word("-", *dash), text)) == ["ilga", "-", "ilga"]
    assert read(pixels, line(text, word("\u00b7", *spot), text)) == ["ilga", "\u00b7", "ilga"]


@pytest.mark.parametrize(
    ("drawn", "seen", "expected"), [("•", "*", "•"), ("•", "«", "•"), ("*", "*", "*"), ("-", "-", "-"), ("§", "§", "§")]
)
def test_a_disc_in_front_of_a_line_is_a_lists_mark(drawn: str, seen: str, expected: str) -> None:
    image = Image.new("L", (1600, 400), 255)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(10 * POINT)
    if drawn == "•":  # the font lacks it
        pen.ellipse((104, 131, 114, 141), fill=20)
    else:
        pen.text((100, 150), drawn, font=font, fill=20, anchor="ls")
    pen.text((200, 150), "ilga", font=font, fill=20, anchor="ls")
    mark = word(seen, 95, 110, 130, 160, 0.05 if drawn == "•" else 0.9)
    text = word("ilga", *pen.textbbox((200, 150), "ilga", font=font, anchor="ls"))
    assert read(np.asarray(image, dtype=np.uint8), line(mark, text)) == [expected, "ilga"]


@pytest.mark.parametrize(("missing", "expected"), [(7, "•"), (9, "*")])
def test_a_lists_mark_fills_its_box(missing: int, expected: str) -> None:
    """A square of 14 pixels, of which a corner is missing."""
    pixels = blank()
    pixels[120:134, 100:114] = 30
    pixels[120 : 120 + missing, 100 : 100 + missing] = 255
    pixels[110:150, 200:220] = 30
    assert read(pixels, line(word("*", 95, 110, 130, 150), word("ilga", 195, 110, 225, 150))) == [expected, "ilga"]


@pytest.mark.parametrize(("share", "printed"), [(0.25, "-"), (0.45, "–"), (0.9, "—")])
@pytest.mark.parametrize("seen", ["-", "–", "—"])
def test_a_dash_is_read_by_its_length(share: float, printed: str, seen: str) -> None:
    pixels, box = draw()
    x0, y = round(box[2]) + 20, round(box[3]) - 20
    x1 = x0 + round(share * 42)
    pixels[y : y + 4, x0:x1] = 30
    text = line(word("ilga", *box), word(seen, x0 - 2, y - 2, x1 + 2, y + 6))
    assert read(pixels, text) == ["ilga", printed]


def test_a_sign_that_stands_away_from_its_word_is_none() -> None:
    pixels, (x0, y0, x1, y1) = draw()
    for x in (x0 - 20, x1 + 14):
        speck(pixels, int(x), int(y0 + y1) // 2, 1.6)
    assert read(pixels, line(word('"ilga', x0 - 24, y0, x1, y1))) == ["ilga"]
    assert read(pixels, line(word("ilga-", x0, y0, x1 + 22, y1))) == ["ilga"]
    assert read(pixels, line(word("ilga.", x0, y0, x1, y1))) == ["ilga."]


def test_a_digit_whose_box_is_half_a_letter_off_stays() -> None:
    pixels, (x0, y0, x1, y1) = draw()
    text = line(word("ilga", x0, y0, x1, y1))
    off = x0 - 20, y0, x0 - 3, y1  # just before the first letter: the box holds none of its ink
    assert read(pixels, line(word("5", *off, confidence=0.96), *text.words)) == ["5", "ilga"]
    assert read(pixels, line(word("5", *off, confidence=0.6), *text.words)) == ["ilga"]


def test_a_page_without_letters_has_no_words() -> None:
    pixels = np.full((400, 400), 255, dtype=np.uint8)
    assert read(pixels, line(word("—", 10, 10, 60, 20))) == []


MARKED = "„Ko-mats”; līnija: g. 1,5 ņ ķi"
"""Signs of every kind: hyphen, stop, colon and semicolon, comma, quotation marks, dots, accents and cedillas."""


def marked_line(
    specks: tuple[tuple[float, float], ...] = (), text: str = MARKED
) -> tuple[np.ndarray[Any, Any], SeenLine]:
    """Draw a line, and specks of 1.2 points at a share of its width and of its size above the base line."""
    image = Image.new("L", (1600, 400), 255)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(10 * POINT)
    pen.text((100, 150), text, font=font, fill=20, anchor="ls")
    x0, y0, x1, y1 = pen.textbbox((100, 150), text, font=font, anchor="ls")
    pixels = np.asarray(image, dtype=np.uint8).copy()
    for share, height in specks:
        speck(pixels, round(x0 + share * (x1 - x0)), round(150 - height * 42) - 5, 1.2)
    return pixels, SeenLine(words=(word(text, x0, y0, x1, y1),), baseline=150, size=42)


def test_signs_within_a_line_stay() -> None:
    pixels, seen = marked_line()
    cleaned = clean_lines([seen], pixels, DPI)
    assert (cleaned == pixels).all()


@pytest.mark.parametrize(
    ("share", "height", "gone"), [(1.02, 0.2, True), (-0.02, 0.3, True), (1.02, 0.0, False), (1.02, 0.6, False)]
)
def test_a_dot_at_the_middle_of_small_letters_is_painted_over(share: float, height: float, gone: bool) -> None:
    """Behind a line's end, and before its start; at the height of a stop or of an accent it may be one."""
    plain, _ = marked_line()
    pixels, seen = marked_line(((share, height),))
    cleaned = clean_lines([seen], pixels, DPI)
    assert (cleaned == (plain if gone else pixels)).all()


@pytest.mark.parametrize(
    ("wide", "high", "gone"), [(6, 2, True), (8, 2, True), (10, 2, False), (9, 5, True), (9, 4, False)]
)
def test_a_flat_mark_is_a_hyphen_only_where_it_is_as_wide_as_one(wide: int, high: int, gone: bool) -> None:
    """In pixels; the type is of 42."""
    plain, _ = marked_line()
    pixels, seen = marked_line()
    x, y = round(seen.words[0].x1) + 10, 150 - 12
    pixels[y : y + high, x : x + wide] = 30
    cleaned = clean_lines([seen], pixels, DPI)
    assert (cleaned == (plain if gone else pixels)).all()


def test_a_line_in_which_a_middle_dot_is_read_is_left_alone() -> None:
    pixels, seen = marked_line(((1.02, 0.2),), "col·la")
    cleaned = clean_lines([seen], pixels, DPI)
    assert (cleaned == pixels).all()
