"""Proof of a written file: imported in a fresh process, its values and slopes beside the graph's.

`python -m evolve.export.proof FORM FILE...` reads points from its input as JSON and answers f and
df/dx there, a line a file. The files need nothing of ours; only this checking of them does.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from evolve.errors import EvolveError
from sandbox import Graph
from sandbox.arrays import outputs
from sandbox.differentiation import differentiate

TOLERANCES: Mapping[str, float] = MappingProxyType(
    {"torch": 1e-12, "numpy": 1e-12, "jax": 1e-9, "keras": 1e-6, "onnx": 1e-6, "sympy": 1e-9}
)
"""The largest difference allowed, relative above 1, in values and slopes."""

POINTS = np.concatenate([np.linspace(-6.03, 6.01, 87), [-1.0, -0.5, 0.0, 0.5, 1.0]])
SMOOTH = POINTS[:87]
"""Without the points where pieces meet: SymPy's Heaviside is 1/2 there, autograd's is not."""

_SECONDS = 120.0
Row: TypeAlias = npt.NDArray[np.float64]
_PROVEN = Callable[[Path, list[float]], tuple[Any, Any]]


def prove(form: str, path: Path, graph: Graph) -> float:
    """The largest difference between a file and the graph, in values and slopes.

    Raises:
        EvolveError: it is above what the form allows, or the file cannot be run here.
    """
    (worst,) = differences(form, {path: graph})
    if not worst <= TOLERANCES[form]:
        raise EvolveError(
            f"{form}: the file differs from the function by {worst:.2g}, more than "
            f"{TOLERANCES[form]:g}; it was not written. `--to torch` is the surest form"
        )
    return worst


def differences(form: str, graphs: Mapping[Path, Graph]) -> list[float]:
    """The same of many files, in one fresh process for all.

    Raises:
        EvolveError: a file cannot be run here.
    """
    points = SMOOTH if form == "sympy" else POINTS
    points = points.astype(np.float32).astype(np.float64)  # the same numbers for every library
    answers = _answers(form, list(graphs), points)
    found = []
    for (value, slope), graph in zip(answers, graphs.values(), strict=True):
        right = _trained if form == "torch" else _computed
        values, slopes = right(graph, points)
        found.append(max(_apart(value, values), _apart(slope, slopes)))
    return found


def _computed(graph: Graph, points: Row) -> tuple[Row, Row]:
    value, slope, *_ = outputs(differentiate(graph), points)
    return value, slope


def _trained(graph: Graph, points: Row) -> tuple[Row, Row]:
    """What torch makes of the graph, whose own rounding is not always float64's."""
    import torch

    from sandbox.tensors import run

    x = torch.tensor(points, dtype=torch.float64, requires_grad=True)
    value = run(graph, x)[0]
    (slope,) = torch.autograd.grad(value.sum(), x)
    return value.detach().numpy(), slope.numpy()


def _apart(found: Any, right: npt.NDArray[Any]) -> float:
    answer, wanted = np.asarray(found, dtype=np.float64), right.astype(np.float64)
    if answer.shape != wanted.shape or not np.array_equal(np.isfinite(answer), np.isfinite(wanted)):
        return float("inf")
    seen = np.isfinite(wanted)
    apart = np.abs(answer - wanted)[seen] / np.maximum(1.0, np.abs(wanted[seen]))
    return float(apart.max(initial=0.0))


def _answers(form: str, paths: Sequence[Path], points: Row) -> list[tuple[Any, Any]]:
    files = [str(path.resolve()) for path in paths]
    words = [sys.executable, "-m", "evolve.export.proof", form, *files]
    quiet = {"JAX_ENABLE_X64": "1", "JAX_PLATFORMS": "cpu", "KERAS_BACKEND": "torch"}
    try:
        told = subprocess.run(  # noqa: S603  (our own interpreter, on files of our own)
            words, input=json.dumps(points.tolist()), env={**os.environ, **quiet},
            capture_output=True, text=True, timeout=_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise EvolveError(f"{form}: checking took over {_SECONDS:g} s; nothing written") from None
    if told.returncode:
        last = (told.stderr.strip().splitlines() or ["no word"])[-1]
        raise EvolveError(
            f"{form}: the file could not be checked here ({last[:200]}), so it was not written; "
            "pip install 'activolve[export]' has what checking needs"
        )
    return [json.loads(line) for line in told.stdout.strip().splitlines()[-len(paths) :]]


def _module(path: Path) -> Any:
    specification = importlib.util.spec_from_file_location("exported", path)
    assert specification is not None  # noqa: S101  (the path ends in .py)
    assert specification.loader is not None  # noqa: S101
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def _torch(path: Path, points: list[float]) -> tuple[Any, Any]:
    import torch

    torch.set_default_dtype(torch.float64)
    x = torch.tensor(points, requires_grad=True)
    value = _module(path).Activation()(x)
    (slope,) = torch.autograd.grad(value.sum(), x, allow_unused=True)
    return value.tolist(), (torch.zeros_like(x) if slope is None else slope).tolist()


def _numpy(path: Path, points: list[float]) -> tuple[Any, Any]:
    x, module = np.array(points), _module(path)
    with np.errstate(all="ignore"):
        return module.activation(x).tolist(), module.slopes(x)[1].tolist()


def _jax(path: Path, points: list[float]) -> tuple[Any, Any]:
    import jax

    module = _module(path)
    x = jax.numpy.array(points)
    slope = jax.grad(lambda x: module.activation(x).sum())(x)
    return module.activation(x).tolist(), slope.tolist()


def _keras(path: Path, points: list[float]) -> tuple[Any, Any]:
    import keras
    import torch

    keras.config.set_floatx("float64")
    layer = _module(path).Activation()
    x = torch.tensor(points, dtype=torch.float64, requires_grad=True)
    value = layer(x)
    (slope,) = torch.autograd.grad(value.sum(), x)
    return value.detach().tolist(), slope.tolist()


def _onnx(path: Path, points: list[float]) -> tuple[Any, Any]:
    import onnxruntime

    session = onnxruntime.InferenceSession(path.read_bytes(), providers=["CPUExecutionProvider"])
    value, slope = session.run(["y", "slope"], {"x": np.array(points, dtype=np.float32)})
    return value.tolist(), slope.tolist()


_JUMPS = {"DiracDelta": np.zeros_like}  # where SymPy has a jump's slope, autograd has none


def _sympy(path: Path, points: list[float]) -> tuple[Any, Any]:
    import sympy as sp  # type: ignore[import-untyped]

    module = _module(path)
    symbols = module.SYMBOLS
    known = module.expression.subs({symbols[n]: v for n, v in module.PARAMETERS.items()})
    both = []
    for expression in (known, sp.diff(known, symbols["x"])):
        function = sp.lambdify(symbols["x"], expression, [_JUMPS, "scipy", "numpy"])
        with np.errstate(all="ignore"):
            both.append(np.broadcast_to(function(np.array(points)), len(points)).tolist())
    return both[0], both[1]


PROOFS: Mapping[str, _PROVEN] = MappingProxyType(
    {"torch": _torch, "numpy": _numpy, "jax": _jax, "keras": _keras, "onnx": _onnx, "sympy": _sympy}
)

if __name__ == "__main__":
    grid = json.load(sys.stdin)
    for file in sys.argv[2:]:
        print(json.dumps(PROOFS[sys.argv[1]](Path(file), grid)))  # noqa: T201
