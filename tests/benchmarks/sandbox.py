"""What the sandbox costs: `python -m tests.benchmarks.sandbox`; a line a figure, beside its aim."""

from __future__ import annotations

import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from scipy.stats import spearmanr

import sandbox
from sandbox.admission import warm_up as warm_up_admission
from sandbox.confine import Limits, Outcome, Zygote
from sandbox.graph import Graph
from sandbox.tensors import run

MODULE = "tests.benchmarks.sandbox"
BENIGN = sorted((Path(__file__).parents[1] / "corpus" / "benign").glob("*.py"))
SWISH = "import torch\ndef activation(x, beta=1.0): return x * torch.sigmoid(beta * x)"
FORKS, FRESH, ELEMENTS = 2_000, 3, 100_000
CALLS = 100  # of each program: with 7, a busy neighbour moved the ranks from 0.8 to 0.6


def warm_up() -> None:
    """Admits once, so that a locked child finds everything loaded."""
    warm_up_admission()


def work(_message: bytes) -> bytes:
    """The job that is timed: a program is admitted; answers how many bytes of pages it took."""
    assert isinstance(sandbox.admit(SWISH), sandbox.Admission)
    pages = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    return str(pages * resource.getpagesize()).encode()


def rest(_message: bytes) -> bytes:
    """Nothing at all."""
    return b""


def milliseconds(call: Callable[[], object]) -> float:
    """Wall time of one call."""
    started = time.perf_counter()
    call()
    return 1e3 * (time.perf_counter() - started)


def best(call: Callable[[], object]) -> float:
    """The shortest of many calls, after one that warms up: what noise cannot lengthen."""
    call()
    return min(milliseconds(call) for _ in range(CALLS))


def say(what: str, found: str, aim: str) -> None:
    """One line of the report."""
    print(f"{what:<52}{found:>16}   {aim}", flush=True)


def admission() -> None:
    """Time to admit each benign program."""
    warm_up()
    sources = [path.read_text("utf-8") for path in BENIGN]
    times = [best(lambda: sandbox.admit(source)) for source in sources]  # noqa: B023
    say("admission, ms a program, median", f"{statistics.median(times):.2f}", "at most 1")


def confinement() -> None:
    """Forks, beside fresh processes that import torch and do the same."""
    with Zygote([MODULE]) as zygote:
        say("isolation", str(zygote.isolation.level), "full on Linux 5.13 or newer")
        resting, hangs = [], 0
        for _ in range(FORKS):
            report = zygote.run(f"{MODULE}:rest", b"", Limits(seconds=5))
            hangs += report.outcome is not Outcome.DONE
            resting.append(1e3 * (report.seconds + report.overhead))
        reports = [zygote.run(f"{MODULE}:work", b"") for _ in range(50)]
        another = milliseconds(lambda: Zygote([MODULE]).close())
    working = [1e3 * (each.seconds + each.overhead) for each in reports]
    code = f"import {MODULE} as benchmark; benchmark.work(b'')"
    command = [sys.executable, "-c", code]
    fresh = [milliseconds(lambda: subprocess.run(command, check=True)) for _ in range(FRESH)]  # noqa: S603
    ratio = statistics.median(fresh) / statistics.median(working)
    resting.sort()
    say("fork, lock, run, reap, ms, median", f"{statistics.median(resting):.1f}", "at most 10")
    say("the same, 99th percentile", f"{resting[int(0.99 * FORKS)]:.1f}", "")
    say("private memory of a working child, MB", f"{private(reports[-1].answer):.1f}", "at most 10")
    say(f"hangs in {FORKS} forks", str(hangs), "0")
    say("one zygote more, begun and ended, ms", f"{another:.0f}", "")
    say("the work in a child, ms, median", f"{statistics.median(working):.1f}", "")
    say("the work in a fresh process, ms, median", f"{statistics.median(fresh):.0f}", "")
    say("how many times slower", f"{ratio:.0f}", "at least 100")


def private(answer: bytes) -> float:
    """Megabytes of pages that a child touched, all of which may be its own by then."""
    return int(answer) / 2**20


def prices() -> None:
    """Static cost against measured time of the benign programs, forward."""
    torch.set_num_threads(1)
    x = torch.randn(ELEMENTS)
    graphs = [sandbox.parse(path.read_text("utf-8")) for path in BENIGN]
    found = [graph for graph in graphs if isinstance(graph, Graph)]
    costs = [sandbox.cost.price(graph) for graph in found]
    eager = [best(lambda: run(graph, x)) for graph in found]  # noqa: B023
    counted = rank([cost.operations for cost in costs], eager)
    say("operations against eager time, Spearman", f"{counted:.2f}", "0.68 in the prototype")
    say("FLOPs against eager time, Spearman", f"{rank([c.flops for c in costs], eager):.2f}", "")
    if shutil.which("g++") is None:
        say("FLOPs against fused time, Spearman", "skipped", "no C++ compiler to fuse with")
        return
    fused = [fused_time(graph, x) for graph in found]
    weighted = rank([cost.flops for cost in costs], fused)
    say("FLOPs against fused time, Spearman", f"{weighted:.2f}", "0.77 in the prototype")


def fused_time(graph: Graph, x: torch.Tensor) -> float:
    """Time of the graph as torch.compile fuses it into one loop."""
    torch.compiler.reset()  # it would take the graphs for one function that varies too much
    compiled = torch.compile(lambda x: run(graph, x)[0], dynamic=False)
    return best(lambda: compiled(x))


def rank(static: list[int], measured: list[float]) -> float:
    """Spearman's rank correlation."""
    return float(spearmanr(static, measured).statistic)


if __name__ == "__main__":
    admission()
    confinement()
    prices()
