"""The data's dictionary: generates the JSON Schemas and `docs/fields.md`; what they say stands in the models.

A schema gives each key its title, meaning, examples and unit (`x-unit`), each code its meaning (`x-meanings`), and says
what null, an empty list and an absent key mean.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel

from pipeline.contract import ANALYTICAL_FIELDS, CODES, DESCRIPTIVE_FIELDS, FIELDS, PARTS, SCHEMA_VERSION
from pipeline.issues import render_issue_table
from pipeline.lexicon import list_languages, load_lexicon
from pipeline.models.edition import Index, Report
from pipeline.models.practice import Practice
from pipeline.publish.collection import Collection, load_assignment
from pipeline.stages.emit.edition import render_json

MODELS: Final[dict[str, type[BaseModel]]] = {
    "practice": Practice,
    "index": Index,
    "report": Report,
    "collection": Collection,
}
"""The model of each published file, by the schema's name."""
_MEANINGS: Final = {tuple(codes): codes for codes in CODES.values()}
_ATTRIBUTE: Final = re.compile(r"^ *(\w+): ")
_SECTIONS: Final = {
    "Its edition": "Edition",
    "A field": "FieldValue",
    "A link": "Link",
    "A box": "Place",
    "A sum of money": "Amount",
    "A recognised text": "Recognition",
    "A row that no field answers to": "Unmapped",
}


def schema_file(name: str) -> str:
    """Give the name of a schema's file."""
    return f"{name}.schema.json"


def build_schema(name: str) -> dict[str, Any]:
    """Build the JSON Schema (draft 2020-12) of a published file.

    Args:
        name: `practice`, `index`, `report` or `collection`.

    Returns:
        The schema; its `$id` stands below the base that `schemas/collection.yaml` names.
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
        Contents by path below the repository: the schemas in `schemas/`, `docs/fields.md` and `docs/issues.md`.
    """
    files = {f"schemas/{schema_file(name)}": render_json(build_schema(name)) for name in MODELS}
    fields = "\n".join([*_write_fields(), ""])
    return {**files, "docs/fields.md": fields.encode(), "docs/issues.md": render_issue_table().encode()}


def _describe(definition: dict[str, Any]) -> None:
    """Give the keys of a model their meanings: from its docstring's attributes where they have no own."""
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
    """Say what null means for fields and parts, and give the parts the examples that stand in their field's."""
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


def _write_fields() -> Iterator[str]:
    """Write the dictionary for readers, line by line."""
    schema = build_schema("practice")
    definitions = schema["$defs"]
    fields = definitions["Fields"]["properties"]
    labels = {language: load_lexicon(language).labels for language in list_languages()}
    yield "# The fields"
    yield ""
    yield "Generated by `pipeline schema --write` from the models and the lexicons; edit those. This is what stands in"
    yield f"`extracted/<edition>/<practice>.json` under schema version {SCHEMA_VERSION}, key by key."
    yield ""
    yield "A field is null where the edition has no such row; a part is null where the text does not say, and one that"
    yield "is a list is never empty. Where a key may be absent, null or empty, its meaning says so. Below each field"
    yield "stands its usual label in each language (`schemas/<language>/labels.yaml` has its variants); one in"
    yield "italics is a draft that nobody has read yet."
    yield from _write_keys("A practice", schema)
    for title, name in _SECTIONS.items():
        yield from _write_keys(title, definitions[name])
    for title, names in (("descriptive", DESCRIPTIVE_FIELDS), ("analytical", ANALYTICAL_FIELDS)):
        yield from ("", f"## The fields of the {title} table")
        for name in names:
            field = fields[name]
            yield from ("", f"### `{name}`: {field['title']}", "", field["description"], "")
            model = definitions[field["anyOf"][0]["$ref"].rpartition("/")[2]]
            parts = {key: content for key, content in model["properties"].items() if key in PARTS.get(name, ())}
            if parts:
                yield from _write_table(parts)
                yield ""
            for language, known in labels.items():
                for label in known.get(name, ())[:1]:
                    printed = label.text if label.status == "verified" else f"*{label.text}*"
                    yield f"- {language}: {printed}"
    yield from ("", "## The codes", "", "| list | code | meaning |", "|---|---|---|")
    for kind, codes in CODES.items():
        yield from (f"| {kind} | `{code}` | {meaning} |" for code, meaning in codes.items())


def _write_keys(title: str, definition: dict[str, Any]) -> Iterator[str]:
    yield from ("", f"## {title}", "", definition["description"], "")
    yield from _write_table(definition["properties"])


def _write_table(properties: dict[str, Any]) -> Iterator[str]:
    yield "| key | type | meaning | unit | example |"
    yield "|---|---|---|---|---|"
    for key, content in properties.items():
        example = next((render_example(value) for value in content.get("examples", ()) if value is not None), "")
        unit = content.get("x-unit", "")
        yield f"| `{key}` | {type_of(content)} | {content['description']} | {unit} | {example} |".replace("  ", " ")


def render_example(value: object) -> str:
    """Give an example as JSON in one cell of a table."""
    return f"`{json.dumps(value, ensure_ascii=False)}`".replace("|", "\\|")


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
