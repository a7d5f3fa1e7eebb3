"""The list of mutants fits the code: each applies exactly once and changes what the file's program is."""

from __future__ import annotations

import ast

import pytest

from tests.mutants.listing import REPOSITORY, Mutant, load_mutants

MUTANTS = load_mutants()
LEAST = 60
STAGES = {"read", "chapter", "map", "normalise", "validate", "emit"}
"""Stages with mutants; segment and stitch are covered by the layouts, whose every row is compared."""


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_applies_and_is_another_program(mutant: Mutant) -> None:
    sound = (REPOSITORY / mutant.file).read_text(encoding="utf-8")
    assert ast.dump(ast.parse(mutant.apply())) != ast.dump(ast.parse(sound))


def test_mutants_stand_in_all_stages() -> None:
    assert len(set(MUTANTS)) == len(MUTANTS) >= LEAST
    assert {mutant.file.split("/")[2] for mutant in MUTANTS if mutant.file.startswith("pipeline/stages/")} >= STAGES
