"""A ReLU network whose pieces one watches while it learns, with its controls."""

from dlbook.explore.controls import Choice, Control, LogSlider, Predict, Slider
from dlbook.explore.training_explorer import TrainingExplorer, Views
from dlbook.figures import creases

CONTROLS = {
    "data_set": Choice(["spirals", "moons", "circles"], value="spirals", label="points"),
    "depth": Choice([1, 2, 3], value=2, label="hidden layers"),
    "width": Slider(2, 24, value=12, label="units a layer"),
    "lr": LogSlider(1e-4, 0.1, value=0.01, per_decade=4, label="learning rate η"),
    "seed": Slider(0, 9, value=0),
}


def watched_creases(
    name: str = "creases", *, predict: Predict | None = None, **controls: Control
) -> TrainingExplorer:
    """A ReLU network on 100 points of two classes, its pieces beside its answer.

    Args:
        name: unique on its page.
        predict: a question that holds the figure back.
        **controls: instead of those in `CONTROLS`.
    """
    return TrainingExplorer(
        creases.CREASES,
        Views(creases.figure, creases.SLOTS, creases.CURVES, creases.STATUS),
        name=name,
        preview=1_000,
        predict=predict,
        caption="Left: the plane cut by the units of a network, one hue for what layer 1 says and "
        "one shade for what later layers say, black where they meet, pink where the answer changes "
        "class; right: the network's answer and the points; below: the loss.",
        alt="A map of coloured cells with dark borders that gather around a pink edge between "
        "two classes of points, which the map beside it shows.",
        **(CONTROLS | controls),
    )
