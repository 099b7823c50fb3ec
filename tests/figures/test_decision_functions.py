import numpy as np
import pytest

from dlbook.figures.decision_functions import decision_function_map, errors_by_family


def errors(*settings):
    status = decision_function_map(*settings, "decision").layout.meta["status"]
    train, test = (float(part.split("%")[0].split()[-1]) for part in status.split(",")[:2])
    return train / 100, test / 100


@pytest.mark.parametrize("points", ["xor", "circles"])
def test_no_line_fits_xor_or_circles_however_many_points(points):
    assert errors("linear", points, 200)[1] > 0.4
    assert errors("polynomial 2", points, 200)[1] < 0.2


@pytest.mark.parametrize("points", ["moons", "xor", "circles"])
def test_narrow_bumps_fit_thirty_points_and_miss_new_ones(points):
    train, test = errors("radial 0.2", points, 30)
    assert train <= 0.07
    assert test > train + 0.08


def test_decision_is_the_probability_cut_at_one_half():
    probability, decision = (
        np.asarray(decision_function_map("radial 0.5", "moons", 30, show).data[0].z)
        for show in ("probability", "decision")
    )
    np.testing.assert_array_equal(decision, probability >= 0.5)


def test_richer_families_fit_better_and_predict_worse():
    train, test = errors_by_family("blobs", 30)
    assert train[:, 7].median() < train[:, 0].median() - 0.03
    assert test[:, 7].median() > test[:, 0].median() + 0.03
    assert ((test - train)[:, 7] > (test - train)[:, 0]).double().mean() > 0.9
