"""A network that learns to read digits, what it makes of a digit of one's own, and why.

Four torch functions of an `Experiment`: with a kernel torch runs them, in a page their programs.
"""

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.func import functional_call

from dlbook.compile.experiment import Experiment, TorchRun, trained_run
from dlbook.datasets.digits import split_digits
from dlbook.losses import cross_entropy
from dlbook.models.digit_pen import SIDE, fitted, on_paper, painted, pixels
from dlbook.models.mlp import layer_parameters, mlp
from dlbook.optimizers import default_hyper, sgd
from dlbook.plots import Figure
from dlbook.plots import digit_reader as plots
from dlbook.plots.digit_reasons import LARGEST
from dlbook.random import integers

SIZES = (64, 64, 32, 10)  # the digit network at 8×8 pixels: 6,570 parameters
BATCH_SIZE = 64
BATCHES = 1_000  # the batch of step k is drawn from stream BATCHES + k
PATH = 32  # points between the baseline and the image
MOST_POINTS = 160
BLANK, ITS_ANSWER = -1, -1
IMAGES = {  # words -> number of the test image
    "blank paper: draw!": BLANK,
    "an 8": 12,
    "a 3": 30,
    "a 4 that is read as 8": 38,
    "a 1 that is read as 8": 448,
    "a 9 that is read as 5": 354,
    "a 0": 1,
    "a 2": 0,
    "a 6": 8,
    "a 9": 3,
}
BASELINES = {"the average digit": 0, "blank paper": 1}


def data(points: dict) -> dict[str, Tensor]:
    """The digits, values 0 to 1, and what the reader's pen has left on the paper."""
    images, labels, num_train = _digits()
    X = images.to(torch.float32) / 16
    marks = painted(points["X"], points["label"], points["used"])
    in_the_frame = painted(fitted(points), points["label"], points["used"])
    y = labels.to(torch.int64)
    return {
        "X": X[:num_train],
        "y": y[:num_train],
        "X_test": X[num_train:],
        "y_test": y[num_train:],
        "marks": marks,
        "fitted": in_the_frame,
    }


def start(seed: int) -> dict:
    """The first weights of `mlp`; gradient descent remembers nothing."""
    params = {}
    for number in range(len(SIZES) - 1):
        W, b = layer_parameters(SIZES[number], SIZES[number + 1], seed, number)
        params |= {f"{2 * number}.weight": W, f"{2 * number}.bias": b}
    return {"params": params, "state": {}}


def step(params: dict, batch: dict, hyper: dict, seed: int, num_steps: int) -> dict:
    """A step of gradient descent on the mean cross-entropy of 64 images drawn anew."""
    chosen = integers(len(batch["X"]), BATCH_SIZE, seed=seed, stream=BATCHES + num_steps)
    leaves = {name: p.detach().requires_grad_() for name, p in params.items()}
    logits = functional_call(_network(), leaves, (batch["X"][chosen],))
    loss = cross_entropy(logits, batch["y"][chosen]).mean()
    slopes = torch.autograd.grad(loss, list(leaves.values()))
    grads = dict(zip(leaves, slopes, strict=True))
    params, state = sgd(params, grads, {}, default_hyper("sgd") | {"lr": hyper["lr"]})
    return {"params": params, "state": state, "loss": loss.detach()}


def view(params: dict, batch: dict, hyper: dict) -> dict[str, Tensor]:
    """The paper, what the network is given, its answer, and which pixels speak for a class."""
    base = (torch.arange(len(batch["X_test"])) == hyper["image"]).to(torch.float32)
    base = base @ batch["X_test"]  # zeros for blank paper
    paper = on_paper(base, batch["marks"])
    frame = torch.where(hyper["image"] < 0, on_paper(base, batch["fitted"]), paper)
    x = pixels(frame)
    p = torch.softmax(functional_call(_network(), params, (x,)), 0)
    answer = p.argmax()
    target = torch.where(hyper["target"] < 0, answer, hyper["target"].to(torch.int64))
    baseline = torch.where(hyper["baseline"] < 0.5, batch["X"].mean(dim=0), 0.0)
    votes = integrated_gradients(params, x, baseline, target)
    scores = centred_logits(params, torch.stack([baseline, x]), target)
    test = functional_call(_network(), params, (batch["X_test"],))
    return {
        "paper": paper.flip(0),
        "votes": votes.reshape(8, 8).flip(0) / votes.abs().amax().clamp(min=1e-6),
        "ink": LARGEST * x,
        "p": p,
        "answer": answer.to(torch.float32),
        "p_answer": p.amax(),
        "target": target.to(torch.float32),
        "score": scores[1],
        "score_of_baseline": scores[0],
        "sum_of_votes": votes.sum(),
        "test_error": (test.argmax(1) != batch["y_test"]).to(torch.float32).mean(),
    }


def centred_logits(params: dict, X: Tensor, target: Tensor) -> Tensor:
    """How far the logit of the class `target` lies above the mean of the ten, (n,)."""
    return functional_call(_network(), params, (X,)) @ _centred(target)


def integrated_gradients(params: dict, x: Tensor, baseline: Tensor, target: Tensor) -> Tensor:
    """(x − x̄) times the mean gradient of `centred_logits` on the way from x̄ to x, (64,).

    Gradients of a ReLU network by hand: back through the weights, where units are on.
    """
    at = (torch.arange(PATH) + 0.5) / PATH
    h1 = torch.relu(F.linear(baseline + at[:, None] * (x - baseline), *_layer(params, 0)))
    h2 = torch.relu(F.linear(h1, *_layer(params, 1)))
    back = (params["4.weight"].T @ _centred(target)) * (h2 > 0)  # (PATH, 32)
    back = (back @ params["2.weight"]) * (h1 > 0)
    return (x - baseline) * (back @ params["0.weight"]).mean(dim=0)


def _layer(params: dict, number: int) -> tuple[Tensor, Tensor]:
    return params[f"{2 * number}.weight"], params[f"{2 * number}.bias"]


def _centred(target: Tensor) -> Tensor:
    """The vector whose product with ten logits is one of them minus their mean, (10,)."""
    return (torch.arange(10) == target).to(torch.float32) - 0.1


@cache
def _network() -> nn.Sequential:
    """The module; its own parameters are never used."""
    return mlp(SIZES).requires_grad_(False)


@cache
def _digits() -> tuple[Tensor, Tensor, int]:
    """All images as bytes, the training images first, their labels and how many are to train on."""
    (X, y), (X_test, y_test) = split_digits()
    images = torch.cat([X[y.argsort(stable=True)], X_test]).to(torch.uint8)
    return images, torch.cat([y.sort().values, y_test]).to(torch.uint8), len(X)


def figure() -> Figure:
    """The empty figure."""
    return plots.reader_figure(SIDE)


READER = Experiment(
    data,
    start,
    step,
    view,
    ints=("seed",),
    numbers=("lr", "image", "target", "baseline"),
    own_points=MOST_POINTS,
)
SLOTS = {
    "paper/z": "paper",
    "votes/z": "votes",
    "ink/marker.size": "ink",
    "probability/y": "p",
}
CURVES = {"test error": "test_error"}
STATUS = (
    "Step {num_steps:,}: {test_error:.1%} of 450 test digits wrong. It says {answer:.0f} with "
    "probability {p_answer:.2f}. Score of class {target:.0f}: {score:.1f}; of the baseline "
    "{score_of_baseline:.1f}; the pixels make up {sum_of_votes:.1f}."
)
DEFAULTS = {"lr": 0.3, "image": BLANK, "target": ITS_ANSWER, "baseline": 0, "seed": 0}


def trained(num_steps: int, points=(), **settings) -> TorchRun:
    """The reader's run after `num_steps` steps, at `DEFAULTS` with changes.

    Raises `ValueError` for a setting that it does not have.
    """
    return trained_run(READER, DEFAULTS, num_steps, settings, points)
