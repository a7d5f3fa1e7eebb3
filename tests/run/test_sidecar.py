"""Sidecars: what is known of a source file is checked, and its name is a safe folder name."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

import pytest
import yaml

from pipeline import paths
from pipeline.errors import InputError, SidecarError
from pipeline.run.identity import edition_id
from pipeline.run.sidecar import check_hash, read_sidecar

GOOD = {
    "title": "A booklet",
    "publisher": "Someone",
    "language": "lv",
    "sha256": "0" * 64,
    "origin": "https://example.org/",
    "note": "",
}


PROGRAMMERS_WORDS = re.compile(r"sys\.|hashable|tuple|dictionar|Input|Value error|pattern|constructor|unicode string|<")
"""Words of the libraries that read a sidecar, which nobody who writes one need know."""


def write(folder: Path, content: object) -> Path:
    source = folder / "some.pdf"
    source.with_suffix(".yaml").write_text(content if isinstance(content, str) else yaml.safe_dump(content))
    return source


def test_a_sidecar_is_read(tmp_path: Path) -> None:
    sidecar = read_sidecar(write(tmp_path, GOOD))
    assert sidecar is not None
    assert (sidecar.title, sidecar.language) == ("A booklet", "lv")


def test_no_sidecar_is_no_error(tmp_path: Path) -> None:
    assert read_sidecar(tmp_path / "some.pdf") is None


@pytest.mark.parametrize("key", ["title", "publisher", "language", "sha256", "origin"])
def test_a_missing_key_is_named(tmp_path: Path, key: str) -> None:
    content = {name: value for name, value in GOOD.items() if name != key}
    with pytest.raises(SidecarError, match=rf"some\.yaml: {key}: "):
        read_sidecar(write(tmp_path, content))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({**GOOD, "colour": "red"}, "colour"),
        ({**GOOD, "sha256": "abc"}, "sha256"),
        ({**GOOD, "language": "Latvian"}, "language"),
        ({**GOOD, "language": False}, "language"),
        ("title: [", "is no valid YAML"),
        ("- a list", "the whole: must be a mapping of keys to values"),
        ("", "title, publisher, language, sha256, origin: required and missing"),
        (
            "title: 2020\npublisher: A\nlanguage: lv\norigin: B\nsha256: '" + "0" * 64 + "'",
            "is read as a number",
        ),
        (
            {**GOOD, "sha256": 12, "publisher": 3, "colour": "red"},
            r"publisher.*sha256.*colour: is no key that is known",
        ),
        ({"title": "A", "sha256": "abc"}, r"publisher, language, origin: required.*sha256: 'abc' is not a SHA-256"),
        ({**GOOD, "acknowledged": [{"code": "residue", "reason": "a", "digest": 123456789012}]}, "quotation marks"),
        ({**GOOD, "acknowledged": "residue"}, "acknowledged: must be a list"),
        ({**GOOD, "language": "Latvian"}, "language: 'Latvian' is not a BCP 47 code, such as lv;"),
        ({**GOOD, "note": "a\x9b"}, "note: it holds control characters; remove them"),
        ({**GOOD, "title": " "}, "title: must not be empty"),
        ("title: !!python/object:os.system x", "no such number, day or kind of value on line 1, column 8"),
        ("title: [!!int many]", "no such number, day or kind of value on line 1, column 9"),
        (f"title: 0x{'f' * 6_000}", "no such number, day or kind of value on line 1, column 8"),
        ("{[a, b]: c}", "a list or mapping can be no key on line 1, column 2"),
    ],
)
def test_what_a_sidecar_can_not_hold_is_named(tmp_path: Path, content: object, said: str) -> None:
    with pytest.raises(SidecarError, match=said):
        read_sidecar(write(tmp_path, content))


@pytest.mark.parametrize(
    "value",
    [
        "2020-13-45",
        "!!timestamp soon",
        "!!python/object:os.system x",
        "!!int many",
        "9" * 5_000,
        "0x" + "f" * 6_000,
        "190:20:30",
        "&again [*again]",
        "{[a, b]: c}",
        "[" * 9_000,
        "[" * 200_000,
        "- " * 200_000,
        "no",
        "\x00",
        "1e400",
    ],
    ids=lambda value: value[:30],
)
def test_whatever_stands_in_a_sidecar_is_one_line_or_read(tmp_path: Path, value: str) -> None:
    source = write(tmp_path, GOOD)
    sidecar = source.with_suffix(".yaml")
    sidecar.write_text(sidecar.read_text() + f"note: {value}\n")
    found, said = None, ""
    try:
        found = read_sidecar(source)
    except SidecarError as error:
        said = str(error)
    assert (found is not None and found.note == value) or ("some.yaml" in said and "\n" not in said)
    assert not PROGRAMMERS_WORDS.search(said)


def test_norwegian_needs_no_quotes(tmp_path: Path) -> None:
    source = write(tmp_path, GOOD)
    sidecar = source.with_suffix(".yaml")
    sidecar.write_text(sidecar.read_text().replace("language: lv", "language: no"))
    found = read_sidecar(source)
    assert found is not None
    assert found.language == "no"


def test_a_pipe_is_no_sidecar_to_wait_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "some.yaml")
    with pytest.raises(SidecarError, match="no plain file"):
        read_sidecar(tmp_path / "some.pdf")


@pytest.mark.parametrize("target", ["absent.yaml", "some.yaml"], ids=["dangling", "looping"])
def test_a_link_that_leads_nowhere_is_a_sidecar_that_can_not_be_read(tmp_path: Path, target: str) -> None:
    (tmp_path / "some.yaml").symlink_to(target)
    with pytest.raises(SidecarError, match=r"some\.yaml"):
        read_sidecar(tmp_path / "some.pdf")


@pytest.mark.parametrize("sign", ["\0", "\x1b", "\x9b"])
@pytest.mark.parametrize("key", ["title", "rights", "note"])
def test_control_characters_are_no_text(tmp_path: Path, key: str, sign: str) -> None:
    with pytest.raises(SidecarError, match=rf"some\.yaml: {key}: "):
        read_sidecar(write(tmp_path, {**GOOD, key: f"A{sign}[31m booklet"}))


def test_a_wrong_hash_is_an_error_that_says_both(tmp_path: Path) -> None:
    source = write(tmp_path, GOOD)
    sidecar = read_sidecar(source)
    assert sidecar is not None
    check_hash(sidecar, "0" * 64, source)
    with pytest.raises(SidecarError, match=r"set sha256 to 1{64}"):
        check_hash(sidecar, "1" * 64, source)


@pytest.mark.parametrize("name", ["a.pdf", "Vērtīgas prakses 2019.pdf", "a.b.pdf", "a"])
def test_an_edition_is_called_by_its_file_s_stem(name: str) -> None:
    assert edition_id(Path("raw") / name) == Path(name).stem


@pytest.mark.parametrize("name", ["...pdf", ".hidden.pdf", "a\nb.pdf", "a\\b.pdf", "\x1b[31m.pdf", f"{'x' * 201}.pdf"])
def test_a_name_that_can_be_no_folder_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="edition id"):
        edition_id(Path("raw") / name)


@pytest.mark.parametrize(
    "source", sorted((Path(paths.REPOSITORY or ".") / "raw").glob("*.pdf")), ids=lambda path: path.stem
)
def test_every_source_has_a_sidecar_that_describes_it(source: Path) -> None:
    sidecar = read_sidecar(source)
    assert sidecar is not None
    check_hash(sidecar, hashlib.sha256(source.read_bytes()).hexdigest(), source)
