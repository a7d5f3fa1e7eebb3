"""Writes every stage's artefact to disk and reads it back: one JSON file per stage and edition.

A stored artefact holds the stage's name, the edition's facts and the stage's own model, so that any stage can be run
from the file of the stage before it, with nothing else at hand.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, Generic, Literal, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from pipeline.errors import OutputError, StageError
from pipeline.models.chapter import Chapters
from pipeline.models.edition import EditionInfo, Layouts, MappedEdition, NormalisedEdition, ValidatedEdition
from pipeline.models.geometry import Frozen
from pipeline.models.page import Source
from pipeline.models.row import Document

ArtefactName = Literal["read", "segment", "stitch", "chapter", "map", "normalise", "validate"]
"""The stages with an artefact of their own, in their order (emit's are the output files)."""

ARTEFACT_NAMES: Final[tuple[ArtefactName, ...]] = get_args(ArtefactName)

ITEMS_AT_ONCE: Final = 50
"""Most rows, pages or chapters that are rendered at once."""

Content = TypeVar("Content", bound=BaseModel)


class Stored(Frozen, Generic[Content]):
    """A stage's artefact with the facts of its edition.

    Attributes:
        stage: The stage that wrote it.
        edition: What is known of the edition.
        content: The stage's own model.
    """

    stage: ArtefactName
    edition: EditionInfo
    content: Content


MODELS: Final[dict[ArtefactName, type[Stored[Any]]]] = {
    "read": Stored[Source],
    "segment": Stored[Layouts],
    "stitch": Stored[Document],
    "chapter": Stored[Chapters],
    "map": Stored[MappedEdition],
    "normalise": Stored[NormalisedEdition],
    "validate": Stored[ValidatedEdition],
}
"""The model of each stage's stored artefact."""


def artefact_path(folder: Path, edition: str, stage: ArtefactName) -> Path:
    """Give the path of a kept artefact: `<folder>/<edition>/<number>-<stage>.json`.

    Args:
        folder: The folder of all kept stages.
        edition: Edition id.
        stage: The stage that writes the artefact.
    """
    return folder / edition / f"{ARTEFACT_NAMES.index(stage) + 1}-{stage}.json"


def render_artefact(stored: Stored[Any]) -> Iterator[bytes]:
    """Render an artefact as JSON, some items at a time: a long edition's text takes more memory than the edition.

    Args:
        stored: The artefact.

    Yields:
        The parts of what `model_dump_json` gives.
    """
    content = stored.content
    yield stored.model_dump_json(exclude={"content"})[:-1].encode()
    for number, name in enumerate(type(content).model_fields):
        value = getattr(content, name)
        start = f'{{"{name}":'
        yield ((',"content":' if number == 0 else "") + ("{" if number == 0 else ",") + start[1:]).encode()
        if isinstance(value, tuple) and len(value) > ITEMS_AT_ONCE:
            for first in range(0, len(value), ITEMS_AT_ONCE):
                some = content.model_copy(update={name: value[first : first + ITEMS_AT_ONCE]})
                rendered = some.model_dump_json(include={name})[len(start) + 1 : -2]
                yield (("," if first else "[") + rendered).encode()
            yield b"]"
        else:
            yield content.model_dump_json(include={name})[len(start) : -1].encode()
    yield b"}}"


def write_artefact(stored: Stored[Any], path: Path) -> None:
    """Write an artefact, whole or not at all.

    Args:
        stored: The artefact.
        path: Where to; missing folders are made.

    Raises:
        OutputError: The file can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=".", delete=False) as half:
            try:
                half.writelines(render_artefact(stored))
                half.write(b"\n")
                half.close()
                Path(half.name).chmod(0o666 & ~_umask())
                Path(half.name).replace(path)
            except BaseException:
                Path(half.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise OutputError(
            f"the artefact {path} can't be written ({error.strerror}); choose a folder with room that you may write to",
            edition=stored.edition.id,
        ) from error


def read_artefact(path: Path, stage: ArtefactName) -> Stored[Any]:
    """Read an artefact back.

    Args:
        path: The file.
        stage: The stage that should have written it.

    Returns:
        The artefact.

    Raises:
        StageError: There is no such file, it is another stage's, or it does not hold what it must.
    """
    again = f"run with --keep-stages again to write it, from {stage!r} or a stage before it"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise StageError(f"the artefact {path} can't be read ({error.strerror}); {again}") from error
    try:
        stored = MODELS[stage].model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise StageError(
            f"{path} is no artefact of the stage {stage!r} ({place}: {first['msg']}); name the right file, or {again}"
        ) from error
    if stored.stage != stage:
        raise StageError(f"{path} is an artefact of the stage {stored.stage!r}, not of {stage!r}; name the right file")
    return stored


def _umask() -> int:
    """Give the process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
