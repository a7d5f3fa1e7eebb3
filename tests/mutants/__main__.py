"""`make mutants`: applies each mutant to a copy of the repository and runs the tests on it.

Of the mutant's own folder, the tests that name what was changed run first, then those that name its module, then the
others; then those of other folders that name the module, those of whole editions, and all of `make test`: the first
failure kills it. All run in forks of a process that has loaded all libraries, by a worker per core with a copy of its
own. `ARGS=TEXT` takes only mutants whose name holds the text; `ARGS=--near` runs no more than the own folder's.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.util import cache_from_source
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.mutants.listing import REPOSITORY, Mutant, load_mutants

ALL_KILLED = 0
SOME_SURVIVED = 1
NOT_RUN = 2
LIBRARIES = ("babel.dates", "hypothesis", "langdetect", "pdfplumber", "pikepdf", "pydantic", "pymupdf", "spacy.matcher")
MOST_SECONDS = 1200
"""Longest that the tests of one step may take; a mutant that runs on is noticed too."""
# Tests marked `serial` would fail of what the other workers do.
OPTIONS = ("-q", "-x", "--no-header", "--tb=no", "-m", "not check and not serial", "-p", "no:cacheprovider")
WITHOUT = ("-p", "no:xdist", "--ignore=tests/mutants")
WHOLE_EDITIONS = ("tests/golden", "tests/editions", "tests/layouts", "tests/documents")
NAME = re.compile(r"[A-Za-z_]\w+")
FAILED = re.compile(r"(?:FAILED|ERROR) ([^\s\[]+)")
"""What pytest says of a test that failed: its function, without the parameters."""


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


def list_near(mutated: Path, root: Path) -> list[Path]:
    """Give the test modules of a changed module's own folder."""
    own = Path("tests", *mutated.relative_to(root).parent.parts[1:])
    while not (modules := sorted((root / own).glob("test_*.py"))):
        own = own.parent
    return modules


def steps(mutant: Mutant, mutated: Path, root: Path) -> Iterator[list[str]]:
    """Give the tests to run on a changed module: of its own folder, that name it, of whole editions, all."""
    dotted = ".".join(mutated.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    package, _, name = dotted.rpartition(".")
    named = re.compile(rf"\b{re.escape(dotted)}\b|from {re.escape(package)} import .*\b{re.escape(name)}\b")
    changed = re.compile(rf"\b({'|'.join(NAME.findall(mutant.old)) or '(?!)'})\b")
    near = {path: path.read_text(encoding="utf-8") for path in list_near(mutated, root)}

    def rank(path: Path) -> tuple[bool, bool]:
        return named.search(near[path]) is None, changed.search(near[path]) is None

    yield [str(path.relative_to(root)) for path in sorted(near, key=rank)]
    others = [path for path in sorted((root / "tests").rglob("test_*.py")) if path not in near]
    found = [path for path in others if named.search(path.read_text(encoding="utf-8"))]
    if found:
        yield [str(path.relative_to(root)) for path in found]
    yield list(WHOLE_EDITIONS)
    yield ["tests"]


def first_failure(root: Path, tests: list[str]) -> str | None:
    """Run tests on the copy in a fork; give the first that failed, None where none did."""
    with tempfile.TemporaryFile("w+") as output:
        process = os.fork()
        if process == 0:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            os.chdir(root)
            os.environ["PYTHONPATH"] = sys.path[0] = str(root)
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
            sys.dont_write_bytecode = False
            # Modules of this repository, not of the copy.
            for name in [name for name in sys.modules if name.partition(".")[0] in {"tests", "pipeline"}]:
                del sys.modules[name]
            signal.alarm(MOST_SECONDS)
            os._exit(pytest.main([*OPTIONS, *WITHOUT, *tests]))
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        output.seek(0)
        return name_failure(code, output.read())


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
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="mutants at once, by default one per core")
    given = parser.parse_args(words)
    chosen = [mutant for mutant in load_mutants() if given.text in mutant.name]
    try:
        groups: dict[tuple[Path, ...], list[Mutant]] = defaultdict(list)
        for mutant in chosen:
            groups[tuple(list_near(mutant.apply()[0], REPOSITORY))].append(mutant)
        # The longest first, so that the workers end together.
        batches = sorted(groups.values(), key=len, reverse=True)
        with ProcessPoolExecutor(given.jobs, get_context("fork")) as pool:
            survived = sum(pool.map(try_mutants, batches, [given.near] * len(batches)))
    except ValueError as error:
        print(error, file=sys.stderr)
        return NOT_RUN
    print(f"{len(chosen) - survived} of {len(chosen)} mutants killed")
    return SOME_SURVIVED if survived else ALL_KILLED


def try_mutants(mutants: list[Mutant], near: bool) -> int:
    """Run the tests on mutants that have the same tests next to them, in a copy of the repository.

    Returns:
        How many survived.

    Raises:
        ValueError: One does not apply, or a test fails without any.
    """
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        root = Path(folder)
        copy_repository(root)
        sound: set[str] = set()
        return sum(not try_mutant(mutant, root, sound, near=near) for mutant in mutants)


def try_mutant(mutant: Mutant, root: Path, sound: set[str], *, near: bool) -> bool:
    """Run the tests on a mutant, and print what became of it.

    Args:
        mutant: The mutant.
        root: The copy.
        sound: Tests that pass without any mutant; those that kill this one are added.
        near: Run the tests of its own folder alone.

    Returns:
        Whether it was killed.

    Raises:
        ValueError: It does not apply, or the test that kills it fails without it.
    """
    path, text = mutant.apply(root)
    before = path.read_text(encoding="utf-8")
    chosen = list(steps(mutant, path, root))[: 1 if near else None]
    write_module(path, text)
    killer = next(filter(None, (first_failure(root, tests) for tests in chosen)), None)
    write_module(path, before)
    if killer and (named := FAILED.match(killer)) and named[1] not in sound:
        if failure := first_failure(root, [named[1]]):
            raise ValueError(f"the tests fail without any mutant: {failure}; fix them first")
        sound.add(named[1])
    print(f"killed    {mutant.name}\n          by {killer}" if killer else f"SURVIVED  {mutant.name}", flush=True)
    return killer is not None


def write_module(path: Path, text: str) -> None:
    """Write a module and forget its bytecode: that is known by a second and a size, which a mutant may share."""
    path.write_text(text, encoding="utf-8")
    Path(cache_from_source(str(path))).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
