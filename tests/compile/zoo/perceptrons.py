"""Multilayer perceptrons: activations, normalisation, dropout, residual connections."""

from functools import partial

import torch
from torch import nn
from torch.nn import functional as F

from zoo.training import digits, moons, random_numbers, supervised

ACTIVATIONS = {
    "relu": nn.ReLU, "tanh": nn.Tanh, "gelu": nn.GELU, "sigmoid": nn.Sigmoid, "silu": nn.SiLU,
    "leaky_relu": nn.LeakyReLU, "elu": nn.ELU, "softplus": nn.Softplus, "mish": nn.Mish,
    "hardtanh": nn.Hardtanh, "selu": nn.SELU, "gelu_tanh": partial(nn.GELU, approximate="tanh"),
}  # fmt: skip


def binary_loss(call, b):
    return F.binary_cross_entropy_with_logits(call(b["X"]).squeeze(-1), b["y"])


def mlp(activation, optimizer: str = "momentum", lr: float = 0.05):
    model = nn.Sequential(
        nn.Linear(2, 16), activation(), nn.Linear(16, 16), activation(), nn.Linear(16, 1)
    )
    return supervised(model, binary_loss, moons(), optimizer, lr)


def one_layer(*layers: nn.Module):
    return supervised(
        nn.Sequential(nn.Linear(2, 16), *layers, nn.Linear(16, 1)), binary_loss, moons()
    )


def layer_norm():
    return one_layer(nn.LayerNorm(16), nn.ReLU())


def batch_norm():
    return one_layer(nn.BatchNorm1d(16, track_running_stats=False), nn.ReLU())


def group_norm():
    return one_layer(nn.GroupNorm(4, 16), nn.Tanh())


class Dropout(nn.Module):
    """Dropout with its mask given."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(2, 16), nn.Linear(16, 1)

    def forward(self, X, u, p):
        hidden = torch.relu(self.first(X))
        return self.last(torch.where(u < p, 0.0, hidden) / (1 - p))


def dropout():
    u = torch.rand(256, 16, generator=random_numbers())
    return supervised(
        Dropout(),
        lambda call, b: F.binary_cross_entropy_with_logits(
            call(b["X"], b["u"], b["p"]).squeeze(-1), b["y"]
        ),
        moons() | {"u": u, "p": torch.tensor(0.2)},
    )


class Residual(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.inner = nn.Linear(width, width)

    def forward(self, x):
        return x + torch.relu(self.inner(x))


def residual():
    return one_layer(Residual(16), Residual(16))


def three_classes():
    """Classes as one-hot targets, label smoothing, a penalty on the logits' spread."""

    def loss(call, b):
        logits = call(b["X"])
        return (
            F.cross_entropy(logits, b["y"], label_smoothing=0.1) + 1e-3 * logits.logsumexp(1).mean()
        )

    batch = digits(96)
    return supervised(
        nn.Sequential(nn.Flatten(), nn.Linear(64, 16), nn.ReLU(), nn.Linear(16, 10)), loss, batch
    )


EXAMPLES = {f"mlp_{name}": partial(mlp, a) for name, a in ACTIVATIONS.items()} | {
    "mlp_adam": partial(mlp, nn.Tanh, "adamw", 0.01),
    "layer_norm": layer_norm,
    "batch_norm": batch_norm,
    "group_norm": group_norm,
    "dropout": dropout,
    "residual": residual,
    "label_smoothing": three_classes,
}
