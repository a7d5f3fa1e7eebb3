"""The written page: what comes from a document is text, nothing is loaded, the same input gives the same bytes."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from pipeline import paths
from pipeline.cli.main import main
from pipeline.models.edition import ValidatedEdition
from pipeline.quality.review.page import render_page
from pipeline.quality.review.view import build_view
from pipeline.render.images import PagePicture
from tests.quality.review.building import HOSTILE, make_difference, make_golden, make_validated, write_goldens

KEPT = {"id", "page", "code", "severity", "field", "evidence", "edtf", "start", "end", "sha256", "practice", "status"}
"""Keys whose values are codes or patterns by the contract, or numbers."""


class Elements(HTMLParser):
    """Lists the elements of a page with their attributes, and its text."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.inside: dict[str, str] = {}
        self.raw: str | None = None
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attributes}) == len(attributes), f"{tag}: an attribute twice"
        self.found.append((tag, {name: value or "" for name, value in attributes}))
        self.raw = tag if tag in {"style", "script"} else None

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self.raw is not None:
            self.inside[self.raw] = self.inside.get(self.raw, "") + data

    def handle_endtag(self, tag: str) -> None:
        self.raw = None


def poison(value: Any, key: str = "") -> Any:
    """Put a hostile text wherever a document's text could stand."""
    if isinstance(value, BaseModel):
        known = {name: getattr(value, name) for name in type(value).model_fields}
        return value.model_copy(
            update={name: item if name in KEPT else poison(item, name) for name, item in known.items()}
        )
    if isinstance(value, tuple):
        return tuple(poison(item, key) for item in value)
    if isinstance(value, str):
        return f"{value}{HOSTILE}"
    return value


@pytest.fixture(scope="module")
def hostile(pictures: tuple[PagePicture, ...]) -> bytes:
    edition: ValidatedEdition = poison(make_validated())
    edition = edition.model_copy(update={"edition": edition.edition.model_copy(update={"id": f"tiny{HOSTILE}"})})
    failed = pictures[-1].model_copy(update={"webp": b"", "failure": HOSTILE})
    differences = [
        make_difference("bg-1", "period", HOSTILE, HOSTILE, "x", neighbour=HOSTILE, judgement=True),
        make_difference("bg-1", "sources", "links", [HOSTILE], {"a": HOSTILE}),
    ]
    return render_page(build_view(edition, (*pictures[:-1], failed), differences))


def test_control_characters_are_shown_as_pictures(edition: ValidatedEdition, pictures: tuple[PagePicture, ...]) -> None:
    text = "a\x00b\x1bc\x7fd\u202ee\nf"
    said = make_difference("bg-1", "period", "start", "2017", text)
    page = render_page(build_view(edition, pictures, [said])).decode()
    assert "a␀b␛c␡d\ufffde" in page
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", page)


def test_nothing_from_a_document_becomes_markup(
    hostile: bytes, edition: ValidatedEdition, pictures: tuple[PagePicture, ...]
) -> None:
    elements = Elements(hostile)
    assert hostile.count(b"window.hacked") >= 40  # it stands in labels, texts, links, headings, issues, residue …
    assert "".join(elements.text).count(HOSTILE) >= 40
    tags = Counter(tag for tag, _ in elements.found)
    assert (tags["script"], tags["style"]) == (1, 1)
    for tag, attributes in elements.found:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag
        assert tag not in {"a", "form"} or attributes.get("href", "#").startswith("#"), attributes
        assert "src" not in attributes, attributes
        assert tag not in {"iframe", "object", "embed", "base", "svg"}
    assert "window.hacked" not in elements.inside["script"]
    assert "window.hacked" not in elements.inside["style"]
    plain = Elements(render_page(build_view(edition, pictures, None)))
    assert {tag for tag, _ in elements.found} - {tag for tag, _ in plain.found} <= {"del", "ins"}


def test_the_policy_allows_the_pages_own_style_and_script_and_nothing_else(hostile: bytes) -> None:
    elements = Elements(hostile)
    (policy,) = (
        attributes["content"] for _, attributes in elements.found if attributes.get("http-equiv", "").startswith("Con")
    )
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    for name, rule in (("script", "script-src"), ("style", "style-src")):
        digest = base64.b64encode(hashlib.sha256(elements.inside[name].encode()).digest()).decode()
        assert rules[rule] == f"'sha256-{digest}'"
    assert rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert rules["base-uri"] == rules["form-action"] == "'none'"
    assert "unsafe" not in policy


def test_nothing_is_loaded_from_elsewhere(edition: ValidatedEdition, pictures: tuple[PagePicture, ...]) -> None:
    page = render_page(build_view(edition, pictures, None)).decode()
    assert re.findall(r"""(?:src|href|srcset|data)\s*=\s*["'](?!data:|#)[^"']*""", page) == []
    assert re.findall(r"url\(|@import|fetch\(|XMLHttpRequest|import\(", page) == []


def test_ids_are_unique_and_references_lead_somewhere(
    edition: ValidatedEdition, pictures: tuple[PagePicture, ...]
) -> None:
    elements = Elements(render_page(build_view(edition, pictures, None))).found
    ids = Counter(attributes["id"] for _, attributes in elements if "id" in attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    for _, attributes in elements:
        for key in ("aria-labelledby", "for"):
            assert attributes.get(key) is None or attributes[key] in ids
        for key in ("data-cards", "data-marks"):
            assert set(attributes.get(key, "").split()) <= ids.keys()


def test_every_button_and_control_has_a_name(hostile: bytes) -> None:
    text = re.sub(r"\s+", " ", hostile.decode())
    for button in re.findall(r"<button\b[^>]*>.*?</button>", text):
        inside = re.sub(r'<span aria-hidden="true">.*?</span>|<[^>]*>', "", button)
        assert "aria-label=" in button or inside.strip(), button


def test_the_same_input_gives_the_same_bytes(edition: ValidatedEdition, pictures: tuple[PagePicture, ...]) -> None:
    assert render_page(build_view(edition, pictures, ())) == render_page(build_view(edition, pictures, ()))


@pytest.fixture(scope="module")
def extracted(short_booklet: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("extracted")
    assert main(["run", str(short_booklet), "--out", str(out), "--quiet"]) in (0, 1)
    return out


def review(extracted: Path, out: Path, *more: str) -> int:
    return main(["review", "--extracted", str(extracted), "--out", str(out), *more])


def test_the_command_writes_a_page_for_each_edition(
    extracted: Path, short_booklet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "pages"
    assert review(extracted, out, "--source", str(short_booklet.parent), "--goldens", str(tmp_path)) == 0
    assert [path.name for path in out.iterdir()] == ["short.html"]
    assert "short.html" in capsys.readouterr().out
    first = (out / "short.html").read_bytes()
    assert first.count(b"data-src=") == 4
    assert b"there are no goldens of this edition" in first
    assert review(extracted, out, "--source", str(short_booklet), "--quiet", "short") == 0
    assert capsys.readouterr().out == ""
    assert (out / "short.html").read_bytes() == first


def test_output_that_was_set_aside_has_a_page_of_its_own(
    extracted: Path, short_booklet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "extracted"
    shutil.copytree(extracted / "short", folder / "short")
    shutil.copytree(extracted / "short", folder / ".errors" / "short")
    source = ("--source", str(short_booklet))
    assert review(folder, tmp_path / "pages", *source) == 0
    hint = f"the last run of short had errors; see it by: pipeline review {folder}/.errors/short"
    assert hint in capsys.readouterr().err
    assert main(["review", str(folder / ".errors" / "short"), "--out", str(tmp_path / "pages"), *source]) == 0
    assert capsys.readouterr().err == ""
    assert sorted(path.name for path in (tmp_path / "pages").iterdir()) == ["short.errors.html", "short.html"]


def test_a_copy_elsewhere_has_a_page_of_its_own(
    extracted: Path, short_booklet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(extracted / "short", "now/short")
    shutil.copytree(extracted / "short", "before/short")
    words = ["review", "--out", "pages", "--extracted", "now", "--source", str(short_booklet)]
    for folder in ("now/short", "before/short"):
        assert main([*words, folder]) == 0
    assert sorted(path.name for path in Path("pages").iterdir()) == ["before-short.html", "short.html"]


def test_the_command_compares_with_goldens(extracted: Path, short_booklet: Path, tmp_path: Path) -> None:
    from pipeline.stages.emit.edition import load_edition

    edition = load_edition(extracted / "short")
    goldens = [make_golden(practice) for practice in edition.practices]
    goldens[0] = goldens[0].model_copy(update={"title": "another title"})
    folder = write_goldens(tmp_path / "golden", goldens)
    assert review(extracted, tmp_path, "--source", str(short_booklet), "--goldens", str(folder)) == 0
    page = (tmp_path / "short.html").read_text()
    assert page.count("reason reason-difference") == 1
    assert "title: changed" in page


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["nosuch"], "no extracted edition 'nosuch'"),
        (["--source", "missing"], "its source missing is not there"),
        (["--extracted", "missing"], "no extracted edition in missing"),
    ],
)
def test_what_is_missing_is_one_line(
    extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], message: str
) -> None:
    assert review(extracted, tmp_path / "out", *more) == 2
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_page_that_cannot_be_written_leaves_the_last_one(
    extracted: Path, short_booklet: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert review(extracted, blocked, "--source", str(short_booklet)) == 3
    assert "choose another folder by --out" in capsys.readouterr().err
    assert blocked.read_text() == "in the way"


@pytest.mark.check
def test_the_committed_edition_stays_small(tmp_path: Path) -> None:
    assert paths.REPOSITORY is not None
    root = paths.REPOSITORY
    assert review(root / "extracted", tmp_path, "--source", str(root / "raw"), "raccombat-lv") == 0
    assert (tmp_path / "raccombat-lv.html").stat().st_size < 15_000_000
