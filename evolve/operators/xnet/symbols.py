"""The symbols that a node may take: the sandbox's operations, with their slopes in NumPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from evolve.trees.tree import Tree, constant
from sandbox.arrays import KERNELS
from sandbox.operations import OPERATIONS, named

Row: TypeAlias = npt.NDArray[np.float64]
"""[rows]: a node's value, or what is wanted of it, at every row."""

STANDARD = named("add sub mul div sin cos exp log sqrt")
"""The usual library of symbolic regression; a formula that is not defined on a row is dropped."""

BENDING = named("add sub mul tanh sigmoid erf sin cos atan asinh softplus square relu abs softsign")
"""For activations: finite wherever x is."""

ONE = constant(1.0)
_NUDGE = 1e-5

_SLOPES: Mapping[str, Callable[..., tuple[Any, ...]]] = MappingProxyType(
    {
        "add": lambda *_: (1.0, 1.0),
        "sub": lambda *_: (1.0, -1.0),
        "mul": lambda a, b: (b, a),
        "div": lambda a, b: (1.0 / b, -a / b**2),
        "sin": lambda a: (np.cos(a),),
        "cos": lambda a: (-np.sin(a),),
        "exp": lambda a: (np.exp(a),),
        "log": lambda a: (1.0 / a,),
        "sqrt": lambda a: (0.5 / np.sqrt(a),),
        "square": lambda a: (2.0 * a,),
        "tanh": lambda a: (1.0 - np.tanh(a) ** 2,),
        "neg": lambda _: (-1.0,),
    }
)


def variable(number: int) -> Tree:
    """The leaf that stands for input `number`, counted from 0."""
    return Tree("x", (), (float(number),) if number else ())


def value(node: Tree, inputs: Sequence[Any]) -> Any:
    """What an operation makes of its inputs' values."""
    return KERNELS[node.operation](*inputs, *node.attributes)


def slopes(node: Tree, inputs: Sequence[Any]) -> tuple[Any, ...]:
    """The derivative of an operation by each of its inputs; by a mask it is 0.

    Central differences stand in where no formula is kept here: they steer a search, no more.
    """
    if node.operation in _SLOPES:
        return _SLOPES[node.operation](*inputs)
    takes = OPERATIONS[node.operation].takes[: len(inputs)]
    return tuple(
        _difference(node, inputs, place) if kind == "f" else 0.0 for place, kind in enumerate(takes)
    )


def _difference(node: Tree, inputs: Sequence[Any], place: int) -> Any:
    step = _NUDGE * (1.0 + np.abs(inputs[place]))
    above, below = (
        value(node, [*inputs[:place], inputs[place] + sign * step, *inputs[place + 1 :]])
        for sign in (1.0, -1.0)
    )
    return (above - below) / (2.0 * step)
