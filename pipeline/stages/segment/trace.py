"""What the table model decided and why: all of it where it is asked for, and always what it decided by little."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from pipeline.models.geometry import Box, unite_boxes
from pipeline.models.layout import NearTie
from pipeline.models.row import Row
from pipeline.stages.segment.columns import ColumnCandidate
from pipeline.stages.segment.edges import BUCKET, Edges
from pipeline.stages.segment.evidence import weigh_line
from pipeline.stages.segment.lines import group_lines, make_text_line
from pipeline.stages.segment.page_analysis import Strip
from pipeline.stages.segment.states import OUTSIDE, Observation, StatePath
from pipeline.text.wording import MOST_TEXT

NEAR_TIE: Final = 1.0
"""Largest margin, log-odds, at which a decision is reported: the second state is more than a third as likely.

Of thirteen forms by other hands, three of the four with wrong rows have such a decision, and two of the other nine; of
110 documents of the test factory's matrix, all right, one in ten has.
"""


class Evidence(NamedTuple):
    """What speaks for a line's being in columns: a name, and a log-odds."""

    name: str
    odds: float


class Decision(NamedTuple):
    """The state that a line was given, or a table that edges show.

    Attributes:
        box: Where it is.
        state: Number of its candidate, from one; 0 outside.
        second: The best state that divides the line otherwise; None where edges show the state, or there is no other.
        margin: By how much the best path with its state is better than the best with the second, log-odds; infinite
            where there is no second.
        evidence: What of the line itself speaks for the state against the second: differences of log-odds by the names
            of evidence, the largest first. The rest of the margin is the neighbours'.
    """

    box: Box
    state: int
    second: int | None
    margin: float
    evidence: tuple[Evidence, ...]

    @property
    def is_near_tie(self) -> bool:
        """Whether the margin is at most `NEAR_TIE`."""
        return self.margin <= NEAR_TIE


@dataclass
class Trace:
    """The model's decisions on a document.

    Attributes:
        splits: x of the boundaries of the columns that competed, points; states are their numbers, from one.
        edges: For each page its visible edges.
        decisions: The lines and drawn tables, in reading order.
        breaks: By page, how sure it is that its first row goes on from the page before (0 to 1).
    """

    splits: list[float] = field(default_factory=list)
    edges: list[Edges] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    breaks: dict[int, float] = field(default_factory=dict)

    def find(self, row: Row) -> list[Decision]:
        """Find the decisions on a row's lines, or on the drawn table that it is in."""
        lines = [line.box for part in row.fragments for line in (*part.label_lines, *part.value_lines)]
        near = {
            number
            for box in lines
            for number in self._by_place.get((box.page, int((box.top + box.bottom) / 2 // BUCKET)), ())
        }
        return [
            one for one in map(self.decisions.__getitem__, sorted(near)) if any(_holds(one.box, line) for line in lines)
        ]

    @cached_property
    def _by_place(self) -> dict[tuple[int, int], list[int]]:
        """The numbers of the decisions by pages and stretches of them: a document has as many rows as decisions."""
        found: dict[tuple[int, int], list[int]] = defaultdict(list)
        for number, one in enumerate(self.decisions):
            for stretch in range(int(one.box.top // BUCKET), int(one.box.bottom // BUCKET) + 1):
                found[one.box.page, stretch].append(number)
        return found


def _holds(box: Box, line: Box) -> bool:
    """Return whether the middle of a line is inside a box."""
    x, y = (line.x0 + line.x1) / 2, (line.top + line.bottom) / 2
    return box.page == line.page and box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def list_decisions(path: StatePath, within: float = math.inf) -> Iterator[tuple[Observation, Decision]]:
    """List the decisions on a path, in time that grows with lines times candidates.

    Args:
        path: The path.
        within: The largest margin of a decision that is listed, log-odds.

    Yields:
        Each token with the decision on it, in reading order.
    """
    pages, candidates = path.pages, path.candidates
    for token, state, step, odds in zip(path.tokens, path.states, path.steps, path.odds, strict=True):
        item, second = token.item, None
        if isinstance(item, Strip):
            near = [n for n, one in enumerate(odds) if n != state and one > -math.inf and odds[state] - one <= within]
            near.sort(key=lambda n: -odds[n])
            own = _divide(item, state, candidates)
            second = next((n for n in near if _divide(item, n, candidates) != own), None)
        margin = math.inf if second is None else odds[state] - odds[second]
        if margin > within:
            continue
        box = Box(page=pages[token.page].body.page.number, x0=item.x0, top=item.top, x1=item.x1, bottom=item.bottom)
        evidence: dict[str, float] = {}
        for one, sign in ((state, 1), (second, -1)):
            if isinstance(item, Strip) and one is not None and one != OUTSIDE:
                for name, value in weigh_line(item, candidates[one - 1], path.scale, step.reach).items():
                    evidence[name] = evidence.get(name, 0.0) + sign * value
        parts = [Evidence(name, value) for name, value in evidence.items() if value]
        parts.sort(key=lambda part: -abs(part.odds))
        yield token, Decision(box, state, second, margin, () if second is None else tuple(parts))


def _divide(strip: Strip, state: int, candidates: Sequence[ColumnCandidate]) -> int | None:
    """Return how many of a line's pieces are its label's; None outside."""
    return None if state == OUTSIDE else len(candidates[state - 1].sides(strip)[0])


def list_near_ties(path: StatePath, decisions: Iterable[tuple[Observation, Decision]]) -> list[list[NearTie]]:
    """List for each page what was decided by little: one entry for neighbouring lines with the same two states."""
    found: list[list[NearTie]] = [[] for _ in path.pages]
    starts = [0.0, *(round(own.start, 1) for own in path.candidates)]
    last: tuple[int, Strip | None, int, int | None] | None = None
    for token, decision in decisions:
        ties, item = found[token.page], token.item
        if not isinstance(item, Strip) or not decision.is_near_tie:
            continue
        same = last == (token.page, item.before, decision.state, decision.second)
        last = (token.page, item, decision.state, decision.second)
        if same:
            tie = ties.pop()
            ties.append(tie.model_copy(update={"box": unite_boxes((tie.box, decision.box))[0]}))
            continue
        page = path.pages[token.page].body.page
        text = " ".join(make_text_line(page, line).text for line in group_lines(page, item.ids))
        rest = decision.margin - sum(part.odds for part in decision.evidence)
        parts = (*decision.evidence, Evidence("neighbours", rest))
        ties.append(
            NearTie(
                box=decision.box,
                text=text[:MOST_TEXT],
                columns=starts[decision.state] or None,
                second=starts[decision.second or OUTSIDE] or None,
                margin=round(decision.margin, 2),
                evidence=tuple((part.name, round(part.odds, 2)) for part in parts if round(part.odds, 2)),
            )
        )
    return found
