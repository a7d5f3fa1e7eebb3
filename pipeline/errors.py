"""Errors: one base class, each with the place it concerns, a next step and an exit code."""

from __future__ import annotations


class ExtractionError(Exception):
    """Base of every error the pipeline raises.

    Attributes:
        message: What is the matter, one line, ending with what to do next.
        edition: Edition id or file name, where known.
        practice: Practice id, where known.
        page: 1-based page number, where known.
        label: The label as printed, where it concerns a row.
        exit_code: What the command line exits with (README, "Exit codes").
    """

    exit_code = 2

    def __init__(
        self,
        message: str,
        *,
        edition: str | None = None,
        practice: str | None = None,
        page: int | None = None,
        label: str | None = None,
    ) -> None:
        """Make an error about a place in an edition."""
        super().__init__(message)
        self.message = message
        self.edition = edition
        self.practice = practice
        self.page = page
        self.label = label

    def __str__(self) -> str:
        """Give the message on one line, after the place it concerns."""
        place = [
            part
            for part in (
                self.edition,
                self.practice,
                None if self.page is None else f"page {self.page}",
                None if self.label is None else f"label {self.label!r}",
            )
            if part
        ]
        text = " ".join(self.message.split())
        return f"{', '.join(place)}: {text}" if place else text


class InputError(ExtractionError):
    """The input can't be used: missing, empty, not a PDF, locked, without pages or text."""


class LimitError(InputError):
    """Reading a file, or working out what stands in it, takes more time or memory than it may."""

    exit_code = 4


class SidecarError(ExtractionError):
    """A sidecar is missing a key, or does not describe the file beside it."""


class LexiconError(ExtractionError):
    """A lexicon, corrections or settings file does not hold what it must."""


class OutputError(ExtractionError):
    """The output can't be written; the last good output is untouched."""

    exit_code = 3


class StageError(ExtractionError):
    """A stored stage artefact can't be read back."""
