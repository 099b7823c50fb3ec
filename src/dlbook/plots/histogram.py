"""How often values occur: one histogram of bars for each of a few samples."""

from collections.abc import Mapping

import numpy as np
from plotly.graph_objects import Figure
from torch import Tensor

from dlbook.plots.panels import axis
from dlbook.plots.theme import PALETTE, template


def histogram(
    samples: Mapping[str, Tensor], *, low: float, high: float, num_bins: int = 40
) -> Figure:
    """The share of each sample's values in equal bins from `low` to `high`, overlaid.

    Args:
        samples: name -> values of any shape.
    """
    edges = np.linspace(low, high, num_bins + 1)
    bars, most = [], 0.0
    for k, (name, values) in enumerate(samples.items()):
        share = np.histogram(values.flatten().numpy(), edges)[0] / values.numel()
        most = max(most, share.max())
        bar = {"type": "bar", "x": (edges[:-1] + edges[1:]) / 2, "y": share, "name": name}
        bars.append(bar | {"width": edges[1] - edges[0], "marker": {"color": PALETTE[k]}})
    layout = {
        "template": template(),
        "height": 300,
        "barmode": "overlay",
        "xaxis": axis("value", low, high),
        "yaxis": axis("share of the numbers", 0, 1.05 * most),
    }
    return Figure(bars, layout)
