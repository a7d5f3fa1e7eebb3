"""Mini-editions: typesets them, and compares what the pipeline makes of them with what they print."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pipeline import paths
from pipeline.contract import FIELDS
from pipeline.models.edition import ValidatedEdition
from tests.factory.content import EditionContent, read_content
from tests.factory.layout import Layout
from tests.factory.typesetting import typeset

FOLDER: Final = Path(__file__).parent
BUNDLED_FONT: Final = "Libertinus Serif"
"""A font inside the Typst wheel, with Latin, Greek and Cyrillic letters: nothing is needed from the system."""

SMALL: Final = Layout(
    font=BUNDLED_FONT,
    font_size=9,
    paper="a5",
    margin=45,
    label_ratio=0.38,
    paragraph_gap=0.5,
    fills="table",
    header=True,
    page_number="plain",
)
"""Small pages: several rows run over page breaks, some with their labels."""

KNOWN: Final = "raccombat-lv"


def mini_content(name: str) -> EditionContent:
    """Read a mini-edition's content."""
    return read_content(FOLDER / f"{name}.json")


def mini_expected(name: str) -> list[dict[str, Any]]:
    """Read what a mini-edition's practices are: id, heading, fields with texts and parts."""
    practices: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.expected.json").read_text(encoding="utf-8"))[
        "practices"
    ]
    return practices


def typeset_mini(name: str, folder: Path, layout: Layout = SMALL) -> Path:
    """Typeset a mini-edition as `<folder>/<name>.pdf`."""
    return typeset_content(mini_content(name), folder / f"{name}.pdf", layout)


def typeset_content(content: EditionContent, path: Path, layout: Layout = SMALL) -> Path:
    """Typeset a content."""
    path.write_bytes(typeset("typst", content, layout).pdf_bytes)
    return path


def copy_schemas(folder: Path) -> Path:
    """Copy the lexicons, to be changed."""
    return Path(shutil.copytree(paths.SCHEMAS, folder / "schemas"))


def list_differences(edition: ValidatedEdition, expected: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Give every leaf that is not as expected: practice, field, leaf, got, expected."""
    ids = [practice.id for practice in edition.practices], [practice["id"] for practice in expected]
    if ids[0] != ids[1]:
        yield ("ids", *ids)
        return
    for practice, wanted in zip(edition.practices, expected, strict=True):
        if practice.heading != wanted["heading"]:
            yield practice.id, "heading", None, practice.heading, wanted["heading"]
        for name in FIELDS:
            value, want = getattr(practice.fields, name), wanted["fields"][name]
            if value is None or want is None:
                if (value is None) != (want is None):
                    yield practice.id, name, None, value, want
                continue
            got = value.model_dump(mode="json")
            leaves = {leaf: content for leaf, content in want.items() if leaf != "parts"} | want.get("parts", {})
            for leaf, content in leaves.items():
                if got[leaf] != content:
                    yield practice.id, name, leaf, got[leaf], content
        yield from ((practice.id, "unmapped", None, row.label, None) for row in practice.unmapped)
