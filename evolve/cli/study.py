"""`evolve study`: claims of papers, tested."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from evolve.cli.options import RUNS, AcceptChanges, Json, Runs

if TYPE_CHECKING:
    from evolve.studies.drive import Report

study = typer.Typer(
    no_args_is_help=True, help="Test what papers claim, by experiments declared beforehand."
)

Name = Annotated[str, typer.Argument(metavar="STUDY", help="`evolve study list` names them.")]
Quick = Annotated[
    bool, typer.Option("--quick", help="In little: shows that it runs, decides nothing.")
]


@study.command("list")
def names() -> None:
    """List the studies, what they ask, and the tables that they take."""
    from rich.console import Console
    from rich.text import Text

    from evolve.report.tables import plain_table
    from evolve.studies import NAMES
    from evolve.studies import study as called

    table = plain_table()
    for column in ("study", "version", "asks", "paper", "takes --data"):
        table.add_column(column)
    for each in map(called, NAMES):
        table.add_row(
            each.name, str(each.version), each.title, Text(each.paper), ", ".join(each.tables)
        )
    Console().print(table)


@study.command()
def run(
    name: Name,
    quick: Quick = False,
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data", metavar="NAME=FILE", help="A table that the study takes; or NAME=openml:ID."
        ),
    ] = None,
    folder: Runs = RUNS,
    accept_changes: AcceptChanges = False,
    as_json: Json = False,
) -> None:
    """Run a study, or what of it is left to do, and print the paper's figures beside ours.

    Everything observed is kept under the folder of runs, a line each, so that a study that was
    stopped goes on where it was. A study whose version was raised begins anew.
    """
    from rich.console import Console

    from evolve.cli.progress import counting
    from evolve.cli.signals import Signalled, heeding_signals
    from evolve.studies import study as called
    from evolve.studies.drive import finish

    told = Console(stderr=True)
    try:
        with heeding_signals():
            report = finish(
                called(name), folder, _tables(data or []), counting, told.print,
                quick=quick, accept_changes=accept_changes,
            )  # fmt: skip
    except Signalled as signalled:
        told.print("\nStopped; the same command goes on.")
        sys.exit(signalled.code)
    _print(report, as_json=as_json)


@study.command()
def show(name: Name, quick: Quick = False, folder: Runs = RUNS, as_json: Json = False) -> None:
    """Show what is kept of a study: verdicts, figures and tables."""
    from evolve.studies import study as called
    from evolve.studies.drive import read

    _print(read(called(name), folder, quick=quick), as_json=as_json)


@study.command()
def page(
    out: Annotated[Path, typer.Option(help="The Markdown file.")] = Path("docs/studies.md"),
    folder: Runs = RUNS,
) -> None:
    """Write all that is kept of all studies as one page, full runs before quick ones."""
    from evolve.studies import NAMES
    from evolve.studies import study as called
    from evolve.studies.drive import latest
    from evolve.studies.page import page as written

    reports = {name: latest(called(name), folder) for name in NAMES}
    silent = [name for name, each in reports.items() if each is None]
    out.write_text(written([each for each in reports.values() if each], silent), encoding="utf-8")
    print(f"Wrote {out}")


def _tables(given: list[str]) -> dict[str, str]:
    from evolve.errors import ConfigError

    named = {}
    for each in given:
        name, equals, place = each.partition("=")
        if not equals or not place:
            raise ConfigError(f"--data {each!r}: wanted NAME=FILE or NAME=openml:ID")
        named[name] = place
    return named


def _print(report: Report, *, as_json: bool) -> None:
    from rich.console import Console

    from evolve.report import tables

    if as_json:
        print(json.dumps(_values(report), indent=2))
        return
    console = Console()
    study = report.study
    console.print(tables.heading(f"{study.title} {study.paper}"))
    console.print(
        f"{study.name}, version {study.version}{', quick: decides nothing' * report.quick}",
        style="dim",
    )
    for claim, finding in report.findings:
        console.print(
            f"\nPaper: {claim.says}\nOurs:  {finding.ours}\nRule:  {claim.rule}",
            markup=False,
            highlight=False,
        )
        console.print(finding.verdict.upper(), style="bold")
    for sheet in report.sheets:
        console.print(tables.sheet(sheet))


def _values(report: Report) -> dict[str, Any]:
    return {
        **report.study.declared(quick=report.quick),
        "quick": report.quick,
        "finished": report.finished,
        "claims": [
            {
                "paper": claim.says,
                "source": claim.source,
                "rule": claim.rule,
                "ours": finding.ours,
                "verdict": finding.verdict,
            }
            for claim, finding in report.findings
        ],
        "tables": {each.title: each.records for each in report.sheets},
    }
