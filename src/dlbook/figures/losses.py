"""Explorer figures of losses of classification."""

from functools import cache

import numpy as np
import torch

from dlbook import losses
from dlbook.datasets.toy_classification import two_gaussians
from dlbook.plots import Figure, with_status
from dlbook.plots.losses import LOSS_COLORS, class_bars, classes_on_a_line, curves_with_markers
from dlbook.plots.panels import axis, dots, line, one_panel, two_panels
from dlbook.plots.theme import GRAY, ORANGE, PURPLE, RED

MARGINS = np.linspace(-3, 3, 121)
SLOPE_OF_F = 2.0  # f(x) = 2 (x − threshold) in the staircase
THRESHOLDS = np.linspace(-3, 3, 121)
LOSS_OF_MARGIN = {
    "zero-one": losses.misclassification,
    "perceptron": losses.perceptron,
    "hinge": losses.hinge,
    "logistic": losses.logistic,
    "squared": lambda margin: losses.squared_error(margin, torch.ones_like(margin)),
}


def margin_losses(margin: float) -> Figure:
    """Five losses over the margin α = y f(x), and their slopes.

    Args:
        margin: α, −3 to 3, where the markers stand.
    """
    here = int(np.abs(MARGINS - margin).argmin())
    values, slopes = _margin_curves()
    figure = two_panels(
        curves_with_markers(MARGINS, values, here, panel=1)
        + curves_with_markers(MARGINS, slopes, here, panel=2),
        upper=(axis("margin α = y f(x)", -3, 3), axis("loss", -0.1, 4)),
        lower=(axis("margin α = y f(x)", -3, 3), axis("slope of the loss", -4, 4)),
        height=640,
        upper_share=0.55,
    )
    words = [
        f"{name} {values[name][here]:.2f} (slope {_signed(slopes[name][here])})"
        for name in LOSS_COLORS
    ]
    return with_status(figure, f"At margin {_signed(margin)}: {', '.join(words)}.")


def error_staircase(threshold: float, seed: int) -> Figure:
    """A threshold between two classes: the count of its errors, and the logistic loss.

    The classifier says class 1 where f(x) = 2 (x − threshold) is positive.

    Args:
        threshold: −3 to 3.
        seed: of the 40 points.
    """
    x, y = _two_classes(seed)
    error_rate, logistic = threshold_risks(seed)
    here = int(np.abs(THRESHOLDS - threshold).argmin())
    marks = slice(here, here + 1)
    figure = two_panels(
        [
            *classes_on_a_line(x, y),
            line([threshold, threshold], [-0.5, 1.5], "threshold", RED, width=3),
            line(THRESHOLDS, error_rate, "share of errors", GRAY, panel=2, line={"shape": "hv"}),
            line(THRESHOLDS, logistic, "mean logistic loss", PURPLE, panel=2),
            *(
                dots(THRESHOLDS[marks], curve[marks], "", color, size=11, panel=2, showlegend=False)
                for curve, color in ((error_rate, GRAY), (logistic, PURPLE))
            ),
        ],
        upper=(
            axis("x", -4.2, 4.2),
            axis("class", -0.5, 1.5, tickvals=[0, 1], ticktext=["0", "1"]),
        ),
        lower=(axis("threshold", -4.2, 4.2), axis("error rate, loss (nats)", 0, 2)),
        height=560,
        upper_share=0.35,
    )
    slope = (logistic[min(here + 1, 120)] - logistic[max(here - 1, 0)]) / 0.1
    return with_status(
        figure,
        f"{round(error_rate[here] * len(y))} of {len(y)} points are wrong. Slope of the error "
        f"rate: 0 (or a jump). Slope of the logistic loss: {_signed(slope)} per unit.",
    )


def softmax_cross_entropy(first: float, second: float, true_class: int) -> Figure:
    """Softmax of three logits (the third is 0), and the gradient of the cross-entropy.

    Args:
        first: logit of class 0.
        second: logit of class 1.
        true_class: 0, 1 or 2.
    """
    logits = torch.tensor([first, second, 0.0], dtype=torch.float64, requires_grad=True)
    loss = losses.cross_entropy(logits, torch.tensor(true_class))
    loss.backward()
    p = torch.softmax(logits.detach(), -1)
    truth = torch.nn.functional.one_hot(torch.tensor(true_class), 3).double()
    figure = two_panels(
        [
            class_bars(p.tolist(), "probability p", PURPLE),
            class_bars(truth.tolist(), "label y (one-hot)", GRAY),
            class_bars(logits.grad.tolist(), "gradient p − y", ORANGE, panel=2),
        ],
        upper=({"title": {"text": "class"}}, axis("probability", 0, 1.02)),
        lower=({"title": {"text": "class"}}, axis("∂loss/∂logit", -1.02, 1.02)),
        height=560,
    )
    shown = ", ".join(f"{q:.3f}" for q in p.tolist())
    return with_status(
        figure,
        f"p = ({shown}); loss −log p = {loss.item():.3f} nats for true class {true_class}.",
    )


def surprise() -> Figure:
    """−log q and 1 − q: what a probability q for the true class costs."""
    q = np.geomspace(1e-4, 1, 201)
    wrong = np.array([1e-2, 1e-4])
    figure = one_panel(
        [
            line(q, -np.log(q), "−log q", PURPLE),
            line(q, 1 - q, "1 − q", GRAY),
            dots(wrong, -np.log(wrong), "q = 0.01 and q = 0.0001", RED, size=9),
        ],
        axis("probability q of the true class", -0.02, 1),
        axis("loss (−log q in nats)", 0, 9.5),
    )
    return with_status(
        figure,
        "Every factor of ten in q adds 2.303 nats to −log q; 1 − q never exceeds 1.",
    )


@cache
def _margin_curves() -> tuple[dict, dict]:
    """Each loss over `MARGINS` and its derivative there."""
    values, slopes = {}, {}
    for name, loss_of in LOSS_OF_MARGIN.items():
        margin = torch.tensor(MARGINS, requires_grad=True)
        loss = loss_of(margin)
        values[name] = loss.detach().numpy()
        if loss.requires_grad:
            loss.sum().backward()
        slopes[name] = np.zeros_like(MARGINS) if margin.grad is None else margin.grad.numpy()
    return values, slopes


@cache
def _two_classes(seed: int):
    x, y = two_gaussians(40, seed=seed, distance=2.5, num_features=1)
    return x.reshape(-1).numpy(), y.numpy()


@cache
def threshold_risks(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Error rate and mean logistic loss of the 40 points at each of `THRESHOLDS`."""
    x, y = map(torch.tensor, _two_classes(seed))
    sign = 2 * y.double() - 1
    margin = (
        sign * SLOPE_OF_F * (x.double() - torch.tensor(THRESHOLDS).unsqueeze(1))
    )  # (thresholds, points)
    error_rate = losses.misclassification(margin).mean(1)
    return error_rate.numpy(), losses.logistic(margin).mean(1).numpy()


def _signed(number: float) -> str:
    return f"{number:.2f}".replace("-0.00", "0.00").replace("-", "−")
