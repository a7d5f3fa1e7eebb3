"""Lines → the text of a cell over all its pages: paragraphs and list items, boxes and links.

Used by the stages that join lines (stitch) or join and divide rows anew (map).
"""

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from pipeline.models.geometry import unite_boxes
from pipeline.models.layout import TextLine
from pipeline.models.row import CellLink, CellText, Column, Fragment, Paragraph, Row
from pipeline.text.lines import SOFT_HYPHEN
from pipeline.text.markers import BULLET, BULLETS, DASHES, Marker, find_marker
from pipeline.text.paragraphs import LineEnd, Placed, PlacedWord, begins_paragraph, glues, is_in_brackets
from pipeline.text.urls import URL, bare_url, trim_url


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
    lines: list[Placed] = []
    for part, own in enumerate(fragments):
        label = column == "label"
        found, place = (own.label_lines, own.label_column) if label else (own.value_lines, own.value_column)
        lines += [Placed(line, place, part) for line in found if line.words]
    return _compose(lines)


def compose_lines(lines: Sequence[TextLine], right: float, leading: float) -> CellText:
    """Join lines that are in no table.

    Args:
        lines: The lines in reading order.
        right: Right edge that the lines can reach, points.
        leading: Usual base line distance, points.

    Returns:
        Their text with paragraphs, boxes and links.
    """
    column = Column(min((line.box.x0 for line in lines), default=0.0), right, leading)
    return _compose([Placed(line, column, line.box.page) for line in lines if line.words])


def _compose(lines: Sequence[Placed]) -> CellText:
    groups: list[list[PlacedWord]] = []
    items: list[Marker | None] = []
    forms: set[str] = set()
    for number, (line, *_) in enumerate(lines):
        marker = find_marker(line)
        if marker is not None and marker.form in DASHES and groups and is_in_brackets(groups[-1]):
            marker = None
        glued = False
        if groups:
            end = LineEnd(lines, number, marker, items[-1], forms, groups[-1])
            begins = begins_paragraph(end)
            glued = not begins and glues(end)
        if not groups or begins:
            forms |= {marker.form} if marker is not None else set()
            groups.append([])
            items.append(marker)
            groups[-1] += _tokens(line, number, marker, glued=False)
        else:
            groups[-1] += _tokens(line, number, None, glued=glued)
    for place, tokens in enumerate(groups):
        line = lines[tokens[0].line].line
        if items[place] == Marker(BULLET) and tokens[-1].line == tokens[0].line and set(line.text) <= {*BULLETS, " "}:
            # Signs by themselves mark no item: a tick is an answer, dots are a rating.
            groups[place], items[place] = _tokens(line, tokens[0].line, None, glued=False), None
    paragraphs: list[Paragraph] = []
    links: list[CellLink] = []
    offset = 0
    followed = {token.url for tokens in groups for token in tokens}
    for tokens, item in zip(groups, items, strict=True):
        text, spans = _join(tokens)
        boxes = unite_boxes(lines[token.line].line.box for token in tokens)
        cell = bool(paragraphs) and lines[tokens[0].line].line.opens == "cell"
        paragraphs.append(Paragraph(text=text, item=item is not None, boxes=boxes, cell=cell))
        hidden = [link for link in _find_covered(tokens, spans, lines) if link[0] not in followed]
        for url, start, stop in sorted([*_find_links(text, tokens, spans), *hidden], key=itemgetter(1, 2)):
            links.append(CellLink(url=url, text=text[start:stop], start=offset + start, end=offset + stop))
        offset += len(text) + 1
    confidences = [line.confidence for line, *_ in lines if line.confidence is not None]
    return CellText(
        paragraphs=tuple(paragraphs),
        boxes=unite_boxes(line.box for line, *_ in lines),
        links=_unite_links(links, "\n".join(paragraph.text for paragraph in paragraphs)),
        confidence=min(confidences) if confidences else None,
        source=max((line.source for line, *_ in lines), default=""),
    )


def _tokens(line: TextLine, number: int, marker: Marker | None, *, glued: bool) -> list[PlacedWord]:
    replaced = marker is not None and not marker.is_number
    tokens: list[PlacedWord] = []
    if replaced and line.drawn_bullet:
        tokens.append(PlacedWord("-", number, None, False))
    for index, text in enumerate(word.text for word in line.words):
        # Some programs lay one box over all lines of a link that runs over several, and over what else is there.
        over = [link for link in line.links if link.first <= index <= link.last] if line.links else ()
        link = min(over, key=lambda link: link.last - link.first) if over else None
        url = None if link is None else link.url
        start = link.start if link is not None and index == link.first else 0
        end = link.end if link is not None and index == link.last else len(text)
        if replaced and index == 0 and not line.drawn_bullet:
            if len(text) > 1:
                tokens.append(PlacedWord("-", number, url if start == 0 else None, False, 0, 1))
                start, end = max(start - 1, 0), end - 1
            text = text[1:] or "-"  # noqa: PLW2901 - the word without its bullet
        tokens.append(PlacedWord(text, number, url, glued and index == 0, start, end))
    return tokens


def _join(tokens: Sequence[PlacedWord]) -> tuple[str, list[tuple[int, int]]]:
    """Join tokens; gives the text, and where in it each token is."""
    text = ""
    spans: list[tuple[int, int]] = []
    for token in tokens:
        if token.glued:
            if text.endswith(SOFT_HYPHEN):
                text = text[:-1]
                spans[-1] = (spans[-1][0], len(text))
        elif text:
            text += " "
        start = len(text)
        text += token.text.replace("\u00a0", " ")
        spans.append((start, len(text)))
    cleaned = _clean(text)
    if cleaned != text:
        # Rare: combining marks drawn apart from their letters, or soft hyphens inside a line.
        spans = [(len(_clean(text[:start])), len(_clean(text[:end]))) for start, end in spans]
    return cleaned, spans


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace(SOFT_HYPHEN, "")


def _find_links(
    text: str, tokens: Sequence[PlacedWord], spans: Sequence[tuple[int, int]]
) -> list[tuple[str, int, int]]:
    """List a paragraph's annotations over its words, and printed URLs that none covers, each with where it is."""
    found: list[tuple[str, int, int]] = []
    for url, run in groupby(range(len(tokens)), key=lambda index: tokens[index].url):
        if url is not None:
            covered = list(run)
            first, last = covered[0], covered[-1]
            start = spans[first][0] + tokens[first].start
            end = spans[last][1] - (len(tokens[last].text) - tokens[last].end)
            found.append((url, start, max(start + 1, end)))
    for match in URL.finditer(text):
        printed = trim_url(match.group())
        start, end = match.start(), match.start() + len(printed)
        covering = [n for n, (_, first, stop) in enumerate(found) if first < end and start < stop]
        for n in covering:
            url, first, stop = found[n]
            if first >= start - 1 and bare_url(text[first:stop]) != bare_url(printed):
                found[n] = url, start, end
        if not covering:
            found.append((printed, start, end))
    return found


def _find_covered(
    tokens: Sequence[PlacedWord], spans: Sequence[tuple[int, int]], lines: Sequence[Placed]
) -> Iterator[tuple[str, int, int]]:
    """List a paragraph's annotations, and where their words are: a word's token has the narrowest alone."""
    for number, run in groupby(range(len(tokens)), key=lambda index: tokens[index].line):
        own, line = list(run), lines[number].line
        shift = len(own) - len(line.words)
        for link in line.links:
            yield link.url, spans[own[link.first + shift]][0], spans[own[link.last + shift]][1]


def _unite_links(links: Sequence[CellLink], text: str) -> tuple[CellLink, ...]:
    """Keep one entry per target: the first in reading order, over all the lines and paragraphs that it runs over."""
    kept: dict[str, CellLink] = {}
    for link in links:
        first = kept.setdefault(link.url, link)
        if not text[first.end : link.start].strip(" \n-") and first is not link:
            kept[link.url] = CellLink(url=link.url, text=text[first.start : link.end], start=first.start, end=link.end)
    return tuple(kept.values())
