"""The digits as the layers of a network hold them, before and while it learns."""

from collections.abc import Sequence
from functools import lru_cache

import torch
from torch import Tensor, nn

from dlbook.datasets.digits import split_enlarged_digits
from dlbook.losses import cross_entropy
from dlbook.models.image_classifiers import digit_dense
from dlbook.models.representation import (
    fisher_ratio,
    layer_states,
    neighbor_error,
    principal_directions,
    probe_error,
    turned_onto,
    variance_share,
)
from dlbook.plots import Figure, with_status
from dlbook.plots.digit_layers import clouds
from dlbook.training import fit

EPOCHS = (0, 1, 2, 3, 4, 5, 6, 8, 12, 20, 40, 80)
LR = 0.01  # of the explorer: the lecture's
LAYERS = {"0: pixels": 0, "1: first hidden layer": 1, "2: second hidden layer": 2, "3: logits": 3}
SHOWN = 24  # test images of each digit


def digit_clouds(layer: int, num_epochs: int) -> Figure:
    """Test digits in the plane in which a layer's states spread most, and how far classes part.

    Args:
        layer: 0 (pixels) to 3 (logits).
        num_epochs: of training, one of `EPOCHS`.
    """
    places, labels = _planes(num_epochs)[layer], _shown()[1]
    before, ratios = _ratios(0), _ratios(num_epochs)
    figure = clouds([places[labels == c] for c in range(10)], before, ratios, layer)
    share = variance_share(_states(num_epochs)[1][layer])
    sentence = (
        f"Layer {layer} after {num_epochs} epochs: variance between classes over variance within "
        f"{ratios[layer]:.2f} (pixels: {ratios[0]:.2f}). The plane shows {share:.0%} of the "
        "variance."
    )
    return with_status(figure, sentence)


def trained_network(
    num_epochs: int, *, lr: float = 0.1, activation: type[nn.Module] = nn.ReLU, seed: int = 0
) -> nn.Sequential:
    """784-64-32-10 after some epochs of batches of 64, in eval mode."""
    train, _ = split_enlarged_digits()
    model = digit_dense(activation=activation, seed=seed).eval()
    if num_epochs:
        fit(
            model,
            train,
            loss_fn=cross_entropy,
            lr=lr,
            num_epochs=num_epochs,
            batch_size=64,
            drop_last=True,
            seed=seed,
        )
    return model


def separation(num_epochs: int, *, seed: int = 0, activation=nn.ReLU) -> dict[str, list[float]]:
    """How well classes can be told apart in each of the layers 0 to 3.

    Returns:
        "probe" and "neighbours": shares of test digits that the best linear classifier and five
        neighbours get wrong; "Fisher": variance between classes over variance within, test digits.
    """
    model = trained_network(num_epochs, activation=activation, seed=seed)
    (X, y), (X_test, y_test) = split_enlarged_digits()
    pairs = list(zip(layer_states(model, X), layer_states(model, X_test), strict=True))
    return {
        "probe": [probe_error((H, y), (T, y_test)) for H, T in pairs],
        "neighbours": [neighbor_error((H, y), (T, y_test)) for H, T in pairs],
        "Fisher": [fisher_ratio(T, y_test) for _, T in pairs],
    }


@lru_cache(maxsize=1)
def _shown() -> tuple[Tensor, Tensor]:
    """The first test images of each digit, and their labels."""
    y = split_enlarged_digits()[1][1]
    chosen = torch.cat([(y == c).nonzero()[:SHOWN, 0] for c in range(10)])
    return chosen, y[chosen]


@lru_cache(maxsize=len(EPOCHS))
def _states(num_epochs: int) -> tuple[list[Tensor], list[Tensor]]:
    """What the layers hold of the training and of the test digits."""
    model = trained_network(num_epochs, lr=LR)
    (X, _), (X_test, _) = split_enlarged_digits()
    return layer_states(model, X), layer_states(model, X_test)


@lru_cache(maxsize=len(EPOCHS))
def _ratios(num_epochs: int) -> list[float]:
    y = split_enlarged_digits()[1][1]
    return [fisher_ratio(T, y) for T in _states(num_epochs)[1]]


@lru_cache(maxsize=len(EPOCHS))
def _planes(num_epochs: int) -> list[Tensor]:
    """Places of the shown digits for each layer, (240, 2), turned so that they move little."""
    places = [_projected(H, T[_shown()[0]]) for H, T in zip(*_states(num_epochs), strict=True)]
    later = EPOCHS.index(num_epochs) + 1
    if later < len(EPOCHS):
        targets = _planes(EPOCHS[later])
        return [turned_onto(p, t) for p, t in zip(places, targets, strict=True)]
    turned = [places[0]]
    for layer in places[1:]:
        turned.append(turned_onto(layer, turned[-1]))
    return turned


def _projected(H: Tensor, T: Tensor) -> Tensor:
    """T in the principal plane of H, with standard deviation 1 along the first direction."""
    mean, V = principal_directions(H)
    return (T - mean) @ V / ((H - mean) @ V[:, 0]).std()


def evidence(epochs: Sequence[int], num_seeds: int) -> dict[int, dict[str, Tensor]]:
    """`separation` for seeds 0, 1, ...: epochs -> measure -> (seeds, layers)."""
    found = {n: [separation(n, seed=seed) for seed in range(num_seeds)] for n in epochs}
    return {
        n: {name: torch.tensor([run[name] for run in runs]) for name in runs[0]}
        for n, runs in found.items()
    }
