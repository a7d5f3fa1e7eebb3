"""The one setting of Python's search for cycles of objects, for the command line and the worker processes."""

import atexit
import gc
from typing import Final

COLLECT_AFTER: Final = 500_000
"""New objects after which cycles are looked for, 700 by itself: a twentieth of a run's CPU. After 50,000 it still takes
0.04 s of the booklet's main process, for the same peak of memory (137 MiB; 178 with four times the pages)."""


def collect_rarely() -> None:
    """Look for cycles rarely, never in what is loaded by now, and not when the process ends (0.4 s with spaCy)."""
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)
    atexit.register(gc.freeze)
