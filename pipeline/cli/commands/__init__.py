"""The commands of the command line, one module each (`pipeline.cli.main` finds them).

A module is named as its command, and offers `add_options(parser)` and `run(args) -> int`. It is imported where its
command is run: `pipeline --help` reads no more of it than its docstring.
"""
