"""Segment stage: `Source` → one `PageLayout` per page. Geometry only, no words of any language.

Two-column tables are found by the strongest evidence the pages show: rules in both directions (grid), rules in one,
fills, and white space alone (gutter), measured over all pages together.

Its function is in `pages`. The folder itself imports nothing, so that workers, which divide the pages' lines, load only
what that needs: 0.1 s of CPU less until the first page is read.
"""
