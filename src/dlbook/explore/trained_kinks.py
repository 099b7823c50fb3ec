"""A ReLU network that learns a curve while one watches its kinks move, with its controls."""

from dlbook.explore.controls import Choice, Control, LogSlider, Predict, Slider
from dlbook.explore.training_explorer import TrainingExplorer, Views
from dlbook.figures import trained_kinks as kinks

CONTROLS = {
    "curve": Choice(list(kinks.LEARNED), value="sine"),
    "width": Slider(2, 64, value=16, label="units"),
    "optimizer": Choice({"Adam": "adam", "SGD": "sgd"}, value="adam"),
    "lr": LogSlider(1e-4, 0.1, value=0.01, per_decade=4, label="learning rate η"),
    "seed": Slider(0, 9, value=0),
}


def trained_kinks(
    name: str = "trained-kinks", *, predict: Predict | None = None, **controls: Control
) -> TrainingExplorer:
    """A network with one hidden layer on 129 places of a curve.

    Args:
        name: unique on its page.
        predict: a question that holds the figure back.
        **controls: instead of those in `CONTROLS`.
    """
    return TrainingExplorer(
        kinks.TRAINED_KINKS,
        Views(kinks.figure, kinks.SLOTS, kinks.CURVE_SLOTS, kinks.STATUS),
        name=name,
        preview=2_000,
        predict=predict,
        caption="A network that learns a curve between −π and π (dotted lines), the place where "
        "each of its units switches, and its largest error beside what even knots promise.",
        alt="The curve and the network with a dot at each kink, from −2π to 2π; below, the largest "
        "error over the steps and a level line.",
        **(CONTROLS | controls),
    )
