"""Which pixels a small digit network's answers rest on: shares of a score, and hidden squares."""

from functools import lru_cache

import torch
from torch import Tensor, nn

from dlbook.datasets.digits import split_digits
from dlbook.losses import cross_entropy
from dlbook.models.attribution import integrated_gradients, occluded, sampled_shapley
from dlbook.models.mlp import mlp
from dlbook.plots import Figure, with_status
from dlbook.plots import digit_reasons as plots
from dlbook.training import fit

SIZES = (64, 64, 32, 10)  # the digit network at 8×8 pixels: 6,570 parameters
IMAGES = {  # words -> number of the test image
    "a 4 read as 8": 38,
    "a 1 read as 8": 448,
    "a 9 read as 5": 354,
    "an 8": 12,
    "a 0": 1,
    "a 2": 0,
    "a 3": 30,
    "a 4": 2,
    "a 9": 3,
}
NUM_BACKGROUND = 50  # training images, five of each digit
NUM_ORDERS = 400
NUM_STEPS = 1_000  # on the straight path: shares sum to the score's difference within 0.01
AVERAGE = -1  # stands for the average digit among the images
FILLS = ("blank paper", "the average digit")


def shares_of_pixels(image: int, digit: int) -> Figure:
    """Shapley values and integrated gradients of a class's score, side by side.

    Args:
        image: number of a test image, a value of `IMAGES`.
        digit: the class whose score is shared out, 0 to 9.
    """
    x, y = image_of(image)
    shapley = shapley_shares(image)[:, digit]
    gradients = path_shares(image, digit)
    p = probabilities(x)
    figure = plots.two_maps(x, (shapley, gradients), p, digit)
    now, of_mean = scores(torch.stack([x, average_digit()]))[:, digit].tolist()
    mean = float(scores(background()).mean(dim=0)[digit])
    sentence = (
        f"{named(y)}, read as {int(p.argmax())} ({p.max():.2f}). Score of class {digit}: "
        f"{now:.2f}. Mean score of the fifty images: {mean:.2f}, so Shapley values sum to "
        f"{float(shapley.sum()):.2f}. Score of the average digit: {of_mean:.2f}, so integrated "
        f"gradients sum to {float(gradients.sum()):.2f}."
    )
    return with_status(figure, sentence.replace("-", "−"))


def named(digit: int) -> str:
    """ "A 4", "An 8"."""
    return f"An {digit}" if digit == 8 else f"A {digit}"


def hidden_square(image: int, row: int, column: int, fill: str) -> Figure:
    """The answer when a square of 2×2 pixels is hidden, and what each such square would do.

    Args:
        image: number of a test image, or `AVERAGE`.
        row, column: of the square's upper left pixel, 0 to 6.
        fill: what is put there, one of `FILLS`.
    """
    x, words = _pictured(image)
    before = probabilities(x)
    answer = int(before.argmax())
    covered, all_p = _all_squares(image, fill)
    p = all_p[row, column]
    sentence = (
        f"{words}, read as {answer} with {before[answer]:.2f}. With the square hidden: "
        f"{answer} has {p[answer]:.2f}, the answer is {int(p.argmax())} ({p.max():.2f})."
    )
    figure = plots.hidden((x, covered[row, column]), all_p, (row, column), before)
    return with_status(figure, sentence)


def scores(X: Tensor, seed: int = 0) -> Tensor:
    """How far each logit of a network lies above the mean of the ten: (n, 64) -> (n, 10)."""
    logits = reader(seed)(X)
    return logits - logits.mean(dim=-1, keepdim=True)


def likeness_of_the_two_maps() -> list[float]:
    """Correlation of both maps of `shares_of_pixels`, for the answer to each of `IMAGES`."""
    found = []
    for image in IMAGES.values():
        digit = int(probabilities(image_of(image)[0]).argmax())
        both = torch.stack([path_shares(image, digit), shapley_shares(image)[:, digit]])
        found.append(float(torch.corrcoef(both)[0, 1]))
    return found


def likeness_of_networks(num_seeds: int, image: int = 38, digit: int = 8) -> Tensor:
    """Correlation of the maps of every two networks with other first weights, all pairs."""
    maps = torch.stack([path_shares(image, digit, seed) for seed in range(num_seeds)])
    return torch.corrcoef(maps)[torch.ones(num_seeds, num_seeds).triu(1) > 0]


def path_shares(image: int, digit: int, seed: int = 0) -> Tensor:
    """Integrated gradients of a class's score on the way from the average digit, (64,)."""
    x, _ = image_of(image)
    return integrated_gradients(
        lambda X: scores(X, seed)[:, digit], x, average_digit(), num_steps=NUM_STEPS
    )


def probabilities(x: Tensor) -> Tensor:
    """The network's answer for one image (64,), (10,)."""
    return torch.softmax(reader(0)(x), 0)


@lru_cache(maxsize=8)
def reader(seed: int) -> nn.Sequential:
    """64-64-32-10 after 60 epochs, SGD with learning rate 0.3 and batches of 64."""
    (X, y), _ = split_digits()
    model = mlp(SIZES, seed=seed)
    data, settings = (X / 16, y), {"lr": 0.3, "batch_size": 64, "drop_last": True}
    fit(model, data, loss_fn=cross_entropy, num_epochs=60, seed=seed, **settings)
    return model.requires_grad_(False)


@lru_cache(maxsize=len(IMAGES))
def image_of(number: int) -> tuple[Tensor, int]:
    """A test image with values 0 to 1, (64,), and its digit."""
    _, (X, y) = split_digits()
    return X[number] / 16, int(y[number])


def _pictured(image: int) -> tuple[Tensor, str]:
    """An image, (64,), and how a sentence begins that tells of it."""
    if image == AVERAGE:
        return average_digit(), "The average digit"
    x, y = image_of(image)
    return x, named(y)


@lru_cache(maxsize=1)
def background() -> Tensor:
    """Five training images of each digit, (50, 64)."""
    (X, y), _ = split_digits()
    return torch.cat([X[y == digit][: NUM_BACKGROUND // 10] for digit in range(10)]) / 16


@lru_cache(maxsize=1)
def average_digit() -> Tensor:
    """The mean training image, (64,)."""
    return split_digits()[0][0].mean(dim=0) / 16


@lru_cache(maxsize=len(IMAGES))
def shapley_shares(image: int) -> Tensor:
    """Sampled Shapley values of all ten scores, (64, 10)."""
    return sampled_shapley(scores, image_of(image)[0], background(), num_orders=NUM_ORDERS)


@lru_cache(maxsize=2 * len(IMAGES) + 2)
def _all_squares(image: int, fill: str) -> tuple[Tensor, Tensor]:
    """The image with each of the 7×7 squares hidden, (7, 7, 64), and the answers, (7, 7, 10)."""
    x, _ = _pictured(image)
    filling = torch.zeros(64) if fill == FILLS[0] else average_digit()
    hidden = [occluded(x, row, column, 2, 8, filling) for row in range(7) for column in range(7)]
    images = torch.stack(hidden).reshape(7, 7, 64)
    return images, torch.softmax(reader(0)(images), 2)
