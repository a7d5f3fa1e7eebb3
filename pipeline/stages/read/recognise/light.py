"""Evens the light of a scanned page: grey or tinted paper, and light that falls off to a side, become white paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pipeline.stages.read.recognise.drawing import Pixels

SHRINK: Final = 4
"""Pixels that are averaged, in both directions, before the paper is measured."""
BLOCK: Final = 16
"""Width and height of the blocks whose median is the paper's brightness, in shrunk pixels: 15 pt at 300 dpi."""
RIM_BLOCKS: Final = 3
"""Blocks at each side that are paper, whatever is printed on the page: 45 pt, less than most margins."""
DARKEST_PAPER: Final = 140
"""Least brightness (of 255) of paper: shadows, holes and bars at the rim are darker."""
STRAY: Final = 8.0
"""Largest difference (of 255) of a block of paper from the light fitted; what strays further is print or shadow."""
LEAST_FALL: Final = 6.0
"""Least difference (of 255) from white for which a page is changed: JPEG and noise leave white paper within 4."""


def level_light(pixels: Pixels) -> Pixels:
    """Even the light of a page by a surface of the second degree that is fitted to the paper at its rim.

    Args:
        pixels: The page, height × width × 3 (RGB).

    Returns:
        The page on white paper; the same one where it is, or where its rim is no paper.
    """
    import cv2
    import numpy as np

    height, width = pixels.shape[:2]
    rows, columns = height // SHRINK // BLOCK, width // SHRINK // BLOCK
    if min(rows, columns) <= 2 * RIM_BLOCKS:
        return pixels
    small = cv2.resize(pixels, (columns * BLOCK, rows * BLOCK), interpolation=cv2.INTER_AREA)
    blocks = np.median(small.reshape(rows, BLOCK, columns, BLOCK, 3).astype(np.float32), axis=(1, 3))
    y, x = (axis / (size - 1) for axis, size in zip(np.indices((rows, columns)), (rows, columns), strict=True))
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=-1).reshape(-1, 6)
    paper = np.ones((rows, columns), dtype=bool)
    paper[RIM_BLOCKS:-RIM_BLOCKS, RIM_BLOCKS:-RIM_BLOCKS] = False
    known = blocks.reshape(-1, 3)
    kept = paper.ravel() & (known.min(axis=1) >= DARKEST_PAPER)
    for _ in range(5):
        if kept.sum() < paper.sum() / 3:
            return pixels
        fitted = terms @ np.linalg.lstsq(terms[kept], known[kept], rcond=None)[0]
        kept &= np.abs(known - fitted).max(axis=1) <= max(STRAY, np.percentile(np.abs(known - fitted)[kept], 80))
    if 255 - fitted.min() < LEAST_FALL or fitted.min() < DARKEST_PAPER:
        return pixels
    gains = (255 / fitted).astype(np.float32).reshape(rows, columns, 3)
    level = np.empty_like(pixels)
    for channel in range(3):  # one by one, for the memory that the gains of each pixel take
        gain = cv2.resize(gains[:, :, channel], (width, height))
        level[:, :, channel] = cv2.multiply(pixels[:, :, channel], gain, dtype=cv2.CV_8U)
    return level
