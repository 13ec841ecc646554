"""How individuals are shown to a model: canonical source, cost, fitness, gains without names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evolve.records import Individual

_ID = "none"  # the shift that is no shift


def anonymous(individuals: Iterable[Individual]) -> Mapping[str, str]:
    """Task -> T1, T2, ...: a model that knew the tasks' names would write their formulas."""
    tasks = {key.partition("/")[0] for each in individuals for key in each.evaluation.gains}
    return {task: f"T{number}" for number, task in enumerate(sorted(tasks), start=1)}


def portrait(individual: Individual, names: Mapping[str, str]) -> str:
    """Everything a model may know of `individual`, as Markdown; of its text only our own spelling.

    Args:
        individual: whom to show.
        names: task -> what the model knows it by.
    """
    admission, evaluation = individual.admission, individual.evaluation
    low, high = evaluation.interval
    traits = ", ".join(f"{name} {value:g}" for name, value in sorted(admission.traits.items()))
    return "\n".join(
        [
            _block(individual.admission.canonical),
            f"- fitness {evaluation.fitness:+.3f} (95 % interval {low:+.3f} to {high:+.3f})",
            f"- cost {admission.flops:g} per element",
            f"- trainable parameters: {admission.parameters}",
            f"- traits: {traits or 'none measured'}",
            "",
            _table(evaluation.gains, names),
        ]
    )


def function(individual: Individual) -> str:
    """The canonical source as a block of code, its imports left out: examples have none."""
    lines = individual.admission.canonical.splitlines()
    return _block("\n".join(line for line in lines if not line.startswith("import ")))


def weakest(individual: Individual, names: Mapping[str, str], count: int = 2) -> str:
    """The `count` (task, shift) pairs where it gains least, e.g. `T3 (wider), T1 (ID)`."""
    gains = individual.evaluation.gains
    worst = sorted(gains, key=lambda key: (gains[key], key))[:count]
    return ", ".join(_pair(key, names) for key in worst) or "unknown"


def _block(source: str) -> str:
    return f"```python\n{source.strip()}\n```"


def _pair(key: str, names: Mapping[str, str]) -> str:
    task, _, shift = key.partition("/")
    return f"{names[task]} ({_heading(shift)})"


def _table(gains: Mapping[str, float], names: Mapping[str, str]) -> str:
    tasks = sorted({key.partition("/")[0] for key in gains}, key=list(names).index)
    found = {key.partition("/")[2] for key in gains}
    shifts = sorted(found, key=lambda shift: (shift != _ID, shift))  # ID first
    rows = [["task", *map(_heading, shifts)], ["---"] * (len(shifts) + 1)]
    for task in tasks:
        cells = (gains.get(f"{task}/{shift}") for shift in shifts)
        rows.append([names[task], *("" if cell is None else f"{cell:+.2f}" for cell in cells)])
    return "\n".join(_row(cells) for cells in rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _heading(shift: str) -> str:
    return "ID" if shift == _ID else shift
