"""A line is written as plain lists, and read back as it was."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from pipeline.models.geometry import Box
from pipeline.models.layout import TextLine, Word

WORDS = (Word("Vieta:", 56.7, 90.125), Word("ķēde", 93.0, 120.25), Word("x", 121.0, 126.5))
LINE = TypeAdapter(TextLine)


def make_line(words: tuple[Word, ...], ids: tuple[int, ...]) -> TextLine:
    box = Box(page=3, x0=56.7, top=100.0, x1=126.5, bottom=110.0)
    return TextLine(text="", words=words, box=box, baseline=108.0, size=9.5, bold=False, glyphs=ids)


def test_a_line_is_written_and_read_as_plain_lists() -> None:
    line = make_line(WORDS, (4, 5, 6))
    plain = LINE.dump_python(line, mode="json")
    assert plain["words"] == [list(word) for word in WORDS]
    assert plain["glyphs"] == [4, 5, 6]
    assert plain["box"] == {"page": 3, "x0": 56.7, "top": 100.0, "x1": 126.5, "bottom": 110.0}
    assert LINE.validate_json(LINE.dump_json(line)) == line
    for place, wrong in (("words", [["a", "wide", 2.0]]), ("glyphs", ["a"]), ("colour", "red")):
        with pytest.raises(ValidationError):
            LINE.validate_python({**plain, place: wrong})
    with pytest.raises(ValidationError):
        LINE.validate_python({**plain, "box": {**plain["box"], "y": 1.0}})


def test_an_id_that_no_glyph_has_is_no_line() -> None:
    plain = LINE.dump_python(make_line(WORDS, (4, 5, 6)))
    with pytest.raises(ValidationError, match="glyphs"):
        LINE.validate_python({**plain, "glyphs": (4, -1, 6)})
