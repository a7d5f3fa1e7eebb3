"""Two texts compared word by word: as runs of either side, or in one line as a terminal's word diff."""

import re
from difflib import SequenceMatcher
from typing import Final, Literal

from pydantic import JsonValue

from pipeline.models.geometry import Frozen
from pipeline.text.wording import plain

CONTEXT_CHARACTERS: Final = 60
"""How much of an unchanged run is shown on either side of a change on a page."""
CONTEXT_WORDS: Final = 3
"""So many words are shown before and behind a change in a line."""

Emphasis = Literal["same", "old", "new"]


class WordRun(Frozen):
    """A piece of a comparison: in both texts, only in the old one, or only in the new one."""

    emphasis: Emphasis
    text: str


def as_text(value: JsonValue) -> str:
    """A value as a text: a text as it is, a list with an item on each line, all else as JSON; "" for nothing."""
    if value is None:
        return ""
    return ("\n".join(map(plain, value)) or "[]") if isinstance(value, list) else plain(value)


def compare_texts(old: str, new: str) -> tuple[tuple[WordRun, ...], tuple[WordRun, ...]]:
    """Two texts as runs of words.

    Args:
        old: A text.
        new: The text to compare it with.

    Returns:
        The runs of either side. Long unchanged runs are cut to the words next to a change; white space that changed is
        written as characters (`␣`, `¶`), for it could not be seen.
    """
    one, other = (re.findall(r"\s|\w+|[^\w\s]", text) for text in (old, new))
    if not one or not other:
        return _runs([("old", old)]), _runs([("new", new)])
    left: list[tuple[Emphasis, str]] = []
    right: list[tuple[Emphasis, str]] = []
    for kind, a0, a1, b0, b1 in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        left.append(("same" if kind == "equal" else "old", "".join(one[a0:a1])))
        right.append(("same" if kind == "equal" else "new", "".join(other[b0:b1])))
    return _runs(left), _runs(right)


def _runs(pieces: list[tuple[Emphasis, str]]) -> tuple[WordRun, ...]:
    pieces = [piece for piece in pieces if piece[1]]
    runs = []
    for place, (emphasis, text) in enumerate(pieces):
        if emphasis == "same":
            shown = _shorten(text, first=place == 0, last=place == len(pieces) - 1)
        elif text.isspace():
            shown = "".join("¶\n" if character == "\n" else "␣" for character in text)
        else:
            shown = text.replace("\n", "¶\n").replace("\u00ad", "[U+00AD]")
        runs.append(WordRun(emphasis=emphasis, text=shown))
    return tuple(runs)


def _shorten(text: str, *, first: bool, last: bool) -> str:
    """Cut an unchanged run to what is next to a change."""
    if first and last:
        return text
    head = "" if first else text[:CONTEXT_CHARACTERS]
    tail = "" if last else text[-CONTEXT_CHARACTERS:]
    return text if len(text) <= len(head) + len(tail) + 1 else f"{head}…{tail}"


def diff_words(old: str, new: str) -> str:
    """The words that differ, as a word diff does: `[-gone-]` and `{+new+}`, each with the words around it.

    Args:
        old: A text.
        new: The text that it became.
    """
    before, after = old.split(), new.split()
    shown = []
    for group in SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(CONTEXT_WORDS):
        words: list[str] = []
        for kind, start, end, new_start, new_end in group:
            if kind == "equal":
                words += before[start:end]
                continue
            words += [f"[-{' '.join(before[start:end])}-]"] if end > start else []
            words += [f"{{+{' '.join(after[new_start:new_end])}+}}"] if new_end > new_start else []
        shown.append(" ".join(words))
    return " … ".join(shown)
