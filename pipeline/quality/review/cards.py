"""What the review page shows, as plain values: `View` and what it is made of; the templates put it into words."""

from typing import Final, Literal

from pydantic import Field, JsonValue

from pipeline.issues import Status
from pipeline.models.edition import Counts
from pipeline.models.geometry import Box, Frozen
from pipeline.models.practice import Edition, FieldValue, Place, Practice, Unmapped
from pipeline.quality.word_diff import WordRun
from pipeline.render.images import PagePicture

MARK_MARGIN_POINTS: Final = 1.5
"""By how much a mark is larger than its box on each side: the boxes touch the letters."""

FilterName = Literal["look", "difference", "error", "warning", "evidence", "residue", "note", "all"]
CardKind = Literal["field", "absent", "unmapped", "heading", "residue", "edition"]
ReasonKind = Literal["difference", "error", "residue", "warning", "evidence", "note"]
MarkKind = Literal["label", "value", "issue", "residue"]


class Reason(Frozen):
    """One reason to look at a card.

    Attributes:
        kind: What sort of reason it is.
        title: What is the matter, in few words.
        message: One or more sentences that end with what to do.
        code: The issue's code, where it is one, or `WEAK_TABLE`.
        evidence: What speaks for it.
        text: Beginning of the text concerned, where that is not the card's own.
        sides: The golden's side and the extracted side of a difference.
    """

    kind: ReasonKind
    title: str
    message: str = ""
    code: str | None = None
    evidence: tuple[str, ...] = ()
    text: str | None = None
    sides: tuple[tuple[WordRun, ...], tuple[WordRun, ...]] | None = None


class BoxMark(Frozen):
    """A box on a page.

    Attributes:
        id: Unique on the page.
        page: 1-based page number.
        kind: What is there.
        cards: Ids of the cards that it belongs to; several where a cell answers several fields.
        names: Their names, for people.
        hues: A hue per card, degrees; empty for what has no field.
        x0: Left edge in points.
        top: Upper edge in points.
        width: Width in points.
        height: Height in points.
        level: How far above others it lies: a smaller mark above a larger, so that it can be chosen.
    """

    id: str
    page: int
    kind: MarkKind
    cards: tuple[str, ...]
    names: tuple[str, ...]
    hues: tuple[int, ...]
    x0: float
    top: float
    width: float
    height: float
    level: int = 1


class ReviewCard(Frozen):
    """One thing on the right-hand side: a field, a row without one, a heading, residue or what concerns the edition.

    Attributes:
        id: Unique on the page; also its address (`#bg-1.period`).
        kind: What it is.
        name: The field's name, or what is shown in its place.
        hue: The field's hue in degrees; None where there is no field.
        value: The field, or the row without one; None for other cards.
        label: The label as printed.
        text: The text, paragraphs and list items separated by line feeds.
        plain: The JSON as in the output file; empty where the card shows none.
        parts: Keys of `plain` that are shown one by one.
        same_label: Ids of all cards of rows without a field that have this one's label, where there are several; all
            but the first are folded.
        facts: How it was found.
        reasons: Why to look at it, the gravest first.
        pages: Pages that it touches.
        marks: Ids of its marks, in reading order.
        filters: The filters that show it.
    """

    id: str
    kind: CardKind
    name: str
    hue: int | None = None
    value: FieldValue | Unmapped | None = None
    label: str | None = None
    text: str = ""
    plain: dict[str, JsonValue] = Field(default_factory=dict)
    parts: tuple[str, ...] = ()
    same_label: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    pages: tuple[int, ...] = ()
    marks: tuple[str, ...] = ()
    filters: tuple[FilterName, ...] = ()

    @property
    def folded(self) -> bool:
        """True where an earlier card shows the same label."""
        return self.id in self.same_label[1:]


class Section(Frozen):
    """A practice (None for what belongs to none) with its cards."""

    id: str
    practice: Practice | None
    cards: tuple[ReviewCard, ...]


class MarkedPage(Frozen):
    """A page with its marks in reading order."""

    picture: PagePicture
    marks: tuple[BoxMark, ...]


class View(Frozen):
    """All that the review page shows.

    Attributes:
        edition: The edition.
        status: As in the report.
        counts: The report's numbers.
        compared: True where there are goldens to compare with.
        filters: How many cards each filter shows, in the order in which they are offered.
        chosen: The filter that the page opens with.
        sections: In document order.
        pages: The pages.
    """

    edition: Edition
    status: Status
    counts: Counts
    compared: bool
    filters: dict[FilterName, int]
    chosen: FilterName
    sections: tuple[Section, ...]
    pages: tuple[MarkedPage, ...]


class Marks:
    """Collects marks; boxes at one place that are of one kind become one mark of several cards."""

    def __init__(self) -> None:
        """Begin without marks."""
        self._by_place: dict[tuple[object, ...], BoxMark] = {}

    def add(self, kind: MarkKind, box: Box | Place, card: str, name: str, hue: int | None = None) -> str:
        """Add a box of a card.

        Args:
            kind: What is there.
            box: The place, in points.
            card: The card's id.
            name: The card's name.
            hue: The card's hue.

        Returns:
            The mark's id.
        """
        page, x0, top, x1, bottom = box.page, box.x0, box.top, box.x1, box.bottom
        key = (kind, page, x0, top, x1, bottom)
        hues = () if hue is None else (hue,)
        known = self._by_place.get(key) or BoxMark(
            id=f"mark-{len(self._by_place) + 1}",
            page=page,
            kind=kind,
            cards=(),
            names=(),
            hues=(),
            x0=x0 - MARK_MARGIN_POINTS,
            top=top - MARK_MARGIN_POINTS,
            width=max(x1 - x0, 0) + 2 * MARK_MARGIN_POINTS,
            height=max(bottom - top, 0) + 2 * MARK_MARGIN_POINTS,
        )
        if card not in known.cards:
            more = {"cards": (*known.cards, card), "names": (*known.names, name), "hues": (*known.hues, *hues)}
            known = known.model_copy(update=more)
        self._by_place[key] = known
        return known.id

    def on_page(self, page: int) -> tuple[BoxMark, ...]:
        """A page's marks in reading order."""
        found = [mark for mark in self._by_place.values() if mark.page == page]
        found.sort(key=lambda mark: -mark.width * mark.height)
        levelled = [mark.model_copy(update={"level": level}) for level, mark in enumerate(found, start=1)]
        return tuple(sorted(levelled, key=lambda mark: (mark.top, mark.x0)))
