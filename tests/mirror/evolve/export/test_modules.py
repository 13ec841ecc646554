import copy
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from evolve.errors import ConfigError
from evolve.export.module import Evolved
from evolve.export.swap import build, swap
from tests.mirror.evolve.export.test_forms import origin_of

SNAKE = "import torch\ndef activation(x, half=2.0):\n    return x + torch.sin(half * x) ** 2\n"


@pytest.fixture
def snake() -> Evolved:
    return Evolved(origin_of(SNAKE))


def test_a_loaded_find_is_the_function_and_its_scalars_learn(snake: Evolved) -> None:
    x = torch.linspace(-3, 3, 11, dtype=torch.float64)
    value = snake(x)
    assert torch.allclose(value, x + torch.sin(2 * x) ** 2, atol=1e-12)
    value.sum().backward()
    (scalar,) = snake.parameters()
    wanted = (x * torch.sin(4 * x)).sum()
    assert scalar.grad is not None
    assert torch.allclose(scalar.grad.double(), wanted, atol=1e-6)
    assert list(snake.state_dict()) == ["half_"]  # `half` is a method of every module
    assert "torch.sin" in repr(snake)


def test_every_activation_is_swapped_and_each_place_has_scalars_of_its_own(snake: Evolved) -> None:
    net = nn.Sequential(nn.Linear(5, 4), nn.ReLU(), nn.Sequential(nn.Linear(4, 4), nn.GELU()))
    done = swap(net, snake)
    assert done.swapped == (("1", "ReLU"), ("2.1", "GELU"))
    assert (done.before, done.after) == (44, 46)
    assert (done.given, done.came, done.finite) == ((8, 5), (8, 4), True)
    places = [each for each in net.modules() if isinstance(each, Evolved)]
    assert len({id(each) for each in places}) == 2
    assert copy.deepcopy(net)


def test_attention_and_softmax_stay_as_they_are(snake: Evolved) -> None:
    net = nn.Sequential(nn.Linear(5, 4), nn.Tanh(), nn.Softmax(-1))
    assert [kind for _, kind in swap(net, snake).swapped] == ["Tanh"]


def test_what_cannot_be_swapped_is_told_in_a_line(
    snake: Evolved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ConfigError, match=r"calls such as F.relu cannot be swapped"):
        swap(nn.Sequential(nn.Linear(3, 3)), snake)
    with pytest.raises(ConfigError, match="--input 2,7: mat1 and mat2"):
        swap(nn.Sequential(nn.Linear(3, 3), nn.ReLU()), snake, (2, 7))
    with pytest.raises(ConfigError, match="cannot be guessed; say it"):
        swap(nn.Sequential(nn.Conv2d(3, 3, 1), nn.ReLU()), snake)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nets_of_mine.py").write_text("def number():\n    return 3\n")
    with pytest.raises(ConfigError, match=r"gave a int, wanted a torch.nn.Module"):
        build("nets_of_mine:number")
    with pytest.raises(ConfigError, match="no attribute 'nobody'"):
        build("nets_of_mine:nobody")
    with pytest.raises(ConfigError, match="No module named 'nowhere_at_all'"):
        build("nowhere_at_all:build")
    with pytest.raises(ConfigError, match="wanted PACKAGE:FUNCTION"):
        build("mypkg")
    assert str(tmp_path) not in sys.path
