"""Gives the practice files back from the exported database, by what its tables say alone."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.models.practice import FIELD_MODELS, FIELDS, PARTS, Practice
from pipeline.publish.dictionary import build_schema
from pipeline.stages.emit.edition import render_json


def restore_practices(path: Path) -> Iterator[tuple[str, bytes]]:
    """Give each practice's file: its path below the folder of all editions, and its content."""
    database = sqlite3.connect(path)
    database.row_factory = sqlite3.Row
    definitions = build_schema("practice")["$defs"]
    for row in database.execute(
        "SELECT * FROM practices NATURAL JOIN (SELECT edition, language, source FROM editions)"
    ):
        place = (row["edition"], row["practice"])

        def select(table: str, place: tuple[str, str] = place) -> list[sqlite3.Row]:
            return database.execute(f'SELECT * FROM "{table}" WHERE (edition, practice) = (?, ?)', place).fetchall()

        (edition,) = database.execute("SELECT * FROM editions WHERE edition = ?", place[:1])
        about = {"id": edition["edition"], **{key: edition[key] for key in edition.keys() if key != "edition"}}  # noqa: SIM118
        about["rights"] = None if about["rights"] == "unknown" else about["rights"]
        links, boxes, parts = select("links"), select("boxes"), select("parts")

        def places(owner: tuple[str | None, int | None], links: Any = links, boxes: Any = boxes) -> dict[str, Any]:
            mine = [box for box in boxes if (box["field"], box["extra"]) == owner]
            return {
                "links": [
                    {"url": link["url"], "text": link["text"]}
                    for link in links
                    if (link["field"], link["extra"]) == owner
                ],
                **{
                    f"{role}_boxes": [
                        {key: box[key] for key in ("page", "x0", "top", "x1", "bottom")}
                        for box in mine
                        if box["role"] == role
                    ]
                    for role in ("label", "value")
                },
            }

        fields: dict[str, Any] = dict.fromkeys(FIELDS)
        for value in select("values"):
            name = value["field"]
            fields[name] = {**printed(value), **places((name, None)), **dict.fromkeys(PARTS.get(name, ()))}
            for part in PARTS.get(name, ()):
                content = definitions[FIELD_MODELS[name].__name__]["properties"][part]["anyOf"][0]
                found = [item for item in parts if (item["field"], item["part"]) == (name, part)]
                items = [read_item(item, content.get("items", content)) for item in found]
                if items:
                    fields[name][part] = items if content.get("type") == "array" else items[0]
        extra, unmapped = {}, []
        for other in select("extra"):
            if other["kind"] == "extra":
                extra[other["name"]] = {**printed(other), **places((None, other["extra"]))}
            else:
                likely = {"field": other["likely_field"], "score": other["score"]}
                text = {"label": other["label"], "text": other["text"]}
                unmapped.append({**text, **places((None, other["extra"])), **likely})
        practice = Practice.model_validate_json(
            json.dumps(
                {
                    "schema_version": row["schema_version"],
                    "id": row["practice"],
                    "edition": about,
                    "heading": row["heading"],
                    "countries": json.loads(row["countries"]),
                    "title": row["title"],
                    "pages": [row["first_page"], row["last_page"]],
                    "fields": fields,
                    "unmapped": unmapped,
                    "extra": extra,
                }
            )
        )
        yield f"{row['edition']}/{row['practice']}.json", render_json(practice)


def printed(row: sqlite3.Row) -> dict[str, Any]:
    return {
        "label": row["label"],
        "text": row["text"],
        "available": bool(row["available"]),
        "shared_with": json.loads(row["shared_with"]),
        "inline": bool(row["inline"]),
        "recognised": None if row["confidence"] is None else {"confidence": row["confidence"]},
        "source": row["source"],
    }


def read_item(row: sqlite3.Row, content: dict[str, Any]) -> Any:
    if "$ref" in content:
        return {"value": json.loads(row["value"]), "currency": row["unit"]}
    return row["value"] if content.get("type") == "string" else json.loads(row["value"])
