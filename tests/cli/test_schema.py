"""The published schema is what the models give, and agrees with the contract's page."""

from __future__ import annotations

import json
from typing import get_args

import jsonschema
import pytest

from pipeline import paths
from pipeline.contract import FIELDS, PARTS, SCHEMA_VERSION
from pipeline.models.practice import FIELD_MODELS, FieldName, Fields, FieldValue, Practice, practice_schema
from pipeline.stages.emit.edition import render_edition, render_json
from pipeline.stages.validate.edition import validate_edition
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


def test_published_schema_is_what_the_models_give() -> None:
    assert paths.PRACTICE_SCHEMA.read_bytes() == render_json(practice_schema()), "run: make schema"


def test_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(practice_schema())


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
    )
    assert tuple(Fields.model_fields) == FIELDS == get_args(FieldName)
    assert Practice.model_fields["schema_version"].annotation is not None
    assert get_args(Practice.model_fields["schema_version"].annotation) == (SCHEMA_VERSION,)


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_has_the_contract_s_parts(field: str) -> None:
    model = FIELD_MODELS.get(field, FieldValue)
    keys = tuple(key for key in model.model_fields if key != "recognised")
    assert keys == COMMON + PARTS.get(field, ())
    assert model in get_args(Fields.model_fields[field].annotation)


def test_every_key_but_recognised_is_required() -> None:
    definitions = practice_schema()["$defs"]
    for name, definition in definitions.items():
        assert set(definition["properties"]) - set(definition["required"]) <= {"recognised"}, name
        assert definition["additionalProperties"] is False, name


def test_rendered_practices_satisfy_the_published_schema() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(paths.PRACTICE_SCHEMA.read_text()))
    files = render_edition(validate_edition(*make_edition()))
    practices = [json.loads(content) for name, content in files.items() if name[:2] in ("bg", "be")]
    assert len(practices) == 2
    for practice in practices:
        validator.validate(practice)
    practices[0]["fields"]["period"]["start"] = "May 2016"
    assert not validator.is_valid(practices[0])
