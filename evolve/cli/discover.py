"""`evolve discover`: an activation that suits a table."""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated

import typer

from evolve.cli.options import RUNS, Budget, Events, Name, Runs, Set, Track
from evolve.errors import ConfigError, EvolveError

if TYPE_CHECKING:
    from evolve.config import Config, SandboxTable
    from evolve.runs import Run
    from fitness.tables.loading import TableDeclaration
    from fitness.tables.table import Table

_FINDS = 3  # of a search, shown beside the textbook
_EPOCHS = 5  # of X-Net's search for the formula that is collapsed


def discover(
    data: Annotated[
        str,
        typer.Option(
            metavar="TABLE",
            help="A CSV or Parquet file, FILE#sha256=HEX to have it checked, sklearn:NAME or "
            "openml:ID.",
        ),
    ],
    target: Annotated[str, typer.Option(metavar="COLUMN", help="The column to be predicted.")],
    drop: Annotated[str, typer.Option(help="Columns that are no inputs, a,b,c.")] = "",
    classes: Annotated[
        bool, typer.Option("--classes", help="The target holds classes; words always are.")
    ] = False,
    shift: Annotated[
        str, typer.Option(help="What sets the shifted side apart, e.g. feature:age>60.")
    ] = "noise:0.5",
    collapse: Annotated[
        bool,
        typer.Option(
            "--collapse",
            help="No search, but the procedure of arXiv:2601.10740: X-Net's formula of all "
            "inputs, every input renamed to x.",
        ),
    ] = False,
    folder: Runs = RUNS,
    name: Name = None,
    budget: Budget = None,
    workers: Annotated[int | None, typer.Option(help="Programs trained at once.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of all chance, the rows' too.")] = 0,
    seeds: Annotated[int, typer.Option(min=1, help="Nets a program in the table at the end.")] = 30,
    overrides: Set = None,
    track: Track = None,
    as_json: Events = False,
) -> None:
    """Search for an activation that suits a table: genetic programming over one variable.

    Every candidate is judged by networks that it is trained in, on the table's own rows. The rows
    are dealt to three splits: the search sees the first; on the second, the best that it found
    stand beside the textbook and the identity at the end; the third is for `evolve test`. The run
    is like any other: `evolve show`, `lineage` and `resume` take it. With --json the last line is
    the table.
    """
    from evolve import runs, settings
    from evolve.cli.drive import drive
    from evolve.tracking import engaged
    from fitness.tables.loading import TableDeclaration

    table, stem = _read(data)
    dropped = tuple(each.strip() for each in drop.split(",") if each.strip())
    classes = classes or (table.classes and target == table.target)
    declared = TableDeclaration(data, shift, stem, "table", target, classes or None, dropped)
    said = {"search.operators": "['gp']", "search.seed": seed, "evaluators.workers": workers}
    limits = settings.budget(budget) if budget is not None else []
    spoken = [f"{key}={value}" for key, value in said.items() if value is not None]
    chosen = settings.read(None, [*spoken, *limits, *(overrides or [])])
    if collapse:
        _refuse({"--name": name, "--budget": budget, "--track": track})
        with TemporaryDirectory() as place:
            suite = _parted(table, declared, Path(place) / "data", seed)
            found = _collapsed(suite.parent, declared, chosen.sandbox, seed)
            _stand(_on(chosen, suite), found, seeds, as_json=as_json)
        return
    name, trackers = name or runs.new_name(), engaged(track or ())
    suite = (folder / name / "data" / f"{stem}.toml").absolute()
    chosen = _on(chosen, suite)
    run = runs.create(folder, name, chosen)
    try:
        _parted(table, declared, suite.parent, seed)
    except EvolveError:
        runs.discard(run)
        raise
    drive(run, chosen, trackers, as_json=as_json)
    _stand(chosen, _found(run), seeds, as_json=as_json)


def _read(data: str) -> tuple[Table, str]:
    """The table, and what its suite is called; of a known one says where it is to be had."""
    from evolve.studies.hybrids import TABLES
    from evolve.studies.tables import located
    from fitness.errors import FitnessError
    from fitness.tables.loading import table_at
    from fitness.tables.sources import is_source

    place = located(data)
    stem = place.partition(":")[2] if is_source(place) else Path(place).stem
    try:
        table = table_at(place)
    except FitnessError as error:
        close = difflib.get_close_matches(stem, TABLES, n=1)
        where = f"; {TABLES[close[0]].where}" if close else ""
        raise ConfigError(f"{error}{where}") from None
    return table, re.sub(r"[^\w-]+", "_", stem)


def _parted(table: Table, declared: TableDeclaration, folder: Path, seed: int) -> Path:
    from fitness.errors import FitnessError
    from fitness.suites.parted import parted

    try:
        return parted(table, declared, folder, seed)
    except FitnessError as error:
        raise ConfigError(str(error)) from None


def _on(config: Config, suite: Path) -> Config:
    """The same settings, on this suite."""
    table = config.fitness.model_copy(update={"suite": str(suite)})
    return config.model_copy(update={"fitness": table})


def _refuse(given: Mapping[str, object]) -> None:
    """Options that only a search has."""
    for option, value in given.items():
        if value is not None:
            raise ConfigError(f"{option}: is a search's, and --collapse begins none; leave one out")


def _collapsed(
    folder: Path, declared: TableDeclaration, limits: SandboxTable, seed: int
) -> dict[str, str]:
    """The program that a formula of all inputs becomes, by the formula of x; none, if no curve."""
    from evolve.contest import admit
    from evolve.fits import extract
    from evolve.records import Refusal
    from evolve.studies.collapse import collapsed
    from fitness.tables.loading import read_table

    seen = replace(read_table(folder / "search.parquet"), name=str(declared.place))
    found = extract.of(
        seen, str(declared.target), declared.drop, classes=bool(declared.classes), seed=seed
    ).standardised
    if len(found.labels) > 2:
        raise ConfigError(
            f"{declared.place}: {declared.target!r} has {len(found.labels)} classes, and "
            "--collapse tells two apart; leave it out to search"
        )
    formula, source = collapsed(found.inputs, found.targets[:, -1], seed, _EPOCHS)
    verdict = admit({formula: source}, limits)[formula]
    if isinstance(verdict, Refusal):
        print(f"The formula collapses to {formula}: {verdict}", file=sys.stderr)
        return {}
    return {formula: source}


def _found(run: Run) -> dict[str, str]:
    """What a search believes in most of its own, by id."""
    from evolve.finals.contestants import shortlist

    best = shortlist(run.records(), run.config)[:_FINDS]
    return {each.id: each.individual.admission.canonical for each in best}


def _stand(config: Config, found: Mapping[str, str], seeds: int, *, as_json: bool) -> None:
    """Measures what was found beside the textbook, on rows that nothing was chosen on."""
    from evolve.cli.measure import measured
    from evolve.config import FitnessTable
    from evolve.contest import patient
    from evolve.report.standings import standings
    from fitness.baselines import LINEAR, TIER_1

    textbook = {name: source for name, source in TIER_1.items() if name != LINEAR}
    changed = {
        "fitness": config.fitness.model_copy(update={"split": "valid", "promotion_seeds": seeds}),
        "sandbox": patient(config.sandbox, seeds / FitnessTable().seeds),
    }
    table = measured(config.model_copy(update=changed), {**found, **textbook})
    if as_json:
        print(json.dumps({**table.to_json(), "found": found}, allow_nan=False))
        return
    from rich.console import Console

    console = Console()
    console.print(standings(table))
    for name, source in found.items():
        console.print(f"{name}\n{source}", markup=False, highlight=False)
