"""The store: it gives out what was stored for the very content, layout and factory that are asked for, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.factory import store
from tests.factory.comparing import SAME_PLACE_POINTS, compare, compare_places, letters_of
from tests.factory.content import load_content
from tests.factory.layout import Layout
from tests.factory.store import FOLDER, Fixture, StaleFixtureError, digest_factory, load_index
from tests.factory.truth import EditionTruth
from tests.fixtures.booklets import BOOKLETS
from tests.fixtures.catalogue import FIXTURES

MOST_BYTES = 20_000_000
"""Size of all stored fixtures: what a clone of the repository has to carry."""
SHORT = BOOKLETS["short"]


def test_the_store_holds_what_the_tests_name_and_nothing_else() -> None:
    names = [fixture.name for fixture in FIXTURES]
    assert len(set(names)) == len(names)
    assert set(load_index().fixtures) == set(names)
    assert {str(path.relative_to(FOLDER)).split(".")[0] for path in FOLDER.glob("*/*.xz")} == set(names)
    assert sum(path.stat().st_size for path in FOLDER.rglob("*")) < MOST_BYTES


def test_each_stored_fixture_is_whole_and_of_this_factory() -> None:
    assert list(filter(None, map(find_fault, FIXTURES))) == []


def find_fault(fixture: Fixture) -> str:
    """Say why a fixture can't be had from the store; nothing where it can."""
    try:
        return "" if fixture.load_pdf().startswith(b"%PDF") else f"{fixture.name}: no PDF"
    except StaleFixtureError as error:
        return str(error)


@pytest.fixture
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store that holds the short booklet alone."""
    index, pdf, truth = load_index(), SHORT.load_pdf(), SHORT.load().truth
    monkeypatch.setattr(store, "FOLDER", tmp_path)
    store.pack(SHORT.name, "pdf", pdf)
    store.pack(SHORT.name, "json", truth.model_dump_json().encode())
    store.write_index(index)
    return tmp_path


def test_what_is_not_stored_or_damaged_is_refused_with_what_to_run(own_store: Path) -> None:
    assert SHORT.load().truth.pages == 4
    with pytest.raises(StaleFixtureError, match="booklets/rotated: not stored; run: make fixtures"):
        BOOKLETS["rotated"].load_pdf()
    store.pack(SHORT.name, "pdf", SHORT.load_pdf() + b"\n")
    with pytest.raises(StaleFixtureError, match="not the one that was stored"):
        SHORT.load_pdf()
    store.stored_path(SHORT.name, "pdf").write_bytes(b"no xz")
    with pytest.raises(StaleFixtureError, match="can't be unpacked"):
        SHORT.load_pdf()


def test_what_was_typeset_from_something_else_is_refused(own_store: Path) -> None:
    other = store.edition_fixture(SHORT.name, "typst", load_content("short_lv"), Layout(padding=5))
    assert other.inputs != SHORT.inputs
    with pytest.raises(StaleFixtureError, match="another content or layout"):
        other.load_pdf()
    index = load_index()
    store.write_index(index.model_copy(update={"factory": {**index.factory, "typst": "0"}}))
    with pytest.raises(StaleFixtureError, match="the factory has changed"):
        SHORT.load_pdf()


def test_a_renderer_s_editions_do_not_depend_on_the_others() -> None:
    digests = {name: digest_factory(name) for name in load_index().factory}
    assert len(set(digests.values())) == len(digests) == 3


def test_a_letter_elsewhere_or_another_truth_is_a_difference() -> None:
    edition = SHORT.load()
    stored = (edition.pdf_bytes, edition.truth)
    assert compare(stored, stored, same_program=True) == []
    letters = letters_of(edition.pdf_bytes)
    assert len(letters) > 1000
    letter, page, x, y = letters[0]
    near, far = (letter, page, x + 0.9 * SAME_PLACE_POINTS, y), (letter, page, x, y + 1.1 * SAME_PLACE_POINTS)
    assert compare_places(letters, [near, *letters[1:]]) == []
    assert compare_places(letters, [far, *letters[1:]]) != []
    assert compare_places(letters, letters[1:]) != []
    for same_program in (True, False):
        assert compare(stored, (BOOKLETS["rotated"].load_pdf(), changed(edition.truth)), same_program=same_program)


def changed(truth: EditionTruth) -> EditionTruth:
    """Give a truth with another value in its first row."""
    told = truth.model_dump()
    told["chapters"][0]["tables"][0]["rows"][0]["value"] = "another"
    return EditionTruth.model_validate(told)


def test_by_another_version_few_rows_may_stand_on_the_next_page() -> None:
    edition = SHORT.load()
    told = edition.truth.model_dump()
    rows = told["chapters"][-1]["tables"][-1]["rows"]
    rows[-1]["pages"] = (rows[-1]["pages"][0], rows[-1]["pages"][-1] + 1)
    again = (edition.pdf_bytes, EditionTruth.model_validate(told))
    assert compare((edition.pdf_bytes, edition.truth), again, same_program=False) == []
    assert compare((edition.pdf_bytes, edition.truth), again, same_program=True) == ["the truth is another one"]
    rows[-1]["pages"] = (9,)
    again = (edition.pdf_bytes, EditionTruth.model_validate(told))
    assert compare((edition.pdf_bytes, edition.truth), again, same_program=False) != []
