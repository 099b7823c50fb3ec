"""The playground with its controls, for every page that wants one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from dlbook.datasets.toy_classification import SETS
from dlbook.explore.controls import Choice, Control, LogSlider, Predict, Slider, Steps, Toggle
from dlbook.explore.training_explorer import PointsPanel, TrainingExplorer, Views
from dlbook.figures import playground as pg

INPUTS = {
    "x₁, x₂": 3,
    "x₁², x₂²": 12,
    "x₁x₂": 16,
    "x₁, x₂, x₁x₂": 19,
    "x₁, x₂ and squares": 15,
    "sines": 96,
    "all seven": 127,
}  # a bit for each of `pg.INPUTS`
CONTROLS = {
    "data_set": Choice(list(SETS), value="moons", label="points"),
    "noise": Slider(0.0, 0.5, value=0.1, step=0.05),
    "depth": Slider(1, 4, value=2, label="hidden layers"),
    "width": Slider(1, 16, value=8, label="units a layer"),
    "activation": Choice(list(pg.ACTIVATIONS), value="tanh"),
    "optimizer": Choice({"SGD": "sgd", "momentum": "momentum", "Adam": "adam"}, value="sgd"),
    "lr": LogSlider(1e-3, 10, value=0.1, per_decade=4, label="learning rate η"),
    "weight_decay": LogSlider(1e-5, 0.1, value=None, none=True, label="weight decay λ (L2)"),
    "l1": LogSlider(1e-5, 0.1, value=None, none=True, label="L1 penalty"),
    "batch_size": Choice({"all points": 0, "50": 50, "10": 10, "1": 1}, value=0, label="batch"),
    "inputs": Choice(INPUTS, value=3),
    "num_train": Steps([0, 10, 20, 50, 100, 200], value=200, label="training points"),
    "seed": Slider(0, 9, value=0),
    "show_test": Toggle(label="show test points"),
    "rounded": Toggle(label="round the answer"),
}
FOLDED = ("l1", "batch_size", "inputs", "num_train", "seed", "show_test", "rounded")


def playground(
    name: str = "playground",
    *,
    predict: Predict | None = None,
    start: Mapping[str, object] | None = None,
    points: Sequence[tuple[float, float, int]] = (),
    **controls: Control,
) -> TrainingExplorer:
    """A network on 200 points of the plane that trains while one watches.

    Args:
        name: unique on its page.
        predict: a question that holds the figure back.
        start: settings that begin elsewhere than usual, e.g. {"lr": 1.0}.
        points: of one's own, (x1, x2, class) each, at most 40.
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
        Views(pg.figure, pg.SLOTS, pg.CURVES, pg.STATUS),
        name=name,
        preview=2_000,
        panel=PointsPanel(("class 0", "class 1"), pg.LIMIT),
        points=points,
        folded=FOLDED,
        code="from dlbook.explore.playground import playground\n\nplayground()",
        predict=predict,
        caption="A network, its inputs and units, and its answer while it trains; losses below. "
        "Of each layer the first eight units are shown; a weight below 5 % of the largest has no "
        "line.",
        alt="Network drawing with a small map in each input and unit, a map of the plane coloured "
        "by class probability with the training points, and training and test loss over the steps.",
        **all_controls,
    )
