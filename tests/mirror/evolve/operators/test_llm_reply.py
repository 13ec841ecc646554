from __future__ import annotations

from contextlib import suppress
from textwrap import indent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evolve.errors import NoProposal
from evolve.operators.llm.reply import program_in
from sandbox import Graph, parse

CODE = "def activation(x):\n    return x * torch.sigmoid(x)\n"
FENCED = f"```python\n{CODE}```"
COMPLETE = f"import torch\n\n\n{CODE}"


@pytest.mark.parametrize(
    "reply",
    [
        CODE,
        FENCED,
        f"Here you are:\n\n{FENCED}\n\nIt is smooth and self-gated.",
        f"Here you are:\n\n{CODE}\nIt is smooth.",
        f"~~~\n{CODE}~~~",
        f"1. I change the gate.\n   ```py\n{CODE}   ```",
        "- Mine:\n" + indent(FENCED, "  "),
        f"Starting from GELU,\nfrom where I stand, and to\nimport some ripple:\n{CODE}",
        FENCED.removesuffix("```"),  # cut off by max_tokens
        FENCED.replace("\n", "\r\n"),
        f"<think>def activation(x): no, wait</think>{FENCED}",
        f"I reason.\n```python\ndef activation(x):\n    return x\n```\n</think>\n{FENCED}",
        f"The parent was\n```python\ndef activation(x):\n    return x\n```\nand mine is\n{FENCED}",
        f"{FENCED}\nTry it:\n```python\nprint(activation(torch.ones(3)))\n```",
        f"```bash\npip install torch\n```\n{FENCED}",
        FENCED.replace("activation", "swish"),
    ],
)
def test_the_program_is_found(reply: str) -> None:
    assert program_in(reply).replace("\r", "") == COMPLETE


def test_of_two_functions_the_last_is_the_entry() -> None:
    source = program_in("def gate(x):\n    return x\n\n\ndef act(x):\n    return gate(x) * x\n")
    assert "def gate(x)" in source
    assert "def activation(x)" in source


def test_a_class_with_parameters_is_left_as_it_is() -> None:
    source = (
        "import torch\nfrom torch import nn\n\n\nclass Activation(nn.Module):\n"
        "    def __init__(self):\n        super().__init__()\n"
        "        self.beta = nn.Parameter(torch.tensor(1.0))\n\n"
        "    def forward(self, x):\n        return x * torch.sigmoid(self.beta * x)\n"
    )
    assert program_in(f"```python\n{source}```") == source


def test_only_the_imports_that_are_missing_are_made() -> None:
    source = program_in("import torch\ndef activation(x):\n    return F.gelu(x) + math.pi * x\n")
    assert source.count("import torch\n") == 1
    assert isinstance(parse(source), Graph)


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("I cannot help with that.", "no code"),
        ("The definition of activation is def-initely hard.", "no code"),
        ("```javascript\nconst f = x => x\n```", "defines no function"),
        ("<think>def activation(x): return x", "still reasoning"),
        ("<think>it is hard</think>", "empty"),
    ],
)
def test_a_reply_without_a_program_says_why(reply: str, why: str) -> None:
    with pytest.raises(NoProposal, match=why):
        program_in(reply)


@given(
    st.text() | st.lists(st.sampled_from(["```", "\n", "def f(", "<think>", " ", "x"])).map("".join)
)
def test_whatever_a_model_says_is_a_program_or_a_reason(reply: str) -> None:
    with suppress(NoProposal):
        assert "activation" in program_in(reply) or "class Activation" in reply


@pytest.mark.parametrize(
    "piece", ["```\n", "<think>", "def f(x):\n", "((((", "```python", "~~~\n x"]
)
def test_a_flood_is_read_and_ends(piece: str) -> None:
    with suppress(NoProposal):
        assert len(program_in(piece * (5_000_000 // len(piece)))) < 100_000
