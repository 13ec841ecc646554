"""Admission: prices, traits and fingerprints of functions that are known."""

import json
import math

import pytest
from hypothesis import given, settings

import sandbox
from sandbox import Admission, CostBudget, Graph, Refusal
from tests.mirror.sandbox.programs import graphs

HEAD = "import torch\nimport torch.nn.functional as F\n"


def admitted(expression: str, arguments: str = "x", **options: object) -> Admission:
    verdict = sandbox.admit(f"{HEAD}def activation({arguments}): return {expression}", **options)  # type: ignore[arg-type]
    assert isinstance(verdict, Admission), verdict
    return verdict


def refused(expression: str, arguments: str = "x", **options: object) -> Refusal:
    verdict = sandbox.admit(f"{HEAD}def activation({arguments}): return {expression}", **options)  # type: ignore[arg-type]
    assert isinstance(verdict, Refusal), verdict
    return verdict


@pytest.mark.parametrize(
    ("expression", "flops"),
    [
        ("torch.relu(x)", 1),
        ("torch.tanh(x)", 10),
        ("x * torch.sigmoid(x)", 11),
        ("F.silu(x)", 11),
        ("F.gelu(x)", 14),
        ("F.gelu(x) + 0.1 * torch.sin(x)", 26),
        ("F.mish(x)", 33),
        ("x * torch.tanh(F.softplus(x))", 33),
        ("x ** 3", 2),
        ("x ** 2 + x / 2", 3),
        ("torch.abs(x) ** 2.5", 21),
        ("1 / (1 + x * x)", 6),
    ],
)
def test_the_price_is_that_of_the_table(expression: str, flops: int) -> None:
    assert admitted(expression).cost.flops == flops


def test_work_on_parameters_alone_costs_operations_and_no_flops() -> None:
    plain = admitted("b * torch.tanh(x)", "x, b=1.0").cost
    bent = admitted("torch.exp(torch.sin(b)) * torch.tanh(x)", "x, b=1.0").cost
    assert bent.flops == plain.flops
    assert bent.operations == plain.operations + 2
    assert bent.depth == plain.depth


def test_a_budget_is_a_refusal_that_says_what_was_counted() -> None:
    refusal = refused("F.gelu(x)", budget=CostBudget(flops=13))
    assert refusal.code == "over_budget"
    assert "14 FLOPs per element, at most 13" in refusal.hint
    assert refused("F.gelu(x) + x", budget=CostBudget(operations=1)).code == "over_budget"
    many = ", ".join(f"p{number}=1.0" for number in range(9))
    total = " + ".join(f"p{number}" for number in range(9))
    assert refused(f"torch.tanh(x) * ({total})", f"x, {many}").code == "over_budget"


@pytest.mark.parametrize(
    ("expression", "traits"),
    [
        ("torch.tanh(x)", {"odd": 1, "even": 0, "monotone": 1, "bounded": 1, "zero_at_zero": 1,
                           "lipschitz": 1, "curvature_sign_changes": 1, "right_slope": 0}),
        ("torch.relu(x)", {"monotone": 1, "bounded": 0, "second_moment": 0.5, "gain": 2**0.5,
                           "left_slope": 0, "right_slope": 1, "curvature_sign_changes": 0}),
        ("torch.exp(-x * x)", {"even": 1, "odd": 0, "bounded": 1, "zero_at_zero": 0,
                               "curvature_sign_changes": 2}),
        ("F.gelu(x)", {"monotone": 0, "curvature_sign_changes": 2, "bfloat16": 1}),
        ("x * x", {"right_slope": 1500, "left_slope": -1500, "bounded": 0, "second_moment": 3}),
        ("x + torch.sin(x) ** 2", {"monotone": 1}),
    ],
)  # fmt: skip
def test_traits_are_what_anyone_can_see(expression: str, traits: dict[str, float]) -> None:
    found = admitted(expression).traits.numbers()
    for name, value in traits.items():
        assert found[name] == pytest.approx(value, abs=5e-3), name


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("F.silu(x)", "x / 1 * torch.sigmoid(x)"),
        ("torch.tanh(x)", "2 * torch.sigmoid(2 * x) - 1"),
        ("F.relu(x)", "0.5 * (x + torch.abs(x))"),
        ("torch.sin(x) * torch.cos(x)", "0.5 * torch.sin(2 * x)"),
        ("F.gelu(x)", "0.5 * x * (1 + torch.erf(x / 2 ** 0.5))"),
        ("x * torch.sigmoid(b * x)", "x / 2 * (1 + torch.tanh(b * x / 2))"),
    ],
)
def test_one_function_in_two_spellings_has_one_fingerprint(first: str, second: str) -> None:
    arguments = "x, b=1.0" if "b *" in first else "x"
    one, other = admitted(first, arguments), admitted(second, arguments)
    assert one.fingerprint == other.fingerprint
    assert one.affine_class == other.affine_class


def test_different_functions_have_different_fingerprints() -> None:
    texts = [
        "F.silu(x)",
        "F.gelu(x)",
        "torch.tanh(x)",
        "1.001 * torch.tanh(x)",
        "F.mish(x)",
        "x * x",
    ]
    found = {admitted(text).fingerprint for text in texts}
    assert len(found) == len(texts)


def test_a_trainable_scalar_is_not_the_constant_that_it_starts_from() -> None:
    fixed, trained = (
        admitted("x * torch.sigmoid(x)"),
        admitted("x * torch.sigmoid(b * x)", "x, b=1.0"),
    )
    assert fixed.fingerprint != trained.fingerprint
    assert fixed.affine_class == trained.affine_class


@pytest.mark.parametrize(
    "variant", ["-F.gelu(x)", "3 * F.gelu(x) - 2", "F.gelu(-x)", "1 - F.gelu(-x)"]
)
def test_an_affine_class_ignores_what_linear_layers_absorb(variant: str) -> None:
    assert admitted(variant).affine_class == admitted("F.gelu(x)").affine_class
    assert admitted(variant).fingerprint != admitted("F.gelu(x)").fingerprint


def test_a_behaviour_is_a_few_values_that_like_functions_share() -> None:
    relu, stretched, other = (
        admitted(each).behaviour for each in ("torch.relu(x)", "2 * torch.relu(x) + 3", "x * x")
    )
    assert len(relu) == 16
    assert relu == pytest.approx(stretched, abs=1e-3)
    assert relu != pytest.approx(other, abs=0.1)


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("x", "affine"),
        ("3 * x - 1 + 0 * x", "affine"),
        ("torch.sin(x) ** 2 + torch.cos(x) ** 2", "flat"),
        ("torch.sign(x)", "no_gradient"),
        ("torch.round(x)", "no_gradient"),
        ("x % 1", "discontinuous"),
        ("x - torch.floor(x * 3)", "discontinuous"),
        ("torch.exp(x)", "nonfinite"),
        ("1 / (1 + torch.exp(-x))", "nonfinite"),
        ("torch.log(1 + torch.exp(x))", "nonfinite"),
        ("torch.sqrt(torch.abs(x))", "nonfinite"),
        ("torch.where(x > 0, torch.sqrt(x), x)", "nonfinite"),
        ("torch.where(torch.abs(x) < 1e-6, 1.0, torch.sin(x) / x)", "nonfinite"),
        ("torch.where(x > 0, x, torch.exp(x) - 1)", "nonfinite"),
        ("x ** 20", "nonfinite"),
        ("x ** 8", "grad_explodes"),
        ("x * torch.exp(torch.clamp(x, max=80) * 2)", "nonfinite"),
        ("x / (x - 0.73)", "grad_explodes"),
        ("torch.abs(x) ** b", "nonfinite"),
        ("1e6 * torch.tanh(x)", "grad_explodes"),
    ],
)
def test_numbers_that_would_spoil_training_are_refused(expression: str, code: str) -> None:
    assert refused(expression, "x, b=0.5" if "** b" in expression else "x").code == code


@pytest.mark.parametrize(
    "expression",
    [
        "torch.sinc(x) + x * x",
        "torch.where(x > 0, x, torch.expm1(torch.clamp(x, max=0)))",
        "F.elu(x) + F.softplus(x)",
        "torch.where(x > 1, x, 0.5 * x)",
        "F.hardtanh(x)",
        "torch.abs(torch.remainder(x, 2) - 1)",
        "torch.asinh(x) * torch.atan(x)",
        "x ** 3",
    ],
)
def test_kinks_and_safe_spellings_are_admitted(expression: str) -> None:
    admitted(expression)


@given(graphs())
@settings(max_examples=150, deadline=None)
def test_any_graph_is_admitted_or_refused_and_its_figures_are_numbers(graph: Graph) -> None:
    verdict = sandbox.admit(sandbox.canonical_source(graph), CostBudget(1000, 1000, 8))
    if isinstance(verdict, Admission):
        assert Admission.from_json(verdict.to_json()) == verdict
        assert all(math.isfinite(value) for value in verdict.traits.numbers().values())


def test_a_refusal_says_where_it_is_not_finite() -> None:
    hint = refused("torch.exp(x)").hint
    assert "not finite at x = " in hint
    assert "clamp" in hint


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"graph": 1}'])
def test_json_of_anything_else_is_no_admission(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Admission.from_json(text)
    with pytest.raises(ValueError, match=r".+"):
        Refusal.from_json(text)


def test_json_is_checked_field_by_field() -> None:
    sound = json.loads(admitted("F.gelu(x)").to_json())
    for name, value in (
        ("canonical", 3),
        ("fingerprint", None),
        ("cost", {**sound["cost"], "flops": "14"}),
        ("cost", {**sound["cost"], "depth": True}),
        ("traits", {**sound["traits"], "even": 1}),
        ("traits", {}),
        ("graph", "{}"),
    ):
        with pytest.raises(ValueError, match=r".+"):
            Admission.from_json(json.dumps({**sound, name: value}))


def test_batch_statistics_are_admitted_by_name_of_their_scope_only() -> None:
    expression = "(x - x.mean()) / (x.std() + 1e-6)"
    assert refused(expression).code == "non_pointwise"
    assert admitted(expression, scope="batch").graph.scope == "batch"
    assert (
        admitted("x / (1 + x.norm(dim=-1, keepdim=True))", scope="feature").graph.scope == "feature"
    )
    assert refused("x / x.std(dim=-1, keepdim=True)", scope="feature").code == "nonfinite"
    assert admitted("F.gelu(x)", scope="batch").graph.scope == "pointwise"
