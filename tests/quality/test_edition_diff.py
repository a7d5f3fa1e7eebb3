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
from pipeline.quality.word_diff import diff_words
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


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("14. Mai 2019", "14 May 2019", True),
        ("1. Eins\n2. Zwei", "1) One\n2) Two", True),
        ("1. Eins\n2. Zwei", "One, two", False),
        ("- Eins", "One", False),
    ],
)
def test_a_date_is_no_list_item(known: ValidatedEdition, one: str, other: str, same: bool) -> None:
    first, second = (change(known, "bg-1", description={"text": text}) for text in (one, other))
    assert kinds(first, second, mode="neutral") == ([] if same else [("value", "description", "items")])


def test_an_edit_a_rewrite_and_a_new_order_are_distinguished(known: ValidatedEdition) -> None:
    text = text_of(known, "bg-1", "description")
    edited = change(known, "bg-1", description={"text": text.replace("stereotipi", "aizspriedumi")})
    assert kinds(known, edited) == [("edited", "description", None)]
    rewritten = change(known, "bg-1", description={"text": "Pavisam cits apraksts par pavisam citu lietu."})
    assert kinds(known, rewritten) == [("rewritten", "description", None)]
    turned = change(known, "bg-1", description={"text": "\n".join(reversed(text.split("\n")))})
    assert kinds(known, turned) == [("reordered", "description", None)]


def test_another_paragraph_break_is_a_wrap_and_an_edit_no_move_in_a_shared_cell(known: ValidatedEdition) -> None:
    practice = next(item for item in known.practices if item.fields.partners and item.fields.partners.shared_with)
    fields = ("implementers", "partners")
    text = text_of(known, practice.id, "partners")
    assert text == text_of(known, practice.id, "implementers")
    wrapped = text.replace(" ", "\n", 1)
    found = kinds(known, change(known, practice.id, **{field: {"text": wrapped} for field in fields}))
    assert found == [("re-wrapped", field, None) for field in fields]
    edited = change(known, practice.id, **{field: {"text": f"{text} cits"} for field in fields})
    assert [item[:2] for item in kinds(known, edited)] == [("edited", field) for field in fields]


def test_a_short_shared_cell_in_other_paragraphs_is_rewrapped_not_moved(known: ValidatedEdition) -> None:
    practice = next(item for item in known.practices if item.fields.partners and item.fields.partners.shared_with)
    fields = ("implementers", "partners")
    words = "one two six ten red sun sea sky dew"
    before = change(known, practice.id, **{field: {"text": words} for field in fields})
    after = change(known, practice.id, **{field: {"text": words.replace(" ", "\n")} for field in fields})
    assert kinds(before, after) == [("re-wrapped", field, None) for field in fields]


def test_what_changes_in_a_shared_cell_is_one_line(
    known: ValidatedEdition, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    practice = next(item for item in known.practices if item.fields.partners and item.fields.partners.shared_with)
    text, link = text_of(known, practice.id, "partners"), {"url": "https://example.org/x", "text": "x"}
    leaves = {"text": text.replace(" ", "\n", 1), "links": [link]}
    other = change(known, practice.id, implementers=leaves, partners=leaves)
    write_editions(tmp_path, known, other)
    assert main(["diff", "one", "two", "--out", str(tmp_path)]) == 1
    wrapped, links, total = capsys.readouterr().out.splitlines()
    assert wrapped.startswith(f"{practice.id}.implementers and partners, p. ")
    assert links.startswith(f"{practice.id}.implementers and partners.links, p. ")
    assert total.endswith("4 differences")


def write_editions(folder: Path, one: ValidatedEdition, two: ValidatedEdition) -> None:
    for name, edition in (("one", one), ("two", two)):
        (folder / name).mkdir()
        for file, content in render_edition(edition).items():
            (folder / name / file).write_bytes(content)


def test_an_edit_shows_its_words_and_page(known: ValidatedEdition) -> None:
    text = text_of(known, "bg-1", "description")
    first = text.split()[0]
    edited = change(known, "bg-1", description={"text": text.replace(first, "Cits", 1)})
    (found,) = diff_editions(known, edited).differences
    assert f"[-{first}-] {{+Cits+}} {text.split()[1]}" in found.note
    assert found.first_pages
    assert diff_words("a b c d e f g h", "a b c x e f g h i") == "a b c [-d-] {+x+} e f g h {+i+}"


def test_a_difference_across_languages_has_its_texts_and_pages(known: ValidatedEdition) -> None:
    other = change(known, "bg-1", period={"start": "2017-06", "text": "From June 2017"})
    (found,) = diff_editions(known, other, "neutral").differences
    assert (found.first_text, found.second_text) == (text_of(known, "bg-1", "period"), "From June 2017")
    assert found.first_pages == found.second_pages != ()


def test_equal_changes_of_a_label_are_one_line(
    known: ValidatedEdition, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = known
    labels = {item.id: item.fields.objective.label for item in known.practices if item.fields.objective}
    usual = max(labels.values(), key=list(labels.values()).count)
    for practice in (name for name, label in labels.items() if label == usual):
        other = change(other, practice, objective={"label": "Nolūks"})
    write_editions(tmp_path, known, other)
    assert main(["diff", "one", "two", "--out", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(f"objective: label, {list(labels.values()).count(usual)} times (")


def test_a_list_that_differs_across_languages_is_printed_with_both_texts(
    known: ValidatedEdition, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    practice = next(item for item in known.practices if item.fields.outreach and item.fields.outreach.languages)
    other = change(known, practice.id, outreach={"languages": ("mt",)})
    write_editions(tmp_path, known, other)
    assert main(["diff", "one", "two", "--neutral", "--out", str(tmp_path)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{practice.id}.outreach.languages")
    assert sum(line.startswith("  p. ") for line in lines) == 2


def test_a_moved_text_is_called_moved(known: ValidatedEdition) -> None:
    aim, idea = text_of(known, "bg-1", "objective"), text_of(known, "bg-1", "main_idea")
    swapped = change(known, "bg-1", objective={"text": idea}, main_idea={"text": aim})
    found = diff_editions(known, swapped).differences
    assert [(item.kind, item.field, item.note) for item in found] == [
        ("moved", "main_idea", "to objective"),
        ("moved", "objective", "to main_idea"),
    ]


def to_unmapped(edition: ValidatedEdition, *fields: str) -> ValidatedEdition:
    """Take the fields of the first practice that has them to rows of no field."""
    practice = edition.practices[0]
    rows = [
        {"label": value.label, "text": value.text, "links": (), "label_boxes": (), "value_boxes": (), "field": None}
        | {"score": None}
        for name in fields
        if (value := getattr(practice.fields, name)) is not None
    ]
    content = change(edition, practice.id, **dict.fromkeys(fields)).practices[0].model_dump()
    changed = Practice.model_validate({**content, "unmapped": rows})
    return edition.model_copy(update={"practices": (changed, *edition.practices[1:])})


def test_a_short_text_that_nothing_else_can_be_is_called_moved(known: ValidatedEdition) -> None:
    practice = known.practices[0].id
    brief = change(known, practice, participation={"text": "Jā, bieži"}, indicators={"text": "Nav"})
    moved = to_unmapped(brief, "participation", "indicators")
    assert [kind for kind, *_ in kinds(brief, moved)] == ["moved", "moved"]
    assert [kind for kind, *_ in kinds(moved, brief)] == ["moved", "moved"]


def test_a_short_text_that_two_rows_have_is_not_called_moved(known: ValidatedEdition) -> None:
    practice = known.practices[0].id
    brief = change(known, practice, participation={"text": "Nav"}, indicators={"text": "Nav"})
    moved = to_unmapped(brief, "participation", "indicators")
    assert {kind for kind, *_ in kinds(brief, moved)} == {"only_in_first", "only_in_second"}


def unmap(edition: ValidatedEdition, practice: str, field: str) -> ValidatedEdition:
    """Make a field's row one that no field answers to."""
    number = [item.id for item in edition.practices].index(practice)
    content = edition.practices[number].model_dump()
    value = content["fields"][field]
    row = {key: value[key] for key in ("label", "text", "links", "label_boxes", "value_boxes")}
    content["fields"][field], content["unmapped"] = None, [{**row, "field": None, "score": None}]
    changed = (*edition.practices[:number], Practice.model_validate(content), *edition.practices[number + 1 :])
    return edition.model_copy(update={"practices": changed})


def test_a_row_that_is_mapped_now_has_moved_from_the_unmapped_ones(known: ValidatedEdition) -> None:
    other = unmap(known, "bg-1", "objective")
    label = next(item for item in other.practices if item.id == "bg-1").unmapped[0].label
    (mapped,) = diff_editions(other, known).differences
    assert (mapped.kind, mapped.field, mapped.note) == ("moved", "objective", f"from the unmapped row {label!r}")
    (unmapped,) = diff_editions(known, other).differences
    assert (unmapped.kind, unmapped.field, unmapped.note) == ("moved", "objective", f"to the unmapped row {label!r}")


def test_rows_without_a_field_and_fields_that_only_one_edition_has(known: ValidatedEdition) -> None:
    without = change(known, "bg-1", participation=None)
    assert kinds(without, known) == [("only_in_second", "participation", None)]
    other = unmap(known, "bg-1", "objective")
    row = next(item for item in other.practices if item.id == "bg-1").unmapped[0].label
    gone = change(known, "bg-1", objective=None)
    assert kinds(other, gone) == [("only_in_first", None, f"unmapped {row}")]
    assert kinds(gone, other) == [("only_in_second", None, f"unmapped {row}")]


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


def test_the_exit_code_says_whether_editions_differ(
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


def with_extra(edition: ValidatedEdition, practice: str, **extra: str) -> ValidatedEdition:
    """Give a practice rows of no field, each as its description but for the text."""
    practices = [
        item.model_copy(
            update={
                "extra": {
                    name: item.fields.description.model_copy(update={"label": name.capitalize(), "text": text})
                    for name, text in extra.items()
                    if item.fields.description is not None
                }
            }
        )
        if item.id == practice
        else item
        for item in edition.practices
    ]
    return edition.model_copy(update={"practices": tuple(practices)})


def test_a_row_of_no_field_is_compared_as_a_field_is(known: ValidatedEdition) -> None:
    text = "The app of the city, its words and its languages, for all who come to live there."
    first = with_extra(known, "be-1", keywords=text)
    edited = diff_editions(first, with_extra(known, "be-1", keywords=text.replace("words", "signs")))
    (found,) = edited.differences
    assert (found.kind, found.practice, found.field) == ("edited", "be-1", "extra.keywords")
    assert "words" in found.note
    assert "signs" in found.note
    assert found.first_pages == found.second_pages != ()
    assert kinds(first, known) == [("only_in_first", "extra.keywords", None)]
    assert kinds(known, first) == [("only_in_second", "extra.keywords", None)]
    moved = with_extra(known, "be-1", remarks=text)
    assert ("moved", "extra.keywords", None) in kinds(first, moved)
    assert kinds(first, moved, mode="neutral") == [], "an edition in another language may have rows of its own"
