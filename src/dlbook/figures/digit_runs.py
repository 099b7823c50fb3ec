"""Networks 64-32-10 that read the 8×8 digits, one a seed, trained side by side."""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from dlbook.losses import cross_entropy
from dlbook.models.mlp import linears, mlp
from dlbook.random import normal
from dlbook.sweep import sweep


def digit_network(seed: int = 0) -> nn.Sequential:
    """64-32-10 with ReLU, weights from N(0, 2/inputs) and biases 0.

    Reference: He, Zhang, Ren, Sun, "Delving deep into rectifiers", ICCV 2015, section 2.2.
    """
    model = mlp([64, 32, 10], nn.ReLU, seed=seed)
    with torch.no_grad():
        for number, layer in enumerate(linears(model)):
            draws = normal(layer.weight.shape, seed=seed, stream=number)
            layer.weight.copy_(draws * math.sqrt(2 / layer.in_features))
            layer.bias.zero_()
    return model


def predicted_digits(
    train: Callable[[int], tuple[Tensor, Tensor]],
    judge: Callable[[int], Tensor],
    *,
    seeds: Sequence[int],
    num_epochs: int = 20,
) -> Tensor:
    """What each network answers after each epoch: labels (epochs, seeds, images).

    SGD with momentum 0.9, learning rate 0.1 and batches of 50, on the mean cross-entropy.

    Args:
        train: seed -> images (n, 64) and labels (n,); n is the same for all seeds.
        judge: seed -> images (m, 64) to answer.
        seeds: of the initial weights and the order of the images.
        num_epochs: passes over the images.
    """
    runs = sweep(
        digit_network,
        lambda seed: train(seed),
        {"seed": seeds},
        loss_fn=cross_entropy,
        optimizer="momentum",
        hyper={"lr": 0.1},
        num_epochs=num_epochs,
        batch_size=50,
        views={"logits": lambda seed: judge(seed)},
        at_epochs=range(1, num_epochs + 1),
        engine="vmap",
    )
    logits = torch.from_numpy(runs.logits.values)  # (seeds, epochs, images, classes)
    return logits.argmax(-1).transpose(0, 1)
