"""Points as nets read them: a column a point; sets as runs of columns, summed behind a layer.

Shapes: `nets` trained side by side; `columns` are points, or the elements of all sets;
`points` of a lesson; `units` of a layer.
"""

from __future__ import annotations

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Sets:
    """Which columns are elements of which point: the first hidden layer's words on them are summed.

    Zaheer et al. 2017 (Deep Sets, arXiv:1703.06114, theorem 2): rho(sum of phi(element)).

    Attributes:
        shares: 0 where a set was filled up; elsewhere 1 / mean size of a training set, so that a
            sum is neither large nor small at the start. A constant of the net: a larger set still
            has a larger sum.
    """

    shares: Float[Tensor, "nets 1 points elements"]

    def summed(self, values: Float[Tensor, "nets units columns"]) -> Float[Tensor, "nets units _"]:
        """Of every point, the sum over its elements."""
        nets, units, _ = values.shape
        parted = values.view(nets, units, *self.shares.shape[2:])
        return parted.mul(self.shares).sum(dim=3)

    def spread(self, pull: Float[Tensor, "nets units _"]) -> Float[Tensor, "nets units columns"]:
        """The gradient of the sums, handed to every element."""
        return (pull.unsqueeze(3) * self.shares).flatten(2)


@dataclass(frozen=True, eq=False)
class Points:
    """Inputs of all nets, and how they form sets; `sets` is none where each input is a point."""

    columns: Float[Tensor, "nets features columns"]
    sets: Sets | None = None


def read_points(
    inputs: Float[Tensor, "nets points elements features"], mean_sizes: Float[Tensor, "nets 1 1 1"]
) -> Points:
    """The points of a lesson's inputs, in which NaN stands for an element that is not there.

    Args:
        inputs: training inputs or queries, one copy a net.
        mean_sizes: of the training sets (`mean_sizes`).
    """
    if inputs.shape[2] == 1:
        return Points(inputs.squeeze(2).transpose(1, 2).contiguous())
    present = _present(inputs)
    columns = inputs.nan_to_num(nan=0.0).flatten(1, 2).transpose(1, 2).contiguous()
    return Points(columns, Sets(present.unsqueeze(1) / mean_sizes))


def mean_sizes(
    inputs: Float[Tensor, "nets points elements features"],
) -> Float[Tensor, "nets 1 1 1"]:
    """Elements of a net's training sets, on average; 1 where inputs are no sets."""
    if inputs.shape[2] == 1:
        return inputs.new_ones(len(inputs), 1, 1, 1)
    return _present(inputs).sum(dim=2).mean(dim=1).view(-1, 1, 1, 1)


def _present(
    inputs: Float[Tensor, "nets points elements features"],
) -> Float[Tensor, "nets points elements"]:
    return (~inputs.isnan().any(dim=3)).to(inputs.dtype)
