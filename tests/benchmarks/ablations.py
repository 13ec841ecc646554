"""What the parts of a prompt are worth: `python -m tests.benchmarks.ablations --model NAME`.

An arm a set of parts (everything; without what was tried, without inspirations, without memory;
with the tasks' names), each with so many repeats from the same founders on the suite `lab`; the
model alone proposes, told in full. Printed are the tables of `evolve compare`: the best of the
search at equal evaluations, and favourites on tasks that no search saw, with intervals and
corrected tests; then how much of its questions a server with a cache of prompts has read before.
Runs are kept in the folder: begun again with the same sizes, it goes on.
"""

from __future__ import annotations

import argparse
from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import cast

from rich.console import Console

from evolve import settings
from evolve.calls import Message
from evolve.comparison import Plan, Trip, finish
from evolve.config import Config
from evolve.loop import Loop
from evolve.models import EMBEDDED_MODEL
from evolve.records import Record
from evolve.report.sheets import sheets
from evolve.report.tables import heading, plain_table
from evolve.runs import Run

EVERYTHING = ("tried", "inspirations", "memory")
ARMS: Mapping[str, tuple[str, ...]] = {
    "everything": EVERYTHING,
    "without tried": ("inspirations", "memory"),
    "without inspirations": ("tried", "memory"),
    "without memory": ("tried", "inspirations"),
    "with task names": (*EVERYTHING, "task-names"),
}


@dataclass(frozen=True)
class Ablations:
    """Like a plan of a comparison, but arms differ in what prompts tell."""

    folder: Path
    repeats: int
    config: Config

    def __iter__(self) -> Iterator[Trip]:
        """Every arm's first run before any arm's second."""
        for repeat in range(1, self.repeats + 1):
            for arm, tells in ARMS.items():
                search = self.config.search.model_copy(update={"seed": repeat - 1})
                model = self.config.model.model_copy(
                    update={"tells": tells, "memory_every": 50 if "memory" in tells else 0}
                )
                config = self.config.model_copy(update={"search": search, "model": model})
                run = Run(self.folder / f"{arm.replace(' ', '-')}-{repeat}")
                yield Trip(arm, repeat, run, config)


def main() -> None:
    """Runs what is left to run, and prints the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=EMBEDDED_MODEL)
    parser.add_argument("--evaluations", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", type=Path, default=Path("runs/ablations"))
    parser.add_argument("--set", action="append", default=[], help="another setting")
    chosen = parser.parse_args()
    said = [
        f"model.name={chosen.model}", "model.style=full", "search.operators=['llm']",
        "search.control_share=0.0", f"evaluators.workers={chosen.workers}",
    ]  # fmt: skip
    limits = settings.budget(f"evaluations={chosen.evaluations}")
    config = settings.read(None, [*said, *limits, *chosen.set])
    plan = Ablations(chosen.folder, chosen.repeats, config)
    console = Console(width=140)

    def watch(trip: Trip, _loop: Loop) -> None:
        console.print(f"{trip.arm}, repeat {trip.repeat}")

    # It has all that `finish` looks at; a Plan's own arms are operators.
    found = finish(cast("Plan", plan), watch, console.print)
    for sheet in sheets(found):
        table = plain_table()
        for column in sheet.columns:
            table.add_column(column)
        for row in sheet.rows:
            table.add_row(*row)
        console.print(heading(sheet.title), table)
    for trip in plan:
        share = begun_before([record.calls[0].messages for record in asked(trip.run)])
        console.print(f"{trip.arm}, repeat {trip.repeat}: {share:.0%} of its questions read before")


def asked(run: Run) -> Iterator[Record]:
    """The trials of a run that asked a model."""
    return (record for record in run.records() if record.calls)


def begun_before(questions: Iterable[tuple[Message, ...]]) -> float:
    """Share of the characters with which an earlier question began, of all."""
    known: list[str] = []
    shared = total = 0
    for messages in questions:
        text = "".join(message.content for message in messages)
        place = bisect(known, text)  # who begins most alike is a neighbour
        near = known[max(0, place - 1) : place + 1]
        shared += max((_alike(text, each) for each in near), default=0)
        total += len(text)
        known.insert(place, text)
    return shared / max(1, total)


def _alike(one: str, other: str) -> int:
    """With how many characters both begin."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


if __name__ == "__main__":
    main()
