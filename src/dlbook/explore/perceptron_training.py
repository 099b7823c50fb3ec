"""A perceptron that learns one mistake at a time while one watches, with its controls."""

from collections.abc import Sequence

from dlbook.explore.controls import Choice, Control, Predict, Slider, Steps
from dlbook.explore.training_explorer import PointsPanel, TrainingExplorer, Views
from dlbook.figures import perceptron_training as pt
from dlbook.models.perceptron import ORDERS

CONTROLS = {
    "margin": Steps([0.02, 0.05, 0.1, 0.2, 0.3], value=0.02, label="margin γ/2 at least"),
    "order": Choice(list(ORDERS), value="in turn", label="which mistake"),
    "seed": Slider(0, 9, value=0),
}


def perceptron_training(
    name: str = "perceptron-training",
    *,
    predict: Predict | None = None,
    points: Sequence[tuple[float, float, int]] = (),
    **controls: Control,
) -> TrainingExplorer:
    """The perceptron algorithm on 40 points that a line through the origin parts, and one's own.

    Args:
        name: unique on its page.
        predict: a question that holds the figure back.
        points: of one's own, (x1, x2, class) each, at most 20.
        **controls: instead of those in `CONTROLS`.
    """
    return TrainingExplorer(
        pt.PERCEPTRON_TRAINING,
        Views(pt.figure, pt.SLOTS, pt.CURVES, pt.STATUS, pt.STATUS_WHERE),
        name=name,
        preview=8,
        panel=PointsPanel(("−1 (blue)", "+1 (orange)"), pt.LIMIT),
        points=points,
        speed="slow",
        predict=predict,
        caption="Above: points of two classes, the weights before (grey) and after (green) an "
        "update at half their length, the mistake that was added (red), and what is wrong now "
        "(rings). Below: w·w* and the length of w between the two lines of the proof.",
        alt="An arrow turned by one point after another with its line at right angles; below, two "
        "curves climb between two straight lines that meet.",
        **(CONTROLS | controls),
    )
