"""hOCR → lines and words."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from pipeline.stages.read.recognise.hocr import read_hocr

PAGE = """<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml"><body><div class='ocr_page' title='image "a b.png"; bbox 0 0 900 500'>
<div class='ocr_carea'><p class='ocr_par'>{lines}</p></div></div></body></html>"""
LINE = """<span class='{kind}' title="{title}">{words}</span>"""
WORD = """<span class='ocrx_word' title='bbox {box}; x_wconf {confidence}'>{text}</span>"""


def page(lines: str) -> str:
    return PAGE.format(lines=lines).replace(' xmlns="http://www.w3.org/1999/xhtml"', "")


def word(text: str, box: str = "100 50 180 90", confidence: int = 96) -> str:
    return WORD.format(text=text, box=box, confidence=confidence)


def line(*words: str, title: str = "bbox 100 50 500 90; baseline 0.01 -8; x_size 40", kind: str = "ocr_line") -> str:
    return LINE.format(kind=kind, title=title, words=" ".join(words))


def test_words_have_their_place_and_confidence() -> None:
    (found,) = read_hocr(page(line(word("Mērķis", confidence=93), word("(kāpēc?)", "200 48 330 92", 41))))
    assert [(one.text, one.x0, one.y0, one.x1, one.y1, one.confidence) for one in found.words] == [
        ("Mērķis", 100, 50, 180, 90, 0.93),
        ("(kāpēc?)", 200, 48, 330, 92, 0.41),
    ]
    assert found.size == 40
    assert found.baseline == pytest.approx(90 - 8 + 0.01 * 200)


def test_text_is_composed_and_trimmed() -> None:
    (found,) = read_hocr(page(line(word(" <strong>me\u0304r</strong>k&amp; "))))
    assert found.words[0].text == "mērk&"


def test_headers_and_captions_are_lines_too() -> None:
    kinds = ("ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat", "ocr_footer")
    assert len(read_hocr(page("".join(line(word("x"), kind=kind) for kind in kinds)))) == len(kinds)


def test_what_has_no_text_or_place_is_left_out() -> None:
    assert read_hocr(page(line(word("  ")))) == ()
    assert read_hocr(page(line("<span class='ocrx_word' title='x_wconf 90'>x</span>"))) == ()
    assert read_hocr(page("")) == ()


def test_a_line_without_a_base_line_stands_on_its_lower_edge() -> None:
    (found,) = read_hocr(page(line(word("x"), title="bbox 100 50 500 90")))
    assert (found.baseline, found.size) == (90, 40)


def test_the_namespace_of_real_output_is_no_obstacle() -> None:
    assert len(read_hocr(PAGE.format(lines=line(word("x"))))) == 1


def test_broken_output_is_not_taken_for_an_empty_page() -> None:
    with pytest.raises(ET.ParseError):
        read_hocr("<html><body>")
