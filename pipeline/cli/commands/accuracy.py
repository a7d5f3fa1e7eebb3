"""Compare extracted editions with their goldens, leaf by leaf.

Exits with 1 where something got worse than the baseline says, or a golden is missing, unused or stale; with 2 where the
goldens have changed since the baseline was written.

Examples:
    pipeline accuracy
    pipeline accuracy --edition raccombat-lv --report build/accuracy
    pipeline accuracy --update                     take better results over into the baseline
    pipeline accuracy --update --reason 'why'      the same, where goldens have changed
    pipeline accuracy --lower --reason 'why'       let the baseline get worse, and keep why
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Final

from pipeline import paths
from pipeline.cli.options import add_shared, folder_option
from pipeline.cli.terminal import open_console
from pipeline.errors import ExtractionError, InputError
from pipeline.files import as_output_error, write_whole
from pipeline.quality.accuracy.accept import check_reason, refuse_ci, today
from pipeline.quality.accuracy.baseline import FILE, load_baseline
from pipeline.quality.accuracy.evaluate import AccuracyReport, evaluate, renew_baseline
from pipeline.quality.accuracy.forms import print_report, render_annotations, render_files
from pipeline.stages.emit.edition import render_json

COLUMNS: Final = 120
"""Width of the tables, in characters, where the output is no terminal."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_shared(parser, "--edition", "--extracted", "--goldens", "--quiet")
    written = (
        "where to write report.json, fields.csv, summary.md and junit.xml; summary.md is also appended to the file"
    )
    parser.add_argument("--report", **folder_option(paths.ACCURACY, f"{written} that GITHUB_STEP_SUMMARY names"))
    parser.add_argument(
        "--annotations",
        action="store_true",
        help="print workflow commands that mark the goldens' lines (always so where GITHUB_ACTIONS is set)",
    )
    parser.add_argument("--json", action="store_true", help="print report.json instead of tables")
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--update", action="store_true", help="write the baseline anew, if nothing is worse")
    change.add_argument("--lower", action="store_true", help="write the baseline anew, though something is worse")
    parser.add_argument("--reason", metavar="TEXT", help="why the baseline is lowered, or why goldens have changed")
    parser.add_argument("--all", action="store_true", help="print the tables even where all is good")


def run(args: argparse.Namespace) -> int:
    """Compare, report, and write the baseline where asked to."""
    if (args.lower and args.reason is None) or (args.reason is not None and not (args.lower or args.update)):
        raise InputError("--lower and --reason go together; say why the baseline may get worse: --lower --reason TEXT")
    if args.lower or args.update:
        refuse_ci(f"accuracy --{'lower' if args.lower else 'update'}")
    if args.reason is not None:
        args.reason = check_reason(args.reason)
    report, refusal = evaluate(args.extracted, args.goldens, args.edition), None
    if args.update or args.lower:
        try:
            report = _renew(args, report)
        except ExtractionError as error:
            refusal = error
    files = render_files(report, args.goldens)
    _write_files(args.report, files)
    if args.json:
        print(files["report.json"].decode(), end="")
    elif not args.quiet:
        # Without a terminal there is no width to keep to; the tables need more than the usual 80 columns.
        print_report(report, open_console(None if sys.stdout.isatty() else COLUMNS), whole=args.all)
        written = [args.report / name for name in files]
        if (args.update or args.lower) and refusal is None:
            written.append(args.goldens / FILE)
        print(f"written: {', '.join(map(str, written))}")
    if args.annotations or os.environ.get("GITHUB_ACTIONS"):
        for line in render_annotations(report, args.goldens):
            print(line)
    if refusal is not None:
        raise refusal
    return report.exit_code


def _renew(args: argparse.Namespace, report: AccuracyReport) -> AccuracyReport:
    """Write the baseline, and compare with that; something may be wrong that no baseline excuses."""
    baseline = renew_baseline(
        load_baseline(args.goldens), report.editions, date=today(), reason=args.reason, lower=args.lower
    )
    write_whole(args.goldens / FILE, [render_json(baseline)])
    return evaluate(args.extracted, args.goldens, args.edition)


def _write_files(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        write_whole(folder / name, [content], "choose another --report")
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with as_output_error(advice="correct GITHUB_STEP_SUMMARY"), Path(summary).open("ab") as handle:
            handle.write(files["summary.md"])
