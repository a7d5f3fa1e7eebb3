"""What the fork server loads, once for all workers: 0.4 s of CPU time for each worker after the first."""

import gc
from importlib import import_module

from pipeline.run.collector import collect_rarely

collect_rarely()  # from here on: 0.03 s of the loading
for _name in (
    "pebble",
    "pdfplumber",
    "pikepdf",
    "pypdfium2",
    "pipeline.run.tasks",
    "pipeline.run.workers",
    "pipeline.stages.read.device",
    "pipeline.stages.read.fonts",
    "pipeline.stages.read.interpreter",
):
    import_module(_name)
gc.freeze()  # the workers share what is loaded
