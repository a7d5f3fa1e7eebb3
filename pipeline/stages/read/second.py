"""A second, independent reading of each page, by pdfium: letters that only one of the two readers has.

Letters are compared as a bag first, which nearly always says that nothing differs; places are looked at only where the
bags differ. What is no letter and no digit is not compared: hyphens at a line's end, white space and punctuation are
given differently by any two readers. Compatibility forms (NFKC) are the same; so is the order.
"""

# pypdfium2 hands over objects of no one type.
# ruff: noqa: ANN401

from __future__ import annotations

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pipeline.models.page import Glyph, ReaderDifference, SecondReading
from pipeline.stages.read.annotations import Matrix, transform
from pipeline.stages.read.characters import DOTLESS, SPACING_ACCENTS
from pipeline.stages.read.drawn import UNDRAWN, UNMAPPED, enclose, grow, split
from pipeline.stages.read.picture import PagePicture

if TYPE_CHECKING:
    from pipeline.stages.read.canvas import Canvas
    from pipeline.stages.read.drawn import Rectangle

SAME_PLACE: Final = 0.12
"""Largest distance of two drawings of a letter, as a share of the height of its ink, that are one letter drawn twice:
this reader tells no font size (that of the first one is `canvas.COPY_DISTANCE`, which says why)."""
PICTURE_SCALE: Final = 2.0
"""Pixels per point of the picture that decides what can be seen: a stem of 6 pt type is a pixel wide."""
MOST_PIXELS: Final = 4_000_000
"""Most pixels of such a picture, a limit of memory and time: A3. A larger page has fewer per point."""
SAME_SIZE: Final = 1.0
"""Largest difference, in points, of a page's size as the two readers give it: so much is drawn around a part of it."""
LETTER_RIM: Final = 1.0
"""What, in points, is looked at around a letter: pdfium's box is that of its ink, and an `l` fills its own."""
TRADE_MARK: Final = "\u2122"
"""A character whose compatible form is letters."""
MOST_WORDS: Final = 10
"""How many words that only one reader has are kept of a page."""
WORD_GAP: Final = 0.3
"""Gap between letters, as a share of their height or width, whichever is more, from which on they are of different
words: it only says what a report quotes."""


class Letter(NamedTuple):
    """A letter or digit at its place: edges in points from the visible page's top left, and its number in its text."""

    character: str
    x0: float
    top: float
    x1: float
    bottom: float
    number: int


class SecondReader:
    """A file, open for pdfium."""

    def __init__(self, data: bytes, password: str | None = None) -> None:
        """Open it.

        Args:
            data: The file's bytes.
            password: User password, where the file needs one.

        What goes wrong is reported page by page.
        """
        import pypdfium2

        self._failure: str | None = None
        try:
            self._document = pypdfium2.PdfDocument(data, password=password)
        except pypdfium2.PdfiumError as error:
            self._failure = str(error)

    def draw(self, number: int, width: float, height: float, part: Rectangle | None = None) -> PagePicture | None:
        """Draw a page with its annotations.

        Args:
            number: Its 1-based number.
            width: The visible page's as the first reader has it, points.
            height: The same.
            part: Left, top, right and bottom of what is drawn, points; all where None (a tenth takes a tenth of it).

        Returns:
            The picture; None where pdfium can't draw the page, or sees another part of it.
        """
        import pypdfium2

        if self._failure is not None:
            return None
        try:
            page = self._document[number - 1]
            across, down = page.get_size()
            if max(abs(across - width), abs(down - height)) > SAME_SIZE:
                return None
            scale = min(PICTURE_SCALE, math.sqrt(MOST_PIXELS / (width * height)))
            x0, top, x1, bottom = part or (0.0, 0.0, width, height)
            crop = [max(0.0, edge - SAME_SIZE) for edge in (x0, height - bottom, width - x1, top)]
            origin = math.ceil(crop[0] * scale), math.ceil(crop[3] * scale)  # pypdfium2 rounds them so
            return PagePicture(page.render(scale=scale, crop=tuple(crop)).to_pil(), scale, origin)
        except (pypdfium2.PdfiumError, IndexError, ValueError):
            return None

    def read(self, canvas: Canvas, matrix: Matrix, *, annotated: bool) -> SecondReading:
        """Read a page, and compare.

        Args:
            canvas: The page as the first reader has it, with what can't be seen.
            matrix: From the page's own space to the first reader's.
            annotated: True where annotations draw something: they are made part of the page in memory.

        Returns:
            What both count, and what differs; or why pdfium can't read the page.
        """
        import pypdfium2
        from pypdfium2 import raw

        if self._failure is not None:
            return SecondReading(0, 0, failure=self._failure)
        try:
            page = self._document[canvas.number - 1]
            if annotated:
                raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY)
                page.close()
                page = self._document[canvas.number - 1]
            text_page = page.get_textpage()
            try:
                return compare(
                    canvas,
                    text_page.get_text_range(),
                    lambda: _letters(text_page, canvas, matrix),
                    lambda: self.draw(canvas.number, canvas.width, canvas.height) if canvas.drawable else None,
                )
            finally:
                text_page.close()
                page.close()
        except (pypdfium2.PdfiumError, IndexError) as error:
            return SecondReading(0, 0, failure=" ".join(str(error).split()) or type(error).__name__)


def compare(
    canvas: Canvas, text: str, find_letters: Any, draw: Callable[[], PagePicture | None] = lambda: None
) -> SecondReading:
    """Compare two readings of a page.

    Args:
        canvas: The first.
        text: The text of the second.
        find_letters: Gives the second's letters with their places (`Letter`), where they are asked for.
        draw: Gives the picture of the page: what the second reader has beyond the first may be hidden, too.

    Returns:
        What both count, without what can't be seen and with doubled letters counted once; and what differs.
    """
    drawn = canvas.glyphs
    if canvas.codes:
        codes = (canvas.codes.get(number, {}) for number in range(len(drawn)))
        drawn = [glyph._replace(text=own.get(glyph.text, glyph.text)) for glyph, own in zip(drawn, codes, strict=True)]
    # What the file does not draw, the second reader does not see.
    shadows = [drawn[number] for number in canvas.shadows]
    glyphs = [
        glyph
        for number, (glyph, mark) in enumerate(zip(drawn, canvas.marks, strict=True))
        if mark != UNDRAWN and number not in canvas.shadows
    ]
    hidden = [glyph for glyph in glyphs if glyph.concealed]
    own = "".join([glyph.text for glyph in glyphs])
    folded = not SPACING_ACCENTS.keys().isdisjoint(own + text)
    ours, theirs = _bag(own, folded), _bag(text, folded)
    unseen = _bag("".join(glyph.text for glyph in hidden), folded)
    # A letter that the first reader has off the page may be one that the second has on it.
    aside = any(glyph.concealed == "outside_page" and glyph.text.isalnum() for glyph in hidden)
    if ours == theirs and not aside:
        count = ours.total() - unseen.total()
        return SecondReading(count, count)
    concealed = _Places(_spread(hidden))
    seen = [letter for letter in _fold(_spread(glyphs), folded) if not glyphs[letter.number].concealed]
    visible = _Places(seen)
    others = [
        letter
        for letter in _once(_fold(find_letters(), folded))
        # What shows may be set over what is hidden: such a letter is known by its character.
        if not concealed.has(letter) or visible.has(letter, character=letter.character)
    ]
    copies = [letter for letter in seen if glyphs[letter.number].copies > 1]
    if copies:
        others = list(_leave_out(others, copies, [*_fold(_spread(shadows), folded), *copies]))
    lacking = list(_find_extra(others, seen))
    picture = draw() if lacking else None
    if picture is not None:
        unseen_numbers = {letter.number for letter in lacking if not picture.shows(grow(letter[1:5], LETTER_RIM))}
        lacking, others = (
            [letter for letter in letters if letter.number not in unseen_numbers] for letters in (lacking, others)
        )
    added = list(_find_extra(seen, others))
    # A letter of which the file gives no character to the first reader is no letter that it lacks.
    return SecondReading(
        len(seen),
        len(others),
        len(lacking),
        len(added),
        tuple(_words(lacking, others))[:MOST_WORDS],
        tuple(_words(added, seen))[:MOST_WORDS],
    )


def _bag(text: str, folded: bool) -> Counter[str]:
    return Counter(filter(str.isalnum, _unify(text, folded)))


def _unify(text: str, folded: bool) -> str:
    """Return compatible forms as one; folded, without accents: one reader composes those that are set by themselves."""
    text = text.replace(TRADE_MARK, "")
    if text.isascii() or not folded:
        return unicodedata.normalize("NFKC", text)
    letters = "".join(DOTLESS.get(character, character) for character in text)
    return "".join(
        character for character in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(character)
    )


def _fold(letters: Iterable[Letter], folded: bool) -> Iterator[Letter]:
    """Return the letters and digits that each character stands for."""
    for letter in letters:
        for character in filter(str.isalnum, _unify(letter.character, folded)):
            yield letter._replace(character=character)


def _spread(glyphs: Sequence[Glyph]) -> Iterator[Letter]:
    for number, glyph in enumerate(glyphs):
        if glyph.text != UNMAPPED:
            yield Letter(*glyph[:5], number)


class _Places:
    """Letters by their place."""

    def __init__(self, letters: Iterable[Letter]) -> None:
        self._boxes: dict[int, list[Letter]] = defaultdict(list)
        for letter in letters:
            for line in range(int(letter.top // 10), int(letter.bottom // 10) + 1):
                self._boxes[line].append(letter)

    def has(self, letter: Letter, *, character: str | None = None) -> bool:
        """Return whether a letter is where one of these is: any one, or one of a character."""
        x, y = (letter.x0 + letter.x1) / 2, (letter.top + letter.bottom) / 2
        return any(
            box.x0 - 1 <= x <= box.x1 + 1 and box.top - 1 <= y <= box.bottom + 1 and character in (None, box.character)
            for box in self._boxes.get(int(y // 10), ())
        )


def _once(letters: Iterable[Letter]) -> Iterator[Letter]:
    """Return letters without those that are drawn again at the same place."""
    known: dict[tuple[str, int], list[Letter]] = defaultdict(list)
    for letter in letters:
        reach = SAME_PLACE * max(letter.bottom - letter.top, 1.0)
        lines = {int((letter.bottom + step) // 4) for step in (-reach, 0.0, reach)}
        if any(
            abs(other.x0 - letter.x0) <= reach and abs(other.bottom - letter.bottom) <= reach
            for line in lines
            for other in known[letter.character, line]
        ):
            continue
        known[letter.character, int(letter.bottom // 4)].append(letter)
        yield letter


def _leave_out(letters: Sequence[Letter], once: Iterable[Letter], drawn: Iterable[Letter]) -> Iterator[Letter]:
    """Return letters without the copies of what the first reader counts once, and where that is drawn."""
    places, left = _Places(drawn), Counter(letter.character for letter in once)
    for letter in letters:
        if places.has(letter, character=letter.character):
            left[letter.character] -= 1
            if left[letter.character] < 0:
                continue
        yield letter


def _find_extra(letters: Sequence[Letter], others: Sequence[Letter]) -> Iterator[Letter]:
    """Return the letters of which there are more than among the others: of each, those farthest from the others."""
    more = Counter(letter.character for letter in letters)
    more.subtract(letter.character for letter in others)
    for character, count in more.items():
        if count <= 0:
            continue
        mine = [letter for letter in letters if letter.character == character]
        known = [(other.x0 + other.x1, other.top + other.bottom) for other in others if other.character == character]

        def distance(letter: Letter, known: list[tuple[float, float]] = known) -> float:
            x, y = letter.x0 + letter.x1, letter.top + letter.bottom
            return min((abs(x - a) + abs(y - b) for a, b in known), default=float("inf"))

        yield from sorted(mine, key=distance, reverse=True)[:count]


def _words(extra: Iterable[Letter], letters: Sequence[Letter]) -> Iterator[ReaderDifference]:
    """Return the words that hold letters, as a report quotes them: whole words of one reader's seen letters."""
    wanted = {letter.number for letter in extra}

    def apart(last: Letter, letter: Letter, _: float) -> bool:
        size = max(last.x1 - last.x0, last.bottom - last.top, letter.x1 - letter.x0, letter.bottom - letter.top)
        across = max(letter.x0 - last.x1, last.x0 - letter.x1)
        down = max(letter.top - last.bottom, last.top - letter.bottom)
        return max(across, down) > WORD_GAP * max(size, 1.0) or letter.number - last.number > 1

    for word in split(sorted(letters, key=lambda letter: letter.number), apart):
        if any(letter.number in wanted for letter in word):
            edges = (round(edge, 2) for edge in enclose(letter[1:5] for letter in word))
            yield ReaderDifference("".join(letter.character for letter in word), *edges)


def _letters(text_page: Any, canvas: Canvas, matrix: Matrix) -> Iterator[Letter]:
    """Return pdfium's characters at their places in the visible page."""
    from pypdfium2 import PdfiumError, raw

    for number in range(text_page.count_chars()):
        code = raw.FPDFText_GetUnicode(text_page, number)
        if not code or raw.FPDFText_IsGenerated(text_page, number) == 1 or 0xD800 <= code <= 0xDFFF:
            continue
        try:
            box = text_page.get_charbox(number)
        except PdfiumError:
            continue
        x0, low, x1, high = transform(matrix, box)
        yield Letter(chr(code), x0 - canvas.left, canvas.high - high, x1 - canvas.left, canvas.high - low, number)
