"""What is done to a PDF after typesetting, by edits of its content streams (pikepdf).

Reads a renderer's PDF; gives the PDF that the layout asks for: strokes turned into thin filled rectangles, glyphs drawn
one by one, out of order or twice, text that can't be seen, pages turned or cropped, an owner password.
"""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

import pikepdf
from pikepdf import Array, Dictionary, Name, Operator

from tests.factory.content import EditionContent
from tests.factory.layout import Layout
from tests.factory.truth import PageText

Matrix = tuple[float, float, float, float, float, float]
Instruction = tuple[list[Any], Operator]

IDENTITY: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
FAKE_BOLD_POINTS: Final = 0.25
"""How far the second copy of a doubled glyph stands from the first."""
HIDDEN_SIZE: Final = 7.0
HIDDEN_HEIGHTS: Final = (0.35, 0.7)
"""Heights of the concealed texts as shares of the page's height: amid the text area."""
SLUG_POINTS: Final = 12.0
"""Distance of the text outside the crop box from the media box's edge."""
SHUFFLE_SEED: Final = 7
TEXT_SHOWING: Final = frozenset({"Tj", "TJ", "'", '"'})
COLOUR_SETTING: Final = frozenset({"g", "rg", "k", "cs", "sc", "scn"})


def conceal_text(content: EditionContent, layout: Layout, pages: int) -> tuple[PageText, ...]:
    """Tell which texts that can't be seen an edition gets.

    Args:
        content: The content (its language goes into the texts).
        layout: How it is printed.
        pages: Number of pages.

    Returns:
        The texts, page by page; plain ASCII, so that every font has them.
    """
    found: list[PageText] = []
    for page in range(1, pages + 1):
        if layout.concealed != "none":
            found += [
                PageText(page=page, text=f"unseen {content.language} {page} {place}")
                for place in range(len(HIDDEN_HEIGHTS))
            ]
        if layout.crop_offset:
            found.append(PageText(page=page, text=f"slug line {page}"))
    return tuple(found)


def mutate(pdf_bytes: bytes, layout: Layout, concealed: tuple[PageText, ...]) -> bytes:
    """Do to a PDF what its layout asks for.

    Args:
        pdf_bytes: The renderer's PDF.
        layout: The layout.
        concealed: The texts of `conceal_text`.

    Returns:
        The PDF; the given bytes where the layout asks for nothing.
    """
    plain = Layout()
    asked = ("drawing", "concealed", "rotate", "sideways", "crop_offset", "owner_password")
    if layout.rules != "hairline" and all(getattr(layout, axis) == getattr(plain, axis) for axis in asked):
        return pdf_bytes
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            if layout.rules == "hairline":
                _set_content(pdf, page, list(strokes_to_fills(_parse(page))))
            if layout.drawing != "plain":
                redraw_text(pdf, page, layout.drawing, seed=SHUFFLE_SEED + number)
            texts = [found.text for found in concealed if found.page == number]
            add_concealed(pdf, page, layout, texts)
            if layout.crop_offset:
                _transform(pdf, page, (1, 0, 0, 1, layout.crop_offset, layout.crop_offset / 2), layout.crop_offset)
                add_slug(pdf, page, texts[-1])
            if layout.rotate or layout.sideways:
                turn(pdf, page, layout)
        written = io.BytesIO()
        if layout.owner_password:
            pdf.save(written, encryption=pikepdf.Encryption(owner="owner", user="", R=6))
        else:
            pdf.save(written, deterministic_id=True)
    return written.getvalue()


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """Give the matrix that applies `first`, then `second`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _numbers(values: Iterable[Any]) -> list[float]:
    return [float(value) for value in values]


def _matrix(values: Iterable[Any]) -> Matrix:
    a, b, c, d, e, f = _numbers(values)
    return a, b, c, d, e, f


def _parse(page: pikepdf.Page) -> list[Instruction]:
    return [(list(found.operands), found.operator) for found in pikepdf.parse_content_stream(page)]


def _set_content(pdf: pikepdf.Pdf, page: pikepdf.Page, instructions: list[Instruction]) -> None:
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(instructions))


def _op(name: str, *operands: Any) -> Instruction:
    return [round(value, 4) if isinstance(value, float) else value for value in operands], Operator(name)


# --- rules ---------------------------------------------------------------------------------------------------


def strokes_to_fills(instructions: list[Instruction]) -> Iterator[Instruction]:
    """Turn each upright or level stroke of one segment into a thin filled rectangle.

    Args:
        instructions: A page's content.

    Yields:
        The content; a path that is no such stroke is left as it is.
    """
    width = 1.0
    stroke_colour: list[Instruction] = []
    path: list[Instruction] = []
    for operands, operator in instructions:
        name = str(operator)
        if name == "w":
            width = float(operands[0])
        if name in {"CS", "SC", "SCN", "G", "RG", "K"}:
            stroke_colour = (stroke_colour if name in {"SC", "SCN"} else []) + [(operands, Operator(name.lower()))]
        if name in {"m", "l", "c", "v", "y", "h", "re"}:
            path.append((operands, operator))
            continue
        if path:
            names = [str(step[1]) for step in path]
            if name == "S" and names == ["m", "l"]:
                (x0, y0), (x1, y1) = (_numbers(step[0]) for step in path)
                if abs(x0 - x1) < width or abs(y0 - y1) < width:
                    half = width / 2
                    left, low = min(x0, x1), min(y0, y1)
                    level = abs(y0 - y1) < width
                    yield from ([_op("q"), *stroke_colour])
                    yield (
                        _op("re", left, low - half, abs(x1 - x0), width)
                        if level
                        else _op("re", left - half, low, width, abs(y1 - y0))
                    )
                    yield from (_op("f"), _op("Q"))
                    path = []
                    continue
            yield from path
            path = []
        yield operands, operator
    yield from path


# --- glyphs --------------------------------------------------------------------------------------------------


class FontWidths:
    """Splits a font's strings into codes and tells each code's width in thousandths of the font size."""

    def __init__(self, font: pikepdf.Object) -> None:
        """Read a font's widths and its map to Unicode."""
        self.composite = font.get("/Subtype") == Name.Type0
        self.widths: dict[int, float] = {}
        self.default = 0.0
        # A Type 3 font measures its widths in its own glyph space.
        self.unit = float(font.FontMatrix[0]) * 1000 if font.get("/Subtype") == Name.Type3 else 1.0
        if self.composite:
            descendant = font.DescendantFonts[0]
            self.default = float(descendant.get("/DW", 1000))
            self._read_composite(list(descendant.get("/W", [])))
        else:
            first = int(font.get("/FirstChar", 0))
            self.widths = {first + place: float(width) for place, width in enumerate(font.get("/Widths", []))}
        self.spaces = self._read_spaces(font)

    def _read_composite(self, entries: list[Any]) -> None:
        place = 0
        while place < len(entries):
            first, second = int(entries[place]), entries[place + 1]
            if isinstance(second, Array):
                self.widths.update({first + step: float(width) for step, width in enumerate(second)})
                place += 2
            else:
                for code in range(first, int(second) + 1):
                    self.widths[code] = float(entries[place + 2])
                place += 3

    @staticmethod
    def _read_spaces(font: pikepdf.Object) -> frozenset[int]:
        """Give the codes that stand for white space."""
        if "/ToUnicode" not in font:
            return frozenset({32})
        found: set[int] = set()
        text = font.ToUnicode.read_bytes().decode("latin-1")
        for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
            for code, target in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
                if int(target, 16) in (0x20, 0xA0):
                    found.add(int(code, 16))
        for block in re.findall(r"beginbfrange(.*?)endbfrange", text, re.DOTALL):
            for low, high, target in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
                for white in (0x20, 0xA0):
                    code = int(low, 16) + white - int(target, 16)
                    if int(low, 16) <= code <= int(high, 16):
                        found.add(code)
        return frozenset(found)

    def split(self, string: bytes) -> Iterator[tuple[bytes, int]]:
        """Split a string into codes: the bytes and the number of each."""
        size = 2 if self.composite else 1
        for place in range(0, len(string), size):
            piece = string[place : place + size]
            yield piece, int.from_bytes(piece, "big")

    def width(self, code: int) -> float:
        """Give a code's width in thousandths of the font size."""
        return self.widths.get(code, self.default) * self.unit


@dataclass(frozen=True)
class DrawnGlyph:
    """A glyph with all that is needed to draw it anew.

    `span` numbers the marked content whose `actual_text` tells what its glyphs stand for together (a letter and its
    accent); None outside such content, where a glyph stands by itself.
    """

    font: str
    size: float
    matrix: Matrix
    context: Matrix
    colours: tuple[Instruction, ...]
    code: bytes
    show: int
    stretch: float
    rise: float
    mode: int
    mcid: int | None
    span: int | None = None
    actual_text: str = ""

    @property
    def place(self) -> tuple[float, float]:
        """The glyph's origin, points from the lower left of the page's user space."""
        matrix = multiply(self.matrix, self.context)
        return matrix[4], matrix[5]


@dataclass(frozen=True)
class _State:
    """The part of the graphics state that text depends on."""

    context: Matrix = IDENTITY
    colours: tuple[Instruction, ...] = ()
    font: str = ""
    size: float = 0.0
    char_space: float = 0.0
    word_space: float = 0.0
    stretch: float = 100.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0


def take_text(page: pikepdf.Page) -> tuple[list[Instruction], list[DrawnGlyph]]:
    """Take the text out of a page's content.

    Args:
        page: A page.

    Returns:
        The content without text, and every glyph that is no white space, in drawing order.
    """
    fonts = {str(name): FontWidths(font) for name, font in page.Resources.get("/Font", Dictionary()).items()}
    kept: list[Instruction] = []
    glyphs: list[DrawnGlyph] = []
    state, stack = _State(), list[_State]()
    matrix = line = IDENTITY
    shows = 0
    content_ids: list[int | None] = []
    spans: list[tuple[int, str] | None] = []
    for number, (operands, operator) in enumerate(_parse(page)):
        name = str(operator)
        if name == "q":
            stack.append(state)
        elif name == "Q":
            state = stack.pop() if stack else state
        elif name == "cm":
            state = replace(state, context=multiply(_matrix(operands), state.context))
        elif name in COLOUR_SETTING:
            before = state.colours if name in {"sc", "scn"} else ()
            last = tuple(step for step in before if str(step[1]) == "cs")
            state = replace(state, colours=(*last, (operands, operator)))
        elif name == "Tf":
            state = replace(state, font=str(operands[0]), size=float(operands[1]))
        elif name in {"Tc", "Tw", "Tz", "TL", "Ts", "Tr"}:
            field = {"Tc": "char_space", "Tw": "word_space", "Tz": "stretch", "TL": "leading", "Ts": "rise"}.get(name)
            state = replace(state, **({field: float(operands[0])} if field else {"mode": int(operands[0])}))
        elif name in {"BDC", "BMC"}:
            # Content without an id of its own belongs to the content around it.
            outer = content_ids[-1] if content_ids else None
            own = operands[1].get("/MCID") if name == "BDC" and isinstance(operands[1], Dictionary) else None
            content_ids.append(outer if own is None else int(own))
            actual = operands[1].get("/ActualText") if name == "BDC" and isinstance(operands[1], Dictionary) else None
            spans.append((number, str(actual)) if actual is not None else (spans[-1] if spans else None))
        elif name == "EMC":
            content_ids.pop()
            spans.pop()
        elif name == "BT":
            matrix = line = IDENTITY
        elif name in {"Td", "TD"}:
            if name == "TD":
                state = replace(state, leading=-float(operands[1]))
            matrix = line = multiply((1, 0, 0, 1, float(operands[0]), float(operands[1])), line)
        elif name == "Tm":
            matrix = line = _matrix(operands)
        elif name == "T*":
            matrix = line = multiply((1, 0, 0, 1, 0, -state.leading), line)
        elif name in TEXT_SHOWING:
            if name in {"'", '"'}:
                matrix = line = multiply((1, 0, 0, 1, 0, -state.leading), line)
            font = fonts[state.font]
            shows += 1
            for piece in operands[0] if name == "TJ" else [operands[-1]]:
                if not isinstance(piece, pikepdf.String):
                    shift = -float(piece) / 1000 * state.size * state.stretch / 100
                    matrix = multiply((1, 0, 0, 1, shift, 0), matrix)
                    continue
                for code_bytes, code in font.split(bytes(piece)):
                    if code not in font.spaces:
                        glyphs.append(
                            DrawnGlyph(
                                state.font,
                                state.size,
                                matrix,
                                state.context,
                                state.colours,
                                code_bytes,
                                shows,
                                state.stretch,
                                state.rise,
                                state.mode,
                                content_ids[-1] if content_ids else None,
                                *((spans[-1] if spans else None) or (None, "")),
                            )
                        )
                    space = state.word_space if not font.composite and code == 32 else 0.0
                    advance = font.width(code) / 1000 * state.size + state.char_space + space
                    matrix = multiply((1, 0, 0, 1, advance * state.stretch / 100, 0), matrix)
        if name not in TEXT_SHOWING and name not in {"BT", "ET", "Td", "TD", "Tm", "T*", "BDC", "BMC", "EMC"}:
            kept.append((operands, operator))
    return kept, glyphs


def redraw_text(pdf: pikepdf.Pdf, page: pikepdf.Page, drawing: str, *, seed: int) -> None:
    """Draw a page's text anew, every glyph by itself and without white space.

    Glyphs that only together stand for a text, by the marked content around them, stay together.

    Args:
        pdf: The PDF.
        page: Its page.
        drawing: `single_glyphs` in reading order, `shuffled` in an order that has nothing to do with reading,
            `doubled`: each glyph twice, a little apart, as a fake bold.
        seed: Seed of the order.
    """
    kept, glyphs = take_text(page)
    together = [
        list(group)
        for _, group in groupby(enumerate(glyphs), key=lambda item: (item[1].span, item[1].span is None and item[0]))
    ]
    if drawing == "shuffled":
        random.Random(seed).shuffle(together)
    drawn: list[Instruction] = [_op("q"), *kept, *[_op("Q")] * (1 + _open_states(kept))]
    for group in together:
        for shift in (0.0, FAKE_BOLD_POINTS) if drawing == "doubled" else (0.0,):
            shown = [instruction for _, glyph in group for instruction in _draw(glyph, shift)]
            actual_text = group[0][1].actual_text
            if actual_text:
                marked = Dictionary(ActualText=pikepdf.String(actual_text))
                shown = [_op("BDC", Name.Span, marked), *shown, _op("EMC")]
            drawn += shown
    _set_content(pdf, page, drawn)


def _draw(glyph: DrawnGlyph, shift: float) -> list[Instruction]:
    """Draw a glyph, `shift` points to the right of its place."""
    return [
        _op("q"),
        _op("cm", *multiply(glyph.context, (1, 0, 0, 1, shift, 0))),
        *glyph.colours,
        _op("BT"),
        _op("Tf", Name(glyph.font), glyph.size),
        _op("Tz", glyph.stretch),
        _op("Ts", glyph.rise),
        _op("Tr", glyph.mode),
        _op("Tm", *glyph.matrix),
        _op("Tj", pikepdf.String(glyph.code)),
        _op("ET"),
        _op("Q"),
    ]


def _open_states(instructions: list[Instruction]) -> int:
    """Count the saved graphics states that are never restored."""
    names = [str(operator) for _, operator in instructions]
    return max(0, names.count("q") - names.count("Q"))


# --- concealed text --------------------------------------------------------------------------------------------


def _own_font(pdf: pikepdf.Pdf, page: pikepdf.Page) -> Name:
    """Add a standard font to a page's resources."""
    font = pdf.make_indirect(
        Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
    )
    return page.add_resource(font, Name.Font, name=Name.OwnFont, replace_existing=True)


def _write(font: Name, text: str, x: float, y: float, *before: Instruction) -> list[Instruction]:
    """Give the instructions that write a text at a place (points from the page's lower left)."""
    return [
        _op("q"),
        _op("BT"),
        *before,
        _op("Tf", font, HIDDEN_SIZE),
        _op("Tm", 1, 0, 0, 1, float(x), float(y)),
        _op("Tj", pikepdf.String(text.encode("ascii"))),
        _op("ET"),
        _op("Q"),
    ]


def add_concealed(pdf: pikepdf.Pdf, page: pikepdf.Page, layout: Layout, texts: list[str]) -> None:
    """Write texts that can't be seen into the value column, below all that the page draws.

    Args:
        pdf: The PDF.
        page: Its page.
        layout: The layout; it says how they are concealed.
        texts: The texts, one per height of `HIDDEN_HEIGHTS`.
    """
    if layout.concealed == "none":
        return
    font = _own_font(pdf, page)
    left, _, right, top = _numbers(page.mediabox)
    how = {
        "invisible": [_op("Tr", 3)],
        "white": [_op("rg", 1, 1, 1)],
        "covered": [_op("rg", 0, 0, 0)],
    }[layout.concealed]
    drawn: list[Instruction] = []
    for share, text in zip(HIDDEN_HEIGHTS, texts, strict=False):
        drawn += _write(font, text, left + layout.value_column[0], top * share, *how)
    if layout.concealed == "covered":
        drawn += [_op("q"), _op("rg", 1, 1, 1), _op("re", left, 0, right - left, top), _op("f"), _op("Q")]
    _set_content(pdf, page, [*drawn, _op("q"), *_parse(page), _op("Q")])


def add_slug(pdf: pikepdf.Pdf, page: pikepdf.Page, text: str) -> None:
    """Write a text into the media box, outside the crop box."""
    font = _own_font(pdf, page)
    slug = _write(font, text, SLUG_POINTS, SLUG_POINTS)
    _set_content(pdf, page, [_op("q"), *_parse(page), _op("Q"), *slug])


# --- pages -----------------------------------------------------------------------------------------------------


def turn(pdf: pikepdf.Pdf, page: pikepdf.Page, layout: Layout) -> None:
    """Turn a page's content against its `/Rotate`, so that it is seen upright; or, sideways, without `/Rotate`."""
    left, low, right, top = _numbers(page.cropbox)
    angle = 90 if layout.sideways else layout.rotate
    width, height = right + left, top + low
    matrix: Matrix = {
        90: (0.0, 1.0, -1.0, 0.0, height, 0.0),
        180: (-1.0, 0.0, 0.0, -1.0, width, height),
        270: (0.0, -1.0, 1.0, 0.0, 0.0, width),
    }[angle]
    _transform(pdf, page, matrix, 0.0)
    if not layout.sideways:
        page.Rotate = angle


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _transform(pdf: pikepdf.Pdf, page: pikepdf.Page, matrix: Matrix, border: float) -> None:
    """Transform a page's content, links and boxes; the media box grows by a border of points around the crop box."""

    def box_of(values: Iterable[Any]) -> Array:
        x0, y0, x1, y1 = _numbers(values)
        (u0, v0), (u1, v1) = _apply(matrix, x0, y0), _apply(matrix, x1, y1)
        return Array([round(min(u0, u1), 4), round(min(v0, v1), 4), round(max(u0, u1), 4), round(max(v0, v1), 4)])

    _set_content(pdf, page, [_op("q"), _op("cm", *(float(value) for value in matrix)), *_parse(page), _op("Q")])
    for link in page.get("/Annots", []):
        link.Rect = box_of(link.Rect)
        if "/QuadPoints" in link:
            points = _numbers(link.QuadPoints)
            link.QuadPoints = Array(
                [
                    round(value, 4)
                    for place in range(0, len(points), 2)
                    for value in _apply(matrix, points[place], points[place + 1])
                ]
            )
    media, crop = page.mediabox, page.cropbox
    if border:
        x1, y1 = _numbers(media)[2:]
        page.CropBox = box_of(crop)
        page.MediaBox = Array([0, 0, round(x1 + 2 * border, 4), round(y1 + border, 4)])
    else:
        page.CropBox = box_of(crop)
        page.MediaBox = box_of(media)
