from __future__ import annotations

import pytest
from pydantic import ValidationError

from pipeline.lexicon.front_matter import CountWords
from tests.stages.map.building import lexicon


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("Divpadsmit ES dalībvalstu 15 vērtīgas prakses iekļauj", [("countries", 12), ("practices", 15)]),
        ("apkopotas trīs prakses. Valstis ir četras.", [("practices", 3)]),
        ("11 valstīs un 15 praksēs", [("countries", 11), ("practices", 15)]),
        ("2018. gada prakses", []),
        ("No 15. Prakses apraksts", []),
        ("divas jaunas, ļoti labas un vērtīgas prakses", []),
        ("piecas nodaļas", []),
    ],
)
def test_counts_are_found_by_number_and_noun(text: str, claims: list[tuple[str, int]]) -> None:
    assert [(claim.counted, claim.number) for claim in lexicon().counts.find_claims(text)] == claims


@pytest.mark.parametrize(
    "content",
    [
        {"numbers": {2: ["divi"], 3: ["Divi"]}},
        {"numbers": {21: ["divdesmit viens"]}},
        {"nouns": {"countries": ["valst"], "practices": ["valst"]}},
        {"nouns": {"chapters": ["nodaļ"]}},
        {"words": {}},
    ],
)
def test_a_doubtful_file_is_rejected(content: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CountWords.model_validate(content)


def test_without_words_only_numerals_count() -> None:
    counts = CountWords.model_validate({"nouns": {"practices": ["praks"]}})
    assert [claim.number for claim in counts.find_claims("divas prakses, 3 prakses")] == [3]
