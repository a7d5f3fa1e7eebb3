"""Every data file of every language is loaded and checked, without any PDF.

What this catches: a file that its model rejects, a phrase that the notation can't express or that never matches itself,
a code that no standard knows, a label two fields share, and a correction that names no field.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from babel import Locale
from babel.numbers import list_currencies

from pipeline import paths
from pipeline.lexicon import Lexicon, list_languages, load_corrections, load_lexicon
from pipeline.lexicon.corrections import COLLECTION
from pipeline.lexicon.load import VALUE_FILES
from pipeline.lexicon.matching import PhraseFinder, read_text
from pipeline.lexicon.patterns import parse_pattern
from pipeline.lexicon.values import CHOICE_CODES, STATEMENT_VERDICTS, Phrase
from pipeline.models.practice import FIELDS
from pipeline.stages.validate.checks import ISO_639_LANGUAGES

LANGUAGES = list_languages()
LANGUAGES_BEYOND_CLDR = {"apc", "cmn", "kmr", "prs"}
"""ISO 639-3 codes that CLDR's English list lacks and that are registered for BCP 47."""


def all_phrases(lexicon: Lexicon) -> dict[str, tuple[Phrase, ...]]:
    """Every list of phrases of every file, by the path of its keys."""
    lists: dict[str, tuple[Phrase, ...]] = {}

    def collect(path: str, value: object) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                collect(f"{path}.{key}", inner)
        elif isinstance(value, tuple) and value and isinstance(value[0], Phrase):
            lists[path] = value

    for file in ("grammar", "dates", "languages", "choices", "judgements", "access", "money", "places"):
        for name, value in getattr(lexicon, file):
            collect(f"{file}.{name}", value)
    return lists


def sample(phrase: Phrase) -> str:
    """A text that the phrase must be found in: the first form of each slot, nothing for a gap."""
    slots = parse_pattern(phrase.text)
    return " ".join(slot.alternatives[0].stem for slot in slots if slot.kind == "word" and not slot.optional)


def test_there_are_languages() -> None:
    assert {"lv", "en"} <= set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_folder_is_complete(language: str) -> None:
    lexicon = load_lexicon(language)
    assert set(lexicon.labels) == set(FIELDS), "every field has a label"
    assert lexicon.missing_files == ()
    assert set(lexicon.choices.entries) == set(CHOICE_CODES)
    for field, codes in CHOICE_CODES.items():
        assert set(codes) <= set(lexicon.choices.entries[field]), field
    assert set(lexicon.judgements.statements) == set(STATEMENT_VERDICTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_finds_itself(language: str) -> None:
    lexicon = load_lexicon(language)
    lists = all_phrases(lexicon)
    finder = PhraseFinder(lists, lexicon.language, lexicon.grammar)
    lost = []
    for label, phrases in lists.items():
        for phrase in phrases:
            text = sample(phrase)
            found = finder.find_all(read_text(text, language))
            if not any(item.label == label and item.start == 0 for item in found):
                lost.append((label, phrase.text, text))
    assert not lost


@pytest.mark.parametrize("language", LANGUAGES)
def test_codes_are_of_the_standards(language: str) -> None:
    lexicon = load_lexicon(language)
    known = set(Locale("en").languages) | LANGUAGES_BEYOND_CLDR | ISO_639_LANGUAGES
    codes = {code for key in (*lexicon.languages.names, *lexicon.languages.adverbs) for code in key.split()}
    assert codes <= known
    assert set(lexicon.money.currencies) <= list_currencies()
    assert set(lexicon.country_names.codes.values()) <= set(Locale("en").territories)


@pytest.mark.parametrize("language", LANGUAGES)
def test_cldr_names_need_no_second_entry(language: str) -> None:
    lexicon = load_lexicon(language)
    twice = [
        (code, phrase.text)
        for code, phrases in lexicon.languages.names.items()
        for phrase in phrases
        if lexicon.cldr.languages.get(code) == phrase.text.lower()
    ]
    assert not twice, "CLDR has these names already"


@pytest.mark.parametrize("path", sorted((paths.SCHEMAS / "corrections").glob("*.yaml")), ids=lambda path: path.stem)
def test_corrections_load(path: Path) -> None:
    corrections = load_corrections(path.stem)
    shared = [entry for language in LANGUAGES for entry in load_corrections("", language).shared]
    found = shared if path.name == COLLECTION else corrections.entries
    assert found
    assert all(entry.expected != entry.read_as for entry in found)


def test_an_edition_without_slips_needs_no_file() -> None:
    assert load_corrections("no-such-edition").entries == ()


def test_no_stray_files() -> None:
    for language in LANGUAGES:
        names = {path.name for path in (paths.SCHEMAS / language).iterdir()}
        assert names <= {"labels.yaml", paths.CASES_FILE, *VALUE_FILES}


def test_folder_names_are_languages() -> None:
    folders = {path.name for path in Path(paths.SCHEMAS).iterdir() if path.is_dir()} - {"corrections"}
    assert folders >= set(LANGUAGES)
    for folder in LANGUAGES:
        Locale.parse(folder, sep="-")
