"""The review page in a real browser: two-way choice, filters, keys, hostile text, a phone's width."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.models.edition import ValidatedEdition
from pipeline.quality.accuracy.compare import LeafDifference
from pipeline.quality.review.page import render_page
from pipeline.quality.review.view import build_view
from pipeline.render.images import PagePicture
from tests.browser import DESKTOP, PHONE, Page
from tests.quality.review.building import HOSTILE, make_difference, make_pictures, make_validated

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.check

DIFFERENCE = make_difference("bg-1", "period", "start", "2014", "2016-05")


class ReviewPage(Page):
    """The review page as a person meets it."""

    def chosen(self) -> str | None:
        """Give the id of the chosen card."""
        found: list[str] = self.run("return [...document.querySelectorAll('.card.chosen')].map((card) => card.id)")
        assert len(found) <= 1
        return found[0] if found else None

    def shown(self) -> list[str]:
        """Give the ids of the cards that are shown."""
        found: list[str] = self.run(
            "return [...document.querySelectorAll('.card')].filter((card) => card.checkVisibility()).map((c) => c.id)"
        )
        return found


def marks(card: str) -> str:
    """A selector of the marks of a card."""
    return f".mark[data-cards~='{card}']"


def write(
    edition: ValidatedEdition, pictures: tuple[PagePicture, ...], path: Path, *differences: LeafDifference
) -> Path:
    path.write_bytes(render_page(build_view(edition, pictures, differences)))
    return path


@pytest.fixture(scope="module")
def file(
    edition: ValidatedEdition, pictures: tuple[PagePicture, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    return write(edition, pictures, tmp_path_factory.mktemp("page") / "tiny.html", DIFFERENCE)


@pytest.fixture
def page(driver: Chrome, file: Path) -> Iterator[ReviewPage]:
    """The page, freshly opened; whatever is done with it, the browser has nothing to complain of."""
    opened = ReviewPage(driver, file)
    yield opened
    assert opened.console() == []


def test_it_opens_with_what_to_look_at(page: ReviewPage) -> None:
    shown = page.shown()
    assert "bg-1.period" in shown
    assert "bg-1.row-1" in shown
    assert "be-1.assessor" not in shown
    assert page.chosen() is None


def test_choosing_a_value_shows_its_box(page: ReviewPage) -> None:
    page.click("input[value=all]")
    page.click("[id='be-1.locations'] .choose")
    assert page.chosen() == "be-1.locations"
    assert page.run("return document.querySelectorAll('.mark.chosen').length") == 2
    assert page.in_view(f"{marks('be-1.locations')}.mark-value")
    assert page.run("return document.activeElement.getAttribute('aria-pressed')") == "true"


def test_choosing_a_box_shows_its_value(page: ReviewPage) -> None:
    page.click("input[value=all]")
    page.run("document.querySelector('#page-4').scrollIntoView()")
    page.settle()
    page.click(f"{marks('be-1.locations')}.mark-value")
    assert page.chosen() == "be-1.locations"
    assert page.in_view("[id='be-1.locations']")
    # The focus follows, so that keyboard and screen reader go on from there.
    assert page.run("return document.activeElement.id") == "name-be-1.locations"


def test_choosing_a_box_of_a_card_that_is_filtered_out_shows_it(page: ReviewPage) -> None:
    page.click("input[value=difference]")
    assert "be-1.locations" not in page.shown()
    page.run("document.querySelector('#page-4').scrollIntoView()")
    page.settle()
    page.click(f"{marks('be-1.locations')}.mark-value")
    assert page.chosen() == "be-1.locations"
    assert page.in_view("[id='be-1.locations']")
    assert page.run("return document.querySelector('input[value=all]').checked") is True


def test_a_cell_of_several_fields_goes_through_them(page: ReviewPage) -> None:
    page.run("document.querySelector('#page-2').scrollIntoView()")
    page.settle()
    chosen = []
    for _ in range(3):
        page.click(f"{marks('bg-1.implementers')}.mark-value")
        chosen.append(page.chosen())
    assert chosen == ["bg-1.implementers", "bg-1.partners", "bg-1.implementers"]
    tag = page.run("return document.querySelector('.mark-value.chosen').dataset.tag")
    assert tag == "implementers, and 1 more in this cell"


def test_a_value_over_a_page_break_can_be_shown_on_each_page(page: ReviewPage) -> None:
    assert page.run("return document.querySelectorAll(arguments[0]).length", f"{marks('bg-1.period')}.mark-value") == 2
    for number in (3, 2):
        page.click(f"[id='bg-1.period'] .show[data-page='{number}']")
        assert page.in_view(f"#page-{number} {marks('bg-1.period')}")


@pytest.mark.parametrize(
    ("name", "holds", "lacks"),
    [
        ("difference", "bg-1.period", "bg-1.locations"),
        ("warning", "bg-1.locations", "bg-1.row-1"),
        ("error", "bg-1.row-1", "bg-1.locations"),
        ("evidence", "be-1.implementers", "be-1.assessor"),
        ("residue", "residue.1", "bg-1.period"),
        ("note", "be-1.funding", "residue.1"),
        ("all", "be-1.assessor", None),
    ],
)
def test_filters_show_what_they_count(page: ReviewPage, name: str, holds: str, lacks: str | None) -> None:
    page.click(f"input[value={name}]")
    shown = page.shown()
    assert holds in shown
    assert lacks not in shown
    count = page.run("return document.querySelector(arguments[0]).textContent", f".chip-{name} .count")
    assert len(shown) == int(count)
    assert page.run("return document.querySelector('#position').textContent").startswith(count)


def test_a_difference_shows_both_sides(page: ReviewPage) -> None:
    page.click("input[value=difference]")
    text = page.run("return document.querySelector('.reason-difference').innerText")
    assert "2014" in text
    assert "2016-05" in text
    assert page.run("return document.querySelector('.reason-difference ins').textContent").startswith("2016")


def test_keys_go_on_and_back(page: ReviewPage) -> None:
    order = page.shown()
    for expected in order[:3]:
        page.press("n")
        assert page.chosen() == expected
        assert page.in_view(f"[id='{expected}']")
        assert page.run("return document.activeElement.closest('.card')?.id") == expected
    page.press("p")
    assert page.chosen() == order[1]
    page.press("8")
    assert len(page.shown()) > len(order)
    assert page.chosen() == order[1]


def test_keys_can_be_switched_off(page: ReviewPage) -> None:
    page.press("?")
    assert page.run("return document.querySelector('#help').open") is True
    page.click("#keys")
    page.click("#help form button")
    page.press("n")
    assert page.chosen() is None


def test_letters_typed_into_the_search_are_no_shortcuts(page: ReviewPage) -> None:
    page.click("input[value=all]")
    page.press("/")
    page.press("an office n")
    assert page.run("return document.querySelector('#search').value") == "an office n"
    assert set(page.shown()) == {f"{one}.{field}" for one in ("bg-1", "be-1") for field in ("implementers", "partners")}
    page.press("zzz")
    assert page.shown() == []
    assert page.run("return document.querySelector('#empty').checkVisibility()") is True


def test_arrows_go_from_box_to_box(page: ReviewPage) -> None:
    from selenium.webdriver.common.keys import Keys

    boxes = page.run("return [...document.querySelectorAll('#page-2 .mark')].map((mark) => mark.id)")
    page.run("document.querySelector('#page-2 .mark').focus()")
    page.press(Keys.ARROW_DOWN)
    assert page.run("return document.activeElement.id") == boxes[1]
    page.press(Keys.ENTER)
    assert page.chosen() is not None
    assert page.run("return document.querySelectorAll('#page-2 .mark[tabindex=\"0\"]').length") == 1


def test_escape_chooses_nothing(page: ReviewPage) -> None:
    from selenium.webdriver.common.keys import Keys

    page.press("n")
    page.press(Keys.ESCAPE)
    assert page.chosen() is None
    assert page.run("return document.querySelectorAll('.mark.chosen, [aria-pressed=true]').length") == 0


def test_an_address_leads_to_its_card(driver: Chrome, file: Path) -> None:
    page = ReviewPage(driver, file, address="#be-1.partners")
    assert page.chosen() == "be-1.partners"
    assert page.in_view("[id='be-1.partners']")
    assert page.in_view(f"{marks('be-1.partners')}.mark-value")
    assert page.console() == []


def test_residue_is_red_and_leads_to_its_page(page: ReviewPage) -> None:
    page.click("input[value=residue]")
    page.click("[id='residue.1'] .choose")
    assert page.in_view("#page-3 .mark-residue")
    colour = page.run("return getComputedStyle(document.querySelector('.key-residue')).borderTopColor")
    red, green, blue = (int(part) for part in colour.strip("rgb()").split(","))
    assert red > 180
    assert max(green, blue) < 60
    style = page.run("return getComputedStyle(document.querySelector('.mark-residue')).backgroundImage")
    assert "repeating-linear-gradient" in style


def test_boxes_lie_over_their_place_at_every_size(page: ReviewPage, edition: ValidatedEdition) -> None:
    value = edition.practices[0].fields.locations
    assert value is not None
    box = value.value_boxes[0]
    for _ in range(2):
        place = page.run(
            """
            const mark = document.querySelector(arguments[0]).getBoundingClientRect();
            const sheet = document.querySelector("#page-2 .sheet").getBoundingClientRect();
            const points = sheet.width / 595;
            return [(mark.left - sheet.left) / points, (mark.top - sheet.top) / points,
                    (mark.right - sheet.left) / points, (mark.bottom - sheet.top) / points];
            """,
            f"{marks('bg-1.locations')}.mark-value",
        )
        assert place == pytest.approx([box.x0 - 1.5, box.top - 1.5, box.x1 + 1.5, box.bottom + 1.5], abs=1)
        page.press("+")


def test_pictures_are_fetched_when_their_page_comes_near(
    driver: Chrome, edition: ValidatedEdition, tmp_path: Path
) -> None:
    page = ReviewPage(driver, write(edition, make_pictures(40), tmp_path / "many.html"))
    drawn = "return [...document.images].filter((image) => image.src).length"
    assert 1 <= page.run(drawn) <= 5
    assert page.run("return document.querySelector('#page-40 img').complete") is True
    page.run("document.querySelector('#page-40').scrollIntoView()")
    page.settle()
    assert page.run("return document.querySelector('#page-40 img').naturalWidth") == 595
    assert page.run(drawn) < 15
    assert page.console() == []


@pytest.mark.parametrize("size", [PHONE, (320, 568)])
def test_a_phone_needs_no_sideways_scrolling(driver: Chrome, file: Path, size: tuple[int, int]) -> None:
    page = ReviewPage(driver, file, size)
    for key in ("", "n", "n", "8", "n"):
        if key:
            page.press(key)
        widths = page.run(
            "return [document.documentElement, document.body, document.querySelector('#values')]"
            ".map((element) => [element.scrollWidth, element.clientWidth])"
        )
        assert all(scrolled <= seen for scrolled, seen in widths), widths
    chosen = page.chosen()
    assert chosen is not None
    assert page.in_view(f"[id='{chosen}']")
    assert page.console() == []


@pytest.mark.parametrize("size", [PHONE, (320, 568)])
def test_the_text_has_more_than_half_of_a_phone_s_screen(driver: Chrome, file: Path, size: tuple[int, int]) -> None:
    page = ReviewPage(driver, file, size)
    assert page.run("return document.querySelector('#values').clientHeight / window.innerHeight") > 0.5


def test_a_search_says_which_hit_one_is_at(driver: Chrome, file: Path) -> None:
    page = ReviewPage(driver, file, DESKTOP)
    said = "return document.querySelector('#position').textContent"
    page.run(
        "const search = document.querySelector('#search'); search.value = 'place';"
        "search.dispatchEvent(new Event('input'))"
    )
    assert "hit" in page.run(said)
    page.run("document.querySelector('#search').dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter'}))")
    assert page.run(said).startswith("hit 1 of ")


def test_a_search_marks_its_words(page: ReviewPage) -> None:
    page.click("input[value=all]")
    page.press("/")
    page.press("here AND")
    marked = page.run("return [...CSS.highlights.get('hits')].map((range) => range.toString().toLowerCase())")
    assert set(marked) == {"here", "and"}
    for _ in "here and":
        page.press("\ue003")
    assert page.run("return CSS.highlights.get('hits').size") == 0
    assert page.console() == []


def test_equal_unknown_labels_are_folded_and_opened_when_asked_for(
    driver: Chrome, edition: ValidatedEdition, pictures: tuple[PagePicture, ...], tmp_path: Path
) -> None:
    first, second = edition.practices
    row = second.unmapped[0].model_copy(update={"label": first.unmapped[0].label})
    same = edition.model_copy(update={"practices": (first, second.model_copy(update={"unmapped": (row,)}))})
    page = ReviewPage(driver, write(same, pictures, tmp_path / "same.html"))
    page.click("input[value=error]")
    assert {"bg-1.row-1", "be-1.row-1"} <= set(page.shown())
    seen = "return document.querySelector(\"[id='be-1.row-1'] .text\").checkVisibility()"
    assert page.run(seen) is False
    assert page.run("return document.querySelector(\"[id='bg-1.row-1'] .text\").checkVisibility()") is True
    while page.chosen() != "be-1.row-1":
        page.press("n")
    assert page.run(seen) is False
    while page.chosen() != "bg-1.row-1":
        page.press("p")
    page.click("[id='bg-1.row-1'] .alike a")
    assert page.chosen() == "be-1.row-1"
    assert page.run(seen) is True
    assert page.console() == []


def test_choosing_works_on_a_phone(driver: Chrome, file: Path) -> None:
    page = ReviewPage(driver, file, PHONE, address="#bg-1.locations")
    assert page.in_view(f"{marks('bg-1.locations')}.mark-value")
    page.click(f"{marks('bg-1.partners')}.mark-value")
    assert page.chosen() in {"bg-1.partners", "bg-1.implementers"}
    assert page.in_view(f"[id='{page.chosen()}']")


SIDEWAYS = ((844, 390), (740, 360), (667, 375), (568, 320))
"""Widths and heights of phones held sideways, in CSS pixels."""
LEAST_SEEN = 160
"""CSS pixels of page and of card that must be in view: eight lines of text and what stands above them."""


@pytest.mark.parametrize("size", SIDEWAYS, ids=str)
def test_a_phone_held_sideways_shows_page_and_card(driver: Chrome, file: Path, size: tuple[int, int]) -> None:
    page = ReviewPage(driver, file, size, address="#bg-1.period")
    assert page.chosen() == "bg-1.period"
    assert page.in_view("[id='bg-1.period']")
    assert page.in_view(f"{marks('bg-1.period')}.mark-value")
    seen = page.run(
        """
        const card = document.querySelector("[id='bg-1.period']").getBoundingClientRect();
        return [innerHeight - card.top, document.querySelector("#pages").clientHeight];
        """
    )
    assert min(seen) >= LEAST_SEEN, seen
    for control in ("#previous", "#next", "#search", "#jump", "#help-open", "input[value=all]", "#larger"):
        assert page.run(
            """
            const place = document.querySelector(arguments[0]).getBoundingClientRect();
            return place.top >= 0 && place.bottom <= innerHeight && place.height > 0;
            """,
            control,
        ), control
    widths = page.run("return [document.body.scrollWidth, document.body.clientWidth]")
    assert widths[0] <= widths[1]
    assert page.console() == []


@pytest.mark.parametrize("size", [PHONE, *SIDEWAYS, DESKTOP, (320, 568)], ids=str)
def test_an_address_does_not_scroll_the_head_away(driver: Chrome, file: Path, size: tuple[int, int]) -> None:
    page = ReviewPage(driver, file, size, address="#be-1.partners")
    assert page.run("return [document.documentElement.scrollTop, document.body.scrollTop]") == [0, 0]
    assert page.run("return document.querySelector('.top').getBoundingClientRect().top") == 0


def test_what_is_chosen_stays_in_view_when_the_window_changes(page: ReviewPage) -> None:
    page.click("input[value=all]")
    page.click("[id='be-1.locations'] .choose")
    for size in ((1024, 600), PHONE, (740, 360), (320, 568), (844, 390), DESKTOP):
        page.resize(size)
        assert page.chosen() == "be-1.locations"
        assert page.in_view("[id='be-1.locations']"), size
        assert page.in_view(f"{marks('be-1.locations')}.mark-value"), size


def test_the_page_that_was_asked_for_stays_in_view_when_the_window_changes(page: ReviewPage) -> None:
    page.click("[id='bg-1.period'] .show[data-page='3']")
    for size in (PHONE, (740, 360), DESKTOP):
        page.resize(size)
        assert page.in_view(f"#page-3 {marks('bg-1.period')}"), size


def test_what_is_read_stays_in_view_when_the_window_changes(page: ReviewPage) -> None:
    """Nothing is chosen: what stood at the top of each side stays there."""
    page.click("input[value=all]")
    page.run("document.querySelector('#page-4').scrollIntoView()")
    page.run("document.querySelector('#values').scrollTop = document.querySelector('#section-be-1').offsetTop + 400")
    page.settle()
    at_top = """
        return ["pages", "values"].map((id) => {
          const pane = document.getElementById(id).getBoundingClientRect();
          const here = document.elementFromPoint(pane.left + pane.width / 2, pane.top + 90);
          return here.closest(".page, .card, .practice").id;
        });
    """
    before = page.run(at_top)
    assert before[0] == "page-4"
    for size in ((1024, 600), (700, 900), DESKTOP):
        page.resize(size)
        assert page.run(at_top) == before, size


def test_hostile_text_stays_text(driver: Chrome, pictures: tuple[PagePicture, ...], tmp_path: Path) -> None:
    edition = make_validated()
    first = edition.practices[0]
    value = first.fields.locations
    assert value is not None
    fields = first.fields.model_copy(
        update={"locations": value.model_copy(update={"text": HOSTILE, "label": HOSTILE, "places": (HOSTILE,)})}
    )
    first = first.model_copy(update={"fields": fields, "heading": HOSTILE, "title": HOSTILE})
    edition = edition.model_copy(update={"practices": (first, edition.practices[1])})
    difference = make_difference("bg-1", "locations", "text", "2014", HOSTILE)
    page = ReviewPage(
        driver, write(edition, pictures, tmp_path / "hostile.html", difference), address="#bg-1.locations"
    )
    assert page.run("return window.hacked") is None
    assert page.run("return document.querySelector(\"[id='bg-1.locations'] .text p\").textContent") == HOSTILE
    assert page.run("return document.querySelector(\"[id='bg-1.locations'] .label\").textContent") == HOSTILE
    assert page.run("return document.scripts.length") == 1
    page.press("n")
    assert page.console() == []


def test_the_policy_stops_what_would_get_through(driver: Chrome, file: Path) -> None:
    """Were escaping ever to fail, the page's policy still forbids handlers, scripts and loads."""
    page = ReviewPage(driver, file)
    page.run("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.hacked=1\">')")
    page.run("const s = document.createElement('script'); s.textContent = 'window.hacked=2'; document.body.append(s)")
    page.settle()
    assert page.run("return window.hacked") is None
    assert any("Content Security Policy" in entry["message"] for entry in page.console())


def test_a_screen_reader_finds_its_way(page: ReviewPage) -> None:
    tree = page.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    named: dict[str, list[str]] = {}
    for node in tree:
        if not node.get("ignored"):
            named.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))
    assert {"banner", "main"} <= named.keys()
    assert {"Extracted values", "Pages of tiny.pdf"} <= set(named["region"])
    assert all(name.strip() for role in ("button", "radio", "searchbox", "combobox", "image") for name in named[role])
    assert any(name.startswith("Somewhere") for name in named["heading"])
    assert "Value: implementers, partners" in named["button"]
    page.press("n")
    assert page.run("return document.querySelector('#position').getAttribute('aria-live')") == "polite"
    assert page.run("return document.querySelector('#position').textContent").startswith("1 of ")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_can_be_told_from_its_ground(page: ReviewPage, scheme: str) -> None:
    """Small text needs a contrast of 4.5 to 1 (WCAG 2.1, 1.4.3)."""
    preference = {"name": "prefers-color-scheme", "value": scheme}
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [preference]})
    page.click("input[value=all]")
    contrasts = page.run(
        """
        const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
        const rgb = (colour) => {
          context.clearRect(0, 0, 1, 1);
          context.fillStyle = colour;
          context.fillRect(0, 0, 1, 1);
          return [...context.getImageData(0, 0, 1, 1).data];
        };
        const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        const light = (colour) => {
          const [r, g, b] = colour.slice(0, 3).map((v) => linear(v / 255));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const ground = (element) => {
          for (let at = element; at; at = at.parentElement) {
            const colour = rgb(getComputedStyle(at).backgroundColor);
            if (colour[3] === 255) return colour;
          }
          return [255, 255, 255, 255];
        };
        const found = [];
        for (const element of document.querySelectorAll("header *, #values *")) {
          const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
          if (!own || !element.checkVisibility() || element.closest(".unseen, :disabled, option")) continue;
          const [one, other] = [light(rgb(getComputedStyle(element).color)), light(ground(element))];
          const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
          found.push([contrast, element.className || element.tagName]);
        }
        return found;
        """
    )
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert len(contrasts) > 100
    assert [item for item in contrasts if item[0] < 4.5] == []
