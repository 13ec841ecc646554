"""Whether a language model needs no hand-made space of functions (arXiv:2602.05688)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from evolve import settings
from evolve.comparison import Trip, begin
from evolve.comparison import finish as compared
from evolve.loop import Loop
from evolve.report.sheets import Sheet, sheets
from evolve.report.statistics import contrast
from evolve.studies.study import Claim, Finding, Found, Given, Study, Verdict, decided, rule

ARMS = ("llm", "gp", "ramachandran", "random")
KEY = "comparison"


@dataclass(frozen=True)
class Size:
    """Runs an arm, evaluations a run, and settings that differ from the defaults."""

    repeats: int
    evaluations: int
    changed: tuple[str, ...] = ()


def _plan(size: Size, given: Given) -> Mapping[str, Callable[[], Any]]:
    return {KEY: partial(_compared, size, given)}


def _compared(size: Size, given: Given) -> Any:
    config = settings.read(None, [f"budget.evaluations={size.evaluations}", *size.changed])
    plan = begin(given.folder / KEY, ARMS, size.repeats, config)

    def watch(trip: Trip, _: Loop) -> None:
        given.say(f"{trip.arm} {trip.repeat}")

    found = compared(plan, watch, given.say, accept_changes=given.accept_changes)
    tables = [[each.title, each.remark, each.columns, each.rows] for each in sheets(found)]
    fitness = {arm: [each.fitness for each in tracks] for arm, tracks in found.tracks.items()}
    return {"fitness": fitness, "stopped": dict(found.stopped), "tables": tables}


def _over(first: str, second: str) -> Callable[[Found], Finding]:
    def judged(found: Found) -> Finding:
        fitness, stopped = found[KEY]["fitness"], found[KEY]["stopped"]
        for arm in (first, second):
            if arm not in fitness:
                return Finding(Verdict.CANNOT_RUN, f"{arm}: {stopped[arm]}")
        return decided(contrast(fitness[first], fitness[second]).difference)

    return judged


def _sheets(found: Found) -> Sequence[Sheet]:
    return [
        Sheet(title, remark, tuple(columns), tuple(map(tuple, rows)))
        for title, remark, columns, rows in found[KEY]["tables"]
    ]


def _claim(says: str, source: str, first: str, second: str) -> Claim:
    words = rule(f"Fitness on valid tasks of the favourites of {first} less that of {second}")
    return Claim(says, source, words, _over(first, second))


STUDY = Study(
    name="operators",
    version=1,
    title="Does a language model need no hand-made space of functions?",
    paper="Mining Generalizable Activation Functions, arXiv:2602.05688",
    method=(
        "One `evolve compare`: searches from the same founders on the same draws, each with one "
        "operator: the embedded language model, genetic programming, the fixed space of "
        "Ramachandran et al., blind draws from the grammar. Every run's favourite, the program of "
        "its own that it believes in most, is measured again on valid tasks that no search saw; "
        "intervals are over repeats. The paper's models are far larger than the embedded one: "
        "this is a statement about the latter."
    ),
    claims=(
        _claim(
            "A language model that writes Python needs no hand-made search space.",
            "abstract",
            "llm",
            "ramachandran",
        ),
        _claim("A language model finds more than chance.", "implied", "llm", "random"),
        _claim("Evolution finds more than chance.", "implied", "gp", "random"),
    ),
    full=Size(repeats=5, evaluations=200),
    quick=Size(
        repeats=2,
        evaluations=6,
        changed=(
            "fitness.steps=21", "fitness.seeds=1", "fitness.promotion_seeds=1",
            "search.founders=['GELU','ReLU']",
        ),
    ),
    plan=_plan,
    sheets=_sheets,
)  # fmt: skip
