"""Writes the tables as one SQLite database, with foreign keys, full-text search and a view for each field.

The same rows give the same bytes, whichever SQLite of one file format writes them.
"""

import json
import sqlite3
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from pipeline.models.practice import FIELDS
from pipeline.publish.dictionary import describe_parts
from pipeline.publish.tables import TABLES, Cell, Table
from pipeline.publish.writers import Batch

DATABASE_FILE: Final = "practices.db"
_TYPES: Final = {"integer": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
_SCALARS: Final = {"boolean": "value = 'true'"}
FIRST_GREEK: Final = "\u0370"
_VERSION_AT: Final = 96
"""Where a database's header says which release of SQLite wrote it last (4 bytes): of no meaning to a reader."""


class SqliteWriter:
    """Writes `practices.db`."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / DATABASE_FILE
        self._database = sqlite3.connect(self._path, isolation_level=None)
        self._database.executescript(
            "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA foreign_keys = ON;"
        )
        for table in TABLES.values():
            self._database.execute(_create(table))
        self._database.execute("BEGIN")

    def add(self, batch: Batch) -> None:
        """Write rows."""
        for name, content in batch.rows.items():
            names = ", ".join(f'"{column.name}"' for column in TABLES[name].columns)
            marks = ", ".join("?" * len(TABLES[name].columns))
            self._database.executemany(
                f'INSERT INTO "{name}" ({names}) VALUES ({marks})',  # noqa: S608 - names of the tables above
                (tuple(map(_plain, row)) for row in content),
            )

    def close(self) -> None:
        """Add the search and the views, and close the database."""
        self._database.create_function("searchable", 1, _make_searchable, deterministic=True)
        for statement in (*_search(), *_views(), "COMMIT"):
            self._database.execute(statement)
        self._database.close()
        with self._path.open("r+b") as file:
            file.seek(_VERSION_AT)
            file.write(bytes(4))


def _plain(cell: Cell) -> str | int | float | None:
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, list) else cell


def _make_searchable(text: str) -> str:
    """Add the text without diacritics where it has some that SQLite does not fold: it folds Latin ones alone."""
    folded = unicodedata.normalize("NFD", text.casefold())
    if all(unicodedata.is_normalized("NFD", letter) for letter in text if letter >= FIRST_GREEK):
        return text
    return f"{text}\n{''.join(letter for letter in folded if not unicodedata.combining(letter))}"


def _create(table: Table) -> str:
    lines = [
        f'"{column.name}" {_TYPES.get(column.type, "TEXT")}{"" if column.nullable else " NOT NULL"}'
        for column in table.columns
    ]
    key = _names(table.key)
    # The search finds a value by a number of its own, which must not change when somebody tidies the database up.
    lines = [*lines, f"PRIMARY KEY ({key})"] if table.name != "values" else ["id INTEGER PRIMARY KEY", *lines]
    lines += [f"UNIQUE ({key})"] if table.name == "values" else []
    for other, columns in table.references.items():
        lines.append(f'FOREIGN KEY ({_names(columns)}) REFERENCES "{other}" ({_names(TABLES[other].key)})')
    return f'CREATE TABLE "{table.name}" (\n  ' + ",\n  ".join(lines) + "\n)"


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _search() -> Iterator[str]:
    """What makes `SELECT … FROM values_fts WHERE values_fts MATCH …`, diacritics folded."""
    yield (
        'CREATE VIRTUAL TABLE "values_fts" USING fts5(text, content="values", content_rowid="id",'
        ' tokenize="unicode61 remove_diacritics 2")'
    )
    yield 'INSERT INTO values_fts(rowid, text) SELECT id, searchable(text) FROM "values"'
    yield "INSERT INTO values_fts(values_fts) VALUES ('optimize')"


def _views() -> Iterator[str]:
    """A view for each field, under its name: a row a practice, a column a part; lists are JSON."""
    for name in FIELDS:
        parts = [
            f', {_select(name, part, about["anyOf"][0])} AS "{part}"' for part, about in describe_parts(name).items()
        ]
        yield (
            f'CREATE VIEW "{name}" AS SELECT edition, practice, p.key, p.title, label, text, available{"".join(parts)}'  # noqa: S608
            f" FROM \"values\" v JOIN practices p USING (edition, practice) WHERE v.field = '{name}'"
        )


def _select(field: str, part: str, content: dict[str, Any]) -> str:
    """The expression of a part: a text, 0 or 1, or a JSON array."""
    where = (
        "FROM parts WHERE (edition, practice, field, part) ="
        f" (v.edition, v.practice, '{field}', '{part}') ORDER BY position"
    )
    if content.get("type") != "array":
        return f"(SELECT {_SCALARS.get(str(content.get('type')), 'value')} {where})"
    if content["items"].get("type") == "string":
        listed, item = "item", "value"
    else:
        listed = "json(item)"
        item = "json_object('value', json(value), 'currency', unit)" if "$ref" in content["items"] else "value"
    return f"(SELECT nullif(json_group_array({listed}), '[]') FROM (SELECT {item} AS item {where}))"  # noqa: S608
