"""What the stage reports of pages besides their rows: what was left out, and weak findings."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import itemgetter
from typing import Final

from pipeline.models.geometry import unite_boxes
from pipeline.models.layout import NearTie, PageLayout, TagAgreement, TextLine
from pipeline.models.report import Issue
from pipeline.stages.stitch.breaks import Break
from pipeline.text.lines import SAME_HEIGHT
from pipeline.text.wording import MOST_TEXT

WEAK_CONFIDENCE: Final = 0.7
"""Confidence of a table's finding (0 to 1) below which it is reported."""
BREAK_TIE: Final = math.log(2)
"""Largest log-odds, above or below 0, at which a page break is nearly a tie: the other way is half as likely. Of 322
documents, all 21 page breaks of 0.9 are decided rightly."""
MOST_TIES: Final = 30
"""Most notes on near ties of one document: the known documents have two at most."""


def list_issues(layout: PageLayout) -> list[Issue]:
    """List what a page's findings leave open: weak evidence, and what was left out.

    Args:
        layout: The page.

    Returns:
        Warnings and notes.
    """
    issues: list[Issue] = []
    weak = [table for table in layout.tables if table.confidence < WEAK_CONFIDENCE]
    if weak:
        parts = "this table is" if len(weak) == 1 else f"{len(weak)} tables of this page are"
        issues.append(
            Issue.of(
                "weak_table_evidence",
                tables=parts,
                page=layout.number,
                box=unite_boxes(table.box for table in weak)[0],
                score=min(table.confidence for table in weak),
                evidence=tuple(sorted({table.evidence for table in weak})),
            )
        )
    for row in (row for table in layout.tables for row in table.rows):
        if any(line.opens == "cell" for line in row.value.lines):
            label = " ".join(line.text for line in row.label.lines)
            box = unite_boxes(line.box for line in row.value.lines)[0]
            issues.append(Issue.of("nested_table", page=layout.number, box=box, label=label or None))
    for left in layout.left_out:
        if left.reason == "ornament":
            continue
        text = " ".join(line.text for line in left.lines)
        box = unite_boxes(line.box for line in left.lines)[0]
        issues.append(
            Issue.of(
                f"left_out_{left.reason}",
                columns=left.columns,
                page=layout.number,
                box=box,
                text=text[:MOST_TEXT],
            )
        )
    return issues


def list_lone_furniture(layouts: Sequence[PageLayout], repeated: Iterable[TextLine]) -> list[Issue]:
    """List furniture that is like nothing on any other page, so that it may be text which belongs to the document.

    Running heads that name a chapter differ, and have one place; page numbers have no letters.

    Args:
        layouts: The pages.
        repeated: What tables repeat, which is in no layout any more.

    Returns:
        A note on each line whose words are on no other page, and no heading, and at whose place no other page has words
        in its size.
    """
    words, places = defaultdict[str, set[int]](set), defaultdict[tuple[bool, int, int], set[int]](set)
    lone: list[tuple[TextLine, str, list[tuple[bool, int, int]]]] = []
    free, heads = set[str](), {word for line in repeated for word in line.text.split()}
    for layout in layouts:
        free.update(_mask(line) for line in layout.free_lines)
        for line in (line for line in layout.margin_lines if any(map(str.isalpha, line.text))):
            upper, size = line.baseline < layout.height / 2, round(line.size)
            height = round(line.baseline if upper else layout.height - line.baseline)
            words[_mask(line)].add(layout.number)
            places[upper, size, height].add(layout.number)
            near = [(upper, size, height + off) for off in range(-SAME_HEIGHT, SAME_HEIGHT + 1)]
            lone.append((line, _mask(line), near))
    return [
        Issue.of("furniture_once", page=line.box.page, box=line.box, text=line.text[:MOST_TEXT])
        for line, text, near in lone
        if text not in free
        and not heads.issuperset(line.text.split())
        and not (words[text].union(*map(places.__getitem__, near)) - {line.box.page})
    ]


def _mask(line: TextLine) -> str:
    """A line's letters: numbers differ from page to page."""
    return "".join(filter(str.isalpha, line.text))


def list_ties(layouts: Sequence[PageLayout], breaks: Sequence[Break]) -> list[Issue]:
    """List the decisions near a tie: on lines, and on page breaks.

    Args:
        layouts: The pages.
        breaks: The page breaks.

    Returns:
        A note on each, page by page; of many only on the closest ones, and the number of the others.
    """
    found = [
        _report_tie(tie.margin, layout.number, tie, (_say_columns(tie.columns), _say_columns(tie.second)), 1)
        for layout in layouts
        for tie in layout.near_ties
    ]
    for one in (one for one in breaks if abs(one.odds) <= BREAK_TIE):
        sign = 1 if one.odds > 0 else -1
        states = ("going on with the row before the page break", "the first row of its page")[::sign]
        found.append(_report_tie(round(abs(one.odds), 2), one.box.page, one, states, sign))
    closest = sorted(found, key=itemgetter(0))[:MOST_TIES]
    issues = sorted((issue for _, issue in closest), key=lambda issue: issue.page or 0)
    more = len(found) - len(closest)
    return issues + ([Issue.of("more_near_ties", count=more, listed=MOST_TIES)] if more else [])


def _report_tie(
    margin: float, page: int, tie: NearTie | Break, states: tuple[str, ...], sign: int
) -> tuple[float, Issue]:
    evidence = tuple(f"{name} {sign * odds:+g}" for name, odds in tie.evidence)
    state, second = states
    return margin, Issue.of(
        "near_tie", page=page, box=tie.box, text=tie.text, evidence=evidence, state=state, second=second, margin=margin
    )


def _say_columns(start: float | None) -> str:
    return "text of no row" if start is None else f"text of a row with values at x = {start:g}"


def report_tags(layouts: Sequence[PageLayout]) -> tuple[TagAgreement | None, list[Issue]]:
    """Sum up how far the structure tags agree with the pages, with an issue on the first page where they do not."""
    pages = [(layout.number, layout.tags) for layout in layouts if layout.tags is not None]
    if not pages:
        return None, []
    lines, agreeing = sum(tags.lines for _, tags in pages), sum(tags.agreeing for _, tags in pages)
    whole = TagAgreement(lines=lines, agreeing=agreeing, believed=pages[0][1].believed)
    first = next((number for number, tags in pages if tags.agreeing < tags.lines), None)
    if first is None:
        return whole, []
    use = "" if whole.believed else " and are not used"
    return whole, [Issue.of("tags_disagree", page=first, disagreeing=lines - agreeing, lines=lines, use=use)]
