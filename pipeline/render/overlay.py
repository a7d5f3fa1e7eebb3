"""Draws what the table model decided over the pages of a file: `pipeline rows FILE --overlay DIR`."""

import io
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.files import write_whole
from pipeline.models.artefact import Stored
from pipeline.models.geometry import Box
from pipeline.models.row import Document, Row
from pipeline.render.images import count_pages, draw_page, encode
from pipeline.run.options import Options
from pipeline.run.workers import WorkerPool, call_worker
from pipeline.stages.segment.trace import Decision, Trace

RESOLUTION: Final = 110
"""Pixels per inch: 9 pt text is read, and the notes are level with its lines."""
NOTES: Final = 640
"""Width, in pixels, of the space for notes to the right of the page."""
LETTER: Final = 11
"""Height of the notes' letters, pixels."""
EDGE: Final = (220, 40, 40)
ROW: Final = (20, 120, 220)
OUTSIDE: Final = (140, 140, 140)
BREAK: Final = (200, 80, 0)
STATES: Final = ((0, 140, 70), (150, 60, 170), (170, 110, 0), (0, 130, 150), (190, 30, 110))
"""Colours of candidates, in turn (RGB)."""
TICK: Final = 14
"""Length, in points, of the line at a page's top that shows a candidate: shorter than any page's margin."""
ROW_INSET: Final = 2.0
"""How far inside its cells, in points, a row's frame is drawn: the cells' edges stay visible."""
MOST_PARTS: Final = 5
"""Most parts of the evidence that a note names: the strongest ones."""


class OverlayMark(NamedTuple):
    """A shape over a page, points: a line where two sides are one, else a frame; a note at its right, a name at it."""

    x0: float
    top: float
    x1: float
    bottom: float
    colour: tuple[int, int, int]
    width: int = 1
    note: str = ""
    name: str = ""


def draw_overlay(path: Path, stored: Stored[Document], trace: Trace, folder: Path, options: Options) -> list[Path]:
    """Write one picture for each page, `page-001.png` on, by a worker process within the limits.

    Args:
        path: The PDF.
        stored: Its rows.
        trace: The decisions that led to them.
        folder: Where the pictures are written.
        options: The password and the limits.

    Returns:
        The pictures' paths.

    Raises:
        InputError: The file has changed since, or can't be opened.
        LimitError: A page can't be drawn within the limits.
        OutputError: A picture can't be written.
    """
    written: list[Path] = []
    seconds, password, edition = options.limits.page_seconds, options.password, stored.edition
    with WorkerPool(1, options.limits.megabytes) as pool:
        pages = call_worker(pool, path.name, seconds, count_pages, path, edition.sha256, password)
        for number in range(1, pages + 1):
            marks = list_marks(number, stored.content, trace)
            content = call_worker(pool, path.name, seconds, draw_marks, path, password, number, marks)
            target = folder / f"page-{number:03}.png"
            write_whole(target, [content], "give another folder by --overlay", edition=edition.id)
            written.append(target)
    return written


def list_marks(number: int, document: Document, trace: Trace) -> list[OverlayMark]:
    """List what is drawn over a page: edges, candidates' columns, rows, the page break, and each line's state.

    Candidates that no line of the page is in are short lines at the page's top, with their number.
    """
    marks = [
        OverlayMark(split, 0, split, TICK, _colour(state), 2, name=str(state))
        for state, split in enumerate(trace.splits, 1)
    ]
    if trace.edges:
        vertical, horizontal, _ = trace.edges[number - 1]
        marks += [OverlayMark(edge.at, edge.start, edge.at, edge.end, EDGE, 2) for edge in vertical]
        marks += [OverlayMark(edge.start, edge.at, edge.end, edge.at, EDGE, 2) for edge in horizontal]
    decisions = [one for one in trace.decisions if one.box.page == number]
    for state in sorted({one.state for one in decisions} - {0}):
        split = trace.splits[state - 1]
        own = [one.box for one in decisions if one.state == state]
        top, bottom = min(box.top for box in own), max(box.bottom for box in own)
        marks.append(OverlayMark(split, top, split, bottom, _colour(state), 2))
    for row in document.content:
        if isinstance(row, Row):
            marks += [
                _mark_box(part.label_box, part.value_box) for part in row.fragments if part.label_box.page == number
            ]
    if number in trace.breaks:
        sure = trace.breaks[number]
        note = f"page break: the row {'goes on' if sure >= 0.5 else 'ends'} ({sure:.2f})"
        marks.append(OverlayMark(0, 0, 10_000, 0, BREAK, 6, note))
    marks += [
        OverlayMark(one.box.x0, one.box.top, one.box.x1, one.box.bottom, _colour(one.state), 1, describe(one))
        for one in decisions
    ]
    return marks


def describe(decision: Decision) -> str:
    """A decision in a line: the state, the second, the margin and the strongest evidence."""
    if decision.second is None:
        return f"{decision.state or 'outside'}: no other state is possible"
    parts = " ".join(f"{part.name} {part.odds:+.1f}" for part in decision.evidence[:MOST_PARTS])
    tie = " ?" if decision.is_near_tie else ""
    return f"{decision.state or 'outside'} over {decision.second or 'outside'} by {decision.margin:.1f}{tie}: " + (
        parts or "its neighbours alone"
    )


def draw_marks(path: Path, password: str | None, number: int, marks: list[OverlayMark]) -> bytes:
    """Draw a page with marks and notes; a worker's task.

    Args:
        path: The PDF.
        password: User password of a locked file.
        number: 1-based number of the page.
        marks: What is drawn over it.

    Returns:
        The picture as PNG; a page that can't be drawn is white, and says why.
    """
    from PIL import Image, ImageDraw, ImageFont

    picture = draw_page(path, password, number, RESOLUTION)
    if picture.failure is None:
        page = Image.open(io.BytesIO(picture.webp)).convert("RGB")
        scale = page.width / picture.width
    else:
        page, scale = Image.new("RGB", (NOTES, NOTES), "white"), 1.0
        marks = [*marks, OverlayMark(0, 0, 0, 0, EDGE, 1, f"not drawn: {picture.failure}")]
    image = Image.new("RGB", (page.width + NOTES, page.height), "white")
    image.paste(page)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(LETTER)
    free = 0.0
    for mark in marks:
        left, top, right, bottom = (round(at * scale) for at in mark[:4])
        right = min(right, page.width - 1)
        if left >= right or top >= bottom:
            draw.line((left, top, right, bottom), mark.colour, mark.width)
        else:
            draw.rectangle((left, top, right, bottom), outline=mark.colour, width=mark.width)
        if mark.name:
            draw.text((left + 3, top), mark.name, mark.colour, font)
        if mark.note:
            # Notes are level with their lines, or below the note before.
            free = max(free, float(top))
            draw.text((page.width + 6, free), mark.note, mark.colour, font)
            free += LETTER
    return encode(image, "PNG")


def _mark_box(label: Box, value: Box) -> OverlayMark:
    return OverlayMark(
        min(label.x0, value.x0) + ROW_INSET,
        min(label.top, value.top) + ROW_INSET,
        max(label.x1, value.x1) - ROW_INSET,
        max(label.bottom, value.bottom) - ROW_INSET,
        ROW,
        2,
    )


def _colour(state: int) -> tuple[int, int, int]:
    return STATES[(state - 1) % len(STATES)] if state else OUTSIDE
