"""Read stage: PDF → `Source`, the only stage that opens a PDF.

Reads with pdfplumber: glyphs, rules, fills, links and pictures of every page in one coordinate system (points, the
origin at the top left of the visible page). Crop boxes, rotation and encryption end here.

The glyphs are taken from pdfplumber's page layout (pdfminer's objects) and not from `Page.chars`: the dictionaries
that `Page.chars` builds cost more than all else that is done with them (`make bench` gives the share).
"""

# pdfminer hands over objects of no one type, and its devices reach its layout containers through a private list.
# ruff: noqa: ANN401, ARG002, SLF001

from __future__ import annotations

import hashlib
import io
import itertools
import math
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from pipeline.errors import InputError
from pipeline.models.page import Concealment, Fill, Glyph, Glyphs, Link, Page, Picture, Rule, Source
from pipeline.stages.read.content_stream import interpreter_class

if TYPE_CHECKING:
    from pdfplumber.page import Page as PlumberPage
    from pdfplumber.pdf import PDF

Colour = tuple[float, float, float]

WHITE: Colour = (1.0, 1.0, 1.0)
UNKNOWN_COLOUR: Colour = (0.5, 0.5, 0.5)
"""Stands for the colour of a fill whose colour space can't be converted (a pattern, a spot colour)."""
INVISIBLE_RENDER_MODES = (3, 7)
"""Text rendering modes that paint nothing (ISO 32000-1, table 106)."""
STROKING_RENDER_MODES = (1, 2, 5, 6)
"""Text rendering modes that stroke the outline (the same table): the glyph shows whatever its fill."""
SAME_COLOUR_DISTANCE = 0.06
"""Largest difference of any RGB channel (0 to 1) at which text can't be told from what is behind it."""
RULE_THICKNESS = 4.0
"""Thickest filled rectangle, in points, that counts as a rule and not as a fill."""
RULE_ASPECT = 3.0
"""Least ratio of length to thickness of a filled rectangle that counts as a rule."""
STRAIGHT = 0.7
"""Largest deviation, in points, of a stroke from the horizontal or vertical."""
COPY_DISTANCE = 0.12
"""Largest distance of two drawings of the same glyph, as a share of the font size, that are one glyph drawn twice.

The narrowest letters advance by 0.22 of the font size ('l' and 'i' in the Helvetica metrics), so neighbours are safe.
"""
SOFT_HYPHEN = "\u00ad"
BULLET = "\u2022"
LAST_CONTROL = 0o40
"""Last of the character codes that WinAnsiEncoding leaves to control characters and the space."""
SYMBOLIC = 4
"""The flag of a font descriptor (ISO 32000-1, table 123) that says that the font has an encoding of its own."""
LIGATURES = ("\ufb00", "\ufb06")
"""First and last of Unicode's Latin ligatures: the only characters read as their compatibility form."""


def read_source(
    path: Path,
    *,
    password: str | None = None,
    pages: Sequence[int] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Source:
    """Read a PDF.

    Args:
        path: The file.
        password: User password, where the file needs one.
        pages: 1-based numbers of the pages to read; all where None.
        progress: Called with (pages done, pages in all) after each page.

    Returns:
        The file's name, hash and pages.

    Raises:
        InputError: The file is missing, empty, no PDF, locked, or without pages or text.
    """
    data = read_bytes(path)
    with open_pdf(path, password) as pdf:
        wanted = range(1, len(pdf.pages) + 1) if pages is None else pages
        read: list[Page] = []
        for number in wanted:
            read.append(read_page(pdf.pages[number - 1]))
            pdf.pages[number - 1].close()
            if progress is not None:
                progress(len(read), len(wanted))
    return Source(file=path.name, sha256=hashlib.sha256(data).hexdigest(), pages=tuple(read))


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
    name = path.name
    if not path.exists():
        raise InputError(f"no such file: {path}; check the path", edition=name)
    if path.is_dir():
        raise InputError(f"{path} is a folder; name a PDF file in it", edition=name)
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
    from pdfminer.psexceptions import PSException
    from pdfplumber.utils.exceptions import PdfminerException

    name = path.name
    try:
        pdf = pdfplumber.open(path if data is None else io.BytesIO(data), password=password or "", unicode_norm=None)
        count = len(pdf.pages)
    except (PdfminerException, PSException, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
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
    return pdf


def read_page(page: PlumberPage) -> Page:
    """Read one page.

    Args:
        page: A page of an open pdfplumber file.

    Returns:
        What is drawn on it. Where the page's content can't be interpreted, a page without glyphs whose `failure`
        says why.
    """
    from pdfminer.psexceptions import PSException

    visible = _visible_box(page)
    try:
        objects = _draw(page)
        links = tuple(_links(page, visible))
    except (PSException, ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError) as error:
        return Page(
            number=page.page_number,
            width=visible[2] - visible[0],
            height=visible[3] - visible[1],
            fonts=(),
            glyphs=Glyphs(),
            rules=(),
            fills=(),
            links=(),
            pictures=(),
            failure=f"{type(error).__name__}: {error}"[:200],
        )
    return _Canvas(page.page_number, visible, objects, links).finish()


def _visible_box(page: PlumberPage) -> tuple[float, float, float, float]:
    """Give the crop box, cut to the media box, in pdfminer's space: points, origin at the media box's lower left."""
    media_x0, media_top, media_x1, media_bottom = (float(value) for value in page.mediabox)
    crop_x0, crop_top, crop_x1, crop_bottom = (float(value) for value in page.cropbox)
    x0, x1 = max(media_x0, crop_x0), min(media_x1, crop_x1)
    top, bottom = max(media_top, crop_top), min(media_bottom, crop_bottom)
    if x1 - x0 < 1 or bottom - top < 1:  # a crop box off the page shows nothing; readers fall back to the media box
        x0, top, x1, bottom = media_x0, media_top, media_x1, media_bottom
    return x0 - media_x0, media_bottom - bottom, x1 - media_x0, media_bottom - top


_Shelf: TypeAlias = dict[str, list[tuple[float, float, int]]]
"""Glyphs by their text: left edge, upper edge, index."""


class _Run:
    """What the glyphs of one shown string have in common; worked out once for all of them.

    Attributes:
        font: Name of the font as the file gives it.
        matrix: The four numbers that turn and scale the glyphs (a, b, c, d of ISO 32000-1, 8.3.3).
        y0: Lower edge in pdfminer's space, points.
        y1: Upper edge.
        origin: Height of the base line in pdfminer's space, points.
        height: Extent along the size of the font, points.
        colour: Fill colour in RGB; None where it is not known.
        mode: Text rendering mode.
        place: What the page makes of it; None until its first glyph is placed.
    """

    __slots__ = ("colour", "font", "height", "matrix", "mode", "origin", "place", "y0", "y1")

    def __init__(
        self,
        font: Any,
        matrix: tuple[float, float, float, float],
        edges: tuple[float, float],
        origin: float,
        height: float,
        colour: Colour | None,
        mode: int,
    ) -> None:
        self.font = font
        self.matrix = matrix
        self.y0, self.y1 = edges
        self.origin = origin
        self.height = height
        self.colour = colour
        self.mode = mode
        self.place: _Placing | None = None


class _Char:
    """A glyph as drawn: its text and its left and right edges in pdfminer's space, in points; the rest is its run's."""

    __slots__ = ("run", "text", "x0", "x1")

    def __init__(self, text: str, x0: float, x1: float, run: _Run) -> None:
        self.text = text
        self.x0 = x0
        self.x1 = x1
        self.run = run


class _Placing(NamedTuple):
    """Where a run stands on the page, rounded as glyphs are.

    Attributes:
        finite: False where a height is no number.
        top: Upper edge in points from the page's top.
        bottom: Lower edge.
        baseline: Base line.
        direction: Reading direction in degrees anticlockwise; -1 where aslant.
        across: True where the font size extends along x.
        size: Font size in points; for a run across, that of its first glyph.
        font: Index of the font; -1 before its first glyph is kept.
        plain: True where its glyphs can be seen wherever on the page's width they stand.
        reach: Distance in points within which a second drawing is the same glyph.
        shelves: Where glyphs near its height are kept, by their text.
        shelf: Where its own are kept.
    """

    finite: bool
    top: float
    bottom: float
    baseline: float
    direction: int
    across: bool
    size: float
    font: int
    plain: bool
    reach: float
    shelves: tuple[_Shelf, ...]
    shelf: _Shelf


@lru_cache(maxsize=1)
def _device_class() -> type[Any]:
    """Give the device that collects what is drawn; built when first needed, because pdfminer is slow to import."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.encodingdb import EncodingDB
    from pdfminer.layout import LTChar
    from pdfminer.pdffont import PDFSimpleFont, PDFUnicodeNotDefined

    win_ansi = EncodingDB.encodings["WinAnsiEncoding"]

    class Device(PDFPageAggregator):
        """Collects glyphs as `_Char`, everything else as pdfminer does.

        pdfminer makes an `LTChar` of each glyph: a matrix, four corners and a bounding box of its own. Nearly all text
        stands upright, and the glyphs of a string then differ in nothing but their text and their x.
        """

        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self.mode = 0
            self.spans: list[tuple[str | None, Any, int]] = []
            self.letters: dict[Any, dict[int, tuple[str, float]]] = {}

        def begin_tag(self, tag: Any, props: Any = None) -> None:
            text = _actual_text(props)
            self.spans.append((text, self.cur_item, len(self.cur_item._objs)))

        def end_tag(self) -> None:
            if not self.spans:
                return
            text, container, start = self.spans.pop()
            if text is not None and container is self.cur_item:
                _replace_text([item for item in container._objs[start:] if isinstance(item, _Char)], text)

        def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
            self.mode = textstate.render
            super().render_string(textstate, seq, ncs, graphicstate)

        def render_string_horizontal(
            self,
            seq: Any,
            matrix: Any,
            pos: Any,
            font: Any,
            fontsize: Any,
            scaling: Any,
            charspace: Any,
            wordspace: Any,
            rise: Any,
            dxscale: Any,
            ncs: Any,
            graphicstate: Any,
        ) -> Any:
            a, b, c, d, e, f = matrix
            if b or c:
                return super().render_string_horizontal(
                    seq,
                    matrix,
                    pos,
                    font,
                    fontsize,
                    scaling,
                    charspace,
                    wordspace,
                    rise,
                    dxscale,
                    ncs,
                    graphicstate,
                )
            # The steps and their order are those of pdfminer's PDFTextDevice and LTChar, without what is zero here.
            x, y = pos
            letters = self.letters.setdefault(font, {})
            drawn: list[Any] = self.cur_item._objs
            origin = y * d + f
            low = font.get_descent() * fontsize + rise
            one, other = d * low + origin, d * (low + fontsize) + origin
            edges = (one, other) if one <= other else (other, one)
            run = _Run(
                font.fontname, (a, b, c, d), edges, origin, edges[1] - edges[0], _rgb(graphicstate.ncolor), self.mode
            )
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
                        drawn.append(
                            _Char(known[0], left, right, run) if left <= right else _Char(known[0], right, left, run)
                        )
                        x += advance
                        if cid == 32 and wordspace:
                            x += wordspace
                        spaced = True
            return (x, y)

        def read_letter(self, font: Any, cid: int) -> tuple[str, float]:
            """Give a character code's text, and its width as a share of the font size."""
            try:
                text = font.to_unichr(cid)
            except PDFUnicodeNotDefined:
                text = self.handle_undefined_char(font, cid)
            return text, font.char_width(cid)

        def handle_undefined_char(self, font: Any, cid: int) -> str:
            """Give the text of a character code that neither the font's encoding nor its map to Unicode has."""
            if (
                cid > LAST_CONTROL
                and isinstance(font, PDFSimpleFont)
                and font.cid2unicode is win_ansi
                and not font.flags & SYMBOLIC
            ):
                # "In WinAnsiEncoding, all unused codes greater than 40 map to the bullet character" (ISO 32000-1, D.2).
                return BULLET
            return super().handle_undefined_char(font, cid)

        def render_char(self, *arguments: Any, **named: Any) -> float:
            """Take over a glyph that stands aslant, on its side, or in a vertical script."""
            advance = super().render_char(*arguments, **named)
            drawn: list[Any] = self.cur_item._objs
            char: LTChar = drawn.pop()
            run = _Run(
                char.fontname,
                char.matrix[:4],
                (char.y0, char.y1),
                char.matrix[5],
                char.size,
                _rgb(char.graphicstate.ncolor),
                self.mode,
            )
            drawn.append(_Char(char.get_text(), char.x0, char.x1, run))
            return advance

    return Device


def _draw(page: PlumberPage) -> list[Any]:
    """Interpret a page's content; the objects in the order in which they are drawn."""
    from pdfminer.layout import LTFigure

    device = _device_class()(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    interpreter_class()(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    drawn: list[Any] = []
    stack: list[Iterator[Any]] = [iter(device.get_result())]
    while stack:
        for item in stack[-1]:
            if isinstance(item, LTFigure):
                stack.append(iter(item))
                break
            drawn.append(item)
        else:
            stack.pop()
    return drawn


def _actual_text(props: Any) -> str | None:
    """Give the replacement text of a marked content span (ISO 32000-1, 14.9.4); None where it has none."""
    from pdfminer.pdftypes import resolve1
    from pdfminer.utils import decode_text

    props = resolve1(props)
    if not isinstance(props, dict) or "ActualText" not in props:
        return None
    raw = resolve1(props["ActualText"])
    return decode_text(raw) if isinstance(raw, bytes) else None


def _replace_text(chars: Sequence[_Char], text: str) -> None:
    """Give glyphs the text that their span stands for: each its own character, or the first one all of it."""
    drawn = "".join(char.text for char in chars)
    text = unicodedata.normalize("NFC", text)
    if not chars or unicodedata.normalize("NFC", drawn) == text:
        return
    if len(chars) == len(text):
        for char, letter in zip(chars, text, strict=True):
            char.text = letter
        return
    if len({round(char.run.origin, 1) for char in chars}) > 1:
        return  # a span over several lines can't be given to its glyphs
    first = chars[0]
    run = first.run
    edges = (min(char.run.y0 for char in chars), max(char.run.y1 for char in chars))
    first.run = _Run(run.font, run.matrix, edges, run.origin, run.height, run.colour, run.mode)
    first.x0, first.x1 = min(char.x0 for char in chars), max(char.x1 for char in chars)
    first.text = text
    for char in chars[1:]:
        char.text = ""


def _links(page: PlumberPage, visible: tuple[float, float, float, float]) -> Iterator[Link]:
    """Give the page's link annotations in the visible page's coordinates."""
    left = visible[0]
    media_height = float(page.mediabox[3] - page.mediabox[1])
    shift = media_height - visible[3]
    media_x0, media_top = float(page.mediabox[0]), float(page.mediabox[1])
    for link in page.hyperlinks:
        x0, x1 = float(link["x0"]) - media_x0 - left, float(link["x1"]) - media_x0 - left
        top, bottom = float(link["top"]) - media_top - shift, float(link["bottom"]) - media_top - shift
        url = unicodedata.normalize("NFC", str(link["uri"]).strip().lstrip("\ufeff"))
        if url and all(map(math.isfinite, (x0, x1, top, bottom))):
            yield Link(url, _near(x0), _near(top), _near(x1), _near(bottom))


def _near(value: float) -> float:
    return round(value, 3)


def _rgb(colour: Any) -> Colour | None:
    """Convert a device colour (grey, RGB or CMYK; ISO 32000-1, 10.3) to RGB; None for a pattern or unknown space."""
    if colour is None:
        return None
    parts = colour if isinstance(colour, (tuple, list)) else (colour,)
    if not all(isinstance(part, (int, float)) for part in parts):
        return None
    channels = [min(max(float(part), 0.0), 1.0) for part in parts]
    if len(channels) == 1:
        return (channels[0], channels[0], channels[0])
    if len(channels) == 3:
        return (channels[0], channels[1], channels[2])
    if len(channels) == 4:
        cyan, magenta, yellow, black = channels
        return ((1 - cyan) * (1 - black), (1 - magenta) * (1 - black), (1 - yellow) * (1 - black))
    return None


def _same_colour(one: Colour, other: Colour) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= SAME_COLOUR_DISTANCE


class _Canvas:
    """Collects what is drawn on a page, in the visible page's coordinates."""

    def __init__(
        self,
        number: int,
        visible: tuple[float, float, float, float],
        objects: Iterable[Any],
        links: tuple[Link, ...],
    ) -> None:
        from pdfminer.layout import LTCurve, LTImage, LTLine, LTRect

        self.number = number
        self.left, self.low, right, self.high = visible
        self.width, self.height = right - self.left, self.high - self.low
        self.links = links
        self.fonts: dict[str, int] = {}
        self.glyphs: list[Glyph] = []
        self.directions: list[int] = []
        self.rules: list[Rule] = []
        self.fills: list[Fill] = []
        self.pictures: list[Picture] = []
        self._shelves: dict[int, _Shelf] = {}
        self._fill_colours: set[Colour] = set()
        self._near_fills: dict[Colour, bool] = {}
        for item in objects:
            if isinstance(item, _Char):
                self._add_glyph(item)
            elif isinstance(item, (LTLine, LTRect, LTCurve)):
                self._add_path(item)
            elif isinstance(item, LTImage):
                self.pictures.append(Picture(*self._place(item.bbox)))

    def _place(self, bbox: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
        x0, y0, x1, y1 = bbox
        return (
            round(min(x0, x1) - self.left, 3),
            round(self.high - max(y0, y1), 3),
            round(max(x0, x1) - self.left, 3),
            round(self.high - min(y0, y1), 3),
        )

    def _add_glyph(self, char: _Char) -> None:
        text = char.text
        if not text:
            return  # its span's text stands on the span's first glyph
        if len(text) > 4 and text.startswith("(cid:"):  # pdfminer's stand-in for a glyph without a Unicode value
            text = "\ufffd"
        elif len(text) == 1 and LIGATURES[0] <= text <= LIGATURES[1]:
            text = unicodedata.normalize("NFKC", text)
        elif len(text) > 1 and SOFT_HYPHEN in text:
            # A typesetter names a glyph once, by a place where a soft hyphen went with it: elsewhere there is none.
            text = text.replace(SOFT_HYPHEN, "")
        run = char.run
        x0, x1 = round(char.x0 - self.left, 3), round(char.x1 - self.left, 3)
        place = run.place
        if place is None:
            place = run.place = self._place_run(run)
        if not (place.finite and math.isfinite(x0) and math.isfinite(x1)):
            return
        size, reach, shelves = place.size, place.reach, place.shelves
        if place.across:
            size = round(char.x1 - char.x0, 2)
            reach = COPY_DISTANCE * max(size, 1.0)
            shelves = self._find_shelves(place.top, reach)
        top = place.top
        if not text.isspace():
            # The same character at nearly the same place is one glyph drawn twice (a fake bold).
            for shelf in shelves:
                for other_x0, other_top, index in shelf.get(text, ()):
                    if abs(other_x0 - x0) <= reach and abs(other_top - top) <= reach:
                        glyph = self.glyphs[index]
                        if glyph.concealed:
                            continue  # what shows is no copy of what is hidden below it
                        self.glyphs[index] = glyph._replace(copies=glyph.copies + 1)
                        return
            place.shelf.setdefault(text, []).append((x0, top, len(self.glyphs)))
        bottom, direction, font = place.bottom, place.direction, place.font
        if font < 0:
            font = self._number_font(run)
            run.place = place._replace(font=font)
        self.directions.append(direction)
        self.glyphs.append(
            # The class's own constructor fills in defaults, and takes thrice the time.
            tuple.__new__(
                Glyph,
                (
                    text,
                    x0,
                    top,
                    x1,
                    bottom,
                    size,
                    font,
                    place.baseline,
                    ""
                    if place.plain and size > 0 and 0 <= x0 + x1 <= 2 * self.width
                    else self._concealment(run, size, (x0 + x1) / 2, (top + bottom) / 2),
                    direction == 0,
                    1,
                    None,
                ),
            )
        )

    def _place_run(self, run: _Run) -> _Placing:
        """Work out what the glyphs of a run have in common on this page."""
        a, b, _c, d = run.matrix
        top, bottom = round(self.high - run.y1, 3), round(self.high - run.y0, 3)
        direction = 0 if a > 0 and abs(b) <= abs(a) else 90 if b > 0 and abs(b) > abs(a) else 270 if b < 0 else 180
        if a > 0 and abs(b) > 0.3 * abs(a):
            direction = -1  # set aslant (a watermark): no reading direction of a table
        if direction == 0 and d < 0:
            direction = 180  # mirrored
        finite = all(map(math.isfinite, (top, bottom, run.origin)))
        size = round(run.height, 2)
        reach = COPY_DISTANCE * max(size, 1.0)
        return _Placing(
            finite=finite,
            top=top,
            bottom=bottom,
            baseline=round(self.high - run.origin, 3),
            direction=direction,
            across=direction not in (0, 180),
            size=size,
            font=-1,
            plain=finite and 0 <= top + bottom <= 2 * self.height and not self._may_hide(run),
            reach=reach,
            shelves=self._find_shelves(top, reach) if finite else (),
            shelf=self._shelves.setdefault(round(top), {}) if finite else {},
        )

    def _find_shelves(self, top: float, reach: float) -> tuple[_Shelf, ...]:
        """Give the places where glyphs are kept whose upper edge is within reach."""
        lines = {round(top - reach), round(top), round(top + reach)}
        return tuple(self._shelves.setdefault(line, {}) for line in lines)

    def _number_font(self, run: _Run) -> int:
        """Give the index of a run's font; fonts are numbered as their first glyphs are kept."""
        font = run.font if isinstance(run.font, str) else str(run.font)
        return self.fonts.setdefault(font.split("+", 1)[-1], len(self.fonts))

    def _may_hide(self, run: _Run) -> bool:
        """Tell whether a run's glyphs are drawn invisibly, or in a colour that something drawn so far has."""
        colour = run.colour
        if run.mode in INVISIBLE_RENDER_MODES:
            return True
        if colour is None or run.mode in STROKING_RENDER_MODES:
            return False
        near = self._near_fills.get(colour)
        if near is None:
            near = self._near_fills[colour] = _same_colour(colour, WHITE) or any(
                _same_colour(colour, fill) for fill in self._fill_colours
            )
        return near

    def _concealment(self, run: _Run, size: float, middle_x: float, middle_y: float) -> Concealment:
        if not (0 <= middle_x <= self.width and 0 <= middle_y <= self.height):
            return "outside_page"
        if run.mode in INVISIBLE_RENDER_MODES or size <= 0:
            return "invisible"
        colour = run.colour
        if colour is None or not self._may_hide(run):
            return ""
        behind = WHITE
        for fill in reversed(self.fills):
            if fill.x0 <= middle_x <= fill.x1 and fill.top <= middle_y <= fill.bottom:
                behind = fill.colour
                break
        else:
            # a picture may be what is behind the text, and its colours are not known
            if any(p.x0 <= middle_x <= p.x1 and p.top <= middle_y <= p.bottom for p in self.pictures):
                return ""
        return "background_colour" if _same_colour(colour, behind) else ""

    def _add_path(self, item: Any) -> None:
        colour = _rgb(item.non_stroking_color)
        x0, top, x1, bottom = self._place(item.bbox)
        if not all(map(math.isfinite, (x0, top, x1, bottom))):
            return
        width, height = x1 - x0, bottom - top
        points = [(px - self.left, self.high - py) for px, py in item.pts]
        straight = all(
            abs(ax - bx) <= STRAIGHT or abs(ay - by) <= STRAIGHT for (ax, ay), (bx, by) in itertools.pairwise(points)
        ) and not any(command[0] in "cvy" for command in (item.original_path or ()))
        if item.fill:
            thin = min(width, height) <= RULE_THICKNESS and max(width, height) >= RULE_ASPECT * min(width, height)
            if straight and thin:
                self.rules.append(_middle_line(x0, top, x1, bottom))
            elif straight and width > 0 and height > 0:
                if colour is not None and _same_colour(colour, WHITE):
                    self._cover(x0, top, x1, bottom)
                fill = Fill(x0, top, x1, bottom, colour if colour is not None else UNKNOWN_COLOUR)
                self.fills.append(fill)
                if fill.colour not in self._fill_colours:
                    self._fill_colours.add(fill.colour)
                    self._near_fills.clear()
            elif not item.stroke:
                self.pictures.append(Picture(x0, top, x1, bottom))
        if item.stroke:
            if straight:
                for (ax, ay), (bx, by) in itertools.pairwise(points):
                    self._add_stroke(ax, ay, bx, by)
                if len(points) > 2 and (item.original_path or ((),))[-1][:1] == ("h",):
                    self._add_stroke(*points[-1], *points[0])
            else:
                self.pictures.append(Picture(x0, top, x1, bottom))

    def _cover(self, x0: float, top: float, x1: float, bottom: float) -> None:
        """Conceal the glyphs that a white area is painted over."""
        for index, glyph in enumerate(self.glyphs):
            middle_x, middle_y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
            if not glyph.concealed and x0 <= middle_x <= x1 and top <= middle_y <= bottom:
                self.glyphs[index] = glyph._replace(concealed="covered")

    def _add_stroke(self, ax: float, ay: float, bx: float, by: float) -> None:
        if max(abs(ax - bx), abs(ay - by)) > STRAIGHT:
            line = _middle_line(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))
            self.rules.append(Rule(*(_near(value) for value in line)))

    def finish(self) -> Page:
        """Give the page, turned so that most of its text is upright."""
        counts = Counter(
            direction
            for glyph, direction in zip(self.glyphs, self.directions, strict=True)
            if direction >= 0 and glyph.text.strip()
        )
        turned: Literal[0, 90, 180, 270] = 0
        if counts:
            direction = max(counts, key=lambda key: (counts[key], -key))
            turned = {0: 0, 90: 90, 180: 180, 270: 270}[direction]  # type: ignore[assignment]
        # What is built here needs no check of its 140,000 numbers; artefacts that are read back are checked.
        page = Page.model_construct(
            number=self.number,
            width=_near(self.width),
            height=_near(self.height),
            fonts=tuple(self.fonts),
            glyphs=Glyphs(self.glyphs),
            rules=tuple(dict.fromkeys(self.rules)),
            fills=tuple(self.fills),
            links=self.links,
            pictures=tuple(self.pictures),
        )
        return turn_page(page, turned, tuple(self.directions)) if turned else page


def _middle_line(x0: float, top: float, x1: float, bottom: float) -> Rule:
    if x1 - x0 >= bottom - top:
        middle = _near((top + bottom) / 2)
        return Rule(x0, middle, x1, middle)
    middle = _near((x0 + x1) / 2)
    return Rule(middle, top, middle, bottom)


def turn_page(page: Page, degrees: Literal[90, 180, 270], directions: tuple[int, ...]) -> Page:
    """Turn a page clockwise, so that text that runs upwards (90), head down (180) or downwards (270) is upright.

    Args:
        page: The page as displayed.
        degrees: Clockwise turn.
        directions: The reading direction of each glyph, in degrees anticlockwise from left to right; -1 for none.

    Returns:
        The turned page: coordinates count from the top left of the page as it is read.
    """
    width, height = page.width, page.height

    def turn(x0: float, top: float, x1: float, bottom: float) -> tuple[float, float, float, float]:
        if degrees == 90:
            return _near(height - bottom), x0, _near(height - top), x1
        if degrees == 180:
            return _near(width - x1), _near(height - bottom), _near(width - x0), _near(height - top)
        return top, _near(width - x1), bottom, _near(width - x0)

    glyphs: list[Glyph] = []
    for glyph, direction in zip(page.glyphs, directions, strict=True):
        x0, top, x1, bottom = turn(*glyph[1:5])
        # The base line is not kept for glyphs that stood across: the descender line stands in for it.
        glyphs.append(
            glyph._replace(x0=x0, top=top, x1=x1, bottom=bottom, baseline=bottom, upright=direction == degrees)
        )
    return page.model_copy(
        update={
            "width": width if degrees == 180 else height,
            "height": height if degrees == 180 else width,
            "glyphs": Glyphs(glyphs),
            "rules": tuple(Rule(*turn(*rule)) for rule in page.rules),
            "fills": tuple(Fill(*turn(*fill[:4]), fill.colour) for fill in page.fills),
            "links": tuple(Link(link.url, *turn(*link[1:])) for link in page.links),
            "pictures": tuple(Picture(*turn(*picture)) for picture in page.pictures),
            "turned": degrees,
        }
    )
