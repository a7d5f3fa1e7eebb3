"""Parts of a page: under pictures, and with text that can't be seen."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from pipeline.models.page import Concealed, Concealment, Glyph
from pipeline.stages.read.drawn import enclose, split

if TYPE_CHECKING:
    from pipeline.stages.read.picture import PagePicture

SCAN_SHARE: Final = 0.5
"""Least share of the page that pictures cover on a scan."""
SCAN_SHARE_BESIDE_TEXT: Final = 0.9
"""The same where the page has text of its own: a heading above a diagram is no scan, a stamp on one does not count."""
SCAN_LETTERS: Final = 60
"""Most visible glyphs of its own on a scan: a stamp, or a running line that a scanner printed into the file."""
SCAN_CELLS: Final = 40
"""Cells, across and down, by which the share of a page under pictures is counted: of 15 pt on A4, fine enough for
the shares above."""
LAYER_SHARE: Final = 0.5
"""Least share of the glyphs behind a scan's picture at whose places it shows something: they say what it shows. A blank
picture shows none of them, and a scan of print most."""
ALIGNED_SHARE: Final = 0.8
"""Least share at which each is at its own place: of a layer that is set aside, words are beside theirs."""
BLANK_LETTERS: Final = 4
"""Least number of letters, one after the other, where the picture of such a scan shows nothing: they were blacked out.
Full stops, and thin letters beside their places, are fewer."""
REGION_GAP: Final = 2.0
"""Largest distance, in heights of a glyph, at which glyphs that are concealed alike are one region: one line
may be left out between them."""


def conceal_blanks(glyphs: list[Glyph]) -> None:
    """Conceal the blanks between glyphs that something covers."""
    if all(glyph.concealed != "covered" for glyph in glyphs):
        return
    last: Concealment = ""
    for index, glyph in enumerate(glyphs):
        if not glyph.text.isspace():
            last = glyph.concealed
        elif last == "covered" and not glyph.concealed:
            glyphs[index] = glyph._replace(concealed=last)


def find_regions(glyphs: Sequence[Glyph], accents: set[int]) -> Iterator[Concealed]:
    """Return the regions of glyphs that can't be seen, in the order in which they are drawn.

    Args:
        glyphs: A page's glyphs in the order in which they are drawn.
        accents: Indices of accents that went into their letters.
    """

    def apart(last: Glyph, glyph: Glyph, _: float) -> bool:
        gap = REGION_GAP * max(glyph.bottom - glyph.top, 1.0)
        return last.concealed != glyph.concealed or abs(last.top - glyph.top) > gap

    hidden = (
        glyph
        for index, glyph in enumerate(glyphs)
        if glyph.concealed not in ("", "text_layer") and not glyph.text.isspace() and index not in accents
    )
    for region in split(hidden, apart):
        box = enclose(glyph[1:5] for glyph in region)
        yield Concealed(region[0].concealed, *box, sum(glyph.copies for glyph in region))


def find_layer(glyphs: Sequence[Glyph], indices: Iterable[int], picture: PagePicture | None) -> set[int]:
    """Find the text layer of a scan: glyphs that say what it shows, without those that were taken out of the picture.

    Args:
        glyphs: A page's glyphs.
        indices: Those that are behind the scan's picture, or invisible.
        picture: The page as it looks; None where that is not known.

    Returns:
        The indices of the layer's glyphs; none where the picture is blank, which hides them.
    """
    layer = set(indices)
    if picture is None:
        return layer
    letters = [index for index in sorted(layer) if not glyphs[index].text.isspace()]
    shown = [picture.shows(glyphs[index][1:5]) for index in letters]
    if sum(shown) < LAYER_SHARE * len(letters):
        return set()
    if sum(shown) >= ALIGNED_SHARE * len(letters):
        for part in split(list(zip(letters, shown, strict=True)), lambda last, now, _: last[1] != now[1]):
            if not part[0][1] and len(part) >= BLANK_LETTERS:
                layer.difference_update(index for index, _ in part)
    return layer


def is_scan(pictures: Iterable[Sequence[float]], width: float, height: float, letters: int) -> bool:
    """Return whether a page is a picture of a page.

    Args:
        pictures: Left, upper, right and lower edge of each picture, points.
        width: The page's width, points.
        height: The page's height, points.
        letters: Visible glyphs of its own, apart from the pictures.
    """
    least = SCAN_SHARE_BESIDE_TEXT if letters else SCAN_SHARE
    return letters <= SCAN_LETTERS and share_under(pictures, width, height) >= least


def share_under(boxes: Iterable[Sequence[float]], width: float, height: float) -> float:
    """Return the share of a page under boxes (a scanner may cut a page into strips).

    Args:
        boxes: Left, upper, right and lower edge of each, points.
        width: The page's width, points.
        height: The page's height, points.
    """
    covered: set[tuple[int, int]] = set()
    cells, width, height = SCAN_CELLS, max(width, 1.0), max(height, 1.0)
    for x0, top, x1, bottom in boxes:
        columns = range(max(0, round(x0 / width * cells)), min(cells, round(x1 / width * cells)))
        rows = range(max(0, round(top / height * cells)), min(cells, round(bottom / height * cells)))
        covered.update(itertools.product(columns, rows))
    return len(covered) / cells**2
