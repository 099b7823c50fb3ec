"""Six networks that differ only in the seed of their first weights, with their controls."""

from dlbook.explore.controls import Choice, Control, Predict, Slider, Steps
from dlbook.explore.training_explorer import TrainingExplorer, Views
from dlbook.figures import side_by_side as six

RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
CONTROLS = {
    "data_set": Choice(["xor", "circles", "moons", "spirals"], value="xor", label="points"),
    "noise": Slider(0.0, 0.5, value=0.0, step=0.05),
    "activation": Choice(["ReLU", "tanh"], value="ReLU"),
    "optimizer": Choice({"SGD": "sgd", "Adam": "adam"}, value="adam"),
    "width": Slider(2, 16, value=4, label="units a layer"),
    "lr": Steps(RATES, value=0.03, label="learning rate η"),
    "seed": Slider(0, 30, value=0, step=6, label="first seed s"),
}


def side_by_side(
    name: str = "side-by-side", *, predict: Predict | None = None, **controls: Control
) -> TrainingExplorer:
    """Six networks with two hidden layers on the same 100 points, trained at once.

    Args:
        name: unique on its page.
        predict: a question that holds the figure back.
        **controls: instead of those in `CONTROLS`.
    """
    return TrainingExplorer(
        six.SIDE_BY_SIDE,
        Views(six.figure, six.SLOTS, six.CURVES, six.STATUS),
        name=name,
        preview=1_000,
        predict=predict,
        caption="Six networks with the same settings and points; only the first weights differ.",
        alt="Six training losses over the steps and their median; below, six maps of the plane "
        "coloured by class probability, each with the training points, its seed and its share of "
        "test points right.",
        at_hand=("lr",),
        **(CONTROLS | controls),
    )
