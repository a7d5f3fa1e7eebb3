"""The list of mutants fits the code: each applies exactly once and changes what the file's program is."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.mutants.listing import Mutant, load_mutants

MUTANTS = load_mutants()
LEAST = 60
STAGES = {"read", "chapter", "map", "normalise", "validate", "emit"}
"""Stages with mutants; segment and stitch are covered by the layouts, whose every row is compared."""


@cache
def dump_program(module: Path) -> str:
    return ast.dump(ast.parse(module.read_text(encoding="utf-8")))


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_applies_and_is_another_program(mutant: Mutant) -> None:
    module, text = mutant.apply()
    assert ast.dump(ast.parse(text)) != dump_program(module)


def test_mutants_stand_in_all_stages() -> None:
    assert len(set(MUTANTS)) == len(MUTANTS) >= LEAST
    assert {mutant.place.split("/")[2] for mutant in MUTANTS if mutant.place.startswith("pipeline/stages/")} >= STAGES
