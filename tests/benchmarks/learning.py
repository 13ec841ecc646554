"""Operators that learn from networks: are their proposals admitted, and what do they take?

    python -m tests.benchmarks.learning [COUNT]

Parents are the textbook activations, asked in turn on the tasks of `lab`. *Proposed*: not answered
by `no proposal`; *admitted*, of those, by the sandbox; *useful*: admitted, and none of the parents.
What they gain for a second of processor time, beside others, is told by

    evolve compare --operators xnet,symbolnet,gp,random --repeats 3 --budget evaluations=100
"""

from __future__ import annotations

import sys
import time
from contextlib import closing

import numpy as np

from evolve.config import Config
from evolve.errors import NoProposal
from evolve.evaluators.workshop import LockedWorkshop
from evolve.protocols import Operator
from evolve.records import Selection
from evolve.roster import TRAINING
from evolve.testing import individual
from fitness.baselines import TIER_1
from sandbox import Admission, admit


def main(count: int) -> None:
    """Prints a line an operator."""
    print(f"{'':10} {'proposed':>8} {'admitted':>8} {'useful':>8} {'s each':>7}")
    with closing(LockedWorkshop(Config(), TRAINING)) as workshop:
        for name, made in TRAINING.items():
            measure(name, made(workshop), count)


def measure(row: str, operator: Operator, count: int) -> None:
    """Asks `operator` for `count` proposals and prints what became of them."""
    read = {name: admit(source) for name, source in TIER_1.items()}
    known = {each.fingerprint for each in read.values() if isinstance(each, Admission)}
    parents = [individual(name, TIER_1[name]) for name in TIER_1 if name != "identity"]
    proposed, admitted, useful, begun = 0, 0, 0, time.monotonic()
    for step in range(count):
        selection = Selection(step, 0, (parents[step % len(parents)],))
        try:
            proposal = operator.propose(selection, np.random.default_rng((7, step)))
        except NoProposal:
            continue
        proposed += 1
        admission = admit(proposal.source)
        if isinstance(admission, Admission):
            admitted += 1
            useful += admission.fingerprint not in known
    seconds = (time.monotonic() - begun) / count
    shares = (admitted / max(1, proposed), useful / max(1, proposed))
    print(f"{row:10} {proposed / count:>8.0%} {shares[0]:>8.1%} {shares[1]:>8.1%} {seconds:>7.2f}")


if __name__ == "__main__":
    main(int(dict(enumerate(sys.argv)).get(1, 200)))
