"""What read makes of drawn text: where it stands, what it says, whether it can be seen."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest

from tests.stages.read.building import HEIGHT, hidden_in, read_one, read_twice, text_of, write_pdf


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "page.pdf"


# --- where it stands -------------------------------------------------------------------------------------------------


def test_coordinates_count_from_the_top_left(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "BT /F 10 Tf 50 500 Td (Hi) Tj ET"))
    first, second = page.glyphs
    assert (page.width, page.height, page.turned) == (400, 600, 0)
    assert (first.text, first.x0, first.baseline, first.size) == ("H", 50, 100, 10)
    assert first.x1 == second.x0 == 57.22  # Helvetica's H is 722 units wide
    assert first.top < first.baseline < first.bottom
    assert page.fonts == ("Helvetica",)


def test_the_subset_prefix_is_no_part_of_a_fonts_name(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "BT /X 10 Tf 50 500 Td (o) Tj ET", names={111: "o"}))
    assert page.fonts == ("Own",)


def test_a_crop_boxs_corner_is_the_origin(pdf: Path) -> None:
    content = "BT /F 10 Tf 150 400 Td (in) Tj ET BT /F 10 Tf 20 400 Td (out) Tj ET 120 380 100 0.5 re f"
    link = ("https://a.example/", (150, 395, 170, 410))
    page = read_one(write_pdf(pdf, content, crop=(100, 50, 350, 450), links=[link]))
    assert (page.width, page.height) == (250, 400)
    assert text_of(page) == "in"
    assert (page.glyphs[0].x0, page.glyphs[0].baseline) == (50, 50)
    assert hidden_in(page) == {"outside_page": 3}
    assert (page.rules[0].x0, page.rules[0].top) == (20, 69.75)
    assert page.links[0][1:] == (50, 40, 70, 55)


def test_a_media_box_that_does_not_begin_at_zero(pdf: Path) -> None:
    content = "BT /F 10 Tf 150 400 Td (in) Tj ET"
    link = ("https://a.example/", (150, 395, 170, 410))
    page = read_one(write_pdf(pdf, content, media=(100, 50, 350, 450), links=[link]))
    assert (page.glyphs[0].x0, page.glyphs[0].baseline) == (50, 50)
    assert page.links[0][1:] == (50, 40, 70, 55)


@pytest.mark.parametrize("crop", [(500, 700, 900, 900), (10, 10, 10, 10)])
def test_a_crop_box_that_shows_nothing_is_passed_over(pdf: Path, crop: tuple[int, ...]) -> None:
    page = read_one(write_pdf(pdf, "BT /F 10 Tf 50 500 Td (Hi) Tj ET", crop=crop))
    assert (page.width, page.height, text_of(page)) == (400, 600, "Hi")
    assert page.concealed == ()


@pytest.mark.parametrize(
    ("rotate", "matrix"),
    [(90, "0 1 -1 0 300 50"), (180, "-1 0 0 -1 350 500"), (270, "0 -1 1 0 100 550")],
)
def test_a_page_turned_for_display_reads_upright(pdf: Path, rotate: int, matrix: str) -> None:
    # The text is drawn so that it is upright on the page as displayed.
    page = read_one(write_pdf(pdf, f"BT /F 10 Tf {matrix} Tm (Hi there) Tj ET", rotate=rotate))
    assert page.turned == 0
    assert all(glyph.upright for glyph in page.glyphs)
    assert [glyph.x0 for glyph in page.glyphs] == sorted(glyph.x0 for glyph in page.glyphs)
    assert (page.width, page.height) == ((400, 600) if rotate == 180 else (600, 400))


@pytest.mark.parametrize(
    ("matrix", "turned"), [("0 1 -1 0 300 50", 90), ("-1 0 0 -1 350 500", 180), ("0 -1 1 0 100 550", 270)]
)
def test_a_page_whose_text_stands_across_is_turned(pdf: Path, matrix: str, turned: int) -> None:
    page = read_one(write_pdf(pdf, f"BT /F 10 Tf {matrix} Tm (Hi there) Tj ET 50 50 1 200 re f"))
    assert page.turned == turned
    assert all(glyph.upright for glyph in page.glyphs)
    assert [glyph.x0 for glyph in page.glyphs] == sorted(glyph.x0 for glyph in page.glyphs)
    assert (page.width, page.height) == ((400, 600) if turned == 180 else (600, 400))
    (rule,) = page.rules
    assert (rule.x1 - rule.x0 > 100) is (turned != 180)


def test_sideways_text_on_an_upright_page_is_told_apart(pdf: Path) -> None:
    content = "BT /F 10 Tf 50 500 Td (upright text) Tj ET BT /F 10 Tf 0 1 -1 0 30 100 Tm (aside) Tj ET"
    page = read_one(write_pdf(pdf, content))
    assert page.turned == 0
    assert "".join(glyph.text for glyph in page.glyphs if not glyph.upright) == "aside"


def test_text_set_aslant_is_not_upright_and_turns_no_page(pdf: Path) -> None:
    content = "BT /F 40 Tf 0.7 0.7 -0.7 0.7 60 60 Tm (WATERMARK) Tj ET BT /F 10 Tf 50 500 Td (text) Tj ET"
    page = read_one(write_pdf(pdf, content))
    assert page.turned == 0
    assert "".join(glyph.text for glyph in page.glyphs if glyph.upright) == "text"


@pytest.mark.parametrize(("slope", "aslant"), [(0.03, ""), (-0.03, ""), (0.08, "STAMP"), (-0.08, "STAMP")])
def test_a_stamp_is_aslant_and_a_page_that_slipped_is_not(pdf: Path, slope: float, aslant: str) -> None:
    stamp = f"BT /F 20 Tf 1 {slope} {-slope} 1 60 60 Tm (STAMP) Tj ET"
    page = read_one(write_pdf(pdf, f"{stamp} BT /F 10 Tf 50 500 Td (text) Tj ET"))
    assert "".join(glyph.text for glyph in page.glyphs if not glyph.upright) == aslant


def test_letter_and_word_spacing_move_glyphs(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "BT /F 10 Tf 2 Tc 5 Tw 50 500 Td (i i) Tj ET"))
    starts = [glyph.x0 for glyph in page.glyphs]
    assert starts == pytest.approx([50, 54.22, 64.0], abs=0.01)  # 'i' is 2.22 wide, a space 2.78


def test_kerning_and_scaling_move_glyphs(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "BT /F 10 Tf 200 Tz 50 500 Td [(i) -500 (i)] TJ ET"))
    assert [glyph.x0 for glyph in page.glyphs] == pytest.approx([50, 50 + 2 * 2.22 + 2 * 5], abs=0.01)


# --- what it says ----------------------------------------------------------------------------------------------------


def test_a_glyph_drawn_twice_is_one(pdf: Path) -> None:
    content = "BT /F 10 Tf 50 500 Td (ill) Tj ET BT /F 10 Tf 50.3 500 Td (ill) Tj ET"
    page = read_one(write_pdf(pdf, content))
    assert text_of(page) == "ill"
    assert [glyph.copies for glyph in page.glyphs] == [2, 2, 2]


@pytest.mark.parametrize("drawn", ["50 Tz", "-1.05 Tc"])
def test_letters_that_are_set_narrow_are_no_copies(pdf: Path, drawn: str) -> None:
    page = read_twice(write_pdf(pdf, f"BT /F 10 Tf {drawn} 50 500 Td (ill till) Tj ET"))
    assert text_of(page) == "ill till"
    assert page.second is not None
    assert page.second.agrees


@pytest.mark.parametrize("operator", ['0 0 (lower) "', "(lower) '", "T* (lower) Tj"])
def test_operators_that_show_text_on_the_next_line(pdf: Path, operator: str) -> None:
    page = read_one(write_pdf(pdf, f"BT /F 10 Tf 12 TL 50 500 Td (upper) Tj {operator} ET"))
    assert [(glyph.text, glyph.x0, glyph.baseline) for glyph in page.glyphs if glyph.text in "ul"] == [
        ("u", 50, 100),
        ("l", 50, 112),
    ]


def test_a_shadow_farther_off_is_text_of_its_own(pdf: Path) -> None:
    content = "BT /F 10 Tf 50 500 Td (ill) Tj ET BT /F 10 Tf 50 488 Td (ill) Tj ET"
    assert [glyph.copies for glyph in read_one(write_pdf(pdf, content)).glyphs] == [1] * 6


def test_actual_text_stands_for_what_is_drawn(pdf: Path) -> None:
    content = "BT /F 10 Tf 50 500 Td /Span <</ActualText (fire)>> BDC (five) Tj EMC ( now) Tj ET"
    page = read_one(write_pdf(pdf, content))
    assert text_of(page) == "fire now"
    assert len(page.glyphs) == 8


@pytest.mark.parametrize(("drawn", "left"), [("gone", "gone"), ("-", "")])
def test_actual_text_without_letters_takes_no_letters_away(pdf: Path, drawn: str, left: str) -> None:
    content = f"BT /F 10 Tf 50 500 Td (so ) Tj /Span <</ActualText ()>> BDC ({drawn}) Tj EMC ( now) Tj ET"
    page = read_twice(write_pdf(pdf, content))
    assert text_of(page).split() == ["so", *left.split(), "now"]
    assert page.second is not None
    assert page.second.agrees


def test_actual_text_of_another_length_stands_on_the_first_glyph(pdf: Path) -> None:
    content = "BT /F 10 Tf 50 500 Td /Span <</ActualText <FEFF00660066006C>>> BDC (x) Tj EMC (ow) Tj ET"
    page = read_one(write_pdf(pdf, content))
    assert text_of(page) == "fflow"
    fewer = "BT /F 10 Tf 50 500 Td /Span <</ActualText (w)>> BDC (vv) Tj EMC (ow) Tj ET"
    page = read_one(write_pdf(pdf, fewer))
    assert text_of(page) == "wow"
    assert page.glyphs[0].x1 == page.glyphs[1].x0  # as wide as both that it stands for


@pytest.mark.parametrize(
    ("drawn", "text", "reported"),
    [
        ("Quokka Zyzzyva", "Wombat Numbat", True),
        ("Quokka", "Wombats and more", True),
        ("abcd", "efgh", True),
        ("abc", "efg", False),
        ("Druk-", "Druk", False),
        ("five", "fire", False),
        ("vv", "w", False),
        ("\\001\\002\\003\\004\\005", "Wombat", False),
        ("in 10 000", "in 90 000", True),
        ("in 2016", "in", True),
        ("w1k", "w\u0101k", False),
        ("Not to help", "To help", True),
        ("Not it", "Not", False),
        ("Not all", "Not", True),
        ("Quokka", "Quokka Wom", False),
        ("Quokka", "Quokka Womb", True),
        ("Quokka", "Quokka Wombat", True),
        ("EU", "European Union", True),
        ("Qu\\267a", "Quokka", False),
    ],
)
def test_letters_that_are_drawn_under_another_text_are_reported(
    pdf: Path, drawn: str, text: str, reported: bool
) -> None:
    said = ("\ufeff" + text).encode("utf-16-be").hex()
    content = f"BT /F 10 Tf 50 500 Td /Span <</ActualText <{said}>>> BDC ({drawn}) Tj EMC ET"
    page = read_one(write_pdf(pdf, content))
    assert text_of(page) == text
    assert [item.kind for item in page.drawn] == ["letters"] * reported
    if reported:
        assert page.drawn[0].x0 == 50
        assert page.drawn[0].bottom > 100 > page.drawn[0].top  # its base line


def test_a_ligature_stands_for_its_letters(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "BT /X 10 Tf 50 500 Td (aob) Tj ET", names={97: "fi", 98: "ffl", 111: "o"}))
    assert text_of(page) == "fioffl"


def test_a_map_to_unicode_says_what_a_code_stands_for(pdf: Path) -> None:
    content = "BT /X 10 Tf 50 500 Td (ab) Tj ET"
    maps = "<61> <0101>\n<62> <00660066>"
    page = read_one(write_pdf(pdf, content, names={97: "g1", 98: "g2"}, to_unicode=maps))
    assert [glyph.text for glyph in page.glyphs] == ["ā", "ff"]


def test_a_replacement_text_of_the_letters_that_are_drawn_moves_none(pdf: Path) -> None:
    """One over a label and its value is as wide as both."""
    content = "BT /F 10 Tf 50 500 Td /Span <</ActualText (Aim To help)>> BDC (Aim) Tj 200 0 Td (To help) Tj EMC ET"
    page = read_one(write_pdf(pdf, content))
    assert [(glyph.text, glyph.x0) for glyph in page.glyphs if glyph.text in "AT"] == [("A", 50), ("T", 250)]


@pytest.mark.parametrize(
    ("drawn", "text"),
    [
        ("(2016) Tj /F 6 Tf 4 Ts (12) Tj /F 10 Tf 0 Ts (.) Tj", "2016\u00b9\u00b2."),
        ("(m) Tj /F 6 Tf 4 Ts (2) Tj", "m2"),
        ("(2016) Tj /F 6 Tf -3 Ts (1) Tj", "20161"),
        ("(2016) Tj 4 Ts (1) Tj", "20161"),
        ("(2016) Tj /F 6 Tf (1) Tj", "20161"),
        ("(2016) Tj /F 6 Tf 4 Ts 4 0 Td (1) Tj", "20161"),
    ],
)
def test_digits_that_are_raised_behind_a_number_are_no_part_of_it(pdf: Path, drawn: str, text: str) -> None:
    page = read_one(write_pdf(pdf, f"BT /F 10 Tf 50 500 Td {drawn} ET"))
    assert "".join(glyph.text for glyph in page.glyphs) == text


def test_a_glyph_without_unicode_is_the_replacement_character(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "BT /X 10 Tf 50 500 Td (\\001o) Tj ET", names={1: "nosuchname", 111: "o"}))
    assert text_of(page) == "\ufffdo"


@pytest.mark.parametrize("matrix", ["1 0 0 1", "0.9 0.4 -0.4 0.9"])
def test_a_code_that_win_ansi_leaves_unused_is_a_bullet(pdf: Path, matrix: str) -> None:
    page = read_one(write_pdf(pdf, f"BT /F 10 Tf {matrix} 50 500 Tm (\\177 \\201 item) Tj ET"))
    assert text_of(page) == "• • item"


@pytest.mark.parametrize(
    ("code", "text"), [("202E", "\ufffdo"), ("2066", "\ufffdo"), ("202B0062202C", "bo"), ("200B", "o")]
)
def test_a_control_that_turns_text_is_none(pdf: Path, code: str, text: str) -> None:
    content, maps = "BT /X 10 Tf 50 500 Td (ao) Tj ET", f"<61> <{code}>\n<6F> <006F>"
    assert text_of(read_one(write_pdf(pdf, content, names={97: "g1", 111: "g2"}, to_unicode=maps))) == text


@pytest.mark.parametrize("code", ["001", "037"])
def test_a_code_for_a_control_character_is_no_bullet(pdf: Path, code: str) -> None:
    assert text_of(read_one(write_pdf(pdf, f"BT /F 10 Tf 50 500 Td (\\{code}o) Tj ET"))) == "\ufffdo"


def test_a_code_that_another_encoding_leaves_unused_is_no_bullet(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "BT /X 10 Tf 50 500 Td (\\177o) Tj ET", names={111: "o"}))
    assert text_of(page) == "\ufffdo"


@pytest.mark.parametrize(("flags", "text"), [(4, "\ufffdo"), (32, "\u2022o"), (33, "\u2022o")])
def test_a_font_with_an_encoding_of_its_own_has_no_bullet_at_a_code_without_a_character(
    pdf: Path, flags: int, text: str
) -> None:
    """The font is symbolic, or not: of one pitch, too."""

    def change(file: pikepdf.Pdf, page: pikepdf.Dictionary) -> None:
        descriptor = pikepdf.Dictionary(Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name.Own, Flags=flags)
        page.Resources.Font.F.BaseFont = pikepdf.Name.Own
        page.Resources.Font.F.FontDescriptor = file.make_indirect(descriptor)

    assert text_of(read_one(write_pdf(pdf, "BT /F 10 Tf 50 500 Td (\\177o) Tj ET", change=change))) == text


def test_marked_content_that_never_ends_hides_nothing(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "/Span <</ActualText (x)>> BDC BT /F 10 Tf 50 500 Td (text) Tj ET EMC EMC"))
    assert page.failure is None
    assert text_of(page).strip()


# --- whether it can be seen ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "concealed"), [(0, ""), (1, ""), (2, ""), (3, "invisible"), (7, "invisible")])
def test_a_render_mode_that_paints_nothing_conceals(pdf: Path, mode: int, concealed: str) -> None:
    page = read_one(write_pdf(pdf, f"BT /F 10 Tf {mode} Tr 50 500 Td (Hi) Tj ET"))
    assert hidden_in(page) == ({concealed: 2} if concealed else {})
    assert text_of(page) == ("" if concealed else "Hi")


@pytest.mark.parametrize("drawn", ["/F 0 Tf 50 500 Td", "/F 10 Tf 10 0 0 0 50 500 Tm", "/F 10 Tf 0 0 0 0 50 500 Tm"])
def test_text_set_in_no_size_is_concealed(pdf: Path, drawn: str) -> None:
    page = read_one(write_pdf(pdf, f"BT {drawn} (Hi) Tj ET"))
    assert hidden_in(page) == {"invisible": 2}


@pytest.mark.parametrize("colour", ["1 g", "1 1 1 rg", "0 0 0 0 k", "0.97 g"])
def test_white_text_on_white_paper_is_concealed(pdf: Path, colour: str) -> None:
    page = read_one(write_pdf(pdf, f"{colour} BT /F 10 Tf 50 500 Td (Hi) Tj ET"))
    assert hidden_in(page) == {"background_colour": 2}
    assert text_of(page) == ""


@pytest.mark.parametrize("colour", ["0 g", "0.8 g", "1 0 0 rg", "0 0 1 0 k", "0 0 0 1 k"])
def test_coloured_text_can_be_seen(pdf: Path, colour: str) -> None:
    page = read_one(write_pdf(pdf, f"{colour} BT /F 10 Tf 50 500 Td (Hi) Tj ET"))
    assert hidden_in(page) == {}
    assert text_of(page) == "Hi"


def test_white_text_on_a_dark_area_can_be_seen(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "0 0 0.5 rg 40 490 100 30 re f 1 g BT /F 10 Tf 50 500 Td (Hi) Tj ET"))
    assert hidden_in(page) == {}
    assert text_of(page) == "Hi"


def test_text_in_the_colour_of_the_area_behind_it_is_concealed(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "0 0 0.5 rg 40 490 100 30 re f 0 0 0.5 rg BT /F 10 Tf 50 500 Td (Hi) Tj ET"))
    assert hidden_in(page) == {"background_colour": 2}
    assert text_of(page) == ""


def test_outlined_white_text_can_be_seen(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "1 g 0 G BT /F 10 Tf 2 Tr 50 500 Td (Hi) Tj ET"))
    assert hidden_in(page) == {}
    assert text_of(page) == "Hi"


def test_text_under_a_white_area_is_covered(pdf: Path) -> None:
    content = "0 g BT /F 10 Tf 50 500 Td (Hi) Tj ET 1 g 40 490 100 30 re f 0 g BT /F 10 Tf 50 400 Td (Lo) Tj ET"
    page = read_one(write_pdf(pdf, content))
    assert hidden_in(page) == {"covered": 2}
    assert text_of(page) == "Lo"


def test_text_off_the_page_is_concealed(pdf: Path) -> None:
    content = f"BT /F 10 Tf 50 {HEIGHT + 20} Td (Up) Tj ET BT /F 10 Tf -60 300 Td (Le) Tj ET"
    assert hidden_in(read_one(write_pdf(pdf, content))) == {"outside_page": 4}
