"""Six optimizers on one network, with their controls."""

from dlbook.explore.controls import Choice, Control, Predict, Slider
from dlbook.explore.training_explorer import TrainingExplorer, Views
from dlbook.figures import network_race as race
from dlbook.figures.side_by_side import SLOTS

RATES = {"each its best": 0.0} | {f"{rate:g}": rate for rate in
         (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)}  # fmt: skip
CONTROLS = {
    "data_set": Choice(list(race.BEST_RATES), value="moons", label="points"),
    "lr": Choice(RATES, value=0.0, label="learning rate η"),
    "batch_size": Choice({"all points": 0, "10": 10, "1": 1}, value=0, label="batch"),
    "noise": Slider(0.0, 0.5, value=0.1, step=0.05, label="noise of the points"),
    "width": Slider(2, 16, value=8, label="units a layer"),
    "seed": Slider(0, 9, value=0, label="seed of the first weights"),
}


def network_race(
    name: str = "network-race", *, predict: Predict | None = None, **controls: Control
) -> TrainingExplorer:
    """Six optimizers train the same network on 100 points, side by side.

    Args:
        name: unique on its page.
        predict: a question that holds the figure back.
        **controls: instead of those in `CONTROLS`.
    """
    return TrainingExplorer(
        race.NETWORK_RACE,
        Views(race.figure, SLOTS, race.CURVES, race.STATUS),
        name=name,
        preview=300,
        folded=("noise", "width"),
        speed="single",  # a reader can stop at the steps that the page names
        predict=predict,
        caption="One network with two hidden layers, the same first weights and points, six "
        "optimizers: their answers after the same number of steps, and their training losses.",
        alt="Six maps of the plane coloured by class probability, each with the training points, "
        "the name of its optimizer and its share of test points right; below, six losses over the "
        "steps.",
        **(CONTROLS | controls),
    )
