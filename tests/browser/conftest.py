"""A headless Chromium for the tests of this folder, and the hand-written answers they show."""

import runpy
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The installed Chromium; without one every test that asks for it is skipped by name."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"NO CHROMIUM: none of {', '.join(_NAMES)} is installed; the page was not tested in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def written() -> dict[str, Any]:
    """The names of ``fixtures.py``."""
    return runpy.run_path(str(Path(__file__).with_name("fixtures.py")))
