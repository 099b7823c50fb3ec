"""Explorer figure of random pair products: digit 8 against the rest with ever more features."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.digits import split_digits
from dlbook.models.feature_products import pair_products, random_pairs
from dlbook.models.perceptron import train_in_passes
from dlbook.plots import Figure, with_status
from dlbook.plots.error_curves import curve_with_spread
from dlbook.plots.panels import axis, dots, two_panels
from dlbook.plots.theme import RED, TEST_COLOR, TRAIN_COLOR

NUM_PRODUCTS = (0, 64, 256, 1024, 2048)
NUM_DRAWS, NUM_PASSES = 5, 30


@lru_cache
def eight_or_not(num_products: int, seed: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Training and test images with products of random pairs of pixels, and +1 for an 8.

    Returns:
        X (1347, 64 + products), y, X_test (450, ...), y_test; the seed chooses split and pairs.
    """
    pairs = random_pairs(64, num_products, seed=seed)
    parts = []
    for X, digit in split_digits(seed=seed):
        X = X / 16
        parts += [
            torch.cat([X, pair_products(X, pairs)], dim=1),
            torch.where(digit == 8, 1.0, -1.0),
        ]
    return tuple(parts)


@lru_cache
def errors_over_passes(num_products: int, seed: int) -> tuple[Tensor, Tensor]:
    """Training and test error after each of 30 passes, (30,) each."""
    X, y, X_test, y_test = eight_or_not(num_products, seed)
    weights, _ = train_in_passes(X, y, max_passes=NUM_PASSES)
    weights = torch.cat([weights, weights[-1:].expand(NUM_PASSES - len(weights), -1)])
    return tuple(
        (signs[:, None] * (images @ weights.T) <= 0).float().mean(dim=0)
        for images, signs in ((X, y), (X_test, y_test))
    )


def settled_errors() -> Tensor:
    """Test error of each run as the median over its last ten passes, (numbers, draws).

    A perceptron that has not come to rest jumps, so its last pass is a lottery.
    """
    return all_errors()[1, :, :, -10:].median(dim=-1).values


@lru_cache
def all_errors() -> Tensor:
    """(training and test, numbers of products, draws, passes)."""
    runs = [
        [torch.stack(errors_over_passes(n, seed)) for seed in range(NUM_DRAWS)]
        for n in NUM_PRODUCTS
    ]
    return torch.stack([torch.stack(of_number) for of_number in runs]).movedim(2, 0)


def eight_against_the_rest(num_products: int, passes: int) -> Figure:
    """Errors against the number of products, and over the passes for one number.

    The upper errors are medians over the ten passes up to the last: single passes jump.

    Args:
        num_products: one of `NUM_PRODUCTS`.
        passes: 1 to 30.
    """
    train, test = all_errors()
    here = NUM_PRODUCTS.index(num_products)
    names = (("training", train, TRAIN_COLOR), ("test", test, TEST_COLOR))
    traces, words = [], []
    for name, error, color in names:
        at = error[:, :, max(passes - 10, 0) : passes].median(dim=-1).values  # (numbers, draws)
        median = float(at[here].median())
        traces += [
            *curve_with_spread(range(len(NUM_PRODUCTS)), at.T, name, color),
            dots([here], [median], name, RED, size=11, showlegend=False),
        ]
        words.append(f"{name} error {median:.3f}")
    for name, error, color in names:
        band, middle = curve_with_spread(
            range(1, NUM_PASSES + 1), error[here], name, color, panel=2
        )
        at = [float(error[here, :, passes - 1].median())]
        marker = dots([passes], at, name, RED, size=11, panel=2, showlegend=False)
        traces += [band, middle | {"showlegend": False}, marker]
    ticks = {"tickvals": list(range(len(NUM_PRODUCTS))), "ticktext": list(map(str, NUM_PRODUCTS))}
    figure = two_panels(
        traces,
        (axis("number of products", -0.2, 4.2, **ticks), axis("share of errors", 0, 0.12)),
        (axis("passes", 0.5, NUM_PASSES + 0.5), axis("share of errors", 0, 0.12)),
        height=600,
    )
    after = f"{passes} passes" if passes > 1 else "1 pass"
    over = f", each over its last {min(passes, 10)} passes" if passes > 1 else ""
    return with_status(
        figure,
        f"64 pixels and {num_products} products, {after}: {', '.join(words)} (medians of "
        f"{NUM_DRAWS} splits and draws{over}).",
    )
