"""`python -m tests.forms [NAME ...]` typesets the forms of `sources/` anew into `pdf/` (needs `make system`).

Look at the pages afterwards: what `expected/` says must still be what a person reads in them.
"""

from __future__ import annotations

import lzma
import sys

from tests.documents.typesetting import typeset_source
from tests.forms.stored import SOURCES, pdf_path

for source in sorted(SOURCES.iterdir()):
    name = source.name.split(".")[0]
    if name in sys.argv[1:] or not sys.argv[1:]:
        pdf_path(name).write_bytes(lzma.compress(typeset_source(source), preset=9 | lzma.PRESET_EXTREME))
