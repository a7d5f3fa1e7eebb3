"""`make mutants`: applies each mutant to a copy of the repository and runs the tests on it.

The tests of the mutant's own folder run first, then those of whole editions, then all of `make test`: the first failure
kills it. `ARGS=TEXT` takes only mutants whose name holds the text; `ARGS=--near` runs no more than the own folder's.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.mutants.listing import REPOSITORY, Mutant, load_mutants

ALL_KILLED = 0
SOME_SURVIVED = 1
NOT_RUN = 2
MOST_SECONDS = 1200
"""Longest that the tests of one step may take; a mutant that runs on is noticed too."""
WHOLE_EDITIONS = ("tests/golden", "tests/editions", "tests/layouts", "tests/documents")


def copy_repository(folder: Path) -> None:
    """Copy what git knows and what is new, without what is ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (REPOSITORY / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, folder / name)


def steps(mutated: Path, root: Path, *, near: bool) -> Iterator[list[str]]:
    """Give the tests to run, the likeliest to fail first.

    Args:
        mutated: The changed module.
        root: The copy of the repository.
        near: Only those of the mutant's own folder.
    """
    own = Path("tests", *mutated.relative_to(root).parent.parts[1:])
    while not (modules := sorted((root / own).glob("test_*.py"))):
        own = own.parent
    yield [str(path.relative_to(root)) for path in modules]
    if not near:
        yield list(WHOLE_EDITIONS)
        yield ["tests"]


def first_failure(root: Path, tests: list[str]) -> str | None:
    """Run tests on the copy; give the first that failed, None where none did."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-m", "not check", "-p", "no:cacheprovider"]
    # The goldens and the list of mutants would notice the mutant's text, not what it does.
    command += ["--deselect", "tests/mutants", "--numprocesses", os.environ.get("JOBS", "auto"), "--dist", "worksteal"]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            [*command, *tests], cwd=root, env=environment, capture_output=True, text=True, timeout=MOST_SECONDS
        )
    except subprocess.TimeoutExpired:
        return f"no end within {MOST_SECONDS} seconds"
    if done.returncode in (0, 5):
        return None
    told = [line for line in done.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return told[0] if told else f"exit code {done.returncode}"


def main(words: list[str]) -> int:
    """Run the command.

    Returns:
        Exit code: 0 all killed, 1 some survived, 2 a mutant does not apply or the tests fail without any.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("text", nargs="?", default="", help="take only mutants whose name holds this")
    parser.add_argument("--near", action="store_true", help="run the tests of the mutant's own folder alone")
    given = parser.parse_args(words)
    chosen = [mutant for mutant in load_mutants() if given.text in mutant.name]
    survived: list[Mutant] = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        root = Path(folder)
        copy_repository(root)
        for mutant in chosen:
            try:
                path, text = mutant.apply(root)
            except ValueError as error:
                print(error, file=sys.stderr)
                return NOT_RUN
            sound = path.read_text(encoding="utf-8")
            path.write_text(text, encoding="utf-8")
            failures = (first_failure(root, tests) for tests in steps(path, root, near=given.near))
            killer = next((failure for failure in failures if failure), None)
            path.write_text(sound, encoding="utf-8")
            print(
                f"killed    {mutant.name}\n          by {killer}" if killer else f"SURVIVED  {mutant.name}", flush=True
            )
            if killer is None:
                survived.append(mutant)
    print(f"{len(chosen) - len(survived)} of {len(chosen)} mutants killed")
    return SOME_SURVIVED if survived else ALL_KILLED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
