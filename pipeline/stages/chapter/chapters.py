"""The chapter stage: reads the stitch stage's `Document`, writes `Chapters`.

A heading is text outside the tables that begins with the names of one or several countries and a colon or dash, and
that is before a table's first row. Fonts and colours are hints at where a heading ends, never the reason to take
text for one.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate, groupby, pairwise
from statistics import median
from typing import Any, Final, Literal, NamedTuple

from pipeline import paths
from pipeline.lexicon import CountryNames, Lexicon, country_prefix, country_suffix
from pipeline.lexicon.label_index import fold_label, index_labels
from pipeline.models.chapter import Chapter, Chapters
from pipeline.models.geometry import Box, unite_boxes
from pipeline.models.layout import TextLine
from pipeline.models.practice import ANALYTICAL_FIELDS, DESCRIPTIVE_FIELDS
from pipeline.models.report import Issue
from pipeline.models.row import Document, Residue, Row, TextBlock
from pipeline.stages.chapter.captions import find_captions
from pipeline.stages.chapter.front_matter import PROMINENT_SIZE_RATIO, SAME_SIZE_RATIO, find_lost_pages
from pipeline.text.lines import SOFT_HYPHEN
from pipeline.text.markers import value_of
from pipeline.text.wording import MOST_TEXT

MAX_HEADING_LINES: Final = 8
"""Printed headings have one to four lines; on a narrow page or in large type they take up to twice as many."""

MAX_LINE_GAP_SIZES: Final = 1.2
"""Lines of one heading are at most so many font sizes apart (white space between them): double spacing leaves one."""

MOST_HEADING: Final = 160
"""Most characters of a text that an issue of this stage quotes: headings are quoted whole."""

LETTER_SPACED_SHARE: Final = 0.6
"""A line with at least this share of words of a single letter is letter-spaced."""

LETTER_SPACED_MIN_WORDS: Final = 6
"""Fewer single letters in a row may be initials."""

_NUMBER: Final = re.compile(r"(\d+|[IVXLC]+)\s*[.)]\s")
"""A heading's own number; `country_prefix` knows the same ones."""


@dataclass
class _Draft:
    """A chapter being filled: what a `Chapter` has but its id, with the rows so far."""

    heading: str
    heading_block: TextBlock
    countries: tuple[str, ...]
    title: str
    rows: list[Row] = field(default_factory=list)


class _Heading(NamedTuple):
    """A heading found among blocks: its lines, and the lines before and after it in the same gap."""

    lines: Sequence[TextLine]
    text: str
    countries: tuple[str, ...]
    title: str
    before: Sequence[TextLine] = ()
    after: Sequence[TextLine] = ()


def divide_chapters(document: Document, edition: str, lexicon: Lexicon) -> Chapters:
    """Divide an edition into its practices.

    Args:
        document: Rows and blocks in reading order.
        edition: Edition id, for the issues.
        lexicon: Words of the edition's language: country names, labels, counting words.

    Returns:
        The chapters, and everything else that is on the pages: front matter, furniture, residue. Rows under a
        heading whose country is unknown become residue `row_without_heading` with an issue; nothing is dropped.
    """
    return _Divider(document, edition, lexicon).divide()


class _Divider:
    """One pass over a document's content."""

    def __init__(self, document: Document, edition: str, lexicon: Lexicon) -> None:
        self._document = document
        self._countries_file = paths.name_schema(lexicon.language, "countries.yaml")
        self._edition = edition
        self._lexicon = lexicon
        self._labels = index_labels(lexicon)
        self._names = lexicon.country_names
        self._bare_names = _without_diacritics(lexicon.country_names)
        self._drafts: list[_Draft] = []
        self._current: _Draft | None = None
        self._front: list[TextBlock] = []
        self._captions = find_captions(document.content)
        self._furniture = list(document.furniture)
        self._residue: list[Residue] = list(document.residue)
        self._issues: list[Issue] = list(document.issues)
        self._table_size = _size_of_tables(document)

    def divide(self) -> Chapters:
        """Divide the content, then check what the front matter says of it."""
        gap: list[TextBlock] = []
        tables = groupby(self._document.content, key=lambda item: item.table if isinstance(item, Row) else None)
        for _, items in tables:
            group = list(items)
            gap += [item for item in group if isinstance(item, TextBlock)]
            rows = [item for item in group if isinstance(item, Row)]
            if rows:
                self._take_table(gap, rows)
                gap = []
        self._take_end(gap)
        chapters = _number_chapters(self._drafts)
        if not chapters:
            found = sum(isinstance(item, Row) for item in self._document.content)
            language, file = self._lexicon.language, self._countries_file
            self._issues.append(
                Issue.of("no_practice", edition=self._edition, language=language, file=file, rows=found)
            )
        else:
            self._take_lost_pages(chapters)
        self._check_counts(chapters)
        self._check_numbers(chapters)
        return Chapters(
            chapters=chapters,
            front_matter=tuple(self._front),
            furniture=tuple(self._furniture),
            residue=tuple(self._residue),
            counts=self._document.counts,
            surplus=self._document.surplus,
            issues=tuple(self._issues),
        )

    def _take_table(self, gap: list[TextBlock], rows: list[Row]) -> None:
        """Put the blocks before a table, and its rows, where they belong."""
        heading = self._find_heading(gap)
        if heading is None:
            spanning = self._heading_in_row(rows[0]) if len(rows) > 1 else None
            if spanning is None and self._begins_practice(gap, rows):
                heading = self._heading_behind(gap, rows)
                if heading is None:
                    self._refuse(gap, rows)
                    return
            else:
                self._leave(gap)
                if spanning is not None:
                    self._open(spanning)
                self._add(rows if spanning is None else rows[1:])
                return
        self._leave([block for block in gap if block.kind != "text"])
        self._leave(_blocks_of(heading.before, gap))
        if self._current is not None and self._repeats_heading(heading, rows, self._current):
            self._join_heading(heading, self._current)
        else:
            self._open(heading)
        self._leave(_blocks_of(heading.after, gap))
        self._add(rows)

    def _find_heading(self, gap: Sequence[TextBlock]) -> _Heading | None:
        """Find the heading among the blocks before a table.

        Blocks are read line by line, for geometry may have merged the heading with a note before it, or divided it.
        The last lines that fit are taken: what is further up (a list of contents, say) has no table below it.
        """
        blocks = [block for block in gap if block.kind == "text"]
        lines = [line for block in blocks for line in block.lines]
        ends = set(accumulate(len(block.lines) for block in blocks))
        run_on = [
            _runs_on(above, below, one_block=number not in ends)
            for number, (above, below) in enumerate(pairwise(lines), start=1)
        ]
        starts = [position for position in range(len(lines)) if self._divide_heading(lines[position:]) is not None]
        if not starts:
            return None
        last = starts[-1]
        # Of "Bulgaria, Germany," and "Romania: Talk" the second line fits too, as may the second line of a title.
        start = min(
            position for position in starts if last - position < MAX_HEADING_LINES and all(run_on[position:last])
        )
        end = start + 1
        while end < len(lines) and end - start < MAX_HEADING_LINES:
            # A first line may be set apart from the title (bold, then light): without a title no heading is whole.
            if not run_on[end - 1] and self._divide_heading(lines[start:end]) is not None:
                break
            end += 1
        found = self._divide_heading(lines[start:end])
        return found and found._replace(before=lines[:start], after=lines[end:])

    def _divide_heading(self, lines: Sequence[TextLine]) -> _Heading | None:
        """Read lines as a heading; None where they don't begin with a country."""
        text = _join_lines(lines[:MAX_HEADING_LINES])
        if (found := country_prefix(text, self._names)) is not None:
            return _Heading(lines, text, *found)
        if (found := country_prefix(_bare(text), self._bare_names)) is not None:
            countries, bare_title = found
            return _Heading(lines, text, countries, text[len(text) - len(bare_title) :])
        return None

    def _heading_in_row(self, row: Row) -> _Heading | None:
        """Find a heading that is inside the table, in a first row whose cells are merged into one."""
        if row.value.text and row.label.text:
            return None
        lines = [line for part in row.fragments for line in (*part.label_lines, *part.value_lines)]
        return self._divide_heading(lines) if 0 < len(lines) <= MAX_HEADING_LINES else None

    def _heading_behind(self, gap: Sequence[TextBlock], rows: Sequence[Row]) -> _Heading | None:
        """Read the last text before a practice's table as a heading that ends with its countries."""
        texts = [block for block in gap if block.kind == "text"]
        if not texts or len(texts[-1].lines) > MAX_HEADING_LINES or not self._fields_of(rows):
            return None
        text = _join_lines(texts[-1].lines)
        found = country_suffix(text, self._names)
        before = [line for block in texts[:-1] for line in block.lines]
        return None if found is None else _Heading(texts[-1].lines, text, *found, before)

    def _repeats_heading(self, heading: _Heading, rows: Sequence[Row], current: _Draft) -> bool:
        """Return whether a heading is the present chapter's, printed again above its next table."""
        return (
            bool(current.rows)
            and fold_label(heading.text) == fold_label(current.heading)
            and not self._repeats_fields(rows)
        )

    def _join_heading(self, heading: _Heading, current: _Draft) -> None:
        """Add the lines of a repeated heading to the chapter's heading."""
        block = current.heading_block
        boxes = unite_boxes([*block.boxes, *(line.box for line in heading.lines)])
        current.heading_block = block.model_copy(update={"lines": (*block.lines, *heading.lines), "boxes": boxes})
        self._report("repeated_heading", heading.lines[0].box, heading.text)

    def _open(self, heading: _Heading) -> None:
        """Begin a chapter."""
        for start in range(1, len(heading.lines)):
            inner = self._divide_heading(heading.lines[start:])
            if inner is not None and self._divide_heading(heading.lines[:start]) is not None:
                self._report("heading_in_heading", heading.lines[start].box, heading.text, inner=inner.text)
        block = _make_block(heading.lines, heading.text)
        self._current = _Draft(heading.text, block, heading.countries, heading.title)
        self._drafts.append(self._current)

    def _add(self, rows: Sequence[Row]) -> None:
        """Add rows to the present chapter; without one they are residue."""
        if self._current is not None:
            self._current.rows.extend(rows)
        elif rows:
            self._refuse([], list(rows))

    def _fields_of(self, rows: Sequence[Row]) -> list[str]:
        """The fields that rows' whole labels name, where the lexicon has them."""
        found = (self._labels.find(row.label.one_line, recognised=row.label.confidence is not None) for row in rows)
        return [match.known.field for match in found if match is not None]

    def _repeats_fields(self, rows: Sequence[Row]) -> bool:
        """Return whether a table asks again what the present chapter has answered: then it is another practice's."""
        if self._current is None:
            return False
        fields = self._fields_of(rows)
        present = set(self._fields_of(self._current.rows))
        repeated = [name for name in fields if name in present]
        return bool(fields) and 2 * len(repeated) > len(fields)

    def _begins_practice(self, gap: Sequence[TextBlock], rows: Sequence[Row]) -> bool:
        """Return whether a table without a known heading begins a practice all the same."""
        if self._current is None or self._repeats_fields(rows):
            return True
        fields = self._fields_of(rows)
        present = set(self._fields_of(self._current.rows))
        return (
            bool(fields)
            and fields[0] in DESCRIPTIVE_FIELDS
            and not present.isdisjoint(ANALYTICAL_FIELDS)
            and self._prominent_end(gap) is not None
        )

    def _prominent_end(self, gap: Sequence[TextBlock]) -> TextBlock | None:
        """The last block before a table if it is set as headings are: bold, or larger than the tables' text."""
        texts = [block for block in gap if block.kind == "text"]
        if not texts:
            return None
        last = texts[-1]
        larger = self._table_size is not None and last.size >= PROMINENT_SIZE_RATIO * self._table_size
        return last if (last.bold or larger) and len(last.lines) <= MAX_HEADING_LINES else None

    def _refuse(self, gap: list[TextBlock], rows: list[Row]) -> None:
        """Keep a table's rows as residue, with an issue: no practice can be made without a country."""
        heading = self._prominent_end(gap)
        if not self._fields_of(rows):
            heading = None
        elif heading is None:
            # Rows with the practices' labels need a heading: the nearest text is what should have been one.
            texts = [block for block in gap if block.kind == "text"]
            heading = texts[-1] if texts and len(texts[-1].lines) <= MAX_HEADING_LINES else None
        self._leave([block for block in gap if block is not heading])
        first = rows[0]
        if heading is not None:
            self._residue.extend(Residue.of("unknown_heading", heading.lines))
            self._report("unknown_country", heading.lines[0].box, heading.text, file=self._countries_file)
        else:
            severity = "error" if self._fields_of(rows) else "warning"
            box, label, text = first.fragments[0].label_box, first.label.one_line, first.value.one_line[:MOST_TEXT]
            about = {"severity": severity, "file": self._countries_file, "label": label or None}
            self._report("row_without_heading", box, text or None, **about)
        for row in rows:
            lines = [line for part in row.fragments for line in (*part.label_lines, *part.value_lines)]
            self._residue.extend(Residue.of("row_without_heading", lines))
        if self._repeats_fields(rows) or heading is not None:
            # What follows belongs to the practice that could not be made, not to the one before it.
            self._current = None

    def _leave(self, blocks: Sequence[TextBlock]) -> None:
        """Put blocks that are no heading into the front matter or, once a chapter has begun, among the residue."""
        for block in blocks:
            if not block.lines:
                continue
            if not self._drafts and block.kind == "text":
                self._front.append(block)
            else:
                captions = [line for line in block.lines if line.text in self._captions]
                self._furniture += [_make_block([line], line.text, "furniture") for line in captions]
                reason = "footnote" if block.kind == "footnote" else "free_text"
                self._residue.extend(Residue.of(reason, [line for line in block.lines if line not in captions]))

    def _take_end(self, gap: Sequence[TextBlock]) -> None:
        """Place what follows the last table: on later pages it frames the practices as the front matter does."""
        last_page = max((page for draft in self._drafts for row in draft.rows for page in row.pages), default=0)
        for block in gap:
            if block.kind == "text" and all(line.box.page > last_page for line in block.lines):
                self._front.append(block)
            else:
                self._leave([block])

    def _take_lost_pages(self, chapters: Sequence[Chapter]) -> None:
        """Take pages that look like a practice's out of the front and back matter, and report each."""
        lost = find_lost_pages(self._front, chapters, self._labels.known, self._divide_heading, self._table_size)
        for blocks, line in list(lost):
            self._front = [block for block in self._front if block not in blocks]
            for block in blocks:
                self._residue.extend(Residue.of("free_text", block.lines))
            glyphs = sum(len(below.glyphs) for block in blocks for below in block.lines)
            self._report("practice_without_rows", line.box, line.text, glyphs=glyphs)

    def _check_counts(self, chapters: Sequence[Chapter]) -> None:
        """Compare the numbers that the front matter states with what was found."""
        found = {"practices": len(chapters), "countries": len({code for item in chapters for code in item.countries})}
        claims = [
            (claim, block)
            for block in self._front
            if chapters
            for claim in self._lexicon.counts.find_claims(" ".join(block.text.split()))
        ]
        for counted, number in found.items():
            stated = [(claim, block) for claim, block in claims if claim.counted == counted]
            if not stated or any(claim.number == number for claim, _ in stated):
                continue
            claim, block = stated[0]
            first_word = claim.words.split()[0]
            line = next((line for line in block.lines if first_word in line.text.split()), block.lines[0])
            about = {"stated": claim.number, "counted": counted, "found": number}
            self._report("count_disagrees", line.box, claim.words, **about)

    def _check_numbers(self, chapters: Sequence[Chapter]) -> None:
        """Report where the printed numbers of two chapters, one after the other, leave a number out."""
        for above, below in pairwise(chapters):
            before, number = (_NUMBER.match(item.heading) for item in (above, below))
            if before and number and value_of(number[1]) > value_of(before[1]) + 1:
                box = below.heading_block.lines[0].box
                self._report("heading_number_skipped", box, below.heading, number=number[1], before=before[1])

    def _report(self, code: str, box: Box, text: str | None, **values: Any) -> None:
        """Add an issue about a text at a place."""
        text = text and text[:MOST_HEADING]
        self._issues.append(Issue.of(code, edition=self._edition, box=box, text=text, **values))


def _number_chapters(drafts: Sequence[_Draft]) -> tuple[Chapter, ...]:
    """Assign each chapter its id: its countries' codes and its ordinal among those with the same ones (contract)."""
    seen: Counter[tuple[str, ...]] = Counter()
    chapters = []
    for draft in drafts:
        seen[draft.countries] += 1
        parts = [*(code.lower() for code in draft.countries), str(seen[draft.countries])]
        chapters.append(Chapter(id="-".join(parts), **vars(draft)))
    return tuple(chapters)


def _runs_on(above: TextLine, below: TextLine, *, one_block: bool) -> bool:
    """Return whether a line follows another as the lines of one heading do: same size and weight, no gap.

    They are on one page, or on two where they are one block: stitch joins a heading over a page break, and no other
    text.
    """
    size = max(above.size, below.size)
    return (
        (above.box.page == below.box.page or one_block)
        and above.bold == below.bold
        and abs(above.size - below.size) <= SAME_SIZE_RATIO * size
        and below.box.top - above.box.bottom <= MAX_LINE_GAP_SIZES * size
    )


def _join_lines(lines: Sequence[TextLine]) -> str:
    """Put lines on one; a word broken at its own hyphen keeps it and gets no space (contract)."""
    text = ""
    for line in lines:
        part = _close_letters(line)
        if text.endswith(SOFT_HYPHEN):
            text = text[:-1] + part
        elif re.search(r"\w[-\u2010\u2011]$", text) and part[:1].isalpha():
            text += part
        else:
            text = f"{text} {part}" if text else part
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _close_letters(line: TextLine) -> str:
    """The text of a line; letters that are spaced out are joined to words by the gaps between them."""
    words = line.words
    single = sum(len(word.text) == 1 for word in words)
    if len(words) < LETTER_SPACED_MIN_WORDS or single < LETTER_SPACED_SHARE * len(words):
        return line.text
    gaps = [right.x0 - left.x1 for left, right in pairwise(words)]
    ordered = sorted(gaps)
    # The widest jump between two gaps, as a ratio, divides the gaps within words from those between them.
    jumps = [((high + 0.5) / (low + 0.5), (low + high) / 2) for low, high in pairwise(ordered) if low >= 0]
    limit = max(jumps, default=(0.0, ordered[-1]))[1]
    text = words[0].text
    for gap, word in zip(gaps, words[1:], strict=True):
        text += (" " if gap > limit else "") + word.text
    return text


def _make_block(lines: Sequence[TextLine], text: str, kind: Literal["text", "furniture"] = "text") -> TextBlock:
    """Make a block of lines."""
    return TextBlock(
        kind=kind,
        lines=tuple(lines),
        text=text,
        boxes=unite_boxes(line.box for line in lines),
        size=median(line.size for line in lines),
        bold=2 * sum(line.bold for line in lines) > len(lines),
    )


def _blocks_of(lines: Sequence[TextLine], gap: Sequence[TextBlock]) -> list[TextBlock]:
    """The blocks, whole or cut, that hold the lines: a block of which nothing was taken stays as it is."""
    wanted = {id(line) for line in lines}
    blocks: list[TextBlock] = []
    for block in gap:
        if block.kind != "text":
            continue
        left = [line for line in block.lines if id(line) in wanted]
        if len(left) == len(block.lines):
            blocks.append(block)
        elif left:
            blocks.append(_make_block(left, _join_lines(left)))
    return blocks


def _size_of_tables(document: Document) -> float | None:
    """The usual font size of the value column, points; None without tables."""
    rows = [item for item in document.content if isinstance(item, Row)]
    sizes = [line.size for row in rows for part in row.fragments for line in part.value_lines]
    return median(sizes) if sizes else None


def _bare(text: str) -> str:
    """Take the diacritics off a text, letter for letter, so that positions stay."""
    return text if text.isascii() else "".join(map(_bare_character, text))


@lru_cache(maxsize=4096)
def _bare_character(character: str) -> str:
    return unicodedata.normalize("NFD", character)[0]


def _without_diacritics(names: CountryNames) -> CountryNames:
    """Country names without diacritics and with their case forms; a name that would be ambiguous is left out."""
    codes: dict[str, set[str]] = {}
    for forms in (names.codes, names.inflected):
        for name, code in forms.items():
            codes.setdefault(_bare(name), set()).add(code)
    return CountryNames(
        codes={name: found.copy().pop() for name, found in codes.items() if len(found) == 1},
        inflected={},
        conjunctions=tuple(sorted({_bare(word) for word in names.conjunctions})),
        longest=names.longest,
    )
