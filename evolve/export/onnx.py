"""ONNX: a model of the function and its slope, which runs wherever ONNX does."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from evolve.errors import EvolveError
from evolve.export.origin import Origin
from evolve.export.plain import bare
from sandbox import Graph, Node
from sandbox.differentiation import differentiate
from sandbox.operations import LEAVES, named

OPSET, IR = 17, 8

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **{name: name.capitalize() for name in named(
            "neg abs sign sqrt exp log sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh "
            "sigmoid erf floor ceil round reciprocal add sub mul div pow and or xor not where"
        )},
        "maximum": "Max", "minimum": "Min", "lt": "Less", "le": "LessOrEqual", "gt": "Greater",
        "ge": "GreaterOrEqual", "eq": "Equal",
    }
)  # fmt: skip


_SINGLE = named("tan asin acos atan sinh cosh asinh acosh atanh erf")
"""What ONNX Runtime computes in float32 alone."""


def model(origin: Origin) -> bytes:
    """The file: input `x` of any shape, outputs `y` = f(x) and `slope` = df/dx, in float32.

    A parameter is an input too, under its own name, whose initial value need not be given. Slopes
    are differences of what is nearly equal, and computed in float64 on the way.

    Raises:
        EvolveError: ONNX lacks an operation, or the package is not installed.
    """
    onnx = _library()
    both = differentiate(origin.graph)
    parameters = both.parameters
    make, kind = onnx.helper, onnx.TensorProto.FLOAT
    given = [make.make_tensor_value_info("x", kind, None)]
    given += [make.make_tensor_value_info(each.name, kind, []) for each in parameters]
    scalars = [make.make_tensor(each.name, kind, [], [each.initial]) for each in parameters]
    nodes: list[Any] = []
    for place, (name, inner) in enumerate((("y", kind), ("slope", onnx.TensorProto.DOUBLE))):
        part = _Part(onnx, name, inner)
        part.write(bare(type(both)(both.nodes, parameters, both.outputs[place : place + 1])))
        nodes += part.nodes
        scalars += part.scalars
    outputs = [make.make_tensor_value_info(name, kind, None) for name in ("y", "slope")]
    made = make.make_model(
        make.make_graph(nodes, "activation", given, outputs, scalars),
        opset_imports=[make.make_opsetid("", OPSET)], ir_version=IR, producer_name="activolve",
        doc_string="\n".join([*origin.told(), f"Gain of initial weights: {origin.gain!r}."]),
    )  # fmt: skip
    # onnx's checker wants a rank, which a function of any shape has not; the proof loads the file.
    return bytes(made.SerializeToString())


class _Part:
    """The nodes of one output, computed in numbers of one kind."""

    def __init__(self, onnx: Any, output: str, kind: int) -> None:
        self.nodes: list[Any] = []
        self.scalars: list[Any] = []
        self._onnx, self._output, self._kind = onnx, output, kind
        self._single = onnx.TensorProto.FLOAT

    def write(self, graph: Graph) -> None:
        """Writes all that leads from `x` and the parameters, in float32, to the output."""
        names = [
            self._cast(each, f"{self._output}#{each}", self._kind)
            for each in ("x", *(each.name for each in graph.parameters))
        ]
        for number, node in enumerate(graph.nodes[len(names) :]):
            name = f"{self._output}#{number}"  # no parameter can be called so
            if node.operation in LEAVES:
                made = self._onnx.helper.make_tensor(name, self._kind, [], node.attributes)
                self.scalars.append(made)
            else:
                self._operate(node, [names[each] for each in node.inputs], name)
            names.append(name)
        last = self._cast(names[graph.outputs[0]], f"{self._output}#", self._single)
        self._make("Shape", ["x"], f"{self._output}##")
        # Of x's shape, be it constant.
        self._make("Expand", [last, f"{self._output}##"], self._output)

    def _operate(self, node: Node, inputs: list[str], name: str) -> None:
        if node.operation in _SINGLE and self._kind != self._single:
            inputs = [self._cast(each, f"{name}<", self._single) for each in inputs]
            self._make(_WORDS[node.operation], inputs, f"{name}>")
            self._cast(f"{name}>", name, self._kind)
        elif node.operation == "square":
            self._make("Mul", inputs * 2, name)
        elif node.operation == "cast":
            self._make("Cast", inputs, name, to=self._kind)
        elif node.operation == "ne":
            self._make("Equal", inputs, f"{name}=")
            self._make("Not", [f"{name}="], name)
        elif word := _WORDS.get(node.operation):
            self._make(word, inputs, name)
        else:
            raise EvolveError(
                f"ONNX has no {node.operation}, which this function needs; `--to torch` has it"
            )

    def _make(self, word: str, inputs: list[str], name: str, **attributes: Any) -> None:
        self.nodes.append(self._onnx.helper.make_node(word, inputs, [name], **attributes))

    def _cast(self, source: str, name: str, kind: int) -> str:
        """The name of `source` as numbers of `kind`; its own, where all is float32."""
        if self._kind == self._single:
            return source
        self._make("Cast", [source], name, to=kind)
        return name


def _library() -> Any:
    try:
        import onnx
    except ImportError:
        raise EvolveError("--to onnx needs onnx: pip install 'activolve[export]'") from None
    return onnx
