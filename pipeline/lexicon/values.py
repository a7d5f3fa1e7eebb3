"""The pydantic models of the lexicon files that values are recognised by.

Every list of words is a list of phrases in the notation of `pipeline.lexicon.patterns`. A phrase is `{text, status}`,
with status `draft` while no person has read it, or a plain string: verified, or of the `status` its file begins with.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from pipeline.contract import CODES
from pipeline.lexicon.folding import fold_name, reject_twins
from pipeline.lexicon.labels import Status
from pipeline.lexicon.patterns import parse_pattern
from pipeline.models.geometry import Frozen

CHOICE_CODES: Final[dict[str, tuple[str, ...]]] = {
    "implementation_level": tuple(CODES["level"]),
    "initiative_scope": tuple(CODES["scope"]),
    "target_groups": tuple(CODES["group"]),
    "outreach": tuple(CODES["channel"]),
    "participation": tuple(CODES["mode"]),
}
"""The contract's codes of each field with a choice, in the contract's order."""

STATEMENT_VERDICTS: Final[dict[str, tuple[str, ...]]] = {
    "legal_information": ("true", "false"),
    "impact_assessment": tuple(CODES["planned"]),
    "target_group_involved": ("true", "false"),
    "indicators": ("true", "false"),
}
"""The contract's verdicts of each field that answers a question with yes or no."""

IGNORE: Final = "ignore"
"""Key of phrases that hold another phrase's words and mean none of the codes."""

TELLING: Final = "telling"
"""Key of words that show that one of the codes is meant, where no phrase reads them: reported."""

_LANGUAGE_CODES: Final = re.compile(r"[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?: [a-z]{2,3}(?:-[A-Z][a-z]{3})?)*")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
AMBIGUOUS: Final = "XXX"
"""ISO 4217's code for no currency: names that several currencies have."""


class Phrase(Frozen):
    """A word or phrase, and whether a person has read it: as it says itself, or else its file's `status`."""

    text: str
    status: Status = "verified"

    @model_validator(mode="before")
    @classmethod
    def _from_string(cls, data: object, info: ValidationInfo) -> object:
        """Take a plain string as a phrase of its file's status."""
        return {"text": data, **(info.context or {})} if isinstance(data, str) else data

    @field_validator("text")
    @classmethod
    def _check(cls, text: str) -> str:
        """Reject what is not in the notation."""
        parse_pattern(text)
        return text


def _reject_twins(phrases: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
    """Reject a phrase that is given twice in one list."""
    seen: set[str] = set()
    for phrase in phrases:
        key = fold_name(phrase.text)
        if key in seen:
            raise ValueError(f"phrase {phrase.text!r} is given twice in one list; keep one")
        seen.add(key)
    return phrases


Phrases = Annotated[tuple[Phrase, ...], AfterValidator(_reject_twins)]
"""A list of phrases without twins."""


def _reject_shared(lists: dict[Any, tuple[Phrase, ...]]) -> None:
    """Reject a phrase that is given under two keys."""
    reject_twins("phrase", ((key, phrase.text) for key, phrases in lists.items() for phrase in phrases))


class Grammar(Frozen):
    """`grammar.yaml`: the language's endings and its words of negation.

    Attributes:
        endings: What `~` stands for.
        negations: Words that turn a statement into its opposite.
        affirmed: Phrases that hold a word of negation and deny nothing ("not only").
        apart_before: Words before what is named and does not hold here or now ("formerly", "unlike").
        apart_behind: The same behind it ("are served elsewhere", "was given up").
    """

    endings: tuple[str, ...] = ()
    negations: Phrases = ()
    affirmed: Phrases = ()
    apart_before: Phrases = ()
    apart_behind: Phrases = ()

    @field_validator("endings")
    @classmethod
    def _check(cls, endings: tuple[str, ...]) -> tuple[str, ...]:
        """Reject twins."""
        if len(set(endings)) != len(endings):
            twice = sorted({ending for ending in endings if endings.count(ending) > 1})
            raise ValueError(f"endings {twice} are given twice; keep one")
        return endings


class DateWords(Frozen):
    """`dates.yaml`: words of dates that CLDR lacks, and the words that distinguish a start from an end.

    Attributes:
        months: Forms of the months' names by number, besides CLDR's.
        year_words: Words that come with a year.
        day_suffixes: What follows a day's number ("th").
        fillers: Words inside a date ("of").
        start_words: Words that make a date in their clause the start.
        end_words: Words that make a date in their clause the end.
        during_words: Words that put the whole period into the one date of their sentence.
        from_words: Words directly before a start.
        between_words: Words before a range whose ends "and" joins ("between").
        since_words: Words directly before a start that leave the end open ("since"); one that is among `from_words` too
            does so only where no word is right before it.
        until_words: Words directly before an end.
        extended_words: Words before an end that another one was put off to ("extended until"): it counts.
        parts: Parts of a year or month, with the words that tie them to it ("end of", "mid -"): next to a date they
            belong to it and state no role.
        number_words: Words for "number": what follows without a space is a reference, no date.
        ongoing: Statements that it still runs, or has no end.
        ended: Statements that it has ended.
        unsure: Words before a statement of either kind that leave it open ("not known whether").
        now: Words that stand for today as the end of a range.
        order: Order of day and month in figures with slashes, where it is not CLDR's for the language.
    """

    months: dict[int, Phrases] = Field(default_factory=dict)
    year_words: Phrases = ()
    day_suffixes: Phrases = ()
    fillers: Phrases = ()
    start_words: Phrases = ()
    end_words: Phrases = ()
    during_words: Phrases = ()
    from_words: Phrases = ()
    between_words: Phrases = ()
    since_words: Phrases = ()
    until_words: Phrases = ()
    extended_words: Phrases = ()
    parts: Phrases = ()
    number_words: Phrases = ()
    ongoing: Phrases = ()
    ended: Phrases = ()
    unsure: Phrases = ()
    now: Phrases = ()
    order: Literal["dmy", "mdy"] | None = None

    @field_validator("months")
    @classmethod
    def _check(cls, months: dict[int, tuple[Phrase, ...]]) -> dict[int, tuple[Phrase, ...]]:
        """Reject numbers that are no month, and forms of two months."""
        if not set(months) <= set(range(1, 13)):
            raise ValueError("months are numbered 1 to 12")
        _reject_shared(months)
        return months


class LanguageWords(Frozen):
    """`languages.yaml`: names of languages that CLDR lacks, and the words that show that information is given in them.

    Attributes:
        names: Forms by BCP 47 code (several codes separated by spaces for a name that stands for several languages);
            a form that CLDR gives to another code goes to this one.
        adverbs: Forms that by themselves say that a language is used, by code.
        list_markers: What a list of languages follows.
        before: What is directly before a language (or a list of them) that is used.
        after: What is directly after.
        nouns: Words for "language" that may be with a name inside a list ("the French language").
        exceptions: What is directly before a language that is left out ("except", "but not").
        denials: What follows a language in which no information is given ("is not").
        mention_before: What is before a language that is only mentioned ("learn", "course of").
        mention_after: What is directly after such a language ("course~").
        remarks: Items of a list of languages that name none.
        drop: Forms of CLDR that mean something else more often than the language.
    """

    names: dict[str, Phrases] = Field(default_factory=dict)
    adverbs: dict[str, Phrases] = Field(default_factory=dict)
    list_markers: Phrases = ()
    before: Phrases = ()
    after: Phrases = ()
    nouns: Phrases = ()
    exceptions: Phrases = ()
    denials: Phrases = ()
    mention_before: Phrases = ()
    mention_after: Phrases = ()
    remarks: Phrases = ()
    drop: tuple[str, ...] = ()

    @field_validator("names", "adverbs")
    @classmethod
    def _check(cls, names: dict[str, tuple[Phrase, ...]]) -> dict[str, tuple[Phrase, ...]]:
        """Reject keys that are no language codes, and forms of two languages."""
        wrong = [key for key in names if not _LANGUAGE_CODES.fullmatch(key)]
        if wrong:
            raise ValueError(f"{wrong} are no BCP 47 language codes")
        _reject_shared(names)
        return names


class ChoiceWords(Frozen):
    """`choices.yaml`: by field and code, the phrases that mean it.

    Under `ignore` stands what only looks like one, under `telling` the words that no such phrase lacks.
    """

    entries: dict[str, dict[str, Phrases]] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _wrap(cls, data: object) -> object:
        """Take the file's mapping as the entries."""
        return data if isinstance(data, dict) and set(data) == {"entries"} else {"entries": data}

    @model_validator(mode="after")
    def _check(self) -> ChoiceWords:
        """Reject unknown fields and codes, and phrases of two codes."""
        for field, codes in self.entries.items():
            if field not in CHOICE_CODES:
                raise ValueError(f"{field!r} is no field with a choice; known: {sorted(CHOICE_CODES)}")
            unknown = sorted(set(codes) - {*CHOICE_CODES[field], IGNORE, TELLING})
            if unknown:
                raise ValueError(
                    f"{field}: unknown codes {unknown}; known: {list(CHOICE_CODES[field])}, {IGNORE} and {TELLING}"
                )
            _reject_shared(codes)
        return self


class JudgementWords(Frozen):
    """`judgements.yaml`: answers, phrases that say that there is nothing to say, and statements by field and verdict.

    Attributes:
        yes: Answers at the beginning of a text.
        no: The same.
        partly: The same.
        undecided: Phrases that say that the answer is not known yet ("not decided yet").
        unavailable: Phrases that, as the whole text, say that there is nothing to say.
        statements: By field and verdict, phrases that state it anywhere in the text.
    """

    yes: Phrases = ()
    no: Phrases = ()
    partly: Phrases = ()
    undecided: Phrases = ()
    unavailable: Phrases = ()
    statements: dict[str, dict[str, Phrases]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> JudgementWords:
        """Reject unknown fields and verdicts, and phrases of two verdicts."""
        _reject_shared({"yes": self.yes, "no": self.no, "partly": self.partly})
        for field, verdicts in self.statements.items():
            if field not in STATEMENT_VERDICTS:
                raise ValueError(f"{field!r} answers no question; known: {sorted(STATEMENT_VERDICTS)}")
            unknown = sorted(set(verdicts) - {*STATEMENT_VERDICTS[field], IGNORE})
            if unknown:
                raise ValueError(f"{field}: unknown verdicts {unknown}; known: {list(STATEMENT_VERDICTS[field])}")
            _reject_shared(verdicts)
        return self


class AccessWords(Frozen):
    """`accessibility.yaml`: the sub-labels inside the accessibility cell, and what they are answered with.

    Attributes:
        cost_labels: Sub-labels of the cost.
        mandatory_labels: Sub-labels of the question whether one must attend.
        eligibility_labels: Sub-labels of who may attend.
        free: Statements that it costs nothing, anywhere.
        paid: Statements that it costs something.
        limits: Words that limit a statement of the same text that it costs nothing ("partly", "only", "except").
        no_cost: Answers to the cost's sub-label that mean "nothing".
        mandatory: Statements that one must attend.
        optional: Statements that one need not.
    """

    cost_labels: Phrases = ()
    mandatory_labels: Phrases = ()
    eligibility_labels: Phrases = ()
    free: Phrases = ()
    paid: Phrases = ()
    limits: Phrases = ()
    no_cost: Phrases = ()
    mandatory: Phrases = ()
    optional: Phrases = ()

    @model_validator(mode="after")
    def _check(self) -> AccessWords:
        """Reject phrases of two meanings."""
        _reject_shared(
            {"cost": self.cost_labels, "mandatory": self.mandatory_labels, "eligibility": self.eligibility_labels}
        )
        _reject_shared({"free": self.free, "paid": self.paid})
        _reject_shared({"mandatory": self.mandatory, "optional": self.optional})
        return self


class MoneyWords(Frozen):
    """`money.yaml`: names of currencies and multipliers that CLDR lacks, and other words of amounts.

    Attributes:
        currencies: Names by ISO 4217 code; under `XXX` (no currency) those that several have ("crowns"): reported.
        multipliers: Words that multiply the number before them, by factor; a factor that is no power of a thousand
            is by itself ("half a million").
        percent: Words for percent.
        range_words: Words between the ends of a range ("to").
        vague: Words that stand for a number without naming it ("several", "a few").
    """

    currencies: dict[str, Phrases] = Field(default_factory=dict)
    multipliers: dict[int, Phrases] = Field(default_factory=dict)
    percent: Phrases = ()
    range_words: Phrases = ()
    vague: Phrases = ()

    @field_validator("currencies")
    @classmethod
    def _check(cls, currencies: dict[str, tuple[Phrase, ...]]) -> dict[str, tuple[Phrase, ...]]:
        """Reject keys that are no ISO 4217 code, and names of two currencies."""
        wrong = [code for code in currencies if not _CURRENCY.fullmatch(code)]
        if wrong:
            raise ValueError(f"{wrong} are no ISO 4217 codes")
        _reject_shared(currencies)
        return currencies


class PlaceWords(Frozen):
    """`places.yaml`: words that may be inside a list of places.

    Attributes:
        conjunctions: Words between two places, besides CLDR's word for "and".
        particles: Words in small letters inside a name.
        kinds: Words for kinds of places that may be with a name (city, region).
        introductions: What may be before the list, closed by a colon.
        no_places: Items of a list of places that name none ("online", "nationwide").
        name_brackets: What stands in brackets behind a name and belongs to it, for it tells towns of one name apart
            (the river in "Halle (Saale)"); anything else in brackets is a remark.
    """

    conjunctions: Phrases = ()
    particles: Phrases = ()
    kinds: Phrases = ()
    introductions: Phrases = ()
    no_places: Phrases = ()
    name_brackets: Phrases = ()
