"""Gathers what the review page shows: `ValidatedEdition`, pictures and differences → `View`.

Everything that the page says is settled here, as plain values; the templates only write it down. Each issue, difference
and piece of residue ends on exactly one card, and each card knows its marks on the pages.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Final, Literal

from pipeline.contract import FIELDS, PARTS
from pipeline.issues import Status
from pipeline.models.edition import Report, ValidatedEdition
from pipeline.models.geometry import Box, Frozen
from pipeline.models.practice import Edition, FieldValue, Place, Practice, Unmapped
from pipeline.models.report import Issue
from pipeline.quality.review.differences import Difference
from pipeline.quality.review.evidence import Finding, Key, find_evidence
from pipeline.render.images import PagePicture

MARK_MARGIN_POINTS: Final = 1.5
"""By how much a mark stands out of its box: the boxes touch the letters."""
HUE_FIRST: Final = 55
HUE_SPAN: Final = 290
"""Hues (degrees) that the fields share; those around red are left to errors and residue."""
HUE_STEP: Final = 0.381966
"""The golden section: neighbours in the contract's order get hues that are far apart."""
CONTEXT_CHARACTERS: Final = 60
"""How much of an unchanged run is shown before and after a difference."""
WEAK_MATCH_CODES: Final = frozenset({"label_slip", "draft_label", "recognised_label", "weak_table_evidence"})
"""Issues that say that a label or a table was found by weak evidence."""

FilterName = Literal["look", "all", "difference", "error", "warning", "evidence", "residue", "note"]
CardKind = Literal["field", "absent", "unmapped", "heading", "residue", "edition"]
ReasonKind = Literal["difference", "error", "warning", "note", "evidence", "residue"]
Emphasis = Literal["same", "golden", "extracted"]

WEAK_TABLE: Final = "weak_table"
"""What marks a doubt that a table's rows share: the table itself is to be looked at, and the report names it."""


class Run(Frozen):
    """A piece of a comparison: in both texts, only in the golden's, or only in the extracted one."""

    emphasis: Emphasis
    text: str


class Reason(Frozen):
    """One reason to look at a card.

    Attributes:
        kind: What sort of reason it is.
        title: What is the matter, in few words.
        message: One or more sentences that end with what to do.
        code: The issue's code, where it is one, or `WEAK_TABLE`.
        evidence: What speaks for it.
        text: Beginning of the text concerned, where that is not the card's own.
        golden: The golden's side of a difference.
        extracted: The extracted side of a difference.
    """

    kind: ReasonKind
    title: str
    message: str = ""
    code: str | None = None
    evidence: tuple[str, ...] = ()
    text: str | None = None
    golden: tuple[Run, ...] | None = None
    extracted: tuple[Run, ...] | None = None


class Mark(Frozen):
    """A box on a page.

    Attributes:
        id: Unique on the page.
        page: 1-based page number.
        kind: What stands there.
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
    kind: Literal["label", "value", "issue", "residue"]
    cards: tuple[str, ...]
    names: tuple[str, ...]
    hues: tuple[int, ...]
    x0: float
    top: float
    width: float
    height: float
    level: int = 1


class Part(Frozen):
    """A normalised part: its name and its JSON."""

    name: str
    json_text: str


class Card(Frozen):
    """One thing on the right-hand side: a field, a row without one, a heading, residue or what concerns the edition.

    Attributes:
        id: Unique on the page; also its address (`#bg-1.period`).
        kind: What it is.
        name: The field's name, or what stands for it.
        hue: The field's hue in degrees; None where there is no field.
        label: The label as printed.
        paragraphs: The text's paragraphs and list items.
        parts: The normalised parts.
        links: Targets of the links, as text.
        badges: Short remarks (merged, inline, not available).
        facts: How it was found.
        reasons: Why to look at it, the gravest first.
        pages: Pages that it touches.
        marks: Ids of its marks, in reading order.
        json_text: The JSON as it stands in the output file.
        filters: The filters that show it.
    """

    id: str
    kind: CardKind
    name: str
    hue: int | None = None
    label: str | None = None
    paragraphs: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    links: tuple[str, ...] = ()
    badges: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    pages: tuple[int, ...] = ()
    marks: tuple[str, ...] = ()
    json_text: str | None = None
    filters: tuple[FilterName, ...] = ()


class Section(Frozen):
    """A practice, or what stands outside the practices, with its cards."""

    id: str
    title: str
    detail: str
    pages: tuple[int, int] | None
    cards: tuple[Card, ...]


class Filter(Frozen):
    """A choice of cards: its name, its title, what it means and how many cards it shows."""

    name: FilterName
    title: str
    meaning: str
    count: int


class Sheet(Frozen):
    """A page with its marks in reading order."""

    picture: PagePicture
    marks: tuple[Mark, ...]


class View(Frozen):
    """All that the review page shows.

    Attributes:
        edition: The edition.
        status: As in the report.
        summary: The headline numbers, in words.
        compared: True where there are goldens to compare with.
        filters: In the order in which they are offered.
        chosen: The filter that the page opens with.
        sections: In document order.
        sheets: The pages.
    """

    edition: Edition
    status: Status
    summary: tuple[str, ...]
    compared: bool
    filters: tuple[Filter, ...]
    chosen: FilterName
    sections: tuple[Section, ...]
    sheets: tuple[Sheet, ...]


def build_view(
    edition: ValidatedEdition, pictures: Sequence[PagePicture], differences: Sequence[Difference] | None
) -> View:
    """Gather what the review page shows.

    Args:
        edition: The edition's practices and report.
        pictures: Its pages.
        differences: Where it differs from its goldens; None where it has none.

    Returns:
        The view.
    """
    report = edition.report
    marks = _Marks()
    issues = _place_issues(edition)
    told = _place_differences(edition, differences or ())
    sections = [_edition_section(report, issues.pop("", []), told.pop("", []), marks)]
    sections += [_practice_section(practice, report, issues, told, marks) for practice in edition.practices]
    sections = _group_unmapped([section for section in sections if section.cards])
    cards = [card for section in sections for card in section.cards]
    counts = report.counts
    filters = _count_filters(cards, compared=differences is not None)
    return View(
        edition=edition.edition,
        status=report.status,
        summary=(
            _count(counts.practices, "practice"),
            _count(counts.fields + counts.inline_fields, "field"),
            _count(edition.edition.pages, "page"),
            f"{counts.residue} of {_count(counts.glyphs, 'glyph')} without a place",
        ),
        compared=differences is not None,
        filters=filters,
        chosen="look" if any(item.name == "look" and item.count for item in filters) else "all",
        sections=tuple(sections),
        sheets=tuple(Sheet(picture=picture, marks=marks.on_page(picture.number)) for picture in pictures),
    )


def _group_unmapped(sections: Sequence[Section]) -> list[Section]:
    """Say on each row without a field in which others the same label stands: one entry of the lexicon maps them all."""
    alike: dict[str | None, list[str]] = {}
    for section in sections:
        for card in section.cards:
            if card.kind == "unmapped":
                alike.setdefault(card.label, []).append(card.id)

    def name_others(card: Card) -> Card:
        others = [other for other in alike.get(card.label, ()) if other != card.id]
        if card.kind != "unmapped" or not others:
            return card
        badge = f"the same label in {_count(len(others), 'other row')}: {', '.join(others)}"
        return card.model_copy(update={"badges": (*card.badges, badge)})

    return [section.model_copy(update={"cards": tuple(map(name_others, section.cards))}) for section in sections]


def field_hue(name: str) -> int:
    """Give a field's hue in degrees: the same on every page, far from its neighbours' and from red."""
    return round(HUE_FIRST + (FIELDS.index(name) * HUE_STEP % 1) * HUE_SPAN)


class _Marks:
    """Collects marks; boxes at one place that are of one kind become one mark of several cards."""

    def __init__(self) -> None:
        self._by_place: dict[tuple[object, ...], Mark] = {}

    def add(
        self,
        kind: Literal["label", "value", "issue", "residue"],
        box: Box | Place,
        card: str,
        name: str,
        hue: int | None,
    ) -> str:
        """Add a box of a card.

        Args:
            kind: What stands there.
            box: The place, in points.
            card: The card's id.
            name: The card's name.
            hue: The card's hue.

        Returns:
            The mark's id.
        """
        page, x0, top, x1, bottom = box.page, box.x0, box.top, box.x1, box.bottom
        key = (kind, page, x0, top, x1, bottom)
        known = self._by_place.get(key)
        hues = () if hue is None else (hue,)
        if known is None:
            self._by_place[key] = Mark(
                id=f"mark-{len(self._by_place) + 1}",
                page=page,
                kind=kind,
                cards=(card,),
                names=(name,),
                hues=hues,
                x0=x0 - MARK_MARGIN_POINTS,
                top=top - MARK_MARGIN_POINTS,
                width=max(x1 - x0, 0) + 2 * MARK_MARGIN_POINTS,
                height=max(bottom - top, 0) + 2 * MARK_MARGIN_POINTS,
            )
        elif card not in known.cards:
            self._by_place[key] = known.model_copy(
                update={
                    "cards": (*known.cards, card),
                    "names": (*known.names, name),
                    "hues": (*known.hues, *hues),
                }
            )
        return self._by_place[key].id

    def on_page(self, page: int) -> tuple[Mark, ...]:
        """Give a page's marks in reading order."""
        found = [mark for mark in self._by_place.values() if mark.page == page]
        found.sort(key=lambda mark: -mark.width * mark.height)
        levelled = [mark.model_copy(update={"level": level}) for level, mark in enumerate(found, start=1)]
        return tuple(sorted(levelled, key=lambda mark: (mark.top, mark.x0)))


def _practice_section(
    practice: Practice,
    report: Report,
    issues: dict[str, list[Issue]],
    differences: dict[str, list[Difference]],
    marks: _Marks,
) -> Section:
    findings = find_evidence(practice, report)
    plain = practice.model_dump(mode="json")
    cards = [
        _heading_card(
            practice,
            plain,
            issues.get(_address(practice.id, None), []),
            differences.get(_address(practice.id, None), []),
            marks,
        )
    ]
    for name in FIELDS:
        address = _address(practice.id, name)
        value: FieldValue | None = getattr(practice.fields, name)
        reasons = (*_explain_differences(differences.get(address, [])), *_explain_issues(issues.get(address, [])))
        if value is None:
            cards.append(_finish(Card(id=address, kind="absent", name=name, hue=field_hue(name)), reasons))
            continue
        cards.append(_field_card(address, name, value, plain["fields"][name], findings[name], reasons, marks))
    for place, row in enumerate(practice.unmapped):
        address = _address(practice.id, place)
        cards.append(
            _unmapped_card(address, row, plain["unmapped"][place], findings[place], issues.get(address, []), marks)
        )
    first, last = practice.pages
    return Section(
        id=practice.id,
        title=practice.heading,
        detail=f"{practice.id} · {', '.join(practice.countries) or 'no country'} · pages {first} to {last}",
        pages=practice.pages,
        cards=tuple(cards),
    )


def _heading_card(
    practice: Practice, plain: dict[str, object], issues: list[Issue], differences: list[Difference], marks: _Marks
) -> Card:
    address = _address(practice.id, None)
    own = {key: plain[key] for key in ("id", "heading", "countries", "title", "pages")}
    return _finish(
        Card(
            id=address,
            kind="heading",
            name="heading",
            paragraphs=(practice.heading,),
            parts=tuple(Part(name=key, json_text=_render(own[key])) for key in ("id", "countries", "title", "pages")),
            pages=(practice.pages[0],),
            marks=_issue_marks(issues, address, marks),
            json_text=_render(own, indent=2),
        ),
        (*_explain_differences(differences), *_explain_issues(issues)),
    )


def _field_card(
    address: str,
    name: str,
    value: FieldValue,
    plain: dict[str, object],
    finding: Finding,
    reasons: tuple[Reason, ...],
    marks: _Marks,
) -> Card:
    hue = field_hue(name)
    badges = []
    if value.shared_with:
        badges.append(f"one cell with {', '.join(value.shared_with)}")
    if value.inline:
        badges.append("inside another row")
    if not value.available:
        badges.append("says that nothing is available")
    return _finish(
        Card(
            id=address,
            kind="field",
            name=name,
            hue=hue,
            label=value.label,
            paragraphs=tuple(value.text.split("\n")) if value.text else (),
            parts=tuple(Part(name=part, json_text=_render(plain[part])) for part in PARTS.get(name, ())),
            links=tuple(link.url for link in value.links),
            badges=tuple(badges),
            facts=finding.facts,
            pages=_pages(value),
            marks=_value_marks(value, address, name, hue, marks),
            json_text=_render(plain, indent=2),
        ),
        (*reasons, *_explain_doubts(finding)),
    )


def _unmapped_card(
    address: str,
    row: Unmapped,
    plain: dict[str, object],
    finding: Finding,
    issues: list[Issue],
    marks: _Marks,
) -> Card:
    name = "row without a field"
    # The row itself is a reason to look, even where a report of another version says nothing of it.
    reasons = _explain_issues(issues) or (
        Reason(kind="error", title="No field", message="No field answers to this label; add it to the lexicon."),
    )
    likely = () if row.field is None else (f"likely {row.field}",)
    return _finish(
        Card(
            id=address,
            kind="unmapped",
            name=name,
            label=row.label,
            paragraphs=tuple(row.text.split("\n")) if row.text else (),
            links=tuple(link.url for link in row.links),
            badges=likely,
            facts=finding.facts,
            pages=_pages(row),
            marks=_value_marks(row, address, name, None, marks),
            json_text=_render(plain, indent=2),
        ),
        (*reasons, *_explain_doubts(finding)),
    )


def _edition_section(report: Report, issues: list[Issue], differences: list[Difference], marks: _Marks) -> Section:
    """Make the cards of what stands outside the practices: residue, and what concerns the edition as a whole.

    The report says the same of a piece of residue twice, as an entry and as an issue: one card holds both.
    """
    cards = []
    by_place: dict[object, list[Issue]] = {}
    rest: list[Issue] = []
    for issue in issues:
        if issue.code == "residue" and issue.box is not None:
            by_place.setdefault(issue.box, []).append(issue)
        else:
            rest.append(issue)
    for number, left in enumerate(report.residue, start=1):
        address = f"residue.{number}"
        told = _explain_issues(by_place.pop(left.box, []))
        reason = Reason(
            kind="residue",
            title="Text without a place",
            message=f"{_count(left.glyphs, 'glyph')} of page {left.box.page} stand in no row, heading or margin"
            f" ({left.reason}).",
        )
        cards.append(
            _finish(
                Card(
                    id=address,
                    kind="residue",
                    name="residue",
                    paragraphs=tuple(left.text.split("\n")),
                    pages=(left.box.page,),
                    marks=(marks.add("residue", left.box, address, "residue", None),),
                ),
                (reason, *told),
            )
        )
    rest += [issue for group in by_place.values() for issue in group]
    for number, issue in enumerate(rest, start=1):
        address = f"edition.{number}"
        cards.append(
            _finish(
                Card(
                    id=address,
                    kind="edition",
                    name=_words(issue.code),
                    label=issue.label,
                    pages=() if issue.page is None else (issue.page,),
                    marks=_issue_marks([issue], address, marks),
                ),
                _explain_issues([issue], own_text=False),
            )
        )
    if differences:
        card = Card(id="edition.differences", kind="edition", name="practices")
        cards.append(_finish(card, tuple(_explain_differences(differences))))
    return Section(
        id="edition",
        title="The edition as a whole",
        detail=f"{report.edition.id}: what belongs to no practice",
        pages=None,
        cards=tuple(cards),
    )


def _finish(card: Card, reasons: Iterable[Reason]) -> Card:
    """Give a card its reasons and, by them, its filters."""
    order: tuple[ReasonKind, ...] = ("difference", "error", "residue", "warning", "evidence", "note")
    told = tuple(sorted(reasons, key=lambda reason: order.index(reason.kind)))
    kinds = {reason.kind for reason in told}
    names: set[FilterName] = {"all"}
    if "difference" in kinds:
        names.add("difference")
    if "error" in kinds:
        names.add("error")
    if "warning" in kinds:
        names.add("warning")
    if "evidence" in kinds or any(reason.code in WEAK_MATCH_CODES for reason in told):
        names.add("evidence")
    if "residue" in kinds:
        names.add("residue")
    if "note" in kinds:
        names.add("note")
    of_this_card = any(reason.kind == "evidence" and reason.code != WEAK_TABLE for reason in told)
    if names & {"difference", "error", "warning", "residue"} or of_this_card:
        names.add("look")
    ordered: tuple[FilterName, ...] = ("look", "difference", "error", "warning", "evidence", "residue", "note", "all")
    return card.model_copy(update={"reasons": told, "filters": tuple(name for name in ordered if name in names)})


def _count_filters(cards: Sequence[Card], *, compared: bool) -> tuple[Filter, ...]:
    golden = "values that differ from the golden" if compared else "there are no goldens of this edition"
    offered: tuple[tuple[FilterName, str, str], ...] = (
        ("look", "To look at", "differences, issues, residue, and low evidence of single rows"),
        ("difference", "Differences", golden),
        ("error", "Errors", "errors of the report, and rows without a field"),
        ("warning", "Warnings", "warnings of the report"),
        ("evidence", "Low evidence", "tables, page breaks and labels that were found by weak signs"),
        ("residue", "Residue", "text without a place"),
        ("note", "Notes", "worth knowing, such as rows that a practice does not have"),
        ("all", "All", "every field of every practice"),
    )
    return tuple(
        Filter(name=name, title=title, meaning=meaning, count=sum(name in card.filters for card in cards))
        for name, title, meaning in offered
    )


def _place_issues(edition: ValidatedEdition) -> dict[str, list[Issue]]:
    """Find the card of every issue: its address, or "" for what concerns the edition."""
    practices = {practice.id: practice for practice in edition.practices}
    placed: dict[str, list[Issue]] = {}
    for issue in edition.report.issues:
        practice = practices.get(issue.practice or "")
        placed.setdefault("" if practice is None else _find_address(practice, issue), []).append(issue)
    return placed


def _find_address(practice: Practice, issue: Issue) -> str:
    """Find an issue's card in its practice.

    The field of an issue on an unknown label is only the likely one: the row itself comes first.
    """
    for place, row in enumerate(practice.unmapped):
        boxes = [box.model_dump() for box in (*row.label_boxes, *row.value_boxes)]
        here = issue.box is None or asdict(issue.box) in boxes
        if issue.label is not None and issue.label == row.label and here:
            return _address(practice.id, place)
    return _address(practice.id, issue.field if issue.field in FIELDS else None)


def _place_differences(edition: ValidatedEdition, differences: Sequence[Difference]) -> dict[str, list[Difference]]:
    """Find the card of every difference; a practice that only the goldens have concerns the edition."""
    practices = {practice.id for practice in edition.practices}
    placed: dict[str, list[Difference]] = {}
    for difference in differences:
        field = difference.field if difference.field in FIELDS else None
        address = _address(difference.practice, field) if difference.practice in practices else ""
        placed.setdefault(address, []).append(difference)
    return placed


def _explain_issues(issues: Iterable[Issue], *, own_text: bool = True) -> tuple[Reason, ...]:
    return tuple(
        Reason(
            kind=issue.severity,
            title=_words(issue.code),
            message=_sentence(issue.message),
            code=issue.code,
            evidence=issue.evidence,
            text=None if own_text else issue.text,
        )
        for issue in issues
    )


def _explain_doubts(finding: Finding) -> Iterator[Reason]:
    for doubt in finding.doubts:
        yield Reason(kind="evidence", title="Low evidence", message=doubt)
    for doubt in finding.table_doubts:
        yield Reason(kind="evidence", title="Low evidence of the whole table", message=doubt, code=WEAK_TABLE)


def _explain_differences(differences: Iterable[Difference]) -> Iterator[Reason]:
    for difference in differences:
        golden, extracted = compare_texts(_plain_text(difference.golden), _plain_text(difference.extracted))
        title = f"{difference.part or difference.field or difference.practice}: {difference.kind}"
        yield Reason(
            kind="difference",
            title=title,
            message=difference.detail,
            golden=golden,
            extracted=extracted,
        )


def compare_texts(golden: str, extracted: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Set two texts beside one another, word by word.

    Args:
        golden: What should stand there.
        extracted: What stands there.

    Returns:
        The runs of either side. Long unchanged runs are cut to the words next to a change; white space that changed is
        written as signs (`␣`, `¶`), for it could not be seen.
    """
    one, other = re.findall(r"\s|\w+|[^\w\s]", golden), re.findall(r"\s|\w+|[^\w\s]", extracted)
    if not one or not other:
        return _runs([("golden", golden)]), _runs([("extracted", extracted)])
    left: list[tuple[Emphasis, str]] = []
    right: list[tuple[Emphasis, str]] = []
    for kind, a0, a1, b0, b1 in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if kind == "equal":
            text = "".join(one[a0:a1])
            left.append(("same", text))
            right.append(("same", text))
        else:
            left.append(("golden", "".join(one[a0:a1])))
            right.append(("extracted", "".join(other[b0:b1])))
    return _runs(left), _runs(right)


def _runs(pieces: list[tuple[Emphasis, str]]) -> tuple[Run, ...]:
    pieces = [piece for piece in pieces if piece[1]]
    runs = []
    for place, (emphasis, text) in enumerate(pieces):
        if emphasis == "same":
            shown = _shorten(text, first=place == 0, last=place == len(pieces) - 1)
        elif text.isspace():
            shown = "".join("¶\n" if sign == "\n" else "␣" for sign in text)
        else:
            shown = text.replace("\n", "¶\n").replace("\u00ad", "[U+00AD]")
        runs.append(Run(emphasis=emphasis, text=shown))
    return tuple(runs)


def _shorten(text: str, *, first: bool, last: bool) -> str:
    """Cut an unchanged run to what stands next to a change."""
    if first and last:
        return text
    head = "" if first else text[:CONTEXT_CHARACTERS]
    tail = "" if last else text[-CONTEXT_CHARACTERS:]
    return text if len(text) <= len(head) + len(tail) + 1 else f"{head}…{tail}"


def _plain_text(value: object) -> str:
    """Write one side of a difference: text as it is, a list with an item on each line, all else as JSON."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(item if isinstance(item, str) else _render(item) for item in value) or "[]"
    return value if isinstance(value, str) else _render(value)


def _value_marks(
    value: FieldValue | Unmapped, address: str, name: str, hue: int | None, marks: _Marks
) -> tuple[str, ...]:
    found = [marks.add("value", box, address, name, hue) for box in value.value_boxes]
    return (*found, *(marks.add("label", box, address, name, hue) for box in value.label_boxes))


def _issue_marks(issues: Iterable[Issue], address: str, marks: _Marks) -> tuple[str, ...]:
    return tuple(
        marks.add("issue", issue.box, address, _words(issue.code), None) for issue in issues if issue.box is not None
    )


def _pages(value: FieldValue | Unmapped) -> tuple[int, ...]:
    return tuple(sorted({box.page for box in (*value.label_boxes, *value.value_boxes)}))


def _address(practice: str, key: Key | None) -> str:
    """Give a card's id: `bg-1` the heading, `bg-1.period` a field, `bg-1.row-1` a row without a field."""
    if key is None:
        return f"{practice}.heading"
    return f"{practice}.{key}" if isinstance(key, str) else f"{practice}.row-{key + 1}"


def _render(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _sentence(message: str) -> str:
    text = message[:1].upper() + message[1:]
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}".replace(",", "\u202f")
