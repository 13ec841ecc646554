"""A plain graph as lines of Python in the words of an array library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from evolve.errors import EvolveError
from sandbox import Graph, Node
from sandbox.operations import LEAVES

_INFIX: Mapping[str, str] = MappingProxyType(
    {
        "add": "{} + {}", "sub": "{} - {}", "mul": "{} * {}", "div": "{} / {}", "pow": "{} ** {}",
        "lt": "{} < {}", "le": "{} <= {}", "gt": "{} > {}", "ge": "{} >= {}", "eq": "{} == {}",
        "ne": "{} != {}", "and": "{} & {}", "or": "{} | {}", "xor": "{} ^ {}", "not": "~{}",
        "neg": "-{}", "reciprocal": "1.0 / {}",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Dialect:
    """How a library says the operations.

    Attributes:
        name: of the library.
        module: what stands before a function's name.
        words: functions that go by a name of their own, with their module.
        templates: operations that are no function of the library.
        lacks: operations that it does not have at all.
    """

    name: str
    module: str
    words: Mapping[str, str]
    templates: Mapping[str, str]
    lacks: frozenset[str] = frozenset()

    def says(self, node: Node, inputs: list[str]) -> str:
        """The expression of a node.

        Raises:
            EvolveError: the library lacks the operation.
        """
        name = node.operation
        if name in self.lacks:
            raise EvolveError(
                f"{self.name} has no {name}, which this function needs; `--to torch` has it"
            )
        template = self.templates.get(name) or _INFIX.get(name)
        if template:
            return template.format(*inputs)
        function = self.words.get(name, f"{self.module}.{name}")
        return f"{function}({', '.join(inputs)})"


_ARC = MappingProxyType(
    {"asin": "arcsin", "acos": "arccos", "atan": "arctan", "asinh": "arcsinh", "acosh": "arccosh",
     "atanh": "arctanh", "atan2": "arctan2"}
)  # fmt: skip
_SPECIAL = ("erf", "erfc", "erfinv", "i0e", "i1e")


def _arcs(module: str) -> dict[str, str]:
    return {name: f"{module}.{word}" for name, word in {**_ARC, "abs": "abs"}.items()}


NUMPY = Dialect(
    "NumPy",
    "np",
    {**_arcs("np"), **{n: f"special.{n}" for n in _SPECIAL}, "sigmoid": "special.expit"},
    {"cast": "np.where({}, 1.0, 0.0)"},
)
JAX = Dialect(
    "JAX",
    "jnp",
    {**_arcs("jnp"), **{n: f"special.{n}" for n in _SPECIAL}, "sigmoid": "special.expit"},
    # JAX's own abs has a slope of 1 at 0, torch's has none.
    {"cast": "jnp.where({}, 1.0, 0.0)", "abs": "{0} * jnp.sign({0})"},
)
KERAS = Dialect(
    "Keras",
    "ops",
    _arcs("ops"),
    {"cast": "ops.cast({}, x.dtype)", "erfc": "1.0 - ops.erf({})"},
    frozenset({"i0e", "i1e"}),
)


def lines(graph: Graph, dialect: Dialect) -> tuple[list[str], list[str]]:
    """An assignment an operation, and the names of the outputs.

    Raises:
        EvolveError: the library lacks an operation.
    """
    names = ["x", *(each.name for each in graph.parameters)]
    taken = set(names)
    written: list[str] = []
    for node in graph.nodes[len(names) :]:
        if node.operation in LEAVES:
            value = node.attributes[0]
            names.append(repr(value) if value >= 0 else f"({value!r})")
            continue
        name = f"t{len(written) + 1}"
        while name in taken:
            name += "_"
        written.append(f"{name} = {dialect.says(node, [names[each] for each in node.inputs])}")
        names.append(name)
    return written, [names[each] for each in graph.outputs]
