"""Finds the ruling lines and coloured areas of a page in its picture.

A scan has no strokes and fills, only pixels. What a reader sees as a line or a coloured cell is given in pixels here,
so that the segment stage can find tables as in any other file. Lines are also painted over, because the engine reads
them as letters (`|`, `l`, `_`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from pipeline.stages.read.drawn import enclose

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    Flags = NDArray[np.bool_]

POINTS_PER_INCH: Final = 72.0
"""Of PDF's default unit (ISO 32000-1, 8.3.2.3)."""
THICKEST_LINE_POINTS: Final = 4.0
"""Thickest stroke that is a line, as in the read stage; also safely more than any stroke of a letter in a text."""
INK_CONTRAST: Final = 22
"""Least difference (of 255) of a line from what is around it: a hairline of 0.25 pt at 200 dpi still has 60, the noise
of a photographed page and of JPEG some 10."""
LIGHT_CONTRAST: Final = 14
"""The same for a white line on a coloured area: a 7 % tint has 18, what is left between the letters of a text 13."""
STRETCH_POINTS: Final = 12.0
"""Least length of the unbroken stretches that lines are made of: no stroke of a letter in a text is as long, and the
sides of the lowest cells are."""
EVEN_SHARE: Final = 0.45
"""Least darkness of a stretch where it is palest, as a share of its median: a stroke is evenly dark, letters that all
but touch are not."""
SIDE_POINTS: Final = 0.6
"""Distance from a stretch at which letters that it belongs to are dark: the feet of bold letters touch each other."""
LETTERS_SHARE: Final = 0.3
"""Least share of a stretch's length with dark letters at one of its sides: an underline has a tail or two."""
WORD_POINTS: Final = 100.0
"""Greatest length of such a stretch: white parts words."""
PALEST_PERCENT: Final = 4
"""Share of a stretch's length, in per cent, that counts as its palest part: a gap between letters is wider."""
STRETCH_SHARE: Final = 0.6
"""Least share of a line's length that its stretches cover."""
LINE_BREAK_POINTS: Final = 7.0
"""Largest gap between stretches of one line (dashes, breaks of the print)."""
LEAST_LINE_POINTS: Final = 30.0
"""Least length of a line that stands alone: longer than any dash or letter in a heading."""
MEETING_POINTS: Final = 2.5
"""Largest distance at which lines meet, and twice that of stretches of one line from each other."""
ASLANT_POINTS: Final = 2.0
"""How far a line may lean over its length after the page was straightened."""
AREA_DETAIL_POINTS: Final = 0.5
"""Size of the pixels in which coloured areas are sought."""
AREA_CONTRAST: Final = 9
"""Least difference (of 255, in any channel) of a coloured area from the paper: the lightest tints in use are 4 % grey
(10), and JPEG gives white paper next to coloured cells a tint of up to 7."""
AREA_DOUBT: Final = 0.6
"""Share of that contrast from which a single pixel may belong to an area whose contrast as a whole is enough."""
AREA_BLUR_POINTS: Final = 6.5
"""Widest strokes, and gaps between them, that are taken out before areas are sought."""
DARK_CHANNEL: Final = 140
"""Value (of 255) that no channel of a dark area reaches: white text is set on nothing lighter."""
AREA_STEP: Final = 7
"""Least change of colour (of 255) that parts two areas: the change of noise is below 3."""
AREA_RIM: Final = 2
"""Pixels on either side of a pixel between which the colour's change is measured: the print of an edge is as wide."""
LEAST_AREA_POINTS: Final = 8.0
"""Least width and height of a coloured area: less is a line or a bullet, and a row of text is higher."""
LEAST_AREA_LENGTH_POINTS: Final = 36.0
"""Least length of its longer side: what letters leave behind is shorter, and a column of labels wider."""
HOLE_POINTS: Final = 24.0
"""Greatest width and height of a hole in an area that is none: a punched one has 17 (6 mm), and a rim on each side."""
SOLID_SHARE: Final = 0.9
"""Least share of a coloured area's width that is coloured, in each row of its pixels."""
SAME_SIDE_POINTS: Final = 2.0
"""Largest difference of the sides of neighbouring pixel rows that are one rectangle's."""
PAPER_EDGE_SHARE: Final = 0.03
"""Width of the page's rim, as a share of its shorter side, by which the paper's colour is measured, as its
median: less than margins are, and twice as wide as the shadow of a scanner's lid."""


class PixelBox(NamedTuple):
    """A rectangle in pixels; for a line its middle is meant."""

    x0: float
    y0: float
    x1: float
    y1: float


class PixelArea(NamedTuple):
    """A coloured rectangle in pixels, and its colour in RGB, each channel 0 to 1."""

    x0: float
    y0: float
    x1: float
    y1: float
    colour: tuple[float, float, float]


class Drawing(NamedTuple):
    """What is drawn on a page apart from its text, in pixels.

    Attributes:
        lines: Horizontal and vertical lines as boxes around their ink.
        areas: Coloured rectangles.
    """

    lines: tuple[PixelBox, ...]
    areas: tuple[PixelArea, ...]


def find_drawing(pixels: Pixels, dpi: float) -> tuple[Drawing, Pixels]:
    """Find the lines and coloured areas of a page.

    Args:
        pixels: The page as height × width × 3 (RGB, 8 bits each), upright and straight.
        dpi: Resolution, pixels per inch.

    Returns:
        The lines and areas, and the page without its dark lines.
    """
    import cv2
    import numpy as np

    point = dpi / POINTS_PER_INCH
    reach = _odd(1.5 * THICKEST_LINE_POINTS * point)
    around = cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach))
    # No dark strokes. Outside of the page all is white, so that lines at its edges are strokes, too.
    rim: Any = {"borderType": cv2.BORDER_CONSTANT, "borderValue": (255, 255, 255)}
    paper: Pixels = np.asarray(cv2.morphologyEx(pixels, cv2.MORPH_CLOSE, around, **rim), dtype=np.uint8)
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    dark = np.asarray(cv2.subtract(cv2.cvtColor(paper, cv2.COLOR_RGB2GRAY), grey), dtype=np.uint8)
    lines, ink = _find_lines(dark, INK_CONTRAST, point)
    cleaned = pixels.copy()
    grown = cv2.dilate(ink.astype("uint8"), cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3))) > 0
    cleaned[grown] = paper[grown]
    del dark, ink, grown

    ground = cv2.morphologyEx(paper, cv2.MORPH_OPEN, around)  # light strokes gone too
    light = np.asarray(
        cv2.subtract(cv2.cvtColor(paper, cv2.COLOR_RGB2GRAY), cv2.cvtColor(ground, cv2.COLOR_RGB2GRAY)), dtype=np.uint8
    )
    light_lines, _ = _find_lines(light, LIGHT_CONTRAST, point)
    areas = _unite_areas(_find_areas(pixels, point), point)
    areas = tuple(
        area for area in areas if max(area.x1 - area.x0, area.y1 - area.y0) >= LEAST_AREA_LENGTH_POINTS * point
    )
    lines += tuple(line for line in light_lines if any(_within(line, area, point) for area in areas))
    return Drawing(lines, areas), cleaned


def _odd(size: float) -> int:
    return max(3, round(size) // 2 * 2 + 1)


def _within(line: PixelBox, area: PixelArea, point: float) -> bool:
    slack = MEETING_POINTS * point
    across = line.x0 >= area.x0 - slack and line.x1 <= area.x1 + slack
    return across and line.y0 >= area.y0 - slack and line.y1 <= area.y1 + slack


def _find_lines(strength: Pixels, least: int, point: float) -> tuple[tuple[PixelBox, ...], Flags]:
    """Find lines by how much each pixel differs from what is around it; the second value marks their pixels."""
    import numpy as np

    ways = (strength, strength.T)
    stretches, labels = zip(*(_find_stretches(way, least, point) for way in ways), strict=True)
    joined = [_join_stretches(found, point) for found in stretches]
    kept = np.zeros(strength.shape, dtype=bool)
    lines: list[PixelBox] = []
    for upright, found in enumerate(joined):
        crossing = [box for box, _ in joined[1 - upright]]
        numbers: list[int] = []
        for box, members in found:
            if box.x1 - box.x0 >= LEAST_LINE_POINTS * point or _is_held(box, crossing, point):
                lines.append(PixelBox(box.y0, box.x0, box.y1, box.x1) if upright else box)
                numbers += members
        wanted = np.zeros(labels[upright].max() + 1, dtype=bool)
        wanted[numbers] = True
        marked = wanted[labels[upright]]
        kept |= marked.T if upright else marked
    return tuple(lines), kept


def _is_held(box: PixelBox, crossing: list[PixelBox], point: float) -> bool:
    """Return whether a line meets others at both ends; `crossing` has x and y exchanged."""
    slack = MEETING_POINTS * point
    return all(
        any(
            abs((other.y0 + other.y1) / 2 - end) <= slack
            and other.x0 - slack <= (box.y0 + box.y1) / 2 <= other.x1 + slack
            and other.x1 - other.x0 >= LEAST_LINE_POINTS * point
            for other in crossing
        )
        for end in (box.x0, box.x1)
    )


def _find_stretches(strength: Pixels, least: int, point: float) -> tuple[list[tuple[PixelBox, int]], NDArray[np.int32]]:
    """Find horizontal stretches; the second value numbers the pixels of each, 0 for none."""
    import cv2
    import numpy as np

    # With a rim, so that what is dilated by a pixel has that pixel at the page's edges, too.
    flat = np.pad((strength >= least).astype(np.uint8), 1)
    length = max(3, round(STRETCH_POINTS * point))
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (length, 1))
    stretches = cv2.morphologyEx(flat, cv2.MORPH_OPEN, kernel)
    # A line that leans by a pixel is two stretches, one above the other.
    joined = cv2.dilate(stretches, cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3)))
    count, numbered, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    numbered[stretches == 0] = 0  # in its place: a copy takes 72 MB of a page of A3
    labels = cast("NDArray[np.int32]", numbered[1:-1, 1:-1])
    near = max(2, round(SIDE_POINTS * point))
    found: list[tuple[PixelBox, int]] = []
    for number in range(1, count):
        left, top, width, height = (int(value) for value in stats[number][:4])
        box = PixelBox(left, top, left + width - 2, top + height - 2)
        if box.y1 - box.y0 > (THICKEST_LINE_POINTS + ASLANT_POINTS) * point or box.x1 - box.x0 < length:
            continue
        place = slice(int(box.y0), int(box.y1)), slice(int(box.x0), int(box.x1))
        along = np.where(labels[place] == number, strength[place], 0).max(axis=0)
        if np.percentile(along, PALEST_PERCENT) < EVEN_SHARE * np.median(along):
            continue
        sides = [row for row in (int(box.y0) - near, int(box.y1) - 1 + near) if 0 <= row < strength.shape[0]]
        beside = [strength[row, place[1]] >= EVEN_SHARE * np.median(along) for row in sides]
        if box.x1 - box.x0 > WORD_POINTS * point or all(np.mean(dark) < LETTERS_SHARE for dark in beside):
            found.append((box, number))
    return found, labels


def _join_stretches(stretches: list[tuple[PixelBox, int]], point: float) -> list[tuple[PixelBox, list[int]]]:
    """Join stretches on one line whose gaps are small."""
    joined: list[tuple[PixelBox, list[int]]] = []
    for box, number in sorted(stretches, key=lambda item: item[0].x0):
        for place in range(len(joined) - 1, -1, -1):
            other, members = joined[place]
            gap = box.x0 - other.x1
            apart = abs((box.y0 + box.y1) / 2 - (other.y0 + other.y1) / 2)
            if gap <= LINE_BREAK_POINTS * point and apart <= MEETING_POINTS / 2 * point:
                joined[place] = PixelBox(*enclose((other, box))), [*members, number]
                break
        else:
            joined.append((box, [number]))
    widths = {number: box.x1 - box.x0 for box, number in stretches}
    return [
        (box, members)
        for box, members in joined
        if sum(widths[number] for number in members) >= STRETCH_SHARE * (box.x1 - box.x0)
    ]


def _unite_areas(areas: Iterable[PixelArea], point: float) -> tuple[PixelArea, ...]:
    """Unite areas of one colour and width that are one below the other: text divides what is one."""
    slack = SAME_SIDE_POINTS * point
    united: list[PixelArea] = []
    for area in sorted(areas, key=lambda item: item.y0):
        for place, other in enumerate(united):
            tint = max(abs(one - two) for one, two in zip(area.colour, other.colour, strict=True))
            if (
                abs(area.y0 - other.y1) <= slack
                and abs(area.x0 - other.x0) <= slack
                and abs(area.x1 - other.x1) <= slack
                and tint * 255 < AREA_CONTRAST
            ):
                sides = min(area.x0, other.x0), other.y0, max(area.x1, other.x1), area.y1
                united[place] = PixelArea(*sides, other.colour)
                break
        else:
            united.append(area)
    return tuple(united)


def _find_areas(pixels: Pixels, point: float) -> Iterator[PixelArea]:
    """Find coloured rectangles on a page, whatever is on them."""
    import cv2
    import numpy as np

    step = max(1.0, AREA_DETAIL_POINTS * point)
    height, width = pixels.shape[:2]
    size = (max(1, round(width / step)), max(1, round(height / step)))
    # Averaged before strokes are taken out, so that the noise of single pixels does not pass for a colour.
    shrunk = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    reach = _odd(AREA_BLUR_POINTS / AREA_DETAIL_POINTS)
    around = cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach))
    calm = cv2.medianBlur(shrunk, 3)
    # Dark strokes go where bright gaps are kept; on a dark area, light strokes go where dark gaps are.
    on_light = cv2.morphologyEx(cv2.morphologyEx(calm, cv2.MORPH_CLOSE, around), cv2.MORPH_OPEN, around)
    on_dark = cv2.morphologyEx(cv2.morphologyEx(calm, cv2.MORPH_OPEN, around), cv2.MORPH_CLOSE, around)
    usual = cv2.medianBlur(calm, reach)
    dark = np.maximum(on_dark, usual).max(axis=2) < DARK_CHANNEL
    ground = np.where(dark[:, :, None], on_dark, on_light).astype(np.uint8)
    small = cv2.medianBlur(ground, 5).astype(np.int16)
    rim = max(1, round(PAPER_EDGE_SHARE * min(size)))
    edge = np.concatenate(
        [part.reshape(-1, 3) for part in (small[:rim], small[-rim:], small[:, :rim], small[:, -rim:])]
    )
    paper = np.median(edge, axis=0)
    contrast = np.abs(small - paper).max(axis=2)
    coloured = contrast >= AREA_DOUBT * AREA_CONTRAST
    change = np.zeros(small.shape[:2], dtype=np.int16)
    for axis in (0, 1):
        difference = np.abs(np.roll(small, -AREA_RIM, axis) - np.roll(small, AREA_RIM, axis)).max(axis=2)
        change = np.maximum(change, difference)
    inner = (coloured & (change < AREA_STEP)).astype(np.uint8)
    inner = cv2.morphologyEx(inner, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (3, 3)))
    _, numbered, stats, _ = cv2.connectedComponentsWithStats(1 - inner, connectivity=8)
    inner[(stats[:, 2:4].max(axis=1) <= HOLE_POINTS / AREA_DETAIL_POINTS)[numbered]] = 1
    count, labels, stats, _ = cv2.connectedComponentsWithStats(inner, connectivity=4)
    least = LEAST_AREA_POINTS / AREA_DETAIL_POINTS
    across, down = width / size[0], height / size[1]
    for number in range(1, count):
        left, top, wide, high = (int(value) for value in stats[number][:4])
        if wide < least - 2 * AREA_RIM or high < least - 2 * AREA_RIM:
            continue
        region = labels[top : top + high, left : left + wide] == number
        if np.median(contrast[top : top + high, left : left + wide][region]) < AREA_CONTRAST:
            continue  # a hint of colour, of which some pixels pass and some do not
        for x0, y0, x1, y1 in _rectangles(region):
            if x1 - x0 < least - 2 * AREA_RIM or y1 - y0 < least - 2 * AREA_RIM:
                continue
            part = shrunk[top + y0 : top + y1, left + x0 : left + x1]
            colour = np.median(part.reshape(-1, 3), axis=0) / 255
            # The change of colour took a rim on each side.
            yield PixelArea(
                max(0.0, (left + x0 - AREA_RIM) * across),
                max(0.0, (top + y0 - AREA_RIM) * down),
                min(float(width), (left + x1 + AREA_RIM) * across),
                min(float(height), (top + y1 + AREA_RIM) * down),
                (round(float(colour[0]), 2), round(float(colour[1]), 2), round(float(colour[2]), 2)),
            )


def _rectangles(region: Flags) -> Iterator[tuple[int, int, int, int]]:
    """Divide a region into rectangles one below the other: where its sides jump, another begins."""
    slack = SAME_SIDE_POINTS / AREA_DETAIL_POINTS
    start, sides = 0, (-1, -1)
    rows = [row.nonzero()[0] for row in region]
    for number, filled in enumerate([*rows, rows[0][:0]]):
        solid = len(filled) > 0 and len(filled) >= SOLID_SHARE * (filled[-1] - filled[0] + 1)
        here = (int(filled[0]), int(filled[-1]) + 1) if solid and number < len(rows) else (-1, -1)
        moved = max(abs(here[0] - sides[0]), abs(here[1] - sides[1])) > slack
        if moved or (here == (-1, -1)) != (sides == (-1, -1)):
            if sides != (-1, -1):
                yield sides[0], start, sides[1], number
            start, sides = number, here
