"""What the language understands, and what it says about the rest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox import Graph, Refusal, canonical_source, parse, program_id
from tests.mirror.sandbox.programs import BENIGN, HOSTILE, Program

TORCH = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\nimport math\n"


def body(source: str) -> str:
    """What a program means: the lines of its canonical form after the signature."""
    graph = parse(source)
    assert isinstance(graph, Graph), graph
    return canonical_source(graph).split(":\n", 1)[1].strip()


def code(source: str) -> str:
    refusal = parse(source)
    assert isinstance(refusal, Refusal), canonical_source(refusal)
    return refusal.code


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("import numpy as np\ndef activation(x): return np.arctan(x)", "return torch.atan(x)"),
        (
            "import numpy as np\ndef activation(x): return np.clip(x, a_min=-1, a_max=1)",
            "return torch.clamp(x, min=-1.0, max=1.0)",
        ),
        (
            "import jax.numpy as jnp\ndef activation(x): return jnp.where(x > 0, x, 0.1 * x)",
            "return torch.where(x > 0.0, x, 0.1 * x)",
        ),
        (
            "import jax\ndef activation(x): return jax.nn.gelu(x) + jax.numpy.tanh(x)",
            'return torch.tanh(x) + F.gelu(x, approximate="tanh")',
        ),
        (
            "import jax\ndef activation(x): return jax.nn.gelu(x, approximate=False)",
            "return F.gelu(x)",
        ),
        (
            "from scipy.special import expit\nactivation = lambda x: expit(x)",
            "return torch.sigmoid(x)",
        ),
        ("from math import pi\ndef activation(x): return x * pi", "return 3.141592653589793 * x"),
        (
            "import torch\ndef activation(x): return torch.max(x, torch.zeros_like(x))",
            "return torch.maximum(torch.full_like(x, 0.0), x)",
        ),
    ],
)
def test_spellings_of_other_libraries_are_understood(source: str, meaning: str) -> None:
    assert body(source) == meaning


@pytest.mark.parametrize(
    ("line", "meaning"),
    [
        ("return x.tanh().mul(2)", "return 2.0 * torch.tanh(x)"),
        ("return torch.add(x, torch.tanh(x), alpha=2)", "return x + 2.0 * torch.tanh(x)"),
        ("return F.leaky_relu(x, 0.2)", "return F.leaky_relu(x, negative_slope=0.2)"),
        ("return (x > 0).float() * x", "return x * (x > 0.0).to(x.dtype)"),
        ("return x ** 2 + x ** 0.5", "return torch.sqrt(x) + torch.square(x)"),
        ("return x.masked_fill(x < 0, 0.0)", "return torch.where(x < 0.0, 0.0, x)"),
        ("return 3 - x", "return 3.0 - x"),
        ("return x if math.pi > 3 else -x", "return x"),
        ("a, (b, c) = 1, (2, 3)\n    return x * (a + b + c)", "return 6.0 * x"),
        ("return sum(x * k for k in range(3) if k)", "return x + 2.0 * x"),
        ("y = [x, 2 * x]\n    return y[-1]", "return 2.0 * x"),
        ("for k, c in enumerate([1.5, 2.5], start=1):\n        x = x + c * k\n    return x",
         "return x + 1.5 + 5.0"),
        ("return torch.where(x < 1, x, 1 / x)",
         "return torch.where(x < 1.0, x, torch.reciprocal(x))"),
        ("return torch.clamp(x, 0)", "return torch.clamp(x, min=0.0)"),
        ("return torch.log(torch.tensor(math.e)) * x", "return x"),
        ("return x.to(x.dtype) * torch.ones(1, device=x.device)", "return x"),
    ],
)  # fmt: skip
def test_constructs_mean_what_python_means(line: str, meaning: str) -> None:
    assert body(f"{TORCH}def activation(x):\n    {line}\n") == meaning


def test_float_defaults_are_trainable_and_other_defaults_are_not() -> None:
    graph = parse(
        "def activation(x, beta=1.5, power=3, *, shift=0.5): return (beta * x) ** power + shift"
    )
    assert isinstance(graph, Graph)
    assert [(each.name, each.initial) for each in graph.parameters] == [
        ("beta", 1.5),
        ("shift", 0.5),
    ]


def test_a_class_has_its_parameters_by_the_names_of_its_attributes() -> None:
    graph = parse(
        TORCH
        + """
class Activation(nn.Module):
    order = 2
    def __init__(self, slope=0.25):
        super().__init__()
        self.slope = nn.Parameter(torch.full((1,), slope))
        self.fixed = nn.Parameter(torch.tensor(2.0), requires_grad=False)
        self.gate = nn.LeakyReLU(0.1)
    def forward(self, x):
        '''A docstring.'''
        return self.gate(x) * self.slope + self.fixed * x ** self.order
"""
    )
    assert isinstance(graph, Graph)
    assert [(each.name, each.initial) for each in graph.parameters] == [("slope", 0.25)]


def test_parameters_with_awkward_names_get_names_that_source_can_hold() -> None:
    source = "def activation(z, x=1.0, torch=2.0, t1=3.0): return z * x + torch * abs(z) + t1"
    graph = parse(source)
    assert isinstance(graph, Graph)
    assert parse(canonical_source(graph)) == graph


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("return x.detach()", "gradient_trick"),
        ("return x.relu_()", "inplace"),
        ("return torch.relu_(x)", "inplace"),
        ("return x.abs(out=x)", "inplace"),
        ("y = x\n    y += 1\n    return y", "inplace"),
        ("y = torch.sin(x)\n    z = [y]\n    y += 1\n    return y + z[0]", "inplace"),
        ("return torch.rand_like(x)", "random"),
        ("return x.view(-1)", "non_pointwise"),
        ("return x.T", "non_pointwise"),
        ("return x[0]", "non_pointwise"),
        ("return x @ x", "non_pointwise"),
        ("return torch.max(x)", "non_pointwise"),
        ("return x.to('cuda')", "dtype_change"),
        ("return x * torch.tensor([1.0, 2.0])", "non_scalar_constant"),
        ("return x * torch.ones(3)", "non_scalar_constant"),
        ("return x * 1e31", "huge_const"),
        ("return x * 1e-31", "denormal_const"),
        ("return x * float('inf')", "type"),
        ("return x * math.inf", "forbidden_name"),
        ("return x * 1e400", "inf_const"),
        ("return x * math.exp(1000)", "arith"),
        ("return x / (1 - 1)", "arith"),
        ("return math.tanh(x)", "type"),
        ("return f'{x}'", "syntax_node"),
        ("return (yield x)", "syntax_node"),
        ("match x:\n        case _: return x", "syntax_node"),
        ("return x.sin", "not_tensor"),
        ("pass", "not_tensor"),
        ("return x > 0", "no_error"),
        ("x.sin()\n    return x", "expr_statement"),
        ("return [c for c in x][0]", "iterate_tensor"),
        ("return unknown(x)", "forbidden_name"),
        ("return [1, 2][5] * x", "index"),
        ("return (-2) ** x", "domain"),
        ("return F.elu(x, alpha=x)", "type"),
        ("return F.elu(x, beta=1)", "signature"),
        ("return torch.sin(x, x)", "signature"),
        ("return activation(x)", "recursion"),
        ("for k in range(10**6): pass\n    return x", "too_many_steps"),
        ("return 'a' * x", "type"),
        ("return x(x)", "call"),
        ("break\n    return x", "syntax"),
        ("for x in [1]: return\n    return x", "not_tensor"),
        ("return torch", "not_tensor"),
        ("return nn.Parameter(x)", "params"),
        ("x.y = 1\n    return x", "assign_target"),
        ("return x._version", "dunder"),
        ("return x.__class__", "dunder"),
        ("return (lambda: x)()", "no_error"),
    ],
)  # fmt: skip
def test_every_refusal_has_its_code(line: str, expected: str) -> None:
    verdict = parse(f"{TORCH}def activation(x):\n    {line}\n")
    assert getattr(verdict, "code", "no_error") == expected


def test_a_refusal_names_the_line() -> None:
    refusal = parse("import torch\n\ndef activation(x):\n    y = x + 1\n    return y.mean()\n")
    assert isinstance(refusal, Refusal)
    assert refusal.line == 5


def test_reductions_are_for_those_who_ask_for_them() -> None:
    feature = "import torch\ndef activation(x): return x / (1 + x.norm(dim=-1, keepdim=True))"
    batch = "import torch\ndef activation(x): return x - x.mean()"
    assert code(feature) == code(batch) == "non_pointwise"
    assert isinstance(parse(feature, "feature"), Graph)
    assert isinstance(parse(batch, "feature"), Refusal)
    assert isinstance(parse(batch, "batch"), Graph)


def test_lists_that_share_their_parts_without_end_stay_small() -> None:
    lines = "".join(["    t = (t, t)\n"] * 60)
    source = f"import torch\ndef activation(x):\n    y = torch.sin(x)\n    t = (y, y)\n{lines}"
    assert code(source + "    y += 1\n    return y\n") == "inplace"


@pytest.mark.parametrize(
    "line",
    [
        "t = (1, 2)\n    for i in range(60): t += t",
        "t = (0,)\n    for i in range(99): t = sum([t, t, t], ())",
        "t = sum([[k for k in range(200)] for i in range(200)], [])",
        "t = round(5, -2 ** 53)",
        "t = round(5.5, 2 ** 53)",
        "t = 9 ** 9 ** 9",
        "t = 3.0 ** 2 ** 50",
        "t = pow(7, 2 ** 50)",
        "t = [x * 1 for i in range(250)]\n    y = x + 1\n    for i in range(250): y += 1",
        "t = range(2 ** 50)\n    t = len(t)",
        "t = range(2 ** 52)[2 ** 51]\n    for t in range(2 ** 52): pass",
    ],
)
def test_work_that_grows_beyond_measure_is_refused_before_it_is_done(line: str) -> None:
    assert isinstance(parse(f"import torch\ndef activation(x):\n    {line}\n    return x"), Refusal)


@pytest.mark.parametrize(
    "source",
    [
        "x" * 10_000_000,
        "(" * 8_000,
        "x = " + "[" * 40 + "]" * 40,
        "def activation(x):\n" + "    x = x + 1\n" * 1_000 + "    return x",
        "lambda: " * 1_500 + "0",
        "a." * 2_500 + "b",
        "x" + "[0]" * 2_500,
        "\ufeff" * 5 + "def activation(x): return x",
        "def activation(x): return x\x00",
        "def activation(x): return x\x0c\x1b",
        "\udcff\udcfe",
        "def \u0430ctivation(x): return x",
        "1" * 5_000,
        "0x" + "f" * 5_000,
        "'" + "\\N{DIGIT ONE}" * 500 + "'",
        "if 1:\n" * 2_000,
        "\\\n" * 5_000,
        "#" * 16_000,
        "",
        "\n" * 16_000,
    ],
    ids=lambda source: repr(source[:20]),
)
def test_a_monstrous_text_is_refused_and_nothing_else_happens(source: str) -> None:
    assert isinstance(parse(source), Refusal)
    assert len(program_id(source)) == 12


@given(
    st.sampled_from(BENIGN + HOSTILE),
    st.integers(0, 3000),
    st.integers(0, 3000),
    st.text(max_size=9),
)
@settings(max_examples=300, deadline=None)
def test_a_mangled_program_is_a_graph_or_a_refusal(
    program: Program, start: int, length: int, text: str
) -> None:
    source = program.source[:4000]
    mangled = source[:start] + text + source[start + length :]
    assert isinstance(parse(mangled), Graph | Refusal)
    assert len(program_id(mangled)) == 12


@given(st.text(alphabet="x=()[]{}:.,+-*/%&|~<>!'\"\\ \n\t0123456789abdefilmnorstu@#^"))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_graph_or_a_refusal(text: str) -> None:
    for source in (text, f"def activation(x):\n    return {text}"):
        assert isinstance(parse(source), Graph | Refusal)


def test_an_id_is_of_the_syntax_alone() -> None:
    first = program_id("def activation(x):\n    return x + 1\n")
    assert first == program_id('"""Doc."""\ndef activation(x):  # a comment\n    return (x+1)')
    assert first != program_id("def activation(x):\n    return x + 2\n")
    assert len(program_id("def activation(x:")) == 12
