"""Whether the glyphs of embedded fonts draw anything: TrueType's `glyf` and CFF's charstrings, read by fontTools.

Only what a page uses is looked at. What is damaged, or is of another kind (Type 1's encrypted programs, bitmaps, layers
of colours), is not known.
"""

# pdfminer and fontTools hand over objects of no one type.
# ruff: noqa: ANN401

import logging
from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from pdfminer.encodingdb import name2unicode
from pdfminer.latin_enc import ENCODING
from pdfminer.pdffont import PDFCIDFont
from pdfminer.pdftypes import PDFStream, resolve1

from pipeline.stages.read.drawn import NO_INK, Ink
from pipeline.stages.read.objects import get, known_faults, read_name
from pipeline.stages.read.symbol_fonts import PRIVATE

SYMBOLIC: Final = 4
"""The flag of a font descriptor (ISO 32000-1, table 123) that says that the font has an encoding of its own."""
OTHER_INK: Final = frozenset(("CBDT", "COLR", "EBDT", "SVG ", "sbix"))
"""Tables by which a glyph without an outline may draw something."""
ENCODING_COLUMNS: Final = {"StandardEncoding": 1, "MacRomanEncoding": 2, "WinAnsiEncoding": 3}
"""Where pdfminer's table of Latin characters has the codes of an encoding."""
NO_GLYPH: Final = ".notdef"

logging.getLogger("fontTools").setLevel(logging.CRITICAL)  # it warns of each oddity of a table


class FontProgram:
    """The font program of a font of the file.

    What it tells of a glyph is None where it is not known.
    """

    def __init__(self, font: Any, spec: Any, names: Mapping[int, str]) -> None:
        """Remember where the program is; it is read when it is asked.

        Args:
            font: pdfminer's font.
            spec: Its dictionary.
            names: Names of glyphs that its encoding gives to codes.
        """
        self._font, self._spec, self._names = font, spec, names
        self._program: _TrueType | _CFF | None = None
        self._is_read = False
        self.is_embedded = any(key.startswith("FontFile") for key in font.descriptor)
        self._known: dict[int, Ink | None] = {}

    def measure(self, cid: int) -> Ink | None:
        """Measure what the glyph of a code (of a composite font, of a character id) draws."""
        if not self.is_embedded:
            return None
        if cid not in self._known:
            try:
                self._known[cid] = self._measure(cid)
            except Exception:  # noqa: BLE001 - fontTools fails in whatever way a damaged program leads to
                self._known[cid] = None
        return self._known[cid]

    def read_name(self, cid: int) -> str:
        """Return the character that the encoding names for a code of a simple font; nothing where it names none."""
        if isinstance(self._font, PDFCIDFont) or "Encoding" not in self._spec:
            return ""
        try:
            return str(name2unicode(self._list_names()[cid]))
        except known_faults():
            return ""

    def _measure(self, cid: int) -> Ink | None:
        if not self._is_read:
            self._is_read = True
            self._program = _read_program(self._font.descriptor)
        program = self._program
        if program is None:
            return None
        if isinstance(self._font, PDFCIDFont):
            return self._measure_id(program, cid)
        if isinstance(program, _CFF):
            glyph = program.find_name(self._list_names().get(cid)) if cid in self._list_names() else None
            if glyph is None and "Encoding" not in self._spec:
                glyph = program.find_code(cid)
            return program.measure(glyph)
        text = self._font.cid2unicode.get(cid, "")
        named = "Encoding" in self._spec and not self._font.flags & SYMBOLIC
        glyph = program.find_code(cid, text, own=not named)
        ink = program.measure(glyph)
        glyphs = program.list_glyphs()
        if glyph == glyphs[0] and (self._list_names().get(cid, "") in glyphs or ink != NO_INK):
            return None  # its name alone may find it; a space that the font lacks is drawn by no glyph
        return ink

    def _measure_id(self, program: "_TrueType | _CFF", cid: int) -> Ink | None:
        """Measure what the glyph of a character id draws."""
        places = resolve1(self._spec.get("CIDToGIDMap"))
        by_number = read_name(self._spec.get("Subtype")) == "CIDFontType2"
        if isinstance(program, _CFF) and not by_number:
            return program.measure(program.find_id(cid))
        number = int.from_bytes(places.get_data()[2 * cid : 2 * cid + 2]) if isinstance(places, PDFStream) else cid
        return program.measure(program.list_glyphs()[number])

    def _list_names(self) -> dict[int, str]:
        encoding = resolve1(self._spec.get("Encoding"))
        name = read_name(get(encoding, "BaseEncoding") if isinstance(encoding, dict) else encoding)
        column = ENCODING_COLUMNS.get(name or "StandardEncoding")
        base = {row[column]: row[0] for row in ENCODING} if column else {}
        return {code: name for code, name in base.items() if isinstance(code, int)} | dict(self._names)


def _read_program(descriptor: Any) -> "_TrueType | _CFF | None":
    stream = next((resolve1(value) for key, value in descriptor.items() if key in ("FontFile2", "FontFile3")), None)
    if not isinstance(stream, PDFStream):
        return None
    data = stream.get_data()
    # Each is loaded where a font of its kind is looked at first; CFF brings half of fontTools, 20 ms of each worker.
    if data[:1] == b"\x01":
        from fontTools.cffLib import CFFFontSet

        fonts = CFFFontSet()
        fonts.decompile(BytesIO(data), None)
        return _CFF(fonts[0])
    from fontTools.ttLib import TTFont

    font = TTFont(BytesIO(data), lazy=True)
    if OTHER_INK & set(font.keys()):
        return None
    return _CFF(font["CFF "].cff[0]) if "CFF " in font else _TrueType(font)


class _TrueType:
    """A font of outlines in `glyf` (OpenType 1.9)."""

    def __init__(self, font: Any) -> None:
        self._font = font
        self._names: list[str] = font.getGlyphOrder()
        self._em = font["head"].unitsPerEm or 1

    def list_glyphs(self) -> list[str]:
        """Return the names of the glyphs, in the font's order."""
        return self._names

    def measure(self, glyph: str) -> Ink:
        """Measure what a glyph draws."""
        own = self._font["glyf"][glyph]
        drawn = own.numberOfContours and own.xMin < own.xMax and own.yMin < own.yMax
        return Ink(own.yMin / self._em, own.yMax / self._em) if drawn else NO_INK

    def find_code(self, code: int, text: str, *, own: bool) -> str:
        """Find the glyph that viewers take for a code of a simple font (ISO 32000-1, 9.6.6.4), or the first one.

        Args:
            code: The code.
            text: The character that the font's encoding has for it.
            own: The font has an encoding of its own, which comes before that of characters.
        """
        maps = {(table.platformID, table.platEncID): table.cmap for table in self._font["cmap"].tables}
        by_text = [(3, 1, ord(text)), (0, 3, ord(text))] if len(text) == 1 else []
        by_code = [(3, 0, PRIVATE + code), (3, 0, code), (1, 0, code)]
        for part, kind, sought in (*by_code, *by_text) if own else (*by_text, *by_code):
            glyph = maps.get((part, kind), {}).get(sought, self._names[0])
            if glyph != self._names[0]:
                return str(glyph)
        return self._names[0]


class _CFF:
    """A font of charstrings (Adobe's Technical Notes 5176 and 5177)."""

    def __init__(self, top: Any) -> None:
        self._top, self._charstrings = top, top.CharStrings

    def list_glyphs(self) -> list[str]:
        """Return the names of the glyphs, in the font's order."""
        return list(self._top.charset)

    def find_id(self, cid: int) -> str:
        """Find the glyph of a character id, or the first one."""
        if not hasattr(self._top, "ROS"):
            return self.list_glyphs()[cid]
        return self.find_name(f"cid{cid:05d}") or self.list_glyphs()[0]

    def find_name(self, name: str | None) -> str | None:
        """Find the glyph of a name."""
        return name if name in self._charstrings else None

    def find_code(self, code: int) -> str | None:
        """Find the glyph of a code in the font's own encoding."""
        encoding = self._top.Encoding
        name = encoding[code] if isinstance(encoding, list) else None
        return None if name == NO_GLYPH else name

    def measure(self, glyph: str | None) -> Ink | None:
        """Measure what a glyph draws."""
        if glyph is None:
            return None
        from fontTools.pens.boundsPen import ControlBoundsPen

        pen = ControlBoundsPen(self._charstrings)
        self._charstrings[glyph].draw(pen)
        left, low, right, high = pen.bounds or (0.0, 0.0, 0.0, 0.0)
        em = self._top.FontMatrix[3]
        return Ink(low * em, high * em) if left < right and low < high else NO_INK
