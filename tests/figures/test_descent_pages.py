"""What the figures of gradient descent and logistic regression show."""

import numpy as np
import pytest
from sklearn.svm import SVC
from torch import nn
from torch.nn.functional import mse_loss

from dlbook.figures import basins, logistic, network_slice, promise, variants
from dlbook.models.mlp import mlp
from dlbook.training import fit


def trace(figure, name):
    return next(t for t in figure.data if t.name == name)


def status(figure):
    return figure.layout.meta["status"]


@pytest.mark.parametrize(
    ("rate", "end", "verdict"),
    [
        (0.125, 0.6, "better than promised"),
        (0.25, 0.0, "exactly as promised"),
        (0.5, -1.2, "stays at 2.88: the promise is broken"),
        (0.51, -1.248, "rises from 2.88 to 3.12: the promise is broken"),
    ],
)
def test_the_promise_in_a_bowl_of_curvature_4(rate, end, verdict):
    figure = promise.promised_step("bowl", 1.2, rate)
    assert trace(figure, "promise").x[0] == pytest.approx(end)
    assert verdict in status(figure)


def test_the_parabola_touches_the_loss_at_the_start_and_is_lowest_at_the_promise():
    figure = promise.promised_step("two valleys", -0.45, 0.125)
    parabola, loss = (np.asarray(trace(figure, name).y) for name in ("parabola", "loss"))
    x = np.asarray(trace(figure, "loss").x)
    near = np.abs(x + 0.45).argmin()
    assert parabola[near] == pytest.approx(loss[near], abs=0.01)
    assert x[parabola.argmin()] == pytest.approx(trace(figure, "promise").x[0], abs=0.03)


def test_a_large_step_leaves_the_deeper_valley():
    held = promise.descent_on_curve("two valleys", 0.03, -1.2)
    thrown = promise.descent_on_curve("two valleys", 0.5, -1.2)
    assert trace(held, "after 30 steps").x[0] < -0.9
    assert trace(thrown, "after 30 steps").x[0] > 0.9


def test_walks_that_rest_bounce_and_run_away_are_told_apart():
    assert "rests" in status(promise.descent_on_curve("bowl", 0.25, 1.2))
    assert "to and fro by about 2.4" in status(promise.descent_on_curve("bowl", 0.5, 1.2))
    assert "runs away" in status(promise.descent_on_curve("bowl", 0.51, 1.2))


def test_a_walk_that_rests_leaves_the_picture_of_gaps_and_never_runs_level():
    """Measured from the grid's lowest place, not the curve's, it ran level at 10⁻⁶."""
    figure = promise.descent_on_curve("two valleys", 0.03, -1.2)
    gap = np.asarray(figure.data[-1].y)
    assert "rests, less than 10⁻⁶ above the lowest point" in status(figure)
    assert (np.diff(gap[:20]) < 0).all()
    assert gap[-1] < 10.0 ** figure.layout.yaxis2.range[0]


@pytest.mark.parametrize("curve", promise.CURVES)
def test_start_promise_and_landing_are_in_the_picture_or_pointed_to(curve):
    for rate in (0.03, 0.125, 0.25, 0.5, 0.51, 1.0):
        for start in np.linspace(-1.5, 1.5, 21):
            figure = promise.promised_step(curve, float(start), rate)
            marks = [trace(figure, name) for name in ("start", "promise", "lands lower")]
            marks.append(trace(figure, "lands no lower"))
            seen = [mark for mark in marks if mark.y[0] != promise.PARKED]
            assert len(seen) == 3
            assert all(-2.2 < m.x[0] < 2.2 and promise.LOW < m.y[0] < promise.HIGH for m in seen)
            triangles = any("triangle" in (mark.marker.symbol or "") for mark in seen)
            assert triangles == ("triangle at the edge" in status(figure))
            assert rate == 1.0 or not triangles


def test_minima_stop_holding_one_after_the_other():
    limits = basins.limits()
    assert [round(limit, 4) for limit in limits] == [0.0243, 0.0248, 0.019, 0.0149]
    for rate in (0.014, 0.016, 0.02, 0.024, 0.026):
        held = set(np.unique(basins.ends(rate))) - {basins.NOWHERE}
        assert held == {k for k, limit in enumerate(limits) if rate < limit}


def test_small_steps_reach_a_minimum_from_everywhere():
    assert (basins.ends(0.01) != basins.NOWHERE).all()


def test_most_walks_that_end_elsewhere_had_no_choice_and_yet_more_of_the_others_do():
    for rate, every, free in ((0.002, 0.017, 0.017), (0.014, 0.053, 0.053), (0.024, 0.308, 0.126)):
        assert basins.share_elsewhere(rate) == pytest.approx(every, abs=0.002)
        assert basins.share_elsewhere(rate, nearest_holds=True) == pytest.approx(free, abs=0.002)


def test_the_drawn_walk_begins_at_the_start():
    figure = basins.basins(0.01, -3, 4)
    walk = trace(figure, "the first 40 steps")
    assert (walk.x[0], walk.y[0]) == (-3, 4)
    assert "ends in B" in status(figure)


def test_relabelled_networks_are_equal_and_their_middle_is_not():
    first, middle, second = (
        np.asarray(network_slice.network_slice(network_slice.SECOND[0], t).data[-1].y)
        for t in (0.0, 0.5, 1.0)
    )
    assert np.allclose(first, second, atol=1e-9)
    assert np.abs(middle - first).max() > 1
    words = [status(network_slice.network_slice(network_slice.SECOND[0], t)) for t in (0.0, 0.5)]
    assert "error is 0.00402" in words[0]
    assert "error is 0.685" in words[1]


def test_shades_cover_the_whole_range_of_the_loss():
    for second in network_slice.SECOND:
        shades = np.asarray(network_slice.network_slice(second, 0.0).data[0].z)
        assert 0 < shades.min() < 0.02
        assert 0.8 < shades.max() < 1


def test_one_start_gets_stuck():
    errors = [
        network_slice.mean_squared_error(
            network_slice.trained_parameters(s), *network_slice._data()
        )
        for s in network_slice.SEEDS.values()
    ]
    assert errors[0] < 0.006
    assert errors[1] < 0.006
    assert errors[2] > 0.03
    assert 7 < errors[2] / errors[0] < 9


def test_the_stuck_start_stays_stuck():
    """Seen: 0.0314 after 1,500 steps, 0.0313 after 10,000."""
    x, y = (values.unsqueeze(1) for values in network_slice._data())
    model = mlp([1, 3, 1], nn.Tanh, seed=network_slice.SEEDS["a start that got stuck"]).double()
    history = fit(model, (x, y), loss_fn=mse_loss, optimizer="adam", lr=0.03, num_steps=10_000)
    assert history.losses[1_499].item() == pytest.approx(0.0314, abs=1e-4)
    assert history.losses[-1].item() == pytest.approx(0.0313, abs=1e-4)


def test_the_widest_margin_of_the_clean_data():
    X, labels = logistic.points("apart")
    machine = SVC(kernel="linear", C=1e8).fit(X.double().numpy(), labels.numpy())
    assert 1 / np.linalg.norm(machine.coef_) == pytest.approx(0.52, abs=0.005)


def test_every_variant_has_its_own_best_step_size():
    best = {name: variants.best_rate(name)[0] for name in variants.VARIANTS}
    assert best["all samples a step"] > best["20 a step"] > best["20, momentum"] > best["20, Adam"]


def test_step_sizes_trained_together_are_trained_apart():
    """One row of the batch equals a training with that step size alone."""
    from dlbook.models import logistic_regression as lr
    from dlbook.optimizers import adam, default_hyper, initial_state
    from dlbook.training import batches

    A, y = variants._problem()
    params = {"theta": A.new_zeros(3)}
    state, hyper = initial_state("adam", params), default_hyper("adam", lr=1.0)
    for epoch in range(3):
        for batch in batches(200, 20, epoch=epoch, seed=2):
            grads = {"theta": lr.gradient(A[batch], y[batch], params["theta"])}
            params, state = adam(params, grads, state, hyper)
    alone = lr.loss(A, y, params["theta"]).item() - variants._lowest()
    together = variants.gaps("20, Adam")[3, variants.RATES.index(1.0), 2]
    assert alone == pytest.approx(together, abs=1e-8)


def test_the_problem_of_the_variants_is_badly_scaled():
    from dlbook.models import logistic_regression as lr

    A, y = variants._problem()
    theta = A.new_zeros(3)
    for _ in range(20):
        theta = theta - np.linalg.solve(lr.hessian(A, theta), lr.gradient(A, y, theta))
    flat, *_, steep = np.linalg.eigvalsh(lr.hessian(A, theta))
    assert 500 < steep / flat < 700
