"""The data's dictionary: generates the JSON Schemas and `docs/fields.md`; what they say is written in the models.

A schema gives each key its title, meaning, examples and unit (`x-unit`), each code its meaning (`x-meanings`), and says
what null, an empty list and an absent key mean.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from pydantic import BaseModel

from pipeline.contract import CODES, SCHEMA_VERSION
from pipeline.issues import HARMLESS_RESIDUE, KINDS
from pipeline.lexicon import list_languages, load_lexicon
from pipeline.models.edition import Index, Report
from pipeline.models.practice import DESCRIPTIVE_FIELDS, FIELD_MODELS, FIELDS, PARTS, Practice
from pipeline.publish.collection import Collection, load_assignment
from pipeline.render.templates import open_templates
from pipeline.stages.emit.edition import render_json
from pipeline.text.weights import load_weights

MODELS: Final[dict[str, type[BaseModel]]] = {
    "practice": Practice,
    "index": Index,
    "report": Report,
    "collection": Collection,
}
"""The model of each published file, by the schema's name."""
_MEANINGS: Final = {tuple(codes): codes for codes in CODES.values()}
_ATTRIBUTE: Final = re.compile(r"^ *(\w+): ")
_PLACEHOLDER: Final = re.compile(r"\{(\w+)[^}]*\}")
"""A value that an issue's template names."""
_SECTIONS: Final = {
    "A practice": "Practice",
    "Its edition": "Edition",
    "A field": "FieldValue",
    "A link": "Link",
    "A box": "Place",
    "A sum of money": "Amount",
    "A recognised text": "Recognition",
    "A row that no field answers to": "Unmapped",
}


def schema_file(name: str) -> str:
    """The name of a schema's file."""
    return f"{name}.schema.json"


def build_schema(name: str) -> dict[str, Any]:
    """Build the JSON Schema (draft 2020-12) of a published file.

    Args:
        name: `practice`, `index`, `report` or `collection`.

    Returns:
        The schema; its `$id` is below the base that `schemas/collection.yaml` names.
    """
    schema = MODELS[name].model_json_schema()
    for definition in (schema, *schema["$defs"].values()):
        _describe(definition)
    if "Fields" in schema["$defs"]:
        _describe_fields(schema["$defs"])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{load_assignment().base}schemas/{SCHEMA_VERSION}/{schema_file(name)}",
        **schema,
    }


def render_dictionary() -> dict[str, bytes]:
    """Render every generated file.

    Returns:
        Contents by path below the repository: the schemas in `schemas/`, and the tables in `docs/` of the fields, of
        the issues and of the table model's weights.
    """
    found = {f"schemas/{schema_file(name)}": render_json(build_schema(name)) for name in MODELS}
    templates = open_templates("pipeline.publish")
    templates.filters["named"] = lambda advice: _PLACEHOLDER.sub(r"*\1*", advice)
    shown = {
        **shown_dictionary(),
        "descriptive": DESCRIPTIVE_FIELDS,
        "kinds": KINDS,
        "harmless": HARMLESS_RESIDUE,
        "weights": load_weights(),
    }
    for name in ("fields", "issues", "weights"):
        found[f"docs/{name}.md"] = templates.get_template(f"{name}.md.j2").render(shown).encode()
    return found


def _describe(definition: dict[str, Any]) -> None:
    """Set the meanings of a model's keys: from its docstring's attributes where they have none of their own."""
    head, _, attributes = definition.get("description", "").partition("\nAttributes:\n")
    definition["description"] = _on_one_line(head.partition("\n\n")[0])
    meanings: dict[str, str] = {}
    key = ""
    for line in attributes.splitlines():
        found = _ATTRIBUTE.match(line)
        key = found[1] if found else key
        meanings[key] = f"{meanings.get(key, '')} {line[found.end() :] if found else line}"
    for key, content in definition["properties"].items():
        content["title"] = content["title"] if key in FIELDS else key.replace("_", " ").capitalize()
        content["description"] = _on_one_line(content.get("description", meanings.get(key, "")))
        for node in _nodes(content):
            if (codes := tuple(node.get("enum", ()))) in _MEANINGS:
                node["x-meanings"] = _MEANINGS[codes]


def _describe_fields(definitions: dict[str, Any]) -> None:
    """Say what null means for fields and parts, and give the parts the examples of their field's."""
    for name, field in definitions["Fields"]["properties"].items():
        field["description"] += " Null where the edition has no such row."
        (example,) = field["examples"]
        for part in PARTS.get(name, ()):
            content = definitions[field["anyOf"][0]["$ref"].rpartition("/")[2]]["properties"][part]
            content["description"] += " Null where the text does not say."
            if any(kind.get("type") == "array" for kind in content["anyOf"]):
                content["description"] += " Never empty."
            content["examples"] = [example[part]]


def _nodes(content: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - any JSON
    if isinstance(content, dict):
        yield content
    for child in content.values() if isinstance(content, dict) else content if isinstance(content, list) else ():
        yield from _nodes(child)


def _on_one_line(text: str) -> str:
    return re.sub(r"\bNone\b", "null", " ".join(text.split()))


@cache
def load_definitions() -> dict[str, dict[str, Any]]:
    """The schemas of a practice and of all that it holds, by the model's name."""
    schema = build_schema("practice")
    return {"Practice": schema, **schema["$defs"]}


def describe_field(name: str) -> dict[str, Any]:
    """A field's schema."""
    return dict(load_definitions()["Fields"]["properties"][name])


def describe_parts(name: str) -> dict[str, dict[str, Any]]:
    """The schemas of a field's parts."""
    definitions = load_definitions()
    return {part: definitions[FIELD_MODELS[name].__name__]["properties"][part] for part in PARTS.get(name, ())}


def shown_dictionary() -> dict[str, Any]:
    """What templates show of the dictionary, and by which functions.

    Returns:
        `definitions`, the models' schemas; `sections`, which of them are shown besides the fields, by title; `labels`,
        by field and language the usual label; `parts_of`, `type_of` and `example_of`.
    """
    known = {language: load_lexicon(language).labels for language in list_languages()}
    return {
        "version": SCHEMA_VERSION,
        "codes": CODES,
        "definitions": load_definitions(),
        "sections": _SECTIONS,
        "labels": {
            name: {language: labels[name][0] for language, labels in known.items() if labels.get(name)}
            for name in FIELDS
        },
        "parts_of": describe_parts,
        "type_of": type_of,
        "example_of": _say_example,
    }


def _say_example(about: Mapping[str, Any]) -> str:
    """A key's first example as JSON; nothing where it has none."""
    examples = (json.dumps(value, ensure_ascii=False) for value in about.get("examples", ()) if value is not None)
    return next(examples, "")


def type_of(content: dict[str, Any]) -> str:
    """Say in words what a key of a schema holds."""
    if "anyOf" in content:
        return " or ".join(dict.fromkeys(map(type_of, content["anyOf"])))
    if "$ref" in content:
        return str(content["$ref"].rpartition("/")[2])
    if "enum" in content:
        return "code" if tuple(content["enum"]) in _MEANINGS else "field name"
    if content["type"] == "array":
        inner = content["items"] if "items" in content else content["prefixItems"][0]
        return f"list of {type_of(inner)}"
    return {"integer": "whole number", "boolean": "true or false", "string": "text"}.get(
        content["type"], str(content["type"])
    )
