"""How far a tagged file's structure agrees with its pages, and what of it is believed.

Tags are the file's own word. Of each line the tree is compared with the geometry of its page; where too few lines of
the document agree, its tags are not used at all. What is left of believed tags are the rows of two-column tables.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from pipeline.models.layout import TagAgreement
from pipeline.models.page import Tags
from pipeline.stages.segment.division import PAUSE
from pipeline.stages.segment.page_analysis import BelievedAnalysis, PageAnalysis, Piece
from pipeline.stages.segment.tags import CELLS, ROW, TABLE
from pipeline.text.lines import WORD_GAP
from pipeline.text.markers import is_number
from pipeline.text.weights import WEIGHTS as W

NO_ROW: Final = "NonStruct"
"""Standard type (ISO 32000-1, 14.8.4.2) of elements without meaning: of rows that are none of a two-column table."""
HEAD: Final = "H"
"""Standard type of headings."""


def believe_tags(
    analyses: Sequence[PageAnalysis], leading: float
) -> tuple[list[BelievedAnalysis], dict[int, TagAgreement]]:
    """Compare the tags with the pages, and keep the rows of two-column tables where enough lines agree.

    Args:
        analyses: The pages.
        leading: Usual base line distance, points.

    Returns:
        The pages with what is believed of their tags; and by their numbers, how many lines agree.
    """
    tagged = [
        (n, analysis, analysis.page.tags) for n, analysis in enumerate(analyses) if analysis.page.tags is not None
    ]
    rows, heads = _find_rows([(analysis.page.glyphs.texts, tags) for _, analysis, tags in tagged])
    found = list(analyses)
    compared: dict[int, list[bool]] = {}
    for n, analysis, tags in tagged:
        found[n] = _replace_tags(analysis, _keep_rows(tags, rows, heads))
        compared[analysis.page.number] = _compare_lines(found[n], PAUSE * leading)
    lines, agreeing = sum(map(len, compared.values())), sum(map(sum, compared.values()))
    believed = lines > 0 and agreeing >= W["tags_trusted"] * lines
    for n, analysis, _ in tagged if not believed else ():
        found[n] = _replace_tags(analysis, None)  # lines end no longer where the tags' cells do
    return [BelievedAnalysis(analysis) for analysis in found], {
        number: TagAgreement(lines=len(own), agreeing=sum(own), believed=believed)
        for number, own in compared.items()
        if own
    }


def _replace_tags(analysis: PageAnalysis, tags: Tags | None) -> PageAnalysis:
    return replace(analysis, page=analysis.page.model_copy(update={"tags": tags}))


def _find_rows(pages: Sequence[tuple[Sequence[str], Tags]]) -> tuple[set[int], set[int]]:
    """Find the rows of two-column tables, but for those of tables inside their cells, by their numbers in the file.

    A cell that holds a number only is the row's number. A table of one row around another one is the page's layout.

    Args:
        pages: The texts of the glyphs and the tags of each page.

    Returns:
        The rows; and those of one cell over several columns, which are headings of the rows below.
    """
    cells: dict[int, dict[int, str]] = defaultdict(dict)
    tables: dict[int, set[int]] = defaultdict(set)
    outer: dict[int, set[int]] = defaultdict(set)
    spanned: set[int] = set()
    for texts, tags in pages:
        for span in tags.spans:
            element, inside = span.element, set[int]()
            while element >= 0 and (cell := tags.around(element, CELLS)) >= 0:
                element = tags.up(cell)
                row = tags.around(element, ROW)
                if row < 0:
                    break
                known = cells[tags.identify(row)].get(cell_key := tags.identify(cell), "")
                text = "".join(texts[span.first : span.last + 1]).strip()
                cells[tags.identify(row)][cell_key] = known + text
                if tags.elements[cell].column_span > 1:
                    spanned.add(cell_key)
                table = tags.identify(max(tags.around(row, TABLE), 0))
                tables[table].add(tags.identify(row))
                for one in inside:
                    outer[one].add(table)
                inside.add(table)
                element = tags.up(row)
    kept: set[int] = set()
    heads: set[int] = set()
    paired: set[int] = set()
    around = set[int]().union(*outer.values())
    for table, rows in tables.items():
        counts = Counter(sum(bool(text) and not is_number(text) for text in cells[row].values()) for row in rows)
        if counts[2] > (table in around) and 2 * counts[2] >= sum(n for cells_, n in counts.items() if cells_ > 1):
            paired.add(table)
    for table in paired:
        if paired.isdisjoint(outer[table]):
            heads |= {row for row in tables[table] if len(cells[row]) == 1 and spanned.issuperset(cells[row])}
            kept |= tables[table] - heads
    return kept, heads


def _keep_rows(tags: Tags, rows: set[int], heads: set[int]) -> Tags:
    """Keep rows, and give the cells of rows below one whose cell spans them to that row; other rows lose their type."""
    elements = list(tags.elements)
    siblings: dict[int, list[int]] = defaultdict(list)
    numbers: dict[int, int] = {}
    for place, element in enumerate(elements):
        if element.role in ROW:
            numbers[place] = len(siblings[element.parent])
            siblings[element.parent].append(place)
    spans = [(tags.around(own.parent, ROW), own.row_span) for own in elements if own.role in CELLS and own.row_span > 1]
    joined: dict[int, int] = {}
    for row, span in sorted(spans):
        if row >= 0 and row not in joined:
            below = siblings[elements[row].parent][numbers[row] + 1 : numbers[row] + span]
            joined.update(dict.fromkeys(below, row))
    for place, element in enumerate(elements):
        if element.role in ROW and tags.identify(place) in heads:
            elements[place] = element._replace(role=HEAD, parent=-1)
        elif element.role in ROW and tags.identify(place) not in rows:
            elements[place] = element._replace(role=NO_ROW)
        elif element.parent in joined:
            elements[place] = element._replace(parent=joined[element.parent])
    return Tags(tuple(elements), tags.spans)


def _compare_lines(analysis: PageAnalysis, pause: float) -> list[bool]:
    """Return for each line with a cell of a row whether the tags agree with its place.

    All cells of a line are of one row, which no other row interrupts; no cell ends inside a word, or is among the
    pieces of another. Where text goes on next to text, below a pause of both, several rows are in one.
    """
    found: list[bool] = []
    done: set[int] = set()
    last: dict[int, float] = {}
    row = 0
    for line, pieces in zip(analysis.lines, analysis.pieces, strict=True):
        own = [piece for piece in pieces if max(place.row for place in piece.places) > 0]
        if not own:
            continue
        rows = {place.row for piece in own for place in piece.places}
        cells = [cell for cell, _ in groupby(piece.places[0].cell for piece in own)]
        agrees = len(rows) == 1 and not rows & done and len(set(cells)) == len(cells)
        agrees = agrees and all(first == end for first, end in (piece.places for piece in own)) and not _cut_words(own)
        if rows != {row}:
            done.add(row)
            row, last = min(rows), {}
        steps = [line.baseline - last.get(cell, line.baseline) for cell in cells]
        found.append(agrees and not (len(steps) > 1 and min(steps) > pause))
        last.update((cell, line.baseline) for cell in cells)
    return found


def _cut_words(pieces: Sequence[Piece]) -> bool:
    """Return whether a cell ends inside a word."""
    end, cell = -math.inf, 0
    for piece in pieces:
        if piece.places[0].cell != cell and piece.x0 - end < WORD_GAP * piece.size:
            return True
        end, cell = piece.x1, piece.places[1].cell
    return False
