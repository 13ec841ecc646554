"""What a run looks like while it goes on: a line an event, and a bar on a terminal."""

from __future__ import annotations

import logging

from rich.console import Console
from rich.logging import RichHandler
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text

from evolve.loop import Loop
from evolve.portfolio import PROMOTION
from evolve.records import Outcome, Record, Verdict
from evolve.report.tables import against_gelu, interval, maker
from evolve.report.words import plainly

_log = logging.getLogger("evolve")


class Display:
    """Follows a loop; quiet but for new bests and mishaps where nobody watches."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            _Standing(table_column=Column(no_wrap=True)),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("starting", total=None)
        self._mishaps = RichHandler(console=console, show_time=False, show_path=False)

    def __enter__(self) -> Display:
        _log.addHandler(self._mishaps)
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
        _log.removeHandler(self._mishaps)

    def show(self, loop: Loop, record: Record, verdict: Verdict) -> None:
        """Shows what `record` changed."""
        budget, contender = loop.state.budget, loop.state.database.contender
        self._bar.update(
            self._task,
            description=f"{record.operator:<13}",
            total=budget.limits.evaluations,
            completed=budget.evaluations,
            loop=loop,
        )
        if record.operator == PROMOTION and record.program and record.evaluation:
            again = f"on fresh seeds: {interval(record.evaluation)}"
            self.console.print(f"{record.step:>5}  {record.program.id}  {again}", highlight=False)
        elif verdict is not Verdict.REJECTED and contender and contender.program == record.program:
            fitness = contender.evaluation.fitness
            self.console.print(
                f"{record.step:>5}  {contender.program.id}  looks best: {fitness:+.3f}, "
                f"{against_gelu(fitness)} error against GELU, "
                f"by {maker(record.operator, record.note)}",
                highlight=False,
                markup=False,
            )
        elif record.outcome is Outcome.UNANSWERED:
            self.console.print(f"{record.step:>5}  {record.detail}", highlight=False, markup=False)
        elif record.outcome in (Outcome.CRASHED, Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY):
            detail = plainly(record.detail, 200)
            self.console.print(f"{record.step:>5}  {record.outcome}: {detail}", markup=False)


class _Standing(ProgressColumn):
    """Evaluations, time, trials in flight and the best so far."""

    def render(self, task: Task) -> Text:
        loop: Loop | None = task.fields.get("loop")
        if loop is None:
            return Text("loading what trains and what proposes")
        budget, best = loop.state.budget, loop.state.database.best
        limit = f"/{budget.limits.evaluations}" if budget.limits.evaluations else ""
        fitness = f", best {best.evaluation.fitness:+.3f}" if best else ""
        rate = 60 * budget.evaluations / budget.seconds if budget.seconds else 0.0
        return Text(
            f"{budget.evaluations}{limit} trained, {rate:.1f} a minute, "
            f"{budget.seconds / 60:.1f} min{_left(loop, rate)}, "
            f"{loop.in_flight} in flight{fitness}"
        )


def _left(loop: Loop, rate: float) -> str:
    """How long it may still take: until the evaluations or the minutes are used up."""
    limits, budget = loop.state.budget.limits, loop.state.budget
    left = []
    if limits.minutes is not None:
        left.append(limits.minutes - budget.seconds / 60)
    if limits.evaluations is not None and rate:
        left.append((limits.evaluations - budget.evaluations) / rate)
    return f" and {max(0.0, min(left)):.1f} left" if left else ""
