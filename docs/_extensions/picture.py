"""Take the README's picture of the demo's report: ``make picture``, when the report looks different."""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

WIDTH, HEIGHT = 1280, 1110
SECTION = "Where the time of a step goes"


def main(report: str, picture: str) -> None:
    """Open the report in the installed Chromium and keep the part that shows steps, watts and dollars."""
    browser_path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto(Path(report).resolve().as_uri())
        page.evaluate(
            "title => [...document.querySelectorAll('h2')].find(h => h.textContent === title).scrollIntoView()", SECTION
        )
        page.evaluate("window.scrollBy(0, -80)")  # out from under the bar that stays on top
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
