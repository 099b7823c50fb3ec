"""Explorer figure of the lasso: weights that reach zero one after the other."""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from dlbook.datasets.toy_regression import sparse_linear, sparse_weights
from dlbook.models.lasso import admm
from dlbook.models.least_squares import ridge
from dlbook.plots import Figure, with_status
from dlbook.plots.lasso import path_axes, weight_bars, weight_paths
from dlbook.plots.panels import two_panels
from dlbook.plots.words import in_words

NUM_PENALTIES = 30
NOISE = 2.0
KINDS = {"L1 (lasso)": 1.0, "half and half (elastic net)": 0.5, "L2 (ridge)": 0.0}


def penalties() -> list[float]:
    """λ from 0.01 to 10 in 30 equal ratios."""
    return [float(f"{value:.3g}") for value in np.geomspace(0.01, 10, NUM_PENALTIES)]


def lasso_path(penalty: float, l1_ratio: float, num_points: int) -> Figure:
    """Weights of a linear model with 20 features, of which 4 matter, under a penalty.

    Args:
        penalty: λ, one of `penalties()`.
        l1_ratio: 1 for L1, 0 for L2, in between for the elastic net.
        num_points: number of training points.
    """
    weights, errors = path(l1_ratio, num_points)
    here = penalties().index(penalty)
    truth = sparse_weights().double()
    figure = two_panels(
        [
            *weight_paths(penalties(), weights, truth != 0, penalty),
            *weight_bars(weights[here], truth, panel=2),
        ],
        **path_axes(penalties(), len(truth)),
    )
    count = int((weights[here] != 0).sum())
    return with_status(
        figure,
        f"λ = {in_words(penalty)}: {count} of 20 weights are not zero, "
        f"test error {in_words(errors[here])}; the lowest is {in_words(errors.min())} "
        f"at λ = {in_words(penalties()[int(errors.argmin())])}.",
    )


@lru_cache
def path(l1_ratio: float, num_points: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    """Weights (penalties, features) and the test error (penalties,) for each λ of `penalties()`."""
    X, y = (part.double() for part in sparse_linear(num_points, NOISE, seed=seed))
    X_test, y_test = (part.double() for part in sparse_linear(500, NOISE, seed=1_000 + seed))
    weights = torch.stack([_weights(X, y, penalty, l1_ratio) for penalty in penalties()])
    biases = y.mean() - weights @ X.mean(dim=0)
    errors = (X_test @ weights.T + biases - y_test.unsqueeze(1)).square().mean(dim=0)
    return weights, errors


def selection(
    l1_ratio: float, num_points: int, matters: Tensor, num_sets: int
) -> tuple[float, float, float]:
    """What the penalty of least test error selects, as medians over training sets.

    Args:
        l1_ratio: 1 for L1, 0 for L2, in between for the elastic net.
        num_points: number of training points.
        matters: (features,) bool, the features with a weight in truth.
        num_sets: seeds 0 to num_sets − 1.

    Returns:
        relevant features missed, idle features kept, and the test error.
    """
    results = []
    for seed in range(num_sets):
        weights, errors = path(l1_ratio, num_points, seed)
        kept = weights[errors.argmin()] != 0
        results.append([(matters & ~kept).sum(), (kept & ~matters).sum(), errors.min()])
    missed, extra, error = torch.tensor(results).quantile(0.5, dim=0).tolist()
    return missed, extra, error


def _weights(X: Tensor, y: Tensor, penalty: float, l1_ratio: float) -> Tensor:
    if l1_ratio == 0:  # (1/2n) ‖·‖² + λ/2 ‖w‖² is 1/2n times ‖·‖² + nλ ‖w‖²
        return ridge(X - X.mean(dim=0), y - y.mean(), len(y) * penalty)
    coupling = max(penalty, 0.1)  # close to the quickest for this data, measured
    return admm(X, y, penalty, l1_ratio, coupling=coupling, tolerance=1e-5).weights
