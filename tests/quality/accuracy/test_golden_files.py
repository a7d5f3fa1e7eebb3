"""The goldens' files: their form, what they refuse, and where a leaf stands in them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import InputError
from pipeline.quality.accuracy.golden import digest_goldens, find_line, golden_path, parse_golden, render_golden
from pipeline.quality.accuracy.leaves import LEAVES, golden_values
from tests.quality.accuracy.conftest import EDITION, World


def test_a_golden_is_read_back_as_it_was_written(world: World) -> None:
    golden = world.golden("bg-1")
    path = golden_path(world.goldens, EDITION, "bg-1")
    assert parse_golden(path.read_bytes(), path) == golden
    assert render_golden(golden) == path.read_bytes()


def test_every_leaf_is_found_on_the_line_of_its_key(world: World) -> None:
    content = golden_path(world.goldens, EDITION, "bg-de-ro-1").read_bytes()
    lines = content.decode().splitlines()
    golden = world.golden("bg-de-ro-1")
    values = golden_values(golden)
    for leaf in LEAVES:
        line = lines[find_line(content, leaf.field, leaf.part) - 1]
        key = {"link_texts": "links"}.get(leaf.part, leaf.part)
        absent = leaf.field != "practice" and golden.fields[leaf.field] is None
        assert line.strip().startswith(f'"{leaf.field if absent else key}":'), leaf
        value = values[leaf]
        if isinstance(value, str):
            assert json.dumps(value, ensure_ascii=False) in line
    assert find_line(content, "period", "start") > find_line(content, "period", "label")


def edit(world: World, change: dict[str, Any], *, field: str | None = None) -> tuple[bytes, Any]:
    path = golden_path(world.goldens, EDITION, "bg-1")
    content = json.loads(path.read_text())
    (content if field is None else content["fields"][field]).update(change)
    return json.dumps(content).encode(), path


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"status": "certain"}, None, "status"),
        ({"id": "bg-2"}, None, "bg-2"),
        ({"edition": "other"}, None, "other/bg-1"),
        ({"more": 1}, None, "more"),
        ({"start": "June"}, "period", "match"),
        ({"ongoing": "yes"}, "period", "bool"),
        ({"begin": "2018"}, "period", "parts"),
        ({"label_pages": [0]}, "period", "label_pages"),
        ({"judgement": [{"leaf": "period.begin", "why": "?"}]}, None, "period.begin"),
        ({"leaves": [{"leaf": "period.end", "status": "accepted", "date": "2026-01-31"}] * 2}, None, "twice"),
    ],
)
def test_what_is_no_golden_is_refused_in_one_line(
    world: World, change: dict[str, Any], field: str | None, message: str
) -> None:
    content, path = edit(world, change, field=field)
    with pytest.raises(InputError) as caught:
        parse_golden(content, path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_field_too_few_is_refused(world: World) -> None:
    path = golden_path(world.goldens, EDITION, "bg-1")
    content = json.loads(path.read_text())
    del content["fields"]["sources"]
    with pytest.raises(InputError, match="sources"):
        parse_golden(json.dumps(content).encode(), path)


def test_the_digest_changes_with_names_and_contents(tmp_path: Path) -> None:
    def digest(files: dict[str, bytes]) -> str:
        folder = tmp_path / str(len(list(tmp_path.iterdir()))) / "x"
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        return digest_goldens(folder.parent, "x")

    files = {"a.json": b"1", "b.json": b"2"}
    assert digest(files) == digest(dict(reversed(files.items())))
    others = [{"a.json": b"1"}, {"a.json": b"12", "b.json": b""}, {"a.json": b"2", "b.json": b"1"}, {"c.json": b"1"}]
    assert len({digest(other) for other in (files, *others)}) == len(others) + 1
