"""The baseline ratchets: nothing gets worse unnoticed, and nothing is lowered without a reason."""

from __future__ import annotations

import json
import shutil

import pytest

from pipeline.cli.main import main
from pipeline.quality.accuracy.accept import give_status, write_golden
from pipeline.quality.accuracy.baseline import load_baseline
from pipeline.quality.accuracy.golden import golden_path
from tests.quality.accuracy.conftest import EDITION, World


def lower(world: World) -> None:
    assert main([*world.options("accuracy"), "--quiet", "--lower", "--reason", "known to be hard"]) == 0


def test_a_known_difference_is_no_regression_and_a_second_one_is(world: World) -> None:
    world.damage_field("bg-1", "objective", text="x")
    assert main([*world.options("accuracy"), "--quiet"]) == 1
    lower(world)
    assert main([*world.options("accuracy"), "--quiet"]) == 0
    world.damage_field("bg-1", "main_idea", text="x")
    assert main([*world.options("accuracy"), "--quiet"]) == 1


def test_a_known_difference_may_not_score_less(world: World) -> None:
    links = world.practice("lt-1").model_dump(mode="json")["fields"]["sources"]["links"]
    assert len(links) > 2
    world.damage_field("lt-1", "sources", links=links[:-1])
    lower(world)
    world.damage_field("lt-1", "sources", links=links[:-2])
    assert main([*world.options("accuracy"), "--quiet"]) == 1


def test_update_takes_over_what_is_better_and_refuses_what_is_worse(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    text = world.practice("bg-1").model_dump(mode="json")["fields"]["objective"]["text"]
    world.damage_field("bg-1", "objective", text="x")
    before = (world.goldens / "baseline.json").read_bytes()
    assert main([*world.options("accuracy"), "--quiet", "--update"]) == 1
    assert "bg-1 objective, text" in capsys.readouterr().err
    assert (world.goldens / "baseline.json").read_bytes() == before
    lower(world)
    world.damage_field("bg-1", "objective", text=text)
    assert main(world.options("accuracy")) == 0
    assert "1 improved" in capsys.readouterr().out
    assert main([*world.options("accuracy"), "--quiet", "--update"]) == 0
    world.damage_field("bg-1", "objective", text="x")
    assert main([*world.options("accuracy"), "--quiet"]) == 1


def test_a_first_baseline_is_written_and_said(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    path = world.goldens / "baseline.json"
    path.unlink()
    assert main(world.options("accuracy")) == 2
    assert "the baseline does not name this edition" in capsys.readouterr().out
    assert main([*world.options("accuracy"), "--update"]) == 0
    said = capsys.readouterr().out
    assert "does not name" not in said
    assert f"{EDITION}: 0 regressions, 0 known differences" in said
    assert said.splitlines()[-1].endswith(f"junit.xml, {path}")
    assert path.is_file()


def test_a_lowering_keeps_its_reason_and_what_it_lowered(world: World) -> None:
    world.damage_field("bg-1", "objective", text="x")
    lower(world)
    baseline = load_baseline(world.goldens)
    assert baseline is not None
    (lowering,) = baseline.lowered
    assert (lowering.edition, lowering.reason, lowering.what) == (EDITION, "known to be hard", ("bg-1.objective.text",))
    assert main([*world.options("accuracy"), "--lower", "--reason", " "]) == 2


def test_changed_goldens_do_not_pass_unnoticed(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    path = golden_path(world.goldens, EDITION, "bg-1")
    content = json.loads(path.read_text())
    content["fields"]["objective"]["text"] = "as it should be"
    path.write_text(json.dumps(content))
    world.damage_field("bg-1", "objective", text="as it should be")
    assert main(world.options("accuracy")) == 2
    # In one line, however narrow the output is, so that the command in it can be copied.
    told = next(line for line in capsys.readouterr().out.splitlines() if "goldens have changed" in line)
    assert told.endswith("then run: pipeline accuracy --update --reason TEXT")
    world.damage_field("bg-1", "objective", text="x")
    assert main(world.options("accuracy")) != 0
    assert "then run: pipeline accuracy --lower --reason TEXT" in " ".join(capsys.readouterr().out.split())
    world.damage_field("bg-1", "objective", text="as it should be")
    assert main([*world.options("accuracy"), "--quiet", "--update"]) == 1
    assert "say why: --update --reason TEXT" in capsys.readouterr().err
    assert main([*world.options("accuracy"), "--quiet", "--update", "--reason", "read anew on the page"]) == 0
    baseline = load_baseline(world.goldens)
    assert baseline is not None
    assert (baseline.lowered[-1].what, baseline.lowered[-1].reason) == (("the goldens",), "read anew on the page")
    assert main([*world.options("accuracy"), "--quiet"]) == 0


@pytest.mark.parametrize("change", [["--update"], ["--lower", "--reason", "it is so"]])
def test_no_baseline_is_written_under_ci(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, change: list[str]
) -> None:
    monkeypatch.setenv("CI", "true")
    before = (world.goldens / "baseline.json").read_bytes()
    assert main([*world.options("accuracy"), "--quiet", *change]) == 2
    assert "does not run under CI" in capsys.readouterr().err
    assert (world.goldens / "baseline.json").read_bytes() == before


def test_a_reason_alone_does_not_let_the_baseline_get_worse(world: World) -> None:
    world.damage_field("bg-1", "objective", text="x")
    assert main([*world.options("accuracy"), "--quiet", "--update", "--reason", "it is so"]) == 1


def test_fewer_verified_leaves_are_a_regression(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    golden = give_status(world.golden("bg-1"), ["period.end"], "accepted", reason="a test", date="2026-02-01")
    write_golden(world.goldens, golden)
    assert main(world.options("accuracy")) == 1
    assert "leaves are verified, the baseline says" in capsys.readouterr().out.replace("\n", " ")
    assert main([*world.options("accuracy"), "--quiet", "--update"]) == 1
    lower(world)


def test_accepted_leaves_are_no_accuracy_but_may_not_move(world: World) -> None:
    write_golden(
        world.goldens,
        give_status(world.golden("bg-1"), ["objective.text"], "accepted", reason="a test", date="2026-02-01"),
    )
    lower(world)
    report = world.reports / "report.json"
    before = json.loads(report.read_text())["editions"][0]["accuracy"]["headline"]["leaves"]
    world.damage_field("bg-1", "objective", text="x")
    assert main([*world.options("accuracy"), "--quiet"]) == 1
    accuracy = json.loads(report.read_text())["editions"][0]["accuracy"]
    assert accuracy["headline"]["leaves"] == before
    assert (accuracy["accepted"]["match"], accuracy["accepted"]["changed"]) == (0, 1)


@pytest.mark.parametrize("action", ["missing", "unused", "stale"])
def test_missing_unused_and_stale_goldens_fail(world: World, capsys: pytest.CaptureFixture[str], action: str) -> None:
    path = golden_path(world.goldens, EDITION, "lt-1")
    if action == "missing":
        path.unlink()
    elif action == "unused":
        world.drop("lt-1")
    else:
        content = json.loads(path.read_text())
        content["source"]["sha256"] = "0" * 64
        path.write_text(json.dumps(content))
    assert main(world.options("accuracy")) == 1
    words = {"missing": "lt-1 has no golden", "unused": "lt-1 has no practice", "stale": "lt-1 is stale"}
    assert words[action] in capsys.readouterr().out.replace("\n", " ")


@pytest.mark.parametrize("count", ["residue", "unmapped"])
def test_residue_and_rows_without_a_field_are_regressions(world: World, count: str) -> None:
    path = world.extracted / EDITION / "report.json"
    report = json.loads(path.read_text())
    report["counts"][count] = 1
    path.write_text(json.dumps(report))
    assert main([*world.options("accuracy"), "--quiet"]) == 1


def test_an_edition_that_vanished_is_unusable_input(world: World) -> None:
    for folder in (world.extracted, world.goldens):
        (folder / EDITION).rename(folder / "other")
    assert main([*world.options("accuracy"), "--quiet"]) == 2


def test_the_last_run_is_compared_be_it_one_that_was_set_aside(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Good output that stayed in place would say that all is well."""
    world.set_aside().damage_field("bg-1", "objective", text="x")
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert main(world.options("accuracy")) == 1
    out = capsys.readouterr().out
    assert "bg-1 objective, text: changed (text), a regression" in out
    aside = world.extracted / ".errors" / EDITION
    assert f"{EDITION}: the last run had errors; {aside} was compared, which was set aside" in out
    assert "::error file=" in out
    assert json.loads((world.reports / "report.json").read_text())["editions"][0]["aside"] == str(aside)
    assert "the last run had errors" in (world.reports / "summary.md").read_text()


@pytest.mark.parametrize("change", [["--update"], ["--lower", "--reason", "it is so"]])
def test_no_baseline_is_made_of_what_was_set_aside(
    world: World, capsys: pytest.CaptureFixture[str], change: list[str]
) -> None:
    world.set_aside().damage_field("bg-1", "objective", text="x")
    before = (world.goldens / "baseline.json").read_bytes()
    assert main([*world.options("accuracy"), "--quiet", *change]) == 2
    assert "is what a run with errors left; no baseline is made of it" in capsys.readouterr().err
    assert (world.goldens / "baseline.json").read_bytes() == before


def test_rows_and_labels_over_page_breaks_are_counted(world: World) -> None:
    # lt-1: the label of legal_information and the value of host_community run over a break; bg-de-ro-1: both of a row.
    assert main([*world.options("accuracy"), "--quiet"]) == 0
    headline = json.loads((world.reports / "report.json").read_text())["editions"][0]["accuracy"]["headline"]
    assert headline["rows_joined"] == {"good": 3, "of": 3}
    assert headline["labels_joined"] == {"good": 2, "of": 2}
    assert headline["practices"] == {"good": 3, "of": 3}
    world.damage_field("lt-1", "legal_information", label="x")
    world.damage_field("lt-1", "host_community", text="x")
    assert main([*world.options("accuracy"), "--quiet"]) == 1
    headline = json.loads((world.reports / "report.json").read_text())["editions"][0]["accuracy"]["headline"]
    assert headline["rows_joined"] == {"good": 2, "of": 3}
    assert headline["labels_joined"] == {"good": 1, "of": 2}
    assert headline["practices"] == {"good": 2, "of": 3}
    assert headline["labels"]["good"] == headline["labels"]["of"] - 1


def test_what_update_does_not_take_over_is_named_field_by_field(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    world.damage("bg-1", lambda content: content["fields"].update(objective=None))
    world.damage_field("bg-1", "period", start=None)
    assert main([*world.options("accuracy"), "--update"]) == 1
    shown = capsys.readouterr()
    assert f"{EDITION}: 2 regressions, 0 known differences" in shown.out
    assert (
        "--update takes over only what is better, and this is worse than the baseline says: bg-1 objective; bg-1"
        " period, start; correct the cause, or take it over too and say why: pipeline accuracy --lower --reason TEXT"
    ) in shown.err
    lower(world)


def test_an_edition_without_any_golden_is_one_line(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(world.goldens / EDITION)
    assert main(world.options("accuracy")) == 1
    out = capsys.readouterr().out
    assert "there is no golden of any of its 3 practices; write the first ones by: pipeline accept --edition" in out
    assert "lt-1 has no golden" not in out
