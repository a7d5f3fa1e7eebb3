"""What keeps an edition from `good`, and what the sidecar can say about it."""

from __future__ import annotations

import pytest

from pipeline.issues import HARMLESS_RESIDUE
from pipeline.models.edition import EditionInfo, PageAccount
from pipeline.models.geometry import Box
from pipeline.models.practice import Practice
from pipeline.models.report import Acknowledgement, Issue
from pipeline.models.row import Residue
from pipeline.stages.validate.edition import build_edition
from pipeline.stages.validate.status import digest_text, report_empty_pages, report_residue, settle_status
from tests.synthetic import make_edition


@pytest.fixture
def practices() -> tuple[Practice, ...]:
    return build_edition(*make_edition()).practices


@pytest.fixture
def info() -> EditionInfo:
    return make_edition()[0]


def residue(reason: str, page: int) -> Residue:
    return Residue(reason=reason, text="A remark.", box=Box(page=page, x0=0, top=0, x1=9, bottom=9), glyphs=8)


def account(page: int, **places: int) -> PageAccount:
    empty = dict.fromkeys(("label", "value", "heading", "front_matter", "furniture", "blank", "copies"), 0)
    left = {"free_text": places.pop("free_text", 0), "stamp": places.pop("stamp", 0)}
    counts = empty | places
    return PageAccount(page=page, seen=sum(counts.values()) + sum(left.values()), residue=left, **counts)


@pytest.mark.parametrize("reason", ["other_table", "free_text", "footnote", "rotated"])
def test_residue_on_a_practice_s_page_is_a_warning_that_spoils_good(
    reason: str, practices: tuple[Practice, ...], info: EditionInfo
) -> None:
    issues = tuple(report_residue([residue(reason, practices[0].pages[0])], practices))
    assert [issue.severity for issue in issues] == ["warning"]
    assert settle_status(info, issues)[1] == "incomplete"


@pytest.mark.parametrize("reason", sorted(HARMLESS_RESIDUE))
def test_harmless_residue_is_a_note(reason: str, practices: tuple[Practice, ...], info: EditionInfo) -> None:
    issues = tuple(report_residue([residue(reason, practices[0].pages[0])], practices))
    assert [issue.severity for issue in issues] == ["note"]
    assert settle_status(info, issues)[1] == "good"


@pytest.mark.parametrize(
    ("code", "values", "status"),
    [
        ("nothing_recognised", {}, "incomplete"),
        ("second_reading_failed", {"failure": "its worker ended"}, "incomplete"),
        ("second_reading_left_out", {}, "good"),
        ("row_without_label_joined", {}, "incomplete"),
        ("missing_table", {"table": "analytical"}, "good"),
        ("count_disagrees", {"stated": 12, "counted": "countries", "found": 11}, "good"),
    ],
)
def test_a_page_that_nobody_has_read_spoils_good(
    code: str, values: dict[str, object], status: str, info: EditionInfo
) -> None:
    """What the booklet says of itself, and what it does not have, is for a person to look at, and no loss."""
    assert settle_status(info, [Issue.of(code, page=1, **values)])[1] == status


@pytest.mark.parametrize(("page", "severity"), [(2, "note"), (3, "warning"), (99, "warning")])
def test_residue_before_the_first_practice_is_a_note(page: int, severity: str, practices: tuple[Practice, ...]) -> None:
    """Behind the last practice another may stand that was not found."""
    third = practices[0].model_copy(update={"pages": (3, 4)})
    assert [issue.severity for issue in report_residue([residue("free_text", page)], [third])] == [severity]


@pytest.mark.parametrize(
    ("page", "reported"),
    [
        (account(2, free_text=5), True),
        (account(2, value=1, free_text=5), False),
        (account(2, furniture=5, blank=3, stamp=4), False),
        (account(1, free_text=5), False),
        (account(3, free_text=5), False),
    ],
)
def test_page_amid_a_practice_with_text_and_no_row(
    page: PageAccount, reported: bool, practices: tuple[Practice, ...]
) -> None:
    long = practices[0].model_copy(update={"pages": (1, 3)})
    assert [issue.code for issue in report_empty_pages([page], [long])] == ["page_without_rows"] * reported


def test_acknowledged_warning_spoils_nothing(practices: tuple[Practice, ...], info: EditionInfo) -> None:
    page = practices[0].pages[0]
    issues = tuple(report_residue([residue("free_text", page)], practices))
    entry = Acknowledgement(code="residue", page=page, digest=digest_text("A remark."), reason="the author's aside")
    settled, status = settle_status(info.model_copy(update={"acknowledged": (entry,)}), issues)
    assert status == "good"
    assert settled[0].acknowledged == "the author's aside"


@pytest.mark.parametrize("change", [{"page": 99}, {"digest": digest_text("Another remark.")}, {"code": "repaired"}])
def test_acknowledgement_is_bound_to_code_page_and_text(
    change: dict[str, object], practices: tuple[Practice, ...], info: EditionInfo
) -> None:
    page = practices[0].pages[0]
    issues = tuple(report_residue([residue("free_text", page)], practices))
    entry = Acknowledgement(code="residue", page=page, digest=digest_text("A remark."), reason="an aside")
    entry = entry.model_copy(update=change)
    settled, status = settle_status(info.model_copy(update={"acknowledged": (entry,)}), issues)
    assert status == "incomplete"
    assert [issue.code for issue in settled] == ["residue", "stale_acknowledgement"]


def test_errors_cannot_be_acknowledged(info: EditionInfo) -> None:
    error = Issue.of("glyphs_twice", page=1, glyphs=3)
    entry = Acknowledgement(code=error.code, page=1, digest=digest_text(error.message), reason="seen")
    settled, status = settle_status(info.model_copy(update={"acknowledged": (entry,)}), (error,))
    assert status == "errors"
    assert [issue.code for issue in settled] == ["glyphs_twice", "stale_acknowledgement"]


@pytest.mark.parametrize(("code", "stale"), [("text_drawn", 0), ("reader_disagrees", 0), ("residue", 1)])
def test_an_acknowledgement_of_what_was_not_looked_for_is_not_stale(code: str, stale: int, info: EditionInfo) -> None:
    entry = Acknowledgement(code=code, page=2, digest=digest_text("A remark."), reason="seen")
    acknowledged = info.model_copy(update={"acknowledged": (entry,)})
    left_out = Issue.of("second_reading_left_out")
    assert len(settle_status(acknowledged, [left_out])[0]) == 1 + stale
    assert len(settle_status(acknowledged, [])[0]) == 1


def test_an_acknowledgement_of_nothing_keeps_from_good(info: EditionInfo) -> None:
    entry = Acknowledgement(code="residue", page=2, digest=digest_text("A remark."), reason="seen")
    settled, status = settle_status(info.model_copy(update={"acknowledged": (entry,)}), ())
    assert [(issue.code, issue.acknowledged) for issue in settled] == [("stale_acknowledgement", None)]
    assert status == "incomplete"
