"""What a run is asked to do, and how the run of an edition ended; imports no library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from pipeline import paths
from pipeline.errors import ExitCode, ExtractionError
from pipeline.issues import Status
from pipeline.stages.emit.outputs import is_aside

if TYPE_CHECKING:
    from pipeline.models.edition import ValidatedEdition

DEFAULT_SECONDS: Final = 300.0
"""Seconds for reading a file, and again for all that is made of it: eighty times what the booklet's 55 pages take."""
SECONDS_PER_PAGE: Final = 0.25
"""What a long file is given by default instead, where that is more: three times what a full page of the booklet takes,
reading by one process included."""
DEFAULT_MEGABYTES: Final = 1024
"""Address space of each worker process, in MiB: nine times what the booklet takes (112 MiB at its peak)."""
PAGE_SHARE: Final = 0.1
"""Share of a file's seconds that one page, or the check of the file, may take."""

Progress = Callable[[str, int, int], None]
"""Called with the stage, the steps done and the steps in all (pages; 1 for stages in one step)."""


def no_progress(stage: str, done: int, total: int) -> None:
    """Report progress to no one."""


def no_announcement(edition: str) -> None:
    """Announce an edition to no one."""


@dataclass(frozen=True)
class Limits:
    """What a file may take.

    Attributes:
        seconds: Wall-clock seconds for reading the file; the stages after it have as many again. A page may take a
            tenth of them.
        megabytes: Address space of each worker process, in MiB.
        page_allowance: Seconds per page that a long file has instead of `seconds`, where that is more.
    """

    seconds: float = DEFAULT_SECONDS
    megabytes: int = DEFAULT_MEGABYTES
    page_allowance: float = SECONDS_PER_PAGE

    @property
    def page_seconds(self) -> float:
        """Wall-clock seconds that one page may take."""
        return self.seconds * PAGE_SHARE

    def scale(self, pages: int) -> Limits:
        """Return the limits for a file of so many pages."""
        return replace(self, seconds=max(self.seconds, pages * self.page_allowance), page_allowance=0.0)


@dataclass(frozen=True)
class Options:
    """What a run needs to know besides the file.

    Attributes:
        out: The folder of all editions' output.
        keep_stages: Folder in which every stage's artefact is kept; None to keep none.
        replace: True to replace good output even where the report holds errors; else such output is set aside.
        from_stage: The first stage to run; the artefact of the one before it is taken from `keep_stages`.
        password: User password of locked files.
        second_reading: Have each page read a second time, by pdfium.
        limits: What reading a file, and the stages after it, may take.
        jobs: How many worker processes read the pages of a file; the result is the same for any number.
        cache: Folder in which runs keep what they have computed; None to compute everything. Runs that keep stages,
            begin later than at read, have a password or leave the second reading out, go without.
        progress: Called with every step.
        announce: Called with every edition's id before its first step.
    """

    out: Path = paths.EXTRACTED
    keep_stages: Path | None = None
    replace: bool = False
    from_stage: str = "read"
    password: str | None = None
    second_reading: bool = True
    limits: Limits = field(default_factory=Limits)
    jobs: int = 1
    cache: Path | None = None
    progress: Progress = no_progress
    announce: Callable[[str], None] = no_announcement

    @property
    def may_cache(self) -> bool:
        """True where the run may take what an earlier one has kept.

        What was read with a password is not given to those without it.
        """
        usual = self.second_reading and self.password is None
        return usual and self.keep_stages is None and self.from_stage == "read"


@dataclass(frozen=True)
class Summary:
    """How the report of an edition counts, in plain values.

    Attributes:
        status: The report's.
        counts: The report's counts by name.
    """

    status: Status
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Outcome:
    """How the run of one edition ended, in values that any process can send.

    Attributes:
        source: The file.
        edition: Its edition id; None where the name can't be one.
        summary: How the report counts; None where the run failed.
        folder: Where the output is (aside, where it would have replaced good output); None where the run failed.
        error: What it failed of.
    """

    source: Path
    edition: str | None
    summary: Summary | None = None
    folder: Path | None = None
    error: ExtractionError | None = None

    @property
    def exit_code(self) -> ExitCode:
        """Good, finished with errors in the report, or the error's own."""
        if self.error is not None:
            return self.error.exit_code
        return ExitCode.GOOD if self.status == "good" else ExitCode.ISSUES

    @property
    def status(self) -> Status | Literal["failed"]:
        """In a word: the report's status, or `failed`."""
        return "failed" if self.summary is None else self.summary.status

    @property
    def set_aside(self) -> bool:
        """True where the output has errors and was set aside, so that the last good output is as it was."""
        return self.folder is not None and is_aside(self.folder)

    @property
    def validated(self) -> ValidatedEdition | None:
        """The practices and the report, read back from the folder; None where the run failed."""
        from pipeline.stages.emit.edition import load_edition

        return None if self.folder is None else load_edition(self.folder)
