"""Goldens are changed knowingly: by a person, with a reason, and never under CI."""

from __future__ import annotations

import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pipeline import paths
from pipeline.cli.commands import verify
from pipeline.cli.main import main
from pipeline.errors import InputError, LimitError
from pipeline.quality.accuracy.accept import CI_VARIABLES, accepted_leaves, refuse_ci
from pipeline.quality.accuracy.golden import Golden, golden_path
from pipeline.quality.accuracy.leaves import LEAVES
from pipeline.quality.accuracy.verify import LABEL_COLOUR, VALUE_COLOUR, Question, draw_question
from pipeline.run.options import Limits, Options
from tests.hostile.building import VICTIM, forms_in_forms
from tests.quality.accuracy.conftest import EDITION, World


class Terminal(io.StringIO):
    """A terminal at which somebody has typed ahead."""

    def isatty(self) -> bool:
        return True


def type_in(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{line}\n" for line in lines)))


def text_of(golden: Golden, field: str) -> str:
    value = golden.fields[field]
    assert value is not None
    return value.text


def files(world: World) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in world.goldens.rglob("*.json")}


def verify_options(world: World) -> list[str]:
    assert paths.REPOSITORY is not None
    raw = paths.REPOSITORY / paths.RAW
    return [*world.options("verify"), "--raw", str(raw), "--pictures", str(world.reports)]


@pytest.mark.parametrize("command", ["accept", "verify"])
@pytest.mark.parametrize("value", ["true", "1", "yes"])
def test_both_refuse_under_ci(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: str,
    value: str,
) -> None:
    monkeypatch.setenv("CI", value)
    type_in(monkeypatch, "y", "because")
    world.damage_field("bg-1", "objective", text="x")
    before = files(world)
    more = ["--all", "--reason", "because"] if command == "accept" else []
    assert main([*world.options(command), *more]) == 2
    assert "does not run under CI" in capsys.readouterr().err
    assert files(world) == before


@pytest.mark.parametrize("value", ["", "0", "false", "False"])
def test_a_ci_variable_that_says_no_is_no_ci(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in CI_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    refuse_ci("accept")
    monkeypatch.setenv("CI", value)
    refuse_ci("accept")


@pytest.mark.parametrize("variable", ["CI", "GITHUB_ACTIONS"])
def test_either_variable_of_a_workflow_is_ci(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for other in CI_VARIABLES:
        monkeypatch.delenv(other, raising=False)
    monkeypatch.setenv(variable, "true")
    with pytest.raises(InputError, match=f"{variable} is set"):
        refuse_ci("accept")


def test_differences_are_gone_through_one_by_one(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = text_of(world.golden("bg-1"), "objective")
    world.damage_field("bg-1", "objective", text="seen and right", available=False)
    world.damage_field("bg-1", "period", start="2017")
    type_in(monkeypatch, "n", "y", "", "the lexicon learnt it", "y", "a clearer date", "y")
    assert main(world.options("accept")) == 1
    out = capsys.readouterr().out
    assert "bg-1 objective, text: changed (text); was verified" in out
    assert f"old: {old}".splitlines()[0] in out
    assert "new: seen and right" in out
    assert "where: page 2, " in out
    assert "2 taken over, 1 left" in out
    golden = world.golden("bg-1")
    value = golden.fields["objective"]
    assert value is not None
    # In the contract's order: the objective's text (no), its availability (yes), the period's start (yes).
    taken = {entry.leaf: (entry.status, entry.reason) for entry in golden.leaves}
    assert taken == {
        "objective.available": ("accepted", "the lexicon learnt it"),
        "period.start": ("accepted", "a clearer date"),
    }
    assert (value.text, value.available) == (old, False)
    assert golden.status == "verified"
    assert all(entry.date for entry in golden.leaves)


def test_quitting_keeps_what_was_confirmed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.damage_field("bg-1", "objective", text="x")
    world.damage_field("lt-1", "objective", text="y")
    type_in(monkeypatch, "y", "because", "q")
    assert main(world.options("accept")) == 1
    assert text_of(world.golden("bg-1"), "objective") == "x"
    assert text_of(world.golden("lt-1"), "objective") != "y"


def test_a_practice_or_a_field_is_accepted_without_questions(world: World) -> None:
    for practice in ("bg-1", "lt-1"):
        world.damage_field(practice, "objective", text="x")
        world.damage_field(practice, "main_idea", text="x")
    options = [*world.options("accept"), "--reason", "because"]
    assert main([*options, "--practice", "bg-1", "--field", "objective"]) == 0
    assert text_of(world.golden("bg-1"), "objective") == "x"
    assert text_of(world.golden("bg-1"), "main_idea") != "x"
    assert main([*options, "--field", "objective"]) == 0
    assert text_of(world.golden("lt-1"), "objective") == "x"
    assert text_of(world.golden("lt-1"), "main_idea") != "x"
    assert main([*options, "--all"]) == 0
    assert main([*world.options("accept"), "--all", "--reason", "because"]) == 0
    assert text_of(world.golden("lt-1"), "main_idea") == "x"
    assert main([*world.options("accuracy"), "--quiet"]) == 1, "fewer leaves are verified"


def test_a_row_that_came_or_went_is_accepted_whole(world: World) -> None:
    field = world.practice("bg-1").model_dump(mode="json")["fields"]["objective"]
    world.damage("bg-1", lambda content: content["fields"].update(objective=None))
    assert main([*world.options("accept"), "--all", "--reason", "the row is gone"]) == 0
    golden = world.golden("bg-1")
    assert golden.fields["objective"] is None
    assert {leaf.field for leaf in accepted_leaves(golden)} == {"objective"}
    world.damage("bg-1", lambda content: content["fields"].update(objective=field))
    assert main([*world.options("accept"), "--all", "--reason", "the row is back"]) == 0
    assert text_of(world.golden("bg-1"), "objective") == field["text"]


def test_links_are_accepted_with_their_texts(world: World) -> None:
    links = world.practice("lt-1").model_dump(mode="json")["fields"]["sources"]["links"]
    world.damage_field("lt-1", "sources", links=links[1:])
    assert main([*world.options("accept"), "--field", "sources", "--reason", "a link is gone"]) == 0
    golden = world.golden("lt-1").fields["sources"]
    assert golden is not None
    assert [link.model_dump() for link in golden.links] == links[1:]
    assert {leaf.part for leaf in accepted_leaves(world.golden("lt-1"))} == {"links", "link_texts"}


def test_nothing_is_taken_over_while_a_later_run_stands_aside(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.set_aside().damage_field("bg-1", "objective", text="x")
    before = files(world)
    assert main([*world.options("accept"), "--all", "--reason", "because"]) == 2
    assert "the last run had errors and was set aside" in capsys.readouterr().err
    assert files(world) == before


def test_new_and_unused_goldens(world: World) -> None:
    golden_path(world.goldens, EDITION, "bg-1").unlink()
    world.drop("lt-1")
    options = [*world.options("accept"), "--reason", "a new edition"]
    assert main([*options, "--field", "period"]) == 1, "one field of it can't be taken over"
    assert main([*options, "--all"]) == 0
    golden = world.golden("bg-1")
    assert (golden.status, golden.reason, golden.leaves) == ("accepted", "a new edition", ())
    assert golden.source.sha256 == world.practice("bg-1").edition.sha256
    assert not golden_path(world.goldens, EDITION, "lt-1").exists()


def test_a_stale_golden_says_so_and_is_accepted_only(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    path = golden_path(world.goldens, EDITION, "bg-1")
    content = json.loads(path.read_text())
    content["source"]["sha256"] = "0" * 64
    path.write_text(json.dumps(content))
    assert main([*world.options("accept"), "--all", "--reason", "a new file"]) == 0
    assert "bg-1: the golden is stale" in capsys.readouterr().out
    golden = world.golden("bg-1")
    assert golden.source.sha256 == world.practice("bg-1").edition.sha256
    assert len(accepted_leaves(golden)) == len(LEAVES)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--all"], "say why"),
        (["--reason", "because"], "say what"),
        (["--all", "--reason", "  x  "], "at least 3 characters"),
        (["--practice", "xx-1", "--reason", "because"], "there is no practice"),
        ([], "no terminal"),
    ],
)
def test_what_can_not_be_done_is_said(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    message: str,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    before = files(world)
    assert main([*world.options("accept"), *options]) == 2
    assert message in capsys.readouterr().err
    assert files(world) == before


def test_verifying_shows_the_page_next_to_the_value(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    world.damage_field("bg-1", "period", start="2017", ongoing=True)
    assert main([*world.options("accept"), "--all", "--reason", "because"]) == 0
    capsys.readouterr()
    type_in(monkeypatch, "y")
    assert main(verify_options(world)) == 0
    out = capsys.readouterr().out
    assert "  start: 2017\n  ongoing: true\n" in out
    picture = Path(out.partition("  see ")[2].splitlines()[0])
    assert picture.name == "bg-1-period-p2.png"
    with Image.open(picture) as image:
        colours: Any = {colour for _, colour in image.getcolors(1 << 24) or []}
        assert {LABEL_COLOUR, VALUE_COLOUR} <= colours
        assert image.height < image.width
    golden = world.golden("bg-1")
    assert (golden.status, golden.leaves) == ("verified", ())
    assert main([*world.options("accuracy"), "--quiet", "--update", "--reason", "seen on the page"]) == 0


def test_verifying_an_unknown_practice_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(monkeypatch)
    assert main([*verify_options(world), "--practice", "xx-1"]) == 2
    assert "there is no golden 'xx-1'; there are: bg-1, bg-de-ro-1, lt-1" in capsys.readouterr().err


def test_verifying_does_not_do_what_is_not_confirmed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.damage_field("bg-1", "period", start="2017")
    world.damage_field("lt-1", "period", start="2017")
    assert main([*world.options("accept"), "--field", "period", "--reason", "because"]) == 0
    type_in(monkeypatch, "n", "q")
    assert main(verify_options(world)) == 1
    assert accepted_leaves(world.golden("bg-1"))
    assert accepted_leaves(world.golden("lt-1"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\n"))
    assert main(verify_options(world)) == 2, "no terminal, no person"


def test_a_whole_new_golden_becomes_verified_field_by_field(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    golden_path(world.goldens, EDITION, "bg-de-ro-1").unlink()
    assert main([*world.options("accept"), "--practice", "bg-de-ro-1", "--reason", "a new edition"]) == 0
    capsys.readouterr()
    type_in(monkeypatch, "y")
    assert main([*verify_options(world), "--field", "locations"]) == 0
    # There is no such row: all pages of the practice are shown.
    assert capsys.readouterr().out.count("  see ") == 3
    golden = world.golden("bg-de-ro-1")
    assert golden.status == "accepted"
    assert {entry.leaf.split(".")[0] for entry in golden.leaves} == {"locations"}
    type_in(monkeypatch, *["y"] * 30)
    monkeypatch.setattr(verify, "draw_question", lambda *_: ())  # 29 more take 5 s
    assert main(verify_options(world)) == 0
    golden = world.golden("bg-de-ro-1")
    assert (golden.status, golden.leaves, golden.reason) == ("verified", (), None)


def test_another_source_can_not_be_verified_against(
    world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    world.damage_field("bg-1", "period", start="2017")
    assert main([*world.options("accept"), "--all", "--reason", "because"]) == 0
    type_in(monkeypatch, "y")
    assert main([*world.options("verify"), "--raw", str(tmp_path)]) == 2
    (tmp_path / f"{EDITION}.pdf").write_bytes(b"%PDF-1.7")
    assert main([*world.options("verify"), "--raw", str(tmp_path)]) == 2
    assert "is not the file that it was made from" in capsys.readouterr().err


def test_verifying_a_page_that_never_ends_is_stopped(short_booklet: Path, tmp_path: Path) -> None:
    """A sound page of the same file is drawn; the other one ends at its limit, with a line that says what to do."""
    path, pictures = tmp_path / "endless.pdf", tmp_path / "pictures"
    path.write_bytes(forms_in_forms(short_booklet.read_bytes()))
    options = Options(limits=Limits(seconds=20))

    def draw(page: int) -> tuple[Path, ...]:
        question = Question(field="period", leaves=(), pages=(page,), label=(), value=())
        return draw_question(path, question, pictures, f"page{page}", options)

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(LimitError, match=r"endless\.pdf: .*; "):
        draw(VICTIM)
    assert not pictures.exists()
    assert [drawn.read_bytes()[1:4] for drawn in draw(VICTIM + 1)] == [b"PNG"]
    # The page is drawn by a worker, so that this process takes none of its memory (KiB).
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024
