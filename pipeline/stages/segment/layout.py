"""Leaves → `PageLayout`s: every glyph of a page stands in exactly one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from pipeline.models.layout import LeftOut, PageLayout, TextLine
from pipeline.stages.segment.division import RowStyle
from pipeline.stages.segment.leaf import Leaf
from pipeline.stages.segment.lines import group_lines, make_text_line
from pipeline.stages.segment.region import Kind, TypeScale
from pipeline.stages.segment.rows import make_table

ORNAMENT_REACH = 20.0
"""Farthest, in points, that a rule set as characters stands from a table whose rows it parts."""
REASONS: Final = ("concealed", "stamp", "rotated", "remark", "margin_note", "line_numbers", "ornament")
"""Why glyphs are left out, in the order in which they are listed."""


def lay_out(leaf: Leaf, row_styles: Mapping[Kind, tuple[TypeScale, RowStyle]]) -> PageLayout:
    """Lay a page out: its tables with their rows, its free and margin lines, and what is left out.

    Args:
        leaf: The page with all that has been found on it.
        row_styles: Of each kind of tables what all pages show, and how its rows are set.

    Returns:
        The layout; each visible glyph stands in one place.
    """
    page, glyphs = leaf.page, leaf.page.glyphs
    tables = [make_table(leaf, region, *row_styles[region.kind]) for region in leaf.regions]
    placed = {index for region in leaf.regions for index in (*region.label_ids, *region.value_ids)}
    aside = _find_aside(leaf)
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

    for columns, inside in leaf.other:
        ids = [index for number in inside for index in leaf.lines[number].ids if index not in placed]
        placed.update(ids)
        if ids:
            wide.append(LeftOut(reason="other_table", lines=make_lines(ids), columns=columns))
    margin = [line for number in sorted(leaf.margin) for line in make_lines(take(leaf.lines[number].ids))]
    free = make_lines(take(leaf.upright))
    upright = set(leaf.upright)
    for index in leaf.ids:
        if glyphs.ink[index] and index not in upright:
            concealed = glyphs.settings[glyphs.setting_ids[index]].concealed
            name = "concealed" if concealed else "stamp" if index in leaf.stamps else "rotated"
            left.setdefault(name, []).append(index)
    copies_of = list(glyphs.values("copies"))
    return PageLayout(
        number=page.number,
        width=page.width,
        height=page.height,
        glyph_count=sum(copies_of[index] for index in glyphs.keep_ink(leaf.ids)),
        glyph_copies=tuple((index, copies_of[index] - 1) for index in leaf.ids if copies_of[index] > 1),
        divided=leaf.divided,
        tables=tuple(sorted(tables, key=lambda table: table.box.top)),
        free_lines=free,
        margin_lines=tuple(margin),
        left_out=(*wide, *(LeftOut(reason=name, lines=make_lines(left[name])) for name in REASONS if name in left)),
        near_ties=tuple(leaf.near_ties),
        tags=leaf.agreement,
    )


def _find_aside(leaf: Leaf) -> dict[int, str]:
    """Name the glyphs that are left out: those next to frames, and ornaments in tables or near them."""
    aside = {index: name for name, ids in leaf.aside.items() for index in ids}
    glyphs = leaf.page.glyphs
    for index in leaf.ornaments:
        setting = glyphs.settings[glyphs.setting_ids[index]]
        middle = (setting.top + setting.bottom) / 2
        if any(region.top - ORNAMENT_REACH <= middle <= region.bottom + ORNAMENT_REACH for region in leaf.regions):
            aside[index] = "ornament"
    return aside
