"""What a run's controls say of it."""

from dataclasses import replace

from evolve.records import Outcome, Record
from evolve.report.controls import answers
from evolve.testing import individual


def scored(step: int, operator: str, fitness: float, rungs: tuple[float, ...] = ()) -> Record:
    one = individual(f"p{step}", fitness=fitness)
    evaluation = replace(one.evaluation, rungs=rungs)
    parents = () if operator == "random" else ("0" * 12,)
    return Record(
        step, operator, 0, Outcome.SCORED, parents, program=one.program, admission=one.admission,
        evaluation=evaluation,
    )  # fmt: skip


def test_evolution_helped_where_varied_programs_are_fitter_than_blind_ones() -> None:
    records = [scored(step, "gp", 0.1 + step / 100) for step in range(6)]
    records += [scored(10 + step, "random", -0.1 - step / 100) for step in range(6)]
    (answer,) = answers(records)
    assert answer.verdict == "yes"
    assert answer.superiority.value == 1.0
    assert answers(records[:6]) == ()  # there is nobody to compare with


def test_in_a_race_programs_are_compared_by_the_rung_that_all_were_measured_on() -> None:
    records = [scored(step, "gp", 0.9, (-0.5 - step / 100,)) for step in range(6)]
    records += [scored(10 + step, "random", step / 100, (step / 100,)) for step in range(6)]
    (answer,) = answers(records)
    assert answer.verdict == "no"
