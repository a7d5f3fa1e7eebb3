"""The weights of the table model: complete, used, and refused where they are not what they should be."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import DuplicateKeyError

from pipeline import paths
from pipeline.text.weights import WEIGHTS, WEIGHTS_FILE, load_weights

MOST_WEIGHTS = 60
GOOD = "crosses: {value: -8.0, unit: log-odds, meaning: Text runs over the boundary., source: Forms.}\n"


def names_used(folder: Path) -> set[str]:
    """Give the names in `W["name"]` and `WEIGHTS["name"]` of a folder's modules, and the keys of what weighs."""
    nodes = [
        node for module in folder.rglob("*.py") for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
    ]
    keys = {
        key.value
        for function in nodes
        if isinstance(function, ast.FunctionDef) and function.name.lstrip("_").startswith("weigh_")
        for node in ast.walk(function)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }
    return keys | {
        node.slice.value
        for node in nodes
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("W", "WEIGHTS")
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    }


def test_each_weight_is_used_and_each_used_one_is_in_the_file() -> None:
    assert names_used(paths.PACKAGE / "stages") - {"tags"} == set(WEIGHTS)


def test_a_name_used_in_a_module_is_found(tmp_path: Path) -> None:
    code = 'x = W["one"] + other["two"] + WEIGHTS["three"] + W[name]\n\ndef _weigh_line():\n    return {"four": True}\n'
    (tmp_path / "module.py").write_text(code)
    assert names_used(tmp_path) == {"one", "three", "four"}


def test_the_file_is_short_and_holds_no_weight_twice() -> None:
    text = WEIGHTS_FILE.read_text(encoding="utf-8")
    assert set(YAML(typ="safe").load(text)) == set(WEIGHTS)  # refuses keys that stand twice
    assert len(WEIGHTS) <= MOST_WEIGHTS
    with pytest.raises(DuplicateKeyError):
        YAML(typ="safe").load(GOOD + GOOD)


def test_log_odds_are_small_and_other_units_are_positive() -> None:
    for name, weight in load_weights().items():
        assert abs(weight.value) <= 10 if weight.unit == "log-odds" else weight.value > 0, name
        assert weight.unit != "share" or weight.value < 1, name


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (("meaning:", "sense:"), "sense"),
        (("log-odds", "metres"), "unit"),
        (("-8.0", "many"), "value"),
        (("-8.0", ".nan"), "value"),
        ((", source: Forms.", ""), "source"),
        (("Forms.", "''"), "source"),
    ],
)
def test_an_entry_of_another_shape_is_refused(tmp_path: Path, change: tuple[str, str], place: str) -> None:
    path = tmp_path / "weights.yaml"
    path.write_text(GOOD)
    assert load_weights(path)["crosses"].value == -8.0
    path.write_text(GOOD.replace(*change))
    with pytest.raises(ValidationError, match=place):
        load_weights(path)


def test_weights_count_as_code() -> None:
    code = paths.list_code()
    assert WEIGHTS_FILE in code
    assert Path(paths.__file__) in code
