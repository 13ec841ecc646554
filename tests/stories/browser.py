"""A headless browser, where this machine has one."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@contextmanager
def browsing() -> Iterator[Browser]:
    """Chromium: the system's, or Playwright's own; a test that asks in vain is skipped."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    # As root in a container Chromium has no sandbox of its own; the page is ours.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=options)
        except Error as error:
            pytest.skip(
                "no browser: install Debian's chromium, or run `playwright install chromium` "
                f"({str(error).splitlines()[0]})"
            )
        try:
            yield browser
        finally:
            browser.close()
