"""Has programs trained in locked processes, and grades the answers outside of them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Protocol, TypeAlias

import numpy as np
from pydantic_core import to_json

from evolve.config import SandboxTable
from evolve.evaluators.trainer import Shard, Trainer, sharded
from evolve.evaluators.zygotes import start
from evolve.records import Evaluation, Failure, Outcome
from fitness.exam import Exam
from fitness.judgement import judge
from fitness.lesson import Predictions
from fitness.losses import Losses, grade, linear_predictor

Draw: TypeAlias = tuple[int, int | None]
"""A round, and a rung or the full measurement."""

_DIGITS = 4  # of the intervals of gains, of which a ledger keeps many


@dataclass(frozen=True, eq=False)
class Marked:
    """A program's losses in a draw, beside those of the linear control, and seconds of training."""

    losses: Losses
    linear: Losses
    seconds: float

    def against(self, reference: Losses) -> Evaluation:
        """The judgement on the program, when GELU came to these losses in the same draw."""
        found = judge(self.losses, reference, self.linear)
        return Evaluation(
            fitness=found.fitness,
            interval=found.interval,
            gains=found.gains,
            intervals={
                key: (round(low, _DIGITS), round(high, _DIGITS))
                for key, (low, high) in found.gain_intervals.items()
            },
            scores=found.scores,
            failed=found.failed_share,
            narrow=found.narrow,
            seeds=self.losses.recipe.seeds,
            round=self.losses.round_number,
            seconds=self.seconds,
            losses=to_json(dict(sorted(self.losses.by_shift().items()))).decode(),
        )


Answer: TypeAlias = Evaluation | Marked | Failure


@dataclass(frozen=True, eq=False)
class _Prepared:
    exam: Exam
    shards: Sequence[Shard]
    linear: Losses


class Measures(Protocol):
    """What an actor does: a batch of programs at a time, in draws that were prepared."""

    def ready(self) -> None:
        """Answers: whoever hears of it knows that it has started."""
        ...

    def prepare(self, draw: Draw, exam: Exam) -> None:
        """Keeps what is measured in a draw."""
        ...

    def measure(
        self, candidates: Sequence[str], draw: Draw, reference: Losses | None
    ) -> list[Answer]:
        """What each of the activations that JSON graphs describe is worth in a draw.

        As many are trained in one batch as the recipe allows, and one batch after another.

        Args:
            candidates: the graphs.
            draw: which exam; it was prepared.
            reference: GELU's losses in the same draw; without them nothing can be judged yet.
        """
        ...


class Measurer:
    """Zygotes that share out the lessons of a program, and the labels, which they never see."""

    def __init__(
        self,
        sandbox: SandboxTable,
        elsewhere: str,
        device: str = "cpu",
        nursery: str | None = None,
        processes: int = 1,
    ) -> None:
        """Starts the zygotes.

        Args:
            sandbox: the limits of one training.
            elsewhere: the graph that stands in the layers that a recipe does not give away.
            device: where the recipes train.
            nursery: the address of another program's, to start the zygotes there if it answers.
            processes: how many train at once, of which a GPU needs only one; who trains what
                changes no bit.

        Raises:
            EvolveError: the sandbox does not start, or reaches no such device.
        """
        processes = processes if device == "cpu" else 1
        self._threads = ThreadPoolExecutor(processes, thread_name_prefix="trainer")
        begin = partial(Trainer, sandbox, elsewhere, partial(start, device, nursery))
        begun = [self._threads.submit(begin) for _ in range(processes)]
        self._trainers = [each.result() for each in begun]
        self._prepared: dict[Draw, _Prepared] = {}

    def ready(self) -> None:
        """Nothing: the zygotes have started."""

    def prepare(self, draw: Draw, exam: Exam) -> None:
        """Shares out and packs the lessons, once."""
        if draw in self._prepared:
            return
        shards = sharded(exam, len(self._trainers))
        self._prepared[draw] = _Prepared(exam, shards, linear_predictor(exam))

    def measure(
        self, candidates: Sequence[str], draw: Draw, reference: Losses | None
    ) -> list[Answer]:
        """The losses of nets that are trained batch by batch, judged if they can be."""
        size = self._prepared[draw].exam.recipe.together
        starts = range(0, len(candidates), size)
        batches = (candidates[start : start + size] for start in starts)
        return [
            answer for each in batches for answer in self.measure_together(each, draw, reference)
        ]

    def measure_together(
        self, candidates: Sequence[str], draw: Draw, reference: Losses | None
    ) -> list[Answer]:
        """The same for one batch, however large.

        If it does not come through, each is trained by itself: the guilty fail alone.
        """
        prepared = self._prepared[draw]
        started = monotonic()
        found = self._trained(candidates, prepared)
        if not isinstance(found, Failure):
            seconds = monotonic() - started
            return [_marked(each, prepared.linear, seconds, reference) for each in found]
        if len(candidates) == 1:
            return [found]
        return [
            answer
            for each in candidates
            for answer in self.measure_together([each], draw, reference)
        ]

    def _trained(
        self, candidates: Sequence[str], prepared: _Prepared
    ) -> list[Losses | Failure] | Failure:
        """Each one's losses or what came of it, or what came of the batch."""
        exam, shards = prepared.exam, prepared.shards
        begun = [
            self._threads.submit(trainer.train, candidates, exam.recipe, shard)
            for trainer, shard in zip(self._trainers, shards, strict=False)
        ]
        wait(begun)  # also for the others of one that failed: a trainer does one thing at a time
        answers: list[dict[int, Predictions]] = [{} for _ in candidates]
        longest = 0.0
        for shard, each in zip(shards, begun, strict=True):
            found = each.result()
            if isinstance(found, Failure):
                return found
            parts, seconds = found
            longest = max(longest, seconds)
            for own, part in zip(answers, parts, strict=True):
                own.update(zip(shard.places, part, strict=True))
        places = range(len(exam.lessons))
        return [_graded(exam, [own[place] for place in places], longest) for own in answers]

    def close(self) -> None:
        """Ends the zygotes, and a training under way."""
        for each in self._trainers:
            each.close()
        self._threads.shutdown(wait=False)


def _graded(exam: Exam, predictions: Sequence[Predictions], seconds: float) -> Losses | Failure:
    if all(np.isnan(each).any(axis=(2, 3)).all() for each in predictions):
        return Failure(Outcome.NOT_FINITE, "every net turned non-finite", seconds)
    return grade(exam, predictions)


def _marked(
    found: Losses | Failure, linear: Losses, seconds: float, reference: Losses | None
) -> Answer:
    if isinstance(found, Failure):
        return found
    marked = Marked(found, linear, seconds)
    return marked if reference is None else marked.against(reference)
