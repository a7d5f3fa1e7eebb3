"""Goldens of editions that get another id or go away: moves goldens' folders, rewrites the baseline."""

from itertools import chain, takewhile
from itertools import count as count_up
from pathlib import Path
from typing import Final

from pipeline.files import as_output_error, write_whole
from pipeline.quality.accuracy.accept import write_golden
from pipeline.quality.accuracy.baseline import FILE, Baseline, Lowering, load_baseline
from pipeline.quality.accuracy.golden import digest_goldens, golden_files, load_golden
from pipeline.stages.emit.edition import render_json
from pipeline.text.wording import count

REMOVED: Final = ".removed"
"""Folder of the goldens whose editions are gone; no edition id begins with a dot."""


def rename_goldens(folder: Path, old: str, new: str) -> None:
    """Rename an edition in its goldens and in what the baseline knows of them.

    Args:
        folder: The folder of all goldens. Nothing happens where it has none of the edition.
        old: The edition's id.
        new: Its new id.

    Raises:
        InputError: A golden or the baseline can't be used.
        OutputError: A file can't be written.
    """
    before = golden_files(folder, old)
    was = digest_goldens(folder, old)
    for path in before:
        golden = load_golden(path)
        source = golden.source.model_copy(update={"file": f"{new}.pdf"})
        write_golden(folder, golden.model_copy(update={"edition": new, "source": source}))
    baseline = load_baseline(folder)
    if baseline is not None and old in baseline.editions:
        known = baseline.editions[old]
        # A baseline of other goldens stays one.
        if known.goldens == was:
            known = known.model_copy(update={"goldens": digest_goldens(folder, new)})
        others = {name: entry for name, entry in baseline.editions.items() if name != old}
        _write_baseline(folder, baseline.model_copy(update={"editions": dict(sorted({**others, new: known}.items()))}))
    with as_output_error(done="removed"):
        for path in before:
            path.unlink()
        if (folder / old).is_dir():
            (folder / old).rmdir()


def set_goldens_aside(folder: Path, edition: str, *, date: str) -> Path | None:
    """Keep the goldens of an edition that goes away, and note in the baseline that it went.

    Args:
        folder: The folder of all goldens.
        edition: Edition id.
        date: Today, ISO 8601.

    Returns:
        Where they are kept; None where there are none.

    Raises:
        InputError: The baseline can't be used.
        OutputError: A file can't be written.
    """
    baseline = load_baseline(folder)
    if baseline is not None and edition in baseline.editions:
        others = {name: entry for name, entry in baseline.editions.items() if name != edition}
        what = (count(baseline.editions[edition].verified, "verified leaf", "verified leaves"),)
        lowering = Lowering(date=date, edition=edition, reason="the edition was removed", what=what)
        _write_baseline(folder, Baseline(editions=others, lowered=(*baseline.lowered, lowering)))
    if not (folder / edition).is_dir():
        return None
    earlier = len(list_set_aside(folder, edition))
    kept = folder / REMOVED / (f"{edition}.{earlier + 1}" if earlier else edition)
    with as_output_error(kept):
        kept.parent.mkdir(parents=True, exist_ok=True)
        return (folder / edition).rename(kept)


def list_set_aside(folder: Path, edition: str) -> list[Path]:
    """The folders in which an edition's goldens were set aside, the earliest first."""
    names = chain([edition], (f"{edition}.{number}" for number in count_up(2)))
    return list(takewhile(Path.is_dir, (folder / REMOVED / name for name in names)))


def _write_baseline(folder: Path, baseline: Baseline) -> None:
    write_whole(folder / FILE, [render_json(baseline)])
