"""Lists next to each other inside a value: read one after the other where the file draws them so."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.stages.segment.building import LEADING, Drawing
from tests.stages.segment.test_frames import read_rows

LISTS = (("Bakery", "Mill", "Ferry"), ("Forge", "Weavers"), ("Chandler",))


def draw(*, rules: bool, by_line: bool, lists: Sequence[Sequence[str]] = LISTS) -> Drawing:
    """Draw a table with lists between two lines in one of its values; `by_line` draws them line by line."""
    drawing = Drawing()
    texts = [
        (LEADING * line, 100.0 * column, text) for column, own in enumerate(lists) for line, text in enumerate(own)
    ]
    at = 100.0
    for label, *value in (("Village", "Saltings"), ("Trades", "In this order:", "and some more"), ("Rate", "Low")):
        top = at - 14
        drawing.write(label, 54, at)
        drawing.write(value[0], 154, at)
        if len(value) > 1:
            for below, right, text in sorted(texts) if by_line else texts:
                drawing.write(text, 154 + right, at + LEADING + below)
            at += LEADING * (1 + len(lists[0]))
            drawing.write(value[1], 154, at)
        at += 26
        if rules:
            drawing.rule(50, top, 450, top)
            drawing.rule(50, at - 14, 450, at - 14)
            for x in (50, 150, 450):
                drawing.rule(x, top, x, at - 14)
    return drawing


@pytest.mark.parametrize("rules", [True, False])
def test_lists_that_are_drawn_one_by_one_are_read_so(*, rules: bool) -> None:
    found = dict(read_rows(draw(rules=rules, by_line=False)))
    assert " ".join(found["Trades"].split()) == "In this order: Bakery Mill Ferry Forge Weavers Chandler and some more"
    assert list(found) == ["Village", "Trades", "Rate"]


@pytest.mark.parametrize("rules", [True, False])
def test_cells_that_are_drawn_line_by_line_are_read_so(*, rules: bool) -> None:
    found = dict(read_rows(draw(rules=rules, by_line=True)))
    assert " ".join(found["Trades"].split()) == "In this order: Bakery Forge Chandler Mill Weavers Ferry and some more"


PAIRS = [
    (("Ann:", "Ben:"), ("What is it?", "A ferry.")),
    (("a)", "b)"), ("Bakery", "Mill")),
    (("Q", "A"), ("What?", "Ferry.")),
    (("2016", "2018"), ("Bakery", "Mill")),
    (("Bakery", "Mill"), ("10 000 euro", "2.500 euro")),
]


@pytest.mark.parametrize("lists", PAIRS)
def test_pairs_are_read_line_by_line_in_whatever_order_they_are_drawn(lists: Sequence[Sequence[str]]) -> None:
    found = dict(read_rows(draw(rules=True, by_line=False, lists=lists)))
    pairs = " ".join(text for pair in zip(*lists, strict=True) for text in pair)
    assert " ".join(found["Trades"].split()) == f"In this order: {pairs} and some more"


@pytest.mark.parametrize(
    "lists", [(("1) Bakery", "2) Mill"), ("3) Forge", "4) Weavers")), (("Ann:", "Ben"), ("Bakery", "Mill"))]
)
def test_lists_of_numbered_entries_are_no_pairs(lists: Sequence[Sequence[str]]) -> None:
    found = dict(read_rows(draw(rules=True, by_line=False, lists=lists)))
    one_by_one = " ".join(text for own in lists for text in own)
    assert " ".join(found["Trades"].split()) == f"In this order: {one_by_one} and some more"
