"""Text that patterns and the glyphs of Type 3 fonts draw."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.stages.read.checks import find_issues
from pipeline.stages.read.page import open_pdf
from pipeline.stages.read.second import SecondReader
from pipeline.stages.read.tasks import read_with_care
from tests.stages.read.building import form, read_twice, text_of, write_pdf
from tests.stages.read.test_hidden import OPEN, Change


def pattern(content: str, *, of_itself: bool = False) -> Change:
    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        made = pdf.make_indirect(pdf.make_stream(content.encode()))
        made.Type, made.PatternType, made.PaintType, made.TilingType = Name.Pattern, 1, 1, 1
        made.BBox, made.XStep, made.YStep = Array([0, 0, 400, 600]), 400, 600
        made.Resources = Dictionary(Font=page.Resources.Font)
        if of_itself:
            made.Resources.Pattern = Dictionary(P=made)
        page.Resources.Pattern = Dictionary(P=made)

    return change


def test_text_that_a_pattern_of_strokes_draws_is_read(tmp_path: Path) -> None:
    content = "/Pattern CS /P SCN 300 w 0 400 m 400 400 l S 0 G" + OPEN
    page = read_twice(write_pdf(tmp_path / "p.pdf", content, change=pattern("BT /F 10 Tf 50 400 Td (Woven) Tj ET")))
    assert text_of(page) == "WovenOpen"


@pytest.mark.parametrize("around", [0, 1, 2])
@pytest.mark.parametrize("by_form", [False, True])
def test_patterns_that_draw_themselves_by_any_number_of_others(tmp_path: Path, around: int, by_form: bool) -> None:
    """No content stream is entered again while it is drawn; pdfium enters it, up to 2 to the power of its depth."""
    used = "/Pattern cs /P scn 0 0 400 600 re f" + " BT /F 10 Tf 50 {} Td (Woven{}) Tj ET"

    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        patterns = []
        for number in range(around + 1):
            pattern(used.format(500 - 20 * number, number))(pdf, page)
            patterns.append(page.Resources.Pattern.P)
        for number, one in enumerate(patterns):
            one.Resources.Pattern = Dictionary(P=patterns[number - 1])
            if by_form:
                inner = form(pdf, used.format(400 - 20 * number, number), (0, 0, 400, 600))
                inner.Resources.Pattern = Dictionary(P=patterns[number - 1])
                one.Resources.XObject = Dictionary(X=inner)
                one.write(b"/X Do")

    path = write_pdf(tmp_path / "p.pdf", "/Pattern cs /P scn 0 0 400 600 re f 0 g" + OPEN, change=change)
    with open_pdf(path) as pdf:
        page, missing = read_with_care(pdf.pages[0], SecondReader(path.read_bytes()))
    assert sorted(text_of(page).replace("Woven", "")) == sorted("Open" + "012"[: around + 1])
    assert missing == ("a form or pattern is drawn by itself",)


def test_a_pattern_that_holds_itself_and_does_not_draw_it_is_none_that_draws_itself(tmp_path: Path) -> None:
    own = pattern("BT /F 10 Tf 50 500 Td (Woven) Tj ET", of_itself=True)
    content = "/Pattern cs /P scn 0 0 400 600 re f 0 g" + OPEN
    with open_pdf(write_pdf(tmp_path / "p.pdf", content, change=own)) as pdf:
        page, missing = read_with_care(pdf.pages[0], None)
    assert (text_of(page), missing) == ("WovenOpen", ())


@pytest.mark.parametrize(("shown", "known"), [("(Word) Tj", False), ("[(Wo) 3 (rd)] TJ", False), ("(a) Tj", True)])
def test_a_glyph_that_shows_a_text_is_no_letter(tmp_path: Path, shown: str, known: bool) -> None:
    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        page.Resources.Font["/T"] = Dictionary(
            Type=Name.Font,
            Subtype=Name.Type3,
            FontBBox=Array([0, 0, 1000, 1000]),
            FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
            FirstChar=97,
            LastChar=97,
            Widths=Array([2000]),
            Encoding=Dictionary(Differences=Array([97, Name("/a")])),
            CharProcs=Dictionary(a=pdf.make_stream(f"2000 0 d0 BT /F 1000 Tf {shown} ET".encode())),
            Resources=Dictionary(Font=Dictionary(F=page.Resources.Font.F)),
        )

    page = read_twice(write_pdf(tmp_path / "p.pdf", "BT /T 10 Tf 50 400 Td (a) Tj ET" + OPEN, change=change))
    assert text_of(page) == ("a" if known else "\ufffd") + "Open"
    assert ("glyphs_without_text" in {issue.code for issue in find_issues((), (), [page])}) is not known
