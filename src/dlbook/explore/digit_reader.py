"""The network that reads digits, with its controls and the paper to draw on."""

from dlbook.explore.controls import Choice, Control, Predict, Slider, Steps
from dlbook.explore.training_explorer import TrainingExplorer
from dlbook.explore.views import PointsPanel, Views
from dlbook.figures import digit_reader as reader
from dlbook.models.digit_pen import LIMIT

CONTROLS = {
    "image": Choice(reader.IMAGES, value=reader.BLANK, label="paper"),
    "target": Choice(
        {str(k): k for k in range(10)} | {"the network's answer": reader.ITS_ANSWER},
        value=reader.ITS_ANSWER,
        label="explain class",
    ),
    "baseline": Choice(reader.BASELINES, value=0, label="compared with"),
    "lr": Steps([0.01, 0.03, 0.1, 0.3, 1.0], value=0.3, label="learning rate η"),
    "seed": Slider(0, 9, value=0),
}


def digit_reader(
    name: str = "digit-reader", *, predict: Predict | None = None, **controls: Control
) -> TrainingExplorer:
    """A network that learns to read digits while one watches, and reads one's own.

    Args:
        name: unique on its page.
        predict: a question that holds the figure back.
        **controls: instead of those in `CONTROLS`.
    """
    return TrainingExplorer(
        reader.READER,
        Views(reader.figure, reader.SLOTS, reader.CURVES, reader.STATUS),
        name=name,
        preview=600,
        panel=PointsPanel(("pen", "eraser"), LIMIT, stroke=0.3),
        folded=("lr", "seed"),
        predict=predict,
        caption="Left: the paper. Right: what the network is given (gray dots: ink), and which "
        "pixels speak for (orange) or against (blue) the class. Below: its probabilities, and its "
        "test error while it trains.",
        alt="A paper to draw a digit on, a picture of 8×8 pixels coloured by their share in the "
        "score of a class, ten bars of probabilities, and the test error over the steps.",
        **(CONTROLS | controls),
    )
