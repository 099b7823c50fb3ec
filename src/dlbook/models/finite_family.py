"""A finite set F of rules whose expected risks are known exactly, to watch selection at work.

The world: labels -1 and +1 are equally frequent and x ~ N(y * signal * e_1, I), so that only the
first of the coordinates knows anything about y. A rule is a unit vector w: predict +1 where
w . x > 0. It errs where w . (y x) <= 0, and y x ~ N(signal * e_1, I) whatever y is, hence
R(w) = Phi(-signal * w_1).
"""

import torch
from torch import Tensor


def random_rules(num_rules: int, dimension: int, *, seed: int) -> Tensor:
    """Unit vectors drawn evenly from the sphere, (dimension, num_rules)."""
    generator = torch.Generator().manual_seed(seed)
    directions = torch.randn(num_rules, dimension, generator=generator).T
    return directions / directions.norm(dim=0)


def expected_risks(rules: Tensor, signal: float) -> Tensor:
    """R(f) = E 1{f(x) != y} of each rule, (num_rules,)."""
    return torch.special.ndtr(-signal * rules[0])


def empirical_risks(rules: Tensor, signal: float, num_points: int, *, seed: int) -> Tensor:
    """The share of `num_points` fresh samples that each rule gets wrong, (num_rules,)."""
    generator = torch.Generator().manual_seed(seed)
    signed = torch.randn(num_points, len(rules), generator=generator)  # y * x
    signed[:, 0] += signal
    return (signed @ rules <= 0).float().mean(dim=0)


def risks_of_the_chosen(
    sizes: list[int], num_points: int, *, signal: float, dimension: int, num_repeats: int, seed: int
) -> tuple[Tensor, Tensor]:
    """Choose f* = argmin of the empirical risk among the first |F| rules, again and again.

    Every repeat draws new rules and new samples; a smaller F is the beginning of a larger one.

    Returns:
        Empirical and expected risk of the chosen rule, each (num_repeats, len(sizes)).
    """
    seen, true = torch.empty(2, num_repeats, len(sizes))
    for repeat in range(num_repeats):
        rules = random_rules(max(sizes), dimension, seed=seed + 2 * repeat)
        expected = expected_risks(rules, signal)
        empirical = empirical_risks(rules, signal, num_points, seed=seed + 2 * repeat + 1)
        for column, size in enumerate(sizes):
            chosen = empirical[:size].argmin()
            seen[repeat, column], true[repeat, column] = empirical[chosen], expected[chosen]
    return seen, true


def resampled_risks(risk: float, num_points: int, num_repeats: int, *, seed: int) -> Tensor:
    """Empirical risks of one fixed rule on `num_repeats` samples of `num_points`, (num_repeats,).

    Under the 0/1 loss each sample is wrong with probability `risk`, whatever the rule is.
    """
    generator = torch.Generator().manual_seed(seed)
    counts = torch.full((num_repeats,), float(num_points), dtype=torch.float64)
    rates = torch.full_like(counts, risk)
    return torch.binomial(counts, rates, generator=generator) / num_points


def selection_bound(num_rules: Tensor, num_points: int) -> Tensor:
    """sqrt(ln |F| / (2 N)), which E max over F of (R - R_hat) never exceeds.

    Losses lie in [0, 1], so that R - R_hat is sub-Gaussian with variance proxy 1 / (4 N).

    Reference: Boucheron, Lugosi and Massart, "Concentration Inequalities" (2013), theorem 2.5.
    """
    return torch.sqrt(torch.log(num_rules.double()) / (2 * num_points))
