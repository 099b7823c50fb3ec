"""One image on its way through the digit network: pixels, both hidden layers, probabilities."""

from functools import lru_cache

import torch
from torch import Tensor, nn

from dlbook.datasets.digits import split_enlarged_digits
from dlbook.figures.digit_layers import trained_network
from dlbook.losses import cross_entropy
from dlbook.models.representation import layer_states
from dlbook.plots import Figure, with_status
from dlbook.plots.digit_forward import way_through
from dlbook.training import predict

EPOCHS = (0, 1, 5, 40)
NUM_SEEDS = 5
NUM_RANKED = 20


def way_of_an_image(rank: int, num_epochs: int) -> Figure:
    """What the layers hold for one of the test images that networks find hardest.

    Args:
        rank: 1 (the hardest) to `NUM_RANKED`, or 450 (the easiest).
        num_epochs: of training, one of `EPOCHS`.
    """
    number = int(hardest()[rank - 1])
    _, (X, y) = split_enlarged_digits()
    x, h1, h2, logits = (h[0] for h in layer_states(_networks(num_epochs)[0], X[number, None]))
    p = torch.softmax(logits, 0)
    figure = way_through(x.reshape(28, 28), (h1, h2), p, int(y[number]))
    answers = [int(predict(m, X[number, None]).argmax()) for m in _networks(num_epochs)]
    sentence = (
        f"Image {rank} of 450 by difficulty, a {int(y[number])}, after {num_epochs} epochs: "
        f"{int(p.argmax())} with probability {p.max():.2f}. Five networks with other first weights "
        f"say {', '.join(map(str, answers))}."
    )
    return with_status(figure, sentence)


@lru_cache(maxsize=1)
def hardest() -> Tensor:
    """Numbers of the test images, by falling mean loss of the five trained networks."""
    _, (X, y) = split_enlarged_digits()
    losses = [cross_entropy(predict(model, X), y) for model in _networks(EPOCHS[-1])]
    return torch.stack(losses).mean(dim=0).argsort(descending=True)


def answers() -> Tensor:
    """What each of the five trained networks says to each test image, (5, 450)."""
    _, (X, _) = split_enlarged_digits()
    return torch.stack([predict(model, X).argmax(1) for model in _networks(EPOCHS[-1])])


@lru_cache(maxsize=len(EPOCHS))
def _networks(num_epochs: int) -> list[nn.Sequential]:
    return [trained_network(num_epochs, seed=seed) for seed in range(NUM_SEEDS)]
