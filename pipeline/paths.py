"""Every folder the pipeline knows by itself; reads and writes no artefact and imports nothing of the package."""

from __future__ import annotations

from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent
"""The folder of the package."""

REPOSITORY: Final = PACKAGE.parent if (PACKAGE.parent / "pyproject.toml").is_file() else None
"""The checkout, where the package runs from one; None where it is installed."""

SCHEMAS: Final = PACKAGE / "schemas" if REPOSITORY is None else REPOSITORY / "schemas"
"""The generated JSON Schema and the lexicons, one folder per language."""

CASES_FILE: Final = "cases.yaml"
"""Wordings of a language and what is right about them, beside its lexicon: tried, and no words of it."""

PRACTICE_SCHEMA: Final = SCHEMAS / "practice.schema.json"

RAW: Final = Path("raw")
"""Default folder of the source files, under the current folder."""

EXTRACTED: Final = Path("extracted")
"""Default output folder, under the current folder."""

GOLDENS: Final = Path("tests/golden")
"""Default folder of the goldens and their baseline, under the current folder."""

ACCURACY: Final = Path("build/accuracy")
"""Default folder of the accuracy reports and of the pictures that `pipeline verify` draws, under the current folder."""


def list_code() -> list[Path]:
    """List all files of the package that decide what it gives, but words of languages: modules and weights."""
    return sorted([*PACKAGE.rglob("*.py"), *(PACKAGE / "stages").rglob("*.yaml")])
