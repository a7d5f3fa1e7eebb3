"""Exports extracted editions: reads `extracted/*/`, writes a folder with the data in every form that is asked for.

One practice is held at a time. The folder is written under another name and exchanged with the last one in one step.
"""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pipeline.errors import OutputError
from pipeline.models.practice import Edition
from pipeline.publish.collection import Assignment, KeyedPractice, load_assignment
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
    write_description,
)
from pipeline.publish.tables import edition_row, list_codes, practice_rows
from pipeline.publish.writers import Batch, CsvWriter, NdjsonWriter, ParquetWriter, Writer
from pipeline.stages.emit.edition import open_edition
from pipeline.stages.emit.outputs import require_extracted
from pipeline.stages.emit.swap import Filled, lock_folder, swap_in_filled

WRITERS: Final[dict[str, Callable[[Path], Writer]]] = {
    "csv": CsvWriter,
    "parquet": ParquetWriter,
    "sqlite": SqliteWriter,
    "ndjson": NdjsonWriter,
}
"""What writes the tables' rows, by format."""
FORMATS: Final = (*WRITERS, "jsonld")


class Selection(NamedTuple):
    """What is to be published.

    Attributes:
        extracted: The folder of all editions.
        assignment: What is said of the collection as a whole.
        editions: Edition ids in the order of precedence.
        practices: The practices of these editions; each names its places in these alone.
    """

    extracted: Path
    assignment: Assignment
    editions: list[str]
    practices: list[KeyedPractice]

    def by_place(self) -> dict[tuple[str, str], KeyedPractice]:
        """The practices by edition and by their id in it."""
        return {(place.edition, place.id): practice for practice in self.practices for place in practice.editions}


def select_editions(extracted: Path, chosen: Sequence[str]) -> Selection:
    """Find and link what is to be published.

    Args:
        extracted: The folder of all editions.
        chosen: Edition ids; none for all.

    Raises:
        InputError: An edition is missing or can't be read.
        LexiconError: `schemas/collection.yaml` can't be used.
    """
    require_extracted(extracted, chosen)
    assignment, collection = link(
        load_assignment(), {edition: read_known(extracted, edition) for edition in require_extracted(extracted)}
    )
    editions = [edition for edition in collection.editions if not chosen or edition in chosen]
    practices = [
        practice.model_copy(update={"editions": places})
        for practice in collection.practices
        if (places := tuple(place for place in practice.editions if place.edition in editions))
    ]
    return Selection(extracted, assignment, editions, practices)


def export_editions(extracted: Path, chosen: Sequence[str], out: Path, formats: Sequence[str]) -> list[Edition]:
    """Export editions.

    Args:
        extracted: The folder of all editions.
        chosen: Edition ids; none for all.
        out: The folder to write; its earlier content is replaced.
        formats: Of `FORMATS`; the data package is written with any of them.

    Returns:
        The editions, in the order of precedence.

    Raises:
        InputError: An edition is missing or can't be read, or a library is.
        LexiconError: `schemas/collection.yaml` can't be used.
        OutputError: The folder can't be written, or holds files of another origin.
    """
    selection = select_editions(extracted, chosen)
    return replace_folder(out, PACKAGE_FILE, "export", lambda folder: write_export(folder, selection, formats))


def replace_folder(out: Path, mark: str, kind: str, fill: Callable[[Path], Filled]) -> Filled:
    """Write a folder whole or not at all.

    Args:
        out: The folder; its earlier content is replaced.
        mark: A file that is in every folder of its kind.
        kind: What the folder is: an `export`, a `site`.
        fill: Writes the new content into the folder that it is given.

    Returns:
        What `fill` gives.

    Raises:
        OutputError: It can't be written, or holds something that was not written by the same command.
    """
    out = out.resolve()
    if out.exists() and not (out / mark).is_file() and not (out.is_dir() and not any(out.iterdir())):
        raise OutputError(f"{out} holds what no {kind} has written; choose an empty or a new folder by --out")
    try:
        with lock_folder(out.parent, out.name):
            return swap_in_filled(out.parent, out.name, fill)
    except sqlite3.Error as error:
        raise OutputError(f"{out} can't be written ({error}); choose a folder with room by --out") from error


def write_export(folder: Path, selection: Selection, formats: Sequence[str], below: str = "") -> list[Edition]:
    """Write an export into an empty folder.

    Args:
        folder: The folder.
        selection: What to export.
        formats: As for `export_editions`.
        below: The folder's address below the base.

    Returns:
        The editions, in the order of precedence.
    """
    writers = [make(folder) for form, make in WRITERS.items() if form in formats]
    practices = selection.by_place()
    editions: list[Edition] = []
    periods: dict[str, str] = {}

    def write(batch: Batch) -> None:
        for writer in writers:
            writer.add(batch)

    write(Batch({"codes": list(list_codes())}))
    for name in selection.editions:
        index, found = open_edition(selection.extracted / name)
        editions.append(index.edition)
        write(Batch({"editions": [edition_row(index.edition)]}))
        for position, practice in enumerate(found, start=1):
            key = practices[name, practice.id].key
            period = practice.fields.period
            if period is not None and period.edtf is not None:
                periods.setdefault(key, period.edtf)
            write(Batch(practice_rows(practice, key, position), practice, key))
    for writer in writers:
        writer.close()
    assignment = selection.assignment
    write_description(folder / PACKAGE_FILE, describe_package(assignment, editions, list_files(folder)))
    if "sqlite" in formats:
        write_description(folder / METADATA_FILE, describe_database(assignment, editions))
    if "jsonld" in formats:
        files = [{**file, "path": below + file["path"]} for file in list_files(folder)]
        about = describe_dataset(assignment, editions, selection.practices, periods, files)
        write_description(folder / JSON_LD_FILE, about)
    return editions
