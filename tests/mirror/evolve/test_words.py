"""Hostile words are text: in a terminal, in a report, in a lineage for other tools."""

import io
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console, RenderableType

from evolve import runs
from evolve.cli.portraits import function
from evolve.errors import ConfigError
from evolve.lineage import Ancestor, ancestors, descendants
from evolve.report import difference, kinship, programs, read, tables, trees
from evolve.report.words import plainly
from evolve.runs import Run
from tests.mirror.evolve.hostile import HOSTILE, family, name_of
from tests.mirror.evolve.lived import config

DANGEROUS = ("\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u200b", "\r")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    made = runs.create(tmp_path, "one", config(9))
    with closing(made.ledger()) as ledger:
        ledger.extend(family(40))
    return made


def printed(shown: RenderableType) -> str:
    screen = io.StringIO()
    Console(file=screen, width=120, force_terminal=False).print(shown)
    return screen.getvalue()


def lines_of(run: Run) -> list[Ancestor]:
    with closing(run.ledger()) as ledger:
        return [*ancestors(ledger, name_of(31)), *descendants(ledger, name_of(1))]


def test_what_moves_a_cursor_or_turns_a_line_is_spelled_out() -> None:
    shown = plainly(HOSTILE.all)
    assert not any(each in shown for each in DANGEROUS)
    assert r"\x1b[2J" in shown
    assert r"\u202egnp.exe" in shown
    assert HOSTILE.markup in shown
    assert len(shown) < 5000
    assert shown.endswith("characters more)")
    assert plainly("κ = 2\n\tπ") == "κ = 2\n\tπ"


def test_a_terminal_shows_hostile_words_as_text(run: Run) -> None:
    with closing(run.ledger()) as ledger:
        records = ledger.of(name_of(31))
        parent = ledger.of(name_of(15))[0]
    told = "".join(
        printed(each)
        for each in (
            programs.program(records),
            trees.ancestry(lines_of(run), function),
            trees.offspring(lines_of(run), function),
            difference.difference(parent, records[0]),
            tables.overview(read(run)),
            tables.front(read(run).front),
            tables.runs([read(run)]),
        )
    )
    assert not any(each in told for each in DANGEROUS)
    assert "<script>" in told
    assert max(map(len, told.splitlines())) <= 120


def test_other_tools_get_ids_and_figures_only(run: Run) -> None:
    found = lines_of(run)
    for write in kinship.FORMATS.values():
        told = write(found)
        assert "script" not in told
        assert name_of(31) in told
    root = ElementTree.fromstring(kinship.graphml(found))  # noqa: S314  (our own text)
    assert len([each for each in root.iter() if each.tag.endswith("}edge")]) == len(
        set(kinship.edges_of(found))
    )


def test_a_program_has_its_descendants_nearest_first_and_bounded(run: Run) -> None:
    with closing(run.ledger()) as ledger:
        found = [(each.record.step, each.depth) for each in descendants(ledger, name_of(3))]
        few = [each.record.step for each in descendants(ledger, name_of(3), most=1)]
    assert found[:7] == [(3, 0), (6, 1), (7, 1), (12, 2), (13, 2), (14, 2), (15, 2)]
    assert few == [3, 6, 12, 24]


def test_a_report_is_one_page_without_a_script_and_never_overwrites(
    run: Run, tmp_path: Path
) -> None:
    pytest.importorskip("matplotlib", reason="the extra `view` is not installed")
    from evolve.view import document

    page, *figures = document.write(run, tmp_path / "told")
    text = page.read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<img" not in text
    assert "http" not in text.replace("http-equiv", "").replace("http://www.w3.org", "").replace(
        "http://purl.org", ""
    ).replace("https://matplotlib.org", "").replace("http://creativecommons.org", "")
    assert not any(each in text for each in DANGEROUS)
    assert {each.suffix for each in figures} == {".png", ".svg"}
    assert all(each.stat().st_size > 1000 for each in figures)
    with pytest.raises(ConfigError, match=r"exists already; --out"):
        document.write(run, tmp_path / "told")
