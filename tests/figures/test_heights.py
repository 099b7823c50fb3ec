import numpy as np
import pytest

from dlbook.figures.heights import (
    TRAINING_SIZES,
    height_questions,
    height_threshold,
    risks_by_training_size,
    threshold_error_curve,
)
from dlbook.models.two_class_world import BELL_WORLD, JOCKEY_WORLD


def area(trace):
    return np.trapezoid(np.asarray(trace.y), np.asarray(trace.x))


@pytest.mark.parametrize("threshold", [175, 189, 200])
@pytest.mark.parametrize("prior", [0.2, 0.5])
def test_coloured_areas_are_the_error_in_the_status(threshold, prior):
    figure = height_threshold(threshold, prior)
    error = area(figure.data[0]) + area(figure.data[1])
    stated = float(figure.layout.meta["status"].split("curves ")[1].split("%")[0]) / 100
    assert error == pytest.approx(stated, abs=2e-3)


def test_areas_end_upright_at_the_cut():
    women_called_men = height_threshold(185, 0.5).data[0]
    x, y = np.asarray(women_called_men.x), np.asarray(women_called_men.y)
    at_the_cut = y[x == 185]
    assert at_the_cut[0] == 0
    assert at_the_cut[1] > 0.02


def test_areas_are_smallest_at_the_crossing_for_every_prior():
    for prior, crossing in ((0.1, 202), (0.5, 189), (0.9, 178)):
        errors = {}
        for threshold in range(165, 211):
            figure = height_threshold(threshold, prior)
            errors[threshold] = area(figure.data[0]) + area(figure.data[1])
        assert min(errors, key=errors.get) == crossing


def test_crosses_are_the_wrong_players():
    figure = height_threshold(189, 0.5)
    crosses = figure.data[6]
    in_sight = [
        x for x, y in zip(crosses.x, crosses.y, strict=True) if y > figure.layout.yaxis.range[0]
    ]
    assert sorted(in_sight) == [183, 184, 190, 193, 196]
    assert "5 of the 24" in figure.layout.meta["status"]


def test_class_jumps_where_the_regression_passes_one_half():
    figure = height_questions(186, "narrow kernels", 0.5)
    score, step = figure.data[7], figure.data[8]
    np.testing.assert_array_equal(np.asarray(step.y), np.asarray(score.y) > 0.5)
    assert np.abs(np.diff(step.y)).sum() == 3  # narrow kernels change their mind three times
    for density in ("bells", "one width", "wide kernels"):
        assert np.abs(np.diff(height_questions(186, density, 0.5).data[8].y)).sum() == 1


def test_unknown_density_is_named():
    with pytest.raises(ValueError, match="'bell'"):
        height_questions(186, "bell", 0.5)


def test_threshold_curve_has_its_minimum_of_five_errors():
    errors = threshold_error_curve().data[0]
    assert min(errors.y) == 5


def test_median_risk_by_training_size():
    """A right model is ahead at 100 players, a wrong one behind at 400 (80 samples each)."""
    right, least = risks_by_training_size(BELL_WORLD)
    at_100 = right[:, :, TRAINING_SIZES.index(100)].median(dim=1).values
    assert least < at_100[0] < at_100[1] - 0.002
    wrong, _ = risks_by_training_size(JOCKEY_WORLD)
    at_400 = wrong[:, :, TRAINING_SIZES.index(400)].median(dim=1).values
    assert at_400[0] > at_400[1] + 0.01
