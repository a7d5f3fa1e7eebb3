"""Segment stage: `Source` → one `PageLayout` per page. Geometry only, no words of any language.

Two-column tables are found by the strongest evidence the pages show: rules in both directions (grid), rules in one,
fills, and white space alone (gutter), measured over all pages together.
"""
