"""Lines → paragraphs and list items, links and boxes: the text of a cell over all its pages.

Whether a line's end is a paragraph's end is measured: it is one where the next word would have fitted behind the line.
Markers, indents, gaps and punctuation help where the measure is close. Geometry and characters only, no words of any
language. Used by the stages that join lines (stitch) or join and divide rows anew (map).
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

from pipeline.models.geometry import Box, unite_boxes
from pipeline.models.layout import TextLine, Word
from pipeline.models.row import CellLink, CellText, Fragment, Paragraph, Row, Setting

SPACE_WIDTH = 0.26
"""Width of a word space, as a share of the font size (Helvetica, Liberation, DejaVu: 0.28 to 0.32; Typst: 0.25)."""
HALF_LINE = 0.5
"""Share of a column's width below which a line is a title, and no line that a long URL left short."""
CLEARLY_SHORT = 0.14
"""Unused share of the column's width, behind a line, from which punctuation no longer matters."""
CLOSE = 0.03
"""Room behind a line, as a share of the column's width, up to which a small letter at the next line's start means more
than the punctuation at this one's end."""
NARROW_CHARACTERS = frozenset("ijlftr.,:;/|-'!()[]I")
NARROW = 0.5
"""Advance of these characters, as a share of the others'."""
SLACK = 1.2
"""Least room left, in points, by which a word would have fitted: below it lie the rounding of glyph widths and half the
thickness of a cell's rule."""
PARAGRAPH_GAP = 0.28
"""Base line distance beyond the leading, as a share of the font size, that parts paragraphs."""
SMALL_GAP = 0.4
"""The same share up to which the gap of paragraphs is measured from the edition's lines."""
LEAST_GAPS = 2
"""Least number of such gaps, below lines with room for the next word, that show how paragraphs are parted."""
GAP_SHARE = 0.6
"""Least share of them among all lines with such gaps."""
LEAST_APART = 5
"""Least number of lines that end early with white space below for paragraphs to be set apart by it."""
APART_SHARE = 0.9
"""Least share of them among all lines that end early."""
BASELINE_ROUNDING = 0.8
"""Most, in points, that rounding adds to a base line distance (Chromium places lines on multiples of 0.75)."""
SAME_SIZE = 0.06
"""Largest difference, as a share, of font sizes that are one."""
INDENT = 0.4
"""Least difference of left edges, as a share of the font size, that is an indent."""
SAME_EDGE = 1.0
"""Largest difference, in points, of left edges that are one."""
FULL_JUSTIFIED = 1.2
"""Largest distance, in points, of a stretched line's end from the column's edge."""
EARLY = 3.0
"""Least room, as a multiple of the font size, behind a line that ends early."""
TAGGED_SHARE = 0.9
"""Least share of line ends at which the tags' paragraphs are those that room and white space show, for them to tell."""
SAME_SPACE = 0.02
"""Largest difference, as a share of the font size, of word spaces that are stretched alike."""
SHORTEST_NAME = 3
"""Least characters of a name and its comma that entries begin with."""
LEAST_SIBLINGS = 3
"""Least number of lines that begin so for them to be entries."""
SOFT_HYPHEN = "\u00ad"
BULLETS = "•·●○◦▪▫■□‣⁃∙➢➔►▶✓✔❖◆◇\uf0b7\uf0a7\uf0d8\uf076"
"""Characters that mark a list item wherever they begin a line; the last four are the usual bullets of symbol fonts."""
DASHES = "-–—‐‑−"
"""Characters that mark a list item at a line's beginning, but may also be a dash of the sentence."""
NUMBER_MARKER = re.compile(r"^(\(?)(\d{1,3}|[ivxlcIVXLC]{1,6}|[^\W\d_])([.)])$")
"""A printed number that can begin a list item: `1.`, `1)`, `(1)`, `IV.`, `a)`."""
NUMBERISH = re.compile(r"^[(\[„“\"']?[~≈+±]?\d[\d.,:/–-]*[.)%]?$")
"""A token that is glued to what follows it: `10`, `45`, `35.`, `(6)`."""
ABBREVIATION = re.compile(r"^[^\W\d_]{1,6}\.$")
"""A short abbreviation, glued to a number behind it."""
URL_START = re.compile(r"(?:https?://|ftp://|www\.)", re.IGNORECASE)
URL_OPENING = re.compile(r"(?:https?://|ftp://)(?:www\.)?|www\.", re.IGNORECASE)
"""The beginning of a URL that some typesetters (UAX #14, class SY) part from the rest at a line's end."""
OPENED_URL = re.compile(r"(?<![^\W_])(?:https?://|ftp://|www\.)$", re.IGNORECASE)
"""A line's end at which a URL is parted so."""
URL = re.compile(r"(?:https?://|ftp://|www\.)[^\s<>\"“”„«»]+", re.IGNORECASE)
URL_JOINTS = "?&=%#_-"
"""Signs inside URLs at which typesetters break them, and at which none ends."""
URL_TRAILING = ".,;:!?)]}'’‘"
"""Punctuation behind a printed URL that is the sentence's (a closing bracket only where none opens in the URL)."""
SENTENCE_END = ".:;!?…"
SENTENCE_ENDED = re.compile(r"[.:;!?…][\"'”“’»)\]]*(?:\*{1,3}|[†‡]|\d{1,2})?$")
"""A sentence's end, with closing quotes and a note's mark behind it."""
QUOTES = "\"'”“’‘»«›‹"
OPENING = "([{„‚"
CLOSING = "\"'”“’»)]"
ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


class Marker(NamedTuple):
    """A list item's marker: its form, its number (None for bullets) and how many words of the line it takes."""

    form: str
    number: int | None
    words: int


class _Line(NamedTuple):
    """A line with what its column and page add."""

    line: TextLine
    right: float
    left: float
    leading: float
    justified: bool
    part: int
    setting: Setting = Setting()


def compose_row(table: int, fragments: tuple[Fragment, ...], break_confidence: tuple[float, ...] = ()) -> Row:
    """Make a row of its parts.

    Args:
        table: 0-based number of the table in the edition.
        fragments: The row's parts, in reading order.
        break_confidence: For each join of two parts, how sure it is (0 to 1).

    Returns:
        The row, with label and value joined.
    """
    return Row(
        table=table,
        label=compose_cell(fragments, "label"),
        value=compose_cell(fragments, "value"),
        fragments=tuple(fragments),
        break_confidence=break_confidence,
    )


def compose_cell(fragments: Sequence[Fragment], column: str) -> CellText:
    """Join the lines of one column of a row.

    Args:
        fragments: The row's parts, in reading order.
        column: `label` or `value`.

    Returns:
        The cell's text with paragraphs, boxes and links.
    """
    lines: list[_Line] = []
    for part, fragment in enumerate(fragments):
        own = fragment.label_lines if column == "label" else fragment.value_lines
        right = fragment.label_right if column == "label" else fragment.value_right
        left = min((line.box.x0 for line in own), default=0.0)
        leading = fragment.label_leading if column == "label" else fragment.leading
        justified = fragment.justified and column == "value"
        setting = fragment.setting if column == "value" else Setting()
        lines += [_Line(line, right, left, leading, justified, part, setting) for line in own if line.words]
    return _compose(lines)


def compose_lines(lines: Sequence[TextLine], right: float, leading: float) -> CellText:
    """Join lines that stand in no table.

    Args:
        lines: The lines in reading order.
        right: Right edge that the lines can reach, points.
        leading: Usual base line distance, points.

    Returns:
        Their text with paragraphs, boxes and links.
    """
    left = min((line.box.x0 for line in lines), default=0.0)
    return _compose([_Line(line, right, left, leading, False, line.box.page) for line in lines if line.words])


def measure_setting(cells: Sequence[tuple[Sequence[TextLine], float]], leading: float) -> Setting:
    """Measure how an edition's values are set.

    Args:
        cells: The lines of each value cell, as they stand on one page, and the right edge that they can reach, points.
        leading: Their usual base line distance, points.

    Returns:
        What they show of the setting.
    """
    whole_urls = whole_numbers = True
    for lines, right in cells:
        for upper, lower in pairwise(line for line in lines if line.words):
            last, first = upper.words[-1].text, lower.words[0].text
            if OPENED_URL.search(last) and _goes_on_opened(last, first):
                whole_urls = False
            if len(upper.words) > 1 and NUMBERISH.match(last) and first[0].islower() and _fills(upper, lower, right):
                whole_numbers = False
    sizes = Counter(line.size for lines, _ in cells for line in lines)
    size = max(sizes, key=lambda size: (sizes[size], size)) if sizes else None
    spaces = [
        space
        for lines, right in cells
        for line in lines
        if right - line.box.x1 > EARLY * line.size and (space := _space(line)) is not None
    ]
    return Setting(
        size=size,
        space=statistics.median(spaces) if spaces else None,
        paragraph_gap=None if size is None else _paragraph_gap(cells, leading, size),
        set_apart=_are_set_apart(cells, leading),
        whole_urls=whole_urls,
        whole_numbers=whole_numbers,
        conjunctions=list_conjunctions(line for lines, _ in cells for line in lines),
        tagged=_are_tagged(cells, leading),
    )


def list_conjunctions(lines: Iterable[TextLine]) -> tuple[str, ...]:
    """List the words that stand behind a hyphen and a space inside lines (`multi- und interkulturell`).

    Args:
        lines: Lines of an edition.

    Returns:
        The words: before them a hyphen that ends a line is suspended, too, and keeps its space.
    """
    found = {
        after
        for line in lines
        if "- " in line.text
        for before, after in pairwise(line.words.texts)
        if len(before) > 1 and before[-1] in "-‐‑" and before[-2].isalpha() and after.isalpha() and after.islower()
    }
    return tuple(sorted(found))


def _paragraph_gap(cells: Sequence[tuple[Sequence[TextLine], float]], leading: float, size: float) -> float | None:
    """Give the gap that parts an edition's paragraphs where it is a small one, as a share of the font size.

    Such a gap stands mostly below lines that leave room for the next word; lines that a letter of another font or a
    raised mark moves away from those above them are mostly below full ones.
    """
    small: list[tuple[float, bool]] = []
    for lines, right in cells:
        for upper, lower in pairwise(line for line in lines if line.words):
            gap = lower.baseline - upper.baseline - leading
            usual = all(abs(line.size - size) <= SAME_SIZE * size for line in (upper, lower))
            if usual and BASELINE_ROUNDING < gap <= SMALL_GAP * size:
                small.append((gap / size, not _fills(upper, lower, right)))
    ended = [gap for gap, room in small if room]
    if len(ended) < LEAST_GAPS or len(ended) < GAP_SHARE * len(small):
        return None
    return statistics.median(ended) / 2


def _are_tagged(cells: Sequence[tuple[Sequence[TextLine], float]], leading: float) -> bool:
    """Tell whether the tags divide cells where lines end early or white space follows, and nearly nowhere else."""
    agreeing = [
        parted
        == (
            not _fills(upper, lower, right)
            or lower.baseline - upper.baseline - leading > PARAGRAPH_GAP * max(upper.size, lower.size)
        )
        for lines, right in cells
        for upper, lower in pairwise(line for line in lines if line.words)
        if (parted := _is_parted_by_tags(upper, lower)) is not None
    ]
    return bool(agreeing) and sum(agreeing) >= TAGGED_SHARE * len(agreeing)


def _is_parted_by_tags(upper: TextLine, lower: TextLine) -> bool | None:
    """Tell whether tags put two lines of a page into different paragraphs; None where they do not say."""
    if not upper.tag_block or not lower.tag_block or upper.box.page != lower.box.page:
        return None
    return upper.tag_block != lower.tag_block


def _are_set_apart(cells: Sequence[tuple[Sequence[TextLine], float]], leading: float) -> bool:
    """Tell whether white space stands below nearly all lines that end early, but for those above list items."""
    gaps = [
        lower.baseline - upper.baseline - leading > PARAGRAPH_GAP * max(upper.size, lower.size)
        for lines, right in cells
        for upper, lower in pairwise(line for line in lines if line.words)
        if not _fills(upper, lower, right) and _marker(lower) is None
    ]
    return sum(gaps) >= max(LEAST_APART, APART_SHARE * len(gaps))


def _fills(upper: TextLine, lower: TextLine, right: float) -> bool:
    """Tell whether a line has no room for the first word of the next one."""
    return right - upper.box.x1 - SPACE_WIDTH * upper.size - _scaled(lower.words[0], upper, lower) < 0


class _Token(NamedTuple):
    """A word of the joined text: what it says, its line, its place in the line, the link over it and its extent."""

    text: str
    line: int
    word: int
    url: str | None
    glued: bool
    start: int = 0
    end: int = 0


def _compose(lines: Sequence[_Line]) -> CellText:
    groups: list[list[_Token]] = []
    items: list[Marker | None] = []
    forms: set[str] = set()
    for number, entry in enumerate(lines):
        marker = _marker(entry.line)
        if marker is not None and marker.form in DASHES and groups and _is_in_brackets(groups[-1]):
            marker = None
        begins = number == 0
        if not begins:
            begins = _begins_paragraph(lines, number, marker, items[-1], forms, groups[-1])
        if begins:
            item = marker if marker is not None and _is_item(lines, number, marker, begins) else None
            if item is not None:
                forms.add(item.form)
            groups.append([])
            items.append(item)
        glued = not begins and _glues(_tail(groups[-1]), lines[number - 1], entry)
        groups[-1].extend(_tokens(entry.line, number, items[-1] if begins else None, glued))
    paragraphs: list[Paragraph] = []
    links: list[CellLink] = []
    offset = 0
    for tokens, item in zip(groups, items, strict=True):
        cell = bool(paragraphs) and lines[tokens[0].line].line.opens == "cell"
        text, spans = _join(tokens)
        boxes = unite_boxes(_token_box(lines[token.line].line) for token in tokens)
        paragraphs.append(Paragraph(text=text, item=item is not None, boxes=boxes, cell=cell))
        links += _links(text, tokens, spans, offset)
        offset += len(text) + 1
    confidences = [entry.line.confidence for entry in lines if entry.line.confidence is not None]
    return CellText(
        paragraphs=tuple(paragraphs),
        boxes=unite_boxes(entry.line.box for entry in lines),
        links=_unite_links(links, "\n".join(paragraph.text for paragraph in paragraphs)),
        confidence=min(confidences) if confidences else None,
        source=max((entry.line.source for entry in lines), default=""),
    )


def _token_box(line: TextLine) -> Box:
    return line.box


# --- markers ---------------------------------------------------------------------------------------------------------


def _marker(line: TextLine) -> Marker | None:
    first = line.words[0].text
    if line.drawn_bullet:
        return Marker("bullet", None, 0)
    # Two kinds of them in one line are boxes, ticked and not.
    kinds = {word.text[0] for word in line.words} & set(BULLETS)
    if kinds == {first[0]}:
        return Marker("bullet", None, 1)
    if first in DASHES and (len(line.words) > 1 or first == "-"):
        return Marker(first, None, 1)
    return _number(first) if len(line.words) > 1 else None


def _number(text: str) -> Marker | None:
    match = NUMBER_MARKER.match(text)
    if match and (match[1] == "" or match[3] == ")"):
        body = match[2]
        if body.isdigit():
            return Marker(f"{match[1]}1{match[3]}", int(body), 1)
        if all(letter in ROMAN for letter in body.lower()):
            return Marker(f"{match[1]}{'I' if body.isupper() else 'i'}{match[3]}", _roman(body), 1)
        return Marker(f"{match[1]}{'A' if body.isupper() else 'a'}{match[3]}", ord(body.lower()) - ord("a") + 1, 1)
    return None


def _roman(text: str) -> int:
    values = [ROMAN[letter] for letter in text.lower()]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _is_item(lines: Sequence[_Line], number: int, marker: Marker, begins: bool) -> bool:
    """Tell whether a marker at a paragraph's beginning is a list item's and no dash or year of the sentence."""
    if marker.form in ("–", "—", "−") and number == 0 and len(lines) == 1:
        return True
    return begins


# --- paragraphs ------------------------------------------------------------------------------------------------------


def _begins_paragraph(
    lines: Sequence[_Line],
    number: int,
    marker: Marker | None,
    current: Marker | None,
    forms: set[str],
    tokens: Sequence[_Token],
) -> bool:
    upper, entry = lines[number - 1], lines[number]
    same_part = upper.part == entry.part
    if entry.line.opens or (upper.setting.tagged and _is_parted_by_tags(upper.line, entry.line)):
        return True
    last, _first = upper.line.words[-1].text, entry.line.words[0].text
    if same_part:
        gap = entry.line.baseline - upper.line.baseline
        if gap > upper.leading + _least_gap(upper, entry):
            return True
    if marker is not None and marker.form == "bullet":
        return True
    if last.endswith(SOFT_HYPHEN) or (current is not None and len(tokens) == 1):
        return False  # a broken word; a marker whose first word was too long for its line
    in_url = _in_url(_tail(tokens), upper.line, entry.line, upper.right)
    if in_url is not None:
        return not in_url
    if _begins_url_list(lines, number):
        return True
    if marker is not None and _continues_list(marker, current, forms, last, lines[number:]):
        return True
    if _begins_like_others(lines, number, tokens[0].text):
        return True
    if _ends_unstretched(lines, number, current, tokens[0].line):
        return True
    short = _ends_short(upper, entry, marker is not None and marker.form in forms)
    if marker is not None and marker.form == "-":
        return True
    if marker is not None and marker.form in DASHES and last[-1] in ":;.":
        return True
    if current is None and _has_first_indent(lines, number):
        return True
    if same_part and _indent_changes(lines, number, current):
        return True
    return short and not (same_part and upper.setting.set_apart and entry.line.text[0].islower())


def _least_gap(upper: _Line, entry: _Line) -> float:
    """Give the base line distance beyond the leading from which two lines are of different paragraphs, points."""
    sizes, setting = (upper.line.size, entry.line.size), upper.setting
    if setting.paragraph_gap is not None and setting.size is not None:
        usual = all(abs(size - setting.size) <= SAME_SIZE * setting.size for size in sizes)
        if usual:
            return max(setting.paragraph_gap * setting.size, BASELINE_ROUNDING)
    return PARAGRAPH_GAP * max(sizes)


def _begins_url_list(lines: Sequence[_Line], number: int) -> bool:
    """Tell whether a URL stands by itself: another one follows, or it ends the cell behind a sentence or a short line.

    A name that fills less than half of its line is the title of what the URL leads to; behind a colon or an opening
    bracket the URL is its sentence's.
    """
    words = lines[number].line.words
    if len(words) > 1 or URL_START.match(words[0].text) is None:
        return False
    end, url = number + 1, words[0].text
    while end < len(lines) and _in_url(url, lines[end - 1].line, lines[end].line, lines[end - 1].right):
        if len(lines[end].line.words) > 1:
            return False
        url += lines[end].line.words[0].text
        end += 1
    if end < len(lines):
        return URL_START.match(lines[end].line.words[0].text) is not None
    upper = lines[number - 1]
    short = upper.line.box.x1 - upper.left < HALF_LINE * (upper.right - upper.left)
    titled = short and upper.line.text[-1] not in ":,;([" and _begins_by_itself(lines, number - 1)
    return titled or SENTENCE_ENDED.search(upper.line.text) is not None


def _begins_by_itself(lines: Sequence[_Line], number: int) -> bool:
    """Tell whether a line is no rest of the one above: it begins the cell, or the line above had room for its word."""
    if number == 0:
        return True
    upper, word = lines[number - 1], lines[number].line.words[0]
    return upper.line.box.x1 + SPACE_WIDTH * upper.line.size + (word.x1 - word.x0) <= upper.right


def _continues_list(marker: Marker, current: Marker | None, forms: set[str], last: str, lines: Sequence[_Line]) -> bool:
    """Tell whether a marker goes on with a list of the cell, or begins one behind a colon or a sentence's end.

    Only arabic numbers count: a roman numeral or a letter at a line's start is often the sentence's (`XX. gadsimts`).
    """
    if marker.number is None:
        return marker.form in forms
    if "1" not in marker.form:
        return False
    if marker.number == 1:
        if _is_counted_inside(marker, lines):
            return False
        ends = SENTENCE_ENDED.search(last) is not None
        return last.endswith(":") or (ends and lines[0].line.words[1].text[0].isupper())
    return current is not None and current.form == marker.form and current.number == marker.number - 1


def _begins_like_others(lines: Sequence[_Line], number: int, first: str) -> bool:
    """Tell whether a line begins with the name and comma that its paragraph and others of the cell begin with.

    So do the entries of a list of sources that name one author after the other.
    """
    own = lines[number].line.words[0].text
    if own != first or len(own) < SHORTEST_NAME or own[-1] not in ",:" or not own[0].isupper():
        return False
    return sum(entry.line.words[0].text == own for entry in lines) >= LEAST_SIBLINGS


def _is_counted_inside(marker: Marker, lines: Sequence[_Line]) -> bool:
    """Tell whether the number behind a marker's stands inside a line: then the sentence counts, and no list."""
    for entry in lines:
        for place, word in enumerate(entry.line.words):
            found = _number(word.text)
            if found is not None and found.form == marker.form and found.number == (marker.number or 0) + 1:
                return place > 0
    return False


def _is_in_brackets(tokens: Sequence[_Token]) -> bool:
    """Tell whether a bracket is open where a text ends: a dash that follows is the sentence's."""
    text = "".join(token.text for token in tokens)
    return text.count("(") > text.count(")") or text.count("[") > text.count("]")


def _tail(tokens: Sequence[_Token]) -> str:
    """Give the last word of the text so far, whole if it ran over line ends."""
    tail = ""
    for token in reversed(tokens):
        tail = token.text + tail
        if not token.glued:
            break
    return tail


def _indent_changes(lines: Sequence[_Line], number: int, current: Marker | None) -> bool:
    """Tell whether a line's left edge shows a new paragraph: a first line indent, or the end of a hanging one."""
    upper, entry = lines[number - 1], lines[number]
    step = INDENT * entry.line.size
    if current is None:
        begins_current = number - 1 == 0 or lines[number - 2].line.box.x0 > upper.line.box.x0 + step
        # Words that stand below the second of a line hang behind its first, a number or mark.
        hangs = len(upper.line.words) > 1 and abs(upper.line.words[1].x0 - entry.line.box.x0) <= SAME_EDGE
        return entry.line.box.x0 > upper.line.box.x0 + step and not begins_current and not hangs and _is_short(upper)
    # Behind an item with a hanging indent, a line without marker at the marker's edge is no part of the item.
    return entry.line.box.x0 < upper.line.box.x0 - step and upper.line.words[0].text[0] not in BULLETS + DASHES


def _has_first_indent(lines: Sequence[_Line], number: int) -> bool:
    """Tell whether a line is indented as the cell's first one is, whose second stands at the edge again."""
    first, entry = lines[0], lines[number]
    indent = first.line.box.x0 - first.left
    if indent < INDENT * first.line.size or _marker(first.line) is not None:
        return False
    second = lines[1]
    return (
        second.part == first.part
        and second.line.box.x0 - second.left <= SAME_EDGE
        and abs(entry.line.box.x0 - entry.left - indent) <= SAME_EDGE
    )


def _is_short(entry: _Line) -> bool:
    return entry.right - entry.line.box.x1 > entry.line.size


def _ends_short(upper: _Line, entry: _Line, marked: bool) -> bool:
    """Tell whether a line ended although the next word would have fitted behind it."""
    line, following = upper.line, entry.line
    room = upper.right - line.box.x1
    if upper.justified and room > max(FULL_JUSTIFIED, 0.5 * line.size):
        return not _glued_group_fills(following, room, line.size, upper.setting.whole_numbers)
    space = SPACE_WIDTH * line.size
    single = room - space - _scaled(following.words[0], line, following)
    width = max(upper.right - upper.left, 1.0)
    url = URL_OPENING.match(following.words[0].text)
    if url is not None and not upper.setting.whole_urls:
        # Lines are broken behind the openings of URLs, so a URL that goes on with the line would have begun on it.
        return (
            room
            - space
            - _scaled(following.words[0], line, following) * _advance(url.group()) / _advance(following.words[0].text)
            > SLACK
        )
    if single < SLACK:
        return False
    group = room - space - _group_width(following.words, upper.setting.whole_numbers)
    last, first = line.words[-1].text, following.words[0].text
    ends_sentence = last.rstrip(CLOSING)[-1:] in SENTENCE_END and bool(last.rstrip(CLOSING))
    if group < SLACK and not (marked and ends_sentence):
        return False
    if single > CLEARLY_SHORT * width:
        return True
    if upper.setting.tagged and _is_parted_by_tags(line, following) is False:
        return False
    return not (first[0].islower() and (not ends_sentence or single < CLOSE * width))


def _ends_unstretched(lines: Sequence[_Line], number: int, current: Marker | None, start: int) -> bool:
    """Tell whether a line of justified text is not stretched to the edge: then it ends its paragraph.

    Items may be set ragged in text that else is justified, so of those the lines above must be stretched.
    """
    upper = lines[number - 1]
    if not upper.justified or upper.right - upper.line.box.x1 <= FULL_JUSTIFIED:
        return False
    if not _has_own_spaces(upper):
        return False
    above = lines[start : number - 1]
    stretched = [entry.right - entry.line.box.x1 <= FULL_JUSTIFIED and not _has_own_spaces(entry) for entry in above]
    return any(stretched) if above or current is not None else True


def _space(line: TextLine) -> float | None:
    """Give the usual distance of a line's words as a share of the font size; None of a single word."""
    gaps = [after.x0 - before.x1 for before, after in pairwise(line.words)]
    return statistics.median(gaps) / line.size if gaps else None


def _has_own_spaces(entry: _Line) -> bool:
    """Tell whether a line's words stand at the distance that they have where no line is stretched."""
    space, usual = _space(entry.line), entry.setting.space
    return space is not None and usual is not None and abs(space - usual) <= SAME_SPACE


def _scaled(word: Word, line: TextLine, following: TextLine) -> float:
    return (word.x1 - word.x0) * (line.size / following.size if following.size else 1.0)


def _group_width(words: Sequence[Word], whole_numbers: bool) -> float:
    """Give the width of the words at a line's beginning that are set without a break between them, points.

    A number keeps its unit on its line, an abbreviation its number (where the edition does so), a word the dash behind
    it, and a closing quotation mark the bracket or quotation that opens behind it (UAX #14, rule LB15).
    """
    last = 0
    if len(words) > 1 and whole_numbers:
        unit = NUMBERISH.match(words[0].text)
        if unit or (ABBREVIATION.match(words[0].text) and words[1].text[0].isdigit()):
            last = 1
    while len(words) > last + 1 and words[last].text[-1] in QUOTES and words[last + 1].text[0] in OPENING:
        last += 1
    if len(words) > last + 1 and words[last + 1].text in "—–":
        last += 1
    return words[last].x1 - words[0].x0


def _glued_group_fills(following: TextLine, room: float, size: float, whole_numbers: bool) -> bool:
    return _group_width(following.words, whole_numbers) + SPACE_WIDTH * size > room


# --- URLs ------------------------------------------------------------------------------------------------------------


def _in_url(last: str, upper: TextLine, lower: TextLine, right: float) -> bool | None:
    """Tell whether a URL goes on over a line's end.

    Args:
        last: The last word so far, whole if it ran over line ends.
        upper: The line that ends.
        lower: The line that begins.
        right: Right edge that the text can reach, points.

    Returns:
        True where it does, False where a URL ends the line and the next line begins something else, None where no URL
        ends the line.
    """
    first = lower.words[0].text
    if OPENED_URL.search(last):
        return True if _goes_on_opened(last, first) else None
    match = max(URL.finditer(last), key=lambda found: found.end(), default=None)
    if match is None or match.end() < len(last.rstrip(URL_TRAILING)):
        return None
    upper_links = {link.url for link in upper.links if link.last == len(upper.words) - 1}
    lower_links = {link.url for link in lower.links if link.first == 0}
    if upper_links and upper_links & lower_links and not URL_START.match(first):
        target = next(iter(upper_links & lower_links))
        return True if _is_part_of(target, first) or not lower_links - upper_links else None
    if URL_START.match(first):
        return False
    if last[-1] in ",;" or (last[-1] == "." and first[0].isupper()):
        return False if first[0].isupper() else None
    printed = match.group().replace(SOFT_HYPHEN, "")
    targets = {_bare(url) for url in upper_links}
    if targets and _bare(printed) in targets:
        # The annotation's target is whole on this line.
        return False if first[0].isupper() else None
    room = right - upper.box.x1
    piece = re.split(r"(?<=[/\-?&=._%#])", first)[0]
    width = lower.words[0].x1 - lower.words[0].x0
    needed = width * _advance(piece) / _advance(first)
    if last[-1] in URL_JOINTS and width > room and not first[0].isupper():
        return True  # not every typesetter breaks URLs wherever it could
    if last[-1] == "/" and len(upper.words) == 1 and width > room and re.search(r"[/=&_%?\d]", first):
        return True
    looks_like_url = bool(re.search(r"[/\-?&=_%#.]|\d", first.rstrip(URL_TRAILING))) or last[-1] in "/-?&=_%#."
    if looks_like_url and needed > room and not first[0].isupper():
        return True
    if looks_like_url and needed > room and re.search(r"[/&=_%]|-.*-", first):
        return True
    return False if first[0].isupper() else None


def _goes_on_opened(last: str, first: str) -> bool:
    """Tell whether a line goes on with the URL that is only opened at the end of the line above."""
    return first[0].isalnum() and (last.endswith("/") or not first[0].isupper())


def _advance(text: str) -> float:
    """Estimate how wide a text is set: in most faces some letters and signs take half the room of others."""
    return sum(NARROW if char in NARROW_CHARACTERS else 1.0 for char in text) or 1.0


def _is_part_of(url: str, piece: str) -> bool:
    return piece.rstrip(URL_TRAILING).casefold() in url.casefold()


def _bare(url: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?", "", url.strip().rstrip("/").casefold())


def trim_url(text: str) -> str:
    """Cut a sentence's punctuation off the end of a printed URL.

    Args:
        text: The run of characters that begins as a URL.

    Returns:
        The URL.
    """
    while text and text[-1] in URL_TRAILING:
        if text[-1] in ")]}" and text.count({")": "(", "]": "[", "}": "{"}[text[-1]]) >= text.count(text[-1]):
            break
        text = text[:-1]
    return text


# --- joining ---------------------------------------------------------------------------------------------------------


def _glues(last: str, upper: _Line, lower: _Line) -> bool:
    """Tell whether the next line's first word goes on without a space: a broken URL, hyphen, slash or range."""
    first = lower.line.words[0].text
    if last.endswith(SOFT_HYPHEN):
        return True
    if len(last) > 1 and last[-1] in "-‐‑" and (first[0].isalnum() or first[0] in '„“"('):
        return first not in upper.setting.conjunctions
    if len(last) > 1 and last[-1] in "–—" and last[-2].isdigit() and first[0].isdigit():
        return True
    if len(last) > 1 and last[-1] == "/" and first[0].isalnum():
        return True
    if URL_START.search(last):
        return _in_url(last, upper.line, lower.line, upper.right) is True
    return False


def _tokens(line: TextLine, number: int, marker: Marker | None, glued: bool) -> list[_Token]:
    tokens: list[_Token] = []
    for index, word in enumerate(line.words):
        # Some programs lay one box over all lines of a link that runs over several, and over what else stands there.
        over = [link for link in line.links if link.first <= index <= link.last]
        link = min(over, key=lambda link: link.last - link.first, default=None)
        url = link.url if link is not None else None
        start = link.start if link is not None and index == link.first else 0
        end = link.end if link is not None and index == link.last else len(word.text)
        text = word.text
        if index == 0 and marker is not None and marker.number is None:
            if marker.words == 0:
                tokens.append(_Token("-", number, index, None, False))
            elif len(text) > 1:
                tokens.append(_Token("-", number, index, url if start == 0 else None, False, 0, 1))
                text, start, end = text[1:], max(start - 1, 0), end - 1
            else:
                text = "-"
        tokens.append(_Token(text, number, index, url, glued and index == 0, start, end))
    return tokens


def _join(tokens: Sequence[_Token]) -> tuple[str, list[tuple[int, int]]]:
    text = ""
    spans: list[tuple[int, int]] = []
    for token in tokens:
        if token.glued:
            if text.endswith(SOFT_HYPHEN):
                text = text[:-1]
                start, end = spans[-1]
                spans[-1] = (start, end - 1)
        elif text:
            text += " "
        start = len(text)
        text += token.text.replace("\u00a0", " ")
        spans.append((start, len(text)))
    cleaned = unicodedata.normalize("NFC", text)
    if cleaned == text and SOFT_HYPHEN not in text:
        return text, spans
    # Rare: combining marks drawn apart from their letters, or soft hyphens inside a line.
    spans = [(_clean_length(text[:start]), _clean_length(text[:end])) for start, end in spans]
    return cleaned.replace(SOFT_HYPHEN, ""), spans


def _clean_length(text: str) -> int:
    return len(unicodedata.normalize("NFC", text).replace(SOFT_HYPHEN, ""))


def _links(text: str, tokens: Sequence[_Token], spans: Sequence[tuple[int, int]], offset: int) -> list[CellLink]:
    """Give a paragraph's links: annotations over its words, and printed URLs that no annotation covers."""
    found: list[CellLink] = []
    for url, run in groupby(range(len(tokens)), key=lambda index: tokens[index].url):
        if url is not None:
            covered = list(run)
            first, last = tokens[covered[0]], tokens[covered[-1]]
            start = spans[covered[0]][0] + first.start
            end = max(start + 1, spans[covered[-1]][1] - (len(last.text) - last.end))
            found.append(CellLink(url=url, text=text[start:end], start=offset + start, end=offset + end))
    for match in URL.finditer(text):
        printed = trim_url(match.group())
        start, end = match.start(), match.start() + len(printed)
        covering = [link for link in found if link.start - offset < end and start < link.end - offset]
        if covering:
            for link in covering:
                if link.start - offset >= start - 1 and _bare(link.text) != _bare(printed):
                    found[found.index(link)] = CellLink(
                        url=link.url, text=printed, start=offset + start, end=offset + end
                    )
            continue
        found.append(CellLink(url=printed, text=printed, start=offset + start, end=offset + end))
    return sorted(found, key=lambda link: (link.start, link.end))


def _unite_links(links: Sequence[CellLink], text: str) -> tuple[CellLink, ...]:
    """Keep one entry per target: the first in reading order, over all the lines and paragraphs that it runs over."""
    kept: dict[str, CellLink] = {}
    for link in links:
        first = kept.get(link.url)
        if first is None:
            kept[link.url] = link
        elif not text[first.end : link.start].strip(" \n-"):
            kept[link.url] = CellLink(url=link.url, text=text[first.start : link.end], start=first.start, end=link.end)
    return tuple(kept.values())
