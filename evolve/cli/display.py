"""What a run looks like to people: a line a new best, and on a terminal what happens right now."""

from __future__ import annotations

import logging
from collections import deque

from rich.console import Console, Group
from rich.live import Live
from rich.logging import RichHandler
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn
from rich.table import Column
from rich.text import Text

from evolve.events import Absorbed, Ended, Event, Started
from evolve.loop import Loop
from evolve.records import Outcome, Record
from evolve.report import journey, tables
from evolve.report.summary import used
from evolve.report.tables import against_gelu, interval, maker
from evolve.report.words import plainly

_log = logging.getLogger("evolve")
_RECENT = 4  # events that a terminal shows, the latest


class Display:
    """Listens to a run; quiet but for new bests and mishaps where nobody watches."""

    def __init__(self, console: Console, *, brief: bool = False) -> None:
        """Writes to `console`; what came of the run in the end only if it is not to be brief."""
        self.console = console
        self._brief = brief
        self._recent: deque[str] = deque(maxlen=_RECENT)
        self._bar = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            _Standing(table_column=Column(no_wrap=True)),
            console=console,
        )
        self._task = self._bar.add_task("starting", total=None)
        self._live = Live(console=console, transient=True, get_renderable=self._now)
        self._mishaps = RichHandler(console=console, show_time=False, show_path=False)

    def __enter__(self) -> Display:
        _log.addHandler(self._mishaps)
        if self.console.is_terminal:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._live.stop()
        _log.removeHandler(self._mishaps)

    def __call__(self, event: Event) -> None:
        """Shows what happened."""
        match event:
            case Started():
                self._bar.update(self._task, description="", loop=event.loop)
                for remark in event.loop.remarks:
                    self._say(remark)
            case Absorbed():
                self._absorbed(event)
            case Ended():
                self._live.stop()
                words = f"{event.words[0].upper()}{event.words[1:]}."
                if self._brief:
                    self._say(words)
                    return
                self.console.print(tables.overview(event.summary))
                self._say(f"\n{words} Everything is kept in {event.summary.path}.")
                self.console.print(journey.onward(event.summary), soft_wrap=True)

    def _absorbed(self, event: Absorbed) -> None:
        self._recent.append(_told(event.record))
        evaluations, limit = event.used["evaluations"]
        self._bar.update(self._task, total=limit, completed=evaluations)
        record = event.record
        if record.round and record.evaluation:
            self._say(f"on fresh seeds: {interval(record.evaluation)}", record)
        elif event.looks_best and record.evaluation:
            fitness = record.evaluation.fitness
            looks = f"looks best: {fitness:+.3f}, {against_gelu(fitness)} error against GELU"
            self._say(f"{looks}, by {maker(record.operator, record.note)}", record)
        elif record.outcome is Outcome.UNANSWERED:
            self._say(f"{record.step:>5}  {record.detail}")
        elif record.outcome in (Outcome.CRASHED, Outcome.TIMED_OUT, Outcome.OUT_OF_MEMORY):
            self._say(f"{record.step:>5}  {record.outcome}: {plainly(record.detail, 200)}")

    def _say(self, words: str, about: Record | None = None) -> None:
        if about and about.program:
            words = f"{about.step:>5}  {about.program.id}  {words}"
        self.console.print(words, highlight=False, markup=False)

    def _now(self) -> Group:
        loop: Loop | None = self._bar.tasks[0].fields.get("loop")
        spent = [Text(f"Used {tables.spent(used(loop.state.budget))}")] if loop else []
        return Group(
            *(Text(each, "dim", no_wrap=True, overflow="ellipsis") for each in self._recent),
            *spent,
            self._bar,
        )


class _Standing(ProgressColumn):
    """The rate, the trials in flight, the best so far, and the time that is left."""

    def render(self, task: Task) -> Text:
        loop: Loop | None = task.fields.get("loop")
        if loop is None:
            return Text("loading what trains and what proposes")
        budget, best = loop.state.budget, loop.state.database.best
        fitness = f", best {best.evaluation.fitness:+.3f}" if best else ""
        rate = 60 * budget.evaluations / budget.seconds if budget.seconds else 0.0
        return Text(
            f"{rate:.1f} a minute, {len(loop.flight)} in flight{fitness}{_left(loop, rate)}"
        )


def _left(loop: Loop, rate: float) -> str:
    """How long it may still take: until the evaluations or the minutes are used up."""
    limits, budget = loop.state.budget.limits, loop.state.budget
    left = []
    if limits.minutes is not None:
        left.append(limits.minutes - budget.seconds / 60)
    if limits.evaluations is not None and rate:
        left.append((limits.evaluations - budget.evaluations) / rate)
    return f", {max(0.0, min(left)):.1f} min left" if left else ""


def _told(record: Record) -> str:
    """A trial in a line."""
    fitness = f"{record.evaluation.fitness:+.3f}" if record.evaluation else ""
    why = fitness or record.original or " ".join(plainly(record.detail, 200).split())
    return f"{record.step:>5}  {record.operator:<13}  {record.outcome} {why}"
