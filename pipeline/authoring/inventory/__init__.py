"""Editions that come and go: takes one in, gives it another id, takes it away; `pipeline.cli` asks and prints."""

from pathlib import Path
from typing import NamedTuple


class Folders(NamedTuple):
    """Where what belongs to an edition is.

    Attributes:
        raw: The folder of the sources.
        extracted: The folder of all editions' output.
        goldens: The folder of all editions' goldens, with the baseline.
    """

    raw: Path
    extracted: Path
    goldens: Path
