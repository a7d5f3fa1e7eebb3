"""What the engine is shown of a page, and what its answers are believed: no engine is needed here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pipeline.stages.read.recognise import worker
from pipeline.stages.read.recognise.hocr import SeenLine, SeenWord
from pipeline.stages.read.recognise.seen import Request
from tests.programs import require

try:
    import cv2
except ImportError:
    cv2 = None


@pytest.mark.parametrize(("sure", "turn"), [(13.5, 0), (14.5, 90)])
def test_a_page_is_turned_where_the_engine_is_sure(sure: float, turn: int) -> None:
    assert worker._find_turn(f"Orientation in degrees: 90\nOrientation confidence: {sure}\n") == turn


@pytest.mark.parametrize(("degrees", "skew"), [(0.028, 0.0), (0.032, 0.032), (-0.032, -0.032)])
def test_a_page_is_straightened_where_that_is_seen(degrees: float, skew: float) -> None:
    assert worker._find_skew(f"Deskew angle: {np.radians(degrees):.8f}") == skew


@pytest.mark.parametrize(("marks", "looks"), [(2, 3), (3, 4)])
def test_the_engine_is_shown_a_page_several_times(marks: int, looks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small, to find its turn and lean; whole; smaller; lines that read otherwise, larger; and what was not read."""
    if cv2 is None:
        require("the extra is not installed: pip install .[ocr]")
    pixels = np.full((400, 600, 3), 255, dtype=np.uint8)
    for place in range(marks):
        pixels[300:340, 100 + 60 * place : 120 + 60 * place] = 0
    pixels[100:140, 100:300] = 0
    shown: list[tuple[int, tuple[int, ...]]] = []

    def ask(picture: Any, *options: str, dpi: int = worker.DPI) -> tuple[int, str, str]:
        shown.append((dpi, picture.shape))
        return 0, "", ""

    def read(text: str, scale: float) -> tuple[SeenLine, ...]:
        if len(shown) > 5:
            return ()
        word = SeenWord(text=f"word{len(shown)}", x0=100, y0=100, x1=300, y1=140, confidence=0.9)
        return (SeenLine(words=(word,), baseline=140, size=40),)

    monkeypatch.setattr(worker, "_draw", lambda request: pixels)
    monkeypatch.setattr(worker, "_ask", ask)
    monkeypatch.setattr(worker, "read_hocr", read)
    worker.recognise(Request("scan.pdf", 1, None, ("lav",)))
    previews, whole = [(150, (200, 300))] * 2, (300, (400, 600))
    assert shown == [*previews, whole, (240, (320, 480)), (375, (500, 750)), *[whole] * (looks - 3)]
