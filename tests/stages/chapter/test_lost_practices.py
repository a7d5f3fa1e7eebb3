"""A practice whose rows were not found keeps an edition from `good`, wherever in the edition it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import pytest

from pipeline.lexicon import load_corrections
from pipeline.models.edition import EditionInfo, NormalisedEdition, PageInfo, ValidatedEdition
from pipeline.models.layout import TextLine, Word
from pipeline.models.practice import ANALYTICAL_FIELDS, DESCRIPTIVE_FIELDS
from pipeline.models.row import Document, GlyphCount, Row, TextBlock
from pipeline.stages.chapter.chapters import divide_chapters
from pipeline.stages.map.mapping import map_chapter
from pipeline.stages.normalise.record import normalise_record
from pipeline.stages.validate.edition import build_edition
from tests import synthetic
from tests.stages.map.building import lexicon

HEADINGS = ("Latvija: Kopā", "Lietuva: Centrs", "Nīderlande: Kurss", "Beļģija: Lietotne")
FIRST, LAST = 2, 2 * len(HEADINGS) + 1
"""Pages: one of front matter, then two for each practice, one for each of its tables."""
FIELDS = (DESCRIPTIVE_FIELDS[:5], ANALYTICAL_FIELDS[4:8])


def part_columns(line: TextLine) -> TextLine:
    """Set what stands behind a tab at the value column's edge."""
    label, _, value = line.text.partition("\t")
    if not value:
        return line
    words = (Word(label, line.box.x0, line.box.x0 + 80), Word(value, 200, 200 + 4 * len(value)))
    return replace(line, text=f"{label} {value}", words=words)


@dataclass
class Booklet:
    """A document being written."""

    sheets: synthetic.Sheets = field(default_factory=synthetic.Sheets)
    content: list[Row | TextBlock] = field(default_factory=list)

    def write(self, page: int, *texts: str, size: float = 10.0, x0: float = 50.0) -> None:
        """Write a block of lines."""
        lines = tuple(replace(part_columns(self.sheets.write(page, text, x0)), size=size) for text in texts)
        block = synthetic.make_block(lines[0])
        changes = {
            "lines": lines,
            "size": size,
            "text": " ".join(texts),
            "boxes": tuple(line.box for line in lines[:1]),
        }
        self.content.append(block.model_copy(update=changes))

    def validate(self) -> ValidatedEdition:
        """Run the stages from chapter on."""
        glyphs = sorted(self.sheets.next_glyph.items())
        counts = tuple(GlyphCount(page=page, glyphs=count) for page, count in glyphs)
        document = Document(content=tuple(self.content), furniture=(), residue=(), counts=counts)
        words = lexicon()
        divided = divide_chapters(document, "booklet", words)
        mapped = [map_chapter(chapter, "booklet", words) for chapter in divided.chapters]
        records = tuple(normalise_record(record, words, load_corrections("booklet", "lv")) for record in mapped)
        pages = tuple(PageInfo(number=page, width=595, height=842, glyphs=count) for page, count in glyphs)
        info = EditionInfo(id="booklet", file="booklet.pdf", sha256="0" * 64, pages=pages, language="lv")
        rest = divided.model_copy(update={"chapters": ()})
        return build_edition(info, NormalisedEdition(rest=rest, records=records))


def write_booklet(
    lost: Sequence[int] = (),
    *,
    headings: Sequence[str] = HEADINGS,
    heading: bool = True,
    labels: bool = True,
) -> Booklet:
    """Write a booklet on some of whose pages no table was found: their rows are text.

    Args:
        lost: The pages without rows.
        headings: The practices' headings.
        heading: False where the headings on these pages can't be read.
        labels: False where the labels on these pages can't be read.
    """
    booklet = Booklet()
    booklet.write(1, "Vērtīgu prakšu krājums.")
    for table, page in enumerate(range(FIRST, FIRST + 2 * len(headings))):
        number, part = divmod(table, 2)
        if part == 0 and (heading or page not in lost):
            booklet.write(page, headings[number], size=14)
        for name in FIELDS[part]:
            label, text = lexicon().labels[name][0].text, f"Teksts par praksi {name}."
            if page in lost:
                booklet.write(page, f"{label} {text}" if labels else f"lasīt nevar\t{text}")
            else:
                booklet.content.append(synthetic.make_row(booklet.sheets, table, label, [(page, text)]))
    return booklet


def spoiling(edition: ValidatedEdition) -> set[str]:
    """Give the codes of the warnings, `residue` and those on lost practices."""
    known = {"residue", "practice_without_rows", "heading_number_skipped"}
    return {issue.code for issue in edition.report.issues if issue.severity == "warning"} & known


def test_the_booklet_is_good_as_long_as_nothing_is_lost() -> None:
    edition = write_booklet().validate()
    assert (edition.report.status, len(edition.practices)) == ("good", len(HEADINGS))


@pytest.mark.parametrize("position", range(len(HEADINGS)))
@pytest.mark.parametrize(("heading", "labels"), [(True, True), (True, False), (False, True), (False, False)])
def test_a_practice_lost_in_any_position_is_reported(position: int, heading: bool, labels: bool) -> None:
    first = FIRST + 2 * position
    edition = write_booklet((first, first + 1), heading=heading, labels=labels).validate()
    assert len(edition.practices) == len(HEADINGS) - 1
    assert edition.report.status == "incomplete"
    assert spoiling(edition)


@pytest.mark.parametrize("page", range(FIRST, LAST + 1))
def test_the_rows_of_any_page_lost_are_reported(page: int) -> None:
    assert write_booklet((page,)).validate().report.status != "good"


def test_a_lost_practice_is_no_back_matter_but_residue_with_its_page() -> None:
    edition = write_booklet((LAST - 1, LAST)).validate()
    found = [issue for issue in edition.report.issues if issue.code == "practice_without_rows"]
    assert [(issue.page, issue.severity) for issue in found] == [(LAST - 1, "warning"), (LAST, "warning")]
    assert found[0].text == HEADINGS[-1]
    assert {left.box.page for left in edition.report.residue} == {LAST - 1, LAST}
    assert all(account.front_matter == 0 for account in edition.report.glyphs if account.page >= FIRST)


def test_a_page_with_the_heading_alone_is_reported() -> None:
    booklet = write_booklet()
    booklet.write(LAST + 1, "Rumānija: Sarunas", size=14)
    assert spoiling(booklet.validate()) == {"practice_without_rows", "residue"}


def test_a_value_that_goes_on_behind_the_last_row_is_reported() -> None:
    booklet = write_booklet()
    booklet.write(LAST + 1, "un tā turpinās uz nākamās", "lappuses bez rindām.", x0=200)
    assert spoiling(booklet.validate()) == {"practice_without_rows", "residue"}


def write_contents(booklet: Booklet, page: int) -> None:
    booklet.write(page, *(f"{heading} {number}" for number, heading in enumerate(HEADINGS)), size=14)


def write_partners(booklet: Booklet, page: int) -> None:
    for heading in ("Rumānija: Institūts", "Grieķija: Centrs"):
        booklet.write(page, heading, size=14)
        booklet.write(page, "Galvenā iela 1, tālrunis 1234567")


def write_address(booklet: Booklet, page: int) -> None:
    booklet.write(page, "Rumānija: Institūts, Galvenā iela 1", "Izdevējs: Fonds", "ISBN 978-9934")


def write_imprint(booklet: Booklet, page: int) -> None:
    """Set a part of the imprint at the tables' value column, below its heading."""
    booklet.write(page, "Izdevējs", "ISBN 978-9934", "Rīga")
    booklet.write(page, "Vāka attēls", "Druka", x0=200)


def write_annex(booklet: Booklet, page: int) -> None:
    booklet.write(page, "Pielikums", size=14)
    booklet.write(page, "Mērķis ir izplatīt šīs prakses.", *["Teksts, kas aizņem visu lappusi."] * 40)


def write_prose(booklet: Booklet, page: int) -> None:
    booklet.write(page, "Īstenošanas līmenis ir dažāds, kā rāda", "visas šeit apkopotās prakses.")


@pytest.mark.parametrize(
    "write", [write_contents, write_partners, write_address, write_imprint, write_annex, write_prose]
)
@pytest.mark.parametrize("page", [1, LAST + 1, LAST + 2])
def test_sound_front_and_back_matter_is_good(write: Callable[[Booklet, int], None], page: int) -> None:
    booklet = write_booklet()
    if page == 1:
        rest, booklet.content = booklet.content, []
        write(booklet, page)
        booklet.content += rest
    else:
        write(booklet, page)
    edition = booklet.validate()
    assert edition.report.status == "good"
    assert sum(account.front_matter for account in edition.report.glyphs if account.page == page)


@pytest.mark.parametrize(
    ("numbers", "reported"),
    [
        (("1.", "2.", "3.", "4."), False),
        (("2.", "3.", "4.", "5."), False),
        (("1.", "2.", "1.", "2."), False),
        (("", "2.", "", "4."), False),
        (("1.", "3.", "4.", "5."), True),
        (("1)", "2)", "4)", "5)"), True),
        (("VIII.", "IX.", "X.", "XI."), False),
        (("III.", "IV.", "VI.", "VII."), True),
        (("XXXIX)", "XL)", "XLI)", "XLIII)"), True),
    ],
)
def test_a_number_skipped_between_headings_is_reported(numbers: Sequence[str], reported: bool) -> None:
    headings = [f"{number} {heading}".strip() for number, heading in zip(numbers, HEADINGS, strict=True)]
    edition = write_booklet(headings=headings).validate()
    assert len(edition.practices) == len(HEADINGS)
    assert (spoiling(edition) == {"heading_number_skipped"}) is reported
    assert (edition.report.status == "incomplete") is reported
