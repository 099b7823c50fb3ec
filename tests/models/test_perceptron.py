"""The perceptron stops, and every inequality of the proof holds on the way."""

import math

import pytest
import torch
from sklearn.linear_model import Perceptron

from dlbook.datasets.digits import in_file_order
from dlbook.datasets.separable import strips
from dlbook.models.perceptron import (
    ORDERS,
    decide,
    margin_along,
    mistake_bound,
    mistakes_after,
    orthogonal_points,
    run_perceptron,
    shuffled,
    signed_distance,
    track_proof,
    train_in_passes,
    with_constant,
)
from dlbook.random import normal, uniform

W_STAR = torch.tensor([math.cos(0.9), math.sin(0.9)])


def _points(margin, seed, num_points=40):
    X, y = strips(num_points, margin, seed=seed, angle=0.9)
    return X, 2.0 * y - 1


def _random_set(seed, dimension):
    """Points in a few dimensions, parted by a random direction with a random margin."""
    w_star = normal(dimension, seed=seed)
    w_star = w_star / w_star.norm()
    X = normal((60, dimension), seed=seed, stream=1)
    y = torch.where(X @ w_star >= 0, 1.0, -1.0)
    room = 0.02 + 0.3 * float(uniform(1, seed=seed, stream=2))
    return X + room * y[:, None] * w_star, y, w_star


@pytest.mark.parametrize("order", ORDERS)
def test_stops_without_errors_on_separable_points(order):
    for seed in range(10):
        X, y = _points(0.05, seed)
        run = run_perceptron(X, y, order=order, seed=seed)
        assert run.converged
        assert (y * (X @ run.weights[-1]) > 0).all()


def test_updates_stay_below_the_bound_on_200_random_sets():
    ratios = []
    for seed in range(200):
        X, y, w_star = _random_set(seed, dimension=2 + seed % 9)
        run = run_perceptron(X, y, order=ORDERS[seed % 3], seed=seed)
        assert run.converged
        ratios.append(run.num_updates / mistake_bound(X, y, w_star))
    assert max(ratios) < 0.25  # seen: 0.12
    assert min(ratios) > 0


def test_the_four_lines_keep_their_order_at_every_update():
    for seed in range(60):
        X, y, w_star = _random_set(seed, dimension=2 + seed % 9)
        X, w_star, y = X.double(), w_star.double(), y.double()
        run = run_perceptron(X, y, order=ORDERS[seed % 3], seed=seed)
        proof = track_proof(run, X, y, w_star)
        assert (proof.progress - proof.lower >= -1e-9).all()
        assert (proof.length - proof.progress >= -1e-9).all()
        assert (proof.upper - proof.length >= -1e-9).all()
        assert (proof.progress.diff() > 0).all()


@pytest.mark.parametrize("num_points", [5, 40, 100])
def test_points_at_right_angles_reach_the_bound(num_points):
    X, y = orthogonal_points(num_points)
    run = run_perceptron(X, y)
    assert run.num_updates == num_points
    assert mistake_bound(X, y, torch.ones(num_points).double()) == pytest.approx(num_points)


def test_overlap_of_directions_lowers_the_bound():
    X, y = orthogonal_points(40, overlap=0.1)
    gram = torch.full((40, 40), 0.1).double() + 0.9 * torch.eye(40)
    assert torch.allclose(X @ X.T, gram)
    w_star = torch.linalg.solve(X, torch.ones(40).double())
    assert mistake_bound(X, y, w_star) < 10


def test_scaling_changes_neither_the_run_nor_the_bound():
    for seed in range(10):
        X, y = _points(0.05, seed)
        small, large = run_perceptron(X, y), run_perceptron(64 * X, y)
        assert torch.equal(small.mistakes, large.mistakes)
        assert mistake_bound(64 * X, y, W_STAR) == pytest.approx(
            mistake_bound(X, y, W_STAR), rel=1e-5
        )


def test_the_bound_needs_a_direction_that_separates():
    X, y = _points(0.1, 0)
    with pytest.raises(ValueError, match="w\\* must separate"):
        mistake_bound(X, y, -W_STAR)


@pytest.mark.parametrize("seed", range(5))
def test_equals_scikit_learn(seed):
    X, y = _points(0.05, seed)
    library = Perceptron(fit_intercept=False, shuffle=False, tol=None, max_iter=200)
    library.fit(X.double().numpy(), y.numpy())
    weights, _ = train_in_passes(X.double(), y.double(), max_passes=200)
    assert weights[-1].numpy() == pytest.approx(library.coef_[0], abs=1e-9)


def test_passes_and_turns_are_the_same_algorithm():
    for seed in range(5):
        X, y = _points(0.05, seed)
        weights, changes = train_in_passes(X, y)
        run = run_perceptron(X, y)
        assert torch.allclose(weights[-1], run.weights[-1])
        assert sum(changes) == run.num_updates
        assert changes[-1] == 0


def test_zeros_and_ones_take_four_updates_in_the_first_pass_then_none():
    train, test = in_file_order(0, 1)
    assert (len(train[1]), len(test[1])) == (270, 90)
    _, changes = train_in_passes(*train)
    assert changes == [4, 0]


def test_a_third_of_the_updates_make_more_points_wrong():
    shares = []
    for seed in range(20):
        X, y = _points(0.02, seed)
        wrong = mistakes_after(run_perceptron(X, y, order="worst first"), X, y)
        shares.append((wrong[2:] > wrong[1:-1]).float().mean().nan_to_num())
        assert wrong[-1] == 0
    assert 0.25 < torch.stack(shares).mean() < 0.5  # seen: 0.39


def test_points_that_no_line_parts_are_never_done():
    X = torch.tensor([[1.0, 1.0], [-1.0, -1.0], [1.0, -1.0], [-1.0, 1.0]])
    run = run_perceptron(with_constant(X), torch.tensor([1.0, 1.0, -1.0, -1.0]), max_updates=500)
    assert not run.converged
    assert run.num_updates == 500


def test_a_constant_input_is_a_bias():
    X, y = _points(0.1, 1)
    w, b = torch.tensor([0.3, -1.2]), 0.7
    assert torch.equal(decide(X, w, b), decide(with_constant(X), torch.cat([w, torch.tensor([b])])))
    assert margin_along(X, y, W_STAR) >= 0.1 - 1e-6


def test_signed_distance_by_hand():
    X = torch.tensor([[2.0, 1.0], [0.0, -1.0]])
    assert signed_distance(X, torch.tensor([3.0, 4.0]), -5.0).tolist() == pytest.approx([1.0, -1.8])
    assert decide(X, torch.tensor([3.0, 4.0]), -5.0).tolist() == [1.0, -1.0]
    assert decide(torch.zeros(1, 2), torch.ones(2)).tolist() == [1.0]  # a score of 0 is +1


def test_the_input_is_a_vector():
    """E-01: the slide writes x in R; the score of an n-vector is one number."""
    X = normal((7, 5), seed=0)
    assert decide(X, normal(5, seed=1)).shape == (7,)


def test_shuffling_keeps_pairs_together():
    X, y = _points(0.1, 0)
    X2, y2 = shuffled(torch.cat([X, y[:, None]], dim=1), y, seed=4)
    assert torch.equal(X2[:, 2], y2)
    assert not torch.equal(y, y2)


@pytest.mark.parametrize(
    ("order", "labels"), [("best first", [1.0, -1.0]), ("in turn", [0.0, 1.0])]
)
def test_wrong_settings_are_named(order, labels):
    with pytest.raises(ValueError, match="must be"):
        run_perceptron(torch.eye(2), torch.tensor(labels), order=order)
