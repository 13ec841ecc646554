"""`evolve replay`: is a run what its ledger says?"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from evolve.cli.options import RUNS, Json, RunName, Runs


def replay(name: RunName, folder: Runs = RUNS, as_json: Json = False) -> None:
    """Do a whole run again from its recorded model replies, and say where results differ.

    No model is asked; every program is proposed, admitted and trained again, one after another.
    Each trial begins from what was recorded, so that one difference does not cause others. The run
    itself is only read. Exit code 1 if anything differs.
    """
    from rich.console import Console

    from evolve import runs
    from evolve.build import replaying

    run = runs.find(name, folder)
    console = Console(stderr=True, highlight=False)
    found, count = [], 0
    with replaying(run) as again, console.status("replaying") as status:
        for record, differences in again:
            count += 1
            status.update(f"step {record.step}: {record.operator}")
            found += differences
            for each in differences if not as_json else ():
                print(f"step {each.step}: {each.field}: {_told(each.recorded)} -> "
                      f"{_told(each.replayed)}")  # fmt: skip
    if as_json:
        print(json.dumps([asdict(each) for each in found], indent=2, default=str))
    steps = len({each.step for each in found})
    console.print(f"{count} records replayed; {steps or 'none'} differ{'s' if steps == 1 else ''}.")
    if found:
        sys.exit(1)


def _told(value: object, longest: int = 300) -> str:
    text = str(value)
    return text if len(text) <= longest else f"{text[:longest]}..."
