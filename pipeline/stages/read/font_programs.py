"""Whether the glyphs of embedded fonts draw anything: TrueType's `glyf` and CFF's charstrings, read glyph by glyph.

Only what a page uses is looked at, in the font's own tables. What is damaged, or is of another kind (Type 1's encrypted
programs, bitmaps, layers of colours), is not known.
"""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

import math
import struct
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from pdfminer.encodingdb import name2unicode
from pdfminer.latin_enc import ENCODING
from pdfminer.pdffont import CFFFont, PDFCIDFont
from pdfminer.pdftypes import PDFStream, resolve1

from pipeline.stages.read.objects import get, known_faults, read_name

SYMBOLIC: Final = 4
"""The flag of a font descriptor (ISO 32000-1, table 123) that says that the font has an encoding of its own."""
PRIVATE_CODES: Final = 0xF000
"""What is added to codes in the tables of symbolic fonts (OpenType, `cmap`, platform 3, encoding 0)."""
OTHER_INK: Final = frozenset((b"CBDT", b"COLR", b"EBDT", b"SVG ", b"sbix"))
"""Tables by which a glyph without an outline may draw something."""
ENCODING_COLUMNS: Final = {"StandardEncoding": 1, "MacRomanEncoding": 2, "WinAnsiEncoding": 3}
"""Where pdfminer's table of Latin characters has the codes of an encoding."""
CFF_PAINTS: Final = frozenset((5, 6, 7, 8, 24, 25, 26, 27, 30, 31))
CFF_MOVES: Final = frozenset((1, 3, 4, 18, 21, 22, 23))
CFF_FLEXES: Final = frozenset((34, 35, 36, 37))
CFF_END: Final = 14
"""Type 2 charstring operators (Technical Note 5177 of Adobe): lines and curves, stems and moves, flexes, the end."""
CFF_CHARSET, CFF_ENCODING, CFF_CHARSTRINGS, CFF_ROS = 15, 16, 17, (12 << 8) | 30
"""Operators of a top dictionary (Adobe's Technical Note 5176, table 9)."""
ACCENTED_END: Final = 4
"""Least number of operands with which the end of a charstring draws a letter and an accent."""


class Ink(NamedTuple):
    """The lower and upper edge of what a glyph draws, ems above the base line; not numbers where that is not known."""

    low: float
    high: float


NO_INK: Final = Ink(0.0, 0.0)
SOME_INK: Final = Ink(math.nan, math.nan)


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
            except struct.error:
                self._known[cid] = None
            except known_faults():
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
            return program.measure(self._map_id(program, cid))
        if isinstance(program, _CFF):
            glyph = program.find_name(self._list_names().get(cid)) if cid in self._list_names() else None
            if glyph is None and "Encoding" not in self._spec:
                glyph = program.find_code(cid)
            return program.measure(glyph)
        text = self._font.cid2unicode.get(cid, "")
        named = "Encoding" in self._spec and not self._font.flags & SYMBOLIC
        glyph = program.find_code(cid, text, own=not named)
        if glyph == 0 and (program.has_name(self._list_names().get(cid, "")) or program.measure(0) != NO_INK):
            return None  # its name alone may find it; a space that the font lacks is drawn by no glyph
        return program.measure(glyph)

    def _map_id(self, program: "_TrueType | _CFF", cid: int) -> int | None:
        """Return the glyph of a character id."""
        places = resolve1(self._spec.get("CIDToGIDMap"))
        if isinstance(program, _CFF) and read_name(self._spec.get("Subtype")) != "CIDFontType2":
            return program.find_id(cid)
        return int.from_bytes(places.get_data()[2 * cid : 2 * cid + 2]) if isinstance(places, PDFStream) else cid

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
    if data[:1] == b"\x01":
        return _CFF(data)
    if data[:4] not in (b"\x00\x01\x00\x00", b"true", b"OTTO"):
        return None
    tables = {
        bytes(data[place : place + 4]): struct.unpack_from(">LL", data, place + 8)
        for place in range(12, 12 + 16 * _word(data, 4), 16)
    }
    if OTHER_INK & tables.keys():
        return None
    parts = {name: data[start : start + size] for name, (start, size) in tables.items()}
    return _CFF(parts[b"CFF "]) if b"CFF " in parts else _TrueType(parts)


def _word(data: bytes, place: int) -> int:
    return int(struct.unpack_from(">H", data, place)[0])


class _TrueType:
    """A font of outlines in `glyf` (OpenType 1.9)."""

    def __init__(self, tables: Mapping[bytes, bytes]) -> None:
        head = tables[b"head"]
        self._em, self._long = _word(head, 18) or 1, _word(head, 50)
        self._places, self._outlines = tables[b"loca"], tables[b"glyf"]
        self._map, self._names = tables.get(b"cmap", bytes(4)), tables.get(b"post", b"")

    def measure(self, glyph: int | None) -> Ink | None:
        """Measure what a glyph draws."""
        if glyph is None:
            return None
        form, size, unit = (">LL", 4, 1) if self._long else (">HH", 2, 2)
        start, end = (unit * value for value in struct.unpack_from(form, self._places, size * glyph))
        if start == end:
            return NO_INK
        contours, left, low, right, high = struct.unpack_from(">5h", self._outlines, start)
        return Ink(low / self._em, high / self._em) if contours and left < right and low < high else NO_INK

    def has_name(self, name: str) -> bool:
        """Return whether a glyph has a name."""
        return bytes((len(name), *name.encode())) in self._names

    def find_code(self, code: int, text: str, *, own: bool) -> int:
        """Find the glyph that viewers take for a code of a simple font (ISO 32000-1, 9.6.6.4); 0 where there is none.

        Args:
            code: The code.
            text: The character that the font's encoding has for it.
            own: The font has an encoding of its own, which comes before that of characters.
        """
        tables = {
            struct.unpack_from(">HH", self._map, place): struct.unpack_from(">L", self._map, place + 4)[0]
            for place in range(4, 4 + 8 * _word(self._map, 2), 8)
        }
        by_text = [(3, 1, ord(text)), (0, 3, ord(text))] if len(text) == 1 else []
        by_code = [(3, 0, PRIVATE_CODES + code), (3, 0, code), (1, 0, code)]
        for part, kind, sought in (*by_code, *by_text) if own else (*by_text, *by_code):
            glyph = find_glyph(self._map[tables[part, kind] :], sought) if (part, kind) in tables else 0
            if glyph:
                return glyph
        return 0


def find_glyph(table: bytes, code: int) -> int:
    """Find a code's glyph in a table of `cmap`; 0 where it has none."""
    form = _word(table, 0)
    if form == 0:
        return table[6 + code] if code < 256 else 0
    if form == 6:
        first, count = struct.unpack_from(">HH", table, 6)
        return _word(table, 10 + 2 * (code - first)) if first <= code < first + count else 0
    if form == 12:
        groups = table[16 : 16 + 12 * struct.unpack_from(">L", table, 12)[0]]
        for first, last, glyph in struct.iter_unpack(">LLL", groups):
            if first <= code <= last:
                return int(glyph + code - first)
        return 0
    if form != 4:
        return 0
    size = _word(table, 6)
    number = bisect_left(struct.unpack_from(f">{size // 2}H", table, 14), code)
    if number >= size // 2:
        return 0
    places = range(16 + size + 2 * number, 16 + 4 * size, size)
    first, delta, reach = (_word(table, place) for place in places)
    if code < first:
        return 0
    glyph = _word(table, places[2] + reach + 2 * (code - first)) if reach else code
    return (glyph + delta) & 0xFFFF if glyph else 0


class _CFF:
    """A font of charstrings (Adobe's Technical Notes 5176 and 5177)."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        names = _Index(data, data[2])
        tops = _Index(data, names.end)
        self._strings = _Index(data, tops.end)
        top = _read_top(tops[0])
        self._charstrings = _Index(data, top[CFF_CHARSTRINGS])
        self._ids, self._encoding = CFF_ROS in top, top.get(CFF_ENCODING, 0)
        self._charset = self._read_charset(top.get(CFF_CHARSET, 0))

    def _read_charset(self, place: int) -> dict[int, int] | None:
        """Return the glyph of each string or character id; None where the charset is none of the file's."""
        count = len(self._charstrings)
        if place == 0:
            return {number: number for number in range(count)}
        if place <= 2:
            return None
        form, place, found = self._data[place], place + 1, {0: 0}
        while len(found) < count:
            first, left = _word(self._data, place), 0
            if form:
                left = self._data[place + 2] if form == 1 else _word(self._data, place + 2)
            place += 2 + form
            for number in range(first, first + min(left, count) + 1):
                found.setdefault(number, len(found))
        return found

    def find_id(self, cid: int) -> int | None:
        """Find the glyph of a character id."""
        if not self._ids:
            return cid
        return None if self._charset is None else self._charset.get(cid, 0)

    def find_name(self, name: str | None) -> int | None:
        """Find the glyph of a name."""
        standard = CFFFont.STANDARD_STRINGS
        for number, glyph in (self._charset or {}).items():
            own = number - len(standard)
            if name == (standard[number] if own < 0 else self._strings[own].decode("latin-1")):
                return glyph
        return None

    def find_code(self, code: int) -> int | None:
        """Find the glyph of a code in the font's own encoding."""
        place = self._encoding
        if place <= 1:
            return None
        form, count, place, glyph = self._data[place] & 0x7F, self._data[place + 1], place + 2, 1
        for _ in range(count):
            first, left = self._data[place], self._data[place + 1] if form else 0
            if first <= code <= first + left:
                return glyph + code - first
            glyph, place = glyph + left + 1, place + 1 + form
        return None

    def measure(self, glyph: int | None) -> Ink | None:
        """Tell whether a glyph draws something; what a subroutine draws is not known."""
        if glyph is None:
            return None
        operands = 0
        for operator, escape in _list_operators(self._charstrings[glyph]):
            if operator is None:
                operands += 1
            elif operator in CFF_PAINTS or (operator == 12 and escape in CFF_FLEXES):
                return SOME_INK
            elif operator == CFF_END:
                return NO_INK if operands < ACCENTED_END else SOME_INK
            elif operator in CFF_MOVES:
                operands = 0
            else:
                return None
        return None


class _Index:
    """An INDEX: a list of byte strings."""

    def __init__(self, data: bytes, place: int) -> None:
        self._data, self._place, self._count = data, place + 3, _word(data, place)
        self._size = data[place + 2] if self._count else 0
        self._base = self._place + self._size * (self._count + 1) - 1
        self.end = self._base + self._offset(self._count) if self._count else place + 2

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> bytes:
        if not 0 <= number < self._count:
            raise IndexError(number)
        return self._data[self._base + self._offset(number) : self._base + self._offset(number + 1)]

    def _offset(self, number: int) -> int:
        place = self._place + self._size * number
        return int.from_bytes(self._data[place : place + self._size])


def _read_top(data: bytes) -> dict[int, int]:
    """Return the last operand of each entry of a top dictionary."""
    found: dict[int, int] = {}
    place, value = 0, 0
    while place < len(data):
        byte = data[place]
        size = 1
        if byte <= 21:
            key, size = ((12 << 8) | data[place + 1], 2) if byte == 12 else (byte, 1)
            found[key] = value
        elif byte == 28:
            value, size = struct.unpack_from(">h", data, place + 1)[0], 3
        elif byte == 29:
            value, size = struct.unpack_from(">l", data, place + 1)[0], 5
        elif byte == 30:  # a real number: it ends with a half byte of ones
            size = 1 + next(n for n, pair in enumerate(data[place + 1 :], 1) if 0xF in (pair >> 4, pair & 0xF))
        elif byte <= 246:
            value = byte - 139
        else:
            other = data[place + 1]
            value, size = ((byte - 247) * 256 + other + 108 if byte <= 250 else (251 - byte) * 256 - other - 108), 2
        place += size
    return found


def _list_operators(program: bytes) -> Iterator[tuple[int | None, int]]:
    """List the operators of a charstring, with the byte behind each; None for an operand."""
    place = 0
    while place < len(program):
        byte = program[place]
        if byte == 28 or byte >= 32:
            yield None, 0
            place += 3 if byte == 28 else 1 if byte < 247 else 2 if byte < 255 else 5
        else:
            yield byte, program[place + 1] if byte == 12 else 0
            place += 1 + (byte == 12)
