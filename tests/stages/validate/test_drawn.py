"""What a person reads among a practice's rows, and no reader does, keeps an edition from good."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from pipeline.models.edition import ValidatedEdition
from pipeline.models.geometry import Box
from pipeline.models.layout import Word
from pipeline.models.page import Concealed, Drawn
from pipeline.run.runner import extract
from pipeline.stages.validate.drawn import report_drawn
from pipeline.stages.validate.edition import build_edition
from tests.editions.building import write_mini
from tests.stages.read.redrawing import Way, redraw
from tests.synthetic import make_edition

LAST_PAGE = 5
"""Where the first practice of the English mini-edition ends."""


def drawn_boxes(edition: ValidatedEdition) -> list[tuple[str | None, Box | None]]:
    return [(issue.practice, issue.box) for issue in edition.report.issues if issue.code == "text_drawn"]


def write_first_practice(folder: Path) -> Path:
    """Write the pages up to the first practice's last."""
    path = write_mini("mini_en", folder)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        del pdf.pages[LAST_PAGE:]
        pdf.save(path)
    return path


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> ValidatedEdition:
    return extract(write_first_practice(tmp_path_factory.mktemp("sound")))


@pytest.mark.parametrize("way", ["outlines", "picture"])
@pytest.mark.parametrize("parts", [("label",), ("value",), ("label", "value")], ids=["label", "value", "row"])
def test_a_row_that_is_drawn_spoils_good(
    sound: ValidatedEdition, tmp_path: Path, way: Way, parts: tuple[str, ...]
) -> None:
    assert sound.report.status == "good"
    assert not drawn_boxes(sound)
    (practice,) = sound.practices
    path = write_first_practice(tmp_path)
    drawn = []
    for place in (2, -1):
        field = list(practice.fields.present.values())[place]
        page = field.value_boxes[0].page
        boxes = [
            (box.x0 - 1, box.top - 1, box.x1 + 1, box.bottom + 1)
            for part in parts
            for box in getattr(field, f"{part}_boxes")
        ]
        redraw(path, page, boxes, way)
        drawn.append((practice.id, page))
    edition = extract(path)
    assert edition.report.status != "good"
    assert [(owner, box and box.page) for owner, box in drawn_boxes(edition)] == drawn


def drawn_in_synthetic(*parts: Drawn, pages: tuple[int, ...] = (2,)) -> int:
    info, normalised = make_edition()
    numbered = tuple(page.model_copy(update={"drawn": parts}) if page.number in pages else page for page in info.pages)
    edition = build_edition(info.model_copy(update={"pages": numbered}), normalised)
    return len(drawn_boxes(edition))


@pytest.mark.parametrize(
    ("drawn", "count"),
    [
        (Drawn("letters", 60, 70, 120, 78), 1),  # among the rows
        (Drawn("letters", 60, 500, 120, 508), 0),  # a chart or a logo below them
        (Drawn("letters", 200, 500, 320, 508), 1),  # below them, where the values begin
        (Drawn("letters", 560, 70, 590, 78), 0),  # in the margin
        (Drawn("picture", 200, 60, 400, 90), 0),  # a picture with text around it
    ],
)
def test_where_drawn_letters_are_a_row_s(drawn: Drawn, count: int) -> None:
    assert drawn_in_synthetic(drawn) == count


def test_what_recurs_on_pages_is_a_running_ornament() -> None:
    assert drawn_in_synthetic(Drawn("letters", 60, 70, 120, 78), pages=(2, 3, 4)) == 0


def test_letters_drawn_on_a_page_before_all_rows_are_no_practice_s() -> None:
    info, normalised = make_edition()
    lines = tuple(Drawn("letters", 60, top, 320, top + 8) for top in (70, 90, 110))
    cover = info.pages[0].model_copy(update={"number": 0})
    foreword = info.pages[0].model_copy(update={"drawn": lines})
    chapters = [each.record.chapter for each in normalised.records]
    assert min(box.page for chapter in chapters for row in chapter.rows for box in row.value.boxes) > foreword.number
    assert not list(report_drawn((cover, foreword, *info.pages[1:]), chapters))


@pytest.mark.parametrize(
    ("box", "empty", "place"),
    [
        ((200, 64, 240, 74), True, "all of a value"),
        ((200, 64, 240, 74), False, None),  # a part of it
        ((60, 64, 100, 74), False, "where a label is expected"),
        ((120, 53, 160, 61), False, None),  # next to a label
        ((50, 77, 90, 87), False, "where a label is expected"),  # of a row of which nothing is left
        ((50, 77, 540, 87), False, "where a label is expected"),  # all of it in one piece
        ((50, 130, 540, 140), False, "where a label is expected"),  # the last row
        ((200, 130, 540, 140), False, None),  # what has no part in the column of labels
        ((70, 400, 110, 410), False, None),  # below the rows, and not at their edge
        ((560, 64, 590, 74), False, None),  # in the margin
    ],
)
def test_text_that_nobody_sees_in_a_row_s_place_spoils_good(
    box: tuple[float, float, float, float], empty: bool, place: str | None
) -> None:
    info, normalised = make_edition()
    record = normalised.records[0]
    if empty:
        fields = {**record.record.fields}
        fields["locations"] = fields["locations"].model_copy(update={"text": ""})
        rows = [
            row.model_copy(update={"value": replace(row.value, paragraphs=())}) if number == 0 else row
            for number, row in enumerate(record.record.chapter.rows)
        ]
        chapter = record.record.chapter.model_copy(update={"rows": tuple(rows)})
        changed = record.record.model_copy(update={"fields": fields, "chapter": chapter})
        record = record.model_copy(update={"record": changed, "available": {**record.available, "locations": False}})
    part = Concealed("covered", *box, 7)
    pages = [
        page.model_copy(update={"concealed": (part,), "glyphs": page.glyphs + 7}) if page.number == 2 else page
        for page in info.pages
    ]
    changed_info = info.model_copy(update={"pages": tuple(pages)})
    report = build_edition(
        changed_info, normalised.model_copy(update={"records": (record, *normalised.records[1:])})
    ).report
    issues = [issue for issue in report.issues if issue.code == "row_concealed"]
    assert [(issue.practice, issue.page, f" {place}, " in issue.message) for issue in issues] == [("bg-1", 2, True)] * (
        place is not None
    )
    assert (report.status == "good") == (place is None)


@pytest.mark.parametrize(
    ("of_label", "start", "over"), [(True, 60.0, True), (False, 205.0, True), (False, 260.0, False)]
)
def test_texts_over_one_another_in_a_label_or_value_spoil_good(of_label: bool, start: float, over: bool) -> None:
    info, normalised = make_edition()
    record = normalised.records[0]
    row, *others = record.record.chapter.rows
    (part,) = row.fragments
    line = (part.label_lines if of_label else part.value_lines)[0]
    first = Word(line.text, line.box.x0, line.box.x0 + 40)
    changed = replace(line, words=(first, Word("over", start, start + 40)))
    key = "label_lines" if of_label else "value_lines"
    row = row.model_copy(update={"fragments": (replace(part, **{key: (changed,)}),)})
    chapter = record.record.chapter.model_copy(update={"rows": (row, *others)})
    changed_record = record.model_copy(update={"record": record.record.model_copy(update={"chapter": chapter})})
    records = (changed_record, *normalised.records[1:])
    report = build_edition(info, normalised.model_copy(update={"records": records})).report
    found = [issue for issue in report.issues if issue.code == "texts_overlap"]
    assert [(issue.practice, issue.page) for issue in found] == [("bg-1", 2)] * over
    assert (report.status == "good") == (not over)
