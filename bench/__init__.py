"""Measures speed and memory (`make bench`): each thing in a process of its own, all in one run, as ratios to a floor.

The floor is what any reader built on pdfplumber pays: opening every page and touching its characters, rectangles, lines
and links. Reads PDFs, writes a table; nothing of the package depends on it.
"""
