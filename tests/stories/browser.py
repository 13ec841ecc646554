"""A headless browser, where this machine has one, and the page for it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from evolve import runs
from evolve.records import Record
from evolve.runs import Run
from tests.mirror.evolve.lived import config

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


@contextmanager
def served(folder: Path, *runs: str) -> Iterator[str]:
    command = [sys.executable, "-m", "evolve", "view", *runs, "--no-browser"]
    with subprocess.Popen(  # noqa: S603  (our own command)
        command, cwd=folder, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        try:
            yield line.split("at ")[1].split(";")[0]
        finally:
            server.terminate()


def run_of(folder: Path, name: str, records: list[Record]) -> Run:
    run = runs.create(folder / "runs", name, config(9))
    with closing(run.ledger()) as ledger:
        ledger.extend(records)
    return run
