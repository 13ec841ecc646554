"""What isolation costs a candidate beside its training: `python -m tests.benchmarks.isolation`.

Admission in a locked process (fork, lock, parse, probe, transfer, reap), and the share of a
measurement that is not training (fork, lock, transfer of lessons and answers, reap).
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from contextlib import closing
from functools import partial
from time import perf_counter

from evolve.config import FitnessTable, SandboxTable
from evolve.evaluators import locked
from evolve.evaluators.admission import Admissions
from evolve.evaluators.measurer import Measurer
from evolve.evaluators.orders import training_order
from evolve.evaluators.references import founders, graph
from evolve.records import Admission
from fitness.exam import draw
from fitness.frames import pack_lessons
from fitness.recipe import Recipe
from fitness.suites import select

_DRAW = (0, None)
_PAIRS = 8


def main() -> None:
    """Prints the medians."""
    table = SandboxTable()
    programs = founders(())
    with closing(Admissions(table)) as admissions:
        admitted, admit = [], []
        for source in programs.values():
            admit.append(_milliseconds(partial(admissions.admit, source), _PAIRS))
            verdict = admissions.admit(source)[1]
            if isinstance(verdict, Admission):
                admitted.append(verdict)
    admission = statistics.median(admit)
    # Few steps of training leave little but the isolation; the same training outside is taken off.
    fitness = FitnessTable(steps=21)
    exam = draw(select("lab", "search"), Recipe(steps=fitness.steps), 0)
    lessons = pack_lessons(exam.lessons)
    locked.warm_up()
    beside = []
    with closing(Measurer(table, graph(fitness.elsewhere))) as measurer:
        measurer.prepare(_DRAW, exam)
        measurer.measure([admitted[0].graph], _DRAW, None)
        for each in admitted:
            order = training_order([each.graph], graph(fitness.elsewhere), exam.recipe, lessons)
            inside = partial(measurer.measure, [each.graph], _DRAW, None)
            # In turn: a machine that slows down meanwhile slows down both.
            pairs = [(_milliseconds(inside), _milliseconds(partial(locked.train, order)))
                     for _ in range(_PAIRS)]  # fmt: skip
            beside.append(min(a for a, _ in pairs) - min(b for _, b in pairs))
    training = statistics.median(beside)
    print(f"admission in a locked process: {admission:.1f} ms (median of {len(admit)})")
    print(f"measurement, beside training:  {training:.1f} ms (median of {len(beside)})")
    print(f"isolation a candidate:         {admission + training:.1f} ms (at most 25 wanted)")


def _milliseconds(act: Callable[[], object], repeats: int = 1) -> float:
    """The least of a few times: what else the machine does only ever adds."""
    times = []
    for _ in range(repeats):
        started = perf_counter()
        act()
        times.append(1000 * (perf_counter() - started))
    return min(times)


if __name__ == "__main__":
    main()
