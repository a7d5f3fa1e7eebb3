"""Corrections of evident slips of an edition: reads `schemas/corrections/<edition>.yaml`, writes no artefact.

The printed text stays as it is; a correction says only how a slip is to be read when its value is normalised. It names
the text it expects, so that a new printing of the edition without the slip shows the correction to be stale.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator, model_validator

from pipeline import paths
from pipeline.contract import FIELDS
from pipeline.lexicon.load import read_data_file
from pipeline.lexicon.models import Status
from pipeline.models.geometry import Frozen


class Correction(Frozen):
    """One slip of the source.

    Attributes:
        practice: Practice id.
        field: Field whose text holds the slip.
        expected: The slip as printed.
        read_as: What it is read as when the value is normalised.
        reason: Why it is a slip, and how its reading is known.
        status: `verified` where a person confirmed it.
    """

    practice: str = Field(min_length=1)
    field: str
    expected: str = Field(min_length=1)
    read_as: str
    reason: str = Field(min_length=1)
    status: Status

    @field_validator("field")
    @classmethod
    def _check_field(cls, field: str) -> str:
        """Reject a name that is no field of the contract."""
        if field not in FIELDS:
            raise ValueError(f"{field!r} is no field of the contract")
        return field


class Corrections(Frozen):
    """All corrections of one edition; none for an edition without the file.

    Attributes:
        source: Name of the file they come from, for messages; empty without one.
        entries: The corrections in the file's order.
    """

    source: str = ""
    entries: tuple[Correction, ...] = ()


class _CorrectionsFile(Frozen):
    """What the file holds."""

    corrections: tuple[Correction, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> _CorrectionsFile:
        """Reject two corrections of the same slip."""
        seen: set[tuple[str, str, str]] = set()
        for entry in self.corrections:
            key = (entry.practice, entry.field, entry.expected)
            if key in seen:
                raise ValueError(f"{entry.practice}, {entry.field}: {entry.expected!r} is corrected twice; keep one")
            seen.add(key)
        return self


def load_corrections(edition: str, schemas: Path | None = None) -> Corrections:
    """Load the corrections of an edition.

    Args:
        edition: Edition id.
        schemas: Folder of the lexicons; the project's own by default.

    Returns:
        The corrections; without entries where the edition has no file.

    Raises:
        LexiconError: The file does not hold what it must.
    """
    place = ("corrections", f"{edition}.yaml")
    path = paths.find_schema(*place) if schemas is None else schemas.joinpath(*place)
    if not path.is_file():
        return Corrections()
    content = read_data_file(path, _CorrectionsFile)
    return Corrections(source=path.name, entries=content.corrections)
