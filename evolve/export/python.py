"""Python files: a module of torch, functions of NumPy and JAX, a layer of Keras, SymPy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evolve.export.naming import attribute
from evolve.export.origin import Origin
from evolve.export.plain import plain
from evolve.export.spelling import JAX, KERAS, NUMPY, Dialect, lines
from sandbox import Graph, canonical_source
from sandbox.differentiation import differentiate


def torch(origin: Origin) -> str:
    """A file with a function and an `nn.Module` of it; it needs torch and nothing else."""
    source = canonical_source(origin.graph)
    imports, _, function = source.partition("\n\n")
    initial = {attribute(each.name): each.initial for each in origin.graph.parameters}
    arguments = "".join(f", {name}={value!r}" for name, value in initial.items())
    kept = "".join(
        f"        self.{name} = torch.nn.Parameter(torch.as_tensor(1.0 * {name}))\n"
        for name in initial
    )
    handed = "".join(f", self.{name}" for name in initial)
    return (
        f"{_docstring(origin, _TORCH)}\n{imports.strip()}\n\n{_gain(origin)}"
        f"\n\n{function.strip()}\n\n\n"
        'class Activation(torch.nn.Module):\n    """The function with its trainable scalars."""\n\n'
        f"    def __init__(self{arguments}):\n        super().__init__()\n{kept}\n"
        f"    def forward(self, x):\n        return activation(x{handed})\n"
    )


def numpy(origin: Origin) -> str:
    """A file with the function and its slopes; it needs NumPy, and SciPy where NumPy lacks it."""
    value, both = plain(origin.graph), plain(differentiate(origin.graph))
    body = _function("activation", value, origin.graph, NUMPY, "f(x), elementwise.")
    slopes = _function(
        "slopes", both, origin.graph, NUMPY, "(f, df/dx, df/dp for every parameter p)."
    )
    return _numeric(origin, _NUMPY, "import numpy as np", "scipy", f"{body}\n\n{slopes}")


def jax(origin: Origin) -> str:
    """A file with a pure function, to be differentiated, compiled and mapped by JAX."""
    body = _function("activation", plain(origin.graph), origin.graph, JAX, "f(x), elementwise.")
    initial = ", ".join(f"{each.name!r}: {each.initial!r}" for each in origin.graph.parameters)
    return _numeric(
        origin,
        _JAX,
        "import jax.numpy as jnp",
        "jax.scipy",
        f"PARAMETERS = {{{initial}}}\n\n{body}",
    )


def keras(origin: Origin) -> str:
    """A file with a layer for Keras 3, on any of its back-ends."""
    body = _function("activation", plain(origin.graph), origin.graph, KERAS, "f(x), elementwise.")
    initial = {each.name: each.initial for each in origin.graph.parameters}
    weights = "".join(
        f"            self.add_weight(shape=(), name={name!r}, "
        f"initializer=keras.initializers.Constant({value!r})),\n"
        for name, value in initial.items()
    )
    scalars = f"[\n{weights}        ]" if weights else "[]"
    layer = (
        f'@keras.saving.register_keras_serializable("activolve_{origin.id}")\n'
        'class Activation(keras.layers.Layer):\n    """The function, its scalars trainable."""\n\n'
        "    def __init__(self, **options):\n        super().__init__(**options)\n"
        f"        self.scalars = {scalars}\n\n"
        "    def call(self, x):\n        return activation(x, *self.scalars)\n\n"
        "    def compute_output_shape(self, shape):\n        return shape\n"
    )
    head = f"{_docstring(origin, _KERAS)}\nimport keras\nfrom keras import ops\n\n{_gain(origin)}"
    return f"{head}\n\n{body}\n\n{layer}"


def sympy(origin: Origin) -> str:
    """A file with the function as an expression in real symbols."""
    from sandbox.symbolic import to_sympy

    names = ["x", *(each.name for each in origin.graph.parameters)]
    symbols = "".join(f"    {each!r}: sp.Symbol({each!r}, real=True),\n" for each in names)
    initial = ", ".join(f"{each.name!r}: {each.initial!r}" for each in origin.graph.parameters)
    text = str(to_sympy(origin.graph))
    return (
        f"{_docstring(origin, _SYMPY)}\nimport sympy as sp\n\nSYMBOLS = {{\n{symbols}}}\n"
        f"PARAMETERS = {{{initial}}}\n\n"
        f"expression = sp.sympify(\n    {text!r},\n    locals=SYMBOLS,\n)\n"
    )


def _function(name: str, graph: Graph, original: Graph, dialect: Dialect, says: str) -> str:
    """A definition with the original's parameters, though the graph may have lost some."""
    renamed = _renamed(graph)
    arguments = ", ".join(
        ["x", *(f"{attribute(each.name)}={each.initial!r}" for each in original.parameters)]
    )
    body, outputs = lines(renamed, dialect)
    gives = ", ".join(_spread(each, dialect) for each in outputs)
    given = gives if len(outputs) == 1 else f"({gives})"
    written = "".join(f"    {line}\n" for line in body)
    return f'def {name}({arguments}):\n    """{says}"""\n{written}    return {given}\n'


def _renamed(graph: Graph) -> Graph:
    fresh = tuple(replace(each, name=attribute(each.name)) for each in graph.parameters)
    return replace(graph, parameters=fresh)


def _spread(value: str, dialect: Dialect) -> str:
    """A value of x's own shape and type, be it constant."""
    if dialect is NUMPY:
        return f"np.broadcast_to(np.asarray({value}, x.dtype), x.shape)"
    return f"{value} + 0.0 * x" if _is_number(value) else value


def _is_number(text: str) -> bool:
    return text[0] in "(0123456789"


def _numeric(origin: Origin, use: str, library: str, special: str, body: str) -> str:
    more = f"\nfrom {special} import special" if "special." in body else ""
    return f"{_docstring(origin, use)}\n{library}{more}\n\n{_gain(origin)}\n\n{body}"


def _gain(origin: Origin) -> str:
    return f"GAIN = {origin.gain!r}  # multiply the standard deviation of initial weights by it\n"


def _docstring(origin: Origin, use: str) -> str:
    told: Sequence[str] = origin.told()
    title = "An activation function that activolve found."
    return "\n".join([f'"""{title}', "", *told, "", use, '"""', ""])


_TORCH = """    from FILE import GAIN, Activation

    net = torch.nn.Sequential(torch.nn.Linear(8, 32), Activation(), torch.nn.Linear(32, 1))"""
_NUMPY = (
    """    activation(x) gives f(x), slopes(x) gives f, df/dx and the slopes of the parameters."""
)
_JAX = """    jax.nn.initializers.variance_scaling(GAIN**2, "fan_in", "normal") suits it."""
_KERAS = """    keras.Sequential([keras.layers.Dense(32), Activation(), keras.layers.Dense(1)])"""
_SYMPY = """    sp.diff(expression, SYMBOLS["x"]) is its slope."""
