"""A quick and even machine for as long as nets are trained."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

_HINT_NUMBERS = 1 << 22


@contextmanager
def quick_arithmetic() -> Iterator[None]:
    """No autograd; numbers below 1e-38 count as zero; memory is kept from step to step.

    On denormal numbers a processor is ten times slower, and a saturated GELU's slope is full of
    them: without this, time would measure a candidate's tails instead of its cost. The setting
    belongs to the thread, and is put back.
    """
    before = _flushes_denormals()
    torch.set_flush_denormal(True)
    # glibc returns freed memory to the system at once, page by page, until it has seen one large
    # block come and go; this block is never touched, so it costs nothing.
    torch.empty(_HINT_NUMBERS)
    try:
        with torch.inference_mode():
            yield
    finally:
        torch.set_flush_denormal(before)


def _flushes_denormals() -> bool:
    return torch.full((1,), 1e-30).mul(1e-10).item() == 0.0
