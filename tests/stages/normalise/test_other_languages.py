"""A second complete language, and new ones from a folder alone: no code knows any language."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.lexicon import country_prefix, find_country, load_lexicon
from pipeline.stages.normalise.access import find_access
from pipeline.stages.normalise.choices import find_codes, find_verdict, is_enumeration, is_unavailable
from pipeline.stages.normalise.languages import find_languages
from pipeline.stages.normalise.money import find_amounts, find_shares
from pipeline.stages.normalise.period import find_period
from pipeline.stages.normalise.places import find_places

EN = load_lexicon("en")


@pytest.mark.parametrize(
    ("field", "text", "codes"),
    [
        ("implementation_level", "At local level", ["local"]),
        ("implementation_level", "Implemented locally in 3 EU member states", ["local"]),
        ("implementation_level", "National", ["national"]),
        ("implementation_level", "Cross-border", ["international"]),
        ("initiative_scope", "Stand-alone initiative", ["standalone"]),
        ("initiative_scope", "Part of a wider EU project", ["part_of_other"]),
        ("initiative_scope", "It is not part of any other project", ["standalone"]),
        (
            "target_groups",
            "Citizens, EU citizens, third-country nationals, asylum seekers/beneficiaries of international protection",
            [
                "citizens",
                "eu_citizens",
                "third_country_nationals",
                "asylum_seekers",
                "beneficiaries_of_protection",
            ],
        ),
        ("target_groups", "Refugees", ["beneficiaries_of_protection"]),
        ("target_groups", "Children at the refugee centre who seek asylum", ["asylum_seekers"]),
        (
            "outreach",
            "By word of mouth, printed leaflets, online, mobile devices, Facebook, local newspapers and events",
            ["word_of_mouth", "print", "online", "mobile", "social_media", "media", "events"],
        ),
        ("outreach", "The brochures available on the website", ["online"]),
        ("participation", "Voluntary/institutionalised", ["voluntary", "institutionalised"]),
        ("participation", "Voluntary organisations take part", []),
    ],
)
def test_english_codes(field: str, text: str, codes: list[str]) -> None:
    found = find_codes(field, text, EN)
    assert [code for code in found if field != "target_groups" or code in codes] == codes
    assert field == "target_groups" or found == codes


@pytest.mark.parametrize(
    ("field", "text", "verdict"),
    [
        ("legal_information", "Yes, but only for teenagers", "yes"),
        ("legal_information", "No", "no"),
        ("legal_information", "On request, legal advice is given.", "yes"),
        ("impact_assessment", "Partly. Only for the whole project.", "partly"),
        ("impact_assessment", "An evaluation is carried out once a year.", "yes"),
        ("impact_assessment", "No evaluation is planned.", "no"),
        ("impact_assessment", "The impact has not been evaluated.", "no"),
        ("target_group_involved", "The target group is not involved in the evaluation.", "no"),
        ("target_group_involved", "Participants fill in a questionnaire.", "yes"),
        ("indicators", "Several indicators are used, such as attendance.", "yes"),
        ("indicators", "It was not based on indicators.", "no"),
    ],
)
def test_english_verdicts(field: str, text: str, verdict: str) -> None:
    assert find_verdict(field, text, (), EN) == verdict


def test_english_availability() -> None:
    assert is_unavailable("No such information is available.", EN)
    assert is_unavailable("Information on the impact assessment is not available.", EN)
    assert not is_unavailable("No.", EN)
    assert not is_unavailable("Information is available.", EN)


def test_english_languages() -> None:
    assert find_languages("Languages: Albanian, Dari, Farsi and BCS.", EN).codes == [
        "sq",
        "prs",
        "fa",
        "bs",
        "hr",
        "sr",
    ]
    assert find_languages("The website is in French, some leaflets in Arabic and Polish.", EN).codes == [
        "fr",
        "ar",
        "pl",
    ]
    assert find_languages("A course of Romanian; children learn Bulgarian.", EN).codes == []
    assert find_languages("It is not available in English.", EN).codes == []


def test_words_in_a_foreign_title_do_not_count() -> None:
    # The quotation is Latvian: its words say nothing about an English text, and "in" is no preposition there.
    assert find_codes("outreach", "The booklet „Informācija par tiesībām un pienākumiem sms” was shown.", EN) == [
        "print"
    ]


def test_english_money_places_access() -> None:
    assert [tuple(amount) for amount in find_amounts("1.5 million euros, £2,000 and EUR 40 000", EN)] == [
        (1500000, "EUR"),
        (2000, "GBP"),
        (40000, "EUR"),
    ]
    assert find_shares("85% ESF, 15 per cent state budget", EN) == [85, 15]
    assert find_places("Tallinn, Tartu and Narva", EN) == ["Tallinn", "Tartu", "Narva"]
    assert find_places("In four refugee centres in Bulgaria.", EN) is None
    access = find_access("Costs: free of charge\nMandatory: no\nEligibility criteria: everyone", EN)
    assert (access.free, access.mandatory, access.cost, access.eligibility) == (
        True,
        False,
        "free of charge",
        "everyone",
    )


def test_english_headings() -> None:
    names = EN.country_names
    assert country_prefix("Bulgaria, Germany and Romania: Talk with Me – mentors", names) == (
        ("BG", "DE", "RO"),
        "Talk with Me – mentors",
    )
    assert country_prefix("3. The Netherlands – Self-study", names) == (("NL",), "Self-study")
    assert country_prefix("Bosnia and Herzegovina: Bridges", names) == (("BA",), "Bridges")
    assert country_prefix("Bulgarian recipes: bread", names) is None
    assert country_prefix("Bulgaria:", names) is None
    assert find_country("czech republic", names) == "CZ"
    assert find_country("Atlantis", names) is None


FOLDERS = {
    "de": {
        "labels.yaml": {"period": [{"text": "Zeitraum", "status": "draft"}]},
        "grammar.yaml": {"endings": ["e", "en", "er", "es", "s"], "negations": ["nicht", "kein~"]},
        "dates.yaml": {
            "year_words": ["jahr~"],
            "start_words": ["beginn", "start"],
            "end_words": ["ende"],
            "from_words": ["von", "seit", "ab"],
            "until_words": ["bis"],
            "ongoing": ["läuft noch"],
            "now": ["heute"],
        },
        "languages.yaml": {"list_markers": ["sprachen :"], "before": ["auf", "in"]},
    },
    "bg": {
        "labels.yaml": {"period": [{"text": "Период", "status": "draft"}]},
        "dates.yaml": {
            "year_words": ["г", "година", "годината"],
            "start_words": ["начало"],
            "end_words": ["край"],
            "from_words": ["от"],
            "until_words": ["до"],
            "ongoing": ["все още"],
        },
        "languages.yaml": {"list_markers": ["езици :"]},
    },
    "el": {
        "labels.yaml": {"period": [{"text": "Περίοδος", "status": "draft"}]},
        "dates.yaml": {
            "months": {6: ["ιούνιο"]},
            "fillers": ["τον"],
            "from_words": ["από"],
            "until_words": ["έως", "μέχρι"],
            "ongoing": ["σε εξέλιξη"],
        },
        "languages.yaml": {"list_markers": ["γλώσσες :"]},
    },
}


@pytest.mark.parametrize(
    ("language", "text", "start", "end", "ongoing"),
    [
        ("de", "Juni 2018 bis Dezember 2019", "2018-06", "2019-12", None),
        ("de", "Beginn: 1. Januar 2016. Läuft noch.", "2016-01-01", None, True),
        ("de", "Seit 2012 bis heute", "2012", None, True),
        ("bg", "Начало: юни 2018 г.; край: 14.12.2019 г.", "2018-06", "2019-12-14", None),
        ("bg", "от 2016 до 2018 г.", "2016", "2018", None),
        ("el", "από τον Ιούνιο 2018 έως Δεκέμβριος 2019", "2018-06", "2019-12", None),
        ("el", "Ιούνιος 2018 – Δεκέμβριος 2019, σε εξέλιξη", "2018-06", "2019-12", True),
        ("el", "από 1 Ιουνίου 2018", "2018-06-01", None, None),
    ],
)
def test_a_new_language_is_a_new_folder(
    tmp_path: Path, language: str, text: str, start: str | None, end: str | None, ongoing: bool | None
) -> None:
    folder = tmp_path / language
    folder.mkdir()
    for name, content in FOLDERS[language].items():
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    period = find_period(text, load_lexicon(language, tmp_path))
    assert (period.start, period.end, period.ongoing) == (start, end, ongoing)


@pytest.mark.parametrize(
    ("language", "text", "codes"),
    [
        ("de", "Sprachen: Englisch, Arabisch und Türkisch", ["en", "ar", "tr"]),
        ("bg", "Езици: български, английски и арабски.", ["bg", "en", "ar"]),
        ("el", "Γλώσσες: ελληνικά, αγγλικά, αραβικά", ["el", "en", "ar"]),
    ],
)
def test_languages_of_a_new_language(tmp_path: Path, language: str, text: str, codes: list[str]) -> None:
    folder = tmp_path / language
    folder.mkdir()
    for name, content in FOLDERS[language].items():
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    assert find_languages(text, load_lexicon(language, tmp_path)).codes == codes


def test_a_list_may_end_its_items_with_the_greek_semicolon() -> None:
    assert is_enumeration("Στάση των εργαζομένων\u00b7\nΕπίπεδο ενημέρωσης\u00b7\nΨυχοκοινωνική στήριξη.")


def test_numbers_written_as_one_word(tmp_path: Path) -> None:
    folder = tmp_path / "de"
    folder.mkdir()
    files = {
        "labels.yaml": {"funding": [{"text": "Budget", "status": "draft"}]},
        "counts.yaml": {"numbers": {5: ["fünf"], 20: ["zwanzig"], 50: ["fünfzig"], 100: ["hundert"]}},
        "money.yaml": {
            "currencies": {"EUR": ["euro"]},
            "multipliers": {1000: ["tausend|tsd", "von den tausend"]},
            "range_words": ["bis"],
        },
        "dates.yaml": {"between_words": ["zwischen"]},
    }
    for name, content in files.items():
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    lexicon = load_lexicon("de", tmp_path)
    text = (
        "Fünfundzwanzigtausend Euro, fünfhundert Euro, zwischen 10 und 20 Tausend Euro, 5 bis 6k Euro, "
        "fünfzig von den tausend Euro, Zwanzigstel"
    )
    amounts = find_amounts(text, lexicon)
    assert [amount.value for amount in amounts] == [25000, 500, 10000, 20000, 5000, 6000, 50000]


@pytest.mark.parametrize(
    ("language", "text", "edtf"),
    [
        ("ro", "Din 2015", "2015/.."),
        ("ro", "Început: din martie 2015", "2015-03/.."),
        ("ro", "Proiectul din 2015", "2015/"),
        ("ro", "Începând cu 2015", "2015/"),
        ("ro", "Din 2015 până în 2018", "2015/2018"),
        ("bg", "От 2015 г.", "2015/.."),
        ("bg", "Проект от 2015 г.", "2015/"),
        ("bg", "Считано от 2015 г.", "2015/"),
        ("bg", "От 2015 г. до 2018 г.", "2015/2018"),
        ("bg", "Все още продължава: не. От 2015 г.", "2015/"),
        ("el", "Από το 2015", "2015/.."),
        ("el", "Από τον Μάρτιο του 2015", "2015-03/.."),
        ("el", "Πρόγραμμα από το 2015", "2015/"),
        ("el", "Από το 2015 έως το 2018", "2015/2018"),
        ("lv", "No 2015. gada", "2015/"),
        ("en", "From 2015", "2015/"),
        ("nl", "Vanaf 2015", "2015/"),
    ],
)
def test_the_preposition_that_says_since_leaves_the_end_open(language: str, text: str, edtf: str) -> None:
    """A language without a word of its own for "since" says it by the preposition at the head of what it says."""
    assert find_period(text, load_lexicon(language)).edtf == edtf


@pytest.mark.parametrize(("text", "edtf"), [("Seit 2012", "2012/.."), ("Ab 2012", "2012/")])
def test_since_leaves_the_end_open(tmp_path: Path, text: str, edtf: str) -> None:
    folder = tmp_path / "de"
    folder.mkdir()
    words = {**FOLDERS["de"]["dates.yaml"], "from_words": ["von", "ab"], "since_words": ["seit"]}
    for name, content in {"labels.yaml": FOLDERS["de"]["labels.yaml"], "dates.yaml": words}.items():
        (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    assert find_period(text, load_lexicon("de", tmp_path)).edtf == edtf
