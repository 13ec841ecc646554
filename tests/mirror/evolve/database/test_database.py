from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evolve.config import DatabaseTable
from evolve.database import Database
from evolve.database.archive import Archive
from evolve.database.migration import migrate
from evolve.database.selection import by_rank
from evolve.database.shrinkage import pooled, shrunken
from evolve.records import Individual, Outcome, Record, Verdict
from evolve.testing import individual


def placed(name: str, fitness: float, *descriptor: float) -> Individual:
    one = individual(name, fitness=fitness)
    return replace(one, admission=replace(one.admission, descriptor=descriptor, fingerprint=name))


def record(one: Individual, step: int = 0, island: int = 0, round: int = 0) -> Record:  # noqa: A002
    evaluation = replace(one.evaluation, round=round, seeds=8 if round else 4)
    return Record(
        step, "gp", island, Outcome.SCORED, program=one.program, admission=one.admission,
        evaluation=evaluation, round=round,
    )  # fmt: skip


def test_a_niche_keeps_the_fitter_and_says_so() -> None:
    archive = Archive(bins=4)
    assert archive.add(placed("a", 0.1, 0.3, 0.3)) is Verdict.NEW
    assert archive.add(placed("b", 0.0, 0.3, 0.3)) is Verdict.REJECTED
    assert archive.add(placed("c", 0.2, 0.3, 0.3)) is Verdict.IMPROVED
    assert archive.add(placed("d", -9.0, 0.9, 0.3)) is Verdict.NEW
    assert sorted(elite.program.id[0] for elite in archive) == ["c", "d"]


def test_of_two_that_are_as_fit_a_niche_keeps_the_cheaper() -> None:
    def priced(name: str, flops: float, fitness: float = 0.1) -> Individual:
        one = placed(name, fitness, 0.3, 0.3)
        return replace(one, admission=replace(one.admission, flops=flops))

    archive = Archive(bins=4)
    archive.add(priced("a", 20.0))
    assert archive.add(priced("b", 10.0)) is Verdict.IMPROVED
    assert archive.add(priced("c", 10.0)) is Verdict.REJECTED
    assert archive.add(priced("d", 1.0, fitness=0.09)) is Verdict.REJECTED  # in ties alone
    assert archive.add(priced("e", 90.0, fitness=0.11)) is Verdict.IMPROVED


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.integers(1, 20))
def test_every_descriptor_has_a_niche_on_the_grid(descriptor: list[float], bins: int) -> None:
    assert all(0 <= cell < bins for cell in Archive(bins).niche(tuple(descriptor)))


def test_migration_offers_each_best_to_the_next_island_round_the_ring() -> None:
    islands = [Archive(4), Archive(4), Archive(4)]
    islands[0].add(placed("a", 0.5, 0.1))
    islands[2].add(placed("c", 0.1, 0.9))
    migrate(islands)
    names = [sorted(elite.program.id[0] for elite in island) for island in islands]
    assert names == [["a", "c"], ["a"], ["c"]]


def test_selection_favours_the_fitter_and_does_not_depend_on_arrival() -> None:
    elites = [placed(name, fitness, 0.1) for name, fitness in zip("abcdef", range(6), strict=True)]
    rng = np.random.default_rng(0)
    firsts = [by_rank(elites, 2, rng)[0].program.id[0] for _ in range(300)]
    assert firsts.count("f") > firsts.count("a") > 0
    forward = by_rank(elites, 3, np.random.default_rng(5))
    assert forward == by_rank(elites[::-1], 3, np.random.default_rng(5))
    assert by_rank([], 3, rng) == ()


def test_a_lucky_newcomer_ranks_below_a_proven_one() -> None:
    database = Database(DatabaseTable(islands=1))
    crowd = [placed(f"w{n}", -0.3, 0.05, 0.01 * n) for n in range(20)]
    for step, one in enumerate([*crowd, placed("proven", 0.10, 0.3), placed("lucky", 0.12, 0.9)]):
        database.add(record(one, step))
    database.add(record(placed("proven", 0.10, 0.3), 99, round=1))
    assert database.best is not None
    assert database.best.program.id.startswith("proven")


def test_a_promotion_corrects_the_elite_and_counts_for_nobody() -> None:
    database = Database(DatabaseTable(islands=2))
    database.add(record(placed("a", 0.4, 0.3), 0))
    before = (database.newcomers, database.mean)
    verdict = database.add(record(placed("a", 0.1, 0.3), 1, round=1))
    assert verdict is Verdict.REJECTED
    assert (database.newcomers, database.mean) == before
    assert database.best is not None
    assert np.isclose(database.best.evaluation.fitness, (4 * 0.4 + 8 * 0.1) / 12)
    assert database.best.evaluation.seeds == 12


def test_a_failed_trial_is_known_so_that_it_is_not_trained_again() -> None:
    database = Database(DatabaseTable())
    one = individual("a")
    database.add(
        Record(0, "gp", 0, Outcome.TIMED_OUT, program=one.program, admission=one.admission)
    )
    assert database.originals == {one.admission.fingerprint: one.program.id}
    assert database.best is None


@given(st.floats(-1, 0.5), st.floats(-1, 0.5))
def test_shrinkage_pulls_toward_the_mean_and_less_with_more_seeds(
    fitness: float, mean: float
) -> None:
    few = individual("a", fitness=fitness)
    many = replace(few, evaluation=pooled(few.evaluation, few.evaluation))
    near, far = abs(shrunken(few, mean) - mean), abs(shrunken(many, mean) - mean)
    assert near <= far + 1e-12 <= abs(fitness - mean) + 2e-12
