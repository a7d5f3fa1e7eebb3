"""What every renderer gives, and how its pages are checked against the content.

Reads a rendered PDF and the renderer's marks; gives the `EditionTruth` of it. The pages of a row come from the renderer
itself (`Mark`), the check from the PDF's words, so that neither vouches for itself.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

import pymupdf

from tests.factory.content import ContentRow, EditionContent, tidy
from tests.factory.layout import Layout
from tests.factory.truth import (
    ChapterTruth,
    EditionTruth,
    LinkTruth,
    PageText,
    RowTruth,
    TableTruth,
)

LINE_TOLERANCE_EMS: Final = 0.6
"""Words whose middle is within this distance of a mark stand on its line: less than half the distance of two lines."""
PYMUPDF: Final[Any] = pymupdf
"""PyMuPDF, which has no types; another reader than the pipeline's, so that the check is independent of it."""
COLUMN_TOLERANCE_POINTS: Final = 3.0
"""How far rules and hanging punctuation may move a column's edge."""
ROOM_SLACK_POINTS: Final = 2.0
"""Room on a paragraph's last line beyond the next word's width, so that the end of the paragraph shows."""
CUT_SLACK_POINTS: Final = 1.0
"""Room left below a row that fits its page exactly, for rounding."""
OVERHANG_EMS: Final = 0.4
"""How far punctuation at the end of a justified line may hang out of its column."""
FOOT_LINES: Final = 3
"""Lines of the first table that stand on the page at whose foot it begins."""
WIDEST_LEADING_EMS: Final = 2.0
"""Farthest that lines of one text stand apart: text at one and a half lines' distance is 1.8 apart."""
HEADING_POINTS: Final = 46.0
"""Height of a heading with the white around it, roughly: two lines."""
PICTURE_POINTS: Final = (60, 34)
MOST_NUDGES: Final = 40
PROBE_LETTERS: Final = 10
"""Letters by which a text is sought in its column."""
MOST_JUMPS: Final = 9
"""Interruptions of a cell's text, by page breaks and note marks."""
MOST_CHANCE_LETTERS: Final = 3
"""Letters after an interruption that may look like the text's next ones."""
SHORTEST_SOFTENED: Final = 8
"""Letters of a word that gets soft hyphens."""
LEAST_SYLLABLE: Final = 3
VOWELS: Final = frozenset("aeiouyāēīōū" + "αεηιουωάέήίόύώ" + "аеиоуъюяыэ")


class UnreadableLayoutError(Exception):
    """A content and a layout that give pages which no reader could read for certain, or not at all."""


class RendererMissingError(Exception):
    """A renderer that is not installed; the message says what to install."""


@dataclass(frozen=True)
class Mark:
    """Where a text begins or ends: 1-based page, and distance of its line's middle from the page's top in points."""

    page: int
    y: float


@dataclass(frozen=True)
class Rendered:
    """A PDF with its marks.

    Marks are named `<chapter>.<table>.<row>.<l|v>.<paragraph>.<s|e>`, a heading's `<chapter>.<s|e>`; all from 0.
    """

    pdf_bytes: bytes
    marks: dict[str, Mark]


Word = tuple[float, float, float, float, str]


class PageWords:
    """The words of a PDF, page by page."""

    def __init__(self, pdf_bytes: bytes) -> None:
        """Read the words."""
        with PYMUPDF.open(stream=pdf_bytes, filetype="pdf") as document:
            self.pages: list[list[Word]] = [[tuple(word[:5]) for word in page.get_text("words")] for page in document]

    def line_at(self, mark: Mark, column: tuple[float, float], size: float) -> list[Word]:
        """Give the words of a column on the line of a mark, from left to right; `size` is the font size in points."""
        left, right = column
        return sorted(
            word
            for word in self.pages[mark.page - 1]
            if abs((word[1] + word[3]) / 2 - mark.y) <= LINE_TOLERANCE_EMS * size
            and left - COLUMN_TOLERANCE_POINTS <= (word[0] + word[2]) / 2 <= right + COLUMN_TOLERANCE_POINTS
        )

    def reach(
        self, column: tuple[float, float], body: tuple[float, float], spans: Sequence[tuple[Mark, Mark]]
    ) -> float:
        """Give the right edge of the text in a column that reaches farthest, points; the column's left without text.

        Args:
            column: Left and right edge of the column, points.
            body: Upper and lower edge of the pages' text, points: running lines stand outside.
            spans: First and last line of each text in the column: headings show nothing of it.
        """
        left, right = column
        found = left
        for start, end in spans:
            for page in range(start.page, end.page + 1):
                top = start.y - COLUMN_TOLERANCE_POINTS if page == start.page else body[0]
                bottom = end.y + COLUMN_TOLERANCE_POINTS if page == end.page else body[1]
                found = max(
                    found,
                    *(
                        min(word[2], right)
                        for word in self.pages[page - 1]
                        if left <= (word[0] + word[2]) / 2 and top <= (word[1] + word[3]) / 2 <= bottom
                    ),
                )
        return found


def font_names(pdf_bytes: bytes) -> frozenset[str]:
    """Give the names of the fonts that a PDF uses."""
    with PYMUPDF.open(stream=pdf_bytes, filetype="pdf") as document:
        return frozenset(font[3] for page in document for font in page.get_fonts())


def soften(text: str) -> str:
    """Put soft hyphens into the long words of a text, before a consonant that stands between vowels.

    Args:
        text: Text without soft hyphens.

    Returns:
        The text with soft hyphens. Only letters count; a URL or a word with a printed hyphen is left alone.
    """

    def soft(word: str) -> str:
        core = word.strip(".,;:()„”“?!")
        if len(core) < SHORTEST_SOFTENED or not core.isalpha():
            return word
        start = word.index(core)
        places = [
            place
            for place in range(LEAST_SYLLABLE, len(core) - LEAST_SYLLABLE + 1)
            if core[place - 1].lower() in VOWELS
            and core[place].lower() not in VOWELS
            and core[place + 1].lower() in VOWELS
        ]
        pieces = [core[begin:end] for begin, end in zip([0, *places], [*places, len(core)], strict=True)]
        return word[:start] + "\u00ad".join(pieces) + word[start + len(core) :]

    return " ".join(soft(word) for word in text.split(" "))


def soften_content(content: EditionContent) -> EditionContent:
    """Put soft hyphens into the labels and values of a content, but for links and URLs."""
    raw = content.model_dump()
    for chapter in raw["chapters"]:
        for table in chapter["tables"]:
            for row in table["rows"]:
                row["label"] = [soften(label) for label in row["label"]]
                for paragraph in row["value"]:
                    for run in paragraph["runs"]:
                        if run["url"] is None and not run["printed_url"]:
                            run["text"] = soften(run["text"])
    return EditionContent.model_validate(raw)


def drop_annotations(content: EditionContent) -> EditionContent:
    """Take the link annotations out of a content; URLs that are printed stay.

    Debian's LibreOffice without a screen (7.4) prints hyperlinks of table cells as plain text.
    """
    raw = content.model_dump()
    for chapter in raw["chapters"]:
        for table in chapter["tables"]:
            for row in table["rows"]:
                for paragraph in row["value"]:
                    for run in paragraph["runs"]:
                        run["url"] = None
    return EditionContent.model_validate(raw)


def rows_of(content: EditionContent) -> Iterator[tuple[str, ContentRow]]:
    """Give each row with the beginning of its marks' names."""
    for chapter_number, chapter in enumerate(content.chapters):
        for table_number, table in enumerate(chapter.tables):
            for row_number, row in enumerate(table.rows):
                yield f"{chapter_number}.{table_number}.{row_number}", row


def row_pages(row_id: str, marks: dict[str, Mark]) -> tuple[int, ...]:
    """Give the pages that a row's text touches, from its marks: a picture is no text."""
    pages = [
        mark.page for name, mark in marks.items() if name.startswith(f"{row_id}.") and not name.endswith(".picture.e")
    ]
    return tuple(range(min(pages), max(pages) + 1))


def cut_shift(content: EditionContent, layout: Layout, marks: dict[str, Mark], *, line: float, below: float) -> float:
    """Tell how far the first chapter must move down so that its page ends where `Layout.cut_row` says.

    Args:
        content: What is typeset.
        layout: How, with a row to cut at.
        marks: Marks of the edition without the shift.
        line: Distance of base lines, points.
        below: Distance from a line's middle to the lower edge of its text, points.

    Returns:
        Points to move down.

    Raises:
        UnreadableLayoutError: The row is not on the chapter's first page.
    """
    rows = [row_id for row_id, _ in rows_of(content) if row_id.startswith("0.")]
    name = f"{rows[layout.cut_row or 0]}."
    ends = [mark for mark_id, mark in marks.items() if mark_id.startswith(name)]
    if {mark.page for mark in ends} != {marks["0.s"].page}:
        raise UnreadableLayoutError(f"row {layout.cut_row} is not on its chapter's first page; cut another one")
    bottom = layout.page_size[1] - layout.margin
    return bottom - max(mark.y for mark in ends) - below - layout.padding + layout.cut_lines * line - CUT_SLACK_POINTS


def note_marks(content: EditionContent, layout: Layout) -> dict[str, str]:
    """Give the footnote mark of each row that has a footnote."""
    found: dict[str, str] = {}
    for chapter_number, chapter in enumerate(content.chapters):
        for table_number, table in enumerate(chapter.tables):
            count = 0
            for row_number, row in enumerate(table.rows):
                if row.note is not None:
                    count += 1
                    mark = str(count) if layout.note_mark == "superscript" else "*" * count
                    found[f"{chapter_number}.{table_number}.{row_number}"] = mark
    return found


def row_links(row: ContentRow) -> tuple[LinkTruth, ...]:
    """Give the links of a row's value: one per target, in reading order."""
    links: dict[str, str] = {}
    for paragraph in row.value:
        for run in paragraph.runs:
            target = run.url or (run.text if run.printed_url else None)
            if target is not None:
                links.setdefault(target, tidy(run.text))
    return tuple(LinkTruth(url=url, text=text) for url, text in links.items())


def value_text(row: ContentRow, note: str) -> str:
    """Give a row's value in the contract's text form, its footnote mark after the first paragraph."""
    lines = [paragraph.text for paragraph in row.value]
    if note and lines:
        lines[0] += note
    return "\n".join(lines)


def furniture_of(content: EditionContent, layout: Layout, pages: int) -> tuple[PageText, ...]:
    """Give the running headers, footers and page numbers of every page."""
    found: list[PageText] = []
    for page in range(1, pages + 1):
        if layout.first_page_bare and page == 1:
            continue
        odd = page % 2 == 1 or not layout.odd_even
        if layout.header:
            found.append(PageText(page=page, text=content.running_title if odd else content.chapters[0].heading))
        if layout.footer:
            found.append(PageText(page=page, text=content.imprint))
        number = {
            "none": "",
            "plain": f"{page}",
            "lpp": f"{page}. lpp.",
            "total": f"{page}/{pages}",
            "dashes": f"- {page} -",
        }[layout.page_number]
        if number:
            found.append(PageText(page=page, text=number))
    return tuple(found)


def tell_truth(content: EditionContent, layout: Layout, rendered: Rendered) -> EditionTruth:
    """Tell what a rendered edition prints and where.

    Args:
        content: What was typeset.
        layout: How.
        rendered: The renderer's PDF and marks.

    Returns:
        The truth.
    """
    with PYMUPDF.open(stream=rendered.pdf_bytes, filetype="pdf") as document:
        pages = len(document)
    notes = note_marks(content, layout)
    return EditionTruth(
        chapters=tuple(
            ChapterTruth(
                heading=tidy(chapter.heading),
                tables=tuple(
                    TableTruth(
                        header=content.column_titles if layout.header_row else (),
                        notes=tuple(
                            f"{notes[f'{c}.{t}.{r}']} {tidy(row.note)}"
                            for r, row in enumerate(table.rows)
                            if row.note is not None
                        ),
                        rows=tuple(
                            RowTruth(
                                label=tidy(" ".join(row.label)),
                                label_paragraphs=tuple(tidy(label) for label in row.label),
                                value=value_text(row, notes.get(f"{c}.{t}.{r}", "")),
                                pages=row_pages(f"{c}.{t}.{r}", rendered.marks),
                                links=row_links(row),
                            )
                            for r, row in enumerate(table.rows)
                        ),
                    )
                    for t, table in enumerate(chapter.tables)
                ),
            )
            for c, chapter in enumerate(content.chapters)
        ),
        furniture=furniture_of(content, layout, pages),
        front_matter=tuple(
            tidy(text) for text in ((content.front_title,) if content.front_title else ()) + content.front_paragraphs
        ),
        pages=pages,
        language=content.language,
    )


def hidden_ends(content: EditionContent, layout: Layout, rendered: Rendered) -> list[tuple[str, int]]:
    """Find the paragraphs whose end no reader could see.

    The end of a paragraph shows by white below it, by the marker of the next one, or because its last line leaves room
    for the next one's first word. White below does not show at the end of a page.

    Args:
        content: What was typeset.
        layout: How.
        rendered: The renderer's PDF and marks.

    Returns:
        Row id and index of each paragraph that ends unseen.
    """
    words = PageWords(rendered.pdf_bytes)
    value_column = shown_column(words, layout, rendered.marks)
    found: list[tuple[str, int]] = []
    rows = list(rows_of(content))
    for row_id, row in rows:
        for index in range(len(row.value) - 1):
            following = row.value[index + 1]
            end = rendered.marks[f"{row_id}.v.{index}.e"]
            start = rendered.marks[f"{row_id}.v.{index + 1}.s"]
            begins_url = bool(following.runs and following.runs[0].printed_url)
            if following.marker or begins_url or (layout.paragraph_gap and end.page == start.page):
                continue
            if not has_room(words, layout, end, start, value_column):
                found.append((row_id, index))
    for (row_id, row), (next_id, next_row) in pairwise(rows):
        if row_id.rpartition(".")[0] == next_id.rpartition(".")[0] and not row_end_shows(
            words, layout, rendered.marks, (row_id, row), (next_id, next_row)
        ):
            found.append((row_id, len(row.value) - 1))
    return found


def row_end_shows(
    words: PageWords,
    layout: Layout,
    marks: dict[str, Mark],
    ended: tuple[str, ContentRow],
    following: tuple[str, ContentRow],
) -> bool:
    """Tell whether a row at the top of a page can be told from the rest of the row before it.

    It can where the label before it ended higher than the page's last line, or where the last line of either column
    has room for the next one's first word.
    """
    (row_id, row), (next_id, next_row) = ended, following
    label_end = marks[f"{row_id}.l.{len(row.label) - 1}.e"]
    label_start = marks[f"{next_id}.l.0.s"]
    value_end = marks[f"{row_id}.v.{len(row.value) - 1}.e"] if row.value else label_end
    if max(label_end.page, value_end.page) == label_start.page:
        return True
    if label_end.page < value_end.page or label_end.y < value_end.y - layout.font_size:
        return True
    if has_room(words, layout, label_end, label_start, layout.label_column):
        return True
    if not row.value or not next_row.value or value_end.page < label_end.page:
        return False
    return has_room(words, layout, value_end, marks[f"{next_id}.v.0.s"], shown_column(words, layout, marks))


def shown_column(words: PageWords, layout: Layout, marks: dict[str, Mark]) -> tuple[float, float]:
    """Give the value column as far as the pages show it, left and right edge in points.

    Where no rule, no coloured cell and no header row ends at its right edge, only the text shows how far it reaches.
    """
    left, right = layout.value_column
    if layout.rules != "none" or layout.fills in ("zebra", "table") or layout.header_row:
        return left, right
    spans = [(mark, marks[f"{name[:-1]}e"]) for name, mark in marks.items() if ".v." in name and name.endswith(".s")]
    return left, words.reach((left, right), (layout.margin, layout.page_size[1] - layout.margin), spans)


def has_room(words: PageWords, layout: Layout, end: Mark, start: Mark, column: tuple[float, float]) -> bool:
    """Tell whether the line of `end` has room in its column for the first word of the line of `start`."""
    last = words.line_at(end, column, layout.font_size)
    first = words.line_at(start, column, layout.font_size)
    if not last or not first:
        raise UnreadableLayoutError(f"no words at {end if not last else start}")
    space = layout.font_size / 4
    width = first[0][2] - first[0][0]
    return max(word[2] for word in last) + space + width + ROOM_SLACK_POINTS <= column[1]


def nudge(content: EditionContent, places: list[tuple[str, int]]) -> EditionContent:
    """Put the language's filler word into paragraphs, before their last word.

    Args:
        content: A content.
        places: Row id and index of the paragraphs.

    Returns:
        The content with the longer paragraphs.

    Raises:
        UnreadableLayoutError: A paragraph has no plain text to put a word into.
    """
    raw = content.model_dump()
    for row_id, index in places:
        if index < 0:
            raise UnreadableLayoutError(f"row {row_id} ends unseen at the foot of a page and has no text to lengthen")
        chapter, table, row = (int(part) for part in row_id.split("."))
        paragraph = raw["chapters"][chapter]["tables"][table]["rows"][row]["value"][index]
        for run in paragraph["runs"]:
            head, space, last = run["text"].rstrip().rpartition(" ")
            if space and not run["printed_url"] and run["url"] is None:
                run["text"] = f"{head} {content.filler} {last}" + (" " if run["text"].endswith(" ") else "")
                break
        else:
            raise UnreadableLayoutError(f"paragraph {index} of row {row_id} ends unseen and has no text to lengthen")
    return EditionContent.model_validate(raw)


def printed_letters(text: str) -> str:
    """Give the letters and digits of a text, decomposed and case-folded: what survives any typesetting."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in folded if char.isalnum())


@cache
def picture_png() -> bytes:
    """Give the picture of the rows that have one: PNG, two colours."""
    picture = PYMUPDF.Pixmap(PYMUPDF.csRGB, PYMUPDF.IRect(0, 0, *PICTURE_POINTS))
    picture.set_rect(picture.irect, (43, 95, 138))
    picture.set_rect(PYMUPDF.IRect(20, 8, 40, 26), (242, 194, 48))
    data: bytes = picture.tobytes("png")
    return data


def check_columns(content: EditionContent, layout: Layout, rendered: Rendered) -> None:
    """Check that every row's letters stand in their column, on the pages that the marks name.

    Args:
        content: What was typeset.
        layout: How.
        rendered: The renderer's PDF and marks.

    Raises:
        UnreadableLayoutError: A word sticks out of its column, or letters of a row are not on its pages.
    """
    words = PageWords(rendered.pdf_bytes)
    boundary = layout.label_column[1] + layout.padding
    value_left, value_right = layout.value_column
    for row_id, row in rows_of(content):
        for column, (left, edge) in (("l", (layout.label_column[0], boundary)), ("v", (value_left, value_right))):
            for index in range(len(row.label if column == "l" else row.value)):
                start, end = (rendered.marks[f"{row_id}.{column}.{index}.{edge_name}"] for edge_name in "se")
                for word in words.pages[start.page - 1]:
                    centre = (word[1] + word[3]) / 2
                    if (
                        start.page == end.page
                        and start.y - COLUMN_TOLERANCE_POINTS < centre < end.y + COLUMN_TOLERANCE_POINTS
                        and left - COLUMN_TOLERANCE_POINTS < word[0] < edge
                        and word[2] > edge + OVERHANG_EMS * layout.font_size
                    ):
                        raise UnreadableLayoutError(f"{word[4]!r} on page {start.page} is wider than its column")
    for row_id, row in rows_of(content):
        pages = row_pages(row_id, rendered.marks)
        if rendered.marks[f"{row_id}.l.0.s"].page != pages[0]:
            raise UnreadableLayoutError(f"the label of row {row_id} does not begin on the row's first page")
        if part := unseen_split(row_id, row, rendered.marks):
            raise UnreadableLayoutError(f"row {row_id} is broken between paragraphs in both columns, on page {part}")
        for text, (left, right) in (
            ("".join(row.label), layout.label_column),
            ("".join(paragraph.text for paragraph in row.value), (value_left, value_right)),
        ):
            there = "".join(
                printed_letters(word[4])
                for page in pages
                for word in words.pages[page - 1]
                if left - COLUMN_TOLERANCE_POINTS <= word[0] <= right + COLUMN_TOLERANCE_POINTS
            )
            if not text_within(printed_letters(text), there):
                raise UnreadableLayoutError(f"row {row_id}: {text[:40]!r} is not on pages {pages}")


def check_leading(content: EditionContent, layout: Layout, rendered: Rendered) -> None:
    """Check that the pages show how far the lines of one text stand apart, where that alone parts rows.

    Without rules and fills, a label of two lines can be told from two labels without values only by their distance.

    Args:
        content: What was typeset.
        layout: How.
        rendered: The renderer's PDF and marks.

    Raises:
        UnreadableLayoutError: No text has two lines, and two rows without values are as near as such lines could be.
    """
    if layout.rules != "none" or layout.fills != "none":
        return
    near = any(
        start.page == end.page and start.y - end.y <= WIDEST_LEADING_EMS * layout.font_size
        for (row_id, row), (next_id, following) in pairwise(rows_of(content))
        if not row.value and not following.value and row_id.rpartition(".")[0] == next_id.rpartition(".")[0]
        for end, start in [(rendered.marks[f"{row_id}.l.{len(row.label) - 1}.e"], rendered.marks[f"{next_id}.l.0.s"])]
    )
    if not near:
        return
    starts = {name: mark for name, mark in rendered.marks.items() if name.endswith(".s") and name.count(".") > 1}
    for name, start in starts.items():
        end = rendered.marks[f"{name[:-1]}e"]
        if end.page == start.page and end.y - start.y > layout.font_size / 2:
            return
    raise UnreadableLayoutError("no text has two lines, so that nothing tells a label of two lines from two labels")


def check_lone_labels(content: EditionContent, layout: Layout, rendered: Rendered) -> None:
    """Check that a label without value that stands alone on its table's first page can be told from text.

    Args:
        content: What was typeset.
        layout: How.
        rendered: The renderer's PDF and marks.

    Raises:
        UnreadableLayoutError: Nothing is drawn around it, it is set as all text is, and no other row has it.
    """
    if layout.rules != "none" or layout.fills != "none" or layout.label_bold or layout.header_row:
        return
    labels = [row.label for _, row in rows_of(content)]
    for (row_id, row), (next_id, _) in pairwise(rows_of(content)):
        begins = row_id.endswith(".0") and row_id.rpartition(".")[0] == next_id.rpartition(".")[0]
        pages = [rendered.marks[f"{name}.l.0.s"].page for name in (row_id, next_id)]
        if begins and not row.value and pages[0] < pages[1] and labels.count(row.label) == 1:
            raise UnreadableLayoutError(f"the label of row {row_id} stands alone on its page as text does")


def check_links(content: EditionContent, rendered: Rendered) -> None:
    """Check that link annotations stand over the text that they belong to.

    Chromium leaves those of a row that goes on over a page break where they would be without the repeated header row.

    Args:
        content: What was typeset.
        rendered: The renderer's PDF and marks.

    Raises:
        UnreadableLayoutError: An annotation stands over other text.
    """
    texts: dict[str, list[str]] = {}
    for _, row in rows_of(content):
        for paragraph in row.value:
            for run in paragraph.runs:
                if run.url is not None:
                    texts.setdefault(run.url, []).append(printed_letters(run.text))
    with PYMUPDF.open(stream=rendered.pdf_bytes, filetype="pdf") as document:
        for page in document:
            letters = [
                (char["c"], PYMUPDF.Rect(char["bbox"]))
                for block in page.get_text("rawdict")["blocks"]
                for line in block.get("lines", ())
                for span in line["spans"]
                for char in span["chars"]
            ]
            for link in page.get_links():
                place = PYMUPDF.Rect(link["from"])
                own = [text for text, box in letters if (box.tl + box.br) / 2 in place]
                under = printed_letters("".join(own))
                wanted = texts.get(link.get("uri", ""), ())
                # In tight lines the rectangle may take in letters of its neighbours.
                if not under or not any(under in text or text in under for text in wanted):
                    raise UnreadableLayoutError(
                        f"the link {link.get('uri')} on page {page.number + 1} is beside its text"
                    )


def unseen_split(row_id: str, row: ContentRow, marks: dict[str, Mark]) -> int | None:
    """Give the page at whose foot a row is broken such that its rest looks like a new row: both columns between
    paragraphs. None where there is no such page.
    """
    pages = row_pages(row_id, marks)
    spans = {
        column: [(marks[f"{row_id}.{column}.{i}.s"].page, marks[f"{row_id}.{column}.{i}.e"].page) for i in range(count)]
        for column, count in (("l", len(row.label)), ("v", len(row.value)))
    }
    for page in pages[:-1]:
        broken = {column: any(start <= page < end for start, end in spans[column]) for column in "lv"}
        label_goes_on = any(start == page + 1 for start, _ in spans["l"])
        if label_goes_on and not broken["l"] and not broken["v"]:
            return page
    return None


def text_within(text: str, page_letters: str, *, jumps: int = MOST_JUMPS) -> bool:
    """Tell whether letters stand in order in the letters of a column.

    They stand side by side but for furniture, header rows and note marks, over which at most `jumps` jumps lead. What
    stands there may by chance begin as the text goes on, so a jump may begin some letters earlier.
    """
    if not text:
        return True
    probe = text[:PROBE_LETTERS]
    place = page_letters.find(probe)
    while place >= 0:
        length = 0
        for letter, other in zip(text, page_letters[place:], strict=False):
            if letter != other:
                break
            length += 1
        if length == len(text):
            return True
        if jumps:
            for back in range(min(MOST_CHANCE_LETTERS, length - 1) + 1):
                kept = length - back
                if text_within(text[kept:], page_letters[place + kept :], jumps=jumps - 1):
                    return True
        place = page_letters.find(probe, place + 1)
    if jumps and len(probe) > 1:
        # A jump within the very first letters.
        first = page_letters.find(text[0])
        while first >= 0:
            for length in range(len(probe) - 1, 0, -1):
                if page_letters.startswith(text[:length], first) and text_within(
                    text[length:], page_letters[first + length :], jumps=0
                ):
                    return True
            first = page_letters.find(text[0], first + 1)
    return False
