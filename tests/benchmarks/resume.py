"""Does a run that was stopped end as one that never was? `python -m tests.benchmarks.resume`.

60 evaluations straight through with the embedded model; then 25, and on to 60 in a second session,
with the replies of the first run: both ledgers are compared row by row, but for what clocks wrote.
The nets are trained for few steps: what is compared does not depend on how well.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from evolve import runs, settings
from evolve.build import build
from evolve.config import Config
from evolve.models.recorded import RecordedModel
from evolve.protocols import Model
from evolve.records import Record
from evolve.runs import Run


def main() -> None:
    """Prints what was compared, and whether it is the same."""
    with tempfile.TemporaryDirectory() as folder:
        straight = runs.create(Path(folder), "straight", _config(60))
        _search(straight, _config(60))
        expected = straight.records()
        calls = [call for record in expected for call in record.calls]
        halted = runs.create(Path(folder), "halted", _config(25))
        for evaluations in (25, 60):
            _search(
                halted, _config(evaluations), RecordedModel(calls[0].model, calls, grammars=True)
            )
            print(f"stopped at {evaluations} evaluations: {len(halted.records())} records")
        same = [_timeless(record) for record in halted.records()] == [
            _timeless(record) for record in expected
        ]
        print(f"{len(expected)} records, {len(calls)} model calls: the same ledger: {same}")


def _config(evaluations: int) -> Config:
    limits = settings.budget(f"evaluations={evaluations}")
    return settings.read(None, [*limits, "evaluators.ahead=0", "fitness.steps=40"])


def _search(run: Run, config: Config, model: Model | None = None) -> None:
    with build(run, config, model) as loop:
        loop.run()


def _timeless(record: Record) -> Record:
    calls = tuple(replace(call, seconds=0) for call in record.calls)
    evaluation = record.evaluation and replace(record.evaluation, seconds=0)
    return replace(record, calls=calls, evaluation=evaluation, seconds=0, clock=0)


if __name__ == "__main__":
    main()
