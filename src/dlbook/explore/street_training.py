"""A soft-margin SVM that trains while one watches, with its controls."""

from collections.abc import Sequence

from dlbook.explore.controls import Control, LogSlider, Predict, Slider, Toggle
from dlbook.explore.training_explorer import PointsPanel, TrainingExplorer, Views
from dlbook.figures import street_training as st

CONTROLS = {
    "penalty": LogSlider(1e-3, 10.0, value=1e-2, per_decade=2, label="penalty λ"),
    "only": Toggle(label="only support vectors"),
    "shrink": Toggle(value=True, label="steps shrink like 1/√t"),
    "noise": Slider(0.3, 0.9, value=0.6, step=0.15, label="spread of the clouds"),
    "seed": Slider(0, 9, value=0),
}


def street_training(
    name: str = "street-training",
    *,
    predict: Predict | None = None,
    points: Sequence[tuple[float, float, int]] = (),
    **controls: Control,
) -> TrainingExplorer:
    """Subgradient steps on the SVM's objective for 60 points and the reader's own.

    Args:
        name: unique on its page.
        predict: a question that holds the figure back.
        points: of one's own, (x1, x2, class) each, at most 20.
        **controls: instead of those in `CONTROLS`.
    """
    return TrainingExplorer(
        st.STREET_TRAINING,
        Views(st.figure, st.SLOTS, st.CURVES, st.STATUS, st.STATUS_WHERE),
        name=name,
        preview=1_000,
        panel=PointsPanel(("class 0", "class 1"), st.LIMIT),
        points=points,
        folded=("noise", "seed"),
        predict=predict,
        caption="Above: the street of the SVM as it trains, its support vectors ringed. Middle: "
        "the same points on the hinge loss, beside three other losses. Below: the objective and "
        "its two parts.",
        alt="A broad band between two clouds with ringed points in it; points on a falling line "
        "with a kink, and on its flat part; three curves over the steps.",
        **(CONTROLS | controls),
    )
