"""Elites of other drivers: trials like any other, and nothing that a driver waits for."""

from collections import deque
from contextlib import closing
from pathlib import Path

from evolve import runs
from evolve.ledger import Ledger
from evolve.loop import Loop
from evolve.portfolio import NEIGHBOURS
from evolve.protocols import Visitor
from evolve.provenance import here
from evolve.records import Admission, Outcome, Program
from evolve.testing import InstantEvaluator, admission
from tests.mirror.evolve.lived import config, lived
from tests.mirror.evolve.loops import make_loop
from tests.mirror.evolve.test_replay import differences

FOUND = Program("a" * 12, "def activation(x):\n    return x\n"), admission("never seen here")


class Beside:
    """A neighbour that has sent these, and keeps what it is sent."""

    def __init__(self, *come: tuple[Program, Admission]) -> None:
        self.come = deque(Visitor("night-2", *each) for each in come)
        self.sent: list[str] = []

    def send(self, program: Program, admission: Admission) -> None:
        self.sent.append(program.id)

    def arrived(self) -> Visitor | None:
        return self.come.popleft() if self.come else None


def searched(folder: Path, beside: Beside, *more: str) -> Loop:
    run = runs.create(folder, "run", config(30, "database.migrate_every=10", *more))
    with closing(run.ledger()) as ledger:
        ledger.annals.begin(here(run.config, "suite"))
    loop = make_loop(run, run.config, InstantEvaluator(run.config.evaluators.workers))
    loop.neighbours = beside
    loop.run()
    run.end("finished")
    return loop


def visits(ledger: Ledger) -> list[tuple[str, str, Outcome]]:
    return [
        (each.program.id, each.note, each.outcome)
        for each in ledger
        if each.operator == NEIGHBOURS and each.program
    ]


def test_what_another_driver_found_is_a_trial_and_is_measured_here(tmp_path: Path) -> None:
    loop = searched(tmp_path, Beside(FOUND))
    assert visits(loop.ledger) == [("a" * 12, "from night-2", Outcome.SCORED)]
    assert loop.state.budget.evaluations == 30
    assert loop.state.portfolio.tallies[NEIGHBOURS].scored == 1


def test_what_is_known_here_is_not_measured_again(tmp_path: Path) -> None:
    loop = searched(tmp_path, Beside(FOUND, FOUND))
    assert len(visits(loop.ledger)) == 1
    steps = sorted(each.step for each in loop.ledger)
    assert steps == list(range(len(steps)))


def test_an_elite_is_handed_on_whenever_islands_exchange_theirs(tmp_path: Path) -> None:
    beside = Beside()
    loop = searched(tmp_path, beside)
    assert len(beside.sent) == loop.state.database.migrations == 3
    assert set(beside.sent) <= {each.program.id for each in loop.ledger if each.program}


def test_a_run_with_visitors_replays_and_resumes(tmp_path: Path) -> None:
    loop = searched(tmp_path, Beside(FOUND), "evaluators.workers=2", "evaluators.ahead=2")
    loop.ledger.close()
    run = runs.Run(tmp_path / "run")
    assert differences(run) == []
    again = make_loop(run, run.config)
    assert again.state.database == loop.state.database


def test_runs_that_exchanged_elites_merge_into_one(tmp_path: Path) -> None:
    from evolve.histories import merge

    other = lived(tmp_path, "other", 20)
    elite = next(each for each in other.records() if each.outcome is Outcome.SCORED)
    assert elite.program
    assert elite.admission
    searched(tmp_path, Beside((elite.program, elite.admission)), "search.seed=5").ledger.close()
    first = runs.Run(tmp_path / "run")
    made = merge([first, other], tmp_path, "both")
    assert len(made.records()) == len(first.records()) + len(other.records())
