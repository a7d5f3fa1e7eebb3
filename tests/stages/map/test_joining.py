from __future__ import annotations

import pytest

from pipeline.lexicon import load_lexicon
from pipeline.lexicon.label_index import LabelIndex, index_labels
from pipeline.stages.map.joining import settle_rows
from tests.stages.map.building import Cellful, lexicon, make_row

NEAR, FAR = "Kā var izmērīt šīs prakses", "ietekmi?"
WHOLE = f"{NEAR} {FAR}"
FULL = "Visa iesaiste šajā pasākumā un arī citās nodarbībās lielākoties"
"""Text that fills a line of the value column, so that what follows it belongs to the same paragraph."""


@pytest.fixture(scope="module")
def index() -> LabelIndex:
    return LabelIndex(lexicon().labels)


def test_halves_of_a_label_that_geometry_left_apart_are_joined(index: LabelIndex) -> None:
    settled = settle_rows(
        [make_row(Cellful(NEAR, FULL, 33)), make_row(Cellful(FAR, "notiek brīvi.", 34), top=40)], index
    )
    (row,) = settled.rows
    assert row.label.one_line == WHOLE
    assert row.value.text == f"{FULL} notiek brīvi."
    assert row.pages == (33, 34)
    assert row.break_confidence == (0.0,)
    assert settled.readings[0].fields == ("impact_measurement",)
    assert [code for code, _, _ in settled.changes] == ["row_joined"]


def test_half_a_label_that_reads_as_one_in_free_words_is_joined_to_the_other_half() -> None:
    free = index_labels(load_lexicon("nl"))
    near, far = "Naam van de uitvoerende", "instelling(en)\nSamenwerkingspartners/ondersteuners"
    assert free.find_worded(near) is not None
    assert free.find_exact(near) is None
    settled = settle_rows([make_row(Cellful(near, "Atlas")), make_row(Cellful(far, "De stad"), top=130)], free)
    assert [reading.fields for reading in settled.readings] == [("implementers", "partners")]


def test_a_label_over_two_page_breaks_is_joined(index: LabelIndex) -> None:
    halves = [
        "Informācija par juridiskajiem, praktiskajiem",
        "un procesuālajiem aspektiem aizsardzībā",
        "pret rasismu/naidu un diskrimināciju.",
    ]
    settled = settle_rows(
        [make_row(Cellful(half, f"Teksts {page}", page), top=40) for page, half in enumerate(halves, 1)], index
    )
    (row,) = settled.rows
    assert settled.readings[0].fields == ("legal_information",)
    assert row.pages == (1, 2, 3)


def test_the_second_label_of_a_merged_cell_may_be_split(index: LabelIndex) -> None:
    settled = settle_rows(
        [
            make_row(Cellful("Ietekmes novērtējuma metodes\nVai iniciatīva balstās uz", FULL, 54)),
            make_row(Cellful("rādītājiem? Ja jā, miniet dažus\nrādītājus", "notiek brīvi.", 55)),
        ],
        index,
    )
    assert settled.readings[0].fields == ("assessment_methods", "indicators")
    assert settled.rows[0].value.text == f"{FULL} notiek brīvi."


def test_halves_on_one_page_are_joined_where_no_rule_tells_rows_apart(index: LabelIndex) -> None:
    settled = settle_rows([make_row(Cellful(NEAR, "Ietekmi var")), make_row(Cellful(FAR, "noteikt."), top=130)], index)
    assert [row.label.one_line for row in settled.rows] == [WHOLE]


def test_an_empty_label_after_a_page_break_continues_the_row(index: LabelIndex) -> None:
    settled = settle_rows([make_row(Cellful("Dalība:", FULL, 8)), make_row(Cellful("", "ir brīvprātīga.", 9))], index)
    (row,) = settled.rows
    assert row.value.text == f"{FULL} ir brīvprātīga."
    assert settled.changes[0][0] == "row_joined"


def test_an_empty_label_on_the_same_page_is_joined_and_told(index: LabelIndex) -> None:
    settled = settle_rows([make_row(Cellful("Dalība:", "Viens.")), make_row(Cellful("", "Otrs."), top=120)], index)
    assert len(settled.rows) == 1
    assert settled.changes[0][0] == "row_without_label_joined"


def test_an_empty_label_at_the_head_of_another_table_continues_nothing(index: LabelIndex) -> None:
    settled = settle_rows(
        [make_row(Cellful("Dalība:", "Viens.")), make_row(Cellful("", "Otrs."), top=120, table=1)], index
    )
    assert len(settled.rows) == 2


def test_two_rows_with_whole_labels_stay_apart(index: LabelIndex) -> None:
    settled = settle_rows(
        [make_row(Cellful("Cik bieži?", "Reizi gadā", 1)), make_row(Cellful("Kurš to veic?", "mēs", 2))], index
    )
    assert [row.label.one_line for row in settled.rows] == ["Cik bieži?", "Kurš to veic?"]
    assert settled.changes == ()


def test_an_unknown_label_is_not_joined_to_the_known_one_below_it(index: LabelIndex) -> None:
    settled = settle_rows(
        [make_row(Cellful("Kontaktpersona", "Anna", 1)), make_row(Cellful("Dalība:", "Brīva.", 2))], index
    )
    assert len(settled.rows) == 2


def test_rows_that_geometry_joined_are_divided_where_the_label_had_room(index: LabelIndex) -> None:
    joined = make_row(
        Cellful("Cik bieži?", "Reizi gadā", 1, room=40), Cellful("Kurš to veic?", "mēs paši", 2), sure=0.6
    )
    settled = settle_rows([joined], index)
    assert [(row.label.text, row.value.text) for row in settled.rows] == [
        ("Cik bieži?", "Reizi gadā"),
        ("Kurš to veic?", "mēs paši"),
    ]
    assert [code for code, _, _ in settled.changes] == ["row_divided"]


def test_a_merged_cell_that_runs_over_the_break_stays_one_row(index: LabelIndex) -> None:
    merged = make_row(
        Cellful("Cik bieži?", "Ziņojumus un izvērtējumus", 1), Cellful("Kurš to veic?", "sagatavo ministrija.", 2)
    )
    settled = settle_rows([merged], index)
    assert len(settled.rows) == 1
    assert settled.readings[0].fields == ("assessment_frequency", "assessor")


def test_geometry_that_is_certain_is_believed(index: LabelIndex) -> None:
    merged = make_row(Cellful("Cik bieži?", "Reizi gadā.", 1, room=40), Cellful("Kurš to veic?", "Mēs.", 2), sure=0.95)
    assert len(settle_rows([merged], index).rows) == 1


def test_an_unsure_join_is_undone_where_both_label_and_text_end(index: LabelIndex) -> None:
    joined = make_row(Cellful("Cik bieži?", "Reizi gadā.", 1), Cellful("Kurš to veic?", "Mēs.", 2), sure=0.3)
    assert len(settle_rows([joined], index).rows) == 2


def test_a_label_printed_again_after_the_break_is_read_once(index: LabelIndex) -> None:
    rows = [make_row(Cellful("Dalība:", FULL, 1)), make_row(Cellful("Dalība:", "ir brīvprātīga.", 2))]
    settled = settle_rows(rows, index)
    assert len(settled.rows) == 1
    assert settled.readings[0].fields == ("participation",)
    assert settled.rows[0].value.text == f"{FULL} ir brīvprātīga."


def test_two_rows_with_the_same_label_and_whole_sentences_stay_two(index: LabelIndex) -> None:
    rows = [make_row(Cellful("Dalība:", "Brīva.", 1)), make_row(Cellful("Dalība:", "Obligāta.", 2))]
    assert len(settle_rows(rows, index).rows) == 2


def test_a_row_without_any_text_is_left_out(index: LabelIndex) -> None:
    assert settle_rows([make_row(Cellful("", ""))], index).rows == ()
