"""A damaged label, date, paragraph break or link is told at its practice and field, with its kind, in every form."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from pipeline.cli.main import main
from pipeline.quality.accuracy.forms import excerpt, show
from pipeline.quality.accuracy.golden import golden_path
from tests.quality.accuracy.conftest import EDITION, PRACTICES, World


@dataclass(frozen=True)
class Case:
    """A damage, and what must be said of it."""

    practice: str
    field: str
    part: str
    kind: str

    def do(self, world: World) -> None:
        content = world.practice(self.practice).model_dump(mode="json")["fields"][self.field]
        changes: dict[str, Callable[[Any], Any]] = {
            "label": lambda label: label.replace("ā", "a"),
            "start": lambda start: f"{int(start[:4]) + 1}{start[4:]}",
            "text": lambda text: text.replace("\n", " ", 1),
            "links": lambda links: [{**links[0], "url": links[0]["url"].rstrip("/")[:-1]}, *links[1:]],
        }
        changed = changes[self.part](content[self.part])
        assert changed != content[self.part]
        world.damage_field(self.practice, self.field, **{self.part: changed})


CASES = (
    Case("bg-1", "implementers", "label", "diacritics"),
    Case("bg-de-ro-1", "period", "start", "value"),
    Case("lt-1", "period", "text", "paragraph"),
    Case("lt-1", "sources", "links", "truncation"),
)


def test_what_is_as_the_baseline_says_is_good_in_every_form(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert main(world.options("accuracy")) == 0
    out = capsys.readouterr().out
    assert "0 regressions" in out
    assert "::" not in out
    suites = ET.fromstring((world.reports / "junit.xml").read_bytes())
    assert {suite.get("failures") for suite in suites} == {"0"}
    assert len(suites.findall("testsuite/testcase")) == 31 * len(PRACTICES) + 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.part)
def test_a_damage_is_reported_at_its_place_with_its_kind_in_every_form(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, case: Case
) -> None:
    case.do(world)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "job.md"))
    (tmp_path / "job.md").write_text("of another step\n")
    assert main(world.options("accuracy")) == 1
    out = capsys.readouterr().out
    others = {name for name in PRACTICES if name != case.practice}

    assert f"{case.practice} {case.field}, {case.part}: changed ({case.kind}), a regression" in out
    assert "1 regression," in out

    (annotation,) = [line for line in out.splitlines() if line.startswith("::")]
    found = re.fullmatch(r"::error file=(.+),line=(\d+),title=(.+?)::(.+)", annotation)
    assert found is not None
    path = golden_path(world.goldens, EDITION, case.practice)
    assert found[1] == path.as_posix()
    assert found[3] == f"{case.practice} {case.field}"
    assert found[4].startswith(f"{case.practice}.{case.field}.{case.part}: changed ({case.kind})")
    lines = path.read_text().splitlines()
    assert lines[int(found[2]) - 1].strip().startswith(f'"{case.part}":')
    assert f'    "{case.field}": {{' in lines[: int(found[2])][-20:]

    report = json.loads((world.reports / "report.json").read_text())
    (difference,) = report["editions"][0]["verdict"]["regressions"]
    assert [difference[key] for key in ("practice", "field", "part", "outcome", "kind")] == [
        case.practice,
        case.field,
        case.part,
        "changed",
        case.kind,
    ]

    rows = list(csv.DictReader(io.StringIO((world.reports / "fields.csv").read_text())))
    (row,) = [row for row in rows if row["outcome"] not in {"match", "absent"}]
    assert [row[key] for key in ("practice", "field", "part", "kind", "regression")] == [
        case.practice,
        case.field,
        case.part,
        case.kind,
        "yes",
    ]
    assert row["expected"] != row["got"]

    summary = (world.reports / "summary.md").read_text()
    escaped = case.practice.replace("-", r"\-"), case.field.replace("_", r"\_")
    assert f"| {escaped[0]} | {escaped[1]} | {case.part} | changed \\({case.kind}\\) |" in summary
    assert (tmp_path / "job.md").read_text() == f"of another step\n{summary}"

    suites = ET.fromstring((world.reports / "junit.xml").read_bytes())
    (failed,) = [test for test in suites.iter("testcase") if test.find("failure") is not None]
    assert (failed.get("classname"), failed.get("name")) == (f"{EDITION}.{case.practice}", case.field)
    failure = failed.find("failure")
    assert failure is not None
    assert failure.get("type") == case.kind
    assert f"{case.part}: changed ({case.kind})" in str(failure.get("message"))
    assert not any(suite.get("failures") != "0" for suite in suites if suite.get("name") in others)


def test_what_is_all_good_is_three_lines_and_a_lost_field_one(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(world.options("accuracy")) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert main([*world.options("accuracy"), "--all"]) == 0
    assert "By practice" in capsys.readouterr().out
    world.damage("bg-1", lambda content: content["fields"].update(period=None))
    assert main(world.options("accuracy")) == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("bg-1 period")]
    assert len(lines) == 1
    assert re.fullmatch(r"bg-1 period: the whole field is missing \(\d+ leaves\), a regression", lines[0])


def test_the_worst_come_first_and_are_five(world: World) -> None:
    for field in ("main_idea", "objective", "description", "organised_by", "host_community", "sustainability"):
        world.damage_field("bg-1", field, text="x")
    sources = world.practice("lt-1").model_dump(mode="json")["fields"]["sources"]
    world.damage_field("lt-1", "sources", links=sources["links"][:-1])
    assert main([*world.options("accuracy"), "--quiet"]) == 1
    summary = (world.reports / "summary.md").read_text()
    head = summary.partition("### Headline")[0]
    assert "The worst 5 of 7 differences" in head
    assert head.count("| bg\\-1 |") == 5
    assert "| lt\\-1 |" not in head


HOSTILE = '=HYPERLINK("http://x.example")\n::error::100%\x1b[31m|<script>alert(1)</script>`\u202e\x00'


def test_hostile_values_stay_text_in_every_form(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    world.damage_field("bg-1", "objective", text=HOSTILE, label="@SUM(A1)")
    assert main(world.options("accuracy")) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert [line.partition(" ")[0] for line in out.splitlines() if line.startswith("::")] == ["::error", "::error"]
    rows = list(csv.DictReader(io.StringIO((world.reports / "fields.csv").read_text(), newline="")))
    cells = {row["part"]: row["got"] for row in rows if row["field"] == "objective" and row["got"]}
    assert cells == {"text": f"'{HOSTILE}", "label": "'@SUM(A1)"}
    assert all(cell[:1] not in "=+-@" for row in rows for cell in row.values() if cell)
    summary = (world.reports / "summary.md").read_text()
    assert "<script" not in summary
    table = [line for line in summary.splitlines() if line.startswith("| bg\\-1 | objective")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in table} == {7}
    ET.fromstring((world.reports / "junit.xml").read_bytes())


def test_excerpts_begin_at_the_difference() -> None:
    expected, got = excerpt("a" * 500 + "b", "a" * 500 + "c")
    assert expected == "…" + "a" * 20 + "b"
    assert got == "…" + "a" * 20 + "c"
    assert excerpt(["x", "y", "z"], ["x", "w", "z"]) == ('["y"]', '["w"]')
    assert show(None) == "∅"


def test_options_and_unusable_input_have_their_exit_code(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*world.options("accuracy"), "--edition", "none"]) == 2
    golden_path(world.goldens, EDITION, "lt-1").write_text("{}")
    assert main(world.options("accuracy")) == 2
    (world.goldens / "baseline.json").write_text("[]")
    assert main(world.options("accuracy")) == 2
    assert main([*world.options("accuracy"), "--lower"]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 4
    assert all(line.startswith("pipeline: error: ") for line in errors)
    assert main(["accuracy", "--help"]) == 0
    assert "1 where something got worse" in " ".join(capsys.readouterr().out.split())
