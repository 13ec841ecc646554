"""What the embedded model's proposals are worth, beside blind draws from the same grammar.

    python -m tests.benchmarks.proposals [COUNT] [MODEL]

Parents are the textbook activations. *Admitted* by the sandbox; *useful*: admitted, and a different
function than every parent; *distinct* useful functions: all as shares of the proposals asked for.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import closing
from functools import cache

import numpy as np

from evolve.errors import NoProposal
from evolve.models import EMBEDDED_MODEL, connect
from evolve.operators.llm import Llm, Phrasing, Style
from evolve.operators.random import Random
from evolve.protocols import Operator
from evolve.records import Individual, Message, Selection
from evolve.testing import individual
from fitness.baselines import TIER_1
from sandbox import Admission, CostBudget, Refusal, admit


def main(count: int, name: str) -> None:
    """Prints a line an operator."""
    begun = time.monotonic()
    budget = CostBudget()
    with closing(
        connect(name, None, temperature=0.8, max_tokens=400, timeout_seconds=120)
    ) as model:
        hello = model.complete((Message("user", "Hello."),), seed=0, grammar='root ::= "x"')
        print(f"{name}: first word after {time.monotonic() - begun:.1f} s ({hello.reply!r})")
        style = Style.suited_to(model)
        print(f"{'':12} {'admitted':>8} {'useful':>8} {'distinct':>8} {'s each':>8} {'tokens':>8}")
        for share, row in ((0.0, "vary"), (1.0, "cross")):
            llm = Llm(model, style, Phrasing(budget.flops), cross_share=share)
            measure(row, llm, count)
    measure("blind draws", Random(), count)


def measure(row: str, operator: Operator, count: int) -> None:
    """Asks `operator` for `count` proposals and prints what became of them."""
    known = {each.fingerprint for each in textbook().values()}
    admitted, tokens, begun = 0, 0, time.monotonic()
    useful: list[str] = []
    for rng, parents in selections(count):
        selection = Selection(0, 0, parents)
        try:
            proposal = operator.propose(selection, rng)
        except NoProposal as why:
            print(f"  no proposal: {why}")
            continue
        tokens += sum(call.tokens for call in proposal.calls)
        admission = admit(proposal.source)
        if isinstance(admission, Refusal):
            print(f"  {admission.code}: {proposal.source.strip().splitlines()[-1].strip()}")
            continue
        admitted += 1
        if admission.fingerprint not in known:
            useful.append(admission.fingerprint)
    seconds = (time.monotonic() - begun) / count
    shares = (f"{part / count:>8.0%}" for part in (admitted, len(useful), len(set(useful))))
    print(f"{row:12} {' '.join(shares)} {seconds:>8.2f} {tokens / count:>8.0f}")


def selections(count: int) -> Iterator[tuple[np.random.Generator, tuple[Individual, ...]]]:
    """Two textbook activations each time, and the chance to go on with."""
    founders = [individual(name, each.canonical) for name, each in textbook().items()]
    for number in range(count):
        rng = np.random.default_rng((7, number))
        first, second = rng.choice(len(founders), 2, replace=False)
        yield rng, (founders[first], founders[second])


@cache
def textbook() -> dict[str, Admission]:
    """The textbook's activations that the sandbox admits; it has no use for the identity."""
    read = {name: admit(source) for name, source in TIER_1.items()}
    return {name: each for name, each in read.items() if isinstance(each, Admission)}


if __name__ == "__main__":
    arguments = dict(enumerate(sys.argv))
    main(int(arguments.get(1, 60)), arguments.get(2, EMBEDDED_MODEL))
