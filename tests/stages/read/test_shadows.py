"""Shadows: the same letters, painted before in another way and aside, are one text with what is drawn last."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary

from pipeline.models.page import Page
from tests.stages.read.building import read_twice, text_of, write_pdf
from tests.stages.read.test_hidden import states

LINES = ("Little by little they filled", "all the tiny missing letters", "in, 5 of them")


def show(x: float, y: float, *lines: str, size: float = 10, leading: float = 14) -> str:
    return " ".join(
        f"BT /F {size} Tf {x} {y - leading * number} Td ({line}) Tj ET" for number, line in enumerate(lines)
    )


def letters(x: float, y: float, text: str) -> str:
    """Show a text letter by letter, as browsers do, in Helvetica's widths of its letters."""
    from pdfminer.fontmetrics import FONT_METRICS

    widths = FONT_METRICS["Helvetica"][1]
    steps = [0.0, *(widths[letter] / 100 for letter in text[:-1])]
    return (
        f"BT /F 10 Tf {x} {y} Td "
        + " ".join(f"{step:.4f} 0 Td ({letter}) Tj" for step, letter in zip(steps, text, strict=True))
        + " ET"
    )


def read(path: Path, content: str, **looks: Dictionary) -> Page:
    page = read_twice(write_pdf(path / "page.pdf", content, change=states(**looks)))
    assert page.second is not None
    assert (page.second.agrees, page.second.first) == (True, page.second.second), page.second
    return page


@pytest.mark.parametrize("aside", [(0.5, -0.5), (1, -1), (1.5, -1.5), (-2, 0), (0, -3), (3, 1), (0, 0)])
@pytest.mark.parametrize("way", ["0.7 g", "0.9 0.2 0.2 rg", "1 Tr"])
def test_a_shadow_and_its_text_are_one(tmp_path: Path, aside: tuple[float, float], way: str) -> None:
    across, down = aside
    content = f"q {way} {show(50 + across, 500 + down, *LINES)} Q {show(50, 500, *LINES)}"
    page = read(tmp_path, content)
    assert text_of(page).replace(" ", "") == "".join(LINES).replace(" ", "")
    assert len({glyph.baseline for glyph in page.glyphs if not glyph.text.isspace()}) == 3
    assert {glyph.copies for glyph in page.glyphs if not glyph.text.isspace()} == {2}


@pytest.mark.parametrize("shape", ["letter by letter", "opacity", "halo", "two shadows", "all shadows first"])
def test_kinds_of_shadows(tmp_path: Path, shape: str) -> None:
    line, text = LINES[0], show(50, 500, LINES[0])
    content = {
        "letter by letter": f"0.7 g {letters(51.5, 498.5, line)} 0 g {letters(50, 500, line)}",
        "opacity": f"q /G gs {show(52, 498, line)} Q {text}",
        "halo": "1 0.9 0.9 rg "
        + " ".join(show(50 + x, 500 + y, line) for x, y in ((1.5, 0), (-1.5, 0), (0, 1.5), (0, -1.5)))
        + f" 0 g {text}",
        "two shadows": f"0.8 g {show(53, 497, line)} 0.5 g {show(51.5, 498.5, line)} 0 g {text}",
        "all shadows first": f"0.7 g {show(51.5, 498.5, line)} {show(51.5, 398.5, LINES[1])} 0 g"
        f" {text} {show(50, 400, LINES[1])}",
    }[shape]
    page = read(tmp_path, content, G=Dictionary(ca=0.3))
    assert text_of(page) == (line + LINES[1] if shape == "all shadows first" else line)
    assert sum(page.glyphs.values("copies")) == len(text_of(page)) + {"halo": 4, "two shadows": 2}.get(shape, 1) * len(
        text_of(page).replace(" ", "")
    )


def test_a_stroke_in_a_font_of_its_own_is_no_other_text(tmp_path: Path) -> None:
    """Browsers stroke letters by a Type 3 font, whose box is another one."""

    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.Font["/G"] = Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name("/Own"),
            FirstChar=32, LastChar=122, Widths=pikepdf.Array(widths), FontDescriptor=pdf.make_indirect(descriptor),
        )  # fmt: skip

    from pdfminer.fontmetrics import FONT_METRICS

    known = FONT_METRICS["Helvetica"][1]
    widths = [known.get(chr(code), 0) for code in range(32, 123)]
    descriptor = Dictionary(
        Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name("/Own"), Flags=32, ItalicAngle=0, Ascent=500,
        Descent=-500, CapHeight=500, StemV=80, FontBBox=pikepdf.Array([0, -500, 900, 500]),
    )  # fmt: skip
    text = show(50, 500, LINES[0])
    page = read_twice(write_pdf(tmp_path / "page.pdf", f"{text} {text.replace('/F', '/G')}", change=change))
    assert text_of(page).strip() == LINES[0]
    assert {glyph.font for glyph in page.glyphs} == {0}


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (show(50, 500, *LINES[:2], leading=3), show(50, 480, *LINES[:2])),
        (show(50, 500, LINES[0]), show(50, 496, LINES[0])),
        (show(50, 500, "........"), show(51.39, 500, "........")),
        (show(50, 500, "111", "111"), show(52.78, 500, "111", "111")),
        (show(50, 500, "Anna sings"), show(52, 498, "They build")),
    ],
    ids=["lines", "as far as a line", "dots", "figures", "another text"],
)
def test_what_is_no_shadow(tmp_path: Path, first: str, then: str) -> None:
    page = read_twice(write_pdf(tmp_path / "page.pdf", f"0.6 g {first} 0 g {then}"))
    assert {glyph.copies for glyph in page.glyphs} == {1}
