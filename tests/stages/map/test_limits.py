"""The numbers of the rules that divide label cells and rows, each by a case on either side of it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from pipeline.lexicon import LabelEntry
from pipeline.lexicon.label_index import KnownLabel, LabelIndex, index_labels
from pipeline.models.row import Row
from pipeline.stages.map.joining import settle_rows
from pipeline.stages.map.labelling import read_label
from pipeline.stages.map.mapping import map_chapter
from pipeline.stages.map.suggest import weigh_words
from tests.stages.map.building import Cellful, lexicon, make_chapter, make_row, rows_of


@pytest.fixture(scope="module")
def index() -> LabelIndex:
    return LabelIndex(lexicon().labels)


def labels(rows: Sequence[Row], index: LabelIndex) -> list[str]:
    return [row.label.one_line for row in settle_rows(rows, index).rows]


LEGAL = (
    "Informācija par juridiskajiem, praktiskajiem un procesuālajiem aspektiem aizsardzībā pret rasismu/naidu un "
    "diskrimināciju."
)


@pytest.mark.parametrize(("pages", "rows"), [(3, 1), (4, 4)])
def test_a_label_is_broken_over_two_page_breaks_at_most(pages: int, rows: int, index: LabelIndex) -> None:
    words = LEGAL.split()
    size = -(-len(words) // pages)
    halves = [" ".join(words[first : first + size]) for first in range(0, len(words), size)]
    assert len(halves) == pages
    assert (
        len(labels([make_row(Cellful(half, "x", page), top=40) for page, half in enumerate(halves, 1)], index)) == rows
    )


@pytest.mark.parametrize(("sure", "rows"), [(0.9, 1), (0.89, 2)])
def test_geometry_is_certain_of_a_join_from_0_9_on(sure: float, rows: int, index: LabelIndex) -> None:
    """Both halves are labels, and the first had room for another line."""
    joined = make_row(Cellful("Cik bieži?", "Reizi gadā", 1, room=40), Cellful("Kurš to veic?", "mēs", 2), sure=sure)
    assert len(labels([joined], index)) == rows


@pytest.mark.parametrize(("sure", "rows"), [(0.5, 1), (0.49, 2)])
def test_a_join_is_unlikely_below_one_half(sure: float, rows: int, index: LabelIndex) -> None:
    """The first half is a label and its text ends; of the second nothing is known."""
    joined = make_row(Cellful("Cik bieži?", "Reizi gadā.", 1), Cellful("Jauna rinda", "Teksts.", 2), sure=sure)
    assert len(labels([joined], index)) == rows


@pytest.mark.parametrize(("room", "rows"), [(13.0, 2), (12.9, 1)])
def test_a_label_has_room_for_another_line_in_one_and_a_half_lines(room: float, rows: int, index: LabelIndex) -> None:
    """The leading leaves 2 points below a line of 10; 15 are needed."""
    joined = make_row(Cellful("Cik bieži?", "Reizi gadā", 1, room=room), Cellful("Kurš to veic?", "mēs", 2), sure=0.6)
    assert len(labels([joined], index)) == rows


@pytest.mark.parametrize(("spare", "fields"), [(3, ("locations", "partners")), (4, ())])
def test_a_printed_label_has_three_words_more_than_the_longest_known_one(spare: int, fields: tuple[str, ...]) -> None:
    known = {"locations": "abcd efgh", "partners": "ijkl"}
    own = LabelIndex({field: (LabelEntry(text=text, status="verified"),) for field, text in known.items()})
    reading = read_label(f"Abcd {'- ' * spare}efgh Ijkl", own)
    assert (reading.fields if reading.complete else ()) == fields


@pytest.mark.parametrize(("likeness", "unmapped"), [(0.45, "Jauna"), (0.44, "Dalība Jauna")])
def test_an_unknown_part_is_a_label_of_its_own_from_0_45_on(
    likeness: float, unmapped: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = KnownLabel("sources", "avoti", False, "avoti", ("avoti",))
    words = weigh_words(index_labels(lexicon()))
    monkeypatch.setattr(words, "compare", lambda _: {"sources": (likeness, known)})
    record = map_chapter(make_chapter(rows_of(("Dalība Jauna", "Teksts."))), "edition", lexicon())
    assert [row.label for row in record.unmapped] == [unmapped]


@pytest.mark.parametrize(
    ("label", "unmapped"),
    [
        ("Sadarbības partneri/atbalstītāji Qqqq wwww", "Qqqq wwww"),
        ("Vada/organizē Qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", "Vada/organizē Qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"),
    ],
)
def test_a_known_label_of_three_words_ends_where_a_line_begins_with_a_capital(label: str, unmapped: str) -> None:
    """Both are wrapped before the unknown word; two known words may begin a longer label."""
    record = map_chapter(make_chapter(rows_of((label, "Teksts."))), "edition", lexicon())
    assert [row.label for row in record.unmapped] == [unmapped]


def test_an_issue_quotes_eighty_characters_of_a_value() -> None:
    record = map_chapter(make_chapter(rows_of(("Qqqq", "x" * 81))), "edition", lexicon())
    (issue,) = [issue for issue in record.issues if issue.code == "unknown_label"]
    assert issue.text == "x" * 80
