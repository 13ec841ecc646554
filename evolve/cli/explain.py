"""`evolve explain`: why a find may be good, in a model's words."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from evolve.cli.options import RUNS, Program, RunName, Runs

_ANCESTORS = 3


def explain(
    name: RunName,
    program: Program,
    folder: Runs = RUNS,
    model: Annotated[
        str | None, typer.Option(help="Whom to ask; the run's own model, if none.")
    ] = None,
) -> None:
    """Ask a language model what a program does and why it may have gained where it did.

    It is shown the program, its figures and its nearest ancestors. The answer is a guess, printed
    with its cost; it is kept in the run's ledger, so that the same question is not paid for twice.
    """
    from evolve import runs
    from evolve.errors import RunError
    from evolve.lineage import ancestors, resolve
    from evolve.models import configured
    from evolve.models.remembering import Remembering
    from evolve.operators.llm import Phrasing

    run = runs.find(name, folder)
    config, table = run.config, run.config.model
    with run.driving(), closing(run.ledger()) as ledger:
        found = resolve(ledger, program)
        line = [each.record.individual for each in ancestors(ledger, found)]
        known = [each for each in line if each is not None]
        if not known or known[0].program.id != found:
            raise RunError(f"{found}: was never scored, so there is nothing to explain")
        messages = Phrasing(config.sandbox.flops, table.tells).explain(
            known[0], known[1 : 1 + _ANCESTORS]
        )
        asked = configured(model or table.name, table)
        with closing(Remembering(asked, ledger.annals.reply)) as one:
            call = one.complete(messages, seed=0)
        ledger.annals.keep([call])
    print(call.reply.strip())
    print(f"\n{call.model}: {call.tokens:,} tokens, ${call.dollars:.6f}, {call.seconds:.1f} s")
