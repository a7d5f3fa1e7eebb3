"""Country names in a heading: CLDR's, the lexicon's, inflected ones, and headings that hold none."""

from __future__ import annotations

import pytest

from pipeline.lexicon import country_prefix, country_suffix, find_country, load_lexicon

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
        ("Polijas Republika: Kopā", (("PL",), "Kopā")),
        ("Beļģija (Flandrija): Kopā", (("BE",), "Kopā")),
        ("Beļģija (Flandrija) un Francija: Kopā", (("BE", "FR"), "Kopā")),
        ("Vācija, Saksija: Kopā", (("DE",), "Kopā")),
        ("Vācija, Saksija, Polija: Kopā", None),
        ("Valstis: Austrija un Slovēnija – Kopā", (("AT", "SI"), "Kopā")),
        ("3 Malta: Kopā", (("MT",), "Kopā")),
        ("Prakse Nr. 3 – Malta: Kopā", (("MT",), "Kopā")),
        ("Prakse Malta: Kopā", None),
        ("Bulgārijas recepte: maize", None),
        ("Bulgārija ir valsts", None),
        ("Bulgārija:", None),
        ("Ievads: par krājumu", None),
    ],
)
def test_country_prefix(heading: str, parts: tuple[tuple[str, ...], str] | None) -> None:
    assert country_prefix(heading, NAMES) == parts


@pytest.mark.parametrize(
    ("language", "heading", "countries"),
    [
        ("bg", "Република Полша: Учител", ("PL",)),
        ("bg", "Кралство Белгия (Фландрия): Учител", ("BE",)),
        ("de", "Königreich der Niederlande: Lehrer", ("NL",)),
        ("de", "Tschechien und die Slowakische Republik: Lehrer", ("CZ", "SK")),
        ("el", "Δημοκρατία της Πολωνίας: Δάσκαλος", ("PL",)),
        ("el", "Η Εσθονία και η Λετονία: Δάσκαλος", ("EE", "LV")),
        ("en", "Country: Republic of Malta – Teacher", ("MT",)),
        ("nl", "Tsjechië en de Slowaakse Republiek: Leraar", ("CZ", "SK")),
        ("nl", "België, Vlaams Gewest: Leraar", ("BE",)),
        ("ro", "Regatul Spaniei: Profesor", ("ES",)),
    ],
)
def test_country_prefix_of_official_names(language: str, heading: str, countries: tuple[str, ...]) -> None:
    divided = country_prefix(heading, load_lexicon(language).country_names)
    assert divided is not None
    assert divided[0] == countries


@pytest.mark.parametrize(
    ("heading", "parts"),
    [
        ("Kopā pie galda (Malta)", (("MT",), "Kopā pie galda")),
        ("3. Kopā pie galda – Austrija un Slovēnija", (("AT", "SI"), "Kopā pie galda")),
        ("Kopā – pie galda | Malta", (("MT",), "Kopā – pie galda")),
        ("Kopā pie galda (stāsts)", None),
        ("Kopā-Malta", None),
        ("Kopā pie galda Malta", None),
    ],
)
def test_country_suffix(heading: str, parts: tuple[tuple[str, ...], str] | None) -> None:
    assert country_suffix(heading, NAMES) == parts
