import pytest
import torch
from sklearn.linear_model import LinearRegression

from dlbook import random
from dlbook.datasets.blood_pressure import blood_pressure
from dlbook.models import linear_regression as lr
from dlbook.models.least_squares import least_squares

AGE, PRESSURE = (t.double() for t in blood_pressure())
X = lr.design_matrix(AGE)
STANDARD = lr.design_matrix((AGE - AGE.mean()) / AGE.std(correction=0))
CENTRED = lr.design_matrix(AGE - AGE.mean())
CLOSED_FORMS = [lr.normal_equations, lr.qr_least_squares, least_squares]


@pytest.mark.parametrize("solve", CLOSED_FORMS)
def test_line_through_the_blood_pressures(solve):
    theta = solve(X, PRESSURE)
    assert [round(t, 4) for t in theta.tolist()] == [1.0474, 95.6125]
    assert lr.mean_squared_error(X, PRESSURE, theta).item() == pytest.approx(464.2, abs=0.05)


@pytest.mark.parametrize("solve", CLOSED_FORMS)
def test_line_without_the_outlier(solve):
    rest = PRESSURE < 200
    theta = solve(X[rest], PRESSURE[rest])
    assert theta.tolist() == pytest.approx([1.2789, 78.19], abs=4e-3)
    error = lr.mean_squared_error(X[rest], PRESSURE[rest], theta)
    assert error.item() == pytest.approx(58.77, abs=0.005)
    weight = rest.double()
    torch.testing.assert_close(lr.weighted_least_squares(X, PRESSURE, weight), theta)


def test_closed_forms_agree():
    for seed in range(20):
        X = random.normal((30, 4), seed=seed).double()
        y = random.normal(30, seed=seed, stream=1).double()
        thetas = torch.stack([solve(X, y) for solve in CLOSED_FORMS])
        assert (thetas - thetas[0]).abs().max() < 1e-8
    thetas = torch.stack([solve(globals()["X"], PRESSURE) for solve in CLOSED_FORMS])
    assert (thetas - thetas[0]).abs().max() < 1e-8


def test_equals_scikit_learn():
    model = LinearRegression().fit(AGE.unsqueeze(1).numpy(), PRESSURE.numpy())
    theta = lr.qr_least_squares(X, PRESSURE)
    assert theta.tolist() == pytest.approx([model.coef_[0], model.intercept_], abs=1e-9)


def test_residuals_are_orthogonal_to_every_column():
    residual = X @ lr.qr_least_squares(X, PRESSURE) - PRESSURE
    assert (X.T @ residual).abs().max() < 1e-9
    assert lr.gradient(X, PRESSURE, least_squares(X, PRESSURE)).abs().max() < 1e-9


def test_normal_equations_square_the_condition_number():
    """In float32 and far from zero, half the digits are not enough; QR still has them."""
    year = 2000.37 - AGE
    exact = lr.qr_least_squares(X, PRESSURE)[0]
    design, y = lr.design_matrix(year).float(), PRESSURE.float()
    assert torch.linalg.cond(lr.design_matrix(year)) > 3e5
    assert (lr.qr_least_squares(design, y)[0] + exact).abs() < 2e-3 * exact
    assert (lr.normal_equations(design, y)[0] + exact).abs() > 4e-3 * exact


def test_library_drops_a_column_it_takes_for_dependent():
    """float32 dates in months: lstsq cuts the small singular value, the slope turns its sign."""
    months = 12 * (2000.3 - AGE)
    design, y = lr.design_matrix(months).float(), PRESSURE.float()
    assert lr.qr_least_squares(design, y)[0] < -0.08
    assert least_squares(design, y)[0] > 0
    centred = lr.design_matrix(months - months.mean()).float()
    assert least_squares(centred, y)[0].item() == pytest.approx(-1.0474 / 12, abs=1e-4)


def test_points_on_one_vertical_have_no_normal_solution():
    with pytest.raises(torch.linalg.LinAlgError):
        lr.normal_equations(lr.design_matrix(torch.full((5,), 4.0)), torch.arange(5.0))


def test_gradient_equals_autograd():
    theta = torch.tensor([0.3, -2.0], dtype=torch.float64, requires_grad=True)
    lr.mean_squared_error(X, PRESSURE, theta).backward()
    torch.testing.assert_close(lr.gradient(X, PRESSURE, theta.detach()), theta.grad)


@pytest.mark.parametrize("factor", [0.1, 0.5, 1.0, 1.9])
@pytest.mark.parametrize(("design", "steps"), [(STANDARD, 200), (CENTRED, 2_400)])
def test_descent_reaches_the_closed_form(design, steps, factor):
    steps = max(steps, round(steps / factor))
    steep = lr.curvatures(design)[-1].item()
    path = lr.gradient_descent(design, PRESSURE, lr=factor / steep, num_steps=steps)
    assert (path[-1] - least_squares(design, PRESSURE)).abs().max() < 1e-6


@pytest.mark.parametrize("design", [X, CENTRED, STANDARD])
def test_descent_diverges_above_two_over_the_largest_curvature(design):
    steep = lr.curvatures(design)[-1].item()
    path = lr.gradient_descent(design, PRESSURE, lr=2.1 / steep, num_steps=200)
    error = lr.mean_squared_error(design, PRESSURE, path[-1])
    assert error > 1e6 * lr.mean_squared_error(design, PRESSURE, path[0])


def test_one_step_is_enough_when_both_curvatures_are_equal():
    curvature = lr.curvatures(STANDARD)
    torch.testing.assert_close(curvature, torch.full((2,), 2.0, dtype=torch.float64))
    path = lr.gradient_descent(STANDARD, PRESSURE, lr=0.5, num_steps=1)
    torch.testing.assert_close(path[1], least_squares(STANDARD, PRESSURE))


def test_raw_ages_are_badly_conditioned():
    low, high = lr.curvatures(X).tolist()
    assert high / low == pytest.approx(69_813, abs=1)
    low, high = lr.curvatures(CENTRED).tolist()
    assert high / low == pytest.approx(111.4, abs=0.1)


def test_descent_starts_where_it_is_told():
    start = torch.tensor([1.0, 2.0], dtype=torch.float64)
    path = lr.gradient_descent(X, PRESSURE, lr=1e-4, num_steps=3, start=start)
    assert path.shape == (4, 2)
    assert torch.equal(path[0], start)


def test_single_sample_steps_average_to_the_gradient():
    """From one point, the steps for all samples have the full gradient as their mean."""
    theta = torch.tensor([1.0, 2.0], dtype=torch.float64)
    steps = [lr.gradient(STANDARD[i : i + 1], PRESSURE[i : i + 1], theta) for i in range(len(AGE))]
    torch.testing.assert_close(torch.stack(steps).mean(0), lr.gradient(STANDARD, PRESSURE, theta))


def test_stochastic_descent_stays_in_a_cloud_whose_size_falls_with_the_rate():
    best = least_squares(STANDARD, PRESSURE)

    def distance(rate, seed):
        path = lr.stochastic_gradient_descent(STANDARD, PRESSURE, lr=rate, num_epochs=60, seed=seed)
        return (path[-450:] - best).norm(dim=1).mean().item()

    for seed in range(5):
        assert distance(0.1, seed) > 1.5 * distance(0.03, seed) > 1.5**2 * distance(0.01, seed)


def test_stochastic_descent_uses_every_sample_once_an_epoch():
    """With one-hot rows and a tiny rate, one epoch moves every coordinate exactly once."""
    path = lr.stochastic_gradient_descent(
        torch.eye(5), torch.ones(5), lr=0.25, num_epochs=1, seed=3
    )
    assert path.shape == (6, 5)
    assert torch.equal(path[-1], torch.full((5,), 0.5))
    assert ((path[1:] - path[:-1]) != 0).sum(1).tolist() == [1] * 5


def test_leading_axes_are_independent_problems():
    x = random.uniform((7, 20), seed=0).double()
    y = random.normal((7, 20), seed=0, stream=1).double()
    together = lr.qr_least_squares(lr.design_matrix(x), y)
    for i in range(7):
        torch.testing.assert_close(together[i], least_squares(lr.design_matrix(x[i]), y[i]))


def test_names_on_the_slides_are_gone_from_torch():
    """E-12: torch.gels is no more; torch.lstsq and torch.solve are there only to say so."""
    assert not hasattr(torch, "gels")
    for removed in (torch.lstsq, torch.solve):
        with pytest.raises(RuntimeError, match=r"torch\.linalg"):
            removed(PRESSURE.unsqueeze(1), X)
