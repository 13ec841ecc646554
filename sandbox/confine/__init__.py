"""Confinement: trusted functions run on untrusted bytes, in forked children under lock.

It knows nothing of activations: a function goes down by its name, bounded bytes come up.
"""

from sandbox.confine.values import (
    Isolation,
    Level,
    Limits,
    Outcome,
    Report,
    ZygoteDied,
)
from sandbox.confine.zygote import Zygote, self_test

__all__ = [
    "Isolation",
    "Level",
    "Limits",
    "Outcome",
    "Report",
    "Zygote",
    "ZygoteDied",
    "self_test",
]
