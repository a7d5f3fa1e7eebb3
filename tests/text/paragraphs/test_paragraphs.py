"""Lines → paragraphs: what parts paragraphs, and what only breaks a line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.models.layout import TextLine
from pipeline.stages.segment.scale import choose_leading
from pipeline.text.cells import compose_cell
from tests.text.paragraphs.building import (
    COLUMN,
    LEFT,
    compose,
    make_fragment,
    make_line,
    make_lines,
    paragraphs_of,
    setting_of,
)

FULL = "The quick brown fox jumps over the lazy"
"""A line of 39 characters: in a column of 40, no word fits behind it."""
SHORT = "The quick brown fox."
"""A line that leaves half its column empty."""


# --- does the next word fit? -----------------------------------------------------------------------------------------


def test_a_full_line_goes_on() -> None:
    assert paragraphs_of(FULL, "dog and runs.") == [f"{FULL} dog and runs."]


def test_a_line_that_had_room_for_the_next_word_ends_a_paragraph() -> None:
    assert paragraphs_of(SHORT, "Then it sleeps.") == [SHORT, "Then it sleeps."]


def test_a_long_word_explains_the_room_before_it() -> None:
    assert paragraphs_of("The quick brown fox is a", "counterrevolutionary animal.") == [
        "The quick brown fox is a counterrevolutionary animal."
    ]


@pytest.mark.parametrize(("letters", "joined"), [(15, False), (16, True)])
def test_the_measure_is_the_width_of_the_next_word(letters: int, joined: bool) -> None:
    # The line leaves 80 of the column's 200 points; a narrow space (2.6) and 15 letters (75) fit there, 16 do not.
    assert (len(paragraphs_of("The quick brown fox ate.", "A" * letters + " end")) == 1) is joined


def test_a_capital_behind_a_sentence_begins_a_paragraph_only_where_it_would_have_fitted() -> None:
    assert len(paragraphs_of("The quick brown fox jumps over it then.", "I see.")) == 1
    assert len(paragraphs_of("The quick brown fox jumps over it now.", "I see.")) == 2


def test_small_letter_after_some_room_goes_on_where_no_sentence_ends() -> None:
    assert len(paragraphs_of("The quick brown fox jumps over thex", "it again.")) == 1


def test_small_letter_after_much_room_begins_a_paragraph() -> None:
    assert paragraphs_of("the quick brown fox", "the lazy dog") == ["the quick brown fox", "the lazy dog"]


@pytest.mark.parametrize("apart", [True, False])
def test_small_letter_at_the_distance_of_lines_goes_on_where_paragraphs_are_set_apart(apart: bool) -> None:
    gaps = (0, 8, 8, 8, 8, 8) if apart else ()
    others = make_lines(SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, gaps=gaps)
    lines = make_lines("the quick brown fox", "the lazy dog", "It sleeps")
    setting = setting_of(others)
    found = compose_cell([make_fragment(lines, setting=setting)], "value").text
    # A capital begins a paragraph all the same.
    assert found == (
        "the quick brown fox the lazy dog\nIt sleeps" if apart else "the quick brown fox\nthe lazy dog\nIt sleeps"
    )


# --- what is glued to the next word ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "following",
    [
        "10 000 people came",
        "45 minutes later they left",
        "35. kilometres of road",
        "(6) members of the council",
        "~20 kilograms of it",
    ],
)
def test_a_number_stays_with_its_unit(following: str) -> None:
    # Behind the line there is room for the number and its space, and not for a unit.
    line = "x" * (39 - len(following.split(" ", maxsplit=1)[0]))
    assert paragraphs_of(line, following) == [f"{line} {following}"]


def test_a_number_whose_unit_would_have_fitted_begins_a_paragraph() -> None:
    assert paragraphs_of(SHORT, "10 km of road") == [SHORT, "10 km of road"]


def test_an_abbreviation_stays_with_its_number() -> None:
    line = "x" * 35
    assert paragraphs_of(line, "Nr. 1234567 applies") == [f"{line} Nr. 1234567 applies"]


def test_a_word_stays_with_the_dash_behind_it() -> None:
    line = "x" * 36
    assert len(paragraphs_of(line, "Abc — and so on")) == 1
    assert len(paragraphs_of(line, "Abc and so on")) == 2


def test_a_number_and_its_unit_are_parted_where_the_edition_does_so() -> None:
    parting = setting_of(make_lines("The quick brown fox ran its whole way 20", "kilometres and more."))
    other = setting_of(make_lines("In summer of the year 2018", "foxes", "dogs and cats"))
    texts = ("x" * 36, "35. kilometres of road")
    assert len(compose(make_lines(*texts), setting=parting).paragraphs) == 2
    assert len(compose(make_lines(*texts), setting=other).paragraphs) == 1


@pytest.mark.parametrize(("word", "behind"), [("Ab”", "(xx"), ("Ab”", "„xx"), ('Ab"', "(xx")])
def test_a_closing_quotation_mark_stays_with_the_bracket_behind_it(word: str, behind: str) -> None:
    line = "x" * 35
    assert len(paragraphs_of(line, f"{word} {behind} and so on")) == 1
    assert len(paragraphs_of(line, f"{word} x{behind} and so on")) == 2


# --- gaps, indents, breaks of pages ----------------------------------------------------------------------------------


def test_a_blank_line_parts_paragraphs_after_a_full_line() -> None:
    cell = compose(make_lines(FULL, "dog and runs.", gaps=[0, 12]))
    assert [paragraph.text for paragraph in cell.paragraphs] == [FULL, "dog and runs."]


def test_a_small_gap_parts_paragraphs_after_a_full_line() -> None:
    cell = compose(make_lines(FULL, "dog and runs.", gaps=[0, 4]))
    assert len(cell.paragraphs) == 2


def test_a_gap_smaller_than_most_parts_paragraphs_where_the_edition_shows_it() -> None:
    lines = make_lines(FULL, "dog and runs.", gaps=[0, 2])
    shown = make_lines(SHORT, "Then it sleeps.", "Then it runs again.", FULL, "dog.", gaps=[0, 2, 2, 2, 0])
    assert len(compose(lines).paragraphs) == 1
    assert len(compose(lines, setting=setting_of(shown)).paragraphs) == 2
    assert len(compose(make_lines(FULL, "dog and runs."), setting=setting_of(shown)).paragraphs) == 1


def test_a_gap_that_stands_below_full_lines_parts_nothing() -> None:
    lines = make_lines(FULL, "dog and runs.", gaps=[0, 2])
    shown = make_lines(*[FULL] * 3, SHORT, "Then it sleeps.", "Then it runs.", gaps=[0, 2, 2, 2, 2, 2])
    assert len(compose(lines, setting=setting_of(shown)).paragraphs) == 1


def test_the_leading_of_larger_type_is_no_gap_of_paragraphs() -> None:
    shown = make_lines(SHORT, "Then it sleeps.", "Then it runs again.", gaps=[0, 2, 2])
    lines = [make_line("The quick brown fox and the", 100, size=12), make_line("elephants run.", 114, size=12)]
    assert len(compose(lines, setting=setting_of(shown)).paragraphs) == 1


def test_jitter_of_base_lines_parts_nothing() -> None:
    shown = make_lines(SHORT, "Then it sleeps.", "Then it runs again.", gaps=[0, 0.75, 0.75])
    lines = make_lines(FULL, "dog and runs.", gaps=[0, 0.75])
    assert len(compose(lines, setting=setting_of(shown)).paragraphs) == 1


def test_the_rounding_of_base_lines_parts_nothing() -> None:
    cell = compose(make_lines(FULL, "dog and runs.", gaps=[0, 1.5]))
    assert len(cell.paragraphs) == 1


def test_a_first_line_indent_begins_a_paragraph() -> None:
    nearly = "The quick brown fox jumps over hills"
    texts = ("Once upon a time there lived a fox that", nearly, "sleeping dogs. It ran.")
    assert len(compose(make_lines(*texts)).paragraphs) == 1
    assert len(compose(make_lines(*texts, indents=[0, 0, 12])).paragraphs) == 2


@pytest.mark.parametrize("page", [1, 2])
def test_first_line_indents_begin_paragraphs_behind_full_lines_and_page_breaks(page: int) -> None:
    above = make_lines("Once upon a time there lived a fox", f"{FULL[:36]}.", indents=[12, 0])
    below = make_lines("Then it ran over many a hill, and the", "dogs.", page=page, first=124, indents=[12, 0])
    cells = [above, below] if page == 2 else [[*above, *below]]
    assert len(compose(*cells).paragraphs) == 2
    level = [make_line(line.text, line.baseline, page=line.box.page) for line in below]
    assert len(compose(*([above, level] if page == 2 else [[*above, *level]])).paragraphs) == 1


def test_a_line_that_hangs_behind_the_first_word_of_its_paragraph_begins_none() -> None:
    texts = ("It was in those years.", "2015. the quick brown fox ran over it", "elephants and dogs in the great wood")
    assert len(compose(make_lines(*texts, indents=[0, 0, 30])).paragraphs) == 2
    assert len(compose(make_lines(*texts, indents=[0, 0, 20])).paragraphs) == 3


def test_a_paragraph_goes_on_over_a_page_break() -> None:
    cell = compose(make_lines(FULL), make_lines("dog and runs.", page=2, first=60))
    assert cell.text == f"{FULL} dog and runs."
    assert [box.page for box in cell.boxes] == [1, 2]
    assert [box.page for box in cell.paragraphs[0].boxes] == [1, 2]


def test_a_paragraph_ends_with_a_short_line_at_the_page_break() -> None:
    cell = compose(make_lines(SHORT), make_lines("Then it sleeps.", page=2, first=60))
    assert cell.text == f"{SHORT}\nThen it sleeps."


def test_a_paragraph_runs_over_three_pages() -> None:
    cell = compose(make_lines(FULL), make_lines(FULL, page=2), make_lines("dog.", page=3))
    assert cell.text == f"{FULL} {FULL} dog."
    assert [box.page for box in cell.boxes] == [1, 2, 3]


def test_justified_lines_end_at_the_edge_whatever_would_have_fitted() -> None:
    # Stretched spaces: the line ends at the column's edge, so nothing can have fitted behind it.
    stretched = make_line("The quick brown", 100)
    wide = replace(
        stretched,
        box=replace(stretched.box, x1=LEFT + 199.5),
        words=tuple(
            word._replace(x1=LEFT + 199.5) if number == 2 else word for number, word in enumerate(stretched.words)
        ),
    )
    assert len(compose([wide, make_line("fox runs.", 112)], justified=True).paragraphs) == 1


def test_a_justified_line_with_room_ends_a_paragraph_even_before_a_small_letter() -> None:
    lines = make_lines("The quick brown fox jumps over thex", "it again.")
    assert len(compose(lines, justified=False).paragraphs) == 1
    assert len(compose(lines, justified=True).paragraphs) == 2


def stretch(line: TextLine) -> TextLine:
    """Stretch a line's spaces so that it ends at the column's edge."""
    extra = (LEFT + COLUMN - line.box.x1) / (len(line.words) - 1)
    words = tuple(
        word._replace(x0=word.x0 + extra * place, x1=word.x1 + extra * place) for place, word in enumerate(line.words)
    )
    return replace(line, words=tuple(words), box=replace(line.box, x1=words[-1].x1))


UNSTRETCHED = "The quick brown fox has run over dogs."
"""A line that leaves 10 of the column's 200 points: no word fits there, yet a line of justified text were stretched."""


@pytest.mark.parametrize("page", [1, 2])
def test_a_justified_line_that_is_not_stretched_ends_a_paragraph(page: int) -> None:
    upper, lower = make_lines(UNSTRETCHED, "Elephants sleep all day long.")
    lower = replace(lower, box=replace(lower.box, page=page))
    cells = [[upper], [lower]] if page == 2 else [[upper, lower]]
    setting = setting_of([upper, lower])
    assert len(compose(*cells, justified=True, setting=setting).paragraphs) == 2
    assert len(compose(*cells, justified=True).paragraphs) == 1  # nothing shows the width of a space
    assert len(compose(*cells, setting=setting).paragraphs) == 1


def test_a_justified_line_stretched_nearly_to_the_edge_goes_on() -> None:
    upper, lower = make_lines("The quick brown fox has run over", "Elephants that sleep all day.")
    setting = setting_of([upper, lower])
    hung = stretch(upper)
    hung = replace(hung, box=replace(hung.box, x1=hung.box.x1 - 2))
    assert len(compose([hung, lower], justified=True, setting=setting).paragraphs) == 1


def test_a_ragged_item_in_justified_text_goes_on() -> None:
    texts = (f"• {UNSTRETCHED[:36]}.", "Elephants sleep all day long with foxes", "and bears.")
    ragged = make_lines(*texts, indents=[0, 10, 10])
    setting = setting_of(make_lines("Elephants sleep all day.", "Foxes run."))
    assert len(compose(ragged, justified=True, setting=setting).paragraphs) == 1
    lines = make_lines("• Elephants sleep all day with fox", *texts[1:], indents=[0, 10, 10])
    lines[1] = make_line("Elephants sleep all day long foxes.", lines[1].baseline, x0=LEFT + 10)
    cell = compose([stretch(lines[0]), *lines[1:]], justified=True, setting=setting)
    assert [paragraph.text for paragraph in cell.paragraphs][1:] == ["and bears."]


def test_a_narrow_column_measures_by_its_own_width() -> None:
    assert paragraphs_of("The quick", "brown fox", "sleeps.", width=50) == ["The quick brown fox sleeps."]


def test_no_lines_give_an_empty_cell() -> None:
    cell = compose_cell([], "value")
    assert (cell.text, cell.paragraphs, cell.boxes, cell.links) == ("", (), (), ())


# --- list items ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bullet", ["•", "●", "▪", "◦", "‣", "\uf0b7", "➢"])
def test_any_bullet_becomes_a_dash_and_begins_an_item(bullet: str) -> None:
    cell = compose(make_lines(f"{bullet} {FULL}"[:40].rstrip(), f"{bullet} second"))
    assert [paragraph.item for paragraph in cell.paragraphs] == [True, True]
    assert cell.text.endswith("\n- second")
    assert bullet not in cell.text


def test_two_kinds_of_bullets_in_one_line_are_boxes_and_stay() -> None:
    assert paragraphs_of("■ Yes □ No", "□ Yes ■ No") == ["■ Yes □ No", "□ Yes ■ No"]
    assert paragraphs_of("■ one ■ two", "■ three") == ["- one ■ two", "- three"]


def test_a_bullet_glued_to_its_word_is_taken_off() -> None:
    assert paragraphs_of("•first", "•second") == ["- first", "- second"]


def test_a_bullet_begins_an_item_behind_a_full_line() -> None:
    assert paragraphs_of(FULL, "• dog") == [FULL, "- dog"]


def test_a_drawn_bullet_gives_a_marker_that_no_glyph_is() -> None:
    cell = compose([make_line("first", 100, bullet=True), make_line("second", 112, bullet=True)])
    assert cell.text == "- first\n- second"


def test_a_typed_hyphen_begins_items() -> None:
    assert paragraphs_of("It has:", "- a head;", "- a tail.") == ["It has:", "- a head;", "- a tail."]


def test_a_typed_dash_begins_items_behind_a_colon() -> None:
    assert paragraphs_of("It certainly and without any doubt has:", "– a head;", "– a tail.") == [
        "It certainly and without any doubt has:",
        "- a head;",
        "- a tail.",
    ]


def test_a_dash_of_the_sentence_begins_nothing() -> None:
    assert paragraphs_of(FULL, "– the dog – and runs.") == [f"{FULL} – the dog – and runs."]


def test_a_hanging_indent_keeps_an_items_lines_together() -> None:
    cell = compose(make_lines("• " + FULL[:37].rstrip(), "lazy dog and runs away", "• second", indents=[0, 10, 0]))
    assert [paragraph.item for paragraph in cell.paragraphs] == [True, True]
    assert cell.paragraphs[0].text.endswith("lazy dog and runs away")


def test_what_begins_a_page_nearer_to_the_edge_or_farther_off_is_a_paragraph_of_its_own() -> None:
    below = make_lines("Done at last, whatever it may have cost", page=2)
    item = make_lines(FULL, "• " + FULL[:37].rstrip(), "lazy dog that runs and runs over hills", indents=[0, 0, 10])
    assert [text.text[:4] for text in compose(item, below).paragraphs] == [FULL[:4], "- " + FULL[:2], "Done"]
    further = make_lines("Done at last, whatever it may have cost", "them.", page=2, indents=[20, 0])
    above = make_lines(FULL, "lazy dog that runs and runs over h.")
    assert [text.text[:4] for text in compose(above, further).paragraphs] == [FULL[:4], "Done"]
    # A page all of whose lines hang has an edge of its own.
    assert len(compose(item, make_lines(FULL, page=2, indents=[10])).paragraphs) == 2


def test_a_line_back_at_the_edge_ends_an_item_with_a_hanging_indent() -> None:
    lines = make_lines(
        "• " + FULL[:37].rstrip(), "lazy dog that runs and runs over hills", "Done at last.", indents=[0, 10, 0]
    )
    cell = compose(lines)
    assert [paragraph.item for paragraph in cell.paragraphs] == [True, False]
    assert cell.paragraphs[1].text == "Done at last."


@pytest.mark.parametrize(
    "markers",
    [("1.", "2.", "3."), ("1)", "2)", "3)"), ("(1)", "(2)", "(3)"), ("9.", "10.", "11.")],
)
def test_numbers_begin_items_and_are_kept(markers: tuple[str, str, str]) -> None:
    texts = [f"{marker} item" for marker in markers]
    cell = compose(make_lines(*texts))
    assert [paragraph.text for paragraph in cell.paragraphs] == texts
    assert all(paragraph.item for paragraph in cell.paragraphs)


def test_roman_numbers_and_letters_begin_items_where_lines_end_early() -> None:
    assert paragraphs_of("i) one", "ii) two", "iii) three") == ["i) one", "ii) two", "iii) three"]
    assert paragraphs_of("a) one", "b) two") == ["a) one", "b) two"]
    assert paragraphs_of("IV. four", "V. five") == ["IV. four", "V. five"]


def test_a_list_goes_on_behind_a_full_line() -> None:
    first = f"1. {FULL}"[:39].rstrip()
    assert paragraphs_of(first, "2. dog") == [first, "2. dog"]


def test_a_number_that_does_not_go_on_with_the_list_is_the_sentences() -> None:
    first = "1. It was built by workers in the years"
    assert paragraphs_of(first, "19. and 20. of the reign") == [f"{first} 19. and 20. of the reign"]


def test_a_roman_number_behind_a_full_line_is_the_sentences() -> None:
    line = "The old castle was built by lords in the"
    assert len(paragraphs_of(line, "XX. century they said")) == 1


def test_a_number_in_brackets_is_a_marker_only_at_a_lines_start() -> None:
    cell = compose(make_lines("Members are (1) the town, (2) the church", "and (3) the school."))
    assert len(cell.paragraphs) == 1
    assert not cell.paragraphs[0].item


def test_a_number_alone_on_its_line_is_no_marker() -> None:
    cell = compose(make_lines("12."))
    assert not cell.paragraphs[0].item


def test_numbers_counted_inside_a_sentence_begin_no_item() -> None:
    line = "The quick brown foxes of the wood have:"
    assert len(paragraphs_of(line, "(1) heads that they bear high; (2) tails", "that are long.")) == 1
    assert len(paragraphs_of(line, "(1) heads that they bear high;", "(2) tails")) == 3


def test_a_first_item_behind_a_colon_begins_although_the_line_is_full() -> None:
    line = "The quick brown foxes of the wood have:"
    assert paragraphs_of(line, "1. heads") == [line, "1. heads"]


# --- broken words ----------------------------------------------------------------------------------------------------


def test_a_soft_hyphen_is_undone() -> None:
    assert paragraphs_of("The quick brown fox jumps over elephan\u00ad", "tine dogs.") == [
        "The quick brown fox jumps over elephantine dogs."
    ]


def test_a_soft_hyphen_is_undone_over_a_page_break() -> None:
    cell = compose(make_lines("The quick elephan\u00ad"), make_lines("tine dog.", page=2))
    assert cell.text == "The quick elephantine dog."


@pytest.mark.parametrize("hyphen", ["-", "‑"])
def test_a_word_broken_at_its_own_hyphen_keeps_it(hyphen: str) -> None:
    line = f"The quick brown fox lives in happy Cluj{hyphen}"
    assert paragraphs_of(line, "Napoca now.") == [f"{line}Napoca now."]


def test_words_parted_by_a_slash_keep_together() -> None:
    line = "The quick brown fox jumps with its dogs/"
    assert paragraphs_of(line, "cats over it.") == [f"{line}cats over it."]


def test_a_range_of_years_keeps_together() -> None:
    line = "The quick brown fox lived in years 2016–"
    assert paragraphs_of(line, "2018 in town.") == [f"{line}2018 in town."]


def test_a_dash_between_words_keeps_its_spaces() -> None:
    line = "The quick brown fox jumped over a dog –"
    assert paragraphs_of(line, "twice indeed.") == [f"{line} twice indeed."]


# --- boxes and one line ----------------------------------------------------------------------------------------------


def test_a_paragraphs_box_holds_its_lines_only() -> None:
    lines = make_lines(SHORT, "Then it sleeps.")
    first, second = compose(lines).paragraphs
    assert first.boxes == (lines[0].box,)
    assert second.boxes == (lines[1].box,)


def test_confidence_is_the_lowest_of_the_lines() -> None:
    lines = [replace(line, confidence=value) for line, value in zip(make_lines("a b", "c d"), (0.9, 0.7), strict=True)]
    assert compose(lines).confidence == 0.7
    assert compose(make_lines("a b")).confidence is None


# --- siblings, brackets, suspended hyphens ---------------------------------------------------------------------------


def test_entries_that_begin_with_one_name_are_paragraphs_behind_full_lines_too() -> None:
    entries = ("DISCRI, a manual of the whole education", "DISCRI, Module 2", "DISCRI, Module 3")
    assert paragraphs_of(*entries) == list(entries)


def test_two_lines_that_begin_alike_may_be_one_sentence() -> None:
    first = "However, the fox that jumps over a dog,"
    assert paragraphs_of(first, "However, may go on and on in mid text.") == [
        f"{first} However, may go on and on in mid text."
    ]


def test_a_dash_in_an_open_bracket_is_no_bullet() -> None:
    assert paragraphs_of("The quick brown fox (a red fox of woods", "– of the north – and fields) jumps.") == [
        "The quick brown fox (a red fox of woods – of the north – and fields) jumps."
    ]
    assert paragraphs_of("The quick brown fox (a red one) is here:", "- of the north")[1:] == ["- of the north"]


def test_a_suspended_hyphen_keeps_its_space_where_one_does_inside_lines() -> None:
    inside = make_lines("Die multi- und interkulturelle Arbeit.")
    broken = make_lines("Sie ist eine Arbeit, die immer multi-", "und interkulturell sein soll.")
    setting = setting_of(inside, broken)
    assert (
        compose(broken, setting=setting).text.replace("\n", " ").startswith("Sie ist eine Arbeit, die immer multi- und")
    )
    assert "multi-und" in compose(broken).text


def test_a_gap_of_a_seventh_of_the_leading_is_a_gap() -> None:
    assert choose_leading([(12.0, False)] * 20 + [(13.5, False)] * 12) == 12.0
    assert choose_leading([(10.5, False)] * 20 + [(11.25, False)] * 12) == 11.0  # rounding
