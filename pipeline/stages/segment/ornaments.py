"""Signs that are no text of any cell: rules set as characters, leader dots, colons in a column of their own, stamps."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from pipeline.models.page import Glyph, Glyphs, Page, Rule
from pipeline.stages.segment.lines import COLUMN_GAP, GlyphLine

BOX_DRAWING = range(0x2500, 0x2580)
"""Unicode's block of characters that rules are set with."""
LEADERS = ".…·"
"""Signs that lead the eye from a label to its value, set one behind the other."""
LEAST_LEADERS = 5
"""Least number of them in a row: an ellipsis has three."""
LEADERS_DRAWN = re.compile(r"([.…·]\s*){5}")
LEAST_COLONS = 3
"""Least number of colons at one x, over all pages, that are a column."""
ALONE_SHARE = 0.6
"""Least share of them with white space before them: those behind labels that are set to the right have none."""
BEHIND_COLON = 0.3
"""Least white space, as a share of the font size, behind such a colon."""
SAME_PLACE = 1.0
"""Largest difference, in points, of the x of colons in one column."""
INITIAL_SIZE = 1.5
"""Least font size of an initial, as a multiple of its text's: over two lines it has twice the size and more."""
INITIAL_GAP = 1.0
"""Widest white space behind an initial, as a multiple of the font size of its text."""
STAMP_SIZE = 2.0
"""Least font size of a stamp, as a multiple of the usual one: headings in such a size stand on no other text."""


def find_drawn_rules(page: Page) -> tuple[list[int], list[Rule]]:
    """Find rules that are set as characters.

    Args:
        page: The page.

    Returns:
        The ids of the characters, and the strokes that they draw.
    """
    ids: list[int] = []
    rules: list[Rule] = []
    if not any(ord(text[:1] or " ") in BOX_DRAWING for text in set(page.glyphs.texts)):
        return ids, rules
    for index, glyph in enumerate(page.glyphs):
        if len(glyph.text) != 1 or ord(glyph.text) not in BOX_DRAWING or glyph.concealed:
            continue
        ids.append(index)
        x, y = (glyph.x0 + glyph.x1) / 2, (glyph.top + glyph.bottom) / 2
        sides = _SIDES.get(glyph.text, "lrud")
        if "l" in sides or "r" in sides:
            rules.append(Rule(glyph.x0 if "l" in sides else x, y, glyph.x1 if "r" in sides else x, y))
        if "u" in sides or "d" in sides:
            rules.append(Rule(x, glyph.top if "u" in sides else y, x, glyph.bottom if "d" in sides else y))
    return ids, rules


_SIDES: Mapping[str, str] = {
    **dict.fromkeys("─━┄┅┈┉╌╍═╴╶╸╺╼╾", "lr"),
    **dict.fromkeys("│┃┆┇┊┋╎╏║╵╷╹╻╽╿", "ud"),
    **dict.fromkeys("┌┍┎┏╒╓╔╭", "rd"),
    **dict.fromkeys("┐┑┒┓╕╖╗╮", "ld"),
    **dict.fromkeys("└┕┖┗╘╙╚╰", "ru"),
    **dict.fromkeys("┘┙┚┛╛╜╝╯", "lu"),
    **dict.fromkeys("├┝┞┟┠┡┢┣╞╟╠", "rud"),
    **dict.fromkeys("┤┥┦┧┨┩┪┫╡╢╣", "lud"),
    **dict.fromkeys("┬┭┮┯┰┱┲┳╤╥╦", "lrd"),
    **dict.fromkeys("┴┵┶┷┸┹┺┻╧╨╩", "lru"),
}
"""To which sides of its middle (left, right, up, down) each character draws."""


def find_leaders(page: Page, lines: Sequence[GlyphLine]) -> list[int]:
    """Find the dots between a label and its value; those before the page numbers of a list of contents are none.

    Args:
        page: The page.
        lines: Its lines.

    Returns:
        The ids of the dots.
    """
    texts, ink = page.glyphs.texts, page.glyphs.ink
    if LEADERS_DRAWN.search("".join(texts)) is None:
        return []
    found: list[list[int]] = []
    numbers = 0
    for line in lines:
        ids = [index for index in line.ids if ink[index]]
        text = "".join(texts[index][:1] for index in ids)
        match = re.search(rf"(?<=[^{LEADERS}])[{LEADERS}]{{{LEAST_LEADERS},}}(?=[^{LEADERS}])", text)
        if match is not None and text[-1] not in LEADERS:  # blanks to be filled in end their line
            found.append(ids[match.start() : match.end()])
            numbers += text[match.end() :].isdigit()
    return [] if 2 * numbers > len(found) else [index for ids in found for index in ids]


def find_colons(pages: Sequence[Page], lines: Sequence[Sequence[GlyphLine]]) -> list[list[int]]:
    """Find the colons that stand in a column of their own between labels and values.

    Args:
        pages: The pages.
        lines: The lines of each.

    Returns:
        For each page the ids of the colons.
    """
    found = [list(_list_colons(page, own)) for page, own in zip(pages, lines, strict=True)]
    places = Counter(round(x) for colons in found for _, x, _ in colons)
    alone = Counter(round(x) for colons in found for _, x, is_alone in colons if is_alone)
    columns = [
        x
        for x in places
        if sum(alone[x + shift] for shift in (-1, 0, 1))
        >= max(LEAST_COLONS, ALONE_SHARE * sum(places[x + shift] for shift in (-1, 0, 1)))
    ]
    return [
        [index for index, x, _ in colons if any(abs(x - column) <= SAME_PLACE for column in columns)]
        for colons in found
    ]


def _list_colons(page: Page, lines: Sequence[GlyphLine]) -> Iterator[tuple[int, float, bool]]:
    """List the colons before white space: id, left edge, and whether there is white space before them, too."""
    glyphs = page.glyphs
    if ":" not in glyphs.texts:
        return
    for line in lines:
        ids = [index for index in line.ids if glyphs.ink[index]]
        for place, index in enumerate(ids):
            if glyphs.texts[index] != ":":
                continue
            left, right = glyphs.lefts[index], glyphs.rights[index]
            behind = glyphs.lefts[ids[place + 1]] - right if place + 1 < len(ids) else line.size
            before = left - glyphs.rights[ids[place - 1]] if place else line.size
            if behind >= BEHIND_COLON * line.size:
                yield index, left, before >= COLUMN_GAP * line.size


def set_initials(page: Page) -> Page:
    """Set large initials (drop caps) in the type and on the line of the text that they begin.

    Args:
        page: The page.

    Returns:
        The page; a letter in larger type beside two lines and more stands on the first of them.
    """
    glyphs = page.glyphs
    groups = glyphs.group_by_setting(range(len(glyphs)))
    counts = Counter({number: sum(glyphs.ink[index] for index in own) for number, own in groups.items()})
    if not counts:
        return page
    usual = glyphs.settings[counts.most_common(1)[0][0]].size
    changed: dict[int, Glyph] = {}
    for number, own in groups.items():
        large = glyphs.settings[number]
        inked = [index for index in own if glyphs.ink[index]]
        if large.size < INITIAL_SIZE * usual or len(inked) != 1 or not glyphs.texts[inked[0]].isalpha():
            continue
        initial = glyphs[inked[0]]
        beside = sorted(
            (setting.baseline, min(starts), other)
            for other, under in groups.items()
            for setting in (glyphs.settings[other],)
            if other != number
            and setting.size < large.size / INITIAL_SIZE
            and large.top < (setting.top + setting.bottom) / 2 < large.baseline + usual / 2
            for starts in ([glyphs.lefts[i] for i in under if glyphs.ink[i] and glyphs.lefts[i] >= initial.x1 - 1],)
            if starts and min(starts) - initial.x1 <= INITIAL_GAP * usual
        )
        if len({baseline for baseline, _, _ in beside}) > 1:
            first = glyphs.settings[beside[0][2]]
            changed[inked[0]] = initial._replace(x1=beside[0][1], **first._asdict())
    if not changed:
        return page
    return page.model_copy(update={"glyphs": Glyphs(changed.get(index, glyph) for index, glyph in enumerate(glyphs))})


def find_stamp(page: Page, ids: Sequence[int]) -> list[int]:
    """Find letters in much larger type that stand on other text.

    Args:
        page: The page.
        ids: Ids of the glyphs that are set upright and can be seen.

    Returns:
        The ids of such letters, and of those on their lines.
    """
    glyphs = page.glyphs
    groups = glyphs.group_by_setting(ids)
    counts: Counter[float] = Counter()
    for number, own in groups.items():
        counts[glyphs.settings[number].size] += sum(glyphs.ink[index] for index in own)
    usual = max(counts, key=lambda size: (counts[size], -size), default=0.0)
    found: list[int] = []
    for number, own in groups.items():
        large = glyphs.settings[number]
        if large.size < STAMP_SIZE * usual:
            continue
        letters = [(glyphs.lefts[index], glyphs.rights[index]) for index in own if glyphs.ink[index]]
        below = [
            (glyphs.lefts[index] + glyphs.rights[index]) / 2
            for other, under in groups.items()
            if glyphs.settings[other].size < large.size / STAMP_SIZE
            and large.top < (glyphs.settings[other].top + glyphs.settings[other].bottom) / 2 < large.bottom
            for index in under
            if glyphs.ink[index]
        ]
        if any(x0 < middle < x1 for x0, x1 in letters for middle in below):
            found += own
    return found
