"""Runs the command line as `python -m pipeline`; reads and writes no artefact."""

from __future__ import annotations

import sys

from pipeline.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
