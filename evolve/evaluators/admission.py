"""Admission of programs, in a locked process of its own: text goes in, measurements come out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from threading import Lock
from typing import Any

import sandbox
from evolve.config import SandboxTable
from evolve.errors import EvolveError
from evolve.evaluators.orders import ADMIT, CURVE, admission_order
from evolve.evaluators.zygotes import start
from evolve.records import Admission, Outcome, Program, Refusal
from sandbox.confine import Limits, Report, ZygoteDied
from sandbox.confine import Outcome as End

# A program that needs more than this to be read is not worth training.
_LIMITS = Limits(seconds=10.0, cpu_seconds=10, memory_bytes=2**29, answer_bytes=2**20)


@dataclass(frozen=True)
class Curve:
    """A function on a grid: x, f(x) and f'(x)."""

    x: list[float]
    values: list[float]
    slopes: list[float]


class Admissions:
    """Admits one program at a time; several threads may ask."""

    def __init__(self, table: SandboxTable) -> None:
        self._budget = sandbox.CostBudget(table.flops, table.operations, table.parameters)
        self._zygote = start()
        self._lock = Lock()

    @property
    def isolation(self) -> str:
        """The level of isolation that this machine allows."""
        return str(self._zygote.isolation.level)

    def admit(self, source: str) -> tuple[Program, Admission | Refusal]:
        """The program that `source` is, and what was measured of it or why it was refused."""
        order = admission_order(source, self._budget)
        with self._lock:
            try:
                report = self._zygote.run(ADMIT, order, _LIMITS)
            except ZygoteDied as error:
                self._zygote = start()
                report = Report(End.CRASHED, b"", str(error), 0.0, 0.0)
        if report.outcome is not End.DONE:
            # Its syntax tree could not be had, so its text must do for an id.
            name = hashlib.sha256(source.encode()).hexdigest()[:12]
            hint = f"reading it ended as {report.outcome}; write something simpler"
            return Program(name, source), Refusal(Outcome.REFUSED, "unreadable", 0, hint)
        answer = json.loads(report.answer)
        return Program(answer["program"], source), self._verdict(answer)

    def curve(self, admission: Admission) -> Curve:
        """The function and its slope, for a picture.

        Raises:
            EvolveError: they cannot be had, though the program was admitted.
        """
        with self._lock:
            report = self._zygote.run(CURVE, admission.graph.encode(), _LIMITS)
        if report.outcome is not End.DONE:
            raise EvolveError(f"drawing the function ended as {report.outcome}: {report.detail}")
        return Curve(*json.loads(report.answer))

    def close(self) -> None:
        """Ends the zygote."""
        self._zygote.close()

    def _verdict(self, answer: dict[str, Any]) -> Admission | Refusal:
        if "refusal" in answer:
            refusal = sandbox.Refusal.from_json(answer["refusal"])
            dear = refusal.code == Outcome.OVER_BUDGET
            outcome = Outcome.OVER_BUDGET if dear else Outcome.REFUSED
            return Refusal(outcome, refusal.code, refusal.line, refusal.hint)
        admitted = sandbox.Admission.from_json(answer["admission"])
        cost, traits = admitted.cost, admitted.traits
        return Admission(
            canonical=admitted.canonical,
            graph=admitted.graph.to_json(),
            fingerprint=admitted.fingerprint,
            flops=cost.flops,
            transcendentals=cost.transcendentals,
            parameters=cost.parameters,
            traits=traits.numbers(),
            affine_class=admitted.affine_class,
            behaviour=admitted.behaviour,
        )
