"""Check that extracted editions hold what the schema says, and that their reports are good.

Examples:
    pipeline validate
    pipeline validate raccombat-lv
    pipeline validate extracted/.errors/raccombat-lv    a run with errors that was set aside
"""

import argparse

from pipeline import paths
from pipeline.cli.editions import describe_errors, find_edition_folders, report_set_aside
from pipeline.cli.options import add_shared
from pipeline.cli.terminal import print_json, report_line
from pipeline.errors import InputError
from pipeline.quality.contradictions import find_contradictions
from pipeline.stages.emit.edition import load_edition, render_edition


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("edition", nargs="*", metavar="EDITION", help="editions: ids, or folders (default: all)")
    add_shared(parser, "--extracted", "--quiet")
    parser.add_argument("--json", action="store_true", help="print the verdicts as JSON")


def run(args: argparse.Namespace) -> int:
    """Check the editions; 1 where one is not good."""
    verdicts: dict[str, str] = {}
    for folder in find_edition_folders(args.edition, args.extracted):
        report_set_aside(folder, "check it by: pipeline validate {}")
        try:
            edition = load_edition(folder)
        except InputError as error:
            verdicts[str(folder)] = str(error)
            continue
        expected = render_edition(edition)
        present = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
        if expected != present:
            names = sorted(name for name in expected.keys() | present.keys() if expected.get(name) != present.get(name))
            verdicts[str(folder)] = f"not as the pipeline writes it: {', '.join(names)}; run the pipeline again"
        elif contradictions := list(find_contradictions(edition)):
            more = f" (and {len(contradictions) - 1} more)" if contradictions[1:] else ""
            verdicts[str(folder)] = f"{contradictions[0]}{more}; run the pipeline again"
        elif edition.report.status != "good":
            verdicts[str(folder)] = describe_errors(edition.edition.id, edition.report.issues, folder)
        else:
            verdicts[str(folder)] = "good"
    if args.json:
        print_json(verdicts)
    for folder_name, verdict in verdicts.items():
        if verdict != "good":
            report_line("error", f"{folder_name}: {verdict}")
        elif not args.quiet and not args.json:
            print(f"{folder_name}: good ({paths.PRACTICE_SCHEMA.name})")
    return 0 if set(verdicts.values()) == {"good"} else 1
