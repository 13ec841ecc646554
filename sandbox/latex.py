"""A graph as LaTeX, for people: values that are used more than once are named u_1, u_2, ..."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType

from sandbox.graph import Graph, Node
from sandbox.operations import named

_SUM, _PRODUCT, _POWER, _ATOM = range(4)  # how tightly an expression holds together
_SHORT = 12  # characters; what is shorter is repeated instead of named

_GREEK = named(
    "alpha beta gamma delta epsilon zeta eta theta kappa lambda mu nu rho sigma tau phi psi omega"
)

Text = tuple[str, int]

_FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        **{name: f"\\{name}" for name in named(
            "exp sin cos tan sinh cosh tanh log"
        )},
        **{name: f"\\{name.replace('a', 'arc', 1)}" for name in ("asin", "acos", "atan")},
        "asinh": r"\operatorname{arsinh}", "acosh": r"\operatorname{arcosh}",
        "atanh": r"\operatorname{artanh}", "sigmoid": r"\sigma", "logsigmoid": r"\log\sigma",
        "sign": r"\operatorname{sgn}", "log2": r"\log_2", "log10": r"\log_{10}",
        "hardtanh": r"\operatorname{clip}", "erfinv": r"\operatorname{erf}^{-1}",
    }
)  # fmt: skip

# {0}, {1}, {2} are inputs, {a} and {b} are attributes; every input here stands in its own brackets.
_TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "abs": r"\left|{0}\right|", "relu": r"\max\left({0}, 0\right)",
        "reciprocal": r"\frac{{1}}{{{0}}}", "sqrt": r"\sqrt{{{0}}}",
        "rsqrt": r"\frac{{1}}{{\sqrt{{{0}}}}}", "div": r"\frac{{{0}}}{{{1}}}",
        "exp": r"e^{{{0}}}", "exp2": r"2^{{{0}}}", "expm1": r"\left(e^{{{0}}} - 1\right)",
        "log1p": r"\log\left(1 + {0}\right)",
        "floor": r"\left\lfloor {0} \right\rfloor", "ceil": r"\left\lceil {0} \right\rceil",
        "softplus": r"\operatorname{{softplus}}_{{{a}}}\left({0}\right)",
        "elu": r"\operatorname{{ELU}}_{{{a}}}\left({0}\right)",
        "celu": r"\operatorname{{CELU}}_{{{a}}}\left({0}\right)",
        "leaky_relu": r"\operatorname{{LReLU}}_{{{a}}}\left({0}\right)",
        "hardtanh": r"\min\left(\max\left({0}, {a}\right), {b}\right)",
        "maximum": r"\max\left({0}, {1}\right)", "clamp_min": r"\max\left({0}, {1}\right)",
        "minimum": r"\min\left({0}, {1}\right)", "clamp_max": r"\min\left({0}, {1}\right)",
        "hypot": r"\sqrt{{\left({0}\right)^2 + \left({1}\right)^2}}",
        "logaddexp": r"\log\left(e^{{{0}}} + e^{{{1}}}\right)",
        "xlogy": r"\left({0}\right) \log\left({1}\right)",
        "lt": "{0} < {1}", "le": r"{0} \le {1}", "gt": "{0} > {1}", "ge": r"{0} \ge {1}",
        "eq": "{0} = {1}", "ne": r"{0} \ne {1}", "and": r"\left({0}\right) \wedge \left({1}\right)",
        "or": r"\left({0}\right) \vee \left({1}\right)",
        "xor": r"\left({0}\right) \oplus \left({1}\right)", "not": r"\neg\left({0}\right)",
        "cast": r"\left[{0}\right]",
        "where": r"\begin{{cases}} {1} & {0} \\ {2} & \text{{otherwise}} \end{{cases}}",
    }
)  # fmt: skip


def latex(graph: Graph) -> str:
    """`f(x) = ...`, followed by the definitions of what it names; a line for display mode."""
    uses = Counter(each for node in graph.nodes for each in node.inputs)
    texts: list[Text] = [("x", _ATOM), *((_symbol(each.name), _ATOM) for each in graph.parameters)]
    named: list[str] = []
    for number, node in enumerate(graph.nodes[len(texts) :], start=len(texts)):
        text = _expression(node, [texts[each] for each in node.inputs])
        named_already = uses[number] > 1 and len(text[0]) > _SHORT and number != graph.output
        if named_already and graph.kind(number) == "f":
            symbol = f"u_{{{len(named) + 1}}}"
            named.append(f"{symbol} = {text[0]}")
            text = (symbol, _ATOM)
        texts.append(text)
    arguments = "; ".join(["x", *(_symbol(each.name) for each in graph.parameters[:1])])
    arguments += "".join(f", {_symbol(each.name)}" for each in graph.parameters[1:])
    value = texts[graph.output][0]
    return r",\quad ".join([f"f({arguments}) = {value}", *reversed(named)])


def _expression(node: Node, inputs: list[Text]) -> Text:
    name = node.operation
    if name == "constant":
        return _number(node.attributes[0]), _ATOM if node.attributes[0] >= 0 else _SUM
    if name in {"add", "sub"}:
        return _sum(inputs, "+" if name == "add" else "-")
    if name == "neg":
        return f"-{_held(inputs[0], _PRODUCT)}", _SUM
    if name == "mul":
        first, second = sorted(inputs, key=lambda text: (not text[0][0].isdigit(), len(text[0])))
        sign = r" \cdot " if second[0][0].isdigit() else r"\,"
        return f"{_held(first, _PRODUCT)}{sign}{_held(second, _PRODUCT)}", _PRODUCT
    if name in {"square", "pow"}:
        exponent = "2" if name == "square" else inputs[1][0]
        return f"{_held(inputs[0], _ATOM)}^{{{exponent}}}", _POWER
    if name in _TEMPLATES:
        attributes = dict(zip("ab", map(_number, node.attributes), strict=False))
        written = _TEMPLATES[name].format(*(text for text, _ in inputs), **attributes)
        return written, _POWER if name in {"exp", "exp2"} else _ATOM
    function = _FUNCTIONS.get(name) or rf"\operatorname{{{name.replace('_', ' ')}}}"
    return rf"{function}\left({', '.join(text for text, _ in inputs)}\right)", _ATOM


def _sum(inputs: list[Text], sign: str) -> Text:
    first, second = inputs
    if sign == "+" and first[0].lstrip("-")[0].isdigit() and not second[0][0].isdigit():
        first, second = second, first
    if sign == "+" and second[0].startswith("-"):
        return f"{first[0]} - {second[0][1:]}", _SUM
    return f"{first[0]} {sign} {_held(second, _PRODUCT if sign == '-' else _SUM)}", _SUM


def _held(text: Text, strength: int) -> str:
    return text[0] if text[1] >= strength else rf"\left({text[0]}\right)"


def _number(value: float) -> str:
    mantissa, _, exponent = f"{value:.6g}".partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def _symbol(name: str) -> str:
    if name in _GREEK:
        return f"\\{name}"
    return name if len(name) == 1 else rf"\mathrm{{{name}}}".replace("_", r"\_")
