"""Which lines are in which columns: the states of all lines by one path of least cost.

The lines of all pages, one after the other, with one token for each table that edges show, are given states: outside,
or in the columns of a candidate. A path pays for each table that it begins.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pipeline.stages.segment.columns import LEAST_SHOWN, ColumnCandidate
from pipeline.stages.segment.evidence import weigh_line
from pipeline.stages.segment.page_analysis import Block, PageBody, PageTokens, Strip, measure_gap
from pipeline.stages.segment.region import SAME_COLUMN, TypeScale
from pipeline.stages.segment.scale import measure_scale
from pipeline.text.weights import WEIGHTS as W

OUTSIDE: Final = 0
"""The state of lines in no columns; others are numbers of candidates, from one."""


class Observation(NamedTuple):
    """A line, or a table that edges show, with the number of its page and the frame that it is in."""

    page: int
    item: Strip | Block
    frame: Block | None


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


class StatePath:
    """The states of all lines: the path of least cost over all pages.

    Attributes:
        pages: The pages.
        candidates: The candidates.
        scale: The type of the document's text.
        tokens: The lines and blocks of all pages, in reading order.
        steps: What each step pays and gains.
        odds: For each token and each state, the log-odds of the best path in which the token has the state.
        states: For each token the number of its candidate, from one, or `OUTSIDE`.
    """

    def __init__(
        self,
        pages: Sequence[PageTokens],
        candidates: Sequence[ColumnCandidate],
        scale: TypeScale,
    ) -> None:
        self.pages, self.candidates, self.scale = pages, candidates, scale
        self.tokens = list(_list_tokens(pages))
        self.steps = self._list_steps()
        self.odds = weigh_states(self.steps)
        self.states: list[int] = []
        for own in reversed(self.odds):
            # Of states as good as each other, the next line's.
            after = self.states[-1] if self.states else OUTSIDE
            self.states.append(max(range(len(own)), key=lambda state: (round(own[state], 2), state == after)))
        self.states.reverse()

    def _list_steps(self) -> list[Step]:
        pages, candidates, scale = self.pages, self.candidates, self.scale
        bodies = [page.body for page in pages]
        aside = [{index for _, ids in page.left_out for index in ids} for page in pages]
        text = [line for body, out in zip(bodies, aside, strict=True) for line in body.lines if line.ids[0] not in out]
        # Rows may be wider than their text.
        across = [(edge, W["long_edge"] * body.page.width) for body in bodies for edge in body.edges.horizontal]
        long = [edge.end for edge, least in across if edge.end - edge.start > least]
        width = (
            min((line.x0 for line in text), default=0.0),
            max([0.0, *(line.x1 for line in text), *long]),
            max(body.page.width for body in bodies),
        )
        ends = {
            n: (min(line.x0 for line in body.lines), max([body.end, *(line.x1 for line in body.lines)]))
            for n, body in enumerate(bodies)
            if body.end is not None and body.lines
        }
        smallest = [scale.smallest if body.end is None else measure_scale([body]).smallest for body in bodies]
        entry = [0.0, *(-_entry_cost(own) for own in candidates)]
        steps: list[Step] = []
        for before, token in zip([None, *self.tokens], self.tokens, strict=False):
            item, (gap, leave) = token.item, _gap_costs(bodies, before, token, scale)
            around = ends.get(token.page)
            if token.frame is not None:
                around = token.frame.x0, token.frame.x1
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


def _list_tokens(pages: Sequence[PageTokens]) -> Iterator[Observation]:
    """List the lines and tables of all pages in reading order."""
    for number, page in enumerate(pages):
        frames = [block for block in reversed(page.blocks) if block.columns == 1]
        for item in page.items:
            around = (block for block in frames if block.top <= item.middle <= block.bottom)
            yield Observation(number, item, max(around, key=lambda block: block.top, default=None))


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


def _state_of(block: Block, candidates: Sequence[ColumnCandidate]) -> int:
    for state, own in enumerate(candidates, 1):
        both = block.boundary is not None and own.boundary is not None
        if both and abs((own.boundary or 0.0) - (block.boundary or 0.0)) <= SAME_COLUMN:
            return state
    return OUTSIDE


def _entry_cost(own: ColumnCandidate) -> float:
    if own.boundary is not None:
        return W["enter"] - W["enter_known"]
    # One label next to a value and one between two lines show two places of labels by one line each.
    mixed = W["enter_mixed"] if max(own.between, own.labels.count - own.between) < LEAST_SHOWN else 0.0
    return W["enter"] + mixed - min(W["enter_known"], W["enter_support"] * max(own.labels.count - 2, 0))


def _gap_costs(
    bodies: Sequence[PageBody], before: Observation | None, token: Observation, scale: TypeScale
) -> tuple[float, float]:
    """Return what it costs to stay in a table from one line to the next, and to leave it."""
    if before is None:
        return W["leave"], 0.0
    if before.page != token.page:
        # Pages without text between two pages hold a picture.
        return 0.0, W["leave"]
    if before.frame is not token.frame:
        return W["frame"], 0.0
    gap = measure_gap(bodies[token.page], before.item, token.item)
    if gap > W["far_gap"] * scale.leading:
        return W["far"], 0.0
    distance = token.item.bottom - before.item.bottom
    return -W["near"] if distance <= W["near_gap"] * scale.leading else 0.0, W["leave"]
