"""A graph as straight-line torch calls: values shared, memory reused, nothing recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from sandbox.graph import Graph
from sandbox.kernels import IN_PLACE, KERNELS, Kernel
from sandbox.operations import LEAVES, OPERATIONS
from sandbox.tensors import common_shape, spread


@dataclass(frozen=True, slots=True)
class _Step:
    """One call: a kernel, the slots of its operands, static attributes, the slot of its result."""

    kernel: Kernel
    operands: tuple[int, ...]
    attributes: tuple[float, ...]
    target: int


class Tape:
    """The steps of one graph in order; memory that nobody reads any more is written over."""

    def __init__(self, graph: Graph) -> None:
        self._leaves = 1 + len(graph.parameters)
        self._same = _aliases(graph)  # a cast is its mask, which is floats here
        self._outputs = [self._same[each] for each in graph.outputs]
        self._last_use = _last_uses(graph, self._same, self._outputs)
        self._depends = _dependencies(graph)
        self._slots: list[Any] = [None] * len(graph.nodes)
        for number, node in enumerate(graph.nodes):
            if node.operation == "constant":
                self._slots[number] = node.attributes[0]
        self._steps = [
            self._step(graph, number)
            for number, node in enumerate(graph.nodes)
            if node.operation not in LEAVES and self._same[number] == number
        ]

    def run(self, x: Tensor, parameters: Sequence[Tensor]) -> list[Tensor]:
        """The outputs of the graph.

        Raises:
            ValueError: the number of parameters is wrong.
        """
        slots = self._filled(x, parameters, self._steps)
        shape = common_shape(x, parameters)
        return self._fresh([spread(slots[each], x, shape) for each in self._outputs], slots)

    def value(self, x: Tensor, parameters: Sequence[Tensor]) -> Tensor:
        """The first output alone, by no more steps than it takes; perhaps memory of x or others.

        Raises:
            ValueError: the number of parameters is wrong.
        """
        first = self._outputs[0]
        slots = self._filled(x, parameters, [each for each in self._steps if each.target <= first])
        return spread(slots[first], x, common_shape(x, parameters))

    def _filled(self, x: Tensor, parameters: Sequence[Tensor], steps: Sequence[_Step]) -> list[Any]:
        """The slots once the steps are done."""
        if len(parameters) != self._leaves - 1:
            raise ValueError(f"{len(parameters)} parameters given, {self._leaves - 1} wanted")
        slots = [x, *parameters, *self._slots[self._leaves :]]
        for step in steps:
            operands = [slots[each] for each in step.operands]
            slots[step.target] = step.kernel(*operands, *step.attributes)
        return slots

    def _fresh(self, outputs: list[Tensor], slots: list[Any]) -> list[Tensor]:
        """Outputs of their own memory, even where they are an input, or one another, or spread."""
        taken: set[int] = set()
        for place, (number, output) in enumerate(zip(self._outputs, outputs, strict=True)):
            shared = number < self._leaves or number in taken or output is not slots[number]
            outputs[place] = (
                output.clone(memory_format=torch.contiguous_format) if shared else output
            )
            taken.add(number)
        return outputs

    def _step(self, graph: Graph, number: int) -> _Step:
        node = graph.nodes[number]
        operands = [self._same[each] for each in node.inputs]
        if OPERATIONS[node.operation].commutes and not self._is_free(operands, number):
            operands.reverse()
        if node.operation in IN_PLACE and self._is_free(operands, number):
            return _Step(IN_PLACE[node.operation], tuple(operands), node.attributes, number)
        operands = [self._same[each] for each in node.inputs]
        return _Step(KERNELS[node.operation], tuple(operands), node.attributes, number)

    def _is_free(self, operands: list[int], reader: int) -> bool:
        """Whether the reader may overwrite the first operand, and it is as large as the result."""
        first = operands[0]
        computed = first >= self._leaves and not isinstance(self._slots[first], float)
        last = computed and self._last_use[first] == reader and operands.count(first) == 1
        return last and self._depends[first] == self._depends[reader]


def _aliases(graph: Graph) -> list[int]:
    same = list(range(len(graph.nodes)))
    for number, node in enumerate(graph.nodes):
        if node.operation == "cast":
            same[number] = same[node.inputs[0]]
    return same


def _last_uses(graph: Graph, same: list[int], outputs: list[int]) -> list[int]:
    """For each node, the number of the last that reads it; outputs are read for ever."""
    last = [-1] * len(graph.nodes)
    for number, node in enumerate(graph.nodes):
        for each in node.inputs:
            last[same[each]] = number
    for each in outputs:
        last[each] = len(graph.nodes)
    return last


def _dependencies(graph: Graph) -> list[int]:
    """The leaves that each node is computed from, a bit for each: they decide its shape."""
    depends = [1 << leaf for leaf in range(1 + len(graph.parameters))]
    for node in graph.nodes[len(depends) :]:
        found = 0
        for each in node.inputs:
            found |= depends[each]
        depends.append(found)
    return depends
