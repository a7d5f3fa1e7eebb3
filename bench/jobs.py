"""What is measured: each job is run by `python -m bench.jobs NAME PDF…` in a fresh process; reads PDFs.

A job prints one line of JSON, which the measuring process takes up; a job whose library is missing exits with 3.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

EXIT_MISSING: Final = 3
"""The library that the job is about is not installed."""


def floor(pdfs: Sequence[Path]) -> dict[str, Any]:
    """Open every page with pdfplumber and touch its characters, rectangles, lines and links."""
    import pdfplumber

    touched = 0
    for path in pdfs:
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                for objects in (page.chars, page.rects, page.lines, page.hyperlinks):
                    for _ in objects:
                        touched += 1
                page.close()
    return {"touched": touched}


def extract_tables(pdfs: Sequence[Path]) -> dict[str, Any]:
    """Find all tables with pdfplumber, as its readme shows."""
    import pdfplumber

    tables = 0
    for path in pdfs:
        with pdfplumber.open(path) as pdf:
            for page in pdf.pages:
                tables += len(page.extract_tables())
                page.close()
    return {"tables": tables}


def camelot(pdfs: Sequence[Path]) -> dict[str, Any]:
    """Find all tables with camelot's default flavour."""
    library: Any = import_module("camelot")
    return {"tables": sum(len(library.read_pdf(str(path), pages="all")) for path in pdfs)}


def pymupdf(pdfs: Sequence[Path]) -> dict[str, Any]:
    """Find all tables with PyMuPDF, and take out their text."""
    library: Any = import_module("pymupdf")
    tables = 0
    for path in pdfs:
        with library.open(path) as document:
            for page in document:
                for table in page.find_tables().tables:
                    table.extract()
                    tables += 1
    return {"tables": tables}


def stages(pdfs: Sequence[Path]) -> dict[str, Any]:
    """Run the stages one after the other in this process, reading included, and time each."""
    from pipeline.models.artefact import Stored
    from pipeline.run import runner
    from pipeline.run.options import Options
    from pipeline.stages import stages_after
    from pipeline.stages.emit.swap import lock_folder

    taken: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        options = Options(out=Path(folder))
        for path in pdfs:
            begun = _cpu_seconds()
            stored: Stored[Any] = runner.read_stage(path, options)
            begun = _book(taken, "read", begun)
            for stage in stages_after("read")[:-1]:
                stored = runner.run_stage(stage.name, stored, options)
                begun = _book(taken, stage.name, begun)
            with lock_folder(options.out, stored.edition.id):
                runner.emit_stage(stored, options)
            _book(taken, "emit", begun)
    return {"stages": taken}


def readings(pdfs: Sequence[Path]) -> dict[str, Any]:
    """Read each page by the first reader, then by the second, in this process, and time both."""
    from pipeline.stages.read.page import open_pdf, page_matrix, read_page
    from pipeline.stages.read.second import SecondReader

    taken: dict[str, float] = {}
    for path in pdfs:
        begun = _cpu_seconds()
        second = SecondReader(path.read_bytes())
        begun = _book(taken, "second reading", begun)
        with open_pdf(path) as pdf:
            for drawn in pdf.pages:
                canvas = read_page(drawn).canvas
                begun = _book(taken, "first reading", begun)
                if canvas is not None:
                    second.read(canvas, page_matrix(drawn.page_obj), annotated=False)
                begun = _book(taken, "second reading", begun)
                drawn.close()
    return {"stages": taken}


JOBS: Final[dict[str, Callable[[Sequence[Path]], dict[str, Any]]]] = {
    "floor": floor,
    "extract_tables": extract_tables,
    "camelot": camelot,
    "pymupdf": pymupdf,
    "stages": stages,
    "readings": readings,
}


def _cpu_seconds() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _book(taken: dict[str, float], stage: str, begun: float) -> float:
    now = _cpu_seconds()
    taken[stage] = taken.get(stage, 0.0) + now - begun
    return now


def main(words: Sequence[str]) -> int:
    """Run a job.

    Args:
        words: The job's name and the PDFs.

    Returns:
        0, or 3 where its library is missing.
    """
    begun = time.perf_counter()
    try:
        found = JOBS[words[0]]([Path(word) for word in words[1:]])
    except ImportError as error:
        print(error, file=sys.stderr)
        return EXIT_MISSING
    print(json.dumps({**found, "seconds": time.perf_counter() - begun}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
