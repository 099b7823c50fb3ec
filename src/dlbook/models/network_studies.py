"""Small experiments over many starts: XOR by width, rings by depth, digits by activation."""

from collections.abc import Callable, Sequence

from torch import Tensor, nn

from dlbook.datasets.toy_classification import circles
from dlbook.losses import cross_entropy, squared_error
from dlbook.models.digit_network import NUM_TRAINED, four_digits
from dlbook.models.folding import CORNERS, XOR
from dlbook.models.mlp import linears, mlp
from dlbook.models.mlp_batch import outputs_of, train_side_by_side


def train_on_corners(hidden_size: int, *, seeds: Sequence[int], num_steps: int = 1000) -> Tensor:
    """Outputs (S, 4) at the four corners of XOR after training ReLU networks on them.

    Gradient descent with learning rate 0.1 on the mean squared error, from one start a seed.
    """
    models = [mlp([2, hidden_size, 1], seed=seed) for seed in seeds]
    targets = XOR.float()[:, None]
    trained = train_side_by_side(
        models, CORNERS, targets, squared_error, num_steps=num_steps, lr=0.1
    )
    return outputs_of(models[0], trained, CORNERS)[..., 0]


def is_solved(outputs: Tensor) -> Tensor:
    """Which networks answer 0, 1, 1, 0 to within 0.1; outputs (S, 4) -> bool (S,)."""
    return (outputs - XOR).abs().amax(1) < 0.1


def ring_accuracies(
    depth: int, activation: Callable[[], nn.Module], *, seeds: Sequence[int]
) -> Tensor:
    """Accuracy (S,) on new points of two rings, for networks with `depth` layers of 8 units.

    Trained on 200 points with 200 Adam steps.
    """
    (X, y), (X_new, y_new) = circles(200, 0.1, seed=0), circles(500, 0.1, seed=1)
    models = [mlp([2, *[8] * depth, 2], activation, seed=seed) for seed in seeds]
    trained = train_side_by_side(models, X, y, cross_entropy, num_steps=200, lr=0.03, adam=True)
    answers = outputs_of(models[0], trained, X_new).argmax(-1)
    return (answers == y_new).double().mean(1)


def digit_accuracies(
    activation: Callable[[], nn.Module], bias: float, *, seeds: Sequence[int]
) -> Tensor:
    """Accuracy (S,) on new images of four digits, when all 16 hidden biases start at `bias`.

    Trained on 540 images with 100 steps of gradient descent, learning rate 0.5.
    """
    X, y = four_digits()
    models = [mlp([64, 16, 4], activation, seed=seed) for seed in seeds]
    for model in models:
        nn.init.constant_(linears(model)[0].bias, bias)
    train, test = slice(0, NUM_TRAINED), slice(NUM_TRAINED, None)
    trained = train_side_by_side(models, X[train], y[train], cross_entropy, num_steps=100, lr=0.5)
    answers = outputs_of(models[0], trained, X[test]).argmax(-1)
    return (answers == y[test]).double().mean(1)
