"""The normalise stage: reads a `Record`, writes a `NormalisedRecord`."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from pydantic import JsonValue

from pipeline import paths
from pipeline.lexicon import Corrections, Lexicon
from pipeline.lexicon.values import STATEMENT_VERDICTS
from pipeline.models.practice import FIELDS, PARTS
from pipeline.models.record import MappedField, NormalisedRecord, Record
from pipeline.models.report import Issue
from pipeline.stages.normalise.access import find_access
from pipeline.stages.normalise.boxes import read_boxes
from pipeline.stages.normalise.choices import (
    UNANSWERED,
    UNDECIDED,
    find_codes,
    find_unmeant,
    find_unread_items,
    find_verdict,
    is_enumeration,
    is_unavailable,
)
from pipeline.stages.normalise.languages import find_languages
from pipeline.stages.normalise.money import find_money, find_shares
from pipeline.stages.normalise.period import find_period
from pipeline.stages.normalise.places import find_places

TEXT_START: Final = 120
"""Characters of the text that an issue quotes."""


LISTED: Final = frozenset({"groups", "channels"})
"""Parts that are lists: an item whose words are not known may be one more."""


class Unnormalised(NamedTuple):
    """Something that could not be normalised: what, the lexicon file that would fix it, and how."""

    what: str
    file: str
    remedy: str = "add the words that say it to"


class Value(NamedTuple):
    """A field's value: its parts by the contract's names, what is not normalised, and whether it says anything."""

    parts: Mapping[str, JsonValue]
    troubles: tuple[Unnormalised, ...] = ()
    available: bool = True


def normalise_record(record: Record, lexicon: Lexicon, corrections: Corrections) -> NormalisedRecord:
    """Normalise the values of a practice.

    Args:
        record: The practice's rows by field.
        lexicon: The words of the edition's language.
        corrections: Evident typos of the edition, and how they are read.

    Returns:
        The record with `available` for every field it has and the parts of every field that has parts (the contract's
        names); a part that the text does not state is None. What could not be normalised, a missing lexicon file and a
        stale correction are issues.
    """
    available: dict[str, bool] = {}
    parts: dict[str, Mapping[str, JsonValue]] = {}
    issues = _check_corrections(record, corrections)
    for name in FIELDS:
        field = record.fields.get(name)
        if field is None:
            continue
        value = normalise_value(field, _corrected(record, field, corrections), lexicon)
        available[name] = value.available
        if name in PARTS:
            parts[name] = value.parts
        issues.extend(
            _issue(record, field, trouble.what, f"{trouble.remedy} {paths.name_schema(lexicon.language, trouble.file)}")
            for trouble in value.troubles
        )
    available |= {name: not is_unavailable(field.text, lexicon) for name, field in record.extra.items()}
    return NormalisedRecord(record=record, available=available, parts=parts, issues=tuple(issues))


def normalise_value(field: MappedField, text: str, lexicon: Lexicon) -> Value:
    """Normalise one field's value.

    Args:
        field: The field as printed: its name, its text, and which other fields its cell answers.
        text: Its text as it is meant, white space as single spaces.
        lexicon: The words of its language.
    """
    if is_unavailable(field.text, lexicon):
        return Value(dict.fromkeys(PARTS.get(field.field, ())), available=False)
    if field.field not in PARTS:
        return Value({})
    # The accessibility cell's sub-labels are given as printed.
    read = text if field.field == "accessibility" else read_boxes(text, heads=field.field not in STATEMENT_VERDICTS)
    result = _NORMALISERS[field.field](field, read, lexicon)
    return result._replace(parts={part: result.parts[part] for part in PARTS[field.field]})


def _corrected(record: Record, field: MappedField, corrections: Corrections) -> str:
    """Return a field's text with single spaces, and with the edition's typos read as they are meant."""
    text = "\n".join(" ".join(line.split()) for line in field.text.split("\n"))
    for entry in corrections.of(record.chapter.id, record.chapter.countries, field.field):
        text = text.replace(entry.expected, entry.read_as)
    return text


def _check_corrections(record: Record, corrections: Corrections) -> list[Issue]:
    """Report corrections of this practice whose typo is no longer there."""
    issues = []
    for entry in corrections.entries:
        if entry.practice != record.chapter.id:
            continue
        field = record.fields.get(entry.field)
        if field is None or entry.expected not in field.text:
            place: dict[str, Any] = {}
            if field is not None:
                page = next((box.page for box in field.value_boxes), None)
                place = {"page": page, "label": field.label, "text": field.text[:TEXT_START]}
            issues.append(
                Issue.of(
                    "stale_correction",
                    expected=entry.expected,
                    file=f"schemas/corrections/{corrections.source}",
                    practice=record.chapter.id,
                    field=entry.field,
                    **place,
                )
            )
    return issues


def _issue(record: Record, field: MappedField, trouble: str, remedy: str) -> Issue:
    """Make the issue of a value that could not be normalised."""
    return Issue.of(
        "value_not_normalised",
        trouble=trouble,
        remedy=remedy,
        practice=record.chapter.id,
        box=next(iter(field.value_boxes), None),
        label=field.label,
        field=field.field,
        text=field.text[:TEXT_START],
    )


def _normalise_locations(_field: MappedField, text: str, lexicon: Lexicon) -> Value:
    """Normalise the places; prose is no trouble, the contract expects none there."""
    places = find_places(text, lexicon)
    return Value({"places": None if places is None else list[JsonValue](places)})


def _normalise_period(_field: MappedField, text: str, lexicon: Lexicon) -> Value:
    """Normalise start, end and interval."""
    period = find_period(text, lexicon)
    troubles: tuple[Unnormalised, ...] = ()
    if period.trouble is not None:
        remedy = "check the printed dates; add the words that tell start from end to"
        troubles = (Unnormalised(period.trouble, "dates.yaml", remedy),)
    return Value(period._asdict(), troubles)


def _normalise_codes(part: str) -> Callable[[MappedField, str, Lexicon], Value]:
    """Make the normaliser of a choice: a list of codes, one `level`, or one `scope`, which both codes together are."""

    def normalise(field: MappedField, text: str, lexicon: Lexicon) -> Value:
        codes = find_codes(field.field, text, lexicon)
        unmeant = tuple(
            Unnormalised(f"{clause!r} seems to be about {part}, and is read as none", "choices.yaml")
            for clause in find_unmeant(field.field, text, lexicon)
        )
        if part == "level" and len(codes) > 1:
            what = f"more than one level is stated ({', '.join(codes)})"
            remedy = "if one is only mentioned, add the phrase that mentions it under `ignore` to"
            return Value({part: None}, (Unnormalised(what, "choices.yaml", remedy),))
        if not codes:
            what = f"no {part} {'were' if part.endswith('s') else 'was'} found"
            return Value({part: None}, (Unnormalised(what, "choices.yaml"), *unmeant))
        if part in {"level", "scope"}:
            return Value({part: codes[0] if len(codes) == 1 else "both"}, unmeant)
        unread = find_unread_items(field.field, text, lexicon) if part in LISTED else ()
        troubles = (
            Unnormalised(f"{item!r} is in a list of {part} and is none that is known", "choices.yaml")
            for item in unread
        )
        return Value({part: list[JsonValue](codes)}, (*troubles, *unmeant))

    return normalise


def _normalise_outreach(field: MappedField, text: str, lexicon: Lexicon) -> Value:
    """Normalise channels and languages."""
    channels = _normalise_codes("channels")(field, text, lexicon)
    languages = _normalise_languages(field, text, lexicon)
    return Value({**channels.parts, **languages.parts}, channels.troubles + languages.troubles)


def _normalise_languages(_field: MappedField, text: str, lexicon: Lexicon) -> Value:
    """Normalise the languages of information; an unknown item of their list is trouble."""
    found = find_languages(text, lexicon)
    troubles = tuple(
        Unnormalised(f"{item!r} is in a list of languages and names none that is known", "languages.yaml")
        for item in found.unknown
    ) + tuple(
        Unnormalised(
            f"{item!r} is named, and nothing says whether information is given in it",
            "languages.yaml",
            "add what is next to it to",
        )
        for item in found.unexplained
    )
    return Value({"languages": list[JsonValue](found.codes) or None}, troubles)


def _normalise_access(_field: MappedField, text: str, lexicon: Lexicon) -> Value:
    """Normalise the accessibility cell."""
    access = find_access(text, lexicon)
    remedy = "see the page; add the words that say it, or take out those that do not, in"
    troubles = tuple(Unnormalised(what, "accessibility.yaml", remedy) for what in access.trouble)
    return Value(access._asdict(), troubles)


def _normalise_funding(_field: MappedField, text: str, lexicon: Lexicon) -> Value:
    """Normalise amounts and shares."""
    money = find_money(text, lexicon)
    amounts: list[JsonValue] = [{"value": amount.value, "currency": amount.currency} for amount in money.amounts]
    shares = list[JsonValue](find_shares(text, lexicon))
    troubles = tuple(Unnormalised(f"an amount in {word!r} was not read", "money.yaml") for word in money.unread)
    return Value({"amounts": amounts or None, "shares": shares or None}, troubles)


def _normalise_judgement(part: str) -> Callable[[MappedField, str, Lexicon], Value]:
    """Make the normaliser of a question's answer.

    No verdict is trouble where the cell is the question's own; a merged cell need not answer each of its questions.
    """

    def normalise(field: MappedField, text: str, lexicon: Lexicon) -> Value:
        verdict = find_verdict(field.field, text, field.shared_with, lexicon)
        if verdict is None and field.field == "indicators" and is_enumeration(text):
            # The label asks to name the indicators: a bare list of them says that there are some.
            verdict = "yes"
        if verdict in _LEFT_OPEN:
            return Value({part: None}, (_LEFT_OPEN[verdict],))
        value: JsonValue = verdict
        if "true" in STATEMENT_VERDICTS[field.field]:
            value = None if verdict is None else verdict != "no"
        if value is not None or any(other in STATEMENT_VERDICTS for other in field.shared_with):
            return Value({part: value})
        return Value(
            {part: None}, (Unnormalised("the text answers neither yes nor no in known words", "judgements.yaml"),)
        )

    return normalise


_LEFT_OPEN: Final = {
    UNANSWERED: Unnormalised(
        "the answers to choose among are printed and none is chosen",
        "judgements.yaml",
        "see the page for a mark; add an answer in other words to",
    ),
    UNDECIDED: Unnormalised(
        "the text says that this is not decided",
        "judgements.yaml",
        "if it does answer, take out the words that say so in",
    ),
}
"""Why a question has no answer though its words are known."""

_NORMALISERS: Final[dict[str, Callable[[MappedField, str, Lexicon], Value]]] = {
    "locations": _normalise_locations,
    "implementation_level": _normalise_codes("level"),
    "period": _normalise_period,
    "initiative_scope": _normalise_codes("scope"),
    "target_groups": _normalise_codes("groups"),
    "outreach": _normalise_outreach,
    "legal_information": _normalise_judgement("provided"),
    "teaching_methods": _normalise_languages,
    "accessibility": _normalise_access,
    "funding": _normalise_funding,
    "impact_assessment": _normalise_judgement("planned"),
    "target_group_involved": _normalise_judgement("involved"),
    "indicators": _normalise_judgement("used"),
    "participation": _normalise_codes("modes"),
}
