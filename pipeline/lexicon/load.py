"""Loads a language's lexicon folder: reads `schemas/<language>/*.yaml`, gives a `Lexicon`."""

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar
from weakref import WeakValueDictionary

from pydantic import BaseModel, Field

from pipeline import paths
from pipeline.errors import LexiconError
from pipeline.lexicon.cldr import NO_CLDR, CldrWords, read_cldr
from pipeline.lexicon.countries import Countries, CountryNames, build_country_names
from pipeline.lexicon.front_matter import CountWords
from pipeline.lexicon.labels import ExtraLabels, LabelEntry, Labels
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
from pipeline.models.data_file import read_data_file
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
    counts: CountWords = CountWords()
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


_LOADED: Final[WeakValueDictionary[tuple[str, str], Lexicon]] = WeakValueDictionary()
"""By language and digest: a copy of a folder gives the same lexicon. What is built from one is looked up by it, and two
that are equal would be compared word by word each time."""


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

    labels, cldr = read_data_file(present[LABELS_FILE], Labels), read_cldr(language)
    lexicon = Lexicon(
        language=language,
        labels=labels.entries,
        extra=labels.extra,
        country_names=build_country_names(cldr, read("countries.yaml", Countries)),
        counts=read("counts.yaml", CountWords),
        cldr=cldr,
        missing_files=tuple(name for name in VALUE_FILES if name not in present),
        digest=_digest_files(present),
        **{attribute: read(f"{name}.yaml", model) for name, (attribute, model) in VALUE_MODELS.items()},
    )
    return _LOADED.setdefault((language, lexicon.digest), lexicon)


def _digest_files(files: Mapping[str, Path]) -> str:
    """Return the SHA-256 of files, names and bytes."""
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
