"""How individuals are shown to a model: canonical source, cost, fitness, gains without names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from evolve.descriptor import in_words
from evolve.experience import Attempt, Digest
from evolve.records import Individual

_ID = "none"  # the shift that is no shift


def names_of(individuals: Iterable[Individual], *, told: bool = False) -> Mapping[str, str]:
    """Task -> T1, T2, ...: a model that knew the tasks' names would write their formulas.

    Args:
        individuals: whose tasks are named.
        told: give the tasks their own names all the same.
    """
    tasks = {key.partition("/")[0] for each in individuals for key in each.evaluation.gains}
    return {
        task: task if told else f"T{number}" for number, task in enumerate(sorted(tasks), start=1)
    }


def portrait(individual: Individual, names: Mapping[str, str]) -> str:
    """Everything a model may know of `individual`, as Markdown; of its text only our own spelling.

    Figures have few digits, since each is a token.

    Args:
        individual: whom to show.
        names: task -> what the model knows it by.
    """
    admission, evaluation = individual.admission, individual.evaluation
    low, high = evaluation.interval
    return "\n".join(
        [
            function(individual),
            f"- fitness {evaluation.fitness:+.3f} (95 % interval {low:+.2f} to {high:+.2f})",
            f"- cost {admission.flops:g} per element, {admission.parameters} trainable parameters",
            f"- traits: {in_words(admission.traits, 2) or 'none measured'}",
            "",
            _table(evaluation.gains, names),
        ]
    )


def function(individual: Individual) -> str:
    """The canonical source as a block of code."""
    return _block(individual.admission.canonical)


def attempts(tried: Sequence[Attempt], fitness: float) -> str:
    """What was made of a parent of that fitness, a block or a line each.

    Of what was not admitted only the refusal's code is told: its text was never ours.
    """
    shown = []
    refused = Counter(each.code for each in tried if each.code)
    for each in tried:
        if each.canonical:
            gained = f"{each.fitness - fitness:+.3f} fitness" if each.fitness is not None else ""
            shown.append(f"- {gained or each.outcome.replace('_', ' ')}:\n{_block(each.canonical)}")
    shown += [f"- refused {count} times: {code}" for code, count in refused.most_common()]
    return "\n".join(shown) or "Nothing yet."


def memory(digest: Digest, names: Mapping[str, str]) -> str:
    """The digest, a line a lesson."""
    lines = [
        f"- {names[each.task]}: programs with {each.operation} gain {each.gain:+.2f} against those "
        f"without ({each.count} of {digest.scored})"
        for each in digest.lessons
        if each.task in names
    ]
    if digest.refusals:
        told = ", ".join(f"{code} ({count})" for code, count in digest.refusals)
        lines.append(f"- refused most often: {told}")
    lines += [f"- {line}" for line in digest.words]
    return "\n".join(lines) or "Nothing yet."


def weakest(individual: Individual, names: Mapping[str, str], count: int = 2) -> str:
    """The `count` (task, shift) pairs where it gains least, e.g. `T3 (wider), T1 (ID)`."""
    gains = individual.evaluation.gains
    worst = sorted(gains, key=lambda key: (gains[key], key))[:count]
    return ", ".join(_pair(key, names) for key in worst) or "unknown"


def _block(canonical: str) -> str:
    """A block of code, its imports left out: examples have none."""
    lines = (line for line in canonical.splitlines() if not line.startswith("import "))
    source = "\n".join(lines).strip()
    return f"```python\n{source}\n```"


def _pair(key: str, names: Mapping[str, str]) -> str:
    task, _, shift = key.partition("/")
    return f"{names[task]} ({_heading(shift)})"


def _table(gains: Mapping[str, float], names: Mapping[str, str]) -> str:
    """A row a task: in distribution, then every shift with its name; the contract explains it."""
    tasks = sorted({key.partition("/")[0] for key in gains}, key=list(names).index)
    rows = []
    for task in tasks:
        own = {key.partition("/")[2]: gain for key, gain in gains.items() if _of(key) == task}
        inside = f"{own[_ID]:+.2f}" if _ID in own else ""
        outside = ", ".join(f"{shift} {own[shift]:+.2f}" for shift in sorted(own) if shift != _ID)
        rows.append(f"{names[task]} | {inside} | {outside}")
    return "\n".join(rows)


def _of(key: str) -> str:
    return key.partition("/")[0]


def _heading(shift: str) -> str:
    return "ID" if shift == _ID else shift
