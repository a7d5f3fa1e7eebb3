"""The forms of an `AccuracyReport`: terminal, `report.json`, `fields.csv`, `summary.md`, `junit.xml`, annotations.

Values come from documents that anyone may have written: each form is escaped for the program that will read it.
"""

import csv
import html
import io
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

from pydantic import JsonValue
from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.quality.accuracy.compare import Comparison, group_differences
from pipeline.quality.accuracy.evaluate import AccuracyReport, EditionResult, order_worst_first
from pipeline.quality.accuracy.golden import find_line, golden_path
from pipeline.quality.accuracy.score import Tally
from pipeline.render.templates import open_templates
from pipeline.stages.emit.edition import render_json
from pipeline.text.wording import clean_xml, count, plain

WORST: Final = 5
"""Differences that the summary shows before all others."""
EXCERPT_CHARACTERS: Final = 80
WIDE: Final = 98
"""Characters that the tables need; in fewer they have three columns, so that no name is cut."""
LEAD_CHARACTERS: Final = 20
"""Characters of an excerpt before the first difference."""

_LAST_COLUMNS: Final = ("judgement", "expected", "got")
CSV_COLUMNS: Final = (
    *(name for name in Comparison.model_fields if name not in _LAST_COLUMNS),
    "regression",
    *_LAST_COLUMNS,
)

_FORMULA: Final = re.compile(r"^[=+\-@\t\r\n]")
"""Beginnings that a spreadsheet takes for a formula."""
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Characters that command a terminal, or turn the direction of what follows."""
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]()#+.!~|-])")


def render_files(report: AccuracyReport, goldens: Path) -> dict[str, bytes]:
    """The report's files.

    Args:
        report: The report.
        goldens: Folder of all goldens.

    Returns:
        Contents by file name.
    """
    return {
        "report.json": render_json(report),
        "fields.csv": render_csv(report).encode(),
        "summary.md": render_summary(report).encode(),
        "junit.xml": render_junit(report, goldens),
    }


def show(value: JsonValue) -> str:
    """A value as one line: a text as it is, with its line feeds shown, anything else as JSON; `∅` for none."""
    if value is None:
        return "∅"
    return _CONTROL.sub("�", plain(value).replace("\n", "⏎"))


def excerpt(expected: JsonValue, got: JsonValue) -> tuple[str, str]:
    """Both values as one line each, from just before their first difference.

    Args:
        expected: The value as it should be.
        got: The value as it is.
    """
    if isinstance(expected, list) and isinstance(got, list):
        first = _count_alike(expected, got)
        last = _count_alike(expected[first:][::-1], got[first:][::-1])
        expected, got = expected[first : len(expected) - last], got[first : len(got) - last]
    old, new = show(expected), show(got)
    start = max(0, _count_alike(old, new) - LEAD_CHARACTERS)
    return _cut(old, start), _cut(new, start)


def _count_alike(one: Sequence[object], other: Sequence[object]) -> int:
    """Count the items that both begin with; unlike `==`, 1 and true are two things."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (old, new) in pairs if repr(old) != repr(new)), min(len(one), len(other)))


def _cut(text: str, start: int) -> str:
    end = start + EXCERPT_CHARACTERS
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def headline_rows(result: EditionResult) -> list[tuple[str, str]]:
    """The headline's names and values."""
    accuracy = result.accuracy
    headline = accuracy.headline
    accepted = accuracy.accepted
    rows = [
        ("leaves exact", headline.leaves.describe()),
        ("practices wholly exact", headline.practices.describe()),
        ("labels mapped", headline.labels.describe()),
        ("rows joined over page breaks", headline.rows_joined.describe()),
        ("labels joined over page breaks", headline.labels_joined.describe()),
        ("rows without a field", str(headline.unmapped)),
        ("glyph residue", f"{headline.residue} of {headline.glyphs}"),
        ("leaves absent in both", str(accuracy.verified.absent)),
    ]
    if accepted.exact.of + accepted.absent:
        rows.append(("accepted leaves unmoved (no accuracy)", accepted.exact.describe()))
    return rows


def verdict_line(result: EditionResult) -> str:
    """The verdict in one line."""
    verdict = result.verdict
    worse = sum(judged for _, judged in order_worst_first(result))
    known = len(group_differences(result.accuracy.comparisons)) - worse
    words = [count(worse, "regression"), count(known, "known difference")]
    if verdict.improved:
        words.append(f"{len(verdict.improved)} improved (take them over by: pipeline accuracy --update)")
    return f"{result.accuracy.edition}: {', '.join(words)}"


def list_notes(result: EditionResult) -> list[str]:
    """What is to be said of an edition besides its leaves: that its output is not good, what is wrong with goldens."""
    said = f"{result.accuracy.edition}: the last run had errors; {result.aside} was compared, which was set aside"
    return [*([] if result.aside is None else [said]), *result.verdict.all_faults]


def print_report(report: AccuracyReport, console: Console, *, whole: bool = False) -> None:
    """Print the report: two lines for an edition that is all good; for any other what differs.

    Args:
        report: The report.
        console: Where to.
        whole: True to print the tables in any case, and in whole.
    """
    for result in report.editions:
        accuracy = result.accuracy
        if not whole and result.exit_code == 0 and not accuracy.differences:
            headline = accuracy.headline
            said = f"  exact: leaves {headline.leaves.describe()}, practices {headline.practices.describe()}"
            if not headline.leaves.of:
                said = f"  no leaf is verified; accepted leaves unmoved: {accuracy.accepted.exact.describe()}"
            _print_line(Text(verdict_line(result), style="bold green"), console)
            _print_line(Text(f"{said} (--all shows the tables)"), console)
            continue
        table = Table(title=Text(f"Accuracy of {accuracy.edition}"), show_header=False)
        for name, value in headline_rows(result):
            table.add_row(Text(name), Text(value))
        console.print(table)
        for title, tallies in (("By practice", accuracy.practices), ("By field", accuracy.fields)):
            shown = [found for found in tallies if whole or found.exact.good < found.exact.of]
            if shown:
                console.print(_tally_table(title, shown, narrow=console.width < WIDE))
        for found, worse in order_worst_first(result):
            style = "bold red" if worse else "yellow"
            known = ", a regression" if worse else ", as the baseline knows"
            _print_line(Text.assemble(f"{found.place}: ", (f"{found.describe()}{known}", style)), console)
            if found.part:
                expected, got = excerpt(found.shown.expected, found.shown.got)
                _print_line(Text.assemble("  expected  ", (expected, "green")), console)
                _print_line(Text.assemble("  got       ", (got, "red")), console)
        for note in list_notes(result):
            _print_line(Text(note, style="bold red"), console)
        _print_line(Text(verdict_line(result), style="bold red" if result.exit_code else "bold green"), console)


def _print_line(line: Text, console: Console) -> None:
    """Print a line as one, however long: a command in it can be copied, and a program finds it."""
    console.print(line, soft_wrap=True)


def _tally_table(title: str, tallies: Sequence[Tally], *, narrow: bool) -> Table:
    table = Table(title=title)
    table.add_column(title.rpartition(" ")[2].capitalize(), no_wrap=True)
    for name in ("exact", "of", "%", "changed", "missing", "spurious", "absent", "score")[: 2 if narrow else None]:
        table.add_column(name, justify="right", no_wrap=True)
    for found in tallies:
        counts = (found.changed, found.missing, found.spurious)
        cells = [
            *map(Text, (str(found.exact.good), str(found.exact.of), found.exact.percent)),
            *(Text(str(count), style="bold red" if count else "dim") for count in counts),
            Text(str(found.absent), style="dim"),
            Text(f"{found.score:.4f}"),
        ]
        table.add_row(Text(found.name, style="bold" if any(counts) else ""), *cells[: len(table.columns) - 1])
    return table


def render_csv(report: AccuracyReport) -> str:
    """Render the report as CSV: a line per leaf, with both values where they differ.

    Cells that a spreadsheet would take for a formula begin with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.DictWriter(out, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for result in report.editions:
        new = {found.path for found in result.verdict.regressions}
        for found in result.accuracy.comparisons:
            cells = {name: value or "" for name, value in found.model_dump().items()}
            cells |= {"score": f"{found.score:.6g}", "judgement": "yes" if found.judgement else "no"}
            cells["regression"] = "yes" if found.path in new else "no"
            # What is as it should be would make the file thirty times as large.
            for side in ("expected", "got"):
                value = getattr(found, side)
                cells[side] = "" if value is None or not found.differs else plain(value)
            writer.writerow({name: _disarm(cells[name]) for name in CSV_COLUMNS})
    return out.getvalue()


def _disarm(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def render_summary(report: AccuracyReport) -> str:
    """The report as Markdown: the verdict, the worst differences, the headline, fields and practices."""
    environment = open_templates("pipeline.quality.accuracy")
    environment.filters["escape_md"] = _escape
    text: str = environment.get_template("summary.md.j2").render(
        results=report.editions,
        most=WORST,
        count=count,
        excerpt=excerpt,
        headline_rows=headline_rows,
        order_worst_first=order_worst_first,
        list_notes=list_notes,
        verdict_line=verdict_line,
    )
    return text.rstrip() + "\n"


def _escape(text: str) -> str:
    """Escape a text for a Markdown table: no markup, no HTML, one line."""
    return _MARKDOWN.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))


def render_junit(report: AccuracyReport, goldens: Path) -> bytes:
    """The report as JUnit XML: a suite per practice, a case per field.

    A case fails where a leaf of it got worse; it is skipped where leaves differ as the baseline knows.

    Args:
        report: The report.
        goldens: Folder of all goldens.
    """
    root = ET.Element("testsuites", name="accuracy")
    for result in report.editions:
        edition = result.accuracy.edition
        new = {found.path for found in result.verdict.regressions}
        for practice, comparisons in groupby(result.accuracy.comparisons, key=attrgetter("practice")):
            name = f"{edition}.{practice}"
            suite = ET.SubElement(root, "testsuite", name=name)
            file = golden_path(goldens, edition, practice).as_posix()
            for field, leaves in groupby(comparisons, key=attrgetter("field")):
                case = ET.SubElement(suite, "testcase", classname=name, name=field, file=file)
                _add_outcome(case, [found for found in leaves if found.differs], new)
            for key, kind in (("tests", "."), ("failures", "failure"), ("skipped", "skipped")):
                suite.set(key, str(len(suite.findall(f"testcase/{kind}"))))
        faults = result.verdict.all_faults
        name = f"{edition}.goldens"
        suite = ET.SubElement(root, "testsuite", name=name, tests="1", failures=str(min(1, len(faults))), skipped="0")
        case = ET.SubElement(suite, "testcase", classname=name, name="goldens")
        if faults:
            failure = ET.SubElement(case, "failure", message=clean_xml(faults[0]), type="goldens")
            failure.text = clean_xml("\n".join(faults))
    ET.indent(root)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _add_outcome(case: ET.Element, differing: Sequence[Comparison], new: Collection[str]) -> None:
    """Say of a field's case that it fails by what is worse than before, or else is skipped for what is known."""
    failed = [found for found in differing if found.path in new]
    message = clean_xml("; ".join(f"{found.part}: {found.describe()}" for found in failed or differing))
    if failed:
        failure = ET.SubElement(case, "failure", message=message, type=failed[0].kind or failed[0].outcome)
        failure.text = clean_xml(
            "\n".join(
                f"{found.path}: {found.describe()}\n  expected: {show(found.expected)}\n  got:      {show(found.got)}"
                for found in failed
            )
        )
    elif differing:
        ET.SubElement(case, "skipped", message=f"as the baseline knows: {message}")


def render_annotations(report: AccuracyReport, goldens: Path) -> Iterator[str]:
    """Workflow commands that mark each difference at the golden's line.

    Args:
        report: The report.
        goldens: Folder of all goldens, as the workflow sees it: relative to the repository.

    Yields:
        An `::error` for each regression and fault, a `::warning` for each known difference.
    """
    contents: dict[Path, bytes] = {}
    for result in report.editions:
        for found, worse in order_worst_first(result):
            path = golden_path(goldens, result.accuracy.edition, found.practice)
            if path not in contents:
                contents[path] = path.read_bytes()
            expected, got = excerpt(found.shown.expected, found.shown.got)
            yield _annotate(
                "error" if worse else "warning",
                f"{found.shown.path}: {found.describe()}: expected {expected}, got {got}",
                {
                    "file": path.as_posix(),
                    "line": str(find_line(contents[path], found.field, found.part or found.shown.part)),
                    "title": f"{found.practice} {found.field}",
                },
            )
        for fault in result.verdict.all_faults:
            yield _annotate("error", f"{result.accuracy.edition}: {fault}", {})


def _annotate(level: str, message: str, properties: Mapping[str, str]) -> str:
    listed = ",".join(f"{name}={_escape_command(value, ':,')}" for name, value in properties.items())
    return f"::{level}{' ' if listed else ''}{listed}::{_escape_command(message, '')}"


def _escape_command(text: str, more: str) -> str:
    """Escape what would end a workflow command, or one of its properties."""
    for character in ("%", "\r", "\n", *more):
        text = text.replace(character, f"%{ord(character):02X}")
    return text
