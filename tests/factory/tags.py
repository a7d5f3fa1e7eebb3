"""Reads from a tagged PDF where a renderer put each heading, label and value paragraph.

Reads a PDF with a structure tree; gives the marks of `rendering.Rendered`. The tree is the renderer's own account of
its tables, cells and paragraphs; it is no part of what the pipeline reads.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name

from tests.factory.content import EditionContent
from tests.factory.mutations import take_text
from tests.factory.rendering import Mark, UnreadableLayoutError

PARAGRAPHS: Final = frozenset({"P", "LI"})
CELLS: Final = frozenset({"TD"})


@dataclass
class Element:
    """A structure element: its standard type, its children, and its pieces of content as (page, id)."""

    kind: str
    children: list[Element] = field(default_factory=list)
    pieces: list[tuple[int, int]] = field(default_factory=list)

    def walk(self) -> Iterator[Element]:
        """Give the element and all below it, in document order."""
        yield self
        for child in self.children:
            yield from child.walk()

    def all_pieces(self) -> list[tuple[int, int]]:
        """Give the pieces of content of the element and of all below it."""
        return [piece for element in self.walk() for piece in element.pieces]

    def outermost(self, kinds: frozenset[str]) -> list[Element]:
        """Give the elements of some types that stand in no other such element, in document order."""
        found: list[Element] = []
        for child in self.children:
            found += [child] if child.kind in kinds else child.outermost(kinds)
        return found


def read_tree(pdf: pikepdf.Pdf) -> Element:
    """Read the structure tree of a PDF.

    Args:
        pdf: An open PDF.

    Returns:
        The root.

    Raises:
        UnreadableLayoutError: The PDF has no structure tree.
    """
    if "/StructTreeRoot" not in pdf.Root:
        raise UnreadableLayoutError("the renderer wrote no structure tree")
    root = pdf.Root.StructTreeRoot
    roles = {str(name): str(kind) for name, kind in root.get("/RoleMap", Dictionary()).items()}
    numbers: dict[Any, int] = {page.objgen: number for number, page in enumerate(pdf.pages, start=1)}

    def kind_of(name: str) -> str:
        for _ in range(len(roles)):
            name = roles.get(name, name)
        return name.removeprefix("/")

    def read(node: Any, page: int | None, parent: Element) -> None:
        if isinstance(node, Array):
            for child in node:
                read(child, page, parent)
        elif isinstance(node, Dictionary):
            if "/Pg" in node:
                page = numbers[node.Pg.objgen]
            if node.get("/Type") == Name.MCR:
                if page is not None:
                    parent.pieces.append((page, int(node.MCID)))
            elif "/S" in node:
                element = Element(kind_of(str(node.S)))
                parent.children.append(element)
                if "/K" in node:
                    read(node.K, page, element)
        elif page is not None:
            parent.pieces.append((page, int(node)))

    top = Element("Root")
    read(root.K, None, top)
    return top


def picture_pages(pdf: pikepdf.Pdf) -> list[int]:
    """Give the page of each picture that a PDF draws, in drawing order."""
    found: list[int] = []
    for number, page in enumerate(pdf.pages, start=1):
        drawn = page.Resources.get("/XObject", Dictionary())
        found += [
            number
            for step in pikepdf.parse_content_stream(page, "Do")
            if drawn[str(step.operands[0])].get("/Subtype") == Name.Image
        ]
    return found


def read_tagged_marks(pdf_bytes: bytes, content: EditionContent, *, middle: float) -> dict[str, Mark]:
    """Read the marks of an edition from its structure tree.

    Args:
        pdf_bytes: A tagged PDF.
        content: What it prints.
        middle: Distance from a base line to the middle of its letters, points.

    Returns:
        The marks, named as `rendering.Rendered` says.

    Raises:
        UnreadableLayoutError: The tree does not have the content's tables, rows or paragraphs.
    """
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        tree = read_tree(pdf)
        places: dict[tuple[int, int], list[float]] = {}
        for number, page in enumerate(pdf.pages, start=1):
            height = float(page.mediabox[3])
            for glyph in take_text(page)[1]:
                if glyph.mcid is not None:
                    places.setdefault((number, glyph.mcid), []).append(height - glyph.place[1] - middle)
        pictures = iter(picture_pages(pdf))
    marks: dict[str, Mark] = {}

    def mark(element: Element, name: str) -> None:
        lines = [(piece[0], y) for piece in element.all_pieces() for y in places.get(piece, ())]
        if not lines:
            raise UnreadableLayoutError(f"the structure tree has no text for {name}")
        marks[f"{name}.s"] = Mark(*lines[0])
        marks[f"{name}.e"] = Mark(*lines[-1])

    headings = [element for element in tree.walk() if element.kind in {"H1", "H"}]
    headings = headings[1 if content.front_title else 0 :]
    tables = [element for element in tree.walk() if element.kind == "Table"]
    expected = [
        (f"{c}.{t}", table) for c, chapter in enumerate(content.chapters) for t, table in enumerate(chapter.tables)
    ]
    if len(tables) != len(expected) or len(headings) != len(content.chapters):
        raise UnreadableLayoutError(f"the structure tree has {len(tables)} tables and {len(headings)} headings")
    for number, heading in enumerate(headings):
        mark(heading, str(number))
    for element, (table_id, table) in zip(tables, expected, strict=True):
        rows = [cells for row in element.outermost(frozenset({"TR"})) if (cells := row.outermost(CELLS))]
        if len(rows) != len(table.rows):
            raise UnreadableLayoutError(f"table {table_id} has {len(rows)} rows in the structure tree")
        for number, (cells, row) in enumerate(zip(rows, table.rows, strict=True)):
            # A cell that prints nothing may have no element.
            if len(cells) < (2 if row.value else 1):
                raise UnreadableLayoutError(f"row {table_id}.{number} has {len(cells)} cells in the structure tree")
            for cell, column, texts in zip(cells, "lv", (row.label, row.value), strict=False):
                filled = [
                    part for part in cell.outermost(PARAGRAPHS) if any(places.get(piece) for piece in part.all_pieces())
                ]
                if len(filled) != len(texts):
                    raise UnreadableLayoutError(
                        f"cell {table_id}.{number}.{column} has {len(filled)} paragraphs in the structure tree"
                    )
                for index, part in enumerate(filled):
                    mark(part, f"{table_id}.{number}.{column}.{index}")
            if row.picture:
                marks[f"{table_id}.{number}.v.picture.e"] = Mark(next(pictures), 0.0)
    return marks
