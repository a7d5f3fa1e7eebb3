"""Values of form fields that the file has no appearance of: set into their fields as viewers set them."""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from pipeline.stages.read.annotations import is_hidden
from pipeline.stages.read.characters import read_text
from pipeline.stages.read.drawn import UNDRAWN, Look, Rectangle, Run
from pipeline.stages.read.layers import Layers
from pipeline.stages.read.objects import get, read_name, read_rectangle, read_string, resolve

MOST_PARENTS: Final = 32
"""Depth of fields within fields from which on they are followed no further."""
MULTILINE, PASSWORD = 1 << 12, 1 << 13
"""Flags of text fields (ISO 32000-1, table 228)."""
USUAL_SIZE: Final = 12.0
"""Font size, points, of a field that leaves it to the viewer, where it is high enough."""
SIZE_SHARE: Final = 0.7
"""Share of a field's height that such a size takes at most."""
LEADING: Final = 1.15
"""Distance of base lines as a share of the size: the standard fonts' own."""
DESCENT: Final = 0.2
"""Depth below the base line as a share of the size, likewise."""
INSET: Final = 2.0
"""Distance, points, of the text from a field's edges."""
_SIZE: Final = re.compile(rb"([\d.]+)\s+Tf")


class FieldValue(NamedTuple):
    """A value.

    Attributes:
        text: Its text.
        rectangle: Its field's, in the page's own space.
        size: Font size in points.
        multiline: True where it wraps.
        source: Where it comes from (see `Glyph.source`).
    """

    text: str
    rectangle: Rectangle
    size: float
    multiline: bool
    source: str


def find_values(annotations: list[dict[str, Any]], layers: Layers, catalog: Any) -> Iterator[FieldValue]:
    """Find values that have no appearance.

    Args:
        annotations: A page's annotations.
        layers: The file's layers.
        catalog: The file's catalog.

    Yields:
        The values of text and choice fields, and typed text, that a viewer shows.
    """
    from pdfminer.pdftypes import PDFStream

    form = get(catalog, "AcroForm")
    for annotation in annotations:
        rectangle, subtype = read_rectangle(annotation.get("Rect")), read_name(annotation.get("Subtype"))
        drawn = isinstance(get(get(annotation, "AP"), "N"), (PDFStream, dict))
        if subtype not in ("Widget", "FreeText") or is_hidden(annotation, layers) or drawn or rectangle is None:
            continue
        typed = subtype == "FreeText"
        kind, own = read_name(_inherit(annotation, "FT")), _inherit(annotation, "Ff")
        own = own if isinstance(own, int) else 0
        value = _inherit(annotation, "Contents" if typed else "V")
        text = "\n".join(filter(None, map(read_string, value if isinstance(value, list) else [value])))
        if not (typed or kind in ("Tx", "Ch")) or own & PASSWORD or not text.strip():
            continue
        usual = _inherit(annotation, "DA") or get(form, "DA")
        found = _SIZE.search(usual) if isinstance(usual, bytes) else None
        size = float(found[1]) if found and found[1].count(b".") < 2 and found[1] != b"." else 0.0
        multiline = typed or bool(own & MULTILINE) or "\n" in text
        height = rectangle[3] - rectangle[1]
        source = "annotation" if typed else "form_field"
        yield FieldValue(text, rectangle, size or min(USUAL_SIZE, SIZE_SHARE * height), multiline, source)


def set_value(value: FieldValue, box: Rectangle) -> Iterator[Run]:
    """Set a value into its field, in Helvetica.

    Args:
        value: The value.
        box: Its rectangle in pdfminer's space.

    Yields:
        The lines.
    """
    from pipeline.stages.read.fonts import standard_width

    size, (x0, low, x1, high) = value.size, box
    lines = [line for part in re.split("\r\n|\r|\n", value.text) for line in _wrap(part, value, x1 - x0)]
    middle = (low + high - size) / 2 + DESCENT * size
    origin = high - INSET - (1 - DESCENT) * size if value.multiline else middle
    state = 0, Look(), False, UNDRAWN, value.source
    for line in lines:
        low, high = origin - DESCENT * size, origin + (1 - DESCENT) * size
        run = Run("Helvetica", (1.0, 0.0, 0.0, 1.0), low, high, origin, size, (0.0, 0.0, 0.0), *state)
        x = x0 + INSET
        for sign in line:
            advance = standard_width(sign) / 1000 * size
            run.glyphs.append((read_text(sign, run.font), x, x + advance))
            x += advance
        yield run
        origin -= LEADING * size


def _wrap(text: str, value: FieldValue, width: float) -> Iterator[str]:
    """Break a line of a field of several lines between words."""
    from pipeline.stages.read.fonts import standard_width

    line, taken = "", 0.0
    for word in re.split("(?<= )", text) if value.multiline else [text]:
        needed = sum(map(standard_width, word)) / 1000 * value.size
        if line and taken + needed > width - 2 * INSET:
            yield line.rstrip()
            line, taken = "", 0.0
        line, taken = line + word, taken + needed
    yield line


def _inherit(field: dict[str, Any], key: str) -> Any:
    """Return an attribute of a field, or of the field that it is part of."""
    for _ in range(MOST_PARENTS):
        if key in field:
            return resolve(field[key])
        parent = resolve(field.get("Parent"))
        if not isinstance(parent, dict):
            break
        field = parent
    return None
