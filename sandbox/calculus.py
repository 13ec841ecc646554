"""Formulas that grow a graph: nodes with the operators of arithmetic."""

from __future__ import annotations

from sandbox.building import Builder
from sandbox.graph import Node


class Calculus:
    """Writes formulas into a builder; numbers stand for constants, results for nodes."""

    def __init__(self, builder: Builder) -> None:
        self._builder = builder

    def __call__(self, name: str, *inputs: Term, attributes: tuple[float, ...] = ()) -> Formula:
        """The formula of one operation."""
        numbers = [self.number(each) for each in inputs]
        return Formula(self, self._builder.add(name, *numbers, attributes=attributes))

    def number(self, term: Term) -> int:
        """The node of a term."""
        return term.node if isinstance(term, Formula) else self._builder.constant(term)

    def constant(self, value: float) -> Formula:
        """The formula of a number."""
        return Formula(self, self._builder.constant(value))

    def value(self, formula: Formula) -> float | None:
        """What a formula is worth if it is a plain number, otherwise None."""
        return self._builder.value(formula.node)

    def node(self, formula: Formula) -> Node:
        """The outermost operation of a formula."""
        return self._builder.nodes[formula.node]

    def formula(self, node: int) -> Formula:
        """The formula of a node that is there already."""
        return Formula(self, node)


class Formula:
    """A node with the operators of arithmetic, so that calculus reads like calculus."""

    __slots__ = ("node", "write")

    def __init__(self, write: Calculus, node: int) -> None:
        self.write = write
        self.node = node

    def __add__(self, other: Term) -> Formula:
        return self.write("add", self, other)

    def __radd__(self, other: float) -> Formula:
        return self.write("add", other, self)

    def __sub__(self, other: Term) -> Formula:
        return self.write("sub", self, other)

    def __rsub__(self, other: float) -> Formula:
        return self.write("sub", other, self)

    def __mul__(self, other: Term) -> Formula:
        return self.write("mul", self, other)

    def __rmul__(self, other: float) -> Formula:
        return self.write("mul", other, self)

    def __truediv__(self, other: Term) -> Formula:
        return self.write("div", self, other)

    def __rtruediv__(self, other: float) -> Formula:
        return self.write("div", other, self)

    def __neg__(self) -> Formula:
        return self.write("neg", self)

    def where(self, chosen: Term, other: Term) -> Formula:
        """Gives chosen where this mask holds, other elsewhere."""
        return self.write("where", self, chosen, other)

    def is_(self, comparison: str, other: Term) -> Formula:
        """The mask of a comparison."""
        return self.write(comparison, self, other)


Term = Formula | float
