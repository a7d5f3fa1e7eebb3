"""What speaks for a line's being in the columns of a candidate.

Each evidence is a log-odds of the line's being a row's part against its being none.
"""

import math
from collections.abc import Sequence
from typing import Final

from pipeline.stages.segment.columns import INDENT, LEAST_BETWEEN, SAME_START, ColumnCandidate, find_midway_start
from pipeline.stages.segment.lines import COLUMN_GAP
from pipeline.stages.segment.page_analysis import Piece, Strip
from pipeline.stages.segment.region import SAME_COLUMN, TypeScale
from pipeline.stages.segment.tags import weigh_tags
from pipeline.text.markers import BULLET_GAP
from pipeline.text.weights import WEIGHTS as W

RARE_TYPE: Final = 0.1
"""Share of the labels below which a size or weight is none of theirs (`label_type`)."""


def weigh_line(
    strip: Strip, own: ColumnCandidate, scale: TypeScale, width: tuple[float, float, float]
) -> dict[str, float]:
    """Weigh whether a line is in the columns of a candidate.

    Args:
        strip: The line.
        own: The candidate.
        scale: The type of the document's text.
        width: Left and right edge of the document's text, and the width of its pages, points.

    Returns:
        The evidence by the names of weights, and `tags`; its sum is the log-odds.
    """
    left, behind = own.sides(strip)
    label = [p for p in left if p.text != ":"]
    tags = weigh_tags(label, behind)
    found = {"without_rules": own.ruled}
    if own.lines:
        found |= {"value_aligned": strip in own.lines, "crosses": strip not in own.lines}
    elif own.runs_in(strip) or own.meets(strip):
        found |= {"columns_meet": True, "value_aligned": True, "both": True}
    else:
        found |= {
            **_weigh_gap(strip, own, scale, label, behind, tagged=tags > 0),
            **(_weigh_label(strip, own, scale, label, beside=bool(behind)) if label else {}),
            **(_weigh_value(strip, own, behind, beside=bool(label)) if behind else {}),
            **(_weigh_label_alone(strip, own, scale, width[1]) if label and not behind else {}),
            "both": bool(label and behind),
            "value_only": bool(behind and not label),
            "begins_text": bool(label and behind) and own.ends_above_text(strip, scale),
            "colon": any(p.text == ":" and p.x0 < own.start + 1 for p in strip.pieces),
            "larger": _is_larger(strip, own, scale),
            # One alone may be as small as others are.
            "smaller": strip.size < W["smaller_type"] * scale.smallest
            and (bool(behind) or not label or 2 * own.labels.types[label[0].type] < own.labels.count),
            "wide_labels": own.boundary is None and tags <= 0 and _is_wide(own, width),
        }
    shown = {name: W[name] for name, holds in found.items() if holds}
    return shown | {"tags": tags} if tags else shown


def _weigh_gap(
    strip: Strip,
    own: ColumnCandidate,
    scale: TypeScale,
    label: Sequence[Piece],
    behind: Sequence[Piece],
    *,
    tagged: bool,
) -> dict[str, bool]:
    """Weigh the white space between label and value, or the text that runs over it."""
    if own.is_crossed(strip):
        first, reach = strip.pieces[0], max((p.x1 for p in own.sides(strip)[0]), default=-math.inf)
        whole = own.labels.is_aligned(strip.x0, strip.x0) and first.type in own.labels.types
        short = reach - own.left < W["wide_label"] * (own.start - own.left) or _is_above_value(strip, own, scale)
        return {"crosses_short": whole and short, "crosses": not (whole and short)}
    if tagged or own.boundary is not None or not label or not behind:
        return {}
    near = behind[0].x0 - label[-1].x1 < COLUMN_GAP * strip.size
    return {"narrow_gap": near and not strip.tight}


def _is_above_value(strip: Strip, own: ColumnCandidate, scale: TypeScale) -> bool:
    """Return whether a line is right above a value alone, which begins where values do."""
    lower = strip.after
    if lower is None or strip.below > W["far_gap"] * scale.leading:
        return False
    return len(lower.pieces) == 1 and abs(lower.x0 - own.start) <= SAME_START


def _weigh_label(
    strip: Strip, own: ColumnCandidate, scale: TypeScale, label: Sequence[Piece], *, beside: bool
) -> dict[str, bool]:
    """Weigh where a label is, and in what type; against its next line neither speaks."""
    aligned = own.labels.is_aligned(label[0].x0, max(p.x1 for p in label)) or (own.uneven and not beside)
    whole = beside or not _goes_on(strip, own, scale)
    return {
        "label_aligned": aligned,
        "label_off": whole and not aligned,
        "outdented": whole and label[0].x0 < own.left - SAME_COLUMN,
        "label_type": whole and own.labels.types[label[0].type] < RARE_TYPE * max(own.labels.count, 1),
    }


def _goes_on(strip: Strip, own: ColumnCandidate, scale: TypeScale) -> bool:
    """Return whether a label's line is another one's next, in the same bold type: it may begin farther to the left."""
    upper, first = strip.before or strip.leads, strip.pieces[0]
    if upper is None or strip.above > W["near_gap"] * scale.leading or not own.sides(upper)[0]:
        return False
    above = upper.pieces[0]
    return first.bold and first.type == above.type and not own.is_crossed(upper)


def _weigh_value(strip: Strip, own: ColumnCandidate, behind: Sequence[Piece], *, beside: bool) -> dict[str, bool]:
    """Weigh where a value begins, by itself or next to a label, and whether it is one text."""
    off, deepest = behind[0].x0 - own.start, (BULLET_GAP if beside else INDENT) * strip.size
    if own.end is not None and abs(behind[-1].x1 - own.end) <= SAME_START:
        off = 0.0
    return {
        "value_aligned": abs(off) <= SAME_START,
        "value_indented": SAME_START < off <= deepest,
        "value_off": off < -SAME_START or off > max(SAME_START, deepest),
        "more_columns": len(behind) > 1 and behind[1].x0 - behind[0].x1 > 2 * strip.size,
    }


def _weigh_label_alone(strip: Strip, own: ColumnCandidate, scale: TypeScale, right: float) -> dict[str, bool]:
    """Weigh what is around a line with a label alone; `right` is the right edge of the text, points."""
    x = find_midway_start(strip, scale) if own.between >= LEAST_BETWEEN else None
    picture = any(x0 >= own.start - SAME_START for x0 in strip.pictures)
    upper, near, far = strip.before, W["near_gap"] * scale.leading, W["far_label_gap"] * own.widest_gap(strip)
    ends = upper is not None and own.is_crossed(upper) and upper.size <= strip.size + 1 and strip.above <= near
    above_text = strip.after is not None and own.is_crossed(strip.after)
    # Larger type is no row's.
    below_title = upper is not None and upper.size > W["larger_type"] * scale.size
    alone = (strip.above > far or not strip.above or below_title) and (
        strip.below > far or not strip.below or above_text
    )
    return {
        "label_only": True,
        "between": x is not None and abs(x - own.start) <= SAME_START,
        "cell": not _is_larger(strip, own, scale) and all(own.is_bounded(edges, right) for edges in strip.edges),
        "picture": picture,
        "alone_at_foot": not picture and own.is_alone_at_foot(strip, scale),
        # Where white space alone shows the columns, how far its neighbours are.
        "ends_text": own.boundary is None and ends,
        "far_label": own.boundary is None and alone and max(strip.above, strip.below) > far,
    }


def _is_larger(strip: Strip, own: ColumnCandidate, scale: TypeScale) -> bool:
    """Return whether a line is larger than text and labels: these may be larger than the explanations below them."""
    return strip.size > W["larger_type"] * max(scale.size, own.labels.size)


def _is_wide(own: ColumnCandidate, width: tuple[float, float, float]) -> bool:
    """Return whether a label column is too wide for a table whose rows are not on areas of their own."""
    right = max(width[1], width[2] - width[0]) if 2 * own.between > own.labels.count else width[1]
    share = (own.start - width[0]) / max(right - width[0], 1.0)
    widest = W["widest_label_drawn"] if own.drawn else W["widest_label"]
    return not own.coloured and not own.apart and share > (min(widest, 1 - widest) if own.running else widest)
