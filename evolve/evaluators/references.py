"""What every program is measured against, and the textbook activations that a run begins with."""

from __future__ import annotations

import sandbox
from evolve.errors import ConfigError, EvolveError
from fitness.baselines import CONTROLS, REFERENCE, TIER_1, baseline
from fitness.errors import FitnessError


def graph(name: str) -> str:
    """The graph of a textbook activation, as JSON.

    Raises:
        ConfigError: the name is not a textbook activation's.
    """
    try:
        parsed = sandbox.parse(baseline(name))
    except FitnessError as error:
        raise ConfigError(str(error)) from None
    if isinstance(parsed, sandbox.Refusal):
        raise EvolveError(f"the sandbox refuses {name}: {parsed.hint}")
    return parsed.to_json()


def founders(names: tuple[str, ...]) -> dict[str, str]:
    """Programs of the founders by name: those named, or all of tier 1 but its controls.

    Raises:
        ConfigError: a name is not a textbook activation's.
    """
    try:
        named = names or [name for name in TIER_1 if name not in CONTROLS]
        # The reference goes first: it has to be measured before anything can be judged.
        ordered = sorted(named, key=lambda name: name != REFERENCE)
        return {name: baseline(name) for name in ordered}
    except FitnessError as error:
        raise ConfigError(f"[search] founders: {error}") from None
