import pytest
import torch

from dlbook.losses import cross_entropy
from dlbook.models.mlp import mlp
from dlbook.models.mlp_batch import outputs_of, train_side_by_side
from dlbook.random import integers, normal

X, Y = normal((30, 4), seed=0), integers(3, 30, seed=1)


@pytest.mark.parametrize("adam", [False, True])
def test_each_network_is_trained_as_if_alone(adam):
    models = [mlp([4, 6, 3], seed=seed) for seed in range(3)]
    before = [p.clone() for p in models[0].parameters()]
    trained = train_side_by_side(models, X, Y, cross_entropy, num_steps=30, lr=0.05, adam=adam)
    assert all(map(torch.equal, before, models[0].parameters()))
    together = outputs_of(models[0], trained, X)
    for model, theirs in zip(models, together, strict=True):
        optimizer = (torch.optim.Adam if adam else torch.optim.SGD)(model.parameters(), lr=0.05)
        for _ in range(30):
            optimizer.zero_grad()
            cross_entropy(model(X), Y).mean().backward()
            optimizer.step()
        assert torch.allclose(model(X), theirs, atol=1e-5)


def test_loss_falls():
    models = [mlp([4, 6, 3], seed=seed) for seed in range(3)]
    trained = train_side_by_side(models, X, Y, cross_entropy, num_steps=50, lr=0.1)
    for model, outputs in zip(models, outputs_of(models[0], trained, X), strict=True):
        assert cross_entropy(outputs, Y).mean() < cross_entropy(model(X), Y).mean() - 0.05
