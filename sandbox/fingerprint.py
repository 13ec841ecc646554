"""Fingerprints: hashes of behaviour, which know different texts for the same function."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
import torch

from sandbox.graph import Parameter
from sandbox.probe import GRID, Row, within
from sandbox.tape import Tape

SEEN = within(8, every=2)  # the places of the grid that a hash reads
_X = torch.from_numpy(GRID[SEEN])
_FINE, _COARSE = 17, 14  # bits of the mantissa that count: about five and four digits
_NEGLIGIBLE = 1e-9
_FEW = 16  # values that tell how alike two functions are


def fingerprint(values: Row, tape: Tape, parameters: Sequence[Parameter]) -> str:
    """Hash of the values at SEEN, at the initial parameters and at two other settings.

    Two programs with one fingerprint are the same function to about five digits. The other
    settings tell a trainable scalar from the constant that it starts from.
    """
    seen = [values]
    for shift in (0.37, -0.23) if parameters else ():
        moved = [
            _X.new_tensor(each.initial + shift * (1 + 0.31 * index))
            for index, each in enumerate(parameters)
        ]
        seen.append(tape.value(_X, moved).numpy())
    return digest(np.concatenate(seen))


def affine_class(values: Row) -> str:
    """One hash for f and all a f(x) + b and a f(-x) + b, at the initial parameters.

    The linear layers around an activation can absorb these changes, so that members of a class
    are near-duplicates; they still differ in where training starts.
    """
    rounded = _rounded(_standardised(values), _COARSE)
    mirrored = rounded[::-1]
    return min(map(_hash, (rounded, 0.0 - rounded, mirrored, 0.0 - mirrored)))


def behaviour(values: Row) -> tuple[float, ...]:
    """A few of the values, evenly spread, centred and scaled: what tells how alike two are."""
    places = np.linspace(0, len(values) - 1, _FEW).round().astype(int)
    return tuple(_standardised(values)[places].round(4).tolist())


def digest(values: Row, bits: int = _FINE) -> str:
    """Hash of numbers, rounded to so many bits of their mantissa, as 16 hex digits."""
    return _hash(_rounded(values, bits))


def _standardised(values: Row) -> Row:
    centred = values - values.mean()
    scaled: Row = centred / np.sqrt(centred @ centred / len(centred))
    return scaled


def _rounded(values: Row, bits: int) -> Row:
    """The numbers to so many bits; rounding -v gives -(v rounded), and 0.0 is never -0.0."""
    values = np.where(np.abs(values) < _NEGLIGIBLE, 0.0, values)
    mantissa, exponent = np.frexp(values)
    # Put together again, so that 0.999... and 1.0 round to one and the same number; + 0.0 for -0.0.
    rounded: Row = np.ldexp(np.rint(np.ldexp(mantissa, bits)), exponent - bits) + 0.0
    return rounded


def _hash(rounded: Row) -> str:
    return blake2b(np.ascontiguousarray(rounded).tobytes(), digest_size=8).hexdigest()
