"""Compares extracted editions with goldens, keeps the baseline, and changes goldens knowingly; see the modules.

========= ===============================================================================
module    does
========= ===============================================================================
golden    the goldens' files: `tests/golden/<edition>/<practice id>.json` ↔ `Golden`
leaves    the smallest things compared, each with its metric; their values in both
compare   `Golden` and `Practice` → a `Comparison` per leaf
kinds     names what kind of change a changed text or list is
score     comparisons → counts, headline, `EditionAccuracy`
baseline  `tests/golden/baseline.json`: what may not get worse
evaluate  extracted folder, goldens and baseline → `AccuracyReport`
forms     `AccuracyReport` → table, CSV, Markdown, JUnit, annotations
accept    writes what a person confirms into goldens
verify    shows a person what is printed on the page
editions  goldens of editions that are renamed or removed
========= ===============================================================================

No stage imports this package: the comparison knows the contract only, and nothing of how values are found.
"""
