"""Shadows of text: the same letters, painted before in another way, all of them aside by the same distance."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from pipeline.models.page import Glyph

REACH: Final = 0.34
"""Largest distance of a letter from its shadow, as a share of the font size, across and down: lines of text are farther
from each other, and so are all letters that are alike and next to each other, but `l`, `i` and the like."""
OVERPRINT: Final = 1 / 6
"""Share of the distance of two copies (`canvas.COPY_DISTANCE`) up to which a glyph in another paint is one: the shadow
of an `l` is as near its neighbour as its own letter."""
SAME_SHIFT: Final = 0.15
"""Largest difference, in points, of the distances of two letters from their shadows: rounded numbers."""
LEAST_PAIRS: Final = 4
"""Least number of letters with a shadow, on a page, at one distance and in one paint."""
LEAST_LETTERS: Final = 3
"""Least number of different ones: dots, stars and narrow letters repeat themselves at one distance."""
MOST_SHIFTS: Final = 8
"""Distances that are looked at: a halo is made of four copies, or eight. More only take time."""
SHARE: Final = 0.9
"""Least share of the letters from a line's first shadow to its last that are shadows."""

BLANK: Final = -1
"""In the place of a shadow's glyph, which is 0 and more: white space in a shadow."""


class _Line(NamedTuple):
    """Glyphs that are painted alike on one base line (points from the top), from their left to their right edge."""

    baseline: float
    paint: Any
    x0: float
    x1: float
    ids: list[int]


class _Pair(NamedTuple):
    """A letter that is drawn again later: how far right of it and below, points; both indices; the first one's line."""

    across: float
    down: float
    before: int
    after: int
    line: _Line


def fold_shadows(glyphs: list[Glyph], paints: Sequence[tuple[int, Any]]) -> set[int]:
    """Count shadows as copies of their glyphs.

    Args:
        glyphs: A page's glyphs in the order in which they are drawn; those with shadows are replaced.
        paints: How glyphs are painted from an index on, in order.

    Returns:
        The indices of the shadows, with the white space in them.
    """
    shadows = find_shadows(glyphs, paints)
    for index, shown in shadows.items():
        if shown != BLANK:
            glyphs[shown] = glyphs[shown]._replace(copies=glyphs[shown].copies + glyphs[index].copies)
    return set(shadows)


def find_shadows(glyphs: Sequence[Glyph], paints: Sequence[tuple[int, Any]]) -> dict[int, int]:
    """Find the shadows among a page's glyphs.

    Args:
        glyphs: The glyphs in the order in which they are drawn.
        paints: How glyphs are painted from an index on, in order.

    Returns:
        Of each shadow's index that of its glyph, which is drawn later, or first where both are at one place; `BLANK`
        of white space.
    """
    if len({paint for _, paint in paints}) < 2:
        return {}
    shifts: dict[tuple[Any, Any], list[_Pair]] = defaultdict(list)
    for one, other in _find_over(glyphs, _find_lines(glyphs, paints)):
        for line, above in ((one, other), (other, one)):
            shifts[line.paint, above.paint] += _find_pairs(glyphs, line, above)
    found: dict[int, int] = {}
    for pairs in shifts.values():
        found.update(_choose(glyphs, pairs))
    known = {shadow: glyph for shadow, glyph in ((one, _follow(found, one)) for one in found) if shadow != glyph}
    for shadow in [*known]:  # and the white space behind it
        for blank in range(shadow + 1, len(glyphs)):
            if not glyphs[blank].text.isspace() or glyphs[blank].baseline != glyphs[shadow].baseline:
                break
            known[blank] = BLANK
    return known


def _follow(found: dict[int, int], index: int) -> int:
    """Return the glyph of a shadow that may be a shadow of a shadow."""
    met: set[int] = set()
    while index in found and index not in met:
        met.add(index)
        index = found[index]
    return index


def _find_lines(glyphs: Sequence[Glyph], paints: Sequence[tuple[int, Any]]) -> list[_Line]:
    """Return the lines of letters that can be seen, from the top down."""
    ids_of: dict[tuple[float, Any], list[int]] = defaultdict(list)
    ends = [start for start, _ in paints[1:]]
    for (start, paint), end in zip(paints, [*ends, len(glyphs)], strict=True):
        if start < end:  # a string's glyphs are on one line
            ids_of[glyphs[start].baseline, paint] += range(start, end)
    lines = []
    for (baseline, paint), ids in ids_of.items():
        x0, x1 = min([glyphs[index].x0 for index in ids]), max([glyphs[index].x1 for index in ids])
        lines.append(_Line(baseline, paint, x0, x1, ids))
    return sorted(lines, key=lambda line: (line.baseline, line.x0, line.ids[0]))


def _find_over(glyphs: Sequence[Glyph], lines: Sequence[_Line]) -> Iterator[tuple[_Line, _Line]]:
    """Return the pairs of lines that are over each other, and painted in different ways."""
    for place, line in enumerate(lines):
        reach = REACH * max(glyphs[index].size for index in line.ids)
        for other in lines[place + 1 :]:
            if other.baseline - line.baseline > reach:
                break
            if other.paint != line.paint and min(line.x1, other.x1) > max(line.x0, other.x0):
                yield line, other


def _find_pairs(glyphs: Sequence[Glyph], line: _Line, other: _Line) -> Iterator[_Pair]:
    """Return the letters of a line that are drawn again later, aside, in another line."""
    places: dict[str, list[int]] = defaultdict(list)
    for index in line.ids:
        if not glyphs[index].concealed:
            places[glyphs[index].text].append(index)
    for index in other.ids:
        glyph = glyphs[index]
        if glyph.concealed or glyph.text.isspace():
            continue
        for before in places.get(glyph.text, ()):
            across, down = glyph.x0 - glyphs[before].x0, other.baseline - line.baseline
            if before < index and max(abs(across), abs(down)) <= REACH * glyph.size:
                yield _Pair(across, down, before, index, line)


def _choose(glyphs: Sequence[Glyph], pairs: Sequence[_Pair]) -> Iterator[tuple[int, int]]:
    """Return the pairs of a shadow and its glyph: many, of different letters, at one distance, and of whole words."""
    paired, taken, covered = {pair.before for pair in pairs}, set[int](), set[int]()
    shifts = Counter((round(pair.across, 1), round(pair.down, 1)) for pair in pairs)
    for (across, down), count in shifts.most_common(MOST_SHIFTS):
        if count < LEAST_PAIRS:
            break
        near = [p for p in pairs if max(abs(p.across - across), abs(p.down - down)) <= SAME_SHIFT]
        own = [pair for pair in near if pair.before not in taken]
        if len(own) < LEAST_PAIRS or len({glyphs[pair.before].text for pair in own}) < LEAST_LETTERS:
            continue
        ends: dict[int, list[float]] = defaultdict(list)
        for pair in own:
            ends[id(pair.line)].append(glyphs[pair.before].x0)
        inside = {
            index
            for line in {id(pair.line): pair.line for pair in own}.values()
            for index in line.ids
            if min(ends[id(line)]) <= glyphs[index].x0 <= max(ends[id(line)])
            and not (glyphs[index].concealed or glyphs[index].text.isspace())
        }
        if len(inside & paired) >= SHARE * len(inside):
            taken |= {pair.before for pair in own}
            covered |= inside
            same = max(abs(across), abs(down)) <= SAME_SHIFT
            yield from ((pair.after, pair.before) if same else (pair.before, pair.after) for pair in own)
    # Where two shadows are at one place, the second one was taken for a copy of the first.
    yield from ((pair.before, pair.after) for pair in pairs if pair.before in covered - taken)
