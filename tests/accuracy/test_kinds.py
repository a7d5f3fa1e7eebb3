"""Every kind of change, provoked, in words of other documents than the booklet's."""

from __future__ import annotations

import pytest

from pipeline.accuracy.kinds import Change, name_list_change, name_text_change, normalise_text

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
