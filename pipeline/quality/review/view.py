"""Gathers what the review page shows: `ValidatedEdition`, pictures and differences → `View`.

Each issue, difference and piece of residue ends on exactly one card, and each card knows its marks on the pages.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, get_args

from pipeline.lexicon.label_index import fold_label
from pipeline.models.edition import Report, ValidatedEdition
from pipeline.models.geometry import Box
from pipeline.models.practice import FIELDS, PARTS, FieldValue, Practice, Unmapped, boxes_of
from pipeline.models.report import Issue
from pipeline.quality.accuracy.compare import LeafDifference
from pipeline.quality.accuracy.golden import EXTRA
from pipeline.quality.accuracy.leaves import WHOLE
from pipeline.quality.review.cards import FilterName, MarkedPage, Marks, Reason, ReasonKind, ReviewCard, Section, View
from pipeline.quality.review.evidence import Finding, Key, find_evidence
from pipeline.quality.word_diff import as_text, compare_texts
from pipeline.render.images import PagePicture
from pipeline.text.wording import count

HUE_FIRST: Final = 55
HUE_SPAN: Final = 290
"""Hues (degrees) that the fields share; those around red are left to errors and residue."""
HUE_STEP: Final = 0.381966
"""The golden section: neighbours in the contract's order get hues that are far apart."""
NEAR_TIE: Final = "near_tie"
"""An issue that belongs to the row whose lines it is about, though it was found before there were practices."""
WEAK_MATCH_CODES: Final = frozenset(
    {"label_slip", "draft_label", "draft_extra", "worded_label", "recognised_label", "weak_table_evidence", NEAR_TIE}
)
"""Issues that say that a label or a table was found by weak evidence."""
WEAK_TABLE: Final = "weak_table"
"""What marks a doubt that a table's rows share: the table itself is to be looked at, and the report names it."""
UNMAPPED: Final = "row without a field"
_NO_FIELD: Final = Reason(
    kind="error", title="No field", message="No field answers to this label; add it to the lexicon."
)


def build_view(
    edition: ValidatedEdition,
    pictures: Sequence[PagePicture],
    differences: Sequence[LeafDifference] | None,
    missing_goldens: Iterable[str] = (),
) -> View:
    """Gather what the review page shows.

    Args:
        edition: The edition's practices and report.
        pictures: Its pages.
        differences: Where it differs from its goldens; None where it has none.
        missing_goldens: Practices that have no golden though others have one.

    Returns:
        The view.
    """
    report = edition.report
    gathered = _Cards(report)
    practices = {practice.id: practice for practice in edition.practices}
    for practice_id in missing_goldens:
        reason = Reason(kind="difference", title="No golden: nothing was compared")
        gathered.reasons[_address(practice_id)].append(reason)
    for difference in differences or ():
        practice = practices.get(difference.practice)
        address = "" if practice is None else _address_named(practice, difference.field.removeprefix(EXTRA))
        gathered.reasons[address].append(_explain(difference))
    for issue in report.issues:
        practice = practices.get(issue.practice or "")
        row = _find_row(edition.practices, issue.box) if issue.code == NEAR_TIE and issue.box else ""
        gathered.issues[row if practice is None else _find_address(practice, issue)].append(issue)
    sections = [Section(id="edition", practice=None, cards=tuple(gathered.edition_cards()))]
    sections += [
        Section(id=practice.id, practice=practice, cards=tuple(gathered.practice_cards(practice)))
        for practice in edition.practices
    ]
    sections = _find_same_labels([section for section in sections if section.cards])
    cards = [card for section in sections for card in section.cards]
    names: tuple[FilterName, ...] = get_args(FilterName)
    filters = {name: sum(name in card.filters for card in cards) for name in names}
    return View(
        edition=edition.edition,
        status=report.status,
        counts=report.counts,
        compared=differences is not None,
        filters=filters,
        chosen="look" if filters["look"] else "all",
        sections=tuple(sections),
        pages=tuple(MarkedPage(picture=each, marks=gathered.marks.on_page(each.number)) for each in pictures),
    )


def _find_same_labels(sections: Sequence[Section]) -> list[Section]:
    """Bring rows without a field together that have one label: one entry of the lexicon maps them all."""
    alike: dict[str, list[str]] = {}
    for card in (card for section in sections for card in section.cards if card.kind == "unmapped"):
        alike.setdefault(fold_label(card.label or ""), []).append(card.id)

    def group(card: ReviewCard) -> ReviewCard:
        same = alike.get(fold_label(card.label or ""), []) if card.kind == "unmapped" else []
        return card.model_copy(update={"same_label": tuple(same)}) if len(same) > 1 else card

    return [section.model_copy(update={"cards": tuple(map(group, section.cards))}) for section in sections]


def field_hue(name: str) -> int:
    """A field's hue in degrees: the same on every page, far from its neighbours' and from red."""
    return round(HUE_FIRST + (FIELDS.index(name) * HUE_STEP % 1) * HUE_SPAN)


class _Cards:
    """Makes the cards from what is gathered for each address; "" is that of what concerns the edition as a whole.

    Attributes:
        marks: The boxes on the pages.
        issues: By address, the report's issues.
        reasons: By address, the other reasons to look.
    """

    def __init__(self, report: Report) -> None:
        self.marks = Marks()
        self.issues: dict[str, list[Issue]] = defaultdict(list)
        self.reasons: dict[str, list[Reason]] = defaultdict(list)
        self._report = report

    def practice_cards(self, practice: Practice) -> Iterator[ReviewCard]:
        """A practice's cards: its heading, every field, and the rows of none, known or not."""
        findings = find_evidence(practice, self._report)
        plain = practice.model_dump(mode="json")
        own = {key: plain[key] for key in ("id", "heading", "countries", "title", "pages")}
        parts = ("id", "countries", "title", "pages")
        shown = {"text": practice.heading, "pages": practice.pages[:1], "plain": own, "parts": parts}
        yield self._finish(ReviewCard(id=_address(practice.id), kind="heading", name="heading", **shown))
        for name in FIELDS:
            address, value = _address(practice.id, name), getattr(practice.fields, name)
            card = ReviewCard(id=address, kind="absent", name=name, hue=field_hue(name))
            yield self._finish(card, value, plain["fields"][name], findings.get(name))
        for name, value in practice.extra.items():
            card = ReviewCard(id=_address_named(practice, name), kind="field", name=name)
            yield self._finish(card, value, plain["extra"][name], findings[name])
        for place, row in enumerate(practice.unmapped):
            card = ReviewCard(id=_address(practice.id, place), kind="unmapped", name=UNMAPPED)
            if card.id not in self.issues:
                # The row itself is a reason to look, even where a report of another version says nothing of it.
                self.reasons[card.id].append(_NO_FIELD)
            yield self._finish(card, row, plain["unmapped"][place], findings[place])

    def edition_cards(self) -> Iterator[ReviewCard]:
        """The cards of what is outside the practices: residue, and what concerns the edition as a whole.

        The report says the same of a piece of residue twice, as an entry and as an issue: one card holds both.
        """
        rest = self.issues.pop("", [])
        for number, left in enumerate(self._report.residue, start=1):
            address = f"residue.{number}"
            same = [issue for issue in rest if issue.code == "residue" and issue.box == left.box]
            rest = [issue for issue in rest if issue not in same]
            found = count(left.glyphs, "glyph is", "glyphs are")
            message = f"{found} in no row, heading or margin ({left.reason.replace('_', ' ')})."
            self.reasons[address].append(Reason(kind="residue", title="Text without a place", message=message))
            self.issues[address] += same
            shown = {"text": left.text, "pages": (left.box.page,)}
            marks = (self.marks.add("residue", left.box, address, "residue"),)
            yield self._finish(ReviewCard(id=address, kind="residue", name="residue", marks=marks, **shown))
        for number, issue in enumerate(rest, start=1):
            address, pages = f"edition.{number}", () if issue.page is None else (issue.page,)
            self.issues[address].append(issue)
            name = _words(issue.code)
            yield self._finish(ReviewCard(id=address, kind="edition", name=name, label=issue.label, pages=pages))
        if "" in self.reasons:
            self.reasons["edition.differences"] = self.reasons.pop("")
            yield self._finish(ReviewCard(id="edition.differences", kind="edition", name="practices"))

    def _finish(
        self,
        card: ReviewCard,
        value: FieldValue | Unmapped | None = None,
        plain: dict[str, Any] | None = None,
        finding: Finding | None = None,
    ) -> ReviewCard:
        """Complete a card with what is in its row, its reasons and, by them, its filters."""
        issues = self.issues.get(card.id, [])
        own_text = card.kind != "edition"
        reasons = [*self.reasons.get(card.id, []), *(_explain_issue(issue, own_text=own_text) for issue in issues)]
        changes: dict[str, Any] = {}
        if value is not None and plain is not None and finding is not None:
            reasons += _explain_doubts(finding)
            values = [self.marks.add("value", box, card.id, card.name, card.hue) for box in value.value_boxes]
            labels = [self.marks.add("label", box, card.id, card.name, card.hue) for box in value.label_boxes]
            changes = {
                "kind": "field" if card.kind == "absent" else card.kind,
                "value": value,
                "label": value.label,
                "text": value.text,
                "plain": plain,
                "parts": PARTS.get(card.name, ()),
                "facts": finding.facts,
                "pages": tuple(sorted({box.page for box in boxes_of(value)})),
                "marks": (*values, *labels),
            }
        elif card.kind in {"heading", "edition"}:
            boxes = [(issue.box, _words(issue.code)) for issue in issues if issue.box is not None]
            changes["marks"] = tuple(self.marks.add("issue", box, card.id, name) for box, name in boxes)
        order: tuple[ReasonKind, ...] = get_args(ReasonKind)
        reasons.sort(key=lambda reason: order.index(reason.kind))
        return card.model_copy(update={**changes, "reasons": tuple(reasons), "filters": _find_filters(reasons)})


def _find_filters(reasons: Sequence[Reason]) -> tuple[FilterName, ...]:
    """The filters that show a card, by its reasons."""
    names: set[FilterName] = {"all", *(reason.kind for reason in reasons)}
    if any(reason.code in WEAK_MATCH_CODES for reason in reasons):
        names.add("evidence")
    of_this_card = any(reason.kind == "evidence" and reason.code != WEAK_TABLE for reason in reasons)
    if names & {"difference", "error", "warning", "residue"} or of_this_card:
        names.add("look")
    order: tuple[FilterName, ...] = get_args(FilterName)
    return tuple(name for name in order if name in names)


def _find_address(practice: Practice, issue: Issue) -> str:
    """Find an issue's card in its practice.

    The field of an issue on an unknown label is only the likely one: the row itself comes first.
    """
    at = issue.box
    for place, row in enumerate(practice.unmapped):
        # The issue's box is the whole label cell, the row's own one may be a part of it.
        here = at is None or any(
            at.page == box.page and at.x0 < box.x1 and box.x0 < at.x1 and at.top < box.bottom and box.top < at.bottom
            for box in boxes_of(row)
        )
        if issue.label is not None and issue.label == row.label and here:
            return _address(practice.id, place)
    return _address_named(practice, issue.field)


def _find_row(practices: Iterable[Practice], lines: Box) -> str:
    """Find the card of the row in which lines begin; "" where they are in none."""
    x, y = (lines.x0 + lines.x1) / 2, lines.top + 1
    for practice in practices:
        for key, entry in practice.rows.items():
            for box in boxes_of(entry):
                if box.page == lines.page and box.x0 <= x <= box.x1 and box.top - 1 <= y <= box.bottom:
                    return _address(practice.id, key) if isinstance(key, int) else _address_named(practice, key)
    return ""


def _explain_issue(issue: Issue, *, own_text: bool) -> Reason:
    """An issue as a reason; its text is left out where the card shows its own."""
    message = issue.message[:1].upper() + issue.message[1:]
    return Reason(
        kind=issue.severity,
        title=_words(issue.code),
        message=message if message.endswith((".", "?", "!")) else f"{message}.",
        code=issue.code,
        evidence=issue.evidence,
        text=None if own_text else issue.text,
    )


def _explain_doubts(finding: Finding) -> Iterator[Reason]:
    for doubt in finding.doubts:
        yield Reason(kind="evidence", title="Low evidence", message=doubt)
    for doubt in finding.table_doubts:
        yield Reason(kind="evidence", title="Low evidence of the whole table", message=doubt, code=WEAK_TABLE)


def _explain(difference: LeafDifference) -> Reason:
    leaf = difference.shown
    notes = []
    if leaf.neighbour is not None:
        notes.append(f"The text beyond the golden's is in {leaf.neighbour}.")
    if leaf.judgement:
        notes.append("A careful reader could judge otherwise here.")
    if leaf.status == "accepted":
        notes.append("The golden was accepted from an earlier run, not verified on the page.")
    return Reason(
        kind="difference",
        title=f"{difference.part or (difference.practice if difference.field == WHOLE else difference.field)}:"
        f" {difference.describe()}",
        message=" ".join(notes),
        sides=compare_texts(as_text(leaf.expected), as_text(leaf.got)),
    )


def _address(practice: str, key: Key = "heading") -> str:
    """A card's id: `bg-1.heading`, `bg-1.period` a field, `bg-1.row-1` a row without a field."""
    return f"{practice}.row-{key + 1}" if isinstance(key, int) else f"{practice}.{key}"


def _address_named(practice: Practice, name: str | None) -> str:
    """The id of a field's card or a known row's (`bg-1.extra.contact_person`); of the heading's without either."""
    if name in practice.extra:
        return _address(practice.id, f"{EXTRA}{name}")
    return _address(practice.id, name if name in FIELDS else "heading")


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()
