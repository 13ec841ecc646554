"""What a round changes about a target, so that its constants cannot be learned by heart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from fitness.tasks.regions import Points

_STRETCH = 1.25
_OFFSET = 0.1


@dataclass(frozen=True, eq=False)
class Transform:
    """A turn and a shift of the input, a stretch of frequency, a weight between terms.

    The defaults change nothing: they give the target as its family declares it. A formula uses
    what makes sense for it. (An amplitude or an offset of the whole target would be undone when
    targets are standardised, so both act inside: on one term, and on the input.)

    Attributes:
        rotation: an orthogonal matrix with determinant 1; None is the identity.
        frequency: in [0.8, 1.25], as likely below 1 as above.
        amplitude: in [0.8, 1.25], of one term against the other.
        offset: in [-0.1, 0.1], added to the inputs.
    """

    rotation: Float64[np.ndarray, "features features"] | None = None
    frequency: float = 1.0
    amplitude: float = 1.0
    offset: float = 0.0

    def turned(self, points: Points) -> Points:
        """The points turned about the origin."""
        return points if self.rotation is None else points @ self.rotation.T


AS_WRITTEN = Transform()


def draw_transform(features: int, rng: np.random.Generator) -> Transform:
    """A transform for inputs of that many features."""
    frequency, amplitude = (_STRETCH**power for power in rng.uniform(-1.0, 1.0, size=2).tolist())
    offset = rng.uniform(-_OFFSET, _OFFSET)
    return Transform(rotation(features, rng), frequency, amplitude, offset)


def rotation(features: int, rng: np.random.Generator) -> Float64[np.ndarray, "features features"]:
    """Uniform over rotations: QR with signs fixed (Mezzadri 2007, arXiv:math-ph/0609050)."""
    orthogonal, triangle = np.linalg.qr(rng.standard_normal((features, features)))
    orthogonal = orthogonal * np.sign(np.diag(triangle))
    orthogonal[:, 0] *= np.linalg.det(orthogonal)
    return orthogonal
