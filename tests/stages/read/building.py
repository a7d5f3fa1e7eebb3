"""Writes small PDFs by hand: content streams, annotations and page boxes, with a built-in font's metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from pipeline.models.page import Page
from pipeline.stages.read.page import open_pdf
from pipeline.stages.read.second import SecondReader
from pipeline.stages.read.tasks import read_with_care
from tests.reading import read_source

WIDTH, HEIGHT = 400.0, 600.0


def write_pdf(
    path: Path,
    content: str,
    *,
    media: Sequence[float] = (0, 0, WIDTH, HEIGHT),
    crop: Sequence[float] | None = None,
    rotate: int = 0,
    links: Sequence[tuple[bytes | str, Sequence[float]]] = (),
    names: Mapping[int, str] | None = None,
    to_unicode: str | None = None,
    change: Callable[[pikepdf.Pdf, Dictionary], None] | None = None,
) -> Path:
    """Write a PDF of one page.

    Args:
        path: Where to.
        content: The page's content stream; `/F` is Helvetica, `/X` a font made of `names`.
        media: The media box.
        crop: The crop box, where it has one.
        rotate: Degrees of `/Rotate`.
        links: Targets and rectangles of link annotations.
        names: Glyph names of the codes of `/X`.
        to_unicode: The lines between `beginbfchar` and `endbfchar` of the `/ToUnicode` map of `/X`.
        change: Given the file and the page before it is written.

    Returns:
        The path.
    """
    pdf = pikepdf.new()
    fonts = Dictionary(
        F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding),
    )
    if names is not None:
        differences = Array([part for code, name in names.items() for part in (code, Name(f"/{name}"))])
        fonts["/X"] = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type1,
            BaseFont=Name("/ABCDEF+Own"),
            FirstChar=0,
            LastChar=255,
            Widths=Array([500] * 256),
            Encoding=Dictionary(Type=Name.Encoding, Differences=differences),
            FontDescriptor=pdf.make_indirect(
                Dictionary(
                    Type=Name.FontDescriptor,
                    FontName=Name("/ABCDEF+Own"),
                    Flags=4,
                    FontBBox=Array([0, -200, 1000, 800]),
                    ItalicAngle=0,
                    Ascent=800,
                    Descent=-200,
                    CapHeight=700,
                    StemV=80,
                )
            ),
        )
        if to_unicode is not None:
            fonts["/X"]["/ToUnicode"] = Stream(pdf, _cmap(to_unicode))
    page = Dictionary(
        Type=Name.Page,
        MediaBox=Array(list(media)),
        Rotate=rotate,
        Resources=Dictionary(Font=fonts),
        Contents=Stream(pdf, content.encode("latin-1")),
        Annots=Array(
            [
                Dictionary(
                    Type=Name.Annot,
                    Subtype=Name.Link,
                    Rect=Array(list(box)),
                    A=Dictionary(S=Name.URI, URI=pikepdf.String(url)),
                )
                for url, box in links
            ]
        ),
    )
    if crop is not None:
        page["/CropBox"] = Array(list(crop))
    if change is not None:
        change(pdf, page)
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    pdf.save(path, static_id=True)
    return path


def _cmap(lines: str) -> bytes:
    count = len(lines.strip().splitlines())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Own def "
        "1 begincodespacerange <00> <FF> endcodespacerange\n"
        f"{count} beginbfchar\n{lines.strip()}\nendbfchar endcmap end end"
    ).encode("ascii")


def read_one(path: Path) -> Page:
    """Read a PDF of one page."""
    (page,) = read_source(path).pages
    return page


def read_twice(path: Path) -> Page:
    """Read a PDF of one page, with the second reading."""
    with open_pdf(path) as pdf:
        page, _ = read_with_care(pdf.pages[0], SecondReader(path.read_bytes()))
    return page


def form(pdf: pikepdf.Pdf, content: str, box: Sequence[float] = (0, 0, 300, 20), **entries: pikepdf.Object) -> Stream:
    """Make a form XObject that draws text in Helvetica (`/F`)."""
    fonts = Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    made = pdf.make_stream(content.encode("latin-1"))
    made.Type, made.Subtype, made.BBox = Name.XObject, Name.Form, Array(list(box))
    made.Resources = Dictionary(Font=fonts)
    for key, value in entries.items():
        made[f"/{key}"] = value
    return made


def hidden_in(page: Page) -> dict[str, int]:
    """Number of glyphs that can't be seen, by the reason."""
    counts: dict[str, int] = {}
    for part in page.concealed:
        counts[part.reason] = counts.get(part.reason, 0) + part.glyphs
    return counts


def text_of(page: Page) -> str:
    """The text of a page's glyphs, as drawn."""
    return "".join(glyph.text for glyph in page.glyphs)
