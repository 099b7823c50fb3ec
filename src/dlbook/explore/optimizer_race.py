"""The race of the optimizers on a surface, with its controls."""

from dlbook.explore.controls import Choice, Control, Predict, Slider
from dlbook.explore.training_explorer import TrainingExplorer, Views
from dlbook.figures import optimizer_race as race
from dlbook.models.optimizer_race import SURFACES

RATES = {"each its best": 0.0} | {f"{rate:g}": rate for rate in
         (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)}  # fmt: skip
CONTROLS = {
    "surface": Choice(list(SURFACES), value="turned valley"),
    "lr": Choice(RATES, value=0.0, label="learning rate η"),
    "x1": Slider(-2.0, 2.0, value=-1.8, step=0.1, label="start x₁"),
    "x2": Slider(-2.0, 2.0, value=-0.6, step=0.1, label="start x₂"),
    "noise": Choice({"none": 0.0, "0.1": 0.1, "1": 1.0, "10": 10.0}, value=0.0,
                    label="noise in the slopes"),
}  # fmt: skip


def optimizer_race(
    name: str = "optimizer-race", *, predict: Predict | None = None, **controls: Control
) -> TrainingExplorer:
    """Seven optimizers on one surface, each step in the page.

    Args:
        name: unique on its page.
        predict: a question that holds the figure back.
        **controls: instead of those in `CONTROLS`.
    """
    return TrainingExplorer(
        race.OPTIMIZER_RACE,
        Views(race.figure, race.SLOTS, race.CURVES, race.STATUS),
        name=name,
        preview=300,
        folded=("x1", "x2", "noise"),
        speed="single",  # a reader can stop at the steps that the page names
        predict=predict,
        caption="Seven optimizers from one start, on a surface drawn in bands of height (three a "
        "power of ten, every second one shaded; the lowest has the colour of the page): their "
        "last 400 steps, their heights, and since which step each has stayed below 0.01.",
        alt="A relief map with seven coloured ways that begin at one place; below, their heights "
        "over the steps, and for each that has arrived a mark at its number of steps.",
        **(CONTROLS | controls),
    )
