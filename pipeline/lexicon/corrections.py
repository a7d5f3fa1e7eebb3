"""Corrections of evident slips: reads `schemas/corrections/{<edition>,collection}.yaml`.

The printed text stays as it is; a correction says only how a typo is to be read when its value is normalised. It names
the text it expects, so that a new printing of the edition without the typo shows the correction to be stale. A typo
of the text itself, which every edition in the language may print, is in `collection.yaml`; one of a single edition
in that edition's file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pydantic import Field, field_validator, model_validator

from pipeline import paths
from pipeline.lexicon.labels import Status
from pipeline.models.data_file import read_data_file
from pipeline.models.geometry import Frozen
from pipeline.models.practice import FIELDS

FOLDER: Final = "corrections"
COLLECTION: Final = "collection.yaml"


class _Slip(Frozen):
    """One typo of the source.

    Attributes:
        field: Field whose text holds the typo.
        expected: The typo as printed.
        read_as: What it is read as when the value is normalised.
        reason: Why it is a typo, and how its reading is known.
        status: `verified` where a person confirmed it.
    """

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


class Correction(_Slip):
    """A typo of one edition.

    Attributes:
        practice: Practice id.
    """

    practice: str = Field(min_length=1)


class TextCorrection(_Slip):
    """A typo of the text, in whichever edition prints it.

    A practice's id counts within one edition, so that it is named by its countries.

    Attributes:
        language: BCP 47 code of the text.
        countries: The practice's countries, ISO 3166-1 alpha-2, in any order.
    """

    language: str = Field(min_length=1)
    countries: frozenset[str] = Field(min_length=1)


class Corrections(Frozen):
    """All corrections that hold for one edition.

    Attributes:
        source: Name of the file they come from, for messages; empty without one.
        entries: The edition's own corrections in the file's order; without one of its typos, an entry is stale.
        shared: The collection's, of the edition's language; an edition may well print the text without the typo.
    """

    source: str = ""
    entries: tuple[Correction, ...] = ()
    shared: tuple[TextCorrection, ...] = ()

    def of(self, practice: str, countries: Iterable[str], field: str) -> Iterator[_Slip]:
        """Return the typos that a practice's field may hold, the edition's own first.

        Args:
            practice: Practice id.
            countries: Its countries, ISO 3166-1 alpha-2.
            field: The field.
        """
        own = frozenset(countries)
        yield from (entry for entry in self.entries if (entry.practice, entry.field) == (practice, field))
        yield from (entry for entry in self.shared if (entry.countries, entry.field) == (own, field))


class _CorrectionsFile(Frozen):
    """What the file holds."""

    corrections: tuple[Correction, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> _CorrectionsFile:
        """Reject two corrections of the same typo."""
        seen: set[tuple[str, str, str]] = set()
        for entry in self.corrections:
            key = (entry.practice, entry.field, entry.expected)
            if key in seen:
                raise ValueError(f"{entry.practice}, {entry.field}: {entry.expected!r} is corrected twice; keep one")
            seen.add(key)
        return self


class _CollectionFile(Frozen):
    """What the collection's file holds."""

    corrections: tuple[TextCorrection, ...] = ()


def load_corrections(edition: str, language: str = "", schemas: Path | None = None) -> Corrections:
    """Load the corrections of an edition, and those of the collection in its language.

    Args:
        edition: Edition id.
        language: Its language, BCP 47; empty for its own corrections alone.
        schemas: Folder of the lexicons; the project's own by default.

    Returns:
        The corrections; none where there is no file of them.

    Raises:
        LexiconError: The file does not hold what it must.
    """
    path, common = (
        paths.find_schema(FOLDER, name) if schemas is None else schemas / FOLDER / name
        for name in (f"{edition}.yaml", COLLECTION)
    )
    has_own = path.is_file() and path.name != COLLECTION
    own = read_data_file(path, _CorrectionsFile).corrections if has_own else ()
    shared = read_data_file(common, _CollectionFile).corrections if common.is_file() else ()
    return Corrections(
        source=path.name if has_own else "",
        entries=own,
        shared=tuple(entry for entry in shared if entry.language == language),
    )
