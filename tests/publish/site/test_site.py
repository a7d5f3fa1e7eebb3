"""The site's files: every value escaped, every address leading somewhere, pictures only where they may be shown."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit
from xml.etree import ElementTree as ET

import pytest
from PIL import Image

from pipeline import paths
from pipeline.cli.main import main
from pipeline.models.geometry import Box
from pipeline.models.practice import FIELDS, Link
from pipeline.models.row import Residue
from pipeline.publish.site.content import _MAP, draw_map, find_years, is_safe, list_entries, split_text
from pipeline.publish.site.pictures import COVER, allows_pictures, cover, draw_shown
from pipeline.render.images import PagePicture
from pipeline.stages.emit.edition import load_edition, load_report
from tests.publish.building import KNOWN
from tests.publish.site.conftest import HOSTILE

FIRST_PAGE = ("index.html", "static/site.css", "static/site.js", "static/icon.svg")
FIRST_PAGE_BYTES = 300_000
SITE_BYTES = 20_000_000


class Elements(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> list[str]:
        return [value for _, attributes in self.found if (value := attributes.get(name)) is not None]


@pytest.fixture(scope="session")
def pages(site: Path) -> dict[Path, Elements]:
    return {path: Elements(path) for path in sorted(site.rglob("*.html"))}


def addresses(page: Elements) -> Iterator[str]:
    for tag, attributes in page.found:
        if tag != "link" or attributes["rel"] != "canonical":
            yield from (value for name in ("href", "src", "action") if (value := attributes.get(name)) is not None)


def test_every_practice_has_a_page_by_its_key(site: Path, extracted: Path) -> None:
    keys = {practice.id for practice in load_edition(KNOWN).practices}
    names = {path.stem for path in (site / "practices").iterdir()}
    assert keys <= names
    assert names - keys == {f"{key}.mini #1 en" for key in ("at-1", "at-2", "lv-1")}


def test_a_page_holds_every_text_of_its_practice(site: Path) -> None:
    for practice in load_edition(KNOWN).practices:
        text = " ".join(Elements(site / "practices" / f"{practice.id}.html").text.split())
        for name in FIELDS:
            value = getattr(practice.fields, name)
            if value is not None:
                for line in value.text.split("\n"):
                    assert " ".join(line.removeprefix("- ").split()) in text, (practice.id, name)


def test_it_is_small(site: Path) -> None:
    assert sum((site / name).stat().st_size for name in FIRST_PAGE) < FIRST_PAGE_BYTES
    assert sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) < SITE_BYTES


@pytest.mark.check
def test_with_pictures_of_all_pages_it_is_small_too(tmp_path: Path) -> None:
    out = tmp_path / "site"
    source = ["--source", str(KNOWN.parents[1] / "raw"), "--with-pages", "--quiet"]
    assert main(["site", "--extracted", str(KNOWN.parent), "--out", str(out), *source]) == 0
    pictures = list((out / "pages" / KNOWN.name).iterdir())
    assert len(pictures) == load_edition(KNOWN).edition.pages
    assert sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) < SITE_BYTES
    assert sum((out / name).stat().st_size for name in FIRST_PAGE) < FIRST_PAGE_BYTES


def test_nothing_is_offered_that_there_is_nothing_of(bare: Path) -> None:
    front = Elements(bare / "index.html")
    text = " ".join(front.text.split())
    assert "1 practice 0 countries 2 editions Search in all texts" in text
    assert [attributes for tag, attributes in front.found if tag == "legend"] == [{}], "the map alone"
    assert not any(attributes.get("name") in ("free", "from", "language") for _, attributes in front.found)


def test_every_address_leads_somewhere(site: Path, pages: dict[Path, Elements]) -> None:
    for path, page in pages.items():
        for address in addresses(page):
            if urlsplit(address).scheme:
                continue
            file, fragment = urldefrag(address)
            target = (path.parent / unquote(file)).resolve() if file else path
            assert target.is_file(), (path.name, address)
            if fragment:
                assert fragment in pages[target].values("id"), (path.name, address)


def test_names_in_a_page_are_its_own(pages: dict[Path, Elements]) -> None:
    for path, page in pages.items():
        ids = page.values("id")
        assert len(ids) == len(set(ids)), path


def test_nothing_of_a_document_is_run(pages: dict[Path, Elements]) -> None:
    shown = 0
    for path, page in pages.items():
        assert {urlsplit(address).scheme.lower() for address in addresses(page)} <= {"", "https", "http", "mailto"}
        assert not any(tag in ("img", "iframe", "object", "style") for tag, _ in page.found), path
        assert not any(name.startswith("on") or name == "style" for _, about in page.found for name in about), path
        shown += page.text.count(HOSTILE)
    assert shown > 50


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/", True),
        ("HTTP://example.org", True),
        ("mailto:a@example.org", True),
        ("javascript:alert(1)", False),
        ("java\nscript:alert(1)", False),
        (" https://example.org/", False),
        ("https://example.org/\n", False),
        ("https:example", False),
        ("file:///etc/passwd", False),
        ("//example.org/", False),
    ],
)
def test_only_web_and_mail_are_followed(url: str, safe: bool) -> None:
    assert is_safe(url) is safe


def test_links_are_placed_in_their_text() -> None:
    links = [Link(url="https://a.test/", text="here"), Link(url="https://b.test/", text="not in it")]
    (first, second, third) = split_text("See here\n- an item\nrow\tcell", links)
    assert first == ("p", [[[("See ", None), ("here", "https://a.test/"), ("", None)]]])
    assert second == ("li", [[[("an item", None)]]])
    assert third == ("tr", [[[("row", None)], [("cell", None)]]])
    assert [link.text for link in links] == ["not in it"]


@pytest.mark.parametrize(
    ("edtf", "years"),
    [
        (None, None),
        ("2016-05/..", (2016, None)),
        ("2015/", (2015, 2015)),
        ("/2018", (2018, 2018)),
        ("2014-01-02/2018-03", (2014, 2018)),
        ("../2018", (2018, 2018)),
        ("/..", None),
        ("/", None),
    ],
)
def test_years_of_a_period(edtf: str | None, years: tuple[int, int | None] | None) -> None:
    assert find_years(edtf) == years


def test_the_map_has_every_member_state_and_room_for_others() -> None:
    (columns,) = {len(line.split()) for line in _MAP.strip().splitlines()}
    cells = draw_map(["AT", "NO", "CH", *(f"X{letter}" for letter in "ABCDEFGHIJ")])
    tiles = [tile for tile in cells if tile]
    assert len({*tiles}) == len(tiles) == 27 + 12
    places = {tile: divmod(place, columns) for place, tile in enumerate(cells) if tile}
    assert places["PT"][1] == places["IE"][1] == 0
    assert places["CY"][1] == columns - 1
    assert places["CH"] == (places["CY"][0] + 1, 0)
    style = (files("pipeline.publish.site") / "static" / "site.css").read_text(encoding="utf-8")
    assert f"grid-template-columns: repeat({columns}, 1fr)" in style


def test_a_shared_cell_is_shown_once() -> None:
    practice = next(practice for practice in load_edition(KNOWN).practices if practice.id == "at-1")
    entries = {entry.name: entry for listed in list_entries(practice).values() for entry in listed}
    assert entries["partners"].same_as == "implementers"
    assert entries["implementers"].same_as is None
    # A merged row whose cell is divided among its fields: each has its own text.
    partners = practice.fields.partners
    assert partners is not None
    fields = practice.fields.model_copy(update={"partners": partners.model_copy(update={"text": "Caritas"})})
    tables = list_entries(practice.model_copy(update={"fields": fields}))
    assert next(entry for entry in tables["The practice"] if entry.name == "partners").same_as is None


def test_data_set_markup(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    (markup,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    whole, *practices = json.loads(markup)["@graph"]
    assert "Dataset" in whole["@type"]
    assert len(practices) == 15
    for file in whole["distribution"]:
        assert (site / file["contentUrl"]).stat().st_size == int(file["contentSize"].split()[0])
    for node in practices:
        assert (site / node["@id"].removeprefix(whole["@id"])).is_file()


def test_a_base_that_is_set_is_the_pages_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Path) -> None:
    assert 'rel="canonical"' not in (site / "practices" / "at-1.html").read_text(encoding="utf-8")
    assert (ET.parse(site / "changes.xml").getroot().findtext("channel/link")) == "index.html"
    base = "https://data.test/practices/"
    shutil.copytree(paths.SCHEMAS, tmp_path / "schemas")
    keys = tmp_path / "schemas" / "collection.yaml"
    keys.write_text(keys.read_text(encoding="utf-8").replace("https://example.org/raccombat/", base))
    monkeypatch.setattr(paths, "SCHEMAS", tmp_path / "schemas")
    assert main(["site", "--extracted", str(KNOWN.parent), "--out", str(tmp_path / "site"), "--quiet"]) == 0
    page = Elements(tmp_path / "site" / "practices" / "at-1.html")
    assert ("link", {"rel": "canonical", "href": f"{base}practices/at-1.html"}) in page.found
    assert f"{base}practices/at-1.html." in page.text, "the citation"
    for item in ET.parse(tmp_path / "site" / "changes.xml").getroot().iter("link"):
        assert (item.text or "").startswith(base)
    whole = json.loads((tmp_path / "site" / "data" / "dataset.jsonld").read_text())["@graph"][0]
    for file in whole["distribution"]:
        assert (tmp_path / "site" / file["contentUrl"].removeprefix(base)).is_file()


def test_the_feed_s_date_is_given_by_who_publishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "pubDate" not in (site / "changes.xml").read_text(encoding="utf-8"), "the same input, the same bytes"
    arguments = ["site", "--extracted", str(KNOWN.parent), "--out", str(tmp_path / "site"), "--quiet"]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert main(arguments) == 0
    dates = [date.text for date in ET.parse(tmp_path / "site" / "changes.xml").getroot().iter("pubDate")]
    assert dates == ["Tue, 14 Nov 2023 22:13:20 +0000"] * 2
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    assert main(arguments) == 2
    assert "SOURCE_DATE_EPOCH is 'yesterday'" in capsys.readouterr().err


def test_the_feed_lists_what_is_new(site: Path) -> None:
    (item,) = ET.parse(site / "changes.xml").getroot().iter("item")
    assert item.findtext("title") == "Edition mini #1 en"
    assert HOSTILE in (item.findtext("description") or "")


def test_the_feed_leads_to_what_has_changed(extracted: Path, tmp_path: Path) -> None:
    old = tmp_path / "old" / KNOWN.name
    old.mkdir(parents=True)
    for path in KNOWN.iterdir():
        (old / path.name).write_bytes(path.read_bytes())
    practice: dict[str, Any] = json.loads((old / "lt-1.json").read_bytes())
    practice["fields"]["period"]["text"] = "\x01 before"
    (old / "lt-1.json").write_text(json.dumps(practice))
    arguments = ["site", KNOWN.name, "--extracted", str(KNOWN.parent), "--since", str(old.parent)]
    assert main([*arguments, "--out", str(tmp_path / "site")]) == 0
    (item,) = ET.parse(tmp_path / "site" / "changes.xml").getroot().iter("item")
    assert item.findtext("title") == f"lt-1 ({KNOWN.name}): 1 change"
    assert (item.findtext("link") or "").endswith("practices/lt-1.html")
    assert "\ufffd before" in (item.findtext("description") or "")
    page = Elements(tmp_path / "site" / "changes.html")
    assert "since its last publication" in page.text
    assert "practices/lt-1.html" in page.values("href")
    assert f"lt-1 ({KNOWN.name}): 1 change" in page.text


def test_the_same_input_gives_the_same_bytes(site: Path, extracted: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipeline", "site", "--extracted", str(extracted), "--since", str(KNOWN.parent)]
    other = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONUTF8": "0"}
    subprocess.run([*command, "--out", "again"], check=True, cwd=tmp_path, env={**os.environ, **other})
    assert contents(tmp_path / "again") == contents(site)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_no_site_has_written_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("kept")
    assert main(["site", "--extracted", str(KNOWN.parent), "--out", str(tmp_path)]) == 3
    assert "holds what no site has written" in capsys.readouterr().err
    assert (tmp_path / "mine.txt").read_text() == "kept"


def test_a_site_that_fails_leaves_the_last_one(
    extracted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["site", KNOWN.name, "--extracted", str(extracted), "--out", str(tmp_path / "site")]
    assert main(arguments) == 0
    before = contents(tmp_path / "site")
    assert main([*arguments, "--with-pages", "--source", str(tmp_path)]) == 2
    assert "raccombat-lv.pdf" in capsys.readouterr().err
    assert contents(tmp_path / "site") == before
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize(
    ("rights", "allowed"),
    [
        ("CC-BY-4.0", True),
        ("CC0-1.0", True),
        ("CC-BY-SA-3.0", True),
        (None, False),
        ("unknown", False),
        ("CC-BY-ND-4.0", False),
        ("CC-BY-4.0 for the text", False),
        ("All rights reserved by the publisher.", False),
    ],
)
def test_pictures_need_an_open_licence(rights: str | None, allowed: bool) -> None:
    assert allows_pictures(rights) is allowed


def test_no_picture_without_rights(site: Path) -> None:
    assert list(site.rglob("*.webp")) == []
    assert "See it on" not in Elements(site / "practices" / "at-1.html").text


def test_what_the_report_calls_concealed_is_painted_over(pictured: Path, short_booklet: Path) -> None:
    report = load_report(pictured.parent / "extracted" / "short")
    box = Box(page=2, x0=100, top=100, x1=200, bottom=200)
    hidden = Residue(reason="concealed", text="", box=box, glyphs=1)
    pictures = draw_shown(short_booklet, report.model_copy(update={"residue": (hidden,)}))
    scale = pictures[2].pixels[0] / pictures[2].width
    images = {number: Image.open(io.BytesIO(picture.webp)).convert("RGB") for number, picture in pictures.items()}
    assert images[2].crop(tuple(round(edge * scale) for edge in (100, 100, 200, 200))).getcolors() == [
        (round(100 * scale) ** 2, COVER)
    ]
    assert COVER not in {colour for _, colour in images[1].getcolors(1 << 24) or ()}


def test_concealed_text_is_painted_over() -> None:
    out = io.BytesIO()
    Image.new("RGB", (200, 100), "white").save(out, "WEBP", lossless=True)
    picture = PagePicture(number=1, width=100, height=50, pixels=(200, 100), webp=out.getvalue())
    box = Box(page=1, x0=10, top=10, x1=20, bottom=20)
    painted = Image.open(io.BytesIO(cover(picture, [box]).webp)).convert("RGB")
    assert painted.getpixel((30, 30)) == COVER
    assert painted.getpixel((60, 60)) == (255, 255, 255)
    assert cover(picture, []) is picture
