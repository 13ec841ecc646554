"""What asking costs: `python -m tests.benchmarks.asking`.

Throughput: a server that answers after LATENCY seconds, told in a tenth of the time, 8 samplers,
and an evaluator that takes no time; wanted is within 5 % of what 8 in flight allow. Then the
operator's own work, everything but the model and the sandbox: a full question with all its parts
phrased, the reply read, the record written; wanted is at most 3 ms.
"""

from __future__ import annotations

import tempfile
import time
from contextlib import closing
from dataclasses import replace
from itertools import repeat
from pathlib import Path

import numpy as np

from evolve import runs, settings
from evolve.loop import Loop
from evolve.models.openai import OpenAIModel, Served
from evolve.models.sampling import Sampling
from evolve.models.scripted import ScriptedModel
from evolve.operators.llm import Llm, Phrasing, Style
from evolve.records import Outcome, Record
from evolve.samplers import Samplers
from evolve.state import State
from tests.benchmarks.population import Instant, Proposing, admit
from tests.mirror.evolve.models.faulty import Faulty
from tests.mirror.prompts.golden import SELECTION

LATENCY, SCALE, SAMPLERS, CALLS = 10.0, 10.0, 8, 160
PROPOSALS = 500
CODE = "I bend it.\n```python\ndef activation(x):\n    return x * torch.tanh(x)\n```"


def main() -> None:
    """Prints both."""
    with tempfile.TemporaryDirectory() as folder:
        rate = throughput(Path(folder))
        allowed = SAMPLERS / LATENCY * SCALE
        print(
            f"{rate / SCALE:.3f} calls a second of {allowed / SCALE:.3f} that {SAMPLERS} in "
            f"flight allow: {rate / allowed:.1%} (wanted: 95 %)"
        )
        print(f"{1000 * each(Path(folder)):.2f} ms a proposal beside the model (wanted: 3)")


def throughput(folder: Path) -> float:
    """Calls a second."""
    said = [
        "search.operators=['llm']", "search.control_share=0.0", "model.style=full",
        "model.memory_every=0", f"budget.calls={CALLS}", "budget.evaluations=none",
    ]  # fmt: skip
    config = settings.read(None, said)
    run = runs.create(folder, "run", config)
    with closing(Faulty(fault_share=0.0, latency=LATENCY / SCALE)) as server:
        model = OpenAIModel(Served("good", server.url), Sampling(0.8, 200, 60.0))
        llm = Llm(model, Style.FULL, Phrasing(100.0))
        samplers = Samplers({"founders": Proposing(), "llm": llm}, admit, 0, SAMPLERS)
        evaluator = Instant(SAMPLERS)
        loop = Loop(
            State.of(config), samplers, evaluator, run.ledger(), seed=0, founders=3, ahead=0,
            promotes=False,
        )  # fmt: skip
        begun = time.perf_counter()
        loop.run()
        seconds = time.perf_counter() - begun
        loop.ledger.close()
        samplers.close()
        model.close()
        return server.accounts.charged.total() / seconds


def each(folder: Path) -> float:
    """Seconds of a proposal's own work, the best of three rounds."""
    run = runs.create(folder, "cost", settings.read(None))
    llm = Llm(ScriptedModel(repeat(CODE)), Style.FULL, Phrasing(100.0))
    rng, found = np.random.default_rng(0), []
    with closing(run.ledger()) as ledger:
        for turn in range(3):
            begun = time.perf_counter()
            for number in range(PROPOSALS):
                selection = replace(SELECTION, step=turn * PROPOSALS + number)
                proposal = llm.propose(selection, rng)
                record = Record(
                    selection.step, "llm", 0, Outcome.NO_PROPOSAL, note=proposal.note,
                    calls=proposal.calls,
                )  # fmt: skip
                ledger.extend([record])
            found.append((time.perf_counter() - begun) / PROPOSALS)
    return min(found)


if __name__ == "__main__":
    main()
