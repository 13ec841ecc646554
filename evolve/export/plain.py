"""A graph in the few operations that every array library has, with the same slopes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType

from sandbox.building import Builder
from sandbox.calculus import Calculus, Formula, Term
from sandbox.graph import Graph
from sandbox.operations import LEAVES

Rule = Callable[..., Term]

_SELU, _SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


def plain(graph: Graph) -> Graph:
    """The same outputs without what only torch has; autograd gives torch's slopes, at ties too."""
    return _rewritten(graph, _RULES)


def bare(graph: Graph) -> Graph:
    """The same also without expm1, log1p, erfc and atan2, which a format of files may lack."""
    return _rewritten(plain(graph), _BARE)


def _rewritten(graph: Graph, rules: Mapping[str, Rule]) -> Graph:
    builder = Builder()
    write = Calculus(builder)
    numbers = [0, *(builder.parameter(each.name, each.initial) for each in graph.parameters)]
    for node in graph.nodes[len(numbers) :]:
        inputs = [numbers[each] for each in node.inputs]
        rule = rules.get(node.operation)
        if rule is not None:
            term = rule(write, *map(write.formula, inputs), *node.attributes)
            numbers.append(write.number(term))
        elif node.operation in LEAVES:
            numbers.append(builder.constant(node.attributes[0]))
        else:
            numbers.append(builder.add(node.operation, *inputs, attributes=node.attributes))
    return builder.finish_as_built(*(numbers[each] for each in graph.outputs))


def _where(write: Calculus, mask: Formula, chosen: Term, other: Term) -> Formula:
    return write("where", mask, chosen, other)


def _above(write: Calculus, x: Formula, bound: float, chosen: Term, other: Term) -> Formula:
    return _where(write, x.is_("gt", bound), chosen, other)


def _clip(write: Calculus, x: Formula, low: float, high: float) -> Formula:
    return _above(write, x, low, _where(write, x.is_("lt", high), x, high), low)


def _softplus(write: Calculus, x: Formula, beta: float = 1.0, threshold: float = 20.0) -> Formula:
    scaled = x * beta
    # The branch that is not chosen must stay finite, or its slope would be 0 * inf.
    small = _where(write, scaled.is_("gt", threshold), 0.0, scaled)
    return _above(write, scaled, threshold, x, write("log1p", write("exp", small)) / beta)


def _elu(write: Calculus, x: Formula, alpha: float) -> Formula:
    below = _above(write, x, 0.0, 0.0, x)
    return _above(write, x, 0.0, x, write("expm1", below) * alpha)


def _celu(write: Calculus, x: Formula, alpha: float) -> Formula:
    below = _above(write, x, 0.0, 0.0, x)
    return _above(write, x, 0.0, x, write("expm1", below / alpha) * alpha)


def _log_sigmoid(write: Calculus, x: Formula) -> Formula:
    # min(x, 0) with half a slope at 0, and |x| with none: together the sigmoid of -x.
    small = write("minimum", x, 0.0)
    return small - write("log1p", write("exp", -write("abs", x)))


def _gelu(write: Calculus, x: Formula) -> Formula:
    return x * (0.5 * (1.0 + write("erf", x / math.sqrt(2))))


def _gelu_tanh(write: Calculus, x: Formula) -> Formula:
    inner = math.sqrt(2 / math.pi) * (x + 0.044715 * (x * x * x))
    return 0.5 * x * (1.0 + write("tanh", inner))


def _hard_gate(write: Calculus, x: Formula) -> Formula:
    return _clip(write, x + 3.0, 0.0, 6.0) / 6.0


def _hard_swish(write: Calculus, x: Formula) -> Formula:
    middle = _where(write, x.is_("lt", 3.0), x * (x / 6.0 + 0.5), x)
    return _above(write, x, -3.0, middle, 0.0)


def _truncated(write: Calculus, x: Formula) -> Formula:
    return _where(write, x.is_("lt", 0.0), write("ceil", x), write("floor", x))


def _sinc(write: Calculus, x: Formula) -> Formula:
    at_zero = x.is_("eq", 0.0)
    angle = _where(write, at_zero, 1.0, x * math.pi)
    return _where(write, at_zero, 1.0, write("sin", angle) / angle)


def _hard_shrink(write: Calculus, x: Formula, bound: float) -> Formula:
    return _where(write, write("abs", x).is_("gt", bound), x, 0.0)


def _soft_shrink(write: Calculus, x: Formula, bound: float) -> Formula:
    below = _where(write, x.is_("lt", -bound), x + bound, 0.0)
    return _above(write, x, bound, x - bound, below)


def _copy_sign(write: Calculus, a: Formula, b: Formula) -> Formula:
    size = write("abs", a)
    return _where(write, b.is_("ge", 0.0), size, -size)


def _log_add_exp(write: Calculus, a: Formula, b: Formula) -> Formula:
    apart = write("abs", a - b)
    return write("maximum", a, b) + write("log1p", write("exp", -apart))


def _x_log_y(write: Calculus, a: Formula, b: Formula) -> Formula:
    silent = write("and", a.is_("eq", 0.0), b.is_("le", 0.0))
    return _where(write, silent, 0.0, a * write("log", _where(write, silent, 1.0, b)))


def _mish(write: Calculus, x: Formula) -> Formula:
    return x * write("tanh", _softplus(write, x))


def _selu(write: Calculus, x: Formula) -> Formula:
    return _elu(write, x, _SELU_ALPHA) * _SELU


_RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "relu": lambda write, x: _above(write, x, 0.0, x, 0.0),
        "square": lambda _write, x: x * x,
        "reciprocal": lambda _write, x: 1.0 / x,
        "rsqrt": lambda write, x: 1.0 / write("sqrt", x),
        "exp2": lambda write, x: write("exp", x * math.log(2)),
        "log2": lambda write, x: write("log", x) / math.log(2),
        "log10": lambda write, x: write("log", x) / math.log(10),
        "sinc": _sinc,
        "logsigmoid": _log_sigmoid,
        "trunc": _truncated,
        "frac": lambda write, x: x - _truncated(write, x),
        "softsign": lambda write, x: x / (1.0 + write("abs", x)),
        "silu": lambda write, x: x * write("sigmoid", x),
        "mish": _mish,
        "gelu": _gelu,
        "gelu_tanh": _gelu_tanh,
        "selu": _selu,
        "relu6": lambda write, x: _clip(write, x, 0.0, 6.0),
        "hardswish": _hard_swish,
        "hardsigmoid": _hard_gate,
        "tanhshrink": lambda write, x: x - write("tanh", x),
        "softplus": _softplus,
        "elu": _elu,
        "celu": _celu,
        "leaky_relu": lambda write, x, slope: _above(write, x, 0.0, x, x * slope),
        "hardtanh": _clip,
        "hardshrink": _hard_shrink,
        "softshrink": _soft_shrink,
        "threshold": lambda write, x, bound, value: _above(write, x, bound, x, value),
        "clamp_min": lambda write, a, b: _where(write, a.is_("ge", b), a, b),
        "clamp_max": lambda write, a, b: _where(write, a.is_("le", b), a, b),
        "fmod": lambda write, a, b: a - b * _truncated(write, a / b),
        "remainder": lambda write, a, b: a - b * write("floor", a / b),
        "hypot": lambda write, a, b: write("sqrt", a * a + b * b),
        "copysign": _copy_sign,
        "logaddexp": _log_add_exp,
        "xlogy": _x_log_y,
    }
)


def _bare_atan2(write: Calculus, a: Formula, b: Formula) -> Formula:
    turn = _where(write, a.is_("ge", 0.0), math.pi, -math.pi)
    return write("atan", a / b) + _where(write, b.is_("lt", 0.0), turn, 0.0)


_BARE: Mapping[str, Rule] = MappingProxyType(
    {
        "expm1": lambda write, x: write("exp", x) - 1.0,
        "log1p": lambda write, x: write("log", 1.0 + x),
        "erfc": lambda write, x: 1.0 - write("erf", x),
        "atan2": _bare_atan2,
    }
)
