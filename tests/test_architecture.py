"""The rules of the design that a reader of the code should be able to trust; `lint-imports` checks who imports what."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pipeline.paths import PACKAGE

MOST_LINES = 500
MODULES = sorted(PACKAGE.rglob("*.py"))
HEAVY = ("babel", "langdetect", "pdfminer", "pdfplumber", "pikepdf", "pydantic", "rich", "spacy", "yaml")


@cache
def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_every_module_says_what_it_is_for() -> None:
    assert [str(path) for path in MODULES if not ast.get_docstring(parse(path))] == []


@pytest.mark.parametrize("folder", ["models", "quality/accuracy", "quality/review", "authoring/learn", "publish/site"])
def test_a_folders_table_has_each_of_its_modules(folder: str) -> None:
    table = ast.get_docstring(ast.parse((PACKAGE / folder / "__init__.py").read_text())) or ""
    _, _, rows, *_ = re.split(r"^=[= ]+$", table, flags=re.MULTILINE)
    assert {row.split()[0] for row in rows.strip().splitlines()} == _list_modules(folder)


def test_the_table_of_the_read_stage_has_each_of_its_modules() -> None:
    table = (PACKAGE.parent / "docs/reading.md").read_text().partition("| module |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)\.py`", table)) == _list_modules("stages/read")


def _list_modules(folder: str) -> set[str]:
    return {path.stem for path in (PACKAGE / folder).glob("*.py")} - {"__init__"}


def test_no_module_is_longer_than_a_reader_keeps_in_mind() -> None:
    longer = {path.relative_to(PACKAGE).as_posix() for path in MODULES if path.read_text().count("\n") > MOST_LINES}
    assert longer == set()


def test_words_are_data() -> None:
    """No word of a language but English stands in the code's strings: none with a letter beyond ASCII.

    Single letters and signs may stand there, docstrings and comments may quote the documents.
    """
    assert [f"{path}: {word}" for path in MODULES for word in list_words(parse(path)) if not word.isascii()] == []


def list_words(tree: ast.Module) -> Iterator[str]:
    """Give the words of two letters and more of all strings but docstrings."""
    prose = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield from filter(str.isalpha, re.findall(r"[^\W\d_]{2,}", node.value))


def test_help_needs_no_heavy_library() -> None:
    script = "import sys; from pipeline.cli.main import main; main(['--help']); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "run" in done.stdout
    loaded = {name.split(".")[0] for name in done.stderr.split()}
    assert loaded & set(HEAVY) == set()


def test_public_names_are_there_and_lazy() -> None:
    script = (
        "import sys, pipeline; print('pydantic' in sys.modules);"
        " print(all(getattr(pipeline, name) for name in pipeline.__all__))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
