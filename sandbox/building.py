"""Building a graph: equal nodes are shared, constants folded, the order made canonical."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from hashlib import blake2b

from sandbox.folding import fold
from sandbox.graph import LARGEST, MOST_NODES, Graph, Node, Parameter, is_constant
from sandbox.identities import simplify
from sandbox.operations import OPERATIONS
from sandbox.refusal import Refused

X = 0  # the number of the input's node in every builder and graph


class Builder:
    """Grows the nodes of one graph; `finish` gives the graph, pruned and canonically ordered.

    Two builders that were told the same function, up to the order of commutative inputs, folded
    constants and names of intermediate values, finish equal graphs.
    """

    def __init__(self, most_nodes: int = MOST_NODES) -> None:
        self.nodes: list[Node] = [Node("x")]
        self.parameters: list[Parameter] = []
        self._most_nodes = most_nodes
        self._numbers: dict[Node, int] = {}

    @classmethod
    def of(cls, graph: Graph) -> Builder:
        """A builder that holds a graph's nodes under their own numbers, to be built upon."""
        builder = cls()
        builder.nodes = list(graph.nodes)
        builder.parameters = list(graph.parameters)
        first = 1 + len(graph.parameters)
        builder.nodes[1:first] = [
            Node("parameter", attributes=(float(index),)) for index in range(first - 1)
        ]
        builder._numbers = {node: number for number, node in enumerate(builder.nodes) if number}
        return builder

    def constant(self, value: float) -> int:
        """The number of a constant's node.

        Raises:
            Refused: the value is not finite, or not of a size in [1e-30, 1e30] (and not 0).
        """
        value = float(value) + 0.0  # which turns -0.0 into 0.0
        if not is_constant(value):
            raise Refused(_fault(value))
        return self._number(Node("constant", (), (value,)))

    def parameter(self, name: str, initial: float) -> int:
        """The number of a new trainable parameter's node."""
        self.parameters.append(Parameter(name, float(initial) + 0.0))
        return self._number(Node("parameter", attributes=(float(len(self.parameters) - 1),)))

    def value(self, number: int) -> float | None:
        """What a node is worth if it is a constant, otherwise None."""
        node = self.nodes[number]
        return node.attributes[0] if node.operation == "constant" else None

    def add(self, name: str, *inputs: int, attributes: Sequence[float] = ()) -> int:
        """The number of a node with this meaning: a new one, or one that is already there.

        Raises:
            Refused: constants without a finite result (`arith`), or too many nodes.
        """
        sources = [self.nodes[each] for each in inputs]
        values = [each.attributes[0] for each in sources if each.operation == "constant"]
        if len(values) == len(inputs):  # constants are floats, and folded ones are floats again
            return self.constant(fold(name, values, attributes))
        simpler = simplify(self, name, inputs)
        if simpler is not None:
            return simpler
        if OPERATIONS[name].commutes and inputs[0] > inputs[1]:
            inputs = inputs[::-1]
        fixed = tuple([float(each) + 0.0 for each in attributes]) if attributes else ()
        return self._number(Node(name, inputs, fixed))

    def finish(self, *outputs: int) -> Graph:
        """The graph of what the outputs need, in an order that depends on their meaning alone."""
        live = self._live(outputs)
        inputs = self._sorted_inputs(live)
        return self._graph(_depth_first(outputs, inputs), inputs, outputs)

    def finish_as_built(self, *outputs: int) -> Graph:
        """The same in the order in which the nodes came: for graphs that nobody compares."""
        live = self._live(outputs)
        return self._graph(live, {number: self.nodes[number].inputs for number in live}, outputs)

    def _graph(
        self, order: Sequence[int], inputs: Mapping[int, tuple[int, ...]], outputs: Sequence[int]
    ) -> Graph:
        used = self._used_parameters(order)
        leaves = [X, *used]
        operations = [number for number in order if number not in leaves]
        place = {number: index for index, number in enumerate([*leaves, *operations])}
        nodes = [Node("x"), *[Node("parameter")] * len(used)]
        for number in operations:
            node = self.nodes[number]
            sources = tuple([place[each] for each in inputs[number]])
            nodes.append(Node(node.operation, sources, node.attributes))
        declared = [int(self.nodes[number].attributes[0]) for number in used]
        parameters = tuple(self.parameters[index] for index in declared)
        return Graph(tuple(nodes), parameters, tuple(place[each] for each in outputs))

    def _used_parameters(self, live: Sequence[int]) -> list[int]:
        """The parameters among some nodes, in the order of their declaration."""
        found = [number for number in live if self.nodes[number].operation == "parameter"]
        return sorted(found, key=lambda number: self.nodes[number].attributes)

    def _number(self, node: Node) -> int:
        number = self._numbers.get(node)
        if number is None:
            if len(self.nodes) >= self._most_nodes:
                raise Refused("too_many_ops")
            number = self._numbers[node] = len(self.nodes)
            self.nodes.append(node)
        return number

    def _sorted_inputs(self, live: Sequence[int]) -> dict[int, tuple[int, ...]]:
        """The inputs of every live node, commutative ones in the order of their hashes."""
        # A parameter counts by its rank among those in use, whatever else was declared.
        ranks = {number: rank for rank, number in enumerate(self._used_parameters(live))}
        keys: dict[int, bytes] = {}
        inputs: dict[int, tuple[int, ...]] = {}
        for number in live:  # numbers rise from inputs to users
            node = self.nodes[number]
            order = node.inputs
            if len(order) == 2 and OPERATIONS[node.operation].commutes:
                order = tuple(sorted(order, key=keys.__getitem__))
            inputs[number] = order
            text = f"{node.operation}{ranks.get(number, node.attributes)}".encode()
            text += b"".join([keys[each] for each in order])
            keys[number] = blake2b(text, digest_size=12).digest()
        return inputs

    def _live(self, outputs: Sequence[int]) -> list[int]:
        live: set[int] = set()
        stack = list(outputs)
        while stack:
            number = stack.pop()
            if number not in live:
                live.add(number)
                stack.extend(self.nodes[number].inputs)
        return sorted(live)


def _fault(value: float) -> str:
    """The code that says why a number is no constant."""
    if math.isnan(value):
        return "nan_const"
    if math.isinf(value):
        return "inf_const"
    return "huge_const" if abs(value) > LARGEST else "denormal_const"


def _depth_first(outputs: Sequence[int], inputs: Mapping[int, tuple[int, ...]]) -> list[int]:
    """Every node that the outputs need, inputs before users, the first input first."""
    found: dict[int, None] = {}
    stack = [(output, False) for output in reversed(outputs)]
    while stack:
        number, expanded = stack.pop()
        if number in found:
            continue
        if expanded:
            found[number] = None
        else:
            stack.append((number, True))
            stack.extend((each, False) for each in reversed(inputs[number]))
    return list(found)
