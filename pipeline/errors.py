"""Errors: one base class, each with the place it concerns, a next step and an exit code."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pydantic import ValidationError


class ExitCode(IntEnum):
    """What the command line exits with; `meaning` is what its help says of each."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Self:
        """Make a code with its meaning."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code

    GOOD = 0, "good"
    ISSUES = 1, "finished, and something is not as it should be (a report holds errors, a check failed)"
    UNUSABLE = 2, "the input or the command can't be used"
    OUTPUT = 3, "the output can't be written; the last good output is untouched"
    LIMIT = 4, "the time or the memory limit is reached"
    INTERNAL = 70, "an error of the program itself; please report it"
    INTERRUPTED = 130, "interrupted"


class ExtractionError(Exception):
    """Base of every error the pipeline raises.

    Attributes:
        message: What is the matter, one line, ending with what to do next.
        edition: Edition id or file name, where known.
        practice: Practice id, where known.
        page: 1-based page number, where known.
        label: The label as printed, where it concerns a row.
        exit_code: What the command line exits with.
    """

    exit_code: ExitCode = ExitCode.UNUSABLE

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
        """The message on one line, after the place it concerns."""
        page = None if self.page is None else f"page {self.page}"
        label = None if self.label is None else f"label {self.label!r}"
        place = ", ".join(filter(None, (self.edition, self.practice, page, label)))
        text = " ".join(self.message.split())
        return f"{place}: {text}" if place else text


class InputError(ExtractionError):
    """The input can't be used: missing, empty, not a PDF, locked, without pages or text."""


class LimitError(InputError):
    """Reading or analysing a file takes more time or memory than the limits allow."""

    exit_code = ExitCode.LIMIT


class SidecarError(ExtractionError):
    """A sidecar is missing a key, or does not describe its file."""


class LexiconError(ExtractionError):
    """A lexicon, corrections or settings file does not hold what it must."""


class OutputError(ExtractionError):
    """The output can't be written; the last good output is untouched."""

    exit_code = ExitCode.OUTPUT


class StageError(ExtractionError):
    """A stored stage artefact can't be read back."""


class InternalError(ExtractionError):
    """An error of the program itself: nothing that a file holds should lead to it.

    Attributes:
        traceback: Where it was raised, for its maintainers.
    """

    exit_code = ExitCode.INTERNAL
    traceback = ""


def as_internal(error: Exception) -> InternalError:
    """An unforeseen exception as an error that says what it is; who knows the edition adds it."""
    import traceback

    calls = traceback.extract_tb(error.__traceback__)
    where = f" in {calls[-1].name}, line {calls[-1].lineno}" if calls else ""
    internal = InternalError(
        f"an error of the program itself, not of the input ({describe_error(error)}{where}); earlier output is"
        " untouched: run it again with --debug, and report the traceback to the maintainers"
    )
    internal.traceback = "".join(traceback.format_exception(error))
    return internal


def describe_invalid(error: ValidationError) -> str:
    """Say on one line where a model does not fit first, and why."""
    first = error.errors(include_input=False)[0]
    return f"{'.'.join(map(str, first['loc'])) or 'the whole'}: {first['msg']}"


def describe_error(error: BaseException) -> str:
    """An exception in a few words, on one line."""
    if isinstance(error, MemoryError):
        return "it needs more memory than the limit allows"
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:200] if text else type(error).__name__
