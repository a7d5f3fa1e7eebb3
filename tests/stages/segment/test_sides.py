"""Labels right of their values: told by what labels are like, all of it together."""

from __future__ import annotations

import pytest

from tests.stages.segment.building import BOLD, LEADING, PLAIN, Drawing
from tests.stages.segment.test_frames import read_rows

VALUES = (
    ("A town on the northern shore of a long lake", "that no road leads to, in a country"),
    (
        "Volunteers of all ages who like to mend what",
        "others broke, and their neighbours, who bring",
        "it along and wait",
    ),
    ("It opens twice a month",),
    ("Tools are lent to everybody who has been shown", "how they are used"),
    ("What is left at the end of the year goes to the", "library and to the school"),
    ("The town council has asked for a second one in", "the harbour, from next year on"),
)
LABELS = ("Place", "People", "Opening times", "Equipment", "Money", "What comes next")

ANSWERS = ("Yes", "No", "Rather not", "n. a.", "Perhaps", "Yes")


def draw(labels: tuple[str, ...], *, fonts: tuple[int, int], fills: bool, rules: bool) -> list[Drawing]:
    """Draw two pages, each with a table of the same labels; `fonts` are those of values and of labels."""
    pages = []
    for number in (1, 2):
        drawing = Drawing(number=number)
        drawing.write(f"The {number}. of all places that we know of", 50, 80, size=16)
        top = 100.0
        for label, value in zip(labels, VALUES[:: 1 if number == 1 else -1], strict=True):
            bottom = top + 8 + LEADING * len(value)
            if fills:
                drawing.fill(291, top, 450, bottom)
            if rules:
                drawing.rule(50, top, 450, top)
                drawing.rule(50, bottom, 450, bottom)
                drawing.rule(291, top, 291, bottom)
            drawing.write_cell(54, top + 13, *value, font=fonts[0])
            drawing.write_cell(295, top + 13, label, font=fonts[1])
            top = bottom
        pages.append(drawing)
    return pages


@pytest.mark.parametrize(("fills", "rules"), [(True, True), (True, False), (False, True)])
def test_bold_short_labels_that_recur_stand_right_of_their_values(*, fills: bool, rules: bool) -> None:
    found = read_rows(*draw(LABELS, fonts=(PLAIN, BOLD), fills=fills, rules=rules))
    assert [(label, value.replace("\n", " ")) for label, value in found] == [
        *zip(LABELS, map(" ".join, VALUES), strict=True),
        *zip(LABELS, map(" ".join, VALUES[::-1]), strict=True),
    ]


def test_bold_answers_to_wider_questions_are_values() -> None:
    found = read_rows(*draw(ANSWERS, fonts=(PLAIN, BOLD), fills=False, rules=True))
    assert [value for _, value in found] == [*ANSWERS] * 2


@pytest.mark.parametrize(("rules", "uneven"), [(True, True), (False, True), (True, False)])
def test_labels_of_a_single_table_are_right_of_values_of_one_line_and_of_many(*, rules: bool, uneven: bool) -> None:
    drawing, top = Drawing(), 100.0
    long = VALUES[1] * 4 if uneven else VALUES[1]
    values = [("16",), ("About 1840",), long, ("Linen",), VALUES[0], long] if uneven else [long] * 6
    for label, value in zip(LABELS, values, strict=True):
        drawing.write(value[0], 54, top + 13)
        drawing.write_cell(66 if value is long and uneven else 54, top + 13 + LEADING, *value[1:])
        drawing.write(label, 310, top + 13, font=BOLD)
        bottom = top + 8 + LEADING * len(value)
        for x in (50, 305, 450) if rules else ():
            drawing.rule(x, top, x, bottom)
        drawing.rule(50, top, 450, top) if rules else None
        top = bottom
    drawing.rule(50, top, 450, top) if rules else None
    wanted = [(label, " ".join(value)) for label, value in zip(LABELS, values, strict=True)]
    found = [(label, value.replace("\n", " ")) for label, value in read_rows(drawing)]
    assert found == (wanted if uneven else [(value, label) for label, value in wanted])
