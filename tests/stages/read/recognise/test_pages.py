"""What the engine saw → glyphs, rules and fills in points."""

from __future__ import annotations

import pytest

from pipeline.models.page import Link, Page
from pipeline.stages.read.recognise.drawing import PixelArea, PixelBox
from pipeline.stages.read.recognise.hocr import SeenLine, SeenWord
from pipeline.stages.read.recognise.pages import _nearest, make_pages
from pipeline.stages.read.recognise.seen import SeenPage, Turn

SCALE = 4.0


def empty(number: int = 1, links: tuple[Link, ...] = ()) -> Page:
    return Page(number=number, width=400, height=600, fonts=(), glyphs=(), rules=(), fills=(), links=links, pictures=())


def line(
    text: str, baseline: float, height: float, x0: float = 100, confidence: float = 0.9, letter: float = 20
) -> SeenLine:
    """Give a line whose type was measured `height` pixels high, with letters of `letter` pixels."""
    words, left = [], x0
    for part in text.split():
        right = left + letter * len(part)
        words.append(SeenWord(text=part, x0=left, y0=baseline - 30, x1=right, y1=baseline + 5, confidence=confidence))
        left = right + 12
    return SeenLine(words=tuple(words), baseline=baseline, size=height)


def seen(
    *lines: SeenLine, turn: Turn = 0, rules: tuple[PixelBox, ...] = (), fills: tuple[PixelArea, ...] = ()
) -> SeenPage:
    width, height = (2400, 1600) if turn in (90, 270) else (1600, 2400)
    return SeenPage(width=width, height=height, turn=turn, skew=0.0, lines=lines, marks=0, rules=rules, fills=fills)


def test_letters_share_a_words_width_and_a_space_stands_between() -> None:
    page = make_pages({1: empty()}, {1: seen(line("ab c", 400, 36, confidence=0.75))})[1]
    assert page.recognised
    assert [glyph.text for glyph in page.glyphs] == ["a", "b", " ", "c"]
    assert [(glyph.x0, glyph.x1) for glyph in page.glyphs] == [(25, 30), (30, 35), (35, 38), (38, 43)]
    assert {glyph.confidence for glyph in page.glyphs} == {0.75}
    assert {glyph.baseline for glyph in page.glyphs} == {100}
    assert {(glyph.top, glyph.bottom) for glyph in page.glyphs} == {(92.8, 101.8)}


@pytest.mark.parametrize("second", [(120.0, 160.0), (90.0, 110.0), (139.0, 180.0)])
def test_words_whose_boxes_overlap_stand_one_behind_the_other(second: tuple[float, float]) -> None:
    """Letters of one word between those of the next would be read in their places' order."""
    words = [
        SeenWord(text=text, x0=x0, y0=370, x1=x1, y1=405, confidence=0.9)
        for text, (x0, x1) in (("ab", (100.0, 140.0)), ("cd", second), ("e", (240.0, 260.0)))
    ]
    page = make_pages({1: empty()}, {1: seen(SeenLine(words=tuple(words), baseline=400, size=36))})[1]
    assert "".join(glyph.text for glyph in page.glyphs) == "ab cd e"
    edges = [edge for glyph in page.glyphs for edge in (glyph.x0, glyph.x1)]
    assert edges == sorted(edges)


@pytest.mark.parametrize(("gap", "space"), [(0.8, 0.9), (1.0, 1.0)])
def test_a_space_is_a_tenth_of_the_size_at_least(gap: float, space: float) -> None:
    words = [SeenWord(text="ab", x0=x0, y0=370, x1=x0 + 40, y1=405, confidence=0.9) for x0 in (100, 140 + SCALE * gap)]
    glyphs = make_pages({1: empty()}, {1: seen(SeenLine(words=tuple(words), baseline=400, size=36))})[1].glyphs
    assert glyphs[2].x1 - glyphs[2].x0 == pytest.approx(space)


@pytest.mark.parametrize(
    ("size", "letters", "settled"),
    [(11.3, 30, 10), (11.5, 30, 11.5), (12.8, 5, 10), (13.2, 5, 13.2), (12, 18, 10), (12, 22, 12)],
)
def test_a_line_is_of_a_type_in_use_where_it_is_about_as_large(size: float, letters: int, settled: float) -> None:
    """A line of few letters says less of its size."""
    assert _nearest(size, letters, [10.0]) == settled


TEXT = "a line of quite some letters, to be sure"
BODY = tuple(line(TEXT, 100 + 50 * number, height) for number, height in enumerate((36, 37, 35, 36.5, 38)))


def test_lines_of_one_type_have_one_size() -> None:
    """Heights of long lines differ by a few per cent, those of short ones by a quarter."""
    page = make_pages({1: empty()}, {1: seen(*BODY, line("nee", 400, 28), line("Abj (x)", 450, 42))})[1]
    (size,) = {glyph.size for glyph in page.glyphs}
    assert size == pytest.approx(9.0, rel=0.03)


@pytest.mark.parametrize(
    "heading",
    [
        pytest.param((line("A heading of quite some letters", 500, 52, letter=29),), id="one line"),
        pytest.param(
            (
                line("A heading of quite some letters", 500, 52, letter=29),
                line("Another heading, of type measured lower", 550, 44, letter=29.5),
                line("novum", 600, 43, letter=31),
            ),
            id="lines that were measured lower for lack of ascenders",
        ),
    ],
)
def test_headings_have_a_larger_size_of_their_own(heading: tuple[SeenLine, ...]) -> None:
    glyphs = make_pages({1: empty()}, {1: seen(*BODY, *heading)})[1].glyphs
    body = {glyph.size for glyph in glyphs if glyph.baseline <= 100}
    head = {glyph.size for glyph in glyphs if glyph.baseline > 100}
    assert len(body) == len(head) == 1
    assert 1.3 < head.pop() / body.pop() < 1.5


def test_notes_stay_smaller_than_the_text() -> None:
    note = line("A note below the table, in smaller type", 500, 29, letter=16)
    glyphs = make_pages({1: empty()}, {1: seen(*BODY, note)})[1].glyphs
    assert glyphs[-1].size < 0.85 * glyphs[0].size


def test_sizes_are_settled_over_all_pages() -> None:
    text = "a line of quite some letters, to be sure"
    pages = make_pages(
        {1: empty(1), 2: empty(2)}, {1: seen(line(text, 100, 36), line(text, 150, 36)), 2: seen(line(text, 100, 38))}
    )
    assert {glyph.size for page in pages.values() for glyph in page.glyphs} == {9.0}


def test_rules_and_fills_are_in_points() -> None:
    found = seen(
        rules=(PixelBox(80, 100, 1200, 104), PixelBox(400, 100, 404, 900)),
        fills=(PixelArea(80, 100, 400, 900, (0.9, 0.9, 1)),),
    )
    page = make_pages({1: empty()}, {1: found})[1]
    assert [tuple(rule) for rule in page.rules] == [(20, 25.5, 300, 25.5), (100.5, 25, 100.5, 225)]
    assert [tuple(fill) for fill in page.fills] == [(20, 25, 100, 225, (0.9, 0.9, 1))]


@pytest.mark.parametrize(
    ("turn", "place"), [(90, (500, 10, 580, 110)), (180, (290, 500, 390, 580)), (270, (20, 290, 100, 390))]
)
def test_a_turned_page_has_its_links_turned_with_it(turn: Turn, place: tuple[float, ...]) -> None:
    page = make_pages({1: empty(links=(Link("https://a.example", 10, 20, 110, 100),))}, {1: seen(turn=turn)})[1]
    assert page.turned == turn
    assert (page.width, page.height) == ((400, 600) if turn == 180 else (600, 400))
    assert tuple(page.links[0][1:]) == place


def test_what_the_page_had_of_its_own_is_gone_but_its_links_stay() -> None:
    page = make_pages({1: empty(links=(Link("https://a.example", 1, 2, 3, 4),))}, {1: seen(line("x", 100, 36))})[1]
    assert [link.url for link in page.links] == ["https://a.example"]
    assert len(page.glyphs) == 1
