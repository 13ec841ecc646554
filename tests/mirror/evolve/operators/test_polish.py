"""Numbers tuned without gradients, from what siblings were worth."""

from dataclasses import replace

import numpy as np
import pytest

from evolve.errors import NoProposal
from evolve.operators.polish import Polish, cast, mould
from evolve.protocols import Operator
from evolve.records import Individual, Selection
from evolve.testing import OperatorContract, individual
from evolve.trees.reading import readable


def bump(a: float, b: float) -> Individual:
    """A program of two numbers, the fitter the nearer they are to 2 and -1."""
    text = f"import torch\ndef activation(x): return torch.tanh({a!r} * x) + torch.erf(x + {b!r})\n"
    return individual(f"b{a:.4f}{b:.4f}", text, fitness=-((a - 2) ** 2) - (b + 1) ** 2)


class TestPolish(OperatorContract):
    parents = (bump(0.5, 0.5), bump(1.0, 2.0))

    def make(self) -> Operator:
        return Polish()


def numbers(found: Individual) -> np.ndarray:
    (parent,) = readable(found)
    return np.array(mould(parent.tree).numbers)


def child(parent: Individual, scored: list[Individual], seed: int) -> Individual:
    selection = Selection(0, 0, (parent,), scored=tuple(scored))
    return individual("c", Polish().propose(selection, np.random.default_rng(seed)).source)


def test_structure_stays_and_every_number_moves() -> None:
    parent = bump(0.5, 0.5)
    for seed in range(30):
        made = child(parent, [], seed)
        (a,), (b,) = readable(parent), readable(made)
        assert mould(a.tree).skeleton == mould(b.tree).skeleton
        assert (numbers(made) != numbers(parent)).all()
        assert np.abs(numbers(made) - numbers(parent)).max() < 0.5


def test_steps_start_from_the_fittest_sibling_and_grow_while_they_succeed() -> None:
    rising = [bump(0.5 + 0.1 * n, 0.5 - 0.1 * n) for n in range(8)]
    falling = rising[:1] + [bump(0.5 - 0.1 * n, 0.5 + 0.1 * n) for n in range(1, 8)]

    def spread(scored: list[Individual], fittest: Individual) -> float:
        made = [numbers(child(rising[0], scored, seed)) - numbers(fittest) for seed in range(60)]
        assert np.abs(np.mean(made, axis=0)).max() < 0.5
        return float(np.std(made))

    assert spread(rising, rising[-1]) > 4 * spread(falling, rising[0])


def test_polishing_again_and_again_finds_the_best_numbers() -> None:
    scored = [bump(0.5, 0.5)]
    for step in range(80):
        best = max(scored, key=lambda each: each.evaluation.fitness)
        made = numbers(child(best, scored, step))
        # The order of the two numbers is the skeleton's: tell them apart by their skeleton's first.
        first = numbers(bump(7.0, 9.0))[0] == 7.0
        scored.append(bump(*map(float, made if first else made[::-1])))
    assert max(each.evaluation.fitness for each in scored) > -0.05


def test_a_program_without_numbers_is_left_to_others() -> None:
    plain = individual("p", "import torch\ndef activation(x): return torch.tanh(x)\n")
    with pytest.raises(NoProposal, match="none of 1 parents holds a number"):
        Polish().propose(Selection(0, 0, (plain,)), np.random.default_rng(0))


def test_a_mould_does_not_depend_on_the_order_of_summands() -> None:
    one = individual("a", "import torch\ndef activation(x): return 2.0 * x + torch.sin(x + 9.0)\n")
    two = individual("b", "import torch\ndef activation(x): return torch.sin(x + 0.1) + 7.0 * x\n")
    (a,), (b,) = readable(one), readable(two)
    assert mould(a.tree).skeleton == mould(b.tree).skeleton
    assert mould(cast(a.tree, [1.0, 3.0])).numbers == (1.0, 3.0)


def test_initial_values_of_trainable_scalars_are_numbers_too() -> None:
    trained = individual(
        "t", "import torch\ndef activation(x, a=0.5): return x * torch.sigmoid(a * x) + a\n"
    )
    made = child(trained, [], 0)
    (parent,) = readable(made)
    assert len(parent.tree.parameters) == 1
    assert parent.tree.parameters["a"] != 0.5
    assert replace(made) == made
