"""Stored fixtures: typeset editions as files, so that tests need neither renderers nor fonts nor the time to typeset.

Reads and writes `tests/fixtures/<name>.pdf.xz`, `<name>.json.xz` (the truth) and `index.json`, which says of which
factory, which programs and which contents the files are. `make fixtures` renews what is stale
(`tests/fixtures/__main__.py`); `make check` typesets everything again and compares (`tests/fixtures/test_renewal.py`).
"""

from __future__ import annotations

import hashlib
import json
import lzma
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from tests.factory.content import EditionContent
from tests.factory.layout import Layout
from tests.factory.truth import EditionTruth, TypesetEdition
from tests.factory.typesetting import RENDER, VERSION, Renderer, typeset

FOLDER: Final = Path(__file__).parents[1] / "fixtures"
INDEX: Final = "index.json"
NOT_TYPESETTING: Final = frozenset(
    {"__init__", "__main__", "matrix", "store", "strategies", "comparing", "test_factory", "test_store"}
)
"""Modules of the factory on which no typeset edition depends."""


class StaleFixtureError(Exception):
    """A stored fixture is missing, damaged, or of another content, layout or factory."""


class Stored(BaseModel):
    """A stored fixture: digests of what it was typeset from and of its PDF."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    inputs: str
    sha256: str


class Index(BaseModel):
    """What the store holds.

    Attributes:
        factory: Digest of the factory's code, for each renderer.
        programs: Name and version of the program that typeset, for each renderer.
        fixtures: The fixtures by name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    factory: dict[Renderer, str]
    programs: dict[Renderer, str]
    fixtures: dict[str, Stored]


@dataclass(frozen=True)
class Fixture:
    """An edition to store.

    Attributes:
        name: Path in the store without ending: `layouts/typst_a5`.
        renderer: What typesets it.
        inputs: Digest of all that it depends on beside the factory and the renderer.
        make: Typesets it; the truth is None where a file of the tests holds what is expected.
    """

    name: str
    renderer: Renderer
    inputs: str
    make: Callable[[], tuple[bytes, EditionTruth | None]]

    def load_pdf(self) -> bytes:
        """Give the stored PDF.

        Raises:
            StaleFixtureError: It is missing, damaged, or of other inputs or another factory.
        """
        index = load_index()
        stored = index.fixtures.get(self.name)
        if stored is None or not stored_path(self.name, "pdf").exists():
            raise StaleFixtureError(f"{self.name}: not stored; run: make fixtures")
        if index.factory.get(self.renderer) != digest_factory(self.renderer):
            raise StaleFixtureError(f"{self.name}: the factory has changed since it was typeset; run: make fixtures")
        if stored.inputs != self.inputs:
            raise StaleFixtureError(f"{self.name}: typeset from another content or layout; run: make fixtures")
        data = unpack(self.name, "pdf")
        if stored.sha256 != digest(data):
            raise StaleFixtureError(f"{self.name}: the file is not the one that was stored; run: make fixtures")
        return data

    def load(self) -> TypesetEdition:
        """Give the stored PDF and its truth; for the errors see `load_pdf`."""
        data = self.load_pdf()
        return TypesetEdition(data, EditionTruth.model_validate_json(unpack(self.name, "json")))

    def is_stale(self) -> bool:
        """Tell whether the store lacks the fixture as the factory and this machine's programs would typeset it."""
        try:
            self.load_pdf()
        except StaleFixtureError:
            return True
        return load_index().programs[self.renderer] != VERSION[self.renderer]()


def edition_fixture(name: str, renderer: Renderer, content: EditionContent, layout: Layout) -> Fixture:
    """Give the fixture of a content in a layout."""

    def make() -> tuple[bytes, EditionTruth]:
        edition = typeset(renderer, content, layout)
        return edition.pdf_bytes, edition.truth

    return Fixture(name, renderer, digest(layout.model_dump_json().encode(), content.model_dump_json().encode()), make)


def digest(*parts: bytes) -> str:
    """Give the SHA-256 of parts, each of which counts with its length."""
    found = hashlib.sha256()
    for part in parts:
        found.update(len(part).to_bytes(8) + part)
    return found.hexdigest()


@cache
def digest_factory(renderer: Renderer) -> str:
    """Give a digest of the factory's code as far as a renderer's editions depend on it."""
    folder = Path(__file__).parent
    others = {f"{name}_renderer" for name in RENDER if name != renderer}
    modules = [path for path in folder.glob("*.py") if path.stem not in NOT_TYPESETTING | others]
    templates = folder.glob("*.typ") if renderer == "typst" else ()
    return digest(*(path.read_bytes() for path in sorted([*modules, *templates])))


def stored_path(name: str, kind: str) -> Path:
    """Give the path of a fixture's PDF (`pdf`) or truth (`json`)."""
    return FOLDER / f"{name}.{kind}.xz"


def pack(name: str, kind: str, data: bytes) -> None:
    """Write a file of the store; half of what the renderers write is uncompressed, which xz takes out."""
    path = stored_path(name, kind)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(lzma.compress(data, preset=9 | lzma.PRESET_EXTREME))


def unpack(name: str, kind: str) -> bytes:
    """Read a file of the store.

    Raises:
        StaleFixtureError: It is damaged.
    """
    try:
        return lzma.decompress(stored_path(name, kind).read_bytes())
    except lzma.LZMAError as error:
        raise StaleFixtureError(f"{name}: the {kind} can't be unpacked: {error}; run: make fixtures") from error


def load_index() -> Index:
    """Give the store's index; an empty one where there is none."""
    path = FOLDER / INDEX
    return _parse_index(path.read_bytes()) if path.exists() else Index(factory={}, programs={}, fixtures={})


@cache
def _parse_index(data: bytes) -> Index:
    return Index.model_validate_json(data)


def write_index(index: Index) -> None:
    """Write the store's index, in a stable order."""
    text = json.dumps(index.model_dump(mode="json"), indent=1, sort_keys=True) + "\n"
    (FOLDER / INDEX).write_text(text, encoding="utf-8")
