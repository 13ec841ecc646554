"""Fingerprints: hashes of behaviour, which know different texts for the same function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import blake2b

import numpy as np
import torch

from sandbox.graph import Parameter
from sandbox.probe import GRID, Row
from sandbox.tape import Tape

SEEN = np.flatnonzero(np.abs(GRID) <= 8)[::2]  # the places of the grid that a hash reads
_X = torch.from_numpy(GRID[SEEN])
_FINE, _COARSE = 17, 14  # bits of the mantissa that count: about five and four digits
_NEGLIGIBLE = 1e-9


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
        seen.append(tape.run(_X, moved)[0].numpy())
    return digest(np.concatenate(seen))


def affine_class(values: Row) -> str:
    """One hash for f and all a f(x) + b and a f(-x) + b, at the initial parameters.

    The linear layers around an activation can absorb these changes, so that members of a class
    are near-duplicates; they still differ in where training starts.
    """
    standard = (values - values.mean()) / values.std()
    variants: tuple[Callable[[Row], Row], ...] = (
        lambda v: v, lambda v: -v, lambda v: v[::-1], lambda v: -v[::-1],
    )  # fmt: skip
    return min(digest(variant(standard), _COARSE) for variant in variants)


def digest(values: Row, bits: int = _FINE) -> str:
    """Hash of numbers, rounded to so many bits of their mantissa, as 16 hex digits."""
    values = np.where(np.abs(values) < _NEGLIGIBLE, 0.0, values)
    mantissa, exponent = np.frexp(values)
    # Put together again, so that 0.999... and 1.0 round to one and the same number; + 0.0 for -0.0.
    rounded = np.ldexp(np.round(np.ldexp(mantissa, bits)), exponent - bits) + 0.0
    return blake2b(np.ascontiguousarray(rounded).tobytes(), digest_size=8).hexdigest()
