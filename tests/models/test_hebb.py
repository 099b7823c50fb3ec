"""Where the rules of Hebb, Oja and ADALINE end."""

import pytest
import torch
from sklearn.decomposition import PCA

from dlbook.datasets.toy_classification import blobs
from dlbook.models.hebb import adaline, angle_between, hebb, oja, principal_direction
from dlbook.models.perceptron import with_constant
from dlbook.random import normal

START = torch.tensor([0.1, 0.5])


def _cloud(seed):
    X = normal((200, 2), seed=seed) * torch.tensor([1.2, 0.4])
    X = X @ torch.tensor([[0.8, 0.6], [-0.6, 0.8]])
    return X - X.mean(dim=0)


def test_oja_finds_the_first_eigenvector_at_length_one():
    for seed in range(10):
        X = _cloud(seed)
        w = oja(X, START, lr=0.01, num_steps=1500, seed=seed)[-1]
        cosine = (w @ principal_direction(X)).abs() / w.norm()
        assert cosine > 0.99
        assert abs(w.norm() - 1) < 0.03


def test_hebb_runs_away_along_the_same_direction():
    for seed in range(5):
        X = _cloud(seed)
        w = hebb(X, START, lr=0.01, num_steps=1500, seed=seed)[-1]
        assert w.norm() > 1e4
        assert angle_between(w, principal_direction(X)) < 8


@pytest.mark.parametrize("seed", range(3))
def test_principal_direction_equals_scikit_learn(seed):
    X = _cloud(seed)
    library = torch.tensor(PCA(1).fit(X.numpy()).components_[0])
    assert abs(float(principal_direction(X) @ library)) == pytest.approx(1, abs=1e-5)


def test_adaline_reaches_least_squares_with_shrinking_steps():
    for seed in range(5):
        X, y = blobs(100, 0.7, seed=seed)
        X, y = with_constant(X), 2.0 * y - 1
        solution = torch.linalg.lstsq(X, y[:, None]).solution[:, 0]
        w = adaline(X, y, lr=0.05, num_steps=8_000, decay=0.02, seed=seed)[-1]
        assert (w - solution).norm() < 0.05 * solution.norm()


def test_adaline_hovers_with_constant_steps_and_nearer_with_small_ones():
    X, y = blobs(100, 0.7, seed=0)
    X, y = with_constant(X), 2.0 * y - 1
    solution = torch.linalg.lstsq(X, y[:, None]).solution[:, 0]
    spread = [
        (adaline(X, y, lr=lr, num_steps=6_000, seed=1)[-2_000:] - solution).norm(dim=1).mean()
        for lr in (0.1, 0.01)
    ]
    assert spread[0] > 2 * spread[1]


def test_one_step_of_each_rule_by_hand():
    X, w = torch.tensor([[2.0, 1.0]]), torch.tensor([0.5, -1.0])  # y = 0: nothing happens
    assert torch.equal(hebb(X, w, lr=0.1, num_steps=1)[-1], w)
    w = torch.tensor([1.0, 0.0])  # y = 2
    assert hebb(X, w, lr=0.1, num_steps=1)[-1].tolist() == pytest.approx([1.4, 0.2])
    assert oja(X, w, lr=0.1, num_steps=1)[-1].tolist() == pytest.approx([1.0, 0.2])
    step = adaline(X, torch.tensor([-1.0]), lr=0.1, num_steps=1)[-1]
    assert step.tolist() == pytest.approx([-0.2, -0.1])


def test_angles_do_not_ask_for_the_sign():
    direction = torch.tensor([1.0, 1.0])
    w = torch.tensor([[-1.0, -1.0], [1.0, 0.0], [1.0, -1.0]])
    assert angle_between(w, direction).tolist() == pytest.approx([0, 45, 90], abs=0.05)
