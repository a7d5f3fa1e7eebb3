"""The second reading: what only one of two readers sees is reported, and damage counts by what it does to the text."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary
from PIL import Image

from pipeline.models.page import Glyph, Page, SecondReading
from pipeline.paths import RAW
from pipeline.stages.read import second
from pipeline.stages.read.checks import DISAGREE_SHARE, find_issues
from pipeline.stages.read.device import Device
from pipeline.stages.read.page import open_pdf, page_matrix, read_page
from pipeline.stages.read.picture import PagePicture
from pipeline.stages.read.second import Letter, SecondReader, compare
from pipeline.stages.read.tasks import read_with_care
from tests.stages.read.building import HEIGHT, WIDTH, form, text_of, write_pdf


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "page.pdf"


def glyphs(text: str, x: float = 50, y: float = 100, **entries: Any) -> list[Glyph]:
    """Glyphs of a line of text, each 5 pt wide."""
    return [
        Glyph(sign, x + 5 * place, y, x + 5 * place + 5, y + 10, 10.0, 0, y + 8, **entries)
        for place, sign in enumerate(text)
    ]


def compared(ours: list[Glyph], theirs: str, x: float = 50, y: float = 100) -> SecondReading:
    """Compare glyphs with a line of text that a second reader finds."""
    letters = [Letter(sign, x + 5 * place, y, x + 5 * place + 5, y + 10, place) for place, sign in enumerate(theirs)]
    canvas: Any = SimpleNamespace(shadows=set(), glyphs=ours, marks=[-1] * len(ours), codes={})
    return compare(canvas, theirs, lambda: letters)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Some words", "Some words"),
        ("Some words", "words\r\nSome"),  # order and white space
        ("inter-", "inter\ufffe"),  # a hyphen at a line's end
        ("e\ufb03cient", "efficient"),  # compatibility forms
        ("a\u0304da", "\u0101da"),
        ("x\u00b2", "x2"),
        ("\u201eyes\u201d (no)", "yes no"),  # signs
    ],
)
def test_what_is_no_disagreement(ours: str, theirs: str) -> None:
    found = compared(glyphs(ours), theirs)
    assert found.agrees
    assert found.first == found.second > 0


def test_a_word_that_only_the_second_reader_has() -> None:
    found = compared(glyphs("Some "), "Some words")
    assert (found.first, found.second, found.lacking, found.added) == (4, 9, 5, 0)
    (word,) = found.lacking_words
    assert word == ("words", 75, 100, 100, 110)


def test_a_word_that_only_the_first_reader_has() -> None:
    found = compared(glyphs("Some words"), "Some ")
    assert (found.first, found.second, found.lacking, found.added) == (9, 4, 0, 5)
    assert [word.text for word in found.added_words] == ["words"]


def test_a_letter_for_another_is_told_by_both_words() -> None:
    found = compared(glyphs("Some wards"), "Some words")
    assert (found.lacking, found.added) == (1, 1)
    assert [word.text for word in (*found.lacking_words, *found.added_words)] == ["words", "wards"]


def test_concealed_letters_are_taken_out_of_both() -> None:
    ours = [*glyphs("Secret ", concealed="covered"), *glyphs("Open", x=85)]
    found = compared(ours, "Secret Open")
    assert (found.first, found.second, found.agrees) == (4, 4, True)


def test_a_concealed_word_is_in_no_report_even_where_readers_differ() -> None:
    """The second reader takes the hidden letters for others, and has one more word."""
    ours = [*glyphs("Secret ", concealed="covered"), *glyphs("Open ", x=85)]
    found = compared(ours, "5ecret Open more")
    assert (found.first, found.second, found.lacking) == (4, 8, 4)
    assert [word.text for word in found.lacking_words] == ["more"]


@pytest.mark.parametrize(("x", "lacking"), [(500, 0), (120, 4)])
def test_letters_off_the_page_are_off_it_for_both(x: float, lacking: int) -> None:
    """The bags are the same: the first reader has a word off the page that the second has on it."""
    ours = [*glyphs("Open"), *glyphs("lost", x=500, concealed="outside_page")]
    letters = [Letter(*glyph[:5], number) for number, glyph in enumerate((*glyphs("Open"), *glyphs("lost", x=x)))]
    canvas: Any = SimpleNamespace(shadows=set(), glyphs=ours, marks=[-1] * len(ours), codes={})
    found = compare(canvas, "Openlost", lambda: letters)
    assert (found.first, found.second, found.lacking) == (4, 4 + lacking, lacking)


def test_doubled_letters_count_once_in_both() -> None:
    ours = glyphs("Bold", copies=2)
    letters = [
        Letter(sign, 50 + 5 * place + step, 100, 55 + 5 * place + step, 110, place)
        for step in (0, 0.3)
        for place, sign in enumerate("Bold")
    ]
    canvas: Any = SimpleNamespace(shadows=set(), glyphs=ours, marks=[-1] * len(ours), codes={})
    found = compare(canvas, "BoldBold", lambda: letters)
    assert (found.first, found.second, found.agrees) == (4, 4, True)


@pytest.mark.parametrize(("aside", "second"), [(1.1, 4), (1.3, 8)])
def test_letters_of_the_second_reader_are_one_at_an_eighth_of_their_height(aside: float, second: int) -> None:
    letters = [
        Letter(sign, 50 + 5 * place + step, 100, 55 + 5 * place + step, 110, place)
        for step in (0, aside)
        for place, sign in enumerate("Bold")
    ]
    canvas: Any = SimpleNamespace(shadows=set(), glyphs=glyphs("Bold"), marks=[-1] * 4, codes={})
    assert compare(canvas, "BoldBold", lambda: letters).second == second


def test_some_of_the_words_that_differ_are_named() -> None:
    words = [f"w{number}" for number in range(13)]
    assert [word.text for word in compared([], " ".join(words)).lacking_words] == words[:10]


@pytest.mark.parametrize(("gap", "words"), [(2.8, ["ab"]), (3.2, ["a", "b"])])
def test_letters_a_third_of_their_height_apart_are_of_two_words(gap: float, words: list[str]) -> None:
    letters = [Letter("a", 50, 100, 55, 110, 0), Letter("b", 55 + gap, 100, 60 + gap, 110, 1)]
    canvas: Any = SimpleNamespace(shadows=set(), glyphs=[], marks=[], codes={})
    assert [word.text for word in compare(canvas, "ab", lambda: letters).lacking_words] == words


@pytest.mark.parametrize(("edge", "lacking"), [(50 - 0.8, 1), (50 - 1.1, 0)])
def test_a_letter_is_seen_where_there_is_ink_within_a_point_of_its_box(edge: float, lacking: int) -> None:
    """The box is all ink, as that of an `l`; the ground begins at its left edge, or a little before."""
    image = Image.new("RGB", (800, 1200), (0, 0, 0))
    image.paste((255, 255, 255), (0, 0, round(10 * edge), 1200))
    canvas: Any = SimpleNamespace(shadows=set(), glyphs=[], marks=[], codes={})
    letters = [Letter("l", 50, 100, 52, 110, 0)]
    assert compare(canvas, "l", lambda: letters, lambda: PagePicture(image, 10.0)).lacking == lacking


@pytest.mark.parametrize(("wider", "drawn"), [(0.9, True), (1.1, False)])
def test_a_page_is_drawn_where_both_readers_see_the_same_part_of_it(pdf: Path, wider: float, drawn: bool) -> None:
    reader = SecondReader(write_pdf(pdf, "").read_bytes())
    assert (reader.draw(1, WIDTH + wider, HEIGHT - wider, (0, 0, 9, 9)) is not None) is drawn


def test_a_part_of_a_page_is_drawn_with_two_pixels_per_point_and_a_point_around_it(pdf: Path) -> None:
    picture = SecondReader(write_pdf(pdf, "").read_bytes()).draw(1, WIDTH, HEIGHT, (100, 200, 110, 220))
    assert picture is not None
    assert (picture._origin, picture._image.size) == ((2 * 99, 2 * 199), (2 * 12, 2 * 22))


def test_places_are_looked_at_only_where_bags_differ() -> None:
    canvas: Any = SimpleNamespace(shadows=set(), glyphs=glyphs("Some words"), marks=[-1] * 10, codes={})

    def never() -> None:
        raise AssertionError

    assert compare(canvas, "words Some", never).agrees


def test_the_reference_edition_is_read_alike_by_both() -> None:
    path = RAW / "raccombat-lv.pdf"
    reader = SecondReader(path.read_bytes())
    with open_pdf(path) as opened:
        pages = [read_with_care(page, reader)[0] for page in opened.pages[:6]]
    assert all(page.second is not None and page.second.agrees and page.second.first > 1000 for page in pages)
    assert list(find_issues((), (), pages)) == []


def test_text_that_the_first_reader_loses_is_reported(pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A font whose codes give no letters to the first reader."""
    path = write_pdf(pdf, "BT /F 10 Tf 50 500 Td (Seen) Tj ET BT /F 10 Tf 50 400 Td (Unseen here) Tj ET")
    reader = SecondReader(path.read_bytes())
    with open_pdf(path) as opened:
        known = Device.render_string
        shown: list[int] = []

        def lose(self: Any, textstate: Any, seq: Any, *rest: Any) -> None:
            shown.append(1)
            if len(shown) == 1:
                known(self, textstate, seq, *rest)

        monkeypatch.setattr(Device, "render_string", lose)
        page, _ = read_with_care(opened.pages[0], reader)
    (issue,) = find_issues((), (), [page])
    assert (issue.code, issue.severity, issue.page) == ("reader_disagrees", "error", 1)
    assert issue.box is not None
    assert (round(issue.box.x0), round(issue.box.bottom)) == (51, 200)
    assert "4 and 14 letters" in issue.message
    assert "10 letters only the second reader has: 'Unseen', 'here'" in issue.message


def page_with(**entries: Any) -> Page:
    base: dict[str, Any] = {
        "number": 1,
        "width": 400,
        "height": 600,
        "fonts": ("F",),
        "glyphs": (),
        "rules": (),
        "fills": (),
        "links": (),
        "pictures": (),
    }
    return Page(**{**base, **entries})


@pytest.mark.parametrize(("differing", "severity"), [(1, "warning"), (4, "warning"), (5, "error"), (900, "error")])
def test_a_disagreement_is_an_error_from_a_share_of_the_letters_on(differing: int, severity: str) -> None:
    assert DISAGREE_SHARE * 1000 == 5
    page = page_with(second=SecondReading(1000 - differing, 1000, differing))
    (issue,) = find_issues((), (), [page])
    assert (issue.code, issue.severity) == ("reader_disagrees", severity)


AGREED, DIFFERING, NOTHING = SecondReading(9, 9), SecondReading(9, 20, 11), SecondReading(0, 0)


@pytest.mark.parametrize(
    ("reading", "severity"),
    [
        (AGREED, "note"),
        (DIFFERING, "error"),
        (NOTHING, "error"),
        (None, "error"),
        (SecondReading(0, 0, failure="x"), "error"),
    ],
)
def test_damage_is_an_error_unless_two_readers_see_the_same_letters(
    reading: SecondReading | None, severity: str
) -> None:
    page = page_with(second=reading)
    issues = {
        issue.code: issue for issue in find_issues(["it could not be checked"], [(1, "a font is missing")], [page])
    }
    assert issues["page_damaged"].severity == severity
    assert issues["file_damaged"].severity == severity


def test_missing_pages_are_an_error_whatever_is_read_of_the_others() -> None:
    (issue,) = find_issues(["the file should have 7 pages, and 4 could be found"], (), [page_with(second=AGREED)])
    assert (issue.code, issue.severity) == ("file_damaged", "error")


def test_a_file_that_was_read_once_says_so() -> None:
    assert [issue.code for issue in find_issues((), (), [page_with()])] == ["second_reading_left_out"]


def test_a_file_that_the_second_reader_cannot_open(pdf: Path) -> None:
    path = write_pdf(pdf, "BT /F 10 Tf 50 500 Td (Seen) Tj ET")
    with open_pdf(path) as opened:
        page, _ = read_with_care(opened.pages[0], SecondReader(b"%PDF-1.7 no file"))
    (issue,) = find_issues((), (), [page])
    assert (issue.code, issue.severity, issue.page) == ("second_reading_failed", "warning", 1)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_words_have_their_place_on_the_page_as_it_is_read(
    pdf: Path, turn: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that is set across is turned by the first reader; its box is that of the turned page."""
    path = write_pdf(pdf, "BT /F 10 Tf 50 500 Td (Some) Tj ET BT /F 10 Tf 50 400 Td (lost) Tj ET", rotate=turn)
    with open_pdf(path) as opened:
        whole, _ = read_with_care(opened.pages[0], SecondReader(path.read_bytes()))
        known, shown = Device.render_string, [0]

        def lose(self: Any, textstate: Any, seq: Any, *rest: Any) -> None:
            shown[0] += 1
            if shown[0] == 1:
                known(self, textstate, seq, *rest)

        monkeypatch.setattr(Device, "render_string", lose)
        page, _ = read_with_care(opened.pages[0], SecondReader(path.read_bytes()))
    assert page.second is not None
    (word,) = page.second.lacking_words
    lost = list(whole.glyphs)[4:]
    assert lost[0].x0 - 1 <= word.x0 <= word.x1 <= lost[-1].x1 + 1
    assert lost[0].top - 1 <= word.top <= word.bottom <= lost[0].bottom + 1


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (20, 30, 390, 590)])
def test_places_of_the_second_reader_are_those_of_the_first(
    pdf: Path, turn: int, crop: tuple[int, ...] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[Letter] = []

    def take(canvas: Any, text: str, find_letters: Any, draw: Any) -> SecondReading:
        found.extend(find_letters())
        return SecondReading(0, 0)

    monkeypatch.setattr(second, "compare", take)
    path = write_pdf(pdf, "BT /F 10 Tf 50 500 Td (Some) Tj ET", rotate=turn, crop=crop)
    with open_pdf(path) as opened:
        drawn = opened.pages[0]
        canvas = read_page(drawn).canvas
        assert canvas is not None
        SecondReader(path.read_bytes()).read(canvas, page_matrix(drawn.page_obj), annotated=False)
    assert [letter.character for letter in found] == ["S", "o", "m", "e"]
    for letter, glyph in zip(found, canvas.glyphs, strict=True):
        assert glyph.x0 - 1 <= (letter.x0 + letter.x1) / 2 <= glyph.x1 + 1
        assert glyph.top - 1 <= (letter.top + letter.bottom) / 2 <= glyph.bottom + 1


@pytest.mark.parametrize(("depth", "read"), [(40, 40), (50, 50), (70, 64)])
def test_forms_that_are_nested_deeper_than_the_second_reader_follows(tmp_path: Path, depth: int, read: int) -> None:
    """pdfium reads 40 forms within each other; those below are seen all the same, up to a limit that is reported."""

    def change(pdf: pikepdf.Pdf, page: Dictionary) -> None:
        inner: pikepdf.Object | None = None
        for number in reversed(range(depth)):
            text = f"/P <</MCID {number}>> BDC BT /F 10 Tf 50 {590 - 8 * number} Td (w) Tj ET EMC"
            outer = form(pdf, text + " /X Do" * (inner is not None), (0, 0, 400, 600))
            if inner is not None:
                outer.Resources.XObject = Dictionary(X=inner)
            inner = outer
        page.Resources.XObject = Dictionary(X=inner)

    path = write_pdf(tmp_path / "deep.pdf", "/X Do", change=change)
    with open_pdf(path) as pdf:
        page, missing = read_with_care(pdf.pages[0], SecondReader(path.read_bytes()))
    assert text_of(page) == "w" * read
    assert page.second is not None
    assert page.second.agrees
    severities = [issue.severity for issue in find_issues((), [(1, damage) for damage in missing], [page])]
    assert severities == ["error"] * (read < depth)
