"""Logistic regression in training: the text's run, who pulls, a wrong label, too long a step."""

import numpy as np
import pytest
import torch

from dlbook.datasets.toy_classification import blobs, two_gaussians
from dlbook.figures import logistic
from dlbook.models import logistic_regression as lr


def numbers(run) -> dict:
    return {name: float(v) for name, v in run.view().items() if v.ndim == 0}


@pytest.fixture(scope="module")
def paths():
    """The same descent in float64, 10,000 steps of size 10."""
    found = {}
    for data in ("apart", "one wrong label"):
        X, labels = logistic.points(data)
        A, y = lr.design_matrix(X), 2.0 * labels.double() - 1
        start = logistic.start(0)["params"]["theta"].double()
        found[data] = A, y, lr.gradient_descent(A, y, start, lr=10.0, num_steps=10_000)
    return found


def test_the_points_are_blobs_and_gaussians():
    X, y = logistic.points("apart", seed=3)
    torch.testing.assert_close((X, y), blobs(100, 0.3, margin=0.15, seed=3))
    X, y = logistic.points("overlapping", seed=3)
    torch.testing.assert_close((X, y), two_gaussians(100, noise=0.6, distance=1.6, seed=3))


@pytest.mark.parametrize("data", ["apart", "one wrong label"])
def test_the_run_is_the_gradient_descent_of_the_text(paths, data):
    A, y, path = paths[data]
    run = logistic.trained(300, data_set=data)
    torch.testing.assert_close(
        run.tensors["params"]["theta"].double(), path[300], rtol=1e-4, atol=0
    )
    view = numbers(run)
    assert view["training_loss"] == pytest.approx(lr.loss(A, y, path[300]).item(), rel=1e-4)
    assert view["wrong"] == int((y * (A @ path[300]) <= 0).sum())


def test_weights_grow_on_clean_data_and_stop_with_one_wrong_label(paths):
    lengths = {data: path[:, :2].norm(dim=1).numpy() for data, (_, _, path) in paths.items()}
    assert lengths["apart"][-1] > 1.5 * lengths["apart"][100]
    assert lengths["one wrong label"][-1] == pytest.approx(4.15, abs=0.005)
    assert lengths["one wrong label"][-1] == pytest.approx(
        lengths["one wrong label"][300], rel=1e-3
    )


def test_after_one_step_no_clean_sample_is_wrong_and_at_the_end_five_have_the_pull(paths):
    assert numbers(logistic.trained(0))["wrong"] > 20
    assert numbers(logistic.trained(1))["wrong"] == 0
    A, y, path = paths["apart"]
    pull = lr.pull(A, y, path[-1]).float()
    assert float(logistic.share_of_largest(pull, 5)) == pytest.approx(0.70, abs=0.005)
    assert float(logistic.share_of_largest(pull, 5)) == pytest.approx(
        float(pull.topk(5).values.sum() / pull.sum())
    )


def test_the_wrong_sample_is_the_largest_marker():
    view = logistic.trained(1_000, data_set="one wrong label").view()
    sizes = view["size"][view["x1_of_1"] > -90]
    assert sizes.max() > 19
    assert np.sort(sizes)[-2] < 10


def test_one_point_of_the_wrong_class_takes_the_certainty_back():
    """Seen: from 10.7, 12.2, 13.9 to 4.6, 4.9, 5.0 within 300 steps."""
    for seed in range(3):
        run = logistic.trained(1_000, seed=seed)
        before = numbers(run)["length"]
        other = logistic.trained(0, seed=seed, points=[(-1.5, 0.0, 1)])
        run.set_points(other.points)
        run.step(300)
        after = numbers(run)
        assert after["length"] < 0.5 * before
        assert (after["wrong"], after["count"]) == (1, 101)
        run.step(100)
        assert numbers(run)["length"] == pytest.approx(after["length"], rel=0.01)


def test_a_step_that_is_too_long_is_told_where_it_is():
    """η = 100, 300 steps: on clean data the loss never rose, elsewhere in every second or third."""
    for seed in range(3):
        rising = {
            data: numbers(logistic.trained(300, data_set=data, lr=100.0, seed=seed))
            for data in logistic.DATA_SETS
        }
        assert rising["apart"]["too_long"] == 0
        for data in ("one wrong label", "overlapping"):
            assert rising[data]["rising"] > 0.2
            assert rising[data]["too_long"] == 1


def test_lowering_the_rate_during_the_run_brings_it_to_rest():
    run = logistic.trained(200, data_set="overlapping", lr=100.0)
    run.change(run.settings | {"lr": 10.0})
    run.step(200)
    view = numbers(run)
    assert view["too_long"] == 0
    assert run.num_steps == 400
