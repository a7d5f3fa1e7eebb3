"""Exports: what pandas, DuckDB, frictionless, Datasette and SQLite read of them is what the JSON holds."""

from __future__ import annotations

import asyncio
import csv
import gc
import hashlib
import io
import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import weakref
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pipeline import paths
from pipeline.cli.main import main
from pipeline.contract import CODES
from pipeline.models.practice import FIELDS, PARTS, Practice
from pipeline.publish import export
from pipeline.publish.collection import load_assignment
from pipeline.publish.tables import TABLES
from pipeline.publish.writers import CsvWriter, disarm, render_row
from pipeline.stages.emit.edition import load_edition
from tests.programs import require
from tests.publish.building import KNOWN, translate, write_edition
from tests.publish.restoring import restore_practices

MOST_GROWTH_MB = 40
GREEK = "Κέντρα για μετανάστες, най-нови"
FORMULAS = ("=1+1", "+1", "@SUM(A1)", "\tx", "-1", "-", "'quoted", "- an item", 'a "b", c\r\nd', "", "plain", GREEK)
EXTRA = {
    "label": "Photographs",
    "text": "=HYPERLINK(1)",
    "available": True,
    "shared_with": [],
    "inline": False,
    "links": [{"url": "https://data.test/", "text": ""}],
    "label_boxes": [],
    "value_boxes": [{"page": 3, "x0": 1.5, "top": 2.0, "x1": 3.0, "bottom": 4.0}],
    "recognised": {"confidence": 0.5},
    "source": "annotation",
}
UNMAPPED = {
    **{key: EXTRA[key] for key in ("label", "text", "links", "label_boxes", "value_boxes")},
    "field": "sources",
    "score": 0.25,
}


def add_all(content: dict[str, Any]) -> None:
    """Have a practice hold everything that a practice can."""
    translate(content)
    content["extra"] = {"photographs": EXTRA, "remarks": {**EXTRA, "recognised": None, "source": None}}
    content["unmapped"] = [UNMAPPED, {**UNMAPPED, "field": None, "score": None}]
    values = [value for value in content["fields"].values() if value is not None]
    for value, text in zip(values, FORMULAS, strict=False):
        value["text"] = text.replace("\r", "")
    values[0] |= {"recognised": {"confidence": 0.75}, "source": "form_field"}
    content["fields"]["funding"] |= {
        "amounts": [{"value": 12500.5, "currency": "EUR"}, {"value": 3, "currency": "BGN"}],
        "shares": [75, 12.5],
    }


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("extracted")
    ids = [practice.id for practice in load_edition(KNOWN).practices]
    write_edition(folder, "raccombat-lv", dict(zip(ids, ids, strict=True)))
    write_edition(
        folder, "second", {"at-1": "at-2", "ro-1": "ro-1"}, add_all, rights="All rights reserved.", title=None
    )
    return folder


@pytest.fixture(scope="module")
def exported(extracted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("exports") / "export"
    assert main(["export", "--extracted", str(extracted), "--out", str(out), "--quiet"]) == 0
    return out


@pytest.fixture(scope="module")
def practices(extracted: Path) -> list[Practice]:
    return [practice for name in ("raccombat-lv", "second") for practice in load_edition(extracted / name).practices]


@pytest.fixture(scope="module")
def counts(practices: list[Practice]) -> dict[str, int]:
    """Count what is in the JSON, without the code that makes the tables."""
    found: Counter[str] = Counter(editions=2, practices=len(practices))
    found["codes"] = sum(map(len, CODES.values())) + len(FIELDS) + sum(map(len, PARTS.values()))
    for practice in practices:
        plain = practice.model_dump(mode="json")
        values = [(name, value) for name, value in plain["fields"].items() if value is not None]
        others = [*plain["extra"].values(), *plain["unmapped"]]
        found["values"] += len(values)
        found["extra"] += len(others)
        for name, value in values:
            parts = [value[part] for part in PARTS.get(name, ()) if value[part] is not None]
            found["parts"] += sum(len(part) if isinstance(part, list) else 1 for part in parts)
        for row in (*(value for _, value in values), *others):
            found["links"] += len(row["links"])
            found["boxes"] += len(row["label_boxes"]) + len(row["value_boxes"])
    assert set(found) == set(TABLES)
    return dict(found)


def test_pandas_reads_the_tables(exported: Path, counts: dict[str, int]) -> None:
    import pandas as pd

    for form in ("csv", "parquet"):
        read: Any = pd.read_csv if form == "csv" else pd.read_parquet
        assert {name: len(read(exported / form / f"{name}.{form}")) for name in TABLES} == counts
    values = pd.read_parquet(exported / "parquet" / "values.parquet")
    assert str(values["available"].dtype) == "bool"
    assert list(values["pages"].iloc[0]) == [pages for pages in values["pages"].iloc[0] if pages > 0] != []


def test_pandas_keeps_every_text_as_the_documentation_says(exported: Path, practices: list[Practice]) -> None:
    import pandas as pd

    read: Any = pd.read_csv(exported / "csv" / "values.csv", keep_default_na=False, na_values=[""])
    missing = sum(not value.text for practice in practices for value in practice.fields.present.values())
    assert read["text"].isna().sum() == missing
    assert "n/a" in set(read["text"])


def test_duckdb_reads_the_tables(exported: Path, counts: dict[str, int], practices: list[Practice]) -> None:
    import duckdb

    for form in ("csv", "parquet"):
        for name, count in counts.items():
            found = duckdb.sql(f"SELECT count(*) FROM '{exported}/{form}/{name}.{form}'").fetchall()
            assert found == [(count,)], name
    lines = duckdb.sql(f"SELECT key, id, fields.period.edtf FROM read_json('{exported}/practices.ndjson')").fetchall()
    periods = [practice.fields.period and practice.fields.period.edtf for practice in practices]
    assert [(line[1], line[2]) for line in lines] == list(zip([item.id for item in practices], periods, strict=True))
    assert lines[-2][:2] == ("at-2", "at-1"), "the key, not the edition's number"
    total = duckdb.sql(f"SELECT sum(number) FROM '{exported}/parquet/parts.parquet' WHERE unit = 'BGN'").fetchall()
    assert total == [(6.0,)]


def test_frictionless_finds_the_package_valid(exported: Path) -> None:
    from frictionless import Package

    package = Package(str(exported / "datapackage.json"))
    tables = [resource for resource in package.resources if resource.format == "csv"]
    assert {resource.name for resource in tables} == {f"csv-{name}-csv" for name in TABLES}
    report = package.validate()
    assert report.valid, report.flatten(["title", "fieldName", "message"])[:5]
    assert sum(resource.schema.foreign_keys != [] for resource in tables) == 6


def list_faults(package: dict[str, Any]) -> list[str]:
    """Give what the standard's second version does not allow in a descriptor."""
    schema = yaml.safe_load(Path(__file__).with_name("data_package_v2.yaml").read_text(encoding="utf-8"))
    checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    return [f"{error.json_path}: {error.message}" for error in checker.iter_errors(package)]


def test_the_package_is_as_the_standard_s_second_version_says(exported: Path) -> None:
    package = json.loads((exported / "datapackage.json").read_text())
    assert list_faults(package) == []
    names = [resource["name"] for resource in package["resources"]]
    assert len(set(names)) == len(names)
    schemas = {resource["name"]: resource["schema"] for resource in package["resources"] if "schema" in resource}
    assert len(schemas) == len(TABLES)
    for schema in schemas.values():
        columns = {column["name"] for column in schema["fields"]}
        assert columns >= set(schema["primaryKey"])
        for key in schema.get("foreignKeys", ()):
            other = schemas[key["reference"]["resource"]]
            assert columns >= set(key["fields"])
            assert key["reference"]["fields"] == other["primaryKey"]
    package["resources"][0]["schema"]["foreignKeys"] = []
    package["resources"][1]["type"] = "file"
    assert [fault.partition(":")[0] for fault in list_faults(package)] == [
        "$.resources[0].schema.foreignKeys",
        "$.resources[1].type",
    ]


def test_a_base_that_nobody_has_set_is_no_address(
    exported: Path, extracted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names of things begin with it all the same: they must be unlike those of other collections."""
    placeholder = load_assignment().base
    files = ("datapackage.json", "dataset.jsonld", "metadata.json")
    package, dataset, metadata = (json.loads((exported / file).read_text()) for file in files)
    assert "homepage" not in package
    assert "source_url" not in metadata
    assert package["id"] == dataset["@graph"][0]["@id"] == placeholder
    assert {file["contentUrl"] for file in dataset["@graph"][0]["distribution"]} >= {"csv/values.csv", "practices.db"}
    shutil.copytree(paths.SCHEMAS, tmp_path / "schemas")
    keys = tmp_path / "schemas" / "collection.yaml"
    keys.write_text(keys.read_text(encoding="utf-8").replace(placeholder, "https://data.test/practices/"))
    monkeypatch.setattr(paths, "SCHEMAS", tmp_path / "schemas")
    assert main(["export", "--extracted", str(extracted), "--out", str(tmp_path / "x"), "--quiet"]) == 0
    package, dataset, metadata = (json.loads((tmp_path / "x" / file).read_text()) for file in files)
    assert package["homepage"] == metadata["source_url"] == package["id"] == "https://data.test/practices/"
    for file in dataset["@graph"][0]["distribution"]:
        assert file["contentUrl"] == file["dcat:downloadURL"]["@id"]
        assert (tmp_path / "x" / file["contentUrl"].removeprefix("https://data.test/practices/")).is_file()


def test_frictionless_finds_a_damaged_table(exported: Path, tmp_path: Path) -> None:
    from frictionless import Package

    copy = Path(shutil.copytree(exported, tmp_path / "copy"))
    path = copy / "csv" / "parts.csv"
    path.write_text(path.read_text().replace(",period,start,", ",perjod,start,", 1))
    package = Package(str(copy / "datapackage.json"))
    package.resources = [resource for resource in package.resources if resource.name == "csv-parts-csv"]
    assert not package.validate().valid


def test_datasette_serves_the_database_with_its_meanings(exported: Path, counts: dict[str, int]) -> None:
    from datasette.app import Datasette

    metadata = json.loads((exported / "metadata.json").read_text())

    async def ask(*addresses: str) -> list[Any]:
        served = Datasette([str(exported / "practices.db")], metadata=metadata)
        answers = [await served.client.get(address, follow_redirects=True) for address in addresses]
        assert [answer.status_code for answer in answers] == [200] * len(answers)
        return answers

    tables = [f'/practices.json?_shape=arrayfirst&sql=select+count(*)+from+"{name}"' for name in TABLES]
    *answers, page, search, view = asyncio.run(
        ask(
            *tables, "/practices/values", "/practices/values.json?_search=begli*", "/practices/period.json?_shape=array"
        )
    )
    assert {name: answer.json()[0] for name, answer in zip(TABLES, answers, strict=True)} == counts
    assert TABLES["values"].about in page.text
    assert set(metadata["databases"]["practices"]["tables"]) == {*TABLES, *FIELDS}
    found = search.json()["rows"]
    assert found
    text = search.json()["columns"].index("text")
    assert any("bēgļ" in row[text] for row in found), "diacritics are folded"
    assert {"start", "end", "edtf", "ongoing"} <= set(view.json()[0])


def test_linked_data_is_read_as_a_catalogue(exported: Path, practices: list[Practice]) -> None:
    import rdflib

    graph = rdflib.Graph().parse(exported / "dataset.jsonld", format="json-ld")
    schema, dcat = rdflib.Namespace("https://schema.org/"), rdflib.Namespace("http://www.w3.org/ns/dcat#")
    (whole,) = graph.subjects(rdflib.RDF.type, dcat.Dataset)
    assert (whole, rdflib.RDF.type, schema.Dataset) in graph
    files = set(graph.objects(whole, dcat.distribution))
    assert files == set(graph.objects(whole, schema.distribution)) == set(graph.subjects(schema.contentUrl))
    assert len(files) == sum(1 for path in exported.rglob("*.*") if path.name != "dataset.jsonld")
    assert {str(text) for text in graph.objects(whole, rdflib.DCTERMS.rights)} == {"unknown", "All rights reserved."}
    parts = set(graph.objects(whole, schema.hasPart))
    assert len(parts) == len({practice.title for practice in practices if practice.edition.id == "raccombat-lv"})
    titles = {
        (str(name), getattr(name, "language", None)) for part in parts for name in graph.objects(part, schema.name)
    }
    assert titles == {(practice.title, practice.edition.language) for practice in practices}


def test_sqlite_has_sound_keys_and_a_view_for_each_field(exported: Path, practices: list[Practice]) -> None:
    with sqlite3.connect(exported / "practices.db") as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        tables = {row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%FOREIGN KEY%'")}
        assert tables == {"practices", "values", "extra", "parts", "links", "boxes"}
        for field in FIELDS:
            cursor = database.execute(f'SELECT * FROM "{field}"')
            columns = [column[0] for column in cursor.description]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor]
            wanted = [
                {"practice": practice.id, "edition": practice.edition.id, **value.model_dump(mode="json")}
                for practice in practices
                if (value := getattr(practice.fields, field)) is not None
            ]
            assert len(rows) == len(wanted)
            for row, value in zip(rows, wanted, strict=True):
                for key in ("edition", "practice", "text", *PARTS.get(field, ())):
                    got = json.loads(row[key]) if isinstance(value[key], list) else row[key]
                    assert got == value[key], (field, key)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("κέντρα", GREEK),
        ("κεντρα", GREEK),
        ("ΜΕΤΑΝΑΣΤΕΣ", GREEK),
        ("μεταναστες", GREEK),
        ('"наи-нови"', GREEK),
        ("началото", None),
    ],
)
def test_the_search_folds_diacritics_of_every_script(words: str, found: str | None, exported: Path) -> None:
    with sqlite3.connect(exported / "practices.db") as database:
        rows = database.execute(
            'SELECT v.text FROM values_fts JOIN "values" v ON v.id = values_fts.rowid WHERE values_fts MATCH ?', [words]
        ).fetchall()
    assert {row[0] for row in rows} == ({found} if found else set())


def test_the_database_gives_the_practice_files_back(exported: Path, extracted: Path) -> None:
    files = dict(restore_practices(exported / "practices.db"))
    there = {path: path.read_bytes() for path in extracted.glob("*/??-*.json")}
    assert {extracted / name: content for name, content in files.items()} == there


def test_same_input_same_bytes(exported: Path, extracted: Path, tmp_path: Path) -> None:
    """In another folder, locale and time zone, with other hashes, and from files of another age and order."""
    copy = tmp_path / "elsewhere" / "copied"
    for path in sorted(extracted.rglob("*.json"), reverse=True):
        (copy / path.relative_to(extracted)).parent.mkdir(parents=True, exist_ok=True)
        (copy / path.relative_to(extracted)).write_bytes(path.read_bytes())
        os.utime(copy / path.relative_to(extracted), (1, 1))
    command = [sys.executable, "-m", "pipeline", "export", "--extracted", "copied", "--out", "again"]
    other = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "tr_TR.UTF-8", "PYTHONUTF8": "0"}
    subprocess.run(command, check=True, cwd=copy.parent, env={**os.environ, **other})
    assert contents(copy.parent / "again") == contents(exported)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@given(st.one_of(st.text(), st.sampled_from(FORMULAS)))
def test_what_a_spreadsheet_would_run_is_disarmed_and_can_be_had_again(text: str) -> None:
    safe = disarm(text)
    assert not safe.startswith(("=", "+", "@", "\t", "\r"))
    assert not safe.startswith("-") or safe.startswith("- ")
    assert safe.removeprefix("'") == text
    # The module drops NUL bytes' lines; no text of a practice holds one.
    if "\0" not in text:
        (row,) = csv.reader(io.StringIO(render_row((text, None, 1)).decode(), newline=""))
        assert [row[0].removeprefix("'"), *row[1:]] == [text, "", "1"]


@pytest.mark.check
def test_a_spreadsheet_shows_every_text_and_runs_none(
    exported: Path, practices: list[Practice], tmp_path: Path
) -> None:
    from xml.etree import ElementTree as ET

    (tmp_path / "running.csv").write_text('text\n=1+1\n"=HYPERLINK(""https://data.test"")"\n')
    program = shutil.which("soffice") or require("needs Debian's package libreoffice-calc-nogui (make system)")
    command = [program, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
    command += ["--infilter=CSV:44,34,76,1", "--convert-to", "fods", "--outdir", str(tmp_path)]
    command += [str(tmp_path / "running.csv"), *(str(exported / "csv" / f"{name}.csv") for name in ("values", "extra"))]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    if not (tmp_path / "running.fods").is_file():
        require("needs Debian's package libreoffice-calc-nogui (make system)")
    sheets = {name: ET.parse(tmp_path / f"{name}.fods").getroot() for name in ("running", "values", "extra")}
    formula = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}formula"
    found = {name: [cell.get(formula) for cell in sheet.iter() if cell.get(formula)] for name, sheet in sheets.items()}
    assert {name: len(formulas) for name, formulas in found.items()} == {"running": 2, "values": 0, "extra": 0}
    shown = "".join(sheets["values"].itertext())
    for practice in practices:
        for name in FIELDS:
            if (value := getattr(practice.fields, name)) is not None and "\t" not in value.text:
                assert all(line in shown for line in value.text.replace("  ", " ").split("\n")), (practice.id, name)


def test_list_items_are_left_as_they_are_and_null_is_not_empty() -> None:
    assert render_row(("- item", "-item", "", None, ["a", "ž"], -1.5, True)) == (
        '- item,\'-item,"",,"[""a"",""ž""]",-1.5,true\r\n'.encode()
    )


def test_csv_holds_every_text(exported: Path, practices: list[Practice]) -> None:
    with (exported / "csv" / "values.csv").open(encoding="utf-8", newline="") as file:
        texts = [row["text"].removeprefix("'") for row in csv.DictReader(file)]
    assert texts == [
        value.text
        for practice in practices
        for field in FIELDS
        if (value := getattr(practice.fields, field)) is not None
    ]


def test_parquet_is_typed_and_says_what_its_columns_mean(exported: Path) -> None:
    from pyarrow import parquet

    schema = parquet.read_schema(exported / "parquet" / "values.parquet")
    assert str(schema.field("pages").type).startswith("list<")
    assert str(schema.field("available").type) == "bool"
    for name, table in TABLES.items():
        schema = parquet.read_schema(exported / "parquet" / f"{name}.parquet")
        meanings = {column.name: column.metadata[b"description"].decode() for column in schema}
        assert meanings == {column.name: column.meaning for column in table.columns}
        assert all(meanings.values())


def test_every_form_carries_rights_and_hashes(exported: Path) -> None:
    package = json.loads((exported / "datapackage.json").read_text())
    assert package["licenses"][0]["name"] == "unknown"
    assert package["licenses"][1] == {"name": "other", "title": "All rights reserved."}
    for resource in package["resources"]:
        content = (exported / resource["path"]).read_bytes()
        assert (resource["bytes"], resource["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
    named = {resource["path"] for resource in package["resources"]}
    described = {"datapackage.json", "dataset.jsonld", "metadata.json"}
    assert {path.relative_to(exported).as_posix() for path in exported.rglob("*.*")} == named | described
    whole, *nodes = json.loads((exported / "dataset.jsonld").read_text())["@graph"]
    assert whole["@type"] == ["Dataset", "dcat:Dataset"]
    assert whole["license"] == ["unknown", "All rights reserved."]
    assert {file["contentUrl"] for file in whole["distribution"]} == named | described - {"dataset.jsonld"}
    assert [part["@id"] for part in whole["hasPart"]] == [node["@id"] for node in nodes]
    assert len(nodes) == 15
    austrian = next(node for node in nodes if node["identifier"] == "at-2")
    assert [name["@value"] for name in austrian["name"]][1] == "—"
    assert "unknown" in json.loads((exported / "metadata.json").read_text())["license"]
    with (exported / "csv" / "editions.csv").open(encoding="utf-8-sig", newline="") as lines:
        assert {line["rights"] for line in csv.DictReader(lines)} == {"unknown", "All rights reserved."}


def test_some_editions_in_some_forms(extracted: Path, tmp_path: Path) -> None:
    out = tmp_path / "some"
    options = ["--extracted", str(extracted), "--out", str(out), "--quiet"]
    assert main(["export", "second", "--format", "ndjson", "--format", "jsonld", *options]) == 0
    assert sorted(path.name for path in out.iterdir()) == ["datapackage.json", "dataset.jsonld", "practices.ndjson"]
    lines = [json.loads(line) for line in (out / "practices.ndjson").read_text().splitlines()]
    assert [(line["key"], line["edition"]["id"], line["id"]) for line in lines] == [
        ("at-2", "second", "at-1"),
        ("ro-1", "second", "ro-1"),
    ]
    graph = json.loads((out / "dataset.jsonld").read_text())["@graph"]
    assert [node["identifier"] for node in graph] == ["raccombat", "at-2", "ro-1"]


def test_a_failed_export_leaves_the_last_one(
    extracted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "export"
    options = ["--extracted", str(extracted), "--out", str(out), "--format", "csv"]
    assert main(["export", *options]) == 0
    before = {path: path.read_bytes() for path in out.rglob("*.*")}

    def fail(self: CsvWriter) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(CsvWriter, "close", fail)
    capsys.readouterr()
    assert main(["export", *options]) == 3
    assert "No space left" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in out.rglob("*.*")} == before
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


def test_what_no_export_has_written_is_left_alone(
    extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "letters.txt").write_text("mine")
    for out in (tmp_path, tmp_path / "letters.txt"):
        assert main(["export", "--extracted", str(extracted), "--out", str(out)]) == 3
        assert "holds what no export has written" in capsys.readouterr().err
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("letters.txt", "mine")]


def test_an_edition_that_is_not_good_is_reported(
    extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Path(shutil.copytree(extracted, tmp_path / "copy"))
    report = copy / "second" / "report.json"
    report.write_text(report.read_text().replace('"status": "good"', '"status": "errors"'))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert main(["export", "--extracted", str(copy), "--out", ".", "--format", "csv"]) == 0
    printed = capsys.readouterr()
    assert "second: its report does not say that it is good" in printed.err
    assert "raccombat-lv" in printed.out
    assert "raccombat-lv" not in printed.err
    assert (tmp_path / "here" / "csv" / "values.csv").is_file()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(["nowhere"], "no extracted edition nowhere"), (["--extracted", "no/folder"], "run: pipeline run")],
)
def test_what_is_not_there_is_reported(
    arguments: list[str], said: str, extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "--extracted", str(extracted), "--out", str(tmp_path / "x"), *arguments]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_pyarrow_the_extra_is_named(
    extracted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    assert main(["export", "--extracted", str(extracted), "--out", str(tmp_path / "x")]) == 2
    assert "raccombat-pipeline[export]" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.check
@pytest.mark.serial
def test_a_thousand_practices_take_no_more_memory_than_a_hundred(tmp_path: Path) -> None:
    """Apart from what linking keeps of each, about 10 kB."""
    peaks = []
    for count in (100, 1000):
        multiply_edition(tmp_path / str(count), count)
        script = (
            "import resource, sys; from pipeline.cli.main import main; main(sys.argv[1:]);"
            " print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        command = [sys.executable, "-c", script, "export", "--quiet", "--extracted", str(tmp_path / str(count))]
        done = subprocess.run(
            [*command, "--out", str(tmp_path / f"export{count}")], check=True, capture_output=True, text=True
        )
        peaks.append(int(done.stdout) / 1024)
        assert len((tmp_path / f"export{count}" / "practices.ndjson").read_bytes().splitlines()) == count
    assert peaks[1] - peaks[0] < MOST_GROWTH_MB, peaks


def multiply_edition(out: Path, count: int) -> None:
    """Write an edition that holds the known practices many times over."""
    index = json.loads((KNOWN / "index.json").read_bytes())
    texts = {entry["id"]: (KNOWN / entry["file"]).read_text(encoding="utf-8") for entry in index["practices"]}
    entries = []
    (out / KNOWN.name).mkdir(parents=True)
    for number, entry in zip(range(1, count + 1), itertools.cycle(index["practices"]), strict=False):
        name = f"{entry['id'].rpartition('-')[0]}-{number}"
        entries.append({**entry, "id": name, "file": f"{name}.json"})
        text = texts[entry["id"]].replace(f'"id": "{entry["id"]}"', f'"id": "{name}"', 1)
        (out / KNOWN.name / f"{name}.json").write_text(text, encoding="utf-8")
    (out / KNOWN.name / "index.json").write_text(json.dumps({**index, "practices": entries}))


def test_few_practices_are_held_at_a_time(extracted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alive: list[weakref.ref[Practice]] = []
    most = 0
    real = export.open_edition

    def open_watched(folder: Path) -> Any:
        index, practices = real(folder)

        def watch() -> Iterator[Practice]:
            nonlocal most
            for practice in practices:
                gc.collect()
                alive.append(weakref.ref(practice))
                most = max(most, sum(reference() is not None for reference in alive))
                yield practice

        return index, watch()

    monkeypatch.setattr(export, "open_edition", open_watched)
    gc.freeze()  # what other tests have left need not be looked at each time
    assert main(["export", "--extracted", str(extracted), "--out", str(tmp_path / "x"), "--quiet"]) == 0
    gc.unfreeze()
    assert len(alive) == 17
    assert most <= 3
