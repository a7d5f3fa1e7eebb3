"""Mini-editions: typesets them, and compares what the pipeline makes of them with what they print."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pipeline import paths
from pipeline.models.edition import ValidatedEdition
from pipeline.models.practice import FIELDS
from tests.factory.content import EditionContent, read_content
from tests.factory.layout import Layout
from tests.factory.store import Fixture, edition_fixture
from tests.factory.typesetting import typeset
from tests.fixtures.booklets import BUNDLED_FONT

FOLDER: Final = Path(__file__).parent
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

HELD_OUT_LAYOUTS: Final = {
    "de": Layout(
        font=BUNDLED_FONT, font_size=9.5, paragraph_gap=0.6, rules="horizontal", footer=True, page_number="plain"
    ),
    "nl": Layout(
        font=BUNDLED_FONT,
        font_size=9,
        paper="a5",
        margin=40,
        label_ratio=0.42,
        paragraph_gap=0.5,
        rules="hairline",
        header=True,
        page_number="total",
        chapter_start="flow",
    ),
    "ro": Layout(
        font=BUNDLED_FONT,
        paper="letter",
        margin=60,
        label_ratio=0.24,
        paragraph_gap=0.6,
        page_number="dashes",
        item_style="hanging",
    ),
    "el": Layout(font=BUNDLED_FONT, landscape=True, label_ratio=0.24, paragraph_gap=0.6, rules="thick", header=True),
}
"""No fills, other columns, other page breaks than the known edition's."""

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


def held_out_content(language: str) -> EditionContent:
    """Read a held-out edition's content."""
    return read_content(FOLDER / "held_out" / f"{language}.json")


MINI: Final[dict[str, Fixture]] = {
    name: edition_fixture(f"editions/{name}", "typst", mini_content(name), SMALL)
    for name in ("mini_bg", "mini_el", "mini_en")
}
HELD_OUT: Final[dict[str, Fixture]] = {
    language: edition_fixture(f"editions/held_out_{language}", "typst", held_out_content(language), layout)
    for language, layout in HELD_OUT_LAYOUTS.items()
}


def write_mini(name: str, folder: Path) -> Path:
    """Write a mini-edition's stored PDF as `<folder>/<name>.pdf`."""
    path = folder / f"{name}.pdf"
    path.write_bytes(MINI[name].load_pdf())
    return path


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
