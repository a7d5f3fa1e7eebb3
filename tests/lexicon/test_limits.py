"""The numbers of the lexicon's rules, each by a case on either side of it."""

from __future__ import annotations

import pytest

from pipeline.lexicon.front_matter import CountWords
from pipeline.lexicon.label_index import LabelIndex
from pipeline.lexicon.labels import LabelEntry
from pipeline.lexicon.matching import PhraseFinder, PhraseMatch, is_negated, read_text
from pipeline.lexicon.values import IGNORE, Grammar, Phrase


def index_of(**labels: str) -> LabelIndex:
    return LabelIndex({field: (LabelEntry(text=text, status="verified"),) for field, text in labels.items()})


@pytest.mark.parametrize(
    ("known", "printed", "slip"),
    [
        # One wrong letter: in a word of four letters, not in one of three; two swapped may be there too.
        ("abcd efghijk", "abxd efghijk", True),
        ("abc defghijk", "abx defghijk", False),
        ("abc defghijk", "acb defghijk", True),
        # Two wrong letters: in a word of eight letters, not in one of seven.
        ("abcdefgh ijklmnopqrst", "abxdexgh ijklmnopqrst", True),
        ("abcdefg hijklmnopqrstu", "abxdexg hijklmnopqrstu", False),
        # One slip in nine letters of the whole: two in eighteen, not in seventeen.
        ("abcdefgh ijklmnopqr", "abcdxfgh ijklmnxpqr", True),
        ("abcdefgh ijklmnopq", "abcdxfgh ijklmnxpq", False),
        # A space more or less, and one letter besides.
        ("abcdefgh ijklmnopqr", "abcdefghijklmnxpqr", True),
        ("abcdefgh ijklmnopqr", "abcdxfghijklmnxpqr", False),
    ],
)
def test_how_many_letters_may_be_wrong_in_a_word_and_a_label(known: str, printed: str, slip: bool) -> None:
    assert (index_of(assessor=known).find(printed) is not None) == slip


@pytest.mark.parametrize(
    ("known", "printed", "slip"), [("abcdefghijkl", "xbcdxfghxjkl", True), ("abcdefghijk", "xbcdxfghxjk", False)]
)
def test_one_letter_in_four_of_a_recognised_label_may_be_wrong(known: str, printed: str, slip: bool) -> None:
    index = index_of(assessor=known)
    assert index.find(printed) is None
    assert (index.find(printed, recognised=True) is not None) == slip


@pytest.mark.parametrize(
    ("other", "evident"), [("abcdexghi jklmnxpqr stuvwyxxq", True), ("abcdexghi jklmnxpqr stuvwyxxz", False)]
)
def test_a_label_is_evident_where_the_next_is_more_than_twice_as_far(other: str, evident: bool) -> None:
    """The printed label has one letter other than the first entry; than the second it has three, or two."""
    index = index_of(assessor="abcdefghi jklmnopqr stuvwyxzz", partners=other)
    found = index.find("abcdefghi jklmnopqr stuvwyxxz")
    assert (found is not None) == evident


@pytest.mark.parametrize(("printed", "exact"), [("DALIBA", True), ("Daliba", False), ("DALĪBA", True)])
def test_only_capitals_may_lack_their_diacritics(printed: str, exact: bool) -> None:
    assert (index_of(participation="Dalība").find_exact(printed) is not None) == exact


@pytest.mark.parametrize(
    ("text", "number"), [("15 tik tiešām labas prakses", 15), ("15 tik ļoti, tiešām labas prakses", None)]
)
def test_a_counted_noun_is_at_most_the_fourth_word_after_its_number(text: str, number: int | None) -> None:
    counts = CountWords.model_validate({"nouns": {"practices": ["praks"]}})
    assert next((claim.number for claim in counts.find_claims(text)), None) == number


@pytest.mark.parametrize(("text", "numbers"), [("215 prakses", [215]), ("2018 prakses", [])])
def test_a_numeral_of_four_digits_is_a_year(text: str, numbers: list[int]) -> None:
    counts = CountWords.model_validate({"nouns": {"practices": ["praks"]}})
    assert [claim.number for claim in counts.find_claims(text)] == numbers


def test_the_longest_stem_says_what_is_counted() -> None:
    counts = CountWords.model_validate({"nouns": {"countries": ["valst"], "practices": ["valstspraks"]}})
    assert [claim.counted for claim in counts.find_claims("3 valstsprakses 4 valstis")] == ["practices", "countries"]


@pytest.mark.parametrize(("start", "negated"), [(1, True), (3, True), (4, False)])
def test_a_negation_reaches_over_two_words(start: int, negated: bool) -> None:
    doc = read_text("nav viens divi trīs četri", "lv")
    assert is_negated(doc, start, [PhraseMatch("negation", 0, 1, (0,))]) == negated


@pytest.mark.parametrize(("between", "found"), [(0, True), (8, True), (9, False)])
def test_the_gap_of_a_phrase_is_at_most_eight_words(between: int, found: bool) -> None:
    finder = PhraseFinder({"seen": [Phrase(text="sākums ... beigas")]}, "lv", Grammar())
    doc = read_text(" ".join(["sākums", *["vārds"] * between, "beigas"]), "lv")
    assert bool(finder.find(doc)) == found


def test_what_is_to_be_ignored_hides_the_words_in_it_and_is_not_found_itself() -> None:
    finder = PhraseFinder({"seen": [Phrase(text="viens")], IGNORE: [Phrase(text="viens divi")]}, "lv", Grammar())
    assert [item.label for item in finder.find(read_text("viens trīs", "lv"))] == ["seen"]
    assert finder.find(read_text("viens divi", "lv")) == []


def test_more_languages_than_the_collection_has_are_read_in_turn() -> None:
    languages = ["lv", "en", "de", "bg", "nl", "ro", "el", "fr", "it", "pl", "xx"]
    finders = {
        language: PhraseFinder(
            {"it": [Phrase(text="word")]}, language, Grammar(negations=(Phrase(text=f"no{number}"),))
        )
        for number, language in enumerate(languages)
    }
    for number, (language, finder) in enumerate(finders.items()):
        found = finder.find_all(read_text(f"one word in document {number}", language))
        assert [item.label for item in found] == ["it"]
