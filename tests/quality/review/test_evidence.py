"""Evidence: each field learns of its own table and of its own page breaks, and weak evidence is doubted."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.models.edition import Report, TableFinding, ValidatedEdition
from pipeline.models.practice import Place, Practice, Recognition
from pipeline.quality.review.evidence import find_evidence


def with_tables(report: Report, *tables: TableFinding) -> Report:
    return report.model_copy(update={"tables": tables})


def make_table(number: int, rows: int, evidence: str, confidence: float = 1.0, **changes: Any) -> TableFinding:
    plain = {"table": number, "practice": "bg-1", "pages": (2, 3), "rows": rows, "evidence": (evidence,)}
    return TableFinding.model_validate({**plain, "confidence": confidence, **changes})


def with_field(practice: Practice, name: str, **changes: Any) -> Practice:
    value = getattr(practice.fields, name).model_copy(update=changes)
    return practice.model_copy(update={"fields": practice.fields.model_copy(update={name: value})})


@pytest.fixture
def practice(edition: ValidatedEdition) -> Practice:
    return edition.practices[0]


def test_rows_are_distinguished_by_the_tables_row_counts(practice: Practice, edition: ValidatedEdition) -> None:
    report = with_tables(edition.report, make_table(0, 2, "grid"), make_table(1, 2, "gutter", 0.6))
    found = find_evidence(practice, report)
    assert found.keys() == {"locations", "implementers", "partners", "period", 0}
    for name in ("locations", "implementers", "partners"):
        assert found[name].facts == ("Table 1 of the edition, found by ruled grid",)
        assert found[name].table_doubts == ()
    for key in ("period", 0):
        assert "Table 2 of the edition, found by white space alone" in found[key].facts
        assert any("60%" in doubt for doubt in found[key].table_doubts)


def test_where_counts_do_not_decide_every_table_of_the_page_is_named(
    practice: Practice, edition: ValidatedEdition
) -> None:
    report = with_tables(edition.report, make_table(0, 9, "grid", pages=(2,)), make_table(1, 9, "fills", pages=(3,)))
    found = find_evidence(practice, report)
    assert found["locations"].facts == ("Table 1 of the edition, found by ruled grid",)
    assert found[0].facts == ("Table 2 of the edition, found by coloured fills",)


@pytest.mark.parametrize(("confidence", "doubted"), [(0.9, False), (0.89, True)])
def test_a_weak_page_break_is_a_doubt_of_its_row_alone(
    practice: Practice, edition: ValidatedEdition, confidence: float, doubted: bool
) -> None:
    joins = tuple(join.model_copy(update={"confidence": (confidence,)}) for join in edition.report.joins)
    assert {join.practice for join in joins} == {"bg-1", "be-1"}
    tables = (make_table(0, 4, "grid"),)
    found = find_evidence(practice, edition.report.model_copy(update={"joins": joins, "tables": tables}))
    assert "Value joined over the page break, pages 2 to 3" in found["period"].facts
    assert bool(found["period"].doubts) is doubted
    for key in ("locations", "implementers", "partners", 0):
        assert not any("page break" in fact for fact in found[key].facts)
        assert found[key].doubts == ()


def test_an_inline_field_has_its_hosts_table(practice: Practice, edition: ValidatedEdition) -> None:
    host = practice.fields.period
    assert host is not None
    inside = host.value_boxes[0].model_copy(update={"top": host.value_boxes[0].top + 1})
    inline = host.model_copy(
        update={"inline": True, "label_boxes": (inside,), "value_boxes": (inside,), "label": "inside"}
    )
    fields = practice.fields.model_copy(update={"participation": inline})
    report = with_tables(edition.report, make_table(0, 2, "grid"), make_table(1, 2, "gutter", 0.6))
    found = find_evidence(practice.model_copy(update={"fields": fields}), report)
    assert found["participation"].facts == (
        "Table 2 of the edition, found by white space alone",
        "Named inside another row's text",
    )
    assert found["period"].facts[0].startswith("Table 2")


@pytest.mark.parametrize(("confidence", "doubted"), [(0.8, False), (0.79, True)])
def test_weak_recognition_is_a_doubt(
    practice: Practice, edition: ValidatedEdition, confidence: float, doubted: bool
) -> None:
    changed = with_field(practice, "locations", recognised=Recognition(confidence=confidence))
    report = with_tables(edition.report, make_table(0, 4, "grid"))
    assert any("letter by letter" in doubt for doubt in find_evidence(changed, report)["locations"].doubts) is doubted


@pytest.mark.parametrize(("confidence", "doubted"), [(0.7, False), (0.69, True)])
def test_a_table_of_little_confidence_is_a_doubt_of_its_rows(
    practice: Practice, edition: ValidatedEdition, confidence: float, doubted: bool
) -> None:
    report = with_tables(edition.report, make_table(0, 4, "rules", confidence))
    assert bool(find_evidence(practice, report)["locations"].table_doubts) is doubted


def test_a_row_without_boxes_is_still_shown(practice: Practice, edition: ValidatedEdition) -> None:
    label: tuple[Place, ...] = practice.fields.locations.label_boxes if practice.fields.locations else ()
    changed = with_field(practice, "locations", value_boxes=(), text="")
    report = with_tables(edition.report, make_table(0, 4, "grid"))
    assert label
    assert find_evidence(changed, report)["locations"].facts == ("Table 1 of the edition, found by ruled grid",)
