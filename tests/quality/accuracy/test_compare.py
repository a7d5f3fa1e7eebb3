"""The comparer: a damaged copy gives the right outcome at the right leaf, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import JsonValue

from pipeline.models.practice import FIELD_MODELS, FIELDS, PARTS, FieldValue
from pipeline.quality.accuracy.compare import Comparison, compare_practice, score_leaf
from pipeline.quality.accuracy.leaves import (
    COMMON_METRICS,
    LEAVES,
    PART_METRICS,
    WHOLE_METRICS,
    Leaf,
    Metric,
    metric_of,
)
from tests.quality.accuracy.conftest import World


def differences(world: World, practice: str) -> list[Comparison]:
    return [found for found in compare_practice(world.golden(practice), world.practice(practice)) if found.differs]


def describe(world: World, practice: str) -> dict[str, str]:
    return {f"{found.field}.{found.part}": found.describe() for found in differences(world, practice)}


def test_every_part_of_the_contract_has_a_metric_and_is_a_leaf() -> None:
    parts = [(field, part) for field, parts in PARTS.items() for part in parts]
    assert {part for _, part in parts} >= set(PART_METRICS)
    for field, part in parts:
        # No part whose type is a list of values is compared as one value.
        is_list = "tuple" in str(FIELD_MODELS[field].model_fields[part].annotation)
        assert (metric_of(Leaf(field, part)) in {"set", "list", "texts"}) == is_list, part
    assert len(LEAVES) == len(WHOLE_METRICS) + len(FIELDS) * len(COMMON_METRICS) + sum(map(len, PARTS.values()))
    boxes = {"label_boxes": "label_pages", "value_boxes": "value_pages"}
    for field in FIELDS:
        keys = set(FIELD_MODELS.get(field, FieldValue).model_fields) - {"recognised", "source"}
        leaves = {leaf.part for leaf in LEAVES if leaf.field == field}
        assert {boxes.get(key, key) for key in keys} | {"link_texts"} == leaves, field


def test_what_is_as_expected_differs_nowhere(world: World) -> None:
    for practice in ("bg-1", "bg-de-ro-1", "lt-1"):
        comparisons = compare_practice(world.golden(practice), world.practice(practice))
        assert {found.outcome for found in comparisons} == {"match", "absent"}
        assert [(found.field, found.part) for found in comparisons] == [tuple(leaf) for leaf in LEAVES]


def test_a_damaged_label_is_reported_with_its_kind(world: World) -> None:
    label = world.golden("bg-1").fields["period"]
    assert label is not None
    world.damage_field("bg-1", "period", label=label.label.split()[0])
    assert describe(world, "bg-1") == {"period.label": "changed (truncation)"}


def test_a_damaged_date_is_reported_with_what_follows_from_it(world: World) -> None:
    world.damage_field("bg-1", "period", start="2018-07", edtf="2018-07/2018-12")
    assert describe(world, "bg-1") == {"period.start": "changed (value)", "period.edtf": "changed (value)"}


def test_missing_and_spurious_values_are_distinguished(world: World) -> None:
    world.damage_field("bg-1", "period", end=None, ongoing=True)
    assert describe(world, "bg-1") == {"period.end": "missing", "period.ongoing": "spurious"}


def test_a_lost_paragraph_break_is_a_difference_of_its_own(world: World) -> None:
    text = world.practice("bg-de-ro-1").fields.implementers
    assert text is not None
    assert "\n" in text.text
    world.damage_field("bg-de-ro-1", "implementers", text=text.text.replace("\n", " ", 1))
    assert describe(world, "bg-de-ro-1") == {"implementers.text": "changed (paragraph)"}


def test_white_space_and_composition_are_no_difference(world: World) -> None:
    text = world.practice("bg-1").fields.objective
    assert text is not None
    world.damage_field("bg-1", "objective", text=text.text.replace(" ", "\u00a0 ").replace("ā", "a\u0304"))
    assert describe(world, "bg-1") == {}


def test_the_end_of_a_row_that_went_into_the_next_is_reported_on_both_sides(world: World) -> None:
    fields = world.practice("lt-1").fields
    assert fields.objective is not None
    assert fields.description is not None
    words = fields.objective.text.split()
    kept, moved = " ".join(words[:-4]), " ".join(words[-4:])
    world.damage_field("lt-1", "objective", text=kept)
    world.damage_field("lt-1", "description", text=f"{moved} {fields.description.text}")
    assert describe(world, "lt-1") == {
        "objective.text": "changed (truncation)",
        "description.text": "changed (bleed from objective.text)",
    }


def test_a_row_of_a_merged_cell_is_no_neighbour_of_itself(world: World) -> None:
    golden = world.golden("bg-1").fields["implementers"]
    assert golden is not None
    assert "partners" in golden.shared_with
    world.damage_field("bg-1", "implementers", text=f"{golden.text} {golden.text}")
    assert describe(world, "bg-1") == {"implementers.text": "changed (text)"}


def test_a_lost_row_misses_all_its_leaves(world: World) -> None:
    world.damage("lt-1", lambda content: content["fields"].update(period=None))
    found = describe(world, "lt-1")
    assert set(found.values()) == {"missing"}
    assert {path.split(".")[0] for path in found} == {"period"}
    assert {"period.label", "period.text", "period.start"} < set(found)


def test_a_lost_practice_misses_all_its_leaves(world: World) -> None:
    found = compare_practice(world.golden("lt-1"), None)
    assert {comparison.outcome for comparison in found} == {"missing", "absent"}


def test_links_are_compared_by_target_and_by_text(world: World) -> None:
    sources = world.practice("lt-1").fields.sources
    assert sources is not None
    links: list[dict[str, Any]] = [link.model_dump() for link in sources.links]
    links[1] = {**links[1], "url": links[1]["url"].rstrip("/")}
    world.damage_field("lt-1", "sources", links=links)
    assert describe(world, "lt-1") == {"sources.links": "changed (truncation)"}
    world.damage_field("lt-1", "sources", links=[*reversed([link.model_dump() for link in sources.links])])
    assert describe(world, "lt-1") == {"sources.links": "changed (order)", "sources.link_texts": "changed (order)"}


def test_a_link_that_vanished_is_missing_and_an_added_one_spurious(world: World) -> None:
    sources = world.practice("lt-1").fields.sources
    assert sources is not None
    links: list[dict[str, Any]] = [link.model_dump() for link in sources.links]
    assert len(links) > 2
    added = {"url": "https://example.org/", "text": "elsewhere"}
    for lost in (links[1:], links[:-1], [links[0], *links[2:]], []):
        world.damage_field("lt-1", "sources", links=lost)
        assert describe(world, "lt-1") == {"sources.links": "missing", "sources.link_texts": "missing"}
    for more in ([added, *links], [*links, added], [links[0], added, *links[1:]]):
        world.damage_field("lt-1", "sources", links=more)
        assert describe(world, "lt-1") == {"sources.links": "spurious", "sources.link_texts": "spurious"}
    # What vanished and what came instead are told as one change.
    world.damage_field("lt-1", "sources", links=[added, *links[2:]])
    assert describe(world, "lt-1") == {"sources.links": "changed (value)", "sources.link_texts": "changed (value)"}


@pytest.mark.parametrize(
    ("part", "expected", "got", "outcome"),
    [
        ("channels", ["print", "online"], ["online"], "missing"),
        ("channels", ["online"], ["print", "online"], "spurious"),
        ("channels", ["online"], ["print"], "changed (value)"),
        ("channels", ["print", "online"], ["online", "print"], "match"),
        ("languages", ["lv", "en"], ["lv"], "missing"),
        ("languages", ["lv"], ["en", "lv"], "spurious"),
        ("languages", ["lv", "en", "ru"], ["ru", "lv"], "changed (value)"),
        ("languages", ["lv"], None, "missing"),
    ],
)
def test_codes_that_vanished_or_came_are_named(
    world: World, part: str, expected: JsonValue, got: JsonValue, outcome: str
) -> None:
    golden = world.golden("lt-1")
    field = golden.fields["outreach"]
    assert field is not None
    field = field.model_copy(update={part: expected})
    golden = golden.model_copy(update={"fields": {**golden.fields, "outreach": field}})
    world.damage_field("lt-1", "outreach", **{part: got})
    (found,) = [
        found
        for found in compare_practice(golden, world.practice("lt-1"))
        if (found.field, found.part) == ("outreach", part)
    ]
    assert found.describe() == outcome
    assert found.score < 1 or outcome == "match"


def test_pages_are_compared(world: World) -> None:
    def move(content: dict[str, Any]) -> None:
        for box in content["fields"]["objective"]["value_boxes"]:
            box["page"] += 1

    world.damage("lt-1", move)
    assert describe(world, "lt-1") == {"objective.value_pages": "changed (value)"}


def test_a_golden_of_another_file_verifies_nothing(world: World) -> None:
    golden = world.golden("lt-1")
    other = golden.model_copy(update={"source": golden.source.model_copy(update={"sha256": "0" * 64})})
    assert {found.status for found in compare_practice(other, world.practice("lt-1"))} == {"accepted"}


@pytest.mark.parametrize(
    ("metric", "expected", "got", "score"),
    [
        ("exact", True, 1, 0),
        ("exact", "2018-06", "2018-06", 1),
        ("text", "a  b", "a b", 1),
        ("text", "a b", "a\nb", 0),
        ("set", ["a", "b"], ["b", "a"], 1),
        ("set", ["a", "b"], ["a"], 2 / 3),
        ("set", ["a", "b"], ["c"], 0),
        ("set", ["a"], ["a", "a"], 2 / 3),
        ("list", ["a", "b", "c"], ["c", "a", "b"], 2 / 3),
        ("list", ["a", "b"], ["a", "x", "b"], 0.8),
        ("list", [], [], 1),
        ("list", [], ["a"], 0),
        ("list", [{"value": 1, "currency": "EUR"}], [{"value": 2, "currency": "EUR"}], 0),
        ("texts", ["a  b", "c"], ["a b", "c"], 1),
    ],
)
def test_scores(metric: Metric, expected: JsonValue, got: JsonValue, score: float) -> None:
    assert score_leaf(metric, expected, got) == pytest.approx(score)
