"""Layouts of other hands: every typeset edition is a golden of the stages read to stitch (and map)."""
