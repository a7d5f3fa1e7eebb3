"""Check that extracted editions hold what the schema says, and that their reports are good.

Examples:
    pipeline validate
    pipeline validate raccombat-lv
    pipeline validate extracted/.errors/raccombat-lv    a run with errors that was set aside
"""

import argparse
import math
from collections.abc import Iterator

from pipeline import paths
from pipeline.cli.editions import describe_errors, find_edition_folder, report_set_aside
from pipeline.cli.options import add_shared
from pipeline.cli.terminal import print_json, report_line
from pipeline.errors import InputError, LexiconError
from pipeline.lexicon import load_lexicon
from pipeline.models.edition import PageInfo, ValidatedEdition
from pipeline.stages.emit.edition import load_edition, render_edition
from pipeline.stages.emit.outputs import require_extracted
from pipeline.stages.normalise.choices import is_unavailable
from pipeline.stages.validate.account import PLACES
from pipeline.stages.validate.checks import check_practice
from pipeline.stages.validate.edition import count_findings
from pipeline.text.wording import count


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
    """Find what does not belong together in the report, in the index (the practices' order), and in the practices."""
    yield from _find_in_report(edition)
    starts = [practice.pages[0] for practice in edition.practices]
    if starts != sorted(starts):
        yield "index.json: the practices are not in document order"
    yield from _find_in_practices(edition)


def _find_in_report(edition: ValidatedEdition) -> Iterator[str]:
    """Find accounts of glyphs that do not add up, pages without one, and counts of something else."""
    report, last = edition.report, edition.edition.pages
    if [account.page for account in report.glyphs] != list(range(1, last + 1)):
        yield f"report.json: glyphs is not the account of pages 1 to {last}, each once"
    for account in report.glyphs:
        placed = sum(getattr(account, place) for place in PLACES) + sum(account.residue.values()) + account.blank
        if placed != account.seen:
            yield f"report.json: page {account.page} has {count(account.seen, 'glyph')}, and places for {placed}"
    for name, counted in count_findings(edition.practices, report.glyphs, report.joins, report.issues).items():
        if getattr(report.counts, name) != counted:
            yield f"report.json: counts says {name}: {getattr(report.counts, name)}, and there are {counted}"


def _find_in_practices(edition: ValidatedEdition) -> Iterator[str]:
    """Find what is not reported: dates, places, links and shared cells, availability, another edition."""
    sizes = {page.page: (page.width or math.inf, page.height or math.inf) for page in edition.report.glyphs}
    pages = {}
    for number in range(1, edition.edition.pages + 1):
        width, height = sizes.get(number, (math.inf, math.inf))
        pages[number] = PageInfo(number=number, width=width, height=height, glyphs=0)
    try:
        lexicon = load_lexicon(edition.edition.language or "")
    except LexiconError:
        lexicon = None
    reported = {(issue.code, issue.practice, issue.field) for issue in edition.report.issues}
    for practice in edition.practices:
        if practice.edition != edition.edition:
            yield f"{practice.id}: its edition is another than that of index.json"
        for name, value in practice.fields.present.items():
            if lexicon is not None and value.available == is_unavailable(value.text, lexicon):
                said = "true, and its text says nothing" if value.available else "false, and its text says more"
                yield f"{practice.id}: {name}: available is {said}"
        for issue in check_practice(practice, pages):
            if (issue.code, practice.id, issue.field) not in reported:
                yield f"{practice.id}: {issue.field or 'the practice'}: {issue.message}"
