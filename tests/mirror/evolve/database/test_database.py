from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolve.config import DatabaseTable
from evolve.database import Database
from evolve.database.archive import Archive
from evolve.database.migration import migrate, reset
from evolve.database.shrinkage import pooled, shrunken
from evolve.records import Individual, Outcome, Record, Verdict
from evolve.testing import individual
from tests.mirror.evolve.database.population import FLOPS, archive, placed, record

PLANE = DatabaseTable(islands=1, descriptors=("cost", "bends"))


def test_a_niche_keeps_the_fitter_and_says_so() -> None:
    grid = archive()
    assert grid.add(placed("a", 0.1, 0.3, 0.3), 0.0) is Verdict.NEW
    assert grid.add(placed("b", 0.0, 0.3, 0.3), 0.0) is Verdict.REJECTED
    assert grid.add(placed("c", 0.2, 0.3, 0.3), 0.0) is Verdict.IMPROVED
    assert grid.add(placed("d", -9.0, 0.9, 0.3), 0.0) is Verdict.NEW
    assert sorted(elite.program.id[0] for elite in grid) == ["c", "d"]


def test_a_lucky_newcomer_does_not_displace_a_proven_elite() -> None:
    proven = placed("proven", 0.20, 0.3)
    proven = replace(proven, evaluation=replace(proven.evaluation, seeds=40))
    grid = archive()
    grid.add(proven, -0.2)
    assert grid.add(placed("lucky", 0.25, 0.3), -0.2) is Verdict.REJECTED
    assert grid.add(placed("better", 0.60, 0.3), -0.2) is Verdict.IMPROVED


def test_of_two_that_are_as_fit_a_niche_keeps_the_cheaper() -> None:
    def priced(name: str, flops: float, fitness: float = 0.1) -> Individual:
        one = placed(name, fitness, 0.3, 0.3)
        return replace(one, admission=replace(one.admission, flops=flops))

    grid = Archive(("bends",), 4, FLOPS)
    grid.add(priced("a", 20.0), 0.0)
    assert grid.add(priced("b", 10.0), 0.0) is Verdict.IMPROVED
    assert grid.add(priced("c", 10.0), 0.0) is Verdict.REJECTED
    assert grid.add(priced("d", 1.0, fitness=0.09), 0.0) is Verdict.REJECTED  # in ties alone
    assert grid.add(priced("e", 90.0, fitness=0.11), 0.0) is Verdict.IMPROVED


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3), st.integers(1, 20))
def test_every_descriptor_has_a_niche_on_the_grid(descriptor: list[float], bins: int) -> None:
    assert all(0 <= cell < bins for cell in archive(bins).cell(tuple(descriptor)))


def test_migration_offers_each_best_to_the_next_island_round_the_ring() -> None:
    islands = [archive(), archive(), archive()]
    islands[0].add(placed("a", 0.5, 0.1), 0.0)
    islands[2].add(placed("c", 0.1, 0.9), 0.0)
    migrate(islands, 0.0)
    names = [sorted(elite.program.id[0] for elite in island) for island in islands]
    assert names == [["a", "c"], ["a"], ["c"]]


def test_the_weakest_island_begins_anew_with_the_best_of_the_others() -> None:
    islands = [archive(), archive(), archive()]
    for island, name, fitness in ((0, "a", 0.5), (1, "b", -0.5), (1, "x", -0.9), (2, "c", 0.1)):
        islands[island].add(placed(name, fitness, 0.1 if name != "x" else 0.9), 0.0)
    reset(islands, 0.0)
    names = [sorted(elite.program.id[0] for elite in island) for island in islands]
    assert names == [["a"], ["a"], ["c"]]


def test_an_island_alone_is_never_emptied() -> None:
    islands = [archive()]
    islands[0].add(placed("a", 0.5, 0.1), 0.0)
    reset(islands, 0.0)
    assert len(islands[0]) == 1


def test_a_lucky_newcomer_ranks_below_a_proven_one() -> None:
    database = Database(PLANE, FLOPS)
    crowd = [placed(f"w{n}", -0.3, 0.05, 0.01 * n) for n in range(20)]
    for step, one in enumerate([*crowd, placed("proven", 0.10, 0.3), placed("lucky", 0.12, 0.9)]):
        database.add(record(one, step))
    database.add(record(placed("proven", 0.10, 0.3), 99, round=1))
    assert database.best is not None
    assert database.best.program.id.startswith("proven")
    assert database.best == database.ranked()[0]


def test_a_promotion_corrects_the_elite_and_counts_for_nobody() -> None:
    database = Database(PLANE, FLOPS)
    database.add(record(placed("a", 0.4, 0.3), 0))
    before = (database.newcomers, database.mean)
    verdict = database.add(record(placed("a", 0.1, 0.3), 1, round=1))
    assert verdict is Verdict.REJECTED
    assert (database.newcomers, database.mean) == before
    assert database.best is not None
    assert np.isclose(database.best.evaluation.fitness, (4 * 0.4 + 8 * 0.1) / 12)
    assert database.best.evaluation.seeds == 12


@pytest.mark.parametrize(("again", "elite"), [(0.3, "b"), (-0.1, "a")])
def test_whom_a_proven_elite_keeps_out_is_measured_again_before_it_is_forgotten(
    again: float, elite: str
) -> None:
    database = Database(PLANE, FLOPS)
    crowd = [placed(f"w{n}", -0.5, 0.05, 0.01 * n) for n in range(20)]
    a, b = placed("a", 0.1, 0.3), placed("b", 0.2, 0.3)
    for step, one in enumerate([*crowd, a]):
        database.add(record(one, step))
    database.add(record(placed("a", 0.1, 0.3), 30, round=1))
    assert database.add(record(b, 31)) is Verdict.REJECTED
    assert database.contender == b
    assert database.best is not None
    assert database.best.program == a.program
    database.add(record(placed("c", 0.15, 0.3), 32))  # looks less fit than the challenger
    assert database.contender == b
    database.add(record(placed("b", again, 0.3), 33, round=1))
    assert database.best.program.id.startswith(elite)
    assert database.contender == database.best


def test_whose_second_measurement_failed_stands_in_nobodys_way() -> None:
    database = Database(PLANE, FLOPS)
    a, b = placed("a", 0.3, 0.2), placed("b", 0.2, 0.8)
    for step, one in enumerate((a, b)):
        database.add(record(one, step))
    assert database.contender == a
    failed = replace(record(a, 2, round=1), outcome=Outcome.CRASHED, evaluation=None)
    assert database.add(failed) is Verdict.REJECTED
    assert database.contender == b


def looked_for(database: Database) -> Individual | None:
    """The contender, looked for among everybody."""
    everybody = [
        each for island in database.islands for each in (*island, *island.challengers.values())
    ]
    found = [
        each
        for each in everybody
        if each.evaluation.complete and each.program.id not in database.unconfirmed
    ]
    return max(found, key=lambda each: (each.evaluation.fitness, each.program.id), default=None)


@given(
    st.lists(
        st.tuples(st.integers(-30, 30), st.sampled_from("nnnrrsf"), st.booleans()), min_size=12
    )
)
def test_the_contender_is_whom_a_look_at_everybody_finds(
    events: list[tuple[int, str, bool]],
) -> None:
    table = DatabaseTable(islands=2, descriptors=("cost",), bins=2, migrate_every=9, reset_every=16)
    database = Database(table, FLOPS)
    for step, (level, event, looks) in enumerate(events):
        one = placed(f"p{step}", level / 50, 0.1 + 0.5 * (step % 3 == 0))
        told = record(one, step, island=step % 2)
        if event == "s":  # seen on a few seeds only
            told = replace(told, evaluation=replace(one.evaluation, complete=False))
        elif event != "n" and (contender := database.contender):
            again = replace(contender, evaluation=replace(one.evaluation, fitness=level / 50))
            told = record(again, step, round=1)
            if event == "f":
                told = replace(told, outcome=Outcome.CRASHED, evaluation=None)
        database.add(told)
        if looks:  # or some more happens before anybody does
            assert database.contender == looked_for(database)
    assert database.contender == looked_for(database)


def test_a_challenger_that_comes_to_stand_in_its_niche_challenges_no_longer() -> None:
    proven = placed("proven", 0.1, 0.3)
    proven = replace(proven, evaluation=replace(proven.evaluation, seeds=40))
    grid, again = archive(), placed("again", 0.2, 0.3)
    grid.add(proven, -0.5)
    assert grid.add(again, -0.5) is Verdict.REJECTED
    assert list(grid.challengers.values()) == [again]
    assert grid.add(again, 0.1) is Verdict.IMPROVED  # it migrates, and the mean has risen
    assert not grid.challengers


def test_one_function_or_one_round_measured_twice_counts_once() -> None:
    database = Database(PLANE, FLOPS)
    one = placed("a", 0.4, 0.3)
    for step, round_ in enumerate((0, 0, 1, 1)):
        database.add(record(one, step, round=round_))
    assert database.newcomers == 1
    assert database.best is not None
    assert database.best.evaluation.seeds == 12


def test_a_function_whose_first_measurement_failed_counts_when_it_is_scored() -> None:
    database = Database(PLANE, FLOPS)
    one = placed("a", 0.4, 0.3)
    failed = replace(record(one), outcome=Outcome.CRASHED, evaluation=None)
    for each in (failed, record(one, 1), record(one, 2)):
        database.add(each)
    assert database.newcomers == 1


def test_a_failed_trial_is_known_so_that_it_is_not_trained_again() -> None:
    database = Database(DatabaseTable(), FLOPS)
    one = individual("a")
    database.add(
        Record(0, "gp", 0, Outcome.TIMED_OUT, program=one.program, admission=one.admission)
    )
    assert database.original(one.admission) == one.program.id
    assert database.best is None


def test_a_twin_differs_only_by_what_linear_layers_absorb() -> None:
    database = Database(PLANE, FLOPS)
    first, second, other = (placed(name, 0.1, 0.3) for name in "abc")
    second = replace(
        second, admission=replace(second.admission, affine_class=first.admission.affine_class)
    )
    database.add(record(first))
    assert database.twin(record(second, 1)) == first.program.id
    assert database.twin(record(first, 1)) == database.twin(record(other, 1)) == ""


def test_parents_of_elites_gain_curiosity_and_others_lose_it_again() -> None:
    database = Database(PLANE, FLOPS)
    database.add(record(placed("a", 0.1, 0.1)))

    def child(step: int, name: str, fitness: float, cost: float) -> None:
        born = record(placed(name, fitness, cost), step)
        database.add(replace(born, parents=(placed("a", 0, 0).program.id,)))

    child(1, "b", 0.1, 0.9)
    child(2, "c", 0.2, 0.9)
    parent, curiosity = placed("a", 0, 0).program.id, database.islands[0].elites(0.0).curiosity
    assert curiosity[parent] == 2.0
    child(3, "d", 0.0, 0.9)
    assert curiosity[parent] == 1.5


def test_a_record_of_an_island_that_a_fork_has_not_goes_to_another() -> None:
    database = Database(PLANE, FLOPS)
    assert database.add(record(placed("a", 0.1, 0.1), island=2)) is Verdict.NEW


@given(st.floats(-1, 0.5), st.floats(-1, 0.5))
def test_shrinkage_pulls_toward_the_mean_and_less_with_more_seeds(
    fitness: float, mean: float
) -> None:
    few = individual("a", fitness=fitness)
    many = replace(few, evaluation=pooled(few.evaluation, few.evaluation))
    near, far = abs(shrunken(few, mean) - mean), abs(shrunken(many, mean) - mean)
    assert near <= far + 1e-12 <= abs(fitness - mean) + 2e-12
