"""What a comparison looks like while it goes on: a bar on a terminal, a line a finished run."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bar

from evolve.comparison import Trip
from evolve.loop import Loop
from evolve.records import Record, Verdict


class Progress:
    """Follows one run after the other."""

    def __init__(self, console: Console) -> None:
        self._bar = Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TextColumn("trained"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("starting", total=None)
        self._last = ""

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()
        self._tell()

    def follow(self, trip: Trip, loop: Loop) -> None:
        """Watches the loop of a run that is about to begin."""
        self._tell()
        budget = loop.state.budget

        def show(_record: Record, _verdict: Verdict) -> None:
            best = loop.state.database.best
            fitness = f", best {best.evaluation.fitness:+.3f}" if best else ""
            self._last = (
                f"{trip.arm} {trip.repeat}: {budget.evaluations} trained in "
                f"{budget.seconds / 60:.1f} min{fitness}"
            )
            total, done = budget.limits.evaluations, budget.evaluations
            self._bar.update(self._task, description=self._last, total=total, completed=done)

        loop.watch = show

    def _tell(self) -> None:
        if self._last:
            self._bar.console.print(self._last, highlight=False)
        self._last = ""
