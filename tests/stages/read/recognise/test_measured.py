"""The share of rows and texts that scans of several layouts give, from generated scans with fixed seeds.

`python -m tests.stages.read.recognise.test_measured` prints the figures of `docs/scans.md`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from pipeline.lexicon import load_lexicon
from pipeline.lexicon.label_index import LabelIndex
from pipeline.run.options import Limits, Options
from pipeline.run.runner import run_edition
from tests.factory.content import load_content
from tests.factory.layout import Layout
from tests.factory.typesetting import typeset
from tests.processes import cpu_seconds, peak_megabytes
from tests.stages.read.recognise.scanning import require_recognition, scan

pytestmark = pytest.mark.check

FONT: Final = "Libertinus Serif"
LAYOUTS: Final = {
    "grid": Layout(font=FONT),
    "horizontal rules": Layout(font=FONT, rules="horizontal"),
    "coloured labels": Layout(font=FONT, rules="none", fills="label", padding=6),
    "neither": Layout(font=FONT, rules="none", padding=6, label_bold=True),
}
SAMPLE: Final = (("grid", 200, 0), ("horizontal rules", 300, 3), ("coloured labels", 200, 4), ("neither", 300, 7))
"""Layouts, resolutions and seeds that are measured."""
SPECKS: Final = 60
"""Specks per page: one in each 8 cm² of A4."""
NOISE: Final = 8.0
LEAST_FIELDS: Final = 0.98
LEAST_TEXTS: Final = 0.92
SAME_ROW: Final = 0.2
"""Highest character error rate of a text that is another row's."""
MOST_PAGE_SECONDS: Final = 20.0
"""Most CPU seconds for a page."""
LEAST_PAGE_SECONDS: Final = 0.5
MOST_MEGABYTES: Final = 1024.0
"""Most memory of a worker and the programs that it starts, MiB."""
LEAST_MEGABYTES: Final = 50.0
PATIENT_SECONDS: Final = 6000.0
"""Wall-clock seconds for a file, a tenth for a page: a busy machine may take as long as it likes."""


class Measured(NamedTuple):
    """Printed rows, those whose field holds their text, those whose text is right letter for letter, and the cost."""

    rows: int
    fields: int
    texts: int
    page_seconds: float
    megabytes: float
    wrong: tuple[tuple[str, str], ...]


def measure(layout: Layout, dpi: int, seed: int, folder: Path) -> Measured:
    """Scan an edition whose pages lean by up to a degree, and compare what is extracted with what was typeset.

    The field of a row is the one whose label in the lexicon is the typeset one.
    """
    from rapidfuzz.distance import Levenshtein

    edition = typeset("typst", load_content("short_lv"), layout)
    path = folder / f"scan{seed}.pdf"
    pages = range(1, edition.truth.pages + 1)
    skew = (0.25, 0.5, 0.75, 1.0)[seed % 4]
    path.write_bytes(scan(edition.pdf_bytes, pages, dpi=dpi, skew=skew, noise=NOISE, specks=SPECKS, edge=3, seed=seed))
    begun = cpu_seconds()
    with peak_megabytes() as peak:
        found = run_edition(path, Options(out=folder / "extracted", limits=Limits(seconds=PATIENT_SECONDS)))
    seconds = cpu_seconds() - begun
    labels = LabelIndex(load_lexicon("lv").labels)
    rows, fields, texts = 0, 0, 0
    wrong: list[tuple[str, str]] = []
    for chapter in edition.truth.chapters:
        near = [one for one in found.practices if Levenshtein.normalized_distance(one.heading, chapter.heading) < 0.5]
        practice = next(iter(near), None)
        for row in (row for table in chapter.tables for row in table.rows):
            known = labels.find_exact(row.label)
            assert known is not None, row.label
            value = None if practice is None else getattr(practice.fields, known.known.field)
            text = "" if value is None else value.text
            rows += 1
            texts += text == row.value
            fields += value is not None and Levenshtein.normalized_distance(text, row.value) <= SAME_ROW
            if text != row.value:
                wrong.append((row.value, text))
    return Measured(rows, fields, texts, seconds / edition.truth.pages, peak[0], tuple(wrong))


def test_scans_give_their_rows_and_texts(tmp_path: Path) -> None:
    """Every layout once, at either resolution, leaning by a quarter of a degree or by a whole one."""
    require_recognition()
    measured = [measure(LAYOUTS[name], dpi, seed, tmp_path) for name, dpi, seed in SAMPLE]
    rows = sum(one.rows for one in measured)
    assert sum(one.fields for one in measured) >= LEAST_FIELDS * rows, measured
    assert sum(one.texts for one in measured) >= LEAST_TEXTS * rows, measured
    # A page can't be read in less: what is not measured is no cost.
    assert all(LEAST_PAGE_SECONDS < one.page_seconds < MOST_PAGE_SECONDS for one in measured), measured
    assert all(LEAST_MEGABYTES < one.megabytes < MOST_MEGABYTES for one in measured), measured


if __name__ == "__main__":
    for name, dpi, seed in SAMPLE:
        with tempfile.TemporaryDirectory() as folder:
            measured = measure(LAYOUTS[name], dpi, seed, Path(folder))
        rows, seconds = measured.rows, measured.page_seconds
        print(f"| {name} | {dpi} | {measured.fields} of {rows} | {measured.texts} of {rows} | {seconds:.1f} s |")
        print(f"    {measured.megabytes:.0f} MiB")
        for want, got in measured.wrong:
            print("   ", repr(want), repr(got), sep="\n    ")
