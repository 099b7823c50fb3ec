"""What the figures of the other solvers show."""

import re

import numpy as np
import pytest
import torch

from dlbook.figures import (
    agreement,
    damped_newton,
    fit_starts,
    image_denoising,
    melting,
    residual_curves,
    search_clouds,
    search_studies,
    two_peaks,
)
from dlbook.models.surfaces import rastrigin


def trace(figure, name):
    return next(t for t in figure.data if t.name == name)


def status(figure):
    return figure.layout.meta["status"]


@pytest.mark.parametrize("method", ["Jacobi", "damped Jacobi", "conjugate gradients"])
@pytest.mark.parametrize("start", melting.STARTS)
def test_the_filter_passes_through_the_bars(method, start):
    present = np.arange(1, 21) if start == melting.STARTS[0] else np.arange(1, 21, 2)
    for step in (0, 1, 5, 8, 20):
        figure = melting.melting_error(method, start, step)
        curve = trace(figure, "what the method does to any wave")
        at_waves = np.interp(present, curve.x, curve.y)
        bars = np.asarray(trace(figure, "left of each wave").y)[present - 1]
        np.testing.assert_allclose(bars, np.minimum(at_waves, melting.TOP + 0.1), atol=1e-6)


def test_what_is_gone_first():
    def left(method, step):
        figure = melting.melting_error(method, melting.STARTS[0], step)
        return np.asarray(trace(figure, "left of each wave").y)

    jacobi, damped = left("Jacobi", 10), left("damped Jacobi", 5)
    assert min(jacobi[0], jacobi[19]) > 0.8 > 0.01 > jacobi[9]
    assert damped[0] > 0.9 > 0.2 > damped[10:].max()
    assert left("conjugate gradients", 19).max() > 0.01
    assert left("conjugate gradients", 20).max() < 1e-9


def test_residuals_of_seven_methods():
    for kind in residual_curves.KINDS:
        for condition in (10.0, 1e4):
            runs = residual_curves.solve(kind, condition)
            assert max(runs[name] for name in residual_curves.DIRECT) < 1e-11
    grows = residual_curves.solve("random", 100.0)["Jacobi"][-1]
    assert grows == residual_curves.HIGHEST


def test_a_residual_that_grows_leaves_the_picture_and_never_runs_level_in_it():
    figure = residual_curves.residual_curves("random", 100.0)
    jacobi = next(np.asarray(t.y) for t in figure.data if t.name == "Jacobi")
    seen = jacobi < 10.0 ** figure.layout.yaxis.range[1]
    assert (np.diff(jacobi[seen]) > 0).all()
    assert not seen[-1]
    scaled = residual_curves.solve("badly scaled", 1e4)
    steps = {name: int((scaled[name] > 1e-8).sum()) for name in residual_curves.ITERATIVE}
    assert steps["CG"] > 150 > 25 > steps["CG, preconditioned"]


def test_newton_rests_on_the_pass_and_damping_leads_off_it():
    without = damped_newton.walked("pass", 0.0, "B")[0][-1]
    damped = damped_newton.walked("pass", 1.0, "B")[0][-1]
    np.testing.assert_allclose(without, [0, 1], atol=1e-6)
    np.testing.assert_allclose(damped, [1, 1], atol=1e-2)
    assert "no minimum" in status(damped_newton.believed_parabola("pass", 0.0, "B", 10))
    assert "bends down" in status(damped_newton.believed_parabola("pass", 0.0, "B", 0))


def test_the_next_place_is_the_middle_of_the_ellipse():
    figure = damped_newton.believed_parabola("banana", 10.0, "A", 3)
    ellipse, ahead = trace(figure, "parabola: as high as here"), trace(figure, "next")
    assert np.mean(ellipse.x[:-1]) == pytest.approx(ahead.x[0], abs=1e-6)
    assert np.mean(ellipse.y[:-1]) == pytest.approx(ahead.y[0], abs=1e-6)
    walk = damped_newton.walked("banana", 10.0, "A")[0]
    assert ahead.x[0] == pytest.approx(walk[4, 0])


def test_all_dampings_lead_from_here_to_newtons_place():
    w = torch.tensor([-1.2, 1.0], dtype=torch.float64)
    slope, H = damped_newton.derivatives("banana", w)
    x, y = damped_newton.all_dampings(w, slope, H)
    assert np.hypot(x[0] + 1.2, y[0] - 1.0) < 0.02
    np.testing.assert_allclose([x[-1], y[-1]], damped_newton.walked("banana", 0.0, "A")[0][1])


def test_only_levenberg_marquardt_arrives_from_everywhere():
    arrive = {m: (fit_starts.steps_from_everywhere(m) >= 0).mean() for m in fit_starts.METHODS}
    assert arrive["gradient descent"] < 0.001
    assert 0.75 < arrive["Gauss-Newton"] < 0.86
    assert arrive["Levenberg-Marquardt"] == 1


def test_clouds_end_as_their_temperature_says():
    never, hot, cooled = (
        search_clouds.walks(T, 0.2)[1][-1].mean() for T in search_clouds.HEATS.values()
    )
    assert never > 1.3 * hot > 1.5 * cooled
    jumping = [search_clouds.walks(T, 1.0)[1][-1].mean() for T in search_clouds.HEATS.values()]
    assert jumping[0] < jumping[2] < jumping[1]


def test_cooled_walks_are_less_far_in_and_lower_than_warm_ones():
    """Seen: 46 % of the warm ones in the nine middle valleys, 26 % of the cooled ones."""
    warm, cooled = (search_clouds.walks(T, 0.2) for T in (5.0, "cooled"))
    shares = [(np.abs(places[-1]) < 1.5).all(axis=1).mean() for places, _ in (warm, cooled)]
    assert shares[0] == pytest.approx(0.46, abs=0.05)
    assert shares[1] == pytest.approx(0.26, abs=0.05)
    assert cooled[1][-1].mean() < warm[1][-1].mean()
    medians = [
        np.median(heights[-1] - rastrigin(torch.tensor(places[-1].round())).numpy())
        for places, heights in (warm, cooled)
    ]  # above the bottom of the walk's own valley; seen: 5.2 and 0.045
    assert medians[0] > 2 > 0.2 > medians[1]


def test_small_mutations_end_lower_in_their_valley_and_large_ones_in_the_right_one_more_often():
    """Seen, 100 people: 0.0001 and 0.06 above the valley's bottom; 14 and 20 of 20 in the right."""
    above = {}
    for mutation in (0.03, 0.3):
        runs = [search_studies.evolution(100, mutation, seed) for seed in range(20)]
        best = torch.stack([run.populations[-1][run.heights[-1].argmin()] for run in runs])
        above[mutation] = (rastrigin(best) - rastrigin(best.round())).median()
    assert above[0.03] < 0.01 < above[0.3]
    assert search_studies.times_found(100, 0.03) < search_studies.times_found(100, 0.3)


def test_gauss_seidel_can_be_ahead_of_conjugate_gradients_in_plain_length():
    shares = [float(re.search(r"(\d+\.?\d*)%", status(
        melting.melting_error(method, melting.STARTS[0], 10)))[1])
        for method in ("Gauss-Seidel", "conjugate gradients")]  # fmt: skip
    assert shares[0] < shares[1]


def test_the_line_of_a_saddle_passes_through_the_place_where_it_is_believed():
    w = torch.tensor([0.4, 2.5], dtype=torch.float64)
    slope, H = damped_newton.derivatives("pass", w)
    x, y = damped_newton._as_high(w, slope, H, 0.0)
    on_it = np.hypot(np.subtract(x, 0.4), np.subtract(y, 2.5)) < 1e-6
    assert on_it.sum() >= 2


def test_a_population_without_mutation_collapses():
    assert "spread by 0." in status(search_clouds.population(50, 0.0, 20))
    assert len(trace(search_clouds.population(10, 0.3, 0), "population").x) == 100


def test_the_wide_valley_is_visited_more_often_though_it_is_higher():
    assert two_peaks.probabilities(0.2)[:60].sum() == pytest.approx(0.40, abs=0.01)
    assert two_peaks.probabilities(0.03)[:60].sum() == pytest.approx(0.93, abs=0.01)
    stuck = two_peaks.chain(0.03, "wide valley")
    assert (stuck > 0).all()
    for start in two_peaks.STARTS:
        assert "(40% in the long run)" in status(two_peaks.visits(0.2, start, 50_000))


@pytest.mark.parametrize("coupling", [0.1, 0.5, 2.0])
def test_only_a_price_brings_the_copies_together(coupling):
    priced, free = agreement.rounds(coupling, True), agreement.rounds(coupling, False)
    assert (priced.v - priced.w)[-1].norm() < 1e-6
    assert (free.v - free.w)[-1].norm() > 0.4
    assert (priced.w[-1] - agreement.answer()).norm() < 1e-6


def test_how_soon_the_copies_are_at_the_answer_depends_on_the_coupling():
    def off(coupling, step):
        return (agreement.rounds(coupling, True).w[step] - agreement.answer()).norm().item()

    assert off(0.5, 20) < 1e-5
    assert off(10.0, 60) > 0.3


def test_the_bounds_close_in_on_the_minimum():
    run = image_denoising.smoothed(0.1)
    gaps = (run.values - run.bounds) / run.values
    assert gaps[10] > 0.1 > gaps[30] > 0.01 > gaps[300] > 0
    clean, noisy = image_denoising.pictures()
    assert clean.shape == noisy.shape == (64, 64)
    assert image_denoising.mean_squared_error(run.images[-1]) < 0.3 * 0.0227
