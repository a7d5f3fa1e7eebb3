"""The glyphs of a page are packed, and are the same glyphs all the same."""

from __future__ import annotations

import pickle

import pytest
from pydantic import ValidationError

from pipeline.models import page as page_module
from pipeline.models.page import Glyph, Glyphs, Page

GLYPHS = (
    Glyph("a", 1.0, 2.0, 3.0, 4.0, 9.0, 0, 3.5),
    Glyph("ķ", 3.0, 2.0, 5.5, 4.0, 9.0, 0, 3.5),
    Glyph(" ", 5.5, 2.0, 6.0, 4.0, 9.0, 0, 3.5, "covered", upright=False, copies=3, confidence=0.25),
    Glyph("ffi", 5.5, 2.125, 6.0, 4.0, 9.0, 1, 3.5),
)


def make_page(glyphs: object) -> Page:
    values = {"number": 1, "width": 9.0, "height": 9.0, "fonts": ("A", "B"), "glyphs": glyphs}
    return Page.model_validate({**values, "rules": (), "fills": (), "links": (), "pictures": ()})


def test_what_is_packed_is_there() -> None:
    packed = Glyphs(GLYPHS)
    assert len(packed) == 4
    assert packed.texts == ("a", "ķ", " ", "ffi")
    assert list(packed.values("copies")) == [1, 1, 3, 1]
    assert list(packed.values("concealed")) == ["", "", "covered", ""]
    assert tuple(packed) == GLYPHS
    assert packed.ink == bytes([1, 1, 0, 1])
    assert packed.group_by_setting([3, 1, 0]) == {2: [3], 0: [1, 0]}
    assert [packed.settings[number].copies for number in packed.setting_ids] == [1, 1, 3, 1]
    assert packed[-1] == GLYPHS[-1]
    with pytest.raises(IndexError):
        packed[4]
    assert [type(value) for value in packed[2]] == [type(value) for value in GLYPHS[2]]
    assert packed[1:3] == GLYPHS[1:3]
    assert packed == Glyphs(GLYPHS)
    assert packed != Glyphs(GLYPHS[:3])
    assert Glyphs() == ()


def test_a_page_takes_and_gives_glyphs_as_they_are() -> None:
    page = make_page(GLYPHS)
    assert isinstance(page.glyphs, Glyphs)
    assert make_page(page.glyphs).glyphs is page.glyphs
    assert make_page(list(map(tuple, GLYPHS))) == page
    assert page.model_dump()["glyphs"] == GLYPHS
    assert Page.model_validate_json(page.model_dump_json()) == page
    with pytest.raises(ValidationError):
        make_page([("a", "wide", 2.0, 3.0, 4.0, 9.0, 0, 3.5)])


def test_another_process_is_sent_the_packed_form() -> None:
    glyphs = Glyphs(GLYPHS)
    assert pickle.loads(pickle.dumps(glyphs)) == glyphs


def test_more_settings_than_two_bytes_can_number() -> None:
    many = tuple(Glyph("a", 1.0, float(top), 2.0, 3.0, 9.0, 0, 3.0) for top in range(page_module.MOST_SETTINGS + 1))
    assert Glyphs(many) == many
