"""`evolve prompt`: what a model was told, as it was sent."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from typing import Annotated

import typer

from evolve.cli.options import RUNS, Json, RunName, Runs


def prompt(
    name: RunName,
    step: Annotated[int, typer.Argument(metavar="STEP", help="A trial's number.")],
    folder: Runs = RUNS,
    as_json: Json = False,
) -> None:
    """Show every question that a trial put to a language model, as it was sent, and the answer.

    Questions that were not answered and repairs are among them.
    """
    from evolve import runs
    from evolve.errors import RunError

    run = runs.find(name, folder)
    with closing(run.ledger()) as ledger:
        record = ledger.at(step)
        if record is None:
            last = max((known for known, _ in ledger.begun()), default=-1)
            there = f"the last one is {last}" if last >= 0 else "it has none yet"
            raise RunError(f"{run.path}: no step {step} in the ledger; {there}")
    if as_json:
        print(json.dumps([asdict(call) for call in record.calls], indent=2))
        return
    if not record.calls:
        print(f"Step {step}: {record.operator} asked no language model.")
    for number, call in enumerate(record.calls, start=1):
        print(f"=== step {step}, {record.operator}, question {number} of {len(record.calls)} "
              f"to {call.model}, seed {call.seed}")  # fmt: skip
        for message in call.messages:
            print(f"\n--- {message.role}\n\n{message.content}")
        if call.failure:
            print(f"\n--- no answer after {call.attempts} attempts\n\n{call.failure}\n")
            continue
        print(f"\n--- reply: {call.tokens} tokens, ${call.dollars:.6f}, {call.seconds:.1f} s, "
              f"{call.retries} retries\n\n{call.reply}\n")  # fmt: skip
    print(f"=== {record.outcome}{f': {record.detail}' if record.detail else ''}")
