import pytest
import torch
from sklearn.linear_model import HuberRegressor, QuantileRegressor

from dlbook import random
from dlbook.datasets.blood_pressure import blood_pressure
from dlbook.losses import absolute_error, huber
from dlbook.models.least_squares import least_squares
from dlbook.models.linear_regression import design_matrix, gradient
from dlbook.models.robust_regression import (
    huber_regression,
    least_absolute_deviations,
    least_absolute_deviations_lp,
)

AGE, PRESSURE = (t.double() for t in blood_pressure())
X = design_matrix(AGE)
SOLVERS = [least_absolute_deviations, least_absolute_deviations_lp]


def noisy_line(seed, n=25):
    x = 30 + 40 * random.uniform(n, seed=seed).double()
    return design_matrix(x), x + 80 + 10 * random.normal(n, seed=seed, stream=1).double()


@pytest.mark.parametrize("solve", SOLVERS)
def test_absolute_line_through_the_blood_pressures(solve):
    theta = solve(X, PRESSURE)
    assert [round(t, 4) for t in theta.tolist()] == [1.2632, 81.1579]
    mean = absolute_error(X @ theta, PRESSURE).mean().item()
    assert mean == pytest.approx(10.92, abs=0.005)
    squares = absolute_error(X @ least_squares(X, PRESSURE), PRESSURE).mean().item()
    assert squares == pytest.approx(11.61, abs=0.005)


def test_reweighting_reaches_the_linear_programme():
    torch.testing.assert_close(
        least_absolute_deviations(X, PRESSURE),
        least_absolute_deviations_lp(X, PRESSURE),
        rtol=0,
        atol=1e-6,
    )
    for seed in range(20):
        design, y = noisy_line(seed)
        best = absolute_error(design @ least_absolute_deviations_lp(design, y), y).sum()
        ours = absolute_error(design @ least_absolute_deviations(design, y), y).sum()
        assert best * (1 - 1e-9) <= ours <= best * (1 + 1e-5)


def test_equals_scikit_learns_median_line():
    model = QuantileRegressor(quantile=0.5, alpha=0).fit(AGE.unsqueeze(1).numpy(), PRESSURE.numpy())
    theta = least_absolute_deviations_lp(X, PRESSURE)
    assert theta.tolist() == pytest.approx([model.coef_[0], model.intercept_], abs=1e-6)


def test_absolute_line_passes_through_two_points():
    residual = X @ least_absolute_deviations_lp(X, PRESSURE) - PRESSURE
    assert (residual.abs() < 1e-9).sum() >= 2


def test_weight_zero_leaves_a_point_out():
    rest = PRESSURE < 200
    for solve in [*SOLVERS, lambda *a, **k: huber_regression(*a, delta=5.0, **k)]:
        torch.testing.assert_close(
            solve(X, PRESSURE, weight=rest.double()),
            solve(X[rest], PRESSURE[rest]),
            rtol=1e-4,
            atol=1e-4,
        )


def test_height_of_an_outlier_does_not_move_the_absolute_line():
    higher = torch.where(PRESSURE > 200, 1e6, PRESSURE)
    torch.testing.assert_close(
        least_absolute_deviations_lp(X, higher), least_absolute_deviations_lp(X, PRESSURE)
    )


def test_huber_line_is_stationary():
    theta = huber_regression(X, PRESSURE, delta=10.0).requires_grad_()
    huber(X @ theta, PRESSURE, delta=10.0).mean().backward()
    assert theta.grad.abs().max() < 1e-6


def test_huber_equals_scikit_learn_at_its_scale():
    """Theirs estimates the noise scale as well: its threshold is epsilon times that scale."""
    model = HuberRegressor(epsilon=1.35, alpha=0, tol=1e-10, max_iter=10_000)
    model.fit(AGE.unsqueeze(1).numpy(), PRESSURE.numpy())
    theta = huber_regression(X, PRESSURE, delta=1.35 * model.scale_)
    assert theta.tolist() == pytest.approx([model.coef_[0], model.intercept_], abs=1e-3)


def test_huber_lies_between_squares_and_absolute_values():
    wide = huber_regression(X, PRESSURE, delta=1e3)
    torch.testing.assert_close(wide, least_squares(X, PRESSURE))
    narrow = huber_regression(X, PRESSURE, delta=1e-3, num_steps=2000)
    best = absolute_error(X @ least_absolute_deviations_lp(X, PRESSURE), PRESSURE).mean()
    assert absolute_error(X @ narrow, PRESSURE).mean() < best + 1e-3
    with pytest.raises(ValueError, match="delta"):
        huber_regression(X, PRESSURE, delta=0.0)


def test_leading_axes_are_independent_problems():
    designs, ys = zip(*(noisy_line(seed) for seed in range(4)), strict=True)
    for solve in (least_absolute_deviations, lambda X, y: huber_regression(X, y, delta=5.0)):
        together = solve(torch.stack(designs), torch.stack(ys))
        for i in range(4):
            torch.testing.assert_close(together[i], solve(designs[i], ys[i]), rtol=1e-6, atol=1e-6)


def slope_errors(outliers, num_samples=400):
    """Root-mean-square slope error of three lines on noisy samples, a share of them spoilt."""
    x = 30 + 40 * random.uniform((num_samples, 40), seed=1).double()
    noise = 8 * random.normal((num_samples, 40), seed=1, stream=1).double()
    spoilt = random.uniform((num_samples, 40), seed=1, stream=2) < outliers
    y = x + 80 + torch.where(spoilt, 60 + noise, noise)
    design = design_matrix(x)
    lines = [
        least_squares(design, y),
        least_absolute_deviations(design, y, num_steps=100),
        huber_regression(design, y, delta=8.0, num_steps=50),
    ]
    return [(line[:, 0] - 1).square().mean().sqrt().item() for line in lines]


def test_which_loss_is_best_depends_on_the_noise():
    squares, absolute, hubers = slope_errors(outliers=0.0)
    assert 1.1 < absolute / squares < 1.4  # sqrt(pi / 2) = 1.253 for many samples
    assert squares < hubers < absolute
    squares, absolute, hubers = slope_errors(outliers=0.1)
    assert squares > 1.5 * absolute
    assert squares > 1.5 * hubers


def test_gradient_of_the_squares_grows_with_the_outlier_and_that_of_absolute_values_does_not():
    theta = least_squares(X, PRESSURE)
    pulls = []
    for height in (220.0, 440.0):
        y = torch.where(PRESSURE > 200, height, PRESSURE)
        leaf = theta.clone().requires_grad_()
        absolute_error(X @ leaf, y).mean().backward()
        pulls.append((gradient(X, y, theta)[1].item(), leaf.grad[1].item()))
    assert abs(pulls[1][0]) > 10
    assert pulls[0][1] == pulls[1][1]
