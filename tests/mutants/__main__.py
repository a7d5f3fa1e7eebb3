"""`make mutants`: applies each mutant to a copy of the repository and runs the tests on it.

The tests of the mutant's own folder run first, in a fork of a process that has loaded all libraries, then those of
whole editions, then all of `make test`: the first failure kills it. `ARGS=TEXT` takes only mutants whose name holds the
text; `ARGS=--near` runs no more than the own folder's.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.mutants.listing import REPOSITORY, Mutant, load_mutants

ALL_KILLED = 0
SOME_SURVIVED = 1
NOT_RUN = 2
LIBRARIES = ("babel.dates", "hypothesis", "langdetect", "pdfplumber", "pikepdf", "pydantic", "pymupdf", "spacy.matcher")
MOST_SECONDS = 1200
"""Longest that the tests of one step may take; a mutant that runs on is noticed too."""
OPTIONS = ("-q", "-x", "--no-header", "--tb=no", "-m", "not check", "-p", "no:cacheprovider", "--ignore=tests/mutants")
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


def steps(mutated: Path, root: Path) -> Iterator[list[str]]:
    """Give the tests to run on a changed module: of its own folder, of whole editions, all."""
    own = Path("tests", *mutated.relative_to(root).parent.parts[1:])
    while not (modules := sorted((root / own).glob("test_*.py"))):
        own = own.parent
    yield [str(path.relative_to(root)) for path in modules]
    yield list(WHOLE_EDITIONS)
    yield ["tests"]


def first_failure_in_fork(root: Path, tests: list[str]) -> str | None:
    """Run a few tests on the copy in a fork; give the first that failed, None where none did."""
    with tempfile.TemporaryFile("w+") as output:
        process = os.fork()
        if process == 0:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            os.chdir(root)
            os.environ["PYTHONPATH"] = sys.path[0] = str(root)
            sys.dont_write_bytecode = True
            # Modules of this repository, not of the copy.
            for name in [name for name in sys.modules if name.partition(".")[0] in {"tests", "pipeline"}]:
                del sys.modules[name]
            signal.alarm(MOST_SECONDS)
            os._exit(pytest.main([*OPTIONS, "-p", "no:xdist", *tests]))
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        output.seek(0)
        return name_failure(code, output.read())


def first_failure(root: Path, tests: list[str]) -> str | None:
    """Run many tests on the copy, by a worker per core; give the first that failed, None where none did."""
    command = [sys.executable, "-m", "pytest", *OPTIONS, "--numprocesses", "auto", "--dist", "worksteal", *tests]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    try:
        done = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, text=True, timeout=MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return f"no end within {MOST_SECONDS} seconds"
    return name_failure(done.returncode, done.stdout)


def name_failure(code: int, output: str) -> str | None:
    """Give the first failure in the output of pytest; None where it was good, or had nothing to run.

    Raises:
        ValueError: pytest itself could not run, which says nothing of the mutant.
    """
    if code in {pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR}:
        raise ValueError(output)
    if code in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
        return None
    return next((line for line in output.splitlines() if line.startswith(("FAILED", "ERROR"))), f"exit code {code}")


def main(words: list[str]) -> int:
    """Run the command.

    Returns:
        Exit code: 0 all killed, 1 some survived, 2 a mutant does not apply or the tests fail without any.
    """
    for name in LIBRARIES:
        importlib.import_module(name)
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("text", nargs="?", default="", help="take only mutants whose name holds this")
    parser.add_argument("--near", action="store_true", help="run the tests of the mutant's own folder alone")
    given = parser.parse_args(words)
    chosen = [mutant for mutant in load_mutants() if given.text in mutant.name]
    try:
        with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
            root = Path(folder)
            copy_repository(root)
            survived = [mutant for mutant in chosen if not try_mutant(mutant, root, near=given.near)]
    except ValueError as error:
        print(error, file=sys.stderr)
        return NOT_RUN
    print(f"{len(chosen) - len(survived)} of {len(chosen)} mutants killed")
    return SOME_SURVIVED if survived else ALL_KILLED


def try_mutant(mutant: Mutant, root: Path, *, near: bool) -> bool:
    """Run the tests on a mutant, and print what became of it.

    Returns:
        Whether it was killed.

    Raises:
        ValueError: It does not apply, or its folder's tests fail without it.
    """
    path, text = mutant.apply(root)
    own, *wider = steps(path, root)
    require_sound(root, tuple(own))
    sound = path.read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    killer = first_failure_in_fork(root, own)
    if not near:
        killer = killer or next(filter(None, (first_failure(root, tests) for tests in wider)), None)
    path.write_text(sound, encoding="utf-8")
    print(f"killed    {mutant.name}\n          by {killer}" if killer else f"SURVIVED  {mutant.name}", flush=True)
    return killer is not None


@cache
def require_sound(root: Path, tests: tuple[str, ...]) -> None:
    """Run tests on the code as it is, once.

    Raises:
        ValueError: One fails: its failure would say nothing of a mutant.
    """
    if failure := first_failure_in_fork(root, list(tests)):
        raise ValueError(f"the tests fail without any mutant: {failure}; fix them first")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
