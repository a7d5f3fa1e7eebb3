"""The published schemas and the dictionary are what the models give, and agree with the contract's page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from pipeline import paths
from pipeline.cli.main import main
from pipeline.contract import CODES, SCHEMA_VERSION
from pipeline.lexicon import list_languages, load_lexicon
from pipeline.models.practice import FIELD_MODELS, FIELDS, PARTS, Fields, FieldValue, Practice
from pipeline.publish.dictionary import MODELS, build_schema, render_dictionary
from pipeline.stages.emit.edition import render_edition
from pipeline.stages.validate.edition import build_edition
from tests.synthetic import make_edition

COMMON = (
    "label",
    "text",
    "available",
    "shared_with",
    "inline",
    "links",
    "label_boxes",
    "value_boxes",
)
OPTIONAL = {
    "recognised",
    "source",
    "extra",
    *("title", "publisher", "origin", "rights"),
}
"""What practice files of 1.1.0 lack, or what is absent where there is nothing to say."""


@pytest.fixture
def rendered() -> dict[str, Any]:
    files = render_edition(build_edition(*make_edition()))
    return {name: json.loads(content) for name, content in files.items() if name.endswith(".json")}


def keys(name: str) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Give every key of a schema: its path, what stands there of it, and whether it must be there."""
    schema = build_schema(name)
    for model, definition in (("", schema), *schema["$defs"].items()):
        for key, content in definition["properties"].items():
            yield f"{model}.{key}", content, key in definition.get("required", ())


def kinds(content: dict[str, Any]) -> set[str]:
    return {kind.get("type", "") for kind in content.get("anyOf", (content,))}


def test_published_dictionary_is_what_the_models_give() -> None:
    assert paths.REPOSITORY is not None
    for name, content in render_dictionary().items():
        assert (paths.REPOSITORY / name).read_bytes() == content, f"{name}; run: make schema"


def test_check_names_each_file_that_is_not_as_generated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder in ("schemas", "docs"):
        (tmp_path / folder).mkdir()
    monkeypatch.setattr(paths, "REPOSITORY", tmp_path)
    assert main(["schema", "--write"]) == 0
    assert main(["schema", "--check"]) == 0
    for name in render_dictionary():
        (tmp_path / name).write_bytes(b"{}")
        assert main(["schema", "--check"]) == 1
        assert name in capsys.readouterr().err
        assert main(["schema", "--write"]) == 0


@pytest.mark.parametrize("name", MODELS)
def test_every_key_has_a_title_and_a_meaning(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(build_schema(name))
    for key, content, required in keys(name):
        assert content["title"], key
        said = content["description"].lower()
        assert len(said) > len("it. "), key
        if "null" in kinds(content):
            assert "null" in said, f"{key}: what does null mean?"
        if "array" in kinds(content):
            assert "empty" in said, f"{key}: what does an empty list mean?"
        if not required and not key.startswith("Issue."):  # `issues.jsonl` leaves out what is null
            assert "absent" in said or "before 1.2.0" in said, f"{key}: what does it mean that it is absent?"


@pytest.mark.parametrize("name", MODELS)
def test_the_schemas_are_closed(name: str) -> None:
    schema = build_schema(name)
    assert all(definition["additionalProperties"] is False for definition in (schema, *schema["$defs"].values()))


def test_only_what_older_files_lack_is_optional_in_a_practice() -> None:
    assert {key.rpartition(".")[2] for key, _, required in keys("practice") if not required} <= OPTIONAL


def test_every_example_is_valid() -> None:
    schema = build_schema("practice")
    count = 0
    for key, content, _ in keys("practice"):
        for example in content.get("examples", ()):
            jsonschema.Draft202012Validator({"$defs": schema["$defs"], **content}).validate(example)
            count += 1
        if key.startswith(".") and key not in (".edition", ".fields", ".unmapped", ".extra"):
            assert content["examples"], key
    assert count > len(FIELDS) + sum(map(len, PARTS.values()))


def test_every_field_and_part_has_an_example() -> None:
    definitions = build_schema("practice")["$defs"]
    for field in FIELDS:
        (example,) = definitions["Fields"]["properties"][field]["examples"]
        assert example["text"], field
        model = definitions[FIELD_MODELS.get(field, FieldValue).__name__]["properties"]
        assert [model[part]["examples"] for part in PARTS.get(field, ())] == [
            [example[part]] for part in PARTS.get(field, ())
        ]


def test_every_code_has_its_meaning_in_the_schemas() -> None:
    text = "".join(json.dumps(build_schema(name), ensure_ascii=False) for name in MODELS)
    for kind, codes in CODES.items():
        for code, meaning in codes.items():
            assert f"{json.dumps(code)}: {json.dumps(meaning, ensure_ascii=False)}" in text, (kind, code)


def test_the_dictionary_has_the_usual_label_of_every_language() -> None:
    page = render_dictionary()["docs/fields.md"].decode()
    assert {"en", "lv"} <= set(list_languages())
    for language in list_languages():
        for field, (usual, *_) in load_lexicon(language).labels.items():
            section = page.split(f"### `{field}`")[1].split("###")[0]
            printed = usual.text if usual.status == "verified" else f"*{usual.text}*"
            assert f"- {language}: {printed}" in section.splitlines()


def test_ids_stand_below_the_base_that_a_maintainer_sets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = (paths.SCHEMAS / "collection.yaml").read_text(encoding="utf-8")
    (tmp_path / "collection.yaml").write_text(known.replace("https://example.org/raccombat/", "https://data.test/x/"))
    monkeypatch.setattr(paths, "SCHEMAS", tmp_path)
    assert {build_schema(name)["$id"] for name in MODELS} == {
        f"https://data.test/x/schemas/{SCHEMA_VERSION}/{name}.schema.json" for name in MODELS
    }


def test_keys_stand_in_the_contract_s_order() -> None:
    assert tuple(Practice.model_fields) == (
        "schema_version",
        "id",
        "edition",
        "heading",
        "countries",
        "title",
        "pages",
        "fields",
        "unmapped",
        "extra",
    )
    assert tuple(Fields.model_fields) == FIELDS


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_has_the_contract_s_parts(field: str) -> None:
    model = FIELD_MODELS.get(field, FieldValue)
    assert tuple(key for key in model.model_fields if key not in OPTIONAL) == COMMON + PARTS.get(field, ())
    assert model in get_args(Fields.model_fields[field].annotation)


def test_rendered_files_satisfy_the_schemas(rendered: dict[str, Any]) -> None:
    validators = {name: jsonschema.Draft202012Validator(build_schema(name)) for name in MODELS}
    practices = [content for name, content in rendered.items() if name[:2] in ("bg", "be")]
    assert len(practices) == 2
    for practice in practices:
        validators["practice"].validate(practice)
    validators["index"].validate(rendered["index.json"])
    validators["report"].validate(rendered["report.json"])
    practices[0]["fields"]["period"]["start"] = "May 2016"
    assert not validators["practice"].is_valid(practices[0])


def test_files_of_the_version_before_satisfy_the_schemas(rendered: dict[str, Any]) -> None:
    def older(content: Any) -> Any:
        content = json.loads(json.dumps(content).replace(SCHEMA_VERSION, "1.1.0"))
        for key in ("title", "publisher", "origin", "rights"):
            del content["edition"][key]
        return content

    practice = older(next(content for name, content in rendered.items() if name.startswith("bg")))
    del practice["extra"]
    index = older(rendered["index.json"])
    for key in ("version", "counts", "files"):
        del index[key]
    for entry in index["practices"]:
        del entry["sha256"]
    for name, content in (("practice", practice), ("index", index), ("report", older(rendered["report.json"]))):
        jsonschema.Draft202012Validator(build_schema(name)).validate(content)
        MODELS[name].model_validate_json(json.dumps(content), strict=True)


def test_a_value_says_what_it_was_read_from_where_that_is_no_printed_text(rendered: dict[str, Any]) -> None:
    practice = next(content for name, content in rendered.items() if name.startswith("bg"))
    value = next(value for value in practice["fields"].values() if value is not None)
    assert "source" not in value
    value_model = FieldValue.model_validate({**{key: value[key] for key in COMMON}, "source": "form_field"})
    assert value_model.model_dump()["source"] == "form_field"
    practice["extra"] = {"photographs": json.loads(value_model.model_dump_json())}
    jsonschema.Draft202012Validator(build_schema("practice")).validate(practice)
    with pytest.raises(ValueError, match="source"):
        FieldValue.model_validate({**{key: value[key] for key in COMMON}, "source": "a guess"})
