"""ONNX: a model of the function and its slope, which runs wherever ONNX does."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from evolve.errors import EvolveError
from evolve.export.origin import Origin
from evolve.export.plain import bare
from sandbox import Node
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


def model(origin: Origin) -> bytes:
    """The file: input `x` of any shape, outputs `y` = f(x) and `slope` = df/dx, in float32.

    A parameter is an input too, under its own name, whose initial value need not be given.

    Raises:
        EvolveError: ONNX lacks an operation, or the package is not installed.
    """
    onnx = _library()
    both = differentiate(origin.graph)
    graph = bare(type(both)(both.nodes, both.parameters, both.outputs[:2]))
    make, kind = onnx.helper, onnx.TensorProto.FLOAT
    names = ["x", *(each.name for each in graph.parameters)]
    scalars = [make.make_tensor(each.name, kind, [], [each.initial]) for each in graph.parameters]
    nodes, given = [], [make.make_tensor_value_info("x", kind, None)]
    given += [make.make_tensor_value_info(each.name, kind, []) for each in graph.parameters]
    for number, node in enumerate(graph.nodes[len(names) :]):
        name = f"#{number}"  # no parameter can be called so
        names.append(name)
        if node.operation in LEAVES:
            scalars.append(make.make_tensor(name, kind, [], node.attributes))
        else:
            nodes += _nodes(onnx, node, [names[each] for each in node.inputs], name)
    outputs = []
    for output, name in zip(graph.outputs, ("y", "slope"), strict=True):
        # Of x's shape, be it constant.
        nodes.append(make.make_node("Shape", ["x"], [f"{name}#"]))
        nodes.append(make.make_node("Expand", [names[output], f"{name}#"], [name]))
        outputs.append(make.make_tensor_value_info(name, kind, None))
    made = make.make_model(
        make.make_graph(nodes, "activation", given, outputs, scalars),
        opset_imports=[make.make_opsetid("", OPSET)], ir_version=IR, producer_name="activolve",
        doc_string="\n".join([*origin.told(), f"Gain of initial weights: {origin.gain!r}."]),
    )  # fmt: skip
    # onnx's checker wants a rank, which a function of any shape has not; the proof loads the file.
    return bytes(made.SerializeToString())


def _nodes(onnx: Any, node: Node, inputs: list[str], name: str) -> list[Any]:
    make = onnx.helper.make_node
    if node.operation == "square":
        return [make("Mul", inputs * 2, [name])]
    if node.operation == "cast":
        return [make("Cast", inputs, [name], to=onnx.TensorProto.FLOAT)]
    if node.operation == "ne":
        return [make("Equal", inputs, [f"{name}="]), make("Not", [f"{name}="], [name])]
    word = _WORDS.get(node.operation)
    if word is None:
        raise EvolveError(
            f"ONNX has no {node.operation}, which this function needs; `--to torch` has it"
        )
    return [make(word, inputs, [name])]


def _library() -> Any:
    try:
        import onnx
    except ImportError:
        raise EvolveError("--to onnx needs onnx: pip install 'activolve[export]'") from None
    return onnx
