"""How quickly the page answers over 100,000 records: `python -m tests.benchmarks.page`.

Seconds to the first paint and from a click to the program it asks for, in a headless browser.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from time import monotonic

from playwright.sync_api import Page

from tests.mirror.evolve.hostile import family
from tests.stories.browser import browsing, run_of, served

_RECORDS = 100_000


def painted(page: Page, address: str) -> float:
    """Seconds until the overview is there."""
    began = monotonic()
    page.goto(address)
    page.get_by_role("heading", name="Best so far").wait_for()
    return monotonic() - began


def answered(page: Page, row: int) -> float:
    """Seconds until a program that is clicked is there."""
    button = page.locator("#view tbody a").nth(row)
    name = button.inner_text()
    began = monotonic()
    button.click()
    page.get_by_role("heading", name=f"Program {name}").wait_for()
    return monotonic() - began


def main() -> None:
    """Prints the seconds."""
    with tempfile.TemporaryDirectory() as folder:
        run_of(Path(folder), "large", family(_RECORDS, hostile=False))
        with browsing() as browser, served(Path(folder)) as address:
            page = browser.new_page()
            paints = [painted(page, address) for _ in range(3)]
            page.get_by_role("button", name="Programs", exact=True).click()
            page.locator("#view tbody tr").nth(20).wait_for()
            clicks = [answered(page, row) for row in (3, 5, 7)]
    for name, found, wanted in (("first paint", paints, 3.0), ("a click", clicks, 0.5)):
        print(f"{name}: {', '.join(f'{each:.2f}' for each in found)} s (wanted: {wanted:g})")


if __name__ == "__main__":
    main()
