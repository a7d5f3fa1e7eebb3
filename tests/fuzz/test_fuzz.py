"""Sound files damaged at random: no traceback, no hang, no invalid JSON, no silent loss.

`make check` damages 600, `make fuzz` thousands; `PIPELINE_FUZZ_SEEDS` (`first:last`) runs certain seeds again.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

import pipeline.stages.read.recognise
from pipeline.errors import ExtractionError
from pipeline.issues import KINDS
from pipeline.models.edition import Report
from pipeline.run.options import Limits, Options
from pipeline.run.runner import run_edition, run_editions
from pipeline.stages.emit.edition import load_edition
from tests.fixtures.booklets import BOOKLETS
from tests.fuzz.mutator import damage

CHECKED = 600
LONG = 2_400
BATCH = 20
LIMITS = Limits(seconds=60, megabytes=600)
LOST_SHARE = 0.02
"""Share of a page's letters that two readers may differ by: they part at ligatures, marks and broken words."""
LOST_LEAST = 10
REPORTING = {
    "page_unreadable",
    "page_damaged",
    "file_damaged",
    "glyphs_without_text",
    "text_outside_page",
    "reader_disagrees",
}
"""What says, as more than a note, that letters of its page or of the file are lost."""


def seeds() -> range:
    """The seeds to run."""
    chosen = os.environ.get("PIPELINE_FUZZ_SEEDS")
    if chosen:
        first, _, last = chosen.partition(":")
        return range(int(first), int(last or first) + 1)
    return range(LONG if os.environ.get("PIPELINE_FUZZ") == "long" else CHECKED)


@pytest.fixture(autouse=True)
def without_recognition(monkeypatch: pytest.MonkeyPatch) -> None:
    """Damaged fonts make pages look like scans; recognising those takes minutes, and has tests of its own."""
    monkeypatch.setattr(pipeline.stages.read.recognise, "scanned_pages", lambda source: ())


@pytest.fixture(scope="module")
def sound() -> tuple[bytes, ...]:
    """Sound files of several makes."""
    return (*(booklet.load_pdf() for booklet in BOOKLETS.values()), two_columns_by_pymupdf())


def two_columns_by_pymupdf() -> bytes:
    """A file of another maker: standard fonts, no Unicode maps, plain cross-reference table."""
    with pymupdf.open() as pdf:
        for number in range(3):
            page = pdf.new_page()
            page.insert_text((60, 60), f"Latvia: practice {number}", fontsize=14)
            for row in range(8):
                top = 90 + 60 * row
                page.draw_rect((50, top, 180, top + 60))
                page.draw_rect((180, top, 540, top + 60))
                page.insert_text((56, top + 16), f"Label {row}:", fontsize=10)
                page.insert_text((186, top + 16), f"The value of row {row} on page {number}", fontsize=10)
        written = io.BytesIO()
        pdf.save(written, no_new_id=True)
    return written.getvalue()


def letters_by_page(data: bytes) -> list[int] | None:
    """Count every page's letters with another reader; None where that can't open the file."""
    try:
        with pymupdf.open(stream=data, filetype="pdf") as pdf:
            return [sum(letter.isalnum() for letter in page.get_text()) for page in pdf]
    except (pymupdf.FileDataError, RuntimeError, ValueError):
        return None


def find_loss(data: bytes, report: Report) -> str | None:
    """Return what a run lost in silence; None where it lost nothing, or reported it."""
    open_issues = [issue for issue in report.issues if issue.severity != "note"]
    if any(issue.page is None for issue in open_issues if issue.code in REPORTING):
        return None
    reported = {issue.page for issue in open_issues if issue.code in REPORTING or KINDS[issue.code].spoils_good}
    theirs = letters_by_page(data)
    if theirs is None:
        return None
    if len(theirs) > report.edition.pages:
        return f"{report.edition.pages} of {len(theirs)} pages"
    for page, letters in enumerate(theirs, start=1):
        # Each glyph that is seen, concealed ones included, ends in one place of the account (`glyphs_lost`).
        seen = sum(account.seen - account.blank for account in report.glyphs if account.page == page)
        if page in reported:
            continue
        if letters - seen > max(LOST_LEAST, LOST_SHARE * letters):
            return f"page {page}: {seen} glyphs, and another reader sees {letters} letters"
    return None


def find_faults(seed: int, data: bytes, way: str, folder: Path) -> Iterator[str]:
    """Run a damaged file, and report what is not as it should be."""
    path, out = folder / f"seed-{seed}.pdf", folder / "out"
    path.write_bytes(data)
    (outcome,) = run_editions([path], Options(out=out, limits=LIMITS))
    where = f"seed {seed} ({way})"
    leftovers = [entry.name for entry in out.iterdir() if entry.name.startswith(".")] if out.exists() else []
    if leftovers:
        yield f"{where}: left {leftovers}"
    if outcome.error is not None:
        message = str(outcome.error)
        if path.stem not in message or "\n" in message or outcome.exit_code not in (2, 4):
            yield f"{where}: error {message!r}"
        return
    edition = load_edition(out / path.stem)
    for line in (out / path.stem / "issues.jsonl").read_text().splitlines():
        json.loads(line)
    if (outcome.exit_code == 0) != (edition.report.status == "good"):
        yield f"{where}: exit code {outcome.exit_code} with status {edition.report.status!r}"
    loss = find_loss(data, edition.report)
    if loss is not None:
        yield f"{where}: silent loss: {loss}"


def batches() -> list[range]:
    chosen = seeds()
    return [chosen[start : start + BATCH] for start in range(0, len(chosen), BATCH)]


@pytest.mark.check
@pytest.mark.parametrize("batch", batches(), ids=lambda batch: f"{batch[0]}-{batch[-1]}")
def test_damaged_files_end_as_documented(batch: range, sound: tuple[bytes, ...], tmp_path: Path) -> None:
    faults: list[str] = []
    for seed in batch:
        data, way = damage(sound[seed % len(sound)], seed)
        try:
            faults += find_faults(seed, data, way, tmp_path)
        except (ExtractionError, AssertionError, ArithmeticError, LookupError, TypeError, ValueError) as error:
            faults.append(f"seed {seed} ({way}): {type(error).__name__}: {error}"[:500])
    assert faults == []


def test_the_mutator_does_the_same_damage_again(sound: tuple[bytes, ...]) -> None:
    for seed in range(20):
        assert damage(sound[0], seed) == damage(sound[0], seed)
    assert len({damage(sound[0], seed)[0] for seed in range(40)}) > 35


def test_the_check_for_losses_finds_one(sound: tuple[bytes, ...], tmp_path: Path) -> None:
    """A run of one page fewer than the file has is a loss that is found."""
    path = tmp_path / "whole.pdf"
    path.write_bytes(sound[0])
    report = run_edition(path, Options(out=tmp_path / "out", limits=LIMITS)).report
    assert find_loss(sound[0], report) is None
    with pymupdf.open(stream=sound[0], filetype="pdf") as pdf:
        pdf.fullcopy_page(0)
        longer = pdf.tobytes()
    assert find_loss(longer, report) == "4 of 5 pages"
