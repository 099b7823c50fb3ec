"""The loss on a plane through a network's parameters while it trains, with its controls."""

from dlbook.explore.controls import Choice, Control, Predict, Slider, Steps
from dlbook.explore.training_explorer import TrainingExplorer, Views
from dlbook.figures import loss_surface as surface

CONTROLS = {
    "data_set": Choice(["moons", "circles", "xor"], value="moons", label="points"),
    "activation": Choice(["tanh", "ReLU"], value="tanh"),
    "width": Slider(2, 12, value=8, label="units a layer"),
    "lr": Steps((0.01, 0.03, 0.1, 0.3, 1.0, 3.0), value=1.0, label="learning rate η"),
    "pair": Slider(0, surface.PAIRS - 1, value=0, label="pair of directions"),
    "range": Steps((0.25, 0.5, 1.0, 2.0, 4.0), value=1.0, label="range r"),
    "seed": Slider(0, 9, value=0),
}


def loss_surface(
    name: str = "loss-surface", *, predict: Predict | None = None, **controls: Control
) -> TrainingExplorer:
    """A network with two hidden layers on 100 points, and its loss in two random directions.

    Args:
        name: unique on its page.
        predict: a question that holds the figure back.
        **controls: instead of those in `CONTROLS`.
    """
    return TrainingExplorer(
        surface.LOSS_SURFACE,
        Views(surface.figure, surface.SLOTS, surface.CURVES, surface.STATUS),
        name=name,
        preview=1_000,
        predict=predict,
        caption="The training loss on a plane through the network's parameters (full purple: low; "
        "a factor of 2.2 from line to line), the decision map in its middle, the loss along "
        "the plane's two axes, and over the steps.",
        alt="Map of the loss in two random directions of the parameters, with the network in the "
        "middle; map of the plane coloured by class probability with the training points; the "
        "loss along each direction; the training loss over the steps.",
        at_hand=("lr",),
        **(CONTROLS | controls),
    )
