"""Sheets → `PageLayout`s: every glyph of a page stands in exactly one place."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from pipeline.models.layout import LeftOut, PageLayout, TextLine
from pipeline.stages.segment.leaf import Leaf
from pipeline.stages.segment.lines import group_lines, make_text_line
from pipeline.stages.segment.rows import make_table
from pipeline.stages.segment.setting import Setting
from pipeline.stages.segment.sheet import Kind, Style


def lay_out(sheet: Leaf, settings: Mapping[Kind, tuple[Style, Setting]]) -> PageLayout:
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
    for columns, inside in sheet.other:
        ids = [index for number in inside for index in sheet.lines[number].ids if index not in placed]
        placed.update(ids)
        if ids:
            left_out.append(
                LeftOut(
                    reason="other_table",
                    lines=tuple(make_text_line(page, line) for line in group_lines(page, ids)),
                    columns=columns,
                )
            )
    free = [index for index in sheet.upright if index not in placed]
    free_lines = [make_text_line(page, line) for line in group_lines(page, free)]
    upright = set(sheet.upright)
    glyphs = page.glyphs
    hidden = [index for index, inked in enumerate(glyphs.ink) if inked and index not in upright]
    reasons: dict[str, list[int]] = {"concealed": [], "stamp": [], "rotated": []}
    for index in hidden:
        concealed = glyphs.settings[glyphs.setting_ids[index]].concealed
        reasons["concealed" if concealed else "stamp" if index in sheet.stamps else "rotated"].append(index)
    for reason, ids in reasons.items():
        if ids:
            left_out.append(
                LeftOut(
                    reason=reason,
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
        tags=sheet.agreement,
    )
