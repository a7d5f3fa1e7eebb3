"""Sites to look at: two editions in two languages, one full of what a page must not run; and one with pictures."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli.main import main
from tests.publish.building import KNOWN, write_edition

HOSTILE = "<img src=x onerror=window.hacked=1> & \"quoted\" 'text'"


def say_in_english(content: dict[str, Any]) -> None:
    """Have a practice say something else, with links that nobody should follow."""
    content["title"] = f"An English title {HOSTILE}"
    content["heading"] = f"Country: {content['title']}"
    for value in content["fields"].values():
        if value is not None:
            value["text"], value["label"] = f"{HOSTILE} about Zażółć schools\n- one\n- two\nrow\tcell", HOSTILE
            value["links"] = [
                {"url": "javascript:window.hacked=2", "text": "Zażółć"},
                {"url": "data:text/html,x", "text": ""},
                {"url": "https://example.org/a b", "text": ""},
                {"url": "HTTPS://example.org/ok?a=1&b=2", "text": "schools"},
                {"url": "mailto:someone@example.org", "text": ""},
            ]


@pytest.fixture(scope="session")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The known edition, and three of its practices in another language."""
    out = tmp_path_factory.mktemp("two")
    shutil.copytree(KNOWN, out / KNOWN.name)
    ids = {"at-1": "at-2", "at-2": "at-1", "lv-1": "lv-1"}
    write_edition(out, "mini #1 en", ids, say_in_english, language="en", title=HOSTILE, rights="CC-BY-4.0 for the text")
    return out


@pytest.fixture(scope="session")
def site(extracted: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of both."""
    out = tmp_path_factory.mktemp("site") / "site"
    assert main(["site", "--extracted", str(extracted), "--out", str(out), "--since", str(KNOWN.parent)]) == 0
    return out


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of an edition without practices, and of one whose practice states nothing, in no known language."""

    def state_nothing(content: dict[str, Any]) -> None:
        content |= {"countries": [], "title": "", "heading": "Donaudampfschifffahrtsgesellschaftskapitän" * 3}
        content["fields"] = dict.fromkeys(content["fields"])

    out = tmp_path_factory.mktemp("bare")
    write_edition(out / "extracted", "empty", {}, language=None)
    write_edition(out / "extracted", "one", {"at-1": "at-1"}, state_nothing, language=None)
    assert main(["site", "--extracted", str(out / "extracted"), "--out", str(out / "site"), "--quiet"]) == 0
    return out / "site"


@pytest.fixture(scope="session")
def pictured(short_booklet: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a short booklet, with pictures of its pages."""
    out = tmp_path_factory.mktemp("pictured")
    assert main(["run", str(short_booklet), "--out", str(out / "extracted"), "--quiet"]) in (0, 1)
    source = ["--source", str(short_booklet.parent), "--with-pages"]
    assert main(["site", "--extracted", str(out / "extracted"), "--out", str(out / "site"), *source]) == 0
    return out / "site"
