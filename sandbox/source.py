"""A graph as canonical Python source: read by people and models, parsed to the same graph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from types import MappingProxyType

from sandbox.graph import Graph, Node
from sandbox.operations import AXES, LEAVES, WITH_ATTRIBUTES, named

LONGEST_EXPRESSION = 56  # characters; a longer value gets a name of its own

# How tightly an expression holds together: as Python's own precedence.
_COMPARE, _OR, _XOR, _AND, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(9)

_INFIX: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "add": ("+", _SUM), "sub": ("-", _SUM), "mul": ("*", _PRODUCT), "div": ("/", _PRODUCT),
        "lt": ("<", _COMPARE), "le": ("<=", _COMPARE), "gt": (">", _COMPARE),
        "ge": (">=", _COMPARE), "eq": ("==", _COMPARE), "ne": ("!=", _COMPARE),
        "and": ("&", _AND), "or": ("|", _OR), "xor": ("^", _XOR), "remainder": ("%", _PRODUCT),
    }
)  # fmt: skip

_FUNCTIONAL = frozenset(
    named(
        "logsigmoid softsign silu mish gelu selu relu6 hardswish hardsigmoid "
        "tanhshrink softplus elu celu leaky_relu hardtanh hardshrink softshrink "
        "threshold"
    )
)
_SPECIAL = frozenset({"i0e", "i1e"})
_DIMENSIONS: Mapping[str, str] = MappingProxyType(
    {"feature": ", dim=-1, keepdim=True", "batch": ", dim=0, keepdim=True", "all": ""}
)

_NUMBER = re.compile(r"-?\d+(\.\d+)?(e[-+]?\d+)?")

Text = tuple[str, int]  # source of an expression, and how tightly it holds together


def canonical_source(graph: Graph) -> str:
    """`def activation(x, ...)` in torch operations; values that are used twice have names.

    Parsing it gives the same graph, and it computes the same values when it is executed.
    """
    uses = Counter(number for node in graph.nodes for number in node.inputs)
    texts: list[Text] = [("x", _ATOM), *((each.name, _ATOM) for each in graph.parameters)]
    lines: list[str] = []
    for number, node in enumerate(graph.nodes[len(texts) :], start=len(texts)):
        text = _expression(graph, node, texts)
        shared = uses[number] > 1 or len(text[0]) > LONGEST_EXPRESSION
        if shared and node.operation not in LEAVES and number != graph.output:
            name = f"t{len(lines) + 1}"
            lines.append(f"    {name} = {text[0]}\n")
            text = (name, _ATOM)
        texts.append(text)
    body = "".join(lines) + f"    return {_bare(graph, texts)}\n"
    arguments = ", ".join(["x", *(f"{each.name}={each.initial!r}" for each in graph.parameters)])
    return f"{_imports(body)}\n\ndef activation({arguments}):\n{body}"


def _bare(graph: Graph, texts: list[Text]) -> str:
    return texts[graph.output][0]


def _imports(body: str) -> str:
    functional = "import torch.nn.functional as F\n" if "F." in body else ""
    return f"import torch\n{functional}"


def _expression(graph: Graph, node: Node, texts: list[Text]) -> Text:
    name = node.operation
    if name == "constant":
        return repr(node.attributes[0]), _ATOM if node.attributes[0] >= 0 else _SIGN
    arguments = [texts[each] for each in node.inputs]
    if name == "mul":
        arguments.sort(key=_reading_order)
    if name == "add":
        return _sum(arguments)
    if name in _INFIX:
        return _infix(*_INFIX[name], arguments)
    if name in _WRITERS:
        return _WRITERS[name](graph, node, arguments)
    written = [text for text, _ in arguments]
    if name in WITH_ATTRIBUTES:
        options = zip(WITH_ATTRIBUTES[name], node.attributes, strict=True)
        written += [f"{each}={value!r}" for (each, usual), value in options if value != usual]
        if name == "threshold":  # torch gives these two no defaults
            written = [written[0], *map(repr, node.attributes)]
    axis, _, statistic = name.partition("_")
    if axis in AXES:
        return _reduction(axis, statistic, node, written[0]), _ATOM
    module = "F" if name in _FUNCTIONAL else "torch.special" if name in _SPECIAL else "torch"
    return f"{module}.{name}({', '.join(written)})", _ATOM


def _infix(sign: str, strength: int, arguments: list[Text]) -> Text:
    left, right = arguments
    # Comparisons do not chain, so both sides must hold more tightly than the sign itself.
    first = _held(left, strength + (strength == _COMPARE))
    return f"{first} {sign} {_held(right, strength + 1)}", strength


def _reading_order(text: Text) -> tuple[bool, int, str]:
    """Numbers first, then short before long: 0.5 * x * torch.tanh(x)."""
    return not _is_number(text), len(text[0]), text[0]


def _is_number(text: Text) -> bool:
    return _NUMBER.fullmatch(text[0]) is not None


def _sum(arguments: list[Text]) -> Text:
    """A sum, short before long, a number last and its sign as the operator."""
    first, second = sorted(arguments, key=_reading_order)
    if _is_number(first):
        first, second = second, first
    if second[1] == _SIGN and _is_number(second):
        return f"{_held(first, _SUM)} - {second[0].removeprefix('-')}", _SUM
    return _infix("+", _SUM, [first, second])


def _held(text: Text, strength: int) -> str:
    return text[0] if text[1] >= strength else f"({text[0]})"


def _negation(_graph: Graph, _node: Node, arguments: list[Text]) -> Text:
    return f"-{_held(arguments[0], _SIGN)}", _SIGN


def _not(_graph: Graph, _node: Node, arguments: list[Text]) -> Text:
    return f"~{_held(arguments[0], _SIGN)}", _SIGN


def _power(_graph: Graph, _node: Node, arguments: list[Text]) -> Text:
    base, exponent = arguments
    return f"{_held(base, _ATOM)} ** {_held(exponent, _ATOM)}", _POWER


def _cast(_graph: Graph, _node: Node, arguments: list[Text]) -> Text:
    return f"{_held(arguments[0], _ATOM)}.to(x.dtype)", _ATOM


def _clamp_min(_graph: Graph, _node: Node, arguments: list[Text]) -> Text:
    return f"torch.clamp({arguments[0][0]}, min={arguments[1][0]})", _ATOM


def _clamp_max(graph: Graph, node: Node, arguments: list[Text]) -> Text:
    value, bound = arguments[0][0], arguments[1][0]
    below = graph.nodes[node.inputs[0]]
    # One call takes two numbers or two tensors, but not one of each.
    alike = (
        len(
            {
                graph.nodes[n.inputs[1]].operation == "constant"
                for n in (node, below)
                if len(n.inputs) > 1
            }
        )
        == 1
    )
    inner = below.operation == "clamp_min" and alike and value.startswith("torch.clamp(")
    return f"{value[:-1] if inner else f'torch.clamp({value}'}, max={bound})", _ATOM


def _gelu_tanh(_graph: Graph, _node: Node, arguments: list[Text]) -> Text:
    return f'F.gelu({arguments[0][0]}, approximate="tanh")', _ATOM


def _where(graph: Graph, node: Node, arguments: list[Text]) -> Text:
    mask, chosen, other = arguments
    both_constant = all(graph.nodes[each].operation == "constant" for each in node.inputs[1:])
    first = f"torch.full_like(x, {chosen[0]})" if both_constant else chosen[0]
    return f"torch.where({mask[0]}, {first}, {other[0]})", _ATOM


def _of_tensors(graph: Graph, node: Node, arguments: list[Text]) -> Text:
    """Functions of two tensors that torch does not give a number: the number is spread out."""
    written = [
        f"torch.full_like(x, {text})" if graph.nodes[each].operation == "constant" else text
        for each, (text, _) in zip(node.inputs, arguments, strict=True)
    ]
    return f"torch.{node.operation}({', '.join(written)})", _ATOM


def _reduction(axis: str, statistic: str, node: Node, argument: str) -> str:
    correction = f", correction={int(node.attributes[0])}" if node.attributes else ""
    return f"torch.{statistic}({argument}{_DIMENSIONS[axis]}{correction})"


_WRITERS: Mapping[str, Callable[[Graph, Node, list[Text]], Text]] = MappingProxyType(
    {
        "neg": _negation,
        "not": _not,
        "pow": _power,
        "cast": _cast,
        "where": _where,
        "clamp_min": _clamp_min,
        "clamp_max": _clamp_max,
        "gelu_tanh": _gelu_tanh,
        **dict.fromkeys(
            ("maximum", "minimum", "atan2", "hypot", "copysign", "logaddexp", "xlogy", "fmod"),
            _of_tensors,
        ),
    }
)
