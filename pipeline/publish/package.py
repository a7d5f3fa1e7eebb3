"""Describes an export to programs, in three files.

`datapackage.json` is a Data Package (v2), `dataset.jsonld` speaks schema.org and DCAT, `metadata.json` is Datasette's.
A key whose value is None here is absent there (`write_description`).
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pipeline.contract import CODES
from pipeline.models.practice import FIELDS, Edition
from pipeline.publish.collection import Assignment, KeyedPractice
from pipeline.publish.database import DATABASE_FILE
from pipeline.publish.dictionary import describe_field
from pipeline.publish.tables import TABLES, UNKNOWN, Column, Table
from pipeline.stages.emit.edition import render_json
from pipeline.stages.emit.outputs import program_version

PACKAGE_FILE: Final = "datapackage.json"
JSON_LD_FILE: Final = "dataset.jsonld"
METADATA_FILE: Final = "metadata.json"
_MEDIA_TYPES: Final = {
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".db": "application/vnd.sqlite3",
    ".ndjson": "application/x-ndjson",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
}
_LICENCE_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""A licence id in the form that Data Package asks for."""
_CONTEXT: Final = {
    "@vocab": "https://schema.org/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
}
"""The vocabularies of the JSON-LD."""
_TYPES: Final = {"strings": "array", "integers": "array"}
_DISARMED: Final = (
    "A text that a spreadsheet would run, or that begins with an apostrophe, has an apostrophe before it: take the"
    " first one off to have the text as it is."
)


def write_description(path: Path, content: dict[str, Any]) -> None:
    """Write a description as JSON, without the keys that have no value."""
    path.write_bytes(render_json(_drop_nulls(content)))


def _drop_nulls(content: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(content, dict):
        return {key: _drop_nulls(value) for key, value in content.items() if value is not None}
    return [_drop_nulls(item) for item in content] if isinstance(content, list) else content


def list_files(folder: Path) -> Iterator[dict[str, Any]]:
    """The files of an export in alphabetical order: path, bytes, media type and hash."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        yield {
            "path": path.relative_to(folder).as_posix(),
            "format": path.suffix[1:],
            "mediatype": _MEDIA_TYPES[path.suffix],
            "bytes": path.stat().st_size,
            "hash": f"sha256:{digest}",
        }


def describe_package(
    assignment: Assignment, editions: Sequence[Edition], files: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """The data package of an export.

    Args:
        assignment: What is said of the collection as a whole.
        editions: The editions that are in it.
        files: Its files, as `list_files` gives them.
    """
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": assignment.name,
        "id": assignment.base,
        "title": assignment.title,
        "description": assignment.description,
        "version": program_version() or UNKNOWN,
        "homepage": assignment.address or None,
        "licenses": [_describe_licence(rights) for rights in list_rights(editions)],
        "sources": [_describe_source(edition) for edition in editions],
        "resources": [_describe_file(file) for file in files],
    }


def list_rights(editions: Iterable[Edition]) -> list[str]:
    """What is known of the rights of editions, each once; `unknown` for those of which nothing is."""
    return list(dict.fromkeys(edition.rights or UNKNOWN for edition in editions))


def _describe_licence(rights: str) -> dict[str, str]:
    if rights == UNKNOWN:
        return {"name": UNKNOWN, "title": "Unknown: a source does not say; ask its publisher before you use it"}
    return {"name": rights} if _LICENCE_ID.fullmatch(rights) else {"name": "other", "title": rights}


def _describe_source(edition: Edition) -> dict[str, str | None]:
    about = f"{edition.title or edition.source} ({edition.id}; rights: {edition.rights or UNKNOWN})"
    found = re.search(r"https?://[^\s)]+", edition.origin or "")
    return {"title": about, "version": edition.sha256, "path": found[0] if found else None}


def _describe_file(file: Mapping[str, Any]) -> dict[str, Any]:
    stem = Path(file["path"]).stem
    resource = {"name": re.sub(r"[^a-z0-9]+", "-", file["path"].lower()), **file}
    if stem not in TABLES or file["format"] not in ("csv", "parquet"):
        return resource
    resource |= {"title": f"{stem.capitalize()} ({file['format'].upper()})", "description": TABLES[stem].about}
    if file["format"] != "csv":
        # frictionless reads what is called `parquet` as a table, and fails at columns of lists (seen with 5.18); under
        # this name, that of the media type, it checks size and hash.
        return {**resource, "format": "apache-parquet"}
    resource["description"] += f" {_DISARMED}"
    return {"type": "table", **resource, "encoding": "utf-8", "schema": _describe_table(TABLES[stem])}


def _describe_table(table: Table) -> dict[str, Any]:
    keys = [
        {"fields": list(names), "reference": {"resource": f"csv-{other}-csv", "fields": list(TABLES[other].key)}}
        for other, names in table.references.items()
        if not any(column.nullable for column in table.columns if column.name in names)
    ]
    columns = [_describe_column(table, column) for column in table.columns]
    return {"fields": columns, "primaryKey": list(table.key), "foreignKeys": keys or None, "missingValues": [""]}


def _describe_column(table: Table, column: Column) -> dict[str, Any]:
    # Many readers of CSV take an empty text for null, so that no text is called required.
    constraints: dict[str, Any] = {"required": not column.nullable and column.type != "string"}
    if column.name == "field" and table.name != "codes":
        constraints["enum"] = list(FIELDS)
    if column.name == "source" and table.name in ("values", "extra"):
        constraints["enum"] = list(CODES["source"])
    return {
        "name": column.name,
        "type": _TYPES.get(column.type, column.type),
        "title": column.title,
        "description": column.meaning,
        "constraints": constraints,
    }


def describe_dataset(
    assignment: Assignment,
    editions: Sequence[Edition],
    practices: Iterable[KeyedPractice],
    periods: Mapping[str, str],
    files: Iterable[Mapping[str, Any]],
) -> dict[str, Any]:
    """The JSON-LD of an export: one node for the whole, one for each practice.

    Args:
        assignment: What is said of the collection as a whole.
        editions: The editions that are in it.
        practices: The practices by key.
        periods: By key, when the practice ran: an EDTF interval.
        files: Its files, as `list_files` gives them, their paths below the base.
    """
    nodes = [_describe_practice(assignment, practice, periods.get(practice.key)) for practice in practices]
    distributions = [_describe_download(assignment, file) for file in files]
    whole = {
        "@id": assignment.base,
        "@type": ["Dataset", "dcat:Dataset"],
        "identifier": assignment.name,
        **dict.fromkeys(("name", "dct:title"), assignment.title),
        **dict.fromkeys(("description", "dct:description"), assignment.description),
        "version": program_version() or UNKNOWN,
        **{key: list_rights(editions) for key in ("license", "dct:rights")},
        "inLanguage": sorted({edition.language for edition in editions if edition.language}),
        "isBasedOn": [_describe_work(edition) for edition in editions],
        "distribution": distributions,
        "dcat:distribution": [{"@id": file["@id"]} for file in distributions],
        "hasPart": [{"@id": node["@id"]} for node in nodes],
    }
    return {"@context": _CONTEXT, "@graph": [whole, *nodes]}


def _describe_practice(assignment: Assignment, practice: KeyedPractice, period: str | None) -> dict[str, Any]:
    return {
        "@id": f"{assignment.base}practices/{practice.key}.html",
        "@type": "CreativeWork",
        "identifier": practice.key,
        "name": [{"@value": at.title, "@language": at.language} for at in practice.editions],
        "spatialCoverage": [{"@type": "Country", "identifier": code} for code in practice.countries],
        "temporalCoverage": period,
        "isPartOf": {"@id": assignment.base},
    }


def _describe_download(assignment: Assignment, file: Mapping[str, Any]) -> dict[str, Any]:
    address = assignment.address + file["path"]
    return {
        "@id": f"{assignment.base}{file['path']}",
        "@type": ["DataDownload", "dcat:Distribution"],
        "contentUrl": address,
        "dcat:downloadURL": {"@id": address} if assignment.address else None,
        **dict.fromkeys(("encodingFormat", "dcat:mediaType"), file["mediatype"]),
        "contentSize": f"{file['bytes']} B",
        "sha256": file["hash"].partition(":")[2],
    }


def _describe_work(edition: Edition) -> dict[str, Any]:
    """The booklet that an edition is."""
    return {
        "@type": "CreativeWork",
        "identifier": edition.id,
        "name": edition.title or edition.source,
        "license": edition.rights or UNKNOWN,
        "publisher": edition.publisher and {"@type": "Organization", "name": edition.publisher},
        "inLanguage": edition.language,
    }


def describe_database(assignment: Assignment, editions: Sequence[Edition]) -> dict[str, Any]:
    """Datasette's metadata of the database."""
    tables: dict[str, dict[str, Any]] = {
        name: {"description": table.about, "columns": {column.name: column.meaning for column in table.columns}}
        for name, table in TABLES.items()
    }
    tables |= {name: {"description": describe_field(name)["description"]} for name in FIELDS}
    return {
        "title": assignment.title,
        "description": assignment.description,
        "license": "; ".join(list_rights(editions)),
        "source_url": assignment.address or None,
        "databases": {Path(DATABASE_FILE).stem: {"tables": tables}},
    }
