"""Takes an edition away: its source, sidecar, corrections and output; its goldens are kept aside."""

from pathlib import Path
from typing import NamedTuple

from pipeline import paths
from pipeline.authoring.inventory import Folders
from pipeline.files import CHECK, as_output_error, require_writable
from pipeline.lexicon.corrections import COLLECTION
from pipeline.quality.accuracy.accept import today
from pipeline.quality.accuracy.editions import set_goldens_aside
from pipeline.run.editions import require_edition
from pipeline.run.identity import sidecar_path
from pipeline.stages.emit.edition import remove_output
from pipeline.stages.emit.outputs import folder_aside


class Belongings(NamedTuple):
    """What there is of an edition, its goldens apart: files, and folders of output."""

    files: list[Path]
    output: list[Path]


def list_belongings(edition: str, folders: Folders) -> Belongings:
    """List what removing an edition removes.

    Raises:
        InputError: There is no such edition.
    """
    # Without a source its sidecar may be left.
    source = require_edition(edition, folders.raw, folders.extracted).source or folders.raw / f"{edition}.pdf"
    files = [paths.own_schemas() / "corrections" / f"{edition}.yaml", sidecar_path(source), source]
    output = [folders.extracted / edition, folder_aside(folders.extracted, edition)]
    return Belongings(
        [path for path in files if path.exists() and path.name != COLLECTION],
        [path for path in output if path.exists()],
    )


def remove(edition: str, belongings: Belongings, folders: Folders) -> Path | None:
    """Remove an edition.

    Args:
        edition: Edition id.
        belongings: What there is of it.
        folders: Where its files are.

    Returns:
        Where its goldens are kept; None where it has none.

    Raises:
        OutputError: Something can't be removed.
    """
    advice = f"{CHECK}, and remove again"
    changed = [*belongings.files, *belongings.output, folders.goldens / edition]
    require_writable([path.parent for path in changed if path.exists()], advice, edition=edition)
    remove_output(folders.extracted, edition)
    with as_output_error(advice=advice, done="removed", edition=edition):
        for path in belongings.files:
            path.unlink()
    return set_goldens_aside(folders.goldens, edition, date=today())
