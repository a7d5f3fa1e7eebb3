"""The list of mutants fits the code: each applies exactly once and changes what the file's program is."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from tests.mutants.listing import Mutant, load_mutants

MUTANTS = load_mutants()
LEAST = 60
STAGES = {"read", "chapter", "map", "normalise", "validate", "emit"}
"""Stages with mutants; segment and stitch are covered by the layouts, whose every row is compared."""


@cache
def dump_program(module: Path) -> str:
    return ast.dump(ast.parse(module.read_text(encoding="utf-8")))


def test_each_mutant_applies_and_is_another_program() -> None:
    assert list(filter(None, map(find_fault, MUTANTS))) == []


def find_fault(mutant: Mutant) -> str:
    """Say why a mutant is none; nothing where it is one."""
    try:
        module, text = mutant.apply()
        changed = ast.dump(ast.parse(text))
    except ValueError as error:
        return str(error)
    except SyntaxError as error:
        return f"{mutant.name}: {error}"
    return f"{mutant.name}: the same program" if changed == dump_program(module) else ""


def test_mutants_stand_in_all_stages() -> None:
    assert len(set(MUTANTS)) == len(MUTANTS) >= LEAST
    assert {mutant.place.split("/")[2] for mutant in MUTANTS if mutant.place.startswith("pipeline/stages/")} >= STAGES
