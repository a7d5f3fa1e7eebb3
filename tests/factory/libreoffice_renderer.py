"""Typesets an edition as DOCX, printed by LibreOffice (Debian's package `libreoffice-writer-nogui`).

Reads an `EditionContent` and a `Layout`; gives a `Rendered`. Where each text begins and ends is read from the
structure tree that LibreOffice writes into the PDF.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Final

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from tests.factory.content import ContentRow, ContentTable, EditionContent, Run
from tests.factory.layout import Layout
from tests.factory.rendering import (
    FOOT_LINES,
    HEADING_POINTS,
    PICTURE_POINTS,
    Rendered,
    RendererMissingError,
    UnreadableLayoutError,
    cut_shift,
    picture_png,
)
from tests.factory.tags import read_tagged_marks

PROGRAMS: Final = ("soffice", "libreoffice")
PRINT_SECONDS: Final = 180
LINE_EMS: Final = 1.3
MIDDLE_EMS: Final = 0.3
TWIPS: Final = 20
EIGHTHS: Final = 8
"""Units of a border's width in a point."""
EXPORT: Final = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
BORDERS: Final = {
    "grid": ("single", 0.75),
    "horizontal": ("single", 0.75),
    "thick": ("single", 2.25),
    "hairline": ("single", 0.5),
    "dashed": ("dashed", 0.75),
    "none": ("nil", 0.0),
}
DEEP: Final = ("DCE6F1", "E2EFDA", "FDE9D9")
PALE: Final = ("F5F9FD", "F5FBF1", "FFF8F2")
FONTS: Final = frozenset({"Liberation Sans", "Liberation Serif", "DejaVu Sans", "DejaVu Serif"})


@cache
def program() -> str:
    """Give the path of LibreOffice.

    Raises:
        RendererMissingError: There is none.
    """
    for name in PROGRAMS:
        path = shutil.which(name)
        if path is not None:
            return path
    raise RendererMissingError("LibreOffice is not installed; install Debian's package libreoffice-writer-nogui")


@cache
def _profile() -> tempfile.TemporaryDirectory[str]:
    """Make a user profile for this process: LibreOffice locks the one that it uses."""
    return tempfile.TemporaryDirectory(prefix="factory-office-")


@cache
def version() -> str:
    """Give the renderer's name and version.

    Raises:
        RendererMissingError: LibreOffice is not installed.
    """
    told = subprocess.run(
        [program(), f"-env:UserInstallation={Path(_profile().name).as_uri()}", "--version"],
        capture_output=True,
        text=True,
        check=True,
        timeout=PRINT_SECONDS,
    )
    return told.stdout.strip()


def render(content: EditionContent, layout: Layout) -> Rendered:
    """Typeset a content.

    Args:
        content: What to print.
        layout: How to print it.

    Returns:
        The PDF and its marks.

    Raises:
        RendererMissingError: LibreOffice or the layout's font is not installed.
        UnreadableLayoutError: The layout can't be printed by LibreOffice.
    """
    program()
    if layout.font not in FONTS:
        raise RendererMissingError(f"no package of the font {layout.font} is known; use one of {sorted(FONTS)}")
    if layout.heading_style == "small_caps":
        raise UnreadableLayoutError("LibreOffice prints small capitals as capitals; the text layer has lost their case")
    push_down = 0.0
    middle = MIDDLE_EMS * layout.font_size
    line = LINE_EMS * layout.font_size
    if layout.table_at_foot:
        text_height = layout.page_size[1] - 2 * layout.margin
        push_down = text_height - HEADING_POINTS - FOOT_LINES * line - 2 * layout.padding
    pdf_bytes = print_docx(write_docx(content, layout, push_down))
    marks = read_tagged_marks(pdf_bytes, content, middle=middle)
    if layout.cut_row is not None:
        push_down += cut_shift(content, layout, marks, line=line, below=line / 2)
        pdf_bytes = print_docx(write_docx(content, layout, push_down))
        marks = read_tagged_marks(pdf_bytes, content, middle=middle)
    return Rendered(pdf_bytes=pdf_bytes, marks=marks)


def print_docx(docx: bytes) -> bytes:
    """Print a DOCX to PDF.

    Args:
        docx: The document.

    Returns:
        The PDF.

    Raises:
        UnreadableLayoutError: LibreOffice gave no PDF.
    """
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "edition.docx"
        source.write_bytes(docx)
        ran = subprocess.run(
            [
                program(),
                f"-env:UserInstallation={Path(_profile().name).as_uri()}",
                "--headless",
                "--norestore",
                "--convert-to",
                EXPORT,
                "--outdir",
                folder,
                str(source),
            ],
            capture_output=True,
            text=True,
            timeout=PRINT_SECONDS,
            check=False,
        )
        target = Path(folder) / "edition.pdf"
        if not target.exists():
            raise UnreadableLayoutError(f"LibreOffice gave no PDF: {(ran.stderr or ran.stdout).strip()[-300:]}")
        return target.read_bytes()


# --- DOCX ------------------------------------------------------------------------------------------------------


def write_docx(content: EditionContent, layout: Layout, push_down: float) -> bytes:
    """Write an edition as DOCX.

    Args:
        content: What to print.
        layout: How to print it.
        push_down: How far the first chapter is moved down, points.

    Returns:
        The document.
    """
    document = Document()
    document.core_properties.title = content.running_title
    normal = document.styles["Normal"]
    normal.font.name = layout.font
    normal.font.size = Pt(layout.font_size)
    normal.element.rPr.rFonts.set(qn("w:cs"), layout.font)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), layout.font)
    normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.widow_control = False
    _set_page(document, content, layout)
    if content.front_title:
        _heading(document, content.front_title, layout)
        for text in content.front_paragraphs:
            _spaced(document.add_paragraph(text), layout).paragraph_format.space_after = Pt(10)
    for number, chapter in enumerate(content.chapters):
        if layout.chapter_start == "page" and (number or content.front_title):
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        if number == 0 and push_down > 0:
            spacer = document.add_paragraph().paragraph_format
            spacer.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            spacer.line_spacing = Pt(push_down)
        _heading(document, chapter.heading, layout)
        for index, table in enumerate(chapter.tables):
            if index:
                document.add_paragraph()
            _table(document, content, layout, table, index % len(DEEP))
        document.add_paragraph()
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def _element(name: str, **attributes: Any) -> Any:
    """Make an element of WordprocessingML."""
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), str(value))
    return element


def _spaced(paragraph: Any, layout: Layout) -> Any:
    """Give a paragraph the edition's distance of lines."""
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(LINE_EMS * layout.font_size)
    return paragraph


def _set_page(document: Any, content: EditionContent, layout: Layout) -> None:
    """Set page size, margins and furniture."""
    section = document.sections[0]
    width, height = layout.page_size
    section.orientation = WD_ORIENT.LANDSCAPE if layout.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Pt(width), Pt(height)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Pt(layout.margin)
    section.header_distance = section.footer_distance = Pt(layout.margin / 3)
    section.different_first_page_header_footer = layout.first_page_bare
    document.settings.odd_and_even_pages_header_footer = layout.odd_even
    sides = [(section.header, section.footer, True)]
    if layout.odd_even:
        sides.append((section.even_page_header, section.even_page_footer, False))
    for header, footer, odd in sides:
        header.is_linked_to_previous = footer.is_linked_to_previous = False
        if layout.header:
            paragraph = header.paragraphs[0]
            paragraph.add_run(content.running_title if odd else content.chapters[0].heading).font.size = Pt(8)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if odd else WD_ALIGN_PARAGRAPH.LEFT
        paragraph = footer.paragraphs[0]
        if layout.footer:
            paragraph.add_run(content.imprint).font.size = Pt(8)
            paragraph = footer.add_paragraph()
        _page_number(paragraph, layout)
        side = WD_ALIGN_PARAGRAPH.RIGHT if odd else WD_ALIGN_PARAGRAPH.LEFT
        paragraph.alignment = side if layout.odd_even else WD_ALIGN_PARAGRAPH.CENTER


def _page_number(paragraph: Any, layout: Layout) -> None:
    """Write the page number's form, with fields."""
    form = {
        "none": (),
        "plain": ("PAGE",),
        "lpp": ("PAGE", ". lpp."),
        "total": ("PAGE", "/", "NUMPAGES"),
        "dashes": ("- ", "PAGE", " -"),
    }[layout.page_number]
    for part in form:
        run = paragraph.add_run()
        run.font.size = Pt(8)
        if not part.isupper():
            run.text = part
            continue
        for step in ("begin", part, "separate", "end"):
            if step == part:
                instruction = _element("instrText")
                instruction.text = part
                run._r.append(instruction)
            else:
                run._r.append(_element("fldChar", fldCharType=step))


def _heading(document: Any, text: str, layout: Layout) -> None:
    """Write a heading of the first level."""
    heading = document.add_heading(level=1)
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(10), Pt(8)
    heading.alignment = WD_ALIGN_PARAGRAPH.LEFT if layout.heading_style == "left" else WD_ALIGN_PARAGRAPH.CENTER
    run = heading.add_run(text)
    run.font.size, run.font.name, run.font.bold = Pt(1.4 * layout.font_size), layout.font, True
    run.font.color.rgb = RGBColor(0x1F, 0x2A, 0x44)
    run._r.rPr.rFonts.set(qn("w:asciiTheme"), "")
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        run._r.rPr.rFonts.attrib.pop(qn(f"w:{theme}"), None)
    if layout.heading_style == "letter_spaced":
        run._r.rPr.append(_element("spacing", val=round(0.22 * 1.4 * layout.font_size * TWIPS)))


def _table(document: Any, content: EditionContent, layout: Layout, table: ContentTable, tone: int) -> None:
    """Write a table, and the notes below it."""
    first = 1 if layout.header_row else 0
    made = document.add_table(rows=first + len(table.rows), cols=2)
    made.alignment = WD_TABLE_ALIGNMENT.CENTER
    made.autofit = False
    properties = made._tbl.tblPr
    style, thickness = BORDERS[layout.rules]
    borders = _element("tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        shown = layout.rules != "horizontal" or side in {"top", "bottom", "insideH"}
        borders.append(
            _element(side, val=style if shown else "nil", sz=round(thickness * EIGHTHS), space=0, color="282828")
        )
    properties.append(borders)
    total = layout.page_size[0] - 2 * layout.margin
    widths = (layout.label_width, total - layout.label_width)
    for grid, width in zip(made._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        grid.set(qn("w:w"), str(round(width * TWIPS)))
    notes: list[str] = []
    for index, made_row in enumerate(made.rows):
        cells = made_row.cells
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            cell.width = Pt(width)
            _dress_cell(cell, layout, index - first, column, tone)
        if index < first:
            made_row._tr.get_or_add_trPr().append(_element("tblHeader"))
            for cell, title in zip(cells, content.column_titles, strict=True):
                _spaced(cell.paragraphs[0], layout).add_run(title).bold = True
            continue
        if not layout.break_rows:
            made_row._tr.get_or_add_trPr().append(_element("cantSplit"))
        row = table.rows[index - first]
        mark = ""
        if row.note is not None:
            notes.append(row.note)
            mark = str(len(notes)) if layout.note_mark == "superscript" else "*" * len(notes)
        _fill_label(cells[0], row, layout)
        _fill_value(cells[1], row, layout, mark)
    for number, note in enumerate(notes, start=1):
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_before = Pt(5)
        if layout.note_mark == "superscript":
            paragraph.add_run(str(number)).font.superscript = True
        else:
            paragraph.add_run("*" * number)
        paragraph.add_run(f" {note}")
        for run in paragraph.runs:
            run.font.size = Pt(0.8 * layout.font_size)


def _dress_cell(cell: Any, layout: Layout, row: int, column: int, tone: int) -> None:
    """Give a cell its margins, its fill and the vertical place of its text; `row` is negative in the header row."""
    properties = cell._tc.get_or_add_tcPr()
    fill = None
    if row < 0:
        fill = "D2D2D2"
    elif layout.fills == "label":
        fill = DEEP[0] if column == 0 else None
    elif layout.fills == "zebra":
        fill = "EBEBEB" if row % 2 else None
    elif layout.fills == "table":
        fill = (DEEP if column == 0 else PALE)[tone]
    if fill is not None:
        properties.append(_element("shd", val="clear", color="auto", fill=fill))
    margins = _element("tcMar")
    left = layout.padding + (layout.column_gap if column else 0)
    for side, width in (
        ("top", layout.padding),
        ("left", left),
        ("bottom", layout.padding + layout.row_gap),
        ("right", layout.padding),
    ):
        margins.append(_element(side, w=round(width * TWIPS), type="dxa"))
    properties.append(margins)
    properties.append(_element("vAlign", val="center" if layout.vertical == "middle" else "top"))


def _fill_label(cell: Any, row: ContentRow, layout: Layout) -> None:
    for index, text in enumerate(row.label):
        paragraph = cell.paragraphs[0] if index == 0 else cell.add_paragraph()
        _spaced(paragraph, layout).add_run(text).bold = layout.label_bold


def _fill_value(cell: Any, row: ContentRow, layout: Layout, note: str) -> None:
    for index, printed in enumerate(row.value):
        paragraph = _spaced(cell.paragraphs[0] if index == 0 else cell.add_paragraph(), layout)
        if layout.alignment == "justified":
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        if index:
            paragraph.paragraph_format.space_before = Pt(layout.paragraph_gap * layout.font_size)
        if printed.marker:
            hanging = layout.item_style != "inline"
            paragraph.add_run(printed.marker + ("\t" if hanging else " "))
            if hanging:
                indent = Pt(1.6 * layout.font_size)
                paragraph.paragraph_format.left_indent = indent
                paragraph.paragraph_format.first_line_indent = -indent
        for run in printed.runs:
            _write_run(paragraph, run, layout)
        if note and index == 0:
            paragraph.add_run(note).font.superscript = layout.note_mark == "superscript" or None
    if row.picture:
        paragraph = cell.add_paragraph() if row.value else cell.paragraphs[0]
        picture = paragraph.add_run().add_picture(
            io.BytesIO(picture_png()), width=Pt(PICTURE_POINTS[0]), height=Pt(PICTURE_POINTS[1])
        )
        picture._inline.docPr.set("descr", "picture")


def _write_run(paragraph: Any, run: Run, layout: Layout) -> None:
    """Write a piece of text, with a link where it has one."""
    if run.url is None:
        paragraph.add_run(run.text)
        return
    relation = paragraph.part.relate_to(run.url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), relation)
    made = paragraph.add_run(run.text)
    if layout.link_style != "plain":
        made.font.color.rgb = RGBColor(0x0B, 0x4F, 0xA0)
    made.font.underline = layout.link_style == "underlined"
    link.append(made._r)
    paragraph._p.append(link)
