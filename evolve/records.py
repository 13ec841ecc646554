"""The values that flow through a run: frozen, JSON-able, with next to no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from math import fsum

from evolve.calls import Call as Call  # noqa: PLC0414  (given on: a record holds calls)
from evolve.calls import Message as Message  # noqa: PLC0414
from evolve.experience import Attempt, Digest

Descriptor = tuple[float, ...]
"""A point in behaviour space, one coordinate in [0, 1] an axis."""


class Outcome(StrEnum):
    """Every way a trial can end; only the first makes an individual."""

    SCORED = "scored"
    DUPLICATE = "duplicate"  # its fingerprint was known: not trained again
    REFUSED = "refused"  # the sandbox met something that is not allowed
    OVER_BUDGET = "over_budget"  # dearer than the FLOP budget
    TIMED_OUT = "timed_out"
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"  # raised, or its process or machine died
    NOT_FINITE = "not_finite"  # every net trained with it failed
    WRONG_SHAPE = "wrong_shape"
    NO_PROPOSAL = "no_proposal"  # the operator had nothing to offer
    UNANSWERED = "unanswered"  # the language model gave no answer: its detail says why

    @property
    def trained(self) -> bool:
        """Whether an evaluator spent its time on this trial."""
        return self not in (
            Outcome.DUPLICATE,
            Outcome.REFUSED,
            Outcome.OVER_BUDGET,
            Outcome.WRONG_SHAPE,
            Outcome.NO_PROPOSAL,
            Outcome.UNANSWERED,
        )


class Verdict(StrEnum):
    """What a database made of a newcomer."""

    NEW = "new"  # first in its niche
    IMPROVED = "improved"  # displaced the elite of its niche
    REJECTED = "rejected"  # failed, known already, or beaten by the elite


@dataclass(frozen=True)
class Program:
    """Source of one activation function; `id` is 12 hex digits of its normalised syntax tree."""

    id: str
    source: str


@dataclass(frozen=True)
class Admission:
    """What was measured of a program before any training.

    Attributes:
        canonical: the program as it was understood, in our own spelling; all that operators see.
        graph: the traced graph as JSON; what is trained.
        fingerprint: two programs with one fingerprint are the same function.
        flops: floating-point operations per element, forward.
        transcendentals: how many of the operations are exp, tanh, erf and their like.
        parameters: trainable scalars of the activation itself.
        traits: even, odd, bounded, Lipschitz estimate ... by name; booleans as 0 and 1.
        affine_class: programs of one class differ by what linear layers absorb.
        behaviour: the function at a few points, centred and scaled; what novelty is measured by.
    """

    canonical: str
    graph: str
    fingerprint: str
    flops: float
    transcendentals: int
    parameters: int
    traits: Mapping[str, float] = field(default_factory=dict)
    affine_class: str = ""
    behaviour: tuple[float, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """Why a program was not admitted, in words that a person or a model can act on."""

    outcome: Outcome
    code: str
    line: int  # 1-based; 0 where no line is to blame
    hint: str

    def __str__(self) -> str:
        where = f" (line {self.line})" if self.line else ""
        return f"{self.code}{where}: {self.hint}"


@dataclass(frozen=True)
class Evaluation:
    """What was measured of a program by training networks with it.

    Attributes:
        fitness: mean over families of clipped gains, in log10 of error; 0 is GELU, more is better.
        interval: 95 % bootstrap interval of the fitness, over tasks and seeds.
        gains: "task/shift" -> log10 of GELU's error over this one's, clipped.
        scores: "task/shift" -> [0, 1], for people.
        failed: share of the nets that turned non-finite, in [0, 1].
        narrow: better than GELU, but not without its two best tasks.
        seeds: how many seeds a task the figures rest on.
        round: which draw of data, noise and target transforms; 0 is the search's own.
        seconds: wall time of the measurement, of the cheap rungs too.
        rungs: fitness on the cheap rungs, in their order.
        complete: false if it was stopped on the last of these rungs, where its figures are from.
        intervals: "task/shift" -> 95 % interval of the gain, over seeds.
        losses: JSON of "task/shift" -> normalised errors, [seeds][learning rates], null for a net
            that failed; sorted by key, and not read on the way to the ledger. Empty if left out.
    """

    fitness: float
    interval: tuple[float, float]
    gains: Mapping[str, float]
    scores: Mapping[str, float]
    failed: float
    narrow: bool
    seeds: int
    round: int = 0
    seconds: float = 0.0
    rungs: tuple[float, ...] = ()
    complete: bool = True
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    losses: str = ""

    @cached_property
    def by_task(self) -> Mapping[str, float]:
        """The gain on each task, the mean over its shifts."""
        found: dict[str, list[float]] = {}
        for key, gain in self.gains.items():
            found.setdefault(key.partition("/")[0], []).append(gain)
        return {task: fsum(gains) / len(gains) for task, gains in found.items()}


@dataclass(frozen=True)
class Failure:
    """Why an admitted program has no evaluation."""

    outcome: Outcome
    detail: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Individual:
    """A program with its admission and evaluation: the only thing a database holds."""

    program: Program
    admission: Admission
    evaluation: Evaluation


@dataclass(frozen=True)
class Selection:
    """What an operator may look at: parents to vary, inspirations to learn from.

    Attributes:
        step: serial number of the trial; the only clock of a run.
        island: the sub-population that the trial belongs to.
        scored: the latest that the run has scored, in that order, on cheap rungs too: what a model
            of fitness learns from; shown to nobody.
        tried: what was made of the first parent lately, and how it ended.
        digest: what worked and what failed in the run so far.
        takes_stock: whether a language model is asked to write the digest's words anew.
    """

    step: int
    island: int
    parents: tuple[Individual, ...] = ()
    inspirations: tuple[Individual, ...] = ()
    scored: tuple[Individual, ...] = ()
    tried: tuple[Attempt, ...] = ()
    digest: Digest = field(default_factory=Digest)
    takes_stock: bool = False


@dataclass(frozen=True)
class Trial:
    """One step, asked for and not yet done.

    Attributes:
        seen: how many records had been absorbed when the selection was made.
    """

    operator: str
    selection: Selection
    seen: int = 0

    @property
    def step(self) -> int:
        """Serial number of the trial."""
        return self.selection.step


@dataclass(frozen=True)
class Proposal:
    """An operator's answer: a program's source that nobody has judged yet.

    Attributes:
        parents: ids of the selection's parents that were varied; none for a blind draw.
        inspirations: ids of those that were shown and not varied.
        note: the operator's own words on what it tried.
    """

    source: str
    parents: tuple[str, ...] = ()
    inspirations: tuple[str, ...] = ()
    note: str = ""
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True)
class Record:
    """One step, done: one row of the ledger, and all that lineage and resume need.

    Attributes:
        parents: ids of the programs that were varied; lineage follows them.
        inspirations: ids of the programs that were shown and not varied.
        detail: why, when the outcome is not `scored`.
        evaluation: none unless scored.
        original: for a duplicate, the id of the program whose fingerprint it has.
        twin: id of the first program of the same affine class, if this is not that one.
        round: 0 for a trial; above it, an elite measured again on fresh seeds (a promotion).
        seen: how many records had been absorbed when its selection was made.
        seconds: wall time of proposing; the evaluation has its own.
        clock: seconds that the run had been at work when this was absorbed.
    """

    step: int
    operator: str
    island: int
    outcome: Outcome
    parents: tuple[str, ...] = ()
    inspirations: tuple[str, ...] = ()
    detail: str = ""
    note: str = ""
    program: Program | None = None
    admission: Admission | None = None
    evaluation: Evaluation | None = None
    calls: tuple[Call, ...] = ()
    original: str = ""
    twin: str = ""
    round: int = 0
    seen: int = 0
    seconds: float = 0.0
    clock: float = 0.0

    @property
    def individual(self) -> Individual | None:
        """The newcomer, if there is one to speak of."""
        if self.program is None or self.admission is None or self.evaluation is None:
            return None
        return Individual(self.program, self.admission, self.evaluation)

    @property
    def outline(self) -> Record:
        """All that a fold needs: the record without its calls' words and its nets' errors."""
        calls = tuple(replace(call, messages=(), reply="") for call in self.calls)
        evaluation = self.evaluation and replace(self.evaluation, losses="")
        return replace(self, calls=calls, evaluation=evaluation)

    @property
    def tokens(self) -> int:
        """Language-model tokens, read and written."""
        return sum(call.tokens for call in self.calls)

    @property
    def dollars(self) -> float:
        """What the models charged."""
        return sum(call.dollars for call in self.calls)


@dataclass(frozen=True)
class Candidate:
    """A program proposed and admitted, and not yet judged.

    Attributes:
        record: what its trial will be remembered as, but for how it ends.
        rungs: its fitness on the cheap rungs that it has passed.
        seconds: what these took.
    """

    record: Record
    admission: Admission
    rungs: tuple[float, ...] = ()
    seconds: float = 0.0
