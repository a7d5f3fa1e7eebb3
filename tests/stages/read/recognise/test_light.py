"""Grey paper in uneven light becomes white; coloured cells, bars and shadows keep their look."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.programs import require

try:
    import cv2
except ImportError:
    cv2 = None

from pipeline.stages.read.recognise.light import level_light

HEIGHT, WIDTH = 1754, 1240


@pytest.fixture(autouse=True)
def _needs_opencv() -> None:
    if cv2 is None:
        require("the extra is not installed: pip install .[ocr]")


def sheet() -> np.ndarray[Any, Any]:
    """A page of A4 at 150 dpi with lines of text, a tinted and a dark cell."""
    pixels = np.full((HEIGHT, WIDTH, 3), 255, dtype=np.uint8)
    pixels[300:600, 150:500] = (230, 240, 255)
    pixels[700:900, 150:1100] = (40, 60, 90)
    pixels[320:580:20, 160:1000:3] = 20
    return pixels


def light(pixels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Light that falls off by a quarter across and by a tenth down, on yellowish paper with a dark edge and a hole."""
    fall = np.linspace(0.75, 1, WIDTH)[None, :, None] * np.linspace(1, 0.9, HEIGHT)[:, None, None]
    lit = pixels * fall * np.array([1, 0.98, 0.93])
    lit[:, :12] = 20
    lit[600:640, 40:80] = 30
    return (lit + np.random.default_rng(0).normal(0, 5, (HEIGHT, WIDTH, 1))).clip(0, 255).astype(np.uint8)


def test_uneven_light_on_grey_paper_becomes_white_paper() -> None:
    lit = light(sheet())
    level = level_light(lit)
    for place in (slice(100, 140), slice(1600, 1640)):
        for across in (slice(100, 200), slice(1100, 1200)):
            assert np.abs(level[place, across].mean(axis=(0, 1)) - 255).max() < 6
    tint = np.median(level[400:500, 1020:1090], axis=(0, 1)) - np.median(level[305:318, 200:480], axis=(0, 1))
    assert np.abs(tint - (25, 15, 0)).max() < 5
    assert np.median(level[750:850, 300:900], axis=(0, 1)).max() < 110


@pytest.mark.parametrize("noise", [0.0, 8.0])
def test_white_paper_is_left_as_it_is(noise: float) -> None:
    pixels = sheet() + np.random.default_rng(0).normal(0, noise, (HEIGHT, WIDTH, 1))
    pixels = pixels.clip(0, 255).astype(np.uint8)
    assert level_light(pixels) is pixels


@pytest.mark.parametrize(
    ("grey", "size", "changed"),
    [
        (250, 600, False),  # paper that is white but for noise
        (248, 600, True),
        (145, 600, True),
        (135, 600, False),  # no paper
        (200, 447, False),  # no larger than the rim on both sides: six blocks of 64 pixels
        (200, 449, True),
    ],
)
def test_grey_paper_becomes_white(grey: int, size: int, *, changed: bool) -> None:
    level = level_light(np.full((size, size, 3), grey, dtype=np.uint8))
    assert level.min() == (255 if changed else grey)


@pytest.mark.parametrize(("darker", "level"), [(9, 247), (10, 244)])
def test_a_shadow_at_the_rim_is_no_part_of_the_light(darker: int, level: int) -> None:
    """A corner that is darker by 10 of 230 is left so; by 9 it is made lighter than 255 × 221 / 230, as light falls."""
    pixels = np.full((640, 640, 3), 230, dtype=np.uint8)
    pixels[:64, :64] = 230 - darker
    assert level_light(pixels)[32, 32, 0] == level


def test_a_page_whose_rim_is_dark_is_left_as_it_is() -> None:
    pixels = np.full((HEIGHT, WIDTH, 3), 90, dtype=np.uint8)
    pixels[200:-200, 200:-200] = 240
    assert level_light(pixels) is pixels
    assert level_light(pixels[:300, :300]).shape == (300, 300, 3)
