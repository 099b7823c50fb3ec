"""Explorer figures of oriented gradients: an image that turns, and one whose light changes."""

import math
from functools import lru_cache

import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from dlbook.datasets.digits import split_enlarged_digits
from dlbook.datasets.photographs import photograph
from dlbook.models.hog import NUM_BINS, cell_histograms, normalised_blocks, rotate_images
from dlbook.plots import Figure, with_status
from dlbook.plots.hog import grey_image, orientation_bars, stars
from dlbook.plots.panels import axis, two_panels
from dlbook.plots.theme import GRAY, ORANGE, PURPLE

SIDE, CELL = 64, 8
MARGIN = 16  # around what is shown, so that no corner comes in from outside when it turns
EPSILON = 0.3  # blocks with less gradient than this in all are scaled up less
IMAGES = ("stripes", "temple", "petals", "digit 4")


@lru_cache
def picture(name: str) -> Tensor:
    """One of `IMAGES` in grey, values 0 to 1, (96, 96), of which the middle 64×64 is shown."""
    size = SIDE + 2 * MARGIN
    if name == "stripes":
        columns = torch.arange(size) - (size - 1) / 2
        return (0.5 + 0.4 * torch.sin(2 * math.pi * columns / 12)).expand(size, size)
    if name == "digit 4":
        (X, y), _ = split_enlarged_digits()
        image = X[y == 4][2, 0]
        image = (image - image.min()) / (image.max() - image.min())
        small = torch.nn.functional.interpolate(image[None, None], 56, mode="bilinear")
        return torch.nn.functional.pad(small, (20, 20, 20, 20))[0, 0]
    left, top, side = {"temple": (150, 40, 288), "petals": (200, 60, 288)}[name]
    photo = photograph({"temple": "china", "petals": "flower"}[name]).float().mean(dim=0) / 255
    return adaptive_avg_pool2d(photo[None, top : top + side, left : left + side], size)[0]


@lru_cache
def turned(name: str, degrees: int) -> Tensor:
    """The middle of the picture, turned counter-clockwise, (64, 64)."""
    image = rotate_images(picture(name)[None], float(degrees))[0]
    return image[MARGIN:-MARGIN, MARGIN:-MARGIN].contiguous()


def turning_image(degrees: int, image: str) -> Figure:
    """An image with the orientations of its edges, cell by cell and all together.

    Args:
        degrees: by which the image is turned, counter-clockwise.
        image: one of `IMAGES`.
    """
    shown = turned(image, degrees)
    histograms = cell_histograms(shown[None], cell=CELL)[0]
    whole = histograms.sum(dim=(0, 1))
    first = cell_histograms(turned(image, 0)[None], cell=CELL)[0].sum(dim=(0, 1))
    share = whole / whole.sum()
    figure = _figure(
        [
            grey_image(shown),
            stars(histograms, CELL, largest=_largest(image)),
            orientation_bars(first / first.max(), "not turned", GRAY),
            orientation_bars(whole / first.max(), "turned", PURPLE, width=11),
        ]
    )
    strongest = int(share.argmax()) * 180 // NUM_BINS
    return with_status(
        figure,
        f"Turned by {degrees}°: the strongest orientation of the gradients is {strongest}°, with "
        f"{share.max():.0%} of all.",
    )


def lit(image: Tensor, contrast: float, shade: float) -> Tensor:
    """The image (rows, columns) at another contrast and with a shadow that falls from the right.

    Args:
        contrast: factor around the grey 0.5, at most 1.
        shade: how dark the right border becomes, 0 to 1.
    """
    fall = 1 - shade * torch.linspace(0, 1, image.shape[1])
    return (0.5 + contrast * (image - 0.5)) * fall


def changing_light(contrast: float, shade: float, image: str) -> Figure:
    """The same image under other light, and how far pixels, cells and blocks have moved.

    Args:
        contrast: 0.2 to 1.
        shade: 0 to 0.9.
        image: one of `IMAGES`.
    """
    before = turned(image, 0)
    after = lit(before, contrast, shade)
    moved = relative_changes(before, after)
    histograms = cell_histograms(after[None], cell=CELL)[0]
    bars = {
        "type": "bar",
        "x": list(moved),
        "y": list(moved.values()),
        "name": "change",
        "marker": {"color": [ORANGE, PURPLE, PURPLE]},
        "showlegend": False,
        "xaxis": "x2",
        "yaxis": "y2",
    }
    figure = _figure(
        [grey_image(after), stars(histograms, CELL, largest=_largest(image)), bars],
        lower=({"title": {"text": "what is compared"}}, axis("relative change", 0, 1.02)),
    )
    words = ", ".join(f"{name} {value:.2f}" for name, value in moved.items())
    return with_status(figure, f"Length of the difference, relative to full light: {words}.")


def relative_changes(before: Tensor, after: Tensor) -> dict[str, float]:
    """‖after − before‖ / ‖before‖ for the pixels, the cells' histograms and the blocks."""
    cells = [cell_histograms(image[None], cell=CELL) for image in (before, after)]
    blocks = [normalised_blocks(histograms, epsilon=EPSILON) for histograms in cells]
    pairs = {"pixels": (before, after), "histograms": cells, "normalised blocks": blocks}
    return {name: float((b - a).norm() / a.norm()) for name, (a, b) in pairs.items()}


@lru_cache
def _largest(image: str) -> float:
    """The mass that a stroke of full length stands for."""
    return float(cell_histograms(turned(image, 0)[None], cell=CELL).flatten().quantile(0.98))


def _figure(traces: list[dict], lower: tuple[dict, dict] | None = None) -> Figure:
    plain = {"showticklabels": False, "ticks": "", "showgrid": False, "zeroline": False}
    one_scale = {"scaleanchor": "x", "constrain": "domain"}
    upper = (
        axis("64 pixels, 8 cells", -0.5, SIDE - 0.5, constrain="domain", **plain),
        axis("64 pixels, 8 cells", SIDE - 0.5, -0.5, **plain, **one_scale),
    )
    orientations = axis("orientation of the gradient (°)", -10, 170, dtick=20)
    lower = lower or (orientations, axis("mass (1: strongest before)", 0, 1.2))
    figure = two_panels(traces, upper, lower, height=760, upper_share=0.68)
    return figure.update_layout(barmode="overlay")
