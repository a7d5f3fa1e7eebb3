"""Where a part of a cell's text is on the page; reads a row's lines and composed text."""

import unicodedata
from collections.abc import Iterable

from pipeline.models.geometry import Box, unite_boxes
from pipeline.models.layout import TextLine, Word


class Placement:
    """A composed text aligned with the lines that it was composed from.

    Composing changes white space, hyphens and bullets only, so that letters and digits follow one another in both in
    the same order: the n-th of the text is the n-th of the lines.
    """

    def __init__(self, text: str, lines: Iterable[TextLine]) -> None:
        """Lay a text over its lines.

        Args:
            text: The composed text (`CellText.text`).
            lines: The lines in reading order, of all pages.
        """
        self._offsets = [offset for offset, character in enumerate(text) if character.isalnum()]
        self._words: list[tuple[TextLine, Word]] = []
        letters: list[str] = []
        for line in lines:
            for word in line.words:
                signs = [character for character in unicodedata.normalize("NFC", word.text) if character.isalnum()]
                letters.extend(signs)
                self._words.extend([(line, word)] * len(signs))
        self.fits = letters == [text[offset] for offset in self._offsets]

    def line_starts(self) -> frozenset[int]:
        """Return the offsets in the text at which a printed line's first letter or digit is; none without a fit."""
        if not self.fits:
            return frozenset()
        places = list(zip(self._offsets, self._words, strict=True))
        return frozenset(
            offset
            for number, (offset, (line, _)) in enumerate(places)
            if number == 0 or places[number - 1][1][0] is not line
        )

    def boxes(self, start: int, end: int) -> tuple[Box, ...] | None:
        """Return the boxes of a part of the text.

        Args:
            start: Offset in the text of the part's first character.
            end: Offset after its last one.

        Returns:
            One box per page, around the part's words; None where the text can't be aligned with the lines, or the part
            has no letter.
        """
        if not self.fits:
            return None
        touched = [place for offset, place in zip(self._offsets, self._words, strict=True) if start <= offset < end]
        if not touched:
            return None
        return unite_boxes(
            Box(page=line.box.page, x0=word.x0, top=line.box.top, x1=word.x1, bottom=line.box.bottom)
            for line, word in touched
        )
