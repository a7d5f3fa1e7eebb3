"""`Page`, the artefact of the read stage: what is drawn on one page, in one coordinate system."""

from __future__ import annotations

import sys
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, Final, Literal, NamedTuple, overload

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from pipeline.models.geometry import Frozen
from pipeline.models.report import Issue

MOST_SETTINGS: Final = 65_536
"""Number of settings of a page, or of its glyphs, up to which their numbers take two bytes."""

Concealment = Literal[
    "", "text_layer", "invisible", "background_colour", "outside_page", "covered", "clipped", "transparent", "layer_off"
]
"""Why a glyph can't be seen; the empty string where it can. The text layer of a scan says what its picture shows; what
is concealed for any other reason is counted (`Page.concealed`), and is no glyph of the page."""

TextSource = Literal["", "form_field", "annotation", "stamp"]
"""Where a glyph comes from, if not from the page's content. A stamp is an annotation, too, and never a value."""


class Glyph(NamedTuple):
    """One character as drawn.

    A tuple rather than a model: a booklet has some 130,000 of them.

    Attributes:
        text: The character(s) the glyph stands for (a ligature has several), Unicode NFC.
        x0: Left edge in points.
        top: Upper edge in points from the page's top.
        x1: Right edge in points.
        bottom: Lower edge in points.
        size: Font size in points.
        font: Index into `Page.fonts`.
        baseline: Distance of the glyph's origin from the page's top, points.
        concealed: Why the glyph can't be seen, or the empty string.
        upright: False where the glyph is across the page's reading direction.
        copies: How often the same glyph is drawn at this place (2 for a fake bold).
        confidence: Confidence of the recognition engine, 0 to 1; None for a text layer.
        source: Where it comes from, if not from the page's content: a form field, an annotation, or a stamp.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    font: int
    baseline: float
    concealed: Concealment = ""
    upright: bool = True
    copies: int = 1
    confidence: float | None = None
    source: TextSource = ""


class GlyphSetting(NamedTuple):
    """What the glyphs of a shown string share; the attributes are those of `Glyph`."""

    top: float
    bottom: float
    size: float
    font: int
    baseline: float
    concealed: Concealment
    upright: bool
    copies: int
    confidence: float | None
    source: TextSource


class Glyphs(Sequence[Glyph]):
    """The glyphs of a page: a sequence of `Glyph`, packed into a twelfth of the memory that the tuples take.

    To pydantic, and in comparisons, it is the tuple of its glyphs.

    The glyphs of a shown string share all but their text and their left and right edges, so a page has few settings,
    and each glyph has the number of its own. What goes through many glyphs takes their columns: a `Glyph` is made when
    it is asked for, and is not kept.

    Attributes:
        texts: The text of each glyph: one string where each is one character, as nearly always; else a tuple.
        lefts: `x0` of each glyph.
        rights: `x1` of each glyph.
        settings: What glyphs share, in the order in which it is first met.
        setting_ids: Of each glyph the index of its setting in `settings`.
    """

    __slots__ = ("_ink", "lefts", "rights", "setting_ids", "settings", "texts")

    texts: Sequence[str]
    lefts: array[float]
    rights: array[float]
    settings: tuple[GlyphSetting, ...]
    setting_ids: array[int]

    def __init__(self, glyphs: Iterable[Glyph] = ()) -> None:
        """Pack glyphs."""
        rows = tuple(glyphs)
        texts, lefts, tops, rights, *rest = zip(*rows, strict=True) if rows else ((),) * len(Glyph._fields)
        numbers: dict[tuple[Any, ...], int] = {}
        ids: list[int] = []
        for setting, same in groupby(zip(tops, *rest, strict=True)):  # the glyphs of a string are together
            ids += [numbers.setdefault(setting, len(numbers))] * len(list(same))
        self.texts = _join_texts(texts)
        self.lefts = array("d", lefts)
        self.rights = array("d", rights)
        self.settings = tuple(map(GlyphSetting._make, numbers))
        self.setting_ids = array("H" if len(numbers) <= MOST_SETTINGS else "L", ids)
        self._ink: bytes | None = None

    def values(self, name: str) -> Iterator[Any]:
        """One of the values that a string's glyphs share, for each glyph.

        Args:
            name: The name of one of `GlyphSetting`'s attributes.
        """
        return map([getattr(setting, name) for setting in self.settings].__getitem__, self.setting_ids)

    def group_by_setting(self, ids: Iterable[int]) -> dict[int, list[int]]:
        """Divide glyphs by their settings.

        Args:
            ids: Ids of glyphs.

        Returns:
            The ids, in the order given, by the index of their setting.
        """
        setting_ids = self.setting_ids
        groups: dict[int, list[int]] = {}
        last, own = -1, list[int]()
        for index in ids:
            setting = setting_ids[index]
            if setting != last:  # the glyphs of a string are together
                last, own = setting, groups.setdefault(setting, [])
            own.append(index)
        return groups

    def keep_ink(self, ids: Sequence[int]) -> list[int]:
        """Leave out white space.

        Args:
            ids: Ids of glyphs.

        Returns:
            Those that can be seen, in the order given.
        """
        ink = self.ink
        return [index for index in ids if ink[index]]

    @property
    def ink(self) -> bytes:
        """Of each glyph 1, or 0 where it is white space."""
        if self._ink is None:
            inked = {text: bool(text) and not text.isspace() for text in set(self.texts)}
            self._ink = bytes([inked[text] for text in self.texts])
        return self._ink

    @overload
    def __getitem__(self, index: int) -> Glyph: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Glyph, ...]: ...

    def __getitem__(self, index: int | slice) -> Glyph | tuple[Glyph, ...]:
        if isinstance(index, slice):
            return tuple([self[number] for number in range(*index.indices(len(self)))])
        top, *rest = self.settings[self.setting_ids[index]]
        return Glyph._make((self.texts[index], self.lefts[index], top, self.rights[index], *rest))

    def __len__(self) -> int:
        return len(self.texts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Glyphs, tuple)):
            return NotImplemented
        return len(self) == len(other) and all(one == another for one, another in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Glyphs({tuple(self)!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Be checked, written and read as a tuple of glyphs."""
        rows = handler.generate_schema(tuple[Glyph, ...])
        packed = core_schema.no_info_after_validator_function(cls, rows)
        return core_schema.json_or_python_schema(
            json_schema=packed,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), packed]),
            serialization=core_schema.plain_serializer_function_ser_schema(tuple, return_schema=rows),
        )


def pack_ids(ids: Iterable[int]) -> array[int]:
    """Pack ids of glyphs, each into two bytes, or four where one is too large for that."""
    known = list(ids)
    return array("H" if max(known, default=0) < MOST_SETTINGS else "I", known)


def _join_texts(texts: Sequence[str]) -> Sequence[str]:
    """Texts as one string where each is one character."""
    if all(len(text) == 1 for text in set(texts)):
        return "".join(texts)
    return tuple(map(sys.intern, texts))


class Rule(NamedTuple):
    """A straight horizontal or vertical stroke, however it was drawn (points)."""

    x0: float
    top: float
    x1: float
    bottom: float


class Fill(NamedTuple):
    """A filled rectangle (points) and its colour in RGB, each channel 0 to 1."""

    x0: float
    top: float
    x1: float
    bottom: float
    colour: tuple[float, float, float]


class Link(NamedTuple):
    """A link annotation: the target and the rectangle that can be chosen (points)."""

    url: str
    x0: float
    top: float
    x1: float
    bottom: float


class Picture(NamedTuple):
    """An image or a drawing that is no rule and no fill (points)."""

    x0: float
    top: float
    x1: float
    bottom: float


class Drawn(NamedTuple):
    """What a person sees and no reader reads: a picture, a large drawing, a line of letters in either."""

    kind: Literal["picture", "drawing", "letters"]
    x0: float
    top: float
    x1: float
    bottom: float


class Concealed(NamedTuple):
    """Text that can't be seen: why, where (points), and how many glyphs; its letters are not kept."""

    reason: Concealment
    x0: float
    top: float
    x1: float
    bottom: float
    glyphs: int


class ReaderDifference(NamedTuple):
    """A word of which one reader has letters that the other lacks, and where it is (points)."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float


class SecondReading(NamedTuple):
    """What a second, independent reader makes of a page.

    Attributes:
        first: Letters and digits that the first reader counts: those that can be seen, doubled ones once.
        second: The same of the second reader.
        lacking: Letters that only the second reader has.
        added: Letters that only the first reader has.
        lacking_words: Words that hold the lacking ones; the first of them.
        added_words: Words that hold the added ones; the first of them.
        failure: Why the second reader could not read the page; None where it could.
    """

    first: int
    second: int
    lacking: int = 0
    added: int = 0
    lacking_words: tuple[ReaderDifference, ...] = ()
    added_words: tuple[ReaderDifference, ...] = ()
    failure: str | None = None

    @property
    def agrees(self) -> bool:
        """True where both readers have the same letters."""
        return self.failure is None and not self.lacking and not self.added


class TagElement(NamedTuple):
    """An element of a tagged file's structure that a page's glyphs belong to, or one around such an element.

    Attributes:
        role: Its standard type (`Table`, `TR`, `TD`, `P` …), by the file's own role map.
        parent: Place of the element around it in `Tags.elements`; -1 for the outermost.
        key: The element's number in the file, by which it is known on other pages; 0 where it has none.
        language: BCP 47 code of its text; None where it does not say.
        alternative: The text that describes it (`Alt`); None without one.
        actual_text: The text that it stands for (`ActualText`); None without one.
        row_span: Rows that a cell spans.
        column_span: Columns that a cell spans.
    """

    role: str
    parent: int
    key: int = 0
    language: str | None = None
    alternative: str | None = None
    actual_text: str | None = None
    row_span: int = 1
    column_span: int = 1


class TagSpan(NamedTuple):
    """Consecutive glyphs of one element: the ids of the first and the last, and its place in `Tags.elements`.

    The place is -1 for an artifact: what the file says is no part of its text, such as a running line.
    """

    first: int
    last: int
    element: int


class Tags(NamedTuple):
    """What a tagged file says of a page: elements, the outer ones first, and spans by their glyphs.

    It is the file's own word, and may be wrong. Glyphs without a span belong to no element.
    """

    elements: tuple[TagElement, ...]
    spans: tuple[TagSpan, ...]

    def find(self, glyph: int) -> int | None:
        """The place of a glyph's element in `elements`; -1 for an artifact, None for a glyph without a span.

        Args:
            glyph: The glyph's id.
        """
        place = bisect_right(self.spans, glyph, key=attrgetter("first")) - 1
        return self.spans[place].element if place >= 0 and glyph <= self.spans[place].last else None

    def around(self, element: int, roles: Collection[str]) -> int:
        """The nearest element of some types around an element, or itself, by its place; -1 where there is none.

        Args:
            element: Its place in `elements`; -1 gives -1.
            roles: The types.
        """
        while element >= 0 and self.elements[element].role not in roles:
            element = self.up(element)
        return max(element, -1)

    def up(self, element: int) -> int:
        """The place of the element around one; -1 for the outermost, or where a damaged tree leads back inside."""
        parent = self.elements[element].parent
        return parent if parent < element else -1

    def identify(self, element: int) -> int:
        """The number by which an element is known on all pages; one below -1 where only this page knows it.

        Args:
            element: Its place in `elements`.
        """
        return self.elements[element].key or -2 - element

    def path(self, element: int) -> tuple[TagElement, ...]:
        """An element and those around it, the outermost first.

        Args:
            element: Its place in `elements`; -1 gives none.
        """
        found: list[TagElement] = []
        while element >= 0:
            found.append(self.elements[element])
            element = self.elements[element].parent
        return tuple(reversed(found))


class Page(Frozen):
    """All that is drawn on one page, after crop box and rotation are resolved.

    Attributes:
        number: 1-based page number.
        width: Width of the visible page in points.
        height: Height of the visible page in points.
        fonts: Font names without their subset prefix.
        glyphs: Glyphs in the order in which they are drawn; a glyph's id is its index here.
        rules: Horizontal and vertical strokes.
        fills: Filled rectangles, in the order in which they are drawn.
        links: Link annotations, in the file's order.
        pictures: Images and drawings.
        turned: Clockwise degrees by which the page was turned to make its text upright (beyond `/Rotate`).
        recognised: True where the text comes from character recognition.
        failure: Why the page could not be read; None where it could.
        concealed: Text that can't be seen, in the order in which it is drawn.
        drawn: Pictures, and lines of letters that are no text.
        second: What a second reader makes of the page; None where there was no second reading.
        tags: What a tagged file says of the page's structure; None where it says nothing.
    """

    number: int
    width: float
    height: float
    fonts: tuple[str, ...]
    glyphs: Glyphs
    rules: tuple[Rule, ...]
    fills: tuple[Fill, ...]
    links: tuple[Link, ...]
    pictures: tuple[Picture, ...]
    turned: Literal[0, 90, 180, 270] = 0
    recognised: bool = False
    failure: str | None = None
    concealed: tuple[Concealed, ...] = ()
    drawn: tuple[Drawn, ...] = ()
    second: SecondReading | None = None
    tags: Tags | None = None


class Source(Frozen):
    """The file that was read, and all its pages: the read stage's artefact.

    Attributes:
        file: File name without its folder.
        sha256: Hash of the file's bytes, lower-case hexadecimal.
        pages: The pages in order.
        repairs: What had to be repaired to read the file, in words.
        issues: What else is wrong with the file or its pages, apart from pages with a `failure`.
    """

    file: str
    sha256: str
    pages: tuple[Page, ...]
    repairs: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
