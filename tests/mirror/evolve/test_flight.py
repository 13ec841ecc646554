"""What is under way, counted."""

from collections.abc import Callable
from concurrent.futures import Future

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolve.budget import Spent
from evolve.flight import Flight
from evolve.portfolio import is_model
from evolve.records import Call, Candidate, Outcome, Record, Selection, Trial
from evolve.testing import admission

OPERATORS = ("gp", "llm", "llm-vary", "random")


def trial(step: int) -> Trial:
    return Trial(OPERATORS[step % 4], Selection(step, 0), 0)


def candidate(step: int) -> Candidate:
    """One in three of the same function; some were dear, some are measured again."""
    call = Call("m", (), 0, "", tokens=step, dollars=0.1 * step, seconds=0.0)
    admitted = admission("", fingerprint=f"f{step % 3}")
    record = Record(
        step, OPERATORS[step % 4], 0, Outcome.SCORED, calls=(call,) * (step % 3),
        round=int(step % 5 == 0), admission=admitted,
    )  # fmt: skip
    return Candidate(record, admitted)


def counted(flight: Flight) -> tuple[object, ...]:
    """The counts, counted anew."""
    begun = [*flight.ready, *flight.training.values()]
    spent = [Spent.of(each.record) for each in (*begun, *flight.echoes)]
    return (
        sum(is_model(each.operator) for each in flight.sampling.values()),
        sum(each.record.round > 0 for each in begun),
        sum(each.calls for each in spent),
        sum(each.tokens for each in spent),
        sum(each.picodollars for each in spent),
        {f"f{number}" for number in range(3)} & {each.admission.fingerprint for each in begun},
    )


@given(st.lists(st.sampled_from("sSeftlxd"), max_size=60))
def test_the_counts_are_those_that_a_look_at_everybody_finds(events: list[str]) -> None:
    flight = Flight()
    for step, event in enumerate(events):
        one = candidate(step)
        if event == "s":
            flight.sample(trial(step), Future())
        elif event == "S" and flight.sampling:
            future = next(iter(flight.sampling))
            future.set_result(one)
            assert flight.sampled(future) is one
        elif event in "ef":
            flight.enter(one, first=event == "f")
        elif event == "t" and flight.ready:
            flight.train(flight.ready.popleft(), Future())
        elif event == "l" and flight.training:
            flight.leave(flight.training.pop(next(iter(flight.training))))
        elif event == "x":
            flight.echo(one)
        elif event == "d" and flight.echoes:
            flight.die_away(flight.echoes[0])
        spent = flight.spent
        assert counted(flight) == (
            flight.asking, flight.promotions, spent.calls, spent.tokens, spent.picodollars,
            {f"f{number}" for number in range(3) if flight.has(f"f{number}")},
        )  # fmt: skip
        begun = len(flight.sampling) + len(flight.ready) + len(flight.training)
        assert (len(flight), bool(flight)) == (begun, begun > 0)


@pytest.mark.parametrize("done", [Future.set_result, Future.set_exception])
def test_what_is_done_lands_once_and_in_order(
    done: Callable[[Future[object], Exception], None],
) -> None:
    flight, futures = Flight(), [Future[Candidate | Record]() for _ in range(4)]
    for step, each in enumerate(futures):
        flight.sample(trial(step), each)
    for place in (2, 0):
        done(futures[place], ValueError("what came of it"))  # type: ignore[arg-type]
    assert [*flight.landed()] == [futures[2], futures[0]]
    done(futures[3], ValueError("later"))  # type: ignore[arg-type]
    assert [*flight.landed()] == [futures[3]]


def test_what_was_spent_leaves_no_rest() -> None:
    flight, some = Flight(), [candidate(step) for step in range(1, 9)]
    for each in some:
        flight.enter(each)
    for each in reversed(some):
        flight.leave(each)
    assert flight.spent == Spent()
    assert flight.spent.dollars == 0.0
