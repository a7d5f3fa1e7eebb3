"""`python -m bench`: measures the reference edition, a corpus and a long file; writes `build/bench/table.md`."""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from bench.corpus import corpus_folder, long_file
from bench.measuring import Measure, MissingError, job, measure, measure_in_turn, measure_several, pipeline
from pipeline.run.identity import digest_package

REFERENCE: Final = Path("raw/raccombat-lv.pdf")
FOLDER: Final = Path("build/bench")
MARKS: Final = ("<!-- bench: begin -->", "<!-- bench: end -->")
"""What is between them in a document is the table, written by `--write`."""
LONG_TIMES: Final = 10
CORES: Final = 2
OTHERS: Final = (
    ("pdfplumber `extract_tables`", "extract_tables", "pdfplumber"),
    ("camelot `read_pdf`", "camelot", "camelot-py"),
    ("PyMuPDF `find_tables`", "pymupdf", "pymupdf"),
)
FLOOR: Final = "floor: pdfplumber touches every object"
WARM: Final = "whole run, warm"
TWO_JOBS: Final = f"whole run, cold, `--jobs {CORES}`"
COLD: Final = {
    "whole run, cold, one reader": ["--no-cache", "--jobs", "1"],
    TWO_JOBS: ["--no-cache", "--jobs", str(CORES)],
}
CHANGED: Final = (
    "**The package was changed while it was measured: its rows are not of one state, and a warm run may have been a"
    " cold one. Measure again.**"
)
Say = Callable[[str], None]


def main() -> int:
    """Measure, print the table and keep it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--times", type=int, default=5, metavar="N", help="runs of each measure; the middle one counts")
    parser.add_argument("--quick", action="store_true", help="the reference edition only, once, without other tools")
    parser.add_argument("--write", nargs="*", type=Path, default=[], metavar="FILE", help="documents to put it into")
    args = parser.parse_args()
    say: Say = lambda line: print(line, file=sys.stderr, flush=True)  # noqa: E731
    shutil.rmtree(FOLDER / "runs", ignore_errors=True)
    package = digest_package()
    lines = [_machine(1 if args.quick else args.times), ""]
    lines += _reference(1 if args.quick else args.times, others=not args.quick, say=say)
    if not args.quick:
        say("corpus: typesetting")
        measure([sys.executable, "-m", "bench.corpus", str(FOLDER), str(REFERENCE), str(LONG_TIMES)])
        lines += ["", *_corpus(args.times, say)]
        lines += ["", *_memory(say)]
    if digest_package() != package:
        lines += ["", CHANGED]
    table = "\n".join(lines) + "\n"
    (FOLDER / "table.md").write_text(table, encoding="utf-8")
    print(table)
    for document in args.write:
        _put(document, table)
    return 0


def _machine(times: int) -> str:
    """Say when and where it was measured."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        models = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        name = models[0] if models else name
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    load = os.getloadavg()[0]
    return (
        f"Measured on {today}: {name}, {os.cpu_count()} cores, Python {platform.python_version()}, middle of {times};"
        f" load {load:.1f} when it began."
    )


def _others() -> list[tuple[str, str]]:
    """Give the other tools with their versions, and their jobs."""
    named = []
    for name, task, package in OTHERS:
        try:
            named.append((f"{name} {version(package)}", task))
        except PackageNotFoundError:
            named.append((name, task))
    return named


def _runs(pdfs: Iterable[Path], *words: str) -> list[str]:
    return pipeline("run", *map(str, pdfs), "--out", str(FOLDER / "runs"), "--quiet", *words)


def _cold(pdfs: Iterable[Path]) -> dict[str, list[str]]:
    """Give the commands of cold runs."""
    files = list(pdfs)
    return {name: _runs(files, *words) for name, words in COLD.items()}


def _warm(pdfs: Iterable[Path], times: int, say: Say) -> Measure:
    """Measure a warm run."""
    say("warm")
    cache = FOLDER / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    command = _runs(pdfs, "--cache", str(cache))
    measure(command)
    return measure_several(command, times)


def _row(name: str, taken: Measure, floor: Measure) -> str:
    return (
        f"| {name} | {taken.cpu:.2f} | {taken.cpu / floor.cpu:.2f} | {taken.wall:.2f} |"
        f" {taken.wall / floor.wall:.2f} | {taken.megabytes:.0f} |"
    )


HEAD: Final = (
    "| what | CPU s | of the floor | wall s | of the floor | peak MB of a process |",
    "|---|---|---|---|---|---|",
)


def _reference(times: int, *, others: bool, say: Say) -> list[str]:
    """Measure the reference edition."""
    say("reference edition: floor and cold runs in turn")
    taken = measure_in_turn({FLOOR: job("floor", [str(REFERENCE)]), **_cold([REFERENCE])}, times)
    floor = taken[FLOOR]
    lines = ["Reference edition, 55 pages:", "", *HEAD, *(_row(name, one, floor) for name, one in taken.items())]
    warm = _warm([REFERENCE], times, say)
    lines.append(_row(WARM, warm, floor))
    if others:
        for name, task in _others():
            say(f"reference edition: {name}")
            try:
                lines.append(_row(name, measure_several(job(task, [str(REFERENCE)]), 1), floor))
            except MissingError as error:
                lines.append(f"| {name} | not installed ({error}) | | | | |")
    say("reference edition: stages")
    stages = measure_several(job("stages", [str(REFERENCE)]), times).result["stages"]
    stages |= measure_several(job("readings", [str(REFERENCE)]), times).result["stages"]
    lines += [
        "",
        "| stage | CPU s | of the floor |",
        "|---|---|---|",
        *(f"| {stage} | {seconds:.2f} | {seconds / floor.cpu:.2f} |" for stage, seconds in stages.items()),
    ]
    say("start-up")
    help_page = measure_several(pipeline("--help"), max(times, 3))
    return [*lines, "", *_aims(floor, taken[TWO_JOBS], warm, help_page)]


def _aims(floor: Measure, cold: Measure, warm: Measure, help_page: Measure) -> list[str]:
    """Compare what was measured of the reference edition with what is aimed at."""
    aims = (
        (f"{TWO_JOBS}: wall, of the floor", 0.60, cold.wall / floor.wall),
        (f"{TWO_JOBS}: CPU, of the floor", 0.95, cold.cpu / floor.cpu),
        (f"{TWO_JOBS}: peak MB of a process", 250, cold.megabytes),
        (f"{WARM}: wall, of the floor", 0.05, warm.wall / floor.wall),
        ("`pipeline --help`: wall s", 0.3, help_page.wall),
    )
    rows = (
        f"| {what} | {most:g} | {found:.{0 if most > 1 else 2}f} | {'yes' if found <= most else '**no**'} |"
        for what, most, found in aims
    )
    return ["| aim | at most | measured | reached |", "|---|---|---|---|", *rows]


def _corpus(times: int, say: Say) -> list[str]:
    """Measure the corpus."""
    pdfs = sorted(corpus_folder(FOLDER).glob("*.pdf"))
    say("corpus: floor and cold runs in turn")
    taken = measure_in_turn({FLOOR: job("floor", [str(pdf) for pdf in pdfs]), **_cold(pdfs)}, times)
    floor = taken[FLOOR]
    lines = [f"{len(pdfs)} small editions in one run:", "", *HEAD]
    lines += [_row(name, one, floor) for name, one in taken.items()]
    lines.append(_row(WARM, _warm(pdfs, times, say), floor))
    for name, task in _others():
        say(f"corpus: {name}")
        try:
            lines.append(_row(name, measure(job(task, [str(pdf) for pdf in pdfs])), floor))
        except MissingError as error:
            lines.append(f"| {name} | not installed ({error}) | | | | |")
    return lines


def _memory(say: Say) -> list[str]:
    """Measure how memory grows with the number of pages."""
    long = long_file(FOLDER)
    lines = [f"The reference edition's pages {LONG_TIMES} times over, 550 pages:", "", *HEAD]
    say("long file: floor")
    floor = measure(job("floor", [str(long)]))
    lines.append(_row(FLOOR, floor, floor))
    grown = []
    cache = FOLDER / "cache"
    kept = {"whole run, cold, kept in a cache": ["--cache", str(cache), "--jobs", str(CORES)]}
    for name, words in {**COLD, **kept}.items():
        say(f"long file: {name}")
        shutil.rmtree(cache, ignore_errors=True)
        taken = measure(_runs([long], *words))
        lines.append(_row(name, taken, floor))
        shutil.rmtree(cache, ignore_errors=True)
        short = measure(_runs([REFERENCE], *words))
        grown.append(
            f"| {name} | {short.megabytes:.0f} | {taken.megabytes:.0f} | {taken.megabytes / short.megabytes:.2f} |"
        )
    return [*lines, "", "| peak MB of a process | 55 pages | 550 pages | ratio |", "|---|---|---|---|", *grown]


def _put(document: Path, table: str) -> None:
    """Put the table between a document's marks."""
    text = document.read_text(encoding="utf-8")
    begin, found, rest = text.partition(MARKS[0])
    _, ended, after = rest.partition(MARKS[1])
    if not found or not ended:
        raise SystemExit(f"{document} has no {MARKS[0]} and {MARKS[1]} to put the table between")
    document.write_text(f"{begin}{MARKS[0]}\n{table}{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
