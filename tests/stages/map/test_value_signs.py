"""What a value's own words say of its field."""

from __future__ import annotations

import pytest

from pipeline.lexicon import load_lexicon
from pipeline.stages.map.value_signs import read_signs

LV = load_lexicon("lv")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Vietējā līmenī", "implementation_level"),
        ("Sākums: 2016. gada marts", "period"),
        ("Patvēruma meklētāji", "target_groups"),
        ("Valodas: latviešu, krievu, dari", "outreach"),
        ("https://example.org/a\nwww.example.org", "sources"),
        ("Valsts budžets (15 %)", "funding"),
        ("Izmaksas: trīs zirgi\nObligāti apmeklējams: reizēm", "accessibility"),
        ("Brīvprātīga", "participation"),
        ("Tallina, Tartu un Narva", "locations"),
        ("Jā", "impact_assessment"),
    ],
)
def test_a_short_value_tells_its_field(text: str, field: str) -> None:
    signs = read_signs(text, LV)
    assert signs[field] == max(signs.values())


def test_prose_tells_little() -> None:
    text = "Kursu mērķis ir palīdzēt iedzīvotājiem iepazīt vienam otru un kopā veidot pilsētas svētkus ikvienam."
    assert max(read_signs(text, LV).values(), default=0.0) < 0.5


def test_an_empty_value_tells_nothing() -> None:
    assert read_signs("\u2014", LV) == {}


@pytest.mark.parametrize(
    ("text", "field", "score"),
    [
        # Half of the words is enough: one of three says two thirds of it.
        ("Vietējā līmenī viens", "implementation_level", 1 / 3 / 0.5),
        ("Vietējā līmenī", "implementation_level", 1.0),
        # Two sub-labels are enough, four tenths of the characters as addresses too.
        ("Izmaksas: trīs zirgi un vēl viens zirgs bez segliem", "accessibility", 0.5),
        ("www.a.lv " + 31 * "a", "sources", 8 / 40 / 0.4),
        ("www.a.lv " + 11 * "a", "sources", 1.0),
    ],
)
def test_how_much_of_a_value_speaks_for_a_field(text: str, field: str, score: float) -> None:
    assert read_signs(text, LV)[field] == pytest.approx(score)


@pytest.mark.parametrize(("names", "places"), [(12, True), (13, False)])
def test_a_bare_list_of_at_most_twelve_names_is_one_of_places(names: int, places: bool) -> None:
    assert ("locations" in read_signs(", ".join(["Valka"] * names), LV)) == places
