"""An edition whose goldens say exactly what was extracted, in a folder of its own, to be damaged by tests."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pipeline import paths
from pipeline.models.practice import Practice
from pipeline.quality.accuracy.accept import create_golden, give_status, write_golden
from pipeline.quality.accuracy.baseline import FILE
from pipeline.quality.accuracy.evaluate import evaluate, renew_baseline
from pipeline.quality.accuracy.golden import Golden, golden_path, load_golden
from pipeline.quality.accuracy.leaves import LEAVES
from pipeline.stages.emit.edition import load_edition, render_json
from pipeline.stages.emit.outputs import folder_aside

EDITION = "raccombat-lv"
PRACTICES = ("bg-1", "bg-de-ro-1", "lt-1")
DATE = "2026-01-31"


@dataclass(frozen=True)
class World:
    """Folders of an edition's output and goldens."""

    extracted: Path
    goldens: Path
    reports: Path

    def practice(self, practice: str) -> Practice:
        content = (self.extracted / EDITION / f"{practice}.json").read_bytes()
        return Practice.model_validate_json(content, strict=True)

    def golden(self, practice: str) -> Golden:
        return load_golden(golden_path(self.goldens, EDITION, practice))

    def damage(self, practice: str, change: Callable[[dict[str, Any]], None]) -> None:
        """Change a practice's output file."""
        path = self.extracted / EDITION / f"{practice}.json"
        content = json.loads(path.read_text())
        change(content)
        path.write_bytes(render_json(content))

    def damage_field(self, practice: str, field: str, **values: Any) -> None:
        self.damage(practice, lambda content: content["fields"][field].update(values))

    def set_aside(self) -> World:
        """Copy the output aside, as a run with errors leaves its own; gives the world whose output that is."""
        aside = folder_aside(self.extracted, EDITION)
        shutil.copytree(self.extracted / EDITION, aside)
        return replace(self, extracted=aside.parent)

    def drop(self, practice: str) -> None:
        """Take a practice out of the output."""
        path = self.extracted / EDITION / "index.json"
        content = json.loads(path.read_text())
        content["practices"] = [entry for entry in content["practices"] if entry["id"] != practice]
        path.write_bytes(render_json(content))
        (self.extracted / EDITION / f"{practice}.json").unlink()

    def options(self, command: str) -> list[str]:
        options = [command, "--out", str(self.extracted), "--goldens", str(self.goldens)]
        return [*options, "--report", str(self.reports)] if command == "accuracy" else options


@pytest.fixture(scope="session")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of an edition of three practices, all verified, with a baseline that knows no difference."""
    folder = tmp_path_factory.mktemp("accuracy")
    assert paths.REPOSITORY is not None
    made = World(folder / "extracted", folder / "goldens", folder / "reports")
    shutil.copytree(paths.REPOSITORY / paths.EXTRACTED / EDITION, made.extracted / EDITION)
    for practice in load_edition(made.extracted / EDITION).practices:
        if practice.id not in PRACTICES:
            made.drop(practice.id)
            continue
        golden = create_golden(practice, reason="made for a test", date=DATE)
        verified = give_status(golden, [leaf.path for leaf in LEAVES], "verified", reason=None, date=DATE)
        write_golden(made.goldens, verified)
    baseline = renew_baseline(None, evaluate(made.extracted, made.goldens).editions, date=DATE, reason=None)
    (made.goldens / FILE).write_bytes(render_json(baseline))
    return folder


@pytest.fixture
def world(untouched: Path, tmp_path: Path) -> World:
    """Give a copy of the edition."""
    shutil.copytree(untouched, tmp_path, dirs_exist_ok=True)
    return World(tmp_path / "extracted", tmp_path / "goldens", tmp_path / "reports")
