"""Every member of a sweep is what it would have become by itself, in `training.fit`."""

import inspect
from itertools import product

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dlbook.datasets.toy_classification import moons
from dlbook.models.mlp import mlp
from dlbook.sweep import sweep
from dlbook.training import fit, predict

DECAYS, SEEDS = (0.0, 0.01), (0, 3)
DATA = moons(60, 0.1, seed=0)
IMAGES = (
    torch.randn(40, 1, 6, 6, generator=torch.Generator().manual_seed(0)),
    torch.arange(40) % 3,
)


def perceptron(width=4, seed=0):
    return mlp([2, width, width, 2], nn.Tanh, seed=seed)


def convolutional(channels=3):
    """Its parameters come from torch's generator."""
    return nn.Sequential(
        nn.Conv2d(1, channels, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(4 * channels, 3),
    )


def normalized(seed=0):
    """No bias before batch norm: its gradient is zero but for rounding, which Adam blows up."""
    first, *others = mlp([2, 6, 2], nn.ReLU, seed=seed)
    linear = nn.Linear(2, 6, bias=False)
    linear.weight = first.weight
    return nn.Sequential(linear, nn.BatchNorm1d(6), *others)


def pooled():
    """Every kind of layer for images, and rows that are shorter than a vector.

    No bias before batch norm, as in `normalized`.
    """
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, bias=False),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.AvgPool2d(2),
        nn.Conv2d(4, 6, 2, stride=2, padding=1, groups=2),
        nn.Tanh(),
        nn.Conv2d(6, 5, 1, bias=False),
        nn.MaxPool2d(2, stride=1),
        nn.LayerNorm([5, 1, 1]),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Softmax(1),
        nn.Linear(5, 3),
    )


class Recurrent(nn.Module):
    """Reads a point as a sequence of two numbers."""

    def __init__(self):
        super().__init__()
        self.cell, self.head = nn.GRUCell(1, 5), nn.Linear(5, 2)

    def forward(self, X):
        h = X.new_zeros(len(X), 5)
        for t in range(2):
            h = self.cell(X[:, t : t + 1], h)
        return self.head(h)


class Attention(nn.Module):
    """Two tokens that look at each other."""

    def __init__(self):
        super().__init__()
        self.embed, self.qkv, self.head = nn.Linear(1, 8), nn.Linear(8, 24), nn.Linear(16, 2)

    def forward(self, X):
        q, k, v = self.qkv(self.embed(X[..., None])).chunk(3, -1)
        return self.head(F.scaled_dot_product_attention(q, k, v).flatten(1))


def alone(make_model, data, seed, **settings):
    """The member's own run: its losses, and the logits of what was trained."""
    if "seed" in inspect.signature(make_model).parameters:
        model = make_model(seed=seed)
    else:
        torch.manual_seed(seed)
        model = make_model()
    history = fit(model, data, loss_fn=F.cross_entropy, seed=seed, **settings)
    return history.losses.numpy(), predict(model, data[0]).numpy()


MODELS = {
    "mlp": (perceptron, DATA),
    "cnn": (convolutional, IMAGES),
    "pooling": (pooled, IMAGES),
    "batch norm": (normalized, DATA),
    "gru": (Recurrent, DATA),
    "attention": (Attention, DATA),
}

# compiling takes 5 to 10 s, so only some cases are
CASES = [
    *product(MODELS, ("sgd", "momentum", "adam"), ("vmap", "graph", "sequential")),
    ("mlp", "sgd", "compiled"),
    ("attention", "adam", "compiled"),
    ("cnn", "adam", "compiled"),
]


@pytest.mark.parametrize(("name", "optimizer", "engine"), CASES)
def test_members_equal_their_own_runs(name, optimizer, engine):
    make_model, data = MODELS[name]
    rates = [0.01, 0.05] if optimizer != "adam" else [0.001, 0.01]
    runs = sweep(
        make_model,
        data,
        {"lr": rates, "weight_decay": DECAYS, "seed": SEEDS},
        loss_fn=F.cross_entropy,
        optimizer=optimizer,
        num_steps=12,
        batch_size=16,
        engine=engine,
        views={"logits": data[0]},
    )
    assert runs.attrs["engine"] == engine
    for lr, decay, seed in product(rates, DECAYS, SEEDS):
        settings = {"lr": lr, "hyper": {"weight_decay": decay}, "optimizer": optimizer}
        losses, logits = alone(make_model, data, seed, num_steps=12, batch_size=16, **settings)
        own = runs.sel(lr=lr, weight_decay=decay, seed=seed)
        np.testing.assert_allclose(own.loss, losses, rtol=0, atol=2e-6)
        np.testing.assert_allclose(own.logits[0], logits, rtol=0, atol=2e-5)


@pytest.mark.parametrize("engine", ["vmap", "graph", "sequential"])
def test_schedule_and_clipping_are_those_of_fit(engine):
    settings = {"num_steps": 20, "clip_norm": 0.1}
    runs = sweep(
        perceptron,
        DATA,
        {"lr": [0.5, 1.0], "clip_norm": [0.1, 0.2]},
        loss_fn=F.cross_entropy,
        num_steps=20,
        engine=engine,
    )
    for lr in (0.5, 1.0):
        losses, _ = alone(perceptron, DATA, 0, lr=lr, **settings)
        np.testing.assert_allclose(runs.loss.sel(lr=lr, clip_norm=0.1), losses, atol=2e-6)
    assert abs(runs.loss.diff("clip_norm")).max() > 1e-3
