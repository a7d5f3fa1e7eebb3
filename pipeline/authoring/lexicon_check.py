"""What a lexicon covers, and whether it reads its cases right: reads `schemas/<language>/`, writes nothing."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from pipeline.lexicon import Lexicon, load_lexicon
from pipeline.lexicon.cases import load_cases
from pipeline.lexicon.values import CHOICE_CODES, STATEMENT_VERDICTS, AccessWords, DateWords, Phrase
from pipeline.models.geometry import Frozen
from pipeline.models.practice import FIELDS, PARTS
from pipeline.models.record import MappedField
from pipeline.stages.normalise.record import normalise_value

_SETS: Final = frozenset({"groups", "channels", "modes"})
"""Parts whose order is the contract's, not the text's: a case need not keep to it."""

_SOURCES: Final[dict[str, tuple[str, ...]]] = {
    "locations": ("places",),
    "period": ("dates",),
    "outreach": ("languages",),
    "teaching_methods": ("languages",),
    "accessibility": ("access",),
    "funding": ("money",),
}
"""The files of a lexicon that a field's parts are read by, apart from its own choices or statements."""

_NEEDED: Final[dict[str, frozenset[str]]] = {
    "period": frozenset(DateWords.model_fields)
    - {"months", "day_suffixes", "fillers", "during_words", "between_words", "parts", "number_words", "unsure"},
    "outreach": frozenset({"list_markers"}),
    "accessibility": frozenset(AccessWords.model_fields) - {"limits", "no_cost"},
    "funding": frozenset({"currencies", "multipliers"}),
}
"""Lists without which most texts of a field say nothing; the others have a sound default, or no counterpart in some
languages."""


class WrongCase(NamedTuple):
    """A case that the lexicon reads otherwise: its field and text, and by part what is right and what came out."""

    field: str
    text: str
    parts: Mapping[str, tuple[Any, Any]]


class FieldCoverage(NamedTuple):
    """What a lexicon has of one field.

    Attributes:
        field: The field.
        labels: Labels that name it.
        drafts: Those that no person has read.
        words: Phrases by which its parts are read; None where it has no parts.
        lacks: Kinds of words that it needs and has none of.
        cases: Cases tried.
        wrong: Those of them that came out otherwise.
    """

    field: str
    labels: int
    drafts: int
    words: int | None
    lacks: tuple[str, ...]
    cases: int
    wrong: tuple[WrongCase, ...]

    @property
    def good(self) -> bool:
        """Whether it has a label and all kinds of words, and no case came out wrong."""
        return bool(self.labels) and not self.lacks and not self.wrong


def check_lexicon(language: str, schemas: Path | None = None) -> list[FieldCoverage]:
    """Count what a language's lexicon has, and try its cases.

    Args:
        language: BCP 47 code, the name of the language's folder.
        schemas: Folder of the lexicons; the project's own by default.

    Returns:
        Every field of the contract, in its order.

    Raises:
        LexiconError: The language has no folder, or a file does not hold what it must.
    """
    lexicon = load_lexicon(language, schemas)
    cases = load_cases(language, schemas).entries
    coverage = []
    for field in FIELDS:
        labels = lexicon.labels.get(field, ())
        lists = dict(_list_words(field, lexicon))
        coverage.append(
            FieldCoverage(
                field=field,
                labels=len(labels),
                drafts=sum(label.status == "draft" for label in labels),
                words=sum(map(len, lists.values())) if field in PARTS else None,
                lacks=tuple(name for name, phrases in lists.items() if not phrases and _is_needed(field, name)),
                cases=len(cases.get(field, ())),
                wrong=tuple(filter(None, (try_case(field, case, lexicon) for case in cases.get(field, ())))),
            )
        )
    return coverage


def try_case(field: str, case: Mapping[str, Any], lexicon: Lexicon) -> WrongCase | None:
    """Normalise a case's text as if it were in a row of its own; None where all that it judges is right.

    Args:
        field: The contract's field.
        case: A case of `pipeline.lexicon.cases`.
        lexicon: The words of the text's language.
    """
    text = case["text"]
    row = MappedField(field=field, label="", text=text, links=(), label_boxes=(), value_boxes=())
    value = normalise_value(row, text, lexicon)
    got: dict[str, Any] = {"available": value.available, "issue": bool(value.troubles), **value.parts}
    judged = {part: (_comparable(part, case[part]), _comparable(part, got[part])) for part in case if part != "text"}
    wrong = {part: (wanted, found) for part, (wanted, found) in judged.items() if wanted != found}
    return WrongCase(field, text, wrong) if wrong else None


def _comparable(part: str, value: object) -> object:
    """Order what has no order of its own; give an amount in the short form of cases."""
    if part == "amounts" and isinstance(value, list):
        return [[one.get("value"), one.get("currency")] if isinstance(one, dict) else one for one in value]
    return sorted(value) if part in _SETS and isinstance(value, list) else value


def _list_words(field: str, lexicon: Lexicon) -> Iterator[tuple[str, tuple[Phrase, ...]]]:
    """The lists of phrases that a field's parts are read by, with their names."""
    for code in CHOICE_CODES.get(field, ()):
        yield code, lexicon.choices.entries.get(field, {}).get(code, ())
    if field in STATEMENT_VERDICTS:
        for name in ("yes", "no", "partly"):
            yield name, getattr(lexicon.judgements, name)
        for verdict in STATEMENT_VERDICTS[field]:
            yield f"statement {verdict}", lexicon.judgements.statements.get(field, {}).get(verdict, ())
    for file in _SOURCES.get(field, ()):
        words: Frozen = getattr(lexicon, file)
        for name, value in words:
            if isinstance(value, dict):
                yield name, tuple(phrase for phrases in value.values() for phrase in phrases)
            elif isinstance(value, tuple) and name != "drop":
                yield name, value


def _is_needed(field: str, name: str) -> bool:
    """Return whether a field can't do without a list; choices and answers are all needed."""
    known = CHOICE_CODES.get(field, ())
    return name in known or field in STATEMENT_VERDICTS or name in _NEEDED.get(field, ())
