"""The fixed search space of "Searching for Activation Functions".

Ramachandran, Zoph, Le 2017, arXiv:1710.05941: a core unit b(u1(.), u2(.)) joins two unary
operators of earlier values by a binary one. Units are chained so that each takes the input x and
the unit before it. 25 unary and 10 binary operators; beta is a trainable scalar that starts at 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from evolve.records import Individual, Proposal, Selection

EPSILON = "1e-7"  # the paper gives no value; this one is from its published re-implementation

UNARY = {
    "x": "{0}",
    "negative": "-{0}",
    "abs": "torch.abs({0})",
    "square": "torch.square({0})",
    "cube": "{0} * {0} * {0}",
    "sqrt": "torch.sqrt({0})",
    "scale": "beta * {0}",
    "shift": "{0} + beta",
    "log": f"torch.log(torch.abs({{0}}) + {EPSILON})",
    "exp": "torch.exp({0})",
    "sin": "torch.sin({0})",
    "cos": "torch.cos({0})",
    "sinh": "torch.sinh({0})",
    "cosh": "torch.cosh({0})",
    "tanh": "torch.tanh({0})",
    "asinh": "torch.asinh({0})",
    "atan": "torch.atan({0})",
    "sinc": "torch.sinc({0})",
    "positive": "torch.relu({0})",
    "nonpositive": "-torch.relu(-{0})",
    "sigmoid": "torch.sigmoid({0})",
    "softplus": "F.softplus({0})",
    "gaussian": "torch.exp(-torch.square({0}))",
    "erf": "torch.erf({0})",
    "beta": "beta",
}
BINARY = {
    "add": "{0} + {1}",
    "multiply": "{0} * {1}",
    "subtract": "{0} - {1}",
    "divide": f"{{0}} / ({{1}} + {EPSILON})",
    "maximum": "torch.maximum({0}, {1})",
    "minimum": "torch.minimum({0}, {1})",
    "gate": "torch.sigmoid({0}) * {1}",
    "near": "torch.exp(-beta * torch.square({0} - {1}))",
    "close": "torch.exp(-beta * torch.abs({0} - {1}))",
    "blend": "beta * {0} + (1.0 - beta) * {1}",
}
UNITS = (0.6, 0.3, 0.1)  # how likely a fresh draw has one, two or three core units


@dataclass(frozen=True)
class Unit:
    """One core unit: binary(left(earlier value), right(x))."""

    binary: str
    left: str
    right: str


Genotype = tuple[Unit, ...]


class Ramachandran:
    """Redraws one or two slots of a parent from this space, or draws a fresh member of it."""

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """A member of the space; the parent is the first of the selection that comes from it."""
        parent = next((p for p in selection.parents if genotype(p)), None)
        chance = rng.random()
        if parent is None or chance < 0.25:
            return Proposal(source(draw(rng)), note="fresh")
        slots = 1 if chance < 0.75 else 2
        child = genotype(parent)
        for _ in range(slots):
            child = redrawn(child, rng)
        return Proposal(source(child), parents=(parent.program.id,), note=f"redrew {slots} slot(s)")


def draw(rng: np.random.Generator) -> Genotype:
    """A member of the space, blindly."""
    count = 1 + int(rng.choice(len(UNITS), p=UNITS))
    return tuple(
        Unit(_pick(BINARY, rng), _pick(UNARY, rng), _pick(UNARY, rng)) for _ in range(count)
    )


def redrawn(genes: Genotype, rng: np.random.Generator) -> Genotype:
    """`genes` with one slot drawn again."""
    index, slot = int(rng.integers(len(genes))), int(rng.integers(3))
    unit = genes[index]
    if slot == 0:
        unit = replace(unit, binary=_pick(BINARY, rng))
    elif slot == 1:
        unit = replace(unit, left=_pick(UNARY, rng))
    else:
        unit = replace(unit, right=_pick(UNARY, rng))
    return (*genes[:index], unit, *genes[index + 1 :])


def source(genes: Genotype) -> str:
    """Program text of `genes`; its docstring spells them, so that they can be read back."""
    lines, value = [], "x"
    for index, unit in enumerate(genes):
        left, right = UNARY[unit.left].format(value), UNARY[unit.right].format("x")
        lines.append(f"    a{index} = {left}\n    b{index} = {right}\n")
        value = f"v{index}"
        joined = BINARY[unit.binary].format(f"a{index}", f"b{index}")
        lines.append(f"    {value} = {joined}\n")
    spelled = " ".join(f"{unit.binary}({unit.left},{unit.right})" for unit in genes)
    body = "".join(lines)
    beta = ", beta=1.0" if "beta" in body else ""
    return (
        "import torch\nimport torch.nn.functional as F\n\n\n"
        f'def activation(x{beta}):\n    """ramachandran: {spelled}"""\n{body}    return {value}\n'
    )


def genotype(individual: Individual) -> Genotype:
    """The genes that `source` spelled in this individual's text; empty for any other program."""
    spelled = re.search(r'"""ramachandran: ([^"]*)"""', individual.program.source)
    units = re.findall(r"(\w+)\((\w+),(\w+)\)", spelled[1]) if spelled else []
    genes = tuple(Unit(*unit) for unit in units)
    known = all(g.binary in BINARY and g.left in UNARY and g.right in UNARY for g in genes)
    return genes if known else ()


def _pick(names: dict[str, str], rng: np.random.Generator) -> str:
    return list(names)[int(rng.integers(len(names)))]
