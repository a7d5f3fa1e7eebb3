"""Runs the command line as `python -m pipeline`; reads and writes no artefact."""

import sys

from pipeline.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
