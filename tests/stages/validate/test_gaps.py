"""Pages that are missing from a file, or have nothing on them, amid the practices."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from pipeline.models.edition import PageAccount, PageInfo
from pipeline.models.practice import FieldValue, Place, Practice
from pipeline.models.row import TextBlock
from pipeline.run.runner import extract
from pipeline.stages.validate.edition import build_edition
from pipeline.stages.validate.gaps import report_blank_pages, report_lost_rows, report_skipped_numbers
from tests.editions.building import write_mini
from tests.synthetic import Sheets, make_block, make_edition


@pytest.fixture(scope="module")
def practice() -> Practice:
    return build_edition(*make_edition()).practices[0]


def running(*numbers: str) -> list[TextBlock]:
    sheets = Sheets()
    return [make_block(sheets.write(page, text), "furniture") for page, text in enumerate(numbers, 1) if text]


@pytest.mark.parametrize(
    ("numbers", "skips"),
    [
        (("1", "2", "3", "4", "5"), []),
        (("1", "2", "4", "5", "6"), [3]),
        (("Page 1 of 9", "Page 2 of 9", "Page 5 of 9", "Page 6 of 9"), [3]),
        (("1", "2", "3", "5"), [4]),
        (("i", "ii", "iv", "v", "vi"), [3]),
        (("iv", "v", "1", "2", "3"), []),
        (("1/6", "2/6", "4/6", "5/6", "6/6"), [3]),
        (("3/2016", "3/2016", "3/2016", "3/2016", "3/2016"), []),
        (("1", "2", "", "3", "4"), []),  # a plate that is not counted
        (("1", "2", "", "5", "6"), [4]),
        (("2 3", "4 5", "6 7", "8 9"), []),  # two pages on a sheet
        (("Report 2016", "Report 2016", "Report 2016", "Report 2016"), []),
        (("7.1.2016 | 1", "7.1.2016 | 2", "7.1.2016 | 3", "7.1.2016 | 4"), []),
    ],
)
def test_page_numbers_that_leave_some_out(practice: Practice, numbers: tuple[str, ...], skips: list[int]) -> None:
    spread = practice.model_copy(update={"pages": (1, 9)})
    issues = report_skipped_numbers(running(*numbers), len(numbers), [spread])
    assert [issue.page for issue in issues] == skips


def page(number: int) -> PageInfo:
    return PageInfo(number=number, width=595, height=842, glyphs=0)


def account(number: int, furniture: int = 9, value: int = 0) -> PageAccount:
    counts = dict.fromkeys(("label", "heading", "front_matter", "blank", "copies"), 0)
    return PageAccount(page=number, seen=furniture + value, furniture=furniture, value=value, residue={}, **counts)


@pytest.mark.parametrize(
    ("spans", "empty", "reported"),
    [
        ([(2, 4)], 3, True),
        ([(2, 3), (5, 6), (8, 9)], 4, True),
        ([(3, 3), (5, 6), (7, 9)], 4, False),  # practices begin on odd pages
        ([(2, 4)], 5, False),
        ([(2, 4)], -3, True),  # all of it concealed
        ([(3, 3), (5, 6), (7, 9)], -4, True),
    ],
)
def test_a_page_with_nothing_on_it(
    practice: Practice, spans: list[tuple[int, int]], empty: int, reported: bool
) -> None:
    box = practice.fields.present["locations"].label_boxes[0]
    practices = [
        practice.model_copy(
            update={
                "pages": span,
                "fields": practice.fields.model_copy(
                    update={
                        "locations": practice.fields.present["locations"].model_copy(
                            update={"label_boxes": tuple(box.model_copy(update={"page": number}) for number in span)}
                        )
                    }
                ),
            }
        )
        for span in spans
    ]
    pages = [page(number) for number in range(1, 10)]
    accounts = [account(number, value=0 if number == abs(empty) else 5) for number in range(1, 10)]
    if empty < 0:
        emptied = accounts[-empty - 1]
        accounts[-empty - 1] = emptied.model_copy(update={"seen": emptied.seen + 800, "residue": {"concealed": 800}})
    assert [issue.page for issue in report_blank_pages(pages, accounts, practices)] == [abs(empty)] * reported


FIELDS = ("locations", "implementers", "main_idea", "objective", "description", "organised_by")


def with_rows(practice: Practice, rows: dict[str, int], pages: tuple[int, int] = (1, 3)) -> Practice:
    """Give a practice rows: fields and their pages, each page filled from above."""
    fields = dict.fromkeys(type(practice.fields).model_fields)
    tops: dict[int, float] = {}
    for name, number in rows.items():
        top = tops[number] = tops.get(number, 0.0) + 200
        place = Place(page=number, x0=10, top=top, x1=90, bottom=top + 150)
        fields[name] = FieldValue(
            label=name, text="Here", available=True, shared_with=(), inline=False, links=(), label_boxes=(place,),
            value_boxes=(place,),
        )  # fmt: skip
    return practice.model_copy(update={"fields": practice.fields.model_construct(**fields), "pages": pages})


@pytest.mark.parametrize(
    ("rows", "lost"),
    [
        (dict(zip(FIELDS, (1, 1, 2, 2, 2, 3), strict=True)), None),
        ({"locations": 1, "implementers": 1, "organised_by": 2}, 1),
        ({"locations": 1, "implementers": 1, "sources": 2, "organised_by": 2}, 1),  # one below that the others lack
        ({"locations": 1, "implementers": 1, "organised_by": 1}, None),  # on one page: the source has none
        ({"locations": 1, "implementers": 1, "main_idea": 1}, 1),
        ({"locations": 1, "implementers": 1, "main_idea": 1, "objective": 1}, 1),  # the last two
        (dict.fromkeys(FIELDS[:5], 1), None),  # the last one
        ({"main_idea": 1}, None),  # ends high on its page
        ({"locations": 1, "implementers": 1, "description": 2, "organised_by": 2}, None),  # two rows are left out
    ],
)
def test_rows_that_the_other_practices_have(practice: Practice, rows: dict[str, int], lost: int | None) -> None:
    chapter = make_edition()[1].records[0].record.chapter.model_copy(update={"rows": ()})
    whole = dict(zip(FIELDS, (4, 4, 5, 5, 5, 6), strict=True))
    practices = [with_rows(practice, rows), *(with_rows(practice, whole, (4, 6)) for _ in range(4))]
    issues = list(report_lost_rows([chapter] * 5, practices, [page(number) for number in range(1, 9)]))
    assert [issue.page for issue in issues] == ([] if lost is None else [lost])
    assert all("the other practices have" in issue.message for issue in issues)


@pytest.mark.parametrize(("rest", "lost"), [("value", 1), ("label", None)])
def test_rows_lost_before_what_seems_to_be_a_value_s_rest(practice: Practice, rest: str, lost: int | None) -> None:
    """A lost page leaves its last value's rest, without a label; a label that goes on shows that nothing is lost."""
    cut = with_rows(practice, {"locations": 1, "implementers": 1, "organised_by": 2})
    value = cut.fields.implementers
    assert value is not None
    box = Place(page=2, x0=10, top=50, x1=90, bottom=150)
    longer = value.model_copy(update={f"{rest}_boxes": (*value.value_boxes, box)})
    practices = [
        cut.model_copy(update={"fields": cut.fields.model_copy(update={"implementers": longer})}),
        *(with_rows(practice, dict(zip(FIELDS, (4, 4, 5, 5, 5, 6), strict=True)), (4, 6)) for _ in range(4)),
    ]
    chapter = make_edition()[1].records[0].record.chapter.model_copy(update={"rows": ()})
    issues = report_lost_rows([chapter] * 5, practices, [page(number) for number in range(1, 9)])
    assert [issue.page for issue in issues] == ([] if lost is None else [lost])


@pytest.mark.parametrize("emptied", [True, False], ids=["emptied", "missing"])
def test_a_page_lost_amid_a_practice_spoils_good(tmp_path: Path, emptied: bool) -> None:
    path = write_mini("mini_en", tmp_path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        if emptied:
            pdf.pages[3].Contents = pdf.make_stream(b"")
        else:
            del pdf.pages[3]
        pdf.save(path)
    report = extract(path).report
    assert report.status == "incomplete"
    assert {"page_empty" if emptied else "page_number_skipped", "rows_lost"} <= {issue.code for issue in report.issues}
