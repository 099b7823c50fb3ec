"""The line with the fewest errors, found by trying all lines that differ on the points."""

import torch
from torch import Tensor


def fewest_errors(X: Tensor, y: Tensor) -> int:
    """How many points the best of all lines gets wrong.

    The error of a line changes only when it passes a point, so some best line comes as close as
    one likes to two points: for each pair, the line's direction is turned a little to either side
    of the pair's, and every threshold between neighbouring projections is tried.

    Args:
        X: (n, 2) distinct points.
        y: (n,) labels 0 and 1.
    """
    first, second = torch.triu_indices(len(X), len(X), 1)
    across = (X[second] - X[first]).double()
    normals = torch.stack([-across[:, 1], across[:, 0]], dim=1)
    normals = normals / normals.norm(dim=1, keepdim=True)
    turned = torch.cat([normals + 1e-7 * t * normals.flip(1) * TURN for t in (1, -1)])
    order = (turned @ X.double().T).argsort(dim=1)  # (lines, n)
    ones = torch.nn.functional.pad((y[order] == 1).cumsum(dim=1), (1, 0))  # below each threshold
    below = torch.arange(len(X) + 1)
    errors = ones + (len(X) - below) - (ones[:, -1:] - ones)  # class 1 above the threshold
    return int(torch.minimum(errors, len(X) - errors).min())


TURN = torch.tensor([-1.0, 1.0], dtype=torch.float64)
