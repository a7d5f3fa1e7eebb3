"""Labels that no word knows, read by what the practices of an edition have in common."""

from __future__ import annotations

from pipeline.lexicon import load_lexicon
from pipeline.models.record import Record
from pipeline.stages.map.agreement import AGREEING_PRACTICES, find_agreed
from pipeline.stages.map.mapping import map_chapter
from tests.stages.map.building import make_chapter, rows_of

EN = load_lexicon("en")
UNKNOWN = "Zones where it takes place"
"""Half of its words are those of a field, and one is known to nobody."""
FORM = (
    ("Level at which it is implemented", "Local"),
    ("Main idea, initial situation (why?)", "Nobody had asked the neighbours."),
)


def map_form(*rows: tuple[str, str], agreed: dict[str, str] | None = None) -> Record:
    return map_chapter(make_chapter(rows_of(*rows)), "edition", EN, agreed=agreed or {})


def map_practices(count: int, *rows: tuple[str, str]) -> list[Record]:
    return [map_form(*rows) for _ in range(count)]


def test_a_label_that_recurs_where_one_field_is_left_is_that_fields() -> None:
    rows = ((UNKNOWN, "Riga, Tartu"), *FORM)
    assert [row.suggestion for row in map_form(*rows).unmapped] == ["locations"]
    agreed = find_agreed(map_practices(AGREEING_PRACTICES, *rows), EN)
    assert agreed["zones where it takes place"] == "locations"
    record = map_form(*rows, agreed=agreed)
    assert record.fields["locations"].text == "Riga, Tartu"
    assert [issue.code for issue in record.issues if issue.severity == "warning"].count("agreed_label") == 1


def test_two_practices_are_no_agreement() -> None:
    records = map_practices(AGREEING_PRACTICES - 1, (UNKNOWN, "Riga, Tartu"), *FORM)
    assert "zones where it takes place" not in find_agreed(records, EN)


def test_where_two_fields_may_stand_nothing_is_agreed() -> None:
    rows = ((UNKNOWN, "Riga, Tartu"), *FORM[1:])
    assert "zones where it takes place" not in find_agreed(map_practices(AGREEING_PRACTICES, *rows), EN)


def test_a_new_row_recurs_and_names_no_field() -> None:
    records = map_practices(AGREEING_PRACTICES, ("Keywords", "school, teachers"), *FORM)
    assert "keywords" not in find_agreed(records, EN)


def test_a_value_of_the_fields_kind_stands_anywhere() -> None:
    rows = (*FORM, ("Zonal period (start, end)", "From May 2015 to June 2018"))
    records = map_practices(AGREEING_PRACTICES, *rows)
    assert [row.suggestion for row in records[0].unmapped] == ["period"]
    assert find_agreed(records, EN)["zonal period (start, end)"] == "period"


def test_a_cell_of_two_labels_is_divided_as_other_practices_have_them() -> None:
    apart = map_form(("Implementing body/bodies", "A library"), ("Partners/supporters", "Red Cross"), *FORM)
    together = ("Implementing body/bodies Partners/supporters", "A library, Red Cross")
    assert "implementers" not in map_form(together, *FORM).fields
    record = map_form(together, *FORM, agreed=find_agreed([apart], EN))
    assert record.fields["implementers"].shared_with == ("partners",)
    assert record.fields["partners"].label == "Partners/supporters"


def test_two_questions_in_free_words_are_two_fields() -> None:
    record = map_form(("Is the impact to be assessed? How frequently?", "Yes, every spring."), *FORM)
    assert record.fields["impact_assessment"].shared_with == ("assessment_frequency",)
    record = map_form(("Is it based on indicators? If yes, name a few?", "Yes: hours."), *FORM)
    assert record.fields["indicators"].label == "Is it based on indicators? If yes, name a few?"
