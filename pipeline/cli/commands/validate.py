"""Check that extracted editions hold what the schema says, and that their reports are good.

Examples:
    pipeline validate
    pipeline validate raccombat-lv
    pipeline validate extracted/.errors/raccombat-lv    a run with errors that was set aside
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator

from pipeline import paths
from pipeline.cli.commands._common import add_shared, describe_errors, find_edition_folder, print_json, report_set_aside
from pipeline.cli.main import report_line
from pipeline.errors import InputError
from pipeline.models.edition import PageInfo, ValidatedEdition
from pipeline.stages.emit.edition import load_edition, render_edition
from pipeline.stages.emit.outputs import require_extracted
from pipeline.stages.validate.checks import check_practice


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("edition", nargs="*", metavar="EDITION", help="editions: ids, or folders (default: all)")
    add_shared(parser, "--extracted", "--quiet")
    parser.add_argument("--json", action="store_true", help="print the verdicts as JSON")


def run(args: argparse.Namespace) -> int:
    """Check the editions; 1 where one is not good."""
    names = args.edition or require_extracted(args.extracted)
    folders = [find_edition_folder(name, args.extracted) for name in names]
    verdicts: dict[str, str] = {}
    for folder in folders:
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
        elif contradictions := list(_find_contradictions(edition)):
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


def _find_contradictions(edition: ValidatedEdition) -> Iterator[str]:
    """Find what does not belong together in the practices and is not reported: dates, places, links, shared cells."""
    sizes = {page.page: (page.width or math.inf, page.height or math.inf) for page in edition.report.glyphs}
    pages = {
        number: PageInfo(number=number, width=width, height=height, glyphs=0)
        for number in range(1, edition.edition.pages + 1)
        for width, height in (sizes.get(number, (math.inf, math.inf)),)
    }
    reported = {(issue.code, issue.practice, issue.field) for issue in edition.report.issues}
    for practice in edition.practices:
        for issue in check_practice(practice, pages):
            if (issue.code, practice.id, issue.field) not in reported:
                yield f"{practice.id}: {issue.field or 'the practice'}: {issue.message}"
