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
FLATTEST = 1e-6  # standard deviation of f for |x| <= 3
MOST_JUMPS = 4
_STEP = 1e-5  # between the two points of a central difference

# The points in order: an even grid, points around zero, far points; all of them symmetric.
GRID: Row = np.linspace(-20, 20, 801)
_NEAR: Row = np.array([-1e-3, -1e-8, 1e-8, 1e-3])
FAR: Row = np.array([-1e3, -500, -100, -30, 30, 100, 500, 1e3])
POINTS: Row = np.concatenate([GRID, _NEAR, FAR])


def within(bound: float, every: int = 1) -> slice:
    """The places of the grid where |x| <= bound: all of them, or every second, third, ..."""
    places = np.flatnonzero(np.abs(GRID) <= bound)
    return slice(int(places[0]), int(places[-1]) + 1, every)


CORE, _INNER = within(5), within(3)
_WAY: Row = (GRID - GRID[0]) / (GRID[-1] - GRID[0])  # from 0 at the left end to 1 at the right
_SIDES: Row = np.concatenate([GRID[CORE] - _STEP, GRID[CORE] + _STEP])

_DOUBLE = torch.from_numpy(np.concatenate([POINTS, _SIDES]))
_SINGLE = torch.from_numpy(POINTS).to(torch.float32)
_HALF = _SINGLE.bfloat16()


@dataclass(frozen=True, eq=False, slots=True)
class Probe:
    """A function's values and slopes on the points, in float64.

    Attributes:
        values: f on GRID.
        slopes: f' on GRID.
        far: f on FAR.
        largest: the largest |f| on GRID.
        steepest: the largest |f'| on GRID.
        bfloat16: whether f is finite in bfloat16 as well; told, not asked for.
    """

    values: Row
    slopes: Row
    far: Row
    largest: float
    steepest: float
    bfloat16: bool


def probe(tape: Tape, parameters: tuple[Parameter, ...]) -> Probe:
    """Measures a tape whose outputs are f, f' and the slopes of the parameters.

    Raises:
        Refused: `nonfinite`, `grad_explodes`, `flat`, `no_gradient`, `affine` or `discontinuous`.
    """
    double = _measured(tape, parameters, _DOUBLE)
    single = _measured(tape, parameters, _SINGLE)
    _check_finite(double[:, : len(POINTS)], "float64")
    _check_finite(single, "float32")
    size = len(GRID)
    points, sides = double[0, : len(POINTS)], double[0, len(POINTS) :]
    found = Probe(
        values=points[:size],
        slopes=double[1, :size],
        far=points[-len(FAR) :],
        largest=float(np.abs(points[:size]).max()),
        steepest=float(np.abs(double[1, :size]).max()),
        bfloat16=_survives_bfloat16(tape, parameters),
    )
    _check_shape(found)
    _check_jumps(found, sides)
    return found


def _measured(tape: Tape, parameters: tuple[Parameter, ...], x: torch.Tensor) -> Row:
    """Every output of the tape on every point: [outputs, points]."""
    outputs: Row = torch.stack(tape.run(x, _initial(parameters, x))).numpy()
    return outputs


def _initial(parameters: tuple[Parameter, ...], x: torch.Tensor) -> list[torch.Tensor]:
    return [x.new_tensor(each.initial) for each in parameters]


def _survives_bfloat16(tape: Tape, parameters: tuple[Parameter, ...]) -> bool:
    values = tape.value(_HALF, _initial(parameters, _HALF)).float()  # which NumPy can hold
    return bool(np.isfinite(values.numpy()).all())


def _check_finite(outputs: Row, precision: str) -> None:
    finite = np.isfinite(outputs)
    if finite.all():
        return
    row, column = np.argwhere(~finite)[0]
    what = "the value" if row == 0 else "the slope" if row == 1 else "the slope of a parameter"
    where = f"{what} is not finite at x = {POINTS[column]:g} in {precision}; "
    raise Refused("nonfinite", where + Refused("nonfinite").refusal.hint)


def _check_shape(probe: Probe) -> None:
    values, slopes = probe.values, probe.slopes
    if probe.steepest > STEEPEST and np.abs(slopes[CORE]).max() > STEEPEST:
        raise Refused("grad_explodes")
    inner = values[_INNER] - values[_INNER].mean()
    if inner @ inner < FLATTEST**2 * len(inner):
        raise Refused("flat")
    if np.count_nonzero(np.abs(slopes[_INNER]) > 1e-8) < 0.02 * len(inner):
        raise Refused("no_gradient")
    line = values[0] + (values[-1] - values[0]) * _WAY
    if np.abs(values - line).max() < 1e-9 * (1 + probe.largest):
        raise Refused("affine")


def _check_jumps(probe: Probe, sides: Row) -> None:
    """A kink keeps the central difference between the slopes of its sides; a jump does not."""
    left, right = sides.reshape(2, -1)
    steep = 2 * _STEP * (1 + probe.steepest)  # the rise from left to right at the steepest
    if np.count_nonzero(np.abs(right - left) > 10 * steep) > MOST_JUMPS:
        raise Refused("discontinuous")
