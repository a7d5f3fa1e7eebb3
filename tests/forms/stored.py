"""The stored forms: their PDFs, and what a person reads in them."""

from __future__ import annotations

import lzma
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

FOLDER = Path(__file__).parent
SOURCES = FOLDER / "sources"


class Expected(BaseModel):
    """What a person reads in a form, written by hand from its source.

    Attributes:
        kind: How the form is set; floors are per kind.
        rows: The label, then the value's paragraphs or cells.
        headings: Of the page and of groups of rows: a row without value that holds one is neither right nor wrong.
        broken: Labels of the rows that run over a page break.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    rows: tuple[tuple[str, ...], ...]
    headings: tuple[str, ...] = ()
    broken: tuple[str, ...] = ()


class Floor(BaseModel):
    """The least that is read in the forms of a kind: rows right, of these over page breaks, and the most wrong."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    broken: int
    wrong: int


@cache
def load_expected() -> dict[str, Expected]:
    """Give what is expected of each form, by name."""
    return {
        path.stem: Expected.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        for path in sorted((FOLDER / "expected").glob("*.yaml"))
    }


@cache
def load_floors() -> dict[str, Floor]:
    """Give the floor of each kind."""
    floors = yaml.safe_load((FOLDER / "floors.yaml").read_text(encoding="utf-8"))
    return {kind: Floor.model_validate(floor) for kind, floor in floors.items()}


def pdf_path(name: str) -> Path:
    """Give the path of a form's stored PDF."""
    return FOLDER / "pdf" / f"{name}.pdf.xz"


def write_pdf(name: str, folder: Path) -> Path:
    """Write a form's stored PDF into a folder."""
    path = folder / f"{name}.pdf"
    path.write_bytes(lzma.decompress(pdf_path(name).read_bytes()))
    return path
