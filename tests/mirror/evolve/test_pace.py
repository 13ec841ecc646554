from dataclasses import replace

import pytest

from evolve.pace import MOST, Pace
from evolve.records import Outcome, Record
from evolve.testing import individual


def trial(proposing: float, training: float, outcome: Outcome = Outcome.SCORED) -> Record:
    evaluation = replace(individual("a").evaluation, seconds=training)
    scored = evaluation if outcome is Outcome.SCORED else None
    return Record(0, "llm", 0, outcome, evaluation=scored, seconds=proposing)


def paced(*records: Record) -> Pace:
    pace = Pace()
    for _ in range(200):
        for record in records:
            pace.note(record)
    return pace


@pytest.mark.parametrize(
    ("proposing", "training", "ahead"), [(0.01, 1.0, 2), (1.0, 1.0, 3), (10.0, 1.0, 16)]
)
def test_as_many_are_under_way_as_a_proposal_takes_evaluations(
    proposing: float, training: float, ahead: int
) -> None:
    assert paced(trial(proposing, training)).ahead == ahead


def test_proposals_that_train_nothing_make_more_of_them_needed() -> None:
    wasted = paced(trial(4.0, 1.0), trial(4.0, 1.0, Outcome.DUPLICATE))
    assert wasted.ahead > 1.5 * paced(trial(4.0, 1.0)).ahead


def test_there_is_a_most_and_nothing_is_known_at_first() -> None:
    assert paced(trial(1e9, 1.0)).ahead == MOST
    assert Pace().ahead == 2


def test_a_promotion_is_nobody_s_proposal() -> None:
    pace = Pace()
    pace.note(replace(trial(0.0, 1.0), round=1))
    assert pace == Pace()
