"""Fonts as pdfminer reads them, with what it leaves out: CMaps that are in the file, widths that no font gives."""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Final, cast

from pdfminer.cmapdb import CMapBase, CMapDB, CMapParser
from pdfminer.encodingdb import EncodingDB, name2unicode
from pdfminer.fontmetrics import FONT_METRICS
from pdfminer.pdffont import (
    PDFCIDFont,
    PDFSimpleFont,
    PDFTrueTypeFont,
    PDFType1Font,
    PDFType3Font,
    PDFUnicodeNotDefined,
)
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1
from pdfminer.psparser import literal_name

from pipeline.stages.read.characters import read_text
from pipeline.stages.read.drawn import SOME_INK, Ink
from pipeline.stages.read.font_programs import FontProgram
from pipeline.stages.read.symbol_fonts import (
    DINGBATS,
    PRIVATE,
    SYMBOLS,
    UNKNOWN,
    find_table,
)

MOST_CMAPS: Final = 8
"""Depth of CMaps that use each other from which on they are left out."""
FIXED_PITCH, SERIF, ITALIC, FORCE_BOLD = 1, 2, 64, 1 << 18
"""Flags of a font descriptor (ISO 32000-1, table 123)."""
_SERIF_NAMES: Final = re.compile("times|serif|roman|georgia|garamond|palatino|cambria|bookman|century", re.IGNORECASE)
_SANS_NAMES: Final = re.compile("sans", re.IGNORECASE)
_FIXED_NAMES: Final = re.compile("courier|mono|consolas|typewriter", re.IGNORECASE)
_BOLD_NAMES: Final = re.compile("bold|black|heavy|demi", re.IGNORECASE)
_ITALIC_NAMES: Final = re.compile("italic|oblique", re.IGNORECASE)
_PAINTING: Final = re.compile(rb"(?<![^\s\])>])(?:[fFBbSs]\*?|Do|EI|sh|T[jJ]|['\"])(?![^\s\[(<])")
"""Operators that paint (ISO 32000-1, annex A)."""
_TEXT: Final = re.compile(rb"\((?:[^()\\]|\\.){2,}\)\s*(?:Tj|\])|<(?:\s*[0-9A-Fa-f]){3,}\s*>\s*(?:Tj|\])")
"""A shown string of two characters or more."""
_COLOURED: Final = re.compile(rb"\bd0\b.*\s(?:g|rg|k|scn?|sh)\b", re.IGNORECASE | re.DOTALL)
"""A glyph that sets colours of its own, which only count behind `d0` (ISO 32000-1, table 113)."""
LARGEST_EM: Final = 4.0
"""Largest extent of a font's glyphs, as a share of its size, at which the size is that of its type: the boxes of fonts
with large brackets and radicals are three ems high."""
OWN_ENCODINGS: Final = {"ZapfDingbats": DINGBATS, "Symbol": SYMBOLS}
"""The standard fonts that have encodings of their own; viewers heed no other encoding's name there."""
DINGBATS_WIDTHS: Final = {
    code: FONT_METRICS["ZapfDingbats"][1][chr(number)]
    for code, number in zip(
        (*range(0x21, 0x7F), *range(0xA1, 0xFF)),
        bytes.fromhex(
            "0102ca0304057776750b0c0d0e0f10691112131415161718191a1b1c060708090a1d1e1f202122232425262728292a2b"
            "2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494acb4bcc4c4d4e4f51525354616263646566"
            "67686a6b6c706f6e6d78797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e"
            "9fa0a1a3a4c4a5c0a6a7a8a9aaabacada2aeafb0b1b2b3c1b4c7b5c8b600c9b7b8c5b9c2c6bac3bbbcbdbebf"
        ),
        strict=True,
    )
    if number
} | {0x20: 278}
"""Their widths, thousandths of the size: pdfminer has them by the numbers in the glyphs' names (`a1`)."""
SYMBOLS_WIDTHS: Final = (
    {
        code: FONT_METRICS["Symbol"][1][character]
        for code, character in SYMBOLS.items()
        if character in FONT_METRICS["Symbol"][1]
    }
    | dict(
        zip(
            b"\x57\x60\x6d\xbd\xbe\xd2\xd3\xd4\xe1\xe2\xe3\xe4\xf1\xf4",
            (768, 500, 576, 603, 1000, 790, 790, 890, 329, 790, 790, 786, 329, 686),
            strict=True,
        )
    )
    | dict.fromkeys((*range(0xE6, 0xEC), *range(0xF6, 0xFC)), 384)
    | dict.fromkeys((*range(0xEC, 0xF0), *range(0xFC, 0xFF)), 494)
)
"""Its widths, thousandths of the size: pdfminer has them by characters, some of which are private codes of its own."""
OWN_WIDTHS: Final = {"ZapfDingbats": DINGBATS_WIDTHS, "Symbol": SYMBOLS_WIDTHS}
NO_GLYPH: Final = ".notdef"
"""The glyph of codes that have none."""
_STANDARD: Final = re.compile(rb"/Encoding\s+StandardEncoding\s+def")
"""What a font program says that has the standard encoding."""
LATIN: Final = EncodingDB.encodings["WinAnsiEncoding"]
"""What the second reader gives for codes of simple fonts of which it knows no more."""
_COMPOUND: Final = re.compile(r"(?:[^.]*_[^.]*|uni(?:[0-9A-F]{4}){2,})(?:\..*)?")
"""A glyph's name that is made of several characters' (Adobe Glyph List Specification, 2): pdfium does not know it."""
USUAL_WIDTH: Final = 556
"""Width in thousandths of the size where the standard fonts lack the character: that of Helvetica's digits."""


class ResourceManager(PDFResourceManager):
    """pdfminer's store of fonts, each completed once when it is made."""

    def get_font(self, objid: Any, spec: Any) -> Any:
        """Return a font."""
        known = objid and objid in self._cached_fonts
        font: Any = super().get_font(objid, spec)
        if isinstance(font, PDFType3Font) and not known:
            paints = [_PAINTING.search(program) is not None for program in _list_programs(spec)]
            # A single empty glyph is a space.
            font.has_blanks, font.is_blank = not all(paints), len(paints) > 1 and not any(paints)  # type: ignore[attr-defined]
            font.em = _find_em(font)  # type: ignore[attr-defined]
            font.has_colours = any(_COLOURED.search(program) for program in _list_programs(spec))  # type: ignore[attr-defined]
            font.upwards = -1 if font.vscale < 0 < sum(font.bbox[1::2]) else 1  # type: ignore[attr-defined]
            font.hscale, font.vscale = font.hscale / font.em, font.vscale / font.em  # type: ignore[attr-defined]
            if "ToUnicode" not in spec:
                _forget_texts(font, spec)
                _forget_unnamed(font, spec)
                named = [code for code, _ in _list_names(spec) if code in font.cid2unicode]
                font.codes = {read_text(str(font.cid2unicode[code]), ""): chr(code) for code in named}  # type: ignore[attr-defined]
            else:
                font.program = _Procedures(spec)  # type: ignore[attr-defined]
        if known or literal_name(resolve1(spec.get("Subtype"))) == "Type0":  # its descendant is completed
            return font
        if not isinstance(font, PDFType3Font):
            font.program = FontProgram(font, spec, dict(_list_names(spec)))
        if isinstance(font, PDFCIDFont):
            _complete_symbols(font, spec)
            encoding = resolve1(spec.get("Encoding"))
            if isinstance(encoding, PDFStream):
                font.cmap = own = FileCMap(encoding)
                by_code: Any = font.to_unichr
                if "ToUnicode" in spec:  # it maps character codes (ISO 32000-1, 9.10.3), and pdfminer asks it for ids
                    setattr(font, "to_unichr", lambda cid: by_code(own.codes.get(cid, cid)))  # noqa: B010 - a method
            decode = font.decode
            # A string of which a CMap knows no code is text that is not known, not none.
            setattr(font, "decode", lambda code: tuple(decode(code)) or (0,) * (len(code) > 1))  # noqa: B010 - a method
        elif isinstance(font, PDFSimpleFont) and not isinstance(font, PDFType3Font):
            _complete_encoding(font, spec)
            if "Widths" in spec:
                first = resolve1(spec.get("FirstChar", 0))
                widths = list_value(spec["Widths"])
                font.widths = font.widths | {
                    first + place: width
                    for place, width in enumerate(map(resolve1, widths))
                    if isinstance(width, (int, float))
                }
            elif literal_name(resolve1(spec.get("BaseFont"))) not in FONT_METRICS:
                descriptor = dict_value(spec.get("FontDescriptor", {}))
                flags = resolve1(descriptor.get("Flags"))
                name = substitute(str(getattr(font, "basefont", "")), flags if isinstance(flags, int) else 0)
                font.widths = cast("Any", _Widths(font, FONT_METRICS[name][1]))
        return font


def _complete_encoding(font: Any, spec: Any) -> None:
    """Give a simple font the characters of its own encoding, which its file may leave out."""
    own = OWN_ENCODINGS.get(str(getattr(font, "basefont", "")).rsplit("+", 1)[-1])
    embedded = any(key.startswith("FontFile") for key in font.descriptor)
    if own is not None and isinstance(font, PDFType1Font) and ("Encoding" not in spec or not embedded):
        names = {code: font.cid2unicode[code] for code, _ in _list_names(spec) if code in font.cid2unicode}
        font.cid2unicode = own | names
    elif "Encoding" not in spec and not font.cid2unicode and _STANDARD.search(font.fontfile.get_data()):
        font.cid2unicode = EncodingDB.encodings["StandardEncoding"]
    if "ToUnicode" not in spec:
        _forget_unnamed(font, spec)
        named = {code: font.cid2unicode.get(code, "") for code, name in _list_names(spec) if _COMPOUND.fullmatch(name)}
        font.codes = {text: LATIN.get(code, "") for code, text in named.items() if len(text) > 1}
    _complete_symbols(font, spec)


def _complete_symbols(font: Any, spec: Any) -> None:
    """Give a font of symbols those that stand at its codes; the second reader gives the codes, as Latin letters.

    Widths of a standard font are given where the file has none.
    """
    name = str(getattr(font, "basefont", ""))
    if name in OWN_WIDTHS and "Widths" not in spec:
        font.widths = OWN_WIDTHS[name]
    _, table = find_table(name)
    if not table or (
        name in OWN_ENCODINGS and isinstance(font, PDFType1Font) and not isinstance(font, PDFTrueTypeFont)
    ):
        return
    if "ToUnicode" in spec or isinstance(font, PDFCIDFont):
        font.codes = {character: private for private, character in table.items()}
        return
    named = {code for code, _ in _list_names(spec)}
    font.cid2unicode = {
        code: table.get(chr(PRIVATE + code), UNKNOWN) for code in range(0x20, 0x100) if code not in named
    } | {code: text for code, text in font.cid2unicode.items() if code in named}
    font.codes = {text: LATIN.get(code, "") for code, text in font.cid2unicode.items() if text != UNKNOWN}


class _Procedures:
    """The procedures of a Type 3 font's glyphs: those that paint something may draw it, and the others may be told."""

    def __init__(self, spec: Any) -> None:
        glyphs = dict_value(spec.get("CharProcs", {}))
        painting = {
            name for name, program in zip(glyphs, _list_programs(spec), strict=True) if _PAINTING.search(program)
        }
        self._painting = {code for code, name in _list_names(spec) if name in painting}

    def measure(self, code: int) -> Ink | None:
        """Tell what a code's glyph may draw."""
        return SOME_INK if code in self._painting else None

    def read_name(self, code: int) -> str:  # noqa: ARG002
        """Return nothing: the names of such glyphs need not say what they are."""
        return ""


def _list_programs(spec: Any) -> Iterator[bytes]:
    """List the contents of a Type 3 font's glyphs."""
    for glyph in map(resolve1, dict_value(spec.get("CharProcs", {})).values()):
        yield glyph.get_data() if isinstance(glyph, PDFStream) else b""


def _forget_texts(font: Any, spec: Any) -> None:
    """Take away the characters of a Type 3 font's glyphs that show a text: its name does not say which."""
    glyphs = dict_value(spec.get("CharProcs", {}))
    texts = {
        name
        for name, glyph in ((name, resolve1(glyph)) for name, glyph in glyphs.items())
        if isinstance(glyph, PDFStream) and _TEXT.search(glyph.get_data())
    }
    if texts:
        _forget(font, {code for code, name in _list_names(spec) if name in texts})


def _forget_unnamed(font: Any, spec: Any) -> None:
    """Take away the characters that codes have by themselves where names that say nothing stand in their stead."""
    unnamed = {code for code, name in _list_names(spec) if not _says_something(name, code)}
    if unnamed:
        _forget(font, unnamed)


def _says_something(name: str, code: int) -> bool:
    """Return whether a glyph's name is that of a character, or has its code as its number (TeX's `a65`)."""
    with suppress(KeyError, ValueError):
        return bool(name2unicode(name))
    return name == NO_GLYPH or bool(re.fullmatch(rf"[a-z]+0*({code}|{code:x})", name, re.IGNORECASE))


def _forget(font: Any, codes: set[int]) -> None:
    font.cid2unicode = {code: text for code, text in font.cid2unicode.items() if code not in codes}


def _list_names(spec: Any) -> Iterator[tuple[int, str]]:
    """List the codes to which a font's encoding gives names of glyphs, with these."""
    code = 0
    encoding = resolve1(spec.get("Encoding"))
    for entry in map(resolve1, list_value(encoding.get("Differences", [])) if isinstance(encoding, dict) else ()):
        if isinstance(entry, int):
            code = entry
        else:
            yield code, str(literal_name(entry))
            code += 1


def _find_em(font: Any) -> float:
    """Return the size of a Type 3 font's glyphs at size 1: 1, unless they are measured in pixels (a scan's, TeX's)."""
    extents = (font.bbox[3] - font.bbox[1]) * font.vscale, max(font.widths.values(), default=0) * font.hscale
    size = max(map(abs, extents))
    return float(size) if size > LARGEST_EM else 1.0


def substitute(name: str, flags: int) -> str:
    """Choose the standard font whose metrics stand for those that a font does not give, as viewers do.

    Args:
        name: The font's name.
        flags: Flags of its descriptor; 0 without one.

    Returns:
        The name of one of the standard fonts.
    """
    bold = bool(_BOLD_NAMES.search(name) or flags & FORCE_BOLD)
    italic = bool(_ITALIC_NAMES.search(name) or flags & ITALIC)
    fixed = bool(_FIXED_NAMES.search(name) or flags & FIXED_PITCH)
    if not fixed and (_SERIF_NAMES.search(name) or flags & SERIF) and not _SANS_NAMES.search(name):
        return "Times" + ("-Roman", "-Italic", "-Bold", "-BoldItalic")[2 * bold + italic]
    return ("Courier" if fixed else "Helvetica") + ("", "-Oblique", "-Bold", "-BoldOblique")[2 * bold + italic]


class _Widths:
    """Widths of a font that gives none, by character code, from a standard font's."""

    def __init__(self, font: Any, by_text: Mapping[str, float]) -> None:
        self._font = font
        self._by_text = by_text

    def get(self, code: object) -> float:
        """Return the width of a code in thousandths of the size."""
        try:
            text = str(self._font.to_unichr(code))
        except PDFUnicodeNotDefined:
            return USUAL_WIDTH
        return sum(standard_width(character, self._by_text) for character in unicodedata.normalize("NFC", text) or " ")


def standard_width(character: str, by_text: Mapping[str, float] | None = None) -> float:
    """Return the width of a character in a standard font, thousandths of the size.

    Args:
        character: The character.
        by_text: The font's widths by character; Helvetica's where None.
    """
    widths = FONT_METRICS["Helvetica"][1] if by_text is None else by_text
    plain = unicodedata.normalize("NFD", character)[0]
    found: float = widths.get(character, widths.get(plain, USUAL_WIDTH))
    return found


class Parser(CMapParser):
    """Reads ranges of codes as ranges: one range may hold all of two bytes, or of four."""

    cmap: Any

    def do_keyword(self, pos: int, token: Any) -> None:
        """Take over what a keyword ends."""
        if token in (self.KEYWORD_ENDCODESPACERANGE, self.KEYWORD_ENDCIDRANGE, self.KEYWORD_ENDCIDCHAR):
            objects, step = [item for _, item in self.popall()], 3 if token is self.KEYWORD_ENDCIDRANGE else 2
            for first, *rest in zip(*(objects[start::step] for start in range(step)), strict=False):
                self.cmap.add_range(*((first,) if token is self.KEYWORD_ENDCIDCHAR else ()), first, *rest)
        else:
            super().do_keyword(pos, token)


class FileCMap(CMapBase):
    """Codes of one to four bytes, and the ids of their characters (ISO 32000-1, 9.7.5).

    Attributes:
        codes: The code of each id that was met, as a number.
    """

    def __init__(self, stream: Any, depth: int = 0) -> None:
        super().__init__()
        self._spaces: list[tuple[bytes, bytes]] = []
        self._ranges: list[tuple[int, int, int, int]] = []
        self._base: Any = None
        self._known: dict[bytes, int] = {}
        self.codes: dict[int, int] = {}
        base = resolve1(stream.get("UseCMap"))
        if isinstance(base, PDFStream):
            self._base = FileCMap(base, depth + 1) if depth < MOST_CMAPS else None
        elif base is not None:
            with suppress(CMapDB.CMapNotFound):
                self._base = CMapDB.get_cmap(str(literal_name(base)))
        Parser(self, io.BytesIO(stream.get_data())).run()
        sizes = {len(first) for first, _ in self._spaces} or {size for size, *_ in self._ranges} or {2}
        codes = [b"".join(b"[\\x%02x-\\x%02x]" % ends for ends in zip(*space, strict=True)) for space in self._spaces]
        # What is in no range of codes is as long as the shortest ones.
        self._codes = re.compile(b"|".join((*sorted(codes, key=len), b".{1,%d}" % min(sizes))), re.DOTALL)
        mode = resolve1(stream.get("WMode"))
        if isinstance(mode, int):
            self.set_attr("WMode", mode)

    def use_cmap(self, cmap: Any) -> None:
        """Take codes that this one lacks from another."""
        self._base = cmap

    def add_range(self, first: Any, last: Any, cid: Any = None) -> None:
        """Add codes that there are, or consecutive codes with that of the first one's character."""
        if not (isinstance(first, bytes) and isinstance(last, bytes) and 0 < len(first) == len(last)):
            return
        if isinstance(cid, int):
            self._ranges.append((len(first), int.from_bytes(first), int.from_bytes(last), cid))
        elif cid is None and all(a <= b for a, b in zip(first, last, strict=True)):
            self._spaces.append((first, last))

    def decode(self, code: bytes) -> tuple[int, ...]:
        """Return the ids of a string's characters."""
        parts = self._codes.findall(code)
        for part in {*parts} - self._known.keys():
            self._known[part] = cid = self._find(part)
            self.codes[cid] = int.from_bytes(part)
        return tuple(map(self._known.__getitem__, parts))

    def _find(self, part: bytes) -> int:
        code = int.from_bytes(part)
        for size, first, last, cid in reversed(self._ranges):
            if size == len(part) and first <= code <= last:
                return cid + code - first
        if self._base is not None:
            found = tuple(self._base.decode(part))
            return int(found[0]) if found else 0
        return 0
