"""The artefact store: writes every stage's artefact to disk and reads it back, for kept stages and for the cache.

A stored artefact holds its format's number, the stage's name, the edition's facts and the stage's own model, so that
any stage can be run from the file of the stage before it, with nothing else at hand.
"""

import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from pipeline.errors import StageError, describe_invalid
from pipeline.files import name_cause, write_whole
from pipeline.models.artefact import FORMAT, Stored
from pipeline.stages import STAGE_NAMES, find_stage

ITEMS_AT_ONCE: Final = 50
"""Most rows, pages or chapters that are rendered at once: a long edition's text takes more memory than the edition."""
PACKED: Final = ".z"
"""What the names of compressed artefacts end with."""
COMPRESSION: Final = 1
"""zlib's fastest level: it brings 2.4 MB to 0.75 MB in 20 ms; the best level saves a tenth more and takes ten times as
long."""
_HEAD: Final = re.compile(rb'\{"format":(\d+),')


def artefact_path(folder: Path, edition: str, stage: str) -> Path:
    """Return the path of a kept artefact: `<folder>/<edition>/<number>-<stage>.json`.

    Args:
        folder: The folder of all kept stages.
        edition: Edition id.
        stage: The stage that writes the artefact.
    """
    return folder / edition / f"{STAGE_NAMES.index(stage) + 1}-{stage}.json"


def stored_model(stage: str) -> type[Stored[Any]]:
    """Return the model of a stage's stored artefact."""
    kinds: Any = Stored
    found: type[Stored[Any]] = kinds[find_stage(stage).load_artefact()]
    return found


def render_artefact(stored: Stored[Any]) -> Iterator[bytes]:
    """Render an artefact as JSON, some items at a time.

    Args:
        stored: The artefact.

    Yields:
        The parts of what `model_dump_json` gives.
    """
    yield stored.model_dump_json(exclude={"content"})[:-1].encode() + b',"content":'
    for number, name in enumerate(type(stored.content).model_fields):
        yield f'{"," if number else "{"}"{name}":'.encode()
        yield from _render_value(stored.content, name)
    yield b"}}"


def _render_value(content: BaseModel, name: str) -> Iterator[bytes]:
    """Render one of a model's values as JSON, a long list some items at a time."""

    def render(model: BaseModel) -> bytes:
        return model.model_dump_json(include={name}).encode().removeprefix(f'{{"{name}":'.encode())[:-1]

    value = getattr(content, name)
    if not isinstance(value, tuple) or len(value) <= ITEMS_AT_ONCE:
        yield render(content)
        return
    for first in range(0, len(value), ITEMS_AT_ONCE):
        some = content.model_copy(update={name: value[first : first + ITEMS_AT_ONCE]})
        yield (b"," if first else b"[") + render(some)[1:-1]
    yield b"]"


def write_artefact(stored: Stored[Any], path: Path) -> None:
    """Write an artefact, whole or not at all.

    Args:
        stored: The artefact.
        path: Where to; missing folders are made. A name that ends with `.z` is that of a compressed file.

    Raises:
        OutputError: The file can't be written.
    """
    parts = chain(render_artefact(stored), (b"\n",))
    packed = _compress(parts) if path.suffix == PACKED else parts
    write_whole(path, packed, "choose a folder with room that you may write to", edition=stored.edition.id)


def read_artefact(path: Path, stage: str) -> Stored[Any]:
    """Read an artefact back.

    Args:
        path: The file.
        stage: The stage that should have written it.

    Returns:
        The artefact.

    Raises:
        StageError: There is no such file, it is another stage's or another version's, or it does not hold what it must.
    """
    again = f"run with --keep-stages again to write it, from {stage!r} or a stage before it"
    try:
        data = path.read_bytes()
        if path.suffix == PACKED:
            data = zlib.decompress(data)
    except (OSError, zlib.error) as error:
        raise StageError(f"the artefact {path} can't be read ({name_cause(error)}); {again}") from error
    head = _HEAD.match(data)
    if data.startswith(b'{"stage":') or (head is not None and int(head[1]) != FORMAT):
        raise StageError(f"{path} was written by another version of the program, and is not taken over; {again}")
    try:
        stored = stored_model(stage).model_validate_json(data)
    except ValidationError as error:
        raise StageError(
            f"{path} is no artefact of the stage {stage!r} ({describe_invalid(error)}); name the right file, or {again}"
        ) from error
    if stored.stage != stage:
        raise StageError(f"{path} is an artefact of the stage {stored.stage!r}, not of {stage!r}; name the right file")
    return stored


def _compress(parts: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(COMPRESSION)
    yield from map(packer.compress, parts)
    yield packer.flush()
