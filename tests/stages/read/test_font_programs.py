"""Glyphs whose map to Unicode and outline contradict each other: letters called white space, and the reverse."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from pdfminer.pdffont import PDFCIDFont
from pdfminer.pdftypes import PDFStream
from pdfminer.psparser import LIT
from pikepdf import Array, Dictionary, Name, Stream

from pipeline.stages.read.checks import find_issues
from pipeline.stages.read.drawn import NO_INK, Ink
from pipeline.stages.read.font_programs import FontProgram
from tests.stages.read.building import hidden_in, read_one, read_twice, text_of, write_pdf
from tests.stages.read.font_building import STEM, Box, cff, true_type

SHOWN = "BT /F 10 Tf 50 540 Td (Some text) Tj ET BT /C 10 Tf 50 500 Td {shown} Tj ET"
INK_OF_STEM = pytest.approx(Ink(0.0, 0.7))
HYPHEN: Box = (50, 250, 300, 330)


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "page.pdf"


def composite(
    program: bytes, texts: dict[int, str], *, key: str = "FontFile2", **entries: object
) -> Callable[..., None]:
    """Give a page `/C`, a composite font whose glyphs (from 1 on) have texts; UTF-16 in hexadecimals."""

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        lines = "\n".join(f"<{glyph:04x}> <{text}>" for glyph, text in texts.items())
        cmap = f"begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange {len(texts)} beginbfchar\n{lines}\n"
        stream = file.make_stream(program)
        if key == "FontFile3":
            stream.Subtype = Name.CIDFontType0C
        descriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=Name("/ABCDEF+Own"), Flags=4, FontBBox=Array([0, -200, 1000, 800]),
            ItalicAngle=0, Ascent=800, Descent=-200, CapHeight=700, StemV=80, **{key: stream},
        )  # fmt: skip
        page.Resources.Font.C = Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name("/ABCDEF+Own"), Encoding=Name("/Identity-H"),
            ToUnicode=Stream(file, (cmap + "endbfchar endcmap").encode()),
            DescendantFonts=Array([Dictionary(
                Type=Name.Font, Subtype=Name.CIDFontType2 if key == "FontFile2" else Name.CIDFontType0,
                BaseFont=Name("/ABCDEF+Own"), DW=500, FontDescriptor=file.make_indirect(descriptor),
                CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
                **entries,
            )]),
        )  # fmt: skip

    return change


def read_glyphs(pdf: Path, program: bytes, texts: dict[int, str], shown: str = "<00010002>", **named: object) -> str:
    content = SHOWN.format(shown=shown)
    page = read_twice(write_pdf(pdf, content, change=composite(program, texts, **named)))  # type: ignore[arg-type]
    return text_of(page).removeprefix("Some text")


INVISIBLE = [
    "0020", "00a0", "200b", "feff", "000a", "2028", "3000", "3164", "2800",
    "200e", "200c", "200d", "fe0f", "db40dc41", "034f",
]  # fmt: skip


@pytest.mark.parametrize("text", INVISIBLE)
def test_a_glyph_that_draws_something_is_no_white_space(pdf: Path, text: str) -> None:
    program = true_type([STEM, STEM, STEM])
    assert read_glyphs(pdf, program, {1: "0061", 2: text}) == "a\ufffd"


@pytest.mark.parametrize("text", [*INVISIBLE, "00ad", "0003"])
def test_one_that_draws_nothing_is(pdf: Path, text: str) -> None:
    program = true_type([STEM, STEM, None])
    found = read_glyphs(pdf, program, {1: "0061", 2: text}, "<000100020001>")
    assert len(found) == 3
    assert found.split() == ["a", "a"]


def test_a_glyph_that_is_not_known_and_draws_nothing_is_a_space(pdf: Path) -> None:
    assert read_glyphs(pdf, true_type([STEM, STEM, None]), {1: "0061"}, "<000100020001>") == "a a"


@pytest.mark.parametrize(
    ("box", "text"),
    [(HYPHEN, "\u00ad"), (STEM, "\ufffd"), ((50, 0, 300, 240), "\u00ad"), ((50, 0, 300, 260), "\ufffd")],
)
def test_a_soft_hyphen_that_is_drawn_is_flat(pdf: Path, box: Box, text: str) -> None:
    assert read_glyphs(pdf, true_type([STEM, STEM, box]), {1: "0061", 2: "00ad"}) == "a" + text


@pytest.mark.parametrize(("low", "text"), [(-200, "\ufffd"), (240, "\ufffd"), (260, "\u0301")])
def test_an_accent_is_over_letters(pdf: Path, low: int, text: str) -> None:
    assert read_glyphs(pdf, true_type([STEM, STEM, (100, low, 300, 700)]), {1: "0031", 2: "0301"}) == "1" + text


@pytest.mark.parametrize("text", ["200e", "200c", "feff"])
def test_one_without_width_is_no_text(pdf: Path, text: str) -> None:
    widths = Array([1, Array([500, 0])])
    assert read_glyphs(pdf, true_type([STEM, STEM, None]), {1: "0061", 2: text}, "<000100020001>", W=widths) == "aa"


@pytest.mark.parametrize(("width", "text"), [(40, "aa"), (60, "a a")])
def test_a_space_has_a_width(pdf: Path, width: int, text: str) -> None:
    widths = Array([1, Array([500, width])])
    assert read_glyphs(pdf, true_type([STEM, STEM, None]), {1: "0061", 2: "200e"}, "<000100020001>", W=widths) == text


@pytest.mark.parametrize(
    ("text", "found"),
    [("0061200d", "a"), ("200e0061fe0f", "a"), ("270cfe0f", "\u270c\ufe0f"), ("0628200d", "\u0628\u200d")],
)
def test_marks_go_with_signs_of_other_scripts_alone(pdf: Path, text: str, found: str) -> None:
    assert read_glyphs(pdf, true_type([STEM, STEM, STEM]), {1: "0061", 2: text}) == "a" + found


@pytest.mark.parametrize("second", [True, False])
def test_letters_that_draw_nothing_are_concealed(pdf: Path, second: bool) -> None:
    change = composite(true_type([STEM, STEM, None]), {1: "0061", 2: "0062"})
    path = write_pdf(pdf, SHOWN.format(shown="<000100020002>"), change=change)
    page = read_twice(path) if second else read_one(path)
    assert text_of(page) == "Some texta"
    assert hidden_in(page) == {"invisible": 2}
    assert [issue.code for issue in find_issues((), (), [page]) if issue.code != "second_reading_left_out"] == [
        "text_concealed"
    ]


def test_so_are_those_aslant(pdf: Path) -> None:
    change = composite(true_type([STEM, STEM, None]), {1: "0061", 2: "0062"})
    page = read_twice(write_pdf(pdf, "BT /C 10 Tf 0 1 -1 0 50 500 Tm <000100020002> Tj ET", change=change))
    assert text_of(page) == "a"
    assert hidden_in(page) == {"invisible": 2}


def test_a_map_of_the_file_leads_to_the_glyphs(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        composite(true_type([STEM, None, STEM]), {1: "0061", 2: "0020"})(file, page)
        places = file.make_stream(struct.pack(">3H", 0, 2, 1))
        page.Resources.Font.C.DescendantFonts[0].CIDToGIDMap = places

    page = read_twice(write_pdf(pdf, SHOWN.format(shown="<000100020001>"), change=change))
    assert text_of(page) == "Some texta a"


@pytest.mark.parametrize("cut", [0, 3, 40, 120, 220, 300])
def test_a_damaged_program_says_nothing(pdf: Path, cut: int) -> None:
    program = true_type([STEM, STEM, STEM])[:cut]
    assert read_glyphs(pdf, program, {1: "0061", 2: "0020"}) in ("a ", "a\ufffd")


# --- the programs ---------------------------------------------------------------------------------------------------


def measure(program: bytes, key: str, glyph: int, **entries: object) -> Ink | None:
    """Measure a glyph of a composite font."""
    font = object.__new__(PDFCIDFont)
    font.descriptor = {key: PDFStream({}, program)}
    return FontProgram(font, entries, {}).measure(glyph)


@pytest.mark.parametrize(
    ("charstring", "ink"),
    [
        (b"", NO_INK),
        (b"\x0e", NO_INK),
        (b"\x8b\x8b\x15\x0e", NO_INK),  # a move
        (b"\x8b\xef\x15\xef\x8b\x05\x0e", NO_INK),  # a line without height
        ((100, -200, 400, 700), Ink(-0.2, 0.7)),
        (b"\x8b\x8b\xec\xec\x0e", Ink(0.0, 0.7)),  # a letter and an accent, both `a`
        (b"\x8b\x0a\x0e", None),  # a subroutine that the font lacks
        (b"\x8b\x0c\x0e", None),  # cut short
    ],
)
def test_charstrings(charstring: bytes | Box, ink: Ink | None) -> None:
    program = cff({"a": STEM, "b": charstring})
    assert measure(program, "FontFile3", 2) == (ink and pytest.approx(ink))


def test_a_map_of_the_file_leads_to_glyphs_of_charstrings_too() -> None:
    program, places = cff({"a": None, "b": STEM}), PDFStream({}, struct.pack(">3H", 0, 2, 1))
    assert [measure(program, "FontFile3", glyph, CIDToGIDMap=places) for glyph in (1, 2)] == [NO_INK, INK_OF_STEM]
    named = {"CIDToGIDMap": places, "Subtype": LIT("CIDFontType2")}
    assert [measure(program, "FontFile3", glyph, **named) for glyph in (1, 2)] == [INK_OF_STEM, NO_INK]


def test_what_is_no_font_says_nothing() -> None:
    sound = true_type([STEM, None])
    assert measure(sound, "FontFile2", 1) == NO_INK
    assert measure(sound, "FontFile2", 0) == Ink(0.0, 0.7)
    assert measure(sound, "FontFile2", 5) is None
    assert measure(sound.replace(b"hhea", b"COLR"), "FontFile2", 1) is None
    assert measure(b"%!PS-AdobeFont-1.0", "FontFile", 1) is None
    assert measure(b"", "FontFile2", 1) is None


# --- simple fonts ----------------------------------------------------------------------------------------------------


def simple(program: bytes, key: str, to_unicode: str, **entries: pikepdf.Object) -> Callable[..., None]:
    """Give a page `/C`, a simple font with WinAnsiEncoding."""

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        stream = file.make_stream(program)
        if key == "FontFile3":
            stream.Subtype = Name.Type1C
        descriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=Name("/ABCDEF+Own"), Flags=32, FontBBox=Array([0, -200, 1000, 800]),
            ItalicAngle=0, Ascent=800, Descent=-200, CapHeight=700, StemV=80, **{key: stream},
        )  # fmt: skip
        lines = to_unicode.splitlines()
        cmap = f"begincmap 1 begincodespacerange <00> <ff> endcodespacerange {len(lines)} beginbfchar\n{to_unicode}\n"
        page.Resources.Font.C = Dictionary(
            Type=Name.Font, Subtype=Name.TrueType if key == "FontFile2" else Name.Type1, BaseFont=Name("/ABCDEF+Own"),
            FirstChar=0, LastChar=255, Widths=Array([500] * 256), FontDescriptor=file.make_indirect(descriptor),
            **({"Encoding": Name.WinAnsiEncoding} | entries),
        )  # fmt: skip
        if lines:
            page.Resources.Font.C.ToUnicode = Stream(file, (cmap + "endbfchar endcmap").encode())

    return change


@pytest.mark.parametrize(
    ("program", "key"),
    [
        (true_type([None, STEM, STEM, None], {97: 1, 98: 2, 99: 3, 32: 3}), "FontFile2"),
        (true_type([None, STEM, STEM, None], {97: 1, 98: 2, 99: 3, 32: 3}, (1, 0)), "FontFile2"),
        (cff({"a": STEM, "b": STEM, "c": None, "space": None}), "FontFile3"),
    ],
    ids=["characters", "codes", "cff"],
)
def test_the_encoding_of_a_simple_font_counts(pdf: Path, program: bytes, key: str) -> None:
    """`b` draws something and is called a space, `c` draws nothing, and the font lacks `d`."""
    change = simple(program, key, "<61> <0061>\n<62> <0020>")
    page = read_one(write_pdf(pdf, SHOWN.format(shown="(ab cad)"), change=change))
    assert text_of(page).removeprefix("Some text").rstrip("d") == "ab a"
    assert hidden_in(page)["invisible"] >= 1


def test_a_font_with_codes_of_its_own(pdf: Path) -> None:
    program = true_type([STEM, STEM, None], {0xF061: 1, 0xF062: 2}, (3, 0))

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        simple(program, "FontFile2", "<61> <0020>\n<62> <0078>")(file, page)
        page.Resources.Font.C.FontDescriptor.Flags = 4
        del page.Resources.Font.C.Encoding

    page = read_one(write_pdf(pdf, SHOWN.format(shown="(ab)"), change=change))
    assert text_of(page) == "Some text\ufffd"
    assert hidden_in(page) == {"invisible": 1}


def test_a_font_that_is_not_embedded_draws_what_its_encoding_names(pdf: Path) -> None:
    path = write_pdf(
        pdf, "BT /X 10 Tf 50 500 Td (bab) Tj ET", names={97: "a", 98: "b"}, to_unicode="<61> <200B>\n<62> <0062>"
    )
    assert text_of(read_one(path)) == "bab"


@pytest.mark.parametrize(
    ("glyph", "text"), [("600 0 0 0 500 700 d1 200 0 100 700 re f", "\ufffdb"), ("600 0 0 0 0 0 d1 0 0 0 0 re f", "b")]
)
def test_a_procedure_that_paints_is_no_space(pdf: Path, glyph: str, text: str) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        stem = file.make_stream(b"600 0 0 0 500 700 d1 200 0 100 700 re f")
        page.Resources.Font.C = Dictionary(
            Type=Name.Font, Subtype=Name.Type3, FontBBox=Array([0, 0, 700, 700]), FirstChar=97, LastChar=98,
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]), Widths=Array([600] * 2), Resources=Dictionary(),
            CharProcs=Dictionary(a=file.make_stream(glyph.encode()), b=stem),
            Encoding=Dictionary(Differences=Array([97, Name.a, Name.b])),
            ToUnicode=Stream(file, b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange 2 beginbfchar\n"
                                   b"<61> <0020>\n<62> <0062>\nendbfchar endcmap"),
        )  # fmt: skip

    page = read_twice(write_pdf(pdf, SHOWN.format(shown="(ab)"), change=change))
    assert sorted(text_of(page)) == sorted("Some text" + text)
