"""Values of form fields that the file has no appearance of, or a stale one: set into their fields as viewers do it."""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

import math
import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final

from pipeline.stages.read.annotations import Matrix, find_background, is_hidden, transform
from pipeline.stages.read.characters import TURNING, read_text
from pipeline.stages.read.drawn import UNDRAWN, Colour, GlyphRun, PaintState, Rectangle, to_rgb
from pipeline.stages.read.layers import Layers
from pipeline.stages.read.objects import get, read_int, read_list, read_name, read_rectangle, read_string, resolve

MOST_PARENTS: Final = 32
"""Depth of fields within fields from which on they are followed no further: a damaged file has a ring of them."""
MULTILINE, PASSWORD, COMB = 1 << 12, 1 << 13, 1 << 24
"""Flags of text fields (ISO 32000-1, table 228)."""
PUSH_BUTTON, COMBO = 1 << 16, 1 << 17
"""Flags of buttons and of choice fields (tables 226 and 230)."""
TICK: Final = "\u2714"
TICKS: Final = {"4": TICK, "8": "\u2718", "l": "\u25cf", "u": "\u25c6", "n": "\u25a0", "H": "\u2605"}
"""What viewers draw in a box that is ticked, by the code in Zapf Dingbats that its caption is."""
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
_COLOUR: Final = re.compile(rb"((?:[\d.]+\s+)+)(?:g|rg|k)\b")
"""A colour to fill with, as a default appearance gives it (ISO 32000-1, 12.7.3.3)."""
_SIZE: Final = re.compile(rb"([\d.]+)\s+Tf")


def set_values(
    annotations: list[dict[str, Any]], layers: Layers, catalog: Any, ctm: Matrix, stale: set[int]
) -> Iterator[GlyphRun]:
    """Set values that have no appearance into their fields, in Helvetica.

    Args:
        annotations: A page's annotations.
        layers: The file's layers.
        catalog: The file's catalog.
        ctm: From the page's own space to pdfminer's.
        stale: `id` of the annotations whose appearance viewers draw anew.

    Yields:
        The lines of the values of fields, and of typed text, that a viewer shows.
    """
    from pdfminer.pdftypes import PDFStream

    form = get(catalog, "AcroForm")
    for annotation in annotations:
        rectangle, subtype = read_rectangle(annotation.get("Rect")), read_name(annotation.get("Subtype"))
        drawn = isinstance(get(get(annotation, "AP"), "N"), (PDFStream, dict)) and id(annotation) not in stale
        if subtype not in ("Widget", "FreeText") or is_hidden(annotation, layers) or drawn or rectangle is None:
            continue
        typed = subtype == "FreeText"
        text = _read_value(annotation, typed=typed)
        if not text.strip():
            continue
        usual = _inherit(annotation, "DA") or get(form, "DA")
        found = _SIZE.search(usual) if isinstance(usual, bytes) else None
        size = float(found[1]) if found and found[1].count(b".") < 2 and found[1] != b"." else 0.0
        multiline = typed or bool(_read_flags(annotation) & MULTILINE) or "\n" in text
        height = rectangle[3] - rectangle[1]
        source = "annotation" if typed else "form_field"
        size = size or min(USUAL_SIZE, SIZE_SHARE * height)
        for run in _set(text, transform(ctm, rectangle), size, multiline, source):
            run.colour = _read_colour(usual) or run.colour
            run.behind = to_rgb(find_background(annotation) or None)
            yield run


def _read_colour(usual: Any) -> Colour | None:
    found = _COLOUR.findall(usual) if isinstance(usual, bytes) else []
    try:
        return to_rgb([float(part) for part in found[-1].split()]) if found else None
    except ValueError:
        return None


def settle_appearance(annotation: dict[str, Any], runs: list[GlyphRun], catalog: Any, box: Rectangle) -> bool:
    """Widen letters that are set into a comb to their cells, so that they are words.

    Args:
        annotation: A field.
        runs: What its appearance draws.
        catalog: The file's catalog.
        box: Where the appearance is, in pdfminer's space.

    Returns:
        Whether viewers draw the field anew: where the file asks them to, and its value has other letters.
    """
    flags, cells = _read_flags(annotation), read_int(_inherit(annotation, "MaxLen")) or 0
    kind, value = read_name(_inherit(annotation, "FT")), _read_value(annotation)
    if kind == "Tx" and flags & COMB and cells > 0:
        half = (box[2] - box[0]) / cells / 2
        for run in runs:
            run.glyphs = [(text, (x0 + x1) / 2 - half, (x0 + x1) / 2 + half) for text, x0, x1 in run.glyphs]
    # A list shows what is not chosen, too; a script may have formatted what is typed.
    whole = (kind == "Ch" and not flags & COMBO) or get(_inherit(annotation, "AA"), "F") is not None
    if whole or kind not in ("Tx", "Ch") or get(get(catalog, "AcroForm"), "NeedAppearances") is not True:
        return False
    shown = "".join(text for run in runs for text, *_ in run.glyphs)
    return bool(value.strip()) and _letters(value) != _letters(shown)


def _letters(text: str) -> str:
    return "".join(sorted(filter(str.isalnum, unicodedata.normalize("NFKC", text))))


def _read_flags(annotation: dict[str, Any]) -> int:
    return read_int(_inherit(annotation, "Ff")) or 0


def _read_value(annotation: dict[str, Any], *, typed: bool = False) -> str:
    """Return the text that viewers show of a field or, where it is `typed`, of a FreeText."""
    kind, flags = read_name(_inherit(annotation, "FT")), _read_flags(annotation)
    value = _inherit(annotation, "Contents" if typed else "V")
    if kind == "Btn" and not typed:
        ticked = not flags & PUSH_BUTTON and read_name(annotation.get("AS") or value) not in ("", "Off")
        return TICKS.get(read_string(get(annotation.get("MK"), "CA")) or "", TICK) if ticked else ""
    if not typed and (kind not in ("Tx", "Ch") or flags & PASSWORD):
        return ""
    pairs = [[read_string(part) for part in read_list(item)] for item in read_list(_inherit(annotation, "Opt"))]
    shown = {pair[0]: pair[1] for pair in pairs if len(pair) == 2}
    texts = map(read_string, value if isinstance(value, list) else [value])
    return "\n".join(filter(None, (shown.get(text, text) for text in texts)))


def _set(text: str, box: Rectangle, size: float, multiline: bool, source: str) -> Iterator[GlyphRun]:
    """Return the lines of a text in a field; `multiline` where it wraps."""
    from pipeline.stages.read.fonts import standard_width

    x0, low, x1, high = box
    width = (x1 - x0 - 2 * INSET) / size * 1000 if multiline and size else math.inf
    lines = [line for part in re.split("\r\n|\r|\n", TURNING.sub("", text)) for line in _wrap(part, width)]
    middle = (low + high - size) / 2 + DESCENT * size
    origin = high - INSET - (1 - DESCENT) * size if multiline else middle
    state = 0, PaintState(), False, UNDRAWN, source
    for line in lines:
        low, high = origin - DESCENT * size, origin + (1 - DESCENT) * size
        run = GlyphRun("Helvetica", (1.0, 0.0, 0.0, 1.0), low, high, origin, size, (0.0, 0.0, 0.0), *state)
        x = x0 + INSET
        for character in line:
            advance = standard_width(character) / 1000 * size
            run.glyphs.append((read_text(character, run.font), x, x + advance))
            x += advance
        yield run
        origin -= LEADING * size


def _wrap(text: str, width: float) -> Iterator[str]:
    """Break a line between words, at a width in thousandths of the size."""
    from pipeline.stages.read.fonts import standard_width

    line, taken = "", 0.0
    for word in re.split("(?<= )", text):
        needed = sum(map(standard_width, word))
        if line and taken + needed > width:
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
