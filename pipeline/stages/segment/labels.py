"""What the labels of one column have in common: where they are, and in which types."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from pipeline.stages.segment.page_analysis import Piece
from pipeline.text.weights import WEIGHTS as W


class Labels:
    """What labels of one column have in common.

    Attributes:
        count: How many they are.
        edges: How often they begin, end and have their middle at an x, rounded to points.
        types: How many are set in a size, and bold or not.
        texts: Their texts.
        size: Font size of most, points; 0 without any.
        left: x at which the leftmost begin, points; one by itself may be no row's. None without any.
        bold: Whether most are bold.
    """

    def __init__(self, labels: Sequence[Sequence[Piece]]) -> None:
        """Take the pieces of each."""
        self.count = len(labels)
        extents = [(own[0].x0, max(p.x1 for p in own if p.text != ":" or len(own) == 1)) for own in labels]
        starts = Counter(round(x0) for x0, _ in extents)
        ends = Counter(round(x1) for _, x1 in extents)
        middles = Counter(round((x0 + x1) / 2) for x0, x1 in extents)
        self.edges = starts, ends, middles
        self.types = Counter(own[0].type for own in labels)
        self.texts = {p.text for own in labels for p in own}
        self.size = max(self.types, key=self.types.__getitem__, default=(0.0, False))[0]
        # Labels set to the right or centred begin at many x.
        many = max((*ends.values(), *middles.values()), default=0) > max(starts.values(), default=0)
        least = 0.0 if many else W["left_share"] * self.count
        self.left = min([x for x in starts if starts[x] >= least], default=min(starts, default=None))
        self.bold = 2 * sum(count for (_, bold), count in self.types.items() if bold) > self.count

    def is_aligned(self, x0: float, x1: float) -> bool:
        """Return whether a line begins, ends or has its middle where others do."""
        least = max(2, W["aligned_share"] * max(self.count, 1))
        for counts, x in zip(self.edges, (x0, x1, (x0 + x1) / 2), strict=True):
            at = round(x)
            if counts[at - 1] + counts[at] + counts[at + 1] >= least:
                return True
        return False


NO_LABELS: Final = Labels(())
