"""Scanned layouts through the whole pipeline: the same rows and fields as printed, but for single letters."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

import pytest
import yaml

from pipeline import paths
from pipeline.models.edition import ValidatedEdition
from pipeline.models.practice import Practice
from pipeline.models.row import Row
from pipeline.run.options import Options
from pipeline.run.runner import extract, stitch_file
from tests.factory.content import load_content
from tests.factory.layout import Layout
from tests.factory.truth import TypesetEdition
from tests.factory.typesetting import typeset
from tests.stages.read.recognise.scanning import error_rate, join, require_recognition, scan, stamp

pytestmark = pytest.mark.check

MOST_ERRORS: Final = 0.01
"""Highest character error rate that passes; measured on these pages: 0.003 and less (`docs/scans.md`)."""
FONT: Final = "Libertinus Serif"


@pytest.fixture(autouse=True)
def _needs_recognition() -> None:
    require_recognition()


def write(folder: Path, name: str, pdf_bytes: bytes, language: str | None = None) -> Path:
    path = folder / f"{name}.pdf"
    path.write_bytes(pdf_bytes)
    if language is not None:
        sidecar = {
            "title": "Scan",
            "publisher": None,
            "language": language,
            "sha256": hashlib.sha256(pdf_bytes).hexdigest(),
            "origin": "scanned by the tests",
        }
        path.with_suffix(".yaml").write_text(yaml.safe_dump(sidecar))
    return path


@pytest.fixture(scope="module")
def booklet() -> TypesetEdition:
    return typeset("typst", load_content("short_lv"), Layout(font=FONT, fills="label"))


@pytest.fixture(scope="module")
def scanned(booklet: TypesetEdition, tmp_path_factory: pytest.TempPathFactory) -> ValidatedEdition:
    """Four practices on four scanned pages, without a sidecar: the language is told by a first look."""
    require_recognition()
    pages = range(1, booklet.truth.pages + 1)
    return extract(write(tmp_path_factory.mktemp("scans"), "short", scan(booklet.pdf_bytes, pages)))


@pytest.fixture(scope="module")
def printed(booklet: TypesetEdition, tmp_path_factory: pytest.TempPathFactory) -> ValidatedEdition:
    """The same pages with their text layer."""
    return extract(write(tmp_path_factory.mktemp("printed"), "short", booklet.pdf_bytes))


def texts(practice: Practice) -> dict[str, tuple[str, str]]:
    """Give the label and text of each field that the practice has."""
    return {
        name: (value.label, value.text)
        for name in type(practice.fields).model_fields
        if (value := getattr(practice.fields, name)) is not None
    }


def test_worn_paper_in_uneven_light_gives_the_rows_of_the_print(
    booklet: TypesetEdition, printed: ValidatedEdition, tmp_path: Path
) -> None:
    worn = scan(booklet.pdf_bytes, (1, 2), dpi=300, noise=6, edge=20, specks=20, worn=True)
    found = extract(write(tmp_path, "worn", worn, "lv")).practices[0]
    wanted = texts(printed.practices[0])
    got = texts(found)
    assert list(got) == list(wanted)
    assert error_rate([(got[name][1], wanted[name][1]) for name in wanted]) <= MOST_ERRORS


def test_a_scan_gives_the_rows_and_fields_of_the_print(scanned: ValidatedEdition, printed: ValidatedEdition) -> None:
    assert scanned.edition.language == "lv"
    assert [one.id for one in scanned.practices] == [one.id for one in printed.practices]
    assert scanned.report.counts.rows == printed.report.counts.rows
    pairs = []
    for got, want in zip(scanned.practices, printed.practices, strict=True):
        assert got.countries == want.countries
        assert got.pages == want.pages
        assert [row.label for row in got.unmapped] == []
        found, expected = texts(got), texts(want)
        assert found.keys() == expected.keys(), want.id
        pairs += [(got.title, want.title)]
        pairs += [("\n".join(found[name]), "\n".join(expected[name])) for name in expected]
    assert error_rate(pairs) <= MOST_ERRORS
    assert scanned.report.counts.residue == 0


def test_every_value_says_that_it_was_recognised(scanned: ValidatedEdition, printed: ValidatedEdition) -> None:
    assert scanned.report.recognised_pages == tuple(range(1, scanned.edition.pages + 1))
    for practice in scanned.practices:
        fields = json.loads(practice.model_dump_json())["fields"]
        for value in fields.values():
            assert value is None or 0 < value["recognised"]["confidence"] <= 1
    for practice in printed.practices:
        assert "recognised" not in practice.model_dump_json()
    told = [issue for issue in scanned.report.issues if issue.code == "page_recognised"]
    assert [issue.page for issue in told] == list(scanned.report.recognised_pages)
    assert all(issue.score is not None and issue.score > 0.8 and "words" in issue.message for issue in told)
    assert all("straightened" in issue.message for issue in told)


def test_boxes_lie_where_the_print_has_them(scanned: ValidatedEdition, printed: ValidatedEdition) -> None:
    """Within what straightening about the page's middle moves, and the difference of fonts and recognised type."""
    for got, want in zip(scanned.practices, printed.practices, strict=True):
        for name in texts(want):
            found, expected = getattr(got.fields, name), getattr(want.fields, name)
            assert [box.page for box in found.value_boxes] == [box.page for box in expected.value_boxes]
            for one, other in zip(found.value_boxes, expected.value_boxes, strict=True):
                for side in ("x0", "top", "x1", "bottom"):
                    assert getattr(one, side) == pytest.approx(getattr(other, side), abs=6), (want.id, name, side)


def test_a_table_without_rules_is_found_by_its_gutter(tmp_path: Path) -> None:
    layout = Layout(font=FONT, rules="none", padding=5, label_bold=True)
    edition = typeset("typst", load_content("short_lv"), layout)
    path = write(tmp_path, "gutter", scan(edition.pdf_bytes, (1, 2)), "lv")
    document = stitch_file(path, Options()).content
    rows = [part for part in document.content if isinstance(part, Row)]
    truth = [row for row in edition.truth.rows if max(row.pages) <= 2]
    assert len(rows) == len(truth)
    pairs = [(row.label.one_line, want.label) for row, want in zip(rows, truth, strict=True)]
    pairs += [(row.value.text, want.value) for row, want in zip(rows, truth, strict=True)]
    assert error_rate(pairs) <= MOST_ERRORS


def test_a_scanned_page_among_others(booklet: TypesetEdition, printed: ValidatedEdition, tmp_path: Path) -> None:
    """Its language is that of the other pages; stray and hidden text on it is left out; nothing else changes."""
    page = stamp(stamp(scan(booklet.pdf_bytes, (2,)), "Scanned 1"), "Other words " * 20, invisible=True)
    mixed = extract(
        write(tmp_path, "short", join((booklet.pdf_bytes, (1,)), (page, (1,)), (booklet.pdf_bytes, (3, 4))))
    )
    assert mixed.report.recognised_pages == (2,)
    for number, (got, want) in enumerate(zip(mixed.practices, printed.practices, strict=True)):
        assert texts(got).keys() == texts(want).keys()
        if number != 1:
            assert got.fields == want.fields
    (told,) = (issue for issue in mixed.report.issues if issue.code == "page_recognised")
    assert "stray or hidden" in told.message
    assert not any(
        "Other words" in text for practice in mixed.practices for pair in texts(practice).values() for text in pair
    )


@pytest.mark.parametrize("turn", [90, 180])
def test_a_page_that_lay_turned_on_the_glass(booklet: TypesetEdition, tmp_path: Path, turn: int) -> None:
    path = write(tmp_path, f"turned{turn}", scan(booklet.pdf_bytes, (1,), turn=turn), "lv")  # type: ignore[arg-type]
    stored = stitch_file(path, Options())
    rows = [part for part in stored.content.content if isinstance(part, Row)]
    truth = [row for row in booklet.truth.rows if row.pages == (1,)]
    assert len(rows) == len(truth)
    assert error_rate([(row.value.text, want.value) for row, want in zip(rows, truth, strict=True)]) <= MOST_ERRORS
    assert stored.edition.pages[0].width < stored.edition.pages[0].height


def test_the_first_practice_of_the_reference_edition(tmp_path: Path) -> None:
    assert paths.REPOSITORY is not None
    source = paths.REPOSITORY / "raw" / "raccombat-lv.pdf"
    golden = json.loads((paths.REPOSITORY / "extracted" / "raccombat-lv" / "bg-1.json").read_text())
    path = write(tmp_path, "reference", scan(source.read_bytes(), (2, 3, 4), dpi=300), "lv")
    validated = extract(path)
    (practice,) = validated.practices
    assert practice.id == "bg-1"
    assert practice.unmapped == ()
    found = texts(practice)
    expected = {name: (value["label"], value["text"]) for name, value in golden["fields"].items() if value is not None}
    assert found.keys() == expected.keys()
    assert error_rate([("\n".join(found[name]), "\n".join(expected[name])) for name in expected]) <= MOST_ERRORS


@pytest.mark.serial
def test_twelve_pages_under_the_default_limits(tmp_path: Path) -> None:
    """All pages leaned by 0.4 degrees, with a dark line at their left edge, and no sidecar: every row is there."""
    layout = Layout(paper="a5", break_rows=False)
    edition = typeset("typst", load_content("booklet_lv"), layout)
    assert edition.truth.pages == 12
    pages = range(1, edition.truth.pages + 1)
    found = extract(write(tmp_path, "twelve", scan(edition.pdf_bytes, pages, dpi=200, skew=0.4, edge=3)))
    assert found.report.recognised_pages == tuple(pages)
    assert [issue.code for issue in found.report.issues if issue.severity == "error"] == []
    printed = extract(write(tmp_path, "printed", edition.pdf_bytes))
    assert found.report.counts.rows == printed.report.counts.rows == len(edition.truth.rows)
    for got, want in zip(found.practices, printed.practices, strict=True):
        assert got.id == want.id
        assert texts(got).keys() == texts(want).keys()
