"""Typesets an edition as HTML, printed by Chromium (Debian's package `chromium`).

Reads an `EditionContent` and a `Layout`; gives a `Rendered`. Where each text begins and ends is read from the
structure tree that Chromium writes into the PDF.
"""

from __future__ import annotations

import base64
import html
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from tests.factory.content import ContentRow, EditionContent, ValueParagraph
from tests.factory.layout import Layout
from tests.factory.rendering import (
    FOOT_LINES,
    HEADING_POINTS,
    PICTURE_POINTS,
    Rendered,
    RendererMissingError,
    UnreadableLayoutError,
    cut_shift,
    font_names,
    picture_png,
)
from tests.factory.tags import read_tagged_marks

LINE_HEIGHT: Final = 1.32
MIDDLE_EMS: Final = 0.3
"""Distance from a base line to the middle of its letters."""
PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome")
PRINT_SECONDS: Final = 120
RULES: Final = {
    "grid": "0.75pt solid #282828",
    "horizontal": "0.75pt solid #282828",
    "thick": "2.25pt solid #282828",
    "hairline": "0.5pt solid #282828",
    "dashed": "0.75pt dashed #282828",
    "none": "none",
}
DEEP: Final = ("#dce6f1", "#e2efda", "#fde9d9")
PALE: Final = ("#f5f9fd", "#f5fbf1", "#fff8f2")
BLUE: Final = "#0b4fa0"


@cache
def program() -> str:
    """Give the path of the browser.

    Raises:
        RendererMissingError: There is none.
    """
    for name in PROGRAMS:
        path = shutil.which(name)
        if path is not None:
            return path
    raise RendererMissingError("Chromium is not installed; install Debian's package chromium")


@cache
def version() -> str:
    """Give the renderer's name and version.

    Raises:
        RendererMissingError: Chromium is not installed.
    """
    told = subprocess.run([program(), "--version"], capture_output=True, text=True, check=True, timeout=PRINT_SECONDS)
    return told.stdout.strip()


def render(content: EditionContent, layout: Layout) -> Rendered:
    """Typeset a content.

    Args:
        content: What to print.
        layout: How to print it.

    Returns:
        The PDF and its marks.

    Raises:
        RendererMissingError: Chromium or the layout's font is not installed.
        UnreadableLayoutError: The layout can't be printed by Chromium.
    """
    if layout.heading_style == "small_caps":
        raise UnreadableLayoutError("Chromium prints small capitals as capitals; the text layer has lost their case")
    push_down = 0.0
    if layout.table_at_foot:
        lines = FOOT_LINES * LINE_HEIGHT * layout.font_size
        push_down = layout.page_size[1] - 2 * layout.margin - HEADING_POINTS - lines - 2 * layout.padding
    pdf_bytes = print_html(write_html(content, layout, push_down))
    marks = read_tagged_marks(pdf_bytes, content, middle=MIDDLE_EMS * layout.font_size)
    if layout.cut_row is not None:
        line = LINE_HEIGHT * layout.font_size
        push_down += cut_shift(content, layout, marks, line=line, below=line / 2)
        pdf_bytes = print_html(write_html(content, layout, push_down))
        marks = read_tagged_marks(pdf_bytes, content, middle=MIDDLE_EMS * layout.font_size)
    if not any(layout.font.replace(" ", "") in font.replace(" ", "") for font in font_names(pdf_bytes)):
        raise RendererMissingError(
            f"the font {layout.font} is not installed; install Debian's fonts-liberation and fonts-dejavu"
        )
    return Rendered(pdf_bytes=pdf_bytes, marks=marks)


def print_html(page: str) -> bytes:
    """Print an HTML page to PDF.

    Args:
        page: The page.

    Returns:
        The PDF.

    Raises:
        UnreadableLayoutError: The browser gave no PDF.
    """
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "edition.html", Path(folder) / "edition.pdf"
        source.write_text(page, encoding="utf-8")
        ran = subprocess.run(
            [
                program(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                f"--user-data-dir={folder}/profile",
                "--no-pdf-header-footer",
                f"--print-to-pdf={target}",
                source.as_uri(),
            ],
            capture_output=True,
            text=True,
            timeout=PRINT_SECONDS,
            check=False,
        )
        if not target.exists():
            raise UnreadableLayoutError(f"Chromium gave no PDF: {ran.stderr.strip()[-300:]}")
        return target.read_bytes()


# --- HTML ------------------------------------------------------------------------------------------------------


def write_html(content: EditionContent, layout: Layout, push_down: float) -> str:
    """Write an edition as one HTML page.

    Args:
        content: What to print.
        layout: How to print it.
        push_down: How far the first chapter is moved down, points.

    Returns:
        HTML with its style.
    """
    parts: list[str] = []
    if content.front_title:
        parts.append(f"<h1>{html.escape(content.front_title)}</h1>")
        parts += [f'<p class="front">{html.escape(paragraph)}</p>' for paragraph in content.front_paragraphs]
    for number, chapter in enumerate(content.chapters):
        begins_page = layout.chapter_start == "page" and (number > 0 or content.front_title)
        style = ' style="break-before: page"' if begins_page else ""
        parts.append(f"<section{style}>")
        if number == 0 and push_down > 0:
            parts.append(f'<div style="height: {push_down:.2f}pt"></div>')
        parts.append(f"<h1>{html.escape(chapter.heading)}</h1>")
        for index, table in enumerate(chapter.tables):
            parts += _table(content, layout, table.rows, index)
        parts.append("</section>")
    return (
        f'<!DOCTYPE html><html lang="{content.language}"><head><meta charset="utf-8">'
        f"<title>{html.escape(content.running_title)}</title><style>{_style(content, layout)}</style></head>"
        f"<body>{''.join(parts)}</body></html>"
    )


def _table(content: EditionContent, layout: Layout, rows: tuple[ContentRow, ...], tone: int) -> list[str]:
    """Write a table, and the notes below it."""
    parts = [f'<table class="tone{tone % len(DEEP)}"><colgroup><col class="label"><col></colgroup>']
    if layout.header_row:
        titles = "".join(f"<th>{html.escape(title)}</th>" for title in content.column_titles)
        parts.append(f"<thead><tr>{titles}</tr></thead>")
    parts.append("<tbody>")
    notes: list[str] = []
    for row in rows:
        mark = ""
        if row.note is not None:
            notes.append(row.note)
            mark = _note_mark(layout, len(notes))
        labels = "".join(f"<p>{html.escape(text)}</p>" for text in row.label)
        parts.append(f"<tr><td>{labels}</td><td>{_value(layout, row, mark)}</td></tr>")
    parts.append("</tbody></table>")
    parts += [
        f'<p class="note">{_note_mark(layout, place)} {html.escape(note)}</p>'
        for place, note in enumerate(notes, start=1)
    ]
    return parts


def _note_mark(layout: Layout, number: int) -> str:
    return f"<sup>{number}</sup>" if layout.note_mark == "superscript" else "*" * number


def _value(layout: Layout, row: ContentRow, note: str) -> str:
    parts: list[str] = []
    for place, paragraph in enumerate(row.value):
        body = f"{_runs(paragraph)}{note if place == 0 else ''}"
        if not paragraph.marker:
            parts.append(f"<p>{body}</p>")
        elif layout.item_style == "inline":
            parts.append(f"<p>{html.escape(paragraph.marker)} {body}</p>")
        elif layout.item_style == "native" and paragraph.marker == "•":
            parts.append(f'<ul class="native"><li>{body}</li></ul>')
        else:
            parts.append(f"<ul><li style='list-style-type: \"{html.escape(paragraph.marker)} \"'>{body}</li></ul>")
    if row.picture:
        width, height = PICTURE_POINTS
        data = base64.b64encode(picture_png()).decode("ascii")
        parts.append(
            f'<p><img alt="picture" style="width: {width}pt; height: {height}pt"'
            f' src="data:image/png;base64,{data}"></p>'
        )
    return "".join(parts)


def _runs(paragraph: ValueParagraph) -> str:
    parts: list[str] = []
    for run in paragraph.runs:
        text = html.escape(run.text)
        kind = ' class="url"' if run.printed_url else ""
        if run.url is not None:
            parts.append(f'<a{kind} href="{html.escape(run.url)}">{text}</a>')
        else:
            parts.append(f"<span{kind}>{text}</span>" if kind else text)
    return "".join(parts)


def _quoted(text: str) -> str:
    """Give a text as a CSS string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _page_style(content: EditionContent, layout: Layout) -> str:
    """Give the page rules: size, margins and furniture in the margin boxes."""
    width, height = layout.page_size
    number = {
        "none": "",
        "plain": "counter(page)",
        "lpp": 'counter(page) ". lpp."',
        "total": 'counter(page) "/" counter(pages)',
        "dashes": '"- " counter(page) " -"',
    }[layout.page_number]

    def boxes(odd: bool) -> str:
        style = "font-size: 8pt; white-space: pre-wrap;"
        found = ""
        if layout.header:
            text = content.running_title if odd else content.chapters[0].heading
            found += f"@top-{'right' if odd else 'left'} {{ content: {_quoted(text)}; width: 100%; {style} }}"
        if layout.footer:
            found += f"@bottom-left {{ content: {_quoted(content.imprint)}; {style} }}"
        if number:
            place = "bottom-right" if layout.footer or (layout.odd_even and odd) else "bottom-center"
            found += f"@{place} {{ content: {number}; {style} }}"
        return found

    rules = f"@page {{ size: {width}pt {height}pt; margin: {layout.margin}pt; {boxes(True)} }}"
    if layout.odd_even:
        rules += f"@page :right {{ {boxes(True)} }} @page :left {{ {boxes(False)} }}"
    if layout.first_page_bare:
        names = ("top-left", "top-right", "bottom-left", "bottom-center", "bottom-right")
        rules += f"@page :first {{ {''.join(f'@{name} {{ content: none; }}' for name in names)} }}"
    return rules


def _style(content: EditionContent, layout: Layout) -> str:
    """Give the style sheet."""
    border = RULES[layout.rules]
    pad = layout.padding
    ligatures = "normal" if layout.ligatures else "none"
    alignment = "justify" if layout.alignment == "justified" else "left"
    rules = [
        _page_style(content, layout),
        "* { -webkit-print-color-adjust: exact; print-color-adjust: exact; }",
        f'body {{ margin: 0; font: {layout.font_size}pt/{LINE_HEIGHT} "{layout.font}"; hyphens: manual; }}',
        f"body {{ font-variant-ligatures: {ligatures}; orphans: 1; widows: 1; }}",
        "p, ul { margin: 0; padding: 0; } ul { padding-left: 1.4em; }",
        "ul.native { list-style-type: disc; }",
        "p.front { margin: 0 0 10pt 0; }",
        "p.note { font-size: 0.8em; margin: 5pt 0; }",
        ".url { overflow-wrap: anywhere; }",
        "sup { font-size: 0.65em; line-height: 0; }",
        "h1 { font-size: 1.4em; line-height: 1.25; text-align: center; margin: 14pt 0 9pt 0; break-after: avoid; }",
        "table { width: 100%; table-layout: fixed; border-collapse: collapse; margin: 0; }",
        "table + table, p.note + table { margin-top: 18pt; }",
        f"col.label {{ width: {layout.label_width}pt; }}",
        f"td, th {{ padding: {pad}pt {pad}pt {pad + layout.row_gap}pt {pad}pt; }}",
        f"td, th {{ text-align: left; vertical-align: {layout.vertical}; }}",
        f"td + td, th + th {{ padding-left: {pad + layout.column_gap}pt; }}",
        f"td + td {{ text-align: {alignment}; }}",
        f"td + td > * + * {{ margin-top: {layout.paragraph_gap}em; }}",
        "th { background: #d2d2d2; }",
    ]
    if layout.rules == "horizontal":
        rules.append(f"td, th {{ border-top: {border}; border-bottom: {border}; }}")
    elif border != "none":
        rules.append(f"td, th {{ border: {border}; }}")
    if layout.label_bold:
        rules.append("td:first-child { font-weight: bold; }")
    if layout.fills == "label":
        rules.append(f"td:first-child {{ background: {DEEP[0]}; }}")
    elif layout.fills == "zebra":
        rules.append("tbody tr:nth-child(even) td { background: #ebebeb; }")
    elif layout.fills == "table":
        for tone, (deep, pale) in enumerate(zip(DEEP, PALE, strict=True)):
            rules.append(
                f".tone{tone} td {{ background: {pale}; }} .tone{tone} td:first-child {{ background: {deep}; }}"
            )
    if layout.heading_style == "letter_spaced":
        rules.append("h1 { letter-spacing: 0.22em; }")
    elif layout.heading_style == "left":
        rules.append("h1 { text-align: left; }")
    if not layout.break_rows:
        rules.append("tr { break-inside: avoid; }")
    link = {
        "plain": "color: inherit; text-decoration: none;",
        "coloured": f"color: {BLUE}; text-decoration: none;",
        "underlined": f"color: {BLUE}; text-decoration: underline;",
    }[layout.link_style]
    rules.append(f"a {{ {link} }}")
    return "\n".join(rules)
