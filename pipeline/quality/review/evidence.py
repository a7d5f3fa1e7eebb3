"""How each row of a practice was found, and where that evidence is weak; reads a `Practice` and its `Report`.

The report lists tables and joins, the practice fields. They are matched by their places: a table's rows
follow one another, and the report counts them.
"""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from pipeline.models.edition import Report, RowJoin, TableFinding
from pipeline.models.layout import TableEvidence
from pipeline.models.practice import FieldValue, Practice, Unmapped, boxes_of

WEAK_TABLE_CONFIDENCE: Final = 0.7
"""A table found by rules or fills is at 0.9 at least, one by white space alone at 0.6 (the report's `tables`)."""
WEAK_BREAK_CONFIDENCE: Final = 0.9
"""Below it geometry alone did not settle that a row goes on over the page break: the label lexicon had a say."""
WEAK_RECOGNITION_CONFIDENCE: Final = 0.8
"""Recognition engines report above 0.9 for clean print; below this, single letters are often wrong."""

EVIDENCE_NAMES: Final[dict[TableEvidence, str]] = {
    "grid": "ruled grid",
    "rules": "rules",
    "fills": "coloured fills",
    "gutter": "white space alone",
}

Key = str | int
"""What names an entry of a practice: a field's name, or the place of a row among those without a field."""


class Finding(NamedTuple):
    """What is known of how an entry was found.

    Attributes:
        facts: What holds of it, one short sentence each.
        doubts: What speaks against relying on this row, one sentence each, with the next step.
        table_doubts: The same of its whole table: it holds for every row there.
    """

    facts: tuple[str, ...]
    doubts: tuple[str, ...]
    table_doubts: tuple[str, ...] = ()


class _Row(NamedTuple):
    """The entries that one printed row answers, and where it begins: page, then distance from the top in points."""

    keys: tuple[Key, ...]
    start: tuple[int, float]
    pages: tuple[int, ...]


def find_evidence(practice: Practice, report: Report) -> dict[Key, Finding]:
    """Say of each field and each row without a field how it was found.

    Args:
        practice: The practice.
        report: The report on its edition.

    Returns:
        What is known, by field name or by the place (from 0) in `practice.unmapped`.
    """
    entries = practice.rows
    rows = _gather_rows(entries)
    tables = [table for table in report.tables if table.practice == practice.id]
    by_row = _assign_tables(rows, tables)
    found: dict[Key, Finding] = {}
    for row, candidates in zip(rows, by_row, strict=True):
        labels = [entries[key].label for key in row.keys]
        joins = [join for join in report.joins if join.practice == practice.id and _is_join(join, row, labels)]
        for key in row.keys:
            found[key] = _describe(entries[key], candidates, joins)
    for key, entry in entries.items():
        if isinstance(entry, FieldValue) and entry.inline:
            host = max((row for row in rows if row.start <= _start(entry)), key=lambda row: row.start, default=None)
            candidates = [] if host is None else by_row[rows.index(host)]
            found[key] = _describe(entry, candidates, [])
    return found


def _gather_rows(entries: dict[Key, FieldValue | Unmapped]) -> list[_Row]:
    """Bring together what is in one cell: the fields that share it, and the rest of its label that no field is."""
    groups: dict[object, list[Key]] = {}
    for key, entry in entries.items():
        if isinstance(entry, FieldValue) and entry.inline:
            continue
        cell: object = entry.value_boxes or ("label", entry.label_boxes)
        if isinstance(entry, FieldValue) and entry.shared_with and not entry.value_boxes:
            cell = frozenset((key, *entry.shared_with))
        groups.setdefault(cell, []).append(key)
    rows = [
        _Row(
            keys=tuple(keys),
            start=min(_start(entries[key]) for key in keys),
            pages=tuple(sorted({box.page for key in keys for box in boxes_of(entries[key])})),
        )
        for keys in groups.values()
    ]
    return sorted(rows, key=lambda row: row.start)


def _assign_tables(rows: Sequence[_Row], tables: Sequence[TableFinding]) -> list[list[TableFinding]]:
    """Each row's table; where the counts do not agree, all tables that touch the page on which it begins."""
    if sum(table.rows for table in tables) == len(rows):
        return [[table] for table in tables for _ in range(table.rows)]
    return [[table for table in tables if row.start[0] in table.pages] for row in rows]


def _is_join(join: RowJoin, row: _Row, labels: Iterable[str]) -> bool:
    return join.pages == row.pages and any(label in join.label for label in labels)


def _describe(entry: FieldValue | Unmapped, tables: Sequence[TableFinding], joins: Sequence[RowJoin]) -> Finding:
    facts: list[str] = []
    doubts: list[str] = []
    table_doubts: list[str] = []
    for table in tables:
        names = ", ".join(EVIDENCE_NAMES[kind] for kind in table.evidence)
        facts.append(f"Table {table.table + 1} of the edition, found by {names}")
        if "gutter" in table.evidence or table.confidence < WEAK_TABLE_CONFIDENCE:
            table_doubts.append(
                f"The table was found by {names} (confidence {_percent(table.confidence)}): check on the page that no"
                " line is in a neighbour's row."
            )
    for join in joins:
        pages = f"{join.pages[0]} to {join.pages[-1]}"
        joined = {"label": join.label_joined, "value": join.value_joined}
        halves = " and ".join(half for half, is_joined in joined.items() if is_joined) or "row"
        sure = min(join.confidence, default=1.0)
        facts.append(f"{halves.capitalize()} joined over the page break, pages {pages}")
        if sure < WEAK_BREAK_CONFIDENCE:
            doubts.append(
                f"That the row goes on from page {pages} is only {_percent(sure)} sure by its look: check that the"
                " second page's first lines belong to this row."
            )
    if isinstance(entry, FieldValue):
        if entry.inline:
            facts.append("Named inside another row's text")
        if entry.recognised is not None:
            facts.append(f"Recognised from a picture, confidence {_percent(entry.recognised.confidence)}")
            if entry.recognised.confidence < WEAK_RECOGNITION_CONFIDENCE:
                doubts.append(
                    f"The text was recognised from a picture with a confidence of"
                    f" {_percent(entry.recognised.confidence)}: compare it with the page letter by letter."
                )
    return Finding(tuple(facts), tuple(doubts), tuple(table_doubts))


def _start(entry: FieldValue | Unmapped) -> tuple[int, float]:
    return min(((box.page, box.top) for box in boxes_of(entry)), default=(0, 0.0))


def _percent(share: float) -> str:
    return f"{share:.0%}"
