"""Real kinds of documents (procurement papers, safety data sheets, fact sheets, forms) give the rows a person reads.

The expected rows under `expected/` were written by hand from the sources, never copied from what the stages gave.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
import yaml
from pydantic import BaseModel, ConfigDict

from pipeline.cli.main import main
from pipeline.models.row import Document, Row, TextBlock
from pipeline.stages.segment.pages import segment_pages
from pipeline.stages.stitch.document import stitch_document
from tests.documents.typesetting import DOCUMENTS
from tests.reading import read_source

EXPECTED = Path(__file__).with_name("expected")


class LeftOutTable(BaseModel):
    """A table that is no label and text table: its page, its columns and how its text begins and ends."""

    model_config = ConfigDict(extra="forbid")

    page: int
    columns: int
    begins: str
    ends: str


class Expected(BaseModel):
    """What a person reads in a document.

    Attributes:
        tables: For each table its rows: the label, then the value's paragraphs.
        weak: Pages whose tables white space alone shows.
        broken: Labels of the rows that run over a page break; all others stand on one page.
        outside: The blocks of text outside the tables, in order; rows that span a table's columns are such blocks.
        furniture: Running lines.
        headers: Words of the header rows, which are no rows.
        left_out: Tables of other shapes.
    """

    model_config = ConfigDict(extra="forbid")

    tables: list[list[list[str]]]
    weak: list[int] = []
    broken: list[str] = []
    outside: list[str]
    furniture: list[str] = []
    headers: list[str] = []
    left_out: list[LeftOutTable] = []


@pytest.fixture(scope="module")
def stitched(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Document]:
    """Give what the stages from read to stitch make of each document."""
    folder = tmp_path_factory.mktemp("documents")

    class Stitched(dict[str, Document]):
        def __missing__(self, name: str) -> Document:
            self[name] = stitch_document(segment_pages(read_source(write_document(name, folder))))
            return self[name]

    return Stitched()


def write_document(name: str, folder: Path) -> Path:
    """Write a document's stored PDF."""
    path = folder / f"{name}.pdf"
    path.write_bytes(DOCUMENTS[name].load_pdf())
    return path


def load_expected(name: str) -> Expected:
    """Give what a person reads in a document."""
    return Expected.model_validate(yaml.safe_load((EXPECTED / f"{name}.yaml").read_text(encoding="utf-8")))


NAMES = sorted(path.stem for path in EXPECTED.glob("*.yaml"))
documents = pytest.mark.parametrize("name", NAMES)


def rows_of(document: Document) -> list[Row]:
    return [item for item in document.content if isinstance(item, Row)]


def test_every_source_has_its_expected_rows() -> None:
    assert sorted(DOCUMENTS) == NAMES


@documents
def test_rows_are_those_a_person_reads(name: str, stitched: dict[str, Document]) -> None:
    expected = [
        (row[0], [unicodedata.normalize("NFC", text) for text in row[1:]])
        for table in load_expected(name).tables
        for row in table
    ]
    found = [
        (row.label.one_line, [paragraph.text for paragraph in row.value.paragraphs]) for row in rows_of(stitched[name])
    ]
    assert found == expected


def test_the_command_prints_the_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rows", str(write_document("tender_notice", tmp_path)), "--json", "--quiet"]) == 0
    printed = json.loads(capsys.readouterr().out)
    (table,) = load_expected("tender_notice").tables
    assert [row["label"] for row in printed["rows"]] == [row[0] for row in table]
    assert [row["text"].split("\n") for row in printed["rows"]] == [row[1:] for row in table]
    assert {row["confidence"] for row in printed["rows"]} == {1.0}
    assert next(row["pages"] for row in printed["rows"] if len(row["pages"]) > 1) == [1, 2]


@documents
def test_each_letter_is_printed_in_a_row_outside_of_rows_or_in_the_residue(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_document(name, tmp_path)
    assert main(["rows", str(path), "--json", "--quiet"]) == 0
    printed = json.loads(capsys.readouterr().out)
    texts = [text for row in printed["rows"] for text in (row["label"], row["text"])]
    texts += [part["text"] for kind in ("outside", "residue") for part in printed[kind]]
    pages = [(page.glyphs, page.glyphs.keep_ink(range(len(page.glyphs.texts)))) for page in read_source(path).pages]
    drawn = "".join(glyphs.texts[index] for glyphs, ids in pages for index in ids)
    found, read = (Counter(filter(str.isalnum, unicodedata.normalize("NFC", text))) for text in ("".join(texts), drawn))
    assert found == read


@documents
def test_rows_of_different_tables_are_told_apart(name: str, stitched: dict[str, Document]) -> None:
    numbers = iter(rows_of(stitched[name]))
    tables = [{next(numbers).table for _ in table} for table in load_expected(name).tables]
    assert all(not one & other for place, one in enumerate(tables) for other in tables[:place])


@documents
def test_rows_over_a_page_break_are_known(name: str, stitched: dict[str, Document]) -> None:
    broken = [row.label.one_line for row in rows_of(stitched[name]) if len(row.pages) > 1]
    assert broken == load_expected(name).broken


@documents
def test_tables_found_by_white_space_alone_are_reported(name: str, stitched: dict[str, Document]) -> None:
    weak = [issue.page for issue in stitched[name].issues if issue.code == "weak_table_evidence"]
    assert weak == load_expected(name).weak


@documents
def test_text_outside_the_tables_is_in_blocks(name: str, stitched: dict[str, Document]) -> None:
    blocks = [item.text.replace("\n", " ") for item in stitched[name].content if isinstance(item, TextBlock)]
    assert blocks == load_expected(name).outside


@documents
def test_running_lines_and_header_rows_are_furniture(name: str, stitched: dict[str, Document]) -> None:
    expected = load_expected(name)
    assert {block.text for block in stitched[name].furniture} == {*expected.furniture, *expected.headers}


@documents
def test_tables_of_other_shapes_are_left_out_and_reported(name: str, stitched: dict[str, Document]) -> None:
    document, expected = stitched[name], load_expected(name).left_out
    tables = [left for left in document.residue if left.reason == "other_table"]
    assert [(left.box.page, left.text[: len(true.begins)]) for left, true in zip(tables, expected, strict=True)] == [
        (true.page, true.begins) for true in expected
    ]
    assert all(left.text.endswith(true.ends) for left, true in zip(tables, expected, strict=True))
    told = [issue for issue in document.issues if issue.code == "left_out_other_table"]
    assert [issue.page for issue in told] == [true.page for true in expected]
    assert all(f"table of {true.columns} columns" in issue.message for issue, true in zip(told, expected, strict=True))


@documents
def test_no_glyph_is_lost(name: str, stitched: dict[str, Document]) -> None:
    document = stitched[name]
    lines = [line for block in document.furniture for line in block.lines]
    for item in document.content:
        if isinstance(item, TextBlock):
            lines += item.lines
        else:
            lines += [line for part in item.fragments for line in (*part.label_lines, *part.value_lines)]
    places = [(line.box.page, glyph) for line in lines for glyph in line.glyphs]
    assert len(places) == len(set(places))
    letters = sum(len("".join(word.text for word in line.words).replace("\u00ad", "")) for line in lines)
    counted = sum(count.glyphs for count in document.counts)
    left = sum(len(residue.text.replace(" ", "")) for residue in document.residue)
    assert letters + left >= counted
