"""How many proposals of the blind operators are admitted: `python -m tests.benchmarks.admitted`."""

from __future__ import annotations

from tests.mirror.evolve.operators.test_admitted import OPERATORS, outcomes_of

PROPOSALS = 10_000


def main() -> None:
    """Prints a line an operator."""
    for name, operator in OPERATORS.items():
        found = outcomes_of(operator, PROPOSALS)
        share = 100 * found["admitted"] / PROPOSALS
        others = {what: count for what, count in found.items() if what != "admitted"}
        print(f"{name}: {share:.2f} % of {PROPOSALS:,} admitted (wanted: 99); {others}", flush=True)


if __name__ == "__main__":
    main()
