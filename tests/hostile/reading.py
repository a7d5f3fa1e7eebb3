"""Reads a file by a worker pool of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pipeline.models.page import Source
from pipeline.run import reading
from pipeline.run.options import Limits, Options
from pipeline.run.workers import WorkerPool


def read_guarded(path: Path, *, jobs: int = 1, limits: Limits | None = None, **options: Any) -> Source:
    with WorkerPool(jobs, (limits or Limits()).megabytes) as pool:
        return reading.read_guarded(path, Options(limits=limits or Limits(), **options), pool).source
