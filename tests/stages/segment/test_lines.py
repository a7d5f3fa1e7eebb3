"""Glyphs → lines and words: base lines, spaces, letter spacing, raised marks, soft hyphens, bullets, links."""

from __future__ import annotations

import pytest

from pipeline.models.layout import TextLine
from pipeline.models.page import Fill, Glyphs, Link, Picture
from pipeline.stages.segment.lines import group_lines, make_text_line, split_words
from pipeline.text.cells import compose_lines
from tests.stages.segment.building import BOLD, Drawing


def lines_of(drawing: Drawing) -> list[TextLine]:
    page = drawing.finish()
    return [make_text_line(page, line) for line in group_lines(page, range(len(page.glyphs)))]


def text_of(drawing: Drawing) -> str:
    (line,) = lines_of(drawing)
    return line.text


# --- base lines ------------------------------------------------------------------------------------------------------


def test_lines_come_from_top_to_bottom_whatever_was_drawn_first() -> None:
    drawing = Drawing()
    drawing.write("second", 50, 112)
    drawing.write("first", 50, 100)
    assert [line.text for line in lines_of(drawing)] == ["first", "second"]


def test_glyphs_drawn_out_of_order_stand_from_left_to_right() -> None:
    drawing = Drawing()
    drawing.write("world", 80, 100)
    drawing.write("hello", 50, 100)
    assert text_of(drawing) == "hello world"


@pytest.mark.parametrize(("gap", "text"), [(2.5, "Gent is Quokka Lier"), (2.0, "Gent isQuokka Lier")])
def test_a_gap_as_wide_as_a_space_parts_words_in_a_line_with_spaces(gap: float, text: str) -> None:
    drawing = Drawing()
    drawing.write("Gent is", 50, 100)
    drawing.write("Quokka Lier", 85 + gap, 100)
    assert text_of(drawing) == text


def test_a_text_set_over_another_follows_the_words_below_it() -> None:
    drawing = Drawing()
    drawing.write("Gent Quokka, Lier", 50, 100)
    drawing.write("Wombat", 77, 101)  # drawn after it, over its second word
    drawing.write("Label", 20, 100)
    assert text_of(drawing) == "Label Gent Quokka, Wombat Lier"


@pytest.mark.parametrize("over", [".....", "Wo"])
def test_leaders_and_single_letters_over_a_text_stand_where_they_are(over: str) -> None:
    drawing = Drawing()
    drawing.write("Gent", 50, 100)
    drawing.write(over, 52, 100)
    assert text_of(drawing).startswith("G" + over[0])


def test_words_drawn_into_the_gaps_of_others_are_over_none() -> None:
    drawing = Drawing()
    drawing.write("one       three", 50, 100)
    drawing.write("two", 75, 100, font=BOLD)
    assert text_of(drawing) == "one two three"


def test_a_line_set_solid_is_not_joined_to_the_next() -> None:
    drawing = Drawing()
    drawing.write("upper", 50, 100)
    drawing.write("lower", 50, 110)
    assert [line.text for line in lines_of(drawing)] == ["upper", "lower"]


@pytest.mark.parametrize("rise", [3.5, 6.0])
def test_a_raised_mark_stays_on_its_line(rise: float) -> None:
    drawing = Drawing()
    drawing.write("word", 50, 100)
    drawing.write("2", 70, 100 - rise, size=6)
    line = lines_of(drawing)[0]
    assert (line.text, line.baseline, line.size) == ("word2", 100, 10)


def test_a_lowered_figure_stays_on_its_line() -> None:
    drawing = Drawing()
    drawing.write("CO", 50, 100)
    drawing.write("2", 60, 102.5, size=6)
    assert text_of(drawing) == "CO2"


def test_a_base_line_off_by_rounding_is_the_same() -> None:
    drawing = Drawing()
    drawing.write("left", 50, 100)
    drawing.write("right", 200, 100.9)
    assert text_of(drawing) == "left right"


def test_white_space_without_ink_makes_no_line() -> None:
    drawing = Drawing()
    drawing.write("   ", 50, 200)
    drawing.write("ink", 50, 100)
    assert [line.text for line in lines_of(drawing)] == ["ink"]


# --- words -----------------------------------------------------------------------------------------------------------


def test_space_glyphs_part_words() -> None:
    drawing = Drawing()
    drawing.write("two  words", 50, 100)
    assert text_of(drawing) == "two words"


def test_a_gap_parts_words_where_no_space_is_drawn() -> None:
    drawing = Drawing()
    drawing.write("two words here", 50, 100, spaces=False)
    assert text_of(drawing) == "two words here"


def test_a_narrow_gap_parts_words_only_in_a_line_without_space_glyphs() -> None:
    narrow = Drawing()
    narrow.write("two", 50, 100)
    narrow.write("words", 67, 100)  # 2 points, a fifth of the font size
    assert text_of(narrow) == "two words"
    narrow.write("more words", 120, 100)
    assert text_of(narrow) == "twowords more words"


def test_letter_spaced_text_keeps_its_words() -> None:
    for spaces in (True, False):
        drawing = Drawing()
        drawing.write("WIDE LETTERS HERE", 50, 100, spacing=2.5, spaces=spaces)
        assert text_of(drawing) == "WIDE LETTERS HERE"


def test_text_tracked_by_a_tenth_of_its_size_is_whole_where_kerning_widens_a_gap() -> None:
    drawing = Drawing()
    drawing.write("TRACK", 50, 100, spacing=1.0)
    drawing.write("ED", 80.4, 100, spacing=1.0)
    assert text_of(drawing) == "TRACKED"


def test_a_short_line_without_space_glyphs_is_not_letter_spaced() -> None:
    # Of its four gaps two part words: as many as part letters.
    drawing = Drawing()
    drawing.write("-", 50, 100)
    drawing.write("Да", 57.5, 100)
    drawing.write("с.", 70, 100)
    assert text_of(drawing) == "- Да с."


def test_a_space_glyph_under_the_next_letter_parts_nothing() -> None:
    drawing = Drawing()
    drawing.write("ele", 50, 100)
    drawing.write(" ", 65, 100)
    drawing.write("phant", 65, 100)
    assert text_of(drawing) == "elephant"


def test_a_wide_gap_parts_columns_into_words() -> None:
    drawing = Drawing()
    drawing.write("label", 50, 100)
    drawing.write("value", 200, 100)
    (line,) = lines_of(drawing)
    assert [(word.text, word.x0, word.x1) for word in line.words] == [("label", 50, 75), ("value", 200, 225)]


def test_no_glyphs_give_no_words() -> None:
    assert split_words(Glyphs(), []) == []


# --- what a line says of itself --------------------------------------------------------------------------------------


def test_most_glyphs_tell_size_and_weight() -> None:
    drawing = Drawing()
    drawing.write("mostly bold", 50, 100, font=BOLD)
    drawing.write(" no", 105, 100)
    assert lines_of(drawing)[0].bold
    light = Drawing()
    light.write("mostly light", 50, 100)
    light.write(" yes", 110, 100, font=BOLD)
    assert not lines_of(light)[0].bold


def test_letters_and_marks_drawn_apart_are_composed() -> None:
    drawing = Drawing()
    drawing.write("a\u0304bols", 50, 100)
    assert text_of(drawing) == "ābols"


def test_a_soft_hyphen_counts_where_the_line_breaks_at_it() -> None:
    drawing = Drawing()
    drawing.write("ele\u00ad", 50, 100)
    assert text_of(drawing) == "ele\u00ad"


def test_a_soft_hyphen_that_is_drawn_inside_a_line_is_printed() -> None:
    # Some typesetters name every hyphen a soft one.
    drawing = Drawing()
    drawing.write("e\u00adle\u00ad", 50, 100)
    assert text_of(drawing) == "e-le\u00ad"


def test_a_soft_hyphen_without_width_says_nothing_inside_a_line() -> None:
    drawing = Drawing()
    drawing.write("ele", 50, 100)
    (hyphen,) = drawing.write("\u00ad", 65, 100)
    drawing.glyphs[hyphen] = drawing.glyphs[hyphen]._replace(x1=65)
    drawing.write("phant", 65, 100)
    assert text_of(drawing) == "elephant"


# --- bullets that are drawn ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "is_bullet"),
    [
        ((40, 95, 44, 99), True),
        ((40, 80, 44, 84), False),  # above the line
        ((10, 95, 14, 99), False),  # too far away
        ((30, 90, 48, 108), False),  # a logo
        ((40, 97, 41, 98), False),  # a speck
        ((55, 95, 59, 99), False),  # inside the text
    ],
)
def test_a_small_shape_before_a_line_is_a_bullet(box: tuple[float, float, float, float], is_bullet: bool) -> None:
    for as_fill in (True, False):
        drawing = Drawing()
        drawing.write("item", 50, 100)
        if as_fill:
            drawing.fills.append(Fill(*box, (0, 0, 0)))
        else:
            drawing.pictures.append(Picture(*box))
        assert lines_of(drawing)[0].drawn_bullet is is_bullet


# --- links -----------------------------------------------------------------------------------------------------------


def test_a_link_covers_words_and_parts_of_words() -> None:
    drawing = Drawing()
    drawing.write("see (the rules) now", 50, 100)
    drawing.links.append(Link("https://a.example/", 75, 91, 120, 103))
    (link,) = lines_of(drawing)[0].links
    assert (link.first, link.last, link.start, link.end) == (1, 2, 1, 5)


def test_a_link_over_another_line_is_not_this_lines() -> None:
    drawing = Drawing()
    drawing.write("upper", 50, 100)
    drawing.write("lower", 50, 112)
    drawing.links.append(Link("https://a.example/", 50, 104, 75, 114))
    assert [len(line.links) for line in lines_of(drawing)] == [0, 1]


def test_a_link_beside_the_text_covers_nothing() -> None:
    drawing = Drawing()
    drawing.write("word", 50, 100)
    drawing.links.append(Link("https://a.example/", 200, 91, 260, 103))
    assert lines_of(drawing)[0].links == ()


def test_of_links_over_the_same_words_none_is_lost() -> None:
    drawing = Drawing()
    drawing.write("open the door", 50, 100)
    for url, x1 in (("https://a.example/", 70), ("https://b.example/", 70), ("https://c.example/", 115)):
        drawing.links.append(Link(url, 50, 92, x1, 102))
    cell = compose_lines(lines_of(drawing), 300, 12)
    assert [(link.url, link.text, link.start) for link in cell.links] == [
        ("https://a.example/", "open", 0),
        ("https://b.example/", "open", 0),
        ("https://c.example/", "the door", 5),
    ]
