"""Figure of three digit classifiers over the number of training images, and in fading images."""

from collections.abc import Callable
from functools import lru_cache, partial

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dlbook.datasets.digits import split_enlarged_digits
from dlbook.figures.hog import lit
from dlbook.models.hog import hog
from dlbook.models.proximal import fit_softmax
from dlbook.models.small_cnn import small_cnn
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.panels import axis, two_panels
from dlbook.plots.theme import BLUE, GREEN, ORANGE
from dlbook.sweep import sweep

SIZES, SEEDS = (50, 200, 1000), range(5)
FADES = (1.0, 0.8, 0.6, 0.4, 0.3, 0.2)
NUM_TRAIN_FADED = 200  # training images of the classifiers that see faded ones
METHODS = {"pixels + linear": BLUE, "HOG + linear": ORANGE, "CNN": GREEN}
CELL = 7  # 28×28 pixels are 4×4 cells

Predict = Callable[[Tensor], Tensor]


def linear_classifier(method: str, X: Tensor, y: Tensor) -> Predict:
    """Softmax regression on images (n, 1, 28, 28): a function from images to digits.

    Args:
        method: "pixels + linear" or "HOG + linear".
    """
    features, lr = (pixels, 0.02) if method == "pixels + linear" else (edges, 1.0)
    model = fit_softmax(features(X), y, lr=lr, num_steps=120, l2=1e-3)
    return lambda images: model(features(images)).argmax(dim=1)


def pixels(images: Tensor) -> Tensor:
    """The images as rows."""
    return images.flatten(1)


def edges(images: Tensor) -> Tensor:
    """Their HOG descriptors."""
    return hog(images[:, 0], cell=CELL)


@lru_cache
def _split(seed: int):
    return split_enlarged_digits(seed=seed)


@lru_cache
def _networks(num_train: int) -> list[nn.Module]:
    """The CNN of every seed after the first `num_train` images of its split."""

    def images(seed: int) -> tuple[Tensor, Tensor]:
        (X, y), _ = _split(seed)
        return X[:num_train], y[:num_train]

    runs = sweep(
        small_cnn, images, {"seed": SEEDS}, loss_fn=F.cross_entropy, optimizer="adam",
        hyper={"lr": 5e-3}, batch_size=32, parameters=True, progress=False,
        num_steps=max(250, 3 * num_train // 2),  # fewer stop it early on 1,000 images
    )  # fmt: skip
    networks = []
    for seed in SEEDS:
        network, own = small_cnn(), runs.sel(seed=seed)
        weights = {name: own[f"parameter {name}"].values for name in network.state_dict()}
        network.load_state_dict({name: torch.from_numpy(w) for name, w in weights.items()})
        networks.append(network.eval())
    return networks


@lru_cache
@torch.enable_grad()
def _classifier(method: str, num_train: int, seed: int) -> Predict:
    if method == "CNN":
        network = _networks(num_train)[SEEDS.index(seed)]
        return lambda images: network(images).argmax(dim=1)
    (X, y), _ = _split(seed)
    return linear_classifier(method, X[:num_train], y[:num_train])


@torch.no_grad()
def accuracy_by_size() -> Tensor:
    """Test accuracy, (methods, seeds, sizes of the training set)."""
    table = torch.zeros(len(METHODS), len(SEEDS), len(SIZES))
    for i, method in enumerate(METHODS):
        for j, seed in enumerate(SEEDS):
            X, y = _split(seed)[1]
            for k, size in enumerate(SIZES):
                table[i, j, k] = (_classifier(method, size, seed)(X) == y).float().mean()
    return table


@torch.no_grad()
def accuracy_on(change: Callable[[Tensor], Tensor]) -> Tensor:
    """Test accuracy, (methods, seeds), after 200 training images if test images are changed.

    Args:
        change: of normalised images (n, 1, 28, 28), whose mean is about 0.
    """
    table = torch.zeros(len(METHODS), len(SEEDS))
    for i, method in enumerate(METHODS):
        for j, seed in enumerate(SEEDS):
            X, y = _split(seed)[1]
            predict = _classifier(method, NUM_TRAIN_FADED, seed)
            table[i, j] = (predict(change(X)) == y).float().mean()
    return table


def accuracy_by_fading() -> Tensor:
    """Test accuracy where test images fade to grey, (methods, seeds, fades)."""
    return torch.stack([accuracy_on(partial(faded, contrast=fade)) for fade in FADES], dim=-1)


def faded(X: Tensor, contrast: float) -> Tensor:
    """Normalised digits (n, 1, 28, 28) on their way to the grey half-way between ground and ink.

    Args:
        contrast: 1 leaves them as they are, 0 makes them grey. Their black ground is lifted on
            the way, and their mean brightness with it.
    """
    low, high = X.min(), X.max()
    return low + (high - low) * lit((X - low) / (high - low), contrast, shade=0.0)


def accuracies() -> Figure:
    """Both tables as curves with their spread over five splits."""
    traces = []
    tables = (accuracy_by_size(), accuracy_by_fading())
    for panel, (table, x) in enumerate(zip(tables, (SIZES, FADES), strict=True), start=1):
        for runs, (name, color) in zip(table, METHODS.items(), strict=True):
            band, middle = curve_with_spread(x, runs, name, color, panel=panel)
            traces += [band, middle | {"showlegend": panel == 1}]
    figure = two_panels(
        traces,
        (
            axis("training images", 1.6, 3.1, log=True),
            axis("test accuracy", 0.7, 1.005),
        ),
        (
            axis("test images fading to grey (1: none)", 1.02, 0.18),
            axis("test accuracy", 0, 1.02),
        ),
        height=580,
    )
    return with_status(figure, "Medians and quartiles of five splits.")
