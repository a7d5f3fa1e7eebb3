"""Validate stage: `NormalisedEdition` → `ValidatedEdition` (the contract's practices, and the report on them).

Builds every practice by the contract's models, checks what no single model can (places inside pages, shared cells
that name each other, dates in order, codes that exist) and accounts for every glyph that the read stage saw.
"""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from pipeline.contract import FIELDS, PARTS, SCHEMA_VERSION
from pipeline.errors import StageError
from pipeline.models.chapter import Chapter, Chapters
from pipeline.models.edition import (
    Counts,
    EditionInfo,
    NormalisedEdition,
    PageAccount,
    PageInfo,
    Report,
    RowJoin,
    TableFinding,
    ValidatedEdition,
)
from pipeline.models.geometry import Box
from pipeline.models.layout import TableEvidence, TextLine
from pipeline.models.packed import pack_ids
from pipeline.models.practice import FIELD_MODELS, Edition, Fields, FieldValue, Period, Practice, Unmapped
from pipeline.models.record import MappedField, NormalisedRecord, UnmappedRow
from pipeline.models.report import Issue
from pipeline.models.row import CellLink, Residue, Row
from pipeline.stages.validate.status import EXCERPT_CHARACTERS, report_empty_pages, report_residue, settle_status

BOX_OUTSIDE_PAGE_POINTS: Final = 1.0
"""How far a box may stand out of its page: glyph boxes come from font metrics, which reach beyond the ink."""
EVIDENCE_BY_STRENGTH: Final[tuple[TableEvidence, ...]] = ("grid", "rules", "fills", "gutter")
UNKNOWN_SIGN: Final = "\ufffd"
"""Stands for a sign of which the file does not say what it is."""
CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
"""A control character (Unicode category Cc)."""
PLACES: Final = ("label", "value", "heading", "front_matter", "furniture")
"""The places of the account (contract, "Nothing is lost"), besides the residue's names."""
Placed: TypeAlias = "Mapping[tuple[int, str], array[int]]"
"""Ids of glyphs by page and place."""


@dataclass(frozen=True, slots=True)
class CheckedChapter:
    """What is left of a chapter once its practice is built: all that the report says of it.

    Attributes:
        practice: The practice.
        issues: What mapping, normalising and validating found, in this order.
        placed: Ids of the glyphs on its lines, by page and place.
        rows: Number of its rows.
        joins: Its rows that stand on more than one page.
        tables: By what evidence its tables were found.
        matches: How many of its fields are mapped in which way, and stand inside another row's text or not.
    """

    practice: Practice
    issues: tuple[Issue, ...]
    placed: Placed
    rows: int
    joins: tuple[RowJoin, ...]
    tables: tuple[TableFinding, ...]
    matches: Counter[tuple[str, bool]]


def validate_edition(info: EditionInfo, normalised: NormalisedEdition) -> ValidatedEdition:
    """Build an edition's practices and the report on them.

    Args:
        info: What is known of the edition.
        normalised: The records of all its chapters, and what stands outside the chapters.

    Returns:
        The practices in document order, and the report. What does not fit the contract is None and an issue.

    Raises:
        StageError: A record names a field or a part that the contract does not know, or two chapters have one id:
            the stages before do not agree with the contract.
    """
    return gather_chapters(info, normalised.rest, [validate_chapter(info, record) for record in normalised.records])


def validate_chapter(info: EditionInfo, normalised: NormalisedRecord) -> CheckedChapter:
    """Build the practice of a chapter, and note what the report says of it; the record can be let go then.

    Args:
        info: What is known of the edition.
        normalised: The chapter's record.

    Returns:
        The practice and the notes.

    Raises:
        StageError: The record does not agree with the contract.
    """
    chapter = normalised.record.chapter
    practice, found = build_practice(_edition_of(info), normalised)
    pages = {page.number: page for page in info.pages}
    issues = _placed_in((*normalised.record.issues, *normalised.issues), practice.id)
    issues += _placed_in((*found, *check_practice(practice, pages)), practice.id)
    return CheckedChapter(
        practice=practice,
        issues=tuple(issues),
        placed=_place_glyphs(_lines_of(chapter)),
        rows=len(chapter.rows),
        joins=tuple(_describe_join(chapter.id, row) for row in chapter.rows if len(row.pages) > 1),
        tables=tuple(_describe_tables(chapter)),
        matches=Counter((field.match, field.inline) for field in normalised.record.fields.values()),
    )


def gather_chapters(info: EditionInfo, rest: Chapters, checked: Sequence[CheckedChapter]) -> ValidatedEdition:
    """Gather the practices of an edition, and write the report on them.

    Args:
        info: What is known of the edition.
        rest: What stands outside the chapters.
        checked: The chapters in document order.

    Returns:
        The practices in document order, and the report.

    Raises:
        StageError: Two chapters have one id.
    """
    edition = _edition_of(info)
    hidden = _list_concealed(info)
    accounts, account_issues = account_glyphs(info, rest, [chapter.placed for chapter in checked], hidden)
    practices = [chapter.practice for chapter in checked]
    _require_unique_ids(practices)
    issues: list[Issue] = [*info.issues, *rest.issues]
    issues += itertools.chain.from_iterable(chapter.issues for chapter in checked)
    issues += account_issues
    issues += report_residue(rest.residue, practices)
    issues += report_empty_pages(accounts, practices)
    issues = [issue.model_copy(update={"edition": issue.edition or info.id}) for issue in issues]
    final, status = settle_status(info, tuple(dict.fromkeys(issues)))
    tally = Counter(issue.severity for issue in final)
    joins = tuple(itertools.chain.from_iterable(chapter.joins for chapter in checked))
    matches: Counter[tuple[str, bool]] = Counter()
    for chapter in checked:
        matches.update(chapter.matches)
    report = Report(
        schema_version=SCHEMA_VERSION,
        edition=edition,
        status=status,
        counts=Counts(
            practices=len(practices),
            rows=sum(chapter.rows for chapter in checked),
            fields=sum(count for (_, inline), count in matches.items() if not inline),
            inline_fields=sum(count for (_, inline), count in matches.items() if inline),
            slips=sum(count for (match, _), count in matches.items() if match == "slip"),
            drafts=sum(count for (match, _), count in matches.items() if match == "draft"),
            unmapped=sum(len(practice.unmapped) for practice in practices),
            rows_over_page_breaks=len(joins),
            labels_over_page_breaks=sum(join.label_joined for join in joins),
            values_over_page_breaks=sum(join.value_joined for join in joins),
            glyphs=sum(account.seen for account in accounts),
            residue=sum(sum(account.residue.values()) for account in accounts),
            errors=tally["error"],
            warnings=tally["warning"],
            notes=tally["note"],
        ),
        glyphs=accounts,
        residue=(*rest.residue, *hidden),
        tables=tuple(itertools.chain.from_iterable(chapter.tables for chapter in checked)),
        joins=joins,
        recognised_pages=tuple(page.number for page in info.pages if page.recognised),
        repairs=info.repairs,
        issues=final,
    )
    return ValidatedEdition(edition=edition, practices=tuple(practices), report=report)


def _list_concealed(info: EditionInfo) -> tuple[Residue, ...]:
    """List text that can't be seen: its place and its number of glyphs, and not a letter of it."""
    return tuple(
        Residue(
            reason="concealed",
            text="",
            box=Box(page=page.number, x0=part.x0, top=part.top, x1=part.x1, bottom=part.bottom),
            glyphs=part.glyphs,
        )
        for page in info.pages
        for part in page.concealed
    )


def _edition_of(info: EditionInfo) -> Edition:
    return Edition(
        id=info.id,
        language=info.language,
        source=info.file,
        sha256=info.sha256,
        pages=len(info.pages),
        title=info.title,
        publisher=info.publisher,
        origin=info.origin,
        rights=info.rights,
    )


def build_practice(edition: Edition, normalised: NormalisedRecord) -> tuple[Practice, tuple[Issue, ...]]:
    """Build a practice by the contract's models.

    Args:
        edition: The edition, as it stands in each practice.
        normalised: The chapter's record with parts and availability.

    Returns:
        The practice; and an issue for each part that its model refuses (the part is None then).

    Raises:
        StageError: The record does not agree with the contract.
    """
    record, chapter = normalised.record, normalised.record.chapter
    unknown = sorted(record.fields.keys() - set(FIELDS))
    if unknown:
        raise StageError(
            f"the record holds fields that the contract does not know: {', '.join(unknown)}; mend the map stage",
            edition=edition.id,
            practice=chapter.id,
        )
    issues: list[Issue] = []
    fields: dict[str, FieldValue | None] = {}
    for name in FIELDS:
        mapped = record.fields.get(name)
        if mapped is None:
            fields[name] = None
            continue
        fields[name], found = _build_field(edition, chapter.id, mapped, normalised)
        issues += found
    extra = {name: _build_field(edition, chapter.id, row, normalised)[0] for name, row in record.extra.items()}
    boxes = (
        *chapter.heading_block.boxes,
        *(box for row in chapter.rows for box in (*row.label.boxes, *row.value.boxes)),
    )
    touched = [box.page for box in boxes]
    try:
        practice = Practice(
            schema_version=SCHEMA_VERSION,
            id=chapter.id,
            edition=edition,
            heading=chapter.heading,
            countries=chapter.countries,
            title=chapter.title,
            pages=(min(touched), max(touched)),
            fields=Fields.model_validate(fields),
            unmapped=tuple(_build_unmapped(row) for row in record.unmapped),
            extra=extra,
        )
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise StageError(
            f"the chapter does not fit the contract ({place}: {first['msg']}); mend the stage that gives it",
            edition=edition.id,
            practice=chapter.id,
        ) from error
    return practice, tuple(issues)


def check_practice(practice: Practice, pages: dict[int, PageInfo]) -> Iterator[Issue]:
    """Check what no single model of the contract can.

    Args:
        practice: The practice.
        pages: The edition's pages by number.

    Yields:
        An issue for everything that does not hold.
    """
    present = {name: value for name in FIELDS if (value := getattr(practice.fields, name)) is not None}
    yield from _check_codes(practice, present)
    for name, value in present.items():
        yield from _check_places(practice, name, value, pages)
        yield from _check_text(name, value)
        yield from _check_signs(name, value)
        letters = "".join(value.text.split())
        for link in value.links:
            if "".join(link.text.split()) not in letters:
                yield _issue("link_text_absent", name, value, link=link.text)
        for other in value.shared_with:
            partner = present.get(other)
            if partner is None or name not in partner.shared_with or partner.text != value.text:
                yield _issue("shared_not_mutual", name, value, other=other)
    for name, value in practice.extra.items():
        yield from _check_places(practice, name, value, pages)
        yield from _check_text(name, value)
    for row in practice.unmapped:
        yield from _check_places(practice, row.field, row, pages)
        yield from _check_signs(row.field, row)
    if practice.fields.period is not None:
        yield from _check_period(practice.fields.period)


def account_glyphs(
    info: EditionInfo, rest: Chapters, chapters: Iterable[Placed], hidden: Iterable[Residue] = ()
) -> tuple[tuple[PageAccount, ...], tuple[Issue, ...]]:
    """Count where every glyph of every page ended.

    Args:
        info: What is known of the edition.
        rest: What stands outside the chapters.
        chapters: Of each chapter the ids of its glyphs, by page and place.
        hidden: Text that can't be seen.

    Returns:
        The account of each page, and an error for each page whose account does not add up to what read saw, and for
        glyphs that stand in two places.
    """
    placed: dict[int, list[tuple[str, array[int]]]] = {}
    for own in (*chapters, _place_glyphs(_lines_outside(rest))):
        for (page, place), ids in own.items():
            placed.setdefault(page, []).append((place, ids))
    residue: dict[int, Counter[str]] = {}
    for left in (*rest.residue, *hidden):
        residue.setdefault(left.box.page, Counter())[left.reason] += left.glyphs
    accounts: list[PageAccount] = []
    issues: list[Issue] = []
    for info_page in info.pages:
        number = info_page.number
        account, found = _account_page(info_page, placed.pop(number, []), residue.pop(number, Counter()))
        accounts.append(account)
        issues += found
    for number in sorted(placed.keys() | residue.keys()):
        issues.append(Issue.of("glyphs_nowhere", page=number))
    return tuple(accounts), tuple(issues)


def _account_page(
    page: PageInfo, placed: Sequence[tuple[str, array[int]]], residue: Counter[str]
) -> tuple[PageAccount, list[Issue]]:
    """Count where the glyphs of one page ended.

    White space that stands on no line is no text, so that what is left over may be as much as that; more is a loss.
    """
    copies = dict(page.copies)
    places: Counter[str] = Counter()
    times: Counter[int] = Counter()
    for place, ids in placed:
        places[place] += len(ids)
        if copies:
            places[place] += sum(copies.get(glyph, 0) for glyph in ids)
        times.update(ids)
    left_over = page.glyphs - places.total() - residue.total()
    white = sum(1 + copies.get(glyph, 0) for glyph in page.white if glyph not in times)
    account = PageAccount(
        page=page.number,
        seen=page.glyphs,
        **{place: places[place] for place in PLACES},
        residue=dict(sorted(residue.items())),
        blank=left_over,
        copies=sum(copies.values()),
        letters=None if page.letters is None else page.letters[0],
        letters_second=None if page.letters is None else page.letters[1],
    )
    issues = []
    twice = sum(count > 1 for count in times.values()) if times.total() > len(times) else 0
    if twice:
        issues.append(Issue.of("glyphs_twice", page=page.number, glyphs=twice))
    if not 0 <= left_over <= white:
        total = places.total() + residue.total()
        issues.append(Issue.of("glyphs_lost", page=page.number, glyphs=page.glyphs, white=white, placed=total))
    return account, issues


def _place_glyphs(lines: Iterable[tuple[str, TextLine]]) -> Placed:
    """Gather the glyphs of lines by page and place."""
    placed: dict[tuple[int, str], list[int]] = {}
    for place, line in lines:
        placed.setdefault((line.box.page, place), []).extend(line.glyphs)
    return {key: pack_ids(ids) for key, ids in placed.items()}


def _lines_of(chapter: Chapter) -> Iterator[tuple[str, TextLine]]:
    """Give every line of a chapter with the name of its place."""
    yield from (("heading", line) for line in chapter.heading_block.lines)
    for row in chapter.rows:
        for fragment in row.fragments:
            yield from (("label", line) for line in fragment.label_lines)
            yield from (("value", line) for line in fragment.value_lines)


def _lines_outside(rest: Chapters) -> Iterator[tuple[str, TextLine]]:
    """Give every line outside the chapters with the name of its place."""
    for block in rest.front_matter:
        yield from (("front_matter", line) for line in block.lines)
    for block in rest.furniture:
        yield from (("furniture", line) for line in block.lines)


def _build_field(
    edition: Edition, practice: str, mapped: MappedField, normalised: NormalisedRecord
) -> tuple[FieldValue, list[Issue]]:
    """Build one field; a part that its model refuses is None and an error."""
    known = PARTS.get(mapped.field, ())
    parts = normalised.parts.get(mapped.field, {})
    unknown = sorted(parts.keys() - set(known))
    if unknown or mapped.field not in normalised.available:
        lacking = f"parts that the contract does not know: {', '.join(unknown)}" if unknown else "no availability"
        raise StageError(
            f"the field {mapped.field!r} has {lacking}; mend the normalise stage", edition=edition.id, practice=practice
        )
    content: dict[str, Any] = {
        "label": mapped.label,
        "text": mapped.text,
        "available": normalised.available[mapped.field],
        "shared_with": mapped.shared_with,
        "inline": mapped.inline,
        "links": _plain_links(mapped.links),
        "label_boxes": [asdict(box) for box in mapped.label_boxes],
        "value_boxes": [asdict(box) for box in mapped.value_boxes],
        "recognised": None if mapped.confidence is None else {"confidence": mapped.confidence},
        "source": mapped.source or None,
        **{part: parts.get(part) for part in known},
    }
    model = FIELD_MODELS.get(mapped.field, FieldValue)
    issues: list[Issue] = []
    while True:
        try:
            # Strict and by way of JSON: what is written must read back as it is, without any conversion.
            return model.model_validate_json(json.dumps(content), strict=True), issues
        except ValidationError as error:
            wrong = error.errors(include_url=False)[0]
            part = str(wrong["loc"][0])
            if part not in known or content[part] is None:
                raise StageError(
                    f"the field {mapped.field!r} does not fit the contract ({part}: {wrong['msg']}); mend the map stage"
                    " or the normalise stage",
                    edition=edition.id,
                    practice=practice,
                    label=mapped.label,
                ) from error
            issues.append(
                Issue.of(
                    "part_refused",
                    part=part,
                    refused=content[part],
                    why=wrong["msg"],
                    page=mapped.value_boxes[0].page if mapped.value_boxes else None,
                    box=mapped.value_boxes[0] if mapped.value_boxes else None,
                    label=mapped.label,
                    field=mapped.field,
                    text=mapped.text[:EXCERPT_CHARACTERS],
                )
            )
            content[part] = None


def _build_unmapped(row: UnmappedRow) -> Unmapped:
    return Unmapped.model_validate(
        {
            "label": row.label,
            "text": row.text,
            "links": _plain_links(row.links),
            "label_boxes": [asdict(box) for box in row.label_boxes],
            "value_boxes": [asdict(box) for box in row.value_boxes],
            "field": row.suggestion,
            "score": row.score,
        }
    )


def _plain_links(links: Iterable[CellLink]) -> list[dict[str, str]]:
    return [{"url": link.url, "text": link.text} for link in links]


def _check_codes(practice: Practice, present: dict[str, FieldValue]) -> Iterator[Issue]:
    """Check that countries, currencies and languages are codes that CLDR knows."""
    from babel import Locale
    from babel.core import get_global

    names = Locale("en")
    # CLDR names some languages under another code (Dari, `prs`, under `fa-AF`): their own codes are aliases.
    languages = names.languages.keys() | get_global("language_aliases").keys()
    for country in practice.countries:
        if country not in names.territories:
            yield Issue.of("country_not_in_iso_3166", country=country)
    for name, value in present.items():
        for amount in getattr(value, "amounts", None) or ():
            if amount.currency not in names.currencies:
                yield _issue("unknown_currency", name, value, currency=amount.currency)
        for language in getattr(value, "languages", None) or ():
            if language.split("-")[0] not in languages:
                yield _issue("unknown_language", name, value, language=language)


def _check_places(
    practice: Practice, name: str | None, value: FieldValue | Unmapped, pages: dict[int, PageInfo]
) -> Iterator[Issue]:
    """Check that label and value say where they stand, inside pages of the practice."""
    for what, boxes in (("label", value.label_boxes), ("value", value.value_boxes)):
        if not boxes and (what == "label" or value.text):
            yield _issue("place_unknown", name, value, what=what)
        touched = [box.page for box in boxes]
        if touched != sorted(set(touched)):
            yield _issue("place_disordered", name, value, what=what)
        for box in boxes:
            page = pages.get(box.page)
            if page is None or not practice.pages[0] <= box.page <= practice.pages[1]:
                yield _issue("place_outside_practice", name, value, what=what, outside=box.page)
                continue
            slack = BOX_OUTSIDE_PAGE_POINTS
            across = -slack <= box.x0 <= box.x1 <= page.width + slack
            down = -slack <= box.top <= box.bottom <= page.height + slack
            if not (across and down):
                yield _issue("box_outside_page", name, value, what=what)


def _check_signs(name: str | None, value: FieldValue | Unmapped) -> Iterator[Issue]:
    """Check that the file says of every sign what it is."""
    for what, text in (("label", value.label), ("text", value.text)):
        if UNKNOWN_SIGN in text:
            yield _issue("sign_unknown", name, value, what=what, count=text.count(UNKNOWN_SIGN))


def _check_text(name: str, value: FieldValue) -> Iterator[Issue]:
    """Check the text's form (contract, `text`): Unicode NFC, single spaces, no blank lines, no control characters."""
    for what, text in (("label", value.label), ("text", value.text)):
        lines = text.split("\n")
        tidy = all(line == " ".join(line.split()) and line for line in lines) or not text
        plain = not any(CONTROL.search(line) for line in lines)
        if not tidy or not plain or not unicodedata.is_normalized("NFC", text) or (what == "label" and len(lines) > 1):
            yield _issue("text_form", name, value, what=what)


def _check_period(period: Period) -> Iterator[Issue]:
    """Check that start, end and interval agree."""
    from datetime import date

    for text in (period.start, period.end):
        if text is not None and len(text) == len("YYYY-MM-DD"):
            try:
                date.fromisoformat(text)
            except ValueError:
                yield _issue("no_such_date", "period", period, date=text)
    if period.start is not None and period.end is not None:
        shared = min(len(period.start), len(period.end))
        if period.start[:shared] > period.end[:shared]:
            yield _issue("period_reversed", "period", period, start=period.start, end=period.end)
    if period.edtf is not None:
        first, _, last = period.edtf.partition("/")
        if first != (period.start or first) or last != (period.end or last):
            bounds = {"edtf": period.edtf, "start": period.start, "end": period.end}
            yield _issue("period_disagrees", "period", period, **bounds)


def _describe_join(practice: str, row: Row) -> RowJoin:
    def pages(lines: Iterable[TextLine]) -> int:
        return len({line.box.page for line in lines})

    return RowJoin(
        practice=practice,
        label=row.label.one_line,
        pages=row.pages,
        label_joined=pages(line for part in row.fragments for line in part.label_lines) > 1,
        value_joined=pages(line for part in row.fragments for line in part.value_lines) > 1,
        confidence=row.break_confidence,
    )


def _describe_tables(chapter: Chapter) -> Iterator[TableFinding]:
    tables: dict[int, list[Row]] = {}
    for row in chapter.rows:
        tables.setdefault(row.table, []).append(row)
    for table, members in tables.items():
        fragments = [part for row in members for part in row.fragments]
        found = {part.evidence for part in fragments}
        yield TableFinding(
            table=table,
            practice=chapter.id,
            pages=tuple(sorted({page for row in members for page in row.pages})),
            rows=len(members),
            evidence=tuple(evidence for evidence in EVIDENCE_BY_STRENGTH if evidence in found),
            confidence=min(part.confidence for part in fragments),
        )


def _require_unique_ids(practices: list[Practice]) -> None:
    for practice_id, count in Counter(practice.id for practice in practices).items():
        if count > 1:
            raise StageError(
                f"{count} chapters have the id {practice_id!r}, and would be one file; mend the chapter stage",
                edition=practices[0].edition.id,
                practice=practice_id,
            )


def _placed_in(issues: Iterable[Issue], practice: str) -> list[Issue]:
    return [issue.model_copy(update={"practice": issue.practice or practice}) for issue in issues]


def _issue(code: str, field: str | None, value: FieldValue | Unmapped, **values: Any) -> Issue:
    """Make an issue about a field, placed where its value (or else its label) begins."""
    boxes = value.value_boxes or value.label_boxes
    box = Box(**boxes[0].model_dump()) if boxes else None
    return Issue.of(
        code,
        page=None if box is None else box.page,
        box=box,
        label=value.label,
        field=field,
        **values,
    )
