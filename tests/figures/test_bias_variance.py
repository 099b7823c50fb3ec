"""Figure of the bundle: its parts, and what a reader is told."""

import pytest

from dlbook.figures.bias_variance import bundle_of_fits, error_parts


def test_variance_grows_over_a_thousand_times_at_the_same_noise():
    parts = error_parts(0.0)
    assert parts[1, 14] > 1_000 * parts[1, 3]
    assert (parts[2] == 0.3**2).all()


def test_four_times_the_points_a_quarter_of_the_variance():
    few, many = (error_parts(0.0, n)[1, 3] for n in (15, 60))
    assert 3 < few / many < 6


def test_penalty_trades_variance_for_bias():
    weak, strong = error_parts(1e-3)[:2, 14], error_parts(0.1)[:2, 14]
    assert strong[0] > 10 * weak[0]
    assert strong[1] < 0.6 * weak[1]


def test_sentence_adds_up():
    status = bundle_of_fits(3, None).layout.meta["status"]
    assert status == "Degree 3: bias² 0.00658 + variance 0.0192 + noise 0.09 = 0.116."


@pytest.mark.parametrize("degree", [0, 14])
def test_thirty_curves_are_one_trace(degree):
    fits = bundle_of_fits(degree, None).data[0]
    assert len(fits.x) == len(fits.y) == 30 * 61
    turns = [abs(fits.x[61 * m]) for m in range(1, 30)]
    assert min(turns) > max(bundle_of_fits(degree, None).layout.xaxis.range)
