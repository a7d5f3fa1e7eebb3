"""A page of the project in a real browser, without a network."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.programs import require

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = (1400, 900)
PHONE = (360, 740)


def open_browser() -> Iterator[Chrome]:
    """Debian's browser with its driver: nothing is downloaded."""
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    service = shutil.which("chromedriver")
    if program is None or service is None:
        require("needs Debian's packages chromium and chromium-driver (make system)")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = program
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    for argument in ARGUMENTS:
        options.add_argument(argument)
    browser = webdriver.Chrome(options=options, service=Service(service))
    browser.set_script_timeout(300)  # seconds: on a busy machine the checker of long pages takes more than 30
    yield browser
    browser.quit()


class Page:
    """A page as a person meets it."""

    def __init__(self, driver: Chrome, path: Path, size: tuple[int, int] = DESKTOP, address: str = "") -> None:
        self.driver = driver
        self.resize(size)
        driver.get("about:blank")
        driver.get_log("browser")  # type: ignore[no-untyped-call]
        driver.get(path.as_uri() + address)
        self.settle()

    def resize(self, size: tuple[int, int]) -> None:
        """Give the window another size."""
        width, height = size
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 800},
        )
        self.settle()

    def run(self, script: str, *arguments: Any) -> Any:
        """Run a script in the page."""
        return self.driver.execute_script(script, *arguments)

    def settle(self) -> None:
        """Wait for two frames: then observers have run and what they set is drawn."""
        self.driver.execute_async_script(
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))"
        )

    def press(self, keys: str) -> None:
        """Press keys where the focus is."""
        from selenium.webdriver import ActionChains

        ActionChains(self.driver).send_keys(keys).perform()
        self.settle()

    def click(self, selector: str) -> None:
        """Click in the middle of an element, as the mouse would."""
        from selenium.webdriver.common.by import By

        self.driver.find_element(By.CSS_SELECTOR, selector).click()
        self.settle()

    def in_view(self, selector: str) -> bool:
        """Say whether an element's upper edge is in view, and nothing lies over it."""
        return bool(
            self.run(
                """
                const element = document.querySelector(arguments[0]);
                const place = element.getBoundingClientRect();
                const over = document.elementFromPoint(place.left + Math.min(40, place.width / 2), place.top + 3);
                return element.contains(over);
                """,
                selector,
            )
        )

    def console(self) -> list[dict[str, Any]]:
        """Give what the browser has to complain of since the page was opened."""
        log: list[dict[str, Any]] = self.driver.get_log("browser")  # type: ignore[no-untyped-call]
        return log

    def requested(self) -> list[str]:
        """Give the addresses that the browser has asked for since this was called last."""
        log: list[dict[str, Any]] = self.driver.get_log("performance")  # type: ignore[no-untyped-call]
        events = [json.loads(entry["message"])["message"] for entry in log]
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
