"""Admission of functions with reductions, which have no slope of their own: measured on one batch.

They exist to test claims about batch statistics again. Their scope marks them (`graph.scope`), and
their figures stand in no table with those of pointwise functions.
"""

from __future__ import annotations

import torch

from sandbox.admitted import Admission
from sandbox.cost import CostBudget, price
from sandbox.fingerprint import affine_class, behaviour, digest
from sandbox.graph import Graph
from sandbox.refusal import Refused
from sandbox.source import canonical_source
from sandbox.tensors import run
from sandbox.traits import Traits

_BATCH = 3 * torch.randn(64, 32, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
_TINY = 1e-9


def measure_reduced(graph: Graph, budget: CostBudget) -> Admission:
    """Measurements of a function with reductions, on 64 samples of 32 features.

    Traits that speak of one input alone (monotone, bounded, slopes, curvature) are given as none.

    Raises:
        Refused: `over_budget`, `nonfinite` or `flat`.
    """
    cost = price(graph)
    budget.check(cost)
    for batch in (_BATCH, -_BATCH, torch.zeros_like(_BATCH), 100 * _BATCH.float()):
        _check(graph, batch)
    values = run(graph, _BATCH)[0]
    if values.std() < _TINY:
        raise Refused("flat")
    numbers = values.flatten().numpy()
    return Admission(
        graph=graph,
        canonical=canonical_source(graph),
        fingerprint=digest(numbers),
        affine_class=affine_class(numbers),
        behaviour=behaviour(numbers),
        cost=cost,
        traits=_traits(graph, values),
    )


def _check(graph: Graph, batch: torch.Tensor) -> None:
    x = batch.clone().requires_grad_()
    value = run(graph, x)[0]
    (slope,) = torch.autograd.grad(value.sum(), x)
    if not (torch.isfinite(value).all() and torch.isfinite(slope).all()):
        raise Refused("nonfinite")


def _traits(graph: Graph, values: torch.Tensor) -> Traits:
    mirrored = run(graph, -_BATCH)[0]
    scale = _TINY * (1 + float(values.abs().max()))
    moment = float(values.square().mean())
    coarse = run(graph, _BATCH.bfloat16())[0]
    return Traits(
        even=bool((values - mirrored).abs().max() < scale),
        odd=bool((values + mirrored).abs().max() < scale),
        monotone=False,
        bounded=False,
        zero_at_zero=bool(run(graph, torch.zeros_like(_BATCH))[0].abs().max() < scale),
        lipschitz=0.0,
        second_moment=moment,
        gain=moment**-0.5,
        curvature_sign_changes=0,
        left_slope=0.0,
        right_slope=0.0,
        bfloat16=bool(torch.isfinite(coarse).all()),
    )
