"""Reads answers that are given by ticking boxes."""

import re
from typing import Final

_EMPTY: Final = "\u2610\u2b1c\u274f\u2750\u2751\u2752"
_TICKED: Final = "\u2611\u2612\u2705\u22a0\U0001f5f9\U0001f5f7\U0001f5f5"
_EMPTY_SHAPE: Final = "\u25fb\u25fd\u25a1\u25a2\u25cb\u25ef"
_TICKED_SHAPE: Final = "\u25fc\u25fe\u25a0\u25a3\u25cf\u25c9\u25c8\u2713\u2714\u2717\u2718"
"""Shapes that are bullets as often as boxes: boxes only where a text has both kinds."""

MARKS: Final = frozenset({"x", "\u2713", "\u2714"})
"""Marks that tick an answer without a box, in small letters."""

_BOX: Final = re.compile(
    rf"(?P<ticked>[{_TICKED}{_TICKED_SHAPE}]|\[ *[xX\u2713\u2714] *\]|\([xX\u2713\u2714]\))"
    rf"|(?P<empty>[{_EMPTY}{_EMPTY_SHAPE}]|\[ *\]|\( *\))"
)
_SURE: Final = re.compile(rf"[{_EMPTY}{_TICKED}]|\[ *[xX\u2713\u2714]? *\]")


def read_boxes(text: str, *, heads: bool = True) -> str:
    """Leave of each line with boxes what is ticked.

    A box is before what it ticks, or behind it where the line begins with words and ends with a box. One on a line of
    its own belongs to the next line or to the one before it, likewise.

    Args:
        text: The value's text.
        heads: Whether to keep what is before the first box of a line.

    Returns:
        The text without boxes and without what is not ticked; as it is where it has no boxes.
    """
    signs = {sign.group() for sign in _BOX.finditer(text)}
    pairs = ((_EMPTY_SHAPE, _TICKED_SHAPE), (("( )", "()"), ("(x)", "(X)")))
    both = any(signs.intersection(empty) and signs.intersection(ticked) for empty, ticked in pairs)
    if not (both or _SURE.search(text)):
        return text
    return "\n".join(_read_line(line, heads=heads) for line in _join_lone_boxes(text.split("\n"))).strip()


def _join_lone_boxes(lines: list[str]) -> list[str]:
    """Put boxes that have lines of their own into the lines of what they tick."""
    lone = [line.strip(" -") != "" and not _BOX.sub("", line).strip(" -") for line in lines]
    if not any(lone):
        return lines
    first = lone.index(True)
    behind = lone[-1] or (first > 0 and lines[first - 1].rstrip()[-1:] not in (":", "?"))
    joined: list[str] = []
    for line, is_lone, last_lone in zip(lines, lone, [False, *lone], strict=False):
        if joined and (is_lone if behind else last_lone and not is_lone):
            joined[-1] += f" {line}"
        else:
            joined.append(line)
    return joined


def _read_line(line: str, *, heads: bool) -> str:
    """Leave of a line its beginning, and what is ticked."""
    boxes = list(_BOX.finditer(line))
    if not boxes:
        return line
    head, edges = line[: boxes[0].start()].strip(" -"), [box.end() for box in boxes]
    if head and head[-1] not in ":?" and not line[edges[-1] :].strip(" .;,"):
        starts, head = [0, *edges], ""
        options = [line[start : box.start()] for start, box in zip(starts, boxes, strict=False)]
    else:
        ends = [box.start() for box in boxes[1:]]
        options = [line[start:end] for start, end in zip(edges, [*ends, len(line)], strict=True)]
    ticked = [option.strip(" ,;/|") for box, option in zip(boxes, options, strict=True) if box["ticked"]]
    return " ".join(filter(None, (head if heads else "", ", ".join(ticked))))
