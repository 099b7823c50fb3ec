import pytest

from dlbook.figures.outliers import outlier_place, outlier_weight, pull_of_a_residual


def line_of(figure, name):
    trace = next(t for t in figure.data if t.name == name)
    (x0, x1), (y0, y1) = trace.x, trace.y
    slope = (y1 - y0) / (x1 - x0)
    return slope, y0 - slope * x0


def test_outlier_moves_the_line_most_at_the_young_end():
    status = outlier_weight(1.0, "squared").layout.meta["status"]
    assert "+9.6 mmHg at 34 years, +6.5 at 47 and +1.9 at 67" in status


@pytest.mark.parametrize(
    ("weight", "loss", "theta"),
    [
        (1.0, "squared", (1.0474, 95.61)),
        (0.0, "squared", (1.2789, 78.19)),
        (1.0, "absolute", (1.2632, 81.16)),
    ],
)
def test_weighted_lines(weight, loss, theta):
    best = line_of(outlier_weight(weight, loss), "best line")
    assert best == pytest.approx(theta, abs=0.005)


def test_height_of_the_outlier_moves_only_the_squared_line():
    low, high = outlier_place(47, 220), outlier_place(47, 300)
    for loss, moves in (("squared", True), ("absolute", False), ("Huber", False)):
        before, after = (line_of(figure, f"{loss} error") for figure in (low, high))
        assert (abs(after[0] - before[0]) > 0.1) == moves


def test_far_age_moves_the_absolute_line_too():
    slope, _ = line_of(outlier_place(95, 100), "absolute error")
    assert slope == pytest.approx(1.09, abs=0.01)


def test_pulls():
    status = pull_of_a_residual(-50, 10.0).layout.meta["status"]
    assert "with 50 under the squared error, 1 under the absolute error and 10 under" in status
    status = pull_of_a_residual(5, 10.0).layout.meta["status"]
    assert "with 5 under the squared error, 1 under the absolute error and 5 under" in status
