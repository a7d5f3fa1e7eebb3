"""Letters that are the same in print or in meaning, whatever their encoding."""

from __future__ import annotations

import pytest

from pipeline.lexicon import find_country, load_lexicon
from pipeline.lexicon.folding import fold_token
from pipeline.lexicon.label_index import LabelIndex
from pipeline.lexicon.labels import LabelEntry
from pipeline.lexicon.matching import PhraseFinder, read_text
from pipeline.lexicon.values import Grammar, Phrase


@pytest.mark.parametrize(
    ("printed", "other"),
    [
        ("şi", "și"),
        ("ACŢIUNI", "acțiuni"),
        ("ΌΧΙ", "όχι"),
        ("ΟΧΙ", "όχι"),
        ("ΠΟΛΙΤΕΣ", "πολίτες"),
        ("ΑΥΛΟΣ", "άυλος"),
        ("краи\u0306", "край"),
        ("краи", "край"),
        ("STRASSE", "straße"),
    ],
)
def test_words_that_are_the_same(printed: str, other: str) -> None:
    assert fold_token(printed) == fold_token(other)


@pytest.mark.parametrize(("one", "other"), [("ή", "η"), ("și", "si"), ("kādā", "kada"), ("für", "fur"), ("й", "и")])
def test_words_that_are_not(one: str, other: str) -> None:
    assert fold_token(one) != fold_token(other)


@pytest.mark.parametrize(
    ("language", "phrase", "text"),
    [
        ("ro", "în desfășurare", "ÎN DESFĂŞURARE"),
        ("ro", "instituți~", "Instituţiilor"),
        ("el", "σε εξέλιξη", "ΣΕ ΕΞΕΛΙΞΗ"),
        ("el", "πολίτ~ τρίτ*", "ΠΟΛΙΤΕΣ ΤΡΙΤΩΝ"),
    ],
)
def test_phrases_match_the_same_letters(language: str, phrase: str, text: str) -> None:
    grammar = Grammar(endings=("ες", "ilor", "ilor\u0163"))
    finder = PhraseFinder({"it": [Phrase(text=phrase)]}, language, grammar)
    doc = read_text(text, language)
    (found,) = finder.find_all(doc)
    assert doc[found.start : found.end].text == text, "what is given is as printed"


@pytest.mark.parametrize(
    ("language", "name", "code"),
    [
        ("el", "ΕΛΛΑΔΑ", "GR"),
        ("el", "Ελλάδας", "GR"),
        ("el", "Κάτω Χώρες", "NL"),
        ("el", "ΒΕΛΓΙΟ", "BE"),
        ("ro", "Ţările de Jos", "NL"),
        ("ro", "ŢĂRILE DE JOS", "NL"),
        ("bg", "АВСТРИЯ", "AT"),
        ("de", "ÖSTERREICH", "AT"),
        ("nl", "België", "BE"),
    ],
)
def test_countries_in_capitals_and_other_letters(language: str, name: str, code: str) -> None:
    assert find_country(name, load_lexicon(language).country_names) == code


def test_labels_with_a_cedilla_are_no_slips() -> None:
    index = LabelIndex({"period": (LabelEntry(text="Sfârșit și început", status="verified"),)})
    found = index.find_exact("Sfârşit şi început")
    assert found is not None
    assert found.slips == 0
