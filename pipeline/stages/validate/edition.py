"""Validate stage: `NormalisedEdition` → `ValidatedEdition` (the contract's practices, and the report on them).

Builds every practice by the contract's models, checks what no single model can (places inside pages, shared cells
that name each other, dates in order, codes that exist) and accounts for every glyph that the read stage saw.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final, get_args

from pydantic import ValidationError

from pipeline.contract import SCHEMA_VERSION
from pipeline.errors import StageError, describe_invalid
from pipeline.models.chapter import Chapter
from pipeline.models.edition import (
    Counts,
    EditionInfo,
    NormalisedEdition,
    PageAccount,
    Report,
    RowJoin,
    TableFinding,
    ValidatedEdition,
)
from pipeline.models.geometry import Box
from pipeline.models.layout import TableEvidence
from pipeline.models.practice import FIELD_MODELS, FIELDS, PARTS, Edition, Fields, FieldValue, Practice, Unmapped
from pipeline.models.record import MappedField, NormalisedRecord, UnmappedRow
from pipeline.models.report import Issue
from pipeline.models.row import Residue, Row
from pipeline.stages.validate.account import account_glyphs
from pipeline.stages.validate.checks import check_practice
from pipeline.stages.validate.drawn import report_concealed, report_drawn, report_overlapping
from pipeline.stages.validate.gaps import report_blank_pages, report_lost_rows, report_skipped_numbers
from pipeline.stages.validate.status import report_empty_pages, report_residue, settle_status
from pipeline.text.wording import MOST_TEXT

_PRINTED: Final = dict.fromkeys(("label", "text", "label_boxes", "value_boxes"), True) | {
    "links": {"__all__": {"url", "text"}}
}
"""What the contract takes of a row as the map stage gives it, as pydantic names it."""


def build_edition(info: EditionInfo, normalised: NormalisedEdition) -> ValidatedEdition:
    """Build an edition's practices and the report on them.

    Args:
        info: What is known of the edition.
        normalised: The records of all its chapters, and what is outside the chapters.

    Returns:
        The practices in document order, and the report. What does not fit the contract is None and an issue.

    Raises:
        StageError: A record names a field or a part that the contract does not know, or two chapters have one id:
            the stages before do not agree with the contract.
    """
    edition = _edition_of(info)
    pages = {page.number: page for page in info.pages}
    rest = normalised.rest
    records = [record.record for record in normalised.records]
    chapters = [record.chapter for record in records]
    practices: list[Practice] = []
    issues: list[Issue] = [*info.issues, *rest.issues]
    for record in normalised.records:
        practice, found = build_practice(edition, record)
        own = (*record.record.issues, *record.issues, *found, *check_practice(practice, pages))
        issues += [issue.model_copy(update={"practice": issue.practice or practice.id}) for issue in own]
        practices.append(practice)
    _require_unique_ids(practices)
    hidden = _list_concealed(info)
    accounts, account_issues = account_glyphs(info, rest, chapters, hidden)
    issues += account_issues
    issues += report_residue(rest.residue, practices)
    issues += report_empty_pages(accounts, practices)
    issues += report_skipped_numbers(rest.furniture, len(info.pages), practices)
    issues += report_blank_pages(info.pages, accounts, practices)
    issues += report_lost_rows(chapters, practices, info.pages)
    issues += report_drawn(info.pages, chapters)
    issues += report_concealed(info.pages, chapters)
    issues += report_overlapping(chapters)
    issues = [issue.model_copy(update={"edition": issue.edition or info.id}) for issue in issues]
    final, status = settle_status(info, tuple(dict.fromkeys(issues)))
    joins = tuple(_describe_join(chapter.id, row) for chapter in chapters for row in chapter.rows if len(row.pages) > 1)
    fields = [field for record in records for field in record.fields.values()]
    report = Report(
        schema_version=SCHEMA_VERSION,
        edition=edition,
        status=status,
        counts=Counts(
            **count_findings(practices, accounts, joins, final),
            rows=sum(len(chapter.rows) for chapter in chapters),
            fields=sum(not field.inline for field in fields),
            inline_fields=sum(field.inline for field in fields),
            slips=sum(field.match == "slip" for field in fields),
            drafts=sum(field.match == "draft" for field in fields),
        ),
        glyphs=accounts,
        residue=(*rest.residue, *hidden),
        tables=tuple(finding for chapter in chapters for finding in _describe_tables(chapter)),
        joins=joins,
        recognised_pages=tuple(page.number for page in info.pages if page.recognised),
        repairs=info.repairs,
        issues=final,
    )
    return ValidatedEdition(edition=edition, practices=tuple(practices), report=report)


def count_findings(
    practices: Sequence[Practice], accounts: Sequence[PageAccount], joins: Sequence[RowJoin], issues: Sequence[Issue]
) -> dict[str, int]:
    """Count what the practices and the report's lists hold, by the names of `Counts`."""
    tally = Counter(issue.severity for issue in issues)
    return {
        "practices": len(practices),
        "unmapped": sum(len(practice.unmapped) for practice in practices),
        "rows_over_page_breaks": len(joins),
        "labels_over_page_breaks": sum(join.label_joined for join in joins),
        "values_over_page_breaks": sum(join.value_joined for join in joins),
        "glyphs": sum(account.seen for account in accounts),
        "residue": sum(sum(account.residue.values()) for account in accounts),
        "errors": tally["error"],
        "warnings": tally["warning"],
        "notes": tally["note"],
    }


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
    same = {name: getattr(info, name) for name in Edition.model_fields if name not in {"source", "pages"}}
    return Edition(source=info.file, pages=len(info.pages), **same)


def build_practice(edition: Edition, normalised: NormalisedRecord) -> tuple[Practice, tuple[Issue, ...]]:
    """Build a practice by the contract's models.

    Args:
        edition: The edition, as it is in each practice.
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
            f"the record holds fields that the contract does not know: {', '.join(unknown)}; fix the map stage",
            edition=edition.id,
            practice=chapter.id,
        )
    issues: list[Issue] = []
    fields: dict[str, FieldValue | None] = dict.fromkeys(FIELDS)
    for name in FIELDS:
        if name in record.fields:
            fields[name], found = _build_field(edition, chapter.id, record.fields[name], normalised)
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
        raise StageError(
            f"the chapter does not fit the contract ({describe_invalid(error)}); fix the stage that gives it",
            edition=edition.id,
            practice=chapter.id,
        ) from error
    return practice, tuple(issues)


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
            f"the field {mapped.field!r} has {lacking}; fix the normalise stage", edition=edition.id, practice=practice
        )
    content: dict[str, Any] = {
        **mapped.model_dump(mode="json", include={**_PRINTED, "shared_with": True, "inline": True}),
        "available": normalised.available[mapped.field],
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
                    f"the field {mapped.field!r} does not fit the contract ({part}: {wrong['msg']}); fix the map stage"
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
                    text=mapped.text[:MOST_TEXT],
                    field=mapped.field,
                    label=mapped.label,
                    box=next(iter(mapped.value_boxes), None),
                )
            )
            content[part] = None


def _build_unmapped(row: UnmappedRow) -> Unmapped:
    printed = row.model_dump(mode="json", include=_PRINTED)
    return Unmapped.model_validate({**printed, "field": row.suggestion, "score": row.score})


def _describe_join(practice: str, row: Row) -> RowJoin:
    return RowJoin(
        practice=practice,
        label=row.label.one_line,
        pages=row.pages,
        label_joined=len(row.label.boxes) > 1,
        value_joined=len(row.value.boxes) > 1,
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
            evidence=tuple(evidence for evidence in get_args(TableEvidence) if evidence in found),
            confidence=min(part.confidence for part in fragments),
        )


def _require_unique_ids(practices: list[Practice]) -> None:
    for practice_id, count in Counter(practice.id for practice in practices).items():
        if count > 1:
            raise StageError(
                f"{count} chapters have the id {practice_id!r}, and would be one file; fix the chapter stage",
                edition=practices[0].edition.id,
                practice=practice_id,
            )
