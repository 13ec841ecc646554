"""Searches that a study begins: runs like any other, in the study's own folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit

from evolve import settings
from evolve.comparison import see_through
from evolve.errors import RunError
from evolve.report.tracks import favourite
from evolve.runs import Run
from evolve.state import State
from evolve.studies.study import Given


@dataclass(frozen=True)
class Search:
    """How large a search is.

    Attributes:
        repeats: searches alike but for their seeds.
        evaluations: programs trained in each, founders among them.
        changed: settings that differ from the defaults.
    """

    repeats: int
    evaluations: int
    changed: tuple[str, ...] = ()


def searched(
    given: Given, size: Search, suite: Path, name: str, seed: int, *more: str
) -> dict[str, Any]:
    """What a search by genetic programming believes in most of its own, as plain JSON values.

    It goes on where it was stopped.

    Args:
        given: the study's.
        size: how large it is.
        suite: the tasks that its fitness is of.
        name: of the run; a seed tells it from others alike.
        seed: of all its choices.
        more: settings.

    Raises:
        RunError: it found nothing of its own.
    """
    said = (
        "search.operators=['gp']", "search.control_share=0.0", f"search.seed={seed}",
        f"fitness.suite={str(suite)!r}", f"budget.evaluations={size.evaluations}",
    )  # fmt: skip
    config = settings.read(None, [*said, *more, *size.changed])
    run = Run(given.folder / f"{name}-{seed}")
    given.say(f"{run.path.name}, {size.evaluations} programs")
    see_through(run, config, lambda _: None, accept_changes=given.accept_changes)
    records = run.records()
    own = favourite(State.of(config, records), records)
    if own is None:
        raise RunError(f"{run.path}: nothing of its own was scored; want more evaluations")
    return {"program": own.admission.canonical, "fitness": own.evaluation.fitness}


def suite(path: Path, tasks: Sequence[dict[str, str]], ood_weight: float) -> Path:
    """Writes a suite; gives its file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"ood_weight": ood_weight, "task": list(tasks)}
    path.write_text(tomlkit.dumps(content), encoding="utf-8")
    return path
