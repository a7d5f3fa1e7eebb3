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
from bench.measuring import Measure, MissingError, job, measure, measure_best, pipeline
from pipeline.cluster import digest_package

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
CHANGED: Final = (
    "**The package was changed while it was measured: its rows are not of one state, and a warm run may have been a"
    " cold one. Measure again.**"
)
Say = Callable[[str], None]


def main() -> int:
    """Measure, print the table and keep it."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--times", type=int, default=3, metavar="N", help="runs of each measure; the best counts")
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
        f"Measured on {today}: {name}, {os.cpu_count()} cores, Python {platform.python_version()}, best of {times};"
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
    say("reference edition: floor")
    floor = measure_best(job("floor", [str(REFERENCE)]), times)
    lines = ["Reference edition, 55 pages:", "", *HEAD, _row("floor: pdfplumber touches every object", floor, floor)]
    cache = FOLDER / "cache"
    for name, words in (
        ("whole run, cold, one reader", ["--no-cache", "--jobs", "1"]),
        (f"whole run, cold, `--jobs {CORES}`", ["--no-cache", "--jobs", str(CORES)]),
        ("whole run, warm", ["--cache", str(cache)]),
    ):
        say(f"reference edition: {name}")
        command = _runs([REFERENCE], *words)
        if "--cache" in words:
            shutil.rmtree(cache, ignore_errors=True)
            measure(command)
        lines.append(_row(name, measure_best(command, times), floor))
    if others:
        for name, task in _others():
            say(f"reference edition: {name}")
            try:
                lines.append(_row(name, measure_best(job(task, [str(REFERENCE)]), 1), floor))
            except MissingError as error:
                lines.append(f"| {name} | not installed ({error}) | | | | |")
    say("reference edition: stages")
    taken = measure_best(job("stages", [str(REFERENCE)]), times).told["stages"]
    lines += [
        "",
        "| stage | CPU s | of the floor |",
        "|---|---|---|",
        *(f"| {stage} | {seconds:.2f} | {seconds / floor.cpu:.2f} |" for stage, seconds in taken.items()),
    ]
    say("start-up")
    help_page = measure_best(pipeline("--help"), max(times, 3))
    return [*lines, "", f"`pipeline --help`: {help_page.wall:.2f} s."]


def _corpus(times: int, say: Say) -> list[str]:
    """Measure the corpus."""
    pdfs = sorted(corpus_folder(FOLDER).glob("*.pdf"))
    say("corpus: floor")
    floor = measure_best(job("floor", [str(pdf) for pdf in pdfs]), times)
    lines = [f"{len(pdfs)} small editions in one run:", "", *HEAD, _row("floor", floor, floor)]
    cache = FOLDER / "cache"
    say("corpus: cold")
    lines.append(_row("whole run, cold, one reader", measure(_runs(pdfs, "--no-cache", "--jobs", "1")), floor))
    lines.append(
        _row(f"whole run, cold, `--jobs {CORES}`", measure(_runs(pdfs, "--no-cache", "--jobs", str(CORES))), floor)
    )
    say("corpus: warm")
    measure(_runs(pdfs, "--cache", str(cache)))
    lines.append(_row("whole run, warm", measure_best(_runs(pdfs, "--cache", str(cache)), times), floor))
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
    say("long file: floor")
    floor = measure(job("floor", [str(long)]))
    say("long file: run")
    taken = measure(_runs([long], "--no-cache", "--jobs", "1"))
    say("long file: run of the reference edition")
    short = measure(_runs([REFERENCE], "--no-cache", "--jobs", "1"))
    grown = (
        f"Its largest process takes {taken.megabytes / short.megabytes:.1f} times the memory that the reference"
        f" edition's takes ({short.megabytes:.0f} MB), for {LONG_TIMES} times the pages."
    )
    return [
        f"The reference edition's pages {LONG_TIMES} times over, 550 pages:",
        "",
        *HEAD,
        _row("floor", floor, floor),
        _row("whole run, cold, one reader", taken, floor),
        "",
        grown,
    ]


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
