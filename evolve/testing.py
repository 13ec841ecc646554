"""Contract kits and fakes: an implementer's whole test is a class with `make`.

class TestMine(OperatorContract):
    def make(self) -> Operator:
        return Mine()
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import closing
from typing import Any

import numpy as np

from evolve.errors import ModelError, NoProposal
from evolve.protocols import Evaluator, Model, Operator
from evolve.records import (
    Admission,
    Call,
    Evaluation,
    Failure,
    Individual,
    Message,
    Outcome,
    Program,
    Proposal,
    Selection,
)
from sandbox.graph import Graph
from sandbox.language.program import parse


def admission(canonical: str, fingerprint: str = "0" * 16, graph: str = "{}") -> Admission:
    """An admission as the sandbox would give it, with made-up measurements."""
    traits = {"left_slope": 0.0, "right_slope": 1.0, "curvature_sign_changes": 2.0}
    behaviour = (-1.0, -0.5, 0.25, 1.25)
    return Admission(canonical, graph, fingerprint, 11.0, 1, 0, traits, fingerprint, behaviour)


def individual(name: str = "a", canonical: str = "", fitness: float = 0.0) -> Individual:
    """An individual whose program is `canonical`, x * sigmoid(x) if nothing else is said."""
    text = canonical or "import torch\n\n\ndef activation(x):\n    return x * torch.sigmoid(x)\n"
    evaluation = Evaluation(
        fitness=fitness,
        interval=(fitness - 0.1, fitness + 0.1),
        gains={"absmax3/none": fitness, "absmax3/shell": fitness},
        scores={"absmax3/none": 0.5, "absmax3/shell": 0.4},
        failed=0.0,
        narrow=False,
        seeds=4,
    )
    graph = parse(text)
    traced = graph.to_json() if isinstance(graph, Graph) else "{}"
    return Individual(Program(name.ljust(12, "0"), text), admission(text, name, traced), evaluation)


class InstantEvaluator:
    """An evaluator without training: fitness is drawn from the graph's text, the same each time."""

    def __init__(self, workers: int = 1, fail: frozenset[str] = frozenset()) -> None:
        """Takes how many it pretends to train at once, and the graphs that fail."""
        self.workers = workers
        self.trained: list[tuple[str, int, int | None]] = []
        self._fail = fail

    def submit(
        self,
        admission: Admission,
        round: int,  # noqa: A002
        rung: int | None = None,
    ) -> Future[Evaluation | Failure]:
        """An evaluation, at once."""
        self.trained.append((admission.fingerprint, round, rung))
        done: Future[Evaluation | Failure] = Future()
        if admission.graph in self._fail:
            done.set_result(Failure(Outcome.CRASHED, "asked to fail"))
            return done
        rng = np.random.default_rng([round, *admission.graph.encode()])
        fitness = float(rng.normal(-0.1, 0.1))
        if rung is not None:  # a cheap look at the same, and so a noisy one
            fitness += float(rng.normal(0.0, 0.05))
        done.set_result(
            Evaluation(
                fitness=fitness,
                interval=(fitness - 0.1, fitness + 0.1),
                gains={"absmax3/shell": fitness},
                scores={"absmax3/shell": 0.5},
                failed=0.0,
                narrow=False,
                seeds=8 if round else 4 if rung is None else 2,
                round=round,
            )
        )
        return done

    def close(self) -> None:
        """Nothing was started."""


class NoWorkshop:
    """A workshop that is shut: for rosters none of whose operators trains."""

    def work(self, job: str, order: Mapping[str, Any], draw: int) -> Mapping[str, Any]:
        """Nothing, ever.

        Raises:
            NoProposal: always.
        """
        raise NoProposal(f"{job}: nothing is trained here")

    def close(self) -> None:
        """Nothing was started."""


class OperatorContract(ABC):
    """What every operator must keep to."""

    parents = (individual("a"), individual("b", "def activation(x):\n    return x\n"))

    @abstractmethod
    def make(self) -> Operator:
        """The operator under test."""

    def proposals(self, count: int) -> Iterator[Proposal]:
        """What it makes of a selection of two parents, for `count` different seeds."""
        for seed in range(count):
            selection = Selection(step=seed, island=0, parents=self.parents)
            try:
                yield self.make().propose(selection, np.random.default_rng(seed))
            except NoProposal as why:
                assert str(why)

    def test_the_same_seed_gives_the_same_proposal(self) -> None:
        assert list(self.proposals(5)) == list(self.proposals(5))

    def test_it_offers_something_most_of_the_time(self) -> None:
        assert len(list(self.proposals(10))) >= 5

    def test_parents_and_inspirations_are_of_the_selection(self) -> None:
        known = {parent.program.id for parent in self.parents}
        for proposal in self.proposals(10):
            assert {*proposal.parents, *proposal.inspirations} <= known
            assert not set(proposal.parents) & set(proposal.inspirations)

    def test_an_empty_selection_is_no_accident(self) -> None:
        try:
            proposal = self.make().propose(Selection(0, 0), np.random.default_rng(0))
        except NoProposal as why:
            assert str(why)
        else:
            assert proposal.source
            assert not proposal.parents


class ModelContract(ABC):
    """What every model must keep to."""

    messages = (Message("system", "You are brief."), Message("user", "Say something."))

    @abstractmethod
    def make(self) -> Model:
        """The model under test, which has an answer to `messages`."""

    def test_a_call_says_what_was_asked_of_whom(self) -> None:
        with closing(self.make()) as model:
            call = model.complete(self.messages, seed=3)
            assert (call.model, call.messages, call.seed) == (model.name, self.messages, 3)
            assert isinstance(call, Call)
            assert call.tokens >= 0
            assert call.dollars >= 0

    def test_a_grammar_is_taken_only_by_a_model_that_says_so(self) -> None:
        with closing(self.make()) as model:
            if not model.grammars:
                try:
                    model.complete(self.messages, seed=3, grammar='root ::= "x"')
                except ModelError as error:
                    assert str(error)


class EvaluatorContract(ABC):
    """What every evaluator must keep to."""

    @abstractmethod
    def make(self) -> Evaluator:
        """The evaluator under test."""

    @abstractmethod
    def admitted(self) -> Admission:
        """A program that it can train."""

    def test_what_is_submitted_comes_back_judged(self) -> None:
        with closing(self.make()) as evaluator:
            result = evaluator.submit(self.admitted(), 0).result()
            assert isinstance(result, Evaluation)
            assert result.interval[0] <= result.fitness <= result.interval[1]

    def test_the_same_program_in_the_same_round_has_the_same_fitness(self) -> None:
        with closing(self.make()) as evaluator:
            futures = [evaluator.submit(self.admitted(), 0) for _ in range(2)]
            first, second = (future.result() for future in futures)
            assert isinstance(first, Evaluation)
            assert isinstance(second, Evaluation)
            assert (first.fitness, first.gains) == (second.fitness, second.gains)

    def test_another_round_is_another_draw(self) -> None:
        with closing(self.make()) as evaluator:
            result = evaluator.submit(self.admitted(), 1).result()
            assert isinstance(result, Evaluation)
            assert result.round == 1

    def test_what_is_in_flight_ends_with_the_evaluator(self) -> None:
        with closing(self.make()) as evaluator:
            futures = [evaluator.submit(self.admitted(), round) for round in range(3)]  # noqa: A001
        assert all(future.done() for future in futures)
