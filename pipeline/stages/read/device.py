"""The device that pdfminer's interpreter draws on: glyphs, shapes and pictures in the order in which they are drawn."""

# pdfminer hands over objects of no one type.
# ruff: noqa: ANN401, ARG002

import itertools
import math
import unicodedata
from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.encodingdb import EncodingDB
from pdfminer.layout import LTChar
from pdfminer.pdffont import PDFSimpleFont, PDFType3Font, PDFUnicodeNotDefined
from pdfminer.pdftypes import resolve1

from pipeline.stages.read.characters import INVISIBLE, read_text, settle_text
from pipeline.stages.read.drawn import (
    ARTIFACT,
    CLIPPING_MODE,
    FILLING_RENDER_MODES,
    INVISIBLE_RENDER_MODES,
    NO_INK,
    OPAQUE,
    STROKING_RENDER_MODES,
    TRANSPARENT,
    UNDRAWN,
    UNMAPPED,
    UNPAINTED_MODE,
    Cover,
    GlyphRun,
    Image,
    MarkedContent,
    Painted,
    PaintState,
    Replaced,
    Shape,
    bounds,
    enclose,
    find_holes,
    grow,
    intersect,
    is_rectangle,
    to_rgb,
    widen,
)
from pipeline.stages.read.font_programs import SYMBOLIC
from pipeline.stages.read.objects import get, read_string
from pipeline.stages.read.symbol_fonts import read_code

BULLET: Final = "\u2022"
LEAST_OTHER: Final = 4
"""Least number of letters drawn that a replacement text lacks: hyphens, ligatures and initials are fewer."""
LEAST_DROPPED: Final = 3
"""Least number of letters by which a replacement text is shorter than what is drawn: a short word is left out."""
LEAST_ADDED: Final = 4
"""Least number of letters by which it is longer, besides two for each character that may be a ligature."""
LEAST_SCALING: Final = 0.05
"""Least scaling across, as a share of that along the height, of letters that can be read: of 10 pt type they are a
quarter of a point wide there."""
LAST_CONTROL: Final = 0o40
"""Last of the character codes that WinAnsiEncoding leaves to control characters and the space (ISO 32000-1, D.2); the
next one without a character is 127."""
CLIPPING_RENDER_MODES: Final = (4, 5, 6, 7)
"""Text rendering modes that add the outline to the clipping path (ISO 32000-1, table 106)."""
COVERING_STROKE: Final = 1.0
"""Least width, in points, of strokes that may hide text together: the rules of tables are thinner."""
SOLID_STROKE: Final = 8.0
"""Least width, in points, of one that hides letters by itself: of 10 pt type, thinner ones leave parts to be seen."""
SOLID_SIGNS: Final = frozenset(map(chr, (0x2022, *range(0x2580, 0x2600))))
"""Signs that may hide what they are set over: the bullet, blocks and geometric shapes. So may any of a Type 3 font."""


class CodeText(NamedTuple):
    """What a character code stands for.

    Attributes:
        text: Its text.
        width: Its width as a share of the font size.
        blank: True where its glyph draws nothing, though its text is one that is seen; or may draw nothing.
    """

    text: str
    width: float
    blank: bool


win_ansi = EncodingDB.encodings["WinAnsiEncoding"]


class Device(PDFLayoutAnalyzer):
    """Collects glyphs as `GlyphRun`, paths as `Shape` and `Cover`, pictures as `Image`.

    pdfminer makes an `LTChar` of each glyph: a matrix, four corners and a bounding box of its own. Nearly all text
    is upright, and the glyphs of a string then differ in nothing but their text and their x.

    Attributes:
        drawn: All that is drawn.
        look: How things are painted now.
        hidden: True within a layer that is switched off.
        source: What is drawn from now (see `Glyph.source`).
        parents: Key of the content stream in the parent tree.
        resources: The content stream's resources.
        endless: True where a form or pattern draws itself: pdfium would not come to an end with the page's picture.
        textless: Object numbers of the patterns that show no text.
        mode: The text rendering mode of the string shown last.
        spans: The marked contents that are open: replacement text, place in `drawn`, `hidden` and `mark` before.
        letters: By font and character code, the text and the width (see `read_letter`).
        clips: True where text has been shown that clips what comes after its text object.
        mark: Number of the marked content that is open; -1 for none.
        marks: The marked contents met so far.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.drawn: list[Any] = []
        self.cur_item: Any = SimpleNamespace(add=self.drawn.append)  # for pdfminer, the page or figure that it draws on
        self.look = PaintState()
        self.hidden = False
        self.source = ""
        self.parents: int | None = None
        self.resources: dict[Any, Any] = {}
        self.mark = -1
        self.marks: list[MarkedContent] = []
        self.mode = 0
        self.endless = False
        self.textless: set[int | None] = set()
        self.clips = False
        self.spans: list[tuple[str | None, int, bool, int]] = []
        self.letters: dict[Any, dict[int, CodeText]] = {}
        self._within_path = False
        self._painted: object = None

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        """Begin marked content."""
        name = getattr(tag, "name", "")
        # Replacement text (ISO 32000-1, 14.9.4).
        text = read_string(get(props, "ActualText"))
        self.spans.append((text, len(self.drawn), self.hidden, self.mark))
        mcid = get(props, "MCID")
        if self.mark != UNDRAWN and (name == ARTIFACT or isinstance(mcid, int)):
            self.mark = len(self.marks)
            self.marks.append(
                MarkedContent(ARTIFACT, None, None)
                if name == ARTIFACT
                else MarkedContent(str(name), self.parents, mcid)
            )

    def end_tag(self) -> None:
        """End marked content."""
        if not self.spans:
            return
        text, start, self.hidden, self.mark = self.spans.pop()
        if text is not None:
            replace_text(self.drawn, start, text)

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """Take over a shown string."""
        self.mode = textstate.render
        self.clips = self.clips or self.mode in CLIPPING_RENDER_MODES
        start = len(self.drawn)
        super().render_string(textstate, seq, ncs, graphicstate)
        solid = isinstance(textstate.font, PDFType3Font)
        boxes = [
            (x0, run.y0, x1, run.y1)
            for run in self.drawn[start:]
            for text, x0, x1 in run.glyphs
            if solid or text in SOLID_SIGNS
        ]
        if boxes and not self.hidden:
            self.drawn.insert(start, Cover(intersect(enclose(boxes), self.look.clip)))

    def render_string_horizontal(self, seq: Any, matrix: Any, *rest: Any) -> Any:
        """Take over the glyphs of a shown string; where it is aslant, one by one."""
        a, b, c, d, e, f = matrix
        if b or c:
            return super().render_string_horizontal(seq, matrix, *rest)
        (x, y), font, fontsize, scaling, charspace, wordspace, rise, dxscale, _, graphicstate = rest
        fontsize *= getattr(font, "em", 1)
        # The steps and their order are those of pdfminer's PDFTextDevice and LTChar, without what is zero here.
        letters = self.letters.setdefault(font, {})
        origin = y * d + f
        low = font.get_descent() * fontsize + rise
        d *= getattr(font, "upwards", 1)
        one, other = d * low + origin, d * (low + fontsize) + origin
        low, high = (one, other) if one <= other else (other, one)
        turn = (a if fontsize * scaling >= 0 else -a, b, c, d if fontsize >= 0 else -d)
        # Set in next to no width, it can't be read.
        height = high - low if abs(a * scaling) >= LEAST_SCALING * abs(d) > 0 else 0.0
        run = self._make_run(graphicstate, font, (turn, low, high, origin, height))
        self.drawn.append(run)
        add, blanks = run.glyphs.append, []
        spaced = False
        for shown in seq:
            if isinstance(shown, (int, float)):
                x -= shown * dxscale
                spaced = True
            elif isinstance(shown, bytes):
                for cid in font.decode(shown):
                    if spaced:
                        x += charspace
                    known = letters.get(cid)
                    if known is None:
                        known = letters[cid] = self.read_letter(font, cid)
                    advance = known[1] * fontsize * scaling
                    left = x * a + e
                    right = a * advance + left
                    glyph = (known[0], left, right) if left <= right else (known[0], right, left)
                    if known[2]:
                        blanks.append(glyph)
                    else:
                        add(glyph)
                    x += advance
                    if cid == 32 and wordspace:
                        x += wordspace
                    spaced = True
        if blanks:
            self._add_blanks(run, blanks)
        return (x, y)

    def _add_blanks(self, run: GlyphRun, blanks: list[tuple[str, float, float]]) -> None:
        """Add glyphs of a run that draw nothing: they are in the file alone, unless the picture shows otherwise."""
        own = replace(run, glyphs=blanks)
        own.doubt = run.doubt
        if own.mode not in INVISIBLE_RENDER_MODES:
            own.mode, own.doubt = UNPAINTED_MODE, "invisible"
        self.drawn.append(own)

    def _make_run(self, graphicstate: Any, font: Any, place: tuple[Any, float, float, float, float]) -> GlyphRun:
        """Begin a run at the place of its glyphs: their matrix, lower and upper edge, base line and height."""
        fills, strokes = self.mode in FILLING_RENDER_MODES, self.mode in STROKING_RENDER_MODES
        colour = to_rgb(graphicstate.scolor if strokes and not fills else graphicstate.ncolor)
        mixed = strokes and fills and colour != to_rgb(graphicstate.scolor)
        if mixed or getattr(font, "has_colours", False):
            colour = None
        run = GlyphRun(str(font.fontname), *place, colour, self.mode, self.look, self.hidden, self.mark, self.source)
        run.codes = getattr(font, "codes", run.codes)
        if getattr(font, "is_blank", False):
            run.mode = UNPAINTED_MODE
        elif self.mode == CLIPPING_MODE or getattr(font, "has_blanks", False):
            run.doubt = "invisible"
        elif self.mode in CLIPPING_RENDER_MODES:  # what is painted through them may show letters in the paper's colour
            run.doubt = run.doubt or "background_colour"
        return run

    def read_letter(self, font: Any, cid: int) -> CodeText:
        """Return what a character code stands for."""
        try:
            raw = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            raw = self.handle_undefined_char(font, cid)
        width, program = font.char_width(cid), getattr(font, "program", None)
        ink = program.measure(cid) if program is not None else None
        # A map to nothing, or to half of a surrogate pair, does not say what the glyph is.
        said = read_code(raw, str(font.fontname)) if raw else UNMAPPED
        text = said if program is None else settle_text(said, program.read_name(cid), ink, width)
        text = read_text(text, str(font.fontname))
        # An operator that paints need not draw anything.
        unsure = text == UNMAPPED and isinstance(font, PDFType3Font) and bool(INVISIBLE.fullmatch(said))
        if raw and said != raw:
            font.codes[text] = raw  # the second reader gives the letter
        return CodeText(text, width, unsure or (ink == NO_INK and not text.isspace() and text != UNMAPPED))

    def handle_undefined_char(self, font: Any, cid: int) -> str:
        """Return the text of a character code that neither the font's encoding nor its map to Unicode has."""
        if (
            cid > LAST_CONTROL
            and isinstance(font, PDFSimpleFont)
            and font.cid2unicode is win_ansi
            and not font.flags & SYMBOLIC
        ):
            # "In WinAnsiEncoding, all unused codes greater than 40 map to the bullet character" (ISO 32000-1, D.2).
            return BULLET
        return super().handle_undefined_char(font, cid)

    def render_char(self, matrix: Any, font: Any, fontsize: Any, *rest: Any, **named: Any) -> float:
        """Take over a glyph that is aslant, on its side, or in a vertical script."""
        fontsize *= getattr(font, "em", 1)
        advance = super().render_char(matrix, font, fontsize, *rest, **named)
        char: LTChar = self.drawn.pop()
        a, b, c, d = (-value if fontsize < 0 else value for value in char.matrix[:4])
        run = self._make_run(char.graphicstate, font, ((a, b, c, d), char.y0, char.y1, char.matrix[5], char.size))
        letters, cid = self.letters.setdefault(font, {}), rest[2]
        known = letters[cid] = letters.get(cid) or self.read_letter(font, cid)
        glyph = known.text, char.x0, char.x1
        if known.blank:
            self._add_blanks(run, [glyph])
        else:
            run.glyphs.append(glyph)
            self.drawn.append(run)
        return advance

    def paint_path(self, gstate: Any, stroke: bool, fill: bool, evenodd: bool, path: Any) -> None:
        """Take over a path: each of its subpaths, and what of what lies below it hides."""
        if self._within_path:  # pdfminer calls itself for each subpath
            super().paint_path(gstate, stroke, fill, evenodd, path)
            return
        look = self.look
        # What can't be seen is not drawn.
        fill, stroke = fill and look.fill > TRANSPARENT, stroke and look.stroke > TRANSPARENT
        if self.hidden or not (fill or stroke):
            return
        if fill:
            self.paint_letters()
        start = len(self.drawn)
        self._within_path = True
        try:
            super().paint_path(gstate, stroke, fill, evenodd, path)
        finally:
            self._within_path = False
        shapes = self.drawn[start:]
        shapes.sort(key=lambda item: item.width * item.height, reverse=True)
        # A rectangle's points are in pdfminer's order, those of its path in the order of drawing.
        outlines = [[part[-1] for part in item.original_path if len(part) > 1] for item in shapes]
        holes = find_holes(outlines, even_odd=evenodd)
        self.drawn[start:] = map(Shape, shapes, itertools.repeat(look), holes)
        if fill and look.fill >= OPAQUE:
            sure = (
                look.covers
                and not look.doubt
                and not any(holes)
                and getattr(gstate.ncs, "paints", gstate.ncs.name != "Pattern")
            )
            for item in shapes:
                path = item.original_path
                points = [point for part in path for point in part[1:]]
                box = intersect(bounds(points), look.clip)
                self.drawn.append(Cover(box, False, sure, () if is_rectangle(points) else path, evenodd))
        reach = gstate.linewidth * math.sqrt(abs(self.ctm[0] * self.ctm[3] - self.ctm[1] * self.ctm[2])) / 2
        if stroke and look.stroke >= OPAQUE and reach >= COVERING_STROKE / 2:
            plain = not (look.blends or look.doubt or gstate.scs.name == "Pattern" or (gstate.dash or ((),))[0])
            for item, outline in zip(shapes, outlines, strict=True):
                straight = plain and reach >= SOLID_STROKE / 2 and all(part[0] in "ml" for part in item.original_path)
                cap = reach * bool(gstate.linecap)
                for one, other in itertools.pairwise(outline if straight else [*outline, outline[0]]):
                    box = intersect(grow(bounds((one, other)), reach), look.clip)
                    self.drawn.append(Cover(box, False, straight, widen(one, other, reach, cap) if straight else ()))

    def paint_letters(self) -> None:
        """Take over the letters of the clipping path or soft mask, as something is painted through it."""
        letters = self.look.letters
        if letters and letters is not self._painted and self.look.fill > TRANSPARENT and not self.hidden:
            self._painted = letters
            self.drawn.append(Painted(letters))

    def render_image(self, name: str, stream: Any) -> None:
        """Take over a picture."""
        if self.hidden or self.look.fill <= TRANSPARENT:
            return
        self.paint_letters()
        attributes = stream.attrs
        opaque = (
            not self.look.doubt
            and self.look.covers
            and not any(resolve1(attributes.get(key)) for key in ("SMask", "Mask", "ImageMask", "IM", "SMaskInData"))
        )
        a, b, c, d, e, f = self.ctm
        outline = ((e, f), (a + e, b + f), (a + c + e, b + d + f), (c + e, d + f))
        box = intersect(bounds(outline), self.look.clip)
        self.drawn.append(Image(box))
        if self.look.fill >= OPAQUE:
            self.drawn.append(Cover(box, True, opaque, () if is_rectangle(outline) else (("m", *outline),)))


def replace_text(drawn: list[Any], start: int, text: str) -> None:
    """Give glyphs their span's replacement text: each its own character, or one over all of them the whole.

    Args:
        drawn: What is drawn.
        start: Where the span begins.
        text: The text.
    """
    runs = [item for item in drawn[start:] if isinstance(item, GlyphRun) and item.glyphs]
    glyphs = [glyph for run in runs for glyph in run.glyphs]
    for run in runs:
        run.codes = {}  # the second reader gives the text, too
    text = unicodedata.normalize("NFC", text)
    drawn_text = unicodedata.normalize("NFC", "".join(glyph[0] for glyph in glyphs))
    # A text of no letter takes no letters away that are seen; a hyphen or an ornament it does.
    same = "".join(drawn_text.split()) == "".join(text.split())
    if not runs or same or (not text.strip() and any(map(str.isalnum, drawn_text))):
        return
    x0, y0, x1, y1 = bounds([(x, y) for run in runs for _, *xs in run.glyphs for x in xs for y in (run.y0, run.y1)])
    if contradicts(drawn_text, text) and not any(run.hidden for run in runs):
        drawn.append(Replaced((x0, y0, x1, y1)))
    if len(glyphs) == len(text):
        letters = iter(text)
        for run in runs:
            run.glyphs = [(read_text(next(letters), run.font), *glyph[1:]) for glyph in run.glyphs]
        return
    if len({round(run.origin, 1) for run in runs}) > 1:
        return  # a span over several lines can't be given to its glyphs
    first = runs[0]
    for run in runs:
        run.glyphs = []
    first.y0, first.y1, first.glyphs = y0, y1, [(read_text(text, first.font), x0, x1)]


def contradicts(shown: str, text: str) -> bool:
    """Return whether a replacement text says what is not drawn, or leaves out what is.

    Args:
        shown: What is drawn.
        text: What the file gives for it.
    """
    own, other = (Counter(filter(str.isalnum, unicodedata.normalize("NFKC", said))) for said in (shown, text))
    lacking, added = own - other, other - own
    others = sum(not character.isalnum() and not character.isspace() for character in shown)
    longer = added.total() - lacking.total()
    return (
        (lacking.total() >= LEAST_OTHER and 2 * lacking.total() > own.total())
        or (any(map(str.isdigit, lacking)) and not any(map(str.isalpha, added)))
        or longer <= -LEAST_DROPPED
        or (bool(own) and longer >= LEAST_ADDED + 2 * others)
    )
