"""The table of fitness/README.md, made anew: `python -m tests.benchmarks.baselines`.

Measures every textbook activation, with the code of `evolve measure`, on the splits search and
valid, and prints the minutes that took, how reliable the order is with the search's few seeds, and
whether the controls lose. Try it with `--seeds 4 --steps 40 --page /tmp/page.md`.
"""

from __future__ import annotations

import argparse
import re
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import numpy as np

from evolve import contest
from evolve.build import measuring
from evolve.cli.progress import counting
from evolve.config import FitnessTable
from evolve.report import standings
from evolve.standing import Table

PAGE = Path(__file__).parents[2] / "fitness" / "README.md"
BEGIN, END = "<!-- baselines -->", "<!-- /baselines -->"
CONTROLS = ("identity", "square", contest.CONSTANT)
DEFAULT_SEEDS = FitnessTable().seeds
WANTED_RELIABILITY, WANTED_MINUTES = 0.9, 10


@dataclass(frozen=True)
class Measured:
    """One split: where everybody stands, and how far that repeats, by the seeds of a half."""

    table: Table
    halves: dict[int, float]
    minutes: float


def main() -> None:
    """Measures, prints, and writes the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=30)
    parser.add_argument("--steps", type=int, default=400)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--page", type=Path, default=PAGE, help="the file with the two markers")
    chosen = parser.parse_args()
    before = _parted(chosen.page)
    found = [
        measured(split, chosen.seeds, chosen.steps, chosen.workers) for split in ("search", "valid")
    ]
    for each in found:
        print(f"lab/{each.table.split}: {each.minutes:.1f} min, {_reliable(each)}")
        print(f"  {_controls(each.table)}")
    minutes = sum(each.minutes for each in found)
    print(f"together: {minutes:.1f} min on {chosen.workers} workers (wanted: {WANTED_MINUTES})")
    text = "\n\n".join(map(_section, found))
    chosen.page.write_text(f"{before[0]}{BEGIN}\n{text}\n{END}{before[1]}", encoding="utf-8")


def measured(split: str, seeds: int, steps: int, workers: int) -> Measured:
    """All textbook activations on a split of `lab`."""
    started = monotonic()
    config = contest.settings("lab", split, seeds, steps, workers)
    entrants = contest.textbook()
    with counting(split, len(entrants)) as done, closing(measuring(config)) as evaluator:
        found = contest.measure(entrants, evaluator, contest.FRESH_ROUND, done)
    table = contest.stand(found, entrants, config.fitness, contest.FRESH_ROUND)
    halves = {}
    for half in (DEFAULT_SEEDS, DEFAULT_SEEDS // 2):
        blocks = [range(s, s + 2 * half) for s in range(0, seeds - 2 * half + 1, 2 * half)]
        repeats = [
            contest.reliability(found, config.fitness, contest.FRESH_ROUND, block)
            for block in blocks
        ]
        halves[half] = float(np.mean(repeats)) if repeats else float("nan")
    return Measured(table, halves, (monotonic() - started) / 60)


def _parted(page: Path) -> tuple[str, str]:
    """What stands before and behind the two markers."""
    text = page.read_text(encoding="utf-8") if page.exists() else f"{BEGIN}\n{END}\n"
    match = re.fullmatch(f"(.*){BEGIN}.*{END}(.*)", text, re.DOTALL)
    if match is None:
        sys.exit(f"{page}: wants the lines {BEGIN} and {END}, between which the table goes")
    return match[1], match[2]


def _reliable(each: Measured) -> str:
    verdict = "as wanted" if each.halves[DEFAULT_SEEDS] >= WANTED_RELIABILITY else "too little"
    spelled = ", ".join(f"{rho:.2f} at {half}" for half, rho in each.halves.items())
    return (
        "split-half Spearman of the fitness over activations, by the seeds of a half: "
        f"{spelled} (at {DEFAULT_SEEDS}, a search's own: {verdict}, {WANTED_RELIABILITY})"
    )


def _controls(table: Table) -> str:
    """Whether each control is below GELU, and where it stands among all."""
    names = [each.name for each in table.standings]
    words = []
    for name in CONTROLS:
        standing = table.of(name)
        if standing is None:
            words.append(f"{name} could not be trained")
        else:
            verb = "loses" if standing.fitness < 0 else "WINS"
            rank = f"{names.index(name) + 1} of {len(names)}"
            words.append(f"{name} {verb} ({standing.fitness:+.3f}, {rank})")
    return "controls: " + "; ".join(words)


def _section(each: Measured) -> str:
    table = each.table
    head = (
        f"`lab/{table.split}`, {table.tasks} tasks, {table.recipe['seeds']} seeds, "
        f"{each.minutes:.1f} minutes on two cores; {_reliable(each)}; {_controls(table)}."
    )
    return f"{head}\n\n{standings.markdown(table)}"


if __name__ == "__main__":
    main()
