"""What read makes of paths, colours and link annotations."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stages.read.building import read_one, text_of, write_pdf


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "page.pdf"


# --- rules and fills -------------------------------------------------------------------------------------------------


def test_strokes_are_rules(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "50 500 m 350 500 l S 50 500 m 50 300 l S"))
    assert page.rules == ((50, 100, 350, 100), (50, 100, 50, 300))


def test_a_stroked_rectangle_is_four_rules(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "50 300 300 200 re S"))
    assert sorted(page.rules) == [(50, 100, 50, 300), (50, 100, 350, 100), (50, 300, 350, 300), (350, 100, 350, 300)]


def test_thin_filled_rectangles_are_rules_at_their_middle(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "50 500 300 1 re f 50 300 1 200 re f"))
    assert page.rules == ((50, 99.5, 350, 99.5), (50.5, 100, 50.5, 300))
    assert page.fills == ()


def test_thick_filled_rectangles_are_fills(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "0.5 g 50 500 300 10 re f"))
    assert page.rules == ()
    assert page.fills == ((50, 90, 350, 100, (0.5, 0.5, 0.5)),)


def test_a_small_square_is_no_rule(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "50 500 3 3 re f"))
    assert page.rules == ()
    assert len(page.fills) == 1


@pytest.mark.parametrize(
    ("width", "height", "rule"), [(300, 3.9, True), (300, 4.1, False), (9.3, 3, True), (8.7, 3, False)]
)
def test_a_rule_is_at_most_four_points_thick_and_three_times_as_long(
    pdf: Path, width: float, height: float, rule: bool
) -> None:
    page = read_one(write_pdf(pdf, f"0.5 g 50 500 {width} {height} re f"))
    assert (len(page.rules), len(page.fills)) == ((1, 0) if rule else (0, 1))


@pytest.mark.parametrize(("slant", "rule"), [(0.65, True), (0.75, False)])
def test_a_stroke_that_slants_by_seven_tenths_of_a_point_is_no_rule(pdf: Path, slant: float, rule: bool) -> None:
    assert len(read_one(write_pdf(pdf, f"50 500 m 350 {500 - slant} l S")).rules) == rule


def test_dashes_drawn_one_by_one_are_rules_each(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, " ".join(f"{x} 500 4 0.5 re f" for x in range(50, 90, 8))))
    assert [(rule.x0, rule.x1) for rule in page.rules] == [(x, x + 4) for x in range(50, 90, 8)]


def test_a_dashed_stroke_is_one_rule(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "[3 2] 0 d 50 500 m 350 500 l S"))
    assert page.rules == ((50, 100, 350, 100),)


def test_a_slanting_stroke_is_no_rule(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "50 500 m 350 300 l S"))
    assert page.rules == ()
    assert len(page.pictures) == 1


def test_a_stroke_off_by_rounding_is_a_rule(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "50 500 m 350 500.4 l S"))
    assert len(page.rules) == 1


def test_curves_are_pictures(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "50 500 m 60 520 80 520 90 500 c f 50 400 m 60 420 80 420 90 400 c S"))
    assert (page.rules, page.fills) == ((), ())
    assert len(page.pictures) == 2


ROUNDED = (
    "60 500 m 340 500 l 345 500 350 495 350 490 c 350 310 l 350 305 345 300 340 300 c"
    " 60 300 l 55 300 50 305 50 310 c 50 490 l 50 495 55 500 60 500 c h"
)
SIDES = [(50, 100, 50, 300), (50, 100, 350, 100), (50, 300, 350, 300), (350, 100, 350, 300)]


def test_a_rounded_frame_is_its_four_sides(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, f"{ROUNDED} S"))
    assert (sorted(page.rules), page.fills, page.pictures) == (SIDES, (), ())


def test_a_rounded_area_is_a_fill(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, f"0.5 g {ROUNDED} f"))
    assert (page.rules, page.fills, page.pictures) == ((), ((50, 100, 350, 300, (0.5, 0.5, 0.5)),), ())


@pytest.mark.parametrize(
    "path",
    [
        "100 400 m 100 428 78 450 50 450 c 22 450 0 428 0 400 c 0 372 22 350 50 350 c 78 350 100 372 100 400 c h",
        "50 500 m 60 500 l 75 500 80 480 80 465 c 80 450 75 430 60 430 c 50 430 l h",
        "60 500 m 340 500 l 345 500 350 495 350 490 c 350 310 l 200 280 l 60 300 l 55 300 50 305 50 310 c 50 490 l h",
    ],
    ids=["a circle", "a letter D", "a balloon"],
)
def test_other_curved_paths_are_pictures(pdf: Path, path: str) -> None:
    page = read_one(write_pdf(pdf, f"{path} S"))
    assert (page.rules, len(page.pictures)) == ((), 1)


@pytest.mark.parametrize(
    "path",
    [
        "50 300 300 200 re 51 301 298 198 re f*",
        "51 301 298 198 re 50 300 300 200 re f*",
        "50 300 300 200 re 51 499 298 -198 re f",
        f"{ROUNDED} 51 301 298 198 re f*",
    ],
    ids=["outer side first", "inner side first", "wound the other way", "rounded"],
)
def test_what_is_in_a_frame_that_is_filled_can_be_seen(pdf: Path, path: str) -> None:
    page = read_one(write_pdf(pdf, f"0 g {path} BT /F 12 Tf 100 400 Td (seen) Tj ET"))
    assert ("".join(glyph.text for glyph in page.glyphs), page.concealed) == ("seen", ())
    assert [fill.colour for fill in page.fills] == [(0, 0, 0), (1, 1, 1)]


def test_what_is_in_an_area_drawn_twice_in_one_direction_can_not_be_seen(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "0 g 50 300 300 200 re 51 301 298 198 re f BT /F 12 Tf 100 400 Td (gone) Tj ET"))
    assert not page.glyphs


def test_the_same_rule_drawn_twice_is_one(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "50 500 m 350 500 l S 50 500 m 350 500 l S"))
    assert len(page.rules) == 1


@pytest.mark.parametrize(
    ("operators", "colour"),
    [
        ("0.25 g", (0.25, 0.25, 0.25)),
        ("1 0.5 0 rg", (1, 0.5, 0)),
        ("0 0 0 0.5 k", (0.5, 0.5, 0.5)),
        ("1 0 0 0 k", (0, 1, 1)),
        ("0.5 0 1 0.5 k", (0.25, 0.5, 0)),
    ],
)
def test_device_colours_are_given_in_rgb(pdf: Path, operators: str, colour: tuple[float, ...]) -> None:
    (fill,) = read_one(write_pdf(pdf, f"{operators} 50 300 300 200 re f")).fills
    assert fill.colour == pytest.approx(colour)


def test_a_clipped_away_path_draws_nothing(pdf: Path) -> None:
    assert read_one(write_pdf(pdf, "50 300 300 200 re n")).fills == ()


# --- links -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stored", "url"),
    [
        (b"https://a.example/path", "https://a.example/path"),
        ("https://a.example/ceļš".encode("utf-16"), "https://a.example/ceļš"),
        (b"\xfe\xff" + "https://a.example/ceļš".encode("utf-16-be"), "https://a.example/ceļš"),
        ("https://a.example/ceļš".encode(), "https://a.example/ceļš"),
        (b"\xef\xbb\xbf" + "https://a.example/ceļš".encode(), "https://a.example/ceļš"),
        (b"  mailto:info@a.example ", "mailto:info@a.example"),
    ],
)
def test_targets_in_any_encoding(pdf: Path, stored: bytes, url: str) -> None:
    (link,) = read_one(write_pdf(pdf, "", links=[(stored, (50, 490, 150, 510))])).links
    assert link == (url, 50, 90, 150, 110)


def test_links_keep_the_files_order_and_empty_targets_are_dropped(pdf: Path) -> None:
    links = [
        (b"https://b.example/", (50, 100, 90, 110)),
        (b" ", (50, 200, 90, 210)),
        (b"https://a.example/", (50, 500, 90, 510)),
    ]
    page = read_one(write_pdf(pdf, "", links=links))
    assert [link.url for link in page.links] == ["https://b.example/", "https://a.example/"]


# --- pages that can't be read ----------------------------------------------------------------------------------------


def test_broken_operators_are_passed_over(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "BT /F 10 Tf 50 500 Td (Hi) Tj ET (x) (y) re 3 w Q Q Q nonsense"))
    assert "".join(glyph.text for glyph in page.glyphs) == "Hi"


def test_a_thick_stroke_of_no_path_costs_nothing(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, "BT /F 12 Tf 50 500 Td (before) Tj ET 10 w S BT /F 12 Tf 50 450 Td (behind) Tj ET"))
    assert text_of(page) == "beforebehind"


def test_an_empty_page_is_empty(pdf: Path) -> None:
    page = read_one(write_pdf(pdf, ""))
    assert (page.glyphs, page.rules, page.fills, page.links, page.failure) == ((), (), (), (), None)
