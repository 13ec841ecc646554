"""Where a program comes from and what it was worth: what an exported file says of itself."""

from __future__ import annotations

import re
from contextlib import closing
from dataclasses import dataclass

from evolve.errors import RunError
from evolve.lineage import resolve
from evolve.records import Admission, Evaluation, Record
from evolve.runs import Run
from sandbox import Graph, MalformedGraph


@dataclass(frozen=True)
class Origin:
    """A program of a run, ready to be taken out of it.

    Attributes:
        run: the run's name.
        record: the record that first admitted it.
        admission: what was measured of it before training.
        graph: the function.
        evaluations: every measurement of it, the search's own first.
    """

    run: str
    record: Record
    admission: Admission
    graph: Graph
    evaluations: tuple[Evaluation, ...]

    @property
    def id(self) -> str:
        """The program's id."""
        return self.record.program.id if self.record.program else ""

    @property
    def gain(self) -> float:
        """The scale that keeps the variance of a standard normal input: 1 / sqrt(E f(z)^2)."""
        return self.admission.traits.get("gain", 1.0)

    def told(self) -> list[str]:
        """A few lines of plain ASCII: what it is, who made it, its worth and its cost.

        Words of models and of users are left out, so nothing in them can end a docstring.
        """
        made = f"made by {_plain(self.record.operator)} at step {self.record.step}"
        admitted = self.admission
        return [
            f"Program {_plain(self.id)} of the run {_plain(self.run)}, {made}.",
            "Fitness is log10 of GELU's error over this one's in the typical family of tasks;",
            "0 is GELU, 0.1 is 21 % less error. Intervals are of 95 %, over tasks and seeds.",
            *map(_measured, self.evaluations),
            f"Cost: {admitted.flops:g} floating-point operations an element, forward;",
            f"{admitted.transcendentals} transcendental; {admitted.parameters} trainable scalars.",
        ]


def origin(run: Run, program: str) -> Origin:
    """The program of `run` whose id begins with `program`.

    Raises:
        RunError: there is none, several, it was never admitted, or its graph cannot be exported.
    """
    with closing(run.ledger()) as ledger:
        found = ledger.of(resolve(ledger, program))
    record = next((each for each in found if each.admission is not None), None)
    if record is None or record.admission is None:
        raise RunError(
            f"{program}: was never admitted ({found[0].outcome}), so there is no function to take "
            f"out; `evolve show {run.path}` lists the best"
        )
    try:
        graph = Graph.from_json(record.admission.graph)
    except MalformedGraph as error:
        raise RunError(f"{program}: its graph in the ledger is damaged ({error})") from None
    if graph.scope != "pointwise":
        raise RunError(f"{program}: looks at more than its own element; only pointwise functions "
                       "can be exported")  # fmt: skip
    measured = tuple(each.evaluation for each in found if each.evaluation)
    return Origin(run.path.name, record, record.admission, graph, measured)


def _measured(evaluation: Evaluation) -> str:
    low, high = evaluation.interval
    where = "on fresh seeds" if evaluation.round else "as the search saw it (flattered by luck)"
    return f"Fitness {evaluation.fitness:+.3f} [{low:+.3f}, {high:+.3f}] {where}."


def _plain(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9 ._@:/+-]", "?", text)[:80]
