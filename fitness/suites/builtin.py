"""The built-in tasks by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fitness.errors import unknown
from fitness.task import Task
from fitness.tasks.arithmetic import DIV2, MUL2, MUL100, POWERS
from fitness.tasks.digits import DIGITS
from fitness.tasks.equations import EQL2, EQL3, EQL4
from fitness.tasks.feynman import FEYN29, FEYN50, LAWS
from fitness.tasks.localised import GAUSS1
from fitness.tasks.oscillation import DECAY1, DECAYS
from fitness.tasks.periodic import CROSSINGS, HARM2, TREND1, WAVES
from fitness.tasks.piecewise import ABSMAX3, HINGES
from fitness.tasks.polynomial import CUBICS, POLY3_2
from fitness.tasks.rational import EQLDIV2, RATIOS
from fitness.tasks.saturating import STEP1, STEPS
from fitness.tasks.sets import SETL2, SETRANGE
from fitness.tasks.spherical import MIXTURES, SPH32

_TASKS: tuple[Task, ...] = (
    *(ABSMAX3, POLY3_2, TREND1, MUL2, EQLDIV2, STEP1, SPH32, FEYN29),
    *(DIV2, HARM2, DECAY1, SETL2),
    *(FEYN50, GAUSS1, SETRANGE, EQL2, EQL3, EQL4, MUL100, DIGITS),
    *(HINGES, CUBICS, WAVES, POWERS, RATIOS, STEPS, MIXTURES, LAWS, DECAYS, CROSSINGS),
)

BUILT_IN: Mapping[str, Task] = MappingProxyType({task.name: task for task in _TASKS})


def built_in(name: str) -> Task:
    """The built-in task of that name.

    Raises:
        FitnessError: there is none.
    """
    if name not in BUILT_IN:
        raise unknown("built-in task", name, BUILT_IN)
    return BUILT_IN[name]
