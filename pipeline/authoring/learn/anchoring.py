"""Where in a translation a phrase of the known text should be.

Paragraphs are aligned with one another by length, then the parts between punctuation marks where both sides have as
many, then a phrase's place within its part. What is near the place, and is about as long, may be the phrase's
translation.
"""

import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.authoring.learn.alignment import align_in_order
from pipeline.authoring.learn.evidence import SHORT_CHARACTERS
from pipeline.lexicon.patterns import TOKEN

MOST_WORDS: Final = 5
"""Longer phrases are sentences."""

SPREAD_CHARACTERS: Final = 5.0
"""A translation is within so many characters of its place even in a short text."""

SPREAD_SHARE: Final = 0.12
"""In a longer text it strays by this share of the text's length."""

OTHER_PART: Final = 0.3
"""What is left of a candidate's score in another part between punctuation marks than the phrase's own."""

SHORTEST_SCALE, LONGEST_SCALE = 0.6, 1.6
"""Least and greatest ratio of a part's length to its original's that a phrase in it is expected to follow."""

LENGTH_DECAY: Final = 0.8
"""By how much a candidate's score falls with the logarithm of its length against the expected one."""

MIN_SURVIVOR_LETTERS: Final = 4
"""Shorter names are the same in two languages by chance."""

PARAGRAPH_GAP_COST: Final = 0.5
"""Leaving out a paragraph, against aligning unlike ones."""

PARTS_COST: Final = 0.5
"""What unlike numbers of parts between punctuation marks cost, by the logarithm of their ratio."""

COLON_COST: Final = 0.4
"""What each colon costs that one of two paragraphs has alone."""

SURVIVOR_GAIN, MOST_SURVIVORS = 0.6, 3
"""What a word or number that both have is worth, and how many count: names recur in all paragraphs of a text."""

JOINED_PARAGRAPH_COST: Final = 0.3
"""Each further paragraph of a translation that is one in the original."""

_PUNCTUATION: Final = frozenset(',;:.!?()[]/\n\u2013\u2014\u201e\u201c\u201d\u00ab\u00bb"\u2022-\u0387\u037e')


_PARAGRAPH: Final = re.compile("^.*$", re.MULTILINE)


class TextToken(NamedTuple):
    """A word, number or punctuation mark with its place in the text."""

    text: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """True for letters and digits."""
        return self.text[0].isalnum()


class Part(NamedTuple):
    """What is between two punctuation marks: its first token, and the one behind its last."""

    first: int
    last: int


class AnchorCandidate(NamedTuple):
    """Words of the new text that may be a phrase's translation, folded, and how likely (0 to 1)."""

    text: str
    score: float


@lru_cache(maxsize=4096)
def list_tokens(text: str) -> tuple[TextToken, ...]:
    """A text's tokens with their places."""
    return tuple(TextToken(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text))


@lru_cache(maxsize=4096)
def list_parts(text: str) -> tuple[Part, ...]:
    """Divide a text at its punctuation; parts without a word are left out."""
    tokens = list_tokens(text)
    parts: list[Part] = []
    first = 0
    for number, token in enumerate((*tokens, TextToken("\n", len(text), len(text)))):
        if token.text in _PUNCTUATION and not _joins_word(text, token):
            if number > first:
                parts.append(Part(first, number))
            first = number + 1
    return tuple(parts)


def _joins_word(text: str, token: TextToken) -> bool:
    """Return whether a hyphen is inside a word."""
    before, behind = text[token.start - 1 : token.start], text[token.end : token.end + 1]
    return token.text == "-" and before.isalpha() and behind.isalpha()


def list_phrases(text: str) -> Iterator[tuple[str, Part]]:
    """Every run of up to `MOST_WORDS` words between two punctuation marks, folded, with its tokens."""
    tokens = list_tokens(text)
    for part in list_parts(text):
        for first, last in _runs(tokens, part):
            yield fold_words(tokens[first:last]), Part(first, last)


def _runs(tokens: Sequence[TextToken], part: Part) -> Iterator[tuple[int, int]]:
    """Every run of up to `MOST_WORDS` words of a part, hyphenated words whole."""
    for first in range(part.first, part.last):
        if not tokens[first].is_word or (first > part.first and tokens[first - 1].text == "-"):
            continue
        words = 0
        for last in range(first + 1, part.last + 1):
            if not tokens[last - 1].is_word or (last < part.last and tokens[last].text == "-"):
                continue
            words += 1
            if words > MOST_WORDS:
                break
            yield first, last


def fold_words(tokens: Sequence[TextToken]) -> str:
    """Write tokens as a lexicon's phrase: small letters, single spaces."""
    return " ".join(token.text.lower() for token in tokens)


def locate(known: str, span: tuple[int, int], new: str) -> tuple[AnchorCandidate, ...]:
    """Find what may be the translation of a phrase.

    Args:
        known: The known text.
        span: Offsets of the phrase's first character and behind its last.
        new: Its translation.

    Returns:
        Candidates, the likeliest first.
    """
    for (known_start, known_end), (new_start, new_end) in align_paragraphs(known, new):
        if known_start <= span[0] < known_end:
            if new_start == new_end:
                return ()
            inside = (span[0] - known_start, min(span[1], known_end) - known_start)
            return _locate_in_paragraph(known[known_start:known_end], inside, new[new_start:new_end])
    return ()


def _locate_in_paragraph(known: str, span: tuple[int, int], new: str) -> tuple[AnchorCandidate, ...]:
    """Find the candidates within a paragraph."""
    tokens, known_tokens = list_tokens(new), list_tokens(known)
    parts, known_parts = list_parts(new), list_parts(known)
    closing = known[span[1] - 1 : span[1]] == ":"
    own = next(
        (
            number
            for number, part in enumerate(known_parts)
            if known_tokens[part.first].start <= span[0] < known_tokens[part.last - 1].end
        ),
        None,
    )
    same = own is not None and len(parts) == len(known_parts)
    if same and own is not None:
        known_span = (known_tokens[known_parts[own].first].start, known_tokens[known_parts[own].last - 1].end)
        new_span = (tokens[parts[own].first].start, tokens[parts[own].last - 1].end)
    else:
        known_span, new_span = (0, len(known)), (0, len(new))
    scale = (new_span[1] - new_span[0]) / max(1, known_span[1] - known_span[0])
    expected = new_span[0] + ((span[0] + span[1]) / 2 - known_span[0]) * scale
    spread = SPREAD_CHARACTERS + SPREAD_SHARE * (new_span[1] - new_span[0])
    length = max(1.0, len(known[span[0] : span[1]].strip(" :")) * min(LONGEST_SCALE, max(SHORTEST_SCALE, scale)))
    whole = same and span == known_span
    best: dict[str, float] = {}
    for number, part in enumerate(parts):
        for first, last in _runs(tokens, part):
            start, end = tokens[first].start, tokens[last - 1].end
            score = math.exp(-((((start + end) / 2 - expected) / spread) ** 2))
            score *= math.exp(-LENGTH_DECAY * abs(math.log((end - start) / length)))
            if same and number != own:
                score *= OTHER_PART
            if whole and number == own and (first, last) == tuple(part):
                score = 1.0
            text = fold_words(tokens[first:last])
            if closing and last < len(tokens) and tokens[last].text == ":":
                text += " :"
            elif closing:
                continue
            best[text] = max(best.get(text, 0.0), score)
    return tuple(
        AnchorCandidate(text, score) for text, score in sorted(best.items(), key=lambda item: (-item[1], item[0]))
    )


@lru_cache(maxsize=4096)
def align_paragraphs(known: str, new: str) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    """Align the paragraphs of two texts, in order.

    Args:
        known: The known text.
        new: Its translation.

    Returns:
        For every paragraph of the known text its span and that of the new paragraph or paragraphs (an empty one where
        there is none). As many paragraphs on both sides correspond one by one.
    """
    ours, theirs = ([match.span() for match in _PARAGRAPH.finditer(text)] for text in (known, new))
    if len(ours) == len(theirs):
        return tuple(zip(ours, theirs, strict=True))
    ratio = math.log((len(new) + 1) / (len(known) + 1))

    def alike(numbers: tuple[int, ...], others: tuple[int, ...]) -> float:
        one, span = ours[numbers[0]], (theirs[others[0]][0], theirs[others[-1]][1])
        length = math.log((span[1] - span[0] + SHORT_CHARACTERS) / (one[1] - one[0] + SHORT_CHARACTERS))
        # A shortened translation keeps some paragraphs whole and leaves others out.
        cost = min(abs(length), abs(length - ratio))
        text, translation = known[one[0] : one[1]], new[span[0] : span[1]]
        cost += PARTS_COST * abs(math.log((len(list_parts(text)) + 1) / (len(list_parts(translation)) + 1)))
        cost += COLON_COST * abs(text.count(":") - translation.count(":"))
        survivors = len(_list_survivors(text) & _list_survivors(translation))
        return SURVIVOR_GAIN * min(MOST_SURVIVORS, survivors) - cost - JOINED_PARAGRAPH_COST * (len(others) - 1)

    aligned = align_in_order(len(ours), len(theirs), alike, ((1, 1), (1, 2), (1, 3)), PARAGRAPH_GAP_COST)
    taken = {one: (theirs[others[0]][0], theirs[others[-1]][1]) for (one,), others in aligned}
    return tuple((span, taken.get(number, (0, 0))) for number, span in enumerate(ours))


def _list_survivors(paragraph: str) -> set[str]:
    """The words and numbers of a paragraph that a translation may print as they are."""
    return {
        token.text
        for token in list_tokens(paragraph)
        if token.text.isdecimal() or (len(token.text) >= MIN_SURVIVOR_LETTERS and token.text[0].isupper())
    }
