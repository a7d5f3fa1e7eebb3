"""`Chapters`, the artefact of the chapter stage: each practice's heading with its rows."""

from pipeline.models.geometry import Frozen
from pipeline.models.report import Issue
from pipeline.models.row import GlyphCount, Residue, Row, TextBlock


class Chapter(Frozen):
    """A practice as printed.

    Attributes:
        id: Practice id (contract: country codes and ordinal).
        heading: The printed heading on one line.
        heading_block: The block that holds it.
        countries: ISO 3166-1 alpha-2 codes in the heading's order.
        title: The heading without its countries.
        rows: The rows in reading order, of all the chapter's tables.
    """

    id: str
    heading: str
    heading_block: TextBlock
    countries: tuple[str, ...]
    title: str
    rows: tuple[Row, ...]


class Chapters(Frozen):
    """An edition divided into chapters; with the chapters, everything else that is on its pages.

    Attributes:
        chapters: In document order.
        front_matter: Blocks before the first heading (and after the last table, where they are no residue).
        furniture: Running headers and footers.
        residue: Text that has no place.
        counts: Glyphs per page, for the account.
        surplus: `(page, glyph id, surplus copies)` of glyphs drawn more than once.
        issues: Issues so far.
    """

    chapters: tuple[Chapter, ...]
    front_matter: tuple[TextBlock, ...]
    furniture: tuple[TextBlock, ...]
    residue: tuple[Residue, ...]
    counts: tuple[GlyphCount, ...]
    surplus: tuple[tuple[int, int, int], ...] = ()
    issues: tuple[Issue, ...] = ()
