"""What does not belong together in an extracted edition: what somebody has edited, or a run would have reported."""

import math
from collections.abc import Iterator

from pipeline.errors import LexiconError
from pipeline.lexicon import load_lexicon
from pipeline.models.edition import PageInfo, ValidatedEdition
from pipeline.stages.normalise.choices import is_unavailable
from pipeline.stages.validate.account import PLACES
from pipeline.stages.validate.checks import check_practice
from pipeline.stages.validate.edition import count_findings
from pipeline.text.wording import count


def find_contradictions(edition: ValidatedEdition) -> Iterator[str]:
    """Find what does not belong together in the report, in the index (the practices' order), and in the practices.

    Args:
        edition: An edition that was read back from its output files.

    Yields:
        What is wrong, in words: the file or practice, and what it says.
    """
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
