"""The map stage's public function: reads a `Chapter`, writes a `Record`.

Rows are joined and divided by their labels (`joining`), labels are read (`labelling`), labels inside values found
(`inline`), and for what stays unknown the likely field is suggested (`suggest`). No row is dropped. A label in free
words is mapped where the lexicon knows all of them, with a note; none is mapped by likeness: that is for a person.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any, Final, NamedTuple

from pipeline import paths
from pipeline.lexicon import Lexicon
from pipeline.lexicon.countries import named_countries
from pipeline.lexicon.label_index import fold_label, index_labels, strip_numbering
from pipeline.models.chapter import Chapter
from pipeline.models.geometry import Box
from pipeline.models.practice import ANALYTICAL_FIELDS, DESCRIPTIVE_FIELDS, FIELDS
from pipeline.models.record import MappedField, Match, Record, UnmappedRow
from pipeline.models.report import Issue
from pipeline.models.row import Row
from pipeline.stages.map.inline import InlineLabel, find_inline_labels
from pipeline.stages.map.joining import settle_rows
from pipeline.stages.map.labelling import LabelReading, Part, begins_label, clean_label, is_whole, split_label
from pipeline.stages.map.placing import Placement
from pipeline.stages.map.suggest import Suggestion, UnknownRow, suggest_fields, weigh_words
from pipeline.stages.map.value_signs import FULL_SCORE, KIND_FIELDS, find_unfit_fields, read_signs
from pipeline.text.wording import MOST_TEXT

OWN_LABEL_WORDING: Final = 0.45
"""An unknown part of a label cell this similar to a field's label is a label of its own, not an addition to another."""


class _Claim(NamedTuple):
    """A row's part of a label cell that names a field."""

    row: int
    part: Part


class _Unknown(NamedTuple):
    """A row, or the part of its label, that names no field; `double` is the field that another row has already."""

    row: int
    start: int
    end: int
    double: str | None = None


def map_chapter(
    chapter: Chapter, edition: str, lexicon: Lexicon, refuted: frozenset[tuple[str, str]] = frozenset()
) -> Record:
    """Map a chapter's rows to the contract's fields.

    Args:
        chapter: The practice as printed.
        edition: Edition id, for the issues.
        lexicon: Words of the edition's language; its labels are what rows are mapped by.
        refuted: Folded labels and fields for which other practices speak against suggesting the one for the other.

    Returns:
        The record: every row's text is in a field or among the unmapped rows, with an issue for whatever is not as the
        lexicon has it.
    """
    return _Mapper(chapter, edition, lexicon, refuted).map()


class _Mapper:
    """One pass over a chapter."""

    def __init__(self, chapter: Chapter, edition: str, lexicon: Lexicon, refuted: frozenset[tuple[str, str]]) -> None:
        self._chapter = chapter
        self._edition = edition
        self._lexicon = lexicon
        self._labels_file = paths.name_schema(lexicon.language, "labels.yaml")
        self._index = index_labels(lexicon)
        self._extra_names = {
            fold_label(label.text): (name, label.status == "draft")
            for name, entry in lexicon.extra.items()
            for label in entry.labels
        }
        self._extra: dict[str, MappedField] = {}
        self._refuted = refuted
        self._wording = weigh_words(self._index)
        settled = settle_rows(chapter.rows, self._index)
        self._rows = settled.rows
        self._named = Counter(name for reading in settled.readings for name in reading.fields)
        read = [self._read_general(number, row, settled.readings) for number, row in enumerate(settled.rows)]
        self._readings = [self._decide_partial(*pair) for pair in zip(read, settled.rows, strict=True)]
        self._issues: list[Issue] = []
        for code, row, evidence in settled.changes:
            self._report(code, row, evidence=(evidence,))

    def map(self) -> Record:
        """Map the rows, then the labels inside values, then suggest fields for the rest."""
        claims, unknown = self._collect()
        fields = self._make_fields(claims)
        unmapped_places = [item.row for item in unknown]
        self._add_inline(fields, unmapped_places)
        unmapped = self._make_unmapped(unknown, claims, fields)
        self._report_missing(fields, unmapped)
        self._check_countries(fields)
        ordered = {name: fields[name] for name in FIELDS if name in fields}
        return Record(
            chapter=self._chapter.model_copy(update={"rows": self._rows}),
            fields=ordered,
            unmapped=tuple(unmapped),
            extra=self._extra,
            issues=tuple(self._issues),
        )

    def _decide_partial(self, reading: LabelReading, row: Row) -> LabelReading:
        """Decide over a label cell of which a part is unknown: is that part a label of its own, or several?

        Where it is none, but an addition to the known part, the whole cell is one unknown label.
        """
        if not reading.rest:
            return reading
        text = row.label.text
        starts = Placement(text, (line for part in row.fragments for line in part.label_lines)).line_starts()
        rest: list[tuple[int, int]] = []
        named = frozenset(self._named - Counter(reading.fields))
        for start, end in reading.rest:
            if reading.parts and not self._is_label(text, start, end, reading, starts):
                rest = self._split_unknown(text, 0, len(text), starts, named)
                kept = {(part.start, part.end): part for part in reading.parts if (part.start, part.end) in rest}
                return LabelReading(tuple(kept.values()), tuple(span for span in rest if span not in kept))
            rest.extend(self._split_unknown(text, start, end, starts, named))
        return LabelReading(reading.parts, tuple(rest))

    def _read_general(self, number: int, row: Row, readings: Sequence[LabelReading]) -> LabelReading:
        """Read a label of words too general to name a field (`level`, `done by`) by its value or its place.

        The value is one of the field's kind, or the rows before and behind have the fields before and behind that one.
        """
        text = row.label.text
        found = None if readings[number].parts else self._index.find_worded(text, sure=False)
        if found is None or self._named[found.known.field]:
            return readings[number]
        field = found.known.field
        kind = field in KIND_FIELDS and read_signs(row.value.text, self._lexicon).get(field, 0.0) >= FULL_SCORE
        place = FIELDS.index(field)
        before = readings[number - 1].fields[-1:] if number else ()
        behind = readings[number + 1].fields[:1] if number + 1 < len(readings) else ()
        between = (*before, *behind) == (*FIELDS[place - 1 : place], *FIELDS[place + 1 : place + 2])
        return LabelReading((Part(0, len(text), clean_label(text), found),)) if kind or between else readings[number]

    def _is_label(self, text: str, start: int, end: int, reading: LabelReading, starts: frozenset[int]) -> bool:
        """Return whether an unknown part of a cell is a label of its own besides the known ones.

        One before a known label is none where nothing ends it: the known label is the end of a longer one that the
        column's width wrapped ("Sprache dieser / Beschreibung").
        """
        after = min((part.start for part in reading.parts if part.start >= end), default=None)
        if after is not None and "\n" not in text[end:after] and text[end - 1] not in "?:.,;/":
            return False
        similar = self._wording.compare(text[start:end])
        if any(score >= OWN_LABEL_WORDING for name, (score, _) in similar.items() if name not in reading.fields):
            return True
        if not begins_label(text, start, starts):
            return False
        beside = [part for part in reading.parts if part.end <= start] or list(reading.parts)
        known = beside[-1]
        own_paragraph = start > 0 and "\n" in text[known.end : start]
        return is_whole(text, known) or own_paragraph

    def _split_unknown(
        self, text: str, start: int, end: int, starts: frozenset[int], named: frozenset[str]
    ) -> list[tuple[int, int]]:
        """Divide an unknown part of a cell into labels where each of these is like another field's label.

        At paragraphs and sentences; at printed lines, which a column's width may wrap before a capital too, only behind
        a word that can end a label, and where no other row names one of these fields (`named`). It stays one where it
        is surer of a field than any part, or that field has a label of as many sentences ("Is it …? If so, which?").
        """
        compared = self._wording.compare(text[start:end])
        likeness, field = max(((score, name) for name, (score, _) in compared.items()), default=(0.0, ""))
        alike = [other.text for other in self._index.known if other.field == field]
        most = max(len(split_label(other, 0, len(other))) for other in alike) if likeness >= OWN_LABEL_WORDING else 1
        words = self._index.wordings
        lines = {
            at
            for at in starts
            if at and (not words.has_words or words.list_fields_by_word(text[:at].rsplit(maxsplit=1)[-1]))
        }
        for cuts, taken in ((frozenset(), frozenset()), (lines, named)):
            spans = split_label(text, start, end, cuts)
            parts = (self._wording.compare(text[first:last]).items() for first, last in spans)
            nearest = [max(((score, name) for name, (score, _) in part), default=(0.0, "")) for part in parts]
            fields = {name for score, name in nearest if score >= OWN_LABEL_WORDING and name not in taken}
            # A single noun on the last line is the end of a label more often than one of its own.
            single = bool(cuts) and any(" " not in text[first:last] for first, last in spans)
            if len(spans) > most and len(fields) == len(spans) and not single and max(nearest)[0] >= likeness:
                return list(spans)
        return [(start, end)]

    def _collect(self) -> tuple[list[_Claim], list[_Unknown]]:
        """Give each field to the row that names it best; what else names it is kept as unmapped."""
        claims: dict[str, _Claim] = {}
        unknown: list[_Unknown] = []
        named = Counter(name for reading in self._readings for name in reading.fields)
        rows_of = {name: number for number, reading in enumerate(self._readings) for name in reading.fields}
        described = max((rows_of[name] for name in DESCRIPTIVE_FIELDS if name in rows_of), default=-1)
        judged = min((rows_of[name] for name in rows_of.keys() - DESCRIPTIVE_FIELDS - {"assessor"}), default=described)
        for number, (row, reading) in enumerate(zip(self._rows, self._readings, strict=True)):
            if self._take_extra(number, 0, len(row.label.text)):
                continue
            if not reading.parts and not reading.rest:
                unknown.append(_Unknown(number, 0, len(row.label.text)))
            unknown.extend(_Unknown(number, *span) for span in reading.rest if not self._take_extra(number, *span))
            for part in reading.parts:
                name = part.field
                early = name == "assessor" and number < min(described, judged)
                worded = part.found.worded and (named[name] > 1 or name in find_unfit_fields(row.value.text))
                if early or worded:
                    # Free words name no field that another row names too, and none that the value does not fit.
                    # "Who does it?" among the rows of the other table asks for no assessor.
                    unknown.append(_Unknown(number, part.start, part.end))
                    continue
                claim, loser = _Claim(number, part), claims.get(name)
                if loser is None or part.found.score > loser.part.found.score:
                    claims[name] = claim
                else:
                    loser = claim
                if loser is not None:
                    unknown.append(_Unknown(loser.row, loser.part.start, loser.part.end, name))
        return list(claims.values()), sorted(unknown)

    def _take_extra(self, number: int, start: int, end: int) -> bool:
        """Keep a row whose label the lexicon names as one of no field; only an exact label.

        A second one of the same name in a practice has a number behind its name: `contact_person_2`.
        """
        row = self._rows[number]
        label = clean_label(row.label.text[start:end])
        folded = fold_label(label)
        known = self._extra_names.get(folded) or self._extra_names.get(strip_numbering(folded))
        if known is None:
            return False
        name, draft = known
        if draft:
            self._report("draft_extra", row, label=label, name=name)
        if name in self._extra:
            name = next(free for place in count(2) if (free := f"{name}_{place}") not in self._extra)
        boxes = self._label_boxes(number, start, end)
        self._extra[name] = _make_field(row, field=name, label=label, label_boxes=boxes)
        return True

    def _make_fields(self, claims: Sequence[_Claim]) -> dict[str, MappedField]:
        """Make the fields that have a row."""
        by_row: dict[int, list[str]] = {}
        for claim in claims:
            by_row.setdefault(claim.row, []).append(claim.part.field)
        fields: dict[str, MappedField] = {}
        for claim in claims:
            row, part, name = self._rows[claim.row], claim.part, claim.part.field
            found = part.found
            match: Match = "slip" if found.slips else "draft" if found.known.draft else "exact"
            fields[name] = _make_field(
                row,
                field=name,
                label=part.label,
                label_boxes=self._label_boxes(claim.row, part.start, part.end),
                shared_with=tuple(other for other in FIELDS if other in by_row[claim.row] and other != name),
                match=match,
                score=found.score,
            )
            self._report_match(row, part, match)
        return fields

    def _label_boxes(self, number: int, start: int, end: int) -> tuple[Box, ...]:
        """Return the boxes of a part of a label cell: of its own words where they can be separated."""
        row = self._rows[number]
        if len(self._readings[number].parts) + len(self._readings[number].rest) < 2:
            return row.label.boxes
        lines = [line for part in row.fragments for line in part.label_lines]
        return Placement(row.label.text, lines).boxes(start, end) or row.label.boxes

    def _report_match(self, row: Row, part: Part, match: Match) -> None:
        """Report a label that is not as in the lexicon, or that no person has read yet."""
        known = part.found.known
        if match == "slip":
            self._report(
                "label_slip" if row.label.confidence is None else "recognised_label",
                row,
                label=part.label,
                field=known.field,
                score=part.found.score,
                evidence=(f"the lexicon has {known.text!r}",),
            )
        elif part.found.worded:
            self._report("worded_label", row, label=part.label, field=known.field)
        elif match == "draft":
            self._report("draft_label", row, label=part.label, field=known.field)

    def _add_inline(self, fields: dict[str, MappedField], unmapped_rows: Sequence[int]) -> None:
        """Add the fields that are named inside another row's text only."""
        lacking = [name for name in FIELDS if name not in fields]
        for inline in find_inline_labels([row.value for row in self._rows], lacking, self._index):
            row = self._rows[inline.host]
            name = inline.known.field
            label = clean_label(row.value.text[inline.label_start : inline.label_end])
            if name in fields:
                self._report("inline_label_twice", row, label=label, field=name)
                continue
            fields[name] = _make_inline(row, inline, label)
            host = "an unmapped row" if inline.host in unmapped_rows else "another row"
            self._report("inline_label", row, label=label, field=name, host=host)

    def _make_unmapped(
        self, unknown: Sequence[_Unknown], claims: Sequence[_Claim], fields: dict[str, MappedField]
    ) -> list[UnmappedRow]:
        """Keep the rows that no field answers to, each with its likely field."""
        new = [item for item in unknown if item.double is None]
        # Labels are counted one by one, for several of a cell are in an order of their own.
        spots = sorted(
            {*((claim.row, claim.part.start) for claim in claims), *((item.row, item.start) for item in new)}
        )
        mapped = [(spots.index((claim.row, claim.part.start)), claim.part.field) for claim in claims]
        rows = {item: self._describe_unknown(item, spots.index((item.row, item.start))) for item in new}
        named = {item: row for item, row in rows.items() if row.label}
        # A field found inside a text has no place among the rows, but is not lacking any more.
        inline = [name for name, value in fields.items() if value.inline]
        suggested = dict(
            zip(named, suggest_fields([*named.values()], mapped, self._wording, answered=inline), strict=True)
        )
        return [self._make_unmapped_row(item, suggested.get(item)) for item in unknown]

    def _describe_unknown(self, item: _Unknown, place: int) -> UnknownRow:
        """Say what is known of an unknown label; other practices or the kind of its value rule out fields."""
        row = self._rows[item.row]
        label = clean_label(row.label.text[item.start : item.end])
        signs = read_signs(row.value.text, self._lexicon)
        unfit = find_unfit_fields(row.value.text, signs if self._index.wordings.has_words else None)
        refuted = {field for refuted, field in self._refuted if refuted == fold_label(label)}
        return UnknownRow(label, place, signs, unfit | refuted)

    def _make_unmapped_row(self, item: _Unknown, suggestion: Suggestion | None) -> UnmappedRow:
        """Make an unmapped row and its issue."""
        row = self._rows[item.row]
        label = clean_label(row.label.text[item.start : item.end])
        if item.double is not None:
            suggestion = Suggestion(item.double, 1.0, ("the practice has another row with this label",))
            self._report("duplicate_field", row, label=label, field=item.double, evidence=suggestion.evidence)
        elif not label:
            self._report("empty_label", row)
        elif suggestion is None:
            self._report("unknown_label", row, label=label, likely="and none is likely")
        else:
            likely = f"the likely one is {suggestion.field!r}"
            self._report("unknown_label", row, label=label, likely=likely, **suggestion._asdict())
        field, score, evidence = suggestion or (None, None, ())
        return UnmappedRow(
            label=label,
            text=row.value.text,
            links=row.value.links,
            label_boxes=self._label_boxes(item.row, item.start, item.end),
            value_boxes=row.value.boxes,
            suggestion=field,
            score=score,
            evidence=evidence,
        )

    def _check_countries(self, fields: dict[str, MappedField]) -> None:
        """Report locations in other countries only: a practice whose heading was not found may have been joined."""
        place = fields.get("locations")
        named = frozenset() if place is None else named_countries(place.text, self._lexicon.country_names)
        if named and named.isdisjoint(self._chapter.countries):
            countries = ", ".join(self._chapter.countries)
            self._report_absence("location_elsewhere", "locations", named=", ".join(sorted(named)), countries=countries)

    def _report_missing(self, fields: dict[str, MappedField], unmapped: Sequence[UnmappedRow]) -> None:
        """Report the fields that the practice has no row for; a whole table that is missing is reported once."""
        likely = {row.suggestion: row.label for row in unmapped if row.suggestion is not None}
        for table, names in (("descriptive", DESCRIPTIVE_FIELDS), ("analytical", ANALYTICAL_FIELDS)):
            missing = [name for name in names if name not in fields]
            if len(missing) == len(names) and not likely.keys() & set(names):
                self._report_absence("missing_table", table=table)
                continue
            for name in missing:
                hint = (
                    f"the row {likely[name]!r} may be it: add its label to {self._labels_file}"
                    if name in likely
                    else "look at the practice's pages only if you expect one"
                )
                self._report_absence("missing_row", name, hint=hint)

    def _report_absence(self, code: str, field: str | None = None, **values: Any) -> None:
        """Add an issue about what is not there."""
        page = next((box.page for box in self._chapter.heading_block.boxes), None)
        self._issues.append(
            Issue.of(code, edition=self._edition, practice=self._chapter.id, page=page, field=field, **values)
        )

    def _report(self, code: str, row: Row, **values: Any) -> None:
        """Add an issue about a row; its label is the row's whole one, if no other is given."""
        values.setdefault("label", clean_label(row.label.text) or None)
        boxes = row.label.boxes or row.value.boxes
        place = {"box": boxes[0]} if boxes else {"page": row.pages[0]}
        self._issues.append(
            Issue.of(
                code,
                file=self._labels_file,
                edition=self._edition,
                practice=self._chapter.id,
                text=row.value.one_line[:MOST_TEXT] or None,
                **place,
                **values,
            )
        )


def _make_field(row: Row, **values: Any) -> MappedField:
    """Make a field of a row, with what differs from the whole of the row's value."""
    known = [value for value in (row.label.confidence, row.value.confidence) if value is not None]
    whole: dict[str, Any] = {"text": row.value.text, "links": row.value.links, "value_boxes": row.value.boxes}
    whole |= {"confidence": min(known, default=None), "source": row.value.source}
    return MappedField(**whole | values)


def _make_inline(row: Row, inline: InlineLabel, label: str) -> MappedField:
    """Make a field of the part of a text that belongs to a label inside it."""
    placement = Placement(row.value.text, (line for part in row.fragments for line in part.value_lines))
    return _make_field(
        row,
        field=inline.known.field,
        label=label,
        text=row.value.text[inline.start : inline.end],
        links=tuple(
            replace(link, start=link.start - inline.start, end=link.end - inline.start)
            for link in row.value.links
            if inline.start <= link.start and link.end <= inline.end
        ),
        label_boxes=placement.boxes(inline.label_start, inline.label_end) or row.value.boxes,
        value_boxes=placement.boxes(inline.start, inline.end) or row.value.boxes,
        inline=True,
        match="inline",
    )
