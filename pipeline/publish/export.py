"""Exports extracted editions: reads `extracted/*/`, writes a folder with the data in every form that is asked for.

One practice is held at a time. The folder is written beside the last one and exchanged with it in one step.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from pipeline.errors import InputError, OutputError
from pipeline.models.practice import Edition
from pipeline.publish.collection import Assignment, Collection, KeyedPractice, load_assignment
from pipeline.publish.database import SqliteWriter
from pipeline.publish.linking import link, read_known
from pipeline.publish.package import (
    JSON_LD_FILE,
    METADATA_FILE,
    PACKAGE_FILE,
    describe_database,
    describe_dataset,
    describe_package,
    list_files,
)
from pipeline.publish.tables import edition_row, list_codes, practice_rows
from pipeline.publish.writers import Batch, CsvWriter, NdjsonWriter, ParquetWriter, Writer
from pipeline.stages.emit.edition import open_edition, render_json
from pipeline.stages.emit.outputs import list_extracted
from pipeline.stages.emit.swap import lock_folder, swap_in_filled

WRITERS: Final[dict[str, Callable[[Path], Writer]]] = {
    "csv": CsvWriter,
    "parquet": ParquetWriter,
    "sqlite": SqliteWriter,
    "ndjson": NdjsonWriter,
}
"""What writes the tables' rows, by form."""


def export_editions(extracted: Path, chosen: Sequence[str], out: Path, formats: Sequence[str]) -> list[Edition]:
    """Export editions.

    Args:
        extracted: The folder of all editions.
        chosen: Edition ids; none for all.
        out: The folder to write; what stood in it before is gone.
        formats: Of `csv`, `parquet`, `sqlite`, `ndjson`, `jsonld`; the data package stands beside any.

    Returns:
        The editions, in the order of precedence.

    Raises:
        InputError: An edition is missing or can't be read, or a library is.
        LexiconError: `schemas/collection.yaml` can't be used.
        OutputError: The folder can't be written, or holds what no export has written.
    """
    assignment, collection, order = choose_editions(extracted, chosen)
    out = resolve_target(out, PACKAGE_FILE, "export")
    keys = {(place.edition, place.id): practice.key for practice in collection.practices for place in practice.editions}
    editions: list[Edition] = []

    def fill(folder: Path) -> None:
        writers = [make(folder) for form, make in WRITERS.items() if form in formats]
        periods = _write_rows(writers, extracted, order, keys, editions)
        files = list(list_files(folder))
        described = {PACKAGE_FILE: describe_package(assignment, editions, files)}
        if "sqlite" in formats:
            described[METADATA_FILE] = describe_database(assignment, editions)
        if "jsonld" in formats:
            linked = _choose(collection.practices, order)
            described[JSON_LD_FILE] = describe_dataset(assignment, editions, linked, periods, files)
        for file, content in described.items():
            (folder / file).write_bytes(render_json(content))

    try:
        with lock_folder(out.parent, out.name):
            swap_in_filled(out.parent, out.name, fill)
    except sqlite3.Error as error:
        raise OutputError(f"{out} can't be written ({error}); choose a folder with room by --out") from error
    return editions


def choose_editions(extracted: Path, chosen: Sequence[str]) -> tuple[Assignment, Collection, list[str]]:
    """Find and link what is to be published.

    Args:
        extracted: The folder of all editions.
        chosen: Edition ids; none for all.

    Returns:
        What is said of the collection as a whole, all editions linked, and the chosen ones in the order of precedence.

    Raises:
        InputError: An edition is missing or can't be read.
        LexiconError: `schemas/collection.yaml` can't be used.
    """
    there = list_extracted(extracted)
    missing = sorted(set(chosen) - set(there))
    if missing or not there:
        known = f"there are: {', '.join(there)}" if there else "run: pipeline run"
        raise InputError(
            f"there is no extracted edition {', '.join(missing)} in {extracted}/; {known}".replace("  ", " ")
        )
    assignment, collection = link(load_assignment(), {edition: read_known(extracted, edition) for edition in there})
    return assignment, collection, [edition for edition in collection.editions if not chosen or edition in chosen]


def resolve_target(out: Path, mark: str, kind: str) -> Path:
    """Give the folder to write, made absolute.

    Args:
        out: The folder.
        mark: A file that stands in every folder of its kind.
        kind: What the folder is: an `export`, a `site`.

    Raises:
        OutputError: It holds something that was not written by the same command.
    """
    out = out.resolve()
    if out.exists() and not (out / mark).is_file() and not (out.is_dir() and not any(out.iterdir())):
        raise OutputError(f"{out} holds what no {kind} has written; choose an empty or a new folder by --out")
    return out


def _write_rows(
    writers: Sequence[Writer],
    extracted: Path,
    order: Sequence[str],
    keys: Mapping[tuple[str, str], str],
    editions: list[Edition],
) -> dict[str, str]:
    """Write all rows, note the editions, and give by key when a practice ran."""
    periods: dict[str, str] = {}

    def write(batch: Batch) -> None:
        for writer in writers:
            writer.add(batch)

    write(Batch({"codes": list(list_codes())}))
    for name in order:
        index, practices = open_edition(extracted / name)
        editions.append(index.edition)
        write(Batch({"editions": [edition_row(index.edition)]}))
        for position, practice in enumerate(practices, start=1):
            key = keys[name, practice.id]
            period = practice.fields.period
            if period is not None and period.edtf is not None:
                periods.setdefault(key, period.edtf)
            write(Batch(practice_rows(practice, key, position), practice, key))
    for writer in writers:
        writer.close()
    return periods


def _choose(practices: Sequence[KeyedPractice], order: Sequence[str]) -> list[KeyedPractice]:
    """Give the practices that stand in these editions, without the others."""
    places = [tuple(place for place in practice.editions if place.edition in order) for practice in practices]
    return [
        practice.model_copy(update={"editions": found})
        for practice, found in zip(practices, places, strict=True)
        if found
    ]
