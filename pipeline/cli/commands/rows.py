"""Print the rows of any PDF with two-column tables, in any language: label, text, pages, boxes.

Examples:
    pipeline rows paper.pdf
    pipeline rows paper.pdf --json | jq '.rows[].label'
    pipeline rows paper.pdf --overlay build/overlay
"""

import argparse
from dataclasses import asdict
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from rich.table import Table
from rich.text import Text

from pipeline.cli.options import READING, add_shared, show_progress
from pipeline.cli.terminal import for_terminal, open_console, print_json, report_line
from pipeline.models.row import Row, TextBlock
from pipeline.render.overlay import draw_overlay
from pipeline.run.runner import stitch_file
from pipeline.stages.segment.trace import Decision, Trace


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("pdf", type=Path, metavar="PDF", help="the file")
    add_shared(parser, *READING, "--quiet")
    parser.add_argument("--json", action="store_true", help="print JSON, with the evidence of each row's lines")
    parser.add_argument(
        "--overlay", type=Path, metavar="DIR", help="draw each page with the decisions of the table model (PNG)"
    )


def run(args: argparse.Namespace) -> int:
    """Print the rows; 1 where a page could not be read."""
    trace = Trace() if args.json or args.overlay else None
    with show_progress(args) as options:
        stored = stitch_file(args.pdf, options, trace)
    rows = [part for part in stored.content.content if isinstance(part, Row)]
    if args.overlay and trace is not None:
        draw_overlay(args.pdf, stored, trace, args.overlay, options)
    issues = [*stored.edition.issues, *stored.content.issues]
    if args.json:
        content = {
            "source": stored.edition.file,
            "sha256": stored.edition.sha256,
            "pages": len(stored.edition.pages),
            "tags": None if stored.content.tags is None else stored.content.tags.model_dump(),
            "rows": [_plain_row(row, trace) for row in rows],
            "outside": [
                {"kind": block.kind, "text": block.text, "boxes": [asdict(box) for box in block.boxes]}
                for block in (*stored.content.content, *stored.content.furniture)
                if isinstance(block, TextBlock)
            ],
            "residue": [left.model_dump(mode="json") for left in stored.content.residue],
            "issues": [issue.model_dump(mode="json", exclude_none=True) for issue in issues],
        }
        print_json(content)
    else:
        _print_rows(rows)
        for issue in issues:
            place = f"{stored.edition.file}, page {issue.page}" if issue.page else stored.edition.file
            report_line(issue.severity, f"{place}: {issue.message}")
    return 1 if any(issue.severity == "error" for issue in issues) else 0


def _plain_row(row: Row, trace: Trace | None) -> dict[str, object]:
    return {
        "table": row.table,
        "label": row.label.one_line,
        "text": row.value.text,
        "pages": list(row.pages),
        "label_boxes": [asdict(box) for box in row.label.boxes],
        "value_boxes": [asdict(box) for box in row.value.boxes],
        "links": [{"url": link.url, "text": link.text} for link in row.value.links],
        "evidence": sorted({part.evidence for part in row.fragments}),
        "confidence": min(part.confidence for part in row.fragments),
        "decisions": [_plain_decision(one) for one in trace.find(row)] if trace else [],
    }


def _plain_decision(decision: Decision) -> dict[str, object]:
    """A line's state, the next best one and what decided; edges that show the state leave no second."""
    drawn = decision.second is None
    return {
        "page": decision.box.page,
        "top": round(decision.box.top, 2),
        "state": decision.state,
        "second": decision.second,
        "margin": None if drawn else round(decision.margin, 2),
        "evidence": {part.name: round(part.odds, 2) for part in decision.evidence},
    }


def _print_rows(rows: list[Row]) -> None:
    console = open_console()
    for number, group in groupby(rows, key=attrgetter("table")):
        table = Table("Label", "Text", "Pages", title=f"Table {number + 1}", show_lines=True)
        for row in group:
            cells = (for_terminal(row.label.one_line), for_terminal(row.value.text), "-".join(map(str, row.pages)))
            table.add_row(*map(Text, cells))
        console.print(table)
    if not rows:
        console.print("No two-column table.")
