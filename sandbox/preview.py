"""What admission will say of a graph, foreseen in NumPy: for drivers, which never import torch.

The checks are those of the probe, on fewer points, and a judgement takes a tenth of a millisecond;
who proposes programs by the thousand need not propose those that would be refused. Admission alone
decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from sandbox.arrays import nodes, outputs
from sandbox.cost import DEFAULT_BUDGET, CostBudget, forward_flops
from sandbox.differentiation import differentiate
from sandbox.graph import Graph, MalformedGraph
from sandbox.operations import LEAVES, named
from sandbox.refusal import Refused

Row: TypeAlias = npt.NDArray[np.float64]

SEEN: Row = np.linspace(-8.0, 8.0, 65)
"""Where `curve` looks: between -8 and 8, a quarter apart."""

# The probe's own points where slopes count, a third of them farther out.
_SPACING = 0.05
_HALF = np.concatenate([np.linspace(0.0, 5.0, 101), np.arange(5.15, 20.1, 0.15)])
_GRID: Row = np.concatenate([-_HALF[:0:-1], _HALF])
_FINE: Row = np.linspace(-20.0, 20.0, 801)
_CORE, _INNER = (np.flatnonzero(np.abs(_GRID) <= bound) for bound in (5.0, 3.0))
_WAY: Row = (_GRID - _GRID[0]) / (_GRID[-1] - _GRID[0])
_STEP = 1e-8
# On both sides: where two branches meet, one of them may be steep on one side alone.
_BESIDE: Row = np.concatenate([_GRID, _GRID[_CORE] + _STEP, _GRID[_CORE] - _STEP])
_EXTREMES = np.array([0, 1e-8, 1e-3, 1, 5, 10, 20, 30, 100, 500, 1e3], dtype=np.float32)
_SINGLE = np.concatenate([-_EXTREMES[:0:-1], _EXTREMES])
_TRAPS = frozenset(named("pow sqrt i1e asin acos acosh atanh atan2 hypot xlogy erfinv"))
"""Finite where their slopes are not."""
_STEEPEST, _FLATTEST, _MOST_JUMPS = 1e3, 1e-6, 4  # as in the probe


def curve(graph: Graph) -> Row:
    """The function at SEEN, its parameters at their initial values."""
    return outputs(graph, SEEN)[0]


@np.errstate(all="ignore")
def foreseen(graph: Graph, budget: CostBudget = DEFAULT_BUDGET) -> str | None:
    """The code that admission will refuse a graph with, as far as can be foreseen; or none.

    Of a graph with reductions only the price can be foreseen.
    """
    flops, _ = forward_flops(graph)
    computing = sum(node.operation not in LEAVES for node in graph.nodes)
    dear = computing > budget.operations or len(graph.parameters) > budget.parameters
    if flops > budget.flops or dear:
        return "over_budget"
    if graph.scope != "pointwise":
        return None
    trapped = any(node.operation in _TRAPS for node in graph.nodes)
    found = None if trapped else [np.broadcast_to(e, _BESIDE.shape) for e in nodes(graph, _BESIDE)]
    if found is None or not _are_tame(found) or not _all_finite(*nodes(graph, _SINGLE)):
        return _closely(graph)
    return _fault_of_values(found[graph.outputs[0]][: len(_GRID)])


def _are_tame(found: Sequence[Row]) -> bool:
    """Whether all values on the way to f are finite and rise nowhere steeply: so do no slopes."""
    numbers = np.stack([each for each in found if each.dtype == _BESIDE.dtype])
    at, beside = numbers[:, _CORE], numbers[:, len(_GRID) :]
    rises = np.abs(beside.reshape(len(numbers), 2, -1) - at[:, np.newaxis])
    return bool(rises.max() < _STEEPEST * _STEP) and _all_finite(numbers)


def _all_finite(*rows: npt.NDArray[np.floating]) -> bool:
    return all(np.isfinite(each).all() for each in rows)


def _closely(graph: Graph) -> str | None:
    """The same by exact slopes, which takes several times as long."""
    try:
        derivatives = differentiate(graph)
    except (Refused, MalformedGraph):
        return "nonfinite"
    double = outputs(derivatives, _GRID)
    if not _all_finite(*double, *outputs(derivatives, _SINGLE)):
        return "nonfinite"
    slopes = double[1]
    steepest = np.abs(slopes).max()
    if steepest > _STEEPEST and np.abs(slopes[_CORE]).max() > _STEEPEST:
        # Where it is that steep, a pole may lie between the points that were looked at.
        fine = (*outputs(derivatives, _FINE), *outputs(derivatives, _FINE.astype(np.float32)))
        return "grad_explodes" if _all_finite(*fine) else "nonfinite"
    # A jump rises by more than the slopes beside it could explain.
    steps = np.diff(double[0][_CORE])
    explained = np.maximum(np.abs(slopes[_CORE][1:]), np.abs(slopes[_CORE][:-1]))
    jumps = np.abs(steps) > 10 * _SPACING * (explained + 0.1 * (1 + steepest))
    if np.count_nonzero(jumps) > _MOST_JUMPS:
        return "discontinuous"
    return _fault_of_values(double[0])


def _fault_of_values(values: Row) -> str | None:
    inner = values[_INNER] - values[_INNER].mean()
    if inner @ inner < _FLATTEST**2 * len(inner):
        return "flat"
    if np.count_nonzero(np.abs(np.diff(inner)) > 1e-8 * _SPACING) < 0.02 * len(inner):
        return "no_gradient"
    line = values[0] + (values[-1] - values[0]) * _WAY
    return "affine" if np.abs(values - line).max() < 1e-9 * (1 + np.abs(values).max()) else None
