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
    from evolve.studies.study import Study

study = typer.Typer(
    no_args_is_help=True, help="Test what papers claim, by experiments declared beforehand."
)

Names = Annotated[
    list[str], typer.Argument(metavar="STUDY...", help="`evolve study list` names them; or `all`.")
]
Quick = Annotated[
    bool, typer.Option("--quick", help="In little: shows that it runs, decides nothing.")
]


@study.command("list")
def listed() -> None:
    """List the studies, what they ask, and the tables that they take."""
    from rich.console import Console
    from rich.text import Text

    from evolve.report.tables import plain_table
    from evolve.studies import ALL, studies

    table = plain_table()
    for column in ("study", "version", "asks", "paper", "takes --data"):
        table.add_column(column)
    for each in studies([ALL]):
        table.add_row(
            each.name, str(each.version), each.title, Text(each.paper), ", ".join(each.tables)
        )
    Console().print(table)


@study.command()
def run(
    names: Names,
    quick: Quick = False,
    data: Annotated[
        list[str] | None,
        typer.Option(
            "--data",
            metavar="NAME=FILE",
            help="A table that the study takes: a file, FILE#sha256=HEX to have it checked, "
            "openml:ID or sklearn:NAME.",
        ),
    ] = None,
    folder: Runs = RUNS,
    accept_changes: AcceptChanges = False,
    as_json: Json = False,
) -> None:
    """Run studies, or what of them is left to do, and print the paper's figures beside ours.

    Everything observed is kept under the folder of runs, a line each, so that a study that was
    stopped goes on where it was. A study whose version was raised begins anew.
    """
    from rich.console import Console

    from evolve.cli.progress import counting
    from evolve.cli.signals import Signalled, heeding_signals
    from evolve.studies import studies
    from evolve.studies.drive import finish

    told, chosen = Console(stderr=True), studies(names)
    tables = _tables(data or [], chosen)
    try:
        with heeding_signals():
            reports = [
                finish(
                    each, folder, tables, counting, told.print,
                    quick=quick, accept_changes=accept_changes,
                )
                for each in chosen
            ]  # fmt: skip
    except Signalled as signalled:
        told.print("\nStopped; the same command goes on.")
        sys.exit(signalled.code)
    _print(reports, as_json=as_json)


@study.command()
def show(names: Names, quick: Quick = False, folder: Runs = RUNS, as_json: Json = False) -> None:
    """Show what is kept of studies: verdicts, figures and tables."""
    from evolve.studies import studies
    from evolve.studies.drive import read

    _print([read(each, folder, quick=quick) for each in studies(names)], as_json=as_json)


@study.command()
def page(
    out: Annotated[Path, typer.Option(help="The Markdown file.")] = Path("docs/studies.md"),
    folder: Runs = RUNS,
) -> None:
    """Write all that is kept of all studies as one page, full runs before quick ones.

    What the page says of a study stays, unless as much is kept of it here.
    """
    from evolve.errors import ConfigError
    from evolve.studies import ALL, studies
    from evolve.studies.drive import latest
    from evolve.studies.page import page as written
    from evolve.studies.page import renewed

    reports = {each.name: latest(each, folder) for each in studies([ALL])}
    try:
        before = out.read_text(encoding="utf-8") if out.exists() else ""
        text = written(reports, before)
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"--out {out}: cannot be written ({error.strerror})") from None
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"--out {out}: is there, and no page of studies ({error}); name another file"
        ) from None
    print(f"Wrote {out}; new on it: {', '.join(renewed(before, text)) or 'nothing'}")


def _tables(given: list[str], chosen: list[Study[Any]]) -> dict[str, str]:
    from evolve.errors import ConfigError
    from evolve.studies.tables import located

    known = {name: wanted for each in chosen for name, wanted in each.tables.items()}
    named = {}
    for each in given:
        name, equals, place = each.partition("=")
        if not equals or not place:
            raise ConfigError(f"--data {each!r}: wanted NAME=FILE or NAME=openml:ID")
        if name not in known:
            raise ConfigError(f"--data {name}: no such table is taken, but: {', '.join(known)}")
        named[name] = located(place)
    return named


def _print(reports: list[Report], *, as_json: bool) -> None:
    from rich.console import Console

    from evolve.report.tables import heading, sheet

    if as_json:
        print(json.dumps([each.to_json() for each in reports], indent=2))
        return
    console = Console(highlight=False)
    for report in reports:
        study = report.study
        console.print(heading(f"{study.title} {study.paper}"))
        size = ", quick: decides nothing" if report.quick else ""
        console.print(f"{study.name}, version {study.version}{size}", style="dim")
        for claim, finding in report.findings:
            console.print(f"\nPaper: {claim.says}", markup=False)
            console.print(f"Ours:  {finding.ours}\nRule:  {claim.rule}", markup=False)
            console.print(finding.verdict.upper(), style="bold")
        for each in report.sheets:
            console.print(sheet(each))
