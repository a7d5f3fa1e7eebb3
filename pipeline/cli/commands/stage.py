"""Run one stage on the artefact of the stage before it.

Examples:
    pipeline stage read raw/raccombat-lv.pdf pages.json     read takes a PDF
    pipeline stage segment pages.json layouts.json
    pipeline stage map stages/raccombat-lv/4-chapter.json records.json
    pipeline stage emit stages/raccombat-lv/7-validate.json extracted    emit writes into a folder
"""

import argparse
from pathlib import Path

from pipeline.cli.editions import describe_errors
from pipeline.cli.options import READING, add_shared, show_progress
from pipeline.cli.terminal import report_line
from pipeline.run.artefacts import read_artefact, write_artefact
from pipeline.run.runner import emit_stage, read_stage, run_stage
from pipeline.stages import STAGE_NAMES, stage_before
from pipeline.stages.emit.swap import lock_folder


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("name", choices=STAGE_NAMES, metavar="NAME", help=f"the stage: one of {', '.join(STAGE_NAMES)}")
    parser.add_argument("input", type=Path, metavar="IN", help="artefact of the stage before (for read: a PDF)")
    parser.add_argument(
        "output", type=Path, metavar="OUT", help="where to write (for emit: the folder of all editions)"
    )
    parser.add_argument(
        "--replace", action="store_true", help="for emit: replace good output even where the report holds errors"
    )
    add_shared(parser, *READING, "--quiet")


def run(args: argparse.Namespace) -> int:
    """Run the stage; 1 where validate finds errors, or emit writes some."""
    with show_progress(args, out=args.output, replace=args.replace) as options:
        before = stage_before(args.name)
        if before is None:
            write_artefact(read_stage(args.input, options), args.output)
            return 0
        stored = read_artefact(args.input, before.name)
        if args.name == "emit":
            with lock_folder(args.output, stored.edition.id):
                written = emit_stage(stored, options)
        else:
            stored = run_stage(args.name, stored, options)
            write_artefact(stored, args.output)
            written = args.output
    if stored.stage != "validate" or stored.content.report.status == "good":
        return 0
    again = f"pipeline stage emit --replace {args.input} {args.output}"
    report_line("error", describe_errors(stored.edition.id, stored.content.report.issues, written, again))
    return 1
