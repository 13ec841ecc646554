"""The checks of a function's numbers: finite values and slopes, and a shape worth training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import torch

from sandbox.graph import Parameter
from sandbox.refusal import Refused
from sandbox.tape import Tape

Row: TypeAlias = npt.NDArray[np.float64]

STEEPEST = 1e3  # of |f'| for |x| <= 5
MOST_JUMPS = 4
_STEP = 1e-5  # between the two points of a central difference

# The points in order: an even grid, points around zero, far points; all of them symmetric.
GRID: Row = np.linspace(-20, 20, 801)
_NEAR: Row = np.array([-1e-3, -1e-8, 1e-8, 1e-3])
FAR: Row = np.array([-1e3, -500, -100, -30, 30, 100, 500, 1e3])
POINTS: Row = np.concatenate([GRID, _NEAR, FAR])
CORE = np.abs(GRID) <= 5
_INNER = np.abs(GRID) <= 3
_SIDES: Row = np.concatenate([GRID[CORE] - _STEP, GRID[CORE] + _STEP])

_DOUBLE = torch.from_numpy(np.concatenate([POINTS, _SIDES]))
_SINGLE = torch.from_numpy(POINTS).to(torch.float32)


@dataclass(frozen=True, eq=False, slots=True)
class Probe:
    """A function's values and slopes on the points, in float64.

    Attributes:
        values: f on GRID.
        slopes: f' on GRID.
        far: f on FAR.
        bfloat16: whether f is finite in bfloat16 as well; told, not asked for.
    """

    values: Row
    slopes: Row
    far: Row
    bfloat16: bool


def probe(tape: Tape, parameters: tuple[Parameter, ...]) -> Probe:
    """Measures a tape whose outputs are f, f' and the slopes of the parameters.

    Raises:
        Refused: `nonfinite`, `grad_explodes`, `flat`, `no_gradient`, `affine` or `discontinuous`.
    """
    double = _measured(tape, parameters, _DOUBLE)
    single = _measured(tape, parameters, _SINGLE)
    for outputs, precision in ((double[:, : len(POINTS)], "float64"), (single, "float32")):
        _check_finite(outputs.numpy(), precision)
    values, slopes = double[0].numpy(), double[1].numpy()
    size = len(GRID)
    sides = values[len(POINTS) :]
    _check_shape(values[:size], slopes[:size])
    _check_jumps(slopes[:size], sides)
    far = values[size + len(_NEAR) : len(POINTS)]
    return Probe(values[:size], slopes[:size], far, _survives_bfloat16(tape, parameters))


def _measured(tape: Tape, parameters: tuple[Parameter, ...], x: torch.Tensor) -> torch.Tensor:
    """Every output of the tape on every point: [outputs, points]."""
    return torch.stack(tape.run(x, [x.new_tensor(each.initial) for each in parameters]))


def _survives_bfloat16(tape: Tape, parameters: tuple[Parameter, ...]) -> bool:
    values = tape.run(_SINGLE.bfloat16(), [torch.tensor(p.initial).bfloat16() for p in parameters])
    return bool(torch.isfinite(values[0]).all())


def _check_finite(outputs: Row, precision: str) -> None:
    finite = np.isfinite(outputs)
    if finite.all():
        return
    row, column = np.argwhere(~finite)[0]
    what = "the value" if row == 0 else "the slope" if row == 1 else "the slope of a parameter"
    where = f"{what} is not finite at x = {POINTS[column]:g} in {precision}; "
    raise Refused("nonfinite", where + Refused("nonfinite").refusal.hint)


def _check_shape(values: Row, slopes: Row) -> None:
    steepest = np.abs(slopes[CORE]).max()
    if steepest > STEEPEST:
        raise Refused("grad_explodes")
    if values[_INNER].std() < 1e-6:
        raise Refused("flat")
    if (np.abs(slopes[_INNER]) > 1e-8).mean() < 0.02:
        raise Refused("no_gradient")
    line = np.interp(GRID, GRID[[0, -1]], values[[0, -1]])
    if np.abs(values - line).max() < 1e-9 * (1 + np.abs(values).max()):
        raise Refused("affine")


def _check_jumps(slopes: Row, sides: Row) -> None:
    """A kink keeps the central difference between the slopes of its sides; a jump does not."""
    left, right = np.split(sides, 2)
    difference = np.abs(right - left) / (2 * _STEP)
    if (difference > 10 * (1 + np.abs(slopes).max())).sum() > MOST_JUMPS:
        raise Refused("discontinuous")
