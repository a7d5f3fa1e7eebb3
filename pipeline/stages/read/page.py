"""Read stage: PDF → `Source`, the only stage that opens a PDF.

Reads with pdfplumber: glyphs, rules, fills, links and pictures of every page in one coordinate system (points, the
origin at the top left of the visible page). Crop boxes, rotation and encryption end here.

The glyphs are taken from pdfplumber's page layout (pdfminer's objects) and not from `Page.chars`: the dictionaries
that `Page.chars` builds cost more than all else that is done with them (`make bench` gives the share).
"""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

from __future__ import annotations

import io
import os
import stat
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.errors import InputError, describe_error
from pipeline.models.page import Glyphs, Page
from pipeline.stages.read.annotations import (
    find_appearances,
    find_areas,
    find_links,
    list_annotations,
    place_form,
    transform,
)
from pipeline.stages.read.canvas import Canvas
from pipeline.stages.read.drawn import UNDRAWN, Cover, GlyphRun, MarkedContent, PaintState, Rectangle, bounds, intersect
from pipeline.stages.read.fields import set_values, settle_appearance
from pipeline.stages.read.layers import Layers
from pipeline.stages.read.links import settle_links
from pipeline.stages.read.objects import known_faults, read_int
from pipeline.stages.read.picture import PagePicture
from pipeline.stages.read.tags import Structure, read_tags

if TYPE_CHECKING:
    from pdfplumber.page import Page as PlumberPage
    from pdfplumber.pdf import PDF

MOST_ANNOTATIONS: Final = 20_000
"""Annotations of a page from which on the rest is left out, and reported: the fullest forms have some thousands."""


def require_file(path: Path) -> os.stat_result:
    """Refuse a path at which there is no file.

    Returns:
        What the system says of it.

    Raises:
        InputError: There is nothing, or a folder, or its folder may not be entered.
    """
    try:
        found = path.stat()
    except PermissionError as error:
        raise InputError(f"{path} can't be read; check the permissions of its folders", edition=path.name) from error
    except OSError as error:
        raise InputError(f"no such file: {path}; check the path", edition=path.name) from error
    if stat.S_ISDIR(found.st_mode):
        raise InputError(f"{path} is a folder; name a PDF file in it", edition=path.name)
    return found


def read_bytes(path: Path) -> bytes:
    """Read a file that should be a PDF, and refuse what can't be one.

    Args:
        path: The file.

    Returns:
        Its bytes.

    Raises:
        InputError: The file is missing, can't be read, is empty, or has no PDF header in its first 1024 bytes
            (where readers look for it; ISO 32000-1, annex H, note 13).
    """
    require_file(path)
    name = path.name
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"can't be read ({error.strerror}); check the file's permissions", edition=name) from error
    if not data:
        raise InputError("the file is empty; fetch it again", edition=name)
    if b"%PDF-" not in data[:1024]:
        raise InputError("this is not a PDF (no %PDF- header); give the PDF itself", edition=name)
    return data


def open_pdf(path: Path, password: str | None = None, *, data: bytes | None = None) -> PDF:
    """Open a PDF with pdfplumber.

    Args:
        path: The file.
        password: User password, where the file needs one.
        data: What to open in the file's stead (its bytes, or a repaired copy); None to open the file itself.

    Returns:
        The open file; close it, or use it as a context manager.

    Raises:
        InputError: The file is damaged, locked, or has no pages.
    """
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    from pipeline.stages.read.fonts import ResourceManager

    name = path.name
    try:
        pdf = pdfplumber.open(path if data is None else io.BytesIO(data), password=password or "", unicode_norm=None)
        count = len(pdf.pages)
    except known_faults() as error:
        cause = error.args[0] if error.args else error
        if isinstance(cause, PDFPasswordIncorrect):
            said = "the file is locked with a password" if password is None else "the file has another password"
            raise InputError(f"{said}; give it with --password or PIPELINE_PDF_PASSWORD", edition=name) from error
        raise InputError(
            "the PDF is damaged and can't be opened; fetch it again or repair it (for example with qpdf)", edition=name
        ) from error
    if count == 0:
        pdf.close()
        raise InputError("the PDF has no pages; fetch it again", edition=name)
    pdf.rsrcmgr = ResourceManager()
    return pdf


class PageReading(NamedTuple):
    """A page as read.

    Attributes:
        page: The page.
        missing: What of it could not be read, in words.
        canvas: All that is drawn on it, with what can't be seen; None where it could not be read.
    """

    page: Page
    missing: tuple[str, ...] = ()
    canvas: Canvas | None = None


def read_page(page: PlumberPage, draw: Callable[..., PagePicture | None] = lambda *_: None) -> PageReading:
    """Read one page.

    Args:
        page: A page of an open pdfplumber file.
        draw: Gives the picture of its visible part, of a width and height in points, or of a part of that, where only
            that decides what can be seen.

    Returns:
        What is drawn on it. Where the page's content can't be interpreted, a page without glyphs whose `failure`
        says why.
    """
    visible: Rectangle = (0.0, 0.0, 0.0, 0.0)
    try:
        visible = _visible_box(page.page_obj)
        canvas, marks, missing = _draw(page, visible)
    except known_faults() as error:
        return PageReading(failed_page(page.page_number, describe_error(error), visible))
    drawn = canvas.finish(
        lru_cache(maxsize=1)(lambda *part: draw(canvas.width, canvas.height, *part) if canvas.drawable else None)
    )
    structure = _file_parts(page.pdf.doc)[1]
    if structure.is_tagged and marks:
        concealed = frozenset(
            mark for mark, glyph in zip(canvas.marks, canvas.glyphs, strict=True) if glyph.concealed and mark >= 0
        )
        tags = read_tags(structure, marks, [canvas.marks[index] for index in canvas.kept], concealed)
        drawn = drawn.model_copy(update={"tags": tags})
    return PageReading(settle_links(drawn), missing, canvas)


def failed_page(number: int, reason: str, visible: Rectangle = (0.0, 0.0, 0.0, 0.0)) -> Page:
    """Return a page of which nothing is known but why it could not be read.

    Args:
        number: Its 1-based number.
        reason: Why.
        visible: Its visible part, where that is known.
    """
    x0, low, x1, high = visible
    nothing = {"fonts": (), "glyphs": Glyphs(), "rules": (), "fills": (), "links": (), "pictures": ()}
    return Page(number=number, width=x1 - x0, height=high - low, failure=reason, **nothing)


@lru_cache(maxsize=1)
def _file_parts(document: Any) -> tuple[Layers, Structure]:
    """Return the layers and the structure tree of the file that is open."""
    return Layers(document.catalog), Structure(document.catalog)


def _draw(page: PlumberPage, visible: Rectangle) -> tuple[Canvas, list[MarkedContent], tuple[str, ...]]:
    """Run a page's content and its annotations' appearances; what is drawn, marked contents, and what is missing."""
    from pipeline.stages.read.device import Device
    from pipeline.stages.read.interpreter import PageInterpreter

    content = page.page_obj
    device = Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    interpreter = PageInterpreter(page.pdf.rsrcmgr, device)
    interpreter.layers = layers = _file_parts(page.pdf.doc)[0]
    interpreter.missing = missing = []
    device.parents = read_int(content.attrs.get("StructParents"))
    ctm = page_matrix(content)
    interpreter.render_contents(content.resources, content.contents, ctm=ctm)
    links: list[tuple[str, Rectangle]] = []
    stale: set[int] = set()
    try:
        annotations = list(list_annotations(content))
        if len(annotations) > MOST_ANNOTATIONS:
            missing.append(f"of its {len(annotations)} annotations only the first {MOST_ANNOTATIONS} are read")
            annotations = annotations[:MOST_ANNOTATIONS]
        links += find_links(annotations, layers, page.pdf.doc.catalog, ctm)
        for appearance in find_appearances(annotations, layers):
            placed = place_form(appearance.form, appearance.rectangle, ctm)
            if placed is not None:
                device.hidden, device.source = appearance.hidden, appearance.source
                device.spans, device.mark = [], -1 if appearance.flattens else UNDRAWN
                device.look = PaintState(blends=not appearance.covers)
                start = len(device.drawn)
                interpreter.run_form(appearance.form, placed, inherits=False)
                if not appearance.covers:
                    device.drawn[start:] = [item for item in device.drawn[start:] if not isinstance(item, Cover)]
                runs = [item for item in device.drawn[start:] if isinstance(item, GlyphRun)]
                box = transform(ctm, appearance.rectangle)
                if settle_appearance(appearance.annotation, runs, page.pdf.doc.catalog, box):
                    stale.add(id(appearance.annotation))
                    for run in runs:
                        run.hidden = True
        device.drawn += [Cover(transform(ctm, box), sure=sure) for box, sure in find_areas(annotations, layers)]
        device.drawn += set_values(annotations, layers, page.pdf.doc.catalog, ctm, stale)
    except known_faults() as error:
        missing.append(f"its annotations can't be read: {describe_error(error)}")
    canvas = Canvas(page.page_number, visible, device.drawn, links, drawable=not device.endless)
    return canvas, device.marks, tuple(dict.fromkeys(missing))


def page_matrix(page: Any) -> tuple[float, float, float, float, float, float]:
    """Return the matrix from a page's own space to pdfminer's, whose origin is the turned page's lower left.

    Args:
        page: pdfminer's page.
    """
    x0, y0, x1, y1 = page.mediabox
    return {
        90: (0, -1, 1, 0, -y0, x1),
        180: (-1, 0, 0, -1, x1, y1),
        270: (0, 1, -1, 0, y1, -x0),
    }.get(page.rotate, (1, 0, 0, 1, -x0, -y0))


def _visible_box(content: Any) -> Rectangle:
    """Return the crop box, cut to the media box, in pdfminer's space; sort the corners of both."""
    media, crop = (bounds((box[:2], box[2:])) for box in (content.mediabox, content.cropbox))
    content.mediabox = media
    x0, y0, x1, y1 = intersect(media, crop)
    # A crop box off the page shows nothing; readers fall back to the media box.
    return transform(page_matrix(content), (x0, y0, x1, y1) if x1 - x0 >= 1 and y1 - y0 >= 1 else media)
