"""Six decision maps in three rows, with words at each of them, and six losses above."""

from collections.abc import Mapping, Sequence

import numpy as np

from dlbook.plots import Figure
from dlbook.plots.decision_map import POINT_OUTLINE, waiting_points
from dlbook.plots.panels import axis, line
from dlbook.plots.theme import BLUE, DECISION_SCALE, GRAY, template

ROWS, COLUMNS = 3, 2  # two abreast are large enough on a phone
NUM_NETWORKS = ROWS * COLUMNS
TILE, GAP, SPACE = 30, 2, 5  # cells: a map's side; left and right of it; above and below it
WIDTH, STEP = TILE + 2 * GAP, TILE + 2 * SPACE  # cells from one map to the next
LOSS_NAMES = [
    "loss of one network, nats",
    *(f"network {number}" for number in range(1, NUM_NETWORKS)),
]
MOST_STEPS = 5  # the axis of the steps ends at 10 to this power
LOSS_RANGE = (-9.5, 0.5)  # powers of ten
THIN_OUTLINE = {"line": POINT_OUTLINE["line"] | {"width": 0.5}}
HEIGHT = 1000  # in pixels
LOSSES, MAPS = (0.85, 1.0), (0.0, 0.77)  # shares of the height
STEPS = (0.16, 1.0)  # share of the width; beside it stand the losses of the other axis


def corners() -> np.ndarray:
    """The lower left corner of each map in the picture, in cells: (networks, 2)."""
    row, column = np.divmod(np.arange(NUM_NETWORKS), COLUMNS)
    return np.stack([column * WIDTH + GAP, (ROWS - 1 - row) * STEP + SPACE], axis=1)


def side_by_side_figure(
    num_points: int, named: Mapping[str, tuple[str, str]] | None = None
) -> Figure:
    """The empty figure.

    Args:
        num_points: markers of each class in each map.
        named: title of each map -> colour and dash of its loss, which has a legend then. None
            calls them by their seeds, and draws their losses alike.
    """
    across, up = COLUMNS * WIDTH, ROWS * STEP
    one_scale = {"scaleanchor": "x", "constrain": "domain", "constraintoward": "top"}
    layout = {
        "template": template(),
        "height": HEIGHT,
        "xaxis": _bare(across) | {"constrain": "domain"},
        "yaxis": _bare(up) | one_scale | {"domain": MAPS},
        "xaxis2": axis("steps", 0, MOST_STEPS, log=True, anchor="y2", domain=STEPS),
        "yaxis2": axis("loss (nats)", *LOSS_RANGE, log=True, domain=LOSSES, anchor="x2", dtick=3),
        "margin": {"l": 8, "r": 8, "t": 40, "b": 8},
    }
    if named is None:
        titles = [f"seed s{f' + {k}' * (k > 0)}" for k in range(NUM_NETWORKS)]
        losses = _losses()
    else:
        titles, losses = list(named), _named_losses(named)
    traces = [_maps(across, up), *_points(num_points), *_words(titles), *losses]
    return Figure(data=traces, layout=layout)


def _maps(across: int, up: int) -> dict:
    return {
        "type": "heatmap",
        "name": "maps",
        "x": np.arange(across) + 0.5,
        "y": np.arange(up) + 0.5,
        "z": np.full((up, across), np.nan),
        "zmin": 0,
        "zmax": 1,
        "colorscale": DECISION_SCALE,
        "showscale": False,
        "hoverinfo": "skip",
    }


def _points(num_points: int) -> list[dict]:
    points = waiting_points(NUM_NETWORKS * num_points, -TILE, size=4)
    for trace in points:
        trace |= {"showlegend": False, "hoverinfo": "skip"}
        trace["marker"] |= THIN_OUTLINE
    return points


def _words(titles: Sequence[str]) -> list[dict]:
    """Above each map its title, below it the share of test points right: a number and a word."""
    x, y = corners().T
    middle, above, below = x + TILE / 2, y + TILE + SPACE / 2, y - SPACE / 2
    none = np.zeros(NUM_NETWORKS)
    return [
        _text(middle, above, list(titles), "seeds", "middle center"),
        _text(middle - 4, below, none, "percent", "middle left"),
        _text(middle - 4, below, ["% right"] * NUM_NETWORKS, "words", "middle right"),
    ]


def _text(x: np.ndarray, y: np.ndarray, text, name: str, position: str) -> dict:
    style = {"mode": "text", "textposition": position, "showlegend": False, "hoverinfo": "skip"}
    return {"type": "scatter", "x": x, "y": y, "text": text, "name": name} | style


def _losses() -> list[dict]:
    single = [line([], [], name, GRAY, width=1, panel=2) for name in LOSS_NAMES]
    for trace in single[1:]:
        trace["showlegend"] = False
    return [*single, line([], [], "median", BLUE, width=3, panel=2)]


def _named_losses(named: Mapping[str, tuple[str, str]]) -> list[dict]:
    return [
        line([], [], f"{title} ", color, width=2, panel=2, line={"dash": dash})
        for title, (color, dash) in named.items()
    ]


def _bare(length: int) -> dict:
    """An axis that is not drawn."""
    return {"range": [0, length], "visible": False, "fixedrange": True}
