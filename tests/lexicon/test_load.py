"""Loading a lexicon folder: what is accepted, and what is refused in one clear line."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from pipeline.errors import LexiconError
from pipeline.lexicon import load_corrections, load_lexicon
from pipeline.lexicon.countries import Countries
from pipeline.lexicon.front_matter import CountWords
from pipeline.lexicon.label_index import LabelIndex
from pipeline.lexicon.load import VALUE_MODELS

FILE_MODELS = {
    "counts": CountWords,
    "countries": Countries,
    **{name: model for name, (_, model) in VALUE_MODELS.items()},
}
PROGRAMMERS_WORDS = re.compile(r"sys\.|hashable|tuple|dictionar|Input|Value error|constructor|unicode string|<")
LABELS = 'period:\n  - {text: "Periode", status: verified}\n'


def folder(tmp_path: Path, **files: str) -> Path:
    language = tmp_path / "nl"
    language.mkdir(parents=True, exist_ok=True)
    (language / "labels.yaml").write_text(LABELS, encoding="utf-8")
    for name, content in files.items():
        (language / f"{name}.yaml").write_text(content, encoding="utf-8")
    return tmp_path


def test_labels_alone_are_a_lexicon_that_says_what_it_lacks(tmp_path: Path) -> None:
    lexicon = load_lexicon("nl", folder(tmp_path))
    assert [label.text for label in lexicon.labels["period"]] == ["Periode"]
    assert "dates.yaml" in lexicon.missing_files
    assert "labels.yaml" not in lexicon.missing_files


def test_a_copy_of_a_folder_gives_the_same_lexicon(tmp_path: Path) -> None:
    """What is built from a lexicon is looked up by it: two equal ones would be compared word by word each time."""
    copy = shutil.copytree(folder(tmp_path / "one"), tmp_path / "other")
    assert load_lexicon("nl", copy) is load_lexicon("nl", tmp_path / "one")


def test_loaded_once_and_anew_when_a_file_changes(tmp_path: Path) -> None:
    schemas = folder(tmp_path, dates='now: ["vandaag"]\n')
    first = load_lexicon("nl", schemas)
    assert load_lexicon("nl", schemas) is first
    path = schemas / "nl" / "dates.yaml"
    path.write_text('now: ["heden"]\n', encoding="utf-8")
    os.utime(path, ns=(1, 1))
    second = load_lexicon("nl", schemas)
    assert second.dates.now[0].text == "heden"
    assert second.digest != first.digest


def test_draft_words_keep_their_mark(tmp_path: Path) -> None:
    lexicon = load_lexicon("nl", folder(tmp_path, dates='now: [{text: "vandaag", status: draft}, "heden"]\n'))
    assert [phrase.status for phrase in lexicon.dates.now] == ["draft", "verified"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("labels", 'perriod:\n  - {text: "Periode", status: verified}\n', "unknown fields ['perriod']"),
        ("labels", 'period:\n  - {text: "A", status: good}\n', "verified"),
        ("labels", LABELS + 'funding:\n  - {text: "PERIODE", status: draft}\n', "is given under period and funding"),
        ("labels", LABELS + LABELS, "given twice"),
        ("dates", "now: [vandaag, Vandaag]\n", "is given twice"),
        ("dates", "months: {13: [undecimber]}\n", "numbered 1 to 12"),
        ("dates", "months: {1: [mei], 5: [mei]}\n", "is given under 1 and 5"),
        ("dates", "nows: [vandaag]\n", "nows: is no key that is known"),
        ("dates", "now: ['...']\n", "has no word"),
        ("dates", "now: ['a ... ']\n", "between words"),
        ("dates", "now: ['']\n", "is empty"),
        ("dates", "now: [unclosed\n", "no valid YAML"),
        ("choices", "participation: {compulsory: [verplicht]}\n", "unknown codes ['compulsory']"),
        ("choices", "funding: {free: [gratis]}\n", "no field with a choice"),
        ("choices", "participation: {voluntary: [x], institutionalised: [x]}\n", "is given under voluntary and"),
        ("judgements", "yes: [ja]\nno: [ja]\n", "is given under yes and no"),
        ("judgements", "statements: {indicators: {maybe: [x]}}\n", "unknown verdicts ['maybe']"),
        ("languages", "names: {English: [Engels]}\n", "no BCP 47"),
        ("languages", "names: {en: [Engels], de: [Engels]}\n", "is given under en and de"),
        ("money", "currencies: {Euro: [euro]}\n", "no ISO 4217"),
        ("countries", "names: {EU: [Europa]}\n", "no ISO 3166-1"),
        ("countries", "names: {NL: [Holland], BE: [Holland]}\n", "is given under NL and BE"),
        ("grammar", "endings: [e, e]\n", "are given twice"),
        ("accessibility", "free: [gratis]\npaid: [gratis]\n", "is given under free and paid"),
        ("words", "a: b\n", "unknown files ['words.yaml']"),
        ("labels", "funding: []\n", "no field has a label"),
        ("labels", "funding:\n  - {text: '{Wat|Wie betaalt?', status: draft}\n", "without its other one, or one ins"),
        (
            "labels",
            (
                "period:\n  - {text: Wie leidt?, status: draft}\n"
                "funding:\n  - {text: 'Wie {betaalt|leidt}?', status: draft}\n"
            ),
            "'Wie leidt?' is given under period and funding (in 'Wie {betaalt|leidt}?'); keep one (line 2, 4)",
        ),
    ],
)
def test_refused(tmp_path: Path, name: str, content: str, said: str) -> None:
    schemas = folder(tmp_path, **{name: content})
    with pytest.raises(LexiconError) as caught:
        load_lexicon("nl", schemas)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "nl" in str(caught.value)


@pytest.mark.parametrize("content", ["", "# nothing\n", "[]\n", "7\n", "null\n"])
@pytest.mark.parametrize("name", ["labels", "counts", "countries", *VALUE_MODELS])
def test_a_file_that_holds_no_entries_is_refused(tmp_path: Path, name: str, content: str) -> None:
    schemas = folder(tmp_path, **{name: content})
    with pytest.raises(LexiconError, match=rf"{name}\.yaml: .*(?:is empty|must be a mapping)") as caught:
        load_lexicon("nl", schemas)
    assert "\n" not in str(caught.value)


def refuse(tmp_path: Path, name: str, content: str) -> str:
    """Load a lexicon with such a file, and return why that is refused; nothing where it is not."""
    try:
        load_lexicon("nl", folder(tmp_path, **{name: content}))
    except LexiconError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("value", ["2020-13-45", "{a: {a: {a: {a: b}}}}", "[no, 1e400, .nan]", "{no: [no]}", "{13: x}"])
@pytest.mark.parametrize("name", ["labels", "counts", "countries", *VALUE_MODELS])
def test_whatever_stands_in_a_file_is_one_line_or_read(tmp_path: Path, name: str, value: str) -> None:
    """As the whole file, and under a key that it may have."""
    key = "period" if name == "labels" else next(iter(FILE_MODELS[name].model_fields))
    for content in (value, f"{key}: {value}", f"{key}: [{value}]", f"{key}: [{{text: {value}, status: {value}}}]"):
        said = refuse(tmp_path, name, content)
        assert said == "" or f"{name}.yaml" in said
        assert "\n" not in said
        assert not PROGRAMMERS_WORDS.search(said)


@pytest.mark.parametrize(
    "value",
    [
        "!!timestamp soon",
        "!!python/object:os.system x",
        "!!int many",
        "9" * 5_000,
        "0x" + "f" * 6_000,
        "&again [*again]",
        "{[a, b]: c}",
        "[" * 9_000,
        "- " * 200_000,
        "\x00",
    ],
    ids=lambda value: value[:30],
)
def test_what_is_no_value_at_all_is_refused_in_plain_words(tmp_path: Path, value: str) -> None:
    said = refuse(tmp_path, "dates", f"now: {value}")
    assert "dates.yaml" in said
    assert "\n" not in said
    assert not PROGRAMMERS_WORDS.search(said)


def test_unknown_language_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"no lexicon for language 'mt' \(known: nl\); add .*labels.yaml"):
        load_lexicon("mt", folder(tmp_path))


def test_yes_and_no_are_words_not_truth_values(tmp_path: Path) -> None:
    lexicon = load_lexicon("nl", folder(tmp_path, judgements="yes: [yes, on]\nno: [no, off]\n"))
    assert [phrase.text for phrase in lexicon.judgements.yes] == ["yes", "on"]


def test_a_correction_twice_is_refused(tmp_path: Path) -> None:
    entry = "  - {practice: bg-1, field: outreach, expected: x, read_as: y, reason: slip, status: verified}\n"
    (tmp_path / "corrections").mkdir()
    path = tmp_path / "corrections" / "an-edition.yaml"
    path.write_text("corrections:\n" + entry, encoding="utf-8")
    assert load_corrections("an-edition", schemas=tmp_path).entries[0].read_as == "y"
    path.write_text("corrections:\n" + entry + entry, encoding="utf-8")
    with pytest.raises(LexiconError, match="corrected twice"):
        load_corrections("an-edition", schemas=tmp_path)
    path.write_text("corrections:\n" + entry.replace("outreach", "reach"), encoding="utf-8")
    with pytest.raises(LexiconError, match="no field of the contract"):
        load_corrections("an-edition", schemas=tmp_path)


def test_an_entry_with_alternatives_stands_for_all_their_combinations(tmp_path: Path) -> None:
    schemas = folder(tmp_path)
    (schemas / "nl" / "labels.yaml").write_text(
        'period:\n  - {text: "{|Hele }{Periode|Looptijd} (begin/{einde|eind})", status: draft}\n'
        '  - {text: "Periode van {begin|start}", status: verified}\n',
        encoding="utf-8",
    )
    lexicon = load_lexicon("nl", schemas)
    assert [label.text for label in lexicon.labels["period"]] == [
        "Periode (begin/einde)",
        "Hele Periode (begin/einde)",
        "Looptijd (begin/einde)",
        "Periode (begin/eind)",
        "Periode van begin",
        "Periode van start",
    ]
    index = LabelIndex(lexicon.labels)
    for printed in ("Hele looptijd (begin/eind):", "HELE LOOPTIJD (BEGIN / EIND)", "2. Looptijd (begin/eind)"):
        found = index.find_exact(printed)
        assert found is not None, printed
        assert (found.known.field, found.known.draft, found.slips) == ("period", True, 0)
    for other in ("Hele periode van begin", "Hele hele periode (begin/einde)", "Looptijd", "Looptijd (eind)"):
        assert index.find_exact(other) is None, other


def test_a_combination_that_two_fields_have_is_found_for_neither(tmp_path: Path) -> None:
    schemas = folder(tmp_path)
    (schemas / "nl" / "labels.yaml").write_text(
        'period:\n  - {text: "{A|B|C} {x|y|z}", status: draft}\n'
        'funding:\n  - {text: "{D|C|B} {w|z|y}", status: draft}\n',
        encoding="utf-8",
    )
    index = LabelIndex(load_lexicon("nl", schemas).labels)
    found = {text: index.find_exact(text) for text in ("A y", "D y", "B y", "C z")}
    assert {text: label and label.known.field for text, label in found.items()} == {
        "A y": "period",
        "D y": "funding",
        "B y": None,
        "C z": None,
    }


@pytest.mark.parametrize(("head", "status"), [("", "verified"), ("status: draft\n", "draft")])
def test_words_have_the_status_at_their_files_head(tmp_path: Path, head: str, status: str) -> None:
    schemas = folder(tmp_path, dates=head + 'now: ["vandaag", {text: "heden", status: verified}]\n')
    assert [phrase.status for phrase in load_lexicon("nl", schemas).dates.now] == [status, "verified"]


def test_a_status_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"dates\.yaml"):
        load_lexicon("nl", folder(tmp_path, dates='status: good\nnow: ["vandaag"]\n'))
