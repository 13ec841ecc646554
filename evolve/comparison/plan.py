"""What a comparison will do, kept in its folder so that it can be gone on with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from evolve import settings
from evolve.config import Config
from evolve.errors import ConfigError, RunError
from evolve.portfolio import is_blind
from evolve.roster import check_names
from evolve.runs import SETTINGS, Run

PLAN = "comparison.json"
PORTFOLIO = "portfolio"
"""The arm in which all others but the blind ones compete, with their controls."""


@dataclass(frozen=True)
class Trip:
    """One run of a comparison: an arm's repeat, counted from 1."""

    arm: str
    repeat: int
    run: Run
    config: Config


@dataclass(frozen=True)
class Plan:
    """A comparison: every arm from the same founders, measured on the same draws of data.

    Attributes:
        folder: holds a run for each arm and repeat, and what was made from them.
        arms: operators, each alone; or the portfolio of them.
        config: the settings that all runs share but for operators and seed.
    """

    folder: Path
    arms: tuple[str, ...]
    repeats: int
    config: Config

    def __iter__(self) -> Iterator[Trip]:
        """The runs; every arm's first before any arm's second, so that a part is a fair part."""
        for repeat in range(1, self.repeats + 1):
            for arm in self.arms:
                name = f"{arm.replace('/', '_').replace('@', '_').replace(':', '_')}-{repeat}"
                yield Trip(arm, repeat, Run(self.folder / name), self._settings(arm, repeat))

    def _settings(self, arm: str, repeat: int) -> Config:
        """The seed is the repeat's, in all arms; only a portfolio has controls."""
        search = self.config.search
        others = tuple(each for each in self.arms if each != PORTFOLIO and not is_blind(each))
        together = arm == PORTFOLIO
        operators = (others or search.operators) if together else (arm,)
        changed = search.model_copy(
            update={
                "operators": operators,
                "weights": (),
                "seed": search.seed + repeat - 1,
                "control_share": search.control_share if together else 0.0,
            }
        )
        return self.config.model_copy(update={"search": changed})


def begin(folder: Path, arms: tuple[str, ...], repeats: int, config: Config) -> Plan:
    """The plan, written to `folder`; or what is kept there, with a new budget or more repeats.

    Raises:
        ConfigError: an arm is no operator, or there are fewer than two.
        RunError: the folder holds something else, or was begun with other arms or settings.
    """
    check_names(tuple(arm for arm in arms if arm != PORTFOLIO))
    if len(set(arms)) != len(arms) or len(arms) < 2:
        raise ConfigError(f"--operators {','.join(arms)}: want two or more, each once")
    plan = Plan(folder, arms, repeats, config)
    if (folder / PLAN).is_file():
        _check_same(plan)
    elif folder.exists():
        raise RunError(f"{folder}: exists, and holds no comparison; --name gives another name")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / SETTINGS).write_text(settings.write(config), encoding="utf-8")
        (folder / PLAN).write_text(json.dumps({"arms": arms}), encoding="utf-8")
    except OSError as error:
        raise RunError(f"{folder}: cannot be written ({error.strerror})") from None
    return plan


def _check_same(plan: Plan) -> None:
    kept = settings.read(plan.folder / SETTINGS)
    arms = tuple(json.loads((plan.folder / PLAN).read_text(encoding="utf-8"))["arms"])
    if arms != plan.arms:
        raise RunError(
            f"{plan.folder}: was begun with the operators {','.join(arms)}, not "
            f"{','.join(plan.arms)}; name those again, or give another --name"
        )
    changed = [
        each for each in settings.differences(kept, plan.config) if not each.startswith("budget.")
    ]
    if changed:
        raise RunError(
            f"{plan.folder}: was begun with other settings ({changed[0]}); only the budget and the "
            "repeats may change, or give another --name"
        )
