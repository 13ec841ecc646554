"""The slope of every operation: one line of calculus each, as torch's autograd has it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from sandbox.calculus import Calculus, Formula, Term

Unary = Callable[[Formula, Formula], Term]  # x, f(x) -> f'(x)

_SQRT_2, _SQRT_PI = math.sqrt(2), math.sqrt(math.pi)
_SELU_SCALE, _SELU_ALPHA = 1.0507009873554805, 1.6732632423543772


def adjoints(write: Calculus, number: int, slope: int) -> Iterator[tuple[int, int]]:
    """For each input that is not constant: its number, and its share of the node's slope."""
    result, incoming = write.formula(number), write.formula(slope)
    node = write.node(result)
    inputs = [write.formula(each) for each in node.inputs]
    if node.operation in _UNARY:
        local = _UNARY[node.operation](inputs[0], result)
        yield inputs[0].node, write.number(incoming * local)
    elif node.operation in _WITH_ATTRIBUTES:
        local = _WITH_ATTRIBUTES[node.operation](inputs[0], result, *node.attributes)
        yield inputs[0].node, write.number(incoming * local)
    elif node.operation in _BINARY:
        for source, local in zip(inputs, _BINARY[node.operation](*inputs, result), strict=True):
            if write.value(source) is None:
                yield source.node, write.number(incoming * local)
    elif node.operation == "where":
        mask, chosen, other = inputs
        if write.value(chosen) is None:
            yield chosen.node, mask.where(incoming, 0.0).node
        if write.value(other) is None:
            yield other.node, mask.where(0.0, incoming).node


def _sinc(x: Formula, f: Formula) -> Term:
    write = x.write
    at_zero = x.is_("eq", 0.0)
    return at_zero.where(0.0, (write("cos", math.pi * x) - f) / at_zero.where(1.0, x))


def gelu_slope(x: Formula) -> Term:
    """Phi(x) + x phi(x), with the normal distribution's Phi and its density phi."""
    write = x.write
    below = 0.5 * (1.0 + write("erf", x / _SQRT_2))
    density = write("exp", -0.5 * write("square", x))
    return below + x * density / math.sqrt(2 * math.pi)


def _gelu_tanh(x: Formula, _f: Formula) -> Term:
    write = x.write
    scale = math.sqrt(2 / math.pi)
    bent = write("tanh", scale * (x + 0.044715 * write("pow", x, 3.0)))
    inner = scale * (1.0 + 3 * 0.044715 * write("square", x))
    return 0.5 * (1.0 + bent) + 0.5 * x * (1.0 - write("square", bent)) * inner


def _mish(x: Formula, _f: Formula) -> Term:
    write = x.write
    bent = write("tanh", write("softplus", x, attributes=(1.0, 20.0)))
    return bent + x * write("sigmoid", x) * (1.0 - write("square", bent))


def _silu(x: Formula, _f: Formula) -> Term:
    write = x.write
    gate = write("sigmoid", x)
    return gate * (1.0 + x * (1.0 - gate))


def _i1e(x: Formula, f: Formula) -> Term:
    write = x.write
    # I1(x)/x tends to 1/2, which a division would miss at 0.
    at_zero = x.is_("eq", 0.0)
    safe = at_zero.where(1.0, x)
    return at_zero.where(0.5, write("i0e", x) - f * (write("sign", x) + 1.0 / safe))


def _step(x: Formula, low: float, high: float) -> Formula:
    """1 strictly between the bounds, 0 elsewhere."""
    inside = x.write("and", x.is_("gt", low), x.is_("lt", high))
    return x.write("cast", inside)


def _hardswish(x: Formula, _f: Formula) -> Term:
    middle = x.is_("lt", 3.0).where(x / 3.0 + 0.5, 1.0)
    return x.is_("gt", -3.0).where(middle, 0.0)


def _selu(x: Formula, _f: Formula) -> Term:
    write = x.write
    scale = _SELU_SCALE * _SELU_ALPHA
    return x.is_("gt", 0.0).where(_SELU_SCALE, scale * write("exp", write("clamp_max", x, 0.0)))


_UNARY: Mapping[str, Unary] = MappingProxyType(
    {
        "neg": lambda _x, _f: -1.0,
        "abs": lambda x, _f: x.write("sign", x),
        "relu": lambda x, _f: x.write("cast", x.is_("gt", 0.0)),
        "square": lambda x, _f: 2.0 * x,
        "reciprocal": lambda _x, f: -f.write("square", f),
        "sqrt": lambda _x, f: 0.5 / f,
        "rsqrt": lambda _x, f: -0.5 * f.write("pow", f, 3.0),
        "exp": lambda _x, f: f,
        "exp2": lambda _x, f: math.log(2) * f,
        "expm1": lambda _x, f: f + 1.0,
        "log": lambda x, _f: 1.0 / x,
        "log2": lambda x, _f: 1.0 / (math.log(2) * x),
        "log10": lambda x, _f: 1.0 / (math.log(10) * x),
        "log1p": lambda x, _f: 1.0 / (x + 1.0),
        "sin": lambda x, _f: x.write("cos", x),
        "cos": lambda x, _f: -x.write("sin", x),
        "tan": lambda _x, f: 1.0 + f.write("square", f),
        "asin": lambda x, _f: x.write("rsqrt", 1.0 - x.write("square", x)),
        "acos": lambda x, _f: -x.write("rsqrt", 1.0 - x.write("square", x)),
        "atan": lambda x, _f: 1.0 / (1.0 + x.write("square", x)),
        "sinh": lambda x, _f: x.write("cosh", x),
        "cosh": lambda x, _f: x.write("sinh", x),
        "tanh": lambda _x, f: 1.0 - f.write("square", f),
        "asinh": lambda x, _f: x.write("rsqrt", x.write("square", x) + 1.0),
        "acosh": lambda x, _f: x.write("rsqrt", x.write("square", x) - 1.0),
        "atanh": lambda x, _f: 1.0 / (1.0 - x.write("square", x)),
        "sinc": _sinc,
        "sigmoid": lambda _x, f: f * (1.0 - f),
        "logsigmoid": lambda x, _f: x.write("sigmoid", -x),
        "erf": lambda x, _f: 2 / _SQRT_PI * x.write("exp", -x.write("square", x)),
        "erfc": lambda x, _f: -2 / _SQRT_PI * x.write("exp", -x.write("square", x)),
        "erfinv": lambda _x, f: _SQRT_PI / 2 * f.write("exp", f.write("square", f)),
        "i0e": lambda x, f: x.write("i1e", x) - x.write("sign", x) * f,
        "i1e": _i1e,
        "frac": lambda _x, _f: 1.0,
        "softsign": lambda x, _f: 1.0 / x.write("square", 1.0 + x.write("abs", x)),
        "silu": _silu,
        "mish": _mish,
        "gelu": lambda x, _f: gelu_slope(x),
        "gelu_tanh": _gelu_tanh,
        "selu": _selu,
        "relu6": lambda x, _f: _step(x, 0.0, 6.0),
        "hardswish": _hardswish,
        "hardsigmoid": lambda x, _f: _step(x, -3.0, 3.0) / 6.0,
        "tanhshrink": lambda x, _f: x.write("square", x.write("tanh", x)),
        **dict.fromkeys(("sign", "floor", "ceil", "round", "trunc"), lambda _x, _f: 0.0),
    }
)


def _softplus(x: Formula, _f: Formula, beta: float, threshold: float) -> Term:
    return (x * beta).is_("gt", threshold).where(1.0, x.write("sigmoid", beta * x))


def _elu(x: Formula, _f: Formula, alpha: float) -> Term:
    falling = alpha * x.write("exp", x.write("clamp_max", x, 0.0))
    return x.is_("gt", 0.0).where(1.0, falling)


def _celu(x: Formula, _f: Formula, alpha: float) -> Term:
    falling = x.write("exp", x.write("clamp_max", x, 0.0) / alpha)
    return x.is_("gt", 0.0).where(1.0, falling)


_WITH_ATTRIBUTES: Mapping[str, Callable[..., Term]] = MappingProxyType(
    {
        "softplus": _softplus,
        "elu": _elu,
        "celu": _celu,
        "leaky_relu": lambda x, _f, slope: x.is_("gt", 0.0).where(1.0, slope),
        "hardtanh": lambda x, _f, low, high: _step(x, low, high),
        "hardshrink": lambda x, _f, bound: x.write("cast", x.write("abs", x).is_("gt", bound)),
        "softshrink": lambda x, _f, bound: x.write("cast", x.write("abs", x).is_("gt", bound)),
        "threshold": lambda x, _f, threshold, _value: x.write("cast", x.is_("gt", threshold)),
    }
)


def _pow(a: Formula, b: Formula, f: Formula) -> tuple[Term, Term]:
    write = a.write
    towards_a = b * write("pow", a, b - 1.0)
    # autograd asks for no slope of a constant exponent, and the log of a negative base is none
    towards_b = 0.0 if write.value(b) is not None else f * write("log", a)
    return towards_a, towards_b


def _extreme(sign: float) -> Callable[[Formula, Formula, Formula], tuple[Term, Term]]:
    def share(a: Formula, b: Formula, _f: Formula) -> tuple[Term, Term]:
        """The winner takes the slope; at a tie each takes half."""
        lead = 0.5 * sign * a.write("sign", a - b)
        return 0.5 + lead, 0.5 - lead

    return share


def _clamp(comparison: str) -> Callable[[Formula, Formula, Formula], tuple[Term, Term]]:
    def share(a: Formula, b: Formula, _f: Formula) -> tuple[Term, Term]:
        """Within the bound, the bound included, the slope is the value's; beyond, the bound's."""
        within = a.is_(comparison, b)
        return a.write("cast", within), a.write("cast", a.write("not", within))

    return share


def _atan2(a: Formula, b: Formula, _f: Formula) -> tuple[Term, Term]:
    norm = a.write("square", a) + a.write("square", b)
    return b / norm, -a / norm


def _copysign(a: Formula, _b: Formula, f: Formula) -> tuple[Term, Term]:
    at_zero = a.is_("eq", 0.0)
    return at_zero.where(0.0, f / at_zero.where(1.0, a)), 0.0


def _xlogy(a: Formula, b: Formula, _f: Formula) -> tuple[Term, Term]:
    write = a.write
    silent = write("and", a.is_("eq", 0.0), b.is_("le", 0.0))
    return silent.where(0.0, write("log", b)), a / b


_BINARY: Mapping[str, Callable[..., tuple[Term, Term]]] = MappingProxyType(
    {
        "add": lambda _a, _b, _f: (1.0, 1.0),
        "sub": lambda _a, _b, _f: (1.0, -1.0),
        "mul": lambda a, b, _f: (b, a),
        "div": lambda _a, b, f: (1.0 / b, -f / b),
        "pow": _pow,
        "maximum": _extreme(1.0),
        "minimum": _extreme(-1.0),
        "clamp_min": _clamp("ge"),
        "clamp_max": _clamp("le"),
        "atan2": _atan2,
        "fmod": lambda a, b, _f: (1.0, -a.write("trunc", a / b)),
        "remainder": lambda a, b, _f: (1.0, -a.write("floor", a / b)),
        "hypot": lambda a, b, f: (a / f, b / f),
        "copysign": _copysign,
        "logaddexp": lambda a, b, _f: (a.write("sigmoid", a - b), a.write("sigmoid", b - a)),
        "xlogy": _xlogy,
    }
)
