"""Explorer figure of a noisy photograph that total variation smooths, between two bounds."""

from functools import cache

import numpy as np
from torch import Tensor
from torch.nn.functional import avg_pool2d

from dlbook.datasets.photographs import photograph
from dlbook.plots import Figure, with_status
from dlbook.plots.panels import axis, dots, line, two_panels, words
from dlbook.plots.theme import BLUE, ORANGE, RED
from dlbook.plots.words import in_words
from dlbook.random import normal
from dlbook.solvers.image_denoising import DenoisedImage, denoise_image

SIZE = 64
NOISE = 0.15
PENALTIES = (0.01, 0.03, 0.06, 0.1, 0.15, 0.25, 0.5, 1.0)
TURNS = (0, 1, 3, 10, 30, 100, 300)
GAP, ROOM = 6, 12  # pixels of the photograph: between two pictures; above each, for its title
TITLES = ("the photograph", "with noise", "smoothed", "taken away")
CORNERS = [(column * (SIZE + GAP), row * (SIZE + ROOM)) for row in (0, 1) for column in (0, 1)]
BARE = {"visible": False, "fixedrange": True, "constrain": "domain"}
LOWER_ACROSS = (0.14, 1.0)  # of the width, beside the words of the lower panel's axis
UPPER_SHARE = 0.74


def smoothed_photograph(penalty: float, turn: int) -> Figure:
    """A photograph, with noise, after some turns of the primal-dual method, and what went.

    Args:
        penalty: λ, one of `PENALTIES`.
        turn: one of `TURNS`.
    """
    clean, noisy = pictures()
    run, time = smoothed(penalty), np.array(TURNS) + 1
    lowest = run.values[-1]
    value, bound = (curve[list(TURNS)] / lowest for curve in (run.values, run.bounds))
    now = TURNS.index(turn)
    smooth = run.images[turn]
    pictures_of = (clean, noisy, smooth, 0.5 + noisy - smooth)
    figure = two_panels(
        [
            *(_picture(*pair) for pair in zip(pictures_of, CORNERS, strict=True)),
            _titles(),
            line(time, value.clamp(max=4), "value of the picture", BLUE, panel=2),
            line(time, bound.clamp(min=-1), "bound: no picture has less", ORANGE, panel=2),
            dots([turn + 1] * 2, [value[now], bound[now]], "now", RED, size=10, panel=2),
        ],
        upper=(
            axis("", -0.5, 2 * SIZE + GAP - 0.5, **BARE),
            axis("", 2 * SIZE + ROOM - 0.5, -ROOM - 0.5, scaleanchor="x", **BARE),
        ),
        lower=(
            axis("turn + 1", -0.1, 2.6, log=True, domain=LOWER_ACROSS),
            axis("value / lowest value", -0.2, 3.2),
        ),
        height=660,
        upper_share=UPPER_SHARE,
    )
    legend = {"y": figure.layout.yaxis2.domain[1] + 0.01, "x": LOWER_ACROSS[0]}
    figure.update_layout(margin={"l": 8, "r": 8, "t": 4}, legend=legend)
    gap = (run.values[turn] - run.bounds[turn]) / run.values[turn]
    before, after = (mean_squared_error(x) for x in (noisy, smooth))
    return with_status(
        figure,
        f"After {turn} turn{'s' * (turn != 1)} at most {_percent(gap)} of the picture's value "
        f"could still be saved; mean squared error {in_words(after)}, {in_words(before)} with the "
        "noise.",
    )


@cache
def pictures() -> tuple[Tensor, Tensor]:
    """A grey cut-out of the temple, 64 × 64 with values 0 to 1, and the same with noise."""
    grey = photograph("china").double().mean(dim=0)[40:232, 120:312] / 255
    clean = avg_pool2d(grey[None, None], 3)[0, 0]
    return clean, clean + NOISE * normal((SIZE, SIZE), seed=0).double()


@cache
def smoothed(penalty: float) -> DenoisedImage:
    """All turns on the noisy photograph."""
    return denoise_image(pictures()[1], penalty, num_steps=TURNS[-1])


def mean_squared_error(x: Tensor) -> Tensor:
    """Mean squared difference from the photograph without noise."""
    return (x - pictures()[0]).square().mean()


def _picture(values: Tensor, corner: tuple[int, int]) -> dict:
    return {
        "type": "heatmap",
        "x": np.arange(SIZE) + corner[0],
        "y": np.arange(SIZE) + corner[1],
        "z": values.clamp(0, 1).numpy().astype(np.float32),
        "zmin": 0,
        "zmax": 1,
        "colorscale": [[0, "#000000"], [1, "#ffffff"]],
        "showscale": False,
        "hoverinfo": "skip",
    }


def _titles() -> dict:
    x, y = [left + SIZE / 2 for left, _ in CORNERS], [top - 1 for _, top in CORNERS]
    return words(x, y, TITLES, "top center") | {"showlegend": False}


def _percent(share: float) -> str:
    share = min(float(share), 9.99)
    return f"{share:.0%}" if share >= 0.1 else f"{share:.2%}"
