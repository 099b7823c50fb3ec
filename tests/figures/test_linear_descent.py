import numpy as np
import pytest

from dlbook.figures.linear_descent import descent_path, stochastic_path


def last(figure):
    """Slope per year and intercept where the path ends."""
    trace = next(t for t in figure.data if t.name == "gradient descent")
    return trace.x[-1], trace.y[-1]


def star(figure):
    trace = next(t for t in figure.data if t.name == "best line")
    return trace.x[0], trace.y[0]


def test_standardised_ages_need_one_step():
    figure = descent_path("standardised", 1.0, 1)
    assert last(figure) == pytest.approx(star(figure))


def test_nine_tenths_too_far_is_as_slow_as_a_tenth():
    timid, bold = (descent_path("standardised", rate, 20) for rate in (0.1, 1.9))
    assert last(timid) == pytest.approx(last(bold))


def test_years_stay_on_the_valley_floor():
    slope, intercept = last(descent_path("years", 1.0, 50))
    assert slope == pytest.approx(2.82, abs=0.01)
    assert intercept == pytest.approx(0.12, abs=0.01)


def test_centred_ages_walk_towards_the_best_line():
    heights = [last(descent_path("centred", 1.0, step))[1] for step in (0, 10, 50)]
    assert heights == sorted(heights)
    assert 40 < heights[-1] < 100


@pytest.mark.parametrize("ages", ["years", "centred", "standardised"])
def test_error_grows_above_twice_one_over_the_curvature(ages):
    early, late = (descent_path(ages, 2.1, step).data[-2].y[-1] for step in (1, 50))
    assert late > 50 * early


def test_a_line_that_is_found_leaves_the_picture_and_is_said_to():
    figure = descent_path("standardised", 0.5, 50)
    curve, dot = figure.data[-2:]
    floor = 10.0 ** figure.layout.yaxis2.range[0]
    assert curve.y[-1] == dot.y[0] < floor
    assert "less than 10⁻⁶ above the lowest, below the picture" in figure.layout.meta["status"]


@pytest.mark.parametrize("rate", [0.003, 0.01, 0.03, 0.1, 0.3])
def test_jumps_of_single_steps_stay_on_the_map(rate):
    for falling in (False, True):
        for seed in range(5):
            figure = stochastic_path(rate, 20, falling, seed)
            walk = next(t for t in figure.data if t.name == "one person a step")
            for places, axis in ((walk.x, figure.layout.xaxis), (walk.y, figure.layout.yaxis)):
                assert axis.range[0] < min(places) <= max(places) < axis.range[1]


def test_landscape_is_lowest_at_the_star():
    for ages in ("years", "standardised"):
        figure = descent_path(ages, 1.0, 0)
        z = np.asarray(figure.data[0].z)
        row, column = np.unravel_index(z.argmin(), z.shape)
        slope, intercept = star(figure)
        assert abs(figure.data[0].x[column] - slope) < 0.2
        assert abs(figure.data[0].y[row] - intercept) < 8


def test_single_steps_are_ahead_at_first_and_hover_later():
    first = stochastic_path(0.03, 1, False, 0)
    single, full = (trace.y[-1] for trace in first.data[-2:])
    assert single < full
    constant = np.asarray(stochastic_path(0.1, 20, False, 0).data[-2].y)[-150:]
    falling = np.asarray(stochastic_path(0.1, 20, True, 0).data[-2].y)[-150:]
    assert constant.mean() > 20 * falling.mean()
