"""Country names in a heading: CLDR's, the lexicon's, inflected ones, and headings that hold none."""

from __future__ import annotations

import pytest

from pipeline.lexicon import country_prefix, find_country, load_lexicon

NAMES = load_lexicon("lv").country_names


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Bulgārija", "BG"),
        ("BULGĀRIJA", "BG"),
        ("Bulgārijā", "BG"),
        ("Somijas", "FI"),
        ("Nīderlandei", "NL"),
        ("Čehijas Republika", "CZ"),
        ("Lielbritānija", "GB"),
        ("Bulgārs", None),
        ("Sofija", None),
        ("", None),
    ],
)
def test_find_country(name: str, code: str | None) -> None:
    assert find_country(name, NAMES) == code


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("Beļģija: DISCRI datu bāze", (("BE",), "DISCRI datu bāze")),
        ("Bulgārija, Vācija, Rumānija: Talk with Me – mentori", (("BG", "DE", "RO"), "Talk with Me – mentori")),
        ("Rumānija: REACT_RO: Materiāli", (("RO",), "REACT_RO: Materiāli")),
        ("Bulgārija un Vācija: Kopā", (("BG", "DE"), "Kopā")),
        ("Bulgārija/Vācija – Kopā", (("BG", "DE"), "Kopā")),
        ("Bosnija un Hercegovina: Tilts", (("BA",), "Tilts")),
        ("4. Kipra : Migrantu centri", (("CY",), "Migrantu centri")),
        ("Bulgārija, Bulgārija: Divreiz", (("BG",), "Divreiz")),
        ("Bulgārijas recepte: maize", None),
        ("Bulgārija ir valsts", None),
        ("Bulgārija:", None),
        ("Ievads: par krājumu", None),
    ],
)
def test_country_prefix(heading: str, parts: tuple[tuple[str, ...], str] | None) -> None:
    assert country_prefix(heading, NAMES) == parts
