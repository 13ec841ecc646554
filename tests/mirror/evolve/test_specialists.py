"""Who would win if only one family of tasks counted."""

from dataclasses import replace

from evolve.records import Outcome, Record
from evolve.report.specialists import specialists
from evolve.testing import individual

FAMILIES = {"waves": "periodic", "tides": "periodic"}


def measured(step: int, *, complete: bool = True, again: int = 0, **gains: float) -> Record:
    one = individual(f"p{step}", fitness=step / 100)
    told = {f"{task}/{shift}": gain for task, gain in gains.items() for shift in ("none", "far")}
    evaluation = replace(one.evaluation, gains=told, complete=complete)
    return Record(
        step, "gp", 0, Outcome.SCORED, program=one.program, admission=one.admission,
        evaluation=evaluation, round=again,
    )  # fmt: skip


def test_the_specialist_of_a_family_gains_most_over_all_its_tasks() -> None:
    records = [
        measured(0, waves=0.3, tides=-0.1, own=0.0),
        measured(1, waves=0.2, tides=0.2, own=-0.1),
        measured(2, complete=False, waves=0.5, tides=0.5, own=0.5),
        measured(3, again=1, waves=0.4, tides=0.4, own=0.4),
    ]
    periodic, own = specialists(records, FAMILIES)
    assert (periodic.family, periodic.id[:2], round(periodic.gain, 6)) == ("periodic", "p1", 0.2)
    assert (own.family, own.id[:2]) == ("own", "p0")  # a task that nobody knows stands for itself
