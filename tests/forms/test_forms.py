"""Forms by many hands give the rows that a person reads; what is right by now in each kind may not get lost.

Rows are compared without white space, bullets and the colon of a colon column; paragraphs are tested elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from pipeline.models.row import Row
from pipeline.stages.segment.pages import segment_pages
from pipeline.stages.stitch.document import stitch_document
from tests.forms.stored import SOURCES, Expected, Floor, load_expected, load_floors, pdf_path, write_pdf
from tests.reading import read_source

Cells = tuple[str, str, bool]
"""A row as it is compared: its label and its value without white space, and whether it runs over a page break."""
MOST_BYTES = 2_000_000


def _squash(text: str) -> str:
    text = re.sub(r"(?m)^\s*[-•▪]\s+", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"\s+", "", text)


def _cells(label: str, value: Iterable[str], *, broken: bool) -> Cells:
    return _squash(label).rstrip(":"), "".join(_squash(text) for text in value).lstrip(":"), broken


def _expected_cells(expected: Expected) -> list[Cells]:
    return [_cells(label, value, broken=label in expected.broken) for label, *value in expected.rows]


def _read_cells(path: Path, expected: Expected) -> list[Cells]:
    content = stitch_document(segment_pages(read_source(path))).content
    rows = [item for item in content if isinstance(item, Row)]
    cells = [_cells(row.label.one_line, [row.value.text], broken=len(row.pages) > 1) for row in rows]
    headings = {_squash(heading) for heading in expected.headings}
    return [(label, value, broken) for label, value, broken in cells if value or label not in headings]


def judge(expected: list[Cells], found: list[Cells]) -> Floor:
    """Count the rows that are right, those of them that run over a page break, and the wrong ones among the found."""
    right = Counter(expected) & Counter(found)
    broken = sum(number for cells, number in right.items() if cells[2])
    return Floor(rows=right.total(), broken=broken, wrong=len(found) - right.total())


FORMS = load_expected()
KINDS = sorted({expected.kind for expected in FORMS.values()})


def test_every_form_has_a_source_a_pdf_and_a_floor() -> None:
    assert sorted(path.name.split(".")[0] for path in SOURCES.iterdir()) == sorted(FORMS)
    assert sorted(pdf_path("form").parent.iterdir()) == [pdf_path(name) for name in sorted(FORMS)]
    assert sorted(load_floors()) == KINDS
    assert sum(pdf_path(name).stat().st_size for name in FORMS) < MOST_BYTES


@pytest.mark.parametrize("kind", KINDS)
def test_no_row_of_a_kind_gets_lost(kind: str, tmp_path: Path) -> None:
    floor = load_floors()[kind]
    names = [name for name, expected in FORMS.items() if expected.kind == kind]
    pairs = [(_expected_cells(FORMS[name]), _read_cells(write_pdf(name, tmp_path), FORMS[name])) for name in names]
    results = [judge(*pair) for pair in pairs]
    missing = [cells for expected, found in pairs for cells in (Counter(expected) - Counter(found)).elements()]
    wrong = [cells for expected, found in pairs for cells in (Counter(found) - Counter(expected)).elements()]
    said = f"missing: {missing}\nwrong: {wrong}"
    assert sum(result.rows for result in results) >= floor.rows, said
    assert sum(result.broken for result in results) >= floor.broken, said
    assert sum(result.wrong for result in results) <= floor.wrong, said


def test_the_judge_sees_a_row_that_is_lost_cut_or_printed_twice() -> None:
    expected = [("Name", "Abe", False), ("Aim", "Tolearn", True)]
    assert judge(expected, list(expected)) == Floor(rows=2, broken=1, wrong=0)
    assert judge(expected, expected[:1]) == Floor(rows=1, broken=0, wrong=0)
    assert judge(expected, [*expected, expected[0]]) == Floor(rows=2, broken=1, wrong=1)
    assert judge(expected, [expected[0], ("Aim", "To", False), ("", "learn", False)]) == Floor(
        rows=1, broken=0, wrong=2
    )
