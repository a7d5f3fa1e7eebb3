"""Label drafts: what an edition prints and the lexicon lacks, ready to paste, and added without touching a comment."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from pipeline import paths
from pipeline.authoring.label_drafts import LabelDraft, list_label_drafts, render_drafts, write_drafts
from pipeline.errors import LexiconError
from pipeline.lexicon import LabelEntry, load_lexicon
from pipeline.lexicon.labels import ExtraLabels
from pipeline.models.edition import ValidatedEdition
from pipeline.models.practice import FIELDS
from pipeline.models.report import Issue
from pipeline.stages.emit.edition import load_edition


def unknown(label: str, field: str | None, score: float | None, practice: str = "bg-1") -> Issue:
    return Issue(
        code="unknown_label",
        severity="error",
        message="",
        practice=practice,
        page=2,
        label=label,
        field=field,
        score=score,
        evidence=("comes after accessibility",) if field else (),
        text="A value",
    )


@pytest.fixture
def edition() -> ValidatedEdition:
    assert paths.REPOSITORY is not None
    known = load_edition(paths.REPOSITORY / "extracted" / "raccombat-lv")
    issues = (
        unknown("Finansējums: kas maksā?", "funding", 0.7),
        unknown("Finansējums: kas maksā?", "sources", 0.3, "be-1"),
        unknown('Tālrunis "darba"', None, None),
        unknown("Pieejamība", "accessibility", 0.9),
    )
    return known.model_copy(update={"report": known.report.model_copy(update={"issues": issues})})


def test_drafts_are_put_together_and_known_labels_get_no_field(edition: ValidatedEdition) -> None:
    drafts = list_label_drafts(edition, load_lexicon("lv"))
    assert [(draft.text, draft.field, draft.places) for draft in drafts] == [
        ("Finansējums: kas maksā?", "funding", ("bg-1 p. 2", "be-1 p. 2")),
        ("Pieejamība", None, ("bg-1 p. 2",)),
        ('Tālrunis "darba"', None, ("bg-1 p. 2",)),
    ]


def test_what_is_printed_is_yaml_for_the_lexicon(edition: ValidatedEdition) -> None:
    text = render_drafts(list_label_drafts(edition, load_lexicon("lv")))
    assert yaml.safe_load(text) == {"funding": [{"text": "Finansējums: kas maksā?", "status": "draft"}]}
    assert "0.70 (bg-1 p. 2, be-1 p. 2) comes after accessibility" in text
    assert '# no likely field: "Tālrunis \\"darba\\"" (bg-1 p. 2): A value' in text


def test_all_rows_of_no_field_stand_under_one_key(edition: ValidatedEdition) -> None:
    issues = [unknown(label, None, None, practice) for label in ("Foo", "Bar") for practice in ("bg-1", "be-1")]
    report = edition.report.model_copy(update={"issues": (*issues, unknown("Once", None, None))})
    drafts = list_label_drafts(edition.model_copy(update={"report": report}), load_lexicon("lv"))
    text = render_drafts(drafts)
    assert text.count("extra:") == 1
    assert set(yaml.safe_load(text)["extra"]) == {"row_foo", "row_bar"}


@pytest.mark.parametrize(
    ("label", "practices", "lacking"),
    [
        ("Kas maksā?", ("lv-1", "cy-1"), "locations"),
        ("Kas maksā?", ("lv-1", "lt-1"), None),  # each lacks another field
        ("Kontaktpersona", ("lv-1", "cy-1"), None),  # its words name no field
    ],
)
def test_a_label_that_may_be_a_missing_fields_is_not_drafted_as_one_of_no_field(
    edition: ValidatedEdition, label: str, practices: tuple[str, ...], lacking: str | None
) -> None:
    issues = tuple(unknown(label, None, None, practice) for practice in practices)
    report = edition.report.model_copy(update={"issues": issues})
    (draft,) = list_label_drafts(edition.model_copy(update={"report": report}), load_lexicon("lv"))
    assert (draft.extra is None) == (lacking is not None)
    assert draft.evidence == (() if lacking is None else (f"against a row of no field: its practices lack {lacking}",))


REWORDED = (
    ("en", "Size of the budget", "funding"),
    ("en", "Staff carrying out the evaluation", "assessor"),
    ("en", "Volunteers from the host community", "host_community"),
    ("de", "Personal, das evaluiert", "assessor"),
    ("lv", "Izvērtējuma autors", "assessor"),
    ("ro", "Voluntari din comunitatea gazdă", "host_community"),
    ("el", "Πρόσωπο ή φορέας που διενεργεί την αξιολόγηση", "assessor"),
    ("el", "Πρόσωπα που αξιολογούν", "assessor"),
    ("bg", "Автор на оценката", "assessor"),
    ("nl", "Omvang van het budget", "funding"),
)
"""Labels with a word that names rows of no field, and the field that their other words name."""


def draft_of(edition: ValidatedEdition, language: str, label: str, missing: str, text: str = "A value") -> LabelDraft:
    practices = edition.practices[:2]
    changed = tuple(
        practice.model_copy(
            update={
                "fields": practice.fields.model_copy(
                    update={name: None if name == missing else practice.fields.description for name in FIELDS}
                )
            }
        )
        for practice in practices
    )
    issues = tuple(unknown(label, None, None, each.id).model_copy(update={"text": text}) for each in changed)
    report = edition.report.model_copy(update={"issues": issues})
    update = {"report": report, "practices": changed}
    (draft,) = list_label_drafts(edition.model_copy(update=update), load_lexicon(language))
    return draft


@pytest.mark.parametrize(("language", "label", "field"), REWORDED)
def test_a_word_of_rows_of_no_field_does_not_hide_a_missing_field(
    edition: ValidatedEdition, language: str, label: str, field: str
) -> None:
    draft = draft_of(edition, language, label, field)
    assert (draft.extra, draft.evidence) == (None, (f"against a row of no field: its practices lack {field}",))


def test_a_missing_field_that_no_word_of_a_label_names_does_not_count(edition: ValidatedEdition) -> None:
    assert draft_of(edition, "en", "Photograph of the place", "sources").extra == "row_photograph_of_the_place"


@pytest.mark.parametrize(
    ("text", "field"),
    [("Between 5,000 and 8,000 EUR a year", "funding"), ("https://example.org/a", "sources"), ("May 2019", "period")],
)
def test_a_value_of_a_missing_fields_kind_is_no_row_of_no_field(
    edition: ValidatedEdition, text: str, field: str
) -> None:
    assert draft_of(edition, "en", "Remarks", field, text).extra is None
    assert draft_of(edition, "en", "Remarks", field, "None were made.").extra == "row_remarks"


def test_rows_of_no_field_get_names_of_their_own(edition: ValidatedEdition) -> None:
    labels = ("Сайт (URL)", "Снимки: URL")
    issues = [unknown(label, None, None, practice) for label in labels for practice in ("bg-1", "be-1")]
    changed = edition.model_copy(update={"report": edition.report.model_copy(update={"issues": tuple(issues)})})
    lexicon = load_lexicon("lv")
    drafts = list_label_drafts(changed, lexicon)
    assert {draft.extra for draft in drafts} == {"row_url", "row_url_2"}
    known = ExtraLabels(meaning="Addresses", labels=(LabelEntry(text="URL", status="verified"),))
    drafts = list_label_drafts(changed, lexicon.model_copy(update={"extra": {"row_url": known}}))
    assert {draft.extra for draft in drafts} == {"row_url_2", "row_url_3"}


def test_rows_of_no_field_in_other_letters_are_numbered(edition: ValidatedEdition) -> None:
    labels = ("Λέξεις-κλειδιά", "Έτος έκδοσης")
    issues = tuple(unknown(label, None, None, practice) for label in labels for practice in ("bg-1", "be-1"))
    changed = edition.model_copy(update={"report": edition.report.model_copy(update={"issues": issues})})
    lexicon = load_lexicon("lv")
    drafts = list_label_drafts(changed, lexicon)
    assert {draft.text: draft.extra for draft in drafts} == {"Έτος έκδοσης": "row_1", "Λέξεις-κλειδιά": "row_2"}
    known = ExtraLabels(meaning="Year of publication", labels=(LabelEntry(text=labels[1], status="draft"),))
    drafts = list_label_drafts(changed, lexicon.model_copy(update={"extra": {"row_1": known}}))
    assert {draft.text: draft.extra for draft in drafts} == {labels[0]: "row_2", labels[1]: None}


@pytest.mark.parametrize("label", ["Apraksts (kas?)", "APRAKSTS (KAS?)", "Kontaktpersona"])
def test_an_unknown_label_that_the_lexicon_has_is_listed_and_not_written(
    edition: ValidatedEdition, label: str, tmp_path: Path
) -> None:
    entry = ExtraLabels(meaning="Who answers", labels=(LabelEntry(text="Kontaktpersona", status="verified"),))
    lexicon = load_lexicon("lv").model_copy(update={"extra": {"contact": entry}})
    issues = tuple(unknown(label, "description", 0.9, practice) for practice in ("bg-1", "be-1"))
    report = edition.report.model_copy(update={"issues": issues})
    (draft,) = list_label_drafts(edition.model_copy(update={"report": report}), lexicon)
    known = "extra" if label == "Kontaktpersona" else "description"
    assert (draft.text, draft.field, draft.extra, draft.known) == (label, None, None, known)
    (line,) = render_drafts([draft]).splitlines()
    assert line.startswith(f'# {known} has "{label}" (bg-1 p. 2, be-1 p. 2): ')
    path = Path(shutil.copy(paths.SCHEMAS / "lv" / "labels.yaml", tmp_path))
    before = path.read_bytes()
    assert write_drafts([draft], path) == 0
    assert path.read_bytes() == before


def test_writing_adds_drafts_and_keeps_everything_else(edition: ValidatedEdition, tmp_path: Path) -> None:
    path = tmp_path / "labels.yaml"
    before = (paths.SCHEMAS / "lv" / "labels.yaml").read_text(encoding="utf-8")
    path.write_text(before, encoding="utf-8")
    assert write_drafts(list_label_drafts(edition, load_lexicon("lv")), path) == 1
    after = path.read_text(encoding="utf-8").splitlines()
    added = [line for line in after if line not in before.splitlines()]
    assert [line for line in after if line in before.splitlines()] == before.splitlines()
    explained = "0.70 (bg-1 p. 2, be-1 p. 2) comes after accessibility; against: in be-1 sources is likely"
    assert added == [f'  - {{text: "Finansējums: kas maksā?", status: draft}} # {explained}']
    assert after[after.index(added[0]) - 1].strip().startswith('- {text: "Budžets')


def test_an_entry_that_contradicts_the_lexicon_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "labels.yaml"
    path.write_text("funding:\n  - {text: Budžets, status: verified}\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(LexiconError):
        write_drafts([LabelDraft("budžets", "sources", 0.5, (), (), "")], path)
    assert path.read_bytes() == before
    assert [item.name for item in tmp_path.iterdir()] == ["labels.yaml"]


@pytest.mark.parametrize(("score", "others", "field"), [(0.9, 1, "funding"), (0.55, 1, None), (0.9, 2, None)])
def test_a_field_that_less_than_half_of_the_practices_suggest_is_not_proposed(
    edition: ValidatedEdition, score: float, others: int, field: str | None
) -> None:
    silent = [unknown("Kas maksā?", None, None, f"lt-{number}") for number in range(others)]
    report = edition.report.model_copy(update={"issues": (unknown("Kas maksā?", "funding", score), *silent)})
    (draft,) = list_label_drafts(edition.model_copy(update={"report": report}), load_lexicon("lv"))
    assert draft.field == field
    against = f"against: in {', '.join(issue.practice or '' for issue in silent)} no field is likely"
    assert against in draft.evidence or field is None


def test_rows_of_no_field_are_printed_as_one_mapping() -> None:
    drafts = [
        LabelDraft(text, None, 0.0, ("bg-1 p. 2",), (), "A value", extra)
        for text, extra in (("Keywords", "row_keywords"), ("ISBN", "row_isbn"))
    ]
    assert render_drafts(drafts).count("extra:") == 1
    assert list(yaml.safe_load(render_drafts(drafts))["extra"]) == ["row_keywords", "row_isbn"]
