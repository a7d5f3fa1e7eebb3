"""Learns a language's lexicon from an edition in it and a known edition; reads `Document` and `ValidatedEdition`."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from pipeline import paths
from pipeline.authoring.learn.alignment import NewRow, Pair, align_editions, likelihood, unaligned
from pipeline.authoring.learn.candidates import AlignedField
from pipeline.authoring.learn.countries import CountryDraft, learn_countries
from pipeline.authoring.learn.evidence import sign_cell
from pipeline.authoring.learn.known import KnownRow, list_known_rows
from pipeline.authoring.learn.labels import LearnedLabel, Vote, holds_labels, learn_labels
from pipeline.authoring.learn.values import LearnedWord, learn_words
from pipeline.errors import InputError
from pipeline.lexicon import LabelEntry, Lexicon
from pipeline.lexicon.cldr import read_cldr
from pipeline.lexicon.countries import Countries, build_country_names
from pipeline.lexicon.label_index import fold_label
from pipeline.models.chapter import Chapter
from pipeline.models.edition import ValidatedEdition
from pipeline.models.practice import ANALYTICAL_FIELDS, DESCRIPTIVE_FIELDS, FIELDS, Practice
from pipeline.models.row import Document, Row
from pipeline.stages.chapter.chapters import divide_chapters
from pipeline.stages.map.mapping import map_chapter
from pipeline.stages.map.placing import Placement
from pipeline.stages.map.value_signs import find_unfit_fields
from pipeline.text.wording import count

MOST_OF_TWO: Final = 0.9
"""How sure a row at most corresponds that has nothing in common with the known one, next to a row that corresponds to
none: either may be it. Below `LEAST_ALONE`, so that one practice does not decide."""

TABLES: Final = (DESCRIPTIVE_FIELDS, ANALYTICAL_FIELDS)
"""The fields of a practice's two tables, where a chapter has two."""


class Learned(NamedTuple):
    """What was learnt of a language, and what was not.

    Attributes:
        language: BCP 47 code.
        edition: Id of the edition that it was learnt from.
        like: Id of the known edition.
        chapters: Practice ids that correspond (new, known).
        labels: By field in the contract's order.
        countries: Names of countries that CLDR lacks.
        words: Value words.
        undecided: What could not be decided, one line each.
    """

    language: str
    edition: str
    like: str
    chapters: tuple[tuple[str, str], ...]
    labels: tuple[LearnedLabel, ...]
    countries: tuple[CountryDraft, ...]
    words: tuple[LearnedWord, ...]
    undecided: tuple[str, ...]


class Match(NamedTuple):
    """A chapter of the new edition and the known practice that it corresponds to.

    Attributes:
        chapter: The chapter.
        practice: The practice.
        rows: The chapter's rows.
        known: The practice's rows.
        pairs: Which of them correspond, by their numbers.
    """

    chapter: Chapter
    practice: Practice
    rows: Sequence[NewRow]
    known: Sequence[KnownRow]
    pairs: tuple[Pair, ...]

    def rows_of(self, pair: Pair) -> list[NewRow]:
        """The chapter's rows of a pair."""
        return [self.rows[number] for number in pair.new]

    def known_of(self, pair: Pair) -> list[KnownRow]:
        """The practice's rows of a pair."""
        return [self.known[number] for number in pair.known]

    def fields_of(self, pair: Pair) -> list[str]:
        """The fields that a pair's known rows have."""
        return [name for row in self.known_of(pair) for name in row.fields]


def learn_language(
    document: Document, edition: str, language: str, known: ValidatedEdition, known_lexicon: Lexicon
) -> Learned:
    """Draft a language's lexicon from one edition in it.

    Args:
        document: The new edition's rows and text blocks.
        edition: Its id, for messages.
        language: Its language, BCP 47.
        known: An extracted edition of the same collection in a known language.
        known_lexicon: The lexicon of that language.

    Returns:
        Labels, names of countries and value words, each with a score and what speaks for it; and what could not be
        decided.

    Raises:
        InputError: No chapter of the new edition corresponds to one of the known edition.
    """
    order = [(practice.id, practice.countries) for practice in known.practices]
    countries = learn_countries(document, _start_lexicon(language, ()).country_names, order)
    start = _start_lexicon(language, countries)
    chapters = divide_chapters(document, edition, start).chapters
    rows = _list_rows(chapters)
    known_rows = [list_known_rows(practice) for practice in known.practices]
    aligned = align_editions(
        [(chapter.countries, own) for chapter, own in zip(chapters, rows, strict=True)],
        [(practice.countries, own) for practice, own in zip(known.practices, known_rows, strict=True)],
    )
    if not aligned:
        raise InputError(
            f"no practice of this edition has the countries of one in {known.edition.id!r}"
            f" ({count(len(chapters), 'practice')} found in language {language!r}); check the language, or name"
            " another known edition",
            edition=edition,
        )
    matches = [
        Match(chapters[new], known.practices[old], rows[new], known_rows[old], pairs) for new, old, pairs in aligned
    ]
    collected = [_collect_votes(match) for match in matches]
    learned = learn_labels(
        [vote for votes, _ in collected for vote in votes],
        {match.practice.id: {fold_label(row.label) for row in match.rows} for match in matches},
    )
    drafted = {fold_label(label.text) for label in learned.labels}
    dropped = [said for _, others in collected for label, said in others if fold_label(label) not in drafted]
    base = _add_labels(start, learned.labels)
    words = learn_words([cell for match in matches for cell in _list_cells(match, edition, base)], known_lexicon, base)
    errors = known.report.counts.errors
    undecided = [
        *[f"{known.edition.id} has {count(errors, 'error')} itself, which are learnt with it; correct them first"]
        * bool(errors),
        *_list_unmatched_chapters(matches, chapters, known.edition.id),
        *(line for match in matches for line in _list_unmatched_rows(match, known.edition.id)),
        *dropped,
        *learned.undecided,
        *_list_unlabelled_fields(matches, base),
        *words.undecided,
    ]
    return Learned(
        language=language,
        edition=edition,
        like=known.edition.id,
        chapters=tuple((match.chapter.id, match.practice.id) for match in matches),
        labels=learned.labels,
        countries=countries,
        words=words.words,
        undecided=tuple(undecided),
    )


def find_countries(document: Document, edition: str, language: str) -> tuple[tuple[str, ...], ...]:
    """Find the countries of each practice in a language without a lexicon, by the names that CLDR has for them.

    Args:
        document: The edition's rows and text blocks.
        edition: Its id, for messages.
        language: Its language, BCP 47.
    """
    chapters = divide_chapters(document, edition, _start_lexicon(language, ())).chapters
    return tuple(tuple(chapter.countries) for chapter in chapters)


def _start_lexicon(language: str, countries: Sequence[CountryDraft]) -> Lexicon:
    """A lexicon of what CLDR knows of a language, and the names found in headings."""
    names: dict[str, tuple[str, ...]] = {}
    for draft in countries:
        names[draft.code] = (*names.get(draft.code, ()), draft.name)
    cldr = read_cldr(language)
    return Lexicon(
        language=language,
        labels={},
        country_names=build_country_names(cldr, Countries(names=names)),
        cldr=cldr,
        digest=f"learning {language} {names}",
    )


def _add_labels(lexicon: Lexicon, labels: Sequence[LearnedLabel]) -> Lexicon:
    """A lexicon with the labels that were learnt."""
    entries: dict[str, tuple[LabelEntry, ...]] = {}
    for label in labels:
        entries[label.field] = (*entries.get(label.field, ()), LabelEntry(text=label.text, status="draft"))
    return lexicon.model_copy(update={"labels": entries, "digest": f"{lexicon.digest}: {labels!r}"})


def _list_rows(chapters: Sequence[Chapter]) -> list[list[NewRow]]:
    """List the chapters' rows; two rows over a page break whose labels together are one elsewhere are one row."""
    whole = {fold_label(row.label.one_line) for chapter in chapters for row in chapter.rows}
    listed: list[list[NewRow]] = []
    for chapter in chapters:
        rows = list(map(_read_row, chapter.rows[:1]))
        for before, row in pairwise(chapter.rows):
            new = _read_row(row)
            joined = f"{rows[-1].label} {new.label}"
            if before.pages[-1] < row.pages[0] and fold_label(joined) in whole and fold_label(new.label):
                first = rows.pop()
                text, urls = f"{first.text}\n{new.text}".strip(), first.urls + new.urls
                new = NewRow(joined, text, urls, label_text=joined, page=first.page, table=first.table)
            rows.append(new)
        listed.append(rows)
    return listed


def _read_row(row: Row) -> NewRow:
    text = row.label.text
    starts = Placement(text, (line for part in row.fragments for line in part.label_lines)).line_starts()
    urls = tuple(link.url for link in row.value.links)
    return NewRow(row.label.one_line, row.value.text, urls, text, starts, row.pages[0], row.table)


def _collect_votes(match: Match) -> tuple[list[Vote], list[tuple[str, str]]]:
    """Collect which label cell was aligned with which fields; and the labels that can't be theirs, with why not."""
    votes, dropped = [], []
    practice, tables = match.practice.id, sorted({row.table for row in match.rows})
    misplaced = {pair: _find_misplaced(match.rows_of(pair), match.fields_of(pair), tables) for pair in match.pairs}
    missing = unaligned(len(match.known), match.pairs, "known")
    spare = [*unaligned(len(match.rows), match.pairs, "new")]
    spare += [number for pair, why in misplaced.items() if why for number in pair.new]
    for pair in match.pairs:
        rows, known, fields = match.rows_of(pair), match.known_of(pair), match.fields_of(pair)
        hidden = [name for number in _are_next(pair.known, missing) for name in match.known[number].fields]
        why, lone = misplaced[pair], len(rows) == len(fields) == 1
        if not why and hidden and lone and holds_labels(rows[0].label_text, rows[0].line_starts):
            why = f"may hold the label of {', '.join(hidden)} too"
        if why:
            place = f"is where {', '.join(fields)} should be, and {why}"
            dropped += [(row.label, f"{practice}, page {row.page}: the row {row.label!r} {place}") for row in rows]
            continue
        weight = likelihood(pair.score)
        if _are_next(pair.new, spare) and not any(_have_in_common(row, other) for row in rows for other in known):
            weight = min(weight, MOST_OF_TWO)
        labels = [label for row in known if row.fields for label in row.labels]
        # Of several rows for as many fields, which one row with several labels was divided into, each has its field.
        each = [((name,), (label,)) for name, label in zip(fields, labels, strict=True)]
        meanings = [(tuple(fields), tuple(labels))] if len(rows) == 1 else each
        if fields and len(rows) == len(meanings):
            votes += [
                Vote(row.label_text, row.line_starts, *meaning, weight, practice)
                for row, meaning in zip(rows, meanings, strict=True)
            ]
    return votes, dropped


def _find_misplaced(rows: Sequence[NewRow], fields: Sequence[str], tables: Sequence[int]) -> str:
    """Say why rows can't be those of the first field; nothing where they can."""
    if not fields:
        return ""
    if len(tables) == len(TABLES) and any(fields[0] not in TABLES[tables.index(row.table)] for row in rows):
        # A row of one table is none of the other's fields, whatever their order.
        return "is in the other table"
    if any(any(map(str.isdigit, row.text)) and fields[0] in find_unfit_fields(row.text) for row in rows):
        # A figure is no place, a mere address no aim: it is a new row in the field's place.
        return "has a text that the field can't have"
    return ""


def _are_next(numbers: Sequence[int], others: Sequence[int]) -> list[int]:
    """List the other rows that are next to one of these."""
    return [other for other in others if any(abs(other - number) == 1 for number in numbers)]


def _have_in_common(row: NewRow, known: KnownRow) -> bool:
    """Return whether two values have a link, a number or a name in common."""
    one, other = (sign_cell(cell.label, cell.text, cell.urls) for cell in (row, known))
    return not (one.urls.isdisjoint(other.urls) and one.tokens.isdisjoint(other.tokens))


def _list_cells(match: Match, edition: str, lexicon: Lexicon) -> list[AlignedField]:
    """List the fields that both editions have."""
    record = map_chapter(match.chapter, edition, lexicon)
    cells = []
    for name, known in match.practice.fields.present.items():
        if name in record.fields:
            parts, new = known.model_dump(mode="json"), record.fields[name]
            cells.append(AlignedField(match.practice.id, name, known.text, known.available, parts, new, record))
    return cells


def _list_unmatched_chapters(matches: Sequence[Match], chapters: Sequence[Chapter], like: str) -> list[str]:
    """List the chapters that correspond to none, and those that may be another practice's."""
    matched = {match.chapter.id for match in matches}
    lines = [
        f"page {chapter.heading_block.boxes[0].page}: {chapter.heading!r} corresponds to no practice of {like}; its"
        " rows were left out"
        for chapter in chapters
        if chapter.id not in matched
    ]
    lines += [
        f"{match.chapter.id} was aligned with {match.practice.id}: some practices of these countries are missing on one"
        " side"
        for match in matches
        if match.chapter.id != match.practice.id
    ]
    return lines


def _list_unmatched_rows(match: Match, like: str) -> list[str]:
    """List the rows of a match that correspond to none, on both sides, and rows merged in other ways."""
    practice, lines = match.practice.id, []
    for number in unaligned(len(match.rows), match.pairs, "new"):
        row = match.rows[number]
        lines.append(f"{practice}, page {row.page}: the row {row.label!r} corresponds to none of {like}")
    for number in unaligned(len(match.known), match.pairs, "known"):
        names = ", ".join(match.known[number].fields) or "an unmapped row"
        lines.append(f"{practice}: no row corresponds to that of {names}")
    for pair in match.pairs:
        fields = match.fields_of(pair)
        if len(pair.new) > 1 and len(pair.new) != len(fields):
            labels = " and ".join(repr(row.label) for row in match.rows_of(pair))
            lines.append(f"{practice}: the rows {labels} together are where {', '.join(fields)} should be")
    return lines


def _list_unlabelled_fields(matches: Sequence[Match], lexicon: Lexicon) -> list[str]:
    """List the fields of matched practices that got no label."""
    expected = {name for match in matches for name, value in match.practice.fields.present.items() if not value.inline}
    return [
        f"{name} has no label yet; add it to {paths.name_schema(lexicon.language, 'labels.yaml')}"
        for name in FIELDS
        if name in expected and name not in lexicon.labels
    ]
