"""One key for a practice over all editions: matched by what no translation changes, and never given twice."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from pipeline import paths
from pipeline.cli.main import main
from pipeline.publish.collection import load_assignment
from pipeline.publish.dictionary import build_schema
from pipeline.publish.linking import Fact, KnownPractice, compare, find_near, link, read_known
from pipeline.run.options import Options
from pipeline.run.runner import run_edition
from pipeline.stages.emit.edition import load_edition
from tests.editions.building import write_mini
from tests.publish.building import KNOWN, translate, write_edition

HEAD = """\
# The collection.
base: https://data.test/
name: tiny
title: Tiny
description: Practices.
editions: [one]  # the first names
practices:
"""


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "collection.yaml"
    path.write_text(HEAD)
    return path


def run_link(out: Path, keys: Path, *options: str) -> int:
    return main(["link", "--out", str(out), "--keys", str(keys), "--quiet", *options])


def read_links(out: Path) -> dict[str, dict[str, str]]:
    collection = json.loads((out / "collection.json").read_text())
    jsonschema.Draft202012Validator(build_schema("collection")).validate(collection)
    return {
        practice["key"]: {place["edition"]: place["id"] for place in practice["editions"]}
        for practice in collection["practices"]
    }


def test_a_partial_edition_s_number_is_no_key(tmp_path: Path, keys: Path) -> None:
    out = tmp_path / "out"
    write_edition(out, "one", {"at-1": "at-1", "at-2": "at-2", "ro-1": "ro-1"})
    write_edition(out, "two", {"ro-1": "ro-2", "at-1": "at-2"}, translate)
    assert run_link(out, keys) == 0
    assert read_links(out) == {
        "at-1": {"one": "at-1"},
        "at-2": {"one": "at-2", "two": "at-1"},
        "ro-1": {"one": "ro-1"},
        "ro-2": {"two": "ro-1"},
    }
    practice = next(
        item for item in json.loads((out / "collection.json").read_text())["practices"] if item["key"] == "at-2"
    )
    assert [place["score"] for place in practice["editions"]] == [1.0, pytest.approx(0.9, abs=0.1)]
    assert "countries" in practice["editions"][1]["evidence"]


def test_linking_again_changes_nothing(tmp_path: Path, keys: Path) -> None:
    out = tmp_path / "out"
    write_edition(out, "one", {"at-1": "at-1", "at-2": "at-2"})
    assert run_link(out, keys, "--check") == 1
    assert keys.read_text() == HEAD
    assert run_link(out, keys) == 0
    before = keys.read_text(), (out / "collection.json").read_bytes()
    assert before[0].startswith(HEAD), "what a person wrote stays"
    assert run_link(out, keys, "--check") == 0
    assert run_link(out, keys) == 0
    assert (keys.read_text(), (out / "collection.json").read_bytes()) == before


def test_keys_without_an_extracted_practice_are_not_counted(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_edition(tmp_path / "out", "first", {"at-1": "at-1", "at-2": "at-2"})
    options = ["link", "--keys", str(keys), "--out", str(tmp_path / "out")]
    assert main(options) == 0
    assert capsys.readouterr().out.endswith(": 2 practices in 1 edition, 0 in several\n")
    write_edition(tmp_path / "out", "first", {"at-1": "at-1"})
    assert main(options) == 0
    assert capsys.readouterr().out.endswith(": 1 practice in 1 edition, 0 in several\n")


def test_a_key_is_never_used_again(tmp_path: Path, keys: Path) -> None:
    out = tmp_path / "out"
    write_edition(out, "one", {"at-1": "at-1"})
    assert run_link(out, keys) == 0
    write_edition(out, "one", {})
    assert run_link(out, keys) == 0
    assert read_links(out) == {"at-1": {}}
    write_edition(out, "two", {"at-1": "at-2"})
    assert run_link(out, keys) == 0
    assert read_links(out) == {"at-1": {}, "at-2": {"two": "at-1"}}
    assert yaml.safe_load(keys.read_text())["practices"] == {"at-1": {"one": "at-1"}, "at-2": {"two": "at-1"}}
    assert yaml.safe_load(keys.read_text())["editions"] == ["one", "two"]


def test_what_a_person_has_assigned_stays_and_is_reported_where_little_shows_it(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    write_edition(out, "one", {"at-1": "at-1", "at-2": "at-2"})
    write_edition(out, "two", {"at-1": "at-1"}, translate)
    keys.write_text(HEAD.replace("[one]", "[two, one]") + "  good: {one: at-2, two: at-1}\n".replace("good", "at-7"))
    assert run_link(out, keys) == 0
    assert read_links(out) == {"at-7": {"two": "at-1", "one": "at-2"}, "at-1": {"one": "at-1"}}
    printed = capsys.readouterr().err
    assert "one, at-2: little shows that it is at-7" in printed
    assert len(printed.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("base: nowhere\n", "practices: required and missing"),
        ("practices: [\n", "is no valid YAML"),
        (HEAD + "  Nonsense: {}\n", "practices.Nonsense"),
    ],
)
def test_a_wrong_file_of_keys_is_reported_in_one_line(
    text: str, said: str, tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_edition(tmp_path / "out", "one", {"at-1": "at-1"})
    keys.write_text(text)
    assert run_link(tmp_path / "out", keys) == 2
    printed = capsys.readouterr().err
    assert said in printed
    assert len(printed.splitlines()) == 1
    assert not (tmp_path / "out" / "collection.json").exists()


def test_the_committed_keys_are_what_the_committed_editions_give() -> None:
    assert paths.REPOSITORY is not None
    assert run_link(paths.REPOSITORY / "extracted", paths.SCHEMAS / "collection.yaml", "--check") == 0
    assert load_assignment().practices


def test_the_english_mini_edition_is_linked_with_the_latvian_one(tmp_path: Path, keys: Path) -> None:
    run_edition(write_mini("mini_en", tmp_path), Options(out=tmp_path / "out"))
    ids = [practice.id for practice in load_edition(KNOWN).practices]
    write_edition(tmp_path / "out", "one", {practice: practice for practice in ids})
    assert run_link(tmp_path / "out", keys) == 0
    links = read_links(tmp_path / "out")
    assert {key: places["mini_en"] for key, places in links.items() if "mini_en" in places} == {
        key: key for key in ("bg-1", "gr-1", "lv-1", "lt-1")
    }


@pytest.mark.parametrize(
    ("kept", "changed", "least"), [(1.0, 0.0, 1.0), (0.8, 0.1, 0.95), (0.7, 0.2, 0.85), (0.5, 0.25, 0.4)]
)
def test_editions_of_any_order_with_gaps_and_new_practices_are_never_linked_wrongly(
    kept: float, changed: float, least: float
) -> None:
    """As a drafted lexicon reads them: of each practice's facts a share is kept, and another one is read wrongly.

    No title's words are kept. A new practice states what a practice of other countries states.
    """
    known = read_known(KNOWN.parent, KNOWN.name)
    chance = random.Random(f"{kept} {changed}")

    def read_again(practice: KnownPractice, name: str) -> KnownPractice:
        facts = set()
        for place, what in sorted(practice.facts):
            luck = 0.0 if place == "countries" else chance.random()
            if luck < kept + changed:
                facts.add((place, what if luck < kept else f"{what}?"))
        return practice._replace(edition="other", id=name, facts=frozenset(facts), words=frozenset())

    right = wrong = unlinked = 0
    keys = {practice.id: {KNOWN.name: practice.id} for practice in known}
    start = load_assignment().model_copy(update={"editions": (KNOWN.name,), "practices": keys})
    for _ in range(20):
        truth: dict[str, str | None] = {}
        practices = []
        for practice in chance.sample(known, 9):
            practices.append(read_again(practice, f"at-{len(practices) + 1}"))
            truth[practices[-1].id] = practice.id
        for place, stated in (chance.sample(known, 2) for _ in range(4)):
            if set(place.countries).isdisjoint(stated.countries):
                facts = {fact for fact in stated.facts if fact[0] != "countries"}
                facts |= {fact for fact in place.facts if fact[0] == "countries"}
                new = stated._replace(countries=place.countries, facts=frozenset(facts))
                practices.append(read_again(new, f"at-{len(practices) + 1}"))
                truth[practices[-1].id] = None
        chance.shuffle(practices)
        _, collection = link(start, {KNOWN.name: known, "other": practices})
        for linked in collection.practices:
            for place in linked.editions:
                if place.edition == "other":
                    got = linked.key if linked.key in keys else None
                    right += got == truth[place.id] is not None
                    wrong += got not in (truth[place.id], None)
                    unlinked += got is None and truth[place.id] is not None
    assert right + unlinked == 180
    assert wrong == 0
    assert right >= 180 * least


def test_a_practice_that_may_be_known_is_named(tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def forget(content: dict[str, Any]) -> None:
        translate(content)
        for number, value in enumerate(content["fields"].values()):
            if value is not None and number > 4:
                value["links"] = [{"url": "https://data.test/", "text": ""}]
                value |= {part: None for part in ("groups", "free", "languages", "channels") if part in value}

    write_edition(tmp_path / "out", "one", {"at-1": "at-1", "ro-1": "ro-1"})
    write_edition(tmp_path / "out", "two", {"ro-1": "ro-1", "at-1": "at-1"}, forget)
    assert run_link(tmp_path / "out", keys) == 0
    printed = capsys.readouterr().err
    assert {line.partition(" (score")[0] for line in printed.splitlines()} == {
        "pipeline: warning: two, at-1: it may be at-1"
    }


def known(edition: str, practice: str, words: str = "", **facts: int) -> KnownPractice:
    """A practice that states these facts; an Austrian one."""
    return KnownPractice(
        edition=edition,
        language=None,
        id=practice,
        countries=("AT",),
        title=words,
        facts=frozenset((place, str(what)) for place, what in facts.items()),
        words=frozenset(("title", word) for word in words.split()),
    )


def evenly(*practices: KnownPractice) -> dict[Fact, float]:
    return {fact: 1.0 for practice in practices for fact in practice.facts | practice.words}


def test_what_agrees_is_weighed_against_what_either_states() -> None:
    one, other = known("one", "at-1", a=1, b=1, c=1), known("two", "at-1", a=1, b=2)
    # a agrees; b is stated twice, and differs; c is stated by one of them alone and counts half.
    assert compare(one, other, evenly(one, other)).score == pytest.approx(1 / 3.5, abs=0.001)
    assert compare(one, one, evenly(one)).score == 1.0
    stranger = one._replace(countries=("AT", "DE"))
    assert compare(one, stranger, evenly(one)) == (0.0, ())


def test_words_that_both_titles_print_speak_for_them_and_others_not_against() -> None:
    one, other = known("one", "at-1", "start vienna", a=1), known("two", "at-1", "vienna begins", a=2)
    assert compare(one, other, evenly(one, other)) == (pytest.approx(1 / 3, abs=0.001), ("title",))


@pytest.mark.parametrize(("places", "agreeing", "linked"), [("abcdefg", 4, True), ("abcdefghijk", 6, False)])
def test_two_fifths_of_the_evidence_make_one_practice(places: str, agreeing: int, linked: bool) -> None:
    """What differs is stated twice: the score is 4 of 10, or 6 of 16."""
    one = known("one", "at-1", **dict.fromkeys(places, 1))
    other = known("two", "at-1", **{place: 1 if number < agreeing else 2 for number, place in enumerate(places)})
    assert compare(one, other, evenly(one, other)).score == pytest.approx(
        agreeing / (2 * len(places) - agreeing), abs=0.001
    )
    editions = {"one": [one, known("one", "at-2", z=5)], "two": [other, known("two", "at-2", y=6)]}
    _, collection = link(load_assignment().model_copy(update={"editions": (), "practices": None}), editions)
    assert (len(collection.practices[0].editions) == 2) == linked
    near = [(practice.edition, practice.id, key) for practice, key, _ in find_near(collection, editions)]
    assert near == ([] if linked else [("two", "at-1", "at-1")])


def test_of_equal_practices_those_in_the_same_order_are_one() -> None:
    editions = {name: [known(name, f"at-{number}", a=1) for number in (1, 2, 3)] for name in ("one", "two")}
    _, collection = link(load_assignment().model_copy(update={"editions": (), "practices": None}), editions)
    assert [[place.id for place in practice.editions] for practice in collection.practices] == [
        [f"at-{number}", f"at-{number}"] for number in (1, 2, 3)
    ]


def test_short_words_of_a_title_are_no_evidence(tmp_path: Path) -> None:
    def name(content: dict[str, Any]) -> None:
        content["title"] = "The Port of Tallinn"

    write_edition(tmp_path, "one", {"at-1": "at-1"}, name)
    (practice,) = read_known(tmp_path, "one")
    assert practice.words == {("title", "port"), ("title", "tallinn")}
