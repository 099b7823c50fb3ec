"""Explorer figure of a perceptron that learns two digits: its weights as an image."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.digits import in_file_order
from dlbook.models.perceptron import mistakes_after, run_perceptron
from dlbook.plots import Figure, with_status
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.perceptron import image_axes, weight_image
from dlbook.plots.theme import TEST_COLOR, TRAIN_COLOR

UPDATES = (1, 2, 3, 4, 5, 6, 8, 11, 15, 20, 27, 36, 48, 64, 85, 113, 150, 200)


@lru_cache
def digit_run(first: int, second: int) -> tuple[Tensor, Tensor, Tensor]:
    """Weights (k + 1, 64) of a run in the file's order, and training and test error (k + 1,)."""
    train, test = in_file_order(first, second)
    run = run_perceptron(*train)
    errors = [mistakes_after(run, *part) / len(part[1]) for part in (train, test)]
    return run.weights, *errors


def perceptron_weights(pair: tuple[int, int], update: int) -> Figure:
    """The weights after `update` updates as an image, and the errors after each of them.

    The image's strongest colours stand for its own largest weight, which the status gives: the
    weights grow, and in the colours of the last ones the first ones would not be seen.

    Args:
        pair: two digits; the first is class 0 (blue), the second class 1 (orange).
        update: one of `UPDATES`; beyond the last one, the final weights.
    """
    weights, train, test = digit_run(*pair)
    last = len(weights) - 1
    k = min(update, last)
    ks = torch.arange(1, last + 1)
    strongest, at_the_end = (float(weights[i].abs().max()) for i in (k, last))
    traces = [weight_image(weights[k], strongest)]
    for error, name, color in ((train, "training", TRAIN_COLOR), (test, "test", TEST_COLOR)):
        traces.append(line(ks, error[1:], name, color, panel=2))
        marker = dots([k], error[k : k + 1], name, color, size=11, panel=2)
        traces.append(marker | {"showlegend": False})
    figure = two_panels(
        traces,
        image_axes(),
        (axis("updates k", -0.1, 2.35, log=True), axis("share of errors", -0.02, 0.65)),
        height=680,
        upper_share=0.6,
    )
    end = ", the last one" if k == last else f" of {last}"
    return with_status(
        figure,
        f"{pair[0]} against {pair[1]}, update {k}{end}: training error {train[k]:.3f}, test "
        f"error {test[k]:.3f}. The strongest colour is a weight of {strongest:.1f} "
        f"(at the end {at_the_end:.1f}).",
    )
