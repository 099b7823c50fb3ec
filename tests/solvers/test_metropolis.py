"""Metropolis sampling visits what it should; annealing finds what small greedy moves don't."""

import torch

from dlbook.models.surfaces import rastrigin
from dlbook.random import uniform
from dlbook.solvers.metropolis import cooling, metropolis, total_variation_distance

EDGES = torch.linspace(-6, 8, 71, dtype=torch.float64)


def energy(w):
    x = w[..., 0]
    return -torch.log(0.6 * torch.exp(-2 * (x + 2) ** 2) + 0.7 * torch.exp(-((x - 2) ** 2) / 2))


def shares():
    """Probability of each bin under 0.3 N(-2, 1/4) + 0.7 N(2, 1)."""
    left = torch.distributions.Normal(-2.0, 0.5).cdf(EDGES).diff()
    right = torch.distributions.Normal(2.0, 1.0).cdf(EDGES).diff()
    return 0.3 * left + 0.7 * right


def test_histogram_matches_two_peaks_after_50_000_steps():
    start = torch.linspace(-3, 4, 6, dtype=torch.float64).unsqueeze(1)
    path = metropolis(energy, start, temperature=1.0, scale=3.0, num_steps=50_000, seed=0)
    for walk in path[..., 0].T:
        assert total_variation_distance(walk, EDGES, shares()) < 0.05  # seen: 0.01 to 0.03


def test_temperature_zero_never_goes_up():
    start = 5 * (2 * uniform((30, 2), seed=0).double() - 1)
    path = metropolis(rastrigin, start, temperature=0.0, scale=0.3, num_steps=300, seed=0)
    assert (rastrigin(path).diff(dim=0) <= 0).all()


def test_heat_accepts_everything():
    start = torch.zeros(10, 2).double()
    path = metropolis(rastrigin, start, temperature=1e12, scale=0.3, num_steps=50, seed=0)
    assert (path.diff(dim=0) != 0).any(dim=2).all()


def test_cooling_beats_small_greedy_moves():
    for seed in range(3):
        start = 5 * (2 * uniform((100, 2), seed=seed, stream=9).double() - 1)
        ends = [
            metropolis(rastrigin, start, temperature=T, scale=0.2, num_steps=2_000, seed=seed)[-1]
            for T in (0.0, cooling(20.0, 0.1, 2_000))
        ]
        greedy, cooled = (rastrigin(end).mean() for end in ends)
        assert cooled < 0.7 * greedy  # seen: 0.5


def test_one_temperature_and_size_a_walk():
    start = torch.zeros(2, 1).double()
    T = torch.tensor([0.0, 1e9]).double().expand(20, 2)
    path = metropolis(lambda w: w[:, 0] ** 2, start, temperature=T, scale=1.0, num_steps=20, seed=0)
    assert torch.equal(path[:, 0], torch.zeros(21, 1).double())
    assert (path[1:, 1] != 0).all()
    sizes = torch.tensor([[0.0], [1.0]])
    path = metropolis(
        lambda w: 0 * w[:, 0], start, temperature=1.0, scale=sizes, num_steps=20, seed=0
    )
    assert path[-1, 0] == 0 != path[-1, 1]


def test_cooling_falls_by_equal_factors():
    T = cooling(20.0, 0.1, 100)
    torch.testing.assert_close(T[[0, -1]], torch.tensor([20.0, 0.1]).double())
    torch.testing.assert_close(T[1:] / T[:-1], (T[1] / T[0]).expand(99))


def test_distance_of_equal_and_of_separate_shares():
    edges = torch.tensor([0.0, 1.0, 2.0]).double()
    samples = torch.tensor([0.5, 1.5]).double()
    assert total_variation_distance(samples, edges, torch.tensor([0.5, 0.5])) == 0
    assert total_variation_distance(samples + 5, edges, torch.tensor([0.5, 0.5])) == 1
