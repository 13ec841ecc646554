"""A find in a user's own network: in the place of every activation that is a module."""

from __future__ import annotations

import copy
import importlib
import inspect
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from evolve.errors import ConfigError

_NOT_ELEMENTWISE = frozenset(
    {"MultiheadAttention", "Softmax", "Softmax2d", "Softmin", "LogSoftmax", "GLU", "Threshold"}
)
ACTIVATIONS = tuple(
    kind
    for name, kind in vars(nn.modules.activation).items()
    if inspect.isclass(kind)
    and kind.__module__ == nn.modules.activation.__name__
    and name not in _NOT_ELEMENTWISE
)


@dataclass(frozen=True)
class Swap:
    """What came of it.

    Attributes:
        swapped: where an activation was, and which.
        before: parameters of the network as it was.
        after: parameters with the find in it.
        given: the shape of the input of the trial pass.
        came: the shape of its output.
        finite: whether the output and every gradient were finite.
    """

    swapped: tuple[tuple[str, str], ...]
    before: int
    after: int
    given: tuple[int, ...]
    came: tuple[int, ...]
    finite: bool


def build(name: str) -> nn.Module:
    """The network that `PACKAGE:FUNCTION` builds; the working folder is looked in, too.

    Raises:
        ConfigError: there is no such function, or it gives no module of torch.
    """
    where, colon, function = name.partition(":")
    if not colon:
        raise ConfigError(f"--model {name}: wanted PACKAGE:FUNCTION, as in mypkg.nets:build")
    sys.path.insert(0, str(Path.cwd()))
    try:
        builder = getattr(importlib.import_module(where), function)
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"--model {name}: {error}; wanted PACKAGE:FUNCTION") from None
    finally:
        sys.path.pop(0)
    net = builder()
    if not isinstance(net, nn.Module):
        raise ConfigError(f"--model {name}: gave a {type(net).__name__}, wanted a torch.nn.Module")
    return net


def swap(net: nn.Module, find: nn.Module, shape: Sequence[int] = ()) -> Swap:
    """Puts a copy of `find` for every activation of `net`, and runs it forward and backward once.

    Args:
        net: is changed.
        find: each place has scalars of its own.
        shape: of the trial input; (8, features of the first linear layer) if none.

    Raises:
        ConfigError: the network has no activation that is a module, or the input does not fit.
    """
    before = _size(net)
    places = [(n, m) for n, m in net.named_modules() if isinstance(m, ACTIVATIONS)]
    if not places:
        raise ConfigError(
            "--model: the network has no module of torch.nn that is an activation; calls such as "
            "F.relu cannot be swapped: make them modules, or use the exported file"
        )
    if not places[0][0]:
        raise ConfigError("--model: the network is an activation itself; wanted one with layers")
    for name, _ in places:
        above, _, own = name.rpartition(".")
        setattr(net.get_submodule(above), own, copy.deepcopy(find))
    given = tuple(shape) or _fitting(net)
    came, finite = _passed(net, given)
    swapped = tuple((name, type(module).__name__) for name, module in places)
    return Swap(swapped, before, _size(net), given, came, finite)


def _size(net: nn.Module) -> int:
    return sum(each.numel() for each in net.parameters())


def _fitting(net: nn.Module) -> tuple[int, ...]:
    first = next((each for each in net.modules() if isinstance(each, nn.Linear)), None)
    convolved = any(isinstance(each, nn.modules.conv._ConvNd) for each in net.modules())  # noqa: SLF001
    if first is None or convolved:
        raise ConfigError(
            "--input: what the network reads cannot be guessed; say it, e.g. 8,3,32,32"
        )
    return (8, first.in_features)


def _passed(net: nn.Module, shape: tuple[int, ...]) -> tuple[tuple[int, ...], bool]:
    x = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    try:
        came: Any = net(x)
    except (RuntimeError, ValueError, TypeError) as error:
        first = str(error).splitlines()[0]
        raise ConfigError(f"--input {','.join(map(str, shape))}: {first}") from None
    if not isinstance(came, Tensor):
        raise ConfigError(
            f"--model: gave a {type(came).__name__} from a forward pass, wanted a tensor"
        )
    came.float().square().mean().backward()  # type: ignore[no-untyped-call]
    slopes = [each.grad for each in net.parameters() if each.grad is not None]
    finite = all(bool(torch.isfinite(each).all()) for each in [came, *slopes])
    return tuple(came.shape), finite
