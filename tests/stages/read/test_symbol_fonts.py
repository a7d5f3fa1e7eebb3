"""Fonts of signs: what stands at their codes, their widths, and boxes that are ticked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from tests.stages.read.building import read_twice, text_of, write_pdf


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "page.pdf"


def font(base: str, subtype: str = "TrueType", **entries: pikepdf.Object) -> Callable[..., None]:
    """Give a page `/Z`, a font that is not embedded."""

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.Font.Z = Dictionary(
            Type=Name.Font, Subtype=Name(f"/{subtype}"), BaseFont=Name(f"/{base}"), **entries
        )

    return change


WIDTHS = {"FirstChar": 0, "LastChar": 255, "Widths": Array([700] * 256)}


def read_signs(pdf: Path, shown: str, change: Callable[..., None]) -> str:
    page = read_twice(write_pdf(pdf, f"BT /F 10 Tf 50 540 Td (Some) Tj /Z 10 Tf 0 -40 Td {shown} Tj ET", change=change))
    assert page.second is not None
    assert page.second.agrees
    return text_of(page).removeprefix("Some")


@pytest.mark.parametrize(
    ("base", "shown", "text"),
    [
        ("Wingdings", "<4a6cfca8fe76>", "\u263a\u25cf\u2714\u25fb\u2611\uf076"),
        ("ABCDEF+Wingdings-Regular", "<716e6f>", "\u2751\u25a0\u25a1"),
        ("Wingdings2", "<50a352>", "\U0001f5f8\u25a1\u2611"),
        ("Wingdings-Regular,Bold", "<28>", "\U0001f57f"),
        ("Webdings", "<61>", "\u2714"),
        ("SymbolMT", "<6d61b77f>", "\u03bc\u03b1\uf0b7\ufffd"),
    ],
)
@pytest.mark.parametrize(
    "entries", [{}, WIDTHS, {"Encoding": Name.WinAnsiEncoding} | WIDTHS], ids=["bare", "widths", "latin"]
)
def test_a_font_without_a_map(pdf: Path, base: str, shown: str, text: str, entries: dict[str, pikepdf.Object]) -> None:
    assert read_signs(pdf, shown, font(base, **entries)) == text


@pytest.mark.parametrize(
    ("base", "code", "text"),
    [
        ("Wingdings-Regular", "f04a", "\u263a"),
        ("Wingdings-Regular", "004a", "\u263a"),
        ("Wingdings-Regular", "2022", "\u2022"),
        ("Wingdings3", "f0fe", "\ufffd"),
        ("SymbolMT", "f06d", "\u03bc"),
        ("SymbolMT", "f0b7", "\uf0b7"),
        ("SymbolNeu", "f06d", "\ufffd"),
    ],
)
def test_a_map_to_private_codes(pdf: Path, base: str, code: str, text: str) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        own = page.Resources.Font.X
        own.BaseFont = own.FontDescriptor.FontName = Name(f"/ABCDEF+{base}")

    content = "BT /F 10 Tf 50 540 Td (Some) Tj /X 10 Tf 0 -40 Td (a) Tj ET"
    page = read_twice(write_pdf(pdf, content, names={97: "g"}, to_unicode=f"<61> <{code}>", change=change))
    assert text_of(page) == "Some" + text
    assert page.second is not None
    assert page.second.agrees


def test_names_of_letters_count(pdf: Path) -> None:
    named = Dictionary(Type=Name.Encoding, Differences=Array([97, Name.alpha, Name.bullet]))
    assert read_signs(pdf, "(ab)", font("SymbolMT", Encoding=named, **WIDTHS)) == "\u03b1\u2022"


@pytest.mark.parametrize(
    ("shown", "text", "ends"),
    [
        ("(HHHI)", "\u2605\u2605\u2605\u2729", [8.16, 16.32, 24.48, 32.71]),
        ("<a1a8acb6>", "\u2761\u2663\u2460\u2776", [7.32, 15.08, 22.96, 30.84]),
        ("<d4d5d8f1fe>", "\u2794\u2192\u2798\u27b1\u27be", [8.94, 17.32, 24.8, 33.54, 42.72]),
        ("<f0>", "\ufffd", [0.0]),
    ],
)
def test_zapf_dingbats_has_the_metrics_of_the_standard_font(
    pdf: Path, shown: str, text: str, ends: list[float]
) -> None:
    change = font("ZapfDingbats", "Type1")
    page = read_twice(write_pdf(pdf, f"BT /Z 10 Tf 50 500 Td {shown} Tj ET", change=change))
    assert text_of(page) == text
    assert [glyph.x1 - 50 for glyph in page.glyphs] == pytest.approx(ends, abs=0.011)
    assert page.second is not None
    assert page.second.agrees


@pytest.mark.parametrize(
    ("tick", "x", "text"),
    [("4", 51, "\u2611 Yes"), ("8", 51, "\u2612 Yes"), ("4", 58, "\u274f Yes\u2714"), ("l", 51, "\u274f Yes\u25cf")],
)
def test_a_tick_over_a_box_is_a_ticked_box(pdf: Path, tick: str, x: float, text: str) -> None:
    content = f"BT /Z 10 Tf 50 500 Td (o) Tj /F 10 Tf 10 0 Td ( Yes) Tj ET BT /Z 10 Tf {x} 500 Td ({tick}) Tj ET"
    page = read_twice(write_pdf(pdf, content, change=font("ZapfDingbats", "Type1")))
    assert text_of(page) == text


def test_signs_of_symbol_that_its_metrics_name_otherwise_have_a_width(pdf: Path) -> None:
    assert read_signs(pdf, "<d4d46d6d57fefe>", font("Symbol", "Type1")) == "\u2122\u2122\u03bc\u03bc\u03a9\u23ad\u23ad"


def test_a_trade_mark_is_no_letters(pdf: Path) -> None:
    assert read_signs(pdf, "<e4>", font("Symbol", "Type1")) == "\u2122"


@pytest.mark.parametrize(("name", "text"), [("uni00660069", "fi"), ("f_i", "fi"), ("f_i.liga", "fi"), ("fi", "fi")])
def test_a_name_made_of_several(pdf: Path, name: str, text: str) -> None:
    path = write_pdf(pdf, "BT /X 10 Tf 50 500 Td (a\\241b) Tj ET", names={97: "a", 98: "b", 0xA1: name})
    page = read_twice(path)
    assert text_of(page) == f"a{text}b"
    assert page.second is not None
    assert page.second.agrees
