"""Every kind of change, provoked, in words of other documents than the booklet's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.quality.accuracy.kinds import Change, name_list_change, name_text_change, normalise_text

TEXT = "Šķērsiela ved uz pils-parku.\nAiz tilta – jauna estrāde un divas takas."
NEIGHBOURS = {
    "objective.text": "Parādīt viesiem, kur dzeja un mūzika satiekas vakaros.",
    "objective.label": "Mērķis",
    "description.text": "Kopš maija uz estrādes spēlē trīs orķestri no kaimiņu pilsētām.",
}


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (TEXT.replace("\n", " "), Change("paragraph")),
        (TEXT.replace("tilta –", "tilta\n–"), Change("paragraph")),
        (TEXT.replace("jauna estrāde", "jaunaestrāde"), Change("white_space")),
        (TEXT.replace("pils-parku", "pilsparku"), Change("hyphen")),
        (TEXT.replace("tilta –", "tilta -"), Change("hyphen")),
        (TEXT.replace("pils-parku", "pils- parku"), Change("white_space")),
        (TEXT.replace("Šķērsiela", "Skersiela"), Change("diacritics")),
        (TEXT.replace("jauna estrāde un divas", "divas estrāde un jauna"), Change("order")),
        (TEXT.removesuffix(" un divas takas."), Change("truncation")),
        (TEXT.removeprefix("Šķērsiela "), Change("truncation")),
        (f"{TEXT}\nParādīt viesiem,", Change("bleed", "objective.text")),
        (f"vakaros. {TEXT}", Change("bleed", "objective.text")),
        (f"Mērķis {TEXT}", Change("bleed", "objective.label")),
        (
            TEXT.replace("un divas takas.", "spēlē trīs orķestri no kaimiņu pilsētām."),
            Change("bleed", "description.text"),
        ),
        (TEXT.replace("divas", "trīs"), Change("text")),
        (f"{TEXT} Un kas cits.", Change("text")),
        ("", Change("text")),
    ],
)
def test_each_kind_of_change_has_its_name(got: str, expected: Change) -> None:
    assert name_text_change(TEXT, got, NEIGHBOURS) == expected


@pytest.mark.parametrize("letter", ["ā", "ø", "ł"])
def test_a_letter_of_another_word_is_no_diacritic(letter: str) -> None:
    assert name_text_change("mala", f"m{letter}le", {}).kind == "text"


def test_words_that_all_rows_share_are_no_bleed() -> None:
    assert name_text_change("Takas ved uz pili.", "Takas kur uz pili.", NEIGHBOURS) == Change("text")


def test_normalising_keeps_paragraphs_and_nothing_else_of_white_space() -> None:
    assert normalise_text("a\u0304  b\u00a0c \n\n d") == "ā b c\nd"


@pytest.mark.parametrize(
    ("expected", "got", "kind"),
    [
        (["de", "bg"], ["bg", "de"], "order"),
        (["de", "bg"], ["de"], "value"),
        (["https://a.example/x-y"], ["https://a.example/xy"], "hyphen"),
        (["https://a.example/xy"], ["https://a.example/x"], "truncation"),
        (["https://a.example/"], ["https://b.example/"], "text"),
    ],
)
def test_lists_have_kinds_too(expected: list[str], got: list[str], kind: str) -> None:
    assert name_list_change([*expected], [*got], texts=True).kind == kind


WORDS = st.lists(st.sampled_from(["takas", "ved", "uz", "pils-parku", "šurp", "n/a", "–"]), min_size=1, max_size=8)


@given(words=WORDS, breaks=st.lists(st.integers(0, 7)), others=st.lists(st.integers(0, 7)))
def test_breaks_alone_are_a_paragraph_change_and_never_another(
    words: list[str], breaks: list[int], others: list[int]
) -> None:
    def join(places: list[int]) -> str:
        parted = [f"{word}\n" if place in places else f"{word} " for place, word in enumerate(words)]
        return "".join(parted).strip()

    one, other = join(breaks), join(others)
    if normalise_text(one) != normalise_text(other):
        assert name_text_change(one, other, {}) == Change("paragraph")


@given(words=WORDS, at=st.integers(0, 7), foreign=st.sampled_from(["cits", "vārds"]))
def test_a_foreign_word_is_never_taken_for_a_slight_change(words: list[str], at: int, foreign: str) -> None:
    got = [*words[:at], foreign, *words[at:]]
    assert name_text_change(" ".join(words), " ".join(got), {"objective.text": "Viss cits."}).kind in {"text", "bleed"}


@pytest.mark.parametrize(("alien", "kind"), [("viens divi trīs", "bleed"), ("viens divi", "text")])
def test_three_words_of_another_row_are_a_bleed(alien: str, kind: str) -> None:
    rest = {"objective.text": "Te ir viens divi trīs četri."}
    assert name_text_change("Pirmais teikums beidzas.", f"Pirmais {alien} teikums beidzas.", rest).kind == kind
