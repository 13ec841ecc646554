"""Drives a comparison to its end: its runs, then its finalists on tasks that no search saw."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict
from typing import Any

from evolve import runs
from evolve.build import build, measuring
from evolve.comparison.plan import Plan, Trip
from evolve.config import Config
from evolve.errors import EvolveError
from evolve.evaluators.exams import split
from evolve.loop import Loop
from evolve.protocols import Evaluator
from evolve.records import Evaluation, Individual
from evolve.report.comparison import Comparison
from evolve.report.courses import Course, course, finalist
from evolve.state import State

VALID = "valid"  # the note that keeps what a run's finalist is worth on valid
FRESH = 1  # the round in which finalists are measured

Watch = Callable[[Trip, Loop], None]
Say = Callable[[str], None]


def finish(plan: Plan, watch: Watch, say: Say) -> Comparison:
    """Does what is left to do, and gathers what came of it all.

    An arm that cannot go on stops, and says why; the others finish.

    Args:
        plan: which runs there are.
        watch: is handed every run's loop before it begins.
        say: is told what people want to know, a line each.

    Raises:
        ConfigError: the suite has no valid tasks, which is better known before than after.
    """
    split(_on_valid(plan.config).fitness)
    stopped: dict[str, str] = {}
    finished: list[Trip] = []
    for trip in plan:
        if trip.arm in stopped:
            continue
        try:
            _drive(trip, watch)
            finished.append(trip)
        except EvolveError as error:
            stopped[trip.arm] = str(error)
            say(f"{trip.arm} stops: {error}")
    _measure(plan.config, finished, say)
    courses: dict[str, list[Course]] = {}
    for trip in finished:
        courses.setdefault(trip.arm, []).append(_course(trip))
    return Comparison(plan.folder.name, courses, stopped)


def _drive(trip: Trip, watch: Watch) -> None:
    """Begins the run or goes on with it, unless it has reached its budget."""
    run, path = trip.run, trip.run.path
    if not (path / runs.LEDGER).is_file():
        runs.create(path.parent, path.name, trip.config)
    elif run.config.budget == trip.config.budget and run.status == "finished":
        return
    run.keep(trip.config)
    try:
        with run.driving(), build(run, trip.config) as loop:
            watch(trip, loop)
            ended = loop.run()
    except EvolveError:
        runs.discard(run)  # a mistake found before anything was tried leaves nothing behind
        raise
    with closing(run.ledger()) as ledger:
        ledger.note(runs.ENDED, f"finished: {ended}")


def _measure(config: Config, finished: Sequence[Trip], say: Say) -> None:
    """Measures the finalists that have not been measured yet on the valid split."""
    missing = [trip for trip in finished if _final(trip) is None and _finalist(trip) is not None]
    if not missing:
        return
    say(f"Measuring {len(missing)} finalists on valid tasks.")
    with closing(measuring(_on_valid(config))) as evaluator:
        for trip in missing:
            _keep(trip, evaluator)


def _on_valid(config: Config) -> Config:
    """The settings under which finalists are measured: other tasks, and as many seeds as a best."""
    seeds = max(1, config.fitness.promotion_seeds)
    table = config.fitness.model_copy(update={"split": "valid", "promotion_seeds": seeds})
    return config.model_copy(update={"fitness": table})


def _keep(trip: Trip, evaluator: Evaluator) -> None:
    found = _finalist(trip)
    if found is None:
        return
    measured = evaluator.submit(found.admission, FRESH).result()
    kept = asdict(measured) if isinstance(measured, Evaluation) else None
    with closing(trip.run.ledger()) as ledger:
        ledger.note(VALID, json.dumps({"program": found.program.id, "evaluation": kept}))


def _final(trip: Trip) -> dict[str, Any] | None:
    """What is kept of the finalist's measurement, if it is of the run's finalist as it is now."""
    with closing(trip.run.ledger()) as ledger:
        kept = ledger.notes().get(VALID)
    found = _finalist(trip)
    fields: dict[str, Any] = json.loads(kept) if kept else {}
    return fields if found and fields.get("program") == found.program.id else None


def _finalist(trip: Trip) -> Individual | None:
    records = trip.run.records()
    return finalist(State.of(trip.config, records), records)


def _course(trip: Trip) -> Course:
    kept = (_final(trip) or {}).get("evaluation")
    final = Evaluation(**{**kept, "interval": tuple(kept["interval"])}) if kept else None
    records = trip.run.records()
    return course(trip.arm, trip.repeat, str(trip.run.path), records, trip.config, final)
