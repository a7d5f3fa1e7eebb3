"""Settles words by several readings of one page, and quotation marks by the file's others.

Where a speck lies on a letter, or the engine hesitates between two, it reads pictures of different sizes differently;
what it reads rightly it mostly reads alike.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pipeline.stages.read.recognise.hocr import SeenLine, SeenWord

COVERED_SHARE: Final = 0.6
"""Least share of a word's width that the words of another reading cover which stand for it."""
OVERHANG: Final = 0.5
"""How far those may be out of the word's box, as a share of the type's size: boxes of one word differ by less."""
DOUBT: Final = 0.5
"""Most confidence (0 to 1) of a word that no two readings agree on; the page's issue lists it."""

STRAIGHT: Final = '"'
OPENED_ABOVE: Final = "“"
"""What a straight mark in front of a word stands for in print with curved ones: low and angled ones look unlike it."""
CLOSING: Final = re.compile(r"(?<=[\w.!?)])[”“»](?!\w)")
CURVED_SHARE: Final = 2
"""Least number of closing marks read as curved for each one read as straight, in print with curved ones."""

Reading = Sequence[SeenLine]


def find_disputed(lines: Reading, second: Reading) -> tuple[SeenLine, ...]:
    """Return the lines with a word that a second reading has otherwise.

    Args:
        lines: The first reading.
        second: The second one, in the same pixels.
    """
    return tuple(
        line
        for line in lines
        if any(_text(found) not in ("", word.text) for word in line.words for found in [_find(word, line, second)])
    )


def settle_words(lines: Reading, others: Sequence[Reading]) -> tuple[SeenLine, ...]:
    """Give each word the text that most readings have in its place.

    Args:
        lines: The first reading.
        others: Other readings, in the same pixels; a line that they lack stays as it is.

    Returns:
        The first reading's lines; of words that all read differently, the one with the most confidence, doubted.
    """
    return tuple(
        line.model_copy(
            update={"words": tuple(settled for word in line.words for settled in _settle(word, line, others))}
        )
        for line in lines
    )


def curve_marks(pages: Mapping[int, Reading]) -> dict[int, Reading]:
    """Read straight quotation marks as the curved ones that the file is printed with: the engine hardly knows “ from ".

    Args:
        pages: What was read, by page.

    Returns:
        The same; closing marks as most of the file's are. Print with straight marks is left as it is.
    """
    words = [word.text for lines in pages.values() for line in lines for word in line.words]
    curved = Counter(mark for text in words for mark in CLOSING.findall(text))
    if sum(curved.values()) < CURVED_SHARE * max(1, sum(text.count(STRAIGHT) for text in words)):
        return dict(pages)
    closing = max(curved, key=lambda mark: curved[mark])

    def curve(word: SeenWord) -> SeenWord:
        text = re.sub(rf"(?<!\w){STRAIGHT}(?=\w)", OPENED_ABOVE, word.text)
        return word.model_copy(update={"text": re.sub(rf"(?<=[\w.!?)]){STRAIGHT}(?!\w)", closing, text)})

    return {
        number: tuple(line.model_copy(update={"words": tuple(map(curve, line.words))}) for line in lines)
        for number, lines in pages.items()
    }


def _settle(word: SeenWord, line: SeenLine, others: Sequence[Reading]) -> Iterable[SeenWord]:
    readings = [(word,), *(found for other in others if (found := _find(word, line, other)))]
    votes = Counter(_text(reading) for reading in readings)
    best = max(readings, key=lambda reading: (votes[_text(reading)], min(word.confidence for word in reading)))
    if votes[_text(best)] == 1 and len(readings) > 1:
        return tuple(part.model_copy(update={"confidence": min(part.confidence, DOUBT)}) for part in best)
    return best


def _find(word: SeenWord, line: SeenLine, other: Reading) -> tuple[SeenWord, ...]:
    """Return another reading's words in a word's place; none where it divides words otherwise."""
    slack = OVERHANG * line.size
    found = tuple(
        part
        for other_line in other
        if abs(other_line.baseline - line.baseline) < line.size / 2
        for part in other_line.words
        if word.x0 < _middle(part) < word.x1
        # The engine's boxes may overlap.
        and min(line.words, key=lambda own: abs(_middle(own) - _middle(part))) is word
    )
    if not found or found[0].x0 < word.x0 - slack or found[-1].x1 > word.x1 + slack:
        return ()
    return found if sum(part.x1 - part.x0 for part in found) >= COVERED_SHARE * (word.x1 - word.x0) else ()


def _middle(word: SeenWord) -> float:
    return (word.x0 + word.x1) / 2


def _text(words: Sequence[SeenWord]) -> str:
    return " ".join(word.text for word in words)
