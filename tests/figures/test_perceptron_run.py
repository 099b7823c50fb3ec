"""A perceptron in training: each update is one mistake, and the run stays in the wedge."""

import numpy as np
import pytest
import torch

from dlbook.figures import perceptron_training as pt
from dlbook.figures.perceptron import points, run_and_proof
from dlbook.figures.perceptron_digits import digit_run, perceptron_weights
from dlbook.figures.point_places import UNSEEN
from dlbook.models.perceptron import ORDERS, mistake_bound, run_perceptron

STRANGER = (-0.5, -0.6, 1)  # a point of class +1 deep on the other side


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("order", ["in turn", "worst first"])
def test_the_updates_are_those_of_the_algorithm(order, seed):
    X, y = points(0.05, seed)
    whole, run = (
        run_perceptron(X, y, order=order),
        pt.trained(0, margin=0.05, order=order, seed=seed),
    )
    torch.testing.assert_close(run.tensors["batch"]["X"][:40], X, rtol=0, atol=1e-6)
    for k, n in enumerate(whole.mistakes.tolist(), start=1):
        run.step()
        assert int(run.tensors["state"]["last"].argmax()) == n
        assert run.over == (k == whole.num_updates)
    torch.testing.assert_close(run.tensors["params"]["w"], whole.weights[-1], rtol=0, atol=1e-5)


@pytest.mark.parametrize("seed", range(5))
def test_at_random_each_update_is_one_of_the_mistakes_and_not_always_the_first(seed):
    run, first = pt.trained(0, order="at random", seed=seed), 0
    while not run.over:
        wrong = run.view()["ring_x1"][:40] > UNSEEN
        run.step()
        n = int(run.tensors["state"]["last"].argmax())
        assert wrong[n]
        first += n == wrong.argmax()
    assert first < run.num_steps


@pytest.mark.parametrize("order", ORDERS)
def test_the_run_stays_in_the_wedge_and_ends_before_its_tip(order):
    for seed in range(3):
        run = pt.trained(0, order=order, seed=seed)
        while not run.over:
            run.step()
            view = run.view()
            inner = (view["lower"], view["progress"], view["length"], view["upper"])
            assert (np.diff(inner) > -1e-4).all()
        assert run.num_steps == view["updates"] < view["bound"]
        assert view["wrong"] == 0
        assert view["settled"] == 1


def test_the_bound_is_that_of_a_direction_that_parts_the_points():
    """Of the best one in steps of 0.05°: below that of the direction that made the points."""
    for seed in range(5):
        batch = pt.trained(0, seed=seed).tensors["batch"]
        X, y = batch["X"][:40], batch["y"][:40]
        bound = mistake_bound(X, y, batch["w_star"])
        assert float(pt.trained(0, seed=seed).view()["bound"]) == pytest.approx(bound, abs=1)
        assert bound <= mistake_bound(X, y, pt.W_STAR) + 1


def test_with_a_stranger_among_them_the_points_never_settle_and_have_no_bound():
    for seed in range(3):
        run = pt.trained(500, seed=seed, points=[STRANGER])
        view = run.view()
        assert not run.over
        assert (view["hopeless"], view["bound"]) == (1, 0)
        assert view["length"] <= view["upper"]
        assert view["end_x"] < 1e-6  # the tip is out of sight


def test_a_point_on_the_right_side_is_no_stranger():
    run = pt.trained(1_000, points=[(0.5, 0.6, 1)])
    assert run.over
    assert run.view()["count"] == 41


def test_rings_are_around_what_is_wrong_now():
    for steps in (1, 5, 20):
        view = pt.trained(steps).view()
        assert (view["ring_x1"] > UNSEEN).sum() == view["wrong"]


def test_the_red_arrow_leads_from_the_old_weights_to_the_new():
    run = pt.trained(7, order="worst first")
    view, w = run.view(), run.tensors["params"]["w"]
    assert view["added_x1"][0] == view["before_x1"][1]
    assert [view["added_x1"][1], view["added_x2"][1]] == pytest.approx((0.5 * w).tolist())
    _, w_before = (run_and_proof(0.02, "worst first")[0].weights[k] for k in (7, 6))
    assert view["before_x1"][1] == pytest.approx(float(w_before[0]) / 2, abs=1e-6)


def test_the_image_shows_the_weights():
    weights, train, _ = digit_run(3, 8)
    figure = perceptron_weights((3, 8), 5)
    np.testing.assert_allclose(figure.data[0].z[::-1], weights[5].reshape(8, 8))
    for update in (1, 5, 200):
        image = perceptron_weights((3, 8), update).data[0]
        assert np.abs(image.z).max() == pytest.approx(image.zmax)  # the first ones are seen, too
    assert "a weight of 0.9 (at the end 7.3)" in perceptron_weights((3, 8), 1).layout.meta["status"]
    assert train[-1] == 0
    assert torch.equal(weights[0], torch.zeros(64))
    assert "the last one" in perceptron_weights((3, 8), 200).layout.meta["status"]
