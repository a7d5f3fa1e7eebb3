"""Run PDFs from reading to output: practice files, index and report of each edition.

Examples:
    pipeline run                                    every PDF in raw/, into extracted/
    pipeline run raw/raccombat-lv.pdf --out build   one edition, into build/raccombat-lv/
    pipeline run --json --quiet                     a summary that a program can read
    pipeline run --keep-stages stages               keep every stage's artefact as well
    pipeline run --keep-stages stages --from-stage map raw/raccombat-lv.pdf
    pipeline run --replace raw/raccombat-lv.pdf     take its output over though its report holds errors
    pipeline run --scheduler tcp://host:8786        on a cluster, one edition a task
"""

import argparse
from pathlib import Path
from typing import Any

from pipeline import paths
from pipeline.cli.editions import describe_errors, report_word_folders, warn_of_renamed
from pipeline.cli.options import READING, add_cache, add_shared, repeat_options, show_progress
from pipeline.cli.terminal import print_json, quote, report_failure, report_line
from pipeline.errors import InputError
from pipeline.run.editions import list_orphans
from pipeline.run.options import Outcome
from pipeline.run.runner import run_editions
from pipeline.stages import STAGE_NAMES
from pipeline.stages.emit.outputs import ASIDE
from pipeline.text.wording import count


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("pdf", nargs="*", type=Path, metavar="PDF", help="files to run (default: raw/*.pdf)")
    add_shared(parser, "--out", *READING, "--quiet")
    add_cache(parser)
    parser.add_argument("--keep-stages", type=Path, metavar="DIR", help="keep every stage's artefact in this folder")
    parser.add_argument(
        "--from-stage",
        choices=STAGE_NAMES,
        default="read",
        metavar="NAME",
        help=f"first stage to run, from the artefacts in --keep-stages; one of {', '.join(STAGE_NAMES)}",
    )
    parser.add_argument(
        "--replace",
        action="store_true",
        help="replace good output even where the new report holds errors; without it, such output is set aside, as"
        f" {paths.EXTRACTED / ASIDE}/EDITION, and the good one stays",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="run the editions on a Dask cluster, one a task, such as tcp://host:8786; the workers must see the same"
        " folders (docs/performance.md)",
    )
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")


def run(args: argparse.Namespace) -> int:
    """Run the editions and print how each ended."""
    sources: list[Path] = args.pdf or sorted(paths.RAW.glob("*.pdf"))
    if not sources:
        raise InputError(f"there is no PDF in {paths.RAW}/; put one there, or name the files to run")
    if not args.quiet and not args.json:
        report_word_folders()
    outcomes: list[Outcome] = []
    asked = {name: getattr(args, name) for name in ("out", "keep_stages", "replace", "from_stage")}
    with show_progress(args, **asked) as options:
        if args.scheduler is None:
            ended = run_editions(sources, options)
        else:
            from pipeline.run.cluster import run_on_cluster

            ended = run_on_cluster(sources, options, args.scheduler)
        for outcome in ended:
            outcomes.append(outcome)
            if outcome.error is not None:
                report_failure(outcome.error, debug=args.debug)
            elif not args.quiet and not args.json:
                print(_describe(outcome))
            if outcome.summary is not None and outcome.status != "good":
                severity = "error" if outcome.summary.counts["errors"] else "warning"
                report_line(severity, _describe_failure(outcome, args))
    warn_of_renamed(sources)
    if not args.pdf:
        for orphan in list_orphans(paths.RAW, args.out):
            report_line(
                "warning",
                f"{args.out / orphan} has no source in {paths.RAW}/ any more and stays as it was; bring {orphan}.pdf"
                f" back, or: pipeline remove {quote(orphan)}",
            )
    if args.json:
        print_json({"editions": [_summarise(outcome) for outcome in outcomes]})
    return max(outcome.exit_code for outcome in outcomes)


def _describe_failure(outcome: Outcome, args: argparse.Namespace) -> str:
    """The first error of a run that is no success, and what became of its output."""
    # Loads the models: a run that finds everything done goes without (a sixth of its time).
    from pipeline.stages.emit.edition import load_report

    assert outcome.folder is not None, "only finished runs have errors in a report"  # noqa: S101 - for the type checker
    issues = load_report(outcome.folder).issues
    again = f"pipeline run --replace {quote(outcome.source)}{repeat_options(args, args.out, '--out')}"
    return describe_errors(str(outcome.edition), issues, outcome.folder, again)


def _describe(outcome: Outcome) -> str:
    """A line on an edition that ran to its end."""
    assert outcome.summary is not None, "only finished runs are described"  # noqa: S101 - for the type checker
    counts = outcome.summary.counts
    verdict = "good" if outcome.status == "good" else f"NOT GOOD, see {outcome.folder}/report.json"
    return (
        f"{outcome.edition}: {count(counts['practices'], 'practice')},"
        f" {count(counts['fields'] + counts['inline_fields'], 'field')}, {count(counts['unmapped'], 'unmapped row')},"
        f" residue {counts['residue']} of {count(counts['glyphs'], 'glyph')}, {count(counts['errors'], 'error')},"
        f" {count(counts['warnings'], 'warning')}, {count(counts['notes'], 'note')}: {verdict}"
    )


def _summarise(outcome: Outcome) -> dict[str, Any]:
    """An edition's outcome as plain JSON values."""
    return {
        "source": str(outcome.source),
        "edition": outcome.edition,
        "status": outcome.status,
        "exit_code": outcome.exit_code,
        "folder": None if outcome.folder is None else str(outcome.folder),
        "set_aside": outcome.set_aside,
        "error": None if outcome.error is None else str(outcome.error),
        "counts": None if outcome.summary is None else dict(outcome.summary.counts),
    }
