"""A population without networks, for benchmarks: programs, figures and calls are made up.

Parents come from the real database, so that niches, lineages and duplicates are as in a real run.
"""

from __future__ import annotations

import hashlib
import json
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np

from evolve.records import (
    Admission,
    Call,
    Evaluation,
    Failure,
    Message,
    Program,
    Proposal,
    Selection,
)

TASKS = ("absmax3", "poly3_2", "trend1", "mul2", "eqldiv2", "step1", "sph32", "feyn29")
SHIFTS = ("none", "shell")
_PROMPT = "Here are two functions and how they did. Write a third one that does better.\n" * 30
_GRAPH = '{"nodes": [' + ", ".join(['{"op": "tanh", "inputs": [0]}'] * 12) + "]}"


def proposal(selection: Selection, rng: np.random.Generator) -> Proposal:
    """A program named by chance; every tenth has a function that many others have, too."""
    number = int(rng.integers(10**4 if rng.random() < 0.1 else 10**15))
    source = f"def activation(x, a=1.0):\n    return x * torch.sigmoid(a * x) + {number}\n"
    parents = tuple(parent.program.id for parent in selection.parents)
    return Proposal(source, parents=parents, calls=(call(number),) if number % 2 else ())


def call(number: int) -> Call:
    """A call of a usual length."""
    asked = (Message("system", "You vary activation functions."), Message("user", _PROMPT))
    return Call("simulated", asked, number % 2**31, "def activation(x): ...\n" * 8, 900, 1e-4, 10.0)


def admit(source: str) -> tuple[Program, Admission]:
    """Measurements that follow from the text's hash alone."""
    digest = hashlib.sha256(source.partition("return")[2].encode()).digest()
    name = digest.hex()
    traits = {
        "even": 0.0, "odd": 0.0, "monotone": 0.0, "bounded": 0.0, "zero_at_zero": 1.0,
        "lipschitz": 1.1, "second_moment": 0.4, "gain": 1.6, "bfloat16": 1.0,
        "curvature_sign_changes": float(digest[0] % 9), "left_slope": 0.0,
        "right_slope": digest[1] / 32,
    }  # fmt: skip
    admission = Admission(
        canonical=source * 3,
        graph=f"{_GRAPH}{source.partition('+')[2]}",
        fingerprint=name[:16],
        flops=float(digest[2] % 100),
        transcendentals=2,
        parameters=1,
        traits=traits,
        affine_class=name[16:32],
        behaviour=tuple(round((byte - 128) / 64, 4) for byte in digest[:16]),
    )
    return Program(name[:12], source), admission


@cache
def figures(number: int) -> Evaluation:
    """One of the few hundred measurements that all programs share: drawing more takes long."""
    rng = np.random.default_rng(number)
    fitness = float(rng.normal(-0.1, 0.1))
    keys = [f"{task}/{shift}" for task in TASKS for shift in SHIFTS]
    gains = rng.normal(fitness, 0.1, len(keys)).round(6).tolist()
    errors = rng.lognormal(-2, 1, (len(keys), 4, 3)).round(6).tolist()
    return Evaluation(
        fitness=fitness,
        interval=(fitness - 0.1, fitness + 0.1),
        gains=dict(zip(keys, gains, strict=True)),
        scores=dict(zip(keys, gains, strict=True)),
        failed=0.0,
        narrow=False,
        seeds=4,
        seconds=1.0,
        losses=json.dumps(dict(zip(keys, errors, strict=True))),
    )


def evaluation(admission: Admission, round: int = 0) -> Evaluation:  # noqa: A002
    """Figures by chance, the same each time for one function and round."""
    number = int(admission.fingerprint, 16)
    like = figures((number + round) % 256)
    fitness = like.fitness + (number % 10**6) / 10**8  # no two are equal
    return replace(like, fitness=fitness, round=round, seeds=8 if round else 4)


@dataclass
class Instant:
    """An evaluator that is done as soon as it is asked."""

    workers: int = 1
    measured: list[str] = field(default_factory=list)

    def submit(
        self,
        admission: Admission,
        round: int,  # noqa: A002
        rung: int | None = None,
    ) -> Future[Evaluation | Failure]:
        """Figures at once."""
        done: Future[Evaluation | Failure] = Future()
        done.set_result(evaluation(admission, round))
        return done

    def close(self) -> None:
        """Nothing was started."""


class Proposing:
    """An operator that writes a line of code by chance."""

    def propose(self, selection: Selection, rng: np.random.Generator) -> Proposal:
        """A program that most likely nobody proposed before."""
        return proposal(selection, rng)
