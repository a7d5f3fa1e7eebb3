"""One key for a practice over all editions: matched by what no translation changes, and never given twice."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from pipeline import paths
from pipeline.cli.main import main
from pipeline.publish.collection import load_assignment
from pipeline.publish.dictionary import build_schema
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


def test_what_a_person_has_assigned_stays_and_is_told_where_little_shows_it(
    tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    write_edition(out, "one", {"at-1": "at-1", "at-2": "at-2"})
    write_edition(out, "two", {"at-1": "at-1"}, translate)
    keys.write_text(HEAD.replace("[one]", "[two, one]") + "  good: {one: at-2, two: at-1}\n".replace("good", "at-7"))
    assert run_link(out, keys) == 0
    assert read_links(out) == {"at-7": {"two": "at-1", "one": "at-2"}, "at-1": {"one": "at-1"}}
    told = capsys.readouterr().err
    assert "one, at-2: little shows that it is at-7" in told
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("base: nowhere\n", "base"),
        ("practices: [\n", "can't be read"),
        (HEAD + "  Nonsense: {}\n", "practices.Nonsense"),
    ],
)
def test_a_wrong_file_of_keys_is_told_in_one_line(
    text: str, said: str, tmp_path: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_edition(tmp_path / "out", "one", {"at-1": "at-1"})
    keys.write_text(text)
    assert run_link(tmp_path / "out", keys) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1
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
