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
from dlbook.models.surfaces import rastrigin, two_valleys
from dlbook.solvers.metropolis import metropolis


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


def test_too_little_damping_throws_the_walk_over_the_pass_or_out_of_the_picture():
    thrown_over, thrown_out = (damped_newton.walked("pass", d, "B")[0] for d in (0.3, 0.6))
    np.testing.assert_allclose(thrown_over[-1], [-1, 1], atol=1e-2)
    np.testing.assert_allclose(thrown_out[-1], [1, 1], atol=1e-2)
    assert thrown_out[1, 0] == pytest.approx(4.6)


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


def test_dampings_run_off_to_infinity_where_the_lowest_curvature_is_negative():
    w = torch.tensor(damped_newton.STARTS["B"]).double()
    x, y = damped_newton.all_dampings(w, *damped_newton.derivatives("pass", w))
    assert np.hypot(x[0] - 0.4, y[0] - 2.5) < 0.02
    assert (np.diff(x) >= 0).all()
    assert x[-1] > 2.5  # to the right and out of the picture; Newton's place is on the left
    lowest = damped_newton.derivatives("pass", w)[1][0, 0]
    assert damped_newton.walked("pass", 0.0, "B")[0][1, 0] < 0 > lowest


def test_one_number_on_the_diagonal_gives_the_string_its_condition():
    for condition in (10.0, 100.0, 1e3, 1e4):
        A = residual_curves.matrix("a string", condition)
        added = A - residual_curves.poisson(60)
        assert torch.equal(added, torch.diag(added.diagonal()))
        assert added.diagonal().std() < 1e-12
        assert torch.linalg.cond(A) == pytest.approx(condition)


def test_conjugate_gradients_on_the_string_are_done_at_product_60():
    """Seen: 10⁻⁷ and more after 59, below 10⁻¹³ after 60."""
    for condition in (100.0, 1e3, 1e4):
        left = residual_curves.solve("a string", condition)["CG"]
        assert left[59] > 1e-7 > 1e-12 > left[60]


def test_only_levenberg_marquardt_arrives_from_everywhere():
    arrive = {m: (fit_starts.steps_from_everywhere(m) >= 0).mean() for m in fit_starts.METHODS}
    assert arrive["gradient descent"] < 0.001
    assert 0.75 < arrive["Gauss-Newton"] < 0.86
    assert arrive["Levenberg-Marquardt"] == 1
    slow = fit_starts.steps_from_everywhere("gradient descent", num_steps=1_000)
    assert 0.75 < (slow >= 0).mean() < 0.83  # it is slow, not lost


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
    left = two_peaks.CENTERS < 0
    assert two_peaks.probabilities(0.2)[left].sum() == pytest.approx(0.40, abs=0.01)
    assert two_peaks.probabilities(0.03)[left].sum() == pytest.approx(0.93, abs=0.01)
    stuck = two_peaks.chain(0.03, "wide valley")
    assert (stuck > 0).all()
    for start in two_peaks.STARTS:
        assert "(40% in the long run)" in status(two_peaks.visits(0.2, start, 50_000))


def test_whether_a_cold_walk_from_the_wide_valley_sees_the_narrow_one_is_luck():
    """Seen after 50,000 steps: 19 of 100 walks at T = 0, 59 at 0.03."""
    cold = torch.tensor([0.0, 0.03]).repeat_interleave(100).double().expand(50_000, 200)
    start = torch.ones(200, 1).double()
    walks = metropolis(
        two_valleys, start, temperature=cold, scale=two_peaks.SCALE, num_steps=50_000, seed=1
    )
    found = (walks[..., 0] < -0.5).any(dim=0).reshape(2, 100).sum(dim=1)
    assert 5 < found[0] < 40 < found[1] < 80
    assert "30% of all visits were left of 0" in status(
        two_peaks.visits(0.0, "wide valley", 50_000)
    )


def test_a_hot_walk_is_outside_the_picture_a_third_of_the_time():
    for start in two_peaks.STARTS:
        assert 0.3 < (two_peaks.chain(2.0, start).abs() > 2.45).double().mean() < 0.4
        wrong = re.search(r"(\d+)% of all visits are in a wrong bin", status(
            two_peaks.visits(2.0, start, 50_000)))  # fmt: skip
        assert int(wrong[1]) <= 9


@pytest.mark.parametrize("coupling", [0.1, 0.5, 2.0])
def test_only_a_price_brings_the_copies_together(coupling):
    priced, free = agreement.rounds(coupling, True), agreement.rounds(coupling, False)
    assert (priced.v - priced.w)[-1].norm() < 1e-6
    assert (free.v - free.w)[-1].norm() > 0.4
    assert (priced.w[-1] - agreement.answer()).norm() < 1e-6


def test_how_soon_the_copies_are_at_the_answer_depends_on_the_coupling():
    def off(coupling, step):
        return (agreement.rounds(coupling, True).w[step] - agreement.answer()).norm().item()

    assert off(0.5, 20) < 1e-6
    assert 0.04 > off(2.0, 20) > off(0.1, 20) > 0.005
    assert off(0.03, 20) > 1
    assert off(10.0, 60) > 0.4


def test_copies_that_agree_with_a_price_at_rest_can_still_be_on_their_way():
    run = agreement.rounds(10.0, True)
    assert (run.v - run.w)[6:].norm(dim=1).max() < 1e-9
    assert (10 * run.u[6:] - 0.8).abs().max() < 1e-9
    assert (run.w[10:].diff(dim=0).norm(dim=1) > 0.01).all()


def test_the_bound_never_crosses_the_value():
    for penalty in image_denoising.PENALTIES:
        run = image_denoising.smoothed(penalty)
        assert run.bounds.max() <= run.values.min()
    assert "63% of the picture's value could still be saved" in status(
        image_denoising.smoothed_photograph(0.1, 3)
    )


def test_the_bounds_close_in_on_the_minimum():
    run = image_denoising.smoothed(0.1)
    gaps = (run.values - run.bounds) / run.values
    assert gaps[10] > 0.1 > gaps[30] > 0.01 > gaps[300] > 0
    clean, noisy = image_denoising.pictures()
    assert clean.shape == noisy.shape == (64, 64)
    assert image_denoising.mean_squared_error(run.images[-1]) < 0.3 * 0.0227
