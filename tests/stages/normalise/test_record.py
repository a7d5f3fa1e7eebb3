"""The stage: parts by the contract's names, and an issue for whatever could not be normalised."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from pipeline.lexicon import Correction, Corrections, Lexicon, load_corrections, load_lexicon
from pipeline.models.chapter import Chapter
from pipeline.models.geometry import Box
from pipeline.models.practice import FIELDS, PARTS
from pipeline.models.record import MappedField, NormalisedRecord, Record
from pipeline.models.row import TextBlock
from pipeline.stages.normalise.record import normalise_record

LV = load_lexicon("lv")
PAGE = 32


def make_record(texts: dict[str, str], shared: dict[str, tuple[str, ...]] | None = None) -> Record:
    box = Box(page=PAGE, x0=1, top=2, x1=3, bottom=4)
    block = TextBlock(kind="text", lines=(), text="Austrija: Start", boxes=(box,), size=12, bold=True)
    chapter = Chapter(
        id="at-1", heading="Austrija: Start", heading_block=block, countries=("AT",), title="Start", rows=()
    )
    fields = {
        name: MappedField(
            field=name,
            label=f"Label of {name}",
            text=text,
            links=(),
            label_boxes=(box,),
            value_boxes=(box,),
            shared_with=(shared or {}).get(name, ()),
        )
        for name, text in texts.items()
    }
    return Record(chapter=chapter, fields=fields, unmapped=())


def normalise(texts: dict[str, str], lexicon: Lexicon = LV, corrections: Corrections | None = None) -> NormalisedRecord:
    return normalise_record(make_record(texts), lexicon, corrections or Corrections())


def test_every_field_has_its_parts_and_availability() -> None:
    result = normalise(dict.fromkeys(FIELDS, "Jā"))
    assert list(result.available) == list(FIELDS)
    assert {name: tuple(parts) for name, parts in result.parts.items()} == PARTS


def test_only_the_fields_that_the_practice_has() -> None:
    result = normalise({"funding": "40,000 EUR"})
    assert result.available == {"funding": True}
    assert result.parts == {"funding": {"amounts": [{"value": 40000, "currency": "EUR"}], "shares": None}}


def test_what_is_unavailable_has_no_parts_and_no_issue() -> None:
    result = normalise(dict.fromkeys(PARTS, "Šāda informācija nav pieejama."))
    assert not any(result.available.values())
    assert all(value is None for parts in result.parts.values() for value in parts.values())
    assert result.issues == ()


@pytest.mark.parametrize(
    ("field", "text", "part", "file"),
    [
        ("implementation_level", "Kosmiskā līmenī", "level", "choices.yaml"),
        ("implementation_level", "Vietējā un valsts līmenī", "level", "choices.yaml"),
        ("period", "Trīs gadi", "start", "dates.yaml"),
        ("period", "Sākums: 2018. gads. Beigas: 2016. gads", "edtf", "dates.yaml"),
        ("initiative_scope", "Grūti teikt", "scope", "choices.yaml"),
        ("target_groups", "Zirgi", "groups", "choices.yaml"),
        ("outreach", "Ar baložu pastu", "channels", "choices.yaml"),
        ("teaching_methods", "Valodas: klingoniešu", "languages", "languages.yaml"),
        ("accessibility", "Izmaksas: trīs zirgi", "free", "accessibility.yaml"),
        ("accessibility", "Obligāti apmeklējams: reizēm", "mandatory", "accessibility.yaml"),
        ("legal_information", "Kursi notiek otrdienās.", "provided", "judgements.yaml"),
        ("participation", "pakalpojuma ietvaros", "modes", "choices.yaml"),
    ],
)
def test_unknown_values_are_null_and_an_issue(field: str, text: str, part: str, file: str) -> None:
    result = normalise({field: text})
    assert result.parts[field][part] is None
    (issue,) = result.issues
    assert issue.code == "value_not_normalised"
    assert issue.severity == "warning"
    assert (issue.practice, issue.page, issue.label, issue.field) == ("at-1", PAGE, f"Label of {field}", field)
    assert issue.text == text
    assert issue.message.endswith(f"schemas/lv/{file}")


def test_a_merged_row_need_not_answer_each_of_its_questions() -> None:
    names = ("impact_assessment", "target_group_involved", "indicators")
    shared = {name: tuple(other for other in names if other != name) for name in names}
    record = make_record(dict.fromkeys(names, "Jā\nReizi gadā."), shared)
    result = normalise_record(record, LV, Corrections())
    assert result.parts == {
        "impact_assessment": {"planned": "yes"},
        "target_group_involved": {"involved": None},
        "indicators": {"used": None},
    }
    assert result.issues == ()


def test_bare_enumeration_names_the_indicators() -> None:
    assert normalise({"indicators": "Attieksme;\nLīmenis;\nAtbalsts."}).parts["indicators"] == {"used": True}


SLIP = Correction(
    practice="at-1",
    field="outreach",
    expected="ziemeļnieku (BKS)",
    read_as="bosniešu, horvātu, serbu (BKS)",
    reason="evident slip",
    status="verified",
)


def test_correction_is_read_and_the_text_stays() -> None:
    text = "Tiešsaistē\nValodas: albāņu, ziemeļnieku (BKS), bulgāru"
    corrections = Corrections(source="an-edition.yaml", entries=(SLIP,))
    result = normalise({"outreach": text}, corrections=corrections)
    assert result.parts["outreach"]["languages"] == ["sq", "bs", "hr", "sr", "bg"]
    assert result.record.fields["outreach"].text == text
    assert result.issues == ()
    assert [issue.field for issue in normalise({"outreach": text}).issues] == ["outreach"]


@pytest.mark.parametrize("texts", [{"outreach": "Tiešsaistē"}, {"funding": "ES"}])
def test_stale_correction_is_an_issue(texts: dict[str, str]) -> None:
    result = normalise(texts, corrections=Corrections(source="an-edition.yaml", entries=(SLIP,)))
    (issue,) = result.issues
    assert issue.code == "stale_correction"
    assert issue.message.endswith("schemas/corrections/an-edition.yaml")


def test_correction_of_another_practice_is_left_alone() -> None:
    other = SLIP.model_copy(update={"practice": "at-2"})
    text = "Tiešsaistē. Valodas: ziemeļnieku (BKS)"
    result = normalise({"outreach": text}, corrections=Corrections(source="x.yaml", entries=(other,)))
    assert result.parts["outreach"]["languages"] == ["bs", "hr", "sr"]
    assert [issue.code for issue in result.issues] == ["value_not_normalised"]


@pytest.mark.parametrize(
    ("change", "holds"),
    [({}, True), ({"field": "funding"}, False), ({"countries": ["AT", "DE"]}, False), ({"language": "en"}, False)],
)
def test_a_correction_of_the_collection_holds_for_every_edition_of_its_language(
    tmp_path: Path, change: dict[str, object], holds: bool
) -> None:
    entry = {"language": "lv", "countries": ["AT"], **SLIP.model_dump(exclude={"practice"}), **change}
    (tmp_path / "corrections").mkdir()
    (tmp_path / "corrections" / "collection.yaml").write_text(yaml.safe_dump({"corrections": [entry]}))
    corrections = load_corrections("any-edition", "lv", tmp_path)
    result = normalise({"outreach": "Tiešsaistē. Valodas: albāņu, ziemeļnieku (BKS)"}, corrections=corrections)
    assert (result.parts["outreach"]["languages"] == ["sq", "bs", "hr", "sr"] and not result.issues) == holds
    # An edition that prints the text without the slip lacks nothing.
    assert normalise({"outreach": "Tiešsaistē"}, corrections=corrections).issues == ()


def test_missing_lexicon_files_leave_values_unknown_and_say_so(tmp_path: Path) -> None:
    (tmp_path / "sv").mkdir()
    labels = {"participation": [{"text": "Deltagande", "status": "verified"}]}
    (tmp_path / "sv" / "labels.yaml").write_text(yaml.safe_dump(labels), encoding="utf-8")
    lexicon = load_lexicon("sv", tmp_path)
    texts = {"participation": "Frivilligt", "period": "juni 2018", "accessibility": "Gratis", "locations": "Malmö"}
    result = normalise(texts, lexicon)
    assert result.parts["participation"] == {"modes": None}
    assert result.parts["period"]["start"] == "2018-06"
    assert result.parts["locations"] == {"places": ["Malmö"]}
    assert {issue.field for issue in result.issues} == {"participation"}


def test_artefact_survives_being_stored() -> None:
    result = normalise({"funding": "40,000 EUR (85 %)", "period": "2012 - 2014"})
    assert NormalisedRecord.model_validate_json(result.model_dump_json()) == result


def test_same_input_same_output() -> None:
    texts = {"outreach": "Mutvārdos, „Information in English and Arabic for newcomers”. Valodas: angļu, arābu"}
    assert normalise(texts).model_dump_json() == normalise(texts).model_dump_json()
