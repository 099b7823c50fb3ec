"""Explorer figures of the basketball heights: where to cut, and what can be asked about them."""

from functools import lru_cache

import torch
from torch import Tensor

from dlbook.datasets.heights import basketball_heights
from dlbook.models.gaussian_classifier import GaussianClassifier, KernelClassifier
from dlbook.models.threshold_rule import threshold_errors
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
from dlbook.plots.panels import axis, dots, line, two_panels
from dlbook.plots.theme import GRAY, PURPLE

LOW, HIGH = 160, 220  # cm, of the axes
RUG_BASES = (-0.003, -0.0085)  # of women and men, on the density axis
DENSITY_AXIS = axis("density × prior (per cm)", -0.015, 0.06, tickvals=[0, 0.02, 0.04, 0.06])
POSTERIOR_AXIS = axis("P(man | height)", -0.06, 1.06, tickvals=[0, 0.5, 1])
HEIGHT_AXIS = axis("height (cm)", LOW, HIGH)
# Every half centimetre twice: an area that ends at a cut then has an upright edge.
GRID = torch.arange(2 * LOW, 2 * HIGH + 1).repeat_interleave(2) / 2
LEFT_COPY = torch.arange(len(GRID)) % 2 == 0


def height_threshold(threshold: int, prior: float) -> Figure:
    """Two bell curves weighted by their priors, a cut, its errors, and the posterior below.

    Args:
        threshold: players of at least this height (cm) are called men.
        prior: P(man) before the height is known.
    """
    x, y, women, men = _heights()
    model = GaussianClassifier.fit(x, y, prior=prior)
    weighted = (model.densities(GRID) * model.priors).T
    above = (threshold < GRID) | ((threshold == GRID) & ~LEFT_COPY)
    wrong_women, wrong_men = women[women >= threshold], men[men < threshold]
    best = float(model.crossings()[0])
    posterior = model.posterior(torch.tensor([float(threshold)]))[0, 1].item()
    figure = two_panels(
        [
            error_area(GRID, weighted[0] * above, 0, "women called men"),
            error_area(GRID, weighted[1] * ~above, 1, "men called women"),
            weighted_density(GRID[::2], weighted[0, ::2], 0, "women"),
            weighted_density(GRID[::2], weighted[1, ::2], 1, "men"),
            rug(women, 0, "", base=RUG_BASES[0]) | NO_LEGEND,
            rug(men, 1, "", base=RUG_BASES[1]) | NO_LEGEND,
            _crossed_out(wrong_women, wrong_men),
            cut(threshold, -0.015, 0.06),
            posterior_curve(GRID[::2], model.posterior(GRID[::2])[:, 1], "") | NO_LEGEND,
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
    model = _density_model(density, prior)
    grid = torch.arange(2 * LOW, 2 * HIGH + 1) / 2
    weighted = (model.densities(grid) * model.priors).T
    posterior, classes = model.posterior(grid)[:, 1], model.predict(grid)
    at = torch.tensor([float(height)])
    usual = (model.densities(at) * model.priors).sum().item()
    score, answer = model.posterior(at)[0, 1].item(), int(model.predict(at))
    figure = two_panels(
        [
            weighted_density(grid, weighted[0], 0, "women"),
            weighted_density(grid, weighted[1], 1, "men"),
            line(grid, weighted.sum(dim=0), "all players (density)", GRAY),
            rug(women, 0, "", base=RUG_BASES[0]) | NO_LEGEND,
            rug(men, 1, "", base=RUG_BASES[1]) | NO_LEGEND,
            cut(height, -0.015, usual),
            dots([height], [usual], "", GRAY, size=12, **NO_LEGEND),
            posterior_curve(grid, posterior, "E(Y | height) (regression)"),
            line(
                grid,
                classes.float(),
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


def _crossed_out(women: Tensor, men: Tensor) -> dict:
    marks = [rug(women, 0, "", base=RUG_BASES[0]), rug(men, 1, "", base=RUG_BASES[1])]
    return crosses(*(torch.cat([torch.as_tensor(mark[k]) for mark in marks]) for k in "xy"))


@lru_cache
def _heights() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """All heights with labels 0 (women) and 1 (men), and each group alone."""
    women, men = (group.float() for group in basketball_heights())
    y = torch.cat([torch.zeros(len(women)), torch.ones(len(men))]).long()
    return torch.cat([women, men]), y, women, men


@lru_cache(maxsize=64)
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
