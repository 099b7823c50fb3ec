"""Benchmark of `dlbook.training.fit`: its step beside that of a bare loop with torch.optim.

    python ci/bench_fit.py

Processor time on one thread, in turns; the ratio should be at most 1.1. Decides no test.
"""

import itertools
import statistics
import time

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from dlbook.random import permutation
from dlbook.training import ORDERS, fit

ROUNDS, STEPS, SAMPLES, BATCH_SIZE, LEARNING_RATE = 12, 100, 1_000, 64, 0.01
TWINS = {
    "sgd": (torch.optim.SGD, {}),
    "momentum": (torch.optim.SGD, {"momentum": 0.9}),
    "adam": (torch.optim.Adam, {}),
}
CASES = [
    ([784, 64, 32, 10], "momentum"), ([784, 64, 32, 10], "sgd"), ([784, 64, 32, 10], "adam"),
    ([784, 256, 256, 10], "momentum"), ([784, 256, 256, 10], "adam"),
    ([2, 16, 16, 2], "momentum"), ([2, 16, 16, 2], "adam"),
]  # fmt: skip


def main():
    """Print microseconds a step and their ratio, case by case."""
    torch.set_num_threads(1)
    for widths, optimizer in CASES:
        X = torch.rand(SAMPLES, widths[0])
        y = torch.randint(0, widths[-1], (SAMPLES,))
        times = [(seconds(bare, widths, X, y, optimizer), seconds(ours, widths, X, y, optimizer))
                 for _ in range(ROUNDS)]  # fmt: skip
        by_hand, by_fit = (1e6 * statistics.median(column) for column in zip(*times, strict=True))
        ratio = statistics.median(b / a for a, b in times)
        name = "-".join(map(str, widths))
        print(f"{name:16} {optimizer:9} {by_hand:5.0f} µs {by_fit:5.0f} µs {ratio:5.2f}")


def seconds(train, widths: list[int], X: Tensor, y: Tensor, optimizer: str) -> float:
    """Processor time of a step."""
    layers = [nn.Linear(a, b) for a, b in itertools.pairwise(widths)]
    model = nn.Sequential(*[part for layer in layers for part in (layer, nn.ReLU())][:-1])
    began = time.process_time()
    train(model, X, y, optimizer)
    return (time.process_time() - began) / STEPS


def bare(model: nn.Module, X: Tensor, y: Tensor, optimizer: str):
    """The loop that everybody writes."""
    make, settings = TWINS[optimizer]
    update, losses, epoch = make(model.parameters(), lr=LEARNING_RATE, **settings), [], 0
    while len(losses) < STEPS:
        order = permutation(len(X), seed=0, stream=ORDERS + epoch).split(BATCH_SIZE)
        for batch in order[: STEPS - len(losses)]:
            loss = F.cross_entropy(model(X[batch]), y[batch])
            update.zero_grad()
            loss.backward()
            update.step()
            losses.append(loss.detach())
        epoch += 1


def ours(model: nn.Module, X: Tensor, y: Tensor, optimizer: str):
    """The same by `fit`."""
    fit(model, (X, y), loss_fn=F.cross_entropy, optimizer=optimizer, lr=LEARNING_RATE,
        num_steps=STEPS, batch_size=BATCH_SIZE)  # fmt: skip


if __name__ == "__main__":
    main()
