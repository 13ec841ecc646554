"""The page in a real browser: looked at, clicked through, filtered, while a run goes on."""

from contextlib import closing, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.mirror.evolve.hostile import HOSTILE, family
from tests.stories.browser import browsing, run_of, served

pytest.importorskip("dash", reason="the extra `view` is not installed")


def test_the_page_is_looked_at_clicked_through_and_kept_up(tmp_path: Path) -> None:
    records = family(60)
    run = run_of(tmp_path, "one", records[:50])
    asked: list[str] = []
    with browsing() as browser, served(tmp_path) as address:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda _: asked.append("http://evil/dialog"))
        page.goto(address)
        page.get_by_text("50 records").wait_for()
        page.get_by_role("button", name="Programs", exact=True).click()
        assert page.locator("#view tbody tr").count() == 50
        page.locator("#search").fill("0000000031")
        page.wait_for_function("document.querySelectorAll('#view tbody tr').length === 1")
        page.get_by_role("link", name="000000003100", exact=True).click()
        page.locator("#program-name").wait_for()
        assert "torch.sin" in page.locator("#source").inner_text()
        assert HOSTILE.markup in page.locator("#panel").inner_text()
        page.get_by_role("button", name="Lineage", exact=True).click()
        page.locator("#net-frame canvas").first.wait_for()
        with closing(run.ledger()) as ledger:
            ledger.extend(records[50:])
        page.get_by_text("60 records").wait_for(timeout=10_000)
        for view in ("Archive", "Gallery", "Pareto front", "Compare", "Cost", "Overview"):
            page.get_by_role("button", name=view, exact=True).click()
            page.locator("#view h2").first.wait_for()
        assert page.evaluate("window.owned") is None
    assert asked
    assert all(url.startswith((address, "data:", "blob:")) for url in asked)


def test_a_hundred_thousand_programs_are_shown_and_can_be_looked_at(tmp_path: Path) -> None:
    run_of(tmp_path, "large", family(100_000, hostile=False))
    with browsing() as browser, served(tmp_path) as address:
        page = browser.new_page()
        page.goto(address)
        page.get_by_text("100,000 records").wait_for()
        page.get_by_role("button", name="Programs", exact=True).click()
        shown = page.locator("#view tbody a").nth(20)
        name = shown.inner_text()
        shown.click()
        page.get_by_role("heading", name=f"Program {name}").wait_for()


def test_a_ledger_that_is_being_read_cannot_be_changed_from_the_page(tmp_path: Path) -> None:
    run_of(tmp_path, "one", family(3))
    found: list[bytes] = []
    with served(tmp_path) as address:
        with urlopen(address) as answer:  # noqa: S310  (our own server)
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'self'")
        for strange in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
            with pytest.raises(HTTPError, match="403") as refusal:
                urlopen(Request(address, headers=strange))  # noqa: S310
            refusal.value.close()
        for path in ("../one/ledger.sqlite", "assets/../runs/one/settings.toml", "etc/passwd"):
            with suppress(HTTPError), urlopen(address + path) as answer:  # noqa: S310
                found.append(answer.read())
    assert all(b"react-entry-point" in each for each in found)  # Dash's page, or nothing
