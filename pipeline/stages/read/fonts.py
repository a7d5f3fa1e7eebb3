"""Fonts as pdfminer reads them, with what it leaves out: CMaps that are in the file, widths that no font gives."""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401

import io
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, cast

from pdfminer.cmapdb import CMapBase, CMapDB, CMapParser
from pdfminer.fontmetrics import FONT_METRICS
from pdfminer.pdffont import PDFCIDFont, PDFSimpleFont, PDFType3Font, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1
from pdfminer.psparser import literal_name

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
LARGEST_EM: Final = 4.0
"""Largest extent of a font's glyphs, as a share of its size, at which the size is that of its type: the boxes of fonts
with large brackets and radicals are three ems high."""
DINGBATS_FONT: Final = "ZapfDingbats"
"""The standard font that ticks and crosses of forms are set in; it has an encoding of its own."""
DINGBATS: Final = {code: chr(0x2700 + code - 0x20) for code in range(0x21, 0x7F)} | dict(
    zip(b"%*+Hlnstuw", "\u260e\u261b\u261e\u2605\u25cf\u25a0\u25b2\u25bc\u25c6\u25d7", strict=True)
)
"""Its lower half (Unicode's mapping of Zapf Dingbats): Unicode took over all but these in its order."""
USUAL_WIDTH: Final = 556
"""Width in thousandths of the size where the standard fonts lack the character: that of Helvetica's digits."""


class ResourceManager(PDFResourceManager):
    """pdfminer's store of fonts, each completed once when it is made."""

    def get_font(self, objid: Any, spec: Any) -> Any:
        """Return a font."""
        known = objid and objid in self._cached_fonts
        font: Any = super().get_font(objid, spec)
        if isinstance(font, PDFType3Font) and not known:
            font.has_blanks, font.em = _has_blanks(spec), _find_em(font)  # type: ignore[attr-defined]
            font.hscale, font.vscale = font.hscale / font.em, font.vscale / font.em  # type: ignore[attr-defined]
            if "ToUnicode" not in spec:
                _forget_texts(font, spec)
        if known or literal_name(resolve1(spec.get("Subtype"))) == "Type0":  # its descendant is completed
            return font
        if isinstance(font, PDFCIDFont):
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
            if str(getattr(font, "basefont", "")).endswith(DINGBATS_FONT) and "Encoding" not in spec:
                font.cid2unicode = DINGBATS
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


def _has_blanks(spec: Any) -> bool:
    """Return whether a Type 3 font has a glyph that paints nothing."""
    glyphs = dict_value(spec.get("CharProcs", {}))
    return any(
        not isinstance(glyph, PDFStream) or not _PAINTING.search(glyph.get_data())
        for glyph in map(resolve1, glyphs.values())
    )


def _forget_texts(font: Any, spec: Any) -> None:
    """Take away the characters of a Type 3 font's glyphs that show a text: its name does not say which."""
    glyphs = dict_value(spec.get("CharProcs", {}))
    texts = {
        name
        for name, glyph in ((name, resolve1(glyph)) for name, glyph in glyphs.items())
        if isinstance(glyph, PDFStream) and _TEXT.search(glyph.get_data())
    }
    code = 0
    for entry in list_value(dict_value(spec.get("Encoding", {})).get("Differences", [])) if texts else ():
        entry = resolve1(entry)  # noqa: PLW2901 - it may be a reference
        if isinstance(entry, int):
            code = entry
        else:
            if literal_name(entry) in texts:
                font.cid2unicode = {key: text for key, text in font.cid2unicode.items() if key != code}
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
        return sum(standard_width(sign, self._by_text) for sign in unicodedata.normalize("NFC", text) or " ")


def standard_width(sign: str, by_text: Mapping[str, float] | None = None) -> float:
    """Return the width of a character in a standard font, thousandths of the size.

    Args:
        sign: The character.
        by_text: The font's widths by character; Helvetica's where None.
    """
    widths = FONT_METRICS["Helvetica"][1] if by_text is None else by_text
    plain = unicodedata.normalize("NFD", sign)[0]
    found: float = widths.get(sign, widths.get(plain, USUAL_WIDTH))
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
        self.codes: dict[int, int] = {}
