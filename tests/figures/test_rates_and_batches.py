"""Claims of the pages on batches and learning rates, and of their figures."""

import numpy as np
import pytest
import torch

from dlbook.figures import range_test as rt
from dlbook.figures import rate_curves, schedule_kinds
from dlbook.figures.batch_sizes import BATCHES, training_losses
from dlbook.figures.landing_cloud import PLACES, landings, loss, relative_noise
from dlbook.figures.landing_cloud import _walk as walk
from dlbook.figures.momentum import momentum_valley, path_of
from dlbook.figures.swarm import SCHEDULES, expected_height, floor, mean_height
from dlbook.losses import squared_error
from dlbook.models.mlp import mlp
from dlbook.random import normal
from dlbook.schedules import inverse_time
from dlbook.sweep import sweep
from dlbook.training import batches, steps_per_epoch


def test_epoch_arithmetic():
    """n/b steps an epoch, n·N visits; a fifth of the samples: 5 steps; MNIST: 938 or 937."""
    assert (steps_per_epoch(60_000, 64), steps_per_epoch(60_000, 64, drop_last=True)) == (938, 937)
    assert steps_per_epoch(1_000, 200) == 5
    seen = [batch for epoch in range(3) for batch in batches(100, 16, epoch=epoch, seed=0)]
    assert sum(map(len, seen)) == 3 * 100  # not 16 × 3
    assert len(seen) == 3 * 7
    dropped = list(batches(60_000, 64, epoch=0, seed=0, drop_last=True))
    assert 60_000 - sum(map(len, dropped)) == 32


def test_dividing_by_the_number_of_batches_is_another_rate():
    """The mean over b samples times b/B; unbiased only if b samples are averaged."""
    gradients = normal((1_024, 5), seed=0)
    b, B = 64, 16
    wrong = gradients[:b].sum(dim=0) / B
    torch.testing.assert_close(wrong, b / B * gradients[:b].mean(dim=0))


def test_single_samples_point_down_early_and_not_late():
    """Seen over three seeds of the draws: 44 to 48 of 60 at the start, 0 or 1 at the end."""
    for seed in range(3):
        lower = [
            int((loss(landings(1, place, 1.0, seed=seed)) < loss(walk()[place])).sum())
            for place in (PLACES[0], PLACES[-1])
        ]
        assert lower[0] > 38
        assert lower[1] < 5
    assert relative_noise(1, PLACES[0]) == pytest.approx(2 * relative_noise(4, PLACES[0]))


def test_the_cloud_shrinks_to_less_than_half_and_its_middle_step_to_nothing():
    """Seen: from 0.74 to 0.33; the step of all samples from 0.53 to 0.0002."""
    spreads, steps = [], []
    for place in (PLACES[0], PLACES[-1]):
        landed = landings(1, place, 1.0)
        spread = (landed - landed.mean(dim=0)).square().sum(dim=1).mean().sqrt().item()
        spreads.append(spread)
        steps.append(spread / relative_noise(1, place))
    assert 0.4 < spreads[1] / spreads[0] < 0.5
    assert steps[1] < steps[0] / 500


def test_adadelta_wants_a_rate_above_one():
    """Its steps are meant to fit at 1; the training loss is least at 10 all the time."""
    for steps in rate_curves.STEPS:
        assert rate_curves.best_rates(steps, "training loss")["adadelta"][0] == 10


def test_per_step_batches_are_alike_per_sample_they_are_not():
    at_64_steps, at_4096_samples = [], []
    for batch_size in BATCHES[1:4]:
        seen, losses = training_losses(batch_size, 0.1)
        medians = np.median(losses, axis=0)
        at_64_steps.append(medians[list(seen).index(64 * batch_size)])
        at_4096_samples.append(medians[-1])
    assert max(at_64_steps) - min(at_64_steps) < 0.15
    assert at_4096_samples[-1] > 8 * at_4096_samples[0]


def test_the_floor_of_minibatch_descent_is_proportional_to_the_rate():
    """A new sample each step, ten data sets: height over rate 12.6 to 12.8 at four rates."""

    def samples(seed, noise=1.0, count=2_048):
        X = normal((count, 10), seed=seed)
        y = X.sum(dim=1, keepdim=True)
        return X, y + noise * normal((count, 1), seed=seed, stream=1)

    runs = sweep(
        lambda seed: mlp([10, 1], seed=seed), samples, {"lr": [0.002, 0.008], "seed": range(10)},
        loss_fn=squared_error, num_steps=2_048, batch_size=1, progress=False,
        evaluate={"new": samples(99, noise=0.0, count=512)}, at_steps=range(1_536, 2_049, 32),
    )  # fmt: skip
    above = runs["new loss"].mean(["at_step", "seed"])
    assert above.values[1] / above.values[0] == pytest.approx(4, rel=0.25)


def test_sums_of_robbins_and_monro():
    """1/t: the sum of the rates grows by the same amount every decade, that of squares ends."""
    t = torch.arange(1_000_000, dtype=torch.float64)
    ends = [1_000, 10_000, 100_000, 1_000_000]
    rates = inverse_time(0.1)(t)
    first = [rates[:end].sum().item() for end in ends]
    assert np.diff(first)[1:] == pytest.approx(23.0, rel=0.02)  # 10 ln 10
    squares = [rates[:end].square().sum().item() for end in ends]
    assert squares[-1] - squares[0] < 0.11
    assert squares[-1] < 10.6
    too_slow = inverse_time(0.1, 0.5)(t).square()
    assert too_slow.sum() - too_slow[:1_000].sum() > 60
    too_quick = inverse_time(0.1, 2.0)(t)
    assert too_quick.sum() - too_quick[:1_000].sum() < 0.11


def test_in_the_swarm_rates_that_fall_too_fast_hang_in_the_air():
    """Mean heights from w = 4: with 1/t² 0.0146 after 1,000 steps and 0.0138 for ever."""

    def height(name: str, steps: int) -> float:
        return expected_height(0.3 * SCHEDULES[name](torch.arange(steps)))

    assert height("1/t²", 1_000) == pytest.approx(0.0146, abs=1e-4)
    assert height("1/t²", 100_000) > 0.0137
    assert height("1/t", 1_000) == pytest.approx(0.0009, abs=1e-5)
    assert height("1/t", 10_000) < 1e-4
    assert height("1/√t", 100_000) < 1e-3  # Σ η² has no limit, and it arrives


def test_the_swarm_stands_where_it_is_expected():
    """Sixty walkers scatter: the mean of ten swarms is within 20 % of it; seen 4 % and less."""
    for lr, steps in ((0.3, 100), (1.0, 5), (0.03, 50)):
        swarms = [mean_height(steps, lr=lr, seed=seed) for seed in range(10)]
        expected = expected_height(torch.full((steps,), lr))
        assert sum(swarms) / 10 == pytest.approx(expected, rel=0.2)
    settled = floor(torch.tensor(0.3), torch.tensor(2.0))
    assert expected_height(torch.full((100,), 0.3), noise=2.0) == pytest.approx(float(settled))


def test_the_lower_the_sum_of_the_rates_the_higher_the_loss():
    """All down to a hundredth; seen 0.113 and 0.114, 0.164, 0.296, 1.75, 2.13."""
    kinds = ("cosine", "steps down", "exponential", "1/t", "1/√t")
    steps = torch.arange(schedule_kinds.NUM_STEPS)
    left = [schedule_kinds.schedule(kind, 0.01)(steps).mean().item() for kind in kinds]
    ends = [schedule_kinds.final(kind, 0.01)[1] for kind in kinds]
    assert left == sorted(left, reverse=True)
    assert ends == sorted(ends)


def test_deeper_falls_of_cosine_cost_a_little():
    """Medians seen: 0.102, 0.107, 0.112, 0.114."""
    ends = [schedule_kinds.final("cosine", last)[1] for last in schedule_kinds.LAST]
    assert ends == sorted(ends)


def test_a_range_test_proposes_a_rate_near_the_best():
    """Seen for nine optimizers and batches: 0.30 to 3.34 times the best of half-decade rates."""
    for name in ("SGD", "Adam"):
        ratio = rt.proposal(name, 32) / rt.best_rate(name, 32)
        assert 0.25 < ratio < 4


def test_seven_optimizers_at_their_best_rates_end_alike():
    late = rate_curves.best_rates(300, "test error")
    errors, rates = zip(*[(error, rate) for rate, error in late.values()], strict=True)
    assert 0.025 < min(errors) < max(errors) < 0.045
    assert max(rates) / min(rates) >= 100


def test_all_schedules_fall_to_the_same_factor():
    for kind in schedule_kinds.KINDS:
        for last in schedule_kinds.LAST:
            end = schedule_kinds.schedule(kind, last)(float(schedule_kinds.NUM_STEPS - 1))
            assert end.item() == pytest.approx(last, rel=0.03), kind


def test_cosine_is_lower_and_surer_than_a_constant_rate():
    constant, cosine = schedule_kinds.final(None, 1.0), schedule_kinds.final("cosine", 0.1)
    assert cosine[2] < constant[1]
    assert constant[2] - constant[0] > 5 * (cosine[2] - cosine[0])


def test_the_walk_shrinks_as_its_figure_says():
    """Without momentum and η = 1/c: by 1 − 1/κ a step, 22 steps a digit for κ = 10."""
    path = path_of(1.0, 0.0, 10.0)
    assert path[60, 0] / path[30, 0] == pytest.approx(0.9**30)
    assert "22 steps" in momentum_valley(1.0, 0.0, 10.0).layout.meta["status"]
