"""A network of two units a layer that bends the plane without tearing or folding it."""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from dlbook.random import normal

MAX_SLOPE = 0.8  # Lipschitz constant of what a layer adds: below 1, so that the layer is invertible


class PlaneFlow(nn.Module):
    """Residual layers on the plane, and a straight line that cuts it at the end.

        h_0 = x,   h_l = h_{l-1} + A_l tanh(B_l h_{l-1} + c_l),   logit = 3 h_L[0]

    Each A_l is scaled down so that its spectral norm times that of B_l is at most 0.8. What a layer
    adds is then a contraction, and the layer one to one and continuous in both directions: points
    never meet, curves never cross (Behrmann et al., "Invertible residual networks", ICML 2019).

    Args:
        num_layers: L, at least 1.
        num_hidden: rows of B_l.
        seed: of the initial parameters; the layers begin close to the identity.
    """

    def __init__(self, num_layers: int = 12, num_hidden: int = 8, *, seed: int = 0):
        super().__init__()
        shape = (num_layers, num_hidden, 2)
        self.B = nn.Parameter(normal(shape, seed=seed))
        self.c = nn.Parameter(0.5 * normal(shape[:2], seed=seed, stream=1))
        self.A = nn.Parameter(0.02 * normal((num_layers, 2, num_hidden), seed=seed, stream=2))

    def layers(self) -> list[tuple[Tensor, Tensor, Tensor]]:
        """(A_l, B_l, c_l) of every layer, A_l scaled."""
        norms = torch.linalg.matrix_norm(self.A, 2) * torch.linalg.matrix_norm(self.B, 2)
        A = self.A * (MAX_SLOPE / norms.clamp(min=MAX_SLOPE))[:, None, None]
        return list(zip(A, self.B, self.c, strict=True))

    def path(self, X: Tensor) -> list[Tensor]:
        """Where the points X (n, 2) are before the first layer and after each one."""
        states = [X]
        for A, B, c in self.layers():
            h = states[-1]
            states.append(h + torch.tanh(h @ B.T + c) @ A.T)
        return states

    def path_back(self, h: Tensor, num_iterations: int = 40) -> list[Tensor]:
        """Where points h (n, 2) of the last layer come from: their path, input first.

        Each layer is inverted by the fixed-point iteration x ← h − A tanh(B x + c), whose error
        shrinks at least by the factor 0.8 an iteration.
        """
        states = [h]
        for A, B, c in reversed(self.layers()):
            x = states[0]
            for _ in range(num_iterations):
                x = states[0] - torch.tanh(x @ B.T + c) @ A.T
            states.insert(0, x)
        return states

    def forward(self, X: Tensor) -> Tensor:
        """Logits (n,) of class 1."""
        return 3 * self.path(X)[-1][:, 0]


def train_plane_flow(
    X: Tensor, y: Tensor, checkpoints: tuple[int, ...], *, seed: int = 0, effort: float = 0.05
) -> list[PlaneFlow]:
    """A `PlaneFlow` after each number of Adam steps in `checkpoints` (rising).

    The loss is the binary cross-entropy plus `effort` times the mean squared way that the points
    go, summed over the layers: of all bends that separate, a short one.

    Args:
        X: (n, 2).
        y: int64 (n,) in {0, 1}.
    """
    model, kept = PlaneFlow(seed=seed), []
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for step in range(checkpoints[-1] + 1):
        if step in checkpoints:
            kept.append(PlaneFlow(seed=seed))
            kept[-1].load_state_dict(model.state_dict())
            kept[-1].eval()
        states = model.path(X)
        way = sum(((b - a) ** 2).sum(1).mean() for a, b in pairwise(states))
        loss = binary_cross_entropy_with_logits(3 * states[-1][:, 0], y.float()) + effort * way
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return kept
