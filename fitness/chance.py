"""Random streams by name: who asks for the same thing gets the same numbers, in any order."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np


def stream(*names: str | int) -> np.random.Generator:
    """The stream that belongs to these names, e.g. `stream("points", "mul2", 0, 3)`."""
    key = "\0".join(map(str, names)).encode()
    return np.random.default_rng(int.from_bytes(blake2b(key, digest_size=16).digest(), "little"))
