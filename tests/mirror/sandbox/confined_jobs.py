"""Jobs for the tests of confinement: some honest, some as hostile as Python allows."""

import os
import signal
import time

import torch

from sandbox.confine.frames import pack_answer
from sandbox.confine.lock import ANSWER
from sandbox.confine.values import Outcome


def warm_up() -> None:
    train(b"")


def echo(message: bytes) -> bytes:
    return message


def train(_message: bytes) -> bytes:
    """A little regression by hand: matrices, slopes and a random generator."""
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(256, 4, generator=generator)
    weights = [torch.randn(4, 64, generator=generator), torch.randn(64, 1, generator=generator)]
    for weight in weights:
        weight.requires_grad_()
    for _ in range(20):
        loss = (torch.tanh(x @ weights[0]) @ weights[1] - x[:, :1]).square().mean()
        for weight, slope in zip(weights, torch.autograd.grad(loss, weights), strict=True):
            weight.data -= 0.01 * slope
    return f"{float(loss.detach()):.4f}".encode()


def run_raw(message: bytes) -> bytes:
    """Executes a candidate as it is, which nothing else in the project ever does."""
    names: dict[str, object] = {}
    exec(compile(message.decode("utf-8", "replace"), "candidate", "exec"), names)  # noqa: S102
    entry = names.get("activation") or names["Activation"]
    function = entry() if isinstance(entry, type) else entry
    assert callable(function)
    x = torch.linspace(-3, 3, 64, requires_grad=True)
    value = function(x)
    value.sum().backward()
    return b"ran"


def spin(_message: bytes) -> bytes:
    while True:
        pass


def wait(_message: bytes) -> bytes:
    time.sleep(3600)
    return b""


def hoard(_message: bytes) -> bytes:
    return bytes(2**34)


def hoard_tensors(_message: bytes) -> bytes:
    return bytes(torch.ones(2**33).numel() % 256)


def fail(_message: bytes) -> bytes:
    raise ZeroDivisionError("words of a candidate")


def leave(_message: bytes) -> bytes:
    raise SystemExit(3)


def crash(_message: bytes) -> bytes:
    os.abort()


def flood(_message: bytes) -> bytes:
    while True:
        os.write(ANSWER, b"A" * 65536)


def forge(_message: bytes) -> bytes:
    """A frame of one's own before the trusted one."""
    os.write(ANSWER, pack_answer(Outcome.DONE, b"forged"))
    return b"honest"


def forge_and_linger(_message: bytes) -> bytes:
    """The same, and an end that takes its time after the pipe is closed."""
    os.write(ANSWER, b"forged")
    os.close(ANSWER)
    until = time.monotonic() + 0.1
    while time.monotonic() < until:
        pass
    os._exit(0)


def hang_up(_message: bytes) -> bytes:
    os.close(ANSWER)
    while True:
        pass


def answer_too_much(_message: bytes) -> bytes:
    return bytes(2**22)


def kill_parent(_message: bytes) -> bytes:
    os.kill(os.getppid(), signal.SIGKILL)
    return b""


def read_environment(_message: bytes) -> bytes:
    return "\n".join(sorted(os.environ)).encode()
