"""Plots of cost: bars a layer, memory over time, size against multiplications."""

from collections.abc import Sequence

import numpy as np

from dlbook.models.cost import LayerCost, Timeline
from dlbook.plots import Figure
from dlbook.plots.color_numbers import see_through
from dlbook.plots.panels import axis, dots, line, one_panel, two_panels
from dlbook.plots.theme import BLUE, GRAY, GREEN, ORANGE, PURPLE


def cost_by_layer(
    costs: Sequence[LayerCost], slots: int, ratios: Sequence[float], depth: int
) -> Figure:
    """Three bars a layer as shares of the forward pass; below, backward / forward over the depth.

    Args:
        costs: of the layers, the first one first.
        slots: room for that many layers.
        ratios: backward over forward for 1, 2, ... hidden layers.
        depth: the present number of hidden layers.
    """
    whole = sum(cost.forward for cost in costs)
    parts = (
        ("forward: W x", [cost.forward for cost in costs], BLUE),
        ("weights: δ xᵀ", [cost.weight_gradient for cost in costs], ORANGE),
        ("message: Wᵀ δ", [cost.message for cost in costs], PURPLE),
    )
    layers = list(range(1, slots + 1))
    bars = [
        {
            "type": "bar",
            "name": name,
            "x": layers,
            "y": np.array([*macs, *[0] * (slots - len(macs))]) / whole,
            "marker": {"color": color},
            "hovertemplate": "layer %{x}: %{y:.3f}<extra></extra>",
        }
        for name, macs, color in parts
    ]
    depths = list(range(1, len(ratios) + 1))
    curve = [
        line(depths, ratios, "backward / forward", GREEN, panel=2, showlegend=False),
        dots([depth], [ratios[depth - 1]], "here", GREEN, size=13, panel=2, showlegend=False),
    ]
    return two_panels(
        [*bars, *curve],
        (
            axis("layer", 0.4, slots + 0.6, dtick=1),
            axis("share of the forward pass", 0, 1, tickformat=".0%"),
        ),
        (
            axis("hidden layers", 0.5, len(ratios) + 0.5, dtick=1),
            axis("backward / forward", 0.9, 2.1),
        ),
        upper_share=0.58,
    )


def memory_over_time(
    step: Timeline, num_layers: int, every: Sequence[int], peaks: Sequence[int], here: int
) -> Figure:
    """Activations in memory after every run of a layer; below, the peak over the spacing.

    Time is counted in runs of all layers and memory in what a step without checkpoints needs.
    """
    stored, kinds = np.array(step.stored) / num_layers, np.array(step.kind)
    time = np.arange(1.0, len(stored) + 1)
    areas = []
    for kind, name, color in (
        ("forward", "forward", BLUE),
        ("again", "forward again", PURPLE),
        ("backward", "backward", ORANGE),
    ):
        x, y = _bars_as_outline(time, np.where(kinds == kind, stored, 0))
        style = {"fill": "tozeroy", "fillcolor": see_through(color, 0.55)}
        areas.append(line(x / num_layers, y, name, color, width=1, **style))
    shares = np.array(peaks) / num_layers
    curve = [
        line(list(every), shares, "peak", GREEN, panel=2, showlegend=False),
        dots([here], [shares[every.index(here)]], "here", GREEN, size=13, panel=2,
             showlegend=False),
    ]  # fmt: skip
    percent = {"tickformat": ".0%"}
    return two_panels(
        [*areas, *curve],
        (axis("passes through the layers", 0, 3.05), axis("activations kept", 0, 1.05, **percent)),
        (axis("k", 0, max(every) + 0.5), axis("most at a time", 0, 1.05, **percent)),
        upper_share=0.58,
    )


def _bars_as_outline(time: np.ndarray, height: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The outline of touching bars, with only the corners that are seen."""
    x = np.repeat(time, 2) + np.tile([-0.5, 0.5], len(time))
    y = np.repeat(height, 2)
    seen = np.ones(len(y), dtype=bool)
    seen[1:-1] = (y[1:-1] != y[:-2]) | (y[1:-1] != y[2:])
    return x[seen], y[seen]


def size_and_cost(
    names: Sequence[str], weights: np.ndarray, macs: np.ndarray, ratios: Sequence[float]
) -> Figure:
    """Weights against multiplications of one forward pass; the line is one MAC a weight."""
    ends = np.array([1e4, 1e9])
    colors = (BLUE, ORANGE, PURPLE, GREEN)
    points = [
        dots([w], [m], f"{name}, {r:.2f}", color, size=18)
        for name, w, m, r, color in zip(names, weights, macs, ratios, colors, strict=True)
    ]
    diagonal = line(ends, ends, "each weight used once", GRAY, line={"dash": "dash"})
    return one_panel(
        [diagonal, *points],
        axis("weights", 4.5, 7.2, log=True),
        axis("MACs of a forward pass", 4.5, 8.6, log=True),
        height=430,
    )


def loss_against_work(curves: dict[str, tuple[Sequence[float], Sequence[float]]]) -> Figure:
    """Loss against forward passes spent, on a logarithmic axis, one line a method."""
    traces = [
        line(work, losses, name, color)
        for (name, (work, losses)), color in zip(curves.items(), (ORANGE, BLUE), strict=True)
    ]
    return one_panel(
        traces,
        axis("cost in forward passes", 0, 6.5, log=True),
        axis("loss (nats)", 0, 2),
        height=360,
    )
