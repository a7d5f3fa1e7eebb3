"""A page's annotations: links, and what a viewer shows of form fields, typed text and other marks."""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from urllib.parse import urljoin

from pipeline.stages.read.drawn import OPAQUE, Rectangle, bounds, enclose
from pipeline.stages.read.layers import Layers
from pipeline.stages.read.objects import get, read_int, read_list, read_matrix, read_name, read_rectangle, resolve

WITHOUT_WIDTH: Final = re.compile("[\u200b\u2060\ufeff]")
"""Characters that only say where a line may break, or may not: no part of what is read."""
QUAD_SLACK: Final = 1.0
"""How far, in points, quadrilaterals may reach out of their annotation's rectangle; else they count for nothing, as the
standard has it (ISO 32000-1, table 173). Producers round either; the line above is farther off."""
HIDDEN_FLAGS: Final = 2 | 32
"""The flags Hidden and NoView (ISO 32000-1, table 165): a viewer shows nothing."""
INVISIBLE: Final = 1
"""The flag Invisible: a viewer shows nothing of an annotation whose kind it does not know. pdfium draws those that it
knows, and makes none of them part of the page."""
KNOWN: Final = frozenset(
    (
        *("Text", "Link", "FreeText", "Line", "Square", "Circle", "Polygon", "PolyLine", "Highlight", "Underline"),
        *("Squiggly", "StrikeOut", "Stamp", "Caret", "Ink", "Popup", "FileAttachment", "Sound", "Movie", "Widget"),
        *("Screen", "PrinterMark", "TrapNet", "Watermark", "3D", "Redact"),
    )
)
"""Kinds of annotations (ISO 32000-1, table 169)."""
FILLED: Final = {"Square": "IC", "Circle": "IC", "Polygon": "IC", "FreeText": "C"}
"""Kinds that are filled, and the key of the colour (ISO 32000-1, 12.5.6.6 and 12.5.6.8)."""
SOURCES: Final = {"Widget": "form_field", "Stamp": "stamp", "Watermark": "stamp"}
"""What the text of an appearance comes from, where that is no annotation of another kind (see `Glyph.source`)."""
MARKUP: Final = ("Highlight", "Underline", "StrikeOut", "Squiggly")
"""Kinds that viewers lay over the text, which goes on to be seen."""
Matrix = tuple[float, float, float, float, float, float]


class Appearance(NamedTuple):
    """What a viewer draws of an annotation.

    Attributes:
        annotation: The annotation.
        form: The form that draws it.
        rectangle: Where it is, in the page's own space.
        source: What text in it comes from (see `Glyph.source`).
        covers: False where viewers let the page shine through in any case.
        hidden: True where its layer is switched off.
        flattens: False where the second reader draws it, and does not make it part of the page.
    """

    annotation: dict[str, Any]
    form: Any
    rectangle: Rectangle
    source: str
    covers: bool
    hidden: bool
    flattens: bool


def list_annotations(page: Any) -> Iterator[dict[str, Any]]:
    """Return a page's annotations; what is none is left out.

    Args:
        page: pdfminer's page.
    """
    for item in read_list(page.annots):
        annotation = resolve(item)
        if isinstance(annotation, dict):
            yield annotation


def find_links(
    annotations: list[dict[str, Any]], layers: Layers, catalog: Any, ctm: Matrix
) -> Iterator[tuple[str, Rectangle]]:
    """Find links to addresses, one for each quadrilateral that can be chosen.

    Args:
        annotations: A page's annotations.
        layers: The file's layers.
        catalog: The file's catalog, whose `/URI` may have the address that others are relative to.
        ctm: From the page's own space to pdfminer's.

    Yields:
        Each target and its rectangle in pdfminer's space, in the file's order.
    """
    base = get(get(catalog, "URI"), "Base")
    base = _decode(base) if isinstance(base, bytes) else ""
    for annotation in annotations:
        raw = get(get(annotation, "A"), "URI")
        rectangle = read_rectangle(annotation.get("Rect"))
        if not isinstance(raw, bytes) or rectangle is None or is_hidden(annotation, layers):
            continue
        url = unicodedata.normalize("NFC", WITHOUT_WIDTH.sub("", _decode(raw)).strip())
        url = urljoin(base, url) if url and base else url
        for box in _quads(annotation, rectangle) or [rectangle] if url else ():
            yield url, transform(ctm, box)


def has_flag(annotation: dict[str, Any], flags: int) -> bool:
    """Return whether an annotation has one of some flags (ISO 32000-1, table 165)."""
    return bool((read_int(annotation.get("F")) or 0) & flags)


def is_hidden(annotation: dict[str, Any], layers: Layers) -> bool:
    """Return whether a viewer shows nothing of an annotation: by its flags, or because its layer is off."""
    return has_flag(annotation, HIDDEN_FLAGS) or ("OC" in annotation and not layers.shows(annotation["OC"]))


def find_background(annotation: dict[str, Any]) -> list[Any]:
    """Return the parts of the colour that an annotation is filled with; none where it is not."""
    kind = read_name(annotation.get("Subtype"))
    colour = get(annotation.get("MK"), "BG") if kind == "Widget" else get(annotation, FILLED.get(kind, ""))
    return [resolve(part) for part in read_list(colour)]


def find_areas(annotations: list[dict[str, Any]], layers: Layers) -> Iterator[tuple[Rectangle, bool]]:
    """Find annotations without an appearance that viewers fill with a colour.

    Yields:
        Their rectangles in the page's own space, and whether all of each is filled.
    """
    for annotation in annotations:
        kind, rectangle = read_name(annotation.get("Subtype")), read_rectangle(annotation.get("Rect"))
        opacity = get(annotation, "CA")
        faint = isinstance(opacity, (int, float)) and opacity < OPAQUE
        drawn = "AP" in annotation or faint or is_hidden(annotation, layers)
        if find_background(annotation) and rectangle is not None and not drawn:
            yield rectangle, kind in ("Widget", "FreeText")


def find_appearances(annotations: list[dict[str, Any]], layers: Layers) -> Iterator[Appearance]:
    """Find what viewers draw of a page's annotations.

    Args:
        annotations: A page's annotations.
        layers: The file's layers.

    Yields:
        Appearances in the order in which they are drawn.
    """
    from pdfminer.pdftypes import PDFStream

    for annotation in annotations:
        kind = read_name(annotation.get("Subtype"))
        rectangle = read_rectangle(annotation.get("Rect"))
        invisible = has_flag(annotation, INVISIBLE)
        unseen = has_flag(annotation, HIDDEN_FLAGS) or (invisible and kind not in KNOWN)
        if kind == "Popup" or rectangle is None or unseen:
            continue
        form = get(get(annotation, "AP"), "N")
        if isinstance(form, dict):  # one appearance for each state: a box is ticked, or not
            form = get(form, read_name(annotation.get("AS")) or "Off")
        if isinstance(form, PDFStream):
            source = SOURCES.get(kind, "annotation")
            hidden = "OC" in annotation and not layers.shows(annotation["OC"])
            yield Appearance(annotation, form, rectangle, source, kind not in MARKUP, hidden, not invisible)


def place_form(form: Any, rectangle: Rectangle, ctm: Matrix) -> Matrix | None:
    """Compute how an appearance is set into its annotation's rectangle (ISO 32000-1, algorithm 8.1).

    Args:
        form: The form.
        rectangle: The annotation's rectangle in the page's own space.
        ctm: From the page's own space to pdfminer's.

    Returns:
        From the form's space to pdfminer's; None where it has no box of numbers, or one without area.
    """
    from pdfminer.utils import mult_matrix

    box, numbers = read_rectangle(form.get("BBox")), read_matrix(form.get("Matrix"))
    if box is None:
        return None
    x0, y0, x1, y1 = transform(numbers, box)
    if x1 - x0 <= 0 or y1 - y0 <= 0:
        return None
    across, up = (rectangle[2] - rectangle[0]) / (x1 - x0), (rectangle[3] - rectangle[1]) / (y1 - y0)
    fitting = (across, 0.0, 0.0, up, rectangle[0] - x0 * across, rectangle[1] - y0 * up)
    placed: Matrix = mult_matrix(mult_matrix(numbers, fitting), ctm)
    return placed


def transform(matrix: Matrix, box: Rectangle) -> Rectangle:
    """Return the rectangle around a transformed rectangle."""
    a, b, c, d, e, f = matrix
    corners = [(box[x], box[y]) for x in (0, 2) for y in (1, 3)]
    return bounds([(a * x + c * y + e, b * x + d * y + f) for x, y in corners])


def _quads(annotation: dict[str, Any], whole: Rectangle) -> list[Rectangle]:
    """Return the rectangles around an annotation's quadrilaterals; none where they are missing or wrong."""
    numbers = [resolve(value) for value in read_list(annotation.get("QuadPoints"))]
    if not numbers or len(numbers) % 8 or not all(isinstance(value, (int, float)) for value in numbers):
        return []
    boxes = [
        bounds(list(zip(numbers[start : start + 8 : 2], numbers[start + 1 : start + 8 : 2], strict=True)))
        for start in range(0, len(numbers), 8)
    ]
    x0, y0, x1, y1 = enclose(boxes)
    slack = QUAD_SLACK
    inside = whole[0] - slack <= x0 and whole[1] - slack <= y0 and x1 <= whole[2] + slack and y1 <= whole[3] + slack
    return boxes if inside else []


def _decode(raw: bytes) -> str:
    for encoding in ("utf-8", "utf-16"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")
