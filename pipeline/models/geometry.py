"""Boxes in PDF points, the origin at the page's top left (the contract's coordinate system)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from pydantic import BaseModel, ConfigDict


class Closed:
    """Base of a dataclass inside a model: closed to keys that it does not know, as `Frozen` is."""

    __slots__ = ()
    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")


class Frozen(BaseModel):
    """Base of every artefact: immutable, and closed to keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Box(Closed):
    """A rectangle on one page.

    A dataclass rather than a model: an edition has one for each line, paragraph and cell, and a model's object takes
    three times as much.

    Attributes:
        page: 1-based page number.
        x0: Left edge in points from the page's left edge.
        top: Upper edge in points from the page's top edge.
        x1: Right edge in points.
        bottom: Lower edge in points.
    """

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


def unite_boxes(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Unite boxes into the smallest box around them, one per page.

    Args:
        boxes: Boxes in any order.

    Returns:
        One box per page, in page order; coordinates rounded to 0.01 pt.
    """
    per_page: dict[int, list[Box]] = {}
    for box in boxes:
        per_page.setdefault(box.page, []).append(box)
    return tuple(
        Box(
            page=page,
            x0=round(min(box.x0 for box in group), 2),
            top=round(min(box.top for box in group), 2),
            x1=round(max(box.x1 for box in group), 2),
            bottom=round(max(box.bottom for box in group), 2),
        )
        for page, group in sorted(per_page.items())
    )
