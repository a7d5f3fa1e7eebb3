"""Structure tags as evidence: where a tagged file says that a line is.

What is read here are believed tags: `agreement.py` takes away those that disagree with their pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.models.page import Page, Tags
from pipeline.text.weights import WEIGHTS as W

if TYPE_CHECKING:
    from pipeline.stages.segment.lines import GlyphLine
    from pipeline.stages.segment.page_analysis import PageAnalysis, Piece

CELLS: Final = frozenset({"TD", "TH"})
HEADINGS: Final = frozenset({"Title", "H", "H1", "H2", "H3", "H4", "H5", "H6"})
BLOCKS: Final = CELLS | HEADINGS | {"P", "LI"}
ROW: Final = frozenset({"TR"})
TABLE: Final = frozenset({"Table"})


class TagPlace(NamedTuple):
    """Where the tags say that a glyph is: numbers of its row and cell; 0 in none, -1 for both in a heading."""

    row: int
    cell: int


NOWHERE: Final = TagPlace(0, 0)
HEADING: Final = TagPlace(-1, -1)


def find_place(tags: Tags | None, glyph: int) -> TagPlace:
    """Return the row and the cell that tags name for a glyph.

    Args:
        tags: The page's tags.
        glyph: Its id.
    """
    element = None if tags is None else tags.find(glyph)
    if tags is None or element is None or element < 0:
        return NOWHERE
    row = tags.around(element, ROW)
    if row < 0:
        return NOWHERE if tags.around(element, HEADINGS) < 0 or tags.around(element, TABLE) >= 0 else HEADING
    cell = -1  # the outermost inside the row: the cells of tables inside it belong to it
    while element != row:
        cell = element if tags.elements[element].role in CELLS else cell
        element = tags.up(element)
    return NOWHERE if cell < 0 else TagPlace(tags.identify(row), tags.identify(cell))


def find_block(tags: Tags | None, glyph: int) -> int:
    """Return the number of the innermost paragraph, list item or cell that tags name for a glyph; 0 for none.

    Args:
        tags: The page's tags.
        glyph: Its id.
    """
    element = None if tags is None else tags.find(glyph)
    if tags is None or element is None or (block := tags.around(element, BLOCKS)) < 0:
        return 0
    return tags.elements[block].key


def list_rows(page: Page, lines: Sequence[GlyphLine]) -> list[int]:
    """List the numbers of the rows that a page's tags put lines in, 0 for none; empty where no line is in any."""
    ink = page.glyphs.ink
    if page.tags is None:
        return []
    rows = [max(0, find_place(page.tags, next(i for i in line.ids if ink[i])).row) for line in lines]
    return rows if any(rows) else []


def find_artifacts(analyses: Sequence[PageAnalysis], bounded: Sequence[set[int]]) -> list[set[int]]:
    """Find the lines that tags call artifacts: running lines where nearly all such lines are their page's outermost.

    Args:
        analyses: The pages.
        bounded: For each page the indices of the lines in cells, which are none.

    Returns:
        For each page the indices of such lines; empty where the tags do not agree with the pages.
    """
    found: list[set[int]] = []
    total = 0
    for analysis, inside in zip(analyses, bounded, strict=True):
        tags, ink = analysis.page.tags, analysis.page.glyphs.ink
        own = {
            number
            for number, line in enumerate(analysis.lines)
            if tags is not None and all(tags.find(index) == -1 for index in line.ids if ink[index])
        }
        text = [number for number in range(len(analysis.lines)) if number not in own]
        total += len(own)
        found.append({n for n in own - inside if text and not min(text) < n < max(text)})
    return found if sum(map(len, found)) >= W["tags_trusted"] * total else [set() for _ in analyses]


def weigh_tags(left: Sequence[Piece], right: Sequence[Piece]) -> float:
    """Weigh what tags say for a line's label and value being in the cells of one row, log-odds.

    Args:
        left: The pieces before the boundary.
        right: The pieces behind it.
    """
    places = [place for piece in (*left, *right) for place in piece.places]
    if not places or NOWHERE in places:
        return 0.0
    if all(place == HEADING for place in places):
        return W["tags_text"]
    cells = [{place.cell for piece in side for place in piece.places} for side in (left, right)]
    if len({place.row for place in places}) > 1 or cells[0] & cells[1] or len(cells[1]) > 1:
        return W["tags_text"]
    # A label alone may be a heading in a cell of its own: not every program writes that a cell spans columns.
    return W["tags_row"] if right else 0.0
