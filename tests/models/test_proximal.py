"""Penalties on network weights: exact zeros under L1, smaller weights under L2, biases free."""

import pytest
import torch
from torch import nn

from dlbook.datasets.digits import split_digits
from dlbook.models.proximal import fit_softmax, penalised, penalty, shrink_


def _digits(num: int = 400):
    (X, y), _ = split_digits()
    return X[:num] / 16, y[:num]


def test_biases_are_excluded():
    model = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))
    assert [p.shape for p in penalised(model)] == [(4, 3), (2, 4)]
    with torch.no_grad():
        for p in model.parameters():
            p.fill_(-2.0)
    assert penalty(model, l1=1.0, l2=10.0).item() == 20 * (2.0 + 10 * 4.0)


def test_step_of_the_penalty():
    w = torch.tensor([1.0, -0.05, 0.0])
    shrink_([w], 0.1, l1=1.0, l2=5.0)
    torch.testing.assert_close(w, torch.tensor([0.45, 0.0, 0.0]))


def test_step_of_the_penalty_minimises_it():
    w = torch.tensor([0.7], dtype=torch.float64)
    trial = torch.linspace(-1, 1, 200_001, dtype=torch.float64)
    values = (trial - 0.7) ** 2 / (2 * 0.2) + 0.3 * trial.abs() + 2.0 * trial**2
    shrink_([w], 0.2, l1=0.3, l2=2.0)
    assert float(w) == pytest.approx(float(trial[values.argmin()]), abs=1e-5)


@pytest.mark.parametrize("setting", [{"l1": 1e-2}, {"l2": 1e-2}, {}])
def test_fit_is_at_the_minimum(setting):
    X, y = _digits()
    X = X.double()
    model = fit_softmax(X, y, lr=0.2, num_steps=4_000, **setting)
    loss = (
        nn.functional.cross_entropy(model(X), y)
        + setting.get("l2", 0) * model.weight.square().sum()
    )
    gradient, bias_gradient = torch.autograd.grad(loss, (model.weight, model.bias))
    l1 = setting.get("l1", 0.0)
    used = model.weight != 0
    assert (gradient + l1 * torch.sign(model.weight))[used].abs().max() < 2e-3
    assert (gradient[~used].abs() <= l1 + 1e-6).all()
    assert bias_gradient.abs().max() < 2e-3


def test_l1_gives_zeros_and_l2_gives_small_weights():
    X, y = _digits()
    sparse, small, free = (
        fit_softmax(X, y, lr=0.2, **setting) for setting in ({"l1": 1e-2}, {"l2": 1e-2}, {})
    )
    pixels = (X != 0).any(dim=0)  # a pixel that is always white has weight 0 in any case
    shares = [float((m.weight[:, pixels] != 0).float().mean()) for m in (sparse, small, free)]
    assert shares[0] < 0.2
    assert shares[1:] == [1.0, 1.0]
    assert small.weight.abs().max() < free.weight.abs().max() / 2
    assert (sparse.bias != 0).all()


def test_shape_and_overfitting_of_eight_points():
    X, y = _digits(8)
    model = fit_softmax(X, y, lr=0.2)
    assert model.weight.shape == (int(y.max()) + 1, 64)
    assert (model(X).argmax(dim=1) == y).all()
    assert not model.training
