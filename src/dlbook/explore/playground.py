"""The playground with its controls, for every page that wants one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import torch

from dlbook.datasets.toy_classification import SETS
from dlbook.datasets.toy_surfaces import SURFACES
from dlbook.explore.controls import (
    Choice,
    Control,
    LogSlider,
    Predict,
    Slider,
    Steps,
    Subset,
    Toggle,
)
from dlbook.explore.training_explorer import TrainingExplorer
from dlbook.explore.views import Need, PointsPanel, TilesPanel, Views, WeightsPanel
from dlbook.figures import playground as pg
from dlbook.figures.playground_network import ACTIVATIONS
from dlbook.figures.playground_points import INPUTS, LIMIT
from dlbook.figures.playground_view import figure
from dlbook.plots.playground import (
    EDGE_NAMES,
    FIRST_INPUT,
    FRAME,
    LAYERS,
    UNITS,
    edge_entries,
    edges,
)

POINTS = {
    **{f"classification: {name}": name for name in SETS},
    **{f"regression: {name}": name for name in SURFACES},
}
SHOWN = {
    "the answer": 0,
    **{f"input {name}": 1 + row for row, name in enumerate(INPUTS)},
    **{
        f"layer {layer}, unit {row + 1}": 1 + UNITS * layer + row
        for layer in range(1, LAYERS + 1)
        for row in range(UNITS)
    },
}  # by numbers as in `chosen_unit`
CONTROLS = {
    "data_set": Choice(POINTS, value="moons", label="problem"),
    "noise": Slider(0.0, 0.5, value=0.1, step=0.05),
    "depth": Slider(0, LAYERS, value=2, label="hidden layers"),
    **{
        name: Slider(1, 16, value=8, label=f"units in layer {layer}")
        for layer, name in enumerate(pg.WIDTHS, start=1)
    },
    "activation": Choice(list(ACTIVATIONS), value="tanh"),
    "optimizer": Choice({"SGD": "sgd", "momentum": "momentum", "Adam": "adam"}, value="sgd"),
    "lr": LogSlider(1e-3, 10, value=0.1, per_decade=4, label="learning rate η"),
    "weight_decay": LogSlider(1e-5, 0.1, value=None, none=True, label="weight decay λ (L2)"),
    "l1": LogSlider(1e-5, 0.1, value=None, none=True, label="L1 penalty"),
    "batch_size": Choice({"all points": 0, "50": 50, "10": 10, "1": 1}, value=0, label="batch"),
    "inputs": Subset(INPUTS, value=3),
    "num_train": Steps([0, 10, 20, 50, 100, 200], value=200, label="training points"),
    "seed": Slider(0, 9, value=0),
    "shown": Choice(SHOWN, value=0, label="the map shows"),
    "show_test": Toggle(label="show test points"),
    "rounded": Toggle(label="round the answer"),
}
FOLDED = ("l1", "batch_size", "inputs", "num_train", "seed", "show_test", "rounded")
NEEDS = {
    name: Need("depth", range(layer, LAYERS + 1)) for layer, name in enumerate(pg.WIDTHS, start=1)
}
NEEDS["activation"] = Need("depth", range(1, LAYERS + 1))


def playground(
    name: str = "playground",
    *,
    predict: Predict | None = None,
    start: Mapping[str, object] | None = None,
    points: Sequence[tuple[float, float, int]] = (),
    weights: Sequence[tuple[int, str, int, int, float]] = (),
    **controls: Control,
) -> TrainingExplorer:
    """A network on 200 points of the plane that trains while one watches.

    Args:
        name: unique on its page.
        predict: a question that holds the figure back.
        start: settings that begin elsewhere than usual, e.g. {"lr": 1.0}.
        points: of one's own, (x1, x2, class) each, at most 40.
        weights: set by hand, (step, name, unit, source, value) each; see `SetWeight`.
        **controls: instead of those in `CONTROLS`, e.g. `data_set=Choice(["xor", "moons"], ...)`;
            fewer choices of structure make fewer programs.

    Raises:
        ValueError: `start` names a setting that there is not.
        ExplorerError: a setting does not have the value that `start` gives it.
    """
    all_controls = CONTROLS | controls
    for setting, value in (start or {}).items():
        if setting not in all_controls:
            raise ValueError(f"no setting {setting!r}; there are {', '.join(all_controls)}")
        all_controls[setting] = replace(all_controls[setting], default=value)
    return TrainingExplorer(
        pg.PLAYGROUND,
        Views(figure, pg.SLOTS, pg.CURVES, pg.STATUS, pg.STATUS_WHERE),
        name=name,
        preview=2_000,
        panel=PointsPanel(("class 0, or value −1", "class 1, or value 1"), LIMIT),
        points=points,
        weights=_lines(),
        edits=weights,
        tiles=_tiles(),
        needs=NEEDS,
        at_hand=("lr",),
        folded=FOLDED,
        code="from dlbook.explore.playground import playground\n\nplayground()",
        predict=predict,
        caption="The losses, a network with its inputs and units, and its answer while it trains. "
        "Of each layer the first eight units are shown; a weight below 5 % of the largest has no "
        "line.",
        alt="Training and test loss over the steps; network drawing with a small map in each input "
        "and unit; a map of the plane coloured by the answer, or by what a unit says, with the "
        "training points.",
        **all_controls,
    )


def _lines() -> WeightsPanel:
    """The weights, as the lines of the drawing."""
    x, y = edges(len(INPUTS))
    ends = torch.stack([x[:, 0], y[:, 0], x[:, 1], y[:, 1]], dim=1).tolist()
    entries = edge_entries(len(INPUTS))
    return WeightsPanel(INPUTS, "inputs", entries, ends, EDGE_NAMES, "picked")


def _tiles() -> TilesPanel:
    """The tiles of the drawing, which choose what the map shows."""
    places = {}
    for number in SHOWN.values():
        column, row = divmod(number - 1, UNITS)
        if number:
            places[number] = (column, row + (0 if column else FIRST_INPUT))
    return TilesPanel("shown", "units", places, FRAME)
