"""Which lines are in which columns: the states of all lines by one path of least cost.

The lines of all pages, one after the other, with one token for each table that edges show, are given states: outside,
or in the columns of a candidate. A path pays for each table that it begins.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from pipeline.stages.segment.columns import LEAST_SHOWN, Candidate, weigh_line
from pipeline.stages.segment.leaf import Block, Leaf, Strip, make_strips, measure_gap
from pipeline.stages.segment.region import SAME_COLUMN, TypeScale
from pipeline.stages.segment.scale import measure_scale
from pipeline.text.weights import WEIGHTS as W

NO_FRAME = -1
"""The frame of lines in none; others are numbers of their page's frames."""
OUTSIDE = 0
"""The state of lines in no columns; others are numbers of candidates, from one."""


class Token(NamedTuple):
    """A line, or a table that edges show, with its page."""

    page: int
    item: Strip | Block
    frame: int


class Step(NamedTuple):
    """What a path pays and gains from one token to the next, log-odds.

    Attributes:
        out: For each state, what it gains to be outside at this token, having been in the state.
        stay: For each state, what it gains to stay in it.
        enter: For each state, what it gains to begin it, having been outside.
        lines: For each state, what the token itself speaks for it.
        reach: Left and right edge of the text around it, and the width of the pages, points (`weigh_line`).
    """

    out: list[float]
    stay: list[float]
    enter: list[float]
    lines: list[float]
    reach: tuple[float, float, float] = (0.0, 0.0, 0.0)


class Path:
    """The states of all lines: the path of least cost over all pages.

    Attributes:
        leaves: The pages.
        candidates: The candidates.
        scale: The type of the document's text.
        tokens: The lines and blocks of all pages, in reading order.
        steps: What each step pays and gains.
        odds: For each token and each state, the log-odds of the best path in which the token has the state.
        states: For each token the number of its candidate, from one, or `OUTSIDE`.
    """

    def __init__(
        self,
        leaves: Sequence[Leaf],
        strips: Sequence[Sequence[Strip]],
        candidates: Sequence[Candidate],
        scale: TypeScale,
    ) -> None:
        """Decide them, from the pages and for each page its lines outside the blocks."""
        self.leaves, self.candidates, self.scale = leaves, candidates, scale
        self.tokens = _list_tokens(leaves, strips)
        self.steps = self._list_steps()
        self.odds = weigh_states(self.steps)
        self.states: list[int] = []
        for own in reversed(self.odds):
            # Of states as good as each other, the next line's.
            after = self.states[-1] if self.states else OUTSIDE
            self.states.append(max(range(len(own)), key=lambda state: (round(own[state], 2), state == after)))
        self.states.reverse()

    def _list_steps(self) -> list[Step]:
        leaves, candidates, scale = self.leaves, self.candidates, self.scale
        aside = [{index for ids in leaf.aside.values() for index in ids} for leaf in leaves]
        body = [line for leaf, out in zip(leaves, aside, strict=True) for line in leaf.body() if line.ids[0] not in out]
        # Rows may be wider than their text.
        across = [(edge, W["long_edge"] * leaf.page.width) for leaf in leaves for edge in leaf.edges.horizontal]
        long = [edge.end for edge, least in across if edge.end - edge.start > least]
        width = (
            min((line.x0 for line in body), default=0.0),
            max([0.0, *(line.x1 for line in body), *long]),
            max(leaf.page.width for leaf in leaves),
        )
        parts = {n: leaf.body() for n, leaf in enumerate(leaves) if leaf.divided}
        ends = {
            n: (min(line.x0 for line in own), max([leaves[n].end, *(line.x1 for line in own)]))
            for n, own in parts.items()
            if own
        }
        smallest = [measure_scale([leaf]).smallest if leaf.divided else scale.smallest for leaf in leaves]
        entry = [0.0, *(-_entry_cost(own) for own in candidates)]
        steps: list[Step] = []
        for before, token in zip([None, *self.tokens], self.tokens, strict=False):
            item, (gap, leave) = token.item, _gap_costs(leaves, before, token, scale)
            around = ends.get(token.page)
            if token.frame != NO_FRAME:
                frame = leaves[token.page].frames[token.frame]
                around = frame.x0, frame.x1
            reach = width if around is None else (*around, sum(around))
            out = [0.0] + [-leave] * len(candidates)
            stay = [0.0, *(0.0 if gap > 0 and own.is_pitch(item) else -gap for own in candidates)]
            if isinstance(item, Block):
                # Edges show its state; it costs nothing to begin it.
                forced, enter = _state_of(item, candidates), [0.0] * len(entry)
                lines = [0.0 if state == forced else -math.inf for state in range(len(entry))]
            else:
                type_ = scale._replace(smallest=min(scale.smallest, smallest[token.page]))
                weighed = (weigh_line(item, own, type_, reach) for own in candidates)
                enter, lines = entry, [0.0, *(sum(own.values()) for own in weighed)]
            steps.append(Step(out, stay, enter, lines, reach))
        return steps


def _list_tokens(leaves: Sequence[Leaf], strips: Sequence[Sequence[Strip]]) -> list[Token]:
    """List the lines and blocks of all pages in reading order, each page's last line with the first of the next."""
    tokens: list[Token] = []
    for page, leaf in enumerate(leaves):
        frames = list(enumerate(leaf.frames))
        items: list[Strip | Block] = [*strips[page], *(block for block in leaf.blocks if block.columns > 1)]
        for item in sorted(items, key=lambda item: (item.top, item.x0)):
            around = [(block.top, n) for n, block in frames if block.top <= item.middle <= block.bottom]
            tokens.append(Token(page, item, max(around, default=(0.0, NO_FRAME))[1]))
    for last, first in pairwise(tokens):
        if last.page != first.page and isinstance(last.item, Strip):
            item = first.item
            if isinstance(item, Block):
                inside = [p for pieces in leaves[first.page].pieces for p in pieces if item.holds(p)]
                last.item.follows = next(iter(make_strips(inside)), None)
            else:
                last.item.follows, item.leads = item, last.item
    return tokens


def weigh_states(steps: Sequence[Step]) -> list[list[float]]:
    """Give, for each token and each state, the log-odds of the best path in which the token has the state."""
    if not steps:
        return []
    states = range(len(steps[0].out))
    before = [0.0] + [-math.inf] * (len(states) - 1)
    reached: list[list[float]] = []
    for step in steps:
        out = max(map(sum, zip(before, step.out, strict=True)))
        before = [
            max(before[n] + step.stay[n] if n else -math.inf, out + step.enter[n]) + step.lines[n] for n in states
        ]
        reached.append(before)
    behind = [0.0] * len(states)
    for place in reversed(range(len(steps))):
        reached[place] = [one + other for one, other in zip(reached[place], behind, strict=True)]
        step = steps[place]
        ends = [line + rest for line, rest in zip(step.lines, behind, strict=True)]
        fresh = max(map(sum, zip(step.enter, ends, strict=True)))
        behind = [max(step.out[n] + fresh, step.stay[n] + ends[n] if n else -math.inf) for n in states]
    return reached


def _state_of(block: Block, candidates: Sequence[Candidate]) -> int:
    for state, own in enumerate(candidates, 1):
        both = block.boundary is not None and own.boundary is not None
        if both and abs((own.boundary or 0.0) - (block.boundary or 0.0)) <= SAME_COLUMN:
            return state
    return OUTSIDE


def _entry_cost(own: Candidate) -> float:
    if own.boundary is not None:
        return W["enter"] - W["enter_known"]
    # One label next to a value and one between two lines show two places of labels by one line each.
    mixed = W["enter_mixed"] if max(own.between, own.support - own.between) < LEAST_SHOWN else 0.0
    return W["enter"] + mixed - min(W["enter_known"], W["enter_support"] * max(own.support - 2, 0))


def _gap_costs(leaves: Sequence[Leaf], before: Token | None, token: Token, scale: TypeScale) -> tuple[float, float]:
    """Return what it costs to stay in a table from one line to the next, and to leave it."""
    if before is None:
        return W["leave"], 0.0
    if before.page != token.page:
        # Pages without text between two pages hold a picture.
        return 0.0, W["leave"]
    if before.frame != token.frame:
        return W["frame"], 0.0
    gap = measure_gap(leaves[token.page], before.item, token.item)
    if gap > W["far_gap"] * scale.leading:
        return W["far"], 0.0
    distance = token.item.bottom - before.item.bottom
    return -W["near"] if distance <= W["near_gap"] * scale.leading else 0.0, W["leave"]
