"""The fixed search space of "Searching for Activation Functions".

Ramachandran, Zoph, Le 2017, arXiv:1710.05941, section 3: a core unit b(u1(.), u2(.)) joins two
unary operators of earlier values by a binary one. 25 unary and 10 binary operators; beta is a
trainable scalar that starts at 1. Units are chained in one of two ways: as in the paper, where both
inputs of a unit pass through unary operators, or as in its published re-implementation, where the
unit before goes into the binary operator as it is: out = b(out, u(x)).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from evolve.records import Individual
from evolve.spaces.labels import label, labelled
from sandbox.graph import Graph, MalformedGraph
from sandbox.language.program import parse
from sandbox.preview import foreseen

SPACE = "ramachandran"
EPSILON = "1e-7"  # the paper gives no value; this one is from its published re-implementation

UNARY: Mapping[str, str] = MappingProxyType(
    {
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
)
BINARY: Mapping[str, str] = MappingProxyType(
    {
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
)
UNITS = (0.6, 0.3, 0.1)  # how likely a blind draw has one, two or three core units
INPUT = 0  # what a unit reads: x, or the unit of that number, counted from 1


@dataclass(frozen=True)
class Unit:
    """One core unit: binary(left(what it reads), right(what it reads))."""

    binary: str
    left: str
    right: str
    reads: tuple[int, int] = (INPUT, INPUT)


Units = tuple[Unit, ...]


def draw(rng: np.random.Generator) -> Units:
    """A member of the space, blindly: one to three units, chained in either way."""
    count = 1 + int(rng.choice(len(UNITS), p=UNITS))
    plain = bool(rng.random() < 0.5)  # the unit before goes in as it is
    units = [Unit(_pick(BINARY, rng), _pick(UNARY, rng), _pick(UNARY, rng))]
    for number in range(1, count):
        left = "x" if plain else _pick(UNARY, rng)
        reads = (number, INPUT) if plain else _wiring(number, rng)
        units.append(Unit(_pick(BINARY, rng), left, _pick(UNARY, rng), reads))
    return tuple(units)


def redrawn(units: Units, rng: np.random.Generator) -> Units:
    """The units with one slot drawn again: an operator, or what a later unit reads."""
    index = int(rng.integers(len(units)))
    unit, slot = units[index], int(rng.integers(4 if index else 3))
    if slot == 0:
        unit = replace(unit, binary=_pick(BINARY, rng))
    elif slot == 1:
        unit = replace(unit, left=_pick(UNARY, rng))
    elif slot == 2:
        unit = replace(unit, right=_pick(UNARY, rng))
    else:
        unit = replace(unit, reads=_wiring(index, rng))
    return (*units[:index], unit, *units[index + 1 :])


def single_units() -> Iterator[Units]:
    """All 6,250 members of one unit."""
    for binary in BINARY:
        for left in UNARY:
            for right in UNARY:
                yield (Unit(binary, left, right),)


def source(units: Units) -> str:
    """Program text of the units; its docstring spells them, so that they can be read back."""
    lines = []
    for number, unit in enumerate(units, start=1):
        read = ["x" if each == INPUT else f"u{each}" for each in unit.reads]
        lines.append(f"    a{number} = {UNARY[unit.left].format(read[0])}\n")
        lines.append(f"    b{number} = {UNARY[unit.right].format(read[1])}\n")
        joined = BINARY[unit.binary].format(f"a{number}", f"b{number}")
        lines.append(f"    u{number} = {joined}\n")
    body = "".join(lines)
    beta = ", beta=1.0" if "beta" in body else ""
    head = f"import torch\nimport torch.nn.functional as F\n\n\ndef activation(x{beta}):\n"
    return labelled(f"{head}{body}    return u{len(units)}\n", SPACE, spelling(units))


def spelling(units: Units) -> str:
    """The units in words, e.g. `multiply(x(x),sigmoid(x)) maximum(tanh(u1),x(x))`."""
    texts = []
    for unit in units:
        left, right = ("x" if each == INPUT else f"u{each}" for each in unit.reads)
        texts.append(f"{unit.binary}({unit.left}({left}),{unit.right}({right}))")
    return " ".join(texts)


def spelled(text: str) -> Units:
    """The units that a spelling names; none where it names no member of the space."""
    found = re.findall(r"(\w+)\((\w+)\((x|u\d)\),(\w+)\((x|u\d)\)\)", text)
    units = tuple(Unit(b, u, v, (_number(i), _number(j))) for b, u, i, v, j in found)
    known = all(
        unit.binary in BINARY and {unit.left, unit.right} <= {*UNARY} and max(unit.reads) <= index
        for index, unit in enumerate(units)
    )
    return units if known else ()


def member(individual: Individual) -> Units:
    """The units that a program of this space consists of; none for any other program."""
    units = spelled(label(individual, SPACE))
    return units if units and _means(units, individual.admission.graph) else ()


def graph_of(units: Units) -> Graph | None:
    """The graph of a member that admission should take; None where it would be refused."""
    graph = parse(source(units))
    return graph if isinstance(graph, Graph) and foreseen(graph) is None else None


@lru_cache(maxsize=4096)
def _means(units: Units, text: str) -> bool:
    graph = parse(source(units))
    try:
        return isinstance(graph, Graph) and graph == Graph.from_json(text)
    except MalformedGraph:
        return False


def _number(read: str) -> int:
    return INPUT if read == "x" else int(read.removeprefix("u"))


def _wiring(number: int, rng: np.random.Generator) -> tuple[int, int]:
    """What the unit after `number` others reads: the last of them, and x or any of them."""
    other = int(rng.integers(number + 1))
    return (number, other) if rng.random() < 0.5 else (other, number)


def _pick(names: Mapping[str, str], rng: np.random.Generator) -> str:
    return list(names)[int(rng.integers(len(names)))]
