"""The registry of issue codes: what each means, how severe it is, its message and what to do about it.

Every issue is made from its kind (`pipeline.models.report.Issue.of`), and `docs/issues.md` is generated from this table
(`pipeline schema --write`). A code that was once published keeps its meaning; one no longer given keeps its line.
This module imports nothing of the package.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal

Status = Literal["good", "incomplete", "errors"]
"""A run's verdict: `errors` where any issue is an error, `incomplete` where a warning that spoils `good` is open."""
Severity = Literal["error", "warning", "note"]
"""`error`: the run is no success; `warning`: a person should look; `note`: what was done, for the record."""


@dataclass(frozen=True, slots=True)
class IssueKind:
    """One code.

    Attributes:
        severities: The severities that it may have; the first is the usual one.
        meaning: What the code says, for readers of the report.
        message: Template of what is the matter (`str.format`); may name the issue's attributes and values of its own.
        advice: Template of what to do next; looking at the page where the kind says nothing else.
        spoils_good: True where a warning of this code, not acknowledged in the sidecar, keeps an edition from `good`.
    """

    severities: tuple[Severity, ...]
    meaning: str
    message: str
    advice: str = "look at the page"
    spoils_good: bool = False

    def render(self, values: Mapping[str, object]) -> str:
        """The message and the advice with the values set in, on one line.

        Args:
            values: What the templates name. A number is followed by its noun where the template says which:
                `{glyphs:glyph}`, or `{glyphs:glyph was|glyphs were}` where the plural has more than an s.

        Raises:
            KeyError: A value that a template names is not there.
        """
        said = {key: _Said(value) for key, value in values.items()}
        return f"{self.message.format_map(said)}; {self.advice.format_map(said)}"


class _Said:
    """A value as a message says it."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __format__(self, noun: str) -> str:
        """The value, with its noun where there is one; nothing and yes and no in words."""
        if self._value is None:
            return "nothing"
        if isinstance(self._value, bool):
            return "yes" if self._value else "no"
        one, _, many = noun.partition("|")
        text = str(self._value)
        return f"{text} {one if self._value == 1 else many or f'{one}s'}" if one else text

    def __repr__(self) -> str:
        """A text in quotation marks, all else as it is said without them."""
        return repr(self._value) if isinstance(self._value, str) else format(self)


HARMLESS_RESIDUE: Final = frozenset({"furniture", "margin_note", "stamp", "line_numbers", "ornament", "concealed"})
"""Reasons of residue that belong to no chapter's text: such residue keeps no edition from `good`."""

_error: Final = partial(IssueKind, ("error",))
_warning: Final = partial(IssueKind, ("warning",))
_spoiling: Final = partial(IssueKind, ("warning",), spoils_good=True)
_without_rows: Final = partial(_spoiling, advice="look at the page, and report the layout if it has a table")
_note: Final = partial(IssueKind, ("note",))
_error_or_note: Final = partial(IssueKind, ("error", "note"))
_error_or_warning: Final = partial(IssueKind, ("error", "warning"))
_spoiling_or_note: Final = partial(IssueKind, ("warning", "note"), spoils_good=True)
_damage: Final = partial(_error_or_note, advice="get a sound copy")
_rows_to_compare: Final = partial(_note, advice="compare the rows with the page")
_note_to_compare: Final = partial(_note, advice="compare with the page")
_warning_to_compare: Final = partial(_warning, advice="compare with the page")
_contradiction: Final = partial(_error, advice="report it with the file")
_miscounted: Final = partial(_error, advice="keep the stages (--keep-stages) and compare them on this page")

KINDS: Final[Mapping[str, IssueKind]] = {
    # What was read of the file.
    "page_unreadable": _error(
        "A page could not be read; nothing on it is in the output.",
        "the page could not be read ({failure}), and its text is missing",
        "get a sound copy",
    ),
    "page_damaged": _damage(
        "A page is damaged: an error where readers of the page differ about its text.",
        "part of the page may be missing ({damage})",
    ),
    "file_damaged": _damage(
        "The file is damaged though no page failed: an error where readers differ about its text.",
        "{damage}",
    ),
    "repaired": _warning(
        "The file was repaired before it could be read.",
        "the file had to be repaired ({repair})",
        "compare the pages with another reader's",
    ),
    "text_outside_page": _error(
        "Much of a page's text is outside its visible part.",
        "{outside} of {glyphs:glyph} are outside the visible part of the page",
        "look at the page's boxes, or get a sound copy",
    ),
    "glyphs_without_text": _error_or_warning(
        "Glyphs have no Unicode value, because a font's ToUnicode map is missing or damaged.",
        "{unmapped} of {glyphs:glyph} have no Unicode value, because a font's ToUnicode map is missing or damaged",
        "get another copy, or run OCR on the page (pip install 'raccombat-pipeline[ocr]')",
    ),
    "text_concealed": _note(
        "Text that a reader of the page cannot see was left out; its letters are nowhere in the output.",
        "{count:glyph was|glyphs were} left out that a reader of the page cannot see ({why})",
        "look at the page, and if they belong to the text make them visible in the file",
    ),
    "page_concealed": _spoiling(
        "More than half of a page's text can't be seen, and no scan shows it.",
        "{hidden} of {glyphs:glyph} on the page can't be seen, and are left out: what the page says is lost",
        "make them visible in the file, and if they are hidden on purpose acknowledge it in the sidecar",
    ),
    "reader_disagrees": _error_or_warning(
        "A second, independent reader of a page sees other letters than the first one: an error where they are many.",
        "the readers see {first} and {second:letter} on this page ({differences})",
        "compare the values with the page, and report the file",
        spoils_good=True,
    ),
    "second_reading_left_out": _note(
        "Pages were read once only (`--no-second-reading`): letters that it missed, or in pictures, were not sought.",
        "the pages were read once only, and no letters were looked for in their pictures",
        "leave out --no-second-reading to have them checked",
    ),
    "second_reading_failed": _spoiling(
        "A page was not read a second time, so that nobody has checked what the first reader lacks.",
        "the second reader could not read the page ({failure})",
        "compare the values with the page",
    ),
    "page_not_recognised": _error_or_note(
        "A page is a picture of text, and could not be recognised; a note where it has text of its own.",
        "the page can be read by character recognition only, and its text is missing: {reason}",
        "look at the page, correct the cause, and run again",
    ),
    "text_layer_read": _spoiling(
        "A page is a picture, and its text was taken from the text layer that another program put behind it.",
        "the page is a picture, and its text is that of the layer behind it ({reason})",
        "compare the text with the page",
    ),
    "nothing_recognised": _spoiling(
        "Character recognition found no text on a page that is a picture.",
        "no text was recognised on this page, which is a picture",
        "if there is text on it, scan it again",
    ),
    "page_recognised": _spoiling_or_note(
        "A page's text comes from character recognition: a warning where words are doubtful.",
        "{found}",
        "compare the text with the page",
    ),
    # Tables and rows.
    "weak_table_evidence": _warning(
        "A table is shown by white space alone.",
        "{tables} shown by white space alone (no rules, no fills)",
        "compare the rows with the page",
    ),
    "left_out_other_table": _warning(
        "A table of more than two columns was left out.",
        "a table of {columns:column} is no label and text table and was left out",
    ),
    "left_out_concealed": _warning(
        "Text that a reader of the page cannot see was left out.",
        "text that cannot be seen on the page (invisible, in the background's colour or off the page) was left out",
        "look whether it belongs to the document",
    ),
    "left_out_rotated": _warning(
        "Text across the reading direction was left out.", "text set across the reading direction was left out"
    ),
    "left_out_remark": _warning(
        "A remark in an otherwise empty column was left out.",
        "text in a column that is empty in nearly all rows was left out",
    ),
    "left_out_margin_note": _note(
        "Text next to a table whose four sides are drawn, or on a bar at its side, is no part of it.",
        "text next to a table's frame, or on a bar at its side, is no part of it",
    ),
    "left_out_stamp": _note(
        "A stamp or watermark across cells was left out.", "letters of large type across cells were left out as a stamp"
    ),
    "left_out_line_numbers": _note(
        "Line numbers next to a table that is drawn on all sides were left out.",
        "numbers of lines in the margin of the table were left out",
        "look whether they belong to rows",
    ),
    "left_out_ornament": _note(
        "Signs that are no text were left out: rules set as characters, leader dots, colons in a column of their own.",
        "rules, leader dots or colons between the columns were left out",
    ),
    "nested_table": _note(
        "A value is divided into cells by edges: its text is given row by row, cells separated by tabs.",
        "the value of this row is a table of its own",
        "compare its cells with the page",
    ),
    "near_tie": _rows_to_compare(
        "Lines, or a page break, could nearly as well have been read otherwise: the log-odds add up to little.",
        "{text!r} was read as {state}, and could nearly as well be {second} (margin: {margin} log-odds)",
    ),
    "more_near_ties": _note(
        "A document has more near ties than are listed; the closest ones are.",
        "{count:more decision was|more decisions were} nearly a tie, besides the {listed} closest",
        "compare the rows with the pages, or give the tables rules",
    ),
    "tags_disagree": _rows_to_compare(
        "The file's structure tags disagree with where lines are; where too many do, the tags are not used at all.",
        "the structure tags of {disagreeing} of {lines} lines in tables disagree with the pages{use}",
    ),
    # Chapters and the language.
    "language_unconfirmed": _warning(
        "The text is too short to confirm the sidecar's language.",
        "the sidecar says {declared!r}, and the text is too short to check it",
        "look at a page",
    ),
    "language_disagrees": _error(
        "The text is in another language than the sidecar says.",
        "the sidecar says {declared!r}, the text looks like {detected!r}",
        "correct the sidecar's language",
    ),
    "no_practice": _error(
        "No chapter was found.",
        "no heading with a country comes before any table ({rows:row} found)",
        "look at the rows (pipeline rows PDF): where there are none, labels are not next to values, or the layout"
        " is not known yet, so report it; else check that the language is {language!r}, and add the countries' names to"
        " {file}",
    ),
    "row_without_heading": _error_or_warning(
        "A table has no heading above it: an error where its labels are the schema's.",
        "this table has no heading with a country above it, so its rows are kept as residue",
        "look at the page, and where a heading is there add its country's name to {file}",
    ),
    "count_disagrees": _warning(
        "The front matter states another number of practices or countries than the headings name.",
        "the front matter states {stated} {counted}, the headings name {found}",
        "look for a heading that was not found, and if there is none the disagreement is the source's own",
    ),
    "repeated_heading": _note(
        "A heading is printed again above the practice's next table.",
        "the heading is printed again above the practice's next table, and the table was added to the practice",
        "check that it is no practice of its own",
    ),
    "unknown_country": _error(
        "A heading does not begin with a known country, so that its practice has no id.",
        "this heading does not begin with a country that the lexicon knows, so its practice has no id and its rows are"
        " kept as residue",
        "add the country's name to {file}",
    ),
    "residue": _spoiling_or_note(
        "Text has no place in any row, heading or furniture: a warning, unless it is harmless or before all chapters.",
        "text without a place ({reason})",
        "look at the page, and if it belongs to a row report the layout",
    ),
    "furniture_once": _note(
        "A line at the head or foot of a page was taken for a running line, and no other page has it or one like it.",
        "'{text}' was taken for a running line, and is on this page alone",
        "look at the page, and if it belongs to a row report the layout",
    ),
    "page_without_rows": _without_rows(
        "A page within a practice has text, and no row or heading.",
        "the page has {glyphs:glyph} and no row, and is between pages of the practice that have rows",
    ),
    "page_empty": _spoiling(
        "A page between pages with rows has nothing to be seen on it but running lines.",
        "the page is between pages with rows, and has nothing on it that can be seen",
        "look for the page in another copy, and if it is empty there acknowledge it in the sidecar",
    ),
    "page_number_skipped": _spoiling(
        "The printed page numbers leave some out, so that pages seem to be missing from the file.",
        "this page has the number {number}, and the page before it {before}",
        "look for the pages between the two in another copy, and if there are none acknowledge it in the sidecar",
    ),
    "rows_lost": _spoiling(
        "Rows that nearly all other practices have are missing where a page ends, or a sentence is cut off there.",
        "rows seem to be missing behind the last one of this page ({why})",
        "look for a page that is missing or empty, and if there is none acknowledge it in the sidecar",
    ),
    "text_drawn": _spoiling(
        "Among a practice's rows letters are drawn as outlines or are in a picture, or have a replacement text with"
        " others, or a picture is all of a value.",
        "{lines:line} of letters without their text and {pictures:picture} are among the practice's rows: what a"
        " person reads there is missing",
        "look at the page, and if it belongs to the practice get a copy with text, or run OCR on it",
    ),
    "row_concealed": _spoiling(
        "Text that a reader of the page cannot see is all of a value, or is where a label is expected.",
        "{count:glyph that can't be seen is|glyphs that can't be seen are} {place}, which is lost",
        "make them visible in the file, and if they are hidden on purpose acknowledge it in the sidecar",
    ),
    "texts_overlap": _spoiling(
        "Two texts are set over one another in a label or a value.",
        "two texts are over one another, and are given one after the other ('{text}')",
        "look which of them can be read on the page, and if both are right acknowledge it in the sidecar",
    ),
    "practice_without_rows": _without_rows(
        "A page before or after all chapters looks like a page of one (its heading, labels or column), and has no row.",
        "the page has {glyphs:glyph} and looks like a practice's, and no row was found on it",
    ),
    "heading_number_skipped": _spoiling(
        "The numbers in front of two practices' headings leave one out.",
        "this heading has the number {number}, and the practice before it {before}",
        "look for a practice between the two, and if there is none the numbers are the source's own",
    ),
    "location_elsewhere": _spoiling(
        "A practice's locations name countries, and none of its heading's: its rows may be another practice's.",
        "the locations name {named}, the heading names {countries}",
        "look for a heading that was not found above this row",
    ),
    "heading_in_heading": _spoiling(
        "A heading's later lines begin with a country of their own.",
        "the heading holds {inner!r}, which begins with a country of its own",
        "look whether a practice was lost between the two",
    ),
    "stale_acknowledgement": _spoiling(
        "The sidecar acknowledges an issue that is no longer reported.",
        "the sidecar acknowledges {entry} (digest {stale}), which is not reported",
        "remove the entry from the sidecar",
    ),
    # Labels.
    "row_joined": _note_to_compare(
        "Two parts of a table were joined to one row by their labels.",
        "two parts of the table are one row by their labels and were joined",
    ),
    "row_without_label_joined": _spoiling(
        "A row without a label was joined to the row above it.",
        "a row without a label was joined to the row above it",
        "compare with the page; if it is a row of its own report the layout",
    ),
    "row_divided": _note_to_compare(
        "A row over a page break was divided, for it holds the labels of two rows.",
        "a row over a page break was divided, for it holds the labels of two rows",
    ),
    "unknown_label": _error(
        "No field answers to a label.",
        "no field answers to this label, {likely}",
        "if it means a field, add the label to that field in {file}; if it means none, name the row there under extra",
    ),
    "empty_label": _error(
        "A row has no label, and no row above it to continue.",
        "this row has no label and no row above it to continue",
        "compare with the page",
    ),
    "duplicate_field": _error(
        "A second row of a practice names the same field.",
        "a second row names {field!r} and was kept as unmapped",
        "compare with the page, and give the row that means something else a label of its own in {file}",
    ),
    "label_slip": _warning(
        "A label differs from the lexicon's by a typo.",
        "the label differs from the lexicon's by a typo and was mapped to {field!r}",
        "if it is right as printed, add it to {file}",
    ),
    "recognised_label": _warning_to_compare(
        "A recognised label was mapped in spite of recognition errors.",
        "the recognised label was mapped to {field!r} in spite of errors",
    ),
    "draft_label": _note(
        "A label was mapped by a draft entry of the lexicon.",
        "the label was mapped by a draft entry",
        "read it and set its status to verified in {file}",
    ),
    "draft_extra": _note(
        "A row of no field was kept by a draft entry of the lexicon.",
        "the row is known as {name!r}, of no field, and nobody has described it yet",
        "give it an English name, say what it is and set its status to verified in {file}",
    ),
    "worded_label": _note(
        "A label in words that the lexicon has no entry for was mapped by what they name.",
        "the label's words name this field",
        "read it; where the field is wrong, add the label to the right one in {file}",
    ),
    "inline_label": _note_to_compare(
        "A field was read from inside another row's text.",
        "{field!r} has no row and was taken from inside {host}'s text",
    ),
    "inline_label_twice": _warning_to_compare(
        "A field is named inside texts more than once.",
        "{field!r} is named inside a text once more, and the first place was taken",
    ),
    "missing_table": _warning(
        "A practice has no row of one of its two tables.",
        "the practice has no row of the {table} table",
        "look at its pages, and if the table is there, at the headings and labels that were found",
    ),
    "missing_row": _note("A practice has no row for a field.", "the practice has no row for {field!r}", "{hint}"),
    # Values.
    "value_not_normalised": _warning(
        "A part's value is in the text and could not be read from it.", "{trouble}", "{remedy}"
    ),
    "stale_correction": _warning(
        "A correction's typo is no longer in the text.",
        "the typo {expected!r} is no longer in this practice's {field}",
        "remove its entry from {file}",
    ),
    "correction_of_no_practice": _warning(
        "A correction names a practice that the edition does not have.",
        "the correction of {expected!r} names {named!r}, which is no practice of this edition",
        "correct its practice in {file}, or remove it",
    ),
    "part_refused": _error(
        "A part's value is not in the contract's form.",
        "the part {part!r} cannot be {refused!r} ({why}), and is null now",
        "correct the lexicon or the corrections of this language",
    ),
    "country_not_in_iso_3166": _error(
        "A country's code is not in ISO 3166-1.",
        "{country!r} is no country of ISO 3166-1",
        "correct the lexicon's countries",
    ),
    "unknown_currency": _error(
        "A currency is not in ISO 4217.",
        "{field}: {currency!r} is no currency of ISO 4217",
        "correct the lexicon's currencies",
    ),
    "unknown_language": _error(
        "A language is not one that CLDR knows.",
        "{field}: {language!r} is no language that CLDR knows",
        "correct the lexicon's languages",
    ),
    "shared_not_mutual": _contradiction(
        "Two fields of one cell do not name each other.",
        "{field}: says that it shares its cell with {other!r}, which does not say so of it, or has another text",
    ),
    "place_unknown": _contradiction("A label or value has no place on the pages.", "{field}: the {what} has no box"),
    "place_disordered": _contradiction(
        "A label's or value's boxes are out of order.",
        "{field}: the {what} has more than one box on a page, or its pages are out of order",
    ),
    "place_outside_practice": _contradiction(
        "A label or value is on a page that is not its practice's.",
        "{field}: the {what} is on page {outside}, outside the practice",
    ),
    "box_outside_page": _warning(
        "A box is no rectangle inside its page.", "{field}: the {what}'s box is no rectangle inside its page"
    ),
    "sign_unknown": _error(
        "A label or text holds characters of which the file does not say what they are.",
        "{field}: the {what} holds {count:character} of which the file does not say what they are (control or"
        " private-use codes, or none at all)",
        "compare with the page, and get another copy",
    ),
    "letters_doubtful": _spoiling(
        "A text has letters of no language of the contract.", "{field}: the {what} has '{letters}', as wrong maps give"
    ),
    "text_form": _contradiction(
        "A label or text is not in the contract's form.",
        "{field}: the {what} is not in the contract's form (NFC, single spaces, no controls, a label on one line)",
    ),
    "link_text_absent": _warning(
        "A link's text is not in its value's text.", "{field}: the link's text {link!r} is not in the value"
    ),
    "link_without_text": _note(
        "A link is over no text and next to none, as on a picture: it is in no value.",
        "a link on the page is over no text, and is left out",
        "look at the page, and if the link belongs to a value report the file",
    ),
    "link_active": _warning(
        "A link's target is a script or holds a page of its own: a browser that follows it runs what somebody wrote.",
        "{field}: a link's target is a script or data, and no address",
        "follow it nowhere, and take it out of the file",
    ),
    "no_such_date": _error(
        "A date names a day that the calendar does not have.",
        "{field}: there is no day {date}",
        "add a correction of the source's typo",
    ),
    "period_reversed": _warning(
        "A period ends before it starts.",
        "{field}: starts at {start}, after its end {end}",
        "check the page, and add a correction if the source is wrong",
    ),
    "period_disagrees": _contradiction(
        "A period's interval disagrees with its start and end, or with whether it still runs.",
        "{field}: the interval {edtf} disagrees with its start ({start}), its end ({end}) or its ongoing ({ongoing})",
    ),
    # The account of glyphs.
    "glyphs_nowhere": _miscounted(
        "Text is on a page that the file does not have.", "text is on a page that the file does not have"
    ),
    "glyphs_twice": _miscounted(
        "Glyphs are in two places of the output.", "{glyphs:glyph is|glyphs are} in two places"
    ),
    "glyphs_lost": _miscounted(
        "Glyphs that were read are nowhere in the output.",
        "{glyphs:glyph was|glyphs were} read (of them {white:blank} outside the lines), {placed} have a place",
    ),
}
"""The kinds of issues by their code, a stable name in `snake_case`."""
