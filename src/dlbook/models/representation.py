"""What the layers of a network hold, seen from outside: projections, probes, distances.

H (n, width) is what a layer holds for n samples, y (n,) their classes.
"""

import torch
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn

from dlbook.models.nearest_neighbors import NearestNeighbors


def layer_states(model: nn.Sequential, X: Tensor) -> list[Tensor]:
    """Inputs, each hidden layer after its activation, and logits, one (n, width) each.

    Args:
        model: of flatten, linear layers and activations, as `digit_dense`.
        X: (n, ...).
    """
    held = [X.flatten(1)]
    with torch.no_grad():
        for module in model:
            if isinstance(module, nn.Flatten):
                continue
            h = module(held[-1])
            if isinstance(module, nn.Linear):
                held.append(h)
            else:
                held[-1] = h
    return held


def principal_directions(H: Tensor, count: int = 2) -> tuple[Tensor, Tensor]:
    """The mean of H, (width,), and the orthonormal directions of largest variance, (width, count).

    H − mean = U S Vᵀ (singular values falling); the directions are the first columns of V. The sign
    of a direction is arbitrary: here its largest entry is positive.

    Reference: Pearson, "On lines and planes of closest fit to systems of points in space", 1901.
    """
    mean = H.mean(dim=0)
    _, _, Vh = torch.linalg.svd(H - mean, full_matrices=False)
    V = Vh[:count].T
    largest = V.gather(0, V.abs().argmax(dim=0, keepdim=True))
    return mean, V * torch.where(largest < 0, -1.0, 1.0)


def variance_share(H: Tensor, count: int = 2) -> float:
    """The share of the variance of H along its `count` principal directions."""
    squares = torch.linalg.svdvals(H - H.mean(dim=0)) ** 2
    return float(squares[:count].sum() / squares.sum())


def turned_onto(points: Tensor, target: Tensor) -> Tensor:
    """`points` (n, 2), turned or mirrored about the origin to lie as near as can be to `target`.

    The orthogonal R that minimises Σ ‖points_i R − target_i‖².

    Reference: Schönemann, "A generalized solution of the orthogonal Procrustes problem", 1966.
    """
    U, _, Vh = torch.linalg.svd(points.T @ target)
    return points @ (U @ Vh)


def fisher_ratio(H: Tensor, y: Tensor) -> float:
    """Variance between the class means over variance inside the classes; 0 when means coincide.

    Σ_c n_c ‖μ_c − μ‖² / Σ_i ‖h_i − μ_{y_i}‖²

    Reference: Fisher, "The use of multiple measurements in taxonomic problems", 1936.
    """
    between, within = 0.0, 0.0
    for c in y.unique():
        own = H[y == c]
        between += len(own) * float(((own.mean(dim=0) - H.mean(dim=0)) ** 2).sum())
        within += float(((own - own.mean(dim=0)) ** 2).sum())
    return between / within


def neighbor_error(train: tuple[Tensor, Tensor], test: tuple[Tensor, Tensor], k: int = 5) -> float:
    """The share of test samples that the k nearest training samples get wrong."""
    (H, y), (H_test, y_test) = train, test
    return float(NearestNeighbors(H, y, num_classes=10).errors(H_test, y_test, [k]))


def probe_error(train: tuple[Tensor, Tensor], test: tuple[Tensor, Tensor]) -> float:
    """The share of test samples that the best linear classifier of the layer gets wrong.

    Softmax regression (scikit-learn's, weakly penalised) on H shifted and scaled as a whole, so
    that its penalty means the same for every layer.

    Reference: Alain and Bengio, "Understanding intermediate layers using linear classifier probes",
    2016.
    """
    (H, y), (H_test, y_test) = train, test
    mean, sd = H.mean(dim=0), H.std()
    probe = LogisticRegression(max_iter=500).fit(((H - mean) / sd).numpy(), y.numpy())
    return 1 - float(probe.score(((H_test - mean) / sd).numpy(), y_test.numpy()))
