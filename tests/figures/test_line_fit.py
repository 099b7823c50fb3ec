import re

import numpy as np
import pytest

from dlbook.figures.line_fit import INTERCEPTS, SLOPES, line_and_bowl, prediction, simulated_lines
from dlbook.plots.lines import TILE_WIDTH


def trace(figure, name):
    return next(t for t in figure.data if t.name == name)


def enclosed_area(x, y):
    """Of a closed path, by the shoelace formula, counted without sign tile by tile (5 corners)."""
    x, y = (np.asarray(v).reshape(-1, 5) for v in (x, y))
    return np.abs((x[:, :-1] * y[:, 1:] - x[:, 1:] * y[:, :-1]).sum(1) / 2).sum()


@pytest.mark.parametrize("theta", [(0.8, 80.0), (1.05, 95.0), (1.6, 120.0)])
def test_area_of_the_tiles_is_the_squared_error(theta):
    figure = line_and_bowl(*theta, "squared")
    tiles = trace(figure, "squared residuals")
    people = trace(figure, "people")
    residual = np.asarray(people.y) - (theta[0] * np.asarray(people.x) + theta[1])
    area = enclosed_area(tiles.x, tiles.y)
    assert area == pytest.approx(TILE_WIDTH * (residual**2).sum(), rel=1e-9)
    assert f"{(residual**2).mean():.1f} mmHg²" in figure.layout.meta["status"]


def test_absolute_error_shows_bars_without_tiles():
    figure = line_and_bowl(1.25, 82.5, "absolute")
    assert len(trace(figure, "squared residuals").x) == 0
    assert "Mean absolute error 11.0 mmHg;" in figure.layout.meta["status"]


@pytest.mark.parametrize(("loss", "best"), [("squared", (1.05, 96)), ("absolute", (1.26, 81))])
def test_bowl_is_lowest_at_the_best_line(loss, best):
    z = np.asarray(trace(line_and_bowl(0.8, 80.0, loss), "loss").z)
    row, column = np.unravel_index(z.argmin(), z.shape)
    assert abs(SLOPES[column] - best[0]) < 0.03
    assert abs(INTERCEPTS[row] - best[1]) < 1.5
    assert z.min() == 0


def test_prediction_slides_along_the_line():
    with_all, without = prediction(60, True), prediction(60, False)
    assert trace(with_all, "prediction").y[0] == pytest.approx(1.0474 * 60 + 95.61, abs=0.01)
    assert trace(without, "prediction").y[0] == pytest.approx(1.2789 * 60 + 78.19, abs=0.01)
    assert len(trace(without, "residuals").x) == 3 * 14


def test_estimates_spread_less_with_more_people_and_less_noise():
    def spread(noise, num_points):
        status = simulated_lines(noise, num_points, 0).layout.meta["status"]
        return float(re.search(r"slope varies by ±([\d.]+)", status)[1])

    assert 3 < spread(20.0, 15) / spread(5.0, 15) < 5
    assert 1.4 < spread(10.0, 15) / spread(10.0, 50) < 2.4


def test_shown_sample_is_one_of_the_cloud():
    figure = simulated_lines(10.0, 15, 3)
    cloud, this = trace(figure, "fits to 200 samples"), trace(figure, "this fit")
    assert len(cloud.x) == 200
    assert (cloud.x[3], cloud.y[3]) == pytest.approx((this.x[0], this.y[0]))
