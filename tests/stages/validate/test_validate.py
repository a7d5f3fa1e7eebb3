"""Validate: what fits the contract becomes a practice; all else is an issue with its place, never silence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from pipeline.errors import StageError
from pipeline.models.edition import EditionInfo, NormalisedEdition, ValidatedEdition
from pipeline.models.geometry import Box
from pipeline.models.practice import FIELDS, PARTS, Amount
from pipeline.models.record import MappedField
from pipeline.models.row import CellLink
from pipeline.stages.validate.edition import build_edition
from tests.synthetic import HEIGHT, WIDTH, make_edition, make_residue


def run(edition: tuple[EditionInfo, NormalisedEdition]) -> ValidatedEdition:
    return build_edition(*edition)


def codes(validated: ValidatedEdition) -> list[str]:
    return [issue.code for issue in validated.report.issues]


def change_field(edition: NormalisedEdition, name: str, **changes: Any) -> NormalisedEdition:
    """Change a field of the first practice."""
    first = edition.records[0]
    mapped = first.record.fields[name].model_copy(update=changes)
    record = first.record.model_copy(update={"fields": {**first.record.fields, name: mapped}})
    changed = first.model_copy(update={"record": record})
    return edition.model_copy(update={"records": (changed, *edition.records[1:])})


def change_rest(edition: NormalisedEdition, **changes: Any) -> NormalisedEdition:
    return edition.model_copy(update={"rest": edition.rest.model_copy(update=changes)})


def test_a_sound_edition_is_good() -> None:
    validated = run(make_edition())
    assert validated.report.issues == ()
    assert validated.report.status == "good"
    assert [practice.id for practice in validated.practices] == ["bg-1", "be-1"]


def test_practice_holds_every_field_and_its_parts_in_order() -> None:
    practice = run(make_edition()).practices[0]
    plain = practice.model_dump(mode="json")
    assert tuple(plain["fields"]) == FIELDS
    assert plain["fields"]["outreach"] is None
    assert tuple(plain["fields"]["period"])[-4:] == PARTS["period"]
    assert plain["fields"]["locations"]["places"] == ["Here", "there"]
    assert "recognised" not in plain["fields"]["locations"]
    assert plain["pages"] == [2, 3]
    assert plain["unmapped"][0]["field"] == "funding"


def test_a_scanned_value_says_so() -> None:
    info, edition = make_edition()
    validated = run((info, change_field(edition, "locations", confidence=0.5)))
    field = validated.practices[0].model_dump(mode="json")["fields"]["locations"]
    assert field["recognised"] == {"confidence": 0.5}


@pytest.mark.parametrize(
    ("field", "part", "value"),
    [
        ("period", "start", "5/2016"),
        ("period", "start", "2016-13"),
        ("period", "ongoing", "yes"),
        ("locations", "places", "Here"),
        ("locations", "places", [1]),
    ],
)
def test_a_part_that_the_contract_refuses_is_null_and_an_error(field: str, part: str, value: Any) -> None:
    validated = run(make_edition({field: {part: value}}, practices=["bg-1"]))
    practice = validated.practices[0].model_dump(mode="json")
    assert practice["fields"][field][part] is None
    (issue,) = [issue for issue in validated.report.issues if issue.code == "part_refused"]
    assert (issue.practice, issue.field, issue.page, issue.edition) == ("bg-1", field, 2, "tiny")
    assert repr(value) in issue.message
    assert validated.report.status == "errors"


def test_an_unknown_part_is_a_defect_of_the_stage_before() -> None:
    with pytest.raises(StageError, match="shoe_size"):
        run(make_edition({"locations": {"shoe_size": 42}}))


def test_an_unknown_field_is_a_defect_of_the_stage_before() -> None:
    info, edition = make_edition()
    first = edition.records[0]
    fields: dict[str, MappedField] = {**first.record.fields, "weather": first.record.fields["locations"]}
    record = first.model_copy(update={"record": first.record.model_copy(update={"fields": fields})})
    with pytest.raises(StageError, match="weather"):
        run((info, edition.model_copy(update={"records": (record,)})))


def test_two_chapters_of_one_id_would_be_one_file() -> None:
    with pytest.raises(StageError, match="'bg-1'"):
        run(make_edition(practices=["bg-1", "bg-1"]))


@pytest.mark.parametrize("name", ["../bg-1", "bg", "BG-1", "bg-0", "bg-1/x", "-1"])
def test_a_practice_id_that_could_leave_the_folder_is_refused(name: str) -> None:
    info, edition = make_edition(practices=["bg-1"])
    first = edition.records[0]
    chapter = first.record.chapter.model_copy(update={"id": name})
    record = first.model_copy(update={"record": first.record.model_copy(update={"chapter": chapter})})
    with pytest.raises(StageError):
        run((info, edition.model_copy(update={"records": (record,)})))


@pytest.mark.parametrize(
    ("box", "code"),
    [
        (Box(page=2, x0=50, top=40, x1=700, bottom=50), "box_outside_page"),
        (Box(page=2, x0=50, top=60, x1=90, bottom=50), "box_outside_page"),
        (Box(page=1, x0=50, top=40, x1=90, bottom=50), "place_outside_practice"),
        (Box(page=99, x0=50, top=40, x1=90, bottom=50), "place_outside_practice"),
    ],
)
def test_a_place_outside_its_page_or_practice_is_reported(box: Box, code: str) -> None:
    info, edition = make_edition()
    validated = run((info, change_field(edition, "locations", value_boxes=(box,))))
    assert codes(validated) == [code]
    assert validated.report.issues[0].field == "locations"


@pytest.mark.parametrize(("beyond", "told"), [(0.95, []), (1.05, ["box_outside_page"])])
def test_a_box_may_stand_one_point_out_of_its_page(beyond: float, told: list[str]) -> None:
    info, edition = make_edition()
    for box in (
        Box(page=2, x0=-beyond, top=40, x1=90, bottom=50),
        Box(page=2, x0=50, top=-beyond, x1=90, bottom=50),
        Box(page=2, x0=50, top=40, x1=WIDTH + beyond, bottom=50),
        Box(page=2, x0=50, top=40, x1=90, bottom=HEIGHT + beyond),
    ):
        assert codes(run((info, change_field(edition, "locations", value_boxes=(box,))))) == told


def test_a_value_without_a_place_is_reported() -> None:
    info, edition = make_edition()
    assert codes(run((info, change_field(edition, "locations", value_boxes=())))) == ["place_unknown"]


def test_boxes_go_up_by_page_one_each() -> None:
    info, edition = make_edition()
    first, second = edition.records[0].record.fields["period"].value_boxes
    assert codes(run((info, change_field(edition, "period", value_boxes=(second, first))))) == ["place_disordered"]
    assert codes(run((info, change_field(edition, "period", value_boxes=(first, first))))) == ["place_disordered"]


def test_shared_cells_name_each_other_and_have_one_text() -> None:
    info, edition = make_edition()
    assert codes(run((info, change_field(edition, "partners", shared_with=())))) == ["shared_not_mutual"]
    assert set(codes(run((info, change_field(edition, "partners", text="Another"))))) == {"shared_not_mutual"}
    assert codes(run((info, change_field(edition, "locations", shared_with=("funding",))))) == ["shared_not_mutual"]


@pytest.mark.parametrize("text", ["two  spaces", " edge", "blank\n\nline", "bell\x07", "e\u0301", "a\t b", "a\n\t"])
def test_text_in_another_form_is_reported(text: str) -> None:
    info, edition = make_edition()
    assert codes(run((info, change_field(edition, "locations", text=text)))) == ["text_form"]


def test_tabs_separate_the_cells_of_a_table_inside_a_value() -> None:
    info, edition = make_edition()
    assert codes(run((info, change_field(edition, "locations", text="Town\tLoans\nSofia\t412\n\t205")))) == []
    assert codes(run((info, change_field(edition, "locations", label="Town\tLoans")))) == ["text_form"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("\u00d1\u00ee\u00f4\u00e8\u00ff", True),  # София in code page 1251
        ("\u00cc\u00e1\u00e8\u00de\u00ed\u00e1", True),  # Αθήνα and more in 1253
        ("cr\u00e9\u00e9e \u00e0 \u00e9t\u00e9, na\u00efve", False),
        ("\u00c0\u00c8\u00cc", False),
        ("\u041f\u043b\u043e\u0432\u0434\u0438\u0432, \u0391\u03b8\u03ae\u03bd\u03b1, R\u012bga", False),
        ("\u5400\u6f00\u6800\u6500", True),
        ("\u5400\u6f00\u6800", False),
        ("Here \u5400\u6f00\u6800\u6500", False),
        ("Her \u5400\u6f00\u6800\u6500", True),
        ("1\u00aa 2\u00aa 3\u00ba 4\u00ba", False),
    ],
)
@pytest.mark.parametrize("what", ["text", "label"])
def test_letters_that_no_language_of_the_contract_has(text: str, found: bool, what: str) -> None:
    info, edition = make_edition()
    validated = run((info, change_field(edition, "locations", **{what: text})))
    assert ("letters_doubtful" in codes(validated)) is found
    assert (validated.report.status == "good") is not found


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"start": "2019", "end": "2018-05", "edtf": "2019/2018-05"}, "period_reversed"),
        ({"start": "2016", "end": None, "edtf": "2017/.."}, "period_disagrees"),
        ({"start": "2016", "end": "2018", "edtf": "2016/.."}, "period_disagrees"),
        ({"start": "2016", "end": None, "edtf": None}, "period_disagrees"),
        ({"start": "2016", "end": None, "edtf": "2016/", "ongoing": True}, "period_disagrees"),
        ({"start": "2016", "end": None, "edtf": "2016/..", "ongoing": False}, "period_disagrees"),
        ({"start": "2015-02-29", "end": None, "edtf": "2015-02-29/.."}, "no_such_date"),
    ],
)
def test_dates_in_disorder_are_reported(parts: dict[str, Any], code: str) -> None:
    assert codes(run(make_edition({"period": parts}, practices=["bg-1"]))) == [code]


def test_a_start_within_the_end_is_in_order() -> None:
    parts: dict[str, Any] = {"start": "2018-06", "end": "2018", "edtf": "2018-06/2018"}
    assert codes(run(make_edition({"period": parts}))) == []


@pytest.mark.parametrize(("edtf", "ongoing"), [("2016/", False), ("2016/", None), ("2016/..", None), ("2016/..", True)])
def test_an_end_that_is_not_stated_agrees_with_what_still_runs(edtf: str, ongoing: bool | None) -> None:
    assert codes(run(make_edition({"period": {"start": "2016", "end": None, "edtf": edtf, "ongoing": ongoing}}))) == []


def test_a_link_that_a_browser_runs_is_reported() -> None:
    info, edition = make_edition()
    link = CellLink(url="javascript:alert(1)", text="", start=0, end=0)
    assert codes(run((info, change_field(edition, "locations", links=(link,))))) == ["link_active"]


def test_a_country_that_does_not_exist_is_reported() -> None:
    assert codes(run(make_edition(practices=["qx-1"]))) == ["country_not_in_iso_3166"]


def test_links_keep_their_order() -> None:
    info, edition = make_edition()
    links = tuple(CellLink(url=f"https://example.org/{name}", text=name, start=0, end=1) for name in "ba")
    validated = run((info, change_field(edition, "locations", links=links)))
    field = validated.practices[0].fields.locations
    assert field is not None
    assert [link.url for link in field.links] == ["https://example.org/b", "https://example.org/a"]


def test_the_account_of_every_page_adds_up() -> None:
    info, edition = make_edition()
    accounts = run((info, edition)).report.glyphs
    assert [account.page for account in accounts] == [page.number for page in info.pages]
    for account in accounts:
        places = account.label + account.value + account.heading + account.front_matter + account.furniture
        assert places + sum(account.residue.values()) + account.blank == account.seen
        assert account.blank == 0
    first = accounts[0]
    assert (first.front_matter, first.furniture) == (len("Fifteen good practices"), len("Page 1"))
    assert accounts[1].heading == len("Somewhere 0: a practice")
    assert accounts[1].label == len("PlaceWho / With whomWhen")
    assert accounts[2].value == len("2016-05Fair")


def test_a_lost_glyph_is_an_error() -> None:
    info, edition = make_edition()
    validated = run((info, change_rest(edition, front_matter=())))
    (issue,) = validated.report.issues
    assert (issue.code, issue.severity, issue.page) == ("glyphs_lost", "error", 1)
    assert validated.report.status == "errors"


def test_a_glyph_in_two_places_is_an_error_even_where_the_sum_is_right() -> None:
    info, edition = make_edition()
    front = edition.rest.front_matter[0]
    line = front.lines[0]
    doubled = replace(line, glyphs=(line.glyphs[0], *line.glyphs[:-1]))
    block = front.model_copy(update={"lines": (doubled,)})
    assert codes(run((info, change_rest(edition, front_matter=(block,))))) == ["glyphs_twice"]


def change_first_page(info: EditionInfo, **changes: Any) -> EditionInfo:
    return info.model_copy(update={"pages": (info.pages[0].model_copy(update=changes), *info.pages[1:])})


def test_copies_count_with_the_place_of_their_glyph() -> None:
    info, edition = make_edition()
    seen = info.pages[0].glyphs + 2
    validated = run((change_first_page(info, glyphs=seen, copies=((0, 2),)), edition))
    assert validated.report.issues == ()
    first = validated.report.glyphs[0]
    assert (first.front_matter, first.copies, first.seen) == (len("Fifteen good practices") + 2, 2, seen)


def test_white_space_outside_the_lines_is_no_loss() -> None:
    info, edition = make_edition()
    seen = info.pages[0].glyphs
    validated = run((change_first_page(info, glyphs=seen + 1, white=(seen,)), edition))
    assert validated.report.issues == ()
    assert validated.report.glyphs[0].blank == 1
    lost = run((change_first_page(info, glyphs=seen + 2, white=(seen,)), edition))
    assert codes(lost) == ["glyphs_lost"]


def test_residue_is_counted_by_name_and_reported_with_its_place() -> None:
    info, edition = make_edition()
    residue = make_residue(1, "stray")
    changed = change_first_page(info, glyphs=info.pages[0].glyphs + 5)
    report = run((changed, change_rest(edition, residue=(residue,)))).report
    assert report.glyphs[0].residue == {"other_table": 5}
    assert report.counts.residue == 5
    assert report.residue == (residue,)
    (issue,) = report.issues
    assert (issue.code, issue.page, issue.text) == ("residue", 1, "stray")


def test_text_on_a_page_that_the_file_does_not_have_is_an_error() -> None:
    info, edition = make_edition()
    assert codes(run((info, change_rest(edition, residue=(make_residue(99, "x"),))))) == ["glyphs_nowhere", "residue"]


def test_the_report_has_joins_and_evidence() -> None:
    report = run(make_edition(practices=["bg-1"])).report
    (join,) = report.joins
    assert (join.label, join.pages, join.label_joined, join.value_joined) == ("When", (2, 3), False, True)
    (table,) = report.tables
    assert (table.rows, table.pages, table.evidence, table.confidence) == (4, (2, 3), ("grid", "gutter"), 0.75)
    counts = report.counts
    assert (counts.rows_over_page_breaks, counts.labels_over_page_breaks, counts.values_over_page_breaks) == (1, 0, 1)
    assert (counts.rows, counts.fields, counts.unmapped) == (4, 4, 1)


def test_a_page_that_could_not_be_read_has_no_size() -> None:
    info, normalised = make_edition()
    first, *others = info.pages
    unread = first.model_copy(update={"width": 0.0, "height": 0.0})
    account, second, *_ = run((info.model_copy(update={"pages": (unread, *others)}), normalised)).report.glyphs
    assert (account.width, account.height) == (None, None)
    assert (second.width, second.height) == (others[0].width, others[0].height)


@pytest.mark.parametrize("value", [-5, -0.5])
def test_no_sum_of_money_is_below_zero(value: float) -> None:
    assert Amount(value=abs(value), currency="EUR").value == abs(value)
    with pytest.raises(ValidationError):
        Amount(value=value, currency="EUR")
