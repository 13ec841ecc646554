"""`evolve models`: which language models there are, and whether they answer."""

from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from evolve.cli.options import Json, Set

if TYPE_CHECKING:
    from evolve.config import Config
    from evolve.evaluators.admission import Admissions
    from evolve.protocols import Model
    from evolve.records import Call, Individual


@dataclass(frozen=True)
class Answered:
    """What came of one question to a model.

    Attributes:
        outcome: admitted, refused, no_proposal, or unanswered.
        detail: why, where it was not admitted.
        dollars_read: price of a million tokens read; none if it is not known.
        dollars_written: price of a million tokens written.
    """

    model: str
    outcome: str
    detail: str = ""
    seconds: float = 0.0
    tokens: int = 0
    dollars: float = 0.0
    dollars_read: float | None = None
    dollars_written: float | None = None


def models(
    config: Annotated[
        Path | None, typer.Argument(metavar="CONFIG", help="A TOML file; `evolve init` writes one.")
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option("--model", help="Ask this one too: local:NAME, NAME@URL, a litellm name."),
    ] = None,
    overrides: Set = None,
    as_json: Json = False,
) -> None:
    """List the language models that are configured, and ask each for one proposal.

    Asked are the models of the settings and those that are named here; of a hosted one that costs
    as much as one question does. Shown are latency, tokens, price, and whether the sandbox would
    admit the reply. Exit code 1 if one of them does not answer.
    """
    from rich.console import Console

    from evolve import settings
    from evolve.evaluators.admission import Admissions
    from evolve.models.keys import ENDINGS, read_keys
    from evolve.models.litellm import quiet
    from evolve.rehearsal import reference
    from evolve.roster import models_of

    chosen = settings.read(config, overrides or ())
    read_keys(Path.cwd())
    wanted = dict.fromkeys([*sorted(models_of(chosen)), *(names or ())])
    if not all(name.startswith("local:") for name in wanted):
        quiet()  # before threads ask: litellm is imported once
    with closing(Admissions(chosen.sandbox)) as admissions, ThreadPoolExecutor(8) as threads:
        parent = reference(chosen, admissions)
        found = list(threads.map(lambda name: _asked(name, chosen, admissions, parent), wanted))
    if as_json:
        print(json.dumps([asdict(each) for each in found], indent=2))
    else:
        keys = sorted(name for name in os.environ if name.endswith(ENDINGS[0]))
        console = Console(highlight=False)
        console.print(f"Keys: {', '.join(keys) or 'none in the environment, nor in .env'}")
        for each in found:
            console.print(_told(each), markup=False, soft_wrap=True)
    if any(each.outcome == "unanswered" for each in found):
        raise typer.Exit(1)


def _asked(name: str, config: Config, admissions: Admissions, parent: Individual) -> Answered:
    from evolve.calls import ENDS
    from evolve.errors import ModelError
    from evolve.models import configured

    try:
        with closing(configured(name, config.model)) as model:
            outcome, detail, calls = _proposed(model, config, admissions, parent)
            price = model.price
    except ModelError as error:
        return Answered(name, "unanswered", str(error).removesuffix(ENDS))
    return Answered(
        name,
        outcome,
        detail,
        seconds=sum(call.seconds for call in calls),
        tokens=sum(call.tokens for call in calls),
        dollars=sum(call.dollars for call in calls),
        dollars_read=1e6 * price.read if price else None,
        dollars_written=1e6 * price.written if price else None,
    )


def _proposed(
    model: Model, config: Config, admissions: Admissions, parent: Individual
) -> tuple[str, str, tuple[Call, ...]]:
    """How one proposal ended, why, and what was asked for it."""
    import numpy as np

    from evolve.errors import NoProposal
    from evolve.operators.llm import Llm, Phrasing, Style
    from evolve.records import Refusal, Selection

    table = config.model
    style = Style.suited_to(model) if table.style == "auto" else Style(table.style)
    llm = Llm(model, style, Phrasing(config.sandbox.flops), held=table.grammar == "auto")
    try:
        proposal = llm.propose(Selection(0, 0, (parent,)), np.random.default_rng(0))
    except NoProposal as nothing:
        return "no_proposal", str(nothing), nothing.calls
    verdict = admissions.admit(proposal.source)[1]
    if isinstance(verdict, Refusal):
        return "refused", str(verdict), proposal.calls
    return "admitted", "", proposal.calls


def _told(answered: Answered) -> str:
    if answered.outcome == "unanswered":
        return f"{answered.model}: does not answer: {answered.detail}"
    price = "price not known"
    if answered.dollars_read is not None:
        price = f"${answered.dollars_read:g} and ${answered.dollars_written:g} a million tokens"
        price = price if answered.dollars_read or answered.dollars_written else "free"
    why = f" ({answered.detail})" if answered.detail else ""
    return (
        f"{answered.model}: {answered.outcome.replace('_', ' ')}{why}, {answered.seconds:.1f} s, "
        f"{answered.tokens:,} tokens, ${answered.dollars:.6f}; {price}"
    )
