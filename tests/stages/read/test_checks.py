"""From which share of a page's glyphs on its text is lost: just below and just above each."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.errors import InputError
from pipeline.models.page import Concealed, Source
from pipeline.stages.read.checks import find_issues, gather_edition
from tests.stages.read.page_building import line, page


def issues_of(letters: str, **entries: Any) -> list[tuple[str, str]]:
    found = find_issues((), (), [page(line(letters), **entries)])
    return [(issue.code, issue.severity) for issue in found if issue.code != "second_reading_left_out"]


@pytest.mark.parametrize(("unmapped", "severity"), [(9, "warning"), (11, "error")])
def test_a_page_is_not_read_where_a_tenth_of_its_glyphs_has_no_character(unmapped: int, severity: str) -> None:
    assert issues_of("a" * (100 - unmapped) + "\ufffd" * unmapped) == [("glyphs_without_text", severity)]


@pytest.mark.parametrize(
    ("reason", "hidden", "seen", "code"),
    [
        ("outside_page", 9, 11, None),
        ("outside_page", 11, 9, "text_outside_page"),
        ("covered", 90, 110, None),
        ("covered", 110, 90, "page_concealed"),
        ("covered", 55, 5, None),  # most of the page, but no more than a running line
        ("covered", 65, 5, "page_concealed"),
    ],
)
def test_a_page_is_lost_where_half_of_its_glyphs_can_t_be_seen(
    reason: str, hidden: int, seen: int, code: str | None
) -> None:
    concealed = (Concealed(reason, 0, 0, 9, 9, hidden),)  # type: ignore[arg-type]
    found = [found for found, _ in issues_of("a" * seen, concealed=concealed) if found != "text_concealed"]
    assert found == ([code] if code else [])


@pytest.mark.parametrize(("unmapped", "refused"), [(9, False), (11, True)])
def test_a_file_is_refused_where_half_of_its_glyphs_have_no_character(unmapped: int, *, refused: bool) -> None:
    pages = (page(line("a" * (20 - unmapped) + "\ufffd" * unmapped)),)
    source = Source(file="a.pdf", sha256="0" * 64, pages=pages)
    if refused:
        with pytest.raises(InputError, match="text cannot be extracted"):
            gather_edition("a", source)
    else:
        assert gather_edition("a", source).content == source
