"""What the table model decided and why, for those who look at it: kept only where it is asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pipeline.models.geometry import Box
from pipeline.models.row import Row
from pipeline.stages.segment.columns import Candidate, Evidence
from pipeline.stages.segment.leaf import Block, Leaf
from pipeline.stages.segment.states import OUTSIDE, Step, Token, weigh_states


class Decision(NamedTuple):
    """The state that a line was given, or a table that edges show.

    Attributes:
        box: Where it stands.
        state: Number of its candidate, from one; 0 outside.
        second: The next best state; None where edges show the state, or there is no other.
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


class Columns(NamedTuple):
    """A candidate: x of its values and of its boundary (points), its lines of both, and whether edges show it."""

    start: float
    split: float
    support: int
    drawn: bool


class Line(NamedTuple):
    """An edge from one point to another, points."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass
class Trace:
    """The model's decisions on a document.

    Attributes:
        candidates: The columns that competed; states are their numbers, from one.
        edges: For each page its visible edges.
        decisions: The lines and drawn tables, in reading order.
        breaks: By page, how sure it is that its first row goes on from the page before (0 to 1).
        steps: What the steps pay and gain, until the decisions are taken.
    """

    candidates: list[Columns] = field(default_factory=list)
    edges: list[list[Line]] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    breaks: dict[int, float] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)

    def take(
        self,
        leaves: Sequence[Leaf],
        tokens: Sequence[Token],
        states: Sequence[int],
        candidates: Sequence[Candidate],
    ) -> None:
        """Take the decisions of the steps that led to states."""
        self.candidates += [Columns(own.start, own.split, own.support, own.boundary is not None) for own in candidates]
        self.edges += [
            [
                *(Line(edge.at, edge.start, edge.at, edge.end) for edge in leaf.edges.vertical),
                *(Line(edge.start, edge.at, edge.end, edge.at) for edge in leaf.edges.horizontal),
            ]
            for leaf in leaves
        ]
        for token, state, step, odds in zip(tokens, states, self.steps, weigh_states(self.steps), strict=True):
            item = token.item
            box = Box(page=leaves[token.page].page.number, x0=item.x0, top=item.top, x1=item.x1, bottom=item.bottom)
            others = [n for n in range(len(odds)) if n != state and odds[n] > -math.inf]
            second = None if isinstance(item, Block) else max(others, key=lambda n: odds[n], default=None)
            self.decisions.append(
                Decision(
                    box,
                    state,
                    second,
                    math.inf if second is None else odds[state] - odds[second],
                    () if second is None else _compare(step, state, second),
                )
            )
        self.steps.clear()

    def find(self, row: Row) -> list[Decision]:
        """Find the decisions on a row's lines, or on the drawn table that it stands in."""
        lines = [line.box for part in row.fragments for line in (*part.label_lines, *part.value_lines)]
        return [one for one in self.decisions if any(_holds(one.box, line) for line in lines)]


def _holds(box: Box, line: Box) -> bool:
    """Return whether the middle of a line is inside a box."""
    x, y = (line.x0 + line.x1) / 2, (line.top + line.bottom) / 2
    return box.page == line.page and box.x0 <= x <= box.x1 and box.top <= y <= box.bottom


def _compare(step: Step, state: int, second: int) -> tuple[Evidence, ...]:
    odds: dict[str, float] = {}
    for own, sign in ((state, 1), (second, -1)):
        for name, value in step.evidence[own - 1] if own != OUTSIDE else ():
            odds[name] = odds.get(name, 0.0) + sign * value
    parts = [Evidence(name, value) for name, value in odds.items() if value]
    return tuple(sorted(parts, key=lambda part: -abs(part.odds)))
