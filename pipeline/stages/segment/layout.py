"""Sheets → `PageLayout`s: every glyph of a page stands in exactly one place."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Container, Mapping

from pipeline.models.layout import LeftOut, PageLayout, TextLine
from pipeline.stages.segment.frames import Frame
from pipeline.stages.segment.lines import group_lines, make_text_line
from pipeline.stages.segment.numbering import is_number
from pipeline.stages.segment.rows import make_table
from pipeline.stages.segment.setting import Setting
from pipeline.stages.segment.sheet import Kind, Sheet, Style

REMARK = 2
"""Place of an empty column among what is before, inside, in such a column and behind a frame."""
WIDEST_NOTE = 0.5
"""Widest text beside a frame, as a share of the frame's width, that is a note in its margin."""


def lay_out(sheet: Sheet, settings: Mapping[Kind, tuple[Style, Setting]]) -> PageLayout:
    """Lay a page out: its tables with their rows, its free and margin lines, and what is left out.

    Args:
        sheet: The page with all that has been found on it.
        settings: Of each kind of tables what all pages show, and how its rows are set.

    Returns:
        The layout; each visible glyph stands in one place.
    """
    page = sheet.page
    tables = [make_table(sheet, part, *settings[part.kind]) for part in sheet.parts]
    placed = {index for part in sheet.parts for index in (*part.label_ids, *part.value_ids)}
    margin_lines: list[TextLine] = []
    left_out: list[LeftOut] = []
    for number in sorted(sheet.margin):
        line = sheet.lines[number]
        placed.update(line.ids)
        margin_lines.append(make_text_line(page, line))
    for band, inside in sheet.other:
        ids = [index for number in inside for index in sheet.lines[number].ids if index not in placed]
        placed.update(ids)
        if ids:
            left_out.append(
                LeftOut(
                    reason="other_table",
                    lines=tuple(make_text_line(page, line) for line in group_lines(page, ids)),
                    columns=len(band.boundaries) + 1,
                )
            )
    for note in find_notes(sheet, placed):
        placed.update(index for line in note.lines for index in line.glyphs)
        left_out.append(note)
    for reason, ids in sheet.left_out.items():
        placed.update(ids)
        if any(page.glyphs.ink[index] for index in ids):
            left_out.append(
                LeftOut(reason=reason, lines=tuple(make_text_line(page, line) for line in group_lines(page, ids)))
            )
    free = [index for index in sheet.upright if index not in placed]
    free_lines = [make_text_line(page, line) for line in group_lines(page, free)]
    upright = set(sheet.upright)
    glyphs = page.glyphs
    hidden = [index for index, inked in enumerate(glyphs.ink) if inked and index not in upright and index not in placed]
    for concealed in (True, False):
        ids = [index for index in hidden if bool(glyphs.settings[glyphs.setting_ids[index]].concealed) is concealed]
        if ids:
            left_out.append(
                LeftOut(
                    reason="concealed" if concealed else "rotated",
                    lines=tuple(make_text_line(page, line) for line in group_lines(page, ids)),
                )
            )
    copies_of = list(glyphs.values("copies"))
    return PageLayout(
        number=page.number,
        width=page.width,
        height=page.height,
        glyph_count=sum(itertools.compress(copies_of, glyphs.ink)),
        glyph_copies=tuple((index, copies - 1) for index, copies in enumerate(copies_of) if copies > 1),
        tables=tuple(sorted(tables, key=lambda table: table.box.top)),
        free_lines=tuple(free_lines),
        margin_lines=tuple(margin_lines),
        left_out=tuple(left_out),
    )


def find_notes(sheet: Sheet, placed: Container[int]) -> list[LeftOut]:
    """Find what stands beside the frames of tables: notes in the margin, line numbers, remarks in an empty column.

    Args:
        sheet: The page with its tables.
        placed: Ids of the glyphs that have a place.

    Returns:
        What to leave out, each side of a frame by itself.
    """
    page = sheet.page
    lefts, rights = page.glyphs.lefts, page.glyphs.rights
    sides: dict[tuple[Frame, int], list[int]] = {}
    for line in sheet.lines:
        frame = next((one for one in sheet.frames if one.top <= line.middle <= one.bottom), None)
        if frame is None or any(one.holds((line.x0 + line.x1) / 2, line.middle) for one in sheet.frames):
            continue
        for index in line.ids:
            if index not in placed:
                middle = (lefts[index] + rights[index]) / 2
                side = bisect_left((frame.x0, frame.x1, frame.outer_x1), middle)
                sides.setdefault((frame, side), []).append(index)
    found: list[LeftOut] = []
    for (frame, side), ids in sides.items():
        if not any(page.glyphs.ink[index] for index in ids):
            continue
        lines = group_lines(page, ids)
        made = tuple(make_text_line(page, line) for line in lines)
        if frame.x1 < frame.outer_x1 and side == REMARK:
            found.append(LeftOut(reason="remark", lines=made))
        elif max(line.x1 for line in lines) - min(line.x0 for line in lines) <= WIDEST_NOTE * (frame.x1 - frame.x0):
            numbers = all(is_number(line.text) for line in made)
            found.append(LeftOut(reason="line_numbers" if numbers else "margin_note", lines=made))
    return found
