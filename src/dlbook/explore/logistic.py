"""Logistic regression that trains while one watches, with its controls."""

from collections.abc import Sequence

from dlbook.explore.controls import Choice, Control, LogSlider, Predict, Slider
from dlbook.explore.training_explorer import PointsPanel, TrainingExplorer, Views
from dlbook.figures import logistic as lr

CONTROLS = {
    "data_set": Choice(list(lr.DATA_SETS), value="apart", label="data"),
    "lr": LogSlider(0.1, 1000, value=10, per_decade=4, label="step size η"),
    "spread": Slider(0.5, 2.0, value=1.0, step=0.25, label="spread of the clouds", unit="×"),
    "seed": Slider(0, 9, value=0),
}


def logistic_descent(
    name: str = "logistic-descent",
    *,
    predict: Predict | None = None,
    points: Sequence[tuple[float, float, int]] = (),
    **controls: Control,
) -> TrainingExplorer:
    """Gradient descent on the logistic loss of 100 samples in the plane and the reader's own.

    Args:
        name: unique on its page.
        predict: a question that holds the figure back.
        points: of one's own, (x1, x2, class) each, at most 20.
        **controls: instead of those in `CONTROLS`.
    """
    return TrainingExplorer(
        lr.LOGISTIC,
        Views(lr.figure, lr.SLOTS, lr.CURVES, lr.STATUS, lr.STATUS_WHERE),
        name=name,
        preview=300,
        panel=PointsPanel(("class 0", "class 1"), lr.LIMIT),
        points=points,
        predict=predict,
        caption="Above, the probability of class 1 (orange), the line of probability one half, and "
        "the samples, the larger the more of all pull is theirs. Below, the loss and the length of "
        "w.",
        alt="Two clouds of points and a line between them; the colours change over ever more "
        "sharply as steps go by. Below, a falling and a rising curve on logarithmic axes.",
        **(CONTROLS | controls),
    )
