"""Text without ink whose letters are drawn as well, as gradients are set: it says what is drawn there."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Dictionary

from tests.stages.read.building import form, hidden_in, read_one, read_twice, text_of, write_pdf
from tests.stages.read.test_hidden import OPEN, SECRET, Change, assert_hidden, assert_shown, states
from tests.stages.read.test_hidden_kinds import PAGE, Make, mask, white_shading
from tests.stages.read.test_picture import grey, pictures

WIDTHS = {"S": 0.667, "e": 0.556, "c": 0.5, "r": 0.333, "t": 0.278, "i": 0.222, "l": 0.222}
"""Widths of Helvetica's glyphs, as shares of the font size."""
CLEAR = f"q /Z gs {SECRET} Q"
PAINT = "0.8 0 0 rg 40 490 100 30 re f 0 g"


def outline(word: str = "Secret", x: float = 50, y: float = 500) -> str:
    """Draw letters' outlines, as if each letter were a bow with a counter in it."""
    drawn = ""
    for letter in word:
        width = 10 * WIDTHS[letter]
        height = 7.2 if letter in "Slit" else 5.3
        for left, right, low, high in ((0.1, 0.9, 0.0, 1.0), (0.3, 0.7, 0.3, 0.7)):
            x0, x1, y0, y1 = x + left * width, x + right * width, y + low * height, y + high * height
            drawn += f"{x0} {y0} m {x1} {y0} l {x1} {y1} l {x0} {y1} {x0} {y1} {x0} {y0} c h "
        x += width
    return drawn


def looks(*changes: Change, **made: Dictionary | Make) -> Change:
    """Give the page graphics state parameters, `/Z` for what is transparent among them, and more changes."""

    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        for each in changes:
            each(pdf, page)
        entries = {name: look(pdf) if callable(look) else look for name, look in made.items()}
        states(Z=Dictionary(ca=0, CA=0), **entries)(pdf, page)

    return change


def dark_shading(pdf: pikepdf.Pdf, page: Dictionary) -> None:
    white_shading(pdf, page)
    page.Resources.Shading.S.Function.C0 = pikepdf.Array([0.2])


def masked(text: str) -> Make:
    """Make parameters with a soft mask that shows what a form in a form draws."""

    def make(pdf: pikepdf.Pdf) -> Dictionary:
        outer = form(pdf, "/X Do", PAGE, Group=Dictionary(S=pikepdf.Name.Transparency))
        outer.Resources.XObject = Dictionary(X=form(pdf, text, PAGE))
        return Dictionary(SMask=Dictionary(S=pikepdf.Name.Alpha, G=outer))

    return make


SHOWN: dict[str, tuple[str, Change]] = {
    "outlines that clip an area": (f"q {outline()} W n {PAINT} Q {CLEAR}", looks()),
    "even-odd": (f"q {outline()} W* n {PAINT} Q {CLEAR}", looks()),
    "outlines that clip a shading": (f"q {outline()} W n /S sh Q {CLEAR}", looks(dark_shading)),
    "outlines that clip a picture": (
        f"q {outline()} W n 100 0 0 30 40 490 cm /I Do Q {CLEAR}", looks(pictures(lambda pdf: grey(pdf, b"\x40")))
    ),
    "outlines that are filled": (f"0.8 0 0 rg {outline()} f 0 g {CLEAR}", looks()),
    "outlines over the text": (f"{CLEAR} 0.8 0 0 rg {outline()} f 0 g", looks()),
    "a mode that paints nothing": (f"q {outline()} W n {PAINT} Q 3 Tr {SECRET} 0 Tr", looks()),
    "the text as a mask": (f"q /M gs {PAINT} Q {CLEAR}", looks(M=masked(SECRET))),
    "the text as a mask of light": (f"q /M gs {PAINT} Q {CLEAR}", looks(M=mask(f"1 g {SECRET}"))),
    "letters that clip an area": (f"q 7 Tr {SECRET} {PAINT} Q", looks()),
    "letters that clip a shading": (f"q 7 Tr {SECRET} /S sh Q", looks(dark_shading)),
    "filled letters that clip": (f"q 4 Tr {SECRET} {PAINT} Q", looks()),
    "white letters that clip": (f"q 1 g 4 Tr {SECRET} {PAINT} Q", looks()),
    "stroked letters that clip": (f"q 1 G 5 Tr {SECRET} /S sh Q", looks(dark_shading)),
}  # fmt: skip


@pytest.mark.parametrize("name", SHOWN)
def test_text_of_which_something_shows_its_letters(tmp_path: Path, name: str) -> None:
    content, change = SHOWN[name]
    path = write_pdf(tmp_path / "page.pdf", content + OPEN, change=change)
    assert_shown(path)
    assert all(part.kind != "letters" for part in read_twice(path).drawn)


HIDDEN: dict[str, tuple[str, str, Change]] = {
    "nothing is painted": ("transparent", f"q {outline()} W n Q {CLEAR}", looks()),
    "painted elsewhere, in white": ("transparent", f"q {outline()} W n 1 g 40 490 100 30 re f Q {CLEAR}", looks()),
    "a white shading": ("transparent", f"q {outline()} W n /S sh Q {CLEAR}", looks(white_shading)),
    "another word": ("transparent", f"{CLEAR} 0.8 0 0 rg {outline('elite')} f 0 g", looks()),
    "a longer word": ("transparent", f"{CLEAR} 0.8 0 0 rg {outline('lectretie')} f 0 g", looks()),
    "another line": ("transparent", f"{CLEAR} 0.8 0 0 rg {outline(y=485)} f 0 g", looks()),
    "the drawing is covered": (
        "transparent", f"0.8 0 0 rg {outline()} f 0.5 g 30 480 150 40 re f 0 g {CLEAR}", looks()
    ),
    "a mask through which nothing is painted": ("transparent", f"q /M gs Q {CLEAR}", looks(M=masked(SECRET))),
    "a mask of another text": (
        "transparent", f"q /M gs {PAINT} Q {CLEAR}", looks(M=masked("BT /F 10 Tf 50 500 Td (lilli) Tj ET"))
    ),
    "letters that clip nothing": ("invisible", f"q 7 Tr {SECRET} Q", looks()),
}  # fmt: skip


@pytest.mark.parametrize("name", HIDDEN)
def test_text_of_which_nothing_shows(tmp_path: Path, name: str) -> None:
    reason, content, change = HIDDEN[name]
    assert_hidden(write_pdf(tmp_path / "page.pdf", content + OPEN, change=change), reason)


def test_without_a_picture_the_outlines_decide(tmp_path: Path) -> None:
    content = f"q {outline()} W n {PAINT} Q {CLEAR}"
    assert text_of(read_one(write_pdf(tmp_path / "page.pdf", content, change=looks()))) == "Secret"


@pytest.mark.parametrize("content", [f"q {outline()} W n {PAINT} Q", f"q /M gs {PAINT} Q"], ids=["clip", "mask"])
def test_letters_that_only_a_clip_or_a_mask_shows(tmp_path: Path, content: str) -> None:
    path = write_pdf(tmp_path / "page.pdf", content + OPEN, change=looks(M=masked(SECRET)))
    page = read_twice(path)
    assert [part.kind for part in page.drawn] == ["letters"]
    assert (text_of(page).strip(), hidden_in(page)) == ("Open", {})


def test_a_mask_that_can_t_be_run_is_none(tmp_path: Path) -> None:
    """It is broken, or draws itself."""

    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        made = pdf.make_indirect(form(pdf, f"/M gs 1 g 0 0 400 600 re f {SECRET} /Nothing Do", PAGE))
        look = pdf.make_indirect(Dictionary(SMask=Dictionary(S=pikepdf.Name.Luminosity, G=made)))
        made.Resources.ExtGState = Dictionary(M=look)
        page.Resources.ExtGState = Dictionary(M=look)

    page = read_one(write_pdf(tmp_path / "page.pdf", f"q /M gs {PAINT} Q" + OPEN, change=change))
    assert text_of(page).strip() == "Open"
