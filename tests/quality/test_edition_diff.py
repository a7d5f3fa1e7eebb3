"""Edition diff: moves, edits and rewrites told apart; across languages only what no translation changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import paths
from pipeline.cli.main import main
from pipeline.models.edition import ValidatedEdition
from pipeline.models.practice import Practice
from pipeline.quality.edition_diff import diff_editions
from pipeline.stages.emit.edition import load_edition, render_edition


@pytest.fixture(scope="module")
def known() -> ValidatedEdition:
    assert paths.REPOSITORY is not None
    return load_edition(paths.REPOSITORY / "extracted" / "raccombat-lv")


def change(edition: ValidatedEdition, practice: str, **fields: Any) -> ValidatedEdition:
    """Change fields of a practice: None to take one out, else the leaves to change."""
    number = [item.id for item in edition.practices].index(practice)
    content = edition.practices[number].model_dump()
    for name, leaves in fields.items():
        content["fields"][name] = None if leaves is None else {**content["fields"][name], **leaves}
    changed = (*edition.practices[:number], Practice.model_validate(content), *edition.practices[number + 1 :])
    return edition.model_copy(update={"practices": changed})


def text_of(edition: ValidatedEdition, practice: str, field: str) -> str:
    value = getattr(next(item for item in edition.practices if item.id == practice).fields, field)
    return str(value.text)


def kinds(
    first: ValidatedEdition, second: ValidatedEdition, **options: Any
) -> list[tuple[str, str | None, str | None]]:
    found = diff_editions(first, second, **options)
    return [(difference.kind, difference.field, difference.leaf) for difference in found.differences]


def test_an_edition_agrees_with_itself(known: ValidatedEdition) -> None:
    for mode in ("text", "neutral"):
        found = diff_editions(known, known, mode)
        assert found.differences == ()
        assert found.practices == 15
        assert found.leaves > 800


def test_an_edit_a_rewrite_and_a_new_order_are_told_apart(known: ValidatedEdition) -> None:
    text = text_of(known, "bg-1", "description")
    edited = change(known, "bg-1", description={"text": text.replace("stereotipi", "aizspriedumi")})
    assert kinds(known, edited) == [("edited", "description", None)]
    rewritten = change(known, "bg-1", description={"text": "Pavisam cits apraksts par pavisam citu lietu."})
    assert kinds(known, rewritten) == [("rewritten", "description", None)]
    turned = change(known, "bg-1", description={"text": "\n".join(reversed(text.split("\n")))})
    assert kinds(known, turned) == [("reordered", "description", None)]


def test_a_moved_text_is_told_moved(known: ValidatedEdition) -> None:
    aim, idea = text_of(known, "bg-1", "objective"), text_of(known, "bg-1", "main_idea")
    swapped = change(known, "bg-1", objective={"text": idea}, main_idea={"text": aim})
    found = diff_editions(known, swapped).differences
    assert [(item.kind, item.field, item.note) for item in found] == [
        ("moved", "main_idea", "to objective"),
        ("moved", "objective", "to main_idea"),
    ]


def test_values_links_and_missing_fields_differ_in_every_mode(known: ValidatedEdition) -> None:
    other = change(
        known,
        "bg-1",
        period={"start": "2017-06"},
        implementation_level={"level": "national"},
        sources={"links": ()},
        participation=None,
    )
    expected = {("value", "period", "start"), ("value", "implementation_level", "level"), ("value", "sources", "links")}
    assert set(kinds(known, other)) == {*expected, ("only_in_first", "participation", None)}
    assert set(kinds(known, other, mode="neutral")) == {*expected, ("only_in_first", "participation", None)}


def test_other_words_are_no_difference_across_languages(known: ValidatedEdition) -> None:
    other = change(known, "gr-1", locations={"text": "Athens", "label": "Location", "places": ("Athens",)})
    assert kinds(known, other, mode="neutral") == []
    assert {kind for kind, _, _ in kinds(known, other)} == {"rewritten", "label", "value"}


def test_the_command_tells_by_its_exit_code(
    known: ValidatedEdition, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, edition in (("one", known), ("two", change(known, "bg-1", period={"end": None}))):
        (tmp_path / name).mkdir()
        for file, content in render_edition(edition).items():
            (tmp_path / name / file).write_bytes(content)
    out = ["--out", str(tmp_path)]
    assert main(["diff", "one", "one", *out]) == 0
    assert main(["diff", "one", "two", *out]) == 1
    assert "bg-1.period.end" in capsys.readouterr().out
    assert main(["diff", "one", "two", "--json", *out]) == 1
    assert json.loads(capsys.readouterr().out)["differences"][0]["leaf"] == "end"
    assert main(["diff", "one", "three", *out]) == 2
