"""`python -m bench.size`: lines of code by folder of `pipeline/`, then data, templates, scripts and tests.

A line of code is one with a token that is no comment and no bare string: docstrings and blank lines are left out.
"""

from __future__ import annotations

import ast
import sys
import tokenize
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

PACKAGE: Final = Path("pipeline")
NO_CODE: Final = {
    tokenize.COMMENT,
    tokenize.DEDENT,
    tokenize.ENCODING,
    tokenize.ENDMARKER,
    tokenize.INDENT,
    tokenize.NEWLINE,
    tokenize.NL,
}
OTHERS: Final = {
    "data (schemas)": ("schemas", (".yaml", ".json")),
    "templates": ("pipeline", (".j2", ".css", ".js", ".html")),
    "scripts (bench, .ci)": ("bench .ci", (".py", "")),
    "tests": ("tests", (".py",)),
    "test data": ("tests", (".json", ".yaml", ".typ")),
}
"""By name: folders, and the endings of what is counted there. Of Python lines of code, of others all lines."""


def count_code(path: Path) -> int:
    """Count the lines of code of a Python module."""
    source = path.read_text(encoding="utf-8")
    bare = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    with path.open("rb") as opened:
        lines = {
            line
            for token in tokenize.tokenize(opened.readline)
            if token.type not in NO_CODE
            for line in range(token.start[0], token.end[0] + 1)
        }
    return len(lines - bare)


def count_folders(package: Path) -> Counter[str]:
    """Count the lines of code of each folder of a package; modules at its root count as `.`."""
    counted: Counter[str] = Counter()
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package).parts
        depth = 2 if parts[0] == "stages" and len(parts) > 2 else 1
        counted["/".join(parts[:depth]) if len(parts) > 1 else "."] += count_code(path)
    return counted


def count_others(folders: Iterable[str], endings: tuple[str, ...]) -> int:
    """Count the lines of files by their endings."""
    found = [
        path
        for folder in folders
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file() and path.suffix in endings and "__pycache__" not in path.parts
    ]
    return sum(count_code(path) if path.suffix == ".py" else path.read_bytes().count(b"\n") for path in found)


def main() -> int:
    """Print the table."""
    counted = count_folders(PACKAGE)
    for folder, lines in sorted(counted.items()):
        print(f"{lines:7,}  {PACKAGE / folder}")
    print(f"{counted.total():7,}  {PACKAGE}: all lines of code")
    for name, (folders, endings) in OTHERS.items():
        print(f"{count_others(folders.split(), endings):7,}  {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
