"""Linear models: regression, the perceptron, logistic and softmax regression, a sparse one."""

import torch
from torch import nn
from torch.nn import functional as F

from zoo.training import digits, moons, random_numbers, supervised


def polynomial():
    x = torch.linspace(-1, 1, 40)
    X = torch.stack([x**k for k in range(10)], 1)
    y = torch.sin(3 * x) + 0.1 * torch.randn(40, generator=random_numbers())
    return supervised(
        nn.Linear(10, 1, bias=False),
        lambda call, b: F.mse_loss(call(b["X"]).squeeze(-1), b["y"]),
        {"X": X, "y": y},
    )


def logistic():
    return supervised(
        nn.Linear(2, 1),
        lambda call, b: F.binary_cross_entropy_with_logits(call(b["X"]).squeeze(-1), b["y"]),
        moons(),
    )


def perceptron():
    return supervised(
        nn.Linear(2, 1),
        lambda call, b: F.relu(-(2 * b["y"] - 1) * call(b["X"]).squeeze(-1)).mean(),
        moons(),
    )


def hinge_and_lasso():
    def loss(call, b):
        w = call(torch.eye(2)) - call(torch.zeros(1, 2))
        margins = (2 * b["y"] - 1) * call(b["X"]).squeeze(-1)
        return torch.clamp(1 - margins, min=0).mean() + 0.01 * w.abs().sum()

    return supervised(nn.Linear(2, 1), loss, moons())


def softmax():
    return supervised(
        nn.Sequential(nn.Flatten(), nn.Linear(64, 10)),
        lambda call, b: F.cross_entropy(call(b["X"]), b["y"]),
        digits(128),
    )


def huber():
    x = torch.linspace(-1, 1, 40)[:, None]
    return supervised(
        nn.Linear(1, 1),
        lambda call, b: F.huber_loss(call(b["X"]), b["y"]) + F.l1_loss(call(b["X"]), b["y"]),
        {"X": x, "y": 2 * x + torch.randn(40, 1, generator=random_numbers())},
    )


EXAMPLES = {
    "polynomial": polynomial,
    "logistic": logistic,
    "perceptron": perceptron,
    "hinge_and_lasso": hinge_and_lasso,
    "softmax": softmax,
    "huber": huber,
}
