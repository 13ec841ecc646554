"""A contest: activations measured side by side in one round, and judged against GELU."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import as_completed
from contextlib import closing
from dataclasses import astuple, replace

from evolve.config import Config, EvaluatorsTable, FitnessTable, SandboxTable
from evolve.errors import ConfigError, EvolveError
from evolve.evaluators.admission import Admissions
from evolve.evaluators.exams import LOCKED, constant, linear, losses, recipe, split
from evolve.protocols import Evaluator
from evolve.records import Admission, Evaluation, Failure, Refusal
from evolve.standing import ID, OOD, Score, Standing, Table
from fitness import standing, statistics
from fitness.baselines import LINEAR, REFERENCE, TIER_1
from fitness.judgement import judge

FRESH_ROUND = 1000
"""Far from any round that a search draws: data that nothing was chosen on."""

MOST_PARAMETERS = 16
"""Of what is measured beside a run: the rational function of degrees 5 and 4 has ten."""

CONSTANT = "constant predictor"
"""A control: the training mean as the only answer. It and the identity need no training."""

FEW = ("ReLU", REFERENCE, "SiLU", "Tanh")
"""The baselines that whatever is measured stands beside."""


def settings(suite: str, split: str, seeds: int, steps: int, workers: int) -> Config:
    """Settings under which programs are measured beside a run, not in it.

    Raises:
        ConfigError: the split is the locked one.
    """
    if split == LOCKED:
        raise ConfigError(f"--split {LOCKED}: is locked; only `evolve test RUN` opens it")
    return Config(
        fitness=FitnessTable(
            suite=suite, split=split, seeds=seeds, promotion_seeds=seeds, steps=steps
        ),
        sandbox=patient(SandboxTable(parameters=MOST_PARAMETERS), seeds / FitnessTable().seeds),
        evaluators=EvaluatorsTable(workers=workers),
    )


def patient(table: SandboxTable, times: float) -> SandboxTable:
    """The same limits, for a measurement so many times as long as the search's."""
    return table.model_copy(update={"seconds": table.seconds * max(1.0, times)})


def admit(sources: Mapping[str, str], table: SandboxTable) -> dict[str, Admission | Refusal]:
    """What the sandbox makes of programs, by name."""
    with closing(Admissions(table)) as admissions:
        return {name: admissions.admit(source)[1] for name, source in sources.items()}


def textbook() -> dict[str, Admission]:
    """Admissions of textbook activations but the identity, by name: no budget binds them."""
    trained = {name: source for name, source in TIER_1.items() if name != LINEAR}
    verdicts = admit(trained, SandboxTable())
    return {name: each for name, each in verdicts.items() if isinstance(each, Admission)}


def measure(
    entrants: Mapping[str, Admission],
    evaluator: Evaluator,
    round: int,  # noqa: A002
    measured: Callable[[str], None],
) -> dict[str, Evaluation | Failure]:
    """Trains all entrants in a round.

    Args:
        entrants: by name; the reference should be among them.
        evaluator: where they are trained; as many at once as it has workers.
        round: the draw of data, noise and transforms, the same for all.
        measured: called with each name as it is done.
    """
    futures = {evaluator.submit(each, round): name for name, each in entrants.items()}
    for future in as_completed(futures):
        measured(futures[future])
    return {name: future.result() for future, name in futures.items()}


def stand(
    found: Mapping[str, Evaluation | Failure],
    entrants: Mapping[str, Admission],
    table: FitnessTable,
    round: int,  # noqa: A002
    compared: Collection[str] | None = None,
) -> Table:
    """Where everybody stands.

    Args:
        found: what `measure` gave, the reference's among it.
        entrants: what was measured.
        table: the settings that it was measured under.
        round: the draw that it was measured on.
        compared: whose difference from the reference is tested; everybody's, if none.

    Raises:
        EvolveError: the reference could not be measured.
    """
    failures = {name: each for name, each in found.items() if isinstance(each, Failure)}
    if REFERENCE in failures:
        raise EvolveError(f"{REFERENCE} could not be measured: {failures[REFERENCE].detail}")
    field = _Field(found, entrants, table, round)
    asked = set(field.losses if compared is None else compared) - {REFERENCE, LINEAR, CONSTANT}
    standings = [field.standing(name, asked=name in asked) for name in field.losses]
    chosen = split(table)
    stood = Table(
        suite=chosen.suite,
        split=chosen.name,
        round=round,
        recipe=recipe(table, round).to_json(),
        tasks=len(chosen.tasks),
        comparisons=0,
        smallest_p=statistics.smallest_signed_rank(len(chosen.tasks)),
        standings=tuple(sorted(standings, key=lambda each: (-each.fitness, each.name))),
        failures=failures,
    )
    return corrected({"": stood})[""]


def corrected(tables: Mapping[str, Table]) -> dict[str, Table]:
    """The same tables, each p corrected for all the comparisons that were made in any of them."""
    raw = [each.raw_p for table in tables.values() for each in table.standings]
    asked = [each for each in raw if each is not None]
    found = iter(statistics.holm(asked))
    return {
        name: replace(
            table,
            comparisons=len(asked),
            standings=tuple(
                each if each.raw_p is None else replace(each, p=next(found))
                for each in table.standings
            ),
        )
        for name, table in tables.items()
    }


def reliability(
    found: Mapping[str, Evaluation | Failure],
    table: FitnessTable,
    round: int,  # noqa: A002
    seeds: Sequence[int],
) -> float:
    """How far the order of what was measured repeats from one half of these seeds to the other.

    Raises:
        FitnessError: there are too few seeds, or too few activations.
    """
    raw = {n: losses(table, each) for n, each in found.items() if isinstance(each, Evaluation)}
    some = {name: each.of_seeds(seeds) for name, each in raw.items()}
    return standing.split_half(some, REFERENCE, linear(table, round).of_seeds(seeds))


class _Field:
    """The losses of everybody in a round, the untrained controls with them."""

    def __init__(
        self,
        found: Mapping[str, Evaluation | Failure],
        entrants: Mapping[str, Admission],
        table: FitnessTable,
        round: int,  # noqa: A002
    ) -> None:
        self._trained = {n: each for n, each in found.items() if isinstance(each, Evaluation)}
        self._entrants = entrants
        self._line = linear(table, round)
        self.losses = {name: losses(table, each) for name, each in self._trained.items()}
        self.losses |= {LINEAR: self._line, CONSTANT: constant(table, round)}

    def standing(self, name: str, *, asked: bool) -> Standing:
        """Where one of them stands; if asked, with the p of no difference from the reference."""
        own, reference = self.losses[name], self.losses[REFERENCE]
        judged = judge(own, reference, self._line)
        trained, entrant = self._trained.get(name), self._entrants.get(name)
        return Standing(
            name=name,
            fitness=judged.fitness,
            interval=judged.interval,
            families={
                family: {ID: Score(*astuple(inside)), OOD: Score(*astuple(outside))}
                for family, (inside, outside) in standing.family_scores(own).items()
            },
            raw_p=standing.chance_of_no_difference(own, reference, self._line) if asked else None,
            p=None,
            improvement=standing.improvement(own, reference),
            failed=judged.failed_share,
            narrow=judged.narrow,
            flops=entrant.flops if entrant else 0.0,
            parameters=entrant.parameters if entrant else 0,
            seconds=trained.seconds if trained else 0.0,
        )
