"""Networks trained side by side: each is what it would be alone, and each can learn."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from dlbook import random
from dlbook.models.network_batch import init_networks, train_networks


@pytest.fixture(scope="module")
def cases():
    """Sixty inputs of five features in three classes."""
    X = random.normal((60, 5), seed=0)
    return X, (X[:, :3]).argmax(1)


def settings(**more):
    return {"num_classes": 3, "hidden_size": 8, "num_epochs": 4, "batch_size": 16} | more


def test_shapes_and_parameter_count():
    networks = init_networks(5, 8, 3, seeds=[0, 1])
    assert networks.logits(torch.zeros(7, 5)).shape == (2, 7, 3)
    assert networks.logits(torch.zeros(2, 7, 5)).shape == (2, 7, 3)
    assert sum(p[0].numel() for p in networks.parameters) == 5 * 8 + 8 + 8 * 3 + 3


def test_initial_weights_have_the_variance_of_he():
    W1, b1, W2, b2 = init_networks(64, 200, 50, seeds=[3]).parameters
    assert W1.var().item() == pytest.approx(2 / 64, rel=0.05)
    assert W2.var().item() == pytest.approx(2 / 200, rel=0.05)
    assert not b1.any()
    assert not b2.any()


def test_logits_and_gradients_equal_a_module(cases):
    X, y = cases
    networks = init_networks(5, 8, 3, seeds=[0, 1])
    parameters = [p.requires_grad_() for p in networks.parameters]
    F.cross_entropy(networks.logits(X)[1], y).backward()
    module = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 3))
    with torch.no_grad():
        for own, theirs in zip(parameters, module.parameters(), strict=True):
            theirs.copy_(own[1])
    F.cross_entropy(module(X), y).backward()
    torch.testing.assert_close(networks.logits(X)[1], module(X))
    for own, theirs in zip(parameters, module.parameters(), strict=True):
        torch.testing.assert_close(own.grad[1], theirs.grad)
        assert theirs.grad.abs().sum() > 0  # a gradient reaches every parameter
        assert not own.grad[0].any()  # and none reaches another network


def test_every_network_trains_as_if_alone(cases):
    X, y = cases
    together = train_networks(X, y, X, seeds=[0, 1, 2], **settings())
    for index, seed in enumerate([0, 1, 2]):
        alone = train_networks(X, y, X, seeds=[seed], **settings())
        assert (together[:, index] != alone[:, 0]).float().mean() < 0.01  # last-bit differences


@pytest.mark.parametrize("seed", [0, 3])
def test_training_is_a_loop_with_torchs_momentum(cases, seed):
    """Predictions after every epoch; logits of two classes are never closer than 1e-4 here."""
    X, y = cases
    start = init_networks(5, 8, 3, seeds=[seed]).parameters
    module = nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 3))
    with torch.no_grad():
        for theirs, own in zip(module.parameters(), start, strict=True):
            theirs.copy_(own[0])
    optimizer = torch.optim.SGD(module.parameters(), lr=0.1, momentum=0.9)
    expected, distances = [], []
    for epoch in range(4):
        for batch in random.permutation(60, seed=seed, stream=2 + epoch).split(16):
            optimizer.zero_grad()
            F.cross_entropy(module(X[batch]), y[batch]).backward()
            optimizer.step()
        best = module(X).detach().topk(2)
        expected.append(best.indices[:, 0])
        distances.append((best.values[:, 0] - best.values[:, 1]).min())
    assert min(distances) > 1e-4
    predicted = train_networks(X, y, X, seeds=[seed], **settings())
    assert torch.equal(predicted[:, 0], torch.stack(expected))


def test_each_network_may_have_its_own_data(cases):
    X, y = cases
    stacked = torch.stack([X, X.flip(0)]), torch.stack([y, y.flip(0)])
    together = train_networks(*stacked, X, seeds=[0, 0], **settings())
    alone = train_networks(X.flip(0), y.flip(0), X, seeds=[0], **settings())
    assert (together[:, 1] != alone[:, 0]).float().mean() < 0.01


def test_eight_points_can_be_overfitted(cases):
    X, _ = cases
    y = torch.tensor([0, 1, 2, 2, 1, 0, 1, 2])
    predicted = train_networks(
        X[:8], y, X[:8], seeds=[0, 1], **settings(num_epochs=150, batch_size=8)
    )
    assert (predicted[-1] == y).all()


def test_predictions_differ_between_seeds(cases):
    X, y = cases
    predicted = train_networks(X, y, X, seeds=[0, 1], **settings(num_epochs=1))
    assert (predicted[0, 0] != predicted[0, 1]).any()
