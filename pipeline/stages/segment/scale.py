"""The type and the leading of an edition, measured over all its pages."""

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from pipeline.models.page import Glyphs, Page
from pipeline.stages.segment.edges import Edges
from pipeline.stages.segment.lines import SMALLER, GlyphLine, is_parted, read_line
from pipeline.stages.segment.page_analysis import PageAnalysis, PageBody
from pipeline.stages.segment.region import LabelledRegion, TypeScale
from pipeline.text.lines import LEAST_LEADING, MEASURED_LINES, NEARLY_ALL, is_same_size

USUAL_SHARE: Final = 0.08
"""Least share that makes a size or distance usual: of all glyphs, and of the most frequent base line distance's number.
Notes have fewer glyphs."""
SAME_LEADING: Final = 1.1
"""Ratio up to which two base line distances are one, rounded: Chromium's steps of 0.75 points are 1.09 at 8 points,
and a gap between paragraphs may be as small as 1.14."""


def choose_leading(distances: Iterable[tuple[float, bool]]) -> float | None:
    """Choose the usual base line distance inside paragraphs.

    Of lists and short paragraphs most base lines are a paragraph's gap apart, so the usual distance within paragraphs
    is the least that is no exception; of two nearly equal ones (rounding) the larger is the safer measure of a gap.

    Args:
        distances: Base line distances, points, each with whether it is known to be within a paragraph; where some are,
            the others do not count.

    Returns:
        The distance, points, rounded; None where there is none.
    """
    rounded = [(round(2 * distance) / 2, within) for distance, within in distances]
    counts = Counter(distance for distance, within in rounded if within) or Counter(own for own, _ in rounded)
    enough = max(2, USUAL_SHARE * max(counts.values(), default=0))
    common = [distance for distance, count in counts.items() if count >= enough] or list(counts)
    return max((distance for distance in common if distance <= SAME_LEADING * min(common)), default=None)


MOST_LEADING: Final = 1.85
"""Largest leading, as a multiple of the font size: lines at 1.5 spacing are 1.73 apart; what is farther apart is
rows of one line each."""
WIDEST_LEADING: Final = 2.6
"""Largest leading, as a multiple of the font size, that full lines show."""
ADDRESS: Final = re.compile(r"www\.|[a-z]+:/|[^@ ]+@")
"""How a web or mail address begins, which may be a paragraph of its own."""


def measure_scale(pages: Sequence[PageAnalysis | PageBody]) -> TypeScale:
    """Measure the type and the leading that all pages together show.

    Args:
        pages: The pages.

    Returns:
        The scale, without the leadings of labels and of values.
    """
    sizes: Counter[float] = Counter()
    glyph_sizes: Counter[float] = Counter()
    near: list[float] = []
    wide: list[tuple[int, float, float]] = []
    reach: dict[int, float] = {}
    for page in pages:
        # Only lines that begin at the same x: of two columns the lines are between each other's, or nearly next to
        # each other; then the line is where its first letter is.
        above: dict[int, GlyphLine] = {}
        glyphs = page.page.glyphs
        glyph_ids = itertools.chain.from_iterable(line.ids for line in page.lines)
        for setting, count in Counter(map(glyphs.setting_ids.__getitem__, glyph_ids)).items():
            glyph_sizes[glyphs.settings[setting].size] += count
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.ids)
            x0 = round(line.x0)
            reach[x0] = max(reach.get(x0, 0.0), line.x1)
            upper = above.get(x0)
            above[x0] = line
            if upper is None or _is_parted(page.edges, upper, line):
                continue
            distance = _begins_at(glyphs, line) - _begins_at(glyphs, upper)
            if LEAST_LEADING * upper.size <= distance <= MOST_LEADING * upper.size:
                near.append(distance)
            elif MOST_LEADING * upper.size < distance <= WIDEST_LEADING * upper.size and not is_parted(page.page, line):
                wide.append((x0, upper.x1, distance))
    size = max(sizes, key=lambda key: (sizes[key], key), default=1.0)
    # Behind a line that reaches nearly as far as any that begins there a paragraph goes on, so that such a line's
    # distance is no row's, however large it is.
    full = [distance for x0, x1, distance in wide if x1 >= NEARLY_ALL * reach[x0]]
    leading = choose_leading((distance, False) for distance in max(near, full, key=len))
    # By glyphs: on a line with label and value, the smaller label does not show in the line's size.
    enough = USUAL_SHARE * glyph_sizes.total()
    smallest = min((own for own, count in glyph_sizes.items() if count >= enough), default=size)
    return TypeScale(size, leading or SAME_LEADING * size, min(smallest, size))


def measure_leadings(regions: Sequence[LabelledRegion], scale: TypeScale) -> TypeScale:
    """Measure the leading of labels and of values by themselves: labels may be set smaller.

    Args:
        regions: The tables' regions.
        scale: What all pages show.

    Returns:
        The scale with both leadings.
    """
    shown: list[list[tuple[float, bool]]] = []
    sizes: list[Counter[float]] = []
    for columns in ([own.label.lines for own in regions], [own.value.lines for own in regions]):
        shown.append([])
        sizes.append(Counter())
        reach = max((line.x1 for lines in columns for line in lines), default=0.0)
        for region, lines in zip(regions, columns, strict=True):
            sizes[-1].update(line.size for line in lines)
            start = min((line.x0 for line in lines), default=0.0)
            for upper, lower in itertools.pairwise(lines):
                distance = lower.baseline - upper.baseline
                near = (
                    LEAST_LEADING * upper.size
                    <= distance
                    <= max(MOST_LEADING * upper.size, SAME_LEADING * scale.leading)
                )
                parted = any(upper.baseline - 1 <= at <= lower.baseline - lower.size / 2 for at in region.separators)
                if near and not parted:
                    full = upper.x1 - start >= NEARLY_ALL * (reach - start)
                    shown[-1].append((distance, full and _begins_small(region.page, lower)))
    usual = [max(own, key=lambda size: (own[size], size)) for own in sizes if own]
    few = min(sum(within for _, within in own) for own in shown) < MEASURED_LINES
    if few and len(usual) == len(sizes) and is_same_size(*usual):
        # One type, one leading: labels of one line each are a row's distance apart, and do not show it.
        shown = [shown[0] + shown[1]] * 2
    label, value = map(choose_leading, shown)
    return scale._replace(label_leading=label or scale.leading, value_leading=value or scale.leading)


def _begins_small(page: Page, line: GlyphLine) -> bool:
    """Return whether a line begins with a small letter, and no address: a sentence goes on."""
    text = read_line(page, line)
    return text[:1].islower() and ADDRESS.match(text) is None


def _begins_at(glyphs: Glyphs, line: GlyphLine) -> float:
    """Return the base line of a line's first glyph, points; the line's own where that is a raised mark."""
    first = glyphs.settings[glyphs.setting_ids[next(index for index in line.ids if glyphs.ink[index])]]
    return first.baseline if first.size >= SMALLER * line.size else line.baseline


def _is_parted(edges: Edges, upper: GlyphLine, lower: GlyphLine) -> bool:
    """Return whether a horizontal edge runs between two lines: they are different rows' and may be closer."""
    return any(
        upper.baseline - 1 <= edge.at <= lower.baseline - lower.size / 2 and edge.start <= lower.x0 + 1 <= edge.end
        for edge in edges.horizontal
    )
