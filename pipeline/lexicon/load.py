"""Loads a language's lexicon folder: reads `schemas/<language>/*.yaml`, gives a `Lexicon`."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml
from pydantic import BaseModel, Field, ValidationError

from pipeline import paths
from pipeline.errors import ExtractionError, LexiconError
from pipeline.files import name_cause
from pipeline.lexicon.cldr import NO_CLDR, CldrWords, read_cldr
from pipeline.lexicon.countries import Countries, CountryNames, build_country_names
from pipeline.lexicon.front_matter import Counts
from pipeline.lexicon.models import ExtraLabels, LabelEntry, Labels
from pipeline.lexicon.values import (
    AccessWords,
    ChoiceWords,
    DateWords,
    Grammar,
    JudgementWords,
    LanguageWords,
    MoneyWords,
    PlaceWords,
)
from pipeline.lexicon.wordings import Wordings
from pipeline.models.geometry import Frozen

_Model = TypeVar("_Model", bound=BaseModel)

LABELS_FILE: Final = "labels.yaml"
"""The one file that a language's folder can't do without."""

VALUE_MODELS: Final[dict[str, tuple[str, type[BaseModel]]]] = {
    "accessibility": ("access", AccessWords),
    "choices": ("choices", ChoiceWords),
    "dates": ("dates", DateWords),
    "grammar": ("grammar", Grammar),
    "judgements": ("judgements", JudgementWords),
    "languages": ("languages", LanguageWords),
    "money": ("money", MoneyWords),
    "places": ("places", PlaceWords),
    "wordings": ("wordings", Wordings),
}
"""By file that values are recognised by: the lexicon's attribute, and the model of the file."""

VALUE_FILES: Final = tuple(sorted(f"{name}.yaml" for name in (*VALUE_MODELS, "counts", "countries")))
"""The other files; without one of them what it would say stays unknown."""


class Lexicon(Frozen):
    """All words of one language that the pipeline knows.

    Attributes:
        language: BCP 47 code; the folder's name.
        labels: By field, the labels as editions print them, the usual one first.
        extra: By English name, the labels of rows that no field answers to.
        country_names: Country names in the language (CLDR's and the folder's).
        counts: How a front matter counts countries and practices.
        cldr: CLDR's words of the language.
        grammar: Endings and negations.
        dates: Words of dates.
        languages: Names of languages and how a text says that they are used.
        choices: Phrases by field and code.
        judgements: Answers, statements, and phrases that say that there is nothing to say.
        access: Sub-labels and answers of the accessibility cell.
        money: Currencies, multipliers, percent.
        places: Words inside lists of places.
        wordings: Words of labels by concept.
        missing_files: Files that the folder lacks: what they would say stays unknown.
        digest: SHA-256 of the folder's files, by which results made with the lexicon can be kept.
    """

    language: str
    labels: dict[str, tuple[LabelEntry, ...]]
    country_names: CountryNames
    extra: dict[str, ExtraLabels] = Field(default_factory=dict)
    counts: Counts = Counts()
    cldr: CldrWords = NO_CLDR
    grammar: Grammar = Grammar()
    dates: DateWords = DateWords()
    languages: LanguageWords = LanguageWords()
    choices: ChoiceWords = ChoiceWords(entries={})
    judgements: JudgementWords = JudgementWords()
    access: AccessWords = AccessWords()
    money: MoneyWords = MoneyWords()
    places: PlaceWords = PlaceWords()
    wordings: Wordings = Wordings()
    missing_files: tuple[str, ...] = ()
    digest: str = ""

    def __hash__(self) -> int:
        """Hash by content, so that what is built from a lexicon can be kept."""
        return hash((self.language, self.digest))


_SafeLoader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader by libyaml, where PyYAML has it: a fifth of the time."""


class _UniqueKeyLoader(_SafeLoader):  # type: ignore[misc]  # one of two, chosen at run time
    """A YAML loader that rejects a key given twice in one mapping (plain YAML keeps the last one silently)."""


def _construct_unique(loader: _UniqueKeyLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    """Build a mapping, raising a YAML error for a repeated key."""
    mapping: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in mapping:
            raise yaml.constructor.ConstructorError(None, None, f"key {key!r} is given twice", key_node.start_mark)
        mapping[key] = loader.construct_object(value_node, deep=True)
    return mapping


_UniqueKeyLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_unique)
# YAML 1.1 takes yes, no, on and off for truth values and 2018-06-01 for a day; in a data file they are words.
_UniqueKeyLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":bool", ":timestamp"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
MOST_BYTES: Final = 10_000_000
"""A data file of more bytes is none: the largest lexicon file has 30,000."""
MOST_BRACKETS: Final = 10_000
"""Opening brackets of a data file, and characters of its lines, up to which its nesting can't overflow libyaml's stack,
which 200,000 levels do and 20,000 don't. The lexicons have a few hundred."""


def read_data_file(path: Path, model: type[_Model], failure: type[ExtractionError] = LexiconError) -> _Model:
    """Read and check one YAML data file.

    Args:
        path: The file.
        model: The pydantic model that says what it may hold.
        failure: The error that is raised.

    Returns:
        The checked content.

    Raises:
        ExtractionError: The file can't be read, is no YAML, or does not hold what it must (of the kind `failure`).
    """
    try:
        text = _read_text(path)
    except (OSError, ValueError) as error:
        raise failure(f"{path}: can't be read ({name_cause(error)}); restore the file") from error
    return parse_data_file(text, path, model, failure)


def parse_data_file(
    text: str, path: Path, model: type[_Model], failure: type[ExtractionError] = LexiconError
) -> _Model:
    """Check the text of a YAML data file, as `read_data_file` does that of a file.

    Args:
        text: The text.
        path: The file that holds it or is to hold it, for messages.
        model: The pydantic model that says what it may hold.
        failure: The error that is raised.

    Raises:
        ExtractionError: The text is no YAML, or does not hold what it must (of the kind `failure`).
    """
    try:
        # A safe loader: it builds plain values only.
        content = yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506
    # The others are what the loader makes of impossible numbers, days and keys.
    except (yaml.YAMLError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise failure(f"{path}: is no valid YAML ({error}); correct the line it names") from error
    context = {"status": content.pop("status")} if isinstance(content, dict) and "status" in content else None
    try:
        return model.model_validate({} if content is None else content, context=context)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise failure(f"{path}: {place or 'file'}: {first['msg']}; correct the entry") from error
    except RecursionError as error:
        raise failure(f"{path}: is nested too deeply; remove brackets") from error


def _read_text(path: Path) -> str:
    """Read a data file's text, and refuse what would be waited for for ever, fill the memory, or overflow the parser.

    Raises:
        OSError: It can't be read.
        ValueError: It is not in UTF-8, or no data file by its size or form.
    """
    if path.exists() and not path.is_file():
        raise ValueError("it is no plain file")
    if path.stat().st_size > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES} bytes")
    text = path.read_text(encoding="utf-8")
    if text.count("[") + text.count("{") > MOST_BRACKETS or max(map(len, text.splitlines()), default=0) > MOST_BRACKETS:
        raise ValueError(f"it has more than {MOST_BRACKETS} brackets, or a line of more characters")
    return text


def list_languages(schemas: Path | None = None) -> tuple[str, ...]:
    """List the languages that have a lexicon folder.

    Args:
        schemas: Folder of the lexicons; the project's own by default.

    Returns:
        BCP 47 codes in alphabetical order.
    """
    folders = paths.schema_folders() if schemas is None else (schemas,)
    return tuple(sorted({path.parent.name for folder in folders for path in folder.glob(f"*/{LABELS_FILE}")}))


def load_lexicon(language: str, schemas: Path | None = None) -> Lexicon:
    """Load and check all lexicon files of a language; the result is kept for the next call.

    Args:
        language: BCP 47 code, the name of the language's folder.
        schemas: Folder of the lexicons; the project's own by default.

    Returns:
        The lexicon.

    Raises:
        LexiconError: The language has no folder, or a file does not hold what it must.
    """
    files = paths.list_words(language, schemas) if language else {}
    if LABELS_FILE not in files:
        folder = (paths.own_schemas() if schemas is None else schemas) / language
        known = ", ".join(list_languages(schemas)) or "none"
        raise LexiconError(
            f"no lexicon for language {language!r} (known: {known}); add {folder / LABELS_FILE} or draft it with "
            f"`pipeline learn`"
        )
    stamp = tuple(
        (path.resolve(), path.stat().st_mtime_ns, path.stat().st_size)
        for name, path in sorted(files.items())
        if name != paths.CASES_FILE
    )
    return _load_files(language, stamp)


@lru_cache(maxsize=16)
def _load_files(language: str, stamp: tuple[tuple[Path, int, int], ...]) -> Lexicon:
    """Load a language's files; `stamp` (path, change time, size of each) makes changed ones load anew."""
    present = {path.name: path for path, *_ in stamp}
    folder = present[LABELS_FILE].parent
    unknown = sorted(present.keys() - {LABELS_FILE, *VALUE_FILES})
    if unknown:
        raise LexiconError(f"{folder}: unknown files {unknown}; use the names {[LABELS_FILE, *VALUE_FILES]}")

    def read(name: str, model: type[_Model]) -> _Model:
        return read_data_file(present[name], model) if name in present else model.model_validate({})

    labels = read_data_file(present[LABELS_FILE], Labels)
    return Lexicon(
        language=language,
        labels=labels.entries,
        extra=labels.extra,
        country_names=build_country_names(language, read("countries.yaml", Countries)),
        counts=read("counts.yaml", Counts),
        cldr=read_cldr(language),
        missing_files=tuple(name for name in VALUE_FILES if name not in present),
        digest=_digest_files(present),
        **{attribute: read(f"{name}.yaml", model) for name, (attribute, model) in VALUE_MODELS.items()},
    )


def _digest_files(files: Mapping[str, Path]) -> str:
    """Return the SHA-256 of files, names and bytes."""
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
