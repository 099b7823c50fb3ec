"""Total-variation denoising: the gap closes, jumps stay, noise goes."""

import pytest
import torch

from dlbook.models.total_variation import adjoint_difference, denoise, total_variation
from dlbook.random import normal

STEPS = torch.cat([torch.zeros(40), torch.full((30,), 2.0), torch.full((30,), 0.5)]).double()


@pytest.mark.parametrize("seed", range(5))
def test_duality_gap_closes_and_the_steps_come_back(seed):
    noisy = STEPS + 0.3 * normal(100, seed=seed).double()
    signal, gaps = denoise(noisy, 1.0)
    assert min(gaps) > -1e-9
    assert gaps[-1] < 1e-3 < gaps[10]
    assert (signal - STEPS).square().mean() < 0.35 * (noisy - STEPS).square().mean()
    assert (signal.diff().abs() > 1e-3).sum() < 20


def test_adjoint_is_the_transpose_of_the_difference():
    u, p = normal(7, seed=0).double(), normal(6, seed=1).double()
    assert float(p @ u.diff()) == pytest.approx(float(adjoint_difference(p) @ u), abs=1e-12)


def test_large_penalty_leaves_the_mean():
    noisy = normal(20, seed=0).double()
    signal, _ = denoise(noisy, 10.0, num_iterations=4_000)
    assert total_variation(signal) < 1e-3
    assert float(signal.mean()) == pytest.approx(float(noisy.mean()), abs=1e-6)


def test_wrong_penalty_is_named():
    with pytest.raises(ValueError, match="penalty must be above 0, not 0"):
        denoise(STEPS, 0)
