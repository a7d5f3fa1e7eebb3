"""What a tagged file says of its structure: elements by runs of glyphs, whatever the tree is like."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from pipeline.models.page import Page
from pipeline.stages.read.tags import _span, _text
from tests.stages.read.building import form, read_one, text_of, write_pdf

Tree = Callable[[pikepdf.Pdf], Sequence[pikepdf.Object]]


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    return tmp_path / "page.pdf"


def shown(text: str, y: int, mcid: int | None, tag: str = "P") -> str:
    drawn = f"BT /F 10 Tf 50 {y} Td ({text}) Tj ET "
    return drawn if mcid is None else f"/{tag} <</MCID {mcid}>> BDC {drawn}EMC "


def element(pdf: pikepdf.Pdf, kind: str, parent: pikepdf.Object | None = None, **entries: Any) -> pikepdf.Object:
    made = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name("/" + kind)))
    if parent is not None:
        made.P = parent
    for key, value in entries.items():
        made[f"/{key}"] = value
    return made


def tagged(path: Path, content: str, tree: Tree, *, roles: Dictionary | None = None, nums: Any = None) -> Page:
    """Write and read a page whose marked contents 0, 1, 2 … belong to the elements that `tree` gives."""

    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        elements = Array(tree(file))
        page.StructParents = 0
        file.Root.StructTreeRoot = Dictionary(
            Type=Name.StructTreeRoot, ParentTree=Dictionary(Nums=Array([0, elements])) if nums is None else nums(file)
        )
        if roles is not None:
            file.Root.StructTreeRoot.RoleMap = roles

    return read_one(write_pdf(path, content, change=change))


def spans_of(page: Page) -> list[tuple[str, str]]:
    """Give the text of each span, and the roles of its path."""
    if page.tags is None:
        return []
    texts = page.glyphs.texts
    return [
        (
            "".join(texts[span.first : span.last + 1]),
            "/".join(part.role for part in page.tags.path(span.element)) or "artifact",
        )
        for span in page.tags.spans
    ]


def rows(file: pikepdf.Pdf) -> list[pikepdf.Object]:
    table = element(file, "Table")
    row = element(file, "TR", table, Lang=pikepdf.String("lv"))
    label = element(file, "TH", row, A=Dictionary(O=Name.Table, RowSpan=2, ColSpan=3))
    value = element(file, "TD", row, ActualText=pikepdf.String("other"), Alt=pikepdf.String("told"))
    return [label, value, value]


TWO = shown("Label", 500, 0) + shown("Value", 480, 1) + shown("more", 460, 2) + shown("untagged", 440, None)


def test_glyphs_have_the_path_of_their_element(pdf: Path) -> None:
    page = tagged(pdf, TWO, rows)
    assert spans_of(page) == [("Label", "Table/TR/TH"), ("Valuemore", "Table/TR/TD")]
    assert page.tags is not None
    table, row, label, value = page.tags.elements
    assert (table.parent, row.parent, label.parent, value.parent) == (-1, 0, 1, 1)
    assert (row.language, value.actual_text, value.alternative) == ("lv", "other", "told")
    assert (label.row_span, label.column_span, value.row_span) == (2, 3, 1)
    assert len({part.key for part in page.tags.elements} - {0}) == 4
    assert Page.model_validate_json(page.model_dump_json()) == page


def test_an_untagged_file_says_nothing(pdf: Path) -> None:
    assert read_one(write_pdf(pdf, TWO)).tags is None


@pytest.mark.parametrize(("given", "span"), [(0, 1), (2, 2), (990, 990), (1010, 1)])
def test_a_cell_may_span_so_many_rows(given: int, span: int) -> None:
    assert _span(given) == span


def test_so_much_of_a_text_for_an_element_is_kept() -> None:
    assert _text(b"a" * 2100) == "a" * 2000


def test_artifacts_are_told_from_text_without_a_tag(pdf: Path) -> None:
    content = "/Artifact BMC " + shown("page 1", 50, None) + "EMC " + shown("Label", 500, 0) + shown("free", 400, None)
    assert spans_of(tagged(pdf, content, rows)) == [("page 1", "artifact"), ("Label", "Table/TR/TH")]


def test_the_innermost_marked_content_counts(pdf: Path) -> None:
    inner = shown("inner", 480, 1)
    content = f"/P <</MCID 0>> BDC {shown('outer', 500, None)} /Span BMC {shown('span', 490, None)} EMC {inner} EMC"
    assert spans_of(tagged(pdf, content, rows)) == [("outerspan", "Table/TR/TH"), ("inner", "Table/TR/TD")]


def test_roles_are_mapped(pdf: Path) -> None:
    roles = Dictionary(Zelle=Name.Feld, Feld=Name.TD, Loop=Name.Pool, Pool=Name.Loop)
    page = tagged(pdf, TWO, lambda file: [element(file, "Zelle"), element(file, "Loop")], roles=roles)
    (_, mapped), (_, looped) = spans_of(page)
    assert mapped == "TD"
    assert looped in ("Loop", "Pool")


def loop(file: pikepdf.Pdf) -> list[pikepdf.Object]:
    one, other = element(file, "TD"), element(file, "TR")
    one.P, other.P = other, one
    return [one]


def deep(file: pikepdf.Pdf) -> list[pikepdf.Object]:
    part = element(file, "Sect")
    for _ in range(3000):
        part = element(file, "Div", part)
    return [part]


@pytest.mark.parametrize(
    ("tree", "paths"),
    [
        (loop, ["TR/TD"]),
        (lambda file: [Dictionary(S=Name.TD)], ["TD"]),  # neither a number nor a parent
        (lambda file: [Dictionary(S=7), Name.X, pikepdf.String("x")], []),
        (lambda file: [element(file, "TD", Name.X), Dictionary()], ["TD"]),
        (lambda file: [], []),
    ],
)
def test_broken_trees_are_followed_as_far_as_they_go(pdf: Path, tree: Tree, paths: list[str]) -> None:
    page = tagged(pdf, TWO, tree)
    assert text_of(page) == "LabelValuemoreuntagged"
    assert [path for _, path in spans_of(page)] == paths


def test_a_deep_tree_is_cut(pdf: Path) -> None:
    page = tagged(pdf, TWO, deep)
    assert page.tags is not None
    assert len(page.tags.elements) == 64


@pytest.mark.parametrize(
    "nums",
    [
        lambda file: Name.X,
        lambda file: Dictionary(Nums=Array([0])),
        lambda file: Dictionary(Nums=Array([0, 7])),
        lambda file: Dictionary(Kids=Array([Name.X, Dictionary(Limits=Array([0, Name.X])), Dictionary()])),
    ],
)
def test_a_broken_parent_tree_costs_nothing_but_itself(pdf: Path, nums: Any) -> None:
    page = tagged(pdf, TWO, rows, nums=nums)
    assert (page.tags, text_of(page)) == (None, "LabelValuemoreuntagged")


def test_a_parent_tree_that_holds_itself_ends(pdf: Path) -> None:
    def nums(file: pikepdf.Pdf) -> pikepdf.Object:
        node = file.make_indirect(Dictionary(Limits=Array([0, 9])))
        node.Kids = Array([node])
        return node

    assert tagged(pdf, TWO, rows, nums=nums).tags is None


def test_a_parent_tree_is_searched_by_its_limits(pdf: Path) -> None:
    def nums(file: pikepdf.Pdf) -> pikepdf.Object:
        leaves = [
            Dictionary(Limits=Array([5, 9]), Nums=Array([7, Array([element(file, "Wrong")])])),
            Dictionary(Limits=Array([0, 4]), Nums=Array([3, 1, 0, Array(rows(file))])),
        ]
        return Dictionary(Kids=Array([Dictionary(Limits=Array([0, 9]), Kids=Array(leaves))]))

    assert [path for _, path in spans_of(tagged(pdf, TWO, rows, nums=nums))] == ["Table/TR/TH", "Table/TR/TD"]


def test_what_a_page_does_not_use_is_not_looked_at(pdf: Path) -> None:
    """A tree of 20,000 elements of which the page uses two takes next to no time."""

    def tree(file: pikepdf.Pdf) -> list[pikepdf.Object]:
        used = rows(file)
        return [*used, *[Dictionary(S=Name.TD) for _ in range(20_000)]]

    plain = write_pdf(pdf.with_name("plain.pdf"), TWO)
    begun = time.process_time()
    read_one(plain)
    usual = time.process_time() - begun
    tagged(pdf, TWO, tree)
    begun = time.process_time()
    page = read_one(pdf)
    assert len(spans_of(page)) == 2
    # The file's own parser has to go over it once, at some 20 us an element.
    assert time.process_time() - begun < usual + 2


def test_marked_content_of_a_form_has_its_own_numbers(pdf: Path) -> None:
    def change(file: pikepdf.Pdf, page: Dictionary) -> None:
        label, value, _ = rows(file)
        page.Resources.XObject = Dictionary(X=form(file, shown("inside", 5, 0), StructParents=1))
        page.StructParents = 0
        file.Root.StructTreeRoot = Dictionary(ParentTree=Dictionary(Nums=Array([0, Array([label]), 1, Array([value])])))

    content = shown("page", 500, 0) + "q 1 0 0 1 50 400 cm /X Do Q " + shown("page", 300, 0)
    page = read_one(write_pdf(pdf, content, change=change))
    assert spans_of(page) == [("page", "Table/TR/TH"), ("inside", "Table/TR/TD"), ("page", "Table/TR/TH")]


def test_texts_that_stand_for_concealed_ones_are_left_out(pdf: Path) -> None:
    content = shown("Label", 500, 0) + "3 Tr " + shown("secret", 480, 1) + "0 Tr " + shown("open", 460, 2)
    page = tagged(pdf, content, rows)
    assert spans_of(page) == [("Label", "Table/TR/TH"), ("open", "Table/TR/TD")]
    assert "other" not in page.model_dump_json()
    assert "told" not in page.model_dump_json()


def test_an_id_that_is_used_twice_names_one_element(pdf: Path) -> None:
    page = tagged(pdf, shown("a", 500, 0) + shown("b", 480, 1) + shown("c", 460, 0), rows)
    assert spans_of(page) == [("a", "Table/TR/TH"), ("b", "Table/TR/TD"), ("c", "Table/TR/TH")]
    assert page.tags is not None
    assert len(page.tags.elements) == 4
