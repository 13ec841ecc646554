"""What `evolve run --dry-run` shows: every kind of question, and an estimate."""

from __future__ import annotations

from contextlib import closing

from evolve.config import Config
from evolve.evaluators.admission import Admissions
from evolve.rehearsal import Estimate, estimates, reference, rehearse


def show_rehearsal(config: Config) -> None:
    """Prints what a run would ask; trains nothing, asks nobody, and makes no run."""
    with closing(Admissions(config.sandbox)) as admissions:
        parent = reference(config, admissions)
    rehearsed = list(rehearse(config, parent))
    for each in rehearsed:
        print(f"=== {each.operator} asks {each.model} to {each.kind}: about {each.read:,} tokens")
        for message in each.messages:
            print(f"\n--- {message.role}\n\n{message.content}")
        print()
    if not rehearsed:
        print("No operator of this run asks a language model.")
        return
    print("=== estimate, with GELU for every parent; what a run has seen makes questions longer")
    for estimate in estimates(config, rehearsed):
        print(_told(estimate))


def _told(estimate: Estimate) -> str:
    if not estimate.calls:
        return f"{estimate.model}: no limit on evaluations, and so none on questions"
    dollars = estimate.dollars
    cost = "its price is not known here" if dollars is None else f"${dollars:,.4f}"
    window = f" of the {estimate.window:,} that it reads" if estimate.window else ""
    return (
        f"{estimate.model}: a question has up to {estimate.longest:,} tokens{window}; if it made "
        f"every proposal, about {estimate.calls:,} questions, {estimate.read:,} tokens read, at "
        f"most {estimate.written:,} written: {cost}"
    )
