"""Finals: the few best programs of a run, on data that nothing was chosen on.

A rule that is fixed beforehand picks at most five finalists on the split `valid`; then the split
`test` is opened, once, under several arms, with every textbook activation tuned alike.
"""

from evolve.finals.finals import Finals
from evolve.finals.plan import Plan

__all__ = ["Finals", "Plan"]
