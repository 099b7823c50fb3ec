"""Explorer figures of the basketball heights: where to cut, and what can be asked about them."""

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from dlbook.datasets.heights import basketball_heights
from dlbook.models.gaussian_classifier import GaussianClassifier, KernelClassifier
from dlbook.models.threshold_rule import ThresholdRule, threshold_errors
from dlbook.models.two_class_world import TwoClassWorld
from dlbook.plots import Figure, with_status
from dlbook.plots.class_densities import (
    NO_LEGEND,
    crosses,
    cut,
    error_area,
    posterior_curve,
    rug,
    weighted_density,
)
from dlbook.plots.error_curves import curve_with_spread, level
from dlbook.plots.panels import axis, dots, line, one_panel, two_panels
from dlbook.plots.theme import GRAY, GREEN, PURPLE

LOW, HIGH = 160, 220  # cm, of the axes
PARKING = -0.03  # below the density axis
RUG_BASES = (-0.003, -0.0085)  # of women and men, on the density axis
DENSITY_AXIS = axis("density × prior (per cm)", -0.015, 0.06, tickvals=[0, 0.02, 0.04, 0.06])
POSTERIOR_AXIS = axis("P(man | height)", -0.06, 1.06, tickvals=[0, 0.5, 1])
HEIGHT_AXIS = axis("height (cm)", LOW, HIGH)
# Every half centimetre twice: an area that ends at a cut then has an upright edge.
GRID = torch.arange(2 * LOW, 2 * HIGH + 1).repeat_interleave(2) / 2
GRID_X = GRID.numpy()
LEFT_COPY = np.arange(len(GRID_X)) % 2 == 0
TRAINING_SIZES = [12, 24, 48, 100, 200, 400]
NUM_SAMPLES = 80


def height_threshold(threshold: int, prior: float) -> Figure:
    """Two bell curves weighted by their priors, a cut, its errors, and the posterior below.

    Args:
        threshold: players of at least this height (cm) are called men.
        prior: P(man) before the height is known.
    """
    x, y, women, men = _heights()
    model, weighted, posteriors = _curves("bells", prior)
    above = (threshold < GRID_X) | ((threshold == GRID_X) & ~LEFT_COPY)
    best = float(model.crossings()[0])
    posterior = model.posterior(torch.tensor([float(threshold)]))[0, 1].item()
    figure = two_panels(
        [
            error_area(GRID_X, weighted[0] * above, 0, "women called men"),
            error_area(GRID_X, weighted[1] * ~above, 1, "men called women"),
            weighted_density(GRID_X[::2], weighted[0, ::2], 0, "women"),
            weighted_density(GRID_X[::2], weighted[1, ::2], 1, "men"),
            rug(women, 0, "", base=RUG_BASES[0]) | NO_LEGEND,
            rug(men, 1, "", base=RUG_BASES[1]) | NO_LEGEND,
            _crossed_out(women, women >= threshold, men, men < threshold),
            cut(threshold, -0.015, 0.06),
            posterior_curve(GRID_X[::2], posteriors[::2], "") | NO_LEGEND,
            cut(threshold, -0.06, 1.06, panel=2),
            line([LOW, HIGH], [0.5, 0.5], "", GRAY, width=1, panel=2, **NO_LEGEND),
            dots([threshold], [posterior], "", PURPLE, size=12, panel=2, **NO_LEGEND),
        ],
        upper=(HEIGHT_AXIS, DENSITY_AXIS),
        lower=(HEIGHT_AXIS, POSTERIOR_AXIS),
        upper_share=0.65,
    )
    errors = int(threshold_errors(x, y, torch.tensor([float(threshold)])))
    return with_status(
        figure,
        f"Cut at {threshold} cm: {errors} of the 24 players are wrong; by the two bell curves "
        f"{model.error_above(threshold):.1%} of all players would be, and at least "
        f"{model.error_above(best):.1%} whatever the cut. Exactly at the cut P(man) is "
        f"{posterior:.2f}.",
    )


def height_questions(height: int, density: str, prior: float) -> Figure:
    """What the same model says about one new player: how usual, how probably a man, which class.

    Args:
        height: of the new player (cm).
        density: "bells", "one width", "narrow kernels" or "wide kernels".
        prior: P(man) before the height is known.
    """
    _, _, women, men = _heights()
    model, weighted, posterior = _curves(density, prior)
    grid, weighted, posterior = GRID_X[::2], weighted[:, ::2], posterior[::2]
    at = torch.tensor([float(height)])
    usual = (model.densities(at) * model.priors).sum().item()
    score, answer = model.posterior(at)[0, 1].item(), int(model.predict(at))
    figure = two_panels(
        [
            weighted_density(grid, weighted[0], 0, "women"),
            weighted_density(grid, weighted[1], 1, "men"),
            line(grid, weighted.sum(axis=0), "all players (density)", GRAY),
            rug(women, 0, "", base=RUG_BASES[0]) | NO_LEGEND,
            rug(men, 1, "", base=RUG_BASES[1]) | NO_LEGEND,
            cut(height, -0.015, usual),
            dots([height], [usual], "", GRAY, size=12, **NO_LEGEND),
            posterior_curve(grid, posterior, "E(Y | height) (regression)"),
            line(
                grid,
                (posterior > 0.5).astype(float),
                "class (classification)",
                GRAY,
                width=2,
                panel=2,
                line={"shape": "hv", "dash": "dot"},
            ),
            cut(height, -0.06, score, panel=2),
            dots([height], [score], "", PURPLE, size=12, panel=2, **NO_LEGEND),
        ],
        upper=(HEIGHT_AXIS, DENSITY_AXIS),
        lower=(HEIGHT_AXIS, POSTERIOR_AXIS),
        upper_share=0.6,
    )
    return with_status(
        figure,
        f"A player of {height} cm. Density: {usual:.4f} per cm. Regression: E(Y | {height} cm) = "
        f"{score:.2f}. Classification: {('woman', 'man')[answer]}.",
    )


def threshold_error_curve() -> Figure:
    """How many of the 24 players each threshold gets wrong."""
    x, y, _, _ = _heights()
    thresholds = torch.arange(2 * 165, 2 * 210 + 1) / 2
    errors = threshold_errors(x, y, thresholds)
    least = errors == errors.min()
    return one_panel(
        [
            line(thresholds.numpy(), errors.numpy(), "errors", PURPLE, line={"shape": "vh"}),
            dots(thresholds[least].numpy(), errors[least].numpy(), "fewest errors", PURPLE, size=9),
        ],
        axis("threshold (cm)", 165, 210),
        axis("wrong players (of 24)", 0, 13),
        height=300,
    )


def error_by_training_size(bells: tuple) -> Figure:
    """Expected risk of both rules against the number of training players, over 80 samples.

    Args:
        bells: the world, for instance `dlbook.models.two_class_world.BELL_WORLD`.
    """
    risks, least = risks_by_training_size(bells)
    return one_panel(
        [
            *curve_with_spread(TRAINING_SIZES, risks[0], "two bell curves + Bayes", PURPLE),
            *curve_with_spread(TRAINING_SIZES, risks[1], "best threshold", GREEN),
            level(least, [10, 480], "Bayes error"),
        ],
        axis("training players", 1, 2.68, log=True),
        axis("expected risk", least - 0.01, least + 0.09),
        height=330,
    )


@lru_cache(maxsize=4)
def risks_by_training_size(bells: tuple) -> tuple[Tensor, float]:
    """Expected risks of rules trained on samples of `TRAINING_SIZES` players, and the Bayes error.

    Returns:
        Risks (2, samples, sizes), of the generative rule first, then of the discriminative one;
        and the Bayes error of the world of `bells`.
    """
    world = TwoClassWorld(bells)
    risks = torch.empty(2, NUM_SAMPLES, len(TRAINING_SIZES))
    for seed in range(NUM_SAMPLES):
        for column, size in enumerate(TRAINING_SIZES):
            x, y = world.sample(size, seed=seed)
            for row, rule in enumerate((GaussianClassifier, ThresholdRule)):
                risks[row, seed, column] = world.risk(rule.fit(x, y).predict)
    return risks, world.bayes_error()


def _crossed_out(women: Tensor, wrong_women: Tensor, men: Tensor, wrong_men: Tensor) -> dict:
    """A cross on every player in the wrong; the crosses of the others wait below the axes."""
    marks = [rug(women, 0, "", base=RUG_BASES[0]), rug(men, 1, "", base=RUG_BASES[1])]
    x, y = (np.concatenate([mark[letter] for mark in marks]) for letter in "xy")
    wrong = torch.cat([wrong_women[women.argsort()], wrong_men[men.argsort()]]).numpy()
    return crosses(x, np.where(wrong, y, PARKING))


@lru_cache
def _heights() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """All heights with labels 0 (women) and 1 (men), and each group alone."""
    women, men = (group.float() for group in basketball_heights())
    y = torch.cat([torch.zeros(len(women)), torch.ones(len(men))]).long()
    return torch.cat([women, men]), y, women, men


@lru_cache(maxsize=64)
def _curves(density: str, prior: float) -> tuple:
    """The model, its densities times priors on the grid (2, grid) and P(man | height) (grid,)."""
    model = _density_model(density, prior)
    weighted = (model.densities(GRID) * model.priors).T
    return model, weighted.numpy(), model.posterior(GRID)[:, 1].numpy()


def _density_model(density: str, prior: float) -> GaussianClassifier | KernelClassifier:
    x, y, _, _ = _heights()
    match density:
        case "bells":
            return GaussianClassifier.fit(x, y, prior=prior)
        case "one width":
            return GaussianClassifier.fit(x, y, prior=prior, shared_sd=True)
        case "narrow kernels":
            return KernelClassifier.fit(x, y, bandwidth=1.5, prior=prior)
        case "wide kernels":
            return KernelClassifier.fit(x, y, bandwidth=5.0, prior=prior)
    raise ValueError(f"density is {density!r}; it must be bells, one width, narrow or wide kernels")
