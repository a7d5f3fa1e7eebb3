"""The title that a new file has, and the edition that it is held against."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipeline.authoring.arrival import find_title, recommend_editions
from pipeline.lexicon import load_lexicon
from pipeline.lexicon.front_matter import CountWords
from pipeline.models.geometry import Box
from pipeline.models.row import Document, Row, TextBlock


def block(text: str, size: float, page: int = 1) -> TextBlock:
    box = Box(page=page, x0=0, top=0, x1=1, bottom=1)
    return TextBlock.model_construct(kind="text", lines=(), text=text, boxes=(box,), size=size, bold=False)


def document(*content: TextBlock | Row) -> Document:
    return Document.model_construct(content=content, furniture=(), residue=(), counts=(), surplus=(), issues=())


NOTHING: dict[str, Any] = {}
ROW = Row.model_construct(**NOTHING)


PRINTED = document(block("Good practices against hatred", 20), block("Austria: A café", 14, 2), ROW)


@pytest.mark.parametrize(
    ("declared", "title"),
    [
        ("Practices that work", "Practices that work"),
        ("Microsoft Word - final version", "Good practices against hatred"),
        ("final version 3.indd", "Good practices against hatred"),
        ("final_version of it", "Good practices against hatred"),
        ("Introduction", "Good practices against hatred"),
        ("", "Good practices against hatred"),
    ],
)
def test_the_documents_information_goes_first_unless_a_program_wrote_it(declared: str, title: str) -> None:
    assert find_title(declared, PRINTED, CountWords()) == title


def test_no_heading_is_the_title() -> None:
    front = (block("Introduction", 30), block("What this booklet is", 18, 2), block("How to read it", 18, 3))
    heading = block("Austria: A café for all", 18, 4)
    assert find_title("", document(*front, heading, ROW), CountWords()) == "What this booklet is"
    titled = document(front[0], block("Good practices\nof eleven countries", 16), *front[1:], heading, ROW)
    assert find_title("", titled, CountWords()) == "Good practices of eleven countries"
    assert find_title("", document(heading, ROW, block("An epilogue after it", 40)), CountWords()) is None


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("bg", "За този сборник"),
        ("de", "Über diese Sammlung"),
        ("el", "Σχετικά με το έργο"),
        ("en", "About this booklet"),
        ("en", "Introduction: why we wrote it"),
        ("lv", "Ievads par projektu"),
        ("nl", "Over deze bundel"),
        ("ro", "Despre această culegere"),
    ],
)
def test_no_heading_of_the_front_matter_is_the_title(language: str, heading: str) -> None:
    words, front = load_lexicon(language).counts, (block(heading, 30), block("Practices that work", 20))
    assert find_title("", document(*front), CountWords()) == heading
    assert find_title("", document(front[0], block("A sentence on practices.", 12)), words) is None
    assert find_title("", document(*front), words) == "Practices that work"
    assert find_title("", document(block("Introductory practices", 30)), words) == "Introductory practices"


def write_index(
    out: Path, edition: str, language: str, countries: list[list[str]], *, status: str = "good", drafts: int = 0
) -> None:
    (out / edition).mkdir()
    content = {
        "edition": {"language": language},
        "counts": {"drafts": drafts},
        "practices": [{"countries": own} for own in countries],
    }
    (out / edition / "index.json").write_text(json.dumps(content))
    (out / edition / "report.json").write_text(json.dumps({"status": status}))


def test_the_edition_in_the_same_language_is_recommended_else_the_one_that_shares_most(tmp_path: Path) -> None:
    write_index(tmp_path, "a-en", "en", [["AT"]])
    write_index(tmp_path, "b-lv", "lv", [["AT"], ["BG", "DE"], ["BG"]])
    write_index(tmp_path, "c-nl", "nl", [["AT"], ["BG"]])
    wanted = [["DE", "BG"], ["BG"], ["AT"]]
    assert recommend_editions(tmp_path, "new", "de", wanted) == ("b-lv",)
    assert recommend_editions(tmp_path, "new", "en", wanted) == ("a-en",)
    assert recommend_editions(tmp_path, "b-lv", "de", wanted) == ("c-nl",)
    assert recommend_editions(tmp_path / "a-en", "new", "de", wanted) == ()


def test_editions_that_are_equally_fit_are_all_named(tmp_path: Path) -> None:
    for name, language in (("a-en", "en"), ("b-nl", "nl"), ("c-bg", "bg")):
        write_index(tmp_path, name, language, [["AT"]] if language != "bg" else [["BE"]])
    assert recommend_editions(tmp_path, "new", "de", [["AT"]]) == ("a-en", "b-nl")


def test_an_edition_that_is_not_good_or_that_drafts_have_mapped_is_a_poor_model(tmp_path: Path) -> None:
    wanted = [["BE"], ["BG", "RO"]]
    write_index(tmp_path, "a-de", "de", wanted, status="errors")
    write_index(tmp_path, "b-bg", "bg", wanted, drafts=56)
    write_index(tmp_path, "c-lv", "lv", [["BE"], ["AT"]])
    assert recommend_editions(tmp_path, "new", "de", wanted) == ("c-lv",)
    # One with no practice of the same countries shows nothing at all.
    assert recommend_editions(tmp_path, "new", "de", wanted[1:]) == ("b-bg",)
