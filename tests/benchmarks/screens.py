"""Pictures of every view of the page: `python -m tests.benchmarks.screens RUN FOLDER`."""

import subprocess
import sys
from pathlib import Path

from evolve.view.layout import VIEWS
from tests.stories.browser import browsing


def main(runs: list[str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "evolve", "view", *runs, "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        assert server.stdout is not None
        address = server.stdout.readline().split("at ")[1].split(";")[0]
        try:
            with browsing() as browser:
                for scheme in ("light", "dark"):
                    page = browser.new_page(
                        viewport={"width": 1100, "height": 900},
                        color_scheme="dark" if scheme == "dark" else "light",
                    )
                    page.goto(address)
                    page.locator("#view h2").first.wait_for()
                    for view, title in VIEWS.items():
                        if scheme == "dark" and view != "overview":
                            continue
                        page.get_by_role("button", name=title, exact=True).click()
                        page.wait_for_timeout(1500)
                        page.screenshot(path=folder / f"{view}-{scheme}.png")
                    page.get_by_role("button", name="Programs", exact=True).click()
                    page.get_by_text("shown.").wait_for()
                    page.locator("#view tbody a").nth(2).click()
                    page.locator("#program-name").scroll_into_view_if_needed()
                    page.wait_for_timeout(1000)
                    page.screenshot(path=folder / f"program-{scheme}.png")
        finally:
            server.terminate()


if __name__ == "__main__":
    main(sys.argv[1:-1], Path(sys.argv[-1]))
