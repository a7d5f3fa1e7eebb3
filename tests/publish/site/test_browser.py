"""The site in a real browser, from a disk: filters, search, switch of language, pictures, keyboard, screen reader."""

from __future__ import annotations

import base64
import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser import DESKTOP, PHONE, Page

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.check

FREE_FOR_ASYLUM_SEEKERS_IN_AUSTRIA = (
    "input[name=country][value=AT]",
    "input[name=group][value=asylum_seekers]",
    "input[name=free]",
)
MARGIN_POINTS = 16 / 25.4 * 72 - 1
MOST_SHEETS = 16
PAGES = (
    "index.html",
    "practices/at-1.html",
    "practices/at-1.mini%20%231%20en.html",
    "dictionary.html",
    "downloads.html",
    "changes.html",
)


class Site(Page):
    """The site as a person meets it."""

    def __init__(
        self, driver: Chrome, folder: Path, address: str = "index.html", size: tuple[int, int] = DESKTOP
    ) -> None:
        self.driver = driver
        self.folder = folder
        self.resize(size)
        driver.get("about:blank")
        self.console()
        self.requested()
        self.open(address)

    def open(self, address: str) -> None:
        """Go to a page."""
        self.driver.get(f"{self.folder.as_uri()}/{address}")
        self.settle()

    def shown(self) -> list[str]:
        """Give the keys of the practices that are shown."""
        found: list[str] = self.run(
            """
            const seen = [...document.querySelectorAll(".card")].filter((card) => card.checkVisibility());
            return seen.map((card) => card.dataset.key);
            """
        )
        return found

    def search(self, words: str) -> None:
        """Type into the search, and wait for the texts."""
        self.press("/")
        self.driver.switch_to.active_element.send_keys(words)
        self.settle()
        self.settle()

    def texts(self, selector: str) -> list[str]:
        """Give the texts of elements that can be seen."""
        found: list[str] = self.run(
            """
            const seen = [...document.querySelectorAll(arguments[0])].filter((element) => element.checkVisibility());
            return seen.map((element) => element.textContent);
            """,
            selector,
        )
        return found


@pytest.fixture
def page(driver: Chrome, site: Path) -> Iterator[Site]:
    """The front page; whatever is done with it, the browser complains of nothing and asks nobody for anything."""
    opened = Site(driver, site)
    yield opened
    assert opened.console() == []
    requested = opened.requested()
    assert requested
    assert [address for address in requested if not address.startswith(site.as_uri())] == []
    assert opened.run("return window.hacked") is None


def test_it_opens_with_all_practices_once(page: Site) -> None:
    assert len(page.shown()) == len(set(page.shown())) == 15
    assert page.texts("#count") == ["15 practices"]
    assert page.texts("#reset") == []


def test_three_clicks_from_the_front_page(page: Site) -> None:
    for selector in FREE_FOR_ASYLUM_SEEKERS_IN_AUSTRIA:
        page.click(selector)
    assert page.shown() == ["at-1", "at-2"]
    assert page.texts("#count") == ["2 of 15 practices"]
    page.click(".card:not([hidden]) h3 a")
    assert page.run("return document.querySelector('h1').textContent") == "„Start Vienna”"
    # Back again, what was chosen is still chosen: the address holds it.
    page.driver.back()
    page.settle()
    assert page.shown() == ["at-1", "at-2"]
    page.click("#reset")
    assert len(page.shown()) == 15


def test_three_clicks_on_a_phone_once_the_filters_are_open(driver: Chrome, site: Path) -> None:
    page = Site(driver, site, size=PHONE)
    assert not page.run(f"return document.querySelector('{FREE_FOR_ASYLUM_SEEKERS_IN_AUSTRIA[0]}').checkVisibility()")
    page.click(".fold")
    for selector in FREE_FOR_ASYLUM_SEEKERS_IN_AUSTRIA:
        page.click(selector)
    assert page.shown() == ["at-1", "at-2"]


def test_it_works_from_a_folder_of_any_static_host(driver: Chrome, site: Path, tmp_path: Path) -> None:
    (tmp_path / "some where").mkdir()
    (tmp_path / "some where" / "practices").symlink_to(site)
    handler = functools.partial(SilentHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/some%20where/practices/"
        page = Site.__new__(Site)
        page.driver = driver
        page.resize(DESKTOP)
        driver.get("about:blank")
        page.console()
        page.requested()
        driver.get(address)
        for selector in FREE_FOR_ASYLUM_SEEKERS_IN_AUSTRIA:
            page.click(selector)
        assert page.shown() == ["at-1", "at-2"]
        page.search("vin")
        assert page.texts(".hits mark")
        page.click(".card:not([hidden]) h3 a")
        assert page.run("return document.querySelector('h1').textContent") == "„Start Vienna”"
        page.click(".switch a:not([aria-current])")
        assert page.run("return document.documentElement.outerHTML").count("Zażółć")
        page.click(".brand")
        assert len(page.shown()) == 15
        assert page.console() == []
        assert {asked for asked in page.requested() if not asked.startswith(address)} == set()
        server.shutdown()


class SilentHandler(SimpleHTTPRequestHandler):
    """Serves files, and writes no log."""

    def log_message(self, *arguments: object) -> None:
        pass


def test_a_phone_shows_how_many_filters_are_chosen(driver: Chrome, site: Path) -> None:
    page = Site(driver, site, "index.html#country=AT&free=1&q=vin", size=PHONE)
    assert page.texts(".fold") == ["Filters (2)"]
    page.click("#reset")
    assert page.texts(".fold") == ["Filters"]


def test_codes_of_one_kind_widen_and_kinds_narrow(page: Site) -> None:
    page.click("input[name=level][value=national]")
    assert page.shown() == ["nl-1", "cy-1", "ro-2", "lv-1"]
    page.click("input[name=country][value=LV]")
    assert page.shown() == ["lv-1"]
    page.click("input[name=country][value=NL]")
    assert page.shown() == ["nl-1", "lv-1"]
    page.click("input[name=free]")
    assert page.shown() == ["lv-1"]


def test_the_time_line_shows_what_ran(page: Site) -> None:
    move = """
        const input = document.querySelector(`input[name=${arguments[0]}]`);
        input.value = arguments[1];
        input.dispatchEvent(new Event("input", { bubbles: true }));
    """
    page.run(move, "to", "2010")
    assert page.shown() == ["at-1"]
    assert page.texts("#to-year") == ["2010"]
    page.run(move, "from", "2012")
    # An end that is passed comes along.
    assert page.texts("#to-year") == ["2012"]
    assert page.shown() == ["be-2", "at-1"]
    assert page.run("return document.querySelectorAll('.bars rect:not(.out)').length") == 1


def test_search_folds_diacritics_and_marks_hits(page: Site) -> None:
    page.search("latviesu")
    assert "lv-1" in page.shown()
    assert 0 < len(page.shown()) < 15
    hits = page.texts(".hits mark")
    assert hits
    assert {hit.lower() for hit in hits} <= {"latviešu"}
    page.click("#reset")
    page.search("LATVIEŠU")
    assert page.texts(".hits mark") == hits


def test_search_wants_all_words_and_finds_titles_and_countries(page: Site) -> None:
    page.search("antwerp")
    assert page.texts("h3 mark") == ["Antwerp"]
    page.click("#reset")
    page.search("estonia")
    assert page.shown() == ["ee-1"]
    page.press(" zzzz")
    assert page.shown() == []
    assert len(page.texts("#none")) == 1


def test_a_hit_leads_to_its_place(page: Site) -> None:
    page.search("zazolc")
    assert page.shown() == ["at-1", "at-2", "lv-1"]
    page.click(".card:not([hidden]) .hits a")
    target = page.run("return decodeURIComponent(location.hash.slice(1))")
    assert page.in_view(f"#{target} h3")
    assert set(page.texts(f"#{target} mark")) == {"Zażółć"}


def test_language_of_the_edition(page: Site) -> None:
    page.click("input[name=language][value=en]")
    assert page.shown() == ["at-1", "at-2", "lv-1"]
    assert all(title.startswith("An English title") for title in page.texts(".card h3"))
    page.click("input[name=language][value=lv]")
    assert len(page.shown()) == 15


def test_switch_of_language_stays_with_the_practice(page: Site, site: Path) -> None:
    page.open("practices/at-1.html")
    assert page.texts(".switch a") == ["Latvian", "English"]
    page.click(".switch a[hreflang=en]")
    # In this edition the practice has another id; the key is the same.
    assert page.run("return document.querySelector('h1').lang") == "en"
    assert page.texts(".use dd a")[0] == "at-1"
    assert "at-2.json" in page.run("return document.querySelector('.use a[download]').href")
    page.click(".switch a[hreflang=lv]")
    assert page.run("return location.pathname").endswith("/practices/at-1.html")


def test_a_value_is_shown_on_its_page(driver: Chrome, pictured: Path) -> None:
    page = Site(driver, pictured)
    page.click(".card h3 a")
    assert page.run("return document.querySelectorAll('.crop').length") > 5
    page.click(".crop summary")
    shown = page.run(
        """
        const svg = document.querySelector(".crop svg");
        const [frame, box] = [svg, svg.querySelector("rect")].map((e) => e.getBoundingClientRect());
        const within = frame.left <= box.left && box.right <= frame.right && frame.top <= box.top;
        return [within && box.bottom <= frame.bottom, box.width > 10 && box.height > 5,
          svg.querySelector("image").href.baseVal];
        """
    )
    assert shown[:2] == [True, True]
    assert (pictured / "practices" / shown[2]).resolve().read_bytes()[8:12] == b"WEBP"
    assert page.console() == []
    assert all(address.startswith(pictured.as_uri()) for address in page.requested())


def test_by_keyboard_alone(page: Site) -> None:
    page.click("input[name=free]")
    page.run("document.activeElement.blur(); document.querySelector('.skip').focus()")
    page.press("\ue007")  # Enter
    assert page.run("return [location.hash, document.activeElement.id]") == ["#main", "main"]
    assert len(page.shown()) == 14
    page.run(f"document.querySelector('{FREE_FOR_ASYLUM_SEEKERS_IN_AUSTRIA[0]}').focus()")
    page.press(" ")
    assert page.shown() == ["at-1", "at-2"]
    page.run("document.querySelector('input[name=from]').focus()")
    page.press("\ue010")  # End
    assert page.texts("#from-year") == page.texts("#to-year") == ["2022"]


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=str)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing(driver: Chrome, site: Path, address: str, scheme: str, size: tuple[int, int]) -> None:
    preference = {"name": "prefers-color-scheme", "value": scheme}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [preference]})
    page = Site(driver, site, address, size)
    if address == "index.html":
        page.search("skola")
    driver.execute_script((files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8"))
    found = driver.execute_async_script("axe.run().then(arguments[0])")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert found["passes"]
    assert [(wrong["id"], [node["html"][:200] for node in wrong["nodes"]][:5]) for wrong in found["violations"]] == []


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("size", [PHONE, (320, 568), DESKTOP], ids=str)
def test_nothing_is_wider_than_the_window(driver: Chrome, site: Path, address: str, size: tuple[int, int]) -> None:
    page = Site(driver, site, address, size)
    widths = page.run("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert widths[0] <= widths[1]


@pytest.mark.parametrize("address", PAGES)
def test_on_paper_nothing_is_cut_off_and_all_is_black_on_white(
    driver: Chrome, site: Path, address: str, tmp_path: Path
) -> None:
    import pymupdf

    page = Site(driver, site, address)
    texts = page.texts(".entry h3, .text p, .card h3")
    dark = {"features": [{"name": "prefers-color-scheme", "value": "dark"}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", dark)
    printed = driver.execute_cdp_cmd("Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69})
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    with pymupdf.open(stream=base64.b64decode(printed["data"]), filetype="pdf") as paper:
        assert len(paper) <= MOST_SHEETS
        words = [word for sheet in paper for word in sheet.get_text("words")]
        # Chromium cuts off at the margins of the style: 16 mm.
        assert min(word[0] for word in words) >= MARGIN_POINTS
        assert max(word[2] for word in words) <= paper[0].rect.width - MARGIN_POINTS
        colours = {
            span["color"]
            for sheet in paper
            for block in sheet.get_text("dict")["blocks"]
            for line in block.get("lines", ())
            for span in line["spans"]
        }
        assert max(sum(colour >> shift & 255 for shift in (0, 8, 16)) for colour in colours) < 3 * 160
    found = "".join("".join(word[4] for word in words).split())
    for text in texts:
        assert "".join(text.split())[:20] in found, text


def test_without_scripts_everything_is_there(driver: Chrome, site: Path) -> None:
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        page = Site.__new__(Site)
        page.driver = driver
        driver.get(f"{site.as_uri()}/index.html")
        visible = [card for card in driver.find_elements("css selector", ".card") if card.is_displayed()]
        assert len(visible) == 15
        assert not driver.find_element("css selector", ".filters").is_displayed()
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=str)
def test_a_practice_that_states_nothing_is_found_and_shown(driver: Chrome, bare: Path, size: tuple[int, int]) -> None:
    page = Site(driver, bare, size=size)
    page.search("dampfschiff")
    assert len(page.shown()) == 1
    page.click(".card h3 a")
    assert page.texts("h1") == ["Donaudampfschifffahrtsgesellschaftskapitän" * 3]
    assert page.run("return document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert page.console() == []


def test_the_policy_stops_what_would_get_through(driver: Chrome, site: Path) -> None:
    """Were escaping ever to fail, the pages' policy still forbids handlers, scripts and loads."""
    page = Site(driver, site)
    page.run(
        "document.body.insertAdjacentHTML('beforeend', '<img src=https://example.org/x onerror=\"window.hacked=1\">')"
    )
    page.run("const s = document.createElement('script'); s.textContent = 'window.hacked=2'; document.body.append(s)")
    page.settle()
    assert page.run("return window.hacked") is None
    assert any("Content Security Policy" in entry["message"] for entry in page.console())
