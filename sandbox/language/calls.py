"""Calls of tensor functions: the operations they mean, however the arguments are spelt."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from types import MappingProxyType

from sandbox.language.arithmetic import number
from sandbox.language.emission import Emitter
from sandbox.language.names import ALIASES, REDUCTIONS, refusal_code
from sandbox.language.values import Opaque, Tensor, Value
from sandbox.operations import OPERATIONS, STATISTICS, WITH_ATTRIBUTES
from sandbox.refusal import Refused

Arguments = tuple[Value, ...]
Options = dict[str, Value]

_ATTRIBUTE_ALIASES: Mapping[str, str] = MappingProxyType({"lambda_": "lambd"})
_REDUCED_AXES: Mapping[Value, str] = MappingProxyType({-1: "feature", 0: "batch", None: "all"})


def tensor_call(emitter: Emitter, name: str, arguments: Arguments, options: Options) -> Value:
    """The result of a torch function or tensor method; `name` is one of `names.FUNCTIONS`.

    Raises:
        Refused: arguments that the function does not take, or takes only in place.
    """
    name = ALIASES.get(name, name)
    options = dict(options)
    if options.pop("inplace", False) is not False or "out" in options:
        raise Refused("inplace")
    if "input" in options:
        arguments = (options.pop("input"), *arguments)
    if name in _SPECIAL:
        return _SPECIAL[name](emitter, arguments, options)
    if name in REDUCTIONS:
        return _reduction(emitter, name, arguments, options)
    if name not in OPERATIONS:
        raise Refused(refusal_code(name))
    if name in WITH_ATTRIBUTES:
        return _with_attributes(emitter, name, arguments, options)
    return _plain(emitter, name, arguments, options)


def _want(claim: object) -> None:
    if not claim:
        raise Refused("signature")


def _plain(emitter: Emitter, name: str, arguments: Arguments, options: Options) -> Value:
    if name in {"add", "sub"} and "alpha" in options:
        _want(len(arguments) == 2)
        scaled = emitter.binary(ast.Mult, arguments[1], options.pop("alpha"))
        arguments = (arguments[0], scaled)
    for second in ("other", "exponent"):
        if second in options:
            arguments = (*arguments, options.pop(second))
    if name == "div" and options.get("rounding_mode", 0) is None:
        del options["rounding_mode"]
    _want(len(arguments) == len(OPERATIONS[name].takes) and not options)
    if OPERATIONS[name].gives == "m" and OPERATIONS[name].takes == "ff":
        return emitter.compare(name, *arguments)
    if name == "pow":
        return emitter.binary(ast.Pow, Tensor(emitter.floats(arguments[0])), arguments[1])
    return emitter.emit(name, *arguments)


def _with_attributes(emitter: Emitter, name: str, arguments: Arguments, options: Options) -> Value:
    names = [attribute for attribute, _ in WITH_ATTRIBUTES[name]]
    values: Options = dict(WITH_ATTRIBUTES[name])
    _want(1 <= len(arguments) <= 1 + len(names))
    given = dict(zip(names, arguments[1:], strict=False))
    for option, value in {**given, **options}.items():
        attribute = _ATTRIBUTE_ALIASES.get(option, option)
        _want(attribute in values)
        if isinstance(value, Tensor):
            raise Refused("type", "this option takes a plain number; scale the tensor instead")
        values[attribute] = value
    attributes = [float(number(values[each])) for each in names]
    for number_fixed in attributes:
        emitter.constant(number_fixed)  # for its checks: attributes obey the bounds of constants
    return emitter.emit(name, arguments[0], attributes=attributes)


def _reduction(emitter: Emitter, name: str, arguments: Arguments, options: Options) -> Value:
    """Means and norms over one axis, where the search allows them at all."""
    _want(arguments)
    if name == "norm":  # whose second argument is its order
        order = arguments[1] if len(arguments) > 1 else options.pop("p", 2)
        _want(order == 2)
        arguments = arguments[:1]
    axis = options.pop("dim", options.pop("axis", arguments[1] if len(arguments) > 1 else None))
    keep = options.pop("keepdim", options.pop("keepdims", False))
    axis = axis[0] if isinstance(axis, tuple) and len(axis) == 1 else axis
    known = axis is None or (type(axis) is int and axis in _REDUCED_AXES)
    if not known or (axis is not None and keep is not True):
        raise Refused("non_pointwise", "reduce over dim=-1 or dim=0 with keepdim=True")
    attributes = [default for _, default in STATISTICS[name]]
    if attributes:
        correction = options.pop("correction", 1.0)
        unbiased = options.pop("unbiased", True)
        attributes = [0.0 if unbiased is False else float(number(correction))]
    _want(not options and len(arguments) <= 2)
    return emitter.emit(f"{_REDUCED_AXES[axis]}_{name}", arguments[0], attributes=attributes)


def _unchanged(emitter: Emitter, arguments: Arguments, options: Options) -> Value:
    _want(len(arguments) == 1 and not options)
    return Tensor(emitter.floats(arguments[0]))


def _moved(emitter: Emitter, arguments: Arguments, options: Options) -> Value:
    """x.to(y.dtype) and the like: only what leaves dtype and device as they are."""
    _want(arguments)
    if not all(isinstance(each, Opaque | Tensor) for each in (*arguments[1:], *options.values())):
        raise Refused("dtype_change")
    return Tensor(emitter.floats(arguments[0]))


def _drop_types(options: Options) -> None:
    for name in ("dtype", "device"):
        if not isinstance(options.pop(name, Opaque()), Opaque):
            raise Refused("dtype_change")
    options.pop("requires_grad", None)


def _literal(emitter: Emitter, arguments: Arguments, options: Options) -> Value:
    """torch.tensor(0.5) and its relatives."""
    _drop_types(options)
    _want(len(arguments) == 1 and not options)
    value = arguments[0]
    while isinstance(value, tuple) and len(value) == 1:
        value = value[0]
    if isinstance(value, tuple):
        raise Refused("non_scalar_constant")
    return Tensor(emitter.floats(value))


def _filled(value: float | None) -> Callable[[Emitter, Arguments, Options], Value]:
    def fill(emitter: Emitter, arguments: Arguments, options: Options) -> Value:
        """torch.ones(1), torch.zeros(()) and torch.full((1,), v): one element and no more."""
        _drop_types(options)
        if value is None:
            arguments = (
                *arguments,
                *([options.pop("fill_value")] if "fill_value" in options else []),
            )
            _want(len(arguments) == 2)
        shape = arguments if value is not None else arguments[:1]
        sizes = shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape
        if any(size != 1 for size in sizes):
            raise Refused("non_scalar_constant")
        _want(not options)
        return Tensor(emitter.floats(arguments[1] if value is None else value))

    return fill


def _filled_like(value: float | None) -> Callable[[Emitter, Arguments, Options], Value]:
    def fill(emitter: Emitter, arguments: Arguments, options: Options) -> Value:
        """torch.ones_like(x) and torch.full_like(x, v): constants of any shape are scalars here."""
        _drop_types(options)
        _want(arguments and isinstance(arguments[0], Tensor))
        rest = (*arguments[1:], *([options.pop("fill_value")] if "fill_value" in options else []))
        _want(not options and len(rest) == (value is None))
        return Tensor(emitter.floats(rest[0] if value is None else value))

    return fill


def _clamp(low: str | None, high: str | None) -> Callable[[Emitter, Arguments, Options], Value]:
    names = [name for name in (low, high) if name]

    def clamp(emitter: Emitter, arguments: Arguments, options: Options) -> Value:
        """Bounds by position or by name (min, max, or NumPy's a_min, a_max)."""
        spelt = {"a_min": "min", "a_max": "max"}
        bounds = {**dict(zip(names, arguments[1:], strict=False))}
        bounds |= {spelt.get(name, name): value for name, value in options.items()}
        bounds = {name: value for name, value in bounds.items() if value is not None}
        _want(1 <= len(arguments) <= 1 + len(names) and bounds and bounds.keys() <= set(names))
        value = arguments[0]
        for name in names:
            if name in bounds:
                value = emitter.emit(f"clamp_{name}", value, bounds[name])
        return value

    return clamp


def _where(emitter: Emitter, arguments: Arguments, options: Options) -> Value:
    _want(len(arguments) == 3 and not options)
    mask, chosen, other = arguments
    if isinstance(mask, bool):
        return Tensor(emitter.floats(chosen if mask else other))
    return emitter.emit("where", mask, chosen, other)


def _masked_fill(emitter: Emitter, arguments: Arguments, options: Options) -> Value:
    _want(len(arguments) == 3 and not options)
    return emitter.emit("where", arguments[1], arguments[2], arguments[0])


def _lerp(emitter: Emitter, arguments: Arguments, options: Options) -> Value:
    arguments = (*arguments, *([options.pop("weight")] if "weight" in options else []))
    _want(len(arguments) == 3 and not options)
    start, end, weight = arguments
    return emitter.emit("add", start, emitter.emit("mul", weight, emitter.emit("sub", end, start)))


def _added(name: str) -> Callable[[Emitter, Arguments, Options], Value]:
    def added(emitter: Emitter, arguments: Arguments, options: Options) -> Value:
        """torch.addcmul and torch.addcdiv: a + value * (b * c), a + value * (b / c)."""
        value = options.pop("value", 1)
        _want(len(arguments) == 3 and not options)
        term = emitter.emit(name, arguments[1], arguments[2])
        return emitter.emit("add", arguments[0], emitter.emit("mul", term, value))

    return added


def _reversed_difference(emitter: Emitter, arguments: Arguments, options: Options) -> Value:
    _want(len(arguments) == 2 and not options)
    return emitter.emit("sub", arguments[1], arguments[0])


def _extreme(name: str) -> Callable[[Emitter, Arguments, Options], Value]:
    def extreme(emitter: Emitter, arguments: Arguments, options: Options) -> Value:
        """torch.max(a, b) of two tensors is pointwise; of one it is a reduction."""
        arguments = (*arguments, *([options.pop("other")] if "other" in options else []))
        if (
            len(arguments) != 2
            or options
            or not all(isinstance(each, Tensor) for each in arguments)
        ):
            raise Refused("non_pointwise")
        return emitter.emit(name, *arguments)

    return extreme


def _prelu(emitter: Emitter, arguments: Arguments, options: Options) -> Value:
    arguments = (*arguments, *([options.pop("weight")] if "weight" in options else []))
    _want(len(arguments) == 2 and not options)
    x, slope = arguments
    return emitter.emit("where", emitter.compare("gt", x, 0.0), x, emitter.emit("mul", slope, x))


def _gelu(default: Value) -> Callable[[Emitter, Arguments, Options], Value]:
    names = {"none": "gelu", "tanh": "gelu_tanh", False: "gelu", True: "gelu_tanh"}

    def gelu(emitter: Emitter, arguments: Arguments, options: Options) -> Value:
        """PyTorch's approximate='none' or 'tanh', and JAX's True or False."""
        approximate = options.pop("approximate", arguments[1] if len(arguments) > 1 else default)
        _want(1 <= len(arguments) <= 2 and not options)
        if not isinstance(approximate, str | bool) or approximate not in names:
            raise Refused("signature")
        return emitter.emit(names[approximate], arguments[0])

    return gelu


_SPECIAL: Mapping[str, Callable[[Emitter, Arguments, Options], Value]] = MappingProxyType(
    {
        # nan_to_num changes nothing that is finite, and nothing else is admitted.
        **dict.fromkeys(("float", "clone", "contiguous", "identity", "nan_to_num"), _unchanged),
        **dict.fromkeys(("to", "type_as"), _moved),
        **dict.fromkeys(("tensor", "as_tensor", "scalar_tensor", "array", "asarray"), _literal),
        "zeros": _filled(0.0),
        "ones": _filled(1.0),
        "full": _filled(None),
        "zeros_like": _filled_like(0.0),
        "ones_like": _filled_like(1.0),
        "full_like": _filled_like(None),
        "clamp": _clamp("min", "max"),
        "clamp_min": _clamp("min", None),
        "clamp_max": _clamp(None, "max"),
        "where": _where,
        "masked_fill": _masked_fill,
        "lerp": _lerp,
        "addcmul": _added("mul"),
        "addcdiv": _added("div"),
        "rsub": _reversed_difference,
        "max": _extreme("maximum"),
        "min": _extreme("minimum"),
        "prelu": _prelu,
        "gelu": _gelu(default="none"),
        "jax_gelu": _gelu(default=True),
    }
)
