"""The commands of the command line, one module each (`pipeline.cli.main` finds them); no artefact.

A module is named as its command (`_` for `-`) and offers `add_parser(subparsers)` and `run(args) -> int`. What it needs
from the rest of the package it imports inside `run`: `pipeline --help` imports every module here.
"""
