"""Sheets → `PageLayout`s: every glyph of a page stands in exactly one place."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Final

from pipeline.models.layout import LeftOut, PageLayout, TextLine
from pipeline.stages.segment.leaf import Leaf
from pipeline.stages.segment.lines import group_lines, make_text_line
from pipeline.stages.segment.rows import make_table
from pipeline.stages.segment.setting import Setting
from pipeline.stages.segment.sheet import Kind, Style

ORNAMENT_REACH = 20.0
"""Farthest, in points, that a rule set as characters stands from a table whose rows it parts."""
REASONS: Final = ("concealed", "stamp", "rotated", "remark", "margin_note", "line_numbers", "ornament")
"""Why glyphs are left out, in the order in which they are listed."""


def lay_out(sheet: Leaf, settings: Mapping[Kind, tuple[Style, Setting]]) -> PageLayout:
    """Lay a page out: its tables with their rows, its free and margin lines, and what is left out.

    Args:
        sheet: The page with all that has been found on it.
        settings: Of each kind of tables what all pages show, and how its rows are set.

    Returns:
        The layout; each visible glyph stands in one place.
    """
    page, glyphs = sheet.page, sheet.page.glyphs
    tables = [make_table(sheet, part, *settings[part.kind]) for part in sheet.parts]
    placed = {index for part in sheet.parts for index in (*part.label_ids, *part.value_ids)}
    aside = _find_aside(sheet)
    left: dict[str, list[int]] = {}
    wide: list[LeftOut] = []

    def take(ids: Iterable[int]) -> list[int]:
        """Take what has no place yet, but what is left out by name."""
        own = [index for index in ids if index not in placed]
        placed.update(own)
        for index in own:
            if index in aside and glyphs.ink[index]:
                left.setdefault(aside[index], []).append(index)
        return [index for index in own if index not in aside] if aside.keys() & own else own

    def make_lines(ids: Iterable[int]) -> tuple[TextLine, ...]:
        return tuple(make_text_line(page, line) for line in group_lines(page, ids))

    for columns, inside in sheet.other:
        ids = [index for number in inside for index in sheet.lines[number].ids if index not in placed]
        placed.update(ids)
        if ids:
            wide.append(LeftOut(reason="other_table", lines=make_lines(ids), columns=columns))
    margin = [line for number in sorted(sheet.margin) for line in make_lines(take(sheet.lines[number].ids))]
    free = make_lines(take(sheet.upright))
    upright = set(sheet.upright)
    for index, inked in enumerate(glyphs.ink):
        if inked and index not in upright:
            concealed = glyphs.settings[glyphs.setting_ids[index]].concealed
            name = "concealed" if concealed else "stamp" if index in sheet.stamps else "rotated"
            left.setdefault(name, []).append(index)
    copies_of = list(glyphs.values("copies"))
    return PageLayout(
        number=page.number,
        width=page.width,
        height=page.height,
        glyph_count=sum(itertools.compress(copies_of, glyphs.ink)),
        glyph_copies=tuple((index, copies - 1) for index, copies in enumerate(copies_of) if copies > 1),
        tables=tuple(sorted(tables, key=lambda table: table.box.top)),
        free_lines=free,
        margin_lines=tuple(margin),
        left_out=(*wide, *(LeftOut(reason=name, lines=make_lines(left[name])) for name in REASONS if name in left)),
        near_ties=tuple(sheet.near_ties),
        tags=sheet.agreement,
    )


def _find_aside(sheet: Leaf) -> dict[int, str]:
    """Name the glyphs that are left out: those beside frames, and ornaments in tables or near them."""
    aside = {index: name for name, ids in sheet.aside.items() for index in ids}
    glyphs = sheet.page.glyphs
    for index in sheet.ornaments:
        setting = glyphs.settings[glyphs.setting_ids[index]]
        middle = (setting.top + setting.bottom) / 2
        if any(part.top - ORNAMENT_REACH <= middle <= part.bottom + ORNAMENT_REACH for part in sheet.parts):
            aside[index] = "ornament"
    return aside
