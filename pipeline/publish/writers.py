"""Writes tables as CSV, Parquet and NDJSON, practice by practice: the same rows give the same bytes."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from pipeline.errors import InputError
from pipeline.models.practice import Practice
from pipeline.publish.tables import TABLES, Cell, Row, Rows, Table

ROWS_A_GROUP: Final = 5_000
"""Rows of a table that the Parquet writer holds: of `values` about 3 MB of text; enough to compress columns well."""
_RUN_BY_SPREADSHEETS: Final = ("=", "+", "@", "\t", "\r", "'")
"""What a spreadsheet takes a cell for a formula by, and the character that disarms one, so that it can always be
undone."""


class Batch(NamedTuple):
    """Rows by table; where they are a practice's, the practice with its key."""

    rows: Rows
    practice: Practice | None = None
    key: str = ""


class Writer(Protocol):
    """Writes one form of the data, in order."""

    def add(self, batch: Batch) -> None:
        """Write rows."""

    def close(self) -> None:
        """Finish the files."""


def disarm(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would run; `- ` begins list items and runs nothing."""
    risky = text.startswith(_RUN_BY_SPREADSHEETS) or (text.startswith("-") and text[1:2] != " ")
    return f"'{text}" if risky else text


def render_cell(cell: Cell) -> str:
    """Write a cell of CSV (RFC 4180): null is nothing, an empty text is `""`, a list is JSON."""
    if cell is None:
        return ""
    text = disarm(cell) if isinstance(cell, str) else json.dumps(cell, ensure_ascii=False, separators=(",", ":"))
    quoted = not text or any(character in text for character in ',"\r\n')
    return '"' + text.replace('"', '""') + '"' if quoted else text


def render_row(row: Row) -> bytes:
    """Write a row of CSV."""
    return (",".join(map(render_cell, row)) + "\r\n").encode()


class CsvWriter:
    """Writes `csv/<table>.csv`."""

    def __init__(self, folder: Path) -> None:
        (folder / "csv").mkdir()
        self._stack = ExitStack()
        self._files = {name: self._stack.enter_context((folder / "csv" / f"{name}.csv").open("wb")) for name in TABLES}
        for name, table in TABLES.items():
            self._files[name].write(render_row(tuple(column.name for column in table.columns)))

    def add(self, batch: Batch) -> None:
        """Write rows."""
        for name, content in batch.rows.items():
            self._files[name].writelines(map(render_row, content))

    def close(self) -> None:
        """Close the files."""
        self._stack.close()


class ParquetWriter:
    """Writes `parquet/<table>.parquet`: typed columns, lists as lists, meanings in the columns' metadata."""

    def __init__(self, folder: Path) -> None:
        try:
            import pyarrow.parquet
        except ImportError as error:
            raise InputError(
                "Parquet needs pyarrow; install it: pip install 'raccombat-pipeline[export]', or choose other forms by"
                " --format"
            ) from error
        (folder / "parquet").mkdir()
        self._waiting: Rows = {name: [] for name in TABLES}
        self._writers = {
            name: pyarrow.parquet.ParquetWriter(
                folder / "parquet" / f"{name}.parquet", _arrow_schema(table), compression="zstd"
            )
            for name, table in TABLES.items()
        }

    def add(self, batch: Batch) -> None:
        """Hold rows until there are enough for a row group."""
        for name, content in batch.rows.items():
            self._waiting[name] += content
            while len(self._waiting[name]) >= ROWS_A_GROUP:
                self._write(name, self._waiting[name][:ROWS_A_GROUP])
                del self._waiting[name][:ROWS_A_GROUP]

    def close(self) -> None:
        """Write what waits, and the files' ends."""
        for name, writer in self._writers.items():
            if self._waiting[name]:
                self._write(name, self._waiting[name])
            writer.close()

    def _write(self, name: str, rows: list[Row]) -> None:
        import pyarrow as pa

        schema = self._writers[name].schema
        columns = zip(*rows, strict=True)
        arrays = [pa.array(column, kind) for column, kind in zip(columns, schema.types, strict=True)]
        self._writers[name].write_table(pa.Table.from_arrays(arrays, schema=schema))


def _arrow_schema(table: Table) -> Any:  # noqa: ANN401 - pyarrow has no types
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "strings": pa.list_(pa.string()),
        "integers": pa.list_(pa.int64()),
    }
    return pa.schema(
        [
            pa.field(column.name, types[column.type], column.nullable, {"description": column.meaning})
            for column in table.columns
        ],
        {"description": table.about},
    )


class NdjsonWriter:
    """Writes `practices.ndjson`: a practice file a line, with its key before everything else."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / "practices.ndjson").open("wb")

    def add(self, batch: Batch) -> None:
        """Write the practice's line."""
        if batch.practice is not None:
            line = {"key": batch.key, **batch.practice.model_dump(mode="json")}
            self._file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

    def close(self) -> None:
        """Close the file."""
        self._file.close()
