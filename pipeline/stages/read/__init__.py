"""Read stage: a PDF becomes a `Source`; the only stage that opens one.

A file is read by worker processes, which call `tasks`; what they give is gathered by `checks.gather_edition`. This
module imports nothing: the workers load what they need, and no more.
"""
