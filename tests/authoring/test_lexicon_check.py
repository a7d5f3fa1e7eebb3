"""Every language's cases come out right, and the check says what a lexicon lacks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline import paths
from pipeline.authoring import lexicon_check
from pipeline.authoring.lexicon_check import check_lexicon, try_case
from pipeline.cli.main import main
from pipeline.errors import LexiconError
from pipeline.lexicon import list_languages, load_lexicon
from pipeline.lexicon.cases import Cases, load_cases
from pipeline.models.practice import FIELDS, PARTS

KINDS, WORDINGS = (
    yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    for name in ("kinds.yaml", "wordings.yaml")
)
CASES = [
    pytest.param(language, field, cases, id=f"{language} {field}")
    for language in list_languages()
    for field, cases in load_cases(language).entries.items()
]


@pytest.mark.parametrize(("language", "field", "cases"), CASES)
def test_wordings_are_read_by_the_contract(language: str, field: str, cases: list[dict[str, Any]]) -> None:
    lexicon = load_lexicon(language)
    wrong = [try_case(field, case, lexicon) for case in cases]
    assert [case for case in wrong if case is not None] == []


@pytest.mark.parametrize(
    ("language", "wordings"),
    [*KINDS.items(), *WORDINGS.items()],
    ids=[*(f"kinds {language}" for language in KINDS), *(f"wordings {language}" for language in WORDINGS)],
)
def test_kinds_of_values_are_read_in_every_language(language: str, wordings: dict[str, Any]) -> None:
    lexicon = load_lexicon(language)
    cases = Cases.model_validate(wordings).entries
    wrong = [try_case(field, case, lexicon) for field, entries in cases.items() for case in entries]
    assert [case for case in wrong if case is not None] == []


def test_every_language_with_a_lexicon_has_its_kinds() -> None:
    assert set(WORDINGS) == set(list_languages())
    assert {*KINDS, "lv", "en"} == set(list_languages())


@pytest.mark.parametrize("language", ["lv", "en"])
def test_every_part_is_tried_in_the_verified_languages(language: str) -> None:
    cases = load_cases(language).entries
    tried = {(field, part) for field, entries in cases.items() for case in entries for part in case}
    assert {(field, part) for field, parts in PARTS.items() for part in parts} <= tried


def write_folder(folder: Path, **files: Any) -> Path:
    """A language `xx` with one label for each field and the given files; the folder of lexicons."""
    (folder / "xx").mkdir(parents=True)
    labels = {field: [{"text": f"label {number}", "status": "verified"}] for number, field in enumerate(FIELDS)}
    for name, content in {"labels": labels, **files}.items():
        (folder / "xx" / f"{name}.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    return folder


def test_what_a_lexicon_lacks_is_said(tmp_path: Path) -> None:
    dates = {"year_words": ["year"], "ongoing": ["still on"]}
    cases = {"period": [{"text": "2012, still on", "ongoing": "true", "start": "2013"}]}
    coverage = {field.field: field for field in check_lexicon("xx", write_folder(tmp_path, dates=dates, cases=cases))}
    period = coverage["period"]
    assert (period.labels, period.words, period.cases) == (1, 2, 1)
    assert "start_words" in period.lacks
    assert "year_words" not in period.lacks
    assert [dict(case.parts) for case in period.wrong] == [{"start": ("2013", "2012")}]
    assert coverage["sustainability"].good
    assert coverage["participation"].lacks == ("voluntary", "institutionalised")


@pytest.mark.parametrize(
    "cases",
    [
        {"colour": [{"text": "red", "issue": "true"}]},
        {"period": [{"text": "2012", "amounts": None}]},
        {"period": [{"text": "2012"}]},
        {"period": [{"start": "2012"}]},
        {"period": [{"text": "2012", "start": "2012"}, {"text": "2012", "end": "2012"}]},
    ],
)
def test_a_case_that_judges_nothing_is_refused(tmp_path: Path, cases: dict[str, Any]) -> None:
    with pytest.raises(LexiconError, match=r"cases\.yaml"):
        load_cases("xx", write_folder(tmp_path, cases=cases))


def test_cases_are_no_words_and_change_no_digest(tmp_path: Path) -> None:
    folder = write_folder(tmp_path)
    digest = load_lexicon("xx", folder).digest
    (folder / "xx" / "cases.yaml").write_text('period: [{text: "2012", start: "2012"}]', encoding="utf-8")
    assert load_lexicon("xx", folder).digest == digest


def test_the_command_says_what_is_covered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(paths, "SCHEMAS", write_folder(tmp_path, cases={"period": [{"text": "2012", "start": None}]}))
    assert main(["lexicon", "check", "xx"]) == 1
    out = capsys.readouterr().out
    assert "30 of 30 fields with a label" in out
    assert "0 of 1 case right" in out
    assert 'period: "2012": start should be nothing, is "2012"' in out
    assert main(["lexicon", "check", "yy"]) == 2


@pytest.mark.parametrize(
    ("amounts", "right"),
    [
        ([{"value": 25000, "currency": "EUR"}], True),
        ([[25000, "EUR"]], True),
        ([{"value": 25000, "currency": "USD"}], False),
        ([{"currency": "EUR"}], False),
        ([], False),
        (None, False),
    ],
)
def test_an_amount_is_given_as_the_contract_has_it_or_in_short(amounts: Any, right: bool) -> None:
    case = {"text": "25 000 EUR", "amounts": amounts}
    (checked,) = Cases.model_validate({"funding": [case]}).entries["funding"]
    wrong = try_case("funding", checked, load_lexicon("en"))
    assert (wrong is None) == right


@pytest.mark.parametrize("language", ["lv", "en"])
def test_the_verified_languages_pass(
    language: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their cases are tried above."""
    monkeypatch.setattr(lexicon_check, "try_case", lambda *_: None)
    assert main(["lexicon", "check", language]) == 0
    assert f"{language}: 30 of 30 fields" in capsys.readouterr().out
