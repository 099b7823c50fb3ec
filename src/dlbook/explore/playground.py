"""The playground with its controls, for every page that wants one."""

from dlbook.explore.controls import Choice, Control, LogSlider, Predict, Slider
from dlbook.explore.training_explorer import TrainingExplorer, Views
from dlbook.figures import playground as pg

CONTROLS = {
    "data_set": Choice(list(pg.DATA_SETS), value="moons", label="points"),
    "noise": Slider(0.0, 0.5, value=0.1, step=0.05),
    "depth": Slider(1, 4, value=2, label="hidden layers"),
    "width": Slider(1, 16, value=8, label="units a layer"),
    "activation": Choice(list(pg.ACTIVATIONS), value="tanh"),
    "optimizer": Choice({"SGD": "sgd", "momentum": "momentum", "Adam": "adam"}, value="sgd"),
    "lr": LogSlider(1e-3, 10, value=0.1, per_decade=4, label="learning rate η"),
    "weight_decay": LogSlider(1e-5, 0.1, value=None, none=True, label="weight decay λ"),
    "seed": Slider(0, 9, value=0),
}


def playground(
    name: str = "playground", *, predict: Predict | None = None, **controls: Control
) -> TrainingExplorer:
    """A network on 200 points of the plane that trains while one watches.

    Args:
        name: unique on its page.
        predict: a question that holds the figure back.
        **controls: instead of those in `CONTROLS`, e.g. `data_set=Choice(["xor", "moons"], ...)`;
            fewer choices of structure make fewer programs.
    """
    return TrainingExplorer(
        pg.PLAYGROUND,
        Views(pg.figure, pg.SLOTS, pg.CURVES, pg.STATUS),
        name=name,
        preview=2_000,
        predict=predict,
        caption="A network, its units and its answer while it trains on 200 points; losses below.",
        alt="Network drawing with a small map in each unit, a map of the plane coloured by class "
        "probability with the training points, and training and test loss over the steps.",
        **(CONTROLS | controls),
    )
