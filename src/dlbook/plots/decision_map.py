"""The decision map: what a two-class rule answers everywhere in the plane, and the points in it."""

import numpy as np
import torch
from torch import Tensor

from dlbook.plots import Figure
from dlbook.plots.panels import axis, dots, one_panel
from dlbook.plots.theme import CLASS_COLORS, DECISION_SCALE

CLASS_SYMBOLS = ("circle", "diamond")  # colour is not the only sign of a class
POINT_OUTLINE = {"line": {"width": 1, "color": "rgba(255,255,255,0.8)"}}


def map_grid(limit: float, size: int = 48) -> tuple[Tensor, Tensor]:
    """The points at which a map is evaluated, over the square [-limit, limit]^2.

    Returns:
        The cells' centres along one axis (size,), and all of them as rows (size * size, 2), the
        second coordinate moving slowest: `answers.reshape(size, size)` is a map's `z`.
    """
    centers = (torch.arange(size) + 0.5) / size * 2 * limit - limit
    x2, x1 = torch.meshgrid(centers, centers, indexing="ij")
    return centers, torch.stack([x1.ravel(), x2.ravel()], dim=1)


def decision_map(
    centers: Tensor, share: Tensor, X: Tensor, y: Tensor, *, slots: int = 0, height: int = 460
) -> Figure:
    """A map of the share, votes or probability of class 1, below the points of both classes.

    Args:
        centers: of the cells along each axis, (size,), from `map_grid`.
        share: in [0, 1], (size, size) or (size * size,), x2 along the rows.
        X, y: points (n, 2) and their labels 0 or 1 (n,).
        slots: as in `class_points`.
    """
    half_cell = float(centers[1] - centers[0]) / 2
    limit = float(centers[-1]) + half_cell
    return one_panel(
        [share_map(centers, share), *class_points(X, y, slots=slots, parking=-1.2 * limit)],
        *plane(limit, limit),
        height=height,
    )


def plane(x1_limit: float, x2_limit: float) -> tuple[dict, dict]:
    """Axes on which both coordinates have one scale, so that near looks near in all directions."""
    one_scale = {"scaleanchor": "x", "constrain": "domain"}
    return (
        axis("x₁", -x1_limit, x1_limit, constrain="domain"),
        axis("x₂", -x2_limit, x2_limit, **one_scale),
    )


def share_map(centers: Tensor, share: Tensor) -> dict:
    """The map as a heat map trace."""
    return {
        "type": "heatmap",
        "x": centers.numpy(),
        "y": centers.numpy(),
        "z": np.asarray(share, dtype=np.float32).reshape(len(centers), len(centers)),
        "zmin": 0,
        "zmax": 1,
        "colorscale": DECISION_SCALE,
        "showscale": False,
        "hovertemplate": "x₁ %{x:.2f}, x₂ %{y:.2f}: class 1 %{z:.2f}<extra></extra>",
    }


def class_points(
    X: Tensor, y: Tensor, *, size: float = 7, slots: int = 0, parking: float = 0.0
) -> list[dict]:
    """One trace of points a class; class 0 as circles, class 1 as diamonds.

    Args:
        X, y: points (n, 2) and their labels 0 or 1 (n,).
        size: of the markers.
        slots: if above 0, each trace has that many markers whatever the labels are, and those
            that are not needed wait at height `parking`, outside the axes. A page moves markers
            quickly as long as their number stays.
        parking: a height that isn't seen.
    """
    return [
        dots(
            *(_parked(X, y == label, slots, parking) if slots else X[y == label].numpy().T),
            f"class {label}",
            CLASS_COLORS[label],
            size=size + label,  # a diamond of the same size looks smaller
            marker={"symbol": CLASS_SYMBOLS[label]} | POINT_OUTLINE,
        )
        for label in (0, 1)
    ]


def waiting_points(count: int, parking: float, *, size: float = 7) -> list[dict]:
    """`class_points` with `count` markers of each class, all waiting where nobody sees them."""
    return class_points(torch.empty(0, 2), torch.empty(0), size=size, slots=count, parking=parking)


def _parked(X: Tensor, shown: Tensor, slots: int, parking: float) -> np.ndarray:
    """Coordinates (2, slots) of which only the first len(X) that are `shown` are in sight.

    The others all wait in one place: what stays where it is costs a page nothing.
    """
    places = np.full((2, slots), parking, dtype=np.float32)
    places[:, : len(X)] = np.where(shown, X.T, parking)
    return places
