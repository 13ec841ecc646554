"""A study is declared, observed line by line, gone on with, judged and written down."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import pytest

from evolve.errors import ConfigError, RunError
from evolve.report.sheets import Sheet
from evolve.report.statistics import Estimate
from evolve.studies import NAMES, studies
from evolve.studies.book import BOOK
from evolve.studies.drive import Report, finish, latest, place, read
from evolve.studies.page import page, renewed
from evolve.studies.study import Claim, Finding, Found, Given, Study, Verdict, decided
from evolve.studies.tables import Wanted
from evolve.studies.xnet import STUDY as XNET
from evolve.studies.xnet import Size


@dataclass(frozen=True)
class Throws:
    count: int


@dataclass(frozen=True)
class ManyThrows(Throws):
    others: Throws
    by: tuple[str, ...] = ()


@contextmanager
def silently(_what: str, _total: int) -> Iterator[Callable[[str], None]]:
    yield lambda _: None


class Coin:
    """A study of a coin that falls once, and stops short before one of its throws."""

    def __init__(self, broken: str = "") -> None:
        self.thrown: list[str] = []
        self.broken = broken

    def throw(self, key: str) -> int:
        if key == self.broken:
            raise KeyboardInterrupt
        self.thrown.append(key)
        return 1

    def plan(self, design: Throws, given: Given) -> Mapping[str, Callable[[], Any]]:
        return {f"{k}": partial(self.throw, f"{k}") for k in range(design.count)}

    @cached_property
    def study(self) -> Study[Throws]:
        def judge(found: Found) -> Finding:
            return Finding(Verdict.CONFIRMED, f"{sum(found.values())} heads")

        def sheets(found: Found) -> list[Sheet]:
            return [
                Sheet(
                    "Throws",
                    "All.",
                    ("throw", "fell"),
                    tuple((throw, str(fell)) for throw, fell in found.items()),
                )
            ]

        claim = Claim("Coins fall.", "a book", "Confirmed if one fell.", judge)
        return Study(
            "coin", 1, "Do coins fall?", "nowhere", "A coin.", (claim,), Throws(3), Throws(1),
            self.plan, sheets,
        )  # fmt: skip


def run(study: Study[Any], folder: Path, **options: Any) -> Report:
    return finish(study, folder, {}, silently, print, **{"quick": False, **options})


@pytest.mark.parametrize(
    ("low", "high", "claimed", "verdict"),
    [
        (0.1, 0.2, 0.0, Verdict.CONFIRMED),
        (0.1, 0.2, 0.9, Verdict.CONFIRMED),
        (-0.2, -0.1, 0.0, Verdict.NOT_CONFIRMED),
        (-0.1, 0.1, 0.2, Verdict.NOT_CONFIRMED),
        (-0.1, 0.3, 0.2, Verdict.OPEN),
        (float("nan"), float("nan"), 0.0, Verdict.OPEN),
    ],
)
def test_an_interval_decides(low: float, high: float, claimed: float, verdict: Verdict) -> None:
    assert decided(Estimate(0.0, low, high), claimed).verdict is verdict


def test_a_study_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    stopped, resumed = Coin(broken="2"), Coin()
    with pytest.raises(KeyboardInterrupt):
        run(stopped.study, tmp_path)
    assert stopped.thrown == ["0", "1"]
    unfinished = read(stopped.study, tmp_path, quick=False)
    assert [finding.verdict for _, finding in unfinished.findings] == [Verdict.OPEN]
    path = place(stopped.study, tmp_path, quick=False).folder / BOOK
    path.write_bytes(path.read_bytes() + b'{"key": "2", "val')  # as a kill leaves it
    report = run(resumed.study, tmp_path)
    assert resumed.thrown == ["2"]
    assert report.finished
    assert [finding.ours for _, finding in report.findings] == ["3 heads"]
    again = run(Coin(broken="0").study, tmp_path)  # nothing is left to throw
    assert len(again.sessions) == len(report.sessions) == 2


def test_one_table_more_asks_for_more_and_another_table_is_a_change(tmp_path: Path) -> None:
    wanted = {each: Wanted(each, "y", 1) for each in "ab"}
    files = {each: str(tmp_path / f"{each}.csv") for each in "ab"}
    for file in files.values():
        Path(file).write_text("x,y\n" + "1,0\n2,1\n" * 10)

    def plan(_: Throws, given: Given) -> Mapping[str, Callable[[], Any]]:
        return {each: lambda: 1 for each in given.tables}

    study = replace(Coin().study, plan=plan, tables=wanted)
    few = {"a": files["a"]}
    finish(study, tmp_path, few, silently, print, quick=False)
    report = finish(study, tmp_path, files, silently, print, quick=False)
    assert report.sheets[0].rows == (("a", "1"), ("b", "1"))
    assert len(report.sessions) == 2
    assert not any(each.accepted for each in report.sessions)
    Path(files["a"]).write_text("x,y\n" + "1,0\n3,1\n" * 10)
    wider = replace(study, plan=lambda _, __: {"c": lambda: 1})
    with pytest.raises(RunError, match="may not compare"):
        finish(wider, tmp_path, files, silently, print, quick=False)


def test_a_rule_that_changed_wants_another_version_which_begins_anew(tmp_path: Path) -> None:
    coin = Coin()
    run(coin.study, tmp_path)
    (claim,) = coin.study.claims
    changed = replace(coin.study, claims=(replace(claim, rule="Confirmed if all fell."),))
    with pytest.raises(RunError, match="rules changed since this was begun, and its version"):
        run(changed, tmp_path)
    assert run(replace(changed, version=2), tmp_path).finished
    assert coin.thrown == ["0", "1", "2"] * 2


def test_the_page_shows_full_runs_before_quick_ones_and_says_which(tmp_path: Path) -> None:
    study = Coin().study
    assert latest(study, tmp_path) is None
    quick = run(study, tmp_path, quick=True)
    first = page({"coin": quick, "dice": None})
    assert "| [coin](#coin) 1 | Coins fall. | quick: confirmed |" in first
    assert "Nothing is kept of: dice." in first
    full = run(study, tmp_path)
    assert latest(study, tmp_path) == full
    text = page({"coin": full, "dice": None}, first)
    for words in ("Rule: Confirmed if one fell.", "Ours: 3 heads. **confirmed**", "| 0 | 1 |"):
        assert words in text
    assert text == page({"coin": full, "dice": None})
    for later in (None, quick, replace(full, finished=False)):  # no less is known than before
        assert page({"coin": later, "dice": None}, text) == text
    assert [renewed(*each) for each in (("", first), (first, text), (text, text))] == [
        ["coin"], ["coin"], [],
    ]  # fmt: skip
    assert "dice" not in page({"coin": None}, text)


@pytest.mark.parametrize(
    ("by", "told"),
    [((), "count 2, others (count 1)"), (("me", "you"), "count 2, others (count 1), by me you")],
)
def test_the_page_tells_a_size_in_words(tmp_path: Path, by: tuple[str, ...], told: str) -> None:
    study = replace(Coin().study, full=ManyThrows(2, Throws(1), by))
    assert f"Size: {told}. Command:" in page({"coin": run(study, tmp_path)})


def test_a_study_that_is_not_kept_or_does_not_exist_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="nothing is kept of this study yet; `evolve study run coin"):
        read(Coin().study, tmp_path, quick=False)
    with pytest.raises(ConfigError, match="there is no study 'xnets'; did you mean 'xnet'"):
        studies(["xnets"])


def test_every_study_declares_rules_sources_and_two_sizes() -> None:
    for name, study in zip(NAMES, studies(NAMES), strict=True):
        assert study.name == name
        assert study.full != study.quick
        assert all(each.says and each.source and each.rule for each in study.claims)


def test_a_real_study_runs_to_its_verdicts(tmp_path: Path) -> None:
    tiny = replace(XNET, quick=Size(seeds=2, epochs=1))
    report = run(tiny, tmp_path, quick=True)
    verdicts = [finding.verdict for _, finding in report.findings]
    assert Verdict.CANNOT_RUN in verdicts
    assert len(report.sheets[0].rows) == 15
    assert read(tiny, tmp_path, quick=True) == report
