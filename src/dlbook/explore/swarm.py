"""Walkers in a noisy bowl, with the step size in the reader's hand."""

from dlbook.explore.controls import Choice, Control, Predict, Slider, Steps
from dlbook.explore.training_explorer import TrainingExplorer, Views
from dlbook.figures import swarm as sw

RATES = (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 2.0, 2.1)
CONTROLS = {
    "lr": Steps(RATES, value=0.3, label="learning rate η"),
    "schedule": Choice(list(sw.SCHEDULES), value="constant"),
    "noise": Choice({"none": 0.0, "0.3": 0.3, "1": 1.0, "3": 3.0}, value=1.0, label="noise σ"),
    "start": Slider(-4.0, 4.0, value=4.0, step=1.0),
    "seed": Slider(0, 9, value=0),
}


def swarm(
    name: str = "swarm", *, predict: Predict | None = None, **controls: Control
) -> TrainingExplorer:
    """Sixty runs of stochastic descent at once; the learning rate goes into the runs under way.

    Args:
        name: unique on its page.
        predict: a question that holds the figure back.
        **controls: instead of those in `CONTROLS`.
    """
    return TrainingExplorer(
        sw.SWARM,
        Views(sw.figure, sw.SLOTS, sw.CURVES, sw.STATUS),
        name=name,
        preview=300,
        folded=("start", "seed"),
        speed="single",  # a reader can stop at the steps that the page names
        predict=predict,
        caption="Sixty runs of descent with noisy slopes on the loss w²/2; their mean height, the "
        "floor that belongs to the present learning rate, and the learning rate itself.",
        alt="Dots on a parabola, gathered around its lowest point in a cloud whose width depends "
        "on the learning rate; below, their mean height over the steps, and the rate.",
        **(CONTROLS | controls),
    )
