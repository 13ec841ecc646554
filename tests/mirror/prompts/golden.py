"""Writes the reviewed prompts anew: `python -m tests.mirror.prompts.golden`; look at the diff."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from evolve.experience import Attempt, Digest, Lesson
from evolve.operators.llm.question import FIELDS, Kind, Phrasing, Style, template_of
from evolve.records import Individual, Message, Outcome, Refusal, Selection
from evolve.testing import individual

FOLDER = Path(__file__).with_name("reviewed")
PHRASING = Phrasing(100.0)


def _canonical(source: str) -> str:
    return f"import torch\n\n\ndef activation(x):\n    return {source}\n"


def one(name: str, source: str, fitness: float) -> Individual:
    whole = individual(name, _canonical(source), fitness)
    gains = {
        "absmax3/none": fitness, "absmax3/shell": fitness - 0.2, "mul2/none": 0.05,
        "mul2/larger": -0.3,
    }  # fmt: skip
    return replace(whole, evaluation=replace(whole.evaluation, gains=gains))


SELECTION = Selection(
    7,
    0,
    parents=(one("a", "x * torch.sigmoid(x)", 0.04), one("b", "torch.sin(x) + x", -0.02)),
    inspirations=(one("c", "torch.relu(x)", -0.1),),
    tried=(
        Attempt("scored", _canonical("x * torch.tanh(x)"), 0.01),
        Attempt("duplicate", _canonical("torch.sigmoid(x) * x")),
        Attempt("refused", code="non_pointwise"),
        Attempt("refused", code="non_pointwise"),
    ),
    digest=Digest(
        60,
        (Lesson("absmax3", "relu", 0.08, 12), Lesson("mul2", "sin", -0.21, 20)),
        (("nonfinite", 4), ("over_budget", 2)),
        ("Smooth gates kept their gains outside the training range.",),
    ),
)
REFUSAL = Refusal(Outcome.REFUSED, "non_pointwise", 5, "each output may depend on its own input")


def questions() -> Iterator[tuple[str, str]]:
    """(name of the template, the conversation as it is sent)."""
    for style, kind in FIELDS:
        yield template_of(style, kind), _text(_messages(style, kind))


def _messages(style: Style, kind: Kind) -> tuple[Message, ...]:
    if kind is Kind.REPAIR:
        return PHRASING.repair(REFUSAL)
    if kind is Kind.EXPLAIN:
        return PHRASING.explain(SELECTION.parents[0], SELECTION.parents[1:])
    return PHRASING.ask(style, kind, SELECTION)


def _text(messages: tuple[Message, ...]) -> str:
    return "".join(f"--- {each.role}\n{each.content}\n" for each in messages)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in questions():
        (FOLDER / f"{name}.txt").write_text(text, encoding="utf-8")
