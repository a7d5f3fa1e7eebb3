"""View: every issue, difference and piece of residue ends on exactly one card, under the right filters."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from pipeline.models.edition import ValidatedEdition
from pipeline.models.geometry import Box
from pipeline.models.practice import FIELDS
from pipeline.models.report import Issue
from pipeline.quality.review.cards import ReviewCard, View
from pipeline.quality.review.view import build_view, field_hue
from pipeline.quality.word_diff import compare_texts
from pipeline.render.images import PagePicture
from tests.quality.review.building import make_difference, make_issue

DIFFERENCES = (
    make_difference("bg-1", "period", "start"),
    make_difference("bg-1", "sources", "text"),
    make_difference("be-1", "practice", "title"),
    make_difference("xx-1", "practice", ""),
)


@pytest.fixture
def view(edition: ValidatedEdition, pictures: tuple[PagePicture, ...]) -> View:
    return build_view(edition, pictures, DIFFERENCES)


def cards_of(view: View) -> dict[str, ReviewCard]:
    cards = [card for section in view.sections for card in section.cards]
    found = {card.id: card for card in cards}
    assert len(found) == len(cards)
    return found


def titles(card: ReviewCard) -> set[str]:
    return {reason.title for reason in card.reasons}


def test_rows_of_one_unknown_label_are_one_group_whose_first_stands_open(edition: ValidatedEdition) -> None:
    labels = [practice.unmapped[0].label for practice in edition.practices]
    for second, said in ((f"- {labels[0].upper()}:", True), ("Another label", False)):
        row = edition.practices[1].unmapped[0].model_copy(update={"label": second})
        changed = edition.practices[1].model_copy(update={"unmapped": (row,)})
        cards = cards_of(
            build_view(edition.model_copy(update={"practices": (edition.practices[0], changed)}), (), None)
        )
        assert cards["bg-1.row-1"].same_label == (("bg-1.row-1", "be-1.row-1") if said else ())
        assert (cards["bg-1.row-1"].folded, cards["be-1.row-1"].folded) == (False, said)


def test_an_issue_of_a_part_of_a_label_cell_is_on_its_rows_card(edition: ValidatedEdition) -> None:
    """The issue has the whole cell's box, the row that of its own words."""
    practice = edition.practices[0]
    row = practice.unmapped[0]
    box = row.label_boxes[0]
    part = box.model_copy(update={"top": (box.top + box.bottom) / 2})
    changed = practice.model_copy(update={"unmapped": (row.model_copy(update={"label_boxes": (part,)}),)})
    cell = Box(page=box.page, x0=box.x0, top=box.top, x1=box.x1, bottom=box.bottom)
    issues = tuple(
        issue.model_copy(update={"box": cell})
        if (issue.code, issue.practice) == ("unknown_label", practice.id)
        else issue
        for issue in edition.report.issues
    )
    report = edition.report.model_copy(update={"issues": issues})
    practices = (changed, *edition.practices[1:])
    cards = cards_of(build_view(edition.model_copy(update={"practices": practices, "report": report}), (), None))
    assert "Unknown label" in titles(cards["bg-1.row-1"])


def test_every_field_of_every_practice_has_a_card(view: View, edition: ValidatedEdition) -> None:
    cards = cards_of(view)
    for practice in edition.practices:
        for name in FIELDS:
            present = getattr(practice.fields, name) is not None
            assert cards[f"{practice.id}.{name}"].kind == ("field" if present else "absent")
        assert cards[f"{practice.id}.row-1"].kind == "unmapped"
        assert cards[f"{practice.id}.heading"].text == practice.heading


def test_every_issue_is_shown_once(view: View, edition: ValidatedEdition) -> None:
    told = Counter(
        reason.code
        for card in cards_of(view).values()
        for reason in card.reasons
        if reason.kind != "evidence" and reason.code
    )
    assert told == Counter(issue.code for issue in edition.report.issues)


def test_issues_stand_where_they_belong(view: View) -> None:
    cards = cards_of(view)
    assert "Value not normalised" in titles(cards["bg-1.locations"])
    assert "Label slip" in titles(cards["be-1.implementers"])
    assert "Missing row" in titles(cards["be-1.funding"])
    assert "Repeated heading" in titles(cards["be-1.heading"])
    # The field of an unknown label is only the likely one.
    assert "Unknown label" in titles(cards["bg-1.row-1"])
    assert cards["bg-1.funding"].reasons == ()
    (whole,) = (card for card in cards.values() if card.name == "Count disagrees")
    assert whole.marks
    assert whole.pages == (1,)


def test_a_row_near_a_tie_names_both_states_and_what_decided(edition: ValidatedEdition) -> None:
    practice = edition.practices[0]
    period = practice.fields.period
    assert period is not None
    (place,) = period.value_boxes[:1]
    own = Box(page=place.page, x0=place.x0, top=place.top, x1=place.x1, bottom=place.top + 10)
    nowhere = Box(page=place.page, x0=0, top=0, x1=5, bottom=5)
    ties = tuple(
        Issue.of(
            "near_tie",
            page=box.page,
            box=box,
            text="Since",
            state="text of a row",
            second="text of no row",
            margin=0.6,
            evidence=("value_aligned +1.2", "value_only -0.6"),
        )
        for box in (own, nowhere)
    )
    report = edition.report.model_copy(update={"issues": ties})
    cards = cards_of(build_view(edition.model_copy(update={"report": report}), (), None))
    (reason,) = (reason for reason in cards["bg-1.period"].reasons if reason.code == "near_tie")
    assert "text of a row, and could nearly as well be text of no row" in reason.message
    assert reason.evidence == ("value_aligned +1.2", "value_only -0.6")
    assert "evidence" in cards["bg-1.period"].filters
    (other,) = (card for card in cards.values() if card.name == "Near tie")
    assert other.kind == "edition"
    assert other.pages == (place.page,)


def test_a_practice_without_a_golden_says_so(edition: ValidatedEdition) -> None:
    card = cards_of(build_view(edition, (), (), ["be-1"]))["be-1.heading"]
    assert "No golden: nothing was compared" in titles(card)
    assert "difference" in card.filters


def test_every_difference_is_shown_once(view: View) -> None:
    cards = cards_of(view)
    where = {
        card.id: [reason.title for reason in card.reasons if reason.kind == "difference"] for card in cards.values()
    }
    assert {address: found for address, found in where.items() if found} == {
        "bg-1.period": ["start: changed (value)"],
        "bg-1.sources": ["text: changed (value)"],
        "be-1.heading": ["title: changed (value)"],
        "edition.differences": ["xx-1: the whole practice is missing (1 leaf)"],
    }


def test_residue_has_a_card_and_a_mark_of_its_own(view: View) -> None:
    card = cards_of(view)["residue.1"]
    assert card.text == "left over"
    (mark,) = (mark for mark in view.pages[2].marks if mark.kind == "residue")
    assert card.marks == (mark.id,)
    assert card.filters == ("look", "warning", "residue", "all")


@pytest.mark.parametrize(
    ("address", "filters"),
    [
        ("bg-1.period", {"look", "difference", "evidence", "all"}),
        ("bg-1.locations", {"look", "warning", "evidence", "all"}),
        ("bg-1.implementers", {"evidence", "all"}),
        ("bg-1.row-1", {"look", "error", "evidence", "all"}),
        ("be-1.heading", {"look", "difference", "warning", "all"}),
        ("be-1.implementers", {"look", "warning", "evidence", "all"}),
        ("be-1.funding", {"note", "all"}),
        ("be-1.assessor", {"all"}),
    ],
)
def test_filters(view: View, address: str, filters: set[str]) -> None:
    """The tables of this edition were partly found by white space: low evidence of each of their rows."""
    assert set(cards_of(view)[address].filters) == filters


def test_a_doubt_of_a_whole_table_is_no_reason_to_look_at_each_row(view: View) -> None:
    card = cards_of(view)["bg-1.partners"]
    assert [reason.title for reason in card.reasons] == ["Low evidence of the whole table"]
    assert "look" not in card.filters


def test_a_doubt_of_a_row_is_a_reason_to_look_at_it(
    edition: ValidatedEdition, pictures: tuple[PagePicture, ...]
) -> None:
    joins = tuple(join.model_copy(update={"confidence": (0.5,)}) for join in edition.report.joins)
    report = edition.report.model_copy(update={"joins": joins, "issues": ()})
    view = build_view(edition.model_copy(update={"report": report}), pictures, ())
    assert {"look", "evidence"} <= set(cards_of(view)["bg-1.period"].filters)


def test_filters_count_what_they_show(view: View) -> None:
    cards = cards_of(view).values()
    assert view.filters == {name: sum(name in card.filters for card in cards) for name in view.filters}
    assert view.chosen == "look"
    assert list(view.filters)[-1] == "all"
    assert view.filters["all"] == len(cards)


def test_a_good_edition_opens_with_all(edition: ValidatedEdition, pictures: tuple[PagePicture, ...]) -> None:
    tables = tuple(
        table.model_copy(update={"evidence": ("grid",), "confidence": 1.0}) for table in edition.report.tables
    )
    joins = tuple(join.model_copy(update={"confidence": (0.98,)}) for join in edition.report.joins)
    report = edition.report.model_copy(update={"tables": tables, "joins": joins, "issues": (), "residue": ()})
    practices = tuple(practice.model_copy(update={"unmapped": ()}) for practice in edition.practices)
    view = build_view(edition.model_copy(update={"report": report, "practices": practices}), pictures, ())
    assert view.chosen == "all"
    assert all(card.reasons == () for card in cards_of(view).values())


def test_marks_know_their_cards_and_cards_their_marks(view: View, edition: ValidatedEdition) -> None:
    marks = {mark.id: mark for page in view.pages for mark in page.marks}
    for card in cards_of(view).values():
        assert all(card.id in marks[mark].cards for mark in card.marks)
    for mark in marks.values():
        assert all(mark.id in cards_of(view)[card].marks for card in mark.cards)
    for practice in edition.practices:
        for name in FIELDS:
            value = getattr(practice.fields, name)
            if value is not None:
                boxes = len(value.label_boxes) + len(value.value_boxes)
                assert len(cards_of(view)[f"{practice.id}.{name}"].marks) == boxes


def test_a_cell_of_several_fields_is_one_mark(view: View) -> None:
    (shared,) = (mark for mark in view.pages[1].marks if mark.kind == "value" and "bg-1.implementers" in mark.cards)
    assert shared.cards == ("bg-1.implementers", "bg-1.partners")
    assert len(set(shared.hues)) == 2


def test_a_mark_covers_its_box_and_a_smaller_one_lies_above(view: View, edition: ValidatedEdition) -> None:
    value = edition.practices[0].fields.locations
    assert value is not None
    box = value.value_boxes[0]
    (mark,) = (mark for mark in view.pages[1].marks if mark.kind == "value" and "bg-1.locations" in mark.cards)
    assert mark.x0 < box.x0 < box.x1 < mark.x0 + mark.width
    assert mark.top < box.top < box.bottom < mark.top + mark.height
    for page in view.pages:
        by_level = sorted(page.marks, key=lambda mark: mark.level)
        areas = [mark.width * mark.height for mark in by_level]
        assert areas == sorted(areas, reverse=True)


def test_neighbouring_fields_have_colours_far_apart_and_none_is_red() -> None:
    hues = [field_hue(name) for name in FIELDS]
    assert len(set(hues)) == len(FIELDS)
    for one, other in pairwise(hues):
        assert min(abs(one - other), 360 - abs(one - other)) >= 60
    assert all(50 <= hue <= 350 for hue in hues)


def marked(runs: object) -> str:
    return "".join(
        run.text if run.emphasis == "same" else f"[{run.text}]"
        for run in runs  # type: ignore[attr-defined]
    )


@pytest.mark.parametrize(
    ("golden", "extracted", "left", "right"),
    [
        ("2018. gads", "2019. gads", "[2018]. gads", "[2019]. gads"),
        ("one two", "one\ntwo", "one[␣]two", "one[¶\n]two"),
        ("Cluj-Napoca", "ClujNapoca", "[Cluj-Napoca]", "[ClujNapoca]"),
        ("a b", "a b c", "a b", "a b[ c]"),
        ("", "here", "", "[here]"),
    ],
)
def test_texts_are_compared_word_by_word(golden: str, extracted: str, left: str, right: str) -> None:
    one, other = compare_texts(golden, extracted)
    assert marked(other) == right
    if golden != "Cluj-Napoca":
        assert marked(one) == left


def test_long_unchanged_runs_are_cut_next_to_the_change() -> None:
    before, after = "before " * 100, " after" * 100
    one, _ = compare_texts(f"{before}old{after}", f"{before}new{after}")
    text = marked(one)
    assert len(text) < 200
    assert "before [old] after" in text
    assert text.startswith("…")
    assert text.endswith("…")


def test_a_known_row_of_no_field_has_a_card_with_its_boxes(edition: ValidatedEdition) -> None:
    first, *others = edition.practices
    name, value = next(iter(first.fields.present.items()))
    fields = first.fields.model_copy(update={name: None})
    with_extra = first.model_copy(update={"fields": fields, "extra": {"contact_person": value}})
    issue = make_issue("text_form", "error", practice=first.id, field="contact_person")
    report = edition.report.model_copy(update={"issues": (*edition.report.issues, issue)})
    changed = edition.model_copy(update={"practices": (with_extra, *others), "report": report})
    differences = [make_difference(first.id, field, "text") for field in ("extra.contact_person", "extra.gone")]
    cards = cards_of(build_view(changed, (), differences))
    card = cards[f"{first.id}.extra.contact_person"]
    assert (card.kind, card.name, card.text, card.hue) == ("field", "contact_person", value.text, None)
    assert len(card.marks) == len(value.label_boxes) + len(value.value_boxes)
    assert [reason.kind for reason in card.reasons][:2] == ["difference", "error"]
    assert [reason.kind for reason in cards[f"{first.id}.heading"].reasons].count("difference") == 1
