"""Compares what the stages read to stitch make of a typeset edition with the truth that was typeset.

Reads `TypesetEdition`; gives the differences in words, one per line, so that a failing layout says what moved.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from pipeline.models.page import Source
from pipeline.models.row import Document, Row, TextBlock
from pipeline.stages.segment.pages import segment_pages
from pipeline.stages.stitch.document import stitch_document
from tests.factory.truth import EditionTruth, TypesetEdition
from tests.reading import read_source


def read_edition(edition: TypesetEdition) -> Source:
    """Read a typeset edition."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "edition.pdf"
        path.write_bytes(edition.pdf_bytes)
        return read_source(path)


def stitch_edition(edition: TypesetEdition) -> Document:
    """Run read to stitch on a typeset edition."""
    return stitch_document(segment_pages(read_edition(edition)))


def differences(document: Document, truth: EditionTruth) -> list[str]:
    """Say how a document differs from what was typeset.

    Args:
        document: What the stages found.
        truth: What was typeset.

    Returns:
        One line per difference: labels, values, pages and links of rows in order, headings, and glyphs that are
        neither in a row nor in a block nor named as left out.
    """
    found = [item for item in document.content if isinstance(item, Row)]
    told: list[str] = []
    if len(found) != len(truth.rows):
        told.append(f"rows: {len(truth.rows)} typeset, {len(found)} found")
    for number, (row, true) in enumerate(zip(found, truth.rows, strict=False)):
        for name, got, expected in (
            ("label", row.label.one_line, " ".join(true.label.split())),
            ("value", row.value.text, true.value),
            ("pages", row.pages, true.pages),
            ("links", [link.url for link in row.value.links], [link.url for link in true.links]),
        ):
            if got != expected:
                told.append(f"row {number} ({true.label[:30]!r}): {name}\n  typeset {expected!r}\n  found   {got!r}")
    blocks = [" ".join(item.text.split()) for item in document.content if isinstance(item, TextBlock)]
    told += [
        f"heading not found: {chapter.heading!r} among {blocks}"
        for chapter in truth.chapters
        if chapter.heading not in blocks
    ]
    told += lost_glyphs(document)
    return told


def lost_glyphs(document: Document) -> list[str]:
    """Say on which pages glyphs were lost or doubled: each stands in exactly one place."""
    placed: dict[int, int] = {}
    surplus = {(page, glyph): copies for page, glyph, copies in document.surplus}
    counted: set[tuple[int, int]] = set()
    told: list[str] = []
    lines = [line for block in document.furniture for line in block.lines]
    for item in document.content:
        if isinstance(item, TextBlock):
            lines += item.lines
        else:
            lines += [line for part in item.fragments for line in (*part.label_lines, *part.value_lines)]
    for line in lines:
        page = line.box.page
        for glyph in line.glyphs:
            if (page, glyph) in counted:
                told.append(f"page {page}: glyph {glyph} stands in two places")
            counted.add((page, glyph))
        inked = sum(len(word.text.strip("\u00ad")) > 0 for word in line.words)
        placed[page] = placed.get(page, 0) + (len(line.glyphs) if inked else 0)
    for (page, glyph), copies in surplus.items():
        placed[page] = placed.get(page, 0) + (copies if (page, glyph) in counted else 0)
    for residue in document.residue:
        placed[residue.box.page] = placed.get(residue.box.page, 0) + residue.glyphs
    return told + [
        f"page {count.page}: {count.glyphs} inked glyphs read, {placed.get(count.page, 0)} placed"
        for count in document.counts
        if placed.get(count.page, 0) < count.glyphs
    ]
