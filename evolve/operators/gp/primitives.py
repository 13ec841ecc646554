"""What new trees are grown from: finite wherever x is; nothing but a mask makes them jump."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

from evolve.trees.tree import Tree, Type, X, apply, constant
from sandbox.operations import LOGICAL

SMOOTH = ("tanh", "sigmoid", "silu", "gelu", "softplus", "erf", "sin", "cos", "atan", "asinh")
KINKED = ("softsign", "elu", "abs", "relu")  # a jump in the second derivative, or in the first
UNARY = (*SMOOTH, *KINKED, "square", "neg")
BINARY = ("add", "sub", "mul", "maximum", "minimum")
COMPARISONS = ("gt", "lt")

# What an operation may give way to, by what it takes and gives in the sandbox's letters.
SIGNATURES: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {("f", "f"): UNARY, ("ff", "f"): BINARY, ("ff", "m"): COMPARISONS, ("mm", "m"): LOGICAL}
)

ONE = constant(1.0)


@dataclass(frozen=True)
class Primitive:
    """A way to make a tree out of trees of given types.

    Attributes:
        takes: the type of every input, one letter each.
        build: the inputs -> the tree; a protected operation takes several nodes.
    """

    takes: tuple[Type, ...]
    build: Callable[..., Tree]
    gives: Type = "T"

    @cached_property
    def levels(self) -> int:
        """How much deeper the tree is than its deepest input."""
        return self.build(*[X] * len(self.takes)).depth


def _operation(name: str) -> Callable[..., Tree]:
    return lambda *inputs: apply(name, *inputs)


def _gaussian(a: Tree) -> Tree:
    return apply("exp", apply("neg", apply("square", a)))


def _laplacian(a: Tree) -> Tree:
    return apply("exp", apply("neg", apply("abs", a)))


def _logarithm(a: Tree) -> Tree:
    return apply("log1p", apply("abs", a))


def _analytic_quotient(a: Tree, b: Tree) -> Tree:
    """Division without a pole: a / sqrt(1 + b^2) (Ni, Drieberg, Rockett 2013)."""
    return apply("div", a, apply("sqrt", apply("add", apply("square", b), ONE)))


def _soft_quotient(a: Tree, b: Tree) -> Tree:
    return apply("div", a, apply("add", apply("abs", b), ONE))


PRIMITIVES = (
    *(Primitive(("T",), _operation(name)) for name in UNARY),
    *(Primitive(("T",), build) for build in (_gaussian, _laplacian, _logarithm)),
    *(Primitive(("T", "T"), _operation(name)) for name in BINARY),
    *(Primitive(("T", "T"), build) for build in (_analytic_quotient, _soft_quotient)),
    Primitive(("K", "T"), _operation("mul")),
    Primitive(("T", "K"), _operation("add")),
    Primitive(("P", "T"), _operation("mul")),
    Primitive(("B", "T", "T"), _operation("where")),
    *(Primitive(("T", "K"), _operation(name), "B") for name in COMPARISONS),
)


def number(rng: np.random.Generator) -> float:
    """A fresh constant: uniform on [-3, 3], to two decimals so that it reads well."""
    return round(float(rng.uniform(-3.0, 3.0)), 2)
