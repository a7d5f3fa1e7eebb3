"""Printed URLs and link annotations of a cell: over line ends, side by side, under other text."""

from __future__ import annotations

import pytest

from pipeline.models.layout import LinkSpan, TextLine
from pipeline.text.urls import trim_url
from tests.text.paragraphs.building import compose, make_line, make_lines, setting_of

SITE = "https://www.example.org/reports/annual/2019"


FULL = "The quick brown fox jumps over the lazy"
"""A line of 39 characters: in a column of 40, no word fits behind it."""


def url_lines(*texts: str) -> list[TextLine]:
    return make_lines(*texts)


def test_a_url_over_two_lines_is_one() -> None:
    cell = compose(url_lines("See https://www.example.org/documents/", "reports_2019.pdf for it."))
    assert cell.text == "See https://www.example.org/documents/reports_2019.pdf for it."
    assert [link.url for link in cell.links] == ["https://www.example.org/documents/reports_2019.pdf"]


def test_a_url_over_three_lines_is_one() -> None:
    cell = compose(
        url_lines("https://www.example.org/a-long-path/one/", "two-and-a-half/three/four/five/six/seven", "/eight.html")
    )
    assert [link.url for link in cell.links] == [
        "https://www.example.org/a-long-path/one/two-and-a-half/three/four/five/six/seven/eight.html"
    ]
    assert len(cell.paragraphs) == 1


def test_urls_on_lines_of_their_own_stay_apart() -> None:
    cell = compose(url_lines("https://a.example.org/one", "https://b.example.org/two", "www.c.example.org"))
    assert cell.text == "https://a.example.org/one\nhttps://b.example.org/two\nwww.c.example.org"
    assert [link.url for link in cell.links] == cell.text.split("\n")


def test_a_list_of_urls_begins_behind_a_full_line() -> None:
    full = "The quick brown fox jumps over the lazy"
    one, other = "https://a.example.org/one", "https://b.example.org/two"
    assert compose(url_lines(full, one, other)).text == f"{full}\n{one}\n{other}"
    assert compose(url_lines(full, one, "and others.")).text == f"{full} {one}\nand others."


def test_a_broken_url_beside_another_one() -> None:
    cell = compose(
        url_lines("https://www.example.org/documents/year/1", "2/report.pdf", "https://www.example.org/other")
    )
    assert [link.url for link in cell.links] == [
        "https://www.example.org/documents/year/12/report.pdf",
        "https://www.example.org/other",
    ]


def test_a_sentence_behind_a_url_begins_anew() -> None:
    cell = compose(url_lines(SITE[:40], "Then the report ends here."))
    assert [link.url for link in cell.links] == [SITE[:40]]
    assert cell.text == f"{SITE[:40]}\nThen the report ends here."


def test_the_sentences_punctuation_is_no_part_of_a_url() -> None:
    cell = compose(url_lines("Look (www.example.org/a), please."))
    assert [(link.url, link.text) for link in cell.links] == [("www.example.org/a", "www.example.org/a")]
    assert cell.text[cell.links[0].start : cell.links[0].end] == "www.example.org/a"


@pytest.mark.parametrize(
    ("printed", "url"),
    [
        ("https://a.example/x.", "https://a.example/x"),
        ("https://a.example/x);", "https://a.example/x"),
        ("https://a.example/x_(y)", "https://a.example/x_(y)"),
        ("https://a.example/x?y=1!", "https://a.example/x?y=1"),
    ],
)
def test_trailing_punctuation_is_cut(printed: str, url: str) -> None:
    assert trim_url(printed) == url


def test_link_text_that_is_no_url() -> None:
    line = make_line("Read the rules of the fund now", 100, links=[LinkSpan(1, 2, "https://fund.example/rules", 0, 5)])
    cell = compose([line])
    assert [(link.url, link.text) for link in cell.links] == [("https://fund.example/rules", "the rules")]


def test_an_annotation_over_part_of_a_word() -> None:
    line = make_line("Look at (here) please", 100, links=[LinkSpan(2, 2, "https://fund.example/", 1, 5)])
    (link,) = compose([line]).links
    assert (link.text, link.start, link.end) == ("here", 9, 13)


def test_an_annotation_over_two_lines_is_one_link() -> None:
    url = "https://fund.example/rules"
    lines = [
        make_line("The quick brown foxes read all the rules", 100, links=[LinkSpan(6, 7, url, 0, 5)]),
        make_line("of the fund every day.", 112, links=[LinkSpan(0, 2, url, 0, 4)]),
    ]
    cell = compose(lines)
    assert [(link.url, link.text) for link in cell.links] == [(url, "the rules of the fund")]


def test_a_link_inside_the_box_of_another_one_is_its_own() -> None:
    wide, own = "http://www.example.org/a", "http://www.example.org/b"
    line = make_line(
        "over (a page) www.example.org/b", 100, links=[LinkSpan(0, 3, wide, 0, 17), LinkSpan(3, 3, own, 0, 17)]
    )
    assert [link.url for link in compose([line]).links] == [wide, own]


def test_an_annotation_over_a_printed_url_is_listed_once() -> None:
    line = make_line("See www.example.org/a today", 100, links=[LinkSpan(1, 1, "http://www.example.org/a", 0, 17)])
    assert [(link.url, link.text) for link in compose([line]).links] == [
        ("http://www.example.org/a", "www.example.org/a")
    ]


def test_a_target_that_occurs_twice_is_listed_once() -> None:
    line = make_line("www.example.org and www.example.org", 100)
    assert [(link.url, link.start) for link in compose([line]).links] == [("www.example.org", 0)]


def test_a_links_place_counts_from_the_cells_beginning() -> None:
    lines = make_lines("A short line.", "Then www.example.org follows.")
    cell = compose(lines)
    (link,) = cell.links
    assert cell.text[link.start : link.end] == "www.example.org"


def test_a_bullet_shifts_no_annotation() -> None:
    line = make_line("•rules apply", 100, links=[LinkSpan(0, 0, "https://fund.example/", 1, 6)])
    cell = compose([line])
    (link,) = cell.links
    assert (cell.text, link.text) == ("- rules apply", "rules")
    assert cell.text[link.start : link.end] == "rules"


def test_a_soft_hyphen_inside_a_link_is_not_in_its_text() -> None:
    url = "https://fund.example/"
    lines = [
        make_line("The quick brown fox jumps over elephan\u00ad", 100, links=[LinkSpan(6, 6, url, 0, 8)]),
        make_line("tine dogs.", 112, links=[LinkSpan(0, 0, url, 0, 4)]),
    ]
    cell = compose(lines)
    assert [link.text for link in cell.links] == ["elephantine"]


@pytest.mark.parametrize(
    ("opening", "rest"),
    [
        ("http://", "www.example.org/a"),
        ("https://", "example.org/a"),
        ("www.", "example.org/a"),
        ("http://www.", "a.org"),
    ],
)
def test_a_url_that_is_only_opened_on_the_upper_line_is_one(opening: str, rest: str) -> None:
    cell = compose(url_lines(f"The quick brown fox is shown at {opening}", f"{rest} and sleeps."))
    assert cell.text == f"The quick brown fox is shown at {opening}{rest} and sleeps."
    assert [link.url for link in cell.links] == [opening + rest]


def test_a_url_is_one_although_more_of_it_had_fitted() -> None:
    cell = compose(url_lines("https://www.example.org/see?", "v=bIhsltwWrd0&feature=youtu.be"))
    assert [link.url for link in cell.links] == ["https://www.example.org/see?v=bIhsltwWrd0&feature=youtu.be"]
    cell = compose(url_lines("The quick brown fox.", "https://www.example.org/reports/", "report-2018"))
    assert cell.text == "The quick brown fox.\nhttps://www.example.org/reports/report-2018"


def test_a_url_longer_than_its_line_goes_on_with_a_capital() -> None:
    cell = compose(url_lines("https://www.example.org/index.php?i=1%3A", "Social-help-to-refugees-and-others"))
    assert len(cell.paragraphs) == 1
    assert [link.url for link in cell.links] == [
        "https://www.example.org/index.php?i=1%3ASocial-help-to-refugees-and-others"
    ]


URL_LINES = ("The quick brown fox jumps", "http://www.example.org/foxes and others.")
"""The first of these leaves room for `http://www.`, and not for the URL."""


def test_a_url_too_long_for_its_line_begins_the_next_one_in_an_edition_that_breaks_none_behind_its_opening() -> None:
    assert len(compose(make_lines(*URL_LINES)).paragraphs) == 1


def test_a_url_begins_a_paragraph_in_an_edition_that_would_have_opened_it_on_the_upper_line() -> None:
    setting = setting_of(make_lines(f"{FULL} http://", "www.example.org"))
    assert len(compose(make_lines(*URL_LINES), setting=setting).paragraphs) == 2


def test_a_sentence_behind_an_opening_alone_is_no_url() -> None:
    assert setting_of(make_lines("It began with the usual www.", "Then came others.")).whole_urls
    assert setting_of(make_lines("See https://www.example.org/foxes/of/the", "wood/a.pdf")).whole_urls
