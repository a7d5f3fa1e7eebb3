"""The registry of issue codes is whole, documented, and the only source of issues."""

from __future__ import annotations

import ast
import re

import pytest

from pipeline.issues import KINDS
from pipeline.models.report import Issue
from pipeline.paths import PACKAGE


def test_every_kind_is_described() -> None:
    assert [
        code
        for code, kind in KINDS.items()
        if not re.fullmatch(r"[a-z][a-z0-9_]*", code)
        or not (kind.meaning.endswith(".") and kind.message and kind.advice)
        or (kind.spoils_good and "warning" not in kind.severities)
    ] == []


def test_issue_takes_severity_and_message_from_its_kind() -> None:
    issue = Issue.of("residue", reason="free_text", page=3)
    assert (issue.severity, issue.page) == ("warning", 3)
    assert issue.message.startswith("text without a place (free_text); ")


def test_unregistered_code_or_severity_is_refused() -> None:
    with pytest.raises(KeyError):
        Issue.of("no_such_code")
    with pytest.raises(ValueError, match="never of severity"):
        Issue.of("residue", severity="error", reason="free_text")


def test_issues_are_made_from_the_registry_only() -> None:
    direct = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Issue"
    ]
    assert direct == []


def test_every_registered_code_is_given_somewhere() -> None:
    """A code is given where its name stands as a string; those with a prefix by the prefix."""
    written = {
        node.value
        for path in PACKAGE.rglob("*.py")
        if path.name != "issues.py" or path.parent != PACKAGE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    absent = {code for code in KINDS if code not in written and not code.startswith("left_out_")}
    assert absent == set()
