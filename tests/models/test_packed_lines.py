"""The words and glyph ids of a line are packed, and are the same all the same."""

from __future__ import annotations

import pickle
import tracemalloc

import pytest
from pydantic import TypeAdapter, ValidationError

from pipeline.models.geometry import Box
from pipeline.models.layout import GlyphIds, TextLine, Word, Words

WORDS = (Word("Vieta:", 56.7, 90.125), Word("ķēde", 93.0, 120.25), Word("x", 121.0, 126.5))
SPACED = (Word("a b", 1.0, 2.0), Word("c", 3.0, 4.0))
LINE = TypeAdapter(TextLine)


def make_line(words: Words, ids: GlyphIds) -> TextLine:
    box = Box(page=3, x0=56.7, top=100.0, x1=126.5, bottom=110.0)
    return TextLine(text=words.text, words=words, box=box, baseline=108.0, size=9.5, bold=False, glyphs=ids)


@pytest.mark.parametrize("words", [WORDS, SPACED, WORDS[:1], ()])
def test_packed_words_are_there(words: tuple[Word, ...]) -> None:
    packed = Words(words)
    assert tuple(packed) == words
    assert packed == words
    assert packed == Words(list(words))
    assert len(packed) == len(words)
    assert bool(packed) == bool(words)
    assert [packed[place] for place in range(-len(words), len(words))] == [*words, *words]
    assert packed[1:] == words[1:]
    assert packed.text == " ".join(word.text for word in words)
    with pytest.raises(IndexError):
        packed[len(words)]
    with pytest.raises(IndexError):
        packed[-len(words) - 1]
    assert pickle.loads(pickle.dumps(packed)) == packed
    assert packed != Words([*words, Word("more", 200.0, 210.0)])
    assert hash(packed) == hash(Words(words))


@pytest.mark.parametrize("ids", [(), (0, 7, 3), (65_535, 1), (65_536, 70_000, 2)])
def test_packed_ids_are_there(ids: tuple[int, ...]) -> None:
    packed = GlyphIds(ids)
    assert tuple(packed) == ids
    assert packed == ids
    assert len(packed) == len(ids)
    assert packed[1:] == ids[1:]
    assert packed != GlyphIds((*ids, 5))
    with pytest.raises(OverflowError):
        GlyphIds((*ids, -1))
    assert pickle.loads(pickle.dumps(packed)) == packed


def test_a_line_is_written_and_read_as_plain_lists() -> None:
    line = make_line(Words(WORDS), GlyphIds((4, 5, 6)))
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


@pytest.mark.parametrize("wrong", [-1, 1 << 32, 1 << 80])
def test_an_id_that_no_glyph_has_is_no_line(wrong: int) -> None:
    line = make_line(Words(WORDS), GlyphIds((4, 987_654_321, 6)))
    with pytest.raises(ValidationError, match="glyphs"):
        LINE.validate_json(LINE.dump_json(line).replace(b"987654321", str(wrong).encode()))
    with pytest.raises(ValidationError, match="glyphs"):
        LINE.validate_python({**LINE.dump_python(line), "glyphs": (4, wrong, 6)})


def test_a_line_takes_less_than_a_kilobyte() -> None:
    # A line of the booklet has seven words and fifty glyphs; as models and tuples it takes 2.3 kB.
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    lines = [
        make_line(
            Words([Word(f"word{number}{place}", number + place, number + place + 0.5) for place in range(7)]),
            GlyphIds(range(number, number + 50)),
        )
        for number in range(1_000, 1_500)
    ]
    taken = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert taken < 1_000 * len(lines)
