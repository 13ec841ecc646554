"""The finals of one run: finalists are picked on valid, the test split is opened, and closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from evolve import contest
from evolve.config import Config, FitnessTable
from evolve.errors import RunError
from evolve.evaluators.exams import demand
from evolve.finals.contestants import MOST, Contestant, champions, shortlist
from evolve.finals.plan import Plan, arms, measured_under, work
from evolve.protocols import Evaluator
from evolve.records import Admission, Evaluation, Failure
from evolve.runs import Run
from evolve.session import Opening
from evolve.standing import Course, Final, Table
from fitness.baselines import REFERENCE

Measuring = Callable[[Config], Evaluator]
Counting = Callable[[str, int], AbstractContextManager[Callable[[str], None]]]
Found = dict[str, Evaluation | Failure]

VALID_ROUND = contest.FRESH_ROUND + 1
TEST_ROUND = contest.FRESH_ROUND + 2


class Finals:
    """A run's finals; the run must not be at work meanwhile.

    Attributes:
        earlier: openings of the test split before this one.
        opened: whether it was opened now.
    """

    def __init__(self, run: Run, config: Config, measuring: Measuring, counting: Counting) -> None:
        """Takes the run and how to measure.

        Args:
            run: the run.
            config: its settings, with as many workers as are to be used.
            measuring: makes an evaluator out of settings.
            counting: shows how far a contest is.
        """
        self._run, self._config = run, config
        self._measuring, self._counting = measuring, counting
        self.opened = False
        self.earlier = tuple(run.openings())

    def plan(self, seeds: int, wide_seeds: int) -> Plan:
        """Picks the finalists on fresh data of the split valid.

        Raises:
            RunError: the run has no program of its own.
            ConfigError: its suite has no such splits.
        """
        chosen = arms(self._config.fitness, seeds, wide_seeds)
        for each in chosen.values():
            demand(each)
        records = self._run.records()
        listed = shortlist(records, self._config)
        if not listed:
            raise RunError(f"{self._run.path}: has no program of its own yet; `evolve resume` it")
        controls = list(champions(records, self._config))
        named = {each.id: each for each in (*controls, *listed)}
        textbook = contest.textbook()
        entrants = {REFERENCE: textbook[REFERENCE]}
        entrants |= {name: each.individual.admission for name, each in named.items()}
        changed = {"split": "valid", "promotion_seeds": seeds}
        table = self._config.fitness.model_copy(update=changed)
        found = self._measured("valid", entrants, table, VALID_ROUND)
        valid = contest.stand(found, entrants, table, VALID_ROUND, compared=())
        return self._planned(listed, controls, valid, chosen, textbook)

    def _planned(
        self,
        listed: Sequence[Contestant],
        controls: Sequence[Contestant],
        valid: Table,
        chosen: Mapping[str, FitnessTable],
        textbook: Mapping[str, Admission],
    ) -> Plan:
        ids, bests = {each.id: each for each in listed}, {each.id for each in controls}
        picked = [ids[each.name] for each in valid.standings if each.name in ids][:MOST]
        finalists = [replace(each, finalist=True, champion=each.id in bests) for each in picked]
        others = [each for each in controls if each.id not in {one.id for one in picked}]
        contestants = (*finalists, *others)
        entrants = {each.id: each.individual.admission for each in contestants}
        entrants |= textbook
        minutes = self._minutes(len(entrants), valid, chosen)
        return Plan(contestants, entrants, valid, chosen, minutes)

    def _minutes(self, count: int, valid: Table, chosen: Mapping[str, FitnessTable]) -> float:
        trained = [each.seconds for each in valid.standings if each.seconds]
        seeds = {"split": valid.split, "promotion_seeds": valid.recipe["seeds"]}
        done = len(trained) * work(self._config.fitness.model_copy(update=seeds), 1)
        to_do = count * sum(work(table, 1) for table in chosen.values())
        return sum(trained) / done * to_do / self._config.evaluators.workers / 60

    def play(self, plan: Plan) -> Final:
        """Opens the test split: from here on it counts, whether it is brought to an end or not."""
        at = datetime.now(UTC).isoformat(timespec="seconds")
        self._note(at, plan, None)
        self.opened = True
        number = TEST_ROUND + len(self.earlier)
        tables = {}
        for name, table in plan.arms.items():
            found = self._measured(f"test, {name}", plan.entrants, table, number)
            tables[name] = contest.stand(found, plan.entrants, table, number, plan.finalists)
        final = Final(
            at=at,
            earlier=tuple(each.at for each in self.earlier),
            courses=tuple(_course(each, plan.valid, tables["recipe"]) for each in plan.contestants),
            arms=contest.corrected(tables),
        )
        self._note(at, plan, final.to_json())
        return final

    def _measured(
        self, what: str, entrants: Mapping[str, Admission], table: FitnessTable, number: int
    ) -> Found:
        config = measured_under(self._config, table)
        with (
            self._counting(what, len(entrants)) as done,
            closing(self._measuring(config)) as evaluator,
        ):
            return contest.measure(entrants, evaluator, number, done)

    def _note(self, at: str, plan: Plan, results: Any) -> None:
        with closing(self._run.ledger()) as ledger:
            ledger.annals.open(Opening(at, self._config.fitness.suite, plan.to_json(), results))


def _course(each: Contestant, valid: Table, test: Table) -> Course:
    return Course(
        id=each.id,
        role=each.role,
        by=each.by,
        search=each.individual.evaluation.fitness,
        promoted=each.promoted.fitness if each.promoted else None,
        valid=valid.of(each.id),
        test=test.of(each.id),
    )
