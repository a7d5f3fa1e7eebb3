"""A row of no field counts in goldens as any field does."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.cli.main import main
from pipeline.quality.accuracy.golden import golden_path, load_golden, render_golden
from tests.quality.accuracy.conftest import EDITION, World


@pytest.fixture
def printed(world: World) -> World:
    """Give the edition with a row of no field in one practice, which its golden has too, and a baseline of that."""

    def add(content: dict[str, Any]) -> None:
        content["extra"] = {"contact_person": {**content["fields"]["description"], "shared_with": []}}

    world.damage("bg-1", add)
    assert main([*world.options("accept"), "--field", "extra.contact_person", "--reason", "made for a test"]) == 0
    assert main([*world.options("accuracy"), "--quiet", "--lower", "--reason", "made for a test"]) == 0
    return world


def test_a_row_of_no_field_is_kept_in_the_golden(printed: World) -> None:
    golden = printed.golden("bg-1")
    field = golden.fields["extra.contact_person"]
    assert field is not None
    assert field.text == printed.practice("bg-1").extra["contact_person"].text
    assert golden.status_of("extra.contact_person.text") == "accepted"
    assert golden.status_of("description.text") == "verified"
    path = golden_path(printed.goldens, EDITION, "bg-1")
    assert render_golden(load_golden(path)) == path.read_bytes()
    assert main([*printed.options("accuracy"), "--quiet"]) == 0


def test_a_row_of_no_field_that_is_lost_is_one_regression(printed: World, capsys: pytest.CaptureFixture[str]) -> None:
    printed.damage("bg-1", lambda content: content.update(extra={}))
    capsys.readouterr()
    assert main(printed.options("accuracy")) == 1
    out = capsys.readouterr().out
    assert "bg-1 extra.contact_person: the whole field is missing (9 leaves), a regression" in out
    assert f"{EDITION}: 1 regression, 0 known differences" in out
    assert main([*printed.options("accept"), "--all", "--reason", "the row is not printed"]) == 0
    assert printed.golden("bg-1").fields["extra.contact_person"] is None
    assert main([*printed.options("accept"), "--all", "--reason", "the row is not printed"]) == 0


def test_a_row_of_no_field_that_is_changed_or_new_differs(printed: World, capsys: pytest.CaptureFixture[str]) -> None:
    def change(content: dict[str, Any]) -> None:
        content["extra"]["contact_person"]["text"] += " And more."
        content["extra"]["keywords"] = content["extra"]["contact_person"]

    printed.damage("bg-1", change)
    capsys.readouterr()
    assert main([*printed.options("accuracy"), "--annotations"]) == 1
    out = capsys.readouterr().out
    assert "bg-1 extra.contact_person, text: changed" in out
    assert "bg-1 extra.keywords: the whole field is spurious (9 leaves), a regression" in out
    line = next(line for line in out.splitlines() if line.startswith("::error") and "contact_person.text" in line)
    number = int(line.partition("line=")[2].partition(",")[0])
    lines = golden_path(printed.goldens, EDITION, "bg-1").read_text().splitlines()
    assert lines.index('    "extra.contact_person": {') < number - 1, "the row's own text, not the description's"
    assert '"text"' in lines[number - 1]
