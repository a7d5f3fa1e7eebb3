"""Every folder the pipeline knows by itself; imports only what writes files."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pipeline.files import is_plain_file, write_whole

PACKAGE: Final = Path(__file__).resolve().parent
"""The folder of the package."""

REPOSITORY: Final = PACKAGE.parent if (PACKAGE.parent / "pyproject.toml").is_file() else None
"""The checkout, where the package runs from one; None where it is installed."""

SCHEMAS: Final = PACKAGE / "schemas" if REPOSITORY is None else REPOSITORY / "schemas"
"""The generated JSON Schema and the lexicons, one folder per language: the package's, which an installed one may not
write to."""

SCHEMAS_VARIABLE: Final = "PIPELINE_SCHEMAS"
"""Environment variable that names the user's own folder of words; child processes take it over."""

CASES_FILE: Final = "cases.yaml"
"""Test cases in a language's folder: wordings and their right values; no part of the lexicon."""

PRACTICE_SCHEMA: Final = SCHEMAS / "practice.schema.json"

RAW: Final = Path("raw")
"""Default folder of the source files, under the current folder."""

EXTRACTED: Final = Path("extracted")
"""Default output folder, under the current folder."""

GOLDENS: Final = Path("tests/golden")
"""Default folder of the goldens and their baseline, under the current folder."""

ACCURACY: Final = Path("build/accuracy")
"""Default folder of the accuracy reports and of the pictures that `pipeline verify` draws, under the current folder."""


def own_schemas() -> Path:
    """The folder that the user's words are written to.

    It is the one that `PIPELINE_SCHEMAS` (or `--schemas`) names; else `schemas` in the current folder, where there is
    one; else in a checkout the checkout's, and for an installed package one in the user's data folder (XDG Base
    Directory Specification).
    """
    named = os.environ.get(SCHEMAS_VARIABLE)
    if named:
        return Path(named)
    here = Path("schemas")
    if here.is_dir() and (REPOSITORY is None or here.resolve() != REPOSITORY / "schemas"):
        return here
    if REPOSITORY is not None:
        return SCHEMAS
    data = Path(os.environ.get("XDG_DATA_HOME", ""))
    if not data.is_absolute():  # the specification says to ignore a relative path
        data = Path("~/.local/share").expanduser()
    return data / "raccombat-pipeline" / "schemas"


@contextlib.contextmanager
def use_schemas(folder: Path | None) -> Iterator[None]:
    """Have words read from, and written to, a folder by this process and its children; None leaves the usual one."""
    before = os.environ.get(SCHEMAS_VARIABLE)
    if folder is not None:
        os.environ[SCHEMAS_VARIABLE] = str(folder.resolve())
    try:
        yield
    finally:
        if folder is not None:
            os.environ.pop(SCHEMAS_VARIABLE)
            os.environ.update({} if before is None else {SCHEMAS_VARIABLE: before})


def schema_folders() -> tuple[Path, ...]:
    """The folders in which words are looked for: the user's own, then the package's, once where they are one."""
    own = own_schemas()
    return (SCHEMAS,) if own.resolve() == SCHEMAS.resolve() else (own, SCHEMAS)


def name_schema(*parts: str) -> str:
    """A file's path as messages name it, alike on every machine: by the own name of the folder that is written to."""
    return Path(own_schemas().name, *parts).as_posix()


def find_schema(*parts: str) -> Path:
    """A file's path in the first folder that has it; in the user's own where none has."""
    places = [folder.joinpath(*parts) for folder in schema_folders()]
    return next((place for place in places if is_plain_file(place)), places[0])


def own_schema(*parts: str) -> Path:
    """Return the path at which the user's own file is written; where only the package has the file, it is copied there.

    Args:
        *parts: The path below the folder.

    Raises:
        OutputError: It can't be copied.
    """
    found, own = find_schema(*parts), schema_folders()[0].joinpath(*parts)
    if found != own:
        write_whole(own, [found.read_bytes()], "choose another --schemas")
    return own


def list_words(language: str, schemas: Path | None = None) -> dict[str, Path]:
    """The YAML files of a language by their names: of two of one name that in the user's own folder.

    Args:
        language: BCP 47 code, the name of the language's folder.
        schemas: The one folder to look in; the user's own and the package's by default.
    """
    folders = schema_folders() if schemas is None else (schemas,)
    return {path.name: path for folder in reversed(folders) for path in sorted((folder / language).glob("*.yaml"))}


def list_code() -> list[Path]:
    """List all files of the package that decide what it gives, but words of languages: modules and weights."""
    return sorted([*PACKAGE.rglob("*.py"), *(PACKAGE / "text").rglob("*.yaml")])
