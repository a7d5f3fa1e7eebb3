"""Glyphs → lines: which glyphs are on one base line, and where words end.

Geometry only. A space between words is a space glyph or a gap that is wide for this line; letter-spaced text and text
without space glyphs are measured by their own gaps.
"""

import statistics
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, pairwise
from typing import Final

from pipeline.models.geometry import Box
from pipeline.models.layout import LinkSpan, TextLine, Word
from pipeline.models.page import Fill, Glyphs, GlyphSetting, Page, Picture, pack_ids
from pipeline.stages.segment.tags import find_block, find_place
from pipeline.text.lines import SOFT_HYPHEN, WORD_GAP, is_bold, is_level

SAME_LINE: Final = 0.45
"""Largest distance of base lines on one line, as a share of the larger font size: raised figures stay, the next line
of the tightest setting (1.0) does not."""
RAISED: Final = 0.62
"""The same for what is clearly smaller than the line's: raised figures of footnotes are up to half a size higher, small
labels may be level with the tops of their values' letters, and figures of the next line are at least 0.5 below this one
even in the tightest setting (1.1)."""
SMALLER: Final = 0.82
"""Ratio of font sizes from which a glyph is clearly smaller than its line's."""
WIDE_GAP: Final = 0.3
"""Least gap between words, as a share of the font size, that a line's own gaps can't say."""
SPACED_GAP: Final = 0.24
"""The same in a line that also has space glyphs: those of the common faces measure 0.25 and more."""
NO_GAP: Final = 0.05
"""Gap, as a share of the font size, up to which a space glyph parts nothing: Chromium draws a soft hyphen inside a line
as a space under the next letter."""
LETTER_SPACED: Final = 0.09
"""Gap between neighbouring glyphs, as a share of the font size, from which text counts as letter-spaced."""
FEW_GAPS: Final = 4
"""Letter-spaced is a line in which all but a quarter of the gaps without a space are as wide."""
DROP_CAP: Final = 1.8
"""Least size of a first letter over two lines, as a multiple of the text's: such a letter reaches over one leading."""
LETTERS: Final = 2
"""Most letters that are set so: one, and a quotation mark before it."""
BULLET_SIZE: Final = (0.15, 0.75)
"""Least and greatest width and height of a bullet that is drawn as a shape, as shares of the font size."""
BULLET_REACH: Final = 2.0
"""Farthest that such a bullet is before its line, as a share of the font size."""
LEAST_OVER: Final = 3
"""Least number of letters whose middles are on other letters in texts that are set over one another."""
SAME_HEIGHT: Final = 0.3
"""Largest distance of their base lines, as a share of the font size: figures above and below a letter are 0.5 apart."""
BACK: Final = -0.5
"""Gap, as a share of the font size, below which a glyph begins a text over another: letters are kerned by far less."""
COLUMN_GAP: Final = 0.9
"""Least gap between runs of text in different columns, as a share of the font size."""


class GlyphLine:
    """Glyphs on one base line, left to right.

    Attributes:
        ids: Glyph ids, left to right, white space included.
        baseline: Base line of the largest glyphs, points from the page's top.
        x0: Left edge of the first visible glyph, points.
        x1: Right edge of the last visible glyph, points.
        top: Upper edge, points.
        bottom: Lower edge, points.
        size: Largest font size, points.
    """

    __slots__ = ("baseline", "bottom", "ids", "size", "top", "x0", "x1")

    def __init__(self, glyphs: Glyphs, groups: Mapping[int, Sequence[int]]) -> None:
        """Take the page's glyphs and the ids of the line's by their settings: its ink, not its spaces."""
        settings = [glyphs.settings[number] for number in groups]
        self.size: float = max([setting.size for setting in settings])
        self.baseline: float = settings[0].baseline
        if len(settings) > 1:
            sizes = dict.fromkeys([setting.size for setting in settings], 0)
            for setting, own in zip(settings, groups.values(), strict=True):
                sizes[setting.size] += len(own)
            usual = max(sizes, key=lambda size: (sizes[size], size))
            if self.size >= DROP_CAP * usual:
                self.size = usual
            if any(setting.baseline != self.baseline for setting in settings):
                large, largest = SMALLER * self.size, DROP_CAP * self.size
                self.baseline = statistics.median(
                    [
                        setting.baseline
                        for setting, own in zip(settings, groups.values(), strict=True)
                        if large <= setting.size < largest
                        for _ in own
                    ]
                )
        self.ids = order_ids(glyphs, chain.from_iterable(groups.values()))
        lefts, rights = glyphs.lefts, glyphs.rights
        self.x0: float = lefts[self.ids[0]]
        self.x1: float = max([rights[index] for index in self.ids])
        self.top: float = min([setting.top for setting in settings])
        self.bottom: float = max([setting.bottom for setting in settings])

    @property
    def middle(self) -> float:
        """Half height of the line, points from the page's top."""
        return (self.top + self.bottom) / 2


def order_ids(glyphs: Glyphs, ids: Iterable[int]) -> Sequence[int]:
    """Put glyph ids from left to right: in a range where they follow one another, as those of most pieces do."""
    ordered = sorted(ids)
    lefts = glyphs.lefts
    if ordered[-1] - ordered[0] == len(ordered) - 1:
        places = lefts[ordered[0] : ordered[-1] + 1].tolist()
        if places == sorted(places):
            return range(ordered[0], ordered[-1] + 1)
    placed = sorted(ordered, key=lefts.__getitem__)
    rights = glyphs.rights
    overlapping = sum([2 * lefts[b] < lefts[a] + rights[a] for a, b in pairwise(glyphs.keep_ink(placed))])
    return pack_ids(_keep_apart(glyphs, ordered) if overlapping >= LEAST_OVER else placed)


def _keep_apart(glyphs: Glyphs, ids: Sequence[int]) -> list[int]:
    """Put glyph ids from left to right, but for texts that are set over another: each follows the words below it.

    Args:
        glyphs: The page's glyphs.
        ids: Ids of the glyphs on one line, in the order in which they are drawn.
    """
    lefts, rights, ink = glyphs.lefts, glyphs.rights, glyphs.ink
    starts = [0, *(n for n in range(1, len(ids)) if lefts[ids[n]] < lefts[ids[n - 1]]), len(ids)]
    below: list[int] = []
    over: list[Sequence[int]] = []
    for start, end in pairwise(starts):
        run = ids[start:end]
        if _lies_over(glyphs, run, below):
            over.append(run)
        else:
            below = sorted([*below, *run], key=lefts.__getitem__)
    places: list[tuple[int, int]] = []
    for number, run in enumerate(over):
        at = bisect_left(below, rights[run[-1]], key=lefts.__getitem__)
        gap = WORD_GAP * glyphs.settings[glyphs.setting_ids[run[0]]].size
        while at < len(below) and ink[below[at]] and lefts[below[at]] - rights[below[at - 1]] <= gap:
            at += 1
        places.append((at, number))
    for at, number in sorted(places, reverse=True):
        below[at:at] = over[number]
    return below


def _lies_over(glyphs: Glyphs, run: Sequence[int], below: Sequence[int]) -> bool:
    """Return whether the letters of a run are on those of others, drawn before and put from left to right."""
    lefts, rights, texts = glyphs.lefts, glyphs.rights, glyphs.texts
    own, others = ([index for index in ids if texts[index].isalnum()] for ids in (run, below))
    if len(own) < LEAST_OVER or len(others) < LEAST_OVER:
        return False
    x0, x1, met = lefts[own[0]], rights[own[-1]], 0
    for index in own:
        middle = (lefts[index] + rights[index]) / 2
        other = others[bisect_right(others, middle, key=lefts.__getitem__) - 1]
        one, two = (glyphs.settings[glyphs.setting_ids[number]] for number in (index, other))
        met += lefts[other] <= middle <= rights[other] and abs(one.baseline - two.baseline) <= SAME_HEIGHT * one.size
    within = sum([x0 <= (lefts[index] + rights[index]) / 2 <= x1 for index in others])
    return met >= LEAST_OVER and 2 * met >= min(len(own), within)


def divide_by_baseline(places: Sequence[tuple[float, float]]) -> list[slice]:
    """Divide what has a base line and a font size, points, top to bottom, into what is on one line each."""
    starts: list[int] = []
    reference = largest = 0.0
    for number, (baseline, size) in enumerate(places):
        smaller, larger = (size, largest) if size < largest else (largest, size)
        reach = RAISED if smaller < SMALLER * larger else SAME_LINE
        begins = not starts or baseline - reference > reach * larger
        if begins:
            starts.append(number)
        if begins or size > largest:
            reference, largest = baseline, size
    return [slice(*ends) for ends in pairwise([*starts, len(places)])]


def group_lines(page: Page, ids: Iterable[int]) -> list[GlyphLine]:
    """Group glyphs by base line.

    Args:
        page: The page.
        ids: Ids of the glyphs to group, in any order; white space that is on no line of ink is left out.

    Returns:
        Lines from top to bottom.
    """
    glyphs = page.glyphs
    ink, lefts, settings = glyphs.ink, glyphs.lefts, glyphs.settings
    given = list(ids)
    # The glyphs of a setting share their base line: there are a hundred times fewer settings than glyphs.
    inked = glyphs.group_by_setting(glyphs.keep_ink(given))
    caps = _find_drop_caps(settings, inked)
    numbers = sorted(
        inked.keys() - caps,
        key=lambda number: (settings[number].baseline, min([lefts[index] for index in inked[number]])),
    )
    level = divide_by_baseline([(settings[number].baseline, settings[number].size) for number in numbers])
    groups = [{number: inked[number] for number in numbers[part]} for part in level]
    for cap in caps:
        top = settings[cap].top
        first = next(group for group in groups if any(settings[number].baseline > top for number in group))
        first[cap] = inked[cap]
    lines = [GlyphLine(glyphs, group) for group in groups]
    at_baseline = {line.baseline: number for number, line in reversed(list(enumerate(lines)))}
    spaces: dict[int, list[int]] = {}
    for setting, own in glyphs.group_by_setting([index for index in given if not ink[index]]).items():
        at, size = settings[setting].baseline, settings[setting].size
        nearest = at_baseline.get(at, -1)
        if nearest < 0 and lines:
            nearest = min(range(len(lines)), key=[abs(line.baseline - at) for line in lines].__getitem__)
        if lines and abs(lines[nearest].baseline - at) <= SAME_LINE * max(lines[nearest].size, size):
            spaces.setdefault(nearest, []).extend(own)
    for number, added in spaces.items():
        # A line is where its ink is; spaces only take their places in it.
        lines[number].ids = order_ids(glyphs, chain(lines[number].ids, added))
    return sorted(lines, key=lambda line: (line.baseline, line.x0))


def _find_drop_caps(settings: Sequence[GlyphSetting], inked: Mapping[int, Sequence[int]]) -> list[int]:
    """Find first letters set over several lines: their settings, with one or two letters, among smaller text."""
    counts: Counter[float] = Counter()
    for number, own in inked.items():
        counts[settings[number].size] += len(own)
    usual = max(counts, key=lambda size: (counts[size], -size), default=0.0)
    found = []
    for number, own in inked.items():
        cap = settings[number]
        if cap.size < DROP_CAP * usual or len(own) > LETTERS:
            continue
        smaller = (settings[other] for other in inked if settings[other].size < cap.size / DROP_CAP)
        beside = {round(o.baseline) for o in smaller if cap.top < o.baseline and (o.top + o.bottom) / 2 <= cap.bottom}
        if len(beside) > 1:
            found.append(number)
    return found


def divide_lines(page: Page, lines: Sequence[GlyphLine], separators: Sequence[float]) -> list[list[GlyphLine]]:
    """Divide the lines of a column at separators: each glyph is where its middle is.

    Args:
        page: The page.
        lines: The lines, top to bottom.
        separators: Heights, points, top to bottom.

    Returns:
        The lines above, between and below the separators.
    """
    settings, setting_ids = page.glyphs.settings, page.glyphs.setting_ids
    divided: list[list[GlyphLine]] = [[] for _ in range(len(separators) + 1)]
    parted: dict[int, list[int]] = {}
    for line in lines:
        if bisect_right(separators, line.top) == bisect_right(separators, line.bottom):
            divided[bisect_right(separators, line.middle)].append(line)
            continue
        own: dict[int, list[int]] = {}
        for index in line.ids:
            setting = settings[setting_ids[index]]
            own.setdefault(bisect_right(separators, (setting.top + setting.bottom) / 2), []).append(index)
        if len(own) == 1:
            divided[next(iter(own))].append(line)
            continue
        for number, ids in own.items():
            parted.setdefault(number, []).extend(ids)
    # A separator runs through a line: a raised mark is taken for the line above it, which is another row's.
    for number, ids in parted.items():
        divided[number] = group_lines(page, [*ids, *(index for line in divided[number] for index in line.ids)])
    return divided


def read_line(page: Page, line: GlyphLine) -> str:
    """Return a line's text without white space.

    Args:
        page: The page.
        line: A line on it.

    Returns:
        Its visible glyphs' texts, left to right.
    """
    texts, ink = page.glyphs.texts, page.glyphs.ink
    return "".join([texts[index] for index in line.ids if ink[index]])


def is_parted(page: Page, line: GlyphLine) -> bool:
    """Return whether a line has a gap as wide as those between columns."""
    glyphs = page.glyphs
    gap = COLUMN_GAP * line.size
    return any(glyphs.lefts[b] - glyphs.rights[a] > gap for a, b in pairwise(glyphs.keep_ink(line.ids)))


def split_words(glyphs: Glyphs, ids: Sequence[int]) -> list[list[int]]:
    """Split a line's glyphs into words.

    Args:
        glyphs: The page's glyphs.
        ids: Ids of the glyphs of one line, left to right, white space included.

    Returns:
        The words, each with the ids of its glyphs; no white space.
    """
    ink, lefts, rights = glyphs.ink, glyphs.lefts, glyphs.rights
    settings, setting_ids = glyphs.settings, glyphs.setting_ids
    no_gap, narrow = NO_GAP, WORD_GAP
    inked: list[int] = []
    inner: list[float] = []
    """The gaps without a space, as shares of the font size."""
    starts: list[int] = []
    """Places of the glyphs behind a space."""
    wide: list[tuple[int, float]] = []
    """Places of the glyphs behind a gap without a space that can part words, and the gap."""
    after_space = False
    end, size, last = 0.0, 1.0, -1
    for index in ids:
        if not ink[index]:
            after_space = True
            continue
        if inked:
            setting = setting_ids[index]
            cap = 1.0
            if setting != last:
                before, last, size = settings[setting_ids[inked[-1]]].size, setting, max(1.0, settings[setting].size)
                cap = before / size if before >= DROP_CAP * size else 1.0
            gap = (lefts[index] - end) / size
            if gap < BACK:
                starts.append(len(inked))
            elif not after_space:
                gap /= cap  # that behind a large first letter is in proportion to it
                inner.append(gap)
                if gap > narrow:
                    wide.append((len(inked), gap))
            elif gap > no_gap:
                starts.append(len(inked))
        inked.append(index)
        after_space = False
        end = rights[index]
    if not inked:
        return []
    limit = SPACED_GAP if starts else WORD_GAP
    # In a short line the gaps between its few words are as many as those between its letters.
    if len(inner) >= FEW_GAPS and sorted(inner)[len(inner) // FEW_GAPS] > LETTER_SPACED:
        limit = statistics.median(inner) + WIDE_GAP
    starts += [place for place, gap in wide if gap > limit]
    return [inked[start:end] for start, end in pairwise([0, *sorted(starts), len(inked)])]


def make_text_line(page: Page, line: GlyphLine) -> TextLine:
    """Make a text line of a group of glyphs.

    Args:
        page: The page.
        line: The glyphs on one base line.

    Returns:
        The line with its words, place, font and links.
    """
    glyphs = page.glyphs
    lefts, rights, setting_ids = glyphs.lefts, glyphs.rights, glyphs.setting_ids
    split = split_words(glyphs, line.ids)
    spelled = [(_spell(glyphs, word, at_end=word is split[-1]), word) for word in split]
    spelled = [(text, word) for text, word in spelled if text.strip(SOFT_HYPHEN)]
    words = tuple(
        [
            Word(
                _settle_soft_hyphens(text, word is spelled[-1][1]) if SOFT_HYPHEN in text else text,
                lefts[word[0]],
                max([rights[index] for index in word]),
            )
            for text, word in spelled
        ]
    )
    numbers = Counter([setting_ids[index] for word in split for index in word])
    settings = [(glyphs.settings[number], count) for number, count in numbers.items()]
    sizes: Counter[float] = Counter()
    for setting, count in settings:
        sizes[setting.size] += count
    bold = sum([count for setting, count in settings if is_bold(page.fonts[setting.font])])
    known = [setting.confidence for setting, _ in settings if setting.confidence is not None]
    return TextLine(
        text=" ".join([word.text for word in words]),
        words=words,
        box=Box(page=page.number, x0=line.x0, top=line.top, x1=line.x1, bottom=line.bottom),
        baseline=line.baseline,
        size=max(sizes, key=lambda size: (sizes[size], size)),
        bold=2 * bold > sizes.total(),
        glyphs=tuple(line.ids),
        links=_links_over(page, words, [word for _, word in spelled], line),
        confidence=min(known) if known else None,
        drawn_bullet=_has_drawn_bullet(page, line),
        source=max((setting.source for setting, _ in settings), default=""),
        tag_row=max(0, find_place(page.tags, split[-1][-1]).row),
        tag_block=find_block(page.tags, split[-1][-1]),
    )


def _spell(glyphs: Glyphs, word: Sequence[int], *, at_end: bool) -> str:
    """Return a word's text.

    A typesetter names each glyph once, so that a file may call every hyphen a soft one: one that is drawn inside a
    line is a printed hyphen. One that ends a line is decided by the edition as a whole.
    """
    texts = glyphs.texts
    letters = [texts[index] for index in word]
    text = "".join(letters)
    if SOFT_HYPHEN in text:
        for place, glyph in enumerate([glyphs[index] for index in word]):
            following = glyphs[word[place + 1]] if place + 1 < len(word) else None
            drawn = glyph.x1 - glyph.x0 > WORD_GAP * glyph.size and (
                following is None or following.x0 >= glyph.x1 - NO_GAP * glyph.size
            )
            if glyph.text == SOFT_HYPHEN and drawn and (following is not None or len(word) == 1 or not at_end):
                letters[place] = "-"
        text = "".join(letters)
    return unicodedata.normalize("NFC", text)


def _settle_soft_hyphens(text: str, at_end: bool) -> str:
    """Keep a soft hyphen only where the line breaks at it (drawn as a hyphen or not); elsewhere it says nothing."""
    broken = at_end and text.rstrip("-‐").endswith(SOFT_HYPHEN)
    bare = text.rstrip("-‐" + SOFT_HYPHEN) if broken else text
    return bare.replace(SOFT_HYPHEN, "") + (SOFT_HYPHEN if broken else "")


def _has_drawn_bullet(page: Page, line: GlyphLine) -> bool:
    """Return whether a small shape is before a line at its middle height: a list item's bullet that is no glyph."""
    shapes: list[Picture | Fill] = [*page.pictures, *page.fills]
    for shape in shapes:
        if (
            shape.x1 <= line.x0 + NO_GAP * line.size
            and line.x0 - shape.x1 <= BULLET_REACH * line.size
            and line.top <= (shape.top + shape.bottom) / 2 <= line.bottom
        ):
            width, height = shape.x1 - shape.x0, shape.bottom - shape.top
            least, most = BULLET_SIZE[0] * line.size, BULLET_SIZE[1] * line.size
            if least <= width <= most and least <= height <= most:
                return True
    return False


def _links_over(
    page: Page, words: Sequence[Word], ids: Sequence[Sequence[int]], line: GlyphLine
) -> tuple[LinkSpan, ...]:
    """Find the link annotations over a line; `ids` are those of each word's glyphs."""
    texts, lefts, rights = page.glyphs.texts, page.glyphs.lefts, page.glyphs.rights
    found: list[LinkSpan] = []
    for link in page.links:
        if not is_level(link, line.baseline, line.size):
            continue
        covered = [
            (number, place)
            for number, word in enumerate(words)
            if word.x0 <= link.x1 and link.x0 <= word.x1
            for place, index in enumerate(ids[number])
            if link.x0 <= (lefts[index] + rights[index]) / 2 <= link.x1
        ]
        if covered:
            (first, start), (last, end) = covered[0], covered[-1]
            before = sum(len(texts[index]) for index in ids[first][:start])
            upto = sum(len(texts[index]) for index in ids[last][: end + 1])
            found.append(LinkSpan(first, last, link.url, before, min(upto, len(words[last].text))))
    return tuple(sorted(found))
