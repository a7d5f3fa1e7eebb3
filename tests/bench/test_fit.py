"""Which change of a weight fits best, and what it is worth to documents that it was not chosen by."""

from __future__ import annotations

import json
from pathlib import Path

from bench import fit
from pipeline.models.page import Source
from tests.stages.segment.building import Drawing, draw_table, make_source


def make_document(name: str, source: Source, rows: dict[tuple[str, str], int]) -> fit.Document:
    return fit.Document(name, name, source, fit.Counter(rows), set())


def test_missing_and_spurious_rows_are_errors() -> None:
    drawing = Drawing()
    rows = ((("Name",), ("Workshop",)), (("Year",), ("2018",)))
    draw_table(drawing, 100, rows=rows, grid=True)
    source = make_source(drawing)
    known = {fit.squeeze("Name:", "Workshop"): 1, fit.squeeze("Year", ": 20 18"): 1}
    documents = [
        make_document("whole", source, known),
        make_document("missing", source, {**known, ("Country", "Latvia"): 1}),
        make_document("none", source, {}),
    ]
    assert fit.count_errors(documents) == {"whole": 0, "missing": 1, "none": 2}


def test_a_change_is_chosen_by_the_other_documents() -> None:
    single = [["a"], ["b"], ["c"]]
    base = {"a": 1, "b": 1, "c": 1}
    tried = {"good for a alone": {"a": 0, "b": 2, "c": 2}, "good for all": {"a": 0, "b": 0, "c": 1}}
    assert fit.leave_one_out(single, base, tried) == 1
    alone = {"good for a alone": {"a": 0, "b": 1, "c": 4}}
    assert fit.leave_one_out(single, base, alone) == 6
    assert fit.leave_one_out([["a"], ["b", "c"]], base, alone) == 6
    assert fit.leave_one_out([["a", "c"], ["b"]], {**base, "b": 2}, alone) == 6


def test_weights_are_as_before_afterwards() -> None:
    before = dict(fit.WEIGHTS)
    tried = fit.try_changes([], ["enter", "far_gap"])
    assert list(tried) == ["enter × 0", "enter × 0.6", "enter × 1.5", "far_gap × 0.6", "far_gap × 1.5"]
    assert before == fit.WEIGHTS


def test_forms_without_a_pdf_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "form.json").write_text(json.dumps({"tables": []}))
    assert list(fit.read_forms(tmp_path)) == []
