"""How often something must recur to be an edition's habit and no chance: the same for segment and for stitch."""

from __future__ import annotations

LEAST = 3
"""Least number of times that something recurs where nothing else shows that it is meant: twice happens by chance."""
NEARLY_ALL = 0.8
"""Least share of the places at which a habit shows, or of a stretch that an edge runs along: the rest are exceptions,
as first pages, empty cells, or an underline that covers its text only."""
MEASURED_LINES = 8
"""Least number of lines or labels that show a habit by themselves: a column's edges, its leading, how labels begin."""
