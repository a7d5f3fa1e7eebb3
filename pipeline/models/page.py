"""`Page`, the artefact of the read stage: what is drawn on one page, in one coordinate system."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple, overload
from weakref import ref

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from pipeline.models.geometry import Frozen
from pipeline.models.report import Issue

MOST_UNPACKED: Final = 150_000
"""Most glyphs, over all pages, that are kept as tuples as well, in some 35 MB; the booklet has 137,000."""
MOST_SETTINGS: Final = 65_536
"""Number of settings of a page up to which their numbers take two bytes."""

Concealment = Literal["", "invisible", "background_colour", "outside_page", "covered"]
"""Why a glyph can't be seen; the empty string where it can."""


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
        upright: False where the glyph stands across the page's reading direction.
        copies: How often the same glyph is drawn at this place (2 for a fake bold).
        confidence: Confidence of the recognition engine, 0 to 1; None for a text layer.
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


class Glyphs(Sequence[Glyph]):
    """The glyphs of a page: a sequence of `Glyph`, packed into a tenth of the memory that the tuples take.

    The glyphs of a shown string share all but their text and their left and right edges, so a page has few settings (a
    glyph without these three), and each glyph has the number of its own. Pages are unpacked when they are looked at; of
    a long document only the pages looked at last stay so.
    """

    __slots__ = ("__weakref__", "_lefts", "_places", "_rights", "_rows", "_settings", "texts")

    def __init__(self, glyphs: Iterable[Glyph] = ()) -> None:
        """Pack glyphs."""
        rows = tuple(glyphs)
        texts, lefts, tops, rights, *rest = zip(*rows, strict=True) if rows else ((),) * len(Glyph._fields)
        numbers: dict[tuple[Any, ...], int] = {}
        places = [numbers.setdefault(setting, len(numbers)) for setting in zip(tops, *rest, strict=True)]
        self.texts: tuple[str, ...] = tuple(map(sys.intern, texts))
        """The text of each glyph, without unpacking the others' places."""
        self._lefts = array("d", lefts)
        self._rights = array("d", rights)
        self._settings = tuple(numbers)
        self._places = array("H" if len(numbers) <= MOST_SETTINGS else "L", places)
        self._rows: tuple[Glyph, ...] | None = None

    @property
    def rows(self) -> tuple[Glyph, ...]:
        """The glyphs as a tuple: quicker where many are looked at."""
        rows = self._rows
        if rows is None:
            make, settings = tuple.__new__, self._settings
            rows = self._rows = tuple(
                [
                    make(Glyph, (text, x0, setting[0], x1, *setting[1:]))
                    for text, x0, x1, setting in zip(
                        self.texts,
                        self._lefts,
                        self._rights,
                        map(settings.__getitem__, self._places),
                        strict=True,
                    )
                ]
            )
            _keep_unpacked(self)
        return rows

    def pack(self) -> None:
        """Forget the tuples; they are made again when they are asked for."""
        self._rows = None

    def values(self, name: str) -> Iterator[Any]:
        """Give one of the values that a string's glyphs share, for each glyph; nothing is unpacked.

        Args:
            name: The name of one of `Glyph`'s attributes, but for its text, `x0` and `x1`.
        """
        place = _SHARED.index(name)
        return map([setting[place] for setting in self._settings].__getitem__, self._places)

    def to_columns(self) -> tuple[Any, ...]:
        """Give the packed glyphs as plain tuples and bytes, for another process on this machine."""
        places = (self._places.typecode, self._places.tobytes())
        return self.texts, self._lefts.tobytes(), self._rights.tobytes(), *places, self._settings

    @classmethod
    def from_columns(cls, columns: Sequence[Any]) -> Glyphs:
        """Take the glyphs of `to_columns`.

        Raises:
            ValueError: The columns are not of one length.
        """
        texts, lefts, rights, kind, places, settings = columns
        self = cls()
        self.texts = tuple(map(sys.intern, texts))
        self._lefts.frombytes(lefts)
        self._rights.frombytes(rights)
        self._places = array(kind, places)
        self._settings = settings
        if not len(self.texts) == len(self._lefts) == len(self._rights) == len(self._places):
            raise ValueError("the glyphs' columns are not of one length")
        return self

    @overload
    def __getitem__(self, index: int) -> Glyph: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Glyph, ...]: ...

    def __getitem__(self, index: int | slice) -> Glyph | tuple[Glyph, ...]:
        return self.rows[index]

    def __len__(self) -> int:
        return len(self.texts)

    def __iter__(self) -> Iterator[Glyph]:
        return iter(self.rows)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Glyphs, tuple)):
            return NotImplemented
        return len(self) == len(other) and all(one == another for one, another in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(self.rows)

    def __repr__(self) -> str:
        return f"Glyphs({self.rows!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Be checked, written and read as a tuple of glyphs."""
        rows = handler.generate_schema(tuple[Glyph, ...])
        packed = core_schema.no_info_after_validator_function(cls, rows)
        return core_schema.json_or_python_schema(
            json_schema=packed,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), packed]),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda glyphs: glyphs.rows, return_schema=rows
            ),
        )


_SHARED: Final = tuple(name for name in Glyph._fields if name not in {"text", "x0", "x1"})
_unpacked: list[ref[Glyphs]] = []
"""The glyphs that are unpacked, or were when they were last seen; the oldest first."""


def _keep_unpacked(glyphs: Glyphs) -> None:
    """Keep the tuples of these glyphs; forget others', the oldest first, where they are too many."""
    _unpacked.append(ref(glyphs))
    living = [found for known in _unpacked for found in (known(),) if found is not None]
    held = sum(map(len, living))
    while held > MOST_UNPACKED and len(living) > 1:
        oldest = living.pop(0)
        oldest.pack()
        held -= len(oldest)
    _unpacked[:] = map(ref, living)


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


class Source(Frozen):
    """The file that was read, and all its pages: the read stage's artefact.

    Attributes:
        file: File name without its folder.
        sha256: Hash of the file's bytes, lower-case hexadecimal.
        pages: The pages in order.
        repairs: What had to be repaired to read the file, in words.
        issues: What else is amiss with the file or its pages, beside pages with a `failure`.
    """

    file: str
    sha256: str
    pages: tuple[Page, ...]
    repairs: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()
