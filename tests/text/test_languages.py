"""Telling languages: the same text always the same answer, and no answer where there is nothing to tell by."""

from __future__ import annotations

import pytest

import pipeline.text.languages
from pipeline.text.languages import detect_language, is_foreign

LATVIAN = "Mērķis ir palīdzēt patvēruma meklētājiem iekļauties vietējā sabiedrībā un apgūt valsts valodu."
ENGLISH = "The aim is to help asylum seekers to become part of the local community and to learn the language."
BULGARIAN = "Целта е да се помогне на търсещите убежище да станат част от местната общност."
GREEK = "Στόχος είναι να βοηθηθούν οι αιτούντες άσυλο να ενταχθούν στην τοπική κοινωνία."


@pytest.mark.parametrize(("text", "language"), [(LATVIAN, "lv"), (ENGLISH, "en"), (BULGARIAN, "bg"), (GREEK, "el")])
def test_detected(text: str, language: str) -> None:
    found = detect_language(text)
    assert found is not None
    assert found[0] == language
    assert 0.9 < found[1] <= 1


@pytest.mark.parametrize("text", ["", "15/12/2016 - 14/12/2018", "…"])
def test_nothing_to_tell_by(text: str) -> None:
    assert detect_language(text) is None


def test_seeded() -> None:
    mixed = f"{LATVIAN[:30]} {ENGLISH[:30]}"
    answers = set()
    for _ in range(5):
        detect_language.cache_clear()
        answers.add(detect_language(mixed))
    assert len(answers) == 1


def test_foreign_passages() -> None:
    assert is_foreign(ENGLISH, "lv")
    assert not is_foreign(ENGLISH, "en")
    assert not is_foreign(ENGLISH, "en-GB")
    assert not is_foreign("Sofia", "lv"), "too short to tell"


def test_probabilities_are_langdetect_s_own() -> None:
    from langdetect import PROFILES_DIRECTORY, DetectorFactory

    own = DetectorFactory()
    own.load_profile(PROFILES_DIRECTORY)
    ours = pipeline.text.languages.load_profiles()
    order = [own.langlist.index(language) for language in ours.langlist]
    assert ours.langlist == sorted(own.langlist), "the order of the folder's entries differs between machines"
    for ngram, probabilities in own.word_lang_prob_map.items():
        assert ngram in ours.word_lang_prob_map
        assert ours.word_lang_prob_map[ngram] == [probabilities[index] for index in order], ngram
    assert "no n-gram" not in ours.word_lang_prob_map


@pytest.mark.parametrize(("letters", "probability", "foreign"), [(15, 0.9, True), (14, 0.99, False), (15, 0.89, False)])
def test_a_passage_is_foreign_from_fifteen_letters_and_nine_tenths_on(
    letters: int, probability: float, foreign: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline.text.languages, "detect_language", lambda text: ("en", probability))
    assert is_foreign("a " * letters, "lv") == foreign
