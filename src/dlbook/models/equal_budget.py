"""Networks of different shape with the same number of parameters."""

from collections.abc import Callable

from torch import nn

from dlbook.models.mlp import mlp, num_parameters
from dlbook.random import uniform


def matched_widths(num_inputs: int, num_outputs: int, depth: int, budget: int) -> list[int]:
    """Widths of `depth` hidden layers with close to `budget` parameters: all w or w + 1.

    Args:
        num_inputs, num_outputs: of the network.
        depth: hidden layers, at least 1.
        budget: parameters that one wants.

    Raises:
        ValueError: not even one unit a layer fits in.

    >>> matched_widths(1, 1, 1, 500), matched_widths(1, 1, 3, 500)
    ([166], [15, 15, 14])
    """
    sizes = [num_inputs, *[1] * depth, num_outputs]
    if num_parameters(sizes) > budget:
        raise ValueError(f"{depth} layers of 1 unit have {num_parameters(sizes)} parameters, more "
                         f"than {budget}")  # fmt: skip
    width = 1
    while num_parameters([num_inputs, *[width + 1] * depth, num_outputs]) <= budget:
        width += 1
    choices = [[width + 1] * k + [width] * (depth - k) for k in range(depth + 1)]
    return min(
        choices,
        key=lambda widths: abs(num_parameters([num_inputs, *widths, num_outputs]) - budget),
    )


def matched_mlp(
    num_inputs: int, num_outputs: int, depth: int, budget: int, *, seed: int = 0
) -> nn.Sequential:
    """The ReLU network with `matched_widths`."""
    widths = matched_widths(num_inputs, num_outputs, depth, budget)
    return mlp([num_inputs, *widths, num_outputs], seed=seed)


def dense(seed: int = 0) -> nn.Sequential:
    """One hidden layer of 40 units for images (n, 1, 8, 8), 10 classes: 3,010 parameters."""
    return nn.Sequential(nn.Flatten(), *mlp([64, 40, 10], seed=seed))


def shallow_cnn(seed: int = 0) -> nn.Sequential:
    """One convolution of 18 filters for images (n, 1, 8, 8): 3,070 parameters."""
    layers = [*_block(1, 18), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(18 * 16, 10)]
    return _drawn(nn.Sequential(*layers), seed)


def deep_cnn(seed: int = 0) -> nn.Sequential:
    """Four convolutions in two stages for images (n, 1, 8, 8): 3,017 parameters."""
    layers = [
        *_block(1, 8), *_block(8, 8), nn.MaxPool2d(2),
        *_block(8, 11), *_block(11, 11), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(11 * 4, 10),
    ]  # fmt: skip
    return _drawn(nn.Sequential(*layers), seed)


ARCHITECTURES: dict[str, Callable[[int], nn.Sequential]] = {
    "1 hidden layer": dense,
    "1 convolution": shallow_cnn,
    "4 convolutions": deep_cnn,
}


def _block(num_inputs: int, num_outputs: int) -> list[nn.Module]:
    """A convolution that keeps the size of the image, and a ReLU."""
    return [nn.Conv2d(num_inputs, num_outputs, kernel_size=3, padding=1), nn.ReLU()]


def _drawn(model: nn.Sequential, seed: int) -> nn.Sequential:
    """The model with parameters from U(−1/√n, 1/√n), n the inputs of a unit: streams 0, 1, ..."""
    bound = 1.0
    for stream, parameter in enumerate(model.parameters()):
        if parameter.dim() > 1:  # a weight; its bias follows and has the same bound
            bound = parameter[0].numel() ** -0.5
        draws = uniform(tuple(parameter.shape), seed=seed, stream=stream)
        parameter.data.copy_(bound * (2 * draws - 1))
    return model
