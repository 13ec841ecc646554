"""Drives a comparison to its end: its runs, then its favourites on tasks that no search saw."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from functools import partial
from typing import Any

from evolve import runs
from evolve.build import build, measuring
from evolve.comparison.plan import Plan, Trip
from evolve.config import Config
from evolve.errors import EvolveError, RunError
from evolve.evaluators import exams
from evolve.loop import Loop
from evolve.protocols import Evaluator
from evolve.records import Evaluation, Individual
from evolve.report.comparison import Comparison
from evolve.report.tracks import Track, favourite, track
from evolve.runs import Run
from evolve.state import State

VALID = "valid.json"
"""The file beside a run's ledger that keeps what its favourite is worth on valid."""

Watch = Callable[[Trip, Loop], None]
Say = Callable[[str], None]


def finish(plan: Plan, watch: Watch, say: Say, *, accept_changes: bool = False) -> Comparison:
    """Does what is left to do, and gathers what came of it all.

    An arm that cannot go on stops, and says why; the others finish.

    Args:
        plan: which runs there are.
        watch: is handed every run's loop before it begins.
        say: is told what people want to know, a line each.
        accept_changes: go on with runs that were begun under other code or data.

    Raises:
        ConfigError: the suite has no valid tasks, which is better known before than after.
    """
    exams.demand(_on_valid(plan.config).fitness)
    stopped: dict[str, str] = {}
    finished: list[Trip] = []
    for trip in plan:
        if trip.arm in stopped:
            continue
        try:
            see_through(trip.run, trip.config, partial(watch, trip), accept_changes=accept_changes)
            finished.append(trip)
        except EvolveError as error:
            stopped[trip.arm] = str(error)
            say(f"{trip.arm} stops: {error}")
    _measure(plan.config, finished, say)
    tracks: dict[str, list[Track]] = {}
    for trip in finished:
        tracks.setdefault(trip.arm, []).append(_track(trip))
    return Comparison(plan.folder.name, tracks, stopped)


def see_through(
    run: Run, config: Config, watch: Callable[[Loop], None], *, accept_changes: bool
) -> None:
    """Begins the run or goes on with it, unless it has reached its budget.

    Raises:
        EvolveError: it cannot go on.
    """
    if not (run.path / runs.LEDGER).is_file():
        runs.create(run.path.parent, run.path.name, config)
    elif run.config.budget == config.budget and run.status == "finished":
        return
    ended = "stopped"
    with run.driving():
        earlier = len(run.sessions)
        try:
            with build(run, config, accept_changes=accept_changes) as loop:
                run.keep(config)
                watch(loop)
                ended = f"{runs.FINISHED}: {loop.run()}"
        finally:
            run.end(ended, after=earlier)
            runs.discard(run)  # where nothing was tried, nothing is left behind


def _measure(config: Config, finished: Sequence[Trip], say: Say) -> None:
    """Measures the favourites that have not been measured yet on the valid split.

    Each repeat has a draw of its own, the same for all arms: what repeats differ by holds the luck
    of a draw, too.
    """
    missing = [(trip, own) for trip in finished if (own := _favourite(trip)) and not _kept(trip)]
    if not missing:
        return
    say(f"Measuring {len(missing)} favourites on valid tasks.")
    with closing(measuring(_on_valid(config))) as evaluator:
        for trip, own in missing:
            _keep(trip, own, evaluator)


def _on_valid(config: Config) -> Config:
    """The settings that favourites are measured under: other tasks, and as many seeds as a best."""
    seeds = max(1, config.fitness.promotion_seeds)
    table = config.fitness.model_copy(update={"split": "valid", "promotion_seeds": seeds})
    return config.model_copy(update={"fitness": table})


def _keep(trip: Trip, own: Individual, evaluator: Evaluator) -> None:
    measured = evaluator.submit(own.admission, trip.repeat).result()
    kept = asdict(replace(measured, losses="")) if isinstance(measured, Evaluation) else None
    try:
        (trip.run.path / VALID).write_text(
            json.dumps({"program": own.program.id, "evaluation": kept}), encoding="utf-8"
        )
    except OSError as error:
        raise RunError(f"{trip.run.path}: cannot be written ({error.strerror})") from None


def _kept(trip: Trip) -> dict[str, Any]:
    """What is kept of the favourite's measurement, if it is of the run's favourite as it is now."""
    own, path = _favourite(trip), trip.run.path / VALID
    if own is None or not path.is_file():
        return {}
    fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    measured = fields["evaluation"] or {"round": trip.repeat}
    return fields if (fields["program"], measured["round"]) == (own.program.id, trip.repeat) else {}


def _favourite(trip: Trip) -> Individual | None:
    records = trip.run.records()
    return favourite(State.of(trip.config, records), records)


def _track(trip: Trip) -> Track:
    kept = _kept(trip).get("evaluation")
    pairs = {"interval": tuple(kept["interval"]), "rungs": tuple(kept["rungs"])} if kept else {}
    valid = Evaluation(**{**kept, **pairs}) if kept else None
    records = trip.run.records()
    return track(trip.arm, trip.repeat, str(trip.run.path), records, trip.config, valid)
